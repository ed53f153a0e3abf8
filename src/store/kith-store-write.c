/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The operations of a batch as SQL. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "store/kith-store-endpoints.h"
#include "store/kith-store-private.h"

#define SWEEP_MESSAGES 500
#define MERGE_PAGES 256 /* of the index, at a time */

#define NULLABLE(has, identity) \
  ((has) ? (identity) : NULL), ((has) ? (gsize) KITH_STORE_IDENTITY_BYTES : (gsize) 0)
#define IDENTITY(identity) (identity), (gsize) KITH_STORE_IDENTITY_BYTES

static gboolean
put_profile (KithDatabase *database, const KithStoreProfile *row, GError **error)
{
  return kith_database_run (
    database, error,
    "INSERT OR REPLACE INTO profile (only, name, identity_seed, device_key, certificate)"
    " VALUES (1, ?1, ?2, ?3, ?4)",
    "tkkb", row->name, row->identity_seed, row->device_key, row->certificate,
    (gsize) KITH_STORE_CERTIFICATE_BYTES);
}

/* What others are called here, and what is noted of them, is as private as what is written to them. */
static gboolean
forget_words_for_contact (KithDatabase *database, const KithStoreContact *row, GError **error)
{
  if (!kith_database_run (database, error,
                          "UPDATE contact SET alias = NULL, note = NULL WHERE identity = ?1"
                          " AND ((alias IS NOT NULL AND alias IS NOT ?2) OR (note IS NOT NULL AND note IS NOT ?3))",
                          "btt", IDENTITY (row->identity), row->alias, row->note))
    return FALSE;

  if (kith_database_had_changes (database))
    kith_database_forget_soon (database, 0);
  return TRUE;
}

static gboolean
put_contact (KithDatabase *database, const KithStoreContact *row, GError **error)
{
  guint8 endpoints[KITH_STORE_ENDPOINTS_BYTES];
  gsize endpoints_len = kith_store_endpoints_encode (row->endpoints, row->n_endpoints, endpoints);

  if (!forget_words_for_contact (database, row, error))
    return FALSE;

  /* What has arrived from one installation only grows: messages that are being received while this
   * was on its way have counted further than the caller knew. */
  return kith_database_run (
    database, error,
    "INSERT INTO contact (identity, relation, name, alias, note, verified, blocked,"
    " favourite, added_ms, last_seen_ms, pair_root, pair_root_ms, old_pair_root, next_seq,"
    " received_device, received_seq, read_seq, endpoints, found_seq, verified_how, verified_ms,"
    " sas_failures, sas_failed_ms, heard_seq)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,"
    " ?20, ?21, ?22, ?23, ?24)"
    " ON CONFLICT (identity) DO UPDATE SET relation = excluded.relation, name = excluded.name,"
    " alias = excluded.alias, note = excluded.note, verified = excluded.verified,"
    " blocked = excluded.blocked, favourite = excluded.favourite, added_ms = excluded.added_ms,"
    " last_seen_ms = excluded.last_seen_ms, pair_root = excluded.pair_root,"
    " pair_root_ms = excluded.pair_root_ms, old_pair_root = excluded.old_pair_root,"
    " next_seq = excluded.next_seq, received_device = excluded.received_device,"
    " received_seq = CASE WHEN received_device = excluded.received_device"
    " THEN max (received_seq, excluded.received_seq) ELSE excluded.received_seq END,"
    " heard_seq = CASE WHEN received_device = excluded.received_device"
    " THEN max (heard_seq, excluded.heard_seq) ELSE excluded.heard_seq END,"
    " read_seq = excluded.read_seq, endpoints = excluded.endpoints,"
    " found_seq = max (found_seq, excluded.found_seq), verified_how = excluded.verified_how,"
    " verified_ms = excluded.verified_ms, sas_failures = excluded.sas_failures,"
    " sas_failed_ms = excluded.sas_failed_ms",
    "bitttiiiiikikibiibiiiiii", IDENTITY (row->identity), (gint64) row->relation, row->name, row->alias,
    row->note, kith_statement_bool (row->verified != 0), kith_statement_bool (row->blocked),
    kith_statement_bool (row->favourite),
    row->added_ms, row->last_seen_ms, row->pair_root, row->pair_root_ms, row->old_pair_root,
    (gint64) row->next_seq, row->received_device, (gsize) KITH_STORE_DEVICE_BYTES,
    (gint64) row->received_seq, (gint64) row->read_seq, endpoints, endpoints_len,
    (gint64) MIN (row->found_seq, G_MAXINT64), (gint64) row->verified, row->verified_ms,
    (gint64) row->sas_failures, row->sas_failed_ms, (gint64) row->heard_seq);
}

/* The messages themselves go little by little: kith_store_sweep(). */
static gboolean
give_up_conversation (KithDatabase *database, const guint8 *identity, GError **error)
{
  kith_database_forget_soon (database, 0);
  return kith_store_erase_group_contents (database, identity, error)
         && kith_database_run (database, error,
                               "UPDATE conversation SET identity = NULL, draft = NULL"
                               " WHERE identity = ?1",
                               "b", IDENTITY (identity))
         && kith_store_forget_broadcasts (database, identity, error);
}

/* How it is treated is no message, nor is what is being written: a new row takes that over, and the place of the old
 * one. */
static gboolean
clear_messages (KithDatabase *database, const guint8 *identity, GError **error)
{
  gint64 number;

  if (!kith_database_run (database, error,
                          "INSERT INTO conversation (ttl_s, ttl_hlc, muted_until_ms, pinned, archived,"
                          " marked_unread, draft) SELECT ttl_s, ttl_hlc, muted_until_ms, pinned, archived,"
                          " marked_unread, draft FROM conversation WHERE identity = ?1",
                          "b", IDENTITY (identity)))
    return FALSE;
  if (!kith_database_had_changes (database))
    return TRUE;

  /* Nor is it a message that one was to be deleted for both: that still goes to them. */
  number = sqlite3_last_insert_rowid (kith_database_get_handle (database));
  return kith_database_run (database, error,
                            "UPDATE act SET conversation = ?2 WHERE conversation ="
                            " (SELECT id FROM conversation WHERE identity = ?1)",
                            "bi", IDENTITY (identity), number)
         && give_up_conversation (database, identity, error)
         && kith_database_run (database, error, "UPDATE conversation SET identity = ?1 WHERE id = ?2",
                               "bi", IDENTITY (identity), number);
}

static gboolean
is_group (KithDatabase *database, const guint8 *gid, gboolean *is_one, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (database, "SELECT 1 FROM chat_group WHERE gid = ?1", error);
  g_autoptr (GError) local = NULL;

  *is_one = FALSE;
  if (statement == NULL)
    return FALSE;

  kith_statement_bind (statement, "b", IDENTITY (gid));
  while (kith_database_step (database, statement, &local))
    *is_one = TRUE;

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* What is a group's goes with the group: whoever is said to have its key (node/kith-impostor.h). */
static gboolean
delete_contact (KithDatabase *database, const guint8 *identity, GError **error)
{
  gboolean is_one;

  if (!is_group (database, identity, &is_one, error))
    return FALSE;

  kith_database_forget_soon (database, 0);
  return kith_database_run (database, error, "DELETE FROM contact WHERE identity = ?1", "b",
                            IDENTITY (identity))
         && kith_database_run (database, error, "DELETE FROM device WHERE identity = ?1", "b",
                               IDENTITY (identity))
         && (is_one || give_up_conversation (database, identity, error));
}

static gboolean
put_device (KithDatabase *database, const KithStoreDevice *row, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT OR REPLACE INTO device (identity, device, seq, device_key)"
                            " VALUES (?1, ?2, ?3, ?4)",
                            "bbib", IDENTITY (row->identity), row->device,
                            (gsize) KITH_STORE_DEVICE_BYTES, (gint64) row->seq, row->device_key,
                            sizeof row->device_key)
         && kith_database_run (database, error,
                               "DELETE FROM device WHERE identity = ?1 AND device <> ?2 AND device NOT IN"
                               " (SELECT device FROM device WHERE identity = ?1 AND device <> ?2"
                               " ORDER BY device LIMIT ?3)",
                               "bbi", IDENTITY (row->identity), row->device,
                               (gsize) KITH_STORE_DEVICE_BYTES, (gint64) KITH_LIMIT_DEVICES - 1);
}

static gboolean
put_request (KithDatabase *database, const KithStoreRequest *row, GError **error)
{
  guint8 endpoints[KITH_STORE_ENDPOINTS_BYTES];
  gsize endpoints_len = kith_store_endpoints_encode (row->endpoints, row->n_endpoints, endpoints);

  return kith_database_run (database, error,
                            "INSERT OR REPLACE INTO request (identity, name, text, time_ms,"
                            " endpoints) VALUES (?1, ?2, ?3, ?4, ?5)",
                            "bttib", IDENTITY (row->identity), row->name, row->text, row->time_ms,
                            endpoints, endpoints_len);
}

static gboolean
put_invite (KithDatabase *database, const KithStoreInvite *row, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT OR REPLACE INTO invite (id, ours, link, reply_key, note,"
                            " created_ms, expires_ms, state, peer, misused)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                            "bitktiiibi", row->id, (gsize) KITH_STORE_INVITE_ID_BYTES,
                            kith_statement_bool (row->ours), row->link, row->reply_key, row->note,
                            row->created_ms, row->expires_ms, (gint64) row->state,
                            row->has_peer ? row->peer : NULL,
                            row->has_peer ? sizeof row->peer : (gsize) 0, kith_statement_bool (row->misused));
}

/* Nothing of it is to be found any more, in the log either. @len: of its @id */
static gboolean
forget (KithDatabase *database, const char *sql, const guint8 *id, gsize len, GError **error)
{
  if (!kith_database_run (database, error, sql, "b", id, len))
    return FALSE;

  if (kith_database_had_changes (database))
    kith_database_empty_log_soon (database);
  return TRUE;
}

static gboolean
make_conversation (KithDatabase *database, const guint8 *identity, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT INTO conversation (identity) VALUES (?1)"
                            " ON CONFLICT (identity) DO NOTHING",
                            "b", IDENTITY (identity));
}

/* Lines of groups are stored as lines: what sort they are says the event. */
static gint64
stored_kind (const KithStoreMessage *row)
{
  return row->kind == KITH_STORE_KIND_EVENT ? KITH_STORE_KIND_TIMER : (gint64) row->kind;
}

/* The sender chooses the id. Within a conversation it stands for one message, whoever wrote that: nobody
 * gets a second one under the id of ours.
 * @conversation: (out): its row, 0 for none; @is_taken: (out): whether there is a message of that id in it */
static gboolean
find_place (KithDatabase *database, const KithStoreMessage *row, gint64 *conversation, gboolean *is_taken,
            GError **error)
{
  static const char sql[] = "SELECT c.id, EXISTS (SELECT 1 FROM message m WHERE m.id = ?2 AND m.conversation = c.id)"
                            " FROM conversation c WHERE c.identity = ?1";
  sqlite3_stmt *statement = kith_database_prepare (database, sql, error);
  g_autoptr (GError) local = NULL;

  *conversation = 0;
  *is_taken = FALSE;
  if (statement == NULL)
    return FALSE;

  kith_statement_bind (statement, "bb", IDENTITY (row->identity), row->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES);
  while (kith_database_step (database, statement, &local))
    {
      *conversation = sqlite3_column_int64 (statement, 0);
      *is_taken = kith_column_bool (statement, 1);
    }

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Of values alone: with a SELECT SQLite puts the row into a table of its own first, which takes as long as all the
 * rest. */
static gboolean
insert_message (KithDatabase *database, const KithStoreMessage *row, gint64 conversation, GError **error)
{
  return kith_database_run (
           database, error,
           "INSERT INTO message (conversation, id, outgoing, seq, hlc, time_ms, state, sent_ms,"
           " delivered_ms, read_ms, reason, text, broadcast, kind, reply_to, ttl_s, n_missing, author,"
           " author_key, event, event_who, event_by, mention, late, expires_ms)"
           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
           " ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)",
           "ibiiiiiiiittiibiibbtbbiii", conversation, row->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES,
           kith_statement_bool (row->outgoing), (gint64) row->seq, (gint64) MIN (row->hlc, G_MAXINT64),
           row->time_ms, (gint64) row->state, row->sent_ms, row->delivered_ms, row->read_ms,
           row->reason, row->text, kith_statement_bool (row->broadcast), stored_kind (row),
           row->has_reply_to ? row->reply_to : NULL,
           row->has_reply_to ? sizeof row->reply_to : (gsize) 0, (gint64) row->ttl_s,
           (gint64) row->n_missing, NULLABLE (row->has_author, row->author),
           NULLABLE (row->has_author_key, row->author_key), row->event,
           NULLABLE (row->has_event_who, row->event_who), NULLABLE (row->has_event_by, row->event_by),
           kith_statement_bool (row->mention), kith_statement_bool (row->late), row->expires_ms)
         && (row->file == NULL || kith_store_add_transfer (database, row, error));
}

/* What we have sent is no draft any more, whenever this process ends: in the same transaction. What was typed since
 * is another text. */
static gboolean
take_draft (KithDatabase *database, const KithStoreMessage *row, GError **error)
{
  return !row->outgoing || row->kind != KITH_STORE_KIND_TEXT || row->file != NULL
         || kith_database_run (database, error,
                               "UPDATE conversation SET draft = NULL WHERE identity = ?1 AND draft = ?2", "bt",
                               IDENTITY (row->identity), row->text);
}

static gboolean
add_message (KithDatabase *database, const KithStoreMessage *row, gboolean *was_new, GError **error)
{
  gint64 conversation;
  gboolean is_taken;

  *was_new = FALSE;
  if (!find_place (database, row, &conversation, &is_taken, error))
    return FALSE;
  if (conversation == 0
      && (!make_conversation (database, row->identity, error)
          || !find_place (database, row, &conversation, &is_taken, error)))
    return FALSE;
  if (is_taken)
    return TRUE;

  *was_new = insert_message (database, row, conversation, error) && take_draft (database, row, error);
  return *was_new;
}

static gboolean
update_message (KithDatabase *database, const KithStoreMessage *row, GError **error)
{
  return kith_database_run (
    database, error,
    "UPDATE message SET state = ?1, sent_ms = ?2, delivered_ms = ?3, read_ms = ?4, reason = ?5,"
    " expires_ms = CASE deleted WHEN 0 THEN ?9 ELSE 0 END"
    " WHERE id = ?6 AND conversation = (SELECT id FROM conversation WHERE identity = ?7)"
    " AND outgoing = ?8",
    "iiiitbbii", (gint64) row->state, row->sent_ms, row->delivered_ms, row->read_ms, row->reason,
    row->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES, IDENTITY (row->identity),
    kith_statement_bool (row->outgoing), row->expires_ms);
}

static gboolean
we_read (KithDatabase *database, const KithStoreMark *mark, GError **error)
{
  return kith_database_run (
    database, error,
    "UPDATE message SET read_ms = ?1,"
    " expires_ms = CASE ttl_s WHEN 0 THEN 0 ELSE ?1 + 1000 * ttl_s END"
    " WHERE conversation = (SELECT id FROM conversation WHERE identity = ?2)"
    " AND outgoing = 0 AND read_ms = 0 AND number <= ?3",
    "ibi", mark->time_ms, IDENTITY (mark->identity), mark->number);
}

static gboolean
numbered (KithDatabase *database, const KithStoreMark *mark, GError **error)
{
  return kith_database_run (database, error, "UPDATE contact SET next_seq = ?1 WHERE identity = ?2",
                            "ib", (gint64) MIN (mark->seq, G_MAXINT64), IDENTITY (mark->identity));
}

static gboolean
received (KithDatabase *database, const KithStoreMark *mark, GError **error)
{
  return kith_database_run (database, error,
                            "UPDATE contact SET received_seq = ?1"
                            " WHERE identity = ?2 AND received_seq = ?1 - 1",
                            "ib", (gint64) MIN (mark->seq, G_MAXINT64), IDENTITY (mark->identity));
}

static gboolean
they_read (KithDatabase *database, const KithStoreMark *mark, GError **error)
{
  if (mark->seq == 0)
    return kith_database_run (
      database, error,
      "UPDATE message SET state = ?1, read_ms = ?2 WHERE id = ?3"
      " AND conversation = (SELECT id FROM conversation WHERE identity = ?4)"
      " AND outgoing = 1 AND delivered_ms <> 0 AND read_ms = 0",
      "iibb", (gint64) mark->state, mark->time_ms, mark->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES,
      IDENTITY (mark->identity));

  /* Numbers of an installation before a restore are 0: those of this one say nothing of them. */
  return kith_database_run (
    database, error,
    "UPDATE message SET state = ?1, read_ms = ?2"
    " WHERE conversation = (SELECT id FROM conversation WHERE identity = ?3)"
    " AND outgoing = 1 AND delivered_ms <> 0 AND read_ms = 0 AND seq BETWEEN 1 AND ?4",
    "iibi", (gint64) mark->state, mark->time_ms, IDENTITY (mark->identity),
    (gint64) MIN (mark->seq, G_MAXINT64));
}

static gboolean
put_draft (KithDatabase *database, const KithStoreMark *mark, GError **error)
{
  if (!make_conversation (database, mark->identity, error)
      || !kith_database_run (database, error,
                             "UPDATE conversation SET draft = ?1 WHERE identity = ?2 AND draft IS NOT ?1",
                             "tb", mark->draft, IDENTITY (mark->identity)))
    return FALSE;

  if (mark->draft == NULL && kith_database_had_changes (database))
    kith_database_empty_log_soon (database);
  return TRUE;
}

static gboolean
delete_setting (KithDatabase *database, const char *key, GError **error)
{
  if (!kith_database_run (database, error, "DELETE FROM setting WHERE key = ?1", "t", key))
    return FALSE;

  /* It may have been the password of a proxy. */
  if (kith_database_had_changes (database))
    kith_database_empty_log_soon (database);
  return TRUE;
}

static gboolean
put_setting (KithDatabase *database, const KithStoreSetting *setting, GError **error)
{
  if (setting->value == NULL)
    return delete_setting (database, setting->key, error);

  return kith_database_run (database, error,
                            "INSERT OR REPLACE INTO setting (key, value) VALUES (?1, ?2)", "tt",
                            setting->key, setting->value);
}

static gboolean
is_possible (const KithStoreOp *op)
{
  if (op->kind == KITH_STORE_OP_PUT_PROFILE)
    {
      const KithStoreProfile *profile = op->row;

      return profile->name != NULL && profile->identity_seed != NULL && profile->device_key != NULL;
    }

  if (op->kind == KITH_STORE_OP_PUT_TRANSFER)
    return ((const KithStoreMessage *) op->row)->file != NULL;
  if (op->kind == KITH_STORE_OP_ADD_MESSAGE || op->kind == KITH_STORE_OP_ADD_ACT)
    return ((const KithStoreMessage *) op->row)->text != NULL;

  return TRUE;
}

static gboolean
apply (KithDatabase *database, KithStoreOp *op, GError **error)
{
  switch (op->kind)
    {
    case KITH_STORE_OP_PUT_PROFILE:
      return put_profile (database, op->row, error);
    case KITH_STORE_OP_PUT_CONTACT:
      return put_contact (database, op->row, error);
    case KITH_STORE_OP_DELETE_CONTACT:
      return delete_contact (database, op->row, error);
    case KITH_STORE_OP_PUT_DEVICE:
      return put_device (database, op->row, error);
    case KITH_STORE_OP_PUT_REQUEST:
      return put_request (database, op->row, error);
    case KITH_STORE_OP_DELETE_REQUEST:
      return forget (database, "DELETE FROM request WHERE identity = ?1", IDENTITY (op->row), error);
    case KITH_STORE_OP_PUT_INVITE:
      return put_invite (database, op->row, error);
    case KITH_STORE_OP_DELETE_INVITE:
      return forget (database, "DELETE FROM invite WHERE id = ?1", op->row, KITH_STORE_INVITE_ID_BYTES,
                     error);
    case KITH_STORE_OP_PUT_BROADCAST:
      return kith_store_put_broadcast (database, op->row, error);
    case KITH_STORE_OP_DELETE_BROADCAST:
      return kith_store_delete_broadcast (database, op->row, error);
    case KITH_STORE_OP_ADD_MESSAGE:
      return add_message (database, op->row, &op->was_new, error);
    case KITH_STORE_OP_UPDATE_MESSAGE:
      return update_message (database, op->row, error);
    case KITH_STORE_OP_CLEAR_MESSAGES:
      return clear_messages (database, op->row, error);
    case KITH_STORE_OP_WE_READ:
      return we_read (database, op->row, error);
    case KITH_STORE_OP_THEY_READ:
      return they_read (database, op->row, error);
    case KITH_STORE_OP_NUMBERED:
      return numbered (database, op->row, error);
    case KITH_STORE_OP_RECEIVED:
      return received (database, op->row, error);
    case KITH_STORE_OP_PUT_DRAFT:
      return put_draft (database, op->row, error);
    case KITH_STORE_OP_PUT_SETTING:
      return put_setting (database, op->row, error);
    case KITH_STORE_OP_PUT_OPTIONS:
      return make_conversation (database, ((KithStoreTreatment *) op->row)->identity, error)
             && kith_store_put_options (database, op->row, error);
    case KITH_STORE_OP_ADD_ACT:
      return make_conversation (database, ((KithStoreMessage *) op->row)->identity, error)
             && kith_store_add_act (database, op->row, error);
    case KITH_STORE_OP_ACT_ARRIVED:
      return kith_store_act_arrived (database, op->row, error);
    case KITH_STORE_OP_EDIT_MESSAGE:
      return kith_store_edit_message (database, op->row, &op->was_new, error);
    case KITH_STORE_OP_DELETE_MESSAGE:
      return make_conversation (database, ((KithStoreChange *) op->row)->identity, error)
             && kith_store_delete_message (database, op->row, &op->was_new, &op->was_unread, error);
    case KITH_STORE_OP_REACT:
      return kith_store_react (database, op->row, &op->was_new, error);
    case KITH_STORE_OP_QUEUE_AGAIN:
      return kith_store_queue_again (database, op->row, error);
    case KITH_STORE_OP_PUT_TRANSFER:
      return kith_store_put_transfer (database, op->row, error);
    case KITH_STORE_OP_PUT_MISSING:
      return kith_store_put_missing (database, op->row, error);
    case KITH_STORE_OP_GROUP:
      return kith_store_apply_group (database, op->row, &op->was_new, error);
    }

  g_return_val_if_reached (FALSE);
}

gboolean
kith_store_apply (KithDatabase *database, KithStoreBatch *batch, GError **error)
{
  guint n = kith_store_batch_get_length (batch);

  for (guint i = 0; i < n; i++)
    {
      KithStoreOp *op = kith_store_batch_get (batch, i);

      if (!is_possible (op))
        {
          g_set_error (error, KITH_ERROR, KITH_ERROR_INVALID, "Operation %u is not possible", i);
          return FALSE;
        }
      if (!apply (database, op, error))
        return FALSE;
    }

  return TRUE;
}

/* --- What was cleared ----------------------------------------------------------------------- */

/* A message leaves the index before the table, and only if it was in the index: anything else would
 * damage that. A trigger cannot do it: with trusted_schema = OFF it may not touch virtual tables. */
static gboolean
delete_some (KithDatabase *database, gint64 conversation, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT INTO message_text (message_text, rowid, text)"
                            " SELECT 'delete', number, text FROM message WHERE number IN"
                            " (SELECT number FROM message WHERE conversation = ?1 LIMIT ?2)"
                            " AND number <= (SELECT number FROM search_mark) AND ttl_s = 0",
                            "ii", conversation, (gint64) SWEEP_MESSAGES)
         && kith_database_run (database, error, "DELETE FROM act WHERE conversation = ?1", "i",
                               conversation)
         && kith_database_run (database, error,
                               "DELETE FROM message WHERE number IN"
                               " (SELECT number FROM message WHERE conversation = ?1 LIMIT ?2)",
                               "ii", conversation, (gint64) SWEEP_MESSAGES);
}

/* Words that were deleted stay in the index until all of its parts are one. Then the conversation
 * has nothing left to be remembered for. */
static gboolean
forget_words (KithDatabase *database, gint64 conversation, GError **error)
{
  sqlite3 *handle = kith_database_get_handle (database);
  int before = sqlite3_total_changes (handle);

  if (!kith_database_run (database, error,
                          "INSERT INTO message_text (message_text, rank) VALUES ('merge', ?1)", "i",
                          (gint64) -MERGE_PAGES))
    return FALSE;

  /* So says the manual of FTS5: below two, nothing was left to do. */
  return sqlite3_total_changes (handle) - before >= 2
         || kith_database_run (database, error, "DELETE FROM conversation WHERE id = ?1", "i",
                               conversation);
}

/* @is_left: (out): there may be more of them */
static gboolean
delete_contents (KithDatabase *database, gint64 conversation, gboolean *is_left, GError **error)
{
  gboolean is_fine = kith_store_delete_contents (
    database, error, "SELECT number FROM message WHERE conversation = ?1 LIMIT ?2", conversation,
    (gint64) SWEEP_MESSAGES);

  *is_left = kith_database_had_changes (database);
  return is_fine;
}

static gboolean
delete_messages (KithDatabase *database, gint64 conversation, GError **error)
{
  static const char is_empty[] = "SELECT NOT EXISTS (SELECT 1 FROM message m JOIN conversation c"
                                 " ON c.id = m.conversation WHERE c.identity IS NULL)";

  return delete_some (database, conversation, error)
         && (kith_database_get_int (database, is_empty, 0) == 0
             || forget_words (database, conversation, error));
}

static gboolean
sweep (KithDatabase *database, gint64 conversation, GError **error)
{
  gboolean is_left;

  return kith_database_exec (database, "BEGIN IMMEDIATE", error)
         && delete_contents (database, conversation, &is_left, error)
         && (is_left || delete_messages (database, conversation, error))
         && kith_database_exec (database, "COMMIT", error);
}

gboolean
kith_store_sweep (KithDatabase *database, GError **error)
{
  static const char cleared[] = "SELECT id FROM conversation WHERE identity IS NULL"
                                " ORDER BY EXISTS (SELECT 1 FROM message WHERE conversation ="
                                " conversation.id) DESC LIMIT 1";
  gint64 conversation = kith_database_get_int (database, cleared, 0);

  if (conversation == 0)
    return FALSE;

  if (!sweep (database, conversation, error))
    {
      if (!sqlite3_get_autocommit (kith_database_get_handle (database)))
        kith_database_exec (database, "ROLLBACK", NULL);
      return FALSE;
    }

  kith_database_empty_log_soon (database);
  return kith_database_get_int (database, cleared, 0) != 0;
}
