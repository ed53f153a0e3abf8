/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a node begins with what was stored, and how it ends. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-dial-back.h"
#include "node/kith-directory.h"
#include "node/kith-expiry.h"
#include "node/kith-group-host.h"
#include "node/kith-messenger.h"
#include "node/kith-networking.h"
#include "node/kith-node-history-private.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-private.h"
#include "node/kith-node-profile.h"
#include "node/kith-node-requests.h"
#include "node/kith-restored-files.h"
#include "node/kith-transfers.h"

/* --- Opening -------------------------------------------------------------------------------- */

/* Those of the conversations that are there by now: groups come after the contacts. */
static void
restore_files (KithNode *self, const KithStoreSnapshot *snapshot)
{
  for (guint i = 0; i < snapshot->transfers->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (snapshot->transfers, i);
      KithChat *chat = kith_node_lookup_chat (self, row->identity);

      if (chat != NULL)
        kith_transfers_present (chat, row);
    }
}

static void
restore_conversations (KithNode *self, const KithStoreSnapshot *snapshot)
{
  for (guint i = 0; i < snapshot->conversations->len; i++)
    {
      const KithStoreConversation *row = g_ptr_array_index (snapshot->conversations, i);
      KithPeer *peer = kith_node_lookup_peer (self, row->identity);

      if (peer != NULL)
        kith_messenger_restore (peer, row);
    }

  for (guint i = 0; i < snapshot->missing->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (snapshot->missing, i);
      KithPeer *peer = kith_node_lookup_peer (self, row->identity);

      if (peer != NULL)
        kith_messenger_restore_missing (peer, row);
    }

  if (snapshot->next_expiry_ms != 0)
    kith_expiry_expect (self, snapshot->next_expiry_ms);

  restore_files (self, snapshot);
  for (guint i = 0; i < snapshot->outbox->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (snapshot->outbox, i);
      KithPeer *peer = kith_node_lookup_peer (self, row->identity);

      if (peer != NULL)
        kith_messenger_restore_waiting (peer, row);
    }
}

static void
restore (KithNode *self, const KithStoreSnapshot *snapshot)
{
  for (guint i = 0; i < snapshot->contacts->len; i++)
    kith_node_add_peer (self, g_ptr_array_index (snapshot->contacts, i));

  for (guint i = 0; i < snapshot->devices->len; i++)
    kith_node_remember_device (self, g_ptr_array_index (snapshot->devices, i));

  for (guint i = 0; i < snapshot->requests->len; i++)
    kith_node_restore_request (self, g_ptr_array_index (snapshot->requests, i));

  restore_conversations (self, snapshot);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  GError *error = NULL;

  snapshot = kith_store_load_finish (KITH_STORE (source), result, &error);
  if (snapshot == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  kith_node_take_settings (self, snapshot->settings);
  kith_expiry_start (self);
  if (snapshot->profile != NULL)
    {
      kith_node_refresh_profile (self, snapshot->profile);
      restore (self, snapshot);
      if (!kith_node_adopt_profile (self, snapshot->profile, &error))
        {
          g_task_return_error (task, error);
          return;
        }
      kith_node_restore_invites (self, snapshot->invites);
      kith_groups_restore (self, snapshot);
      restore_files (self, snapshot);
      kith_restored_files_look (self);
    }

  g_task_return_boolean (task, TRUE);
}

void
kith_node_open_async (KithNode *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                      gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_node_open_async);
  kith_store_load_async (self->store, cancellable, loaded_cb, task);
}

gboolean
kith_node_open_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Shutting down -------------------------------------------------------------------------- */

static void
transcripts_ended_cb (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_task_return_boolean (task, TRUE);
}

/* Readable files, above all, should not be there any more when it is said that all is closed; but no disk may keep
 * the key from being forgotten. */
static void
partials_gone_cb (gpointer user_data)
{
  KithNode *self = g_task_get_source_object (user_data);

  kith_node_await_transcripts (self, kith_transfers_get_wait_ms (self->transfers), transcripts_ended_cb, user_data);
}

/* What could not be stored was reported where it failed. */
static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  KithNode *self = g_task_get_source_object (task);

  kith_store_commit_finish (KITH_STORE (source), result, NULL);
  kith_node_forget_secrets (self);
  kith_transfers_await_partials (self->transfers, partials_gone_cb, task);
}

/* All sessions are gone, or had their time: an empty batch comes back after every earlier one. None comes
 * later, which would have what is wiped then. */
static void
finish_shutdown (KithNode *self)
{
  g_autoptr (KithStore) store = NULL;

  kith_source_clear (&self->shutdown_timer);
  if (self->sessions != NULL)
    kith_session_table_abort_all (self->sessions);
  kith_node_connect_end_all (self);
  kith_node_flush_drafts (self);
  store = g_steal_pointer (&self->store);
  self->store = kith_store_new_closed ();
  kith_store_commit_async (store, kith_store_batch_new (), NULL, flushed_cb,
                           g_steal_pointer (&self->shutdown));
}

void
kith_node_session_gone (KithNode *self)
{
  if (self->shutdown != NULL && kith_node_get_n_sessions (self) == 0
      && kith_networking_is_stopped (self->networking))
    finish_shutdown (self);
}

static void
stop_everything (KithNode *self)
{
  GHashTableIter iter;
  gpointer peer;

  self->closing = TRUE;
  kith_node_stop_transcripts (self);
  kith_transfers_stop (self->transfers);
  kith_networking_stop (self->networking);
  kith_dial_back_stop (self->dial_back);
  kith_node_end_joins (self);
  kith_groups_stop (self);
  kith_node_unlisten (self);
  g_hash_table_remove_all (self->refusals);
  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    kith_directory_forget (peer);
}

static gboolean
shutdown_deadline_cb (gpointer user_data)
{
  KithNode *self = user_data;

  if (!self->closing)
    stop_everything (self);
  finish_shutdown (self);
  return G_SOURCE_REMOVE;
}

/* What was asked for a moment ago, as to delete a message, is on its way to the disk now. */
static void
heard_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithNode *self = KITH_NODE (source);

  kith_node_await_writes_finish (self, result, NULL);
  if (self->shutdown == NULL || self->closing)
    return;

  stop_everything (self);
  if (kith_node_get_n_sessions (self) == 0 && kith_networking_is_stopped (self->networking))
    finish_shutdown (self);
  else if (self->sessions != NULL)
    kith_session_table_close_all (self->sessions, KITH_BYE_SHUTDOWN);
}

void
kith_node_shutdown_async (KithNode *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, kith_node_shutdown_async);
  if (self->shutdown != NULL)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  self->shutdown = g_steal_pointer (&task);
  kith_transfers_store (self->transfers);
  kith_source_start (&self->shutdown_timer, KITH_LIMIT_SHUTDOWN_MS, shutdown_deadline_cb, self);
  kith_node_await_writes_async (self, heard_out_cb, NULL);
}

gboolean
kith_node_shutdown_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Drops everything as kill -9 would: sockets close without a BYE. For scenarios. */
void
kith_node_abandon (KithNode *self)
{
  stop_everything (self);
  if (self->sessions != NULL)
    kith_session_table_abort_all (self->sessions);
  kith_node_connect_end_all (self);
}
