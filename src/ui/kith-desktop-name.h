/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Each profile but the usual one is an application of its own on the bus, with an ID that no desktop file has, and so
 * is each process that keeps nothing. To the desktop it is Kith all the same: that has a name, an icon, and
 * notifications. Main thread. */

char *kith_desktop_name_dup_for_nobody        (void);
void  kith_desktop_name_use_for_notifications (void);
void  kith_desktop_name_use_for_window        (GtkWidget  *window);

G_END_DECLS
