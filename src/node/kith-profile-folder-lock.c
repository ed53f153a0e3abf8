/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locking: the node ends, then the store, and what is written of a backup. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-profile-folder-private.h"

#include "base/kith-limits.h"
#include "base/kith-source.h"

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithProfileFolder) self = user_data;

  kith_store_close_finish (KITH_STORE (source), result, &self->lock_error);
  g_clear_object (&self->store);
  g_clear_object (&self->node);
  self->is_closing = FALSE;
  self->was_open = TRUE;
  kith_profile_folder_go_on_locking (self);
}

static void
shut_down_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithProfileFolder *self = user_data;

  kith_node_shutdown_finish (KITH_NODE (source), result, NULL);
  kith_store_close_async (self->store, closed_cb, self);
}

/* Whoever hears that it is locked may let the computer sleep: by then the sessions, the store and its keys are gone,
 * and the key that a change of the passphrase has at hand; and what was written of a backup, or it had its time. */
void
kith_profile_folder_go_on_locking (KithProfileFolder *self)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  if (self->locking == NULL || self->is_closing || self->exporting != NULL || self->is_changing)
    return;

  task = g_steal_pointer (&self->locking);
  error = g_steal_pointer (&self->lock_error);
  kith_source_clear (&self->patience);
  /* It is locked in any case; but whoever wants to unlock it again has to hear that it is away. */
  kith_profile_folder_look (self, self->was_open && error == NULL ? &error : NULL);
  if (self->was_open)
    g_object_notify (G_OBJECT (self), "node");
  if (error == NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

/* A disk that hangs may never answer: what it has of a backup goes behind that, and needs nothing of ours. */
static gboolean
waited_too_long_cb (gpointer user_data)
{
  g_info ("A backup takes too long to give up");
  kith_profile_folder_leave_export (user_data);
  return G_SOURCE_REMOVE;
}

/* The backup ends beside the node: neither has to wait for the other. */
static void
begin_locking (KithProfileFolder *self)
{
  self->was_export_stopped = FALSE;
  self->left_export = NULL;
  self->was_open = FALSE;
  if (self->exporting != NULL)
    {
      kith_source_start (&self->patience, KITH_LIMIT_BACKUP_WAIT_MS, waited_too_long_cb, self);
      kith_profile_folder_cancel_export (self);
    }
  if (self->node != NULL)
    {
      self->is_closing = TRUE;
      kith_node_shutdown_async (self->node, shut_down_cb, g_object_ref (self));
    }
  kith_profile_folder_go_on_locking (self);
}

void
kith_profile_folder_lock_async (KithProfileFolder *self, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, kith_profile_folder_lock_async);
  if (self->state == KITH_PROFILE_NEW
      || (self->state == KITH_PROFILE_LOCKED && !self->is_changing && self->exporting == NULL))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (!kith_profile_folder_begin (self, self->state == KITH_PROFILE_LOCKED ? KITH_PROFILE_LOCKED
                                                                           : KITH_PROFILE_UNLOCKED, task))
    return;

  self->locking = g_steal_pointer (&task);
  begin_locking (self);
}

gboolean
kith_profile_folder_lock_finish (KithProfileFolder *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
