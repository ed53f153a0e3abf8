/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of messages that are stored: edits, deletion, reactions, what disappears. The words of
 * a message that changes leave the search index in the same transaction. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "store/kith-store-query.h"

#define EXPIRE_MESSAGES 500
#define NEXT_EXPIRY "SELECT coalesce (min (expires_ms), 0) FROM message WHERE expires_ms <> 0"

#define IDENTITY(identity) (identity), (gsize) KITH_STORE_IDENTITY_BYTES
#define ID(id) (id), (gsize) KITH_STORE_MESSAGE_ID_BYTES
#define CONVERSATION "(SELECT id FROM conversation WHERE identity = ?1)"

static gint64
as_hlc (guint64 hlc)
{
  return (gint64) MIN (hlc, (guint64) 0x3fffffffffffffff);
}

/* --- The outbox of what is said of messages ------------------------------------------------- */

gboolean
kith_store_add_act (KithDatabase *database, const KithStoreMessage *row, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT INTO act (conversation, id, kind, target, seq, hlc, time_ms, text)"
                            " VALUES (" CONVERSATION ", ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
                            " ON CONFLICT (id, conversation) DO NOTHING",
                            "bbibiiit", IDENTITY (row->identity), ID (row->id), (gint64) row->kind,
                            ID (row->reply_to), (gint64) row->seq, as_hlc (row->hlc), row->time_ms,
                            row->text);
}

gboolean
kith_store_act_arrived (KithDatabase *database, const KithStoreMessage *row, GError **error)
{
  return kith_database_run (database, error,
                            "DELETE FROM act WHERE id = ?2 AND conversation = " CONVERSATION, "bb",
                            IDENTITY (row->identity), ID (row->id));
}

gboolean
kith_store_queue_again (KithDatabase *database, const KithStoreMessage *row, GError **error)
{
  return kith_database_run (database, error,
                            "UPDATE message SET seq = ?3, state = ?4, sent_ms = 0, reason = NULL"
                            " WHERE id = ?2 AND conversation = " CONVERSATION " AND outgoing = 1",
                            "bbii", IDENTITY (row->identity), ID (row->id), (gint64) row->seq,
                            (gint64) row->state);
}

/* --- The search index ----------------------------------------------------------------------- */

/* Those of kind text that have the number ?1 and are in the index. */
#define INDEXED " FROM message WHERE number = ?1 AND ttl_s = 0 AND number <= (SELECT number FROM search_mark)"

/* @was_there: (out): whether it has words in it */
static gboolean
unindex (KithDatabase *database, gint64 number, gboolean *was_there, GError **error)
{
  if (!kith_database_run (database, error,
                          "INSERT INTO message_text (message_text, rowid, text)"
                          " SELECT 'delete', number, text" INDEXED,
                          "i", number))
    return FALSE;

  *was_there = kith_database_had_changes (database);
  return TRUE;
}

static gboolean
index_again (KithDatabase *database, gint64 number, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT INTO message_text (rowid, text) SELECT number, text" INDEXED, "i",
                            number);
}

/* Words that were taken out stay in the file until the parts of the index are one. A conversation
 * without anything is what asks for that: kith_store_sweep(). */
static gboolean
forget_words_soon (KithDatabase *database, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT INTO conversation (identity) SELECT NULL WHERE NOT EXISTS"
                            " (SELECT 1 FROM conversation WHERE identity IS NULL)",
                            "");
}

/* --- Edits and deletion --------------------------------------------------------------------- */

/* The row that a change is about: 0 when there is none. */
static gboolean
find_row (KithDatabase *database, const KithStoreChange *change, gint64 *number, gboolean *was_unread,
          GError **error)
{
  sqlite3_stmt *statement =
    kith_database_prepare (database,
                           "SELECT number, outgoing = 0 AND read_ms = 0 FROM message WHERE id = ?2 AND conversation = " CONVERSATION
                           " AND outgoing = ?3 AND (?4 IS NULL OR author_key = ?4)",
                           error);
  g_autoptr (GError) local = NULL;

  *number = 0;
  *was_unread = FALSE;
  if (statement == NULL)
    return FALSE;

  kith_statement_bind (statement, "bbib", IDENTITY (change->identity), ID (change->id),
                       (gint64) (change->outgoing != FALSE),
                       change->has_author ? change->author_key : NULL,
                       change->has_author ? sizeof change->author_key : (gsize) 0);
  if (kith_database_step (database, statement, &local))
    {
      *number = sqlite3_column_int64 (statement, 0);
      *was_unread = kith_column_bool (statement, 1);
      sqlite3_reset (statement);
    }

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

gboolean
kith_store_edit_message (KithDatabase *database, const KithStoreChange *change, gboolean *had_effect,
                         GError **error)
{
  gboolean was_unread, was_indexed;
  gint64 number;

  *had_effect = FALSE;
  if (!find_row (database, change, &number, &was_unread, error))
    return FALSE;
  if (number == 0)
    return TRUE;

  if (!unindex (database, number, &was_indexed, error)
      || !kith_database_run (database, error,
                             "UPDATE message SET text = ?2, edited_ms = ?3,"
                             " edit_hlc = max (edit_hlc, ?4) WHERE number = ?1 AND kind = 0"
                             " AND deleted = 0 AND (?4 = 0 OR edit_hlc < ?4)"
                             " AND NOT EXISTS (SELECT 1 FROM transfer WHERE message = ?1)",
                             "itii", number, change->text, change->time_ms, as_hlc (change->hlc)))
    return FALSE;

  *had_effect = kith_database_had_changes (database);
  if (*had_effect)
    kith_database_forget_soon (database, number);
  return index_again (database, number, error)
         && (!*had_effect || !was_indexed || forget_words_soon (database, error));
}

/* So that it is known should it still come. Nothing of the other side stands in for it. */
static gboolean
add_tombstone (KithDatabase *database, const KithStoreChange *change, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT INTO message (conversation, id, outgoing, seq, hlc, time_ms, state,"
                            " sent_ms, delivered_ms, read_ms, text, deleted)"
                            " SELECT c.id, ?2, ?3, 0, 0, ?4, 0, 0, 0, ?4, '', 2"
                            " FROM conversation c WHERE c.identity = ?1 AND NOT EXISTS"
                            " (SELECT 1 FROM message m WHERE m.id = ?2 AND m.conversation = c.id)",
                            "bbii", IDENTITY (change->identity), ID (change->id),
                            (gint64) (change->outgoing != FALSE), change->time_ms);
}

static gboolean
empty (KithDatabase *database, gint64 number, const KithStoreChange *change, GError **error)
{
  gboolean was_indexed;

  kith_database_forget_soon (database, number);
  return unindex (database, number, &was_indexed, error)
         && kith_database_run (
           database, error,
           "UPDATE message SET text = '', reply_to = NULL, edited_ms = 0, my_reaction = NULL,"
           " their_reaction = NULL, expires_ms = 0, deleted = max (deleted, ?2),"
           " read_ms = CASE WHEN outgoing = 0 AND read_ms = 0 THEN ?3 ELSE read_ms END"
           " WHERE number = ?1",
           "iii", number, (gint64) change->deletion, change->time_ms)
         && index_again (database, number, error)
         && (!was_indexed || forget_words_soon (database, error));
}

/* What a text says stays where it is, for the outbox, and in the index, so that it can be taken out of that
 * when it has arrived; nothing that is not kept is found or loaded. Not for files: they are gone with it. */
static gboolean
hide (KithDatabase *database, gint64 number, GError **error)
{
  return kith_database_run (database, error, "UPDATE message SET deleted = 2 WHERE number = ?1", "i",
                            number);
}

gboolean
kith_store_delete_message (KithDatabase *database, const KithStoreChange *change,
                           gboolean *had_effect, gboolean *was_unread, GError **error)
{
  gint64 number;

  *had_effect = FALSE;
  if (!find_row (database, change, &number, was_unread, error))
    return FALSE;
  if (number == 0)
    return !change->remember || add_tombstone (database, change, error);

  *had_effect = TRUE;
  if (change->hide)
    return hide (database, number, error);

  return empty (database, number, change, error);
}

/* --- Reactions ------------------------------------------------------------------------------ */

gboolean
kith_store_react (KithDatabase *database, const KithStoreChange *change, gboolean *had_effect,
                  GError **error)
{
  static const char mine[] = "UPDATE message SET my_reaction = ?3, my_reaction_hlc = ?4"
                             " WHERE number = (SELECT number FROM message WHERE id = ?2"
                             " AND conversation = " CONVERSATION " LIMIT 1)"
                             " AND kind = 0 AND deleted = 0 AND my_reaction_hlc < ?4";
  static const char theirs[] = "UPDATE message SET their_reaction = ?3, their_reaction_hlc = ?4"
                               " WHERE number = (SELECT number FROM message WHERE id = ?2"
                               " AND conversation = " CONVERSATION " LIMIT 1)"
                               " AND kind = 0 AND deleted = 0 AND their_reaction_hlc < ?4";

  if (!kith_database_run (database, error, change->outgoing ? mine : theirs, "bbti",
                          IDENTITY (change->identity), ID (change->id),
                          change->text != NULL && *change->text != '\0' ? change->text : NULL,
                          as_hlc (change->hlc)))
    return FALSE;

  *had_effect = kith_database_had_changes (database);
  return TRUE;
}

/* --- Lines and options ---------------------------------------------------------------------- */

gboolean
kith_store_put_missing (KithDatabase *database, const KithStoreMessage *row, GError **error)
{
  return kith_database_run (database, error,
                            "UPDATE message SET seq = ?3, n_missing = ?4, reason = ?5, deleted = ?6"
                            " WHERE id = ?2 AND conversation = " CONVERSATION
                            " AND outgoing = 0 AND kind = 2",
                            "bbiiti", IDENTITY (row->identity), ID (row->id), (gint64) row->seq,
                            (gint64) row->n_missing, row->reason,
                            (gint64) (row->n_missing > 0 ? KITH_STORE_KEPT : KITH_STORE_GONE));
}

gboolean
kith_store_put_options (KithDatabase *database, const KithStoreTreatment *treatment, GError **error)
{
  const KithStoreOptions *options = &treatment->options;

  return kith_database_run (database, error,
                            "UPDATE conversation SET ttl_s = ?2, ttl_hlc = ?3, muted_until_ms = ?4,"
                            " pinned = ?5, archived = ?6, marked_unread = ?7 WHERE identity = ?1",
                            "biiiiii", IDENTITY (treatment->identity), (gint64) options->ttl_s,
                            as_hlc (options->ttl_hlc), options->muted_until_ms,
                            (gint64) (options->pinned != FALSE), (gint64) (options->archived != FALSE),
                            (gint64) (options->marked_unread != FALSE));
}

/* --- What disappears ------------------------------------------------------------------------ */

gint64
kith_store_get_next_expiry (KithDatabase *database)
{
  return kith_database_get_int (database, NEXT_EXPIRY, 0);
}

#define DUE "SELECT number FROM message WHERE expires_ms <> 0 AND expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2"

/* The first of those whose turn it is, 0 when it cannot be told. */
static gint64
find_oldest_due (KithDatabase *database, gint64 now_ms)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database, "SELECT min (number) FROM (" DUE ")", NULL);
  gint64 number = 0;

  if (statement == NULL)
    return 0;

  kith_statement_bind (statement, "ii", now_ms, (gint64) EXPIRE_MESSAGES);
  if (kith_database_step (database, statement, NULL))
    {
      number = sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
    }
  return number;
}

/* Messages that disappear are not in the index; what the log has of them is all that would be left, and a copy from
 * before a migration. */
static gboolean
expire_some (KithDatabase *database, gint64 now_ms, GError **error)
{
  gint64 oldest = find_oldest_due (database, now_ms);

  if (!kith_store_delete_contents (database, error, DUE, now_ms, (gint64) EXPIRE_MESSAGES))
    return FALSE;
  if (!kith_database_had_changes (database)
      && !kith_database_run (database, error,
                             "UPDATE message SET text = '', reply_to = NULL, edited_ms = 0,"
                             " my_reaction = NULL, their_reaction = NULL, expires_ms = 0, deleted = 2"
                             " WHERE number IN (" DUE ")",
                             "ii", now_ms, (gint64) EXPIRE_MESSAGES))
    return FALSE;

  if (kith_database_had_changes (database))
    kith_database_forget_soon (database, oldest);
  return TRUE;
}

/* Goes on later while there is more that is due. */
static gboolean
expire_job (KithDatabase *database, GTask *task)
{
  gint64 now_ms = *(gint64 *) g_task_get_task_data (task);
  GError *error = NULL;
  gint64 next_ms;

  if (!expire_some (database, now_ms, &error))
    {
      g_task_return_error (task, error);
      return FALSE;
    }

  next_ms = kith_store_get_next_expiry (database);
  if (next_ms != 0 && next_ms <= now_ms)
    return TRUE;

  g_task_return_pointer (task, g_memdup2 (&next_ms, sizeof next_ms), g_free);
  return FALSE;
}

void
kith_store_expire_async (KithStore *self, gint64 now_ms, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, kith_store_expire_async);
  g_task_set_task_data (task, g_memdup2 (&now_ms, sizeof now_ms), g_free);
  kith_store_push (self, task, expire_job);
}

gboolean
kith_store_expire_finish (KithStore *self, GAsyncResult *result, gint64 *next_ms, GError **error)
{
  g_autofree gint64 *next = g_task_propagate_pointer (G_TASK (result), error);

  *next_ms = next != NULL ? *next : 0;
  return next != NULL;
}

/* --- Numbers that are asked for again ------------------------------------------------------- */

typedef struct
{
  guint8  identity[KITH_STORE_IDENTITY_BYTES];
  guint64 from, to;
} Numbers;

static gboolean
numbers_job (KithDatabase *database, GTask *task)
{
  const Numbers *numbers = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM (SELECT * FROM message WHERE conversation ="
    " (SELECT id FROM conversation WHERE identity = ?1) ORDER BY hlc DESC LIMIT ?4) m"
    " JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER
    " WHERE m.outgoing = 1 AND m.seq BETWEEN ?2 AND ?3 ORDER BY m.seq",
    &error);

  if (statement != NULL)
    kith_statement_bind (statement, "biii", IDENTITY (numbers->identity), (gint64) numbers->from,
                         (gint64) MIN (numbers->to, G_MAXINT64),
                         (gint64) KITH_LIMIT_RESEND_LOOK_BACK);
  kith_store_answer_rows (database, task, statement, kith_store_read_message,
                          (GDestroyNotify) kith_store_message_free, error);
  return FALSE;
}

void
kith_store_load_numbers_async (KithStore *self, const guint8 identity[KITH_STORE_IDENTITY_BYTES],
                               guint64 from, guint64 to, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  Numbers numbers = { .from = from, .to = to };

  memcpy (numbers.identity, identity, sizeof numbers.identity);
  kith_store_ask (self, kith_store_load_numbers_async, &numbers, sizeof numbers, numbers_job,
                  cancellable, callback, user_data);
}

GPtrArray *
kith_store_load_numbers_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
