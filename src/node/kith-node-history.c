/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows over what is stored: paging, jumping, fetching, searching. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-history.h"

#include <string.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-messenger.h"
#include "node/kith-node-private.h"

/* --- Rows and models ------------------------------------------------------------------------ */

static KithStoreCursor
cursor_at (KithChat *chat, guint64 hlc, const guint8 *id)
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
  return cursor_at (chat, kith_message_get_hlc (message), kith_message_get_id_bytes (message));
}

/* (transfer full) (element-type KithMessage). Objects that are in the window stay the same.
 * @first_unread: (out) (optional) (transfer none) */
static GPtrArray *
make_messages (KithChat *chat, GPtrArray *rows, KithMessage **first_unread)
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

  if (n == 0)
    return FALSE;

  edge = kith_message_list_get (list, loading->side == KITH_PAGE_OLDER ? 0 : n - 1);
  return memcmp (kith_message_get_id_bytes (edge), loading->target.id, sizeof loading->target.id) == 0;
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
      messages = make_messages (chat, rows, &first_unread);
      await_reading (chat, rows);
      kith_conversation_take_page (chat->conversation, loading->side, messages,
                                   rows->len >= KITH_LIMIT_PAGE_MESSAGES, first_unread);
    }

  g_task_return_boolean (task, TRUE);
}

static void
load_page (KithChat *chat, KithPageSide side, GTask *task)
{
  KithMessageList *list = kith_conversation_get_messages (chat->conversation);
  guint n = kith_message_list_get_length (list);
  Loading *loading = loading_new (chat, side);
  gboolean has_more = side == KITH_PAGE_OLDER ? kith_message_list_get_has_older (list)
                                              : kith_message_list_get_has_newer (list);

  g_task_set_task_data (task, loading, (GDestroyNotify) loading_free);
  if (!has_more || n == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }

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
  KithMessageList *list = kith_conversation_get_messages (chat->conversation);
  g_autoptr (GPtrArray) rows = join (before, after);
  KithMessage *first_unread = NULL;
  g_autoptr (GPtrArray) messages = make_messages (chat, rows, &first_unread);

  await_reading (chat, rows);
  kith_message_list_set_has_older (list, before->len >= KITH_LIMIT_PAGE_MESSAGES);
  kith_message_list_set_has_newer (list, after->len >= KITH_LIMIT_PAGE_MESSAGES);
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

  target = cursor_at (chat, kith_hlc_from_ms (time_ms), NULL);
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

  target = cursor_at (chat, G_MAXUINT64, NULL);
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

  target = row != NULL ? cursor_at (chat, row->hlc, row->id) : cursor_at (chat, G_MAXUINT64, NULL);
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

/* --- Fetching ------------------------------------------------------------------------------- */

typedef struct
{
  KithChat     *chat; /* (owned) */
  guint         limit;
  KithMessage  *message; /* (owned) (nullable) */
} Fetch;

static void
fetch_free (Fetch *fetch)
{
  g_clear_pointer (&fetch->chat, kith_chat_unref);
  g_clear_object (&fetch->message);
  g_free (fetch);
}

static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  const Fetch *fetch = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows =
    kith_store_load_messages_finish (KITH_STORE (source), result, &error);

  if (rows == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, make_messages (fetch->chat, rows, NULL),
                           (GDestroyNotify) g_ptr_array_unref);
}

static void
fetch_before (KithChat *chat, const KithStoreCursor *cursor, GTask *task)
{
  const Fetch *fetch = g_task_get_task_data (task);

  kith_store_load_messages_async (chat->node->store, cursor, KITH_STORE_BEFORE, fetch->limit,
                                  g_task_get_cancellable (task), fetched_cb, g_object_ref (task));
}

static void
found_before_cb (GObject *source, GAsyncResult *result, gpointer user_data)
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

  if (!kith_identity_equal (row->identity, fetch->chat->key))
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND,
                               "The message belongs to another conversation");
      return;
    }

  cursor = cursor_at (fetch->chat, row->hlc, row->id);
  fetch_before (fetch->chat, &cursor, task);
}

static gboolean
read_id (const char *id, guint8 out[KITH_MESSAGE_ID_BYTES], GTask *task)
{
  if (strlen (id) == KITH_MESSAGE_ID_HEX && kith_hex_decode (id, out, KITH_MESSAGE_ID_BYTES))
    return TRUE;

  g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such message");
  return FALSE;
}

void
kith_node_fetch_async (KithNode *self, KithConversation *conversation, const char *before_id,
                       guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  Fetch *fetch = g_new0 (Fetch, 1);
  guint8 id[KITH_MESSAGE_ID_BYTES];

  g_task_set_source_tag (task, kith_node_fetch_async);
  g_task_set_task_data (task, fetch, (GDestroyNotify) fetch_free);
  if (chat == NULL)
    return;

  fetch->chat = kith_chat_ref (chat);
  fetch->limit = limit;
  if (before_id == NULL)
    {
      KithStoreCursor cursor = cursor_at (chat, G_MAXUINT64, NULL);

      fetch_before (chat, &cursor, task);
    }
  else if (read_id (before_id, id, task))
    kith_store_find_message_async (self->store, id, cancellable, found_before_cb,
                                   g_object_ref (task));
}

GPtrArray *
kith_node_fetch_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
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
kith_node_fetch_message_async (KithNode *self, const char *id, GCancellable *cancellable,
                               GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  guint8 bytes[KITH_MESSAGE_ID_BYTES];

  g_task_set_source_tag (task, kith_node_fetch_message_async);
  g_task_set_task_data (task, g_new0 (Fetch, 1), (GDestroyNotify) fetch_free);
  if (read_id (id, bytes, task))
    kith_store_find_message_async (self->store, bytes, cancellable, found_cb, g_object_ref (task));
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

/* --- Searching ------------------------------------------------------------------------------ */

static KithSearchHit *
make_hit (KithChat *chat, const KithStoreHit *row)
{
  g_autoptr (KithMessage) message = kith_chat_make_message (chat, row->message);
  g_autofree KithSearchRange *ranges = g_new (KithSearchRange, MAX (row->n_ranges, 1));

  for (guint i = 0; i < row->n_ranges; i++)
    ranges[i] = (KithSearchRange){ row->ranges[2 * i], row->ranges[2 * i + 1] };

  return kith_search_hit_new (chat->conversation, message, row->snippet, ranges, row->n_ranges);
}

static void
searched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) rows = kith_store_search_finish (KITH_STORE (source), result, &error);
  g_autoptr (GPtrArray) hits = NULL;

  if (rows == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  hits = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreHit *row = g_ptr_array_index (rows, i);
      KithChat *chat = kith_node_lookup_chat (self, row->message->identity);

      if (chat != NULL)
        g_ptr_array_add (hits, make_hit (chat, row));
    }

  g_task_return_pointer (task, g_steal_pointer (&hits), (GDestroyNotify) g_ptr_array_unref);
}

void
kith_node_search_async (KithNode *self, const char *text, KithConversation *conversation,
                        guint limit, KithSearchHit *after, GCancellable *cancellable,
                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  const guint8 *identity = NULL;
  const guint8 *before_id = NULL;

  g_task_set_source_tag (task, kith_node_search_async);
  if (conversation != NULL)
    identity = kith_conversation_get_key (conversation);
  if (after != NULL)
    before_id = kith_message_get_id_bytes (kith_search_hit_get_message (after));
  kith_store_search_async (self->store, text, identity, before_id, limit, cancellable, searched_cb,
                           g_object_ref (task));
}

GPtrArray *
kith_node_search_finish (KithNode *self, GAsyncResult *result, GError **error)
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

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (!chat->removed)
    kith_chat_forget_messages (chat);
  g_task_return_boolean (task, TRUE);
}

void
kith_node_clear_history_async (KithNode *self, KithConversation *conversation,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  g_autoptr (KithStoreBatch) batch = NULL;

  g_task_set_source_tag (task, kith_node_clear_history_async);
  if (chat == NULL)
    return;

  g_task_set_task_data (task, kith_chat_ref (chat), (GDestroyNotify) kith_chat_unref);
  batch = kith_store_batch_new ();
  kith_store_batch_clear_messages (batch, chat->key);
  kith_store_commit_async (self->store, g_steal_pointer (&batch), NULL, cleared_cb,
                           g_object_ref (task));
}

gboolean
kith_node_clear_history_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
