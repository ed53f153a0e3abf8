/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations that were stored: what is known of them at the start, and how they are emptied. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-messenger-private.h"

#include <string.h>

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

/* --- Emptying ------------------------------------------------------------------------------- */

/* (transfer full): what is sent in the place of a message that was taken back, see kith_messenger_transmit() */
static KithStoreMessage *
make_deletion (const KithStoreMessage *row)
{
  KithStoreMessage *deletion = g_new0 (KithStoreMessage, 1);

  memcpy (deletion->identity, row->identity, sizeof deletion->identity);
  memcpy (deletion->id, row->id, sizeof deletion->id);
  memcpy (deletion->reply_to, row->id, sizeof deletion->reply_to);
  deletion->has_reply_to = TRUE;
  deletion->outgoing = TRUE;
  deletion->kind = KITH_STORE_KIND_DELETE;
  deletion->seq = row->seq;
  deletion->hlc = row->hlc;
  deletion->time_ms = row->time_ms;
  deletion->text = g_strdup ("");
  deletion->maybe_sent = row->maybe_sent;
  return deletion;
}

/* @is_waiting: whether nothing of it is under way: what is, is theirs */
static void
withdraw (KithMessageQueue *queue, gboolean is_waiting, KithStoreBatch *batch)
{
  for (GList *link = queue->rows.head; link != NULL; link = link->next)
    {
      KithStoreMessage *row = link->data;

      if (kith_messenger_is_act (row))
        continue;

      row->withdrawn = is_waiting && row->deletion == KITH_STORE_KEPT;
      if (row->withdrawn)
        row->deletion = KITH_STORE_GONE;
      if (row->deletion != KITH_STORE_KEPT)
        {
          KithStoreMessage *deletion = make_deletion (row);

          kith_store_batch_add_act (batch, deletion);
          kith_store_message_free (deletion);
        }
    }
}

/**
 * kith_messenger_withdraw: (skip)
 * @peer: a peer whose messages are being deleted here
 * @batch: does that
 *
 * What waits never leaves, nor what was taken back. Deletions take their numbers: with a gap in them the other would be
 * told that something is missing; and an earlier session may have brought one whose receipt was lost. Main thread.
 */
void
kith_messenger_withdraw (KithPeer *peer, KithStoreBatch *batch)
{
  withdraw (&peer->sent, FALSE, batch);
  withdraw (&peer->queued, TRUE, batch);
}

static void
put_back (KithMessageQueue *queue)
{
  for (GList *link = queue->rows.head; link != NULL; link = link->next)
    {
      KithStoreMessage *row = link->data;

      if (row->withdrawn)
        row->deletion = KITH_STORE_KEPT;
      row->withdrawn = FALSE;
    }
}

/**
 * kith_messenger_put_back: (skip)
 * @peer: a peer whose messages could not be deleted after kith_messenger_withdraw()
 *
 * Main thread.
 */
void
kith_messenger_put_back (KithPeer *peer)
{
  put_back (&peer->sent);
  put_back (&peer->queued);
}

/* What was said of messages before is none of them, nor are deletions. */
static void
keep_acts (KithMessageQueue *queue)
{
  for (guint n = queue->rows.length; n > 0; n--)
    {
      KithStoreMessage *row = kith_message_queue_pop_head (queue);

      if (kith_messenger_is_act (row))
        {
          kith_message_queue_push_tail (queue, row);
          continue;
        }

      if (row->deletion != KITH_STORE_KEPT)
        kith_message_queue_push_tail (queue, make_deletion (row));
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
