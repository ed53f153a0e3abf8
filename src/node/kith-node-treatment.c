/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a conversation is treated: the timer, muted, pinned, archived, marked as unread. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-task.h"
#include "node/kith-messenger.h"
#include "node/kith-node-messages.h"

void
kith_node_set_conversation_ttl_async (KithNode *self, KithConversation *conversation, guint32 ttl_s,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  KithPeer *peer = chat != NULL ? chat->peer : NULL;

  g_task_set_source_tag (task, kith_node_set_conversation_ttl_async);
  if (chat == NULL)
    return;

  if (ttl_s != 0 && (ttl_s < KITH_LIMIT_TTL_MIN_S || ttl_s > KITH_LIMIT_TTL_MAX_S))
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID,
                             "Messages are kept for 30 seconds to 4 weeks, or for good");
  else if (chat->options.ttl_s == ttl_s)
    g_task_return_boolean (task, TRUE);
  else if (peer == NULL)
    {
      KithStoreOptions options = chat->options;

      options.ttl_s = ttl_s;
      kith_chat_commit_treatment (chat, KITH_TREATED_TTL, &options, task);
    }
  else if (peer->row->relation == KITH_RELATION_REMOVED)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_CONTACT, "This contact was removed");
  else
    kith_messenger_set_timer (peer, ttl_s,
                              g_task_new (self, NULL, kith_task_hand_on_done_cb, g_steal_pointer (&task)));
}

/* --- What the other side is not told -------------------------------------------------------- */

/* Returns: (transfer none) (nullable): whose options are to be changed and committed; NULL when @task has its answer */
static KithChat *
begin (KithConversation *conversation, GTask *task, gpointer source_tag)
{
  g_task_set_source_tag (task, source_tag);
  return kith_node_chat_for_task (g_task_get_source_object (task), conversation, task);
}

void
kith_node_set_conversation_muted_async (KithNode *self, KithConversation *conversation,
                                        gint64 until_ms, GCancellable *cancellable,
                                        GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = begin (conversation, task, kith_node_set_conversation_muted_async);

  if (chat == NULL)
    return;

  kith_chat_commit_treatment (chat, KITH_TREATED_MUTED, &(KithStoreOptions){ .muted_until_ms = MAX (until_ms, 0) },
                              task);
}

void
kith_node_set_conversation_pinned_async (KithNode *self, KithConversation *conversation,
                                         gboolean pinned, GCancellable *cancellable,
                                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = begin (conversation, task, kith_node_set_conversation_pinned_async);

  if (chat == NULL)
    return;

  kith_chat_commit_treatment (chat, KITH_TREATED_PINNED, &(KithStoreOptions){ .pinned = !!pinned },
                              task);
}

void
kith_node_set_conversation_archived_async (KithNode *self, KithConversation *conversation,
                                           gboolean archived, GCancellable *cancellable,
                                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = begin (conversation, task, kith_node_set_conversation_archived_async);

  if (chat == NULL)
    return;

  kith_chat_commit_treatment (chat, KITH_TREATED_ARCHIVED, &(KithStoreOptions){ .archived = !!archived },
                              task);
}

void
kith_node_set_conversation_marked_unread_async (KithNode *self, KithConversation *conversation,
                                                gboolean marked, GCancellable *cancellable,
                                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = begin (conversation, task, kith_node_set_conversation_marked_unread_async);

  if (chat == NULL)
    return;

  kith_chat_commit_treatment (chat, KITH_TREATED_MARKED_UNREAD, &(KithStoreOptions){ .marked_unread = !!marked },
                              task);
}

gboolean
kith_node_set_conversation_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
