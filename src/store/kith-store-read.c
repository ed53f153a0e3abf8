/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The snapshot at start, pages of conversations, single messages. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "store/kith-store-endpoints.h"
#include "store/kith-store-private.h"

#define JOINED "message m JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER

/* From the few that are live to their messages: the other way round all messages would be read. */
#define LIVE_TRANSFERS \
  "transfer t CROSS JOIN message m ON m.number = t.message CROSS JOIN conversation c ON c.id = m.conversation"

/* With the message that is answered. */
#define QUOTED_COLUMNS \
  KITH_STORE_MESSAGE_COLUMNS ", q.outgoing, q.deleted, q.author, substr (q.text, 1, " \
                             G_STRINGIFY (KITH_LIMIT_QUOTE_CHARS) ")"
#define QUOTED \
  JOINED " LEFT JOIN message q ON q.number = (SELECT r.number FROM message r WHERE r.id = m.reply_to" \
         " AND r.conversation = m.conversation LIMIT 1)"
#define SHOWN " AND m.deleted <> 2"

static guint
read_endpoints (sqlite3_stmt *statement, int column, KithEndpoint *out)
{
  const guint8 *data = sqlite3_column_blob (statement, column);

  return kith_store_endpoints_decode (data, (gsize) sqlite3_column_bytes (statement, column), out);
}

static guint64
read_u64 (sqlite3_stmt *statement, int column)
{
  return (guint64) MAX (sqlite3_column_int64 (statement, column), 0);
}

static guint
read_uint (sqlite3_stmt *statement, int column)
{
  return (guint) CLAMP (sqlite3_column_int64 (statement, column), 0, G_MAXINT);
}

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
  row->mention = sqlite3_column_int64 (statement, 27) != 0;
  row->late = sqlite3_column_int64 (statement, 28) != 0;
  row->reactions = read_reactions (statement, 29);
  if (row->event != NULL)
    row->kind = KITH_STORE_KIND_EVENT;
}

KithStoreMessage *
kith_store_read_message (sqlite3_stmt *statement)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);
  guint kind = read_uint (statement, 13);
  guint deletion = read_uint (statement, 16);

  kith_column_bytes (statement, 0, row->id, sizeof row->id);
  kith_column_bytes (statement, 1, row->identity, sizeof row->identity);
  row->outgoing = sqlite3_column_int64 (statement, 2) != 0;
  row->seq = read_u64 (statement, 3);
  row->hlc = read_u64 (statement, 4);
  row->time_ms = sqlite3_column_int64 (statement, 5);
  row->state = read_uint (statement, 6);
  row->sent_ms = sqlite3_column_int64 (statement, 7);
  row->delivered_ms = sqlite3_column_int64 (statement, 8);
  row->read_ms = sqlite3_column_int64 (statement, 9);
  row->reason = kith_column_text (statement, 10);
  row->text = kith_column_text (statement, 11);
  row->broadcast = sqlite3_column_int64 (statement, 12) != 0;
  row->kind = (KithStoreKind) kind;
  row->has_reply_to = sqlite3_column_type (statement, 14) != SQLITE_NULL;
  kith_column_bytes (statement, 14, row->reply_to, sizeof row->reply_to);
  row->edited_ms = sqlite3_column_int64 (statement, 15);
  row->deletion = (KithStoreDeletion) deletion;
  row->hidden = deletion == KITH_STORE_GONE && row->text != NULL && *row->text != '\0';
  row->ttl_s = (guint32) read_uint (statement, 17);
  row->expires_ms = sqlite3_column_int64 (statement, 18);
  row->n_missing = read_uint (statement, 19);
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

  row->quote_outgoing = sqlite3_column_int64 (statement, at) != 0;
  if (kith_column_bytes (statement, at + 2, row->quote_author_bytes, sizeof row->quote_author_bytes))
    row->quote_author = row->quote_author_bytes;
  row->quote_text = kith_column_text (statement, at + 3);
  return row;
}

/* A row of the table act, as one of the outbox. */
static gpointer
read_act (sqlite3_stmt *statement)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);
  guint kind = read_uint (statement, 2);

  kith_column_bytes (statement, 0, row->id, sizeof row->id);
  kith_column_bytes (statement, 1, row->identity, sizeof row->identity);
  row->outgoing = TRUE;
  row->kind = (KithStoreKind) kind;
  row->has_reply_to = TRUE;
  kith_column_bytes (statement, 3, row->reply_to, sizeof row->reply_to);
  row->seq = read_u64 (statement, 4);
  row->hlc = read_u64 (statement, 5);
  row->time_ms = sqlite3_column_int64 (statement, 6);
  row->text = kith_column_text (statement, 7);
  return row;
}

static gpointer
read_message (sqlite3_stmt *statement)
{
  return kith_store_read_message (statement);
}

/* Version 1 knew only whether, and numbers were all there was to compare. */
static guint
read_verified (sqlite3_stmt *statement, int column, int how_column)
{
  guint how = read_uint (statement, how_column);

  return sqlite3_column_int (statement, column) == 0 ? 0 : MAX (how, 1);
}

static gpointer
read_contact (sqlite3_stmt *statement)
{
  KithStoreContact *row = g_new0 (KithStoreContact, 1);

  kith_column_bytes (statement, 0, row->identity, sizeof row->identity);
  row->relation = read_uint (statement, 1);
  row->name = kith_column_text (statement, 2);
  row->alias = kith_column_text (statement, 3);
  row->note = kith_column_text (statement, 4);
  row->verified = read_verified (statement, 5, 19);
  row->blocked = sqlite3_column_int (statement, 6) != 0;
  row->favourite = sqlite3_column_int (statement, 7) != 0;
  row->added_ms = sqlite3_column_int64 (statement, 8);
  row->last_seen_ms = sqlite3_column_int64 (statement, 9);
  row->pair_root = kith_column_secret (statement, 10);
  row->pair_root_ms = sqlite3_column_int64 (statement, 11);
  row->old_pair_root = kith_column_secret (statement, 12);
  row->next_seq = read_u64 (statement, 13);
  kith_column_bytes (statement, 14, row->received_device, sizeof row->received_device);
  row->received_seq = read_u64 (statement, 15);
  row->read_seq = read_u64 (statement, 16);
  row->n_endpoints = read_endpoints (statement, 17, row->endpoints);
  row->found_seq = read_u64 (statement, 18);
  row->verified_ms = sqlite3_column_int64 (statement, 20);
  row->sas_failures = read_uint (statement, 21);
  row->sas_failed_ms = sqlite3_column_int64 (statement, 22);
  return row;
}

static gpointer
read_device (sqlite3_stmt *statement)
{
  KithStoreDevice *row = g_new0 (KithStoreDevice, 1);

  kith_column_bytes (statement, 0, row->identity, sizeof row->identity);
  kith_column_bytes (statement, 1, row->device, sizeof row->device);
  row->seq = read_uint (statement, 2);
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
  row->ours = sqlite3_column_int64 (statement, 1) != 0;
  row->link = kith_column_text (statement, 2);
  row->reply_key = kith_column_secret (statement, 3);
  row->note = kith_column_text (statement, 4);
  row->created_ms = sqlite3_column_int64 (statement, 5);
  row->expires_ms = sqlite3_column_int64 (statement, 6);
  row->state = read_uint (statement, 7);
  row->has_peer = sqlite3_column_type (statement, 8) != SQLITE_NULL;
  kith_column_bytes (statement, 8, row->peer, sizeof row->peer);
  row->misused = sqlite3_column_int64 (statement, 9) != 0;
  return row;
}

static gpointer
read_conversation (sqlite3_stmt *statement)
{
  KithStoreConversation *row = g_new0 (KithStoreConversation, 1);

  kith_column_bytes (statement, 0, row->identity, sizeof row->identity);
  row->draft = kith_column_text (statement, 1);
  row->n_unread = read_uint (statement, 2);
  row->last_number = sqlite3_column_int64 (statement, 3);
  row->options.ttl_s = (guint32) read_uint (statement, 4);
  row->options.ttl_hlc = read_u64 (statement, 5);
  row->options.muted_until_ms = sqlite3_column_int64 (statement, 6);
  row->options.pinned = sqlite3_column_int64 (statement, 7) != 0;
  row->options.archived = sqlite3_column_int64 (statement, 8) != 0;
  row->options.marked_unread = sqlite3_column_int64 (statement, 9) != 0;
  return row;
}

/* Appends every row of a statement that is bound. */
static gboolean
read_all (KithDatabase *database, sqlite3_stmt *statement, gpointer (*read) (sqlite3_stmt *),
          GPtrArray *rows, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (statement == NULL)
    return FALSE;

  while (kith_database_step (database, statement, &local))
    g_ptr_array_add (rows, read (statement));

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

static gboolean
read_table (KithDatabase *database, const char *sql, gpointer (*read) (sqlite3_stmt *),
            GPtrArray *rows, GError **error)
{
  return read_all (database, kith_database_prepare (database, sql, error), read, rows, error);
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
static GPtrArray *
read_page (KithDatabase *database, const KithStoreCursor *cursor, KithStoreSide side, guint limit,
           GError **error)
{
  g_autoptr (GPtrArray) rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_message_free);
  sqlite3_stmt *statement = kith_database_prepare (database, page_sql (side), error);

  if (statement == NULL)
    return NULL;

  kith_statement_bind (statement, "bibi", cursor->identity, (gsize) KITH_STORE_IDENTITY_BYTES,
                       (gint64) MIN (cursor->hlc, G_MAXINT64), cursor->id,
                       (gsize) KITH_STORE_MESSAGE_ID_BYTES, (gint64) limit);
  if (!read_all (database, statement, read_quoted, rows, error))
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

static void
return_pointer (GTask *task, gpointer pointer, GError *error, GDestroyNotify free_func)
{
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, pointer, free_func);
}

static gboolean
page_job (KithDatabase *database, GTask *task)
{
  const Page *page = g_task_get_task_data (task);
  GError *error = NULL;
  GPtrArray *rows = read_page (database, &page->cursor, page->side, page->limit, &error);

  return_pointer (task, rows, error, (GDestroyNotify) g_ptr_array_unref);
  return FALSE;
}

void
kith_store_load_messages_async (KithStore *self, const KithStoreCursor *cursor, KithStoreSide side,
                                guint limit, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Page page = { *cursor, side, limit };

  g_task_set_source_tag (task, kith_store_load_messages_async);
  g_task_set_task_data (task, g_memdup2 (&page, sizeof page), g_free);
  kith_store_push (self, task, page_job);
}

GPtrArray *
kith_store_load_messages_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- The snapshot --------------------------------------------------------------------------- */

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
      rows = read_page (database, &cursor, KITH_STORE_LAST, 1, error);
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
                     " verified_ms, sas_failures, sas_failed_ms FROM contact ORDER BY added_ms, identity",
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
                     "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM " JOINED
                     " WHERE m.outgoing = 1 AND m.delivered_ms = 0 AND m.reason IS NULL"
                     " AND m.author IS NULL AND m.event IS NULL"
                     " AND c.identity IS NOT NULL ORDER BY m.number",
                     read_message, snapshot->outbox, error)
      && read_table (database,
                     "SELECT a.id, c.identity, a.kind, a.target, a.seq, a.hlc, a.time_ms, a.text"
                     " FROM act a JOIN conversation c ON c.id = a.conversation"
                     " WHERE c.identity IS NOT NULL",
                     read_act, snapshot->outbox, error)
      && read_table (database,
                     "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM " JOINED
                     " WHERE m.kind = 2 AND m.deleted = 0 AND c.identity IS NOT NULL"
                     " ORDER BY m.conversation, m.seq",
                     read_message, snapshot->missing, error)
      && read_table (database,
                     "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM " LIVE_TRANSFERS
                     " WHERE t.live <> 0 AND m.deleted = 0 AND c.identity IS NOT NULL"
                     " ORDER BY t.message",
                     read_message, snapshot->transfers, error)
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

  return_pointer (task, snapshot, error, (GDestroyNotify) kith_store_snapshot_free);
  return FALSE;
}

void
kith_store_load_async (KithStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_store_load_async);
  kith_store_push (self, task, load_job);
}

KithStoreSnapshot *
kith_store_load_finish (KithStore *self, GAsyncResult *result, GError **error)
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
  if (read_all (database, statement, read_quoted, rows, &error))
    row = take_only (rows, &error);
  return_pointer (task, row, error, (GDestroyNotify) kith_store_message_free);
  return FALSE;
}

void
kith_store_find_message_async (KithStore *self, const guint8 *identity,
                               const guint8 id[KITH_STORE_MESSAGE_ID_BYTES],
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Wanted wanted = { .has_identity = identity != NULL };

  memcpy (wanted.id, id, sizeof wanted.id);
  if (identity != NULL)
    memcpy (wanted.identity, identity, sizeof wanted.identity);
  g_task_set_source_tag (task, kith_store_find_message_async);
  g_task_set_task_data (task, g_memdup2 (&wanted, sizeof wanted), g_free);
  kith_store_push (self, task, find_job);
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
  return_pointer (task, row, error, (GDestroyNotify) kith_store_message_free);
  return FALSE;
}

void
kith_store_first_unread_async (KithStore *self, const guint8 identity[KITH_STORE_IDENTITY_BYTES],
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_store_first_unread_async);
  g_task_set_task_data (task, g_memdup2 (identity, KITH_STORE_IDENTITY_BYTES), g_free);
  kith_store_push (self, task, first_unread_job);
}

KithStoreMessage *
kith_store_first_unread_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
