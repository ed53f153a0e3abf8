/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* GTK gives the actions of an application to its own windows only, and a dialog is none of them. */

void       kith_dialog_actions_share (GtkApplication *application);
GtkWindow *kith_dialog_actions_front (GtkApplication *application);

G_END_DECLS
