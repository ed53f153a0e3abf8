/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One file, of either direction: how it stands, and what is stored and told of that. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-parcel.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-source.h"
#include "node/kith-explain.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"

#define PARTIAL_RANDOM_BYTES 12

/* Below GTK's redraw, which has 120. */
#define WORK_PRIORITY 200

/* What was received is found on the disk: what is stored only tells how much there may be. */
#define STORE_PROGRESS_US (5 * G_USEC_PER_SEC)

/**
 * kith_parcel_new: (skip)
 * @owner: the table that it will be added to
 * @chat: where it is offered
 * @row: its message with the file
 * @model: (transfer none): what the faces see of it
 *
 * Returns: (transfer full): a parcel at rest
 */
KithParcel *
kith_parcel_new (KithTransfers *owner, KithChat *chat, const KithStoreMessage *row,
                 KithTransfer *model)
{
  KithParcel *self = g_new0 (KithParcel, 1);

  g_ref_count_init (&self->ref_count);
  self->owner = owner;
  self->chat = kith_chat_ref (chat);
  self->shared = chat->peer == NULL;
  kith_parcel_set_peer (self, chat->peer);
  self->row = kith_store_message_copy (row);
  g_clear_pointer (&self->row->file->content, g_bytes_unref);
  self->model = g_object_ref (model);
  self->cancellable = g_cancellable_new ();
  self->partials = kith_partials_ref (owner->partials);
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

  kith_source_clear (&self->resume);
  g_clear_pointer (&self->source, kith_file_source_unref);
  g_clear_pointer (&self->sink, kith_file_sink_unref);
  g_clear_pointer (&self->leaves, g_byte_array_unref);
  g_ptr_array_unref (self->pieces);
  g_object_unref (self->cancellable);
  kith_partials_unref (self->partials);
  g_object_unref (self->model);
  kith_store_message_free (self->row);
  kith_parcel_set_peer (self, NULL);
  g_clear_pointer (&self->reader, kith_peer_unref);
  g_clear_pointer (&self->holders, g_hash_table_unref);
  g_clear_pointer (&self->liars, g_hash_table_unref);
  kith_chat_unref (self->chat);
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

/**
 * kith_parcel_has_place: (skip)
 * @self: a parcel of which all is here
 *
 * Returns: whether it is known where; what came out of a backup has to be found first
 */
gboolean
kith_parcel_has_place (KithParcel *self)
{
  return self->row->file->path != NULL || self->row->file->kept;
}

/**
 * kith_parcel_set_peer: (skip)
 * @self: a parcel
 * @peer: (transfer none) (nullable): of whom it is fetched from now on
 */
void
kith_parcel_set_peer (KithParcel *self, KithPeer *peer)
{
  KithPeer *before = self->peer;

  self->peer = peer != NULL ? kith_peer_ref (peer) : NULL;
  g_clear_pointer (&before, kith_peer_unref);
}

/**
 * kith_parcel_offered: (skip)
 * @self: a parcel of ours whose message is about to be committed
 *
 * They may ask for it from now on. In a group nobody accepts it for the others: there it is done.
 */
void
kith_parcel_offered (KithParcel *self)
{
  KithStoreTransfer *file = self->row->file;

  self->stored = TRUE;
  kith_transfers_index_root (self->owner, self);
  file->state = self->shared ? KITH_TRANSFER_DONE : KITH_TRANSFER_OFFERED;
  file->live = !self->shared;
  file->done_bytes = self->shared ? file->size : 0;
  kith_transfer_set_message_id (self->model, TRUE);
  kith_transfer_set_done (self->model, file->done_bytes);
  kith_transfer_set_state (self->model, (KithTransferState) file->state);
  kith_transfers_emit_changed (self->owner, self->model, "state");
}

/* --- What is stored ------------------------------------------------------------------------- */

/* What has to be known from the start: what is not over, what they have not heard of, and what can
 * be tried again. What others may ask for is looked up when they do. */
static gboolean
is_live (KithParcel *self)
{
  KithTransferState state = kith_transfer_get_state (self->model);

  return state < KITH_TRANSFER_DONE || state == KITH_TRANSFER_FAILED || !self->row->file->told;
}

/**
 * kith_parcel_put: (skip)
 * @self: a parcel whose message is stored
 * @batch: (inout): what will be committed: also how it stands
 */
void
kith_parcel_put (KithParcel *self, KithStoreBatch *batch)
{
  self->row->file->state = kith_transfer_get_state (self->model);
  self->row->file->live = is_live (self);
  self->row->file->done_bytes = kith_transfer_get_done_bytes (self->model);
  kith_store_batch_put_transfer (batch, self->row);
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
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  if (!self->stored || self->owner == NULL)
    return;

  kith_parcel_put (self, batch);
  self->stored_us = kith_env_monotonic_us (self->owner->node->env);
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
  if (self->owner != NULL)
    kith_transfers_note_state (self->owner, self);
  kith_parcel_store (self);
  if (self->owner != NULL)
    kith_transfers_emit_changed (self->owner, self->model, "state");
}

static void
set_error (KithParcel *self, const GError *error)
{
  KithError code = kith_error_code_from_gerror (error);
  g_autofree char *words = kith_explain_file (error, self->row->outgoing);

  g_free (self->row->file->error);
  self->row->file->error = g_strdup (kith_error_get_name (code));
  kith_transfer_set_error (self->model, words);
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
  set_error (self, error);
  kith_parcel_set_state (self, KITH_TRANSFER_FAILED);
}

/**
 * kith_parcel_set_withdrawn: (skip)
 * @self: a parcel that is about to be CANCELLED
 *
 * Whoever offered it has taken that back: it cannot be accepted any more.
 */
void
kith_parcel_set_withdrawn (KithParcel *self)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_CANCELLED, "It was taken back");

  set_error (self, error);
}

/**
 * kith_parcel_is_withdrawn: (skip)
 * @self: a parcel
 *
 * Returns: whether whoever offered it has taken that back
 */
gboolean
kith_parcel_is_withdrawn (KithParcel *self)
{
  return kith_transfer_get_state (self->model) == KITH_TRANSFER_CANCELLED
         && self->row->file->error != NULL;
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

/* In a group nobody is told what becomes of a file; but whoever sends it shall stop when it is not
 * wanted just now. */
static gboolean
may_say (KithParcel *self, KithFileStatus status)
{
  if (!self->shared)
    return kith_peer_is_online (self->peer);

  return status == KITH_FILE_PAUSED && self->peer != NULL && kith_peer_takes_files (self->peer);
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

  if (!self->stored || !may_say (self, status))
    return;

  memcpy (body.root, self->row->file->root, sizeof body.root);
  memcpy (body.offer.bytes, self->row->id, sizeof body.offer.bytes);
  kith_session_send_bytes (self->peer->session, KITH_RECORD_FILE_STATE,
                           kith_body_file_state_pack (&body));
}

typedef struct
{
  KithParcel    *parcel; /* (owned) */
  KithFileStatus status;
} Saying;

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Saying *saying = user_data;
  g_autoptr (KithParcel) parcel = saying->parcel;

  /* What is not on the disk was reported with the first try, and is said another time. */
  if (kith_store_commit_finish (KITH_STORE (source), result, NULL) && parcel->owner != NULL)
    kith_parcel_say (parcel, saying->status);
}

/**
 * kith_parcel_say_stored: (skip)
 * @self: a parcel
 * @status: how it has ended
 *
 * As kith_parcel_say(), once that is on the disk: who has heard of it does not ask again.
 */
void
kith_parcel_say_stored (KithParcel *self, KithFileStatus status)
{
  KithStoreBatch *batch;
  Saying *saying;

  if (!self->stored || self->owner == NULL)
    return;

  batch = kith_store_batch_new ();
  kith_parcel_put (self, batch);
  saying = g_new0 (Saying, 1);
  saying->parcel = kith_parcel_ref (self);
  saying->status = status;
  kith_store_commit_async (self->owner->node->store, batch, NULL, stored_cb, saying);
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

/**
 * kith_parcel_rest: (skip)
 * @self: a parcel of ours of which nothing is read for a while
 *
 * What the store keeps is not kept in memory as well.
 */
void
kith_parcel_rest (KithParcel *self)
{
  if (!self->row->file->kept || self->working)
    return;

  g_clear_pointer (&self->source, kith_file_source_unref);
  self->source_open = FALSE;
}

/**
 * kith_parcel_new_partial: (skip)
 * @env: for random bytes
 * @folder: (type filename): where something will be
 *
 * Returns: (transfer full) (type filename): a path for it until it is complete, hidden and not to be
 *   guessed
 */
char *
kith_parcel_new_partial (const KithEnv *env, const char *folder)
{
  guint8 bytes[PARTIAL_RANDOM_BYTES];
  g_autofree char *hex = NULL;
  g_autofree char *name = NULL;

  kith_env_random_bytes (env, bytes, sizeof bytes);
  hex = kith_hex_encode (bytes, sizeof bytes);
  name = g_strconcat (KITH_PARTIAL_PREFIX, hex, KITH_PARTIAL_SUFFIX, NULL);
  return g_build_filename (folder, name, NULL);
}

/**
 * kith_parcel_is_partial: (skip)
 * @path: (type filename) (nullable): from the store; it may be that of another time or computer
 *
 * Returns: whether it has the name of what is being received, so that it may be written and deleted
 */
gboolean
kith_parcel_is_partial (const char *path)
{
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : NULL;

  return name != NULL && g_str_has_prefix (name, KITH_PARTIAL_PREFIX)
         && g_str_has_suffix (name, KITH_PARTIAL_SUFFIX);
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
  g_clear_pointer (&self->sink, kith_file_sink_unref);
  if (self->row->file->path == NULL || !kith_parcel_is_incoming (self)
      || (!self->named && !kith_parcel_is_partial (self->row->file->path)))
    return;

  kith_partials_remove (self->partials, g_steal_pointer (&self->row->file->path));
}

/**
 * kith_parcel_give_up_partial: (skip)
 * @self: a parcel of theirs that is given up, as its state says, or that it was dropped
 *
 * Deletes what was received of it as soon as no worker thread has it.
 */
void
kith_parcel_give_up_partial (KithParcel *self)
{
  if (!self->working)
    kith_parcel_remove_partial (self);
  else if (self->writing && !self->awaited)
    {
      self->awaited = TRUE;
      kith_partials_begin (self->partials);
    }
}
