/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding contacts, conversations and messages; sending. Editing contacts: kith-node-edit.c */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-bytes.h"
#include "base/kith-text.h"
#include "node/kith-name-search.h"
#include "node/kith-node-private.h"

/* --- Finding -------------------------------------------------------------------------------- */

/* What the user sees comes before what people call themselves behind an alias. */
enum
{
  BY_ALIAS,
  BY_NAME,
  BY_HIDDEN_NAME,
  N_WAYS
};

static void
search_contact (KithNameSearch *ways, KithContact *contact)
{
  const char *id = kith_contact_get_id (contact);
  const char *shown = kith_contact_get_display_name (contact);
  KithNameSearch *any = &ways[BY_ALIAS];

  if (kith_name_search_is (any, id) || kith_name_search_is (any, kith_contact_get_alias (contact)))
    kith_name_search_add (&ways[BY_ALIAS], contact, shown, id);
  else if (kith_name_search_is (any, shown))
    kith_name_search_add (&ways[BY_NAME], contact, shown, id);
  else if (kith_name_search_is (any, kith_contact_get_name (contact)))
    kith_name_search_add (&ways[BY_HIDDEN_NAME], contact, shown, id);
}

KithContact *
kith_node_find_contact (KithNode *self, const char *who, GError **error)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->contacts));
  KithNameSearch ways[N_WAYS];
  KithContact *found = NULL;
  guint way = BY_ALIAS;

  for (guint i = 0; i < N_WAYS; i++)
    kith_name_search_init (&ways[i], who);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (G_LIST_MODEL (self->contacts), i);

      search_contact (ways, contact);
    }

  while (way < BY_HIDDEN_NAME && ways[way].n_found == 0)
    way++;

  found = kith_name_search_end (&ways[way], KITH_NAMED_CONTACT, error);
  for (guint i = 0; i < N_WAYS; i++)
    if (i != way)
      kith_name_search_clear (&ways[i]);
  return found;
}

KithRequest *
kith_node_find_request (KithNode *self, const char *who, GError **error)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->requests));
  KithNameSearch search;

  kith_name_search_init (&search, who);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithRequest) request = g_list_model_get_item (G_LIST_MODEL (self->requests), i);
      const char *id = kith_request_get_id (request);
      const char *name = kith_request_get_name (request);

      if (kith_name_search_is (&search, id) || kith_name_search_is (&search, name))
        kith_name_search_add (&search, request, name, id);
    }

  return kith_name_search_end (&search, KITH_NAMED_REQUEST, error);
}

KithConversation *
kith_node_get_conversation (KithNode *self, KithContact *contact)
{
  KithPeer *peer = kith_node_lookup_peer (self, kith_contact_get_identity (contact));

  return peer != NULL ? peer->conversation : NULL;
}

guint
kith_node_get_n_waiting (KithNode *self)
{
  GHashTableIter iter;
  gpointer value;
  guint n_waiting = 0;

  g_return_val_if_fail (KITH_IS_NODE (self), 0);

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      n_waiting += peer->queued.rows.length + peer->sent.rows.length + peer->n_sending;
    }

  return n_waiting;
}

KithMessage *
kith_node_find_message (KithNode *self, const char *id, KithConversation **conversation)
{
  GListModel *all = G_LIST_MODEL (self->conversations);

  if (conversation != NULL)
    *conversation = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr (KithConversation) here = g_list_model_get_item (all, i);
      KithMessage *message = kith_conversation_find_message (here, id);

      if (message == NULL)
        continue;
      if (conversation != NULL)
        *conversation = here; /* the list holds it */
      return message;
    }

  return NULL;
}

/* --- Messages ------------------------------------------------------------------------------- */

void
kith_node_send_async (KithNode *self, KithConversation *conversation, const char *text,
                      GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);
  GError *error = NULL;
  char *clean;

  g_task_set_source_tag (task, kith_node_send_async);
  if (chat == NULL || !kith_chat_may_write (chat, task))
    return;

  clean = kith_text_validate_message (text, &error);
  if (clean == NULL)
    g_task_return_error (task, error);
  else
    kith_chat_send (chat, clean, NULL, -1, g_steal_pointer (&task));
}

KithMessage *
kith_node_send_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
kith_node_mark_read (KithNode *self, KithConversation *conversation)
{
  KithChat *chat = kith_node_lookup_chat (self, kith_conversation_get_key (conversation));

  if (chat != NULL)
    kith_chat_mark_read (chat);
}
