/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sending files: one after the other is read by a worker thread, then offered by a message. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "base/kith-task.h"
#include "node/kith-group-host.h"
#include "node/kith-messenger.h"
#include "node/kith-node-files.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"
#include "proto/kith-file-name.h"

#define MIB (1024 * 1024)
#define LOOK_MS 250
#define OFFER_AGAIN_MS 500

/**
 * kith_outgoing_file_new_for_path:
 * @path: (type filename): a file or a folder
 *
 * Returns: (transfer full): it, to be sent
 */
KithOutgoingFile *
kith_outgoing_file_new_for_path (const char *path)
{
  KithOutgoingFile *self = g_new0 (KithOutgoingFile, 1);

  self->path = g_strdup (path);
  return self;
}

/**
 * kith_outgoing_file_new_for_bytes:
 * @bytes: (transfer none): what it is
 * @name: what it is called
 * @media_type: (nullable): what sort it is of
 *
 * Returns: (transfer full): it, to be sent
 */
KithOutgoingFile *
kith_outgoing_file_new_for_bytes (GBytes *bytes, const char *name, const char *media_type)
{
  KithOutgoingFile *self = g_new0 (KithOutgoingFile, 1);

  self->bytes = g_bytes_ref (bytes);
  self->name = g_strdup (name);
  self->media.type = g_strdup (media_type);
  return self;
}

/**
 * kith_outgoing_file_free:
 * @self: (transfer full) (nullable): something to be sent
 */
void
kith_outgoing_file_free (KithOutgoingFile *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_free (self->name);
  kith_media_clear (&self->media);
  g_free (self);
}

/* --- One call ------------------------------------------------------------------------------- */

typedef struct
{
  GPtrArray    *parcels; /* (owned) KithParcel, in order */
  GSource      *pause;   /* (owned) (nullable): until the next is offered */
  guint         next;
  guint         n_offered;
  GError       *error;   /* (owned) (nullable): the first */
} Sending;

static void
sending_free (Sending *sending)
{
  g_ptr_array_unref (sending->parcels);
  kith_source_clear (&sending->pause);
  g_clear_error (&sending->error);
  g_free (sending);
}

static void prepare_next (GTask *owned_task);

static void
fail (GTask *task, KithParcel *parcel, const GError *error)
{
  Sending *sending = g_task_get_task_data (task);
  KithTransfers *owner = parcel->owner;

  if (sending->error == NULL)
    sending->error = g_error_copy (error);
  if (owner == NULL)
    return;

  if (kith_error_code_from_gerror (error) == KITH_ERROR_CANCELLED)
    kith_transfers_drop (owner, parcel);
  else
    kith_parcel_fail (parcel, error);
}

/* --- Reading -------------------------------------------------------------------------------- */

/* Freed on the main loop, where most of it belongs. */
typedef struct
{
  KithFileSource *source; /* (owned) */
  GByteArray     *leaves; /* (owned) (nullable) */
  guint8          root[KITH_HASH_BYTES];
  KithParcel     *parcel; /* (owned): for the main loop */
  GCancellable   *stop;   /* (owned): of the parcel */
  GCancellable   *call;   /* (owned) (nullable): of all of them */
  guint64         size;   /* known when the next is not 0 */
  gint            done_mib; /* atomic: how much was read */
  GSource        *timer;  /* (owned): looks at that */
  GTask          *task;   /* (owned): of the call */
} Preparing;

static void
preparing_free (Preparing *preparing)
{
  kith_file_source_unref (preparing->source);
  g_clear_pointer (&preparing->leaves, g_byte_array_unref);
  kith_parcel_unref (preparing->parcel);
  g_object_unref (preparing->stop);
  g_clear_object (&preparing->call);
  kith_source_clear (&preparing->timer);
  g_object_unref (preparing->task);
  g_free (preparing);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Preparing, preparing_free)

static gboolean
progress_cb (gpointer user_data)
{
  Preparing *preparing = user_data;
  KithParcel *parcel = preparing->parcel;
  guint64 done_mib = (guint64) g_atomic_int_get (&preparing->done_mib);

  if (parcel->owner == NULL || done_mib == 0)
    return G_SOURCE_CONTINUE;

  kith_transfer_set_size (parcel->model, preparing->size);
  if (kith_transfer_progress (parcel->model, done_mib * MIB, g_get_monotonic_time ()))
    kith_transfers_emit_changed (parcel->owner, parcel->model, "progress");
  return G_SOURCE_CONTINUE;
}

/* On the worker thread. */
static void
note_progress (guint64 done_bytes, gpointer user_data)
{
  Preparing *preparing = user_data;

  if (preparing->call != NULL && g_cancellable_is_cancelled (preparing->call))
    g_cancellable_cancel (preparing->stop);
  preparing->size = kith_file_source_get_size (preparing->source);
  g_atomic_int_set (&preparing->done_mib, (gint) (done_bytes / MIB));
}

static void
prepare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Preparing *preparing = data;
  GError *error = NULL;

  if (kith_file_source_open (preparing->source, cancellable, &error))
    preparing->leaves = kith_file_source_hash (preparing->source, preparing->root, note_progress,
                                               preparing, cancellable, &error);
  kith_file_source_rest (preparing->source);
  if (preparing->leaves != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* --- Offering ------------------------------------------------------------------------------- */

static void offer (GTask *owned_task, KithParcel *parcel);

static gboolean
offer_again_cb (gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sending *sending = g_task_get_task_data (task);

  kith_source_clear (&sending->pause);
  offer (g_steal_pointer (&task), g_ptr_array_index (sending->parcels, sending->next));
  return G_SOURCE_REMOVE;
}

static void
offered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Sending *sending = g_task_get_task_data (task);
  KithParcel *parcel = g_ptr_array_index (sending->parcels, sending->next);
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message = g_task_propagate_pointer (G_TASK (result), &error);

  /* Nobody may write without end to a group: the rest goes a little later. */
  if (parcel->shared && g_error_matches (error, KITH_ERROR, KITH_ERROR_BUSY))
    {
      kith_source_start (&sending->pause, OFFER_AGAIN_MS, offer_again_cb, g_steal_pointer (&task));
      return;
    }

  sending->next++;
  g_clear_pointer (&parcel->row->file->content, g_bytes_unref);
  kith_parcel_rest (parcel);
  if (message != NULL)
    sending->n_offered++;
  else
    {
      parcel->stored = FALSE;
      kith_transfer_set_message_id (parcel->model, FALSE);
      fail (task, parcel, error);
    }
  prepare_next (g_steal_pointer (&task));
}

/* Its message is committed with it; from then on they may ask for it. @task: (transfer full) */
static void
offer_to_peer (KithParcel *parcel, GTask *task)
{
  KithStoreMessage *row = kith_messenger_new_row (parcel->peer, KITH_STORE_KIND_TEXT);

  kith_parcel_offered (parcel);
  memcpy (row->id, parcel->row->id, sizeof row->id);
  row->text = g_strdup (parcel->row->file->name);
  row->file = kith_store_transfer_copy (parcel->row->file);
  kith_messenger_send_file (parcel->peer, row, task);
}

/* @task: (transfer full) */
static void
offer_to_group (KithParcel *parcel, GTask *task)
{
  KithGroupHost *group = parcel->chat->group;

  if (parcel->owner == NULL || group == NULL || g_cancellable_is_cancelled (parcel->cancellable))
    kith_task_take_and_refuse (task, KITH_ERROR_CANCELLED, "It was given up");
  else if (kith_group_host_may_write (group, task))
    kith_group_host_send_file (group, parcel, task);
  else
    g_object_unref (task);
}

/* @owned_task: (transfer full) */
static void
offer (GTask *owned_task, KithParcel *parcel)
{
  GTask *task = g_task_new (g_task_get_source_object (owned_task), NULL, offered_cb, owned_task);

  parcel->row->ttl_s = parcel->chat->options.ttl_s;
  if (parcel->shared)
    offer_to_group (parcel, task);
  else
    offer_to_peer (parcel, task);
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithParcel) parcel = user_data;
  g_autoptr (Preparing) preparing = g_task_get_task_data (G_TASK (result));
  g_autoptr (GTask) task = g_object_ref (preparing->task);
  Sending *sending = g_task_get_task_data (task);
  KithStoreTransfer *file = parcel->row->file;
  g_autoptr (GError) error = NULL;
  gboolean is_fine = g_task_propagate_boolean (G_TASK (result), &error);

  kith_source_clear (&preparing->timer);
  parcel->working = FALSE;
  if (is_fine && (parcel->owner == NULL || g_cancellable_is_cancelled (parcel->cancellable)))
    g_set_error_literal (&error, KITH_ERROR, KITH_ERROR_CANCELLED, "The user gave it up");
  else if (is_fine && parcel->chat->removed)
    g_set_error_literal (&error, KITH_ERROR, KITH_ERROR_NOT_CONTACT, "This conversation is gone");
  if (error != NULL)
    {
      sending->next++;
      fail (task, parcel, error);
      prepare_next (g_steal_pointer (&task));
      return;
    }

  memcpy (file->root, preparing->root, sizeof file->root);
  file->size = kith_file_source_get_size (preparing->source);
  file->list_bytes = kith_file_source_get_list_bytes (preparing->source);
  file->n_files = file->list_bytes > 0 ? kith_file_source_get_n_files (preparing->source) : 0;
  file->mtime_us = kith_file_source_get_mtime_us (preparing->source);
  parcel->source_open = TRUE;
  if (preparing->leaves->len <= KITH_LIMIT_FILE_LEAVES_BYTES / 8)
    parcel->leaves = g_steal_pointer (&preparing->leaves);
  kith_transfer_set_size (parcel->model, file->size);
  kith_transfer_set_folder (parcel->model, file->list_bytes > 0, file->n_files);
  offer (g_steal_pointer (&task), parcel);
}

/* --- One after the other -------------------------------------------------------------------- */

static void
finish (GTask *task)
{
  Sending *sending = g_task_get_task_data (task);
  GPtrArray *models;

  if (sending->n_offered == 0)
    {
      g_task_return_error (task, g_steal_pointer (&sending->error));
      return;
    }

  models = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < sending->parcels->len; i++)
    g_ptr_array_add (models,
                     g_object_ref (((KithParcel *) g_ptr_array_index (sending->parcels, i))->model));
  g_task_return_pointer (task, models, (GDestroyNotify) g_ptr_array_unref);
}

/* @owned_task: (transfer full) */
static void
prepare_next (GTask *owned_task)
{
  g_autoptr (GTask) task = owned_task;
  Sending *sending = g_task_get_task_data (task);
  Preparing *preparing;
  KithParcel *parcel;

  if (sending->next == sending->parcels->len)
    {
      finish (task);
      return;
    }

  parcel = g_ptr_array_index (sending->parcels, sending->next);
  preparing = g_new0 (Preparing, 1);
  preparing->source = kith_file_source_ref (parcel->source);
  preparing->parcel = kith_parcel_ref (parcel);
  preparing->stop = g_object_ref (parcel->cancellable);
  g_set_object (&preparing->call, g_task_get_cancellable (task));
  preparing->task = g_steal_pointer (&task);
  kith_source_start (&preparing->timer, LOOK_MS, progress_cb, preparing);
  kith_parcel_run (parcel, prepare_thread, preparing, NULL, prepared_cb);
}

static char *
name_of (const KithOutgoingFile *file)
{
  g_autofree char *base = file->path != NULL ? g_path_get_basename (file->path) : NULL;
  g_autofree char *shown = base != NULL ? g_filename_display_name (base) : NULL;
  const char *name = file->name != NULL ? file->name : shown;
  char *safe = name != NULL ? kith_file_name_sanitize (name) : NULL;

  return safe != NULL ? safe : g_strdup (KITH_FILE_NAMELESS);
}

/* (transfer full) */
static KithStoreTransfer *
row_of (const KithOutgoingFile *file)
{
  KithStoreTransfer *row = g_new0 (KithStoreTransfer, 1);

  row->name = name_of (file);
  row->media_type = file->media.type != NULL ? kith_file_type_sanitize (file->media.type) : NULL;
  row->width = MIN (file->media.width, KITH_LIMIT_FILE_SIDE_PIXELS);
  row->height = MIN (file->media.height, KITH_LIMIT_FILE_SIDE_PIXELS);
  row->duration_ms = file->media.duration_ms;
  row->n_waveform = MIN (file->media.n_waveform, sizeof row->waveform);
  memcpy (row->waveform, file->media.waveform, row->n_waveform);
  row->told = TRUE;
  if (file->path != NULL)
    row->path = g_canonicalize_filename (file->path, NULL);
  else
    {
      row->kept = TRUE;
      row->content = g_bytes_ref (file->bytes);
    }
  return row;
}

static KithParcel *
new_parcel (KithNode *self, KithChat *chat, const KithOutgoingFile *file)
{
  g_autoptr (KithStoreMessage) row = g_new0 (KithStoreMessage, 1);
  g_autoptr (KithTransfer) model = NULL;
  g_autoptr (KithParcel) parcel = NULL;

  kith_env_random_bytes (self->env, row->id, sizeof row->id);
  memcpy (row->identity, chat->key, sizeof row->identity);
  row->outgoing = TRUE;
  row->file = row_of (file);
  model = kith_transfer_new (row->id, chat->conversation, TRUE, row->file->name,
                             file->bytes != NULL ? g_bytes_get_size (file->bytes) : 0, &file->media);
  kith_transfer_set_path (model, row->file->path);

  parcel = kith_parcel_new (self->transfers, chat, row, model);
  parcel->source = file->bytes != NULL ? kith_file_source_new_for_bytes (file->bytes)
                                       : kith_file_source_new_for_path (row->file->path);
  if (file->bytes != NULL)
    parcel->row->file->content = g_bytes_ref (file->bytes);
  kith_transfers_add (self->transfers, parcel);
  kith_transfers_emit_added (self->transfers, model);
  return g_steal_pointer (&parcel);
}

static gboolean
are_possible (GPtrArray *files)
{
  if (files->len == 0 || files->len > KITH_LIMIT_FILES_AT_ONCE)
    return FALSE;

  for (guint i = 0; i < files->len; i++)
    {
      const KithOutgoingFile *file = g_ptr_array_index (files, i);

      if (file->path == NULL
          && (file->bytes == NULL || g_bytes_get_size (file->bytes) > KITH_LIMIT_FILE_KEPT_BYTES))
        return FALSE;
    }

  return TRUE;
}

void
kith_node_send_files_async (KithNode *self, KithConversation *conversation, GPtrArray *files,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  Sending *sending;

  g_task_set_source_tag (task, kith_node_send_files_async);
  g_task_set_check_cancellable (task, FALSE);
  if (chat == NULL || !kith_chat_may_write (chat, task))
    return;
  if (!are_possible (files))
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID, "None, or too many, or too large");
      return;
    }

  sending = g_new0 (Sending, 1);
  sending->parcels = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_parcel_unref);
  for (guint i = 0; i < files->len; i++)
    g_ptr_array_add (sending->parcels, new_parcel (self, chat, g_ptr_array_index (files, i)));
  g_task_set_task_data (task, sending, (GDestroyNotify) sending_free);
  prepare_next (g_steal_pointer (&task));
}

GPtrArray *
kith_node_send_files_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
