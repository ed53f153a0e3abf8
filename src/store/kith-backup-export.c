/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a backup, a slice at a time between other calls of the store. The store thread seals a slice in memory; a
 * worker thread writes it, and asks for the next one then: a disk that is slow, or hangs, holds up nobody else. The
 * key is made before, and what was written is read after that, on worker threads as well. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-backup.h"

#include "store/kith-backup-file.h"
#include "store/kith-backup-part.h"
#include "store/kith-backup-tables.h"
#include "store/kith-store-private.h"

#define WRITTEN 0.8 /* of the progress */

typedef struct
{
  GFile                 *file;       /* (owned) */
  KithBackupPart        *part;       /* (owned) (nullable): where it is written; for worker threads alone */
  GOutputStream         *sealed;     /* (owned): in memory, what is to be written next */
  GMutex                 lock;       /* of what has secrets, and of who has them */
  KithSecret            *passphrase; /* (owned) (nullable): none when it is given up */
  KithBackupWriter      *writer;     /* (owned) (nullable): none before it has a key, and when nothing is to be sealed */
  gboolean               is_used;    /* a thread works with them */
  gboolean               is_given_up;
  gulong                 cancelled_id;
  KithBackupProgressFunc progress;
  gpointer               progress_data;
  GCancellable          *cancellable; /* (owned) (nullable) */
  GError                *error;      /* (owned) (nullable): why it ends, on the way to the worker thread that ends it */
  gboolean               is_begun;   /* the head is written */
  KithBackupTables      *tables;     /* (owned): how far it is; nothing comes behind what is sealed when they are done */
} Export;

/* --- Its secrets ---------------------------------------------------------------------------- */

static void
forget (Export *export)
{
  g_clear_pointer (&export->writer, kith_backup_writer_free);
  g_clear_pointer (&export->passphrase, kith_secret_unref);
}

/* Returns: %FALSE when they are gone, or go */
static gboolean
take_secrets (Export *export, GError **error)
{
  gboolean is_given_up;

  g_mutex_lock (&export->lock);
  is_given_up = export->is_given_up;
  export->is_used = !is_given_up;
  g_mutex_unlock (&export->lock);
  if (is_given_up)
    g_cancellable_set_error_if_cancelled (export->cancellable, error);
  return !is_given_up;
}

static void
give_secrets_back (Export *export)
{
  g_mutex_lock (&export->lock);
  export->is_used = FALSE;
  if (export->is_given_up)
    forget (export);
  g_mutex_unlock (&export->lock);
}

/* Who cancels may be about to let the computer sleep, while a worker thread waits for a disk that hangs. */
static void
cancelled_cb (GCancellable *cancellable, Export *export)
{
  g_mutex_lock (&export->lock);
  export->is_given_up = TRUE;
  if (!export->is_used)
    forget (export);
  g_mutex_unlock (&export->lock);
}

static void
export_free (Export *export)
{
  g_cancellable_disconnect (export->cancellable, export->cancelled_id);
  g_clear_object (&export->file);
  g_clear_object (&export->cancellable);
  g_clear_pointer (&export->part, kith_backup_part_free);
  g_clear_object (&export->sealed);
  forget (export);
  g_mutex_clear (&export->lock);
  g_clear_error (&export->error);
  kith_backup_tables_free (export->tables);
  g_free (export);
}

static void
report (Export *export)
{
  if (export->progress != NULL)
    export->progress (WRITTEN * kith_backup_tables_get_fraction (export->tables), export->progress_data);
}

/* --- On worker threads ---------------------------------------------------------------------- */

static gboolean export_job (KithDatabase *database, GTask *task);
static void stop (GTask *task, GError *error);

/* @func: its data is @task: (transfer full) */
static void
run_on_worker (GTask *task, GTaskThreadFunc func)
{
  g_autoptr (GTask) work = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (work, task, NULL);
  g_task_run_in_thread (work, func);
}

/* Nothing of it is left when that is told. @error: (transfer full) */
static void
fail (GTask *task, GError *error)
{
  Export *export = g_task_get_task_data (task);

  g_clear_pointer (&export->part, kith_backup_part_free);
  g_task_return_error (task, error);
}

static void
stop_thread (GTask *work, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GTask) task = task_data;
  Export *export = g_task_get_task_data (task);

  fail (task, g_steal_pointer (&export->error));
  g_task_return_boolean (work, TRUE);
}

static void
checked_cb (double fraction, gpointer user_data)
{
  Export *export = user_data;

  if (export->progress != NULL)
    export->progress (WRITTEN + (1 - WRITTEN) * fraction, export->progress_data);
}

static gboolean
check (Export *export, GError **error)
{
  gboolean is_fine;

  if (!take_secrets (export, error))
    return FALSE;

  is_fine = kith_backup_check (kith_backup_part_get_file (export->part), export->passphrase, checked_cb, export,
                               export->cancellable, error);
  give_secrets_back (export);
  return is_fine;
}

/* The file gets its name when all of it can be read. */
static gboolean
finish (Export *export, GError **error)
{
  return kith_backup_part_close (export->part, error) && check (export, error)
         && kith_backup_part_name (export->part, error);
}

static gboolean
write_sealed (Export *export, GError **error)
{
  GMemoryOutputStream *sealed = G_MEMORY_OUTPUT_STREAM (export->sealed);

  return kith_backup_part_write (export->part, g_memory_output_stream_get_data (sealed),
                                 g_memory_output_stream_get_data_size (sealed), export->cancellable, error)
         && g_seekable_truncate (G_SEEKABLE (sealed), 0, NULL, error)
         && g_seekable_seek (G_SEEKABLE (sealed), 0, G_SEEK_SET, NULL, error);
}

static void
write_thread (GTask *work, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GTask) task = task_data;
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean is_done = write_sealed (export, &error);

  if (is_done)
    report (export);
  if (is_done && !kith_backup_tables_is_done (export->tables))
    kith_store_push_long (KITH_STORE (g_task_get_source_object (task)), g_object_ref (task), export_job, stop);
  else if (is_done && finish (export, &error))
    g_task_return_boolean (task, TRUE);
  else
    fail (task, error);
  g_task_return_boolean (work, TRUE);
}

/* --- On the store thread -------------------------------------------------------------------- */

/* What is there of the file is not removed here: its disk may hang. */
static void
stop (GTask *task, GError *error)
{
  Export *export = g_task_get_task_data (task);

  export->error = error;
  run_on_worker (g_object_ref (task), stop_thread);
}

/* Returns: %FALSE on an error */
static gboolean
seal_slice (KithDatabase *database, Export *export, GError **error)
{
  if (!export->is_begun && !kith_backup_writer_begin (export->writer, export->sealed, error))
    return FALSE;
  export->is_begun = TRUE;
  if (!kith_backup_tables_put_slice (export->tables, database, export->writer, export->cancellable, error))
    return FALSE;
  if (!kith_backup_tables_is_done (export->tables))
    return TRUE;

  if (!kith_backup_put_byte (export->writer, 'E', error) || !kith_backup_writer_finish (export->writer, error))
    return FALSE;

  g_clear_pointer (&export->writer, kith_backup_writer_free);
  return TRUE;
}

static gboolean
export_job (KithDatabase *database, GTask *task)
{
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean is_done = FALSE;

  if (take_secrets (export, &error))
    {
      is_done = seal_slice (database, export, &error);
      give_secrets_back (export);
    }

  if (is_done)
    run_on_worker (g_object_ref (task), write_thread);
  else
    stop (task, error);
  return FALSE;
}

/* --- The key -------------------------------------------------------------------------------- */

static gboolean
make_key (Export *export, GError **error)
{
  gboolean is_made;

  if (!take_secrets (export, error))
    return FALSE;

  export->writer = kith_backup_writer_new (export->passphrase, error);
  is_made = export->writer != NULL;
  give_secrets_back (export);
  return is_made;
}

static void
key_thread (GTask *work, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Export *export = task_data;
  GError *error = NULL;

  if (make_key (export, &error))
    export->part = kith_backup_part_new (export->file, &error);
  if (export->part != NULL)
    g_task_return_boolean (work, TRUE);
  else
    g_task_return_error (work, error);
}

static void
key_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    kith_store_push_long (KITH_STORE (source), g_steal_pointer (&task), export_job, stop);
  else
    g_task_return_error (task, error);
}

void
kith_store_export_async (KithStore *self, GFile *file, KithSecret *passphrase,
                         KithBackupProgressFunc progress, gpointer progress_data,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GTask) work = g_task_new (self, NULL, key_made_cb, task);
  Export *export = g_new0 (Export, 1);

  g_task_set_source_tag (task, kith_store_export_async);
  g_task_set_check_cancellable (task, FALSE);
  g_mutex_init (&export->lock);
  export->file = g_object_ref (file);
  export->sealed = g_memory_output_stream_new_resizable ();
  export->tables = kith_backup_tables_new ();
  export->passphrase = kith_secret_ref (passphrase);
  export->progress = progress;
  export->progress_data = progress_data;
  export->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  if (cancellable != NULL)
    export->cancelled_id = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), export, NULL);
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  g_task_set_task_data (work, export, NULL); /* of the task, which waits for it */
  g_task_run_in_thread (work, key_thread);
}

gboolean
kith_store_export_finish (KithStore *self, GAsyncResult *result, gboolean *is_incomplete, GError **error)
{
  Export *export = g_task_get_task_data (G_TASK (result));

  if (is_incomplete != NULL)
    *is_incomplete = kith_backup_tables_is_incomplete (export->tables);
  return g_task_propagate_boolean (G_TASK (result), error);
}
