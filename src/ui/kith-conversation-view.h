/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"
#include "ui/kith-message-view.h"

G_BEGIN_DECLS

#define KITH_TYPE_CONVERSATION_VIEW (kith_conversation_view_get_type ())
G_DECLARE_FINAL_TYPE (KithConversationView, kith_conversation_view, KITH, CONVERSATION_VIEW, AdwBin)

/* How many parts F6 goes to at most. */
#define KITH_CONVERSATION_VIEW_N_REGIONS 6

/* A conversation: who it is with, what stands in the way if anything does, the messages and the
 * composer. Property: "folded" (the sidebar is not beside it: show a way back). */

void              kith_conversation_view_set_conversation (KithConversationView *self,
                                                           KithNode             *node,
                                                           KithConversation     *conversation);
KithConversation *kith_conversation_view_get_conversation (KithConversationView *self);
void              kith_conversation_view_give_back        (KithConversationView *self,
                                                           KithConversation     *conversation,
                                                           const char           *words);
void              kith_conversation_view_focus_composer   (KithConversationView *self);
void kith_conversation_view_jump_to_message (KithConversationView *self,
                                             KithMessage          *message,
                                             KithArrival           arrival);
guint kith_conversation_view_get_regions (KithConversationView *self,
                                          GtkWidget           **regions);
void kith_conversation_view_search (KithConversationView *self);
GMenuModel *kith_conversation_view_get_menu (KithConversationView *self);
gboolean kith_conversation_view_is_enabled (KithConversationView *self,
                                            const char           *action);

G_END_DECLS
