/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The user guide: its pages, and a list of them beside or before them. */

#define KITH_TYPE_HELP_DIALOG (kith_help_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KithHelpDialog, kith_help_dialog, KITH, HELP_DIALOG, AdwWindow)

void kith_help_dialog_show (GtkWindow  *parent,
                            const char *page_id);

G_END_DECLS
