/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes: those whose outcome somebody waits for, those of which only a failure is told, and waiting for
 * all of these at once. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-private.h"

#include "base/kith-error.h"

/* Whoever waits for what was written before hears of the first that was not. */
static void
tell_awaiting (KithNode *self, const GError *error)
{
  for (guint i = 0; self->awaiting_writes != NULL && i < self->awaiting_writes->len; i++)
    {
      GTask *task = g_ptr_array_index (self->awaiting_writes, i);

      if (g_task_get_task_data (task) == NULL)
        g_task_set_task_data (task, g_error_copy (error), (GDestroyNotify) g_error_free);
    }
}

void
kith_node_write_failed (KithNode *self, const GError *error)
{
  tell_awaiting (self, error);
  /* What comes after the end is not kept, and nobody is there to hear of it. */
  if (!self->closing || !g_error_matches (error, KITH_ERROR, KITH_ERROR_CLOSED))
    kith_node_emit_warning (self, error);
}

static void
committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithNode) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    kith_node_write_failed (self, error);
}

/* @batch: (transfer none) */
void
kith_node_commit (KithNode *self, KithStoreBatch *batch)
{
  if (kith_store_batch_get_length (batch) > 0)
    kith_store_commit_async (self->store, kith_store_batch_ref (batch), NULL, committed_cb,
                             g_object_ref (self));
}

void
kith_node_commit_lazily (KithNode *self, KithStoreBatch *batch)
{
  if (kith_store_batch_get_length (batch) > 0)
    kith_store_commit_lazily_async (self->store, kith_store_batch_ref (batch), committed_cb,
                                    g_object_ref (self));
}

static void
committed_for_task_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (kith_store_commit_finish (KITH_STORE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kith_node_commit_for_task (KithNode *self, KithStoreBatch *batch, GTask *task)
{
  kith_store_commit_async (self->store, batch, NULL, committed_for_task_cb, task);
}

/* --- Waiting for all that was written ------------------------------------------------------- */

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  const GError *failure = g_task_get_task_data (task);
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error) && failure == NULL)
    g_task_return_error (task, error);
  else if (failure != NULL)
    {
      g_clear_error (&error);
      g_task_return_error (task, g_error_copy (failure));
    }
  else
    g_task_return_boolean (task, TRUE);
  g_ptr_array_remove (self->awaiting_writes, task);
}

/* The store keeps the order of all calls: when a commit of nothing is answered, those before it were. Drafts wait for
 * nothing else then. */
void
kith_node_await_writes_async (KithNode *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, kith_node_await_writes_async);
  if (self->awaiting_writes == NULL)
    self->awaiting_writes = g_ptr_array_new ();
  g_ptr_array_add (self->awaiting_writes, task);
  kith_node_flush_drafts (self);
  kith_store_commit_async (self->store, kith_store_batch_new (), NULL, written_cb, task);
}

gboolean
kith_node_await_writes_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
answer_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (kith_node_await_writes_finish (KITH_NODE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kith_node_answer_when_written (KithNode *self, GTask *task)
{
  kith_node_await_writes_async (self, answer_cb, task);
}
