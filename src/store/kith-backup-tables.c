/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a backup has of the tables, and in what order. The profile is used meanwhile: what is big is written by numbers,
 * a slice at a time, up to where the table went when the people and conversations were written; as it is when its turn
 * comes. Those are written at once, so that each message has its conversation. They are as many as there are people, and
 * what waits to be sent; what grows with the time that Kith is used is in slices. Of that, what a damaged page keeps from
 * being read is left out; without the people, groups and conversations there is no backup. Of a database that is rescued
 * these are left out as well, but for the user's own identity. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-backup-tables.h"

#include "base/kith-error.h"
#include "store/kith-backup-range.h"
#include "store/kith-backup.h"

#define ROWS 2000    /* of a slice: meanwhile everybody else who wants something of the store waits */
#define LONG_ROWS 200 /* which have more in another table */
#define BROADCASTS 16 /* to up to KITH_LIMIT_BROADCAST_RECIPIENTS each */
#define N_TABLES 9
#define GROUPS 0      /* the first of them ... */
#define MESSAGES 1    /* ... and the second */
#define NO_END G_MAXINT64

struct _KithBackupTables
{
  gboolean is_begun;
  guint    table;          /* its rows up to @number are written; N_TABLES: all are */
  gint64   number;
  double   n_written;      /* bytes, about */
  gint64   ends[N_TABLES]; /* how far each goes: known when the groups are written */
  double   bytes[N_TABLES]; /* of each, about, for the progress */
  GString *groups;         /* (owned): those that were written, number and id */
  gboolean is_incomplete;
};

/* --- What there is --------------------------------------------------------------------------- */

/* Conversations that were cleared are on their way out. */
#define IS_KEPT "(SELECT c.identity FROM conversation c WHERE c.id = m.conversation) IS NOT NULL"
#define OF_MESSAGE "(SELECT 1 FROM message m WHERE m.number = t.message AND " IS_KEPT ")"
#define LAST_MESSAGE "SELECT coalesce (max (number), 0) FROM message"

/* A group may be gone by now, and another have its number. */
#define GROUP_NAME "';' || number || ':' || hex (gid)"
#define IS_WRITTEN "FROM chat_group NOT INDEXED WHERE instr (?3, " GROUP_NAME ") > 0"

/* A broadcast goes with the last of its messages: one whose messages are not in the backup would stay. */
#define NEW_BROADCASTS                                                                                        \
  "(SELECT r.broadcast FROM message m CROSS JOIN broadcast_recipient r ON r.message = m.id"                   \
  " WHERE m.number > ?4 AND m.outgoing <> 0 AND m.broadcast <> 0)"
#define BROADCASTS_NOW "b.time_ms > ?1 AND b.time_ms <= ?2 AND b.id NOT IN " NEW_BROADCASTS

/* By numbers of which rows that come later have higher ones, between ?1 and ?2; ?3: the groups, ?4: the last message.
 * First the groups, since what is known of a log may be older than it, and not newer. What belongs to rows comes
 * behind them, and is what there is then: a broadcast goes when its messages go, an edit is known when its entry is. So
 * may entries go, and others have their numbers: what they say is written in the same slice. */
static const struct
{
  const char *table;
  const char *sql;
  int         column; /* with the number */
  guint       max_rows;
  const char *end;    /* (nullable): none: all that there is when its turn comes */
  const char *bytes;  /* about */
  const char *more;     /* (nullable): the table that has the rest of the rows ... */
  const char *more_sql; /* ... of the same numbers ... */
  int         more_column; /* ... which stand there, or KITH_BACKUP_NO_COLUMN */
} sliced[N_TABLES] = {
  { "chat_group", "SELECT * FROM chat_group WHERE number > ?1 AND number <= ?2 ORDER BY number", 0, ROWS, NULL,
    "SELECT coalesce (sum (512 + coalesce (length (state), 0)), 0) FROM chat_group", NULL, NULL, 0 },
  { "message",
    "SELECT m.* FROM message m WHERE m.number > ?1 AND m.number <= ?2 AND " IS_KEPT " ORDER BY m.number", 0, ROWS,
    LAST_MESSAGE, "SELECT 256 * coalesce (max (number), 0) FROM message", NULL, NULL, 0 },
  { "transfer",
    "SELECT t.* FROM transfer t WHERE t.message > ?1 AND t.message <= ?2 AND EXISTS " OF_MESSAGE
    " ORDER BY t.message", 0, ROWS,
    LAST_MESSAGE, "SELECT 256 * count (*) FROM transfer", NULL, NULL, 0 },
  { "transfer_content",
    "SELECT t.* FROM transfer_content t WHERE t.message > ?1 AND t.message <= ?2 AND EXISTS " OF_MESSAGE
    " ORDER BY t.message, t.part", 0, ROWS,
    LAST_MESSAGE, "SELECT total (size) FROM transfer WHERE kept <> 0", NULL, NULL, 0 },
  { "broadcast", "SELECT b.* FROM broadcast b WHERE " BROADCASTS_NOW " ORDER BY b.time_ms", 1, BROADCASTS, NULL,
    "SELECT 4096 * count (*) FROM broadcast", "broadcast_recipient",
    "SELECT r.* FROM broadcast b JOIN broadcast_recipient r ON r.broadcast = b.id WHERE " BROADCASTS_NOW,
    KITH_BACKUP_NO_COLUMN },
  { "group_op",
    "SELECT * FROM group_op WHERE number > ?1 AND number <= ?2 AND +chat_group IN (SELECT number " IS_WRITTEN ")"
    " ORDER BY number", 0, ROWS,
    "SELECT coalesce (max (number), 0) FROM group_op", "SELECT 512 * coalesce (max (number), 0) FROM group_op",
    NULL, NULL, 0 },
  { "group_entry",
    "SELECT * FROM group_entry WHERE number > ?1 AND number <= ?2 AND +chat_group IN (SELECT number " IS_WRITTEN ")"
    " ORDER BY number", 0, LONG_ROWS,
    "SELECT coalesce (max (number), 0) FROM group_entry",
    "SELECT 512 * coalesce (max (number), 0) FROM group_entry", "group_content",
    "SELECT * FROM group_content WHERE entry > ?1 AND entry <= ?2 ORDER BY entry", 0 },
  { "group_edit",
    "SELECT * FROM group_edit WHERE number > ?1 AND number <= ?2 AND +chat_group IN (SELECT number " IS_WRITTEN ")"
    " ORDER BY number", 0, ROWS, NULL,
    "SELECT 128 * coalesce (max (number), 0) FROM group_edit", NULL, NULL, 0 },
  { "group_reaction",
    "SELECT * FROM group_reaction WHERE number > ?1 AND number <= ?2 AND +identity IN (SELECT gid " IS_WRITTEN ")"
    " ORDER BY number", 0, ROWS, NULL,
    "SELECT 128 * coalesce (max (number), 0) FROM group_reaction", NULL, NULL, 0 },
};

/* At once, of the moment at which the others' ends are found; in the order of their first column where it is given, and of
 * a database that is rescued from ?1 on. */
static const struct
{
  const char     *table;
  const char     *sql;
  const char     *readable; /* (nullable): none: there has to be one row */
  KithBackupOrder by;
} whole[] = {
  { "profile", "SELECT * FROM profile", NULL, KITH_BACKUP_BY_NUMBER },
  { "setting", "SELECT * FROM setting",
    "SELECT * FROM setting WHERE key > ?1 AND key <> '" KITH_BACKUP_RESCUED "' ORDER BY key", KITH_BACKUP_BY_TEXT },
  { "contact", "SELECT * FROM contact", "SELECT * FROM contact WHERE identity > ?1 ORDER BY identity",
    KITH_BACKUP_BY_BYTES },
  { "device", "SELECT * FROM device", "SELECT * FROM device WHERE identity > ?1 ORDER BY identity, device",
    KITH_BACKUP_BY_BYTES },
  { "request", "SELECT * FROM request", "SELECT * FROM request WHERE identity > ?1 ORDER BY identity",
    KITH_BACKUP_BY_BYTES },
  /* Our own lead to this installation, and stay with it. */
  { "invite", "SELECT * FROM invite WHERE ours = 0", "SELECT * FROM invite WHERE ours = 0 AND id > ?1 ORDER BY id",
    KITH_BACKUP_BY_BYTES },
  { "conversation", "SELECT * FROM conversation WHERE identity IS NOT NULL",
    "SELECT * FROM conversation WHERE identity IS NOT NULL AND id > ?1 AND id <= ?2 ORDER BY id", KITH_BACKUP_BY_NUMBER },
  { "act", "SELECT a.* FROM act a JOIN conversation c ON c.id = a.conversation WHERE c.identity IS NOT NULL",
    "SELECT a.* FROM act a WHERE a.number > ?1 AND a.number <= ?2 AND (SELECT c.identity FROM conversation c"
    " WHERE c.id = a.conversation) IS NOT NULL ORDER BY a.number",
    KITH_BACKUP_BY_NUMBER },
};

/* --- Its life -------------------------------------------------------------------------------- */

KithBackupTables *
kith_backup_tables_new (void)
{
  KithBackupTables *self = g_new0 (KithBackupTables, 1);

  self->groups = g_string_new (NULL);
  return self;
}

void
kith_backup_tables_free (KithBackupTables *self)
{
  g_string_free (self->groups, TRUE);
  g_free (self);
}

gboolean
kith_backup_tables_is_done (KithBackupTables *self)
{
  return self->table == N_TABLES;
}

gboolean
kith_backup_tables_is_incomplete (KithBackupTables *self)
{
  return self->is_incomplete;
}

static double
get_done_bytes (KithBackupTables *self)
{
  gint64 end = self->ends[self->table];

  if (end == NO_END)
    return MIN (self->n_written, self->bytes[self->table]);

  return end > 0 ? self->bytes[self->table] * (double) MAX (self->number, 0) / (double) end : 0;
}

double
kith_backup_tables_get_fraction (KithBackupTables *self)
{
  double done = self->table < N_TABLES ? get_done_bytes (self) : 0;
  double all = 0;

  for (guint i = 0; i < N_TABLES; i++)
    {
      all += self->bytes[i];
      if (i < self->table)
        done += self->bytes[i];
    }

  return all > 0 ? done / all : 0;
}

/* --- Beginning ------------------------------------------------------------------------------- */

static void
begin_table (KithBackupTables *self, guint table)
{
  self->table = table;
  self->number = -1;
  self->n_written = 0;
}

/* @value: (out): @otherwise where a damaged page keeps it from being known */
static gboolean
read_if_readable (KithDatabase *database, const char *sql, gint64 otherwise, gint64 *value, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (kith_database_read_int (database, sql, value, &local))
    return TRUE;

  *value = otherwise;
  if (kith_backup_is_lost (database, local))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* First, so that who restores it knows. */
static gboolean
put_rescued (KithDatabase *database, KithBackupWriter *writer, GError **error)
{
  sqlite3_stmt *statement
    = kith_database_prepare (database, "SELECT '" KITH_BACKUP_RESCUED "' AS key, '1' AS value", error);

  return kith_backup_put_rows (database, writer, "setting", statement, NULL, NULL, error);
}

static gboolean
begin (KithBackupTables *self, KithDatabase *database, KithBackupWriter *writer, GError **error)
{
  for (guint i = 0; i < N_TABLES; i++)
    {
      gint64 bytes;

      if (!read_if_readable (database, sliced[i].bytes, 0, &bytes, error))
        return FALSE;
      self->bytes[i] = (double) bytes;
    }

  self->is_begun = TRUE;
  self->is_incomplete = kith_database_is_log_cut (database);
  self->ends[GROUPS] = NO_END;
  begin_table (self, GROUPS);
  if (!kith_backup_put_u32 (writer, kith_database_get_version (database), error))
    return FALSE;

  return !kith_database_is_to_rescue (database) || put_rescued (database, writer, error);
}

/* Up to where the tables go now: what comes later is not part of the backup. Nothing is written to a damaged one. */
static gboolean
find_ends (KithBackupTables *self, KithDatabase *database, GError **error)
{
  for (guint i = 0; i < N_TABLES; i++)
    {
      self->ends[i] = NO_END;
      if (sliced[i].end != NULL && !read_if_readable (database, sliced[i].end, NO_END, &self->ends[i], error))
        return FALSE;
    }

  return TRUE;
}

/* All of @range, past what cannot be read. */
static gboolean
put_readable (KithBackupTables *self, KithDatabase *database, KithBackupWriter *writer, KithBackupRange *range,
              GCancellable *cancellable, GError **error)
{
  KithBackupSlice slice = { .column = range->column, .by = range->by, .max_rows = G_MAXUINT, .max_bytes = G_MAXSIZE };

  do
    {
      slice.is_full = FALSE;
      if (!kith_backup_put_range (database, writer, range, &slice, &self->is_incomplete, cancellable, error))
        return FALSE;
      range->from = slice.last;
    }
  while (slice.is_full);

  return TRUE;
}

/* Without that there is nobody whose backup it would be. */
static gboolean
check_identity (KithDatabase *database, GError **error)
{
  g_autoptr (GError) local = NULL;
  gint64 n;

  if (kith_database_read_int (database, "SELECT count (*) FROM profile WHERE length (identity_seed) = 32", &n, &local)
      && n == 1)
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED, "The identity of this profile cannot be read");
  return FALSE;
}

static gboolean
rescue_whole_tables (KithBackupTables *self, KithDatabase *database, KithBackupWriter *writer,
                     GCancellable *cancellable, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    {
      KithBackupRange range = { .table = whole[i].table, .sql = whole[i].readable, .by = whole[i].by, .from = -1,
                                .to = KITH_BACKUP_LAST_PREFIX };

      if (whole[i].by != KITH_BACKUP_BY_NUMBER)
        range.from = 0;
      if (range.sql != NULL && !put_readable (self, database, writer, &range, cancellable, error))
        return FALSE;
      if (range.sql == NULL
          && (!check_identity (database, error)
              || !kith_backup_put_rows (database, writer, whole[i].table,
                                        kith_database_prepare (database, whole[i].sql, error), NULL, cancellable, error)))
        return FALSE;
    }

  return TRUE;
}

static gboolean
put_whole_tables (KithBackupTables *self, KithDatabase *database, KithBackupWriter *writer, GCancellable *cancellable,
                  GError **error)
{
  if (kith_database_is_to_rescue (database))
    return rescue_whole_tables (self, database, writer, cancellable, error);

  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    if (!kith_backup_put_rows (database, writer, whole[i].table, kith_database_prepare (database, whole[i].sql, error),
                               NULL, cancellable, error))
      return FALSE;

  return TRUE;
}

/* --- A slice --------------------------------------------------------------------------------- */

/* For the rows behind @number, up to @last. */
static KithBackupRange
get_range (KithBackupTables *self, gint64 last)
{
  return (KithBackupRange) { .table = sliced[self->table].table,
                             .sql = sliced[self->table].sql,
                             .column = sliced[self->table].column,
                             .from = self->number,
                             .to = last,
                             .groups = self->groups->str,
                             .last_message = self->ends[MESSAGES] };
}

/* What belongs to the rows behind @number, up to @last. */
static gboolean
put_more (KithBackupTables *self, KithDatabase *database, KithBackupWriter *writer, gint64 last,
          GCancellable *cancellable, GError **error)
{
  KithBackupRange range = get_range (self, last);

  range.table = sliced[self->table].more;
  range.sql = sliced[self->table].more_sql;
  range.column = sliced[self->table].more_column;
  return range.table == NULL || put_readable (self, database, writer, &range, cancellable, error);
}

/* @last: of those that were written. Their rows are there still: nobody else had a turn; behind a damaged page there are
 * none. */
static gboolean
name_groups (KithBackupTables *self, KithDatabase *database, gint64 last, GError **error)
{
  KithBackupRange range = get_range (self, last);
  g_autoptr (GError) local = NULL;
  sqlite3_stmt *statement = kith_backup_range_prepare (&range,
                                                       "SELECT " GROUP_NAME " FROM chat_group"
                                                       " WHERE number > ?1 AND number <= ?2",
                                                       database, &local);

  while (statement != NULL && kith_database_step (database, statement, &local))
    {
      g_autofree char *name = kith_column_text (statement, 0);

      g_string_append (self->groups, name);
    }

  if (local == NULL || (kith_database_is_to_rescue (database) && kith_backup_is_lost (database, local)))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* The table of the groups is written whole, or not at all; of a database that is rescued, as far as that goes. */
static gboolean
put_numbered (KithBackupTables *self, KithDatabase *database, KithBackupWriter *writer, KithBackupSlice *slice,
              GCancellable *cancellable, GError **error)
{
  KithBackupRange range = get_range (self, self->ends[self->table]);

  if (self->table != GROUPS || kith_database_is_to_rescue (database))
    return kith_backup_put_range (database, writer, &range, slice, &self->is_incomplete, cancellable, error);

  return kith_backup_put_rows (database, writer, range.table,
                               kith_backup_range_prepare (&range, range.sql, database, error), slice, cancellable,
                               error);
}

/* @is_at_end: (out): whether the table has no more */
static gboolean
put_rows (KithBackupTables *self, KithDatabase *database, KithBackupWriter *writer, gboolean *is_at_end,
          GCancellable *cancellable, GError **error)
{
  KithBackupSlice slice = { .column = sliced[self->table].column,
                            .max_rows = sliced[self->table].max_rows,
                            .max_bytes = KITH_BACKUP_SLICE_BYTES };
  gint64 last;

  if (!put_numbered (self, database, writer, &slice, cancellable, error))
    return FALSE;

  last = slice.is_full ? slice.last : self->ends[self->table];
  if (!put_more (self, database, writer, last, cancellable, error)
      || (self->table == GROUPS && !name_groups (self, database, last, error)))
    return FALSE;

  self->number = last;
  self->n_written += (double) slice.n_bytes;
  *is_at_end = !slice.is_full;
  return TRUE;
}

gboolean
kith_backup_tables_put_slice (KithBackupTables *self, KithDatabase *database, KithBackupWriter *writer,
                              GCancellable *cancellable, GError **error)
{
  gboolean is_at_end;

  if (!self->is_begun && !begin (self, database, writer, error))
    return FALSE;
  if (!put_rows (self, database, writer, &is_at_end, cancellable, error))
    return FALSE;
  if (!is_at_end)
    return TRUE;

  /* In the same turn as the last of the groups: with few of them all of that is of one moment. */
  if (self->table == GROUPS
      && (!find_ends (self, database, error) || !put_whole_tables (self, database, writer, cancellable, error)))
    return FALSE;

  begin_table (self, self->table + 1);
  return TRUE;
}
