/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching in what was said. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-node-history.h"
#include "node/kith-node-private.h"

static KithSearchHit *
make_hit (KithChat *chat, const KithStoreHit *row)
{
  g_autoptr (KithMessage) message = kith_chat_make_message (chat, row->message);
  g_autofree KithSearchRange *ranges = g_new (KithSearchRange, MAX (row->n_ranges, 1));

  for (gsize i = 0; i < row->n_ranges; i++)
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
  KithStoreCursor before = { .hlc = 0 };

  g_task_set_source_tag (task, kith_node_search_async);
  if (conversation != NULL)
    identity = kith_conversation_get_key (conversation);
  if (after != NULL)
    {
      memcpy (before.identity, kith_conversation_get_key (kith_search_hit_get_conversation (after)),
              sizeof before.identity);
      memcpy (before.id, kith_message_get_id_bytes (kith_search_hit_get_message (after)), sizeof before.id);
    }
  kith_store_search_async (self->store, text, identity, after != NULL ? &before : NULL, limit, cancellable,
                           searched_cb, g_object_ref (task));
}

GPtrArray *
kith_node_search_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
