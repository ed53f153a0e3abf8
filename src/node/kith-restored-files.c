/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What had come before a backup was made, found again after it was restored.
 *
 * A backup is not believed where anything is: else whoever made it could have any file of this computer shown, opened
 * and sent to others. A file is found only where files are put, under its name or that with a number, and only if
 * what is there is what was offered, by its hash. Who moves to another computer takes the folder along; what is put
 * there later is found at the next start, or when that folder is chosen. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-restored-files.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "node/kith-file-source.h"
#include "node/kith-node-files.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"
#include "proto/kith-file-name.h"
#include "store/kith-backup.h"
#include "store/kith-store-received.h"

#define NAMES_TRIED 20

typedef struct
{
  KithNode  *node;   /* (weak): main thread only */
  char      *folder; /* (owned) */
  GPtrArray *rows;   /* (owned) (nullable) KithStoreMessage */
  guint      n_done; /* of them */
} Look;

static void
look_free (Look *look)
{
  g_clear_weak_pointer (&look->node);
  g_free (look->folder);
  g_clear_pointer (&look->rows, g_ptr_array_unref);
  g_free (look);
}

/* --- On the disk ---------------------------------------------------------------------------- */

/* No link: what it leads to lies elsewhere. */
static gboolean
may_be (const char *path, const KithStoreTransfer *file)
{
  GStatBuf about;

  if (g_lstat (path, &about) != 0)
    return FALSE;

  return file->list_bytes > 0 ? S_ISDIR (about.st_mode)
                              : S_ISREG (about.st_mode) && (guint64) about.st_size == file->size;
}

static gboolean
is_it (const char *path, KithStoreTransfer *file, GCancellable *cancellable)
{
  g_autoptr (KithFileSource) source = kith_file_source_new_for_path (path);
  g_autoptr (GByteArray) leaves = NULL;
  guint8 root[KITH_HASH_BYTES];

  if (!kith_file_source_open (source, cancellable, NULL)
      || kith_file_source_get_size (source) != file->size
      || kith_file_source_get_list_bytes (source) != file->list_bytes)
    return FALSE;

  leaves = kith_file_source_hash (source, root, NULL, NULL, cancellable, NULL);
  if (leaves == NULL || memcmp (root, file->root, sizeof root) != 0)
    return FALSE;

  file->n_files = file->list_bytes > 0 ? kith_file_source_get_n_files (source) : 0;
  return TRUE;
}

/* (transfer full) (nullable): where it is */
static char *
find (const char *folder, KithStoreTransfer *file, GCancellable *cancellable)
{
  g_autofree char *wanted = kith_file_name_sanitize (file->name);
  g_autofree char *name = g_strdup (wanted);

  /* One of which nothing is left is none under which anything was put. */
  for (guint i = 2; wanted != NULL && i <= NAMES_TRIED; i++)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_cancellable_is_cancelled (cancellable))
        return NULL;
      if (may_be (path, file) && is_it (path, file, cancellable))
        return g_steal_pointer (&path);
      g_free (name);
      name = kith_file_name_with_number (wanted, i);
    }

  return NULL;
}

/* Until one is found. @task: gets whether one was: the last of those that are done */
static void
find_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Look *look = data;
  gboolean is_found = FALSE;

  while (!is_found && look->n_done < look->rows->len && !g_cancellable_is_cancelled (cancellable))
    {
      KithStoreMessage *row = g_ptr_array_index (look->rows, look->n_done++);

      row->file->path = find (look->folder, row->file, cancellable);
      is_found = row->file->path != NULL;
    }

  g_task_return_boolean (task, is_found);
}

/* --- On the main loop ----------------------------------------------------------------------- */

static void
put (KithNode *node, const KithStoreMessage *row)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  kith_store_batch_put_transfer (batch, row);
  kith_node_commit (node, batch);
}

/* It may have been accepted anew meanwhile. */
static void
take (KithParcel *parcel, const KithStoreMessage *row)
{
  KithStoreTransfer *file = parcel->row->file;

  if (kith_transfer_get_state (parcel->model) != KITH_TRANSFER_DONE || file->path != NULL)
    return;

  file->path = g_strdup (row->file->path);
  file->n_files = row->file->n_files;
  kith_transfer_set_folder (parcel->model, file->list_bytes > 0, file->n_files);
  kith_transfer_set_path (parcel->model, file->path);
  kith_parcel_store (parcel);
  kith_transfers_emit_changed (parcel->owner, parcel->model, "state");
  if (parcel->shared)
    kith_group_files_tell (parcel);
}

static void go_on (Look *look, GCancellable *cancellable);

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  gboolean is_found = g_task_propagate_boolean (G_TASK (result), NULL);

  if (is_found && look->node != NULL && !g_cancellable_is_cancelled (cancellable))
    {
      const KithStoreMessage *row = g_ptr_array_index (look->rows, look->n_done - 1);
      KithChat *chat = kith_node_lookup_chat (look->node, row->identity);
      KithParcel *parcel =
        chat != NULL ? kith_transfers_lookup (look->node->transfers, chat, row->id, FALSE) : NULL;

      if (parcel != NULL)
        take (parcel, row);
      else
        put (look->node, row);
    }

  go_on (look, cancellable);
}

/* @look: (transfer full) */
static void
go_on (Look *look, GCancellable *cancellable)
{
  g_autoptr (GTask) task = NULL;

  if (look->node == NULL || g_cancellable_is_cancelled (cancellable) || look->n_done == look->rows->len)
    {
      if (look->node != NULL && look->node->transfers->finding == cancellable)
        g_clear_object (&look->node->transfers->finding);
      look_free (look);
      return;
    }

  task = g_task_new (NULL, cancellable, found_cb, look);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, look, NULL); /* which the callback has */
  g_task_run_in_thread (task, find_thread);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Look *look = user_data;
  g_autoptr (GCancellable) cancellable = NULL;

  if (g_task_get_cancellable (G_TASK (result)) != NULL)
    cancellable = g_object_ref (g_task_get_cancellable (G_TASK (result)));
  look->rows = kith_store_load_lost_finish (KITH_STORE (source), result, NULL);
  if (look->rows == NULL)
    look->rows = g_ptr_array_new ();
  go_on (look, cancellable);
}

void
kith_restored_files_look (KithNode *node)
{
  KithTransfers *transfers = node->transfers;
  Look *look;

  if (transfers->stopped || transfers->folder == NULL
      || kith_node_get_setting (node, KITH_BACKUP_LAST) == NULL)
    return;

  kith_restored_files_stop (transfers);
  transfers->finding = g_cancellable_new ();
  look = g_new0 (Look, 1);
  g_set_weak_pointer (&look->node, node);
  look->folder = kith_node_dup_files_folder (node);
  kith_store_load_lost_async (node->store, transfers->finding, loaded_cb, look);
}

/**
 * kith_restored_files_stop: (skip)
 * @transfers: the table
 *
 * Nothing is looked for any more. Main thread.
 */
void
kith_restored_files_stop (KithTransfers *transfers)
{
  if (transfers->finding != NULL)
    g_cancellable_cancel (transfers->finding);
  g_clear_object (&transfers->finding);
}
