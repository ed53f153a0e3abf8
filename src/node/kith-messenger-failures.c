/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of ours that are not tried any more: kith-failure.h says why that may be. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-messenger-private.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-failure.h"
#include "node/kith-node-private.h"

static void
fail_row (KithPeer *peer, KithStoreMessage *row, const char *code, KithStoreBatch *batch)
{
  if (kith_messenger_is_act (row))
    {
      kith_store_batch_act_arrived (batch, row); /* there is nobody to tell any more */
      return;
    }

  row->state = KITH_MESSAGE_FAILED;
  g_free (row->reason);
  row->reason = g_strdup (code);
  kith_store_batch_update_message (batch, row);
  if (row->hidden)
    kith_messenger_forget_hidden (peer, row, batch);
}

/**
 * kith_messenger_fail_queued: (skip)
 * @peer: a peer without a session
 * @code: why
 * @batch: gets what has to be stored; the caller commits, then kith_messenger_show_failed()
 *
 * Nothing that waits will be tried again. Main thread.
 */
void
kith_messenger_fail_queued (KithPeer *peer, const char *code, KithStoreBatch *batch)
{
  for (GList *link = peer->queued.rows.head; link != NULL; link = link->next)
    fail_row (peer, link->data, code, batch);
}

static void
show_one (KithPeer *peer, const KithStoreMessage *row)
{
  KithMessage *message =
    kith_message_list_lookup (kith_conversation_get_messages (peer->conversation), row->id);

  if (message == NULL || row->reason == NULL)
    return;

  kith_message_set_failed (message, row->reason, kith_failure_get_words (row->reason),
                           kith_node_now_ms (peer->node));
  kith_node_emit_message_changed (peer->node, peer->conversation, message);
}

/**
 * kith_messenger_show_failed: (skip)
 * @peer: a peer
 *
 * Empties the outbox after kith_messenger_fail_queued(). Main thread.
 */
void
kith_messenger_show_failed (KithPeer *peer)
{
  for (GList *link = peer->queued.rows.head; link != NULL; link = link->next)
    show_one (peer, link->data);

  kith_message_queue_clear (&peer->queued);
}

/**
 * kith_messenger_fail_waiting: (skip)
 * @peer: a peer without a session
 * @code: why
 *
 * Both at once: should it not be stored, all of it is tried again after the next start, and fails
 * again. Main thread.
 */
void
kith_messenger_fail_waiting (KithPeer *peer, const char *code)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  kith_messenger_fail_queued (peer, code, batch);
  kith_node_commit (peer->node, batch);
  kith_messenger_show_failed (peer);
}

/* @row: (transfer full): taken out of the outbox */
static void
fail_one (KithPeer *peer, KithStoreMessage *row, const char *code)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  fail_row (peer, row, code, batch);
  kith_node_commit (peer->node, batch);
  show_one (peer, row);
  kith_store_message_free (row);
}

/**
 * kith_messenger_fits: (skip)
 * @row: of the outbox
 *
 * Returns: whether it can be sent at all; a later version may have written it
 */
gboolean
kith_messenger_fits (const KithStoreMessage *row)
{
  return row->text == NULL || strlen (row->text) <= KITH_LIMIT_MESSAGE_TEXT_BYTES;
}

/**
 * kith_messenger_fail_next: (skip)
 * @peer: a peer
 * @code: why
 *
 * What would be sent next is not. Main thread.
 */
void
kith_messenger_fail_next (KithPeer *peer, const char *code)
{
  fail_one (peer, kith_message_queue_pop_head (&peer->queued), code);
}

/**
 * kith_messenger_blame: (skip)
 * @peer: a peer whose session has ended; before kith_messenger_session_lost()
 * @error: why
 *
 * A message that they do not understand would come again and again, and keep all others from arriving.
 * The first one that is not acknowledged is it, if sessions end over it several times in a row: what
 * was before it they have acknowledged meanwhile. Main thread.
 */
void
kith_messenger_blame (KithPeer *peer, const GError *error)
{
  const KithStoreMessage *first = kith_message_queue_peek_head (&peer->sent);

  if (!g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_UNDERSTOOD) || first == NULL)
    return;

  if (memcmp (peer->refused_id, first->id, sizeof peer->refused_id) != 0)
    {
      memcpy (peer->refused_id, first->id, sizeof peer->refused_id);
      peer->n_refusals = 0;
    }

  if (++peer->n_refusals >= KITH_LIMIT_MESSAGE_REFUSALS)
    fail_one (peer, kith_message_queue_pop_head (&peer->sent), KITH_FAILURE_NOT_UNDERSTOOD);
}
