/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages between two people: the outbox, what arrives, and receipts. Protocol 8.
 *
 * A message of ours:  queued --(an open session takes it)--> sent --(ACK delivered)--> delivered
 *                       ^                                     |     --(ACK read)-----> read
 *                       +---------(the session ends)----------+
 *
 * It is committed before anybody sees it, and leaves the outbox with the ACK and not before. A
 * session is always fed from the first message that is not acknowledged; what the peer has already
 * is recognised there by its id and acknowledged again. So the peer has our numbers without a gap,
 * and on opening each side says with two numbers how far it has got: receipts that were lost with
 * an older session are made good by that.
 */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-messenger-private.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-expiry.h"
#include "node/kith-failure.h"
#include "node/kith-node-presence-private.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers.h"

#define ID_TIME_BYTES 6

static KithMessage *
lookup (KithPeer *peer, const guint8 *id)
{
  return kith_message_list_lookup (kith_conversation_get_messages (peer->conversation), id);
}

/* --- Rows and models ------------------------------------------------------------------------ */

/* Adds a committed row to its conversation. Returns: (transfer full) (nullable) */
KithMessage *
kith_messenger_show (KithPeer *peer, const KithStoreMessage *row, gboolean unread)
{
  g_autoptr (KithMessage) message = kith_chat_make_message (peer->chat, row);

  if (!kith_conversation_add (peer->conversation, message, unread))
    return NULL;

  if (row->kind != KITH_STORE_KIND_TEXT)
    return g_steal_pointer (&message); /* a line is no news of its own */

  kith_node_raise_conversation (peer->node, peer->conversation);
  kith_node_emit_message_added (peer->node, peer->conversation, message);
  return g_steal_pointer (&message);
}

/* A message that no view has loaded: whoever keeps count of receipts still hears of it. */
static void
report_unloaded (KithPeer *peer, const KithStoreMessage *row)
{
  g_autoptr (KithMessage) message = kith_chat_make_message (peer->chat, row);

  kith_node_emit_message_changed (peer->node, peer->conversation, message);
}

void
kith_messenger_set_state (KithPeer *peer, KithStoreMessage *row, KithMessageState state)
{
  KithMessage *message = lookup (peer, row->id);
  gint64 time_ms = kith_node_now_ms (peer->node);

  if (kith_messenger_is_act (row))
    return;

  row->state = state;
  if (state == KITH_MESSAGE_SENT)
    row->sent_ms = time_ms;
  else if (state == KITH_MESSAGE_DELIVERED)
    row->delivered_ms = time_ms;
  else if (state == KITH_MESSAGE_READ)
    row->read_ms = time_ms;

  if (message != NULL && kith_message_get_state (message) != state)
    {
      kith_message_set_state (message, state, time_ms);
      kith_node_emit_message_changed (peer->node, peer->conversation, message);
    }
  else if (message == NULL && state != KITH_MESSAGE_QUEUED && row->kind == KITH_STORE_KIND_TEXT
           && row->deletion != KITH_STORE_GONE && !row->hidden)
    report_unloaded (peer, row);
}

/* --- Sending -------------------------------------------------------------------------------- */

gboolean
kith_messenger_is_act (const KithStoreMessage *row)
{
  return row->kind == KITH_STORE_KIND_EDIT || row->kind == KITH_STORE_KIND_DELETE
         || row->kind == KITH_STORE_KIND_REACTION || row->kind == KITH_STORE_KIND_GROUP_INVITE;
}

static KithContent
content_of (const KithStoreMessage *row)
{
  switch (row->kind)
    {
    case KITH_STORE_KIND_TEXT:
      return row->file != NULL ? KITH_CONTENT_FILE : KITH_CONTENT_TEXT;
    case KITH_STORE_KIND_TIMER:
      return KITH_CONTENT_TIMER;
    case KITH_STORE_KIND_EDIT:
      return KITH_CONTENT_EDIT;
    case KITH_STORE_KIND_DELETE:
      return KITH_CONTENT_DELETE;
    case KITH_STORE_KIND_REACTION:
      return KITH_CONTENT_REACTION;
    case KITH_STORE_KIND_GROUP_INVITE:
      return KITH_CONTENT_GROUP_INVITE;
    case KITH_STORE_KIND_EVENT:
    case KITH_STORE_KIND_MISSING:
    default:
      return KITH_CONTENT_UNKNOWN;
    }
}

/* A message that was taken back before it arrived goes as its own deletion: so its number is used, it
 * is gone also if an older session had brought it after all, and its text does not leave. */
gboolean
kith_messenger_transmit (KithPeer *peer, const KithStoreMessage *row)
{
  g_autoptr (KithBodyFile) file = row->file != NULL ? kith_transfer_to_body (row->file) : NULL;
  KithBodyMsg body = { .seq = row->seq,
                       .hlc = row->hlc,
                       .ttl_s = row->ttl_s,
                       .content = content_of (row),
                       .has_target = row->has_reply_to,
                       .text = row->text,
                       .file = file,
                       .broadcast = row->broadcast };

  memcpy (body.id.bytes, row->id, sizeof body.id.bytes);
  memcpy (body.target.bytes, row->reply_to, sizeof body.target.bytes);
  if (row->deletion != KITH_STORE_KEPT)
    {
      body.content = KITH_CONTENT_DELETE;
      body.has_target = TRUE;
      body.target = body.id;
    }

  return kith_session_send_bytes (peer->session, KITH_RECORD_MSG, kith_body_msg_pack (&body));
}

/**
 * kith_messenger_pump: (skip)
 * @peer: a peer
 *
 * Gives the session, if chat can flow, as much of the outbox as it has room for. Main thread.
 */
void
kith_messenger_pump (KithPeer *peer)
{
  while (kith_peer_is_online (peer) && kith_session_is_writable (peer->session)
         && peer->queued.rows.length > 0)
    {
      KithStoreMessage *row = kith_message_queue_peek_head (&peer->queued);

      if (!kith_messenger_fits (row))
        {
          kith_messenger_fail_next (peer, KITH_FAILURE_TOO_BIG);
          continue;
        }
      if (!kith_messenger_transmit (peer, row))
        return;

      row->maybe_sent = TRUE;
      kith_presence_message_sent (peer);
      kith_message_queue_push_tail (&peer->sent, kith_message_queue_pop_head (&peer->queued));
      kith_messenger_set_state (peer, row, KITH_MESSAGE_SENT);
    }
}

typedef struct
{
  KithPeer         *peer; /* (owned) */
  KithStoreMessage *row;  /* (owned) (nullable) when the outbox has it */
} Sending;

static void
sending_free (Sending *sending)
{
  kith_peer_unref (sending->peer);
  kith_store_message_free (sending->row);
  g_free (sending);
}

/* Numbers are without a gap: that of a message which could not be stored is given out again, as soon
 * as none behind it is under way. */
void
kith_messenger_settle_number (KithPeer *peer, guint64 seq, gboolean committed)
{
  peer->n_sending--;
  if (!committed && peer->failed_seq == 0)
    peer->failed_seq = seq;
  else if (committed)
    peer->failed_seq = 0;

  if (peer->n_sending > 0 || peer->failed_seq == 0)
    return;

  peer->row->next_seq = peer->failed_seq;
  peer->failed_seq = 0;
}

/* What was to be deleted and is not goes to them once more, should the session end before the receipt. Of two
 * deletions only the one that has marked it takes that back. */
static void
settle_waiting (KithPeer *peer, const KithStoreMessage *row, gboolean committed)
{
  KithStoreMessage *waiting = kith_messenger_find_waiting (peer, row->reply_to);

  if (waiting == NULL)
    return;
  if (committed)
    waiting->deletion = KITH_STORE_DELETED; /* an earlier one may have been undone */
  else if (row->deletes_waiting)
    waiting->deletion = KITH_STORE_KEPT;
}

KithMessage *
kith_messenger_settle (KithPeer *peer, KithStoreMessage *row, gboolean committed)
{
  KithMessage *message = NULL;

  kith_messenger_settle_number (peer, row->seq, committed);
  if (row->kind == KITH_STORE_KIND_DELETE)
    settle_waiting (peer, row, committed);
  if (!committed || peer->removed)
    {
      kith_store_message_free (row);
      return NULL;
    }

  if (kith_messenger_is_act (row))
    kith_chat_show_act (peer->chat, row->kind, row->reply_to, row->text, row->time_ms, NULL);
  else
    message = kith_messenger_show (peer, row, FALSE);
  if (row->file != NULL)
    g_clear_pointer (&row->file->content, g_bytes_unref); /* the store has it */
  kith_message_queue_push_tail (&peer->queued, row);
  kith_messenger_pump (peer);
  return message;
}

static void
sending_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sending *sending = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean is_act = kith_messenger_is_act (sending->row);
  gboolean committed = kith_store_commit_finish (KITH_STORE (source), result, &error);
  g_autoptr (KithMessage) message =
    kith_messenger_settle (sending->peer, g_steal_pointer (&sending->row), committed);

  if (!committed)
    g_task_return_error (task, error);
  else if (sending->peer->removed)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "This contact was removed");
  else if (is_act)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_pointer (task, g_steal_pointer (&message), g_object_unref);
}

/* 48 bits of time, then random: what is written together is together in the index of ids, too. */
static void
make_id (KithPeer *peer, gint64 time_ms, guint8 id[KITH_STORE_MESSAGE_ID_BYTES])
{
  kith_env_random_bytes (peer->node->env, id, KITH_STORE_MESSAGE_ID_BYTES);
  for (guint i = 0; i < ID_TIME_BYTES; i++)
    id[i] = (guint8) (time_ms >> (8 * (ID_TIME_BYTES - 1 - i)));
}

KithStoreMessage *
kith_messenger_new_row (KithPeer *peer, KithStoreKind kind)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);

  row->time_ms = kith_node_now_ms (peer->node);
  make_id (peer, row->time_ms, row->id);
  memcpy (row->identity, peer->row->identity, sizeof row->identity);
  row->outgoing = TRUE;
  row->kind = kind;
  row->hlc = kith_hlc_next (&peer->node->hlc, row->time_ms);
  row->state = KITH_MESSAGE_QUEUED;
  return row;
}

static void
add_numbered (KithPeer *peer, KithStoreMessage *row, KithStoreBatch *batch)
{
  row->seq = peer->row->next_seq++;
  if (kith_messenger_is_act (row))
    kith_store_batch_add_act (batch, row);
  else
    kith_store_batch_add_message (batch, row);
  kith_store_batch_numbered (batch, peer->row->identity, peer->row->next_seq);
  peer->n_sending++;
}

KithStoreMessage *
kith_messenger_prepare (KithPeer *peer, char *text, gboolean broadcast, KithStoreBatch *batch)
{
  KithStoreMessage *row = kith_messenger_new_row (peer, KITH_STORE_KIND_TEXT);

  row->text = text;
  row->ttl_s = peer->chat->options.ttl_s;
  row->broadcast = broadcast;
  add_numbered (peer, row, batch);
  return row;
}

void
kith_messenger_enqueue (KithPeer *peer, KithStoreMessage *row, KithStoreBatch *batch, GTask *task)
{
  Sending *sending = g_new0 (Sending, 1);

  add_numbered (peer, row, batch);
  sending->peer = kith_peer_ref (peer);
  sending->row = row;
  g_task_set_task_data (task, sending, (GDestroyNotify) sending_free);
  kith_store_commit_async (peer->node->store, batch, NULL, sending_committed_cb, task);
}

/**
 * kith_messenger_send: (skip)
 * @peer: the recipient
 * @text: (transfer full): validated text
 * @reply_to: (nullable): the id of the message that it answers
 * @ttl_s: for how long it is kept after reading, 0 = for good; negative = as the conversation has it
 * @task: (transfer full): gets the #KithMessage after the commit
 *
 * Puts a message into the outbox. Main thread.
 */
void
kith_messenger_send (KithPeer *peer, char *text, const guint8 *reply_to, gint64 ttl_s, GTask *task)
{
  KithStoreMessage *row = kith_messenger_new_row (peer, KITH_STORE_KIND_TEXT);

  row->text = text;
  row->ttl_s = ttl_s < 0 ? peer->chat->options.ttl_s : (guint32) ttl_s;
  if (reply_to != NULL)
    {
      row->has_reply_to = TRUE;
      memcpy (row->reply_to, reply_to, sizeof row->reply_to);
    }
  kith_messenger_enqueue (peer, row, kith_store_batch_new (), task);
}

void
kith_messenger_send_file (KithPeer *peer, KithStoreMessage *row, GTask *task)
{
  row->ttl_s = peer->chat->options.ttl_s;
  kith_messenger_enqueue (peer, row, kith_store_batch_new (), task);
}

/* --- Receipts for what we sent -------------------------------------------------------------- */

/* Of our own copy: nobody has to tell us when they read it, so the time counts from when they have
 * it. */
static void
start_timer (KithPeer *peer, KithStoreMessage *row)
{
  KithMessage *message = lookup (peer, row->id);

  if (row->kind != KITH_STORE_KIND_TEXT || row->ttl_s == 0 || row->deletion != KITH_STORE_KEPT
      || row->hidden)
    return;

  row->expires_ms = kith_node_now_ms (peer->node) + row->ttl_s * (gint64) 1000;
  if (message != NULL)
    kith_message_set_ttl (message, row->ttl_s, row->expires_ms);
  kith_expiry_expect (peer->node, row->expires_ms);
}

void
kith_messenger_forget_hidden (KithPeer *peer, KithStoreMessage *row, KithStoreBatch *batch)
{
  KithStoreChange change = { .outgoing = TRUE, .deletion = KITH_STORE_GONE };

  memcpy (change.identity, row->identity, sizeof change.identity);
  memcpy (change.id, row->id, sizeof change.id);
  change.time_ms = kith_node_now_ms (peer->node);
  kith_store_batch_delete_message (batch, &change);
}

/* @row is taken out of the outbox: from now on it only waits to be read. The store knows what waits longer. */
static void
arrived (KithPeer *peer, KithStoreMessage *row, KithStoreBatch *batch)
{
  if (kith_messenger_is_act (row))
    {
      kith_store_batch_act_arrived (batch, row);
      kith_store_message_free (row);
      return;
    }

  start_timer (peer, row);
  kith_messenger_set_state (peer, row, KITH_MESSAGE_DELIVERED);
  kith_store_batch_update_message (batch, row);
  if (row->hidden)
    {
      kith_messenger_forget_hidden (peer, row, batch);
      kith_store_message_free (row);
      return;
    }

  if (row->deletion != KITH_STORE_GONE)
    kith_awaited_queue_push (&peer->unread, row);
  kith_store_message_free (row);
}

/* Those that a session has taken. */
static void
take_arrived (KithPeer *peer, const KithBodyAck *ack, KithStoreBatch *batch)
{
  const KithStoreMessage *first;

  while ((first = kith_message_queue_peek_head (&peer->sent)) != NULL && first->seq <= ack->up_to_seq)
    arrived (peer, kith_message_queue_pop_head (&peer->sent), batch);

  for (guint i = 0; i < ack->n_ids; i++)
    {
      KithStoreMessage *row = kith_message_queue_take (&peer->sent, ack->ids[i].bytes);

      if (row != NULL)
        arrived (peer, row, batch);
    }
}

/* What the faces see; store_reading() has the rest. */
static void
show_read (KithPeer *peer, const KithAwaited *awaited)
{
  KithStoreMessage row = { .outgoing = TRUE, .kind = awaited->kind, .seq = awaited->seq, .hlc = awaited->hlc,
                           .time_ms = awaited->time_ms, .sent_ms = awaited->sent_ms,
                           .delivered_ms = awaited->delivered_ms, .broadcast = awaited->broadcast };

  memcpy (row.identity, peer->row->identity, sizeof row.identity);
  memcpy (row.id, awaited->id, sizeof row.id);
  kith_messenger_set_state (peer, &row, KITH_MESSAGE_READ);
}

static void
take_read (KithPeer *peer, const KithBodyAck *ack)
{
  KithAwaited awaited;

  while (kith_awaited_queue_take_up_to (&peer->unread, ack->up_to_seq, &awaited))
    show_read (peer, &awaited);

  for (guint i = 0; i < ack->n_ids; i++)
    if (kith_awaited_queue_take (&peer->unread, ack->ids[i].bytes, &awaited))
      show_read (peer, &awaited);
}

/* Also of those that are not in memory. Each id is work for the store, whatever it is of. */
static void
store_reading (KithPeer *peer, const KithBodyAck *ack, KithStoreBatch *batch)
{
  KithStoreMark mark = { .state = KITH_MESSAGE_READ, .time_ms = kith_node_now_ms (peer->node) };

  memcpy (mark.identity, peer->row->identity, sizeof mark.identity);
  for (guint i = 0; i < ack->n_ids; i++)
    {
      memcpy (mark.id, ack->ids[i].bytes, sizeof mark.id);
      kith_store_batch_they_read (batch, &mark);
    }

  mark.seq = ack->up_to_seq;
  if (mark.seq > 0)
    kith_store_batch_they_read (batch, &mark);
}

/**
 * kith_messenger_receive_ack: (skip)
 * @peer: who acknowledges
 * @body: (array length=len): the body of an ACK; untrusted
 * @len: its length in bytes
 *
 * Advances the state of what we sent. Only what was handed to a session can be acknowledged, and
 * nothing goes back; ids that are unknown or done with are skipped. Main thread.
 *
 * Returns: %FALSE when it is malformed and the session has to be closed
 */
gboolean
kith_messenger_receive_ack (KithPeer *peer, const guint8 *body, gsize len)
{
  g_autofree KithBodyAck *ack = g_new0 (KithBodyAck, 1);
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  if (!kith_body_ack_unpack (ack, body, len))
    return FALSE;

  /* What was read has arrived, even if the receipt for that was lost with an older session. */
  take_arrived (peer, ack, batch);
  if (ack->kind == KITH_ACK_READ && kith_node_get_read_receipts (peer->node))
    {
      take_read (peer, ack);
      store_reading (peer, ack, batch);
    }

  /* Only what waited makes work here, and does so once: that is not counted. A crash before it is stored makes it a
   * message that was not acknowledged, and that is so again soon. */
  if (ack->kind != KITH_ACK_READ)
    kith_node_commit_lazily (peer->node, batch);
  else if (kith_store_batch_get_length (batch) > 0)
    {
      kith_messenger_count_committing (peer, 1);
      kith_store_commit_lazily_async (peer->node->store, kith_store_batch_ref (batch),
                                      kith_messenger_counted_cb, kith_peer_ref (peer));
    }
  return TRUE;
}

/* --- Sessions come and go ------------------------------------------------------------------- */

/**
 * kith_messenger_session_opened: (skip)
 * @peer: a peer with whom chat can flow
 *
 * Says how far we have got, and sends what waits. Main thread.
 */
void
kith_messenger_session_opened (KithPeer *peer)
{
  const KithBodyAck delivered = { .kind = KITH_ACK_DELIVERED, .up_to_seq = peer->row->received_seq };
  const KithBodyAck seen = { .kind = KITH_ACK_READ, .up_to_seq = peer->row->read_seq };

  if (kith_messenger_is_behind (peer))
    kith_session_set_reading (peer->session, FALSE);
  kith_messenger_send_ack (peer, &delivered);
  if (kith_node_get_read_receipts (peer->node))
    kith_messenger_send_ack (peer, &seen);
  kith_messenger_ask_missing_anew (peer);
  kith_messenger_pump (peer);
}

/**
 * kith_messenger_session_lost: (skip)
 * @peer: a peer whose session is going
 *
 * What the session had taken and was not acknowledged waits again. Main thread.
 */
void
kith_messenger_session_lost (KithPeer *peer)
{
  KithStoreMessage *row;

  while ((row = kith_message_queue_pop_tail (&peer->sent)) != NULL)
    {
      kith_message_queue_push_head (&peer->queued, row);
      kith_messenger_set_state (peer, row, KITH_MESSAGE_QUEUED);
    }
}
