/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Removing contacts, with what was written or without. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-directory.h"
#include "node/kith-failure.h"
#include "node/kith-group-links-private.h"
#include "node/kith-messenger-private.h"
#include "node/kith-node-private.h"
#include "node/kith-peer-session.h"
#include "node/kith-transfers.h"

static void
unfail_all (const GQueue *rows)
{
  for (GList *link = rows->head; link != NULL; link = link->next)
    {
      KithStoreMessage *row = link->data;

      row->state = KITH_MESSAGE_QUEUED;
      g_clear_pointer (&row->reason, g_free);
    }
}

/* What is left of somebody who was removed: who they were and what was written. */
static void
strip_row (KithStoreContact *row)
{
  row->relation = KITH_RELATION_REMOVED;
  row->verified = KITH_VERIFIED_NOT;
  row->verified_ms = 0;
  row->favourite = FALSE;
  row->n_endpoints = 0;
  g_clear_pointer (&row->pair_root, kith_secret_unref);
  g_clear_pointer (&row->old_pair_root, kith_secret_unref);
}

typedef struct
{
  KithPeer         *peer;   /* (owned) */
  KithStoreContact *before; /* (owned): in case that it cannot be stored */
} Removal;

static void
removal_free (Removal *removal)
{
  kith_peer_unref (removal->peer);
  kith_store_contact_free (removal->before);
  g_free (removal);
}

/* What was being changed may not be stored: what is shown of that is. */
static void
unstrip_row (KithPeer *peer, const KithStoreContact *before)
{
  KithStoreContact *row = peer->row;

  row->relation = before->relation;
  row->verified = kith_contact_get_verified (peer->contact);
  row->verified_ms = kith_contact_get_verified_ms (peer->contact);
  row->favourite = kith_contact_get_favourite (peer->contact);
  row->n_endpoints = before->n_endpoints;
  row->pair_root = before->pair_root != NULL ? kith_secret_ref (before->pair_root) : NULL;
  row->old_pair_root = before->old_pair_root != NULL ? kith_secret_ref (before->old_pair_root) : NULL;
}

static void
end_session (KithPeer *peer)
{
  kith_directory_forget (peer);
  kith_peer_close_sessions (peer, KITH_BYE_NOT_CONTACT);
}

/* What was on its way to the store when they were removed has come into the outbox since. */
static void
fail_late (KithPeer *peer)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  kith_messenger_fail_queued (peer, KITH_FAILURE_REMOVED, batch);
  kith_node_commit (peer->node, batch);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Removal *removal = g_task_get_task_data (task);
  KithPeer *peer = removal->peer;
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      unstrip_row (peer, removal->before);
      unfail_all (&peer->queued.rows);
      kith_node_peer_changed (peer);
      kith_directory_try_now (peer);
      g_task_return_error (task, error);
      return;
    }

  if (!peer->removed)
    {
      fail_late (peer);
      kith_directory_try_soon (peer); /* as a member of a group, if they are one */
      kith_contact_set_verified (peer->contact, (KithVerified) peer->row->verified,
                                 peer->row->verified_ms);
      kith_contact_set_favourite (peer->contact, peer->row->favourite);
      kith_contact_set_relation (peer->contact, KITH_RELATION_REMOVED);
      kith_peer_update_address (peer);
      kith_peer_update_presence (peer);
      kith_messenger_show_failed (peer);
      kith_node_emit_contact_changed (peer->node, peer->contact, KITH_CONTACT_CHANGE_REMOVED);
    }

  g_task_return_boolean (task, TRUE);
}

static void
remove_but_keep (KithPeer *peer, GTask *task)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  Removal *removal = g_new0 (Removal, 1);

  removal->peer = kith_peer_ref (peer);
  removal->before = kith_store_contact_copy (peer->row);
  g_task_set_task_data (task, removal, (GDestroyNotify) removal_free);

  end_session (peer);
  kith_peer_session_over (peer);
  kith_transfers_chat_left (peer->chat);
  g_clear_pointer (&peer->session, kith_session_unref); /* should they come back, it is another */
  strip_row (peer->row);
  kith_node_peer_changed (peer);
  kith_messenger_fail_queued (peer, KITH_FAILURE_REMOVED, batch);
  kith_store_batch_put_contact (batch, peer->row);
  kith_store_commit_async (peer->node->store, g_steal_pointer (&batch), NULL, kept_cb,
                           g_object_ref (task));
}

/* What is left of somebody who is blocked, or they could ask again at once: who they are, and the name that the list
 * of those people shows. */
static void
keep_block (KithPeer *peer, KithStoreBatch *batch)
{
  KithStoreContact row;

  if (!peer->row->blocked)
    return;

  kith_node_fill_demoted (peer, &row);
  kith_store_batch_put_contact (batch, &row);
}

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  KithPeer *peer = g_task_get_task_data (task);
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (g_task_get_source_tag (task) == kith_node_forget_block && !peer->removed
      && (peer->row->blocked || !kith_node_is_mere_block (peer)))
    kith_peer_commit (peer); /* they were blocked again or added meanwhile */
  else if (!peer->removed)
    {
      g_autoptr (KithStoreBatch) again = kith_store_batch_new ();
      gboolean leaves_row = peer->row->blocked || kith_co_member_is_one (self, peer->row->identity);

      end_session (peer);
      if (!leaves_row)
        kith_node_drop_peer (self, peer);
      /* What was written or received meanwhile has brought them back into the store. */
      kith_store_batch_delete_contact (again, peer->row->identity);
      keep_block (peer, again);
      kith_node_commit (self, again);
      if (leaves_row)
        kith_node_demote_peer (self, peer);
      kith_node_emit_contact_changed (self, peer->contact, KITH_CONTACT_CHANGE_REMOVED);
    }

  g_task_return_boolean (task, TRUE);
}

/**
 * kith_node_forget_block: (skip)
 * @peer: somebody of whom only a block was left, and who is not blocked any more
 *
 * Removes what is left.
 */
void
kith_node_forget_block (KithPeer *peer)
{
  g_autoptr (GTask) task = g_task_new (peer->node, NULL, NULL, NULL);
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  g_task_set_source_tag (task, kith_node_forget_block);
  g_task_set_task_data (task, kith_peer_ref (peer), (GDestroyNotify) kith_peer_unref);
  kith_store_batch_delete_contact (batch, peer->row->identity);
  kith_store_commit_async (peer->node->store, g_steal_pointer (&batch), NULL, removed_cb, g_object_ref (task));
}

static void
remove_wholly (KithPeer *peer, GTask *task)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  kith_store_batch_delete_contact (batch, peer->row->identity);
  keep_block (peer, batch);
  kith_store_commit_async (peer->node->store, g_steal_pointer (&batch), NULL, removed_cb, g_object_ref (task));
}

/* Whoever wants to keep messages keeps the contact only if there are any; and if nobody can tell. */
static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithPeer *peer = g_task_get_task_data (task);
  G_GNUC_UNUSED g_autoptr (KithPeer) keep = kith_peer_ref (peer); /* the task gets other data */
  g_autoptr (GPtrArray) rows = kith_store_load_messages_finish (KITH_STORE (source), result, NULL);

  if (peer->removed)
    g_task_return_boolean (task, TRUE);
  else if (rows != NULL && rows->len == 0 && kith_conversation_get_last_message (peer->conversation) == NULL)
    remove_wholly (peer, task);
  else
    remove_but_keep (peer, task);
}

/* What is shown as the last message may be on its way from the disk. */
static void
look_for_messages (KithPeer *peer, GTask *task)
{
  KithStoreCursor cursor = { .hlc = G_MAXUINT64 };

  memcpy (cursor.identity, peer->row->identity, sizeof cursor.identity);
  kith_store_load_messages_async (peer->node->store, &cursor, KITH_STORE_LAST, 1, NULL, looked_cb,
                                  g_object_ref (task));
}

void
kith_node_remove_async (KithNode *self, KithContact *contact, gboolean keep_history,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);

  g_task_set_source_tag (task, kith_node_remove_async);
  if (peer == NULL)
    return;

  g_task_set_task_data (task, kith_peer_ref (peer), (GDestroyNotify) kith_peer_unref);
  if (!keep_history)
    remove_wholly (peer, task);
  else if (kith_conversation_get_last_message (peer->conversation) != NULL)
    remove_but_keep (peer, task);
  else
    look_for_messages (peer, task);
}

gboolean
kith_node_remove_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
