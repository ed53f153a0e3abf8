/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One click takes a row, and the pointer marks none by resting on it: where Enter takes what is marked, that must not
 * be what lies under the pointer by chance, as with #GtkListView:single-click-activate. */
void kith_list_item_take_clicks (GtkListItem *list_item,
                                 GtkWidget   *row);

G_END_DECLS
