/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What keys mean, whichever layout is in use, whether or not Caps Lock is on, and wherever lines begin. */

gboolean kith_keys_is_copy   (GtkEventControllerKey *controller);
gboolean kith_keys_is_paste  (GtkEventControllerKey *controller);

void     kith_keys_complete_accels (GtkWindow       *window);

void     kith_keys_bind_close (GtkWidgetClass       *widget_class);
void     kith_keys_bind_back (GtkWidgetClass        *widget_class,
                              GtkShortcutFunc        callback);
gboolean kith_keys_is_back   (GtkWidget             *widget,
                              GVariant              *arguments);

G_END_DECLS
