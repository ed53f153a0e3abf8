/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about messages. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "base/kith-error.h"
#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"
#include "node/kith-node-broadcast.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"

#define PAGE_MAX 1000

typedef struct
{
  KithCliCall      *call; /* (owned) until it was answered */
  KithConversation *to;   /* (owned) */
} Sending;

/**
 * kith_cli_sent_cb: (skip)
 * @source: the node
 * @result: of what finishes with kith_node_send_finish()
 * @user_data: (transfer full): the call, which is answered with the id of the message
 */
void
kith_cli_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
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
text_sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Sending *sending = user_data;

  if (!g_task_had_error (G_TASK (result)))
    kith_node_draft_sent (KITH_NODE (source), sending->to, kith_cli_call_get_string (sending->call, "text"));
  kith_cli_sent_cb (source, result, sending->call);
  g_object_unref (sending->to);
  g_free (sending);
}

void
kith_cli_handle_send (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithConversation *to = kith_cli_call_need_conversation (call, "to");
  Sending *sending;

  if (to == NULL)
    return;

  sending = g_new0 (Sending, 1);
  sending->call = call;
  sending->to = g_object_ref (to);
  kith_node_reply_async (node, to, kith_cli_call_get_string (call, "text"),
                         kith_cli_call_get_string (call, "reply_to"),
                         kith_cli_call_get_int (call, "ttl_s", -1), NULL, text_sent_cb, sending);
}

static JsonObject *
receipt_of (KithNode *node, KithConversation *conversation, KithMessage *message)
{
  static const KithMessageState states[] = { KITH_MESSAGE_QUEUED, KITH_MESSAGE_SENT,
                                             KITH_MESSAGE_DELIVERED, KITH_MESSAGE_READ,
                                             KITH_MESSAGE_FAILED };
  JsonObject *object = json_object_new ();
  JsonObject *times = json_object_new ();
  g_autoptr (KithMessageDetails) details =
    kith_node_dup_message_details (node, conversation, message);

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    {
      gint64 time_ms = kith_message_get_state_time_ms (message, states[i]);

      if (time_ms != 0)
        json_object_set_int_member (times, kith_message_state_to_string (states[i]), time_ms);
    }

  json_object_set_string_member (object, "id", kith_conversation_get_key_text (conversation));
  json_object_set_string_member (object, "name", kith_conversation_get_title (conversation));
  json_object_set_string_member (object, "state",
                                 kith_message_state_to_string (kith_message_get_state (message)));
  json_object_set_object_member (object, "times", times);
  json_object_set_string_member (object, "reason", kith_message_get_reason (message));
  json_object_set_string_member (object, "reason_code", kith_message_get_reason_code (message));
  json_object_set_array_member (object, "tries", kith_cli_json_findings (details->tries));
  return object;
}

/* What is still here, or could not be sent, nobody was sent. */
static KithMessageState
get_member_state (const KithMemberReceipt *receipt, KithMessage *message)
{
  KithMessageState state = kith_message_get_state (message);

  if (receipt->read)
    return KITH_MESSAGE_READ;
  if (receipt->delivered)
    return KITH_MESSAGE_DELIVERED;

  return state == KITH_MESSAGE_QUEUED || state == KITH_MESSAGE_FAILED ? state : KITH_MESSAGE_SENT;
}

static JsonObject *
json_member_receipt (const KithMemberReceipt *receipt, KithMessage *message)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", kith_member_get_id (receipt->member));
  json_object_set_string_member (object, "name", kith_member_get_name (receipt->member));
  json_object_set_string_member (object, "state",
                                 kith_message_state_to_string (get_member_state (receipt, message)));
  json_object_set_object_member (object, "times", json_object_new ());
  return object;
}

/* Of a group: each member; of the others: the one. */
static void
reply_receipts (KithCliCall *call, KithConversation *conversation, KithMessage *message)
{
  KithGroup *group = kith_conversation_get_group (conversation);
  JsonArray *recipients = json_array_new ();
  JsonObject *reply = json_object_new ();

  if (group != NULL)
    {
      gboolean at_least;
      g_autoptr (GPtrArray) receipts = kith_node_dup_group_receipts (kith_cli_call_get_node (call), group,
                                                                     message, &at_least);

      for (guint i = 0; i < receipts->len; i++)
        json_array_add_object_element (
          recipients, json_member_receipt (g_ptr_array_index (receipts, i), message));
      json_object_set_boolean_member (reply, "at_least", at_least);
    }
  else
    json_array_add_object_element (recipients, receipt_of (kith_cli_call_get_node (call), conversation, message));

  json_object_set_array_member (reply, "recipients", recipients);
  kith_cli_call_reply (call, reply);
}

static void
broadcast_receipts_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithBroadcast) broadcast =
    kith_node_load_broadcast_finish (KITH_NODE (source), result, &error);
  JsonObject *reply;

  if (broadcast == NULL)
    {
      kith_cli_call_fail (call, error, "There is no such message of yours");
      return;
    }

  reply = json_object_new ();
  json_object_set_array_member (reply, "recipients", kith_cli_json_recipients (broadcast));
  kith_cli_call_reply (call, reply);
}

static void
receipts_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  KithConversation *conversation = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithMessage) message =
    kith_node_fetch_message_finish (KITH_NODE (source), result, &conversation, &error);

  /* What went to several has an id of its own. */
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_FOUND))
    {
      kith_node_load_broadcast_async (KITH_NODE (source), kith_cli_call_get_string (call, "message"), NULL,
                                      broadcast_receipts_cb, call);
      return;
    }

  if (message != NULL && !kith_message_is_outgoing (message))
    error = g_error_new_literal (KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such message of yours");
  if (error != NULL)
    {
      kith_cli_call_fail (call, error, error->message);
      return;
    }

  reply_receipts (call, conversation, message);
}

/* What is in memory is fresher than the store by what it has sent and not yet heard of. */
void
kith_cli_handle_receipts (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *id = kith_cli_call_get_string (call, "message");
  KithConversation *conversation = NULL;
  KithMessage *message = kith_node_find_message (node, id, &conversation);

  if (message == NULL || !kith_message_is_outgoing (message))
    {
      kith_node_fetch_message_async (node, NULL, id, NULL, receipts_cb, call);
      return;
    }

  reply_receipts (call, conversation, message);
}

/* --- History -------------------------------------------------------------------------------- */

static void
history_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) messages = kith_node_fetch_finish (KITH_NODE (source), result, &error);
  JsonObject *reply;
  JsonArray *array;

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_FOUND))
    {
      kith_cli_call_fail_invalid (call, "There is no such message in this conversation");
      return;
    }
  if (messages == NULL)
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  array = json_array_new ();
  for (guint i = 0; i < messages->len; i++)
    {
      KithMessage *message = g_ptr_array_index (messages, i);
      JsonObject *object = kith_cli_json_message (message);

      json_object_set_boolean_member (object, "unread",
                                      kith_node_fetch_was_unread (KITH_NODE (source), result, message));
      json_array_add_object_element (array, object);
    }

  reply = json_object_new ();
  json_object_set_array_member (reply, "messages", array);
  kith_cli_call_reply (call, reply);
}

/**
 * kith_cli_call_take_limit: (skip)
 * @call: a call that may have a "limit"
 * @limit: (out): it, or %KITH_CLI_PAGE
 *
 * Returns: %FALSE after the call was answered
 */
gboolean
kith_cli_call_take_limit (KithCliCall *call, guint *limit)
{
  gint64 given = kith_cli_call_get_int (call, "limit", KITH_CLI_PAGE);

  *limit = (guint) CLAMP (given, 1, PAGE_MAX);
  if (given >= 1 && given <= PAGE_MAX)
    return TRUE;

  kith_cli_call_fail_invalid (call, "“limit” has to be a number from 1 to 1000");
  return FALSE;
}

void
kith_cli_handle_history (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *before = kith_cli_call_get_string (call, "before");
  const char *after = kith_cli_call_get_string (call, "after");
  KithConversation *conversation;
  guint limit;

  if (!kith_cli_call_take_limit (call, &limit))
    return;

  if (before != NULL && after != NULL)
    {
      kith_cli_call_fail_invalid (call, "“before” or “after”, not both");
      return;
    }

  conversation = kith_cli_call_need_conversation (call, "with");
  if (conversation == NULL)
    return;

  if (after != NULL)
    kith_node_fetch_after_async (node, conversation, after, limit, NULL, history_cb, call);
  else
    kith_node_fetch_async (node, conversation, before, limit, NULL, history_cb, call);
}

/* "2026-03-14", "2026-03-14T18:30" or the whole of ISO 8601; without a zone, of this place. */
static gboolean
read_time (const char *text, gint64 *time_ms)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const char *clock = strchr (text, 'T');
  g_autofree char *whole = g_strconcat (text, clock == NULL           ? "T00:00:00"
                                              : strlen (clock) == 6 ? ":00"
                                                                      : "",
                                        NULL);
  g_autoptr (GDateTime) when = g_date_time_new_from_iso8601 (whole, zone);

  *time_ms = when != NULL ? g_date_time_to_unix (when) * 1000 : 0;
  return when != NULL && *time_ms >= 0;
}

/* The page that a day begins with. */
void
kith_cli_handle_from (KithCliCall *call)
{
  KithConversation *conversation;
  gint64 time_ms;
  guint limit;

  if (!kith_cli_call_take_limit (call, &limit))
    return;

  if (!read_time (kith_cli_call_get_string (call, "date"), &time_ms))
    {
      kith_cli_call_fail_invalid (call, "A date looks like 2026-03-14, or 2026-03-14T18:30");
      return;
    }

  conversation = kith_cli_call_need_conversation (call, "with");
  if (conversation != NULL)
    kith_node_fetch_from_async (kith_cli_call_get_node (call), conversation, time_ms, limit, NULL,
                                history_cb, call);
}

void
kith_cli_handle_clear (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithConversation *conversation = kith_cli_call_need_conversation (call, "with");

  if (conversation != NULL)
    kith_node_clear_history_async (node, conversation, NULL, kith_cli_done_cb,
                                   kith_cli_pending_new (call, kith_node_clear_history_finish));
}

void
kith_cli_handle_read (KithCliCall *call)
{
  KithConversation *conversation = kith_cli_call_need_conversation (call, "with");

  if (conversation == NULL)
    return;

  kith_node_mark_read (kith_cli_call_get_node (call), conversation);
  kith_cli_call_reply_stored (call, NULL);
}

void
kith_cli_handle_chat (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  KithConversation *conversation = kith_cli_call_need_conversation (call, "who");
  JsonObject *reply;

  if (conversation == NULL)
    return;

  kith_cli_app_set_conversation (kith_cli_call_get_app (call), conversation);
  reply = json_object_new ();
  if (kith_conversation_get_group (conversation) != NULL)
    json_object_set_object_member (reply, "group",
                                   kith_cli_json_group (node, kith_conversation_get_group (conversation)));
  else
    json_object_set_object_member (
        reply, "contact", kith_cli_json_contact (node, kith_conversation_get_contact (conversation)));
  kith_cli_call_reply (call, reply);
}
