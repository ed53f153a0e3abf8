/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_SCAN_ROW (kith_scan_row_get_type ())
G_DECLARE_FINAL_TYPE (KithScanRow, kith_scan_row, KITH, SCAN_ROW, AdwActionRow)

/* "Scan a Picture…": reads a QR code from a picture that the user chooses, drops or pastes.
 *
 * Signals:
 *  found (GStrv texts)   what the codes say, at least one
 *  failed (char *words)  why there is nothing */

void     kith_scan_row_accept_drops (KithScanRow  *self,
                                     GtkWidget    *widget);
gboolean kith_scan_row_paste        (KithScanRow  *self,
                                     GdkClipboard *clipboard);

G_END_DECLS
