/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KITH_TYPE_SIDEBAR_LIST (kith_sidebar_list_get_type ())
G_DECLARE_FINAL_TYPE (KithSidebarList, kith_sidebar_list, KITH, SIDEBAR_LIST, AdwBin)

/* The list of the sidebar, which makes rows for what is near the view only: requests, conversations and
 * messages that were found, each part with a heading. What is open stands out, and nothing else can be made
 * to; the keyboard has its place apart from that, and keeps it with its item when the list changes.
 *
 * Signals:
 *  activated (GObject)  the user chose an item
 *  left-top ()          Up on the first one
 *  end-reached ()       the end is in view */

void     kith_sidebar_list_set_model      (KithSidebarList *self,
                                           GListModel      *model);
void     kith_sidebar_list_set_open       (KithSidebarList *self,
                                           GObject         *item,
                                           gboolean         is_beside);
/* To the first row; the focus stays where it is. */
void     kith_sidebar_list_scroll_to_top  (KithSidebarList *self);
gboolean kith_sidebar_list_focus_first    (KithSidebarList *self);
void     kith_sidebar_list_focus_place    (KithSidebarList *self);

G_END_DECLS
