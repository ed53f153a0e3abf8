/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-backup-rows.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"

/* --- Values --------------------------------------------------------------------------------- */

gboolean
kith_backup_put_byte (KithBackupWriter *writer, guint8 byte, GError **error)
{
  return kith_backup_writer_write (writer, &byte, 1, error);
}

gboolean
kith_backup_put_u32 (KithBackupWriter *writer, guint32 value, GError **error)
{
  value = GUINT32_TO_BE (value);
  return kith_backup_writer_write (writer, &value, sizeof value, error);
}

static gboolean
put_name (KithBackupWriter *writer, const char *name, GError **error)
{
  return kith_backup_put_byte (writer, (guint8) strlen (name), error)
         && kith_backup_writer_write (writer, name, strlen (name), error);
}

static gboolean
put_value (KithBackupWriter *writer, sqlite3_stmt *statement, int column, GError **error)
{
  int type = sqlite3_column_type (statement, column);
  gint64 number = GINT64_TO_BE (sqlite3_column_int64 (statement, column));
  const void *bytes;
  guint32 len;

  if (!kith_backup_put_byte (writer, (guint8) type, error))
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

  return kith_backup_put_u32 (writer, len, error) && kith_backup_writer_write (writer, bytes, len, error);
}

/* --- Tables --------------------------------------------------------------------------------- */

static gboolean
put_head (KithBackupWriter *writer, const char *table, sqlite3_stmt *statement, GError **error)
{
  int n = sqlite3_column_count (statement);
  guint16 count = GUINT16_TO_BE ((guint16) n);

  if (!kith_backup_put_byte (writer, 'T', error) || !put_name (writer, table, error)
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

  if (!kith_backup_put_byte (writer, 'R', error))
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

static gint64
get_number (const KithBackupSlice *slice, sqlite3_stmt *statement)
{
  const guint8 *bytes;
  gsize len;
  gint64 number = 0;

  if (slice->by == KITH_BACKUP_BY_NUMBER)
    return sqlite3_column_int64 (statement, slice->column);

  bytes = sqlite3_column_blob (statement, slice->column);
  len = (gsize) sqlite3_column_bytes (statement, slice->column);
  for (gsize i = 0; i < KITH_BACKUP_PREFIX_BYTES; i++)
    number = number << 8 | (i < len ? bytes[i] : 0);
  return number;
}

/* Rows of one number stay together: it goes on with the next one. */
static gboolean
is_full (const KithBackupSlice *slice, gint64 number)
{
  return (slice->n_rows >= slice->max_rows || slice->n_bytes >= slice->max_bytes) && number != slice->last;
}

/* Of pages that do not belong together, rows may come twice. */
static gboolean
goes_back (const KithBackupSlice *slice, gint64 number, GError **error)
{
  if (slice->column < 0 || number >= slice->last)
    return FALSE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "The rows are not in order");
  return TRUE;
}

static void
count_row (KithBackupSlice *slice, gint64 number, sqlite3_stmt *statement)
{
  slice->last = number;
  slice->n_rows++;
  slice->n_bytes += row_bytes (statement);
}

gboolean
kith_backup_put_rows (KithDatabase *database, KithBackupWriter *writer, const char *table, sqlite3_stmt *statement,
                      KithBackupSlice *slice, GCancellable *cancellable, GError **error)
{
  GError *local = NULL;

  if (statement == NULL || !put_head (writer, table, statement, error))
    return FALSE;

  while (kith_database_step (database, statement, &local))
    {
      gint64 number = slice != NULL ? get_number (slice, statement) : 0;

      if (slice != NULL && goes_back (slice, number, &local))
        break;
      if (slice != NULL && is_full (slice, number))
        {
          slice->is_full = TRUE;
          break;
        }

      if (slice != NULL)
        count_row (slice, number, statement);
      /* A lock that waits for that does not wait for the rest of them. */
      if (g_cancellable_set_error_if_cancelled (cancellable, &local)
          || !put_row (writer, statement, &local))
        break;
    }

  sqlite3_reset (statement);
  if (local == NULL)
    return TRUE;

  g_propagate_error (error, local);
  return FALSE;
}
