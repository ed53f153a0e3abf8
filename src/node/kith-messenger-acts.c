/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What we say of messages: edits, deletion, reactions, the timer. Protocol 8.
 *
 * Each is committed together with what it changes here, and goes through the outbox as a message
 * does. What has not left yet is changed in the outbox itself: an edited text is replaced, a message
 * that is taken back goes as its own deletion (kith_messenger_transmit()). */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-messenger-private.h"

#include <string.h>

#include "base/kith-secret.h"
#include "node/kith-node-private.h"

KithStoreMessage *
kith_messenger_find_queued (KithPeer *peer, const guint8 *id)
{
  return kith_message_queue_find (&peer->queued, id);
}

/**
 * kith_messenger_find_waiting: (skip)
 * @peer: the other person
 * @id: of a message
 *
 * Returns: (transfer none) (nullable): its row in the outbox, whether a session has taken it or not
 */
KithStoreMessage *
kith_messenger_find_waiting (KithPeer *peer, const guint8 *id)
{
  KithStoreMessage *row = kith_messenger_find_queued (peer, id);

  return row != NULL ? row : kith_message_queue_find (&peer->sent, id);
}

static void
fill_change (KithStoreChange *change, KithPeer *peer, const guint8 *id)
{
  memcpy (change->identity, peer->row->identity, sizeof change->identity);
  memcpy (change->id, id, sizeof change->id);
}

/**
 * kith_messenger_act: (skip)
 * @peer: the other person
 * @kind: EDIT, DELETE or REACTION
 * @target: the id of a message; for EDIT and DELETE one of ours
 * @text: (nullable): valid: the new text, or the emoji; empty = none
 * @task: (transfer full): gets %TRUE after the commit
 *
 * Commits what we say of a message and what that does here, and puts it into the outbox. Main thread.
 */
void
kith_messenger_act (KithPeer *peer, KithStoreKind kind, const guint8 *target, const char *text,
                    GTask *task)
{
  KithStoreMessage *row = kith_messenger_new_row (peer, kind);
  KithStoreBatch *batch = kith_store_batch_new ();
  KithStoreChange change = { .outgoing = TRUE, .hlc = row->hlc, .time_ms = row->time_ms };

  row->has_reply_to = TRUE;
  memcpy (row->reply_to, target, sizeof row->reply_to);
  row->text = g_strdup (text != NULL ? text : "");

  fill_change (&change, peer, target);
  change.text = row->text;
  change.deletion = KITH_STORE_DELETED;
  if (kind == KITH_STORE_KIND_EDIT)
    kith_store_batch_edit_message (batch, &change);
  else if (kind == KITH_STORE_KIND_DELETE)
    kith_store_batch_delete_message (batch, &change);
  else
    kith_store_batch_react (batch, &change);

  if (kind == KITH_STORE_KIND_DELETE)
    {
      KithStoreMessage *waiting = kith_messenger_find_waiting (peer, target);

      /* Should the session end before the receipt, it is not sent once more. */
      if (waiting != NULL && waiting->deletion == KITH_STORE_KEPT)
        {
          waiting->deletion = KITH_STORE_DELETED;
          row->deletes_waiting = TRUE;
        }
    }

  kith_messenger_enqueue (peer, row, batch, task);
}

/**
 * kith_messenger_invite: (skip)
 * @peer: whom to invite
 * @invitation: (transfer full): kith_group_invitation_encode()
 * @task: (transfer full): gets %TRUE after the commit
 *
 * Puts an invitation to a group into the outbox. Main thread.
 */
void
kith_messenger_invite (KithPeer *peer, char *invitation, GTask *task)
{
  KithStoreMessage *row = kith_messenger_new_row (peer, KITH_STORE_KIND_GROUP_INVITE);

  row->text = invitation;
  kith_messenger_enqueue (peer, row, kith_store_batch_new (), task);
}

/* --- The timer ------------------------------------------------------------------------------ */

typedef struct
{
  GTask         *task;      /* (owned) */
  KithTreatment *treatment; /* (owned) */
} Timer;

static void
timer_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Timer *timer = user_data;
  g_autoptr (GTask) task = timer->task;
  GError *error = NULL;
  KithMessage *line = g_task_propagate_pointer (G_TASK (result), &error);

  kith_chat_treated (timer->treatment, error == NULL);
  if (error == NULL)
    g_task_return_pointer (task, line, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * kith_messenger_set_timer: (skip)
 * @peer: the other person
 * @ttl_s: for how long messages are kept after reading from now on; 0 = for good
 * @task: (transfer full): gets the line, a #KithMessage, after the commit
 *
 * Main thread.
 */
void
kith_messenger_set_timer (KithPeer *peer, guint32 ttl_s, GTask *task)
{
  KithStoreMessage *row = kith_messenger_new_row (peer, KITH_STORE_KIND_TIMER);
  KithStoreBatch *batch = kith_store_batch_new ();
  Timer *timer = g_new0 (Timer, 1);

  row->ttl_s = ttl_s;
  row->text = g_strdup ("");
  timer->task = task;
  timer->treatment = kith_chat_treat (peer->chat, KITH_TREATED_TTL,
                                      &(KithStoreOptions){ .ttl_s = ttl_s, .ttl_hlc = row->hlc });
  kith_store_batch_put_options (batch, row->identity, &peer->chat->options);
  kith_chat_show_options (peer->chat);
  kith_messenger_enqueue (peer, row, batch,
                          g_task_new (peer->node, NULL, timer_committed_cb, timer));
}

/* --- What has not left yet ------------------------------------------------------------------ */

typedef struct
{
  KithPeer       *peer;  /* (owned) */
  guint8          id[KITH_STORE_MESSAGE_ID_BYTES];
  char           *text;  /* (owned) (nullable) */
  KithStoreBatch *batch; /* (owned) (nullable): of a deletion, its only operation */
} Change;

static Change *
change_new (KithPeer *peer, const guint8 *id, char *text)
{
  Change *change = g_new0 (Change, 1);

  change->peer = kith_peer_ref (peer);
  memcpy (change->id, id, sizeof change->id);
  change->text = text;
  return change;
}

static void
change_free (Change *change)
{
  kith_peer_unref (change->peer);
  g_clear_pointer (&change->batch, kith_store_batch_unref);
  kith_secret_free_text (change->text);
  g_free (change);
}

static void
replaced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Change *change = g_task_get_task_data (task);
  g_autoptr (KithPeer) peer = kith_peer_ref (change->peer);
  KithStoreMessage *row = kith_messenger_find_queued (peer, change->id);
  g_autoptr (KithSecretText) text = g_strdup (change->text);
  guint8 id[KITH_STORE_MESSAGE_ID_BYTES];
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  memcpy (id, change->id, sizeof id);
  if (row != NULL)
    {
      kith_secret_free_text (row->text);
      row->text = g_strdup (text);
    }
  if (row != NULL && !row->maybe_sent)
    {
      kith_chat_show_act (peer->chat, KITH_STORE_KIND_EDIT, id, text, 0, NULL);
      g_task_return_boolean (task, TRUE);
    }
  else
    kith_messenger_act (peer, KITH_STORE_KIND_EDIT, id, text, g_steal_pointer (&task));
}

/**
 * kith_messenger_replace_text: (skip)
 * @peer: the other person
 * @id: of a message of ours that waits to be sent
 * @text: (transfer full): validated
 * @task: (transfer full): gets %TRUE after the commit
 *
 * If an older session may have had it, or one takes it meanwhile, they are told of the edit too. Main
 * thread.
 */
void
kith_messenger_replace_text (KithPeer *peer, const guint8 *id, char *text, GTask *task)
{
  KithStoreBatch *batch = kith_store_batch_new ();
  KithStoreChange change = { .outgoing = TRUE, .text = text };

  fill_change (&change, peer, id);
  kith_store_batch_edit_message (batch, &change);
  g_task_set_task_data (task, change_new (peer, id, text), (GDestroyNotify) change_free);
  kith_store_commit_async (peer->node->store, batch, NULL, replaced_cb, task);
}

static void
cancelled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Change *change = g_task_get_task_data (task);
  KithStoreMessage *row = kith_messenger_find_waiting (change->peer, change->id);
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      if (row != NULL)
        row->deletion = KITH_STORE_KEPT;
      g_task_return_error (task, error);
      return;
    }

  if (row != NULL)
    g_clear_pointer (&row->text, kith_secret_free_text);
  if (!change->peer->removed)
    {
      kith_conversation_forget_unread (change->peer->conversation, change->id,
                                       kith_store_batch_was_unread (change->batch, 0));
      kith_chat_show_gone (change->peer->chat, change->id);
    }
  g_task_return_boolean (task, TRUE);
}

static void
commit_deletion (KithPeer *peer, const guint8 *id, gboolean outgoing, GTask *task)
{
  KithStoreBatch *batch = kith_store_batch_new ();
  KithStoreChange change = { .outgoing = outgoing, .deletion = KITH_STORE_GONE };
  Change *shown = change_new (peer, id, NULL);

  fill_change (&change, peer, id);
  change.time_ms = kith_node_now_ms (peer->node);
  kith_store_batch_delete_message (batch, &change);
  shown->batch = kith_store_batch_ref (batch);
  g_task_set_task_data (task, shown, (GDestroyNotify) change_free);
  kith_store_commit_async (peer->node->store, batch, NULL, cancelled_cb, task);
}

/**
 * kith_messenger_cancel: (skip)
 * @peer: the other person
 * @id: of a message of ours that waits to be sent
 * @task: (transfer full): gets %TRUE after the commit
 *
 * From now on its text does not leave; only its number and its deletion do. Main thread.
 */
void
kith_messenger_cancel (KithPeer *peer, const guint8 *id, GTask *task)
{
  KithStoreMessage *row = kith_messenger_find_waiting (peer, id);

  if (row != NULL)
    row->deletion = KITH_STORE_GONE;
  commit_deletion (peer, id, TRUE, task);
}

/**
 * kith_messenger_forget: (skip)
 * @peer: the other person
 * @id: of a message
 * @outgoing: whether it is ours
 * @task: (transfer full): gets %TRUE after the commit
 *
 * Deletes a message here and nowhere else; of one that waits, kith_messenger_hide(). Main thread.
 */
void
kith_messenger_forget (KithPeer *peer, const guint8 *id, gboolean outgoing, GTask *task)
{
  commit_deletion (peer, id, outgoing, task);
}

static void
hidden_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Change *change = g_task_get_task_data (task);
  KithStoreMessage *row = kith_messenger_find_waiting (change->peer, change->id);
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      if (row != NULL)
        row->hidden = FALSE;
      g_task_return_error (task, error);
      return;
    }

  if (!change->peer->removed)
    kith_chat_show_gone (change->peer->chat, change->id);
  g_task_return_boolean (task, TRUE);
}

/**
 * kith_messenger_hide: (skip)
 * @peer: the other person
 * @id: of a message of ours that waits for its acknowledgement
 * @task: (transfer full): gets %TRUE after the commit
 *
 * From now on it is not seen here. They still get it; then nothing of it is kept. Main thread.
 */
void
kith_messenger_hide (KithPeer *peer, const guint8 *id, GTask *task)
{
  KithStoreMessage *row = kith_messenger_find_waiting (peer, id);
  KithStoreBatch *batch = kith_store_batch_new ();
  KithStoreChange change = { .outgoing = TRUE, .hide = TRUE };

  if (row != NULL)
    row->hidden = TRUE;
  fill_change (&change, peer, id);
  kith_store_batch_delete_message (batch, &change);
  g_task_set_task_data (task, change_new (peer, id, NULL), (GDestroyNotify) change_free);
  kith_store_commit_async (peer->node->store, batch, NULL, hidden_cb, task);
}

/* --- Trying again --------------------------------------------------------------------------- */

typedef struct
{
  KithPeer         *peer; /* (owned) */
  KithStoreMessage *row;  /* (owned) (nullable) when the outbox has it */
} Retry;

static void
retry_free (Retry *retry)
{
  kith_peer_unref (retry->peer);
  kith_store_message_free (retry->row);
  g_free (retry);
}

static void
queued_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Retry *retry = g_task_get_task_data (task);
  KithPeer *peer = retry->peer;
  KithMessage *message;
  GError *error = NULL;
  gboolean committed = kith_store_commit_finish (KITH_STORE (source), result, &error);

  kith_messenger_settle_number (peer, retry->row->seq, committed);
  if (!committed)
    {
      g_task_return_error (task, error);
      return;
    }

  message = kith_message_list_lookup (kith_conversation_get_messages (peer->conversation),
                                      retry->row->id);
  if (message != NULL)
    {
      kith_message_set_queued_again (message, kith_node_now_ms (peer->node));
      kith_node_emit_message_changed (peer->node, peer->conversation, message);
    }
  kith_message_queue_push_tail (&peer->queued, g_steal_pointer (&retry->row));
  kith_messenger_pump (peer);
  g_task_return_boolean (task, TRUE);
}

/**
 * kith_messenger_retry: (skip)
 * @peer: the recipient
 * @row: a message of ours that failed
 * @task: (transfer full): gets %TRUE after the commit
 *
 * Puts it into the outbox again, behind the others. Main thread.
 */
void
kith_messenger_retry (KithPeer *peer, const KithStoreMessage *row, GTask *task)
{
  KithStoreBatch *batch = kith_store_batch_new ();
  Retry *retry = g_new0 (Retry, 1);

  retry->peer = kith_peer_ref (peer);
  retry->row = kith_store_message_copy (row);
  retry->row->seq = peer->row->next_seq++;
  retry->row->state = KITH_MESSAGE_QUEUED;
  retry->row->sent_ms = 0;
  g_clear_pointer (&retry->row->reason, g_free);
  kith_store_batch_queue_again (batch, retry->row);
  kith_store_batch_numbered (batch, peer->row->identity, peer->row->next_seq);
  peer->n_sending++;
  g_task_set_task_data (task, retry, (GDestroyNotify) retry_free);
  kith_store_commit_async (peer->node->store, batch, NULL, queued_again_cb, task);
}
