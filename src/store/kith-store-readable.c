/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages of a conversation past what cannot be read: a damaged page takes its messages away, and not those behind it. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "store/kith-past-damage.h"
#include "store/kith-store-query.h"

/* Only what one reads of a message: what is not asked for cannot be damaged. In the order of an index, so that none waits
 * for the one behind it to be read: where two are of the same moment it is not that of the window. */
#define READABLE                                                                                               \
  "SELECT " KITH_STORE_MESSAGE_COLUMNS_WITH ("NULL") " FROM " KITH_STORE_MESSAGES                               \
  " WHERE m.conversation = (SELECT id FROM conversation WHERE identity = ?1)"                                   \
  " AND (m.hlc, m.id) > (?2, ?3) AND m.deleted <> 2 ORDER BY m.hlc, m.number LIMIT ?4"

typedef struct
{
  KithDatabase   *database; /* while the job runs */
  KithStoreCursor cursor;
  guint           limit;
  gboolean        has_more;
  gboolean        has_gap;
} Readable;

static sqlite3_stmt *
prepare (KithDatabase *database, const KithStoreCursor *cursor, guint limit, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (database, READABLE, error);

  if (statement != NULL)
    kith_statement_bind (statement, "bibi", cursor->identity, (gsize) KITH_STORE_IDENTITY_BYTES,
                         (gint64) MIN (cursor->hlc, G_MAXINT64), cursor->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES,
                         (gint64) limit);
  return statement;
}

/* Behind all messages of earlier moments. */
static KithStoreCursor
cursor_at (const KithStoreCursor *cursor, gint64 hlc)
{
  KithStoreCursor at = *cursor;

  at.hlc = (guint64) hlc - 1;
  memset (at.id, 0xff, sizeof at.id);
  return at;
}

static gboolean
is_readable_from (gint64 hlc, gpointer user_data)
{
  const Readable *self = user_data;
  KithStoreCursor at = cursor_at (&self->cursor, hlc);
  g_autoptr (GError) error = NULL;
  sqlite3_stmt *statement = prepare (self->database, &at, 1, &error);

  if (statement == NULL)
    return FALSE;

  kith_database_step (self->database, statement, &error);
  sqlite3_reset (statement);
  return error == NULL;
}

static void
note_last (Readable *self, GPtrArray *rows)
{
  const KithStoreMessage *row;

  if (rows->len == 0)
    return;

  row = g_ptr_array_index (rows, rows->len - 1);
  self->cursor.hlc = row->hlc;
  memcpy (self->cursor.id, row->id, sizeof self->cursor.id);
}

/* (transfer full) (nullable) */
static GPtrArray *
read_past_damage (Readable *self, GError **error)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);
  g_autoptr (GError) local = NULL;
  gint64 place;

  if (kith_store_read_rows (self->database, prepare (self->database, &self->cursor, self->limit, &local),
                            kith_store_read_message, rows, &local))
    {
      note_last (self, rows);
      self->has_more = rows->len == self->limit;
      return g_steal_pointer (&rows);
    }
  if (!g_error_matches (local, KITH_ERROR, KITH_ERROR_DAMAGED))
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }

  note_last (self, rows);
  place = kith_past_damage_find ((gint64) MIN (self->cursor.hlc, G_MAXINT64), G_MAXINT64, is_readable_from, self);
  self->cursor = cursor_at (&self->cursor, place);
  self->has_more = place < G_MAXINT64;
  self->has_gap = TRUE;
  return g_steal_pointer (&rows);
}

static gboolean
readable_job (KithDatabase *database, GTask *task)
{
  Readable *self = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *rows = kith_store_read_page (database, &self->cursor, KITH_STORE_AFTER, self->limit, &error);

  self->database = database;
  if (rows != NULL)
    {
      note_last (self, rows);
      self->has_more = rows->len == self->limit;
    }
  else if (g_error_matches (error, KITH_ERROR, KITH_ERROR_DAMAGED))
    {
      g_clear_error (&error);
      rows = read_past_damage (self, &error);
    }

  kith_store_answer (task, rows, (GDestroyNotify) g_ptr_array_unref, error);
  return FALSE;
}

void
kith_store_load_readable_async (KithStore *self, const KithStoreCursor *cursor, guint limit,
                                GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Readable readable = { .cursor = *cursor, .limit = limit };

  kith_store_ask (self, kith_store_load_readable_async, &readable, sizeof readable, readable_job, cancellable,
                  callback, user_data);
}

GPtrArray *
kith_store_load_readable_finish (KithStore *self, GAsyncResult *result, KithStoreCursor *next, gboolean *has_more,
                                 gboolean *has_gap, GError **error)
{
  const Readable *readable = g_task_get_task_data (G_TASK (result));

  *next = readable->cursor;
  *has_more = readable->has_more;
  *has_gap = readable->has_gap;
  return g_task_propagate_pointer (G_TASK (result), error);
}
