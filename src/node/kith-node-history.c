/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows over what is stored: paging, jumping, clearing. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-history-private.h"

#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-messenger.h"

/* --- Rows and models ------------------------------------------------------------------------ */

KithStoreCursor
kith_history_cursor_at (KithChat *chat, guint64 hlc, const guint8 *id)
{
  KithStoreCursor cursor = { .hlc = hlc };

  memcpy (cursor.identity, chat->key, sizeof cursor.identity);
  if (id != NULL)
    memcpy (cursor.id, id, sizeof cursor.id);
  return cursor;
}

static KithStoreCursor
cursor_of (KithChat *chat, KithMessage *message)
{
  return kith_history_cursor_at (chat, kith_message_get_hlc (message),
                                 kith_message_get_id_bytes (message));
}

GPtrArray *
kith_history_make_messages (KithChat *chat, GPtrArray *rows, KithMessage **first_unread)
{
  GPtrArray *messages = g_ptr_array_new_with_free_func (g_object_unref);
  KithMessageList *list = kith_conversation_get_messages (chat->conversation);

  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (rows, i);
      KithMessage *message = kith_message_list_lookup (list, row->id);

      g_ptr_array_add (messages, message != NULL ? g_object_ref (message)
                                                 : kith_chat_make_message (chat, row));
      if (first_unread != NULL && *first_unread == NULL && !row->outgoing && row->read_ms == 0)
        *first_unread = g_ptr_array_index (messages, i);
    }

  return messages;
}

/* From the newest, so that the order of what waits to be read is kept. */
static void
await_reading (KithChat *chat, GPtrArray *rows)
{
  if (chat->peer == NULL)
    return;

  for (guint i = rows->len; i > 0; i--)
    kith_messenger_await_reading (chat->peer, g_ptr_array_index (rows, i - 1));
}

/* --- Paging --------------------------------------------------------------------------------- */

typedef struct
{
  KithChat    *chat; /* (owned) */
  KithPageSide side;
  GPtrArray   *before; /* (owned) (nullable): of a jump, the rows before its target */
  GError      *error;  /* (owned) (nullable): why there are none */
  KithStoreCursor target;
} Loading;

static Loading *
loading_new (KithChat *chat, KithPageSide side)
{
  Loading *loading = g_new0 (Loading, 1);

  loading->chat = kith_chat_ref (chat);
  loading->side = side;
  return loading;
}

static void
loading_free (Loading *loading)
{
  kith_chat_unref (loading->chat);
  g_clear_pointer (&loading->before, g_ptr_array_unref);
  g_clear_error (&loading->error);
  g_free (loading);
}

/* The window may have moved elsewhere while the page was on its way: then the page does not belong
 * to its end any more. */
static gboolean
still_fits (const Loading *loading)
{
  KithMessageList *list = kith_conversation_get_messages (loading->chat->conversation);
  guint n = kith_message_list_get_length (list);
  KithMessage *edge;

  if (loading->side == KITH_PAGE_REPLACE || n == 0)
    return loading->side == KITH_PAGE_REPLACE && n == 0;

  edge = kith_message_list_get (list, loading->side == KITH_PAGE_OLDER ? 0 : n - 1);
  return memcmp (kith_message_get_id_bytes (edge), loading->target.id, sizeof loading->target.id) == 0;
}

static void
set_ends (KithChat *chat, gboolean has_older, gboolean has_newer)
{
  KithMessageList *list = kith_conversation_get_messages (chat->conversation);

  kith_message_list_set_has_older (list, has_older);
  kith_message_list_set_has_newer (list, has_newer);
}

static void
page_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Loading *loading = g_task_get_task_data (task);
  KithChat *chat = loading->chat;
  GError *error = NULL;
  g_autoptr (GPtrArray) rows =
    kith_store_load_messages_finish (KITH_STORE (source), result, &error);
  g_autoptr (GPtrArray) messages = NULL;
  KithMessage *first_unread = NULL;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (!chat->removed && still_fits (loading))
    {
      messages = kith_history_make_messages (chat, rows, &first_unread);
      await_reading (chat, rows);
      if (loading->side == KITH_PAGE_REPLACE)
        set_ends (chat, rows->len >= KITH_LIMIT_PAGE_MESSAGES, FALSE);
      kith_conversation_take_page (chat->conversation, loading->side, messages,
                                   rows->len >= KITH_LIMIT_PAGE_MESSAGES, first_unread);
    }

  g_task_return_boolean (task, TRUE);
}

/* All that was in the window is gone, and with it the place where it was: it goes on with the newest. */
static void
load_newest (KithChat *chat, GTask *task)
{
  Loading *loading = loading_new (chat, KITH_PAGE_REPLACE);

  loading->target = kith_history_cursor_at (chat, G_MAXUINT64, NULL);
  g_task_set_task_data (task, loading, (GDestroyNotify) loading_free);
  kith_store_load_messages_async (chat->node->store, &loading->target, KITH_STORE_BEFORE, KITH_LIMIT_PAGE_MESSAGES,
                                  g_task_get_cancellable (task), page_loaded_cb, g_object_ref (task));
}

static gboolean
was_emptied (KithChat *chat)
{
  KithMessageList *list = kith_conversation_get_messages (chat->conversation);

  return kith_message_list_get_length (list) == 0
         && (kith_message_list_get_has_older (list) || kith_message_list_get_has_newer (list));
}

/**
 * kith_history_refill: (skip)
 * @chat: a conversation from whose window something is gone
 *
 * Nothing that comes has a place in a window that is empty while there is more. Main thread.
 */
void
kith_history_refill (KithChat *chat)
{
  g_autoptr (GTask) task = NULL;

  if (chat->removed || !was_emptied (chat))
    return;

  task = g_task_new (chat->node, NULL, NULL, NULL);
  g_task_set_source_tag (task, kith_history_refill);
  load_newest (chat, task);
}

static void
load_page (KithChat *chat, KithPageSide side, GTask *task)
{
  KithMessageList *list = kith_conversation_get_messages (chat->conversation);
  guint n = kith_message_list_get_length (list);
  gboolean has_more = side == KITH_PAGE_OLDER ? kith_message_list_get_has_older (list)
                                              : kith_message_list_get_has_newer (list);
  Loading *loading;

  if (was_emptied (chat))
    {
      load_newest (chat, task);
      return;
    }
  if (!has_more)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

  loading = loading_new (chat, side);
  g_task_set_task_data (task, loading, (GDestroyNotify) loading_free);
  loading->target =
    cursor_of (chat, kith_message_list_get (list, side == KITH_PAGE_OLDER ? 0 : n - 1));
  kith_store_load_messages_async (chat->node->store, &loading->target,
                                  side == KITH_PAGE_OLDER ? KITH_STORE_BEFORE : KITH_STORE_AFTER,
                                  KITH_LIMIT_PAGE_MESSAGES, g_task_get_cancellable (task),
                                  page_loaded_cb, g_object_ref (task));
}

void
kith_node_load_older_async (KithNode *self, KithConversation *conversation,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);

  g_task_set_source_tag (task, kith_node_load_older_async);
  if (chat != NULL)
    load_page (chat, KITH_PAGE_OLDER, task);
}

void
kith_node_load_newer_async (KithNode *self, KithConversation *conversation,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);

  g_task_set_source_tag (task, kith_node_load_newer_async);
  if (chat != NULL)
    load_page (chat, KITH_PAGE_NEWER, task);
}

gboolean
kith_node_load_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Jumping -------------------------------------------------------------------------------- */

/* The message at the target's place or the nearest behind it; the newest when there is none. */
static KithMessage *
arrive (KithChat *chat, const Loading *loading)
{
  KithMessageList *list = kith_conversation_get_messages (chat->conversation);
  guint n = kith_message_list_get_length (list);
  guint at = MIN (loading->before->len, n > 0 ? n - 1 : 0);

  return n > 0 ? g_object_ref (kith_message_list_get (list, at)) : NULL;
}

static GPtrArray *
join (GPtrArray *before, GPtrArray *after)
{
  GPtrArray *all = g_ptr_array_sized_new (before->len + after->len);

  for (guint i = 0; i < before->len; i++)
    g_ptr_array_add (all, g_ptr_array_index (before, i));
  for (guint i = 0; i < after->len; i++)
    g_ptr_array_add (all, g_ptr_array_index (after, i));

  return all;
}

static void
move_window (KithChat *chat, GPtrArray *before, GPtrArray *after)
{
  g_autoptr (GPtrArray) rows = join (before, after);
  KithMessage *first_unread = NULL;
  g_autoptr (GPtrArray) messages = kith_history_make_messages (chat, rows, &first_unread);

  await_reading (chat, rows);
  set_ends (chat, before->len >= KITH_LIMIT_PAGE_MESSAGES, after->len >= KITH_LIMIT_PAGE_MESSAGES);
  kith_conversation_take_page (chat->conversation, KITH_PAGE_REPLACE, messages, FALSE, first_unread);
}

static void
after_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Loading *loading = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) after =
    kith_store_load_messages_finish (KITH_STORE (source), result, &error);

  if (error == NULL)
    error = g_steal_pointer (&loading->error);
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (!loading->chat->removed)
    move_window (loading->chat, loading->before, after);
  g_task_return_pointer (task, arrive (loading->chat, loading), g_object_unref);
}

static void
before_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Loading *loading = g_task_get_task_data (task);

  loading->before =
    kith_store_load_messages_finish (KITH_STORE (source), result, &loading->error);
}

static void
jump (KithChat *chat, const KithStoreCursor *target, GTask *task)
{
  Loading *loading = loading_new (chat, KITH_PAGE_REPLACE);

  loading->target = *target;
  g_task_set_task_data (task, loading, (GDestroyNotify) loading_free);
  /* Both at once: what is committed between the two would be in neither. */
  kith_store_load_messages_async (chat->node->store, target, KITH_STORE_BEFORE,
                                  KITH_LIMIT_PAGE_MESSAGES, g_task_get_cancellable (task),
                                  before_loaded_cb, g_object_ref (task));
  kith_store_load_messages_async (chat->node->store, target, KITH_STORE_FROM,
                                  KITH_LIMIT_PAGE_MESSAGES, g_task_get_cancellable (task),
                                  after_loaded_cb, g_object_ref (task));
}

void
kith_node_jump_to_message_async (KithNode *self, KithConversation *conversation,
                                 KithMessage *message, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  KithMessage *loaded;
  KithStoreCursor target;

  g_task_set_source_tag (task, kith_node_jump_to_message_async);
  if (chat == NULL)
    return;

  loaded = kith_message_list_lookup (kith_conversation_get_messages (conversation),
                                     kith_message_get_id_bytes (message));
  if (loaded != NULL)
    {
      g_task_return_pointer (task, g_object_ref (loaded), g_object_unref);
      return;
    }

  target = cursor_of (chat, message);
  jump (chat, &target, task);
}

void
kith_node_jump_to_time_async (KithNode *self, KithConversation *conversation, gint64 time_ms,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  KithStoreCursor target;

  g_task_set_source_tag (task, kith_node_jump_to_time_async);
  if (chat == NULL)
    return;

  target = kith_history_cursor_at (chat, kith_hlc_from_ms (time_ms), NULL);
  jump (chat, &target, task);
}

void
kith_node_jump_to_newest_async (KithNode *self, KithConversation *conversation,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  KithStoreCursor target;

  g_task_set_source_tag (task, kith_node_jump_to_newest_async);
  if (chat == NULL)
    return;

  target = kith_history_cursor_at (chat, G_MAXUINT64, NULL);
  jump (chat, &target, task);
}

static void
first_unread_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithChat *chat = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (KithStoreMessage) row =
    kith_store_first_unread_finish (KITH_STORE (source), result, &error);
  g_autoptr (KithChat) keep = kith_chat_ref (chat); /* the task gets other data */
  KithStoreCursor target;

  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  if (chat->removed)
    {
      g_task_return_pointer (task, NULL, NULL);
      return;
    }

  target = row != NULL ? kith_history_cursor_at (chat, row->hlc, row->id)
                       : kith_history_cursor_at (chat, G_MAXUINT64, NULL);
  jump (keep, &target, task);
}

void
kith_node_jump_to_unread_async (KithNode *self, KithConversation *conversation,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);

  g_task_set_source_tag (task, kith_node_jump_to_unread_async);
  if (chat == NULL)
    return;

  g_task_set_task_data (task, kith_chat_ref (chat), (GDestroyNotify) kith_chat_unref);
  kith_store_first_unread_async (self->store, chat->key, cancellable, first_unread_cb,
                                 g_object_ref (task));
}

KithMessage *
kith_node_jump_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Clearing ------------------------------------------------------------------------------- */

static void
cleared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithChat *chat = g_task_get_task_data (task);
  GError *error = NULL;
  gboolean is_done = kith_store_commit_finish (KITH_STORE (source), result, &error);

  if (!is_done && chat->peer != NULL)
    kith_messenger_put_back (chat->peer);
  if (is_done && !chat->removed)
    kith_chat_forget_messages (chat);

  if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
kith_node_clear_history_async (KithNode *self, KithConversation *conversation,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  KithStoreBatch *batch;

  g_task_set_source_tag (task, kith_node_clear_history_async);
  if (chat == NULL)
    return;

  batch = kith_store_batch_new ();
  kith_store_batch_clear_messages (batch, chat->key);
  if (chat->peer != NULL)
    kith_messenger_withdraw (chat->peer, batch);
  g_task_set_task_data (task, kith_chat_ref (chat), (GDestroyNotify) kith_chat_unref);
  kith_store_commit_async (self->store, batch, NULL, cleared_cb, g_object_ref (task));
}

gboolean
kith_node_clear_history_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
