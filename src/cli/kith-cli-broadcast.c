/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about one text to several people. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-format.h"
#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-text.h"
#include "node/kith-node-broadcast.h"

static JsonObject *
json_recipient (KithNode *node, gpointer item)
{
  KithRecipient *recipient = item;
  static const KithMessageState states[] = { KITH_MESSAGE_QUEUED, KITH_MESSAGE_SENT,
                                             KITH_MESSAGE_DELIVERED, KITH_MESSAGE_READ };
  KithContact *contact = kith_recipient_get_contact (recipient);
  JsonObject *object = json_object_new ();
  JsonObject *times = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (kith_recipient_get_state_time_ms (recipient, states[i]) != 0)
      json_object_set_int_member (times, kith_message_state_to_string (states[i]),
                                  kith_recipient_get_state_time_ms (recipient, states[i]));

  json_object_set_string_member (object, "id",
                                 contact != NULL ? kith_contact_get_id (contact) : NULL);
  json_object_set_string_member (object, "name",
                                 contact != NULL ? kith_contact_get_display_name (contact) : NULL);
  json_object_set_string_member (
      object, "state",
      kith_recipient_get_kept (recipient)
          ? kith_message_state_to_string (kith_recipient_get_state (recipient))
          : "deleted");
  json_object_set_object_member (object, "times", times);
  return object;
}

/**
 * kith_cli_json_recipients:
 * @broadcast: a broadcast with its recipients
 *
 * Returns: (transfer full): them, as in the reply of `receipts`
 */
JsonArray *
kith_cli_json_recipients (KithBroadcast *broadcast)
{
  return kith_cli_json_list (kith_broadcast_get_recipients (broadcast), json_recipient, NULL);
}

static void
sent_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithBroadcast) broadcast
      = kith_node_broadcast_finish (KITH_NODE (source), result, &error);
  JsonObject *reply;

  if (broadcast == NULL)
    {
      kith_cli_call_fail (call, error, error->message);
      return;
    }

  reply = json_object_new ();
  json_object_set_string_member (reply, "message", kith_broadcast_get_id (broadcast));
  json_object_set_array_member (reply, "recipients", kith_cli_json_recipients (broadcast));
  kith_cli_call_reply (call, reply);
}

void
kith_cli_handle_broadcast (KithCliCall *call)
{
  const char *to = kith_cli_call_get_string (call, "to");
  g_autoptr (GPtrArray) contacts = NULL;

  if (to != NULL)
    {
      contacts = kith_cli_call_need_people (call, to);
      if (contacts == NULL)
        return;
    }

  kith_node_broadcast_async (kith_cli_call_get_node (call), contacts,
                             kith_cli_call_get_string (call, "text"), NULL, sent_cb, call);
}

char *
kith_cli_format_sent_to (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "recipients");
  GString *out = g_string_new ("Sent to ");

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *name
          = kith_cli_safe_member (json_array_get_object_element (array, i), "name");

      g_string_append_printf (out, "%s%s", i > 0 ? ", " : "", name);
    }

  g_string_append_printf (out, ".\n/receipts %s tells how far it has come.",
                          json_object_get_string_member (reply, "message"));
  return g_string_free (out, FALSE);
}

/* --- What was sent -------------------------------------------------------------------------- */

static JsonObject *
json_broadcast (KithBroadcast *broadcast)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "message", kith_broadcast_get_id (broadcast));
  json_object_set_int_member (object, "time", kith_broadcast_get_time_ms (broadcast));
  json_object_set_string_member (object, "text", kith_broadcast_get_text (broadcast));
  json_object_set_int_member (object, "recipients", kith_broadcast_get_n_recipients (broadcast));
  json_object_set_int_member (object, "delivered", kith_broadcast_get_n_delivered (broadcast));
  json_object_set_int_member (object, "read", kith_broadcast_get_n_read (broadcast));
  return object;
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) broadcasts
      = kith_node_load_broadcasts_finish (KITH_NODE (source), result, &error);
  JsonObject *reply;
  JsonArray *array;

  if (broadcasts == NULL)
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  array = json_array_new ();
  for (guint i = 0; i < broadcasts->len; i++)
    json_array_add_object_element (array, json_broadcast (g_ptr_array_index (broadcasts, i)));
  reply = json_object_new ();
  json_object_set_array_member (reply, "broadcasts", array);
  kith_cli_call_reply (call, reply);
}

void
kith_cli_handle_broadcasts (KithCliCall *call)
{
  kith_node_load_broadcasts_async (kith_cli_call_get_node (call), NULL, listed_cb, call);
}

char *
kith_cli_format_broadcasts (KithCliCall *call, JsonObject *reply)
{
  JsonArray *array = json_object_get_array_member (reply, "broadcasts");
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonObject *broadcast = json_array_get_object_element (array, i);
      g_autofree char *time = kith_cli_text_time (json_object_get_int_member (broadcast, "time"));
      g_autofree char *text = kith_cli_safe_member (broadcast, "text");

      g_string_append_printf (out,
                              "%s%s: %s (delivered to %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                              ", read by %" G_GINT64_FORMAT ")\n  %s",
                              i > 0 ? "\n" : "", time, text,
                              json_object_get_int_member (broadcast, "delivered"),
                              json_object_get_int_member (broadcast, "recipients"),
                              json_object_get_int_member (broadcast, "read"),
                              json_object_get_string_member (broadcast, "message"));
    }

  if (out->len == 0)
    g_string_append (out, "You have sent nothing to several people yet.");
  return g_string_free (out, FALSE);
}
