/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-storage.h"

#include <sys/stat.h>

#include <glib/gstdio.h>

#include "model/kith-transfer.h"
#include "node/kith-node-private.h"
#include "node/kith-received-file.h"
#include "store/kith-store-received.h"

typedef struct
{
  char *profile_path;   /* (owned) (nullable) */
  gint64 before_ms;
  gboolean deletes;
  GPtrArray *received;  /* (owned) (element-type KithStoreReceived), once it is known */
  KithStorageUse use;
} Look;

static void
look_free (Look *look)
{
  g_free (look->profile_path);
  g_clear_pointer (&look->received, g_ptr_array_unref);
  g_free (look);
}

/* --- On a worker thread --------------------------------------------------------------------- */

/* What lies in the folder itself; a portable profile has received files below it. */
static guint64
measure_profile (const char *path)
{
  g_autoptr (GDir) dir = path != NULL ? g_dir_open (path, 0, NULL) : NULL;
  guint64 bytes = 0;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      GStatBuf about;

      if (g_lstat (file, &about) == 0 && S_ISREG (about.st_mode))
        bytes += (guint64) about.st_size;
    }

  return bytes;
}

static void
take_file (Look *look, const KithStoreReceived *row, GError **error)
{
  if (!kith_received_file_is_there (row)
      || (look->deletes && !kith_received_file_delete (row, *error == NULL ? error : NULL)))
    return;

  look->use.n_received++;
  look->use.received_bytes += row->size;
}

static void
look_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Look *look = task_data;
  GError *error = NULL;

  look->use.profile_bytes = measure_profile (look->profile_path);
  for (guint i = 0; i < look->received->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      const KithStoreReceived *row = g_ptr_array_index (look->received, i);

      if (row->time_ms < look->before_ms)
        take_file (look, row, &error);
    }

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/* --- On the main loop ----------------------------------------------------------------------- */

static void
received_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Look *look = g_task_get_task_data (task);
  GError *error = NULL;

  look->received = kith_store_load_received_finish (KITH_STORE (source), result, &error);
  if (look->received == NULL)
    g_task_return_error (task, error);
  else
    g_task_run_in_thread (task, look_in_thread);
}

/* @look: (transfer full) */
static void
start (KithNode *self, Look *look, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, look, (GDestroyNotify) look_free);
  kith_store_load_received_async (self->store, KITH_TRANSFER_DONE, cancellable, received_cb, task);
}

static gboolean
finish (GAsyncResult *result, KithStorageUse *use, GError **error)
{
  const Look *look = g_task_get_task_data (G_TASK (result));

  *use = look->use;

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * kith_node_measure_storage_async:
 * @self: a node that is open
 * @profile_path: (nullable): the folder of its profile; none when everything is in memory
 * @before_ms: only received files that were sent before; ms since 1970
 * @cancellable: (nullable): to give up
 * @callback: called on the main loop
 * @user_data: for @callback
 *
 * Finds out how much room is taken.
 */
void
kith_node_measure_storage_async (KithNode *self, const char *profile_path, gint64 before_ms,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  Look *look;

  g_return_if_fail (KITH_IS_NODE (self));

  look = g_new0 (Look, 1);
  look->profile_path = g_strdup (profile_path);
  look->before_ms = before_ms;
  start (self, look, kith_node_measure_storage_async, cancellable, callback, user_data);
}

gboolean
kith_node_measure_storage_finish (KithNode *self, GAsyncResult *result, KithStorageUse *use,
                                  GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return finish (result, use, error);
}

/**
 * kith_node_delete_received_async:
 * @self: a node that is open
 * @before_ms: the files that were sent before; ms since 1970
 * @cancellable: (nullable): to stop; what is deleted by then is gone
 * @callback: called on the main loop
 * @user_data: for @callback
 *
 * Deletes received files from the disk.
 */
void
kith_node_delete_received_async (KithNode *self, gint64 before_ms, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  Look *look;

  g_return_if_fail (KITH_IS_NODE (self));

  look = g_new0 (Look, 1);
  look->before_ms = before_ms;
  look->deletes = TRUE;
  start (self, look, kith_node_delete_received_async, cancellable, callback, user_data);
}

gboolean
kith_node_delete_received_finish (KithNode *self, GAsyncResult *result, KithStorageUse *use,
                                  GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return finish (result, use, error);
}
