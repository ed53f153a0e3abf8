/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of theirs that did not come. Protocol 8.
 *
 * A peer's messages are numbered without a gap, and sessions bring them in order. So a number that is
 * skipped is missing: a line in the conversation stands for it, and it is asked for with RESEND until
 * it comes or they say that they do not have it any more. What we say to have received ends before
 * the first line that still waits.
 *
 *   received_seq     ...           heard_seq
 *        |  [ 8 and 9 are missing ]  |
 *  1 .. 7                        10 .. 12
 */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-messenger-private.h"

#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-node-private.h"

/* Why a line is not asked for any more; anything but NULL does. */
#define GONE "gone"

static KithStoreMessage *
line_at (KithPeer *peer, guint i)
{
  return g_ptr_array_index (peer->missing, i);
}

static guint64
last_of (const KithStoreMessage *line)
{
  return line->seq + line->n_missing - 1;
}

static gboolean
is_open (const KithStoreMessage *line)
{
  return line->reason == NULL;
}

/* --- Lines ---------------------------------------------------------------------------------- */

static void
show_line (KithPeer *peer, const KithStoreMessage *line)
{
  KithMessage *message =
    kith_message_list_lookup (kith_conversation_get_messages (peer->conversation), line->id);

  if (message != NULL)
    kith_message_set_n_missing (message, line->n_missing);
}

/* Adds a line at @position. */
static void
add_line (KithPeer *peer, guint position, guint64 from, guint64 to, guint64 hlc, const char *reason,
          KithStoreBatch *batch)
{
  KithStoreMessage *line = kith_messenger_new_row (peer, KITH_STORE_KIND_MISSING);
  g_autoptr (KithMessage) message = NULL;

  line->outgoing = FALSE;
  line->state = KITH_MESSAGE_RECEIVED;
  line->read_ms = line->time_ms;
  line->seq = from;
  line->n_missing = (guint) (to - from + 1);
  line->hlc = hlc;
  line->reason = g_strdup (reason);
  line->text = g_strdup ("");
  g_ptr_array_insert (peer->missing, (gint) position, line);
  kith_store_batch_add_message (batch, line);
  message = kith_messenger_show (peer, line, FALSE);
}

static void
put_line (KithPeer *peer, guint position, KithStoreBatch *batch)
{
  KithStoreMessage *line = line_at (peer, position);

  kith_store_batch_put_missing (batch, line);
  if (line->n_missing > 0)
    {
      show_line (peer, line);
      return;
    }

  kith_chat_show_gone (peer->chat, line->id);
  g_ptr_array_remove_index (peer->missing, position);
}

/* Takes numbers out of the line at @position; what is on either side of them stays. */
static void
carve (KithPeer *peer, guint position, guint64 from, guint64 to, KithStoreBatch *batch)
{
  KithStoreMessage *line = line_at (peer, position);
  guint64 end = last_of (line);

  if (from > line->seq && to < end)
    add_line (peer, position + 1, to + 1, end, line->hlc, line->reason, batch);

  if (from > line->seq)
    line->n_missing = (guint) (from - line->seq);
  else
    {
      line->n_missing = (guint) (end - to);
      line->seq = to + 1;
    }
  put_line (peer, position, batch);
}

/* --- Numbers -------------------------------------------------------------------------------- */

/* All up to here has arrived or is gone for good. */
static void
settle (KithPeer *peer)
{
  peer->row->received_seq = peer->heard_seq;
  for (guint i = 0; i < peer->missing->len; i++)
    if (is_open (line_at (peer, i)))
      {
        peer->row->received_seq = MIN (line_at (peer, i)->seq - 1, peer->heard_seq);
        return;
      }
}

static void
note_gap (KithPeer *peer, guint64 seq, guint64 hlc, KithStoreBatch *batch)
{
  guint64 from = peer->heard_seq + 1;

  /* Nobody writes so much while a session brings it in order: a peer that says so gets one line. */
  if (seq - from > KITH_LIMIT_MISSING_NUMBERS)
    from = seq - KITH_LIMIT_MISSING_NUMBERS;
  if (peer->missing->len >= KITH_LIMIT_MISSING_LINES)
    return;

  add_line (peer, peer->missing->len, from, seq - 1, hlc > 0 ? hlc - 1 : 0, NULL, batch);
  kith_node_emit_message_event (peer->node, peer->conversation, "missing", NULL, peer->contact, NULL);
}

static gboolean
find_line (KithPeer *peer, guint64 seq, guint *position)
{
  for (guint i = 0; i < peer->missing->len; i++)
    if (seq >= line_at (peer, i)->seq && seq <= last_of (line_at (peer, i)))
      {
        *position = i;
        return TRUE;
      }

  return FALSE;
}

void
kith_gaps_arrived (KithPeer *peer, guint64 seq, guint64 hlc)
{
  g_autoptr (KithStoreBatch) batch = NULL;
  guint position;

  peer->heard_seq = MAX (peer->heard_seq, peer->row->received_seq);
  if (seq == peer->heard_seq + 1 && seq == peer->row->received_seq + 1)
    {
      peer->heard_seq = seq; /* nearly always; the store has counted it itself */
      peer->row->received_seq = seq;
      return;
    }

  batch = kith_store_batch_new ();
  if (peer->heard_seq == 0)
    peer->heard_seq = seq; /* where they are with their numbers, we learn from the first */
  else if (seq > peer->heard_seq)
    {
      if (seq > peer->heard_seq + 1)
        note_gap (peer, seq, hlc, batch);
      peer->heard_seq = seq;
    }
  else if (find_line (peer, seq, &position))
    carve (peer, position, seq, seq, batch);
  else
    return;

  settle (peer);
  kith_store_batch_put_contact (batch, peer->row);
  kith_node_commit (peer->node, batch);
  kith_gaps_ask (peer);
}

void
kith_gaps_forget (KithPeer *peer)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  peer->heard_seq = 0;
  for (guint i = 0; i < peer->missing->len; i++)
    {
      KithStoreMessage *line = line_at (peer, i);

      g_free (line->reason);
      line->reason = g_strdup (GONE);
      kith_store_batch_put_missing (batch, line);
    }

  g_ptr_array_set_size (peer->missing, 0);
  kith_node_commit (peer->node, batch);
}

/**
 * kith_messenger_restore_missing: (skip)
 * @peer: a peer
 * @row: a line of its conversation; those of lower numbers came before
 *
 * Main thread.
 */
void
kith_messenger_restore_missing (KithPeer *peer, const KithStoreMessage *row)
{
  if (row->reason != NULL || row->n_missing == 0)
    return;

  g_ptr_array_add (peer->missing, kith_store_message_copy (row));
  peer->heard_seq = MAX (peer->heard_seq, last_of (row));
}

/* --- RESEND --------------------------------------------------------------------------------- */

/* A new session: what is missing may be asked for again. */
void
kith_gaps_session_opened (KithPeer *peer)
{
  peer->n_resends_asked = 0;
  peer->n_resends_answered = 0;
  for (guint i = 0; i < peer->missing->len; i++)
    line_at (peer, i)->maybe_sent = FALSE;
  kith_gaps_ask (peer);
}

/* Asks once in a session for each line. */
void
kith_gaps_ask (KithPeer *peer)
{
  for (guint i = 0; i < peer->missing->len; i++)
    {
      KithStoreMessage *line = line_at (peer, i);
      KithBodyResend resend = { .from = line->seq, .to = last_of (line) };

      if (!is_open (line) || line->maybe_sent)
        continue;
      if (!kith_peer_is_online (peer) || peer->n_resends_asked >= KITH_LIMIT_RESENDS_PER_SESSION)
        return;

      /* The newest first; what is left is asked for when these have come. */
      if (resend.to - resend.from >= KITH_LIMIT_RESEND_MESSAGES)
        resend.from = resend.to - KITH_LIMIT_RESEND_MESSAGES + 1;
      if (!kith_session_send_bytes (peer->session, KITH_RECORD_RESEND, kith_body_resend_pack (&resend)))
        return;
      line->maybe_sent = TRUE;
      peer->n_resends_asked++;
    }
}

/* They do not have these any more: the line stays and says so. */
static void
take_gone (KithPeer *peer, const KithBodyResend *resend)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  for (guint i = 0; i < peer->missing->len; i++)
    {
      KithStoreMessage *line = line_at (peer, i);
      guint64 from = MAX (resend->from, line->seq);
      guint64 to = MIN (resend->to, last_of (line));
      guint64 hlc = line->hlc;
      guint at = i + (from > line->seq ? 1 : 0);

      if (from > to || !is_open (line))
        continue;

      if (from == line->seq && to == last_of (line))
        {
          line->reason = g_strdup (GONE);
          kith_store_batch_put_missing (batch, line);
          continue;
        }
      carve (peer, i, from, to, batch);
      if (peer->missing->len < 2 * KITH_LIMIT_MISSING_LINES)
        add_line (peer, at, from, to, hlc, GONE, batch);
      break; /* the places have changed; a second answer brings the rest */
    }

  settle (peer);
  kith_store_batch_put_contact (batch, peer->row);
  kith_node_commit (peer->node, batch);
}

typedef struct
{
  KithPeer      *peer;    /* (owned) */
  KithSession   *session; /* (owned) */
  KithBodyResend resend;
} Answer;

static void
say_gone (Answer *answer, guint64 from, guint64 to)
{
  const KithBodyResend gone = { .from = from, .to = to, .gone = TRUE };

  if (from <= to)
    kith_session_send_bytes (answer->session, KITH_RECORD_RESEND, kith_body_resend_pack (&gone));
}

static gboolean
still_waits (KithPeer *peer, guint64 seq)
{
  const KithStoreMessage *sent = g_queue_peek_head (&peer->sent);
  const KithStoreMessage *queued = g_queue_peek_head (&peer->queued);

  return (sent != NULL && seq >= sent->seq) || (queued != NULL && seq >= queued->seq);
}

/* What waits in the outbox comes from there. */
static void
resend (Answer *answer, GPtrArray *rows)
{
  guint64 next = answer->resend.from;

  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (rows, i);

      if (row->seq < next || row->reason != NULL)
        continue;
      say_gone (answer, next, row->seq - 1);
      next = row->seq + 1;
      if (row->delivered_ms != 0 && !kith_messenger_transmit (answer->peer, row))
        return;
    }

  if (!still_waits (answer->peer, answer->resend.to))
    say_gone (answer, next, answer->resend.to);
}

static void
numbers_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;
  g_autoptr (GPtrArray) rows = kith_store_load_numbers_finish (KITH_STORE (source), result, NULL);

  if (rows != NULL && !answer->peer->removed && answer->peer->session == answer->session
      && kith_peer_is_online (answer->peer))
    resend (answer, rows);

  kith_peer_unref (answer->peer);
  kith_session_unref (answer->session);
  g_free (answer);
}

/**
 * kith_messenger_receive_resend: (skip)
 * @peer: a contact, in its session
 * @body: (array length=len): the body of a RESEND; untrusted
 * @len: its length in bytes
 *
 * Answers from the store, as often as %KITH_LIMIT_RESENDS_PER_SESSION; or takes an answer. Main
 * thread.
 *
 * Returns: %FALSE when it is malformed and the session has to be closed
 */
gboolean
kith_messenger_receive_resend (KithPeer *peer, const guint8 *body, gsize len)
{
  KithBodyResend resend_body;
  Answer *answer;

  if (!kith_body_resend_unpack (&resend_body, body, len))
    return FALSE;

  if (resend_body.gone)
    {
      take_gone (peer, &resend_body);
      return TRUE;
    }

  if (peer->n_resends_answered >= KITH_LIMIT_RESENDS_PER_SESSION)
    return TRUE;

  peer->n_resends_answered++;
  answer = g_new0 (Answer, 1);
  answer->peer = kith_peer_ref (peer);
  answer->session = kith_session_ref (peer->session);
  answer->resend = resend_body;
  kith_store_load_numbers_async (peer->node->store, peer->row->identity, resend_body.from,
                                 resend_body.to, NULL, numbers_loaded_cb, answer);
  return TRUE;
}
