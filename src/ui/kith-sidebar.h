/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_SIDEBAR_N_MENUS 3

#define KITH_TYPE_SIDEBAR (kith_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (KithSidebar, kith_sidebar, KITH, SIDEBAR, AdwBin)

/* The user, the requests that wait for an answer, and the conversations. Properties: "folded" (the
 * conversation is not beside it: nothing stays selected), "sort" and "filter" (what is listed, as in
 * node/kith-settings.h, and "archived" and "removed").
 *
 * Signals:
 *  opened (GObject)            the user chose a KithConversation or a KithRequest
 *  hit-opened (KithSearchHit)  the user chose a message that a search has found */

void     kith_sidebar_set_node     (KithSidebar *self,
                                    KithNode    *node);
void     kith_sidebar_set_in_memory (KithSidebar *self,
                                     gboolean     in_memory);
void     kith_sidebar_select       (KithSidebar *self,
                                    GObject     *item);
GObject *kith_sidebar_get_selected (KithSidebar *self);
GObject *kith_sidebar_get_neighbour(KithSidebar *self,
                                    int          step);
void     kith_sidebar_search       (KithSidebar *self);
void     kith_sidebar_focus_list   (KithSidebar *self);
guint kith_sidebar_get_regions (KithSidebar *self,
                                GtkWidget  **regions);
guint kith_sidebar_get_menus (KithSidebar *self,
                              GMenuModel **menus);

G_END_DECLS
