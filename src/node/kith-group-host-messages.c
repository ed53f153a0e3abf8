/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries as messages: what arrives, ours too; what is hidden, shown again and forgotten. Protocol 10.3. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "node/kith-expiry.h"
#include "node/kith-group-host-private.h"
#include "node/kith-node-private.h"
#include "store/kith-store-group-read.h"

/* --- An entry as a row ---------------------------------------------------------------------- */

/* Whether a text names us: "@" and our name, as a word. */
static gboolean
names_us (KithNode *node, const char *text)
{
  g_autofree char *name = g_utf8_casefold (kith_profile_get_name (node->profile), -1);
  g_autoptr (KithSecretText) folded = g_utf8_casefold (text, -1);

  for (const char *at = strchr (folded, '@'); at != NULL; at = strchr (at + 1, '@'))
    if (g_str_has_prefix (at + 1, name)
        && !g_unichar_isalnum (g_utf8_get_char (at + 1 + strlen (name))))
      return TRUE;

  return FALSE;
}

static gboolean
is_blocked (KithNode *node, const guint8 *identity)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);

  return peer != NULL && peer->row->blocked;
}

/* (transfer full) (nullable): the task that waits for an entry of ours */
static GTask *
take_task (KithGroupHost *self, const guint8 *id)
{
  gpointer task = NULL;
  gpointer key = NULL;

  if (g_hash_table_steal_extended (self->posting, id, &key, &task))
    g_free (key);
  return task;
}

/* Of an entry of ours comes nothing that could be shown: whoever waits for it is told so. */
static void
end_post (KithGroupHost *self, const guint8 *id)
{
  g_autoptr (GTask) task = take_task (self, id);

  if (task != NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_REFUSED, "It does not count");
}

static KithStoreMessage *
new_row (KithGroupHost *self, const KithGroupEntry *entry, const guint8 *identity)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);

  memcpy (row->id, entry->id, sizeof row->id);
  memcpy (row->identity, self->row->gid, sizeof row->identity);
  row->has_author = TRUE;
  memcpy (row->author, identity, sizeof row->author);
  row->has_author_key = TRUE;
  memcpy (row->author_key, entry->author, sizeof row->author_key);
  row->outgoing = kith_identity_equal (identity, kith_node_get_own_identity (self->node));
  row->seq = entry->seq;
  row->hlc = entry->hlc;
  row->time_ms = (gint64) (entry->hlc >> KITH_HLC_COUNTER_BITS);
  row->state = row->outgoing ? KITH_MESSAGE_QUEUED : KITH_MESSAGE_RECEIVED;
  row->text = g_strdup ("");
  return row;
}

/* The line says only that there is something; the entry is kept for the others. */
static void
hide_blocked (KithGroupHost *self, KithStoreMessage *row)
{
  row->kind = KITH_STORE_KIND_EVENT;
  row->event = g_strdup ("blocked");
  row->has_event_who = row->has_event_by = TRUE;
  memcpy (row->event_who, row->author, sizeof row->event_who);
  memcpy (row->event_by, row->author, sizeof row->event_by);
  row->text[0] = '\0';
  row->has_reply_to = row->mention = FALSE;
  row->read_ms = kith_group_host_now_ms (self);
  row->expires_ms = row->ttl_s > 0 ? row->read_ms + row->ttl_s * (gint64) 1000 : 0; /* with it, what the others get */
  g_clear_pointer (&row->file, kith_store_transfer_free);
}

/* A text, or a file. @row: (transfer full) */
static void
take_message (KithGroupTurn *turn, KithStoreMessage *row, const KithGroupContent *content)
{
  KithGroupHost *self = turn->host;

  row->ttl_s = content->ttl_s;
  row->has_reply_to = content->has_target;
  memcpy (row->reply_to, content->target, sizeof row->reply_to);
  if (!row->outgoing && is_blocked (self->node, row->author))
    hide_blocked (self, row);
  if (row->outgoing)
    kith_group_turn_settle_pending (turn, row);
  if (row->outgoing && row->ttl_s > 0)
    row->expires_ms = kith_group_host_now_ms (self) + row->ttl_s * (gint64) 1000;
  kith_group_turn_add_step (turn, KITH_GROUP_STEP_MESSAGE, row,
                            kith_store_batch_add_message (turn->batch, row));
}

static void
take_text (KithGroupTurn *turn, KithStoreMessage *row, KithGroupContent *content)
{
  kith_secret_free_text (row->text);
  row->text = g_steal_pointer (&content->text);
  row->mention = !row->outgoing && names_us (turn->host->node, row->text);
  take_message (turn, row, content);
}

/* Where a file of ours is, is not in the log: who lost the store has it no more. */
static KithStoreTransfer *
make_lost (const KithChat *chat, const KithBodyFile *file)
{
  KithStoreTransfer *row = kith_transfer_from_body (chat, file);

  row->state = KITH_TRANSFER_FAILED;
  row->error = g_strdup (kith_error_get_name (KITH_ERROR_NOT_FOUND));
  return row;
}

static void
take_file (KithGroupTurn *turn, KithStoreMessage *row, KithGroupContent *content)
{
  KithParcel *parcel = row->outgoing ? g_hash_table_lookup (turn->host->files, row->id) : NULL;

  kith_secret_free_text (row->text);
  row->text = g_strdup (content->file->name);
  if (parcel != NULL)
    row->file = kith_store_transfer_copy (parcel->row->file);
  else
    row->file = row->outgoing ? make_lost (turn->host->chat, content->file)
                              : kith_transfer_from_body (turn->host->chat, content->file);
  take_message (turn, row, content);
}

static KithStoreGroupAct *
act_on (KithGroupTurn *turn, KithStoreGroupActKind what, const KithStoreMessage *row)
{
  KithStoreGroupAct *act = kith_store_group_act_new (what, turn->host->row->gid);

  memcpy (act->id, row->reply_to, sizeof row->reply_to);
  act->seq = row->seq;
  act->hlc = row->hlc;
  return act;
}

/* Only their own messages do they edit and take back.
 * @quiet: an edit is remembered for the day when the message is taken back, and else changes nothing */
static guint
add_change (KithGroupTurn *turn, const KithStoreMessage *row, gboolean quiet)
{
  KithStoreChange change = { .outgoing = row->outgoing,
                             .hlc = row->hlc,
                             .time_ms = row->time_ms,
                             .text = row->text,
                             .deletion = KITH_STORE_DELETED,
                             .has_author = TRUE };
  KithStoreGroupAct *act;
  guint op;

  memcpy (change.identity, row->identity, sizeof change.identity);
  memcpy (change.id, row->reply_to, sizeof change.id);
  memcpy (change.author_key, row->author_key, sizeof change.author_key);
  act = act_on (turn, row->kind == KITH_STORE_KIND_DELETE ? KITH_STORE_GROUP_DROP_EDIT
                                                          : KITH_STORE_GROUP_ADD_EDIT, row);
  memcpy (act->author, row->author_key, sizeof act->author);
  kith_store_batch_group (turn->batch, act);
  if (row->kind != KITH_STORE_KIND_DELETE)
    return quiet ? 0 : kith_store_batch_edit_message (turn->batch, &change);

  op = kith_store_batch_delete_message (turn->batch, &change);
  act = act_on (turn, KITH_STORE_GROUP_ADD_DELETE, row);
  memcpy (act->author, row->author_key, sizeof act->author);
  kith_store_batch_group (turn->batch, act);
  return op;
}

static guint
add_reaction (KithGroupTurn *turn, const KithStoreMessage *row)
{
  KithStoreGroupAct *act = act_on (turn, KITH_STORE_GROUP_REACT, row);

  memcpy (act->author, row->author, sizeof act->author);
  act->text = g_strdup (row->text);
  return kith_store_batch_group (turn->batch, act);
}

/* What says something of a message. @row: (transfer full) */
static void
take_act (KithGroupTurn *turn, KithStoreMessage *row, KithGroupContent *content, KithStoreKind kind)
{
  /* Whom we have blocked says nothing to us; what they take back goes, though. */
  gboolean quiet = !row->outgoing && kind != KITH_STORE_KIND_DELETE && is_blocked (turn->host->node, row->author);
  guint op;

  row->kind = kind;
  row->has_reply_to = TRUE;
  memcpy (row->reply_to, content->target, sizeof row->reply_to);
  kith_secret_free_text (row->text);
  row->text = content->text != NULL ? g_steal_pointer (&content->text) : g_strdup ("");
  if (quiet && kind == KITH_STORE_KIND_EDIT)
    add_change (turn, row, TRUE);
  if (quiet)
    {
      kith_store_message_free (row);
      return;
    }

  op = kind == KITH_STORE_KIND_REACTION ? add_reaction (turn, row) : add_change (turn, row, FALSE);
  kith_group_turn_add_step (turn, KITH_GROUP_STEP_ACT, row, op);
}

/* Counts if the admin says it, and the newest. @row: (transfer full): becomes the line of it */
static void
take_topic (KithGroupTurn *turn, KithStoreMessage *row, KithGroupContent *content)
{
  KithGroupHost *self = turn->host;
  const KithGroupMember *admin = kith_group_replica_get_state (self->replica)->admin;

  if (admin == NULL || !kith_identity_equal (admin->identity, row->author)
      || row->hlc <= self->row->topic_hlc)
    {
      end_post (self, row->id);
      kith_store_message_free (row);
      return;
    }

  self->row->topic_hlc = row->hlc;
  g_free (self->row->topic);
  self->row->topic = g_strdup (content->text);
  kith_group_host_put_row (self, turn->batch);
  row->kind = KITH_STORE_KIND_EVENT;
  row->event = g_strdup ("topic");
  row->has_event_by = !row->outgoing;
  memcpy (row->event_by, row->author, sizeof row->event_by);
  row->read_ms = kith_group_host_now_ms (self);
  kith_secret_free_text (row->text);
  row->text = g_steal_pointer (&content->text);
  kith_group_turn_add_step (turn, KITH_GROUP_STEP_MESSAGE, row,
                            kith_store_batch_add_message (turn->batch, row));
}

/**
 * kith_group_turn_take_entry: (skip)
 * @turn: what is being stored
 * @entry: an entry that counts, of anybody; its content is untrusted
 * @late: whether it came after others that were written later
 *
 * Makes a message of it, or what it says of one, for the same commit. Main thread.
 */
void
kith_group_turn_take_entry (KithGroupTurn *turn, const KithGroupEntry *entry, gboolean late)
{
  KithGroupHost *self = turn->host;
  const guint8 *identity = kith_group_host_get_identity (self, entry->author);
  g_auto (KithGroupContent) content = { .text = NULL };
  KithStoreMessage *row;
  gsize len;
  const guint8 *data;

  if (identity == NULL || entry->kind != KITH_GROUP_ENTRY_MESSAGE || entry->content == NULL)
    {
      end_post (self, entry->id);
      return;
    }

  data = g_bytes_get_data (entry->content, &len);
  if (!kith_group_content_unpack (&content, data, len))
    return;

  row = new_row (self, entry, identity);
  row->late = late && !row->outgoing;
  switch (content.kind)
    {
    case KITH_GROUP_CONTENT_TEXT:
      take_text (turn, row, &content);
      break;
    case KITH_GROUP_CONTENT_EDIT:
      take_act (turn, row, &content, KITH_STORE_KIND_EDIT);
      break;
    case KITH_GROUP_CONTENT_DELETE:
      take_act (turn, row, &content, KITH_STORE_KIND_DELETE);
      break;
    case KITH_GROUP_CONTENT_REACTION:
      take_act (turn, row, &content, KITH_STORE_KIND_REACTION);
      break;
    case KITH_GROUP_CONTENT_TOPIC:
      take_topic (turn, row, &content);
      break;
    case KITH_GROUP_CONTENT_FILE:
      take_file (turn, row, &content);
      break;
    case KITH_GROUP_CONTENT_UNKNOWN:
      kith_store_message_free (row);
      break;
    }
}

/* --- After the commit ----------------------------------------------------------------------- */

static void
note_mention (KithGroupHost *self, const KithStoreMessage *row)
{
  if (row->mention)
    kith_group_set_unread_mentions (self->model, kith_group_get_unread_mentions (self->model) + 1);
}

/**
 * kith_group_host_show_row: (skip)
 * @self: a group
 * @row: a message that was committed
 *
 * Puts it into the conversation, and tells the faces. Main thread.
 *
 * Returns: (transfer full) (nullable): the message; %NULL when it is there already
 */
KithMessage *
kith_group_host_show_row (KithGroupHost *self, const KithStoreMessage *row)
{
  g_autoptr (KithMessage) message = kith_chat_make_message (self->chat, row);
  gboolean unread = !row->outgoing && row->read_ms == 0;

  if (!kith_conversation_add (self->chat->conversation, message, unread))
    return NULL;

  if (g_strcmp0 (row->event, "topic") == 0)
    {
      kith_group_set_topic (self->model, row->text);
      kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_TOPIC);
    }
  if (row->kind != KITH_STORE_KIND_TEXT)
    return g_steal_pointer (&message);

  note_mention (self, row);
  if (row->outgoing)
    kith_group_host_await (self, row);
  g_hash_table_remove (self->files, row->id);
  if (row->expires_ms != 0)
    kith_expiry_expect (self->node, row->expires_ms);
  kith_node_raise_conversation (self->node, self->chat->conversation);
  kith_node_emit_message_added (self->node, self->chat->conversation, message);
  if (row->file != NULL && !row->outgoing)
    kith_transfers_offered (self->chat, row);
  return g_steal_pointer (&message);
}

/* A message is gone before it was read, and perhaps with it all that named us. */
static void
forget_unread (KithGroupHost *self, const guint8 *id, gboolean was_unread)
{
  kith_conversation_forget_unread (self->chat->conversation, id, was_unread);
  if (kith_conversation_get_unread (self->chat->conversation) == 0)
    kith_group_set_unread_mentions (self->model, 0);
}

/**
 * kith_group_turn_show: (skip)
 * @turn: what was committed
 * @step: one message of it, or what is said of one
 *
 * Shows it, and answers the task that waits for it if it is ours. Main thread.
 */
void
kith_group_turn_show (KithGroupTurn *turn, const KithGroupStep *step)
{
  KithGroupHost *self = turn->host;
  const KithStoreMessage *row = step->row;
  g_autoptr (GTask) task = row->outgoing ? take_task (self, row->id) : NULL;
  g_autoptr (KithMessage) message = NULL;
  gboolean is_new = kith_store_batch_was_new (turn->batch, step->op);

  if (row->kind == KITH_STORE_KIND_DELETE)
    forget_unread (self, row->reply_to, kith_store_batch_was_unread (turn->batch, step->op));
  if (row->outgoing)
    kith_group_host_show_settled (self, row);
  if (step->kind == KITH_GROUP_STEP_MESSAGE && is_new)
    message = kith_group_host_show_row (self, row);
  else if (step->kind == KITH_GROUP_STEP_ACT && is_new)
    kith_chat_show_act (self->chat, row->kind, row->reply_to, row->text, row->time_ms,
                        kith_chat_get_sender (self->chat, row->outgoing, row->author));

  if (task == NULL)
    return;
  if (step->kind == KITH_GROUP_STEP_ACT)
    g_task_return_boolean (task, TRUE);
  else if (message != NULL)
    g_task_return_pointer (task, g_steal_pointer (&message), g_object_unref);
  else
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_FAILED, "It was written twice");
}

/* --- Hidden, and shown again ---------------------------------------------------------------- */

static void
hidden_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupHost) self = user_data;
  KithMessageList *list = kith_conversation_get_messages (self->chat->conversation);
  g_autoptr (GPtrArray) rows =
    kith_store_load_group_written_finish (KITH_STORE (source), result, NULL);

  for (guint i = 0; rows != NULL && i < rows->len && !self->removed; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (rows, i);
      KithMessage *last = kith_conversation_get_last_message (self->chat->conversation);

      if (kith_message_list_lookup (list, row->id) != NULL
          || (last != NULL && memcmp (kith_message_get_id_bytes (last), row->id, sizeof row->id) == 0))
        kith_chat_show_gone (self->chat, row->id);
    }
}

/**
 * kith_group_host_hide: (skip)
 * @self: a group
 * @author: whose entries do not count any more
 * @seq: from which on
 *
 * Before the commit that hides them: which they are, is asked of the store first. Main thread.
 */
void
kith_group_host_hide (KithGroupHost *self, const guint8 *author, guint64 seq)
{
  kith_store_load_group_written_async (self->node->store, self->row->gid, author, seq,
                                       2 * KITH_LIMIT_WINDOW_MESSAGES, hidden_cb,
                                       kith_group_host_ref (self));
}

/* --- Forgotten here and nowhere else -------------------------------------------------------- */

typedef struct
{
  KithGroupHost *host; /* (owned) */
  KithStoreBatch *batch; /* (owned) */
  guint8         id[KITH_STORE_MESSAGE_ID_BYTES];
} Forgetting;

static void
forgetting_free (Forgetting *forgetting)
{
  kith_group_host_unref (forgetting->host);
  kith_store_batch_unref (forgetting->batch);
  g_free (forgetting);
}

static void
forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Forgetting *forgetting = g_task_get_task_data (task);
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (!forgetting->host->removed)
    {
      forget_unread (forgetting->host, forgetting->id, kith_store_batch_was_unread (forgetting->batch, 0));
      kith_chat_show_gone (forgetting->host->chat, forgetting->id);
    }
  g_task_return_boolean (task, TRUE);
}

void
kith_group_host_forget (KithGroupHost *self, const guint8 *id, gboolean outgoing, GTask *task)
{
  KithStoreBatch *batch = kith_store_batch_new ();
  KithStoreChange change = { .outgoing = outgoing, .deletion = KITH_STORE_GONE };
  Forgetting *forgetting = g_new0 (Forgetting, 1);

  forgetting->host = kith_group_host_ref (self);
  memcpy (forgetting->id, id, sizeof forgetting->id);
  memcpy (change.identity, self->row->gid, sizeof change.identity);
  memcpy (change.id, id, sizeof change.id);
  change.time_ms = kith_group_host_now_ms (self);
  kith_group_host_drop_pending (self, id);
  kith_store_batch_delete_message (batch, &change);
  forgetting->batch = kith_store_batch_ref (batch);
  g_task_set_task_data (task, forgetting, (GDestroyNotify) forgetting_free);
  kith_store_commit_async (self->node->store, batch, NULL, forgotten_cb, task);
}
