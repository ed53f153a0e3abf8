/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are here, read for the faces or saved elsewhere. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-files.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-task.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"
#include "store/kith-store-transfer.h"

typedef struct
{
  KithFileSource *source;  /* (owned) */
  guint8          root[KITH_HASH_BYTES];
  gsize           max_bytes;
  char           *target;  /* (owned) (nullable): where to write a copy */
  gboolean        replace; /* what is there */
} Copy;

static void
copy_free (Copy *copy)
{
  g_clear_pointer (&copy->source, kith_file_source_unref);
  g_free (copy->target);
  g_free (copy);
}

/* (transfer full) (nullable) */
static GBytes *
read_all (Copy *copy, GCancellable *cancellable, GError **error)
{
  g_autoptr (GByteArray) bytes = NULL;
  guint8 root[KITH_HASH_BYTES];
  g_autoptr (GByteArray) leaves = NULL;
  guint64 size = kith_file_source_get_size (copy->source);

  if (kith_file_source_get_list_bytes (copy->source) > 0)
    {
      kith_error_refuse (error, KITH_ERROR_INVALID, "It is a folder");
      return NULL;
    }
  if (size > copy->max_bytes)
    {
      kith_error_refuse (error, KITH_ERROR_TOO_BIG, "It is larger than that");
      return NULL;
    }

  leaves = kith_file_source_hash (copy->source, root, NULL, NULL, cancellable, error);
  if (leaves == NULL)
    return NULL;
  if (memcmp (root, copy->root, sizeof root) != 0)
    {
      kith_error_refuse (error, KITH_ERROR_DAMAGED, "It is not what was sent any more");
      return NULL;
    }

  bytes = g_byte_array_sized_new ((guint) size);
  g_byte_array_set_size (bytes, (guint) size);
  if (!kith_file_source_read (copy->source, 0, bytes->data, (gsize) size, error))
    return NULL;

  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static void
read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Copy *copy = data;
  GError *error = NULL;
  GBytes *bytes = NULL;

  if (kith_file_source_open (copy->source, cancellable, &error))
    bytes = read_all (copy, cancellable, &error);

  if (bytes != NULL)
    g_task_return_pointer (task, bytes, (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_error (task, error);
}

/* All of it into a sink, as if it came from somebody. */
static gboolean
write_copy (Copy *copy, GCancellable *cancellable, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (copy->target);
  g_autofree char *name = g_path_get_basename (copy->target);
  g_autofree char *partial = kith_parcel_new_partial (kith_env_get_default (), folder);
  guint64 size = kith_file_source_get_size (copy->source);
  g_autofree guint8 *buffer = g_malloc (KITH_LIMIT_FILE_LEAF_BYTES);
  gboolean is_folder = kith_file_source_get_list_bytes (copy->source) > 0;
  g_autoptr (KithFileSink) sink =
    kith_file_sink_new (partial, size, kith_file_source_get_list_bytes (copy->source));
  gboolean is_fine = kith_file_sink_has_room (folder, size, error) && kith_file_sink_open (sink, error);

  for (guint64 at = 0; is_fine && at < size; at += KITH_LIMIT_FILE_LEAF_BYTES)
    {
      gsize len = (gsize) MIN (size - at, KITH_LIMIT_FILE_LEAF_BYTES);

      if (g_cancellable_is_cancelled (cancellable))
        is_fine = kith_error_refuse (error, KITH_ERROR_CANCELLED, "The user gave it up");
      else
        is_fine = kith_file_source_read (copy->source, at, buffer, len, error)
                  && kith_file_sink_write (sink, at, buffer, len, error);
    }

  if (is_fine && copy->replace && !is_folder)
    is_fine = kith_file_sink_replace (sink, name, error);
  else if (is_fine)
    {
      g_autofree char *path = kith_file_sink_finish (sink, name, error);

      is_fine = path != NULL;
    }
  if (!is_fine)
    kith_file_sink_remove (partial);
  return is_fine;
}

static void
save_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Copy *copy = data;
  GError *error = NULL;

  if (kith_file_source_open (copy->source, cancellable, &error)
      && write_copy (copy, cancellable, &error))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_error (task, error);
}

static void
copied_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) bytes = g_task_propagate_pointer (G_TASK (result), &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else if (bytes != NULL)
    g_task_return_pointer (task, g_steal_pointer (&bytes), (GDestroyNotify) g_bytes_unref);
  else
    g_task_return_boolean (task, TRUE);
}

/* The node is none of a worker thread's business. @copy: (transfer full); @task: (transfer full) */
static void
run_copy (Copy *copy, GTask *task)
{
  g_autoptr (GTask) work = g_task_new (NULL, g_task_get_cancellable (task), copied_cb, task);

  g_task_set_task_data (work, copy, (GDestroyNotify) copy_free);
  g_task_run_in_thread (work, copy->target != NULL ? save_thread : read_thread);
}

typedef struct
{
  Copy  *copy; /* (owned) */
  GTask *task; /* (owned) */
} Waiting;

static void
content_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Waiting *waiting = user_data;
  GError *error = NULL;
  g_autoptr (GBytes) content = kith_store_load_content_finish (KITH_STORE (source), result, &error);

  if (content == NULL)
    {
      g_task_return_error (waiting->task, error);
      g_object_unref (waiting->task);
      copy_free (waiting->copy);
      return;
    }

  waiting->copy->source = kith_file_source_new_for_bytes (content);
  run_copy (waiting->copy, waiting->task);
}

static gboolean
can_copy (KithParcel *parcel, GError **error)
{
  if (kith_parcel_is_incoming (parcel)
      && kith_transfer_get_state (parcel->model) != KITH_TRANSFER_DONE)
    return kith_error_refuse (error, KITH_ERROR_INVALID, "It has not arrived yet");
  if (!parcel->stored)
    return kith_error_refuse (error, KITH_ERROR_INVALID, "It is not ready yet");
  if (!kith_parcel_has_place (parcel))
    return kith_error_refuse (error, KITH_ERROR_NOT_FOUND, "It is not known where it is");

  return TRUE;
}

/* @copy: (transfer full); @owned_task: (transfer full) */
static void
start_copy (KithNode *self, KithTransfer *transfer, Copy *copy, GTask *owned_task)
{
  g_autoptr (GTask) task = owned_task;
  GError *error = NULL;
  KithParcel *parcel = kith_transfers_find (self->transfers, transfer, &error);

  if (parcel == NULL || !can_copy (parcel, &error))
    {
      g_task_return_error (task, error);
      copy_free (copy);
      return;
    }

  memcpy (copy->root, parcel->row->file->root, sizeof copy->root);
  if (parcel->row->file->kept)
    {
      Waiting *waiting = g_new0 (Waiting, 1);

      waiting->copy = copy;
      waiting->task = g_steal_pointer (&task);
      kith_store_load_content_async (self->store, parcel->row, NULL, content_cb, waiting);
      return;
    }

  copy->source = kith_file_source_new_for_path (parcel->row->file->path);
  run_copy (copy, g_steal_pointer (&task));
}

void
kith_node_read_file_async (KithNode *self, KithTransfer *transfer, gsize max_bytes,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Copy *copy = g_new0 (Copy, 1);

  g_task_set_source_tag (task, kith_node_read_file_async);
  copy->max_bytes = max_bytes;
  start_copy (self, transfer, copy, task);
}

GBytes *
kith_node_read_file_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
may_replace (const GStatBuf *info, KithTransfer *transfer)
{
  return S_ISREG (info->st_mode) && !kith_transfer_is_folder (transfer);
}

void
kith_node_save_file_async (KithNode *self, KithTransfer *transfer, const char *target,
                           gboolean replace, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Copy *copy = g_new0 (Copy, 1);
  GStatBuf info;

  g_task_set_source_tag (task, kith_node_save_file_async);
  copy->target = g_canonicalize_filename (target, NULL);
  copy->replace = replace;
  if (g_lstat (copy->target, &info) == 0 && !(replace && may_replace (&info, transfer)))
    {
      kith_task_take_and_refuse (task, KITH_ERROR_EXISTS, "There is something of that name");
      copy_free (copy);
      return;
    }

  start_copy (self, transfer, copy, task);
}

gboolean
kith_node_save_file_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
