/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups in the store: the chain and the logs, read for the replica. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-group-read.h"

#include <string.h>

#include "base/kith-secret.h"
#include "store/kith-store-query.h"

#define GROUP "(SELECT number FROM chat_group WHERE gid = ?1)"

typedef struct
{
  guint8              gid[KITH_STORE_GROUP_ID_BYTES];
  KithStoreGroupEntry place;
  guint8              id[KITH_STORE_MESSAGE_ID_BYTES];
  guint               limit;
} Query;

static GBytes *
read_bytes (sqlite3_stmt *statement, int column)
{
  if (sqlite3_column_type (statement, column) == SQLITE_NULL)
    return NULL;

  return kith_secret_copy_bytes (sqlite3_column_blob (statement, column),
                                 (gsize) sqlite3_column_bytes (statement, column));
}

/* --- The group itself, for the snapshot ----------------------------------------------------- */

static gpointer
read_group (sqlite3_stmt *statement)
{
  KithStoreGroup *row = g_new0 (KithStoreGroup, 1);

  kith_column_bytes (statement, 0, row->gid, sizeof row->gid);
  row->membership = kith_column_uint (statement, 1);
  row->created_ms = sqlite3_column_int64 (statement, 2);
  row->author_seed = kith_column_secret (statement, 3);
  row->next_seed = kith_column_secret (statement, 4);
  row->name = kith_column_text (statement, 5);
  row->topic = kith_column_text (statement, 6);
  row->topic_hlc = kith_column_uint64 (statement, 7);
  row->has_inviter = kith_column_bytes (statement, 8, row->inviter, sizeof row->inviter);
  row->has_admin = kith_column_bytes (statement, 9, row->admin, sizeof row->admin);
  row->invitation = read_bytes (statement, 10);
  row->request = read_bytes (statement, 11);
  row->tokens = read_bytes (statement, 12);
  row->state = read_bytes (statement, 13);
  row->mentions_only = kith_column_bool (statement, 14);
  row->restored = kith_column_bool (statement, 15);
  row->n_mentions = kith_column_uint (statement, 16);
  row->picture = read_bytes (statement, 17);
  return row;
}

gboolean
kith_store_read_groups (KithDatabase *database, GPtrArray *groups, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT g.gid, g.membership, g.created_ms, g.author_seed, g.next_seed, g.name, g.topic,"
    " g.topic_hlc, g.inviter, g.admin, g.invitation, g.request, g.tokens, g.state, g.mentions_only,"
    " g.restored, (SELECT count (*) FROM message m JOIN conversation c ON c.id = m.conversation"
    " WHERE c.identity = g.gid AND m.mention <> 0 AND m.read_ms = 0), g.picture"
    " FROM chat_group g ORDER BY g.number",
    error);

  return kith_store_read_rows (database, statement, read_group, groups, error);
}

/* --- The chain and the logs ----------------------------------------------------------------- */

static gpointer
read_op (sqlite3_stmt *statement)
{
  KithStoreGroupOp *row = g_new0 (KithStoreGroupOp, 1);

  row->op = read_bytes (statement, 0);
  row->received_ms = sqlite3_column_int64 (statement, 1);
  return row;
}

static gpointer
read_header (sqlite3_stmt *statement)
{
  KithStoreGroupEntry *row = g_new0 (KithStoreGroupEntry, 1);

  kith_column_bytes (statement, 0, row->author, sizeof row->author);
  row->seq = kith_column_uint64 (statement, 1);
  kith_column_bytes (statement, 2, row->header, sizeof row->header);
  row->redacted = kith_column_bool (statement, 3);
  row->has_content = kith_column_bool (statement, 4);
  return row;
}

static gpointer
read_entry (sqlite3_stmt *statement)
{
  KithStoreGroupEntry *row = read_header (statement);

  kith_column_bytes (statement, 5, row->signature, sizeof row->signature);
  kith_column_bytes (statement, 6, row->salt, sizeof row->salt);
  row->content = read_bytes (statement, 7);
  row->has_content = row->content != NULL;
  return row;
}

static gboolean
ops_job (KithDatabase *database, GTask *task)
{
  const Query *query = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement =
    kith_database_prepare (database,
                           "SELECT op, received_ms FROM group_op WHERE chat_group = " GROUP
                           " ORDER BY number",
                           &error);

  if (statement != NULL)
    kith_statement_bind (statement, "b", query->gid, sizeof query->gid);
  kith_store_answer_rows (database, task, statement, read_op,
                          (GDestroyNotify) kith_store_group_op_free, error);
  return FALSE;
}

/* Whether there is a content is asked without reading it. */
static gboolean
headers_job (KithDatabase *database, GTask *task)
{
  const Query *query = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT e.author, e.seq, e.header, e.redacted, e.redacted = 0 AND c.salt IS NOT NULL"
    " FROM group_entry e LEFT JOIN group_content c ON c.entry = e.number"
    " WHERE e.chat_group = " GROUP " AND (e.author, e.seq) > (?2, ?3)"
    " ORDER BY e.author, e.seq LIMIT ?4",
    &error);

  if (statement != NULL)
    kith_statement_bind (statement, "bbii", query->gid, sizeof query->gid, query->place.author,
                         sizeof query->place.author, (gint64) query->place.seq,
                         (gint64) query->limit);
  kith_store_answer_rows (database, task, statement, read_header,
                          (GDestroyNotify) kith_store_group_entry_free, error);
  return FALSE;
}

static gboolean
entries_job (KithDatabase *database, GTask *task)
{
  const Query *query = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT e.author, e.seq, e.header, e.redacted, 0, c.signature, c.salt, c.content"
    " FROM group_entry e JOIN group_content c ON c.entry = e.number"
    " WHERE e.chat_group = " GROUP " AND e.author = ?2 AND e.seq >= ?3 ORDER BY e.seq LIMIT ?4",
    &error);

  if (statement != NULL)
    kith_statement_bind (statement, "bbii", query->gid, sizeof query->gid, query->place.author,
                         sizeof query->place.author, (gint64) query->place.seq,
                         (gint64) query->limit);
  kith_store_answer_rows (database, task, statement, read_entry,
                          (GDestroyNotify) kith_store_group_entry_free, error);
  return FALSE;
}

static gboolean
unread_job (KithDatabase *database, GTask *task)
{
  const Query *query = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM (SELECT * FROM message WHERE conversation ="
    " (SELECT id FROM conversation WHERE identity = ?1) AND outgoing = 1 AND read_ms = 0"
    " AND author_key IS NOT NULL AND deleted = 0 ORDER BY hlc DESC LIMIT ?2) m"
    " JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER " ORDER BY m.hlc",
    &error);

  if (statement != NULL)
    kith_statement_bind (statement, "bi", query->gid, sizeof query->gid, (gint64) query->limit);
  kith_store_answer_rows (database, task, statement, kith_store_read_message,
                          (GDestroyNotify) kith_store_message_free, error);
  return FALSE;
}

/* Their edits and deletions of a message. */
static gboolean
acts_job (KithDatabase *database, GTask *task)
{
  const Query *query = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT e.author, e.seq, e.header, e.redacted, 0, c.signature, c.salt, c.content"
    " FROM group_edit d JOIN group_entry e ON e.chat_group = d.chat_group AND e.author = d.author"
    " AND e.seq = d.seq JOIN group_content c ON c.entry = e.number"
    " WHERE d.chat_group = " GROUP " AND d.target = ?2 AND d.author = ?3 ORDER BY e.seq",
    &error);

  if (statement != NULL)
    kith_statement_bind (statement, "bbb", query->gid, sizeof query->gid, query->id, sizeof query->id,
                         query->place.author, sizeof query->place.author);
  kith_store_answer_rows (database, task, statement, read_entry,
                          (GDestroyNotify) kith_store_group_entry_free, error);
  return FALSE;
}

/* Ours that are no entries. */
static gboolean
pending_job (KithDatabase *database, GTask *task)
{
  const Query *query = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM message m JOIN conversation c"
    " ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER " WHERE c.identity = ?1 AND m.outgoing = 1"
    " AND m.delivered_ms = 0 AND m.reason IS NULL AND m.author_key IS NULL AND m.event IS NULL"
    " AND m.kind = 0 AND m.deleted = 0 ORDER BY m.number",
    &error);

  if (statement != NULL)
    kith_statement_bind (statement, "b", query->gid, sizeof query->gid);
  kith_store_answer_rows (database, task, statement, kith_store_read_message,
                          (GDestroyNotify) kith_store_message_free, error);
  return FALSE;
}

static gboolean
written_job (KithDatabase *database, GTask *task)
{
  const Query *query = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM message m JOIN conversation c"
    " ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER " WHERE c.identity = ?1 AND m.author_key = ?2 AND m.seq >= ?3"
    " AND m.deleted <> 2 ORDER BY m.seq DESC LIMIT ?4",
    &error);

  if (statement != NULL)
    kith_statement_bind (statement, "bbii", query->gid, sizeof query->gid, query->place.author,
                         sizeof query->place.author, (gint64) query->place.seq,
                         (gint64) query->limit);
  kith_store_answer_rows (database, task, statement, kith_store_read_message,
                          (GDestroyNotify) kith_store_message_free, error);
  return FALSE;
}

static gpointer
read_identity (sqlite3_stmt *statement)
{
  guint8 *identity = g_malloc0 (KITH_STORE_IDENTITY_BYTES);

  kith_column_bytes (statement, 0, identity, KITH_STORE_IDENTITY_BYTES);
  return identity;
}

/* Of what was deleted but is not swept yet, the conversation has no identity any more. */
static gboolean
strangers_job (KithDatabase *database, GTask *task)
{
  const Query *query = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "WITH kept (author, who, by_whom) AS (SELECT m.author, m.event_who, m.event_by FROM message m"
    " JOIN conversation v ON v.id = m.conversation WHERE v.identity IS NOT NULL)"
    " SELECT identity FROM contact WHERE relation = ?1 AND blocked = 0 AND alias IS NULL"
    " AND verified = 0 AND favourite = 0"
    " AND note IS NULL AND identity NOT IN"
    " (SELECT author FROM kept WHERE author IS NOT NULL"
    " UNION SELECT who FROM kept WHERE who IS NOT NULL"
    " UNION SELECT by_whom FROM kept WHERE by_whom IS NOT NULL"
    " UNION SELECT author FROM group_reaction"
    " UNION SELECT inviter FROM chat_group WHERE inviter IS NOT NULL"
    " UNION SELECT admin FROM chat_group WHERE admin IS NOT NULL"
    " UNION SELECT identity FROM conversation WHERE identity IS NOT NULL)",
    &error);

  if (statement != NULL)
    kith_statement_bind (statement, "i", (gint64) query->limit);
  kith_store_answer_rows (database, task, statement, read_identity, g_free, error);
  return FALSE;
}

/* --- Calls ---------------------------------------------------------------------------------- */

static void
ask (KithStore *self, gpointer tag, const Query *query, KithStoreJobFunc run,
     GAsyncReadyCallback callback, gpointer user_data)
{
  kith_store_ask (self, tag, query, sizeof *query, run, NULL, callback, user_data);
}

void
kith_store_load_group_ops_async (KithStore *self, const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  Query query = { .limit = 0 };

  memcpy (query.gid, gid, sizeof query.gid);
  ask (self, kith_store_load_group_ops_async, &query, ops_job, callback, user_data);
}

GPtrArray *
kith_store_load_group_ops_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_store_load_group_headers_async (KithStore *self, const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                     const KithStoreGroupEntry *after, guint limit,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  Query query = { .limit = limit };

  memcpy (query.gid, gid, sizeof query.gid);
  if (after != NULL)
    {
      memcpy (query.place.author, after->author, sizeof query.place.author);
      query.place.seq = after->seq;
    }
  ask (self, kith_store_load_group_headers_async, &query, headers_job, callback, user_data);
}

GPtrArray *
kith_store_load_group_headers_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_store_load_group_entries_async (KithStore *self, const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                     const guint8 author[KITH_STORE_GROUP_ID_BYTES],
                                     guint64 from_seq, guint n, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  Query query = { .limit = n };

  memcpy (query.gid, gid, sizeof query.gid);
  memcpy (query.place.author, author, sizeof query.place.author);
  query.place.seq = MIN (from_seq, G_MAXINT64);
  ask (self, kith_store_load_group_entries_async, &query, entries_job, callback, user_data);
}

GPtrArray *
kith_store_load_group_entries_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_store_load_group_unread_async (KithStore *self, const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                    guint limit, GAsyncReadyCallback callback, gpointer user_data)
{
  Query query = { .limit = limit };

  memcpy (query.gid, gid, sizeof query.gid);
  ask (self, kith_store_load_group_unread_async, &query, unread_job, callback, user_data);
}

GPtrArray *
kith_store_load_group_unread_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_store_load_group_written_async (KithStore *self, const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                     const guint8 author[KITH_STORE_GROUP_ID_BYTES],
                                     guint64 from_seq, guint limit, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  Query query = { .limit = limit };

  memcpy (query.gid, gid, sizeof query.gid);
  memcpy (query.place.author, author, sizeof query.place.author);
  query.place.seq = MIN (from_seq, G_MAXINT64);
  ask (self, kith_store_load_group_written_async, &query, written_job, callback, user_data);
}

GPtrArray *
kith_store_load_group_written_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_store_load_group_acts_async (KithStore *self, const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                  const guint8 id[KITH_STORE_MESSAGE_ID_BYTES],
                                  const guint8 author[KITH_STORE_GROUP_ID_BYTES],
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  Query query = { .limit = 0 };

  memcpy (query.gid, gid, sizeof query.gid);
  memcpy (query.id, id, sizeof query.id);
  memcpy (query.place.author, author, sizeof query.place.author);
  ask (self, kith_store_load_group_acts_async, &query, acts_job, callback, user_data);
}

GPtrArray *
kith_store_load_group_acts_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_store_load_group_pending_async (KithStore *self, const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  Query query = { .limit = 0 };

  memcpy (query.gid, gid, sizeof query.gid);
  ask (self, kith_store_load_group_pending_async, &query, pending_job, callback, user_data);
}

GPtrArray *
kith_store_load_group_pending_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_store_load_strangers_async (KithStore *self, guint relation, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  const Query query = { .limit = relation };

  ask (self, kith_store_load_strangers_async, &query, strangers_job, callback, user_data);
}

GPtrArray *
kith_store_load_strangers_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
