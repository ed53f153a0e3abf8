/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *kith_conversation_menu_attach (GtkWidget *list,
                                          GtkWidget *parent);

G_END_DECLS
