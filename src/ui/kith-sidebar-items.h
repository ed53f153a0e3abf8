/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_SIDEBAR_ITEMS (kith_sidebar_items_get_type ())
G_DECLARE_FINAL_TYPE (KithSidebarItems, kith_sidebar_items, KITH, SIDEBAR_ITEMS, GObject)

/* What the sidebar lists: the requests, then the conversations in the order and of the choice that the
 * user wants. */

/* @node: (transfer none) */
KithSidebarItems *kith_sidebar_items_new          (KithNode         *node);
/* (transfer none) (element-type GObject): KithRequest and KithConversation */
GListModel       *kith_sidebar_items_get_model    (KithSidebarItems *self);
gboolean          kith_sidebar_items_has_archived (KithSidebarItems *self);
/* "activity" or "name"; what is pinned comes first in both */
void              kith_sidebar_items_set_sort     (KithSidebarItems *self,
                                                   const char       *sort);
/* By its name: model/kith-conversation-filter.h */
void              kith_sidebar_items_set_filter   (KithSidebarItems *self,
                                                   const char       *filter);
/* Only who has it in their name; "" = no search. A search goes through everybody. */
void              kith_sidebar_items_set_search   (KithSidebarItems *self,
                                                   const char       *text);
/* Returns: (transfer none) (nullable): the one @step after @item; the first one where that is not listed */
GObject          *kith_sidebar_items_get_neighbour (KithSidebarItems *self,
                                                    GObject          *item,
                                                    int               step);
/* What is open stays in the list. */
void              kith_sidebar_items_set_open     (KithSidebarItems *self,
                                                   GObject          *item);

G_END_DECLS
