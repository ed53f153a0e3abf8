/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages for programs, and single ones: none of it moves a window. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-history-private.h"

#include "base/kith-bytes.h"
#include "base/kith-error.h"

/* --- Fetching ------------------------------------------------------------------------------- */

typedef struct
{
  KithChat     *chat; /* (owned) */
  KithStoreSide side;
  guint         limit;
  KithMessage  *message; /* (owned) (nullable) */
  GHashTable   *unread;  /* (owned) (nullable) (element-type KithMessage): which of a page were not read */
} Fetch;

static void
fetch_free (Fetch *fetch)
{
  g_clear_pointer (&fetch->chat, kith_chat_unref);
  g_clear_object (&fetch->message);
  g_clear_pointer (&fetch->unread, g_hash_table_unref);
  g_free (fetch);
}

/* What is shown does not know it: it is read as soon as somebody looks. */
static void
note_unread (Fetch *fetch, GPtrArray *rows, GPtrArray *messages)
{
  fetch->unread = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (rows, i);

      if (!row->outgoing && row->read_ms == 0)
        g_hash_table_add (fetch->unread, g_object_ref (g_ptr_array_index (messages, i)));
    }
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Fetch *fetch = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows =
    kith_store_load_messages_finish (KITH_STORE (source), result, &error);
  GPtrArray *messages;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  messages = kith_history_make_messages (fetch->chat, rows, NULL);
  note_unread (fetch, rows, messages);
  g_task_return_pointer (task, messages, (GDestroyNotify) g_ptr_array_unref);
}

static void
fetch_at (KithChat *chat, const KithStoreCursor *cursor, GTask *task)
{
  const Fetch *fetch = g_task_get_task_data (task);

  kith_store_load_messages_async (chat->node->store, cursor, fetch->side, fetch->limit,
                                  g_task_get_cancellable (task), fetched_cb, g_object_ref (task));
}

static void
found_place_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Fetch *fetch = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (KithStoreMessage) row =
    kith_store_find_message_finish (KITH_STORE (source), result, &error);
  KithStoreCursor cursor;

  if (row == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  cursor = kith_history_cursor_at (fetch->chat, row->hlc, row->id);
  fetch_at (fetch->chat, &cursor, task);
}

static gboolean
read_id (const char *id, guint8 out[KITH_MESSAGE_ID_BYTES], GTask *task)
{
  if (kith_hex_decode (id, out, KITH_MESSAGE_ID_BYTES))
    return TRUE;

  g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such message");
  return FALSE;
}

/* (transfer none) (nullable): what it is about, or %NULL after the task was answered */
static Fetch *
begin_fetch (KithNode *self, KithConversation *conversation, KithStoreSide side, guint limit, GTask *task)
{
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  Fetch *fetch;

  if (chat == NULL)
    return NULL;

  fetch = g_new0 (Fetch, 1);
  fetch->chat = kith_chat_ref (chat);
  fetch->side = side;
  fetch->limit = limit;
  g_task_set_task_data (task, fetch, (GDestroyNotify) fetch_free);
  return fetch;
}

static void
fetch_beside (KithNode *self, Fetch *fetch, const char *id, GTask *task)
{
  guint8 bytes[KITH_MESSAGE_ID_BYTES];

  if (read_id (id, bytes, task))
    kith_store_find_message_async (self->store, fetch->chat->key, bytes, g_task_get_cancellable (task),
                                   found_place_cb, g_object_ref (task));
}

/* @fetch: (nullable): begun, or the task was answered */
static void
fetch_at_time (Fetch *fetch, guint64 hlc, GTask *task)
{
  KithStoreCursor cursor;

  if (fetch == NULL)
    return;

  cursor = kith_history_cursor_at (fetch->chat, hlc, NULL);
  fetch_at (fetch->chat, &cursor, task);
}

void
kith_node_fetch_async (KithNode *self, KithConversation *conversation, const char *before_id,
                       guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Fetch *fetch;

  g_task_set_source_tag (task, kith_node_fetch_async);
  fetch = begin_fetch (self, conversation, KITH_STORE_BEFORE, limit, task);
  if (fetch != NULL && before_id != NULL)
    fetch_beside (self, fetch, before_id, task);
  else
    fetch_at_time (fetch, G_MAXUINT64, task);
}

void
kith_node_fetch_after_async (KithNode *self, KithConversation *conversation, const char *after_id,
                             guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Fetch *fetch;

  g_task_set_source_tag (task, kith_node_fetch_after_async);
  fetch = begin_fetch (self, conversation, KITH_STORE_AFTER, limit, task);
  if (fetch != NULL)
    fetch_beside (self, fetch, after_id, task);
}

void
kith_node_fetch_from_async (KithNode *self, KithConversation *conversation, gint64 time_ms, guint limit,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_node_fetch_from_async);
  fetch_at_time (begin_fetch (self, conversation, KITH_STORE_FROM, limit, task), kith_hlc_from_ms (time_ms), task);
}

GPtrArray *
kith_node_fetch_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

gboolean
kith_node_fetch_was_unread (KithNode *self, GAsyncResult *result, KithMessage *message)
{
  const Fetch *fetch = g_task_get_task_data (G_TASK (result));

  return fetch != NULL && fetch->unread != NULL && g_hash_table_contains (fetch->unread, message);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  Fetch *fetch = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (KithStoreMessage) row =
    kith_store_find_message_finish (KITH_STORE (source), result, &error);
  KithChat *chat = row != NULL ? kith_node_lookup_chat (self, row->identity) : NULL;

  if (row == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (chat == NULL)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such message");
      return;
    }

  fetch->chat = kith_chat_ref (chat);
  g_task_return_pointer (task, kith_chat_make_message (chat, row), g_object_unref);
}

void
kith_node_fetch_message_async (KithNode *self, KithConversation *conversation, const char *id,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = conversation != NULL ? kith_node_chat_for_task (self, conversation, task) : NULL;
  guint8 bytes[KITH_MESSAGE_ID_BYTES];

  g_task_set_source_tag (task, kith_node_fetch_message_async);
  g_task_set_task_data (task, g_new0 (Fetch, 1), (GDestroyNotify) fetch_free);
  if ((conversation == NULL || chat != NULL) && read_id (id, bytes, task))
    kith_store_find_message_async (self->store, chat != NULL ? chat->key : NULL, bytes, cancellable,
                                   found_cb, g_object_ref (task));
}

KithMessage *
kith_node_fetch_message_finish (KithNode *self, GAsyncResult *result,
                                KithConversation **conversation, GError **error)
{
  const Fetch *fetch = g_task_get_task_data (G_TASK (result));
  KithMessage *message = g_task_propagate_pointer (G_TASK (result), error);

  if (message != NULL && conversation != NULL)
    *conversation = fetch->chat->conversation;
  return message;
}
