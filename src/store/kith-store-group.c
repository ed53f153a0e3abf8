/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups in the store: rows, and the operations of a batch on them. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-group.h"

#include <string.h>

#include "base/kith-secret.h"
#include "store/kith-store-private.h"

#define BYTES32(bytes) (bytes), (gsize) 32
#define NULLABLE32(has, bytes) ((has) ? (bytes) : NULL), ((has) ? (gsize) 32 : (gsize) 0)
#define GROUP "(SELECT number FROM chat_group WHERE gid = ?1)"
#define CONVERSATION "(SELECT id FROM conversation WHERE identity = ?1)"

/* --- Rows ----------------------------------------------------------------------------------- */

static GBytes *
copy_bytes (GBytes *bytes)
{
  return bytes != NULL ? g_bytes_ref (bytes) : NULL;
}

static KithSecret *
copy_secret (KithSecret *secret)
{
  return secret != NULL ? kith_secret_ref (secret) : NULL;
}

/**
 * kith_store_group_copy:
 * @self: a row
 *
 * Returns: (transfer full): a copy
 */
KithStoreGroup *
kith_store_group_copy (const KithStoreGroup *self)
{
  KithStoreGroup *copy = g_memdup2 (self, sizeof *self);

  copy->author_seed = copy_secret (self->author_seed);
  copy->next_seed = copy_secret (self->next_seed);
  copy->name = g_strdup (self->name);
  copy->topic = g_strdup (self->topic);
  copy->invitation = copy_bytes (self->invitation);
  copy->request = copy_bytes (self->request);
  copy->tokens = copy_bytes (self->tokens);
  copy->state = copy_bytes (self->state);
  copy->picture = copy_bytes (self->picture);
  return copy;
}

/**
 * kith_store_group_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_group_free (KithStoreGroup *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->author_seed, kith_secret_unref);
  g_clear_pointer (&self->next_seed, kith_secret_unref);
  g_clear_pointer (&self->invitation, g_bytes_unref);
  g_clear_pointer (&self->request, g_bytes_unref);
  g_clear_pointer (&self->tokens, g_bytes_unref);
  g_clear_pointer (&self->state, g_bytes_unref);
  g_clear_pointer (&self->picture, g_bytes_unref);
  g_free (self->name);
  g_free (self->topic);
  g_free (self);
}

/**
 * kith_store_group_op_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_group_op_free (KithStoreGroupOp *self)
{
  if (self == NULL)
    return;

  g_bytes_unref (self->op);
  g_free (self);
}

/**
 * kith_store_group_entry_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_group_entry_free (KithStoreGroupEntry *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->content, g_bytes_unref);
  g_free (self);
}

/**
 * kith_store_group_act_new:
 * @what: what is to be done
 * @gid: to which group
 *
 * Returns: (transfer full): an operation, whose other fields have to be set
 */
KithStoreGroupAct *
kith_store_group_act_new (KithStoreGroupActKind what, const guint8 gid[KITH_STORE_GROUP_ID_BYTES])
{
  KithStoreGroupAct *self = g_new0 (KithStoreGroupAct, 1);

  self->what = what;
  memcpy (self->gid, gid, sizeof self->gid);
  return self;
}

/**
 * kith_store_group_act_free:
 * @self: (transfer full) (nullable): an operation
 */
void
kith_store_group_act_free (KithStoreGroupAct *self)
{
  if (self == NULL)
    return;

  kith_secret_free_text (self->text);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  kith_store_group_free (self->group);
  kith_store_group_entry_free (self->entry);
  g_free (self);
}

/* --- The group itself ----------------------------------------------------------------------- */

static const guint8 *
data_of (GBytes *bytes, gsize *len)
{
  *len = 0;
  return bytes != NULL ? g_bytes_get_data (bytes, len) : NULL;
}

static gboolean
put_group (KithDatabase *database, const KithStoreGroup *row, GError **error)
{
  gsize invitation_len, request_len, tokens_len;
  const guint8 *invitation = data_of (row->invitation, &invitation_len);
  const guint8 *request = data_of (row->request, &request_len);
  const guint8 *tokens = data_of (row->tokens, &tokens_len);

  return kith_database_run (
    database, error,
    "INSERT INTO chat_group (gid, membership, created_ms, author_seed, next_seed, name, topic,"
    " topic_hlc, inviter, admin, invitation, request, tokens, mentions_only, restored)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)"
    " ON CONFLICT (gid) DO UPDATE SET membership = excluded.membership,"
    " author_seed = excluded.author_seed, next_seed = excluded.next_seed, name = excluded.name,"
    " topic = excluded.topic, topic_hlc = excluded.topic_hlc, inviter = excluded.inviter,"
    " admin = excluded.admin, invitation = excluded.invitation, request = excluded.request,"
    " tokens = excluded.tokens, mentions_only = excluded.mentions_only,"
    " restored = excluded.restored",
    "biikkttibbbbbii", BYTES32 (row->gid), (gint64) row->membership, row->created_ms,
    row->author_seed, row->next_seed, row->name, row->topic,
    (gint64) MIN (row->topic_hlc, G_MAXINT64), NULLABLE32 (row->has_inviter, row->inviter),
    NULLABLE32 (row->has_admin, row->admin), invitation, invitation_len, request, request_len,
    tokens != NULL ? tokens : (const guint8 *) "", tokens_len, (gint64) (row->mentions_only != FALSE),
    (gint64) (row->restored != FALSE));
}

static gboolean
delete_group (KithDatabase *database, const guint8 *gid, GError **error)
{
  static const char *const statements[] = {
    "DELETE FROM group_reaction WHERE identity = ?1",
    "DELETE FROM group_edit WHERE chat_group = " GROUP,
    "DELETE FROM group_content WHERE entry IN (SELECT number FROM group_entry WHERE chat_group = " GROUP
    ")",
    "DELETE FROM group_entry WHERE chat_group = " GROUP,
    "DELETE FROM group_op WHERE chat_group = " GROUP,
    "DELETE FROM chat_group WHERE gid = ?1",
    "DELETE FROM setting WHERE key GLOB '" KITH_STORE_GROUP_ACTS_WAIT "' || lower (hex (?1)) || ':*'",
    /* That of a person has the key of a person. */
    "UPDATE conversation SET identity = NULL, draft = NULL WHERE identity = ?1"
    " AND NOT EXISTS (SELECT 1 FROM contact WHERE identity = ?1)",
  };

  kith_database_forget_soon (database, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    if (!kith_database_run (database, error, statements[i], "b", BYTES32 (gid)))
      return FALSE;

  return TRUE;
}

static gboolean
put_state (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  gsize len;
  const guint8 *data = data_of (act->bytes, &len);

  return kith_database_run (database, error, "UPDATE chat_group SET state = ?2 WHERE gid = ?1", "bb",
                            BYTES32 (act->gid), data, len);
}

static gboolean
put_picture (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  gsize len;
  const guint8 *data = data_of (act->bytes, &len);

  return kith_database_run (database, error, "UPDATE chat_group SET picture = ?2 WHERE gid = ?1",
                            "bb", BYTES32 (act->gid), data, len);
}

/* --- The chain and the logs ----------------------------------------------------------------- */

static gboolean
add_op (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  gsize len;
  const guint8 *data = data_of (act->bytes, &len);

  return kith_database_run (database, error,
                            "INSERT INTO group_op (chat_group, id, op, received_ms)"
                            " VALUES (" GROUP ", ?2, ?3, ?4) ON CONFLICT (chat_group, id) DO NOTHING",
                            "bbbi", BYTES32 (act->gid), BYTES32 (act->id), data, len, act->time_ms);
}

#define ENTRY "(SELECT number FROM group_entry WHERE chat_group = " GROUP " AND author = ?2 AND seq = ?3)"

static gboolean
put_entry (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  const KithStoreGroupEntry *entry = act->entry;
  gsize len;
  const guint8 *data = data_of (entry->content, &len);
  /* One that is empty is there all the same. */
  const guint8 *content = entry->content != NULL && data == NULL ? (const guint8 *) "" : data;

  if (entry->redacted)
    kith_database_empty_log_soon (database);
  return kith_database_run (
           database, error,
           "INSERT INTO group_entry (chat_group, author, seq, header, redacted)"
           " VALUES (" GROUP ", ?2, ?3, ?4, ?5) ON CONFLICT (chat_group, author, seq)"
           " DO UPDATE SET header = excluded.header, redacted = excluded.redacted",
           "bbibi", BYTES32 (act->gid), BYTES32 (entry->author), (gint64) entry->seq, entry->header,
           sizeof entry->header, (gint64) (entry->redacted != FALSE))
         && kith_database_run (
           database, error,
           "INSERT OR REPLACE INTO group_content (entry, signature, salt, content)"
           " VALUES (" ENTRY ", ?4, ?5, ?6)",
           "bbibbb", BYTES32 (act->gid), BYTES32 (entry->author), (gint64) entry->seq,
           entry->signature, sizeof entry->signature, content != NULL ? entry->salt : NULL,
           content != NULL ? sizeof entry->salt : (gsize) 0, content, len);
}

/* As before it was written: it stays where it stands, under its old id until it is an entry again. */
static gboolean
wait_again (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  return kith_database_run (database, error,
                            "UPDATE message SET author_key = NULL, seq = 0, state = 0, sent_ms = 0"
                            " WHERE conversation = " CONVERSATION " AND author_key = ?2 AND seq >= ?3 AND outgoing = 1"
                            " AND delivered_ms = 0 AND kind = 0 AND deleted = 0 AND reason IS NULL AND event IS NULL",
                            "bbi", BYTES32 (act->gid), BYTES32 (act->author), (gint64) act->seq);
}

/* Words leave the index before the row. Numbers of rows are never used again, so that is all. */
static gboolean
hide (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  if (act->again && !wait_again (database, act, error))
    return FALSE;

  kith_database_forget_soon (database, 0);
  return kith_database_run (database, error,
                            "INSERT INTO message_text (message_text, rowid, text)"
                            " SELECT 'delete', number, text FROM message"
                            " WHERE conversation = " CONVERSATION " AND author_key = ?2 AND seq >= ?3"
                            " AND ttl_s = 0 AND number <= (SELECT number FROM search_mark)",
                            "bbi", BYTES32 (act->gid), BYTES32 (act->author), (gint64) act->seq)
         && kith_database_run (database, error,
                               "DELETE FROM message WHERE conversation = " CONVERSATION
                               " AND author_key = ?2 AND seq >= ?3",
                               "bbi", BYTES32 (act->gid), BYTES32 (act->author), (gint64) act->seq);
}

static gboolean
forget (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  static const char contents[] = "DELETE FROM group_content WHERE entry IN (SELECT number FROM"
                                 " group_entry WHERE chat_group = " GROUP
                                 " AND author = ?2 AND seq >= ?3)";
  static const char entries[] = "DELETE FROM group_entry WHERE chat_group = " GROUP
                                " AND author = ?2 AND seq >= ?3";

  return hide (database, act, error)
         && kith_database_run (database, error, contents, "bbi", BYTES32 (act->gid),
                               BYTES32 (act->author), (gint64) act->seq)
         && kith_database_run (database, error, entries, "bbi", BYTES32 (act->gid),
                               BYTES32 (act->author), (gint64) act->seq);
}

/* What was deleted before has no other text either: as the trigger does with those that were there. */
static gboolean
add_edit (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
#define OF_DELETED                                                                                 \
  "(SELECT e.number FROM group_entry e WHERE e.chat_group = " GROUP " AND e.author = ?3 AND e.seq = ?4" \
  " AND EXISTS (SELECT 1 FROM message m WHERE m.id = ?2 AND m.conversation = " CONVERSATION        \
  " AND m.author_key = ?3 AND m.deleted <> 0))"
  static const char *const statements[] = {
    ("INSERT INTO group_edit (chat_group, target, author, seq) VALUES (" GROUP ", ?2, ?3, ?4)"
     " ON CONFLICT DO NOTHING"),
    ("UPDATE group_content SET salt = NULL, content = NULL WHERE entry IN " OF_DELETED),
    ("UPDATE group_entry SET redacted = 1 WHERE number IN " OF_DELETED),
  };
#undef OF_DELETED

  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    if (!kith_database_run (database, error, statements[i], "bbbi", BYTES32 (act->gid), act->id,
                            (gsize) KITH_STORE_MESSAGE_ID_BYTES, BYTES32 (act->author), (gint64) act->seq))
      return FALSE;

  if (kith_database_had_changes (database))
    kith_database_forget_soon (database, 0);
  return TRUE;
}

/* What comes after this is to be deleted: a deletion before its message is kept with the edits of it. */
static gboolean
add_delete (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT INTO group_edit (chat_group, target, author, seq)"
                            " SELECT " GROUP ", ?2, ?3, ?4 WHERE NOT EXISTS (SELECT 1 FROM message"
                            " WHERE id = ?2 AND conversation = " CONVERSATION " AND author_key = ?3)"
                            " ON CONFLICT DO NOTHING",
                            "bbbi", BYTES32 (act->gid), act->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES,
                            BYTES32 (act->author), (gint64) act->seq);
}

static gboolean
drop_edit (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  return kith_database_run (database, error,
                            "DELETE FROM group_edit WHERE chat_group = " GROUP " AND target = ?2"
                            " AND author = ?3 AND seq = ?4",
                            "bbbi", BYTES32 (act->gid), act->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES,
                            BYTES32 (act->author), (gint64) act->seq);
}

#define ACTS_WAIT "'" KITH_STORE_GROUP_ACTS_WAIT "' || lower (hex (?1)) || ':'"

/* Only where there are any: most messages that come late were neither edited nor deleted. */
static gboolean
acts_wait (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT OR REPLACE INTO setting (key, value)"
                            " SELECT " ACTS_WAIT " || lower (hex (?2)), lower (hex (?3))"
                            " WHERE EXISTS (SELECT 1 FROM group_edit WHERE chat_group = " GROUP
                            " AND target = ?2 AND author = ?3)",
                            "bbb", BYTES32 (act->gid), act->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES,
                            BYTES32 (act->author));
}

static gboolean
acts_done (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  return kith_database_run (database, error,
                            "DELETE FROM setting WHERE key = " ACTS_WAIT " || lower (hex (?2))", "bb",
                            BYTES32 (act->gid), act->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES);
}

/* What the messages of a group say is not kept as entries either when they are cleared. */
gboolean
kith_store_erase_group_contents (KithDatabase *database, const guint8 *gid, GError **error)
{
#define CLEARED                                                                                    \
  "(SELECT e.number FROM group_entry e WHERE e.chat_group = " GROUP " AND (e.author, e.seq) IN"    \
  " (SELECT m.author_key, m.seq FROM message m WHERE m.conversation = " CONVERSATION               \
  " AND m.author_key IS NOT NULL UNION SELECT d.author, d.seq FROM group_edit d"                   \
  " WHERE d.chat_group = " GROUP "))"
  static const char *const statements[] = {
    ("UPDATE group_content SET salt = NULL, content = NULL WHERE entry IN " CLEARED),
    ("UPDATE group_entry SET redacted = 1 WHERE number IN " CLEARED),
    ("DELETE FROM group_edit WHERE chat_group = " GROUP),
    "DELETE FROM group_reaction WHERE identity = ?1",
  };
#undef CLEARED

  for (gsize i = 0; i < G_N_ELEMENTS (statements); i++)
    if (!kith_database_run (database, error, statements[i], "b", BYTES32 (gid)))
      return FALSE;

  return TRUE;
}

/* --- Messages ------------------------------------------------------------------------------- */

static gboolean
react (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  return kith_database_run (database, error,
                            "INSERT INTO group_reaction (identity, message, author, emoji, hlc)"
                            " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (identity, message, author)"
                            " DO UPDATE SET emoji = excluded.emoji, hlc = excluded.hlc"
                            " WHERE excluded.hlc > hlc",
                            "bbbti", BYTES32 (act->gid), act->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES,
                            BYTES32 (act->author), act->text != NULL ? act->text : "",
                            (gint64) MIN (act->hlc, G_MAXINT64));
}

/* States only advance. */
static gboolean
arrived (KithDatabase *database, const KithStoreGroupAct *act, GError **error)
{
  return kith_database_run (database, error,
                            "UPDATE message SET state = max (state, ?4), sent_ms = ?5"
                            " WHERE conversation = " CONVERSATION " AND author_key = ?2 AND seq <= ?3"
                            " AND outgoing = 1 AND sent_ms = 0",
                            "bbiii", BYTES32 (act->gid), BYTES32 (act->author), (gint64) act->seq,
                            (gint64) act->state, act->time_ms);
}

static gboolean
one_state (KithDatabase *database, const KithStoreGroupAct *act, gboolean is_read, GError **error)
{
  static const char delivered[] = "UPDATE message SET state = max (state, ?3),"
                                  " delivered_ms = CASE delivered_ms WHEN 0 THEN ?4 ELSE delivered_ms END"
                                  " WHERE id = ?2 AND conversation = " CONVERSATION " AND outgoing = 1";
  static const char read[] = "UPDATE message SET state = max (state, ?3), read_ms = ?4,"
                             " delivered_ms = CASE delivered_ms WHEN 0 THEN ?4 ELSE delivered_ms END"
                             " WHERE id = ?2 AND conversation = " CONVERSATION
                             " AND outgoing = 1 AND read_ms = 0";

  return kith_database_run (database, error, is_read ? read : delivered, "bbii", BYTES32 (act->gid),
                            act->id, (gsize) KITH_STORE_MESSAGE_ID_BYTES, (gint64) act->state,
                            act->time_ms);
}

gboolean
kith_store_apply_group (KithDatabase *database, const KithStoreGroupAct *act, gboolean *had_effect,
                        GError **error)
{
  gboolean done = FALSE;

  switch (act->what)
    {
    case KITH_STORE_GROUP_PUT:
      done = put_group (database, act->group, error);
      break;
    case KITH_STORE_GROUP_DELETE:
      done = delete_group (database, act->gid, error);
      break;
    case KITH_STORE_GROUP_PUT_STATE:
      done = put_state (database, act, error);
      break;
    case KITH_STORE_GROUP_PUT_PICTURE:
      done = put_picture (database, act, error);
      break;
    case KITH_STORE_GROUP_ADD_OP:
      done = add_op (database, act, error);
      break;
    case KITH_STORE_GROUP_PUT_ENTRY:
      done = put_entry (database, act, error);
      break;
    case KITH_STORE_GROUP_FORGET:
      done = forget (database, act, error);
      break;
    case KITH_STORE_GROUP_HIDE:
      done = hide (database, act, error);
      break;
    case KITH_STORE_GROUP_ADD_EDIT:
      done = add_edit (database, act, error);
      break;
    case KITH_STORE_GROUP_ADD_DELETE:
      done = add_delete (database, act, error);
      break;
    case KITH_STORE_GROUP_DROP_EDIT:
      done = drop_edit (database, act, error);
      break;
    case KITH_STORE_GROUP_ACTS_LEFT:
      done = acts_wait (database, act, error);
      break;
    case KITH_STORE_GROUP_ACTS_DONE:
      done = acts_done (database, act, error);
      break;
    case KITH_STORE_GROUP_REACT:
      done = react (database, act, error);
      break;
    case KITH_STORE_GROUP_ARRIVED:
      done = arrived (database, act, error);
      break;
    case KITH_STORE_GROUP_ONE_STATE:
      done = one_state (database, act, act->seq != 0, error);
      break;
    }

  *had_effect = done && kith_database_had_changes (database);
  return done;
}
