/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What we write into a group before we may: after a restore it waits, as a message that is queued, until
 * the admin has given us a new author key. Then it becomes an entry, whose id the message has from then
 * on: until then nobody but ourselves has seen it. Protocol 10.5. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "base/kith-source.h"
#include "base/kith-task.h"
#include "node/kith-failure.h"
#include "node/kith-group-host-private.h"
#include "node/kith-node-private.h"
#include "store/kith-store-group-read.h"

/* --- Putting it aside ----------------------------------------------------------------------- */

/* (transfer full) */
static KithStoreMessage *
new_row (KithGroupHost *self, KithGroupContent *content)
{
  KithStoreMessage *row = g_new0 (KithStoreMessage, 1);

  kith_env_random_bytes (self->node->env, row->id, sizeof row->id);
  memcpy (row->identity, self->row->gid, sizeof row->identity);
  row->has_author = TRUE;
  memcpy (row->author, kith_node_get_own_identity (self->node), sizeof row->author);
  row->outgoing = TRUE;
  row->time_ms = kith_group_host_now_ms (self);
  row->hlc = kith_hlc_from_ms (row->time_ms);
  row->state = KITH_MESSAGE_QUEUED;
  row->text = g_steal_pointer (&content->text);
  row->ttl_s = content->ttl_s;
  row->has_reply_to = content->has_target;
  memcpy (row->reply_to, content->target, sizeof row->reply_to);
  return row;
}

typedef struct
{
  KithGroupHost    *host; /* (owned) */
  KithStoreMessage *row;  /* (owned) (nullable) */
} Keeping;

static void
keeping_free (gpointer data)
{
  Keeping *keeping = data;

  kith_group_host_unref (keeping->host);
  kith_store_message_free (keeping->row);
  g_free (keeping);
}

static void
kept_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Keeping *keeping = g_task_get_task_data (task);
  KithGroupHost *self = keeping->host;
  GError *error = NULL;
  KithMessage *message;

  self->n_commits--;
  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  message = self->removed ? NULL : kith_group_host_show_row (self, keeping->row);
  if (message == NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_CLOSED, "The group is closed");
      return;
    }

  g_queue_push_tail (&self->pending, g_steal_pointer (&keeping->row));
  g_task_return_pointer (task, message, g_object_unref);
  kith_group_host_post_pending (self);
}

/* Puts a text aside. @task: gets the message */
void
kith_group_host_keep (KithGroupHost *self, KithGroupContent *content, GTask *task)
{
  KithStoreBatch *batch = kith_store_batch_new ();
  Keeping *keeping = g_new0 (Keeping, 1);

  keeping->host = kith_group_host_ref (self);
  keeping->row = new_row (self, content);
  kith_store_batch_add_message (batch, keeping->row);
  g_task_set_task_data (task, keeping, keeping_free);
  self->n_commits++;
  kith_store_commit_async (self->node->store, batch, NULL, kept_cb, g_object_ref (task));
}

static GList *
find_pending (KithGroupHost *self, const guint8 *id)
{
  for (GList *link = self->pending.head; link != NULL; link = link->next)
    if (memcmp (((const KithStoreMessage *) link->data)->id, id, KITH_STORE_MESSAGE_ID_BYTES) == 0)
      return link;

  return NULL;
}

/* Whether a message waits, and is no entry yet. */
gboolean
kith_group_host_is_pending (KithGroupHost *self, const guint8 *id)
{
  return find_pending (self, id) != NULL;
}

/* It was deleted here, which is everywhere. */
void
kith_group_host_drop_pending (KithGroupHost *self, const guint8 *id)
{
  GList *link = find_pending (self, id);

  if (link == NULL)
    return;

  kith_store_message_free (link->data);
  g_queue_delete_link (&self->pending, link);
}

/* --- Changing it ---------------------------------------------------------------------------- */

typedef struct
{
  KithGroupHost *host;   /* (owned) */
  char          *text;   /* (owned): from now on */
  char          *former; /* (owned) */
  guint8         id[KITH_STORE_MESSAGE_ID_BYTES];
} Edit;

static void
edit_free (gpointer data)
{
  Edit *edit = data;

  kith_group_host_unref (edit->host);
  kith_secret_free_text (edit->text);
  kith_secret_free_text (edit->former);
  g_free (edit);
}

/* What was not stored does not hold. It may be an entry already, or gone. */
static void
take_back (const Edit *edit)
{
  GList *link = find_pending (edit->host, edit->id);
  KithStoreMessage *row = link != NULL ? link->data : NULL;

  if (row == NULL || !g_str_equal (row->text, edit->text))
    return;

  kith_secret_free_text (row->text);
  row->text = g_strdup (edit->former);
}

static void
edited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Edit *edit = g_task_get_task_data (task);
  KithGroupHost *self = edit->host;
  GError *error = NULL;

  self->n_commits--;
  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      take_back (edit);
      g_task_return_error (task, error);
      return;
    }

  if (!self->removed)
    kith_chat_show_act (self->chat, KITH_STORE_KIND_EDIT, edit->id, edit->text, 0, NULL);
  g_task_return_boolean (task, TRUE);
}

/* Gives a message that waits another text. Nobody has seen the one before: it does not count as edited.
 * @task: (transfer full) */
void
kith_group_host_edit_pending (KithGroupHost *self, const guint8 *id, const char *text, GTask *task)
{
  GList *link = find_pending (self, id);
  KithStoreMessage *row;
  KithStoreBatch *batch;
  KithStoreChange change = { .outgoing = TRUE, .text = (char *) text };
  Edit *edit;

  if (link == NULL)
    {
      kith_task_take_and_refuse (task, KITH_ERROR_NOT_FOUND, "It does not wait");
      return;
    }

  row = link->data;
  batch = kith_store_batch_new ();
  edit = g_new0 (Edit, 1);
  edit->host = kith_group_host_ref (self);
  edit->text = g_strdup (text);
  edit->former = g_steal_pointer (&row->text);
  memcpy (edit->id, id, sizeof edit->id);
  row->text = g_strdup (text);
  memcpy (change.identity, row->identity, sizeof change.identity);
  memcpy (change.id, id, sizeof change.id);
  kith_store_batch_edit_message (batch, &change);
  g_task_set_task_data (task, edit, edit_free);
  self->n_commits++;
  kith_store_commit_async (self->node->store, batch, NULL, edited_cb, task);
}

/* --- Writing it ----------------------------------------------------------------------------- */

static gboolean
post (KithGroupHost *self, const KithStoreMessage *row, GError **error)
{
  KithGroupContent content = { .kind = KITH_GROUP_CONTENT_TEXT, .text = row->text,
                               .has_target = row->has_reply_to, .ttl_s = row->ttl_s };
  g_autoptr (GBytes) bytes = NULL;
  guint8 id[KITH_GROUP_ID_BYTES];

  memcpy (content.target, row->reply_to, sizeof content.target);
  bytes = kith_group_content_pack (&content);
  if (!kith_group_replica_post (self->replica, g_bytes_get_data (bytes, NULL),
                                g_bytes_get_size (bytes), kith_group_host_now_ms (self), id, error))
    return FALSE;

  g_hash_table_replace (self->settled, g_memdup2 (id, sizeof id),
                        g_memdup2 (row->id, sizeof row->id));
  return TRUE;
}

static gboolean
again_cb (gpointer user_data)
{
  KithGroupHost *self = user_data;

  kith_source_clear (&self->again);
  kith_group_host_post_pending (self);
  return G_SOURCE_REMOVE;
}

/* As many as may be written at once. */
void
kith_group_host_post_pending (KithGroupHost *self)
{
  g_autoptr (GError) error = NULL;

  kith_source_clear (&self->again);
  while (self->ready && self->pending.head != NULL && error == NULL)
    {
      const KithStoreMessage *row = self->pending.head->data;

      if (post (self, row, &error))
        kith_group_host_drop_pending (self, row->id);
    }

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_BUSY))
    kith_source_start (&self->again, KITH_LIMIT_GROUP_ENTRY_MS, again_cb, self);
  kith_group_host_turn (self);
}

/* @row is an entry of ours: what waited for it goes in the same commit. */
void
kith_group_turn_settle_pending (KithGroupTurn *turn, const KithStoreMessage *row)
{
  const guint8 *id = g_hash_table_lookup (turn->host->settled, row->id);
  KithStoreChange change = { .outgoing = TRUE, .deletion = KITH_STORE_GONE, .time_ms = row->time_ms };

  if (id == NULL)
    return;

  memcpy (change.identity, row->identity, sizeof change.identity);
  memcpy (change.id, id, sizeof change.id);
  kith_store_batch_delete_message (turn->batch, &change);
}

/* After the commit. */
void
kith_group_host_show_settled (KithGroupHost *self, const KithStoreMessage *row)
{
  const guint8 *id = g_hash_table_lookup (self->settled, row->id);

  if (id == NULL)
    return;

  kith_chat_show_gone (self->chat, id);
  g_hash_table_remove (self->settled, row->id);
}

/* We are no member any more: it never will be. */
void
kith_group_host_fail_pending (KithGroupHost *self)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  for (GList *link = self->pending.head; link != NULL; link = link->next)
    {
      KithStoreMessage *row = link->data;
      KithMessage *message =
        kith_message_list_lookup (kith_conversation_get_messages (self->chat->conversation), row->id);

      g_free (row->reason);
      row->reason = g_strdup (KITH_FAILURE_REMOVED);
      kith_store_batch_update_message (batch, row);
      if (message == NULL)
        continue;
      kith_message_set_failed (message, row->reason, kith_failure_get_words (row->reason),
                               kith_group_host_now_ms (self));
      kith_node_emit_message_changed (self->node, self->chat->conversation, message);
    }

  kith_node_commit (self->node, batch);
  kith_group_host_clear_pending (self);
}

void
kith_group_host_forget_messages (KithGroupHost *self)
{
  kith_group_host_clear_pending (self);
  g_ptr_array_set_size (self->awaited, 0);
  kith_group_set_unread_mentions (self->model, 0);
  kith_conversation_clear (self->chat->conversation);
}

/* --- After a start -------------------------------------------------------------------------- */

/* What is not on the disk as an entry is there as it waited. */
void
kith_group_host_clear_pending (KithGroupHost *self)
{
  kith_source_clear (&self->again);
  g_queue_clear_full (&self->pending, (GDestroyNotify) kith_store_message_free);
  g_hash_table_remove_all (self->settled);
}

/* Whether it is on its way to be an entry. */
static gboolean
is_settled (KithGroupHost *self, const guint8 *id)
{
  GHashTableIter iter;
  gpointer settled;

  g_hash_table_iter_init (&iter, self->settled);
  while (g_hash_table_iter_next (&iter, NULL, &settled))
    if (memcmp (settled, id, KITH_STORE_MESSAGE_ID_BYTES) == 0)
      return TRUE;

  return FALSE;
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithGroupHost) self = user_data;
  g_autoptr (GPtrArray) rows =
    kith_store_load_group_pending_finish (KITH_STORE (source), result, NULL);

  if (rows == NULL || self->removed)
    return;

  g_ptr_array_set_free_func (rows, NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      KithStoreMessage *row = g_ptr_array_index (rows, i);

      if (find_pending (self, row->id) == NULL && !is_settled (self, row->id))
        g_queue_push_tail (&self->pending, row);
      else
        kith_store_message_free (row);
    }

  kith_group_host_post_pending (self);
}

void
kith_group_host_load_pending (KithGroupHost *self)
{
  kith_store_load_group_pending_async (self->node->store, self->row->gid, loaded_cb,
                                       kith_group_host_ref (self));
}
