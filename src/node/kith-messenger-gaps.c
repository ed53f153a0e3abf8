/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers of theirs that did not come: their lines in the conversation, and asking for them. Which they are, KithGaps
 * knows. Protocol 8.
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

#include "base/kith-limits.h"
#include "node/kith-failure.h"
#include "node/kith-node-private.h"
#include "node/kith-waiting-numbers.h"

/* --- Lines ---------------------------------------------------------------------------------- */

static void
fill_line (const KithGap *gap)
{
  gap->line->seq = gap->from;
  gap->line->n_missing = (guint) (gap->to + 1 - gap->from);
  g_free (gap->line->reason);
  gap->line->reason = g_strdup (gap->gone ? KITH_FAILURE_GONE : NULL);
}

static void
add_line (KithPeer *peer, KithGap *gap, KithStoreBatch *batch)
{
  g_autoptr (KithMessage) message = NULL;

  gap->line = kith_messenger_new_row (peer, KITH_STORE_KIND_MISSING);
  gap->line->outgoing = FALSE;
  gap->line->state = KITH_MESSAGE_RECEIVED;
  gap->line->read_ms = gap->line->time_ms;
  gap->line->hlc = gap->hlc;
  gap->line->text = g_strdup ("");
  fill_line (gap);
  kith_store_batch_add_message (batch, gap->line);
  message = kith_messenger_show (peer, gap->line, FALSE);
}

static void
put_line (KithPeer *peer, const KithGap *gap, KithStoreBatch *batch)
{
  KithMessage *message;

  fill_line (gap);
  kith_store_batch_put_missing (batch, gap->line);
  if (gap->line->n_missing == 0)
    {
      kith_chat_show_gone (peer->chat, gap->line->id);
      return;
    }

  message = kith_message_list_lookup (kith_conversation_get_messages (peer->conversation), gap->line->id);
  if (message != NULL)
    kith_message_set_n_missing (message, gap->line->n_missing);
}

static void
write_lines (KithPeer *peer, KithStoreBatch *batch)
{
  for (guint i = 0; i < peer->gaps->gaps->len; i++)
    {
      KithGap *gap = kith_gaps_get (peer->gaps, i);

      if (gap->changed && gap->line == NULL)
        add_line (peer, gap, batch);
      else if (gap->changed)
        put_line (peer, gap, batch);
      gap->changed = FALSE;
    }

  kith_gaps_drop_ended (peer->gaps);
}

/* Returns: (transfer full): writes what has changed, and what we have received because of it. */
static KithStoreBatch *
settle (KithPeer *peer)
{
  KithStoreBatch *batch = kith_store_batch_new ();

  write_lines (peer, batch);
  peer->row->heard_seq = peer->gaps->heard;
  peer->row->received_seq = kith_gaps_get_received (peer->gaps);
  kith_store_batch_put_contact (batch, peer->row);
  return batch;
}

/* --- Numbers -------------------------------------------------------------------------------- */

/* The store counts by itself what comes without a gap; and this program may have been started since. */
static void
catch_up (KithPeer *peer)
{
  peer->gaps->heard = MAX (peer->gaps->heard, MAX (peer->row->heard_seq, peer->row->received_seq));
}

/* Asks once in a session for what is missing. */
static void
ask_missing (KithPeer *peer)
{
  for (guint i = 0; i < peer->gaps->gaps->len; i++)
    {
      KithGap *gap = kith_gaps_get (peer->gaps, i);
      KithBodyResend resend = { .from = gap->from, .to = gap->to };

      if (gap->asked_from != 0)
        continue;
      if (!kith_peer_is_online (peer) || peer->n_resends_asked >= KITH_LIMIT_RESENDS_PER_SESSION)
        return;

      /* The newest first; what is left is asked for when these have come. */
      if (resend.to - resend.from >= KITH_LIMIT_RESEND_MESSAGES)
        resend.from = resend.to - KITH_LIMIT_RESEND_MESSAGES + 1;
      if (!kith_session_send_bytes (peer->session, KITH_RECORD_RESEND, kith_body_resend_pack (&resend)))
        return;
      gap->asked_from = resend.from;
      peer->n_resends_asked++;
    }
}

/**
 * kith_messenger_note_number: (skip)
 * @peer: a peer
 * @seq: a number of theirs that was committed
 * @hlc: of the message that has it
 *
 * Main thread.
 */
void
kith_messenger_note_number (KithPeer *peer, guint64 seq, guint64 hlc)
{
  g_autoptr (KithStoreBatch) batch = NULL;
  gboolean is_new, has_changed;
  guint64 before;

  catch_up (peer);
  before = peer->gaps->heard;
  has_changed = kith_gaps_note (peer->gaps, seq, hlc, &is_new);
  if (!has_changed && peer->gaps->heard == before)
    return; /* known */
  if (!has_changed && before == peer->row->received_seq && seq == before + 1)
    {
      peer->row->received_seq = seq; /* nearly always; the store has counted it itself */
      return;
    }

  batch = settle (peer);
  if (is_new)
    kith_node_emit_message_event (peer->node, peer->conversation, KITH_MESSAGE_EVENT_MISSING, NULL,
                                  peer->contact, NULL);
  kith_node_commit (peer->node, batch);
  ask_missing (peer);
}

/**
 * kith_messenger_forget_missing: (skip)
 * @peer: a peer whose numbers mean something else from now on
 *
 * Main thread.
 */
void
kith_messenger_forget_missing (KithPeer *peer)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  peer->row->heard_seq = 0;
  kith_gaps_give_up_all (peer->gaps);
  write_lines (peer, batch);
  kith_node_commit (peer->node, batch);
}

/* The last gap stands for it from now on. */
static void
drop_line (KithPeer *peer, const KithStoreMessage *row)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage *spare = kith_store_message_copy (row);

  spare->n_missing = 0;
  kith_store_batch_put_missing (batch, spare);
  kith_store_message_free (spare);
  kith_chat_show_gone (peer->chat, row->id);
  write_lines (peer, batch);
  kith_node_commit_lazily (peer->node, batch);
}

/**
 * kith_messenger_restore_missing: (skip)
 * @peer: a peer
 * @row: a line of its conversation; those of lower numbers came before
 *
 * What is beyond %KITH_LIMIT_MISSING_LINES becomes part of the last line. Main thread.
 */
void
kith_messenger_restore_missing (KithPeer *peer, const KithStoreMessage *row)
{
  gboolean is_spare;

  kith_gaps_restore (peer->gaps, row, &is_spare);
  if (is_spare)
    drop_line (peer, row);
}

/* --- RESEND --------------------------------------------------------------------------------- */

/**
 * kith_messenger_ask_missing_anew: (skip)
 * @peer: a peer with a new session: what is missing may be asked for again
 *
 * Main thread.
 */
void
kith_messenger_ask_missing_anew (KithPeer *peer)
{
  peer->n_resends_asked = 0;
  peer->n_resends_answered = 0;
  kith_gaps_forget_asked (peer->gaps);
  ask_missing (peer);
}

/* They do not have these any more: the line stays and says so. */
static void
take_gone (KithPeer *peer, const KithBodyResend *resend)
{
  catch_up (peer);
  if (!kith_gaps_give_up (peer->gaps, resend->from, resend->to))
    return;

  kith_messenger_count_committing (peer, 1);
  kith_store_commit_async (peer->node->store, settle (peer), NULL, kith_messenger_counted_cb,
                           kith_peer_ref (peer));
  ask_missing (peer);
}

typedef struct
{
  KithPeer           *peer;    /* (owned) */
  KithSession        *session; /* (owned) */
  KithBodyResend      resend;
  KithWaitingNumbers *waiting; /* (owned) (nullable): what comes from the outbox */
} Answer;

static void
answer_free (Answer *answer)
{
  kith_peer_unref (answer->peer);
  kith_session_unref (answer->session);
  g_clear_pointer (&answer->waiting, kith_waiting_numbers_free);
  g_free (answer);
}

/* Also an edit or a reaction waits in the outbox: they have no row among the messages, and their
 * acknowledgement may have been lost. */
static void
look_what_waits (Answer *answer)
{
  answer->waiting = kith_waiting_numbers_new (answer->resend.from, answer->resend.to);
  kith_waiting_numbers_add (answer->waiting, &answer->peer->sent);
  kith_waiting_numbers_add (answer->waiting, &answer->peer->queued);
}

/* Says of each of these numbers that has nothing that it is gone. */
static void
say_what_is_gone (Answer *answer, guint64 from, guint64 to)
{
  KithBodyResend gone = { .gone = TRUE };

  while (kith_waiting_numbers_next_others (answer->waiting, &from, to, &gone.from, &gone.to))
    kith_session_send_bytes (answer->session, KITH_RECORD_RESEND, kith_body_resend_pack (&gone));
}

static void
resend (Answer *answer, GPtrArray *rows)
{
  guint64 next = answer->resend.from;

  look_what_waits (answer);
  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (rows, i);

      /* What we deleted for ourselves only, or what has expired, is nothing to take from them. */
      if (row->seq < next || row->reason != NULL || row->deletion == KITH_STORE_GONE)
        continue;
      say_what_is_gone (answer, next, row->seq - 1);
      next = row->seq + 1;
      if (row->delivered_ms != 0 && !kith_messenger_transmit (answer->peer, row))
        return;
    }

  say_what_is_gone (answer, next, answer->resend.to);
}

static void
numbers_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;
  g_autoptr (GPtrArray) rows = kith_store_load_numbers_finish (KITH_STORE (source), result, NULL);

  if (rows != NULL && !answer->peer->removed && answer->peer->session == answer->session
      && kith_peer_is_online (answer->peer))
    resend (answer, rows);

  answer_free (answer);
}

/**
 * kith_messenger_receive_resend: (skip)
 * @peer: a contact, in its session
 * @body: (array length=len): the body of a RESEND; untrusted
 * @len: its length in bytes
 *
 * Answers from the store, as often as %KITH_LIMIT_RESENDS_PER_SESSION; or takes an answer to what we asked. Main
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
