/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a backup, a slice at a time between other calls of the store. The store thread seals a slice in memory; a
 * worker thread writes it, and asks for the next one then: a disk that is slow, or hangs, holds up nobody else. The
 * key is made before, and what was written is read after that, on worker threads as well. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-backup.h"

#include "store/kith-backup-file.h"
#include "store/kith-backup-part.h"
#include "store/kith-backup-rows.h"
#include "store/kith-store-private.h"

/* Of a slice, which KITH_BACKUP_SLICE_BYTES end as well: meanwhile everybody else who wants something of the store
 * waits. */
#define SLICE_ROWS 2000
#define SLICE_LONG_ROWS 200 /* of which another table has the rest */
#define N_SLICED 4 /* tables that are written in slices */
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
  gboolean               is_begun;
  gboolean               is_last;    /* nothing comes behind what is sealed */
  guint                  table;      /* of those that are written in slices */
  gint64                 number;     /* its rows up to this one are written */
  gint64                 last_number;
  gint64                 last[N_SLICED]; /* of each, when the export began */
  double                 bytes[N_SLICED]; /* of each, about, for the progress */
  char                  *groups;     /* (owned) (nullable): those of that time, number and id */
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
  g_free (export->groups);
  g_free (export);
}

/* --- Tables --------------------------------------------------------------------------------- */

static gboolean
put_rows (KithDatabase *database, Export *export, const char *table, sqlite3_stmt *statement, KithBackupSlice *slice,
          GError **error)
{
  return kith_backup_put_rows (database, export->writer, table, statement, slice, export->cancellable, error);
}

static gboolean
put_small_tables (KithDatabase *database, Export *export, GError **error)
{
  static const struct
  {
    const char *table;
    const char *sql;
  } tables[] = {
    { "profile", "SELECT * FROM profile" },
    { "setting", "SELECT * FROM setting" },
    { "contact", "SELECT * FROM contact" },
    { "device", "SELECT * FROM device" },
    { "request", "SELECT * FROM request" },
    /* Our own lead to this installation, and stay with it. */
    { "invite", "SELECT * FROM invite WHERE ours = 0" },
    { "conversation", "SELECT * FROM conversation WHERE identity IS NOT NULL" },
    { "act", "SELECT a.* FROM act a JOIN conversation c ON c.id = a.conversation"
             " WHERE c.identity IS NOT NULL" },
    { "broadcast", "SELECT * FROM broadcast" },
    { "broadcast_recipient", "SELECT * FROM broadcast_recipient" },
    { "chat_group", "SELECT * FROM chat_group" },
    { "group_op", "SELECT * FROM group_op" },
    { "group_edit", "SELECT * FROM group_edit" },
    { "group_reaction", "SELECT * FROM group_reaction" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!put_rows (database, export, tables[i].table,
                   kith_database_prepare (database, tables[i].sql, error), NULL, error))
      return FALSE;

  return TRUE;
}

/* --- The course of an export ---------------------------------------------------------------- */

#define GROUP_NAME "';' || number || ':' || hex (gid)"

/* Conversations that were cleared are on their way out. */
#define IS_KEPT "(SELECT c.identity FROM conversation c WHERE c.id = m.conversation) IS NOT NULL"
#define OF_MESSAGE "(SELECT 1 FROM message m WHERE m.number = t.message AND " IS_KEPT ")"
#define LAST_MESSAGE "SELECT coalesce (max (number), 0) FROM message"

/* What may be big, by numbers, which stand in the first column. The profile is used meanwhile: a group may be
 * gone by now, and another have its number; so may entries, and therefore what they say is written in the same
 * slice. Files belong to messages, and come behind them. */
static const struct
{
  const char *table;
  const char *sql;
  const char *last;
  const char *bytes;    /* about */
  const char *more;     /* (nullable): the table that has the rest of the rows ... */
  const char *more_sql; /* ... of the same numbers */
} sliced[N_SLICED] = {
  { "message",
    "SELECT m.* FROM message m WHERE m.number > ?1 AND m.number <= ?2 AND " IS_KEPT " ORDER BY m.number",
    LAST_MESSAGE, "SELECT 256 * coalesce (max (number), 0) FROM message", NULL, NULL },
  { "transfer",
    "SELECT t.* FROM transfer t WHERE t.message > ?1 AND t.message <= ?2 AND EXISTS " OF_MESSAGE
    " ORDER BY t.message",
    LAST_MESSAGE, "SELECT 256 * count (*) FROM transfer", NULL, NULL },
  { "transfer_content",
    "SELECT t.* FROM transfer_content t WHERE t.message > ?1 AND t.message <= ?2 AND EXISTS " OF_MESSAGE
    " ORDER BY t.message, t.part",
    LAST_MESSAGE, "SELECT total (size) FROM transfer WHERE kept <> 0", NULL, NULL },
  { "group_entry",
    "SELECT * FROM group_entry WHERE number > ?1 AND number <= ?2 AND chat_group IN"
    " (SELECT number FROM chat_group WHERE instr (?3, " GROUP_NAME ") > 0) ORDER BY number",
    "SELECT coalesce (max (number), 0) FROM group_entry",
    "SELECT 512 * coalesce (max (number), 0) FROM group_entry", "group_content",
    "SELECT * FROM group_content WHERE entry > ?1 AND entry <= ?2 ORDER BY entry" },
};

static void
begin_table (Export *export, guint table)
{
  export->table = table;
  export->number = 0;
  export->last_number = export->last[table];
}

/* Up to where the tables go now: what comes later is not part of the backup. */
static gboolean
find_ends (KithDatabase *database, Export *export, GError **error)
{
  sqlite3_stmt *statement;
  g_autoptr (GError) local = NULL;

  for (guint i = 0; i < N_SLICED; i++)
    {
      gint64 bytes;

      if (!kith_database_read_int (database, sliced[i].last, &export->last[i], error)
          || !kith_database_read_int (database, sliced[i].bytes, &bytes, error))
        return FALSE;

      export->bytes[i] = (double) bytes;
    }

  statement = kith_database_prepare (
    database, "SELECT coalesce (group_concat (" GROUP_NAME ", ''), '') FROM chat_group", error);
  if (statement == NULL)
    return FALSE;
  if (kith_database_step (database, statement, &local))
    {
      export->groups = kith_column_text (statement, 0);
      sqlite3_reset (statement);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
begin (KithDatabase *database, Export *export, GError **error)
{
  if (!kith_backup_writer_begin (export->writer, export->sealed, error) || !find_ends (database, export, error))
    return FALSE;

  export->is_begun = TRUE;
  begin_table (export, 0);
  return kith_backup_put_u32 (export->writer, kith_database_get_latest_version (), error)
         && put_small_tables (database, export, error);
}

/* Returns: whether there is nothing left, now that the table is written */
static gboolean
end_table (Export *export)
{
  if (export->table + 1 == N_SLICED)
    return TRUE;

  begin_table (export, export->table + 1);
  return FALSE;
}

/* What belongs to the rows from the last slice up to @last. */
static gboolean
put_more (KithDatabase *database, Export *export, gint64 last, GError **error)
{
  sqlite3_stmt *statement;

  if (sliced[export->table].more == NULL)
    return TRUE;

  statement = kith_database_prepare (database, sliced[export->table].more_sql, error);
  if (statement == NULL)
    return FALSE;

  kith_statement_bind (statement, "ii", export->number, last);
  return put_rows (database, export, sliced[export->table].more, statement, NULL, error);
}

static gboolean
put_slice (KithDatabase *database, Export *export, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (database, sliced[export->table].sql, error);
  gboolean has_more = sliced[export->table].more != NULL;
  KithBackupSlice slice = { .max_rows = has_more ? SLICE_LONG_ROWS : SLICE_ROWS };
  gint64 last;

  if (statement == NULL)
    return FALSE;

  kith_statement_bind (statement, has_more ? "iit" : "ii", export->number, export->last_number,
                       export->groups);
  if (!put_rows (database, export, sliced[export->table].table, statement, &slice, error))
    return FALSE;

  last = slice.is_full ? slice.last : export->last_number;
  if (!put_more (database, export, last, error))
    return FALSE;

  export->number = last;
  return TRUE;
}

static void
report (Export *export)
{
  double done = 0;
  double all = 0;

  for (guint i = 0; i < N_SLICED; i++)
    {
      all += export->bytes[i];
      if (i < export->table)
        done += export->bytes[i];
    }
  if (export->last_number > 0)
    done += export->bytes[export->table] * (double) export->number / (double) export->last_number;
  if (export->progress != NULL && all > 0)
    export->progress (WRITTEN * done / all, export->progress_data);
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
  if (is_done && !export->is_last)
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
  if (!(export->is_begun ? put_slice (database, export, error) : begin (database, export, error)))
    return FALSE;
  if (export->number < export->last_number || !end_table (export))
    return TRUE;

  export->is_last = TRUE;
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
kith_store_export_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
