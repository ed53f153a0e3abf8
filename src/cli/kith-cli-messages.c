/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about messages. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "base/kith-error.h"
#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"

#define HISTORY_DEFAULT 50
#define HISTORY_MAX 1000

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message = kith_node_send_finish (KITH_NODE (source), result, &error);
  JsonObject *reply;

  if (message == NULL)
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  reply = json_object_new ();
  json_object_set_string_member (reply, "message", kith_message_get_id (message));
  kith_cli_call_reply (call, reply);
}

void
kith_cli_handle_send (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithContact *contact = kith_cli_call_need_contact (call, "to");

  if (contact != NULL)
    kith_node_send_async (node, kith_node_get_conversation (node, contact),
                          kith_cli_call_get_string (call, "text"), NULL, sent_cb, call);
}

static JsonObject *
receipt_of (KithConversation *conversation, KithMessage *message)
{
  static const KithMessageState states[] = { KITH_MESSAGE_QUEUED, KITH_MESSAGE_SENT,
                                             KITH_MESSAGE_DELIVERED, KITH_MESSAGE_READ,
                                             KITH_MESSAGE_FAILED };
  KithContact *contact = kith_conversation_get_contact (conversation);
  JsonObject *object = json_object_new ();
  JsonObject *times = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      gint64 time_ms = kith_message_get_state_time_ms (message, states[i]);

      if (time_ms != 0)
        json_object_set_int_member (times, kith_message_state_to_string (states[i]), time_ms);
    }

  json_object_set_string_member (object, "id", kith_contact_get_id (contact));
  json_object_set_string_member (object, "name", kith_contact_get_display_name (contact));
  json_object_set_string_member (object, "state",
                                 kith_message_state_to_string (kith_message_get_state (message)));
  json_object_set_object_member (object, "times", times);
  json_object_set_string_member (object, "reason", kith_message_get_reason (message));
  return object;
}

void
kith_cli_handle_receipts (KithCliCall *call)
{
  const char *id = kith_cli_call_get_string (call, "message");
  KithConversation *conversation = NULL;
  KithMessage *message = kith_node_find_message (kith_cli_call_get_node (call), id, &conversation);
  JsonObject *reply;
  JsonArray *recipients;

  if (message == NULL || !kith_message_is_outgoing (message))
    {
      g_autoptr (GError) error =
        g_error_new_literal (KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such message of yours");

      kith_cli_call_fail (call, error, error->message);
      return;
    }

  recipients = json_array_new ();
  json_array_add_object_element (recipients, receipt_of (conversation, message));
  reply = json_object_new ();
  json_object_set_array_member (reply, "recipients", recipients);
  kith_cli_call_reply (call, reply);
}

/* Where a page of history ends: before the message with the id @before, or at the newest. */
static gboolean
find_end (KithMessageList *messages, const char *before, guint *end)
{
  *end = kith_message_list_get_length (messages);
  if (before == NULL)
    return TRUE;

  for (guint i = 0; i < kith_message_list_get_length (messages); i++)
    if (g_str_equal (kith_message_get_id (kith_message_list_get (messages, i)), before))
      {
        *end = i;
        return TRUE;
      }

  return FALSE;
}

void
kith_cli_handle_history (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  gint64 limit = kith_cli_call_get_int (call, "limit", HISTORY_DEFAULT);
  KithContact *contact;
  KithConversation *conversation;
  KithMessageList *messages;
  JsonObject *reply;
  JsonArray *array;
  guint end;

  if (limit < 1 || limit > HISTORY_MAX)
    {
      kith_cli_call_fail_invalid (call, "“limit” has to be a number from 1 to 1000");
      return;
    }

  contact = kith_cli_call_need_contact (call, "with");
  if (contact == NULL)
    return;

  conversation = kith_node_get_conversation (node, contact);
  messages = kith_conversation_get_messages (conversation);
  if (!find_end (messages, kith_cli_call_get_string (call, "before"), &end))
    {
      kith_cli_call_fail_invalid (call, "“before” is no message of this conversation");
      return;
    }

  array = json_array_new ();
  for (guint i = end - MIN (end, (guint) limit); i < end; i++)
    json_array_add_object_element (array, kith_cli_json_message (kith_message_list_get (messages, i)));

  reply = json_object_new ();
  json_object_set_array_member (reply, "messages", array);
  kith_cli_call_reply (call, reply);
}

void
kith_cli_handle_read (KithCliCall *call)
{
  KithContact *contact = kith_cli_call_need_contact (call, "with");
  KithNode *node = kith_cli_call_get_node (call);

  if (contact == NULL)
    return;

  kith_node_mark_read (node, kith_node_get_conversation (node, contact));
  kith_cli_call_reply (call, NULL);
}

void
kith_cli_handle_chat (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithContact *contact = kith_cli_call_need_contact (call, "who");
  JsonObject *reply;

  if (contact == NULL)
    return;

  kith_cli_app_set_conversation (kith_cli_call_get_app (call),
                                 kith_node_get_conversation (node, contact));
  reply = json_object_new ();
  json_object_set_object_member (reply, "contact", kith_cli_json_contact (node, contact));
  kith_cli_call_reply (call, reply);
}
