/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What arrives: it is committed, then shown and acknowledged; and what we say about having read it. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-messenger-private.h"

#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-expiry.h"
#include "node/kith-failure.h"
#include "node/kith-group-host.h"
#include "node/kith-node-presence-private.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers.h"

/* --- Receipts for what they sent ------------------------------------------------------------ */

/* A receipt that finds no room is not lost: the numbers of the next opening have it. */
void
kith_messenger_send_ack (KithPeer *peer, const KithBodyAck *ack)
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
      kith_messenger_send_ack (peer, &ack);
    }
}

static gboolean
flush_acks_cb (gpointer user_data)
{
  KithPeer *peer = user_data;

  kith_timer_clear (&peer->ack_timer);
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
  if (peer->ack_timer == NULL)
    kith_timer_start (&peer->ack_timer, 0, flush_acks_cb, peer);
}

/* Returns: when a message that is being read disappears; 0 = never */
static gint64
start_timer (KithPeer *peer, const KithUnread *unread, gint64 now_ms)
{
  KithMessageList *list = kith_conversation_get_messages (peer->conversation);
  KithMessage *message = kith_message_list_lookup (list, unread->id);
  gint64 expires_ms = unread->ttl_s > 0 ? now_ms + unread->ttl_s * (gint64) 1000 : 0;

  if (message != NULL)
    kith_message_set_ttl (message, unread->ttl_s, expires_ms);
  if (expires_ms != 0)
    kith_expiry_expect (peer->node, expires_ms);
  return expires_ms;
}

/* The user has come back to a conversation that was marked for that. */
static void
unmark (KithPeer *peer)
{
  g_autoptr (KithStoreBatch) batch = NULL;

  if (!peer->chat->options.marked_unread)
    return;

  peer->chat->options.marked_unread = FALSE;
  kith_chat_show_options (peer->chat);
  batch = kith_store_batch_new ();
  kith_store_batch_put_options (batch, peer->row->identity, &peer->chat->options);
  kith_node_commit (peer->node, batch);
}

/**
 * kith_messenger_mark_read: (skip)
 * @peer: a peer
 *
 * The user has seen all that @peer wrote: stores it and, unless that is turned off, sends the
 * receipt. Main thread.
 */
void
kith_messenger_mark_read (KithPeer *peer)
{
  gint64 now_ms = kith_node_now_ms (peer->node);
  KithBodyAck restored = { .kind = KITH_ACK_READ };
  g_autoptr (GArray) seen = NULL;
  g_autoptr (KithStoreBatch) batch = NULL;
  g_autofree KithMessageId *ids = NULL;
  gboolean is_all;

  unmark (peer);
  if (kith_conversation_get_unread (peer->conversation) == 0)
    return;

  seen = kith_conversation_take_unread (peer->conversation, &is_all);
  if (!is_all)
    peer->chat->unread_number = G_MAXINT64;
  batch = kith_store_batch_new ();
  ids = g_new (KithMessageId, seen->len);
  for (guint i = 0; i < seen->len; i++)
    {
      const KithUnread *unread = &g_array_index (seen, KithUnread, i);
      KithStoreMessage row = { .state = KITH_MESSAGE_RECEIVED };

      memcpy (row.id, unread->id, sizeof row.id);
      memcpy (row.identity, peer->row->identity, sizeof row.identity);
      row.read_ms = now_ms;
      row.expires_ms = start_timer (peer, unread, now_ms);
      kith_store_batch_update_message (batch, &row);
      memcpy (ids[i].bytes, row.id, sizeof row.id);
    }

  peer->row->read_seq = peer->row->received_seq;
  kith_store_batch_put_contact (batch, peer->row);
  if (peer->chat->unread_number > 0)
    {
      KithStoreMark mark = { .number = peer->chat->unread_number, .time_ms = now_ms };

      /* What was unread when we started, and what is too much to keep: their number covers it. */
      memcpy (mark.identity, peer->row->identity, sizeof mark.identity);
      kith_store_batch_we_read (batch, &mark);
      kith_expiry_expect (peer->node, now_ms + KITH_LIMIT_TTL_MIN_S * 1000); /* of them, if any */
      restored.up_to_seq = peer->row->read_seq;
      peer->chat->unread_number = 0;
    }

  kith_node_commit (peer->node, batch);
  if (!kith_node_get_read_receipts (peer->node))
    return;

  kith_messenger_send_ack (peer, &restored);
  send_ids (peer, KITH_ACK_READ, ids, seen->len);
}

/* --- Receiving ------------------------------------------------------------------------------ */

typedef struct
{
  KithPeer         *peer;  /* (owned) */
  KithStoreMessage *row;   /* (owned): of an act, only its number and what it says */
  KithStoreBatch   *batch; /* (owned) */
  gboolean          quiet; /* nothing of it is kept but its number */
  guint             op;    /* unless it is quiet */
  GCancellable     *receiving; /* (owned): of the numbers it belongs to */
} Receiving;

static void
receiving_free (Receiving *receiving)
{
  if (receiving->row->kind == KITH_STORE_KIND_GROUP_INVITE)
    receiving->peer->node->n_invitations_coming--;
  kith_peer_unref (receiving->peer);
  kith_store_message_free (receiving->row);
  kith_store_batch_unref (receiving->batch);
  g_object_unref (receiving->receiving);
  g_free (receiving);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Receiving, receiving_free)

gboolean
kith_messenger_is_behind (KithPeer *peer)
{
  return peer->n_committing >= KITH_LIMIT_COMMITTING;
}

/**
 * kith_messenger_count_committing: (skip)
 * @peer: a peer
 * @change: of how many things of theirs that are on their way to the store: above 0 before, below when that is done
 *
 * While the store is behind, the peer has to wait.
 */
void
kith_messenger_count_committing (KithPeer *peer, int change)
{
  gboolean was_behind = kith_messenger_is_behind (peer);
  gboolean is_behind;

  peer->n_committing = (guint) ((int) peer->n_committing + change);
  is_behind = kith_messenger_is_behind (peer);
  if (is_behind != was_behind && peer->session != NULL)
    kith_session_set_reading (peer->session, !is_behind);
}

/**
 * kith_messenger_counted_cb: (skip)
 * @source: the store
 * @result: of a commit that was counted
 * @user_data: (transfer full): the peer
 *
 * Ends what kith_messenger_count_committing() began, where nothing else hangs on the commit.
 */
void
kith_messenger_counted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithPeer) peer = user_data;
  g_autoptr (GError) error = NULL;
  gboolean committed = kith_store_commit_finish (KITH_STORE (source), result, &error);

  if (peer->removed)
    return;

  kith_messenger_count_committing (peer, -1);
  if (!committed)
    kith_node_emit_warning (peer->node, error);
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
show_line (KithPeer *peer, const KithStoreMessage *row)
{
  if (row->kind == KITH_STORE_KIND_TIMER)
    {
      kith_chat_show_options (peer->chat);
      kith_node_emit_message_event (peer->node, peer->conversation, KITH_MESSAGE_EVENT_TIMER, NULL,
                                    peer->contact, NULL);
    }
  else if (row->kind == KITH_STORE_KIND_MISSING)
    kith_node_emit_message_event (peer->node, peer->conversation, KITH_MESSAGE_EVENT_UNKNOWN, NULL,
                                  peer->contact, NULL);
}

static void
show_received (KithPeer *peer, const KithStoreMessage *row)
{
  g_autoptr (KithMessage) message = NULL;

  if (row->kind == KITH_STORE_KIND_TEXT)
    kith_presence_stop_typing (peer); /* this is what they were writing */
  if (row->kind == KITH_STORE_KIND_GROUP_INVITE)
    kith_groups_show_invitation (peer, row);
  else if (kith_messenger_is_act (row))
    kith_chat_show_act (peer->chat, row->kind, row->reply_to, row->text, row->time_ms, peer->contact);
  else
    message = kith_messenger_show (peer, row, row->kind == KITH_STORE_KIND_TEXT);
  if (row->file != NULL)
    kith_transfers_offered (peer->chat, row);

  show_line (peer, row);
}

static void
show_committed (Receiving *receiving)
{
  KithPeer *peer = receiving->peer;

  if (receiving->row->kind == KITH_STORE_KIND_DELETE)
    kith_conversation_forget_unread (
      peer->conversation, receiving->row->reply_to,
      kith_store_batch_was_unread (receiving->batch, receiving->op));
  if (kith_store_batch_was_new (receiving->batch, receiving->op))
    show_received (peer, receiving->row);
}

static void
received_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Receiving) receiving = user_data;
  g_autoptr (GError) error = NULL;
  KithPeer *peer = receiving->peer;
  gboolean committed = kith_store_commit_finish (KITH_STORE (source), result, &error);

  if (peer->removed)
    return;

  kith_messenger_count_committing (peer, -1);
  if (!committed)
    {
      give_up_receiving (peer, error);
      return;
    }

  queue_ack (peer, receiving->row->id);
  if (!receiving->quiet)
    show_committed (receiving);
  if (receiving->receiving == peer->receiving)
    kith_messenger_note_number (peer, receiving->row->seq, receiving->row->hlc);
}

static KithStoreKind
kind_of (KithContent content)
{
  switch (content)
    {
    case KITH_CONTENT_TIMER:
      return KITH_STORE_KIND_TIMER;
    case KITH_CONTENT_EDIT:
      return KITH_STORE_KIND_EDIT;
    case KITH_CONTENT_DELETE:
      return KITH_STORE_KIND_DELETE;
    case KITH_CONTENT_REACTION:
      return KITH_STORE_KIND_REACTION;
    case KITH_CONTENT_GROUP_INVITE:
      return KITH_STORE_KIND_GROUP_INVITE;
    case KITH_CONTENT_UNKNOWN:
      return KITH_STORE_KIND_MISSING;
    case KITH_CONTENT_TEXT:
    case KITH_CONTENT_FILE:
    default:
      return KITH_STORE_KIND_TEXT;
    }
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
  row->kind = kind_of (body->content);
  row->ttl_s = body->ttl_s;
  row->has_reply_to = body->has_target;
  memcpy (row->reply_to, body->target.bytes, sizeof row->reply_to);
  if (body->file != NULL)
    {
      row->file = kith_transfer_from_body (peer->chat, body->file);
      row->text = g_strdup (row->file->name);
    }
  else
    row->text = body->text != NULL ? g_steal_pointer (&body->text) : g_strdup ("");
  row->broadcast = body->broadcast;
  return row;
}

/* A timer is a line in the conversation, which nobody has to read; the newest one counts. */
static guint
add_timer (KithPeer *peer, KithStoreMessage *row, KithStoreBatch *batch)
{
  row->read_ms = row->time_ms;
  if (row->hlc >= peer->chat->options.ttl_hlc)
    {
      peer->chat->options.ttl_s = row->ttl_s;
      peer->chat->options.ttl_hlc = row->hlc;
      kith_store_batch_put_options (batch, row->identity, &peer->chat->options);
    }
  return kith_store_batch_add_message (batch, row);
}

/* What a later version can say stands in the conversation as a line without words. It is acknowledged: it
 * would be as unknown if it came again. */
static guint
add_unknown (KithStoreMessage *row, KithStoreBatch *batch)
{
  row->read_ms = row->time_ms;
  row->reason = g_strdup (KITH_FAILURE_UNKNOWN);
  return kith_store_batch_add_message (batch, row);
}

/* What a record of theirs does to the store. Only their own messages do they edit and take back. */
static guint
add_received (KithPeer *peer, KithStoreMessage *row, KithStoreBatch *batch)
{
  KithStoreChange change = { .hlc = row->hlc,
                             .time_ms = row->time_ms,
                             .text = row->text,
                             .deletion = KITH_STORE_DELETED,
                             .remember = TRUE };

  memcpy (change.identity, row->identity, sizeof change.identity);
  memcpy (change.id, row->reply_to, sizeof change.id);
  switch (row->kind)
    {
    case KITH_STORE_KIND_EDIT:
      return kith_store_batch_edit_message (batch, &change);
    case KITH_STORE_KIND_DELETE:
      return kith_store_batch_delete_message (batch, &change);
    case KITH_STORE_KIND_REACTION:
      return kith_store_batch_react (batch, &change);
    case KITH_STORE_KIND_TIMER:
      return add_timer (peer, row, batch);
    case KITH_STORE_KIND_GROUP_INVITE:
      return kith_groups_store_invitation (peer, row, batch);
    case KITH_STORE_KIND_MISSING:
      return add_unknown (row, batch);
    case KITH_STORE_KIND_TEXT:
    case KITH_STORE_KIND_EVENT:
    default:
      return kith_store_batch_add_message (batch, row);
    }
}

/**
 * kith_messenger_receive_msg: (skip)
 * @peer: the sender, a mutual contact
 * @body: (array length=len): the body of a MSG; untrusted
 * @len: its length in bytes
 *
 * Commits a received message, or what it says of an earlier one, then shows and acknowledges it; one
 * that is known already is only acknowledged again. Main thread.
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
  batch = kith_store_batch_new ();
  receiving = g_new0 (Receiving, 1);
  receiving->peer = kith_peer_ref (peer);
  receiving->row = row_from_body (peer, &msg);
  receiving->quiet = msg.content == KITH_CONTENT_UNKNOWN && msg.quiet;
  if (!receiving->quiet)
    receiving->op = add_received (peer, receiving->row, batch);
  if (receiving->row->kind == KITH_STORE_KIND_GROUP_INVITE)
    peer->node->n_invitations_coming++;
  receiving->batch = kith_store_batch_ref (batch);
  receiving->receiving = g_object_ref (peer->receiving);
  memcpy (mark.identity, peer->row->identity, sizeof mark.identity);
  mark.seq = msg.seq;
  kith_store_batch_received (batch, &mark);
  kith_messenger_count_committing (peer, 1);
  kith_store_commit_async (peer->node->store, batch, peer->receiving, received_committed_cb, receiving);
  return TRUE;
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
  kith_messenger_forget_missing (peer);
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
