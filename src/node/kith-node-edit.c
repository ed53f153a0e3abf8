/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Editing, blocking and removing contacts. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-text.h"
#include "node/kith-directory.h"
#include "node/kith-failure.h"
#include "node/kith-group-links-private.h"
#include "node/kith-messenger-private.h"
#include "node/kith-node-private.h"
#include "node/kith-peer-session.h"
#include "node/kith-transfers.h"

KithPeer *
kith_node_peer_for_task (KithNode *self, KithContact *contact, GTask *task)
{
  KithPeer *peer = kith_node_lookup_peer (self, kith_contact_get_identity (contact));

  if (peer == NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "This contact was removed");

  return peer;
}

/* --- Editing -------------------------------------------------------------------------------- */

/* The row is changed and committed; the faces see the change after that. */
typedef struct
{
  KithPeer   *peer; /* (owned) */
  const char *change;
} Edit;

static void
edit_free (Edit *edit)
{
  kith_peer_unref (edit->peer);
  g_free (edit);
}

static void
show_row (KithPeer *peer)
{
  kith_contact_set_alias (peer->contact, peer->row->alias);
  kith_contact_set_note (peer->contact, peer->row->note);
  kith_contact_set_verified (peer->contact, (KithVerified) peer->row->verified,
                             peer->row->verified_ms);
  kith_contact_set_favourite (peer->contact, peer->row->favourite);
  kith_contact_set_blocked (peer->contact, peer->row->blocked);
}

static void
edit_committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Edit *edit = g_task_get_task_data (task);
  KithPeer *peer = edit->peer;
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (!peer->removed)
    {
      show_row (peer);
      kith_node_emit_contact_changed (peer->node, peer->contact, edit->change);
    }
  g_task_return_boolean (task, TRUE);
}

static void
commit_edit (KithPeer *peer, GTask *task, const char *change)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  Edit *edit = g_new0 (Edit, 1);

  edit->peer = kith_peer_ref (peer);
  edit->change = change;
  g_task_set_task_data (task, edit, (GDestroyNotify) edit_free);
  kith_store_batch_put_contact (batch, peer->row);
  kith_store_commit_async (peer->node->store, g_steal_pointer (&batch), NULL, edit_committed_cb,
                           g_object_ref (task));
}

void
kith_node_set_alias_async (KithNode *self, KithContact *contact, const char *alias,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);
  g_autofree char *clean = NULL;

  g_task_set_source_tag (task, kith_node_set_alias_async);
  if (peer == NULL)
    return;

  if (alias != NULL && *alias != '\0')
    {
      clean = kith_text_sanitize_name (alias);
      if (clean == NULL)
        {
          g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID,
                                   "There is nothing to show in this name");
          return;
        }
    }

  g_free (peer->row->alias);
  peer->row->alias = g_steal_pointer (&clean);
  commit_edit (peer, task, "alias");
}

gboolean
kith_node_set_alias_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_node_set_note_async (KithNode *self, KithContact *contact, const char *note,
                          GCancellable *cancellable, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);
  g_autofree char *trimmed = g_strstrip (g_strdup (note != NULL ? note : ""));

  g_task_set_source_tag (task, kith_node_set_note_async);
  if (peer == NULL)
    return;

  if (!g_utf8_validate (trimmed, -1, NULL))
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "The note is not UTF-8");
      return;
    }
  if (strlen (trimmed) > KITH_LIMIT_NOTE_BYTES)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_TOO_BIG, "The note is too long");
      return;
    }

  g_free (peer->row->note);
  peer->row->note = *trimmed != '\0' ? g_steal_pointer (&trimmed) : NULL;
  commit_edit (peer, task, "note");
}

gboolean
kith_node_set_note_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_node_set_verified_async (KithNode *self, KithContact *contact, KithVerified verified,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);

  g_task_set_source_tag (task, kith_node_set_verified_async);
  if (peer == NULL)
    return;

  peer->row->verified = verified;
  peer->row->verified_ms = verified != KITH_VERIFIED_NOT ? kith_node_now_ms (self) : 0;
  commit_edit (peer, task, "verified");
}

gboolean
kith_node_set_verified_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
kith_node_set_favourite_async (KithNode *self, KithContact *contact, gboolean favourite,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);

  g_task_set_source_tag (task, kith_node_set_favourite_async);
  if (peer == NULL)
    return;

  peer->row->favourite = favourite;
  commit_edit (peer, task, "favourite");
}

gboolean
kith_node_set_favourite_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Blocking takes effect at once: nothing more may come in while it is written down. */
void
kith_node_set_blocked_async (KithNode *self, KithContact *contact, gboolean blocked,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);

  g_task_set_source_tag (task, kith_node_set_blocked_async);
  if (peer == NULL)
    return;

  peer->row->blocked = blocked;
  if (blocked)
    {
      kith_directory_forget (peer);
      /* They cannot tell it from our going offline. */
      kith_peer_close_sessions (peer, KITH_BYE_SHUTDOWN);
    }
  else
    kith_directory_try_now (peer);
  kith_node_peer_changed (peer);
  commit_edit (peer, task, "blocked");
}

gboolean
kith_node_set_blocked_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Removing ------------------------------------------------------------------------------- */

static void
unfail_all (GQueue *queue)
{
  for (GList *link = queue->head; link != NULL; link = link->next)
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

static void
unstrip_row (KithStoreContact *row, const KithStoreContact *before)
{
  row->relation = before->relation;
  row->verified = before->verified;
  row->verified_ms = before->verified_ms;
  row->favourite = before->favourite;
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
      unstrip_row (peer->row, removal->before);
      unfail_all (&peer->queued);
      kith_node_peer_changed (peer);
      kith_directory_try_now (peer);
      g_task_return_error (task, error);
      return;
    }

  if (!peer->removed)
    {
      fail_late (peer);
      kith_directory_try_soon (peer); /* as a member of a group, if they are one */
      show_row (peer);
      kith_contact_set_relation (peer->contact, KITH_RELATION_REMOVED);
      kith_peer_update_address (peer);
      kith_peer_update_presence (peer);
      kith_messenger_show_failed (peer);
      kith_node_emit_contact_changed (peer->node, peer->contact, "removed");
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

  if (!peer->removed)
    {
      g_autoptr (KithStoreBatch) again = kith_store_batch_new ();

      end_session (peer);
      if (kith_group_people_is_member (self, peer->row->identity))
        {
          kith_node_demote_peer (self, peer);
          kith_node_emit_contact_changed (self, peer->contact, "removed");
          g_task_return_boolean (task, TRUE);
          return;
        }
      kith_node_drop_peer (self, peer);
      /* What was written or received meanwhile has brought them back into the store. */
      kith_store_batch_delete_contact (again, peer->row->identity);
      kith_node_commit (self, again);
      kith_node_emit_contact_changed (self, peer->contact, "removed");
    }

  g_task_return_boolean (task, TRUE);
}

void
kith_node_remove_async (KithNode *self, KithContact *contact, gboolean keep_history,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithPeer *peer = kith_node_peer_for_task (self, contact, task);
  g_autoptr (KithStoreBatch) batch = NULL;

  g_task_set_source_tag (task, kith_node_remove_async);
  if (peer == NULL)
    return;

  g_task_set_task_data (task, kith_peer_ref (peer), (GDestroyNotify) kith_peer_unref);
  if (keep_history && kith_conversation_get_last_message (peer->conversation) != NULL)
    {
      remove_but_keep (peer, task);
      return;
    }

  batch = kith_store_batch_new ();
  kith_store_batch_delete_contact (batch, peer->row->identity);
  kith_store_commit_async (self->store, g_steal_pointer (&batch), NULL, removed_cb,
                           g_object_ref (task));
}

gboolean
kith_node_remove_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
