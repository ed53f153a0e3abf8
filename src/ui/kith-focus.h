/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Where the keyboard is. On the main thread, as all of GTK. */

GtkWidget *kith_focus_get   (GtkWidget *widget);
gboolean   kith_focus_is_in (GtkWidget *widget);

G_END_DECLS
