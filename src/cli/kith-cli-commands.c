/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands: one table for programs and people. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "cli/kith-cli-call.h"
#include "cli/kith-cli-format.h"
#include "node/kith-explain.h"

#define HOUR_MS (3600 * 1000)
#define HISTORY_DEFAULT 50
#define HISTORY_MAX 1000

/* --- Finding who is meant ------------------------------------------------------------------- */

/* Returns: (transfer none) (nullable): the contact, or %NULL after the call was answered */
static KithContact *
need_contact (KithCliCall *call, const char *argument)
{
  const char *who = kith_cli_call_get_string (call, argument);
  g_autoptr (GError) error = NULL;
  KithContact *contact;

  if (who == NULL || *who == '\0')
    {
      g_autofree char *words = g_strdup_printf ("“%s” is missing: an alias, a name or an ID", argument);

      kith_cli_call_fail_invalid (call, words);
      return NULL;
    }

  contact = kith_node_find_contact (kith_cli_call_get_node (call), who, &error);
  if (contact == NULL)
    kith_cli_call_fail (call, error, error->message);
  return contact;
}

static KithRequest *
need_request (KithCliCall *call)
{
  const char *who = kith_cli_call_get_string (call, "who");
  g_autoptr (GError) error = NULL;
  KithRequest *request;

  if (who == NULL)
    {
      kith_cli_call_fail_invalid (call, "“who” is missing: a name or an ID");
      return NULL;
    }

  request = kith_node_find_request (kith_cli_call_get_node (call), who, &error);
  if (request == NULL)
    kith_cli_call_fail (call, error, error->message);
  return request;
}

/* --- Status and listening ------------------------------------------------------------------- */

static void
handle_status (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithProfile *profile = kith_node_get_profile (node);
  JsonObject *reply = json_object_new ();

  json_object_set_string_member (reply, "id", kith_profile_get_id (profile));
  json_object_set_string_member (reply, "name", kith_profile_get_name (profile));
  json_object_set_array_member (reply, "listening", kith_cli_json_listening (node));
  json_object_set_int_member (reply, "sessions", kith_node_get_n_sessions (node));
  json_object_set_boolean_member (reply, "stored", FALSE);
  kith_cli_call_reply (call, reply);
}

static void
handle_listen (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *address = kith_cli_call_get_string (call, "address");
  gint64 port = kith_cli_call_get_int (call, "port", 0);
  g_autoptr (GError) error = NULL;
  JsonObject *reply;

  if (port < 0 || port > G_MAXUINT16)
    {
      kith_cli_call_fail_invalid (call, "The port has to be a number from 0 to 65535");
      return;
    }

  if (!kith_node_listen (node, address, (guint16) port, FALSE, &error))
    {
      g_autofree char *words = kith_explain_listen (error, address, (guint16) port);

      kith_cli_call_fail (call, error, words);
      return;
    }

  reply = json_object_new ();
  json_object_set_array_member (reply, "listening", kith_cli_json_listening (node));
  kith_cli_call_reply (call, reply);
}

static void
handle_unlisten (KithCliCall *call)
{
  kith_node_unlisten (kith_cli_call_get_node (call));
  kith_cli_call_reply (call, NULL);
}

/* --- Simple writes: a finish function, and nothing more to say ------------------------------ */

typedef gboolean (*FinishFunc) (KithNode *node, GAsyncResult *result, GError **error);

typedef struct
{
  KithCliCall *call;
  FinishFunc   finish;
} Pending;

static Pending *
pending_new (KithCliCall *call, FinishFunc finish)
{
  Pending *pending = g_new (Pending, 1);

  *pending = (Pending){ call, finish };
  return pending;
}

static void
done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Pending *pending = user_data;
  g_autoptr (GError) error = NULL;

  if (pending->finish (KITH_NODE (source), result, &error))
    kith_cli_call_reply (pending->call, NULL);
  else
    kith_cli_call_fail (pending->call, error, NULL);
}

static void
handle_name (KithCliCall *call)
{
  const char *name = kith_cli_call_get_string (call, "name");

  if (name == NULL)
    kith_cli_call_fail_invalid (call, "“name” is missing");
  else
    kith_node_set_name_async (kith_cli_call_get_node (call), name, NULL, done_cb,
                              pending_new (call, kith_node_set_name_finish));
}

static void
handle_decline (KithCliCall *call)
{
  KithRequest *request = need_request (call);

  if (request != NULL)
    kith_node_decline_async (kith_cli_call_get_node (call), request, NULL, done_cb,
                             pending_new (call, kith_node_decline_finish));
}

static void
handle_alias (KithCliCall *call)
{
  KithContact *contact = need_contact (call, "who");

  if (contact != NULL)
    kith_node_set_alias_async (kith_cli_call_get_node (call), contact,
                               kith_cli_call_get_string (call, "alias"), NULL, done_cb,
                               pending_new (call, kith_node_set_alias_finish));
}

static void
handle_remove (KithCliCall *call)
{
  KithContact *contact = need_contact (call, "who");

  if (contact != NULL)
    kith_node_remove_async (kith_cli_call_get_node (call), contact, FALSE, NULL, done_cb,
                            pending_new (call, kith_node_remove_finish));
}

static void
set_verified (KithCliCall *call, gboolean verified)
{
  KithContact *contact = need_contact (call, "who");

  if (contact != NULL)
    kith_node_set_verified_async (kith_cli_call_get_node (call), contact, verified, NULL, done_cb,
                                  pending_new (call, kith_node_set_verified_finish));
}

static void
handle_verify (KithCliCall *call)
{
  set_verified (call, TRUE);
}

static void
handle_unverify (KithCliCall *call)
{
  set_verified (call, FALSE);
}

static void
handle_reconnect (KithCliCall *call)
{
  KithContact *contact = need_contact (call, "who");

  if (contact == NULL)
    return;

  kith_node_reconnect (kith_cli_call_get_node (call), contact);
  kith_cli_call_reply (call, NULL);
}

/* --- Reaching others ------------------------------------------------------------------------ */

static void
connected_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  KithNode *node = KITH_NODE (source);
  KithConnectOutcome outcome;
  g_autoptr (KithContact) contact = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *reply;

  if (!kith_node_connect_finish (node, result, &outcome, &contact, &error))
    {
      const char *address = kith_cli_call_get_string (call, "address");
      gint64 port = kith_cli_call_get_int (call, "port", KITH_CLI_DEFAULT_PORT);
      g_autofree char *words = kith_explain_connect (error, address, (guint16) port);

      kith_cli_call_fail (call, error, words);
      return;
    }

  reply = json_object_new ();
  json_object_set_string_member (reply, "outcome",
                                 outcome == KITH_CONNECT_ONLINE ? "online" : "requested");
  json_object_set_object_member (reply, "contact", kith_cli_json_contact (node, contact));
  kith_cli_call_reply (call, reply);
}

static void
handle_connect (KithCliCall *call)
{
  const char *address = kith_cli_call_get_string (call, "address");
  gint64 port = kith_cli_call_get_int (call, "port", KITH_CLI_DEFAULT_PORT);

  if (address == NULL)
    kith_cli_call_fail_invalid (call, "“address” is missing: an IP address");
  else if (port < 1 || port > G_MAXUINT16)
    kith_cli_call_fail_invalid (call, "The port has to be a number from 1 to 65535");
  else
    kith_node_connect_async (kith_cli_call_get_node (call), address, (guint16) port,
                             kith_cli_call_get_string (call, "text"), NULL, connected_cb, call);
}

static void
accepted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithContact) contact = kith_node_accept_finish (KITH_NODE (source), result, &error);
  JsonObject *reply;

  if (contact == NULL)
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  reply = json_object_new ();
  json_object_set_object_member (reply, "contact", kith_cli_json_contact (KITH_NODE (source), contact));
  kith_cli_call_reply (call, reply);
}

static void
handle_accept (KithCliCall *call)
{
  KithRequest *request = need_request (call);

  if (request != NULL)
    kith_node_accept_async (kith_cli_call_get_node (call), request, NULL, accepted_cb, call);
}

static void
handle_requests (KithCliCall *call)
{
  GListModel *requests = kith_node_get_requests (kith_cli_call_get_node (call));
  JsonObject *reply = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (requests); i++)
    {
      g_autoptr (KithRequest) request = g_list_model_get_item (requests, i);

      json_array_add_object_element (array, kith_cli_json_request (request));
    }

  json_object_set_array_member (reply, "requests", array);
  kith_cli_call_reply (call, reply);
}

/* --- Lists of contacts ---------------------------------------------------------------------- */

static gboolean
is_online (KithContact *contact)
{
  return kith_contact_get_presence (contact) == KITH_PRESENCE_ONLINE;
}

static gboolean
is_of_last_hour (KithContact *contact)
{
  gint64 last_seen_ms = kith_contact_get_last_seen_ms (contact);

  return is_online (contact)
         || (last_seen_ms > 0 && g_get_real_time () / 1000 - last_seen_ms <= HOUR_MS);
}

static void
reply_contacts (KithCliCall *call, gboolean (*matches) (KithContact *contact))
{
  KithNode *node = kith_cli_call_get_node (call);
  GListModel *contacts = kith_node_get_contacts (node);
  JsonObject *reply = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (contacts); i++)
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (contacts, i);

      if (matches == NULL || matches (contact))
        json_array_add_object_element (array, kith_cli_json_contact (node, contact));
    }

  json_object_set_array_member (reply, "contacts", array);
  kith_cli_call_reply (call, reply);
}

static void
handle_contacts (KithCliCall *call)
{
  reply_contacts (call, NULL);
}

static void
handle_online (KithCliCall *call)
{
  reply_contacts (call, is_online);
}

static void
handle_lasthour (KithCliCall *call)
{
  reply_contacts (call, is_of_last_hour);
}

static void
handle_safety (KithCliCall *call)
{
  KithContact *contact = need_contact (call, "who");
  g_autofree char *number = NULL;
  JsonObject *reply;

  if (contact == NULL)
    return;

  number = kith_node_dup_safety_number (kith_cli_call_get_node (call), contact);
  reply = json_object_new ();
  json_object_set_string_member (reply, "safety", number);
  json_object_set_boolean_member (reply, "verified", kith_contact_get_verified (contact));
  json_object_set_string_member (reply, "name", kith_contact_get_display_name (contact));
  kith_cli_call_reply (call, reply);
}

/* --- Messages ------------------------------------------------------------------------------- */

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

static void
handle_send (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *text = kith_cli_call_get_string (call, "text");
  KithContact *contact;

  if (text == NULL)
    {
      kith_cli_call_fail_invalid (call, "“text” is missing");
      return;
    }

  contact = need_contact (call, "to");
  if (contact != NULL)
    kith_node_send_async (node, kith_node_get_conversation (node, contact), text, NULL, sent_cb, call);
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

static void
handle_receipts (KithCliCall *call)
{
  const char *id = kith_cli_call_get_string (call, "message");
  KithConversation *conversation = NULL;
  KithMessage *message = NULL;
  JsonObject *reply;
  JsonArray *recipients;

  if (id != NULL)
    message = kith_node_find_message (kith_cli_call_get_node (call), id, &conversation);

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

static void
handle_history (KithCliCall *call)
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

  contact = need_contact (call, "with");
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

static void
handle_read (KithCliCall *call)
{
  KithContact *contact = need_contact (call, "with");
  KithNode *node = kith_cli_call_get_node (call);

  if (contact == NULL)
    return;

  kith_node_mark_read (node, kith_node_get_conversation (node, contact));
  kith_cli_call_reply (call, NULL);
}

static void
handle_chat (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithContact *contact = need_contact (call, "who");
  JsonObject *reply;

  if (contact == NULL)
    return;

  kith_cli_app_set_conversation (kith_cli_call_get_app (call),
                                 kith_node_get_conversation (node, contact));
  reply = json_object_new ();
  json_object_set_object_member (reply, "contact", kith_cli_json_contact (node, contact));
  kith_cli_call_reply (call, reply);
}

/* --- The rest ------------------------------------------------------------------------------- */

static void
handle_help (KithCliCall *call)
{
  JsonObject *reply = json_object_new ();
  JsonArray *array = json_array_new ();
  guint n;
  const KithCliCommand *commands = kith_cli_commands_get (&n);

  for (guint i = 0; i < n; i++)
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "cmd", commands[i].name);
      json_object_set_string_member (object, "arguments", commands[i].arguments);
      json_object_set_string_member (object, "help", commands[i].help);
      json_array_add_object_element (array, object);
    }

  json_object_set_array_member (reply, "commands", array);
  kith_cli_call_reply (call, reply);
}

static void
handle_quit (KithCliCall *call)
{
  KithCliApp *app = kith_cli_call_get_app (call);

  kith_cli_call_reply (call, NULL);
  kith_cli_app_quit (app, 0);
}

static const KithCliCommand commands[] = {
  { "status", "", "who you are, where you can be reached", handle_status, kith_cli_format_status },
  { "listen", "address? port?", "start listening, or listen somewhere else", handle_listen,
    kith_cli_format_listening },
  { "unlisten", "", "stop listening", handle_unlisten, kith_cli_format_done },
  { "name", "name*", "change your own name", handle_name, kith_cli_format_done },
  { "connect", "address port? text?*", "ask the friend at an IP address and port", handle_connect,
    kith_cli_format_connected },
  { "requests", "", "who asks to be your contact", handle_requests, kith_cli_format_requests },
  { "accept", "who", "accept a request", handle_accept, kith_cli_format_accepted },
  { "decline", "who", "decline a request", handle_decline, kith_cli_format_done },
  { "contacts", "", "all contacts", handle_contacts, kith_cli_format_contacts },
  { "online", "", "contacts who are online now", handle_online, kith_cli_format_contacts },
  { "lasthour", "", "contacts who were online in the last hour", handle_lasthour,
    kith_cli_format_contacts },
  { "alias", "who alias?*", "call a contact something else; without a name, as they do",
    handle_alias, kith_cli_format_done },
  { "remove", "who", "remove a contact with the conversation", handle_remove, kith_cli_format_done },
  { "reconnect", "who", "try to reach a contact now", handle_reconnect, kith_cli_format_done },
  { "safety", "who", "the number to compare with a contact's", handle_safety,
    kith_cli_format_safety },
  { "verify", "who", "mark a contact as verified", handle_verify, kith_cli_format_done },
  { "unverify", "who", "take that back", handle_unverify, kith_cli_format_done },
  { "chat", "who", "choose whom plain text goes to", handle_chat, kith_cli_format_chat },
  { "send", "to text*", "send a message", handle_send, NULL },
  { "receipts", "message", "how far a message has come", handle_receipts, kith_cli_format_receipts },
  { "history", "with limit? before?", "the last messages with a contact", handle_history,
    kith_cli_format_history },
  { "read", "with", "mark everything of a contact as read", handle_read, kith_cli_format_done },
  { "help", "", "this list", handle_help, kith_cli_format_help },
  { "quit", "", "say goodbye and end", handle_quit, NULL },
};

const KithCliCommand *
kith_cli_commands_get (guint *n)
{
  *n = G_N_ELEMENTS (commands);
  return commands;
}

const KithCliCommand *
kith_cli_commands_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      return &commands[i];

  return NULL;
}
