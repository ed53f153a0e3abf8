/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file, of either direction: how it stands, and what is stored and told of that. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-parcel.h"

#include <string.h>

#include "base/kith-error.h"
#include "node/kith-explain.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"

/* Below GTK's redraw, which has 120. */
#define WORK_PRIORITY 200

/* What was received is found on the disk: what is stored only tells how much there may be. */
#define STORE_PROGRESS_US (5 * G_USEC_PER_SEC)

/**
 * kith_parcel_new: (skip)
 * @owner: the table that it will be added to
 * @peer: who sends or gets it
 * @row: its message with the file
 * @model: (transfer none): what the faces see of it
 *
 * Returns: (transfer full): a parcel at rest
 */
KithParcel *
kith_parcel_new (KithTransfers *owner, KithPeer *peer, const KithStoreMessage *row,
                 KithTransfer *model)
{
  KithParcel *self = g_new0 (KithParcel, 1);

  g_ref_count_init (&self->ref_count);
  self->owner = owner;
  self->peer = kith_peer_ref (peer);
  self->row = kith_store_message_copy (row);
  g_clear_pointer (&self->row->file->content, g_bytes_unref);
  self->model = g_object_ref (model);
  self->cancellable = g_cancellable_new ();
  self->pieces = g_ptr_array_new_with_free_func ((GDestroyNotify) g_byte_array_unref);
  return self;
}

/**
 * kith_parcel_ref: (skip)
 * @self: a parcel
 *
 * Returns: (transfer full): @self
 */
KithParcel *
kith_parcel_ref (KithParcel *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * kith_parcel_unref: (skip)
 * @self: (transfer full): a parcel
 */
void
kith_parcel_unref (KithParcel *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->source, kith_file_source_unref);
  g_clear_pointer (&self->sink, kith_file_sink_unref);
  g_clear_pointer (&self->leaves, g_byte_array_unref);
  g_ptr_array_unref (self->pieces);
  g_object_unref (self->cancellable);
  g_object_unref (self->model);
  kith_store_message_free (self->row);
  kith_peer_unref (self->peer);
  g_free (self);
}

/**
 * kith_parcel_is_incoming: (skip)
 * @self: a parcel
 *
 * Returns: whether it is theirs
 */
gboolean
kith_parcel_is_incoming (KithParcel *self)
{
  return !self->row->outgoing;
}

/* --- What is stored ------------------------------------------------------------------------- */

/* What has to be known from the start: what is not over, what they have not heard of, and what can
 * be tried again. */
static gboolean
is_live (KithParcel *self)
{
  KithTransferState state = kith_transfer_get_state (self->model);

  return state < KITH_TRANSFER_DONE || state == KITH_TRANSFER_FAILED || !self->row->file->told;
}

/**
 * kith_parcel_store: (skip)
 * @self: a parcel
 *
 * Writes down how it stands.
 */
void
kith_parcel_store (KithParcel *self)
{
  g_autoptr (KithStoreBatch) batch = NULL;

  self->row->file->state = kith_transfer_get_state (self->model);
  self->row->file->live = is_live (self);
  self->row->file->done_bytes = kith_transfer_get_done_bytes (self->model);
  if (!self->stored || self->owner == NULL)
    return;

  self->stored_us = kith_env_monotonic_us (self->owner->node->env);
  batch = kith_store_batch_new ();
  kith_store_batch_put_transfer (batch, self->row);
  kith_node_commit (self->owner->node, batch);
}

/* --- How it stands -------------------------------------------------------------------------- */

/**
 * kith_parcel_set_state: (skip)
 * @self: a parcel
 * @state: how it stands from now on
 */
void
kith_parcel_set_state (KithParcel *self, KithTransferState state)
{
  if (kith_transfer_get_state (self->model) == state)
    return;

  kith_transfer_set_state (self->model, state);
  kith_parcel_store (self);
  if (self->owner != NULL)
    kith_transfers_emit_changed (self->owner, self->model, "state");
}

/**
 * kith_parcel_fail: (skip)
 * @self: a parcel
 * @error: why
 *
 * It can be tried again.
 */
void
kith_parcel_fail (KithParcel *self, const GError *error)
{
  KithError code = kith_error_code_from_gerror (error);
  g_autofree char *words = kith_explain_file (error, self->row->outgoing);

  g_free (self->row->file->error);
  self->row->file->error = g_strdup (kith_error_get_name (code));
  kith_transfer_set_error (self->model, words);
  kith_parcel_set_state (self, KITH_TRANSFER_FAILED);
}

/**
 * kith_parcel_clear_error: (skip)
 * @self: a parcel that is tried again
 */
void
kith_parcel_clear_error (KithParcel *self)
{
  g_clear_pointer (&self->row->file->error, g_free);
  kith_transfer_set_error (self->model, NULL);
}

/**
 * kith_parcel_progress: (skip)
 * @self: a parcel that runs
 * @done_bytes: how much is done
 */
void
kith_parcel_progress (KithParcel *self, guint64 done_bytes)
{
  gint64 now_us = g_get_monotonic_time ();

  if (self->owner == NULL)
    return;
  if (kith_transfer_progress (self->model, MIN (done_bytes, self->row->file->size), now_us))
    kith_transfers_emit_changed (self->owner, self->model, "progress");
  if (self->stored && now_us - self->stored_us > STORE_PROGRESS_US)
    {
      kith_parcel_store (self);
      self->stored_us = now_us;
    }
}

/**
 * kith_parcel_say: (skip)
 * @self: a parcel
 * @status: what the other side shall know of it
 *
 * What cannot be said now is said when they come.
 */
void
kith_parcel_say (KithParcel *self, KithFileStatus status)
{
  KithBodyFileState body = { .status = status, .has_offer = TRUE };

  if (!self->stored || !kith_peer_is_online (self->peer))
    return;

  memcpy (body.root, self->row->file->root, sizeof body.root);
  memcpy (body.offer.bytes, self->row->id, sizeof body.offer.bytes);
  kith_session_send_bytes (self->peer->session, KITH_RECORD_FILE_STATE,
                           kith_body_file_state_pack (&body));
}

/* --- Worker threads ------------------------------------------------------------------------- */

/**
 * kith_parcel_run: (skip)
 * @self: a parcel for which no worker thread is at work
 * @work: what to do there; its source object is %NULL, its cancellable that of @self
 * @data: (transfer full) (nullable): the task's data
 * @free_data: (nullable): frees it
 * @callback: gets @self (transfer full) on the main loop
 */
void
kith_parcel_run (KithParcel *self, GTaskThreadFunc work, gpointer data, GDestroyNotify free_data,
                 GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, callback, kith_parcel_ref (self));

  self->working = TRUE;
  g_task_set_priority (task, WORK_PRIORITY);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, data, free_data);
  g_task_run_in_thread (task, work);
}

static void
remove_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  kith_file_sink_remove (data);
  g_task_return_boolean (task, TRUE);
}

/**
 * kith_parcel_remove_partial: (skip)
 * @self: a parcel of theirs that is given up, and that no worker thread has
 *
 * Deletes what was received of it.
 */
void
kith_parcel_remove_partial (KithParcel *self)
{
  g_autoptr (GTask) task = NULL;

  g_clear_pointer (&self->sink, kith_file_sink_unref);
  if (self->row->file->path == NULL || !kith_parcel_is_incoming (self))
    return;

  task = g_task_new (NULL, NULL, NULL, NULL);
  g_task_set_task_data (task, g_steal_pointer (&self->row->file->path), g_free);
  g_task_run_in_thread (task, remove_thread);
}
