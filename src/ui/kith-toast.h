/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What is said for a moment at the lower edge: in a dialog's own overlay, or in the main window by whatever
 * stands in it. Screen readers say it as well. */

AdwToast *kith_toast_new                 (const char      *words);
void      kith_toast_add                 (AdwToastOverlay *overlay,
                                          AdwToast        *toast);
void      kith_toast_show                (AdwToastOverlay *overlay,
                                          const char      *words);
void      kith_toast_show_error          (AdwToastOverlay *overlay,
                                          const GError    *error);
void      kith_toast_show_in_preferences (GtkWidget       *widget,
                                          const char      *words);
void      kith_toast_say                 (GtkWidget       *widget,
                                          const char      *words);
void      kith_toast_say_error           (GtkWidget       *widget,
                                          const GError    *error);

G_END_DECLS
