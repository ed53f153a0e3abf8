/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be done with a message after it was written. The store is asked what it is; then the
 * messenger does it. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-messages.h"

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "base/kith-task.h"
#include "base/kith-text.h"
#include "node/kith-doctor-words.h"
#include "node/kith-group-host.h"
#include "node/kith-messenger.h"
#include "node/kith-node-private.h"

/* --- Finding the message -------------------------------------------------------------------- */

typedef struct _Request Request;

/* Answers the task (transfer full). */
typedef void (*RequestFunc) (Request *request, KithChat *chat, const KithStoreMessage *row, GTask *task);

struct _Request
{
  RequestFunc     run;
  char           *text;  /* (owned) (nullable) */
  KithDeleteWhere where;
  KithChat       *to;    /* (owned) (nullable) */
};

static void
request_free (Request *request)
{
  g_clear_pointer (&request->to, kith_chat_unref);
  kith_secret_free_text (request->text);
  g_free (request);
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  KithNode *self = g_task_get_source_object (task);
  Request *request = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (KithStoreMessage) row =
    kith_store_find_message_finish (KITH_STORE (source), result, &error);
  KithChat *chat = row != NULL ? kith_node_lookup_chat (self, row->identity) : NULL;

  if (error != NULL && !g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_FOUND))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      g_object_unref (task);
    }
  else if (chat == NULL || row->kind != KITH_STORE_KIND_TEXT || row->deletion != KITH_STORE_KEPT)
    kith_task_take_and_refuse (task, KITH_ERROR_NOT_FOUND, "There is no such message");
  else
    {
      g_autoptr (KithChat) keep = kith_chat_ref (chat);

      request->run (request, keep, row, task);
    }
}

/* @conversation: (nullable). Returns: the request, which the store was asked for; NULL after the task was
 * answered */
static Request *
find (KithNode *self, KithConversation *conversation, const char *id, RequestFunc run, GTask *task)
{
  KithChat *chat = conversation != NULL ? kith_node_chat_for_task (self, conversation, task) : NULL;
  Request *request;
  guint8 bytes[KITH_MESSAGE_ID_BYTES];

  if (conversation != NULL && chat == NULL)
    {
      g_object_unref (task);
      return NULL;
    }

  request = g_new0 (Request, 1);
  request->run = run;
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  if (id == NULL || !kith_hex_decode (id, bytes, sizeof bytes))
    {
      kith_task_take_and_refuse (task, KITH_ERROR_NOT_FOUND, "There is no such message");
      return NULL;
    }

  kith_store_find_message_async (self->store, chat != NULL ? chat->key : NULL, bytes, NULL, found_cb,
                                 task);
  return request;
}

/* --- Replies and forwarding ----------------------------------------------------------------- */

static KithChat *
chat_to_write_to (KithNode *self, KithConversation *conversation, GTask *task)
{
  KithChat *chat = kith_node_chat_for_task (self, conversation, task);

  return chat != NULL && kith_chat_may_write (chat, task) ? chat : NULL;
}

static gboolean
is_ttl (gint64 ttl_s)
{
  return ttl_s <= 0 || (ttl_s >= KITH_LIMIT_TTL_MIN_S && ttl_s <= KITH_LIMIT_TTL_MAX_S);
}

void
kith_node_reply_async (KithNode *self, KithConversation *conversation, const char *text,
                       const char *reply_to, gint64 ttl_s, GCancellable *cancellable,
                       GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = chat_to_write_to (self, conversation, task);
  guint8 id[KITH_MESSAGE_ID_BYTES];
  GError *error = NULL;
  char *clean;

  g_task_set_source_tag (task, kith_node_reply_async);
  if (chat == NULL)
    return;

  if (!is_ttl (ttl_s) || (reply_to != NULL && !kith_hex_decode (reply_to, id, sizeof id)))
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID,
                               "This is no message to answer, or no such time");
      return;
    }

  clean = kith_text_validate_message (text, &error);
  if (clean == NULL)
    g_task_return_error (task, error);
  else
    {
      kith_node_send_draft (self, chat, text, clean);
      kith_chat_send (chat, clean, reply_to != NULL ? id : NULL, ttl_s, g_steal_pointer (&task));
    }
}

static void
forward (Request *request, KithChat *chat, const KithStoreMessage *row, GTask *task)
{
  KithChat *to = request->to;

  if (to->removed)
    kith_task_take_and_refuse (task, KITH_ERROR_NOT_FOUND,
                               "This conversation is not there any more");
  else if (row->file != NULL)
    kith_task_take_and_refuse (task, KITH_ERROR_INVALID, "A file cannot be forwarded: send it anew");
  else if (kith_chat_may_write (to, task))
    kith_chat_send (to, g_strdup (row->text), NULL, -1, task);
  else
    g_object_unref (task);
}

void
kith_node_forward_async (KithNode *self, KithConversation *conversation, const char *id,
                         KithConversation *to, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  KithChat *chat = chat_to_write_to (self, to, task);
  Request *request;

  g_task_set_source_tag (task, kith_node_forward_async);
  if (chat == NULL)
    return;

  request = find (self, conversation, id, forward, g_object_ref (task));
  if (request != NULL)
    request->to = kith_chat_ref (chat);
}

/* --- Editing -------------------------------------------------------------------------------- */

static void
edit (Request *request, KithChat *chat, const KithStoreMessage *row, GTask *task)
{
  GError *error = NULL;
  g_autoptr (KithSecretText) text = NULL;

  if (!row->outgoing || row->reason != NULL)
    {
      kith_task_take_and_refuse (task, KITH_ERROR_INVALID,
                                 "Only messages of yours that did not fail can be edited");
      return;
    }
  if (row->file != NULL)
    {
      kith_task_take_and_refuse (task, KITH_ERROR_INVALID, "The name of a file cannot be edited");
      return;
    }
  if (!kith_chat_may_write (chat, task))
    {
      g_object_unref (task);
      return;
    }

  text = kith_text_validate_message (request->text, &error);
  if (text == NULL)
    {
      g_task_return_error (task, error);
      g_object_unref (task);
    }
  else if (chat->peer != NULL && kith_messenger_find_queued (chat->peer, row->id) != NULL)
    kith_messenger_replace_text (chat->peer, row->id, g_steal_pointer (&text), task);
  else
    kith_chat_act (chat, KITH_STORE_KIND_EDIT, row->id, text, task);
}

void
kith_node_edit_message_async (KithNode *self, KithConversation *conversation, const char *id,
                              const char *text, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request;

  g_task_set_source_tag (task, kith_node_edit_message_async);
  request = find (self, conversation, id, edit, task);
  if (request != NULL)
    request->text = g_strdup (text);
}

gboolean
kith_node_edit_message_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Deleting ------------------------------------------------------------------------------- */

/* What may be on its way still arrives: that it is not wanted here says nothing about there. A file goes
 * with its message, so that nobody could have it: an offer of it would be empty. */
static void
delete_here (KithChat *chat, const KithStoreMessage *row, GTask *task)
{
  gboolean is_waiting =
    chat->peer != NULL && kith_messenger_find_waiting (chat->peer, row->id) != NULL;

  if (is_waiting && row->file != NULL)
    kith_messenger_cancel (chat->peer, row->id, task);
  else if (is_waiting)
    kith_messenger_hide (chat->peer, row->id, task);
  else
    kith_chat_forget (chat, row->id, row->outgoing, task);
}

static void
delete (Request *request, KithChat *chat, const KithStoreMessage *row, GTask *task)
{
  const KithStoreMessage *queued =
    chat->peer != NULL ? kith_messenger_find_queued (chat->peer, row->id) : NULL;
  gboolean never_left = queued != NULL && !queued->maybe_sent;

  if (never_left || (queued != NULL && request->where == KITH_DELETE_FOR_BOTH))
    kith_messenger_cancel (chat->peer, row->id, task);
  else if (request->where == KITH_DELETE_HERE)
    delete_here (chat, row, task);
  else if (!row->outgoing || row->reason != NULL)
    kith_task_take_and_refuse (task, KITH_ERROR_INVALID,
                               "Only messages of yours can be deleted for both");
  else if (kith_chat_may_write (chat, task))
    kith_chat_act (chat, KITH_STORE_KIND_DELETE, row->id, NULL, task);
  else
    g_object_unref (task);
}

void
kith_node_delete_message_async (KithNode *self, KithConversation *conversation, const char *id,
                                KithDeleteWhere where, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request;

  g_task_set_source_tag (task, kith_node_delete_message_async);
  request = find (self, conversation, id, delete, task);
  if (request != NULL)
    request->where = where;
}

gboolean
kith_node_delete_message_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
cancel (Request *request, KithChat *chat, const KithStoreMessage *row, GTask *task)
{
  if (chat->peer != NULL && kith_messenger_find_queued (chat->peer, row->id) != NULL)
    kith_messenger_cancel (chat->peer, row->id, task);
  else if (chat->group != NULL && kith_group_host_is_pending (chat->group, row->id))
    kith_chat_forget (chat, row->id, TRUE, task);
  else
    kith_task_take_and_refuse (task, KITH_ERROR_INVALID, "The message does not wait to be sent");
}

void
kith_node_cancel_message_async (KithNode *self, KithConversation *conversation, const char *id,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_node_cancel_message_async);
  find (self, conversation, id, cancel, task);
}

gboolean
kith_node_cancel_message_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Reacting ------------------------------------------------------------------------------- */

static void
react (Request *request, KithChat *chat, const KithStoreMessage *row, GTask *task)
{
  if (kith_chat_may_write (chat, task))
    kith_chat_act (chat, KITH_STORE_KIND_REACTION, row->id, request->text, task);
  else
    g_object_unref (task);
}

void
kith_node_react_async (KithNode *self, KithConversation *conversation, const char *id,
                       const char *emoji, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request;

  g_task_set_source_tag (task, kith_node_react_async);
  if (emoji != NULL && *emoji != '\0'
      && (!g_utf8_validate (emoji, -1, NULL) || !kith_text_is_reaction (emoji)))
    {
      kith_task_take_and_refuse (task, KITH_ERROR_INVALID, "A reaction is one emoji");
      return;
    }

  request = find (self, conversation, id, react, task);
  if (request != NULL)
    request->text = g_strdup (emoji);
}

gboolean
kith_node_react_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Trying again --------------------------------------------------------------------------- */

static void
retry (Request *request, KithChat *chat, const KithStoreMessage *row, GTask *task)
{
  if (chat->peer == NULL || !row->outgoing || row->reason == NULL)
    kith_task_take_and_refuse (task, KITH_ERROR_INVALID,
                               "Only a message of yours that failed can be tried again");
  else if (kith_chat_may_write (chat, task))
    kith_messenger_retry (chat->peer, row, task);
  else
    g_object_unref (task);
}

void
kith_node_retry_message_async (KithNode *self, KithConversation *conversation, const char *id,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_node_retry_message_async);
  find (self, conversation, id, retry, task);
}

gboolean
kith_node_retry_message_finish (KithNode *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Details -------------------------------------------------------------------------------- */

static void
add_steps (GArray *steps, KithMessage *message)
{
  static const KithMessageState states[] = { KITH_MESSAGE_RECEIVED, KITH_MESSAGE_QUEUED,
                                             KITH_MESSAGE_SENT,     KITH_MESSAGE_DELIVERED,
                                             KITH_MESSAGE_READ,     KITH_MESSAGE_FAILED };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      KithMessageStep step = { states[i], kith_message_get_state_time_ms (message, states[i]) };

      if (step.time_ms != 0)
        g_array_append_val (steps, step);
    }
}

/* While it waits, all that was tried; afterwards what came in between. */
static GListModel *
list_tries (KithPeer *peer, KithMessage *message)
{
  GListStore *tries = g_list_store_new (KITH_TYPE_FINDING);
  g_autoptr (GListStore) all = g_list_store_new (KITH_TYPE_FINDING);
  KithMessageState state = kith_message_get_state (message);
  gboolean is_waiting = state == KITH_MESSAGE_QUEUED || state == KITH_MESSAGE_SENT;
  gint64 until_ms = is_waiting ? G_MAXINT64
                               : kith_message_get_state_time_ms (message, KITH_MESSAGE_DELIVERED);

  if (is_waiting)
    kith_doctor_add_contact (all, peer);
  else
    kith_doctor_add_ends (all, peer);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (all)); i++)
    {
      g_autoptr (KithFinding) finding = g_list_model_get_item (G_LIST_MODEL (all), i);
      gint64 time_ms = kith_finding_get_time_ms (finding);

      if (time_ms >= kith_message_get_time_ms (message) && time_ms < until_ms)
        g_list_store_append (tries, finding);
    }

  return G_LIST_MODEL (tries);
}

KithMessageDetails *
kith_node_dup_message_details (KithNode *self, KithConversation *conversation, KithMessage *message)
{
  KithMessageDetails *details = g_new0 (KithMessageDetails, 1);
  KithContact *contact = kith_conversation_get_contact (conversation);
  KithPeer *peer =
    contact != NULL ? kith_node_lookup_peer (self, kith_contact_get_identity (contact)) : NULL;

  details->steps = g_array_new (FALSE, FALSE, sizeof (KithMessageStep));
  add_steps (details->steps, message);
  details->reason = g_strdup (kith_message_get_reason (message));
  if (peer != NULL && kith_message_is_outgoing (message))
    details->tries = list_tries (peer, message);
  else
    details->tries = G_LIST_MODEL (g_list_store_new (KITH_TYPE_FINDING));
  return details;
}

void
kith_message_details_free (KithMessageDetails *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->steps);
  g_free (self->reason);
  g_object_unref (self->tries);
  g_free (self);
}
