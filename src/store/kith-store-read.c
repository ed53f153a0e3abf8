/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages: pages of conversations, and single ones. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "store/kith-store-query.h"

/* With the message that is answered. */
#define QUOTED_COLUMNS \
  KITH_STORE_MESSAGE_COLUMNS ", q.outgoing, q.deleted, q.author, substr (q.text, 1, " \
                             G_STRINGIFY (KITH_LIMIT_QUOTE_CHARS) ")"
#define QUOTED \
  KITH_STORE_MESSAGES " LEFT JOIN message q ON q.number = (SELECT r.number FROM message r WHERE r.id = m.reply_to" \
         " AND r.conversation = m.conversation LIMIT 1)"
#define SHOWN " AND m.deleted <> 2"

/* --- Rows ----------------------------------------------------------------------------------- */

static void
reaction_free (gpointer data)
{
  KithStoreReaction *reaction = data;

  g_free (reaction->emoji);
  g_free (reaction);
}

/* A line each: 64 hex digits of who says it, then the emoji. */
static GPtrArray *
read_reactions (sqlite3_stmt *statement, int column)
{
  g_autofree char *text = kith_column_text (statement, column);
  g_auto (GStrv) lines = text != NULL ? g_strsplit (text, "\n", -1) : NULL;
  GPtrArray *reactions;

  if (lines == NULL)
    return NULL;

  reactions = g_ptr_array_new_with_free_func (reaction_free);
  for (char **line = lines; *line != NULL; line++)
    {
      KithStoreReaction *reaction = g_new0 (KithStoreReaction, 1);
      g_autofree char *hex = g_strndup (*line, 2 * KITH_STORE_IDENTITY_BYTES);

      g_ptr_array_add (reactions, reaction);
      if (strlen (*line) > strlen (hex) && kith_hex_decode (hex, reaction->author, sizeof reaction->author))
        reaction->emoji = g_strdup (*line + strlen (hex));
      else
        g_ptr_array_set_size (reactions, (gint) reactions->len - 1);
    }

  return reactions;
}

static void
read_group_columns (sqlite3_stmt *statement, KithStoreMessage *row)
{
  row->has_author = kith_column_bytes (statement, 22, row->author, sizeof row->author);
  row->has_author_key = kith_column_bytes (statement, 23, row->author_key, sizeof row->author_key);
  row->event = kith_column_text (statement, 24);
  row->has_event_who = kith_column_bytes (statement, 25, row->event_who, sizeof row->event_who);
  row->has_event_by = kith_column_bytes (statement, 26, row->event_by, sizeof row->event_by);
  row->mention = kith_column_bool (statement, 27);
  row->late = kith_column_bool (statement, 28);
  row->reactions = read_reactions (statement, 29);
  if (row->event != NULL)
    row->kind = KITH_STORE_KIND_EVENT;
}

gpointer
kith_store_read_message (sqlite3_stmt *statement)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);
  guint kind = kith_column_uint (statement, 13);
  guint deletion = kith_column_uint (statement, 16);

  kith_column_bytes (statement, 0, row->id, sizeof row->id);
  kith_column_bytes (statement, 1, row->identity, sizeof row->identity);
  row->outgoing = kith_column_bool (statement, 2);
  row->seq = kith_column_uint64 (statement, 3);
  row->hlc = kith_column_uint64 (statement, 4);
  row->time_ms = sqlite3_column_int64 (statement, 5);
  row->state = kith_column_uint (statement, 6);
  row->sent_ms = sqlite3_column_int64 (statement, 7);
  row->delivered_ms = sqlite3_column_int64 (statement, 8);
  row->read_ms = sqlite3_column_int64 (statement, 9);
  row->reason = kith_column_text (statement, 10);
  row->text = kith_column_text (statement, 11);
  row->broadcast = kith_column_bool (statement, 12);
  row->kind = (KithStoreKind) kind;
  row->has_reply_to = sqlite3_column_type (statement, 14) != SQLITE_NULL;
  kith_column_bytes (statement, 14, row->reply_to, sizeof row->reply_to);
  row->edited_ms = sqlite3_column_int64 (statement, 15);
  row->deletion = (KithStoreDeletion) deletion;
  row->hidden = deletion == KITH_STORE_GONE && row->text != NULL && *row->text != '\0';
  row->ttl_s = (guint32) kith_column_uint (statement, 17);
  row->expires_ms = sqlite3_column_int64 (statement, 18);
  row->n_missing = kith_column_uint (statement, 19);
  row->my_reaction = kith_column_text (statement, 20);
  row->their_reaction = kith_column_text (statement, 21);
  read_group_columns (statement, row);
  row->file = kith_store_read_transfer (statement, 30);
  return row;
}

/* A row of QUOTED_COLUMNS. */
static gpointer
read_quoted (sqlite3_stmt *statement)
{
  KithStoreMessage *row = kith_store_read_message (statement);
  const int at = KITH_STORE_MESSAGE_N_COLUMNS;

  if (!row->has_reply_to)
    return row;

  if (sqlite3_column_type (statement, at) == SQLITE_NULL)
    row->quote = KITH_STORE_QUOTE_NONE;
  else if (sqlite3_column_int64 (statement, at + 1) != KITH_STORE_KEPT)
    row->quote = KITH_STORE_QUOTE_DELETED;
  else
    row->quote = KITH_STORE_QUOTE_FOUND;

  row->quote_outgoing = kith_column_bool (statement, at);
  if (kith_column_bytes (statement, at + 2, row->quote_author_bytes, sizeof row->quote_author_bytes))
    row->quote_author = row->quote_author_bytes;
  row->quote_text = kith_column_text (statement, at + 3);
  return row;
}

/* --- Pages ---------------------------------------------------------------------------------- */

static const char *
page_sql (KithStoreSide side)
{
  switch (side)
    {
    case KITH_STORE_BEFORE:
      return "SELECT " QUOTED_COLUMNS " FROM " QUOTED
             " WHERE m.conversation = (SELECT id FROM conversation WHERE identity = ?1)"
             " AND (m.hlc, m.id) < (?2, ?3)" SHOWN " ORDER BY m.hlc DESC, m.id DESC LIMIT ?4";
    case KITH_STORE_FROM:
      return "SELECT " QUOTED_COLUMNS " FROM " QUOTED
             " WHERE m.conversation = (SELECT id FROM conversation WHERE identity = ?1)"
             " AND (m.hlc, m.id) >= (?2, ?3)" SHOWN " ORDER BY m.hlc, m.id LIMIT ?4";
    case KITH_STORE_AFTER:
      return "SELECT " QUOTED_COLUMNS " FROM " QUOTED
             " WHERE m.conversation = (SELECT id FROM conversation WHERE identity = ?1)"
             " AND (m.hlc, m.id) > (?2, ?3)" SHOWN " ORDER BY m.hlc, m.id LIMIT ?4";
    case KITH_STORE_LAST:
      return "SELECT " QUOTED_COLUMNS " FROM " QUOTED
             " WHERE m.conversation = (SELECT id FROM conversation WHERE identity = ?1)"
             " AND (m.hlc, m.id) < (?2, ?3) AND m.kind = 0" SHOWN
             " ORDER BY m.hlc DESC, m.id DESC LIMIT ?4";
    default:
      g_return_val_if_reached (NULL);
    }
}

static void
reverse (GPtrArray *rows)
{
  for (guint i = 0; i < rows->len / 2; i++)
    {
      gpointer row = rows->pdata[i];

      rows->pdata[i] = rows->pdata[rows->len - 1 - i];
      rows->pdata[rows->len - 1 - i] = row;
    }
}

/* (transfer full) (nullable) */
GPtrArray *
kith_store_read_page (KithDatabase *database, const KithStoreCursor *cursor, KithStoreSide side,
                      guint limit, GError **error)
{
  g_autoptr (GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);
  sqlite3_stmt *statement = kith_database_prepare (database, page_sql (side), error);

  if (statement == NULL)
    return NULL;

  kith_statement_bind (statement, "bibi", cursor->identity, (gsize) KITH_STORE_IDENTITY_BYTES,
                       (gint64) MIN (cursor->hlc, G_MAXINT64), cursor->id,
                       (gsize) KITH_STORE_MESSAGE_ID_BYTES, (gint64) limit);
  if (!kith_store_read_rows (database, statement, read_quoted, rows, error))
    return NULL;

  if (side == KITH_STORE_BEFORE || side == KITH_STORE_LAST)
    reverse (rows);
  return g_steal_pointer (&rows);
}

typedef struct
{
  KithStoreCursor cursor;
  KithStoreSide   side;
  guint           limit;
} Page;

static gboolean
page_job (KithDatabase *database, GTask *task)
{
  const Page *page = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *rows = kith_store_read_page (database, &page->cursor, page->side, page->limit, &error);

  kith_store_answer (task, rows, (GDestroyNotify) g_ptr_array_unref, error);
  return FALSE;
}

void
kith_store_load_messages_async (KithStore *self, const KithStoreCursor *cursor, KithStoreSide side,
                                guint limit, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  Page page = { *cursor, side, limit };

  kith_store_ask (self, kith_store_load_messages_async, &page, sizeof page, page_job, cancellable,
                  callback, user_data);
}

GPtrArray *
kith_store_load_messages_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Single messages ------------------------------------------------------------------------ */

/* (transfer full) (nullable): the first row of a bound statement */
static KithStoreMessage *
read_one (KithDatabase *database, sqlite3_stmt *statement, GError **error)
{
  KithStoreMessage *row = NULL;

  if (statement != NULL && kith_database_step (database, statement, error))
    {
      row = read_quoted (statement);
      sqlite3_reset (statement);
    }

  return row;
}

typedef struct
{
  guint8   id[KITH_STORE_MESSAGE_ID_BYTES];
  gboolean has_identity;
  guint8   identity[KITH_STORE_IDENTITY_BYTES];
} Wanted;

/* (transfer full) (nullable): what was found is what was meant only if it is the only one */
static KithStoreMessage *
take_only (GPtrArray *rows, GError **error)
{
  if (rows->len == 1)
    return g_ptr_array_steal_index (rows, 0);

  if (rows->len == 0)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such message");
  else
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS,
                         "Several conversations have a message with this id");
  return NULL;
}

static gboolean
find_job (KithDatabase *database, GTask *task)
{
  const Wanted *wanted = g_task_get_task_data (task);
  g_autoptr (GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " QUOTED_COLUMNS " FROM " QUOTED " WHERE m.id = ?1 AND c.identity IS NOT NULL"
    " AND (?2 IS NULL OR c.identity = ?2)" SHOWN " LIMIT 2",
    &error);
  KithStoreMessage *row = NULL;

  if (statement != NULL)
    kith_statement_bind (statement, "bb", wanted->id, sizeof wanted->id,
                         wanted->has_identity ? wanted->identity : NULL,
                         wanted->has_identity ? sizeof wanted->identity : (gsize) 0);
  if (kith_store_read_rows (database, statement, read_quoted, rows, &error))
    row = take_only (rows, &error);
  kith_store_answer (task, row, (GDestroyNotify) kith_store_message_free, error);
  return FALSE;
}

void
kith_store_find_message_async (KithStore *self, const guint8 *identity,
                               const guint8 id[KITH_STORE_MESSAGE_ID_BYTES],
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  Wanted wanted = { .has_identity = identity != NULL };

  memcpy (wanted.id, id, sizeof wanted.id);
  if (identity != NULL)
    memcpy (wanted.identity, identity, sizeof wanted.identity);
  kith_store_ask (self, kith_store_find_message_async, &wanted, sizeof wanted, find_job,
                  cancellable, callback, user_data);
}

KithStoreMessage *
kith_store_find_message_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
first_unread_job (KithDatabase *database, GTask *task)
{
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " QUOTED_COLUMNS " FROM " QUOTED
    " WHERE m.conversation = (SELECT id FROM conversation WHERE identity = ?1)"
    " AND m.outgoing = 0 AND m.read_ms = 0" SHOWN " ORDER BY m.hlc, m.id LIMIT 1",
    &error);
  KithStoreMessage *row;

  if (statement != NULL)
    kith_statement_bind (statement, "b", g_task_get_task_data (task),
                         (gsize) KITH_STORE_IDENTITY_BYTES);
  row = read_one (database, statement, &error);
  kith_store_answer (task, row, (GDestroyNotify) kith_store_message_free, error);
  return FALSE;
}

void
kith_store_first_unread_async (KithStore *self, const guint8 identity[KITH_STORE_IDENTITY_BYTES],
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  kith_store_ask (self, kith_store_first_unread_async, identity, KITH_STORE_IDENTITY_BYTES,
                  first_unread_job, cancellable, callback, user_data);
}

KithStoreMessage *
kith_store_first_unread_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
