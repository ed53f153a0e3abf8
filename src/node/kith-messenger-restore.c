/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations that were stored: what is known of them at the start, and how they are emptied. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-messenger-private.h"

#include "node/kith-node-private.h"

/**
 * kith_messenger_restore: (skip)
 * @peer: a peer
 * @row: what is known of its conversation
 *
 * Brings back what was stored, but for the messages themselves. Main thread.
 */
void
kith_messenger_restore (KithPeer *peer, const KithStoreConversation *row)
{
  if (row->last != NULL)
    kith_messenger_await_reading (peer, row->last);
  kith_chat_restore (peer->chat, row);
  if (peer->row->relation == KITH_RELATION_REMOVED && row->last != NULL)
    kith_node_list_peer (peer->node, peer);
}

/**
 * kith_messenger_restore_waiting: (skip)
 * @peer: a peer
 * @row: a message of ours that still has to arrive; the oldest first
 *
 * Puts it into the outbox again. Main thread.
 */
void
kith_messenger_restore_waiting (KithPeer *peer, const KithStoreMessage *row)
{
  KithStoreMessage *copy = kith_store_message_copy (row);

  peer->node->hlc.last = MAX (peer->node->hlc.last, row->hlc);
  copy->maybe_sent = TRUE;
  if (copy->hidden)
    copy->deletion = KITH_STORE_KEPT; /* it goes out as it is */
  kith_message_queue_push_tail (&peer->queued, copy);
  kith_messenger_set_state (peer, copy, KITH_MESSAGE_QUEUED);
}

/**
 * kith_messenger_await_reading: (skip)
 * @peer: a peer
 * @row: a message that was loaded
 *
 * If it is ours and has arrived, its receipt will be shown when it is read. Main thread.
 */
void
kith_messenger_await_reading (KithPeer *peer, const KithStoreMessage *row)
{
  if (row->outgoing && row->kind == KITH_STORE_KIND_TEXT && row->delivered_ms != 0 && row->read_ms == 0 && row->seq != 0)
    kith_awaited_queue_push (&peer->unread, row);
}

/* What was said of messages before is none of them. */
static void
keep_acts (KithMessageQueue *queue)
{
  for (guint n = queue->rows.length; n > 0; n--)
    {
      KithStoreMessage *row = kith_message_queue_pop_head (queue);

      if (kith_messenger_is_act (row))
        kith_message_queue_push_tail (queue, row);
      else
        kith_store_message_free (row);
    }
}

/**
 * kith_messenger_forget_messages: (skip)
 * @peer: a peer whose messages were deleted
 *
 * Main thread.
 */
void
kith_messenger_forget_messages (KithPeer *peer)
{
  keep_acts (&peer->queued);
  keep_acts (&peer->sent);
  kith_awaited_queue_clear (&peer->unread);
  kith_gaps_clear (peer->gaps);
  peer->chat->unread_number = 0;
  kith_conversation_clear (peer->conversation);
}
