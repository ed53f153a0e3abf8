/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KITH_TYPE_SIDEBAR_ROW (kith_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (KithSidebarRow, kith_sidebar_row, KITH, SIDEBAR_ROW, GtkBox)

/* One row of the sidebar, for one item after the other: a conversation, a request or a message that was
 * found, and above it the heading of a part when it is the first one there. */

/* (transfer floating): one that shows nothing yet */
GtkWidget *kith_sidebar_row_new         (void);
void       kith_sidebar_row_set_item    (KithSidebarRow *self,
                                         GObject        *item);
GObject   *kith_sidebar_row_get_item    (KithSidebarRow *self);
void       kith_sidebar_row_set_open    (KithSidebarRow *self,
                                         gboolean        is_open);
void       kith_sidebar_row_set_heading (KithSidebarRow *self,
                                         const char     *words,
                                         guint           count);

G_END_DECLS
