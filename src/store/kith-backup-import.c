/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a store from a backup. Everything in the file is untrusted until it is in the database:
 * whoever knows the passphrase may have made it. Names are only compared with those we know. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-backup.h"

#include <string.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "store/kith-backup-clean.h"
#include "store/kith-backup-file.h"
#include "store/kith-generation.h"
#include "store/kith-store-private.h"

#define MAX_COLUMNS 64
#define ROWS_PER_COMMIT 5000
#define RELATION_REMOVED 3 /* that of the model, which does not change */
#define BYTES_PER_COMMIT (4 * 1024 * 1024) /* of the file */

/* Tables go on while they are written down a piece at a time. Rows of one with a parent are left out when that is not
 * there, or when there is one of their key; the latter in one that is loose, too. */
static const struct
{
  const char *name;
  const char *parent; /* (nullable): which may be missing: then so is the row */
  const char *column; /* that has its number ... */
  const char *key;    /* ... which is called so there */
  gboolean    is_loose;
} tables[] = {
  { "profile" },
  { "setting" },
  { "contact" },
  { "device" },
  { "request" },
  { "invite" },
  { "conversation" },
  { "broadcast", .is_loose = TRUE },
  { "broadcast_recipient", .is_loose = TRUE },
  { "act", "conversation", "conversation", "id" },
  { "message", "conversation", "conversation", "id" },
  { "transfer", "message", "message", "number" },
  { "transfer_content", "transfer", "message", "message" },
  { "chat_group" },
  { "group_op", "chat_group", "chat_group", "number" },
  { "group_entry", "chat_group", "chat_group", "number" },
  { "group_content", "group_entry", "entry", "number" },
  { "group_edit", "chat_group", "chat_group", "number" },
  { "group_reaction", .is_loose = TRUE },
};

typedef struct
{
  KithBackupReader      *reader;      /* (owned) */
  KithDatabase          *database;    /* (owned) */
  sqlite3_stmt          *insert;      /* (owned) (nullable): into the table that comes */
  guint                  n_columns;
  gboolean               is_rescued;  /* some rows may make no sense: they are left out */
  guint                  n_rows;      /* since the last commit */
  guint64                committed;   /* so much of the file */
  guint64                size;        /* of the file, for the progress */
  KithBackupProgressFunc progress;
  gpointer               progress_data;
  GCancellable          *cancellable; /* (nullable) */
} Import;

static gboolean
damaged (GError **error)
{
  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "The backup makes no sense");
  return FALSE;
}

/* --- Reading -------------------------------------------------------------------------------- */

static gboolean
get_u32 (Import *import, guint32 *value, GError **error)
{
  if (!kith_backup_reader_read (import->reader, value, sizeof *value, error))
    return FALSE;

  *value = GUINT32_FROM_BE (*value);
  return TRUE;
}

static gboolean
get_name (Import *import, char name[256], GError **error)
{
  guint8 len;

  if (!kith_backup_reader_read (import->reader, &len, 1, error)
      || !kith_backup_reader_read (import->reader, name, len, error))
    return FALSE;

  name[len] = '\0';
  return TRUE;
}

static gboolean
bind_bytes (Import *import, int column, guint8 type, const guint8 *bytes, guint32 len,
            GError **error)
{
  const char *text = (const char *) bytes;

  if (type == SQLITE_BLOB)
    sqlite3_bind_blob (import->insert, column, bytes, (int) len, SQLITE_TRANSIENT);
  else if (g_utf8_validate (text, (gssize) len, NULL))
    sqlite3_bind_text (import->insert, column, text, (int) len, SQLITE_TRANSIENT);
  else if (import->is_rescued)
    sqlite3_bind_null (import->insert, column);
  else
    return damaged (error);

  return TRUE;
}

static gboolean
get_bytes (Import *import, int column, guint8 type, GError **error)
{
  g_autofree guint8 *bytes = NULL;
  gboolean is_fine;
  guint32 len;

  if (!get_u32 (import, &len, error))
    return FALSE;
  if (len > KITH_LIMIT_BACKUP_VALUE_BYTES)
    return damaged (error);

  bytes = g_malloc (len + 1);
  bytes[len] = '\0';
  is_fine = kith_backup_reader_read (import->reader, bytes, len, error)
            && bind_bytes (import, column, type, bytes, len, error);
  kith_secret_wipe (bytes, len); /* it may be a key */
  return is_fine;
}

static gboolean
get_value (Import *import, int column, GError **error)
{
  guint8 type;
  gint64 number;

  if (!kith_backup_reader_read (import->reader, &type, 1, error))
    return FALSE;

  switch (type)
    {
    case SQLITE_NULL:
      sqlite3_bind_null (import->insert, column);
      return TRUE;
    case SQLITE_INTEGER:
      if (!kith_backup_reader_read (import->reader, &number, sizeof number, error))
        return FALSE;
      sqlite3_bind_int64 (import->insert, column, GINT64_FROM_BE (number));
      return TRUE;
    case SQLITE_TEXT:
    case SQLITE_BLOB:
      return get_bytes (import, column, type, error);
    default:
      return damaged (error);
    }
}

/* --- Tables --------------------------------------------------------------------------------- */

/* Returns: its place in @tables, or how many there are */
static gsize
find_table (const char *name)
{
  gsize i = 0;

  while (i < G_N_ELEMENTS (tables) && !g_str_equal (tables[i].name, name))
    i++;
  return i;
}

static gboolean
is_identifier (const char *name)
{
  return *name != '\0' && name[strspn (name, "abcdefghijklmnopqrstuvwxyz_")] == '\0';
}

/* It comes before all other rows. */
static gboolean
has_rescued_mark (Import *import)
{
  return kith_database_get_int (import->database, "SELECT count (*) FROM setting WHERE key = '" KITH_BACKUP_RESCUED "'",
                                0) > 0;
}

/* Reads the head of a table, and makes the statement that takes its rows. What is not a column of
 * the table is refused by SQLite. */
static gboolean
begin_table (Import *import, GError **error)
{
  g_autoptr (GString) sql = g_string_new ("INSERT INTO ");
  guint parent_column = 0;
  char name[256];
  gsize table;
  guint16 n;

  g_clear_pointer (&import->insert, sqlite3_finalize);
  if (!get_name (import, name, error)
      || !kith_backup_reader_read (import->reader, &n, sizeof n, error))
    return FALSE;

  n = GUINT16_FROM_BE (n);
  table = find_table (name);
  if (table == G_N_ELEMENTS (tables) || n == 0 || n > MAX_COLUMNS)
    return damaged (error);

  g_string_append (sql, name);
  for (guint i = 0; i < n; i++)
    {
      if (!get_name (import, name, error))
        return FALSE;
      if (!is_identifier (name))
        return damaged (error);
      if (g_strcmp0 (name, tables[table].column) == 0)
        parent_column = i + 1;
      g_string_append_printf (sql, "%s%s", i == 0 ? " (" : ", ", name);
    }
  if (tables[table].parent != NULL && parent_column == 0)
    return damaged (error);

  g_string_append (sql, ") SELECT ");
  for (guint i = 1; i <= n; i++)
    g_string_append_printf (sql, "%s?%u", i == 1 ? "" : ", ", i);
  if (tables[table].parent != NULL)
    g_string_append_printf (sql, " WHERE EXISTS (SELECT 1 FROM %s p WHERE p.%s = ?%u) ON CONFLICT DO NOTHING",
                            tables[table].parent, tables[table].key, parent_column);
  else if (tables[table].is_loose)
    g_string_append (sql, " WHERE TRUE ON CONFLICT DO NOTHING");

  import->n_columns = n;
  import->is_rescued = import->is_rescued || has_rescued_mark (import);
  if (sqlite3_prepare_v2 (kith_database_get_handle (import->database), sql->str, -1, &import->insert,
                          NULL)
      == SQLITE_OK)
    return TRUE;

  return damaged (error);
}

static gboolean
commit_now_and_then (Import *import, GError **error)
{
  guint64 n_read = kith_backup_reader_get_n_read (import->reader);

  if (g_cancellable_set_error_if_cancelled (import->cancellable, error))
    return FALSE;
  if (++import->n_rows < ROWS_PER_COMMIT && n_read - import->committed < BYTES_PER_COMMIT)
    return TRUE;

  import->n_rows = 0;
  import->committed = n_read;
  if (import->progress != NULL && import->size > 0)
    import->progress (0.8 * (double) n_read / (double) import->size, import->progress_data);
  return kith_database_exec (import->database, "COMMIT; BEGIN IMMEDIATE", error);
}

static gboolean
take_row (Import *import, GError **error)
{
  int rc;

  if (import->insert == NULL)
    return damaged (error);

  for (guint i = 0; i < import->n_columns; i++)
    if (!get_value (import, (int) i + 1, error))
      return FALSE;

  rc = sqlite3_step (import->insert);
  sqlite3_reset (import->insert);
  if (rc == SQLITE_DONE)
    return commit_now_and_then (import, error);
  if ((rc & 0xff) == SQLITE_CONSTRAINT || (rc & 0xff) == SQLITE_MISMATCH)
    return import->is_rescued ? commit_now_and_then (import, error) : damaged (error);

  kith_database_set_error (import->database, error);
  return FALSE;
}

static gboolean
take_everything (Import *import, GError **error)
{
  for (;;)
    {
      guint8 kind;
      gboolean is_fine;

      if (!kith_backup_reader_read (import->reader, &kind, 1, error))
        return FALSE;

      if (kind == 'E')
        return kith_backup_reader_is_at_end (import->reader) || damaged (error);

      is_fine = kind == 'T'   ? begin_table (import, error)
                : kind == 'R' ? take_row (import, error)
                              : damaged (error);
      if (!is_fine)
        return FALSE;
    }
}

/* --- A new installation --------------------------------------------------------------------- */

/* Peers count the messages of each installation. What has arrived keeps no number, so that nothing
 * they say of the new ones is taken for something about these; what waits begins with 1. By now the
 * schema is that of this version, whatever the backup had. */
static const char renumber[] =
  /* Those of groups are numbers of entries. */
  "UPDATE message SET seq = 0 WHERE outgoing = 1 AND author_key IS NULL"
  " AND (delivered_ms <> 0 OR reason IS NOT NULL);"
  "CREATE TEMP TABLE waiting AS SELECT is_act, number, row_number ()"
  " OVER (PARTITION BY conversation ORDER BY seq, number) AS place FROM"
  " (SELECT 0 AS is_act, number, conversation, seq FROM message"
  " WHERE outgoing = 1 AND delivered_ms = 0 AND reason IS NULL AND author_key IS NULL"
  " UNION ALL SELECT 1, number, conversation, seq FROM act);"
  "UPDATE message SET seq = w.place FROM waiting AS w"
  " WHERE w.is_act = 0 AND message.number = w.number;"
  "UPDATE act SET seq = w.place FROM waiting AS w WHERE w.is_act = 1 AND act.number = w.number;"
  "DROP TABLE waiting;"
  /* Nobody can be asked any more for what was missing: the numbers are of another count. */
  "UPDATE message SET reason = 'gone' WHERE kind = 2 AND reason IS NULL;"
  "UPDATE contact SET received_device = zeroblob (8), received_seq = 0, heard_seq = 0, read_seq = 0,"
  " next_seq = 1 + max (coalesce ((SELECT max (m.seq) FROM message m JOIN conversation c"
  " ON c.id = m.conversation WHERE c.identity = contact.identity AND m.outgoing = 1), 0),"
  " coalesce ((SELECT max (a.seq) FROM act a JOIN conversation c"
  " ON c.id = a.conversation WHERE c.identity = contact.identity), 0));"
  "INSERT OR REPLACE INTO setting VALUES ('" KITH_BACKUP_RESTORED "', '1');";

/* Places in the file system are those of another time or computer, or of whoever made the backup: nothing is
 * read, sent, opened, written or deleted there. What has come is looked for anew, by what is in it
 * (node/kith-restored-files.c), and what has not can be accepted again. What we offered from there nobody gets
 * any more, and that is said; what the store keeps is still offered. In a group DONE says that it is. The number of
 * the last message tells these from what comes from now on. How its clock was set is of that computer, too. */
#define OURS " message IN (SELECT number FROM message WHERE outgoing <> 0)"

static const char forget_places[] =
  "UPDATE transfer SET path = NULL, target = NULL, mtime_us = 0;"
  "UPDATE transfer SET kept = 0 WHERE NOT" OURS ";"
  /* Of what was kept something may be missing. */
  "UPDATE transfer SET kept = 0 WHERE kept <> 0 AND size <> (SELECT total (length (c.data)) FROM transfer_content c"
  " WHERE c.message = transfer.message);"
  "UPDATE transfer SET done_bytes = 0, error = NULL,"
  " state = " G_STRINGIFY (KITH_STORE_TRANSFER_OFFERED)
  " WHERE NOT" OURS " AND state NOT IN ("
  G_STRINGIFY (KITH_STORE_TRANSFER_DONE) ", " G_STRINGIFY (KITH_STORE_TRANSFER_CANCELLED) ", "
  G_STRINGIFY (KITH_STORE_TRANSFER_DECLINED) ");"
  "UPDATE transfer SET done_bytes = 0, live = 0, told = 1, error = '" KITH_BACKUP_FILE_LOST "',"
  " state = " G_STRINGIFY (KITH_STORE_TRANSFER_FAILED) " WHERE kept = 0 AND" OURS " AND state NOT IN ("
  G_STRINGIFY (KITH_STORE_TRANSFER_CANCELLED) ", " G_STRINGIFY (KITH_STORE_TRANSFER_DECLINED) ")"
  " AND (state <> " G_STRINGIFY (KITH_STORE_TRANSFER_DONE)
  " OR message IN (SELECT number FROM message WHERE author_key IS NOT NULL));"
  "INSERT OR REPLACE INTO setting SELECT '" KITH_BACKUP_LAST "', coalesce (max (number), 0) FROM message;"
  "DELETE FROM setting WHERE key IN ('files-folder', 'files-auto', 'expiry-clock');";

/* Of a profile that was rescued people may be missing whose conversations are there: those can be read as the ones of
 * somebody who was removed. In those of groups some messages have an author. */
static const char put_lost_people[] =
  "INSERT INTO contact (identity, relation, verified, blocked, favourite, added_ms, last_seen_ms, pair_root_ms, next_seq,"
  " received_device, received_seq, read_seq, endpoints)"
  " SELECT c.identity, " G_STRINGIFY (RELATION_REMOVED) ", 0, 0, 0, 0, 0, 0, 1, zeroblob (8), 0, 0, zeroblob (0)"
  " FROM conversation c WHERE EXISTS (SELECT 1 FROM setting WHERE key = '" KITH_BACKUP_RESCUED "')"
  " AND c.identity IS NOT NULL AND c.identity NOT IN (SELECT identity FROM contact)"
  " AND c.identity NOT IN (SELECT gid FROM chat_group)"
  " AND EXISTS (SELECT 1 FROM message m WHERE m.conversation = c.id)"
  " AND NOT EXISTS (SELECT 1 FROM message m WHERE m.conversation = c.id"
  " AND (m.author IS NOT NULL OR m.author_key IS NOT NULL OR m.event IS NOT NULL));"
  "DELETE FROM setting WHERE key = '" KITH_BACKUP_RESCUED "';";

/* How old it is counts from here. */
static const char forget_generation[] =
  "DELETE FROM setting WHERE key IN ('" KITH_GENERATION "', '" KITH_GENERATION_OLDER "');";

/* A log that may have gone on elsewhere must not be gone on with: groups need a new key. */
static const char renew_keys[] = "UPDATE chat_group SET restored = 1, next_seed = NULL"
                                 " WHERE author_seed IS NOT NULL;";

gboolean
kith_store_begin_anew (KithDatabase *database, GError **error)
{
  return kith_database_exec (database, renumber, error) && kith_database_exec (database, renew_keys, error);
}

static gboolean
has_profile (Import *import, GError **error)
{
  return kith_database_get_int (import->database, "SELECT count (*) FROM profile", 0) == 1
         || damaged (error);
}

static gboolean
build_index (Import *import, GError **error)
{
  GError *local = NULL;
  guint n = 0;

  while (kith_store_index_some (import->database, KITH_LIMIT_SEARCH_RECENT, &local) && local == NULL)
    {
      gint64 mark = kith_database_get_int (import->database, "SELECT number FROM search_mark", 0);
      gint64 last = kith_database_get_int (import->database, "SELECT max (number) FROM message", 1);

      if (g_cancellable_set_error_if_cancelled (import->cancellable, &local))
        break;
      if (import->progress != NULL && n++ % 20 == 0)
        import->progress (0.8 + 0.2 * (double) mark / (double) MAX (last, 1), import->progress_data);
    }

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, local);
  return FALSE;
}

static gboolean
fill (Import *import, GError **error)
{
  return kith_database_exec (import->database, "BEGIN IMMEDIATE", error)
         && take_everything (import, error) && has_profile (import, error)
         && kith_database_exec (import->database, "COMMIT", error)
         && kith_database_migrate (import->database, kith_database_get_latest_version (), FALSE, error)
         && kith_database_exec (import->database, "BEGIN IMMEDIATE", error)
         && kith_database_exec (import->database, put_lost_people, error)
         && kith_store_begin_anew (import->database, error)
         && kith_database_exec (import->database, forget_places, error)
         && kith_database_exec (import->database, forget_generation, error)
         && kith_backup_clean (import->database, error)
         && !g_cancellable_set_error_if_cancelled (import->cancellable, error)
         && kith_database_exec (import->database, "COMMIT", error)
         && build_index (import, error);
}

/* --- The whole ------------------------------------------------------------------------------ */

static void
remove_database (const char *path)
{
  static const char *const suffixes[] = { "", "-wal", ".new", ".new-wal" };

  for (gsize i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *name = g_strconcat (path, suffixes[i], NULL);

      g_unlink (name);
    }
}

static gboolean
open_database (Import *import, const char *path, KithSecret *key, GError **error)
{
  guint32 version;

  if (!get_u32 (import, &version, error))
    return FALSE;
  if (version > kith_database_get_latest_version ())
    {
      g_set_error (error, KITH_ERROR, KITH_ERROR_NEWER_VERSION, "The backup has version %u", version);
      return FALSE;
    }
  if (version == 0)
    return damaged (error);

  import->database = kith_database_open_full (path, key, NULL, version, error);
  return import->database != NULL;
}

gboolean
kith_backup_import (GFile *file, KithSecret *passphrase, const char *path, KithSecret *key,
                    KithBackupProgressFunc progress, gpointer progress_data,
                    GCancellable *cancellable, GError **error)
{
  Import import = { .progress = progress, .progress_data = progress_data,
                    .cancellable = cancellable };
  g_autoptr (GFileInputStream) stream = kith_backup_open (file, &import.size, error);
  gboolean is_done = FALSE;

  if (stream == NULL)
    return FALSE;

  import.reader = kith_backup_reader_new (G_INPUT_STREAM (stream), passphrase, error);
  if (import.reader != NULL && open_database (&import, path, key, error))
    is_done = fill (&import, error);

  g_clear_pointer (&import.insert, sqlite3_finalize);
  if (import.database != NULL)
    is_done = kith_database_close (import.database, is_done ? error : NULL) && is_done;
  g_clear_pointer (&import.reader, kith_backup_reader_free);
  if (!is_done)
    remove_database (path);
  return is_done;
}
