/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups in replies and events. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-json.h"
#include "node/kith-node-groups.h"

/* All the days there are: no number stands for that in JSON. */
static void
add_history (JsonObject *object, KithGroup *group)
{
  guint32 days = kith_group_get_policy (group)->history_days;

  if (days == KITH_GROUP_HISTORY_ALL)
    json_object_set_null_member (object, "history_days");
  else
    json_object_set_int_member (object, "history_days", days);
}

static JsonArray *
json_missing (KithGroup *group)
{
  GPtrArray *missing = kith_group_get_missing (group);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < missing->len; i++)
    {
      const KithGroupMissing *item = g_ptr_array_index (missing, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "from", kith_contact_get_id (item->author));
      json_object_set_string_member (object, "name", kith_contact_get_display_name (item->author));
      json_object_set_int_member (object, "messages", item->n);
      json_object_set_string_member (object, "holder",
                                     item->holder != NULL ? kith_contact_get_display_name (item->holder)
                                                          : NULL);
      json_array_add_object_element (array, object);
    }

  return array;
}

JsonObject *
kith_cli_json_group (KithNode *node, KithGroup *group)
{
  KithConversation *conversation = kith_node_get_group_conversation (node, group);
  KithContact *inviter = kith_group_get_inviter (group);
  KithMember *admin = kith_group_get_admin (group);
  KithMember *heir = kith_group_get_transfer_to (group);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "group", kith_group_get_id (group));
  json_object_set_string_member (object, "name", kith_group_get_name (group));
  json_object_set_string_member (object, "topic", kith_group_get_topic (group));
  json_object_set_boolean_member (object, "picture", kith_group_get_picture (group) != NULL);
  json_object_set_string_member (object, "state", kith_membership_to_string (kith_group_get_state (group)));
  json_object_set_int_member (object, "members", kith_group_get_n_members (group));
  json_object_set_string_member (object, "admin", admin != NULL ? kith_member_get_id (admin) : NULL);
  json_object_set_boolean_member (object, "is_admin", kith_group_is_admin (group));
  json_object_set_string_member (object, "inviter",
                                 inviter != NULL ? kith_contact_get_id (inviter) : NULL);
  json_object_set_string_member (object, "transfer_to", heir != NULL ? kith_member_get_id (heir) : NULL);
  json_object_set_boolean_member (object, "can_endorse", kith_group_get_can_endorse (group));
  json_object_set_boolean_member (object, "can_claim", kith_group_get_can_claim (group));
  json_object_set_boolean_member (object, "needs_key", kith_group_get_needs_key (group));
  json_object_set_int_member (object, "requests",
                              g_list_model_get_n_items (kith_group_get_requests (group)));
  json_object_set_string_member (object, "invite", kith_group_get_link (group));
  json_object_set_boolean_member (object, "mentions_only", kith_group_get_mentions_only (group));
  json_object_set_int_member (object, "mentions", kith_group_get_unread_mentions (group));
  json_object_set_int_member (object, "unread",
                              conversation != NULL ? kith_conversation_get_unread (conversation) : 0);
  json_object_set_array_member (object, "missing", json_missing (group));
  add_history (object, group);
  if (conversation != NULL)
    kith_cli_json_add_treatment (object, conversation);
  return object;
}

JsonObject *
kith_cli_json_member (KithMember *member)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", kith_member_get_id (member));
  json_object_set_string_member (object, "name", kith_member_get_name (member));
  json_object_set_boolean_member (object, "me", kith_member_is_self (member));
  json_object_set_boolean_member (object, "admin", kith_member_get_admin (member));
  json_object_set_boolean_member (object, "online", kith_member_get_online (member));
  json_object_set_int_member (object, "joined", kith_member_get_joined_ms (member));
  json_object_set_boolean_member (object, "endorsed", kith_member_get_endorsed (member));
  return object;
}

JsonObject *
kith_cli_json_join_request (KithJoinRequest *request)
{
  KithContact *brought_by = kith_join_request_get_brought_by (request);
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", kith_join_request_get_id (request));
  json_object_set_string_member (object, "name", kith_join_request_get_name (request));
  json_object_set_string_member (object, "text", kith_join_request_get_text (request));
  json_object_set_int_member (object, "time", kith_join_request_get_time_ms (request));
  json_object_set_boolean_member (object, "contact", kith_join_request_get_contact (request) != NULL);
  json_object_set_boolean_member (object, "by_link", kith_join_request_get_by_link (request));
  json_object_set_string_member (object, "brought_by",
                                 brought_by != NULL ? kith_contact_get_id (brought_by) : NULL);
  return object;
}

/* Who was meant in a line; ourselves are "me". */
static void
add_person (JsonObject *object, const char *member, const char *name_member, KithContact *contact)
{
  json_object_set_string_member (object, member, contact != NULL ? kith_contact_get_id (contact) : "me");
  json_object_set_string_member (object, name_member,
                                 contact != NULL ? kith_contact_get_display_name (contact) : "me");
}

/* What only messages of groups have. */
void
kith_cli_json_add_group_message (JsonObject *object, KithMessage *message)
{
  json_object_set_boolean_member (object, "mention", kith_message_get_mention (message));
  json_object_set_boolean_member (object, "late", kith_message_get_late (message));
  if (kith_message_get_event (message) == NULL)
    return;

  json_object_set_string_member (object, "event_kind", kith_message_get_event (message));
  add_person (object, "event_who", "event_who_name", kith_message_get_event_who (message));
  add_person (object, "event_by", "event_by_name", kith_message_get_event_by (message));
  json_object_set_string_member (object, "event_text", kith_message_get_event_text (message));
}
