/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-backup-range.h"

#include "base/kith-error.h"
#include "store/kith-past-damage.h"

gboolean
kith_backup_is_lost (KithDatabase *database, const GError *error)
{
  return g_error_matches (error, KITH_ERROR, KITH_ERROR_DAMAGED)
         || (kith_database_is_to_rescue (database) && g_error_matches (error, KITH_ERROR, KITH_ERROR_FAILED));
}

/* Keys that begin so are behind it. */
static void
bind_prefix (sqlite3_stmt *statement, KithBackupOrder by, gint64 from)
{
  guint8 prefix[KITH_BACKUP_PREFIX_BYTES];

  for (gint i = KITH_BACKUP_PREFIX_BYTES - 1; i >= 0; i--)
    {
      prefix[i] = (guint8) (from & 0xff);
      from >>= 8;
    }
  if (by == KITH_BACKUP_BY_TEXT)
    sqlite3_bind_text (statement, 1, (const char *) prefix, sizeof prefix, SQLITE_TRANSIENT);
  else
    sqlite3_bind_blob (statement, 1, prefix, sizeof prefix, SQLITE_TRANSIENT);
}

static sqlite3_stmt *
prepare_from (const KithBackupRange *range, const char *sql, gint64 from, KithDatabase *database, GError **error)
{
  static const char *const types[] = { "", "i", "ii", "iit", "iiti" };
  sqlite3_stmt *statement = kith_database_prepare (database, sql, error);

  if (statement != NULL && range->by != KITH_BACKUP_BY_NUMBER)
    bind_prefix (statement, range->by, from);
  else if (statement != NULL)
    kith_statement_bind (statement, types[sqlite3_bind_parameter_count (statement)], from, range->to, range->groups,
                         range->last_message);
  return statement;
}

sqlite3_stmt *
kith_backup_range_prepare (const KithBackupRange *range, const char *sql, KithDatabase *database, GError **error)
{
  return prepare_from (range, sql, range->from, database, error);
}

/* --- Past what cannot be read ---------------------------------------------------------------- */

typedef struct
{
  KithDatabase          *database;
  const KithBackupRange *range;
} Place;

/* Whether the first row behind @number can be, or there is none. */
static gboolean
is_readable_from (gint64 number, gpointer user_data)
{
  const Place *place = user_data;
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement = prepare_from (place->range, place->range->sql, number, place->database, &error);

  if (statement == NULL)
    return FALSE;

  kith_database_step (place->database, statement, &error);
  sqlite3_reset (statement);
  return error == NULL;
}

static gint64
find_readable (KithDatabase *database, const KithBackupRange *range, gint64 bad)
{
  Place place = { database, range };

  return kith_past_damage_find (bad, range->to, is_readable_from, &place);
}

gboolean
kith_backup_put_range (KithDatabase *database, KithBackupWriter *writer, const KithBackupRange *range,
                       KithBackupSlice *slice, gboolean *is_incomplete, GCancellable *cancellable, GError **error)
{
  GError *local = NULL;

  slice->last = range->from;
  if (kith_backup_put_rows (database, writer, range->table,
                            kith_backup_range_prepare (range, range->sql, database, &local), slice, cancellable,
                            &local))
    return TRUE;
  if (!kith_backup_is_lost (database, local))
    {
      g_propagate_error (error, local);
      return FALSE;
    }

  g_clear_error (&local);
  *is_incomplete = TRUE;
  slice->last = range->column == KITH_BACKUP_NO_COLUMN ? range->to : find_readable (database, range, slice->last);
  slice->is_full = slice->last < range->to;
  return TRUE;
}
