/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A list box makes a new row when an item moves, and the keyboard loses its place with the old one. This
 * keeps it: with the item while it is in the list, else with the one that takes its place. */

void kith_list_focus_bind_model (GtkListBox                *list_box,
                                 GListModel                *model,
                                 GtkListBoxCreateWidgetFunc create,
                                 gpointer                   user_data);
void kith_list_focus_hold       (GtkWidget                 *widget);

/* Where there is no model, by the names of what rows are about. */

void  kith_list_focus_set_name (GtkWidget  *row,
                                const char *name);
char *kith_list_focus_empty    (GtkListBox *list_box);
void  kith_list_focus_return   (GtkListBox *list_box,
                                const char *name);

G_END_DECLS
