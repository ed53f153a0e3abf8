/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KITH_TYPE_QR_CODE (kith_qr_code_get_type ())
G_DECLARE_FINAL_TYPE (KithQrCode, kith_qr_code, KITH, QR_CODE, GObject)

/* A QR code to be drawn at any size: dark on white in every theme, as scanners want it, with the
 * quiet zone around it. A module is a whole number of pixels, so that its edges are sharp. */

KithQrCode *kith_qr_code_new      (const char *text);
int         kith_qr_code_get_width (KithQrCode *self);

G_END_DECLS
