/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* With what a window may come to the front after a click on a notification. Over org.freedesktop.Notifications it comes
 * before the click, and GLib does not take it before 2.78: on Wayland the desktop would only say that the window is
 * ready. Main thread. */

void kith_activation_token_listen (GDBusConnection *bus);
void kith_activation_token_use    (GtkWindow       *window);

G_END_DECLS
