/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a backup, a slice at a time between other calls of the store. The key is made before, and what
 * was written is read after that, on worker threads: both take long, and need nothing of the store. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-backup.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "store/kith-backup-file.h"
#include "store/kith-backup-part.h"
#include "store/kith-store-private.h"

/* A slice ends with whichever comes first: meanwhile everybody else who wants something of the store waits. */
#define SLICE_ROWS 2000
#define SLICE_LONG_ROWS 200 /* of which another table has the rest */
#define SLICE_BYTES (4 * 1024 * 1024)
#define N_SLICED 4 /* tables that are written in slices */
#define WRITTEN 0.8 /* of the progress */

typedef struct
{
  GFile                 *file;       /* (owned) */
  KithBackupPart        *part;       /* (owned) (nullable) until it begins: where it is written */
  KithSecret            *passphrase; /* (owned) */
  KithBackupProgressFunc progress;
  gpointer               progress_data;
  GCancellable          *cancellable; /* (owned) (nullable) */
  KithBackupWriter      *writer;     /* (owned) (nullable) until it has a key */
  guint                  table;      /* of those that are written in slices */
  gint64                 number;     /* its rows up to this one are written */
  gint64                 last_number;
  gint64                 last[N_SLICED]; /* of each, when the export began */
  double                 bytes[N_SLICED]; /* of each, about, for the progress */
  char                  *groups;     /* (owned) (nullable): those of that time, number and id */
} Export;

static void
export_free (Export *export)
{
  g_clear_object (&export->file);
  g_clear_object (&export->cancellable);
  g_clear_pointer (&export->part, kith_backup_part_free);
  g_clear_pointer (&export->writer, kith_backup_writer_free);
  g_clear_pointer (&export->passphrase, kith_secret_unref);
  g_free (export->groups);
  g_free (export);
}

/* --- Values --------------------------------------------------------------------------------- */

static gboolean
put_byte (KithBackupWriter *writer, guint8 byte, GError **error)
{
  return kith_backup_writer_write (writer, &byte, 1, error);
}

static gboolean
put_u32 (KithBackupWriter *writer, guint32 value, GError **error)
{
  value = GUINT32_TO_BE (value);
  return kith_backup_writer_write (writer, &value, sizeof value, error);
}

static gboolean
put_name (KithBackupWriter *writer, const char *name, GError **error)
{
  return put_byte (writer, (guint8) strlen (name), error)
         && kith_backup_writer_write (writer, name, strlen (name), error);
}

static gboolean
put_value (KithBackupWriter *writer, sqlite3_stmt *statement, int column, GError **error)
{
  int type = sqlite3_column_type (statement, column);
  gint64 number = GINT64_TO_BE (sqlite3_column_int64 (statement, column));
  const void *bytes;
  guint32 len;

  if (!put_byte (writer, (guint8) type, error))
    return FALSE;
  if (type == SQLITE_NULL)
    return TRUE;
  if (type == SQLITE_INTEGER)
    return kith_backup_writer_write (writer, &number, sizeof number, error);

  bytes = sqlite3_column_blob (statement, column);
  len = (guint32) sqlite3_column_bytes (statement, column);
  if (len > KITH_LIMIT_BACKUP_VALUE_BYTES)
    {
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "A value is too long for a backup");
      return FALSE;
    }

  return put_u32 (writer, len, error) && kith_backup_writer_write (writer, bytes, len, error);
}

/* --- Tables --------------------------------------------------------------------------------- */

static gboolean
put_head (KithBackupWriter *writer, const char *table, sqlite3_stmt *statement, GError **error)
{
  int n = sqlite3_column_count (statement);
  guint16 count = GUINT16_TO_BE ((guint16) n);

  if (!put_byte (writer, 'T', error) || !put_name (writer, table, error)
      || !kith_backup_writer_write (writer, &count, sizeof count, error))
    return FALSE;

  for (int i = 0; i < n; i++)
    if (!put_name (writer, sqlite3_column_name (statement, i), error))
      return FALSE;

  return TRUE;
}

static gboolean
put_row (KithBackupWriter *writer, sqlite3_stmt *statement, GError **error)
{
  int n = sqlite3_column_count (statement);

  if (!put_byte (writer, 'R', error))
    return FALSE;

  for (int i = 0; i < n; i++)
    if (!put_value (writer, statement, i, error))
      return FALSE;

  return TRUE;
}

/* About what is written of a row. */
static gsize
row_bytes (sqlite3_stmt *statement)
{
  gsize bytes = 0;

  for (int i = 0; i < sqlite3_column_count (statement); i++)
    {
      int type = sqlite3_column_type (statement, i);

      if (type == SQLITE_BLOB || type == SQLITE_TEXT)
        bytes += (gsize) sqlite3_column_bytes (statement, i);
    }

  return bytes;
}

/* How much of a table may be written at once. */
typedef struct
{
  guint    max_rows;
  gint64   last;    /* the number of the last row */
  guint    n_rows;
  gsize    n_bytes;
  gboolean is_full; /* there may be more rows */
} Slice;

/* Rows of one number stay together: it goes on with the next one. */
static gboolean
is_full (const Slice *slice, sqlite3_stmt *statement)
{
  return (slice->n_rows >= slice->max_rows || slice->n_bytes >= SLICE_BYTES)
         && sqlite3_column_int64 (statement, 0) != slice->last;
}

static void
count_row (Slice *slice, sqlite3_stmt *statement)
{
  slice->last = sqlite3_column_int64 (statement, 0);
  slice->n_rows++;
  slice->n_bytes += row_bytes (statement);
}

/* Writes the rows of a bound statement. @slice: (inout) (nullable): how much of them; else all. */
static gboolean
put_rows (KithDatabase *database, Export *export, const char *table, sqlite3_stmt *statement, Slice *slice,
          GError **error)
{
  GError *local = NULL;

  if (statement == NULL || !put_head (export->writer, table, statement, error))
    return FALSE;

  while (kith_database_step (database, statement, &local))
    {
      if (slice != NULL && is_full (slice, statement))
        {
          slice->is_full = TRUE;
          break;
        }

      if (slice != NULL)
        count_row (slice, statement);
      /* A lock that waits for that does not wait for the rest of them. */
      if (g_cancellable_set_error_if_cancelled (export->cancellable, &local)
          || !put_row (export->writer, statement, &local))
        break;
    }

  sqlite3_reset (statement);
  if (local == NULL)
    return TRUE;

  g_propagate_error (error, local);
  return FALSE;
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
  export->part = kith_backup_part_new (export->file, error);
  if (export->part == NULL
      || !kith_backup_writer_begin (export->writer, kith_backup_part_get_stream (export->part), error)
      || !find_ends (database, export, error))
    return FALSE;

  begin_table (export, 0);
  return put_u32 (export->writer, kith_database_get_latest_version (), error)
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
  Slice slice = { .max_rows = has_more ? SLICE_LONG_ROWS : SLICE_ROWS };
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

/* --- Behind the last row -------------------------------------------------------------------- */

static void
checked_cb (double fraction, gpointer user_data)
{
  Export *export = user_data;

  if (export->progress != NULL)
    export->progress (WRITTEN + (1 - WRITTEN) * fraction, export->progress_data);
}

/* The file gets its name when all of it can be read. */
static gboolean
finish (Export *export, GCancellable *cancellable, GError **error)
{
  return kith_backup_writer_finish (export->writer, error) && kith_backup_part_close (export->part, error)
         && kith_backup_check (kith_backup_part_get_file (export->part), export->passphrase, checked_cb,
                               export, cancellable, error)
         && kith_backup_part_name (export->part, error);
}

/* Nothing of it is left when that is told. */
static void
give_up (gpointer task_data)
{
  Export *export = task_data;

  g_clear_pointer (&export->part, kith_backup_part_free);
}

static void
finish_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Export *export = task_data;
  GError *error = NULL;

  if (finish (export, cancellable, &error))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  give_up (export);
  g_task_return_error (task, error);
}

static gboolean
export_job (KithDatabase *database, GTask *task)
{
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean is_done = export->part == NULL ? begin (database, export, &error)
                                          : put_slice (database, export, &error);

  if (is_done)
    report (export);
  if (is_done && (export->number < export->last_number || !end_table (export)))
    return TRUE;

  if (is_done && put_byte (export->writer, 'E', &error))
    g_task_run_in_thread (task, finish_thread);
  else
    {
      give_up (export);
      g_task_return_error (task, error);
    }
  return FALSE;
}

/* --- The key -------------------------------------------------------------------------------- */

static void
key_thread (GTask *work, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  KithBackupWriter *writer = kith_backup_writer_new (task_data, &error);

  if (writer != NULL)
    g_task_return_pointer (work, writer, (GDestroyNotify) kith_backup_writer_free);
  else
    g_task_return_error (work, error);
}

static void
key_made_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;

  export->writer = g_task_propagate_pointer (G_TASK (result), &error);
  if (export->writer != NULL)
    kith_store_push_long (KITH_STORE (source), g_steal_pointer (&task), export_job, give_up);
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
  g_autoptr (GTask) work = g_task_new (self, cancellable, key_made_cb, task);
  Export *export = g_new0 (Export, 1);

  g_task_set_source_tag (task, kith_store_export_async);
  g_task_set_check_cancellable (task, FALSE);
  export->file = g_object_ref (file);
  export->passphrase = kith_secret_ref (passphrase);
  export->progress = progress;
  export->progress_data = progress_data;
  export->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  g_task_set_task_data (task, export, (GDestroyNotify) export_free);
  g_task_set_task_data (work, kith_secret_ref (passphrase), (GDestroyNotify) kith_secret_unref);
  g_task_run_in_thread (work, key_thread);
}

gboolean
kith_store_export_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
