/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_MESSAGE_VIEW (kith_message_view_get_type ())
G_DECLARE_FINAL_TYPE (KithMessageView, kith_message_view, KITH, MESSAGE_VIEW, AdwBin)

/* The messages of a conversation. Stays at the end while the user is there, and nowhere else moves
 * what they are reading. Tells the node that messages were read when they really could be. */

/* What tells those who do not see it where they have come to. */
typedef enum
{
  KITH_ARRIVAL_SILENT,   /* nothing: they are where they expect to be */
  KITH_ARRIVAL_FOCUS,    /* the message gets the focus */
  KITH_ARRIVAL_ANNOUNCE, /* the focus stays where one can write; a screen reader says what the message says */
} KithArrival;

void kith_message_view_set_conversation (KithMessageView  *self,
                                         KithNode         *node,
                                         KithConversation *conversation);
void kith_message_view_set_can_write    (KithMessageView  *self,
                                         gboolean          can_write);
KithGroup *kith_message_view_get_group  (KithMessageView  *self);
void kith_message_view_scroll_to_end    (KithMessageView  *self);
gboolean kith_message_view_focus_last   (KithMessageView  *self);
void kith_message_view_jump_to_message  (KithMessageView  *self,
                                         KithMessage      *message,
                                         KithArrival       arrival);
void kith_message_view_jump_to_time     (KithMessageView  *self,
                                         gint64            time_ms);

G_END_DECLS
