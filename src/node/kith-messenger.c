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

#include "node/kith-messenger.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-node-private.h"

/* Received messages on their way to the store: above this we stop reading. */
#define COMMITTING_MAX 256

static KithMessage *
lookup (KithPeer *peer, const guint8 *id)
{
  return kith_message_list_lookup (kith_conversation_get_messages (peer->conversation), id);
}

/* --- Rows and models ------------------------------------------------------------------------ */

/**
 * kith_messenger_make_message: (skip)
 * @peer: a peer
 * @row: one of its messages
 *
 * Returns: (transfer full): what the faces see of it
 */
KithMessage *
kith_messenger_make_message (KithPeer *peer, const KithStoreMessage *row)
{
  KithMessage *message = kith_message_new (row->id, row->outgoing ? NULL : peer->contact, row->hlc,
                                           row->time_ms, row->text != NULL ? row->text : "");

  if (row->sent_ms != 0)
    kith_message_set_state (message, KITH_MESSAGE_SENT, row->sent_ms);
  if (row->delivered_ms != 0)
    kith_message_set_state (message, KITH_MESSAGE_DELIVERED, row->delivered_ms);
  if (row->outgoing && row->read_ms != 0)
    kith_message_set_state (message, KITH_MESSAGE_READ, row->read_ms);
  if (row->reason != NULL)
    kith_message_set_failed (message, row->reason, row->time_ms);

  return message;
}

/* Adds a committed row to its conversation. Returns: (transfer full) (nullable) */
static KithMessage *
show (KithPeer *peer, const KithStoreMessage *row, gboolean unread)
{
  g_autoptr (KithMessage) message = kith_messenger_make_message (peer, row);

  if (!kith_conversation_add (peer->conversation, message, unread))
    return NULL;

  kith_node_raise_conversation (peer->node, peer->conversation);
  kith_node_emit_message_added (peer->node, peer->conversation, message);
  return g_steal_pointer (&message);
}

/* A message that no view has loaded: whoever keeps count of receipts still hears of it. */
static void
report_unloaded (KithPeer *peer, const KithStoreMessage *row)
{
  g_autoptr (KithMessage) message = kith_messenger_make_message (peer, row);

  kith_node_emit_message_changed (peer->node, peer->conversation, message);
}

static void
set_state (KithPeer *peer, KithStoreMessage *row, KithMessageState state)
{
  KithMessage *message = lookup (peer, row->id);
  gint64 time_ms = kith_node_now_ms (peer->node);

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
  else if (message == NULL && state != KITH_MESSAGE_QUEUED)
    report_unloaded (peer, row);
}

/* --- Sending -------------------------------------------------------------------------------- */

static gboolean
transmit (KithPeer *peer, const KithStoreMessage *row)
{
  KithBodyMsg body = { .seq = row->seq, .hlc = row->hlc, .text = row->text };

  memcpy (body.id.bytes, row->id, sizeof body.id.bytes);
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
         && !g_queue_is_empty (&peer->queued))
    {
      KithStoreMessage *row = g_queue_peek_head (&peer->queued);

      if (!transmit (peer, row))
        return;

      g_queue_push_tail (&peer->sent, g_queue_pop_head (&peer->queued));
      set_state (peer, row, KITH_MESSAGE_SENT);
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
static void
settle_number (KithPeer *peer, guint64 seq, gboolean committed)
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

static void
sending_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sending *sending = g_task_get_task_data (task);
  KithPeer *peer = sending->peer;
  KithMessage *message;
  GError *error = NULL;
  gboolean committed = kith_store_commit_finish (KITH_STORE (source), result, &error);

  settle_number (peer, sending->row->seq, committed);
  if (!committed)
    {
      g_task_return_error (task, error);
      return;
    }

  if (peer->removed)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "This contact was removed");
      return;
    }

  message = show (peer, sending->row, FALSE);
  g_queue_push_tail (&peer->queued, g_steal_pointer (&sending->row));
  kith_messenger_pump (peer);
  g_task_return_pointer (task, message, g_object_unref);
}

/**
 * kith_messenger_send: (skip)
 * @peer: the recipient
 * @text: (transfer full): validated text
 * @task: (transfer full): gets the #KithMessage after the commit
 *
 * Puts a message into the outbox. Main thread.
 */
void
kith_messenger_send (KithPeer *peer, char *text, GTask *task)
{
  KithStoreBatch *batch = kith_store_batch_new ();
  Sending *sending = g_new0 (Sending, 1);
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);
  gint64 now_ms = kith_node_now_ms (peer->node);

  kith_env_random_bytes (peer->node->env, row->id, sizeof row->id);
  memcpy (row->identity, peer->row->identity, sizeof row->identity);
  row->outgoing = TRUE;
  row->seq = peer->row->next_seq++;
  row->time_ms = now_ms;
  row->hlc = kith_hlc_next (&peer->node->hlc, now_ms);
  row->state = KITH_MESSAGE_QUEUED;
  row->text = text;
  kith_store_batch_add_message (batch, row);
  kith_store_batch_put_contact (batch, peer->row);

  peer->n_sending++;
  sending->peer = kith_peer_ref (peer);
  sending->row = row;
  g_task_set_task_data (task, sending, (GDestroyNotify) sending_free);
  kith_store_commit_async (peer->node->store, batch, NULL, sending_committed_cb, task);
}

/* --- Receipts for what they sent ------------------------------------------------------------ */

/* A receipt that finds no room is not lost: the numbers of the next opening have it. */
static void
send_ack (KithPeer *peer, const KithBodyAck *ack)
{
  if (kith_peer_is_online (peer) && (ack->n_ids > 0 || ack->up_to_seq > 0))
    kith_session_send_bytes (peer->session, KITH_RECORD_ACK, kith_body_ack_pack (ack));
}

static void
send_ids (KithPeer *peer, KithAckKind kind, const KithMessageId *ids, guint n_ids)
{
  for (guint i = 0; i < n_ids; i += KITH_LIMIT_ACK_IDS)
    {
      KithBodyAck ack = { .kind = kind, .n_ids = MIN (n_ids - i, KITH_LIMIT_ACK_IDS) };

      memcpy (ack.ids, ids + i, ack.n_ids * sizeof *ids);
      send_ack (peer, &ack);
    }
}

static gboolean
flush_acks_cb (gpointer user_data)
{
  KithPeer *peer = user_data;

  g_clear_pointer (&peer->ack_source, g_source_unref);
  send_ids (peer, KITH_ACK_DELIVERED, (const KithMessageId *) (gpointer) peer->arrived->data,
            peer->arrived->len);
  g_array_set_size (peer->arrived, 0);
  return G_SOURCE_REMOVE;
}

/* One ACK for all that was committed in this turn of the loop. */
static void
queue_ack (KithPeer *peer, const guint8 *id)
{
  g_array_append_vals (peer->arrived, id, 1);
  if (peer->ack_source != NULL)
    return;

  peer->ack_source = g_idle_source_new ();
  g_source_set_priority (peer->ack_source, G_PRIORITY_DEFAULT);
  g_source_set_callback (peer->ack_source, flush_acks_cb, peer, NULL);
  g_source_attach (peer->ack_source, g_main_context_get_thread_default ());
}

/**
 * kith_messenger_mark_read: (skip)
 * @peer: a peer
 *
 * The user has seen all that @peer wrote: stores it and sends the receipt. Main thread.
 */
void
kith_messenger_mark_read (KithPeer *peer)
{
  gint64 now_ms = kith_node_now_ms (peer->node);
  KithBodyAck restored = { .kind = KITH_ACK_READ };
  g_autoptr (GPtrArray) seen = NULL;
  g_autoptr (KithStoreBatch) batch = NULL;
  g_autofree KithMessageId *ids = NULL;

  if (kith_conversation_get_unread (peer->conversation) == 0)
    return;

  seen = kith_conversation_take_unread (peer->conversation);
  batch = kith_store_batch_new ();
  ids = g_new (KithMessageId, seen->len);
  for (guint i = 0; i < seen->len; i++)
    {
      KithMessage *message = g_ptr_array_index (seen, i);
      KithStoreMessage row = { .state = KITH_MESSAGE_RECEIVED };

      memcpy (row.id, kith_message_get_id_bytes (message), sizeof row.id);
      memcpy (row.identity, peer->row->identity, sizeof row.identity);
      row.read_ms = now_ms;
      kith_store_batch_update_message (batch, &row);
      memcpy (ids[i].bytes, row.id, sizeof row.id);
    }

  peer->row->read_seq = peer->row->received_seq;
  kith_store_batch_put_contact (batch, peer->row);
  if (peer->unread_number > 0)
    {
      KithStoreMark mark = { .number = peer->unread_number, .time_ms = now_ms };

      /* What was unread when we started: their number covers it. */
      memcpy (mark.identity, peer->row->identity, sizeof mark.identity);
      kith_store_batch_we_read (batch, &mark);
      restored.up_to_seq = peer->row->read_seq;
      peer->unread_number = 0;
    }

  kith_node_commit (peer->node, batch);
  send_ack (peer, &restored);
  send_ids (peer, KITH_ACK_READ, ids, seen->len);
}

/* --- Receiving ------------------------------------------------------------------------------ */

typedef struct
{
  KithPeer         *peer;  /* (owned) */
  KithStoreMessage *row;   /* (owned) */
  KithStoreBatch   *batch; /* (owned) */
  guint             op;
} Receiving;

static void
receiving_free (Receiving *receiving)
{
  kith_peer_unref (receiving->peer);
  kith_store_message_free (receiving->row);
  kith_store_batch_unref (receiving->batch);
  g_free (receiving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Receiving, receiving_free)

/* While the store is behind, the peer has to wait. */
static void
count_committing (KithPeer *peer, int change)
{
  gboolean was_behind = peer->n_committing >= COMMITTING_MAX;
  gboolean is_behind;

  peer->n_committing = (guint) ((int) peer->n_committing + change);
  is_behind = peer->n_committing >= COMMITTING_MAX;
  if (is_behind != was_behind && peer->session != NULL)
    kith_session_set_reading (peer->session, !is_behind);
}

static void
stop_receiving (KithPeer *peer)
{
  g_cancellable_cancel (peer->receiving);
  g_clear_object (&peer->receiving);
  peer->receiving = g_cancellable_new ();
}

/* What could not be stored was not acknowledged: it stays in their outbox, and comes again with the
 * next session. So do those behind it, or their numbers would not be counted any more. */
static void
give_up_receiving (KithPeer *peer, const GError *error)
{
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  stop_receiving (peer);
  if (peer->session != NULL)
    kith_session_close (peer->session, KITH_BYE_BUSY);
  kith_node_emit_warning (peer->node, error);
}

static void
received_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Receiving) receiving = user_data;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (GError) error = NULL;
  KithPeer *peer = receiving->peer;
  gboolean committed = kith_store_commit_finish (KITH_STORE (source), result, &error);

  if (peer->removed)
    return;

  count_committing (peer, -1);
  if (!committed)
    {
      give_up_receiving (peer, error);
      return;
    }

  if (receiving->row->seq == peer->row->received_seq + 1)
    peer->row->received_seq++;
  queue_ack (peer, receiving->row->id);
  if (kith_store_batch_was_new (receiving->batch, receiving->op))
    message = show (peer, receiving->row, TRUE);
}

static KithStoreMessage *
row_from_body (KithPeer *peer, KithBodyMsg *body)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);

  memcpy (row->id, body->id.bytes, sizeof row->id);
  memcpy (row->identity, peer->row->identity, sizeof row->identity);
  row->seq = body->seq;
  row->time_ms = kith_node_now_ms (peer->node);
  row->hlc = kith_hlc_receive (&peer->node->hlc, body->hlc, row->time_ms);
  row->state = KITH_MESSAGE_RECEIVED;
  row->text = g_steal_pointer (&body->text);
  return row;
}

/**
 * kith_messenger_receive_msg: (skip)
 * @peer: the sender, a mutual contact
 * @body: (array length=len): the body of a MSG; untrusted
 * @len: its length in bytes
 *
 * Commits a received message, then shows and acknowledges it; one that is known already is only
 * acknowledged again. Main thread.
 *
 * Returns: %FALSE when it is malformed and the session has to be closed
 */
gboolean
kith_messenger_receive_msg (KithPeer *peer, const guint8 *body, gsize len)
{
  g_auto (KithBodyMsg) msg = { 0 };
  KithStoreMark mark = { 0 };
  KithStoreBatch *batch;
  Receiving *receiving;

  if (!kith_body_msg_unpack (&msg, body, len))
    return FALSE;
  if (msg.text == NULL)
    return TRUE; /* a kind of content that this version does not know is not acknowledged */

  batch = kith_store_batch_new ();
  receiving = g_new0 (Receiving, 1);
  receiving->peer = kith_peer_ref (peer);
  receiving->row = row_from_body (peer, &msg);
  receiving->op = kith_store_batch_add_message (batch, receiving->row);
  receiving->batch = kith_store_batch_ref (batch);
  memcpy (mark.identity, peer->row->identity, sizeof mark.identity);
  mark.seq = msg.seq;
  kith_store_batch_received (batch, &mark);
  count_committing (peer, 1);
  kith_store_commit_async (peer->node->store, batch, peer->receiving, received_committed_cb, receiving);
  return TRUE;
}

/* --- Receipts for what we sent -------------------------------------------------------------- */

/* @row is taken out of the outbox: from now on it only waits to be read, without its text. The
 * store knows what waits longer. */
static void
arrived (KithPeer *peer, KithStoreMessage *row, KithStoreBatch *batch)
{
  set_state (peer, row, KITH_MESSAGE_DELIVERED);
  kith_store_batch_update_message (batch, row);
  g_clear_pointer (&row->text, g_free);
  g_queue_push_tail (&peer->unread, row);
  if (g_queue_get_length (&peer->unread) > KITH_LIMIT_WINDOW_MESSAGES)
    kith_store_message_free (g_queue_pop_head (&peer->unread));
}

static void
was_read (KithPeer *peer, KithStoreMessage *row, KithStoreBatch *batch)
{
  set_state (peer, row, KITH_MESSAGE_READ);
  kith_store_batch_update_message (batch, row);
  kith_store_message_free (row);
}

typedef void (*TakeFunc) (KithPeer *peer, KithStoreMessage *row, KithStoreBatch *batch);

static void
take_id (KithPeer *peer, GQueue *queue, const KithMessageId *id, TakeFunc take, KithStoreBatch *batch)
{
  /* Receipts come in the order of sending: this nearly always ends at the first. */
  for (GList *link = queue->head; link != NULL; link = link->next)
    {
      KithStoreMessage *row = link->data;

      if (memcmp (row->id, id->bytes, sizeof row->id) != 0)
        continue;
      g_queue_delete_link (queue, link);
      take (peer, row, batch);
      return;
    }
}

static void
take_covered (KithPeer *peer, GQueue *queue, const KithBodyAck *ack, TakeFunc take,
              KithStoreBatch *batch)
{
  while (!g_queue_is_empty (queue)
         && ((KithStoreMessage *) g_queue_peek_head (queue))->seq <= ack->up_to_seq)
    take (peer, g_queue_pop_head (queue), batch);

  for (guint i = 0; i < ack->n_ids; i++)
    take_id (peer, queue, &ack->ids[i], take, batch);
}

/* Also of those that are not in memory. */
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
  take_covered (peer, &peer->sent, ack, arrived, batch);
  if (ack->kind == KITH_ACK_READ)
    {
      take_covered (peer, &peer->unread, ack, was_read, batch);
      store_reading (peer, ack, batch);
    }

  kith_node_commit (peer->node, batch);
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

  if (peer->n_committing >= COMMITTING_MAX)
    kith_session_set_reading (peer->session, FALSE);
  send_ack (peer, &delivered);
  send_ack (peer, &seen);
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
  while (!g_queue_is_empty (&peer->sent))
    {
      KithStoreMessage *row = g_queue_pop_tail (&peer->sent);

      g_queue_push_head (&peer->queued, row);
      set_state (peer, row, KITH_MESSAGE_QUEUED);
    }
}

/* --- Whose numbers ---------------------------------------------------------------------------- */

/**
 * kith_messenger_forget_numbers: (skip)
 * @peer: a peer
 *
 * Their messages are counted from one again. What we say of the old numbers would be taken for
 * something about the new ones. The caller commits. Main thread.
 */
void
kith_messenger_forget_numbers (KithPeer *peer)
{
  /* What is on its way to the store must not count as one of the new. It comes again. */
  stop_receiving (peer);
  memset (peer->row->received_device, 0, sizeof peer->row->received_device);
  peer->row->received_seq = 0;
  peer->row->read_seq = 0;
}

/**
 * kith_messenger_note_device: (skip)
 * @peer: a peer
 * @device: the installation that its session is with
 *
 * Every installation counts its own messages: a restored backup begins anew. Main thread.
 */
void
kith_messenger_note_device (KithPeer *peer, const guint8 device[KITH_STORE_DEVICE_BYTES])
{
  if (memcmp (peer->row->received_device, device, sizeof peer->row->received_device) == 0)
    return;

  kith_messenger_forget_numbers (peer);
  memcpy (peer->row->received_device, device, sizeof peer->row->received_device);
  kith_peer_commit (peer);
}

/* --- What was stored ------------------------------------------------------------------------ */

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
  g_autoptr (KithMessage) last = NULL;

  if (row->last != NULL)
    {
      peer->node->hlc.last = MAX (peer->node->hlc.last, row->last->hlc);
      last = kith_messenger_make_message (peer, row->last);
      kith_messenger_await_reading (peer, row->last);
    }

  kith_conversation_restore (peer->conversation, last, row->n_unread);
  kith_conversation_set_draft (peer->conversation, row->draft);
  if (row->n_unread > 0)
    peer->unread_number = row->last_number;
  kith_node_raise_conversation (peer->node, peer->conversation);
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
  g_queue_push_tail (&peer->queued, copy);
  set_state (peer, copy, KITH_MESSAGE_QUEUED);
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
  KithStoreMessage *head = g_queue_peek_head (&peer->unread);
  KithStoreMessage *tail = g_queue_peek_tail (&peer->unread);
  KithStoreMessage *copy;

  if (!row->outgoing || row->delivered_ms == 0 || row->read_ms != 0 || row->seq == 0)
    return;
  if (head != NULL && row->seq >= head->seq && row->seq <= tail->seq)
    return;

  copy = kith_store_message_copy (row);
  g_clear_pointer (&copy->text, g_free);
  if (head == NULL || copy->seq > tail->seq)
    g_queue_push_tail (&peer->unread, copy);
  else
    g_queue_push_head (&peer->unread, copy);
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
  g_queue_clear_full (&peer->queued, (GDestroyNotify) kith_store_message_free);
  g_queue_clear_full (&peer->sent, (GDestroyNotify) kith_store_message_free);
  g_queue_clear_full (&peer->unread, (GDestroyNotify) kith_store_message_free);
  peer->unread_number = 0;
  kith_conversation_clear (peer->conversation);
}
