/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read at the start: everything but the messages of conversations. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include <string.h>

#include "store/kith-store-endpoints.h"
#include "store/kith-store-query.h"

/* From the few that are live to their messages: the other way round all messages would be read. */
#define LIVE_TRANSFERS \
  "transfer t CROSS JOIN message m ON m.number = t.message CROSS JOIN conversation c ON c.id = m.conversation"

/* --- Rows ----------------------------------------------------------------------------------- */

static guint
read_endpoints (sqlite3_stmt *statement, int column, KithEndpoint *out)
{
  const guint8 *data = sqlite3_column_blob (statement, column);

  return kith_store_endpoints_decode (data, (gsize) sqlite3_column_bytes (statement, column), out);
}

/* A row of the table act, as one of the outbox. */
static gpointer
read_act (sqlite3_stmt *statement)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);
  guint kind = kith_column_uint (statement, 2);

  kith_column_bytes (statement, 0, row->id, sizeof row->id);
  kith_column_bytes (statement, 1, row->identity, sizeof row->identity);
  row->outgoing = TRUE;
  row->kind = (KithStoreKind) kind;
  row->has_reply_to = TRUE;
  kith_column_bytes (statement, 3, row->reply_to, sizeof row->reply_to);
  row->seq = kith_column_uint64 (statement, 4);
  row->hlc = kith_column_uint64 (statement, 5);
  row->time_ms = sqlite3_column_int64 (statement, 6);
  row->text = kith_column_text (statement, 7);
  return row;
}

/* Version 1 knew only whether, and numbers were all there was to compare. */
static guint
read_verified (sqlite3_stmt *statement, int column, int how_column)
{
  guint how = kith_column_uint (statement, how_column);

  return sqlite3_column_int (statement, column) == 0 ? 0 : MAX (how, 1);
}

static gpointer
read_contact (sqlite3_stmt *statement)
{
  KithStoreContact *row = g_new0 (KithStoreContact, 1);

  kith_column_bytes (statement, 0, row->identity, sizeof row->identity);
  row->relation = kith_column_uint (statement, 1);
  row->name = kith_column_text (statement, 2);
  row->alias = kith_column_text (statement, 3);
  row->note = kith_column_text (statement, 4);
  row->verified = read_verified (statement, 5, 19);
  row->blocked = kith_column_bool (statement, 6);
  row->favourite = kith_column_bool (statement, 7);
  row->added_ms = sqlite3_column_int64 (statement, 8);
  row->last_seen_ms = sqlite3_column_int64 (statement, 9);
  row->pair_root = kith_column_secret (statement, 10);
  row->pair_root_ms = sqlite3_column_int64 (statement, 11);
  row->old_pair_root = kith_column_secret (statement, 12);
  row->next_seq = kith_column_uint64 (statement, 13);
  kith_column_bytes (statement, 14, row->received_device, sizeof row->received_device);
  row->received_seq = kith_column_uint64 (statement, 15);
  row->read_seq = kith_column_uint64 (statement, 16);
  row->n_endpoints = read_endpoints (statement, 17, row->endpoints);
  row->found_seq = kith_column_uint64 (statement, 18);
  row->verified_ms = sqlite3_column_int64 (statement, 20);
  row->sas_failures = kith_column_uint (statement, 21);
  row->sas_failed_ms = sqlite3_column_int64 (statement, 22);
  row->heard_seq = kith_column_uint64 (statement, 23);
  return row;
}

static gpointer
read_device (sqlite3_stmt *statement)
{
  KithStoreDevice *row = g_new0 (KithStoreDevice, 1);

  kith_column_bytes (statement, 0, row->identity, sizeof row->identity);
  kith_column_bytes (statement, 1, row->device, sizeof row->device);
  row->seq = kith_column_uint (statement, 2);
  kith_column_bytes (statement, 3, row->device_key, sizeof row->device_key);
  return row;
}

static gpointer
read_request (sqlite3_stmt *statement)
{
  KithStoreRequest *row = g_new0 (KithStoreRequest, 1);

  kith_column_bytes (statement, 0, row->identity, sizeof row->identity);
  row->name = kith_column_text (statement, 1);
  row->text = kith_column_text (statement, 2);
  row->time_ms = sqlite3_column_int64 (statement, 3);
  row->n_endpoints = read_endpoints (statement, 4, row->endpoints);
  return row;
}

static gpointer
read_invite (sqlite3_stmt *statement)
{
  KithStoreInvite *row = g_new0 (KithStoreInvite, 1);

  kith_column_bytes (statement, 0, row->id, sizeof row->id);
  row->ours = kith_column_bool (statement, 1);
  row->link = kith_column_text (statement, 2);
  row->reply_key = kith_column_secret (statement, 3);
  row->note = kith_column_text (statement, 4);
  row->created_ms = sqlite3_column_int64 (statement, 5);
  row->expires_ms = sqlite3_column_int64 (statement, 6);
  row->state = kith_column_uint (statement, 7);
  row->has_peer = sqlite3_column_type (statement, 8) != SQLITE_NULL;
  kith_column_bytes (statement, 8, row->peer, sizeof row->peer);
  row->misused = kith_column_bool (statement, 9);
  return row;
}

static gpointer
read_conversation (sqlite3_stmt *statement)
{
  KithStoreConversation *row = g_new0 (KithStoreConversation, 1);

  kith_column_bytes (statement, 0, row->identity, sizeof row->identity);
  row->draft = kith_column_text (statement, 1);
  row->n_unread = kith_column_uint (statement, 2);
  row->last_number = sqlite3_column_int64 (statement, 3);
  row->options.ttl_s = (guint32) kith_column_uint (statement, 4);
  row->options.ttl_hlc = kith_column_uint64 (statement, 5);
  row->options.muted_until_ms = sqlite3_column_int64 (statement, 6);
  row->options.pinned = kith_column_bool (statement, 7);
  row->options.archived = kith_column_bool (statement, 8);
  row->options.marked_unread = kith_column_bool (statement, 9);
  return row;
}

/* --- All of it ------------------------------------------------------------------------------ */

static gboolean
read_table (KithDatabase *database, const char *sql, KithStoreReadFunc read,
            GPtrArray *rows, GError **error)
{
  return kith_store_read_rows (database, kith_database_prepare (database, sql, error), read, rows,
                               error);
}

static gboolean
read_profile (KithDatabase *database, KithStoreSnapshot *snapshot, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database, "SELECT name, identity_seed, device_key, certificate FROM profile", error);
  g_autoptr (GError) local = NULL;
  g_autoptr (KithStoreProfile) row = NULL;
  gboolean is_fine;

  if (statement == NULL)
    return FALSE;

  if (kith_database_step (database, statement, &local))
    {
      row = g_new0 (KithStoreProfile, 1);
      row->name = kith_column_text (statement, 0);
      row->identity_seed = kith_column_secret (statement, 1);
      row->device_key = kith_column_secret (statement, 2);
      kith_column_bytes (statement, 3, row->certificate, sizeof row->certificate);
      sqlite3_reset (statement);
      snapshot->profile = g_steal_pointer (&row);
    }

  is_fine = local == NULL;
  if (!is_fine)
    g_propagate_error (error, g_steal_pointer (&local));
  return is_fine;
}

static gboolean
read_settings (KithDatabase *database, KithStoreSnapshot *snapshot, GError **error)
{
  sqlite3_stmt *statement =
    kith_database_prepare (database, "SELECT key, value FROM setting", error);
  g_autoptr (GError) local = NULL;

  if (statement == NULL)
    return FALSE;

  while (kith_database_step (database, statement, &local))
    g_hash_table_replace (snapshot->settings, kith_column_text (statement, 0),
                          kith_column_text (statement, 1));

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
read_last_messages (KithDatabase *database, KithStoreSnapshot *snapshot, GError **error)
{
  for (guint i = 0; i < snapshot->conversations->len; i++)
    {
      KithStoreConversation *conversation = g_ptr_array_index (snapshot->conversations, i);
      KithStoreCursor cursor = { .hlc = G_MAXINT64 };
      g_autoptr (GPtrArray) rows = NULL;

      memcpy (cursor.identity, conversation->identity, sizeof cursor.identity);
      rows = kith_store_read_page (database, &cursor, KITH_STORE_LAST, 1, error);
      if (rows == NULL)
        return FALSE;
      if (rows->len > 0)
        conversation->last = g_ptr_array_steal_index (rows, 0);
    }

  return TRUE;
}

/* Messages and what is said of them share their numbers. */
static int
compare_seq (gconstpointer a, gconstpointer b)
{
  guint64 seq_a = (*(KithStoreMessage *const *) a)->seq;
  guint64 seq_b = (*(KithStoreMessage *const *) b)->seq;

  return seq_a < seq_b ? -1 : seq_a > seq_b;
}

KithStoreSnapshot *
kith_store_read_snapshot (KithDatabase *database, GError **error)
{
  g_autoptr (KithStoreSnapshot) snapshot = kith_store_snapshot_new ();

  if (read_profile (database, snapshot, error) && read_settings (database, snapshot, error)
      && read_table (database,
                     "SELECT identity, relation, name, alias, note, verified, blocked, favourite,"
                     " added_ms, last_seen_ms, pair_root, pair_root_ms, old_pair_root, next_seq,"
                     " received_device, received_seq, read_seq, endpoints, found_seq, verified_how,"
                     " verified_ms, sas_failures, sas_failed_ms, heard_seq FROM contact"
                     " ORDER BY added_ms, identity",
                     read_contact, snapshot->contacts, error)
      && read_table (database, "SELECT identity, device, seq, device_key FROM device", read_device,
                     snapshot->devices, error)
      && read_table (database,
                     "SELECT identity, name, text, time_ms, endpoints FROM request ORDER BY time_ms",
                     read_request, snapshot->requests, error)
      && read_table (database,
                     "SELECT id, ours, link, reply_key, note, created_ms, expires_ms, state, peer,"
                     " misused FROM invite ORDER BY created_ms",
                     read_invite, snapshot->invites, error)
      && read_table (database,
                     "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM " KITH_STORE_MESSAGES
                     " WHERE m.outgoing = 1 AND m.delivered_ms = 0 AND m.reason IS NULL"
                     " AND m.author IS NULL AND m.event IS NULL"
                     " AND c.identity IS NOT NULL ORDER BY m.number",
                     kith_store_read_message, snapshot->outbox, error)
      && read_table (database,
                     "SELECT a.id, c.identity, a.kind, a.target, a.seq, a.hlc, a.time_ms, a.text"
                     " FROM act a JOIN conversation c ON c.id = a.conversation"
                     " WHERE c.identity IS NOT NULL",
                     read_act, snapshot->outbox, error)
      && read_table (database,
                     "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM " KITH_STORE_MESSAGES
                     " WHERE m.kind = 2 AND m.deleted = 0 AND c.identity IS NOT NULL"
                     " ORDER BY m.conversation, m.seq",
                     kith_store_read_message, snapshot->missing, error)
      && read_table (database,
                     "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM " LIVE_TRANSFERS
                     " WHERE t.live <> 0 AND m.deleted = 0 AND c.identity IS NOT NULL"
                     " ORDER BY t.message",
                     kith_store_read_message, snapshot->transfers, error)
      && read_table (database,
                     "SELECT c.identity, c.draft, (SELECT count (*) FROM message m WHERE"
                     " m.conversation = c.id AND m.outgoing = 0 AND m.read_ms = 0),"
                     " (SELECT seq FROM sqlite_sequence WHERE name = 'message'), c.ttl_s, c.ttl_hlc,"
                     " c.muted_until_ms, c.pinned, c.archived, c.marked_unread"
                     " FROM conversation c WHERE c.identity IS NOT NULL",
                     read_conversation, snapshot->conversations, error)
      && read_last_messages (database, snapshot, error)
      && kith_store_read_groups (database, snapshot->groups, error))
    {
      g_ptr_array_sort (snapshot->outbox, compare_seq);
      snapshot->next_expiry_ms = kith_store_get_next_expiry (database);
      return g_steal_pointer (&snapshot);
    }

  return NULL;
}

static gboolean
load_job (KithDatabase *database, GTask *task)
{
  GError *error = NULL;
  KithStoreSnapshot *snapshot = kith_store_read_snapshot (database, &error);

  kith_store_answer (task, snapshot, (GDestroyNotify) kith_store_snapshot_free, error);
  return FALSE;
}

void
kith_store_load_async (KithStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  kith_store_ask (self, kith_store_load_async, NULL, 0, load_job, cancellable, callback, user_data);
}

KithStoreSnapshot *
kith_store_load_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
