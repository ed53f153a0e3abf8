/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of JSON, and the parts of replies and events. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-json.h"

#include <string.h>

#include "model/kith-transfer.h"
#include "node/kith-explain.h"

/* How a conversation is treated. Muted for good: as late as numbers of JSON go without loss. */
void
kith_cli_json_add_treatment (JsonObject *object, KithConversation *conversation)
{
  const gint64 latest_ms = 9007199254740991;

  json_object_set_int_member (object, "ttl_s", kith_conversation_get_ttl_s (conversation));
  json_object_set_int_member (object, "muted_until",
                              MIN (kith_conversation_get_muted_until_ms (conversation), latest_ms));
  json_object_set_boolean_member (object, "pinned", kith_conversation_get_pinned (conversation));
  json_object_set_boolean_member (object, "archived", kith_conversation_get_archived (conversation));
  json_object_set_boolean_member (object, "marked_unread",
                                  kith_conversation_get_marked_unread (conversation));
}

/* Whether, how and when the user has made sure of a contact. */
void
kith_cli_json_add_verified (JsonObject *object, KithContact *contact)
{
  static const char *const ways[] = { NULL, "number", "code", "words" };
  KithVerified verified = kith_contact_get_verified (contact);

  json_object_set_boolean_member (object, "verified", verified != KITH_VERIFIED_NOT);
  json_object_set_string_member (object, "verified_how", ways[verified]);
  json_object_set_int_member (object, "verified_time", kith_contact_get_verified_ms (contact));
}

JsonObject *
kith_cli_json_contact (KithNode *node, KithContact *contact)
{
  JsonObject *object = json_object_new ();
  KithConversation *conversation = kith_node_get_conversation (node, contact);
  static const char *const relations[] = { "requested", "contact", "declined", "removed", "member" };

  json_object_set_string_member (object, "id", kith_contact_get_id (contact));
  json_object_set_string_member (object, "name", kith_contact_get_display_name (contact));
  json_object_set_string_member (object, "alias", kith_contact_get_alias (contact));
  json_object_set_string_member (object, "relation", relations[kith_contact_get_relation (contact)]);
  json_object_set_boolean_member (object, "online",
                                  kith_contact_get_presence (contact) == KITH_PRESENCE_ONLINE);
  json_object_set_int_member (object, "last_seen", kith_contact_get_last_seen_ms (contact));
  kith_cli_json_add_verified (object, contact);
  json_object_set_boolean_member (object, "name_taken", kith_contact_get_name_taken (contact));
  json_object_set_boolean_member (object, "favourite", kith_contact_get_favourite (contact));
  json_object_set_string_member (object, "note", kith_contact_get_note (contact));
  json_object_set_boolean_member (object, "blocked", kith_contact_get_blocked (contact));
  json_object_set_string_member (object, "address", kith_contact_get_address (contact));
  json_object_set_int_member (object, "unread",
                              conversation != NULL ? kith_conversation_get_unread (conversation) : 0);
  if (conversation != NULL)
    kith_cli_json_add_treatment (object, conversation);
  return object;
}

JsonObject *
kith_cli_json_request (KithRequest *request)
{
  JsonObject *object = json_object_new ();
  g_autofree char *warning = NULL;

  json_object_set_string_member (object, "id", kith_request_get_id (request));
  json_object_set_string_member (object, "name", kith_request_get_name (request));
  json_object_set_string_member (object, "text", kith_request_get_text (request));
  json_object_set_int_member (object, "time", kith_request_get_time_ms (request));
  json_object_set_string_member (object, "address", kith_request_get_address (request));
  json_object_set_boolean_member (object, "online", kith_request_get_online (request));
  json_object_set_boolean_member (object, "name_taken", kith_request_get_name_taken (request));
  if (kith_request_get_name_taken (request))
    warning = kith_explain_name_taken (kith_request_get_name (request));
  json_object_set_string_member (object, "warning", warning);
  return object;
}

static JsonArray *
json_reactions (KithMessage *message)
{
  GPtrArray *reactions = kith_message_get_reactions (message);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < reactions->len; i++)
    {
      const KithReaction *reaction = g_ptr_array_index (reactions, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "from",
                                     reaction->who != NULL ? kith_contact_get_id (reaction->who) : "me");
      json_object_set_string_member (object, "emoji", reaction->emoji);
      json_array_add_object_element (array, object);
    }

  return array;
}

JsonObject *
kith_cli_json_message (KithMessage *message)
{
  JsonObject *object = json_object_new ();
  KithContact *sender = kith_message_get_sender (message);

  json_object_set_string_member (object, "message", kith_message_get_id (message));
  json_object_set_string_member (object, "from", sender != NULL ? kith_contact_get_id (sender) : "me");
  json_object_set_string_member (object, "name",
                                 sender != NULL ? kith_contact_get_display_name (sender) : "me");
  json_object_set_string_member (object, "text", kith_message_get_text (message));
  json_object_set_int_member (object, "time", kith_message_get_time_ms (message));
  json_object_set_string_member (object, "state",
                                 kith_message_state_to_string (kith_message_get_state (message)));
  json_object_set_boolean_member (object, "broadcast", kith_message_get_broadcast (message));
  json_object_set_string_member (object, "kind",
                                 kith_message_kind_to_string (kith_message_get_kind (message)));
  json_object_set_int_member (object, "edited", kith_message_get_edited_ms (message));
  json_object_set_boolean_member (object, "deleted", kith_message_is_deleted (message));
  json_object_set_string_member (object, "reply_to", kith_message_get_reply_to (message));
  json_object_set_array_member (object, "reactions", json_reactions (message));
  json_object_set_int_member (object, "ttl_s", kith_message_get_ttl_s (message));
  json_object_set_int_member (object, "expires", kith_message_get_expires_ms (message));
  json_object_set_int_member (object, "missing", kith_message_get_n_missing (message));
  json_object_set_string_member (object, "transfer",
                                 kith_message_get_transfer (message) != NULL
                                   ? kith_transfer_get_id (kith_message_get_transfer (message))
                                   : NULL);
  kith_cli_json_add_group_message (object, message);
  return object;
}

JsonArray *
kith_cli_json_listening (KithNode *node)
{
  JsonArray *array = json_array_new ();
  g_auto (GStrv) addresses = kith_node_dup_own_addresses (node);

  for (char **address = addresses; *address != NULL; address++)
    {
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "address", *address);
      json_object_set_int_member (object, "port", kith_node_get_listen_port (node));
      json_array_add_object_element (array, object);
    }

  return array;
}

/* --- The ways to others ---------------------------------------------------------------------- */

JsonObject *
kith_cli_json_dht (KithNetwork *network)
{
  static const char *const states[] = {
    [KITH_DHT_STATUS_OFF] = "off",
    [KITH_DHT_STATUS_PROXY] = "proxy",
    [KITH_DHT_STATUS_CONNECTING] = "connecting",
    [KITH_DHT_STATUS_CONNECTED] = "connected",
    [KITH_DHT_STATUS_FAILED] = "failed",
  };
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "state", states[kith_network_get_dht (network)]);
  json_object_set_int_member (object, "nodes", kith_network_get_nodes (network));
  return object;
}

JsonObject *
kith_cli_json_port_map (KithNetwork *network)
{
  static const char *const states[] = {
    [KITH_ROUTER_STATUS_OFF] = "off",
    [KITH_ROUTER_STATUS_PROXY] = "proxy",
    [KITH_ROUTER_STATUS_SEARCHING] = "searching",
    [KITH_ROUTER_STATUS_MAPPED] = "mapped",
    [KITH_ROUTER_STATUS_NONE] = "none",
    [KITH_ROUTER_STATUS_REFUSED] = "refused",
    [KITH_ROUTER_STATUS_DOUBLE_NAT] = "double-nat",
  };
  static const char *const methods[] = {
    [KITH_ROUTER_METHOD_NONE] = NULL,
    [KITH_ROUTER_METHOD_UPNP] = "upnp",
    [KITH_ROUTER_METHOD_NAT_PMP] = "nat-pmp",
    [KITH_ROUTER_METHOD_PCP] = "pcp",
  };
  static const char *const pinholes[] = {
    [KITH_PINHOLE_STATUS_OFF] = "off",
    [KITH_PINHOLE_STATUS_SEARCHING] = "searching",
    [KITH_PINHOLE_STATUS_OPEN] = "open",
    [KITH_PINHOLE_STATUS_NONE] = "none",
    [KITH_PINHOLE_STATUS_REFUSED] = "refused",
  };
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "state", states[kith_network_get_router (network)]);
  json_object_set_string_member (object, "method", methods[kith_network_get_method (network)]);
  json_object_set_string_member (object, "external", kith_network_get_external (network));
  json_object_set_string_member (object, "ipv6", pinholes[kith_network_get_pinhole (network)]);
  return object;
}

JsonObject *
kith_cli_json_lan (KithNetwork *network)
{
  static const char *const states[] = {
    [KITH_LAN_STATUS_OFF] = "off",
    [KITH_LAN_STATUS_PROXY] = "proxy",
    [KITH_LAN_STATUS_ON] = "on",
    [KITH_LAN_STATUS_PRESENTED] = "presented",
    [KITH_LAN_STATUS_FAILED] = "failed",
  };
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "state", states[kith_network_get_lan (network)]);
  return object;
}

JsonObject *
kith_cli_json_nearby (KithNearby *nearby)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", kith_nearby_get_id (nearby));
  json_object_set_string_member (object, "name", kith_nearby_get_name (nearby));
  json_object_set_string_member (object, "address", kith_nearby_get_address (nearby));
  json_object_set_boolean_member (object, "contact", kith_nearby_get_contact (nearby) != NULL);
  return object;
}

JsonObject *
kith_cli_json_invite (KithInvitation *invitation)
{
  static const char *const states[] = {
    [KITH_INVITATION_LIVE] = "live",
    [KITH_INVITATION_USED] = "used",
    [KITH_INVITATION_EXPIRED] = "expired",
    [KITH_INVITATION_REVOKED] = "revoked",
  };
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "invite_id", kith_invitation_get_id (invitation));
  json_object_set_string_member (object, "invite", kith_invitation_get_link (invitation));
  json_object_set_string_member (object, "note", kith_invitation_get_note (invitation));
  json_object_set_int_member (object, "created", kith_invitation_get_created_ms (invitation));
  json_object_set_int_member (object, "expires", kith_invitation_get_expires_ms (invitation));
  json_object_set_string_member (object, "state", states[kith_invitation_get_state (invitation)]);
  json_object_set_string_member (object, "used_by", kith_invitation_get_used_by (invitation));
  json_object_set_boolean_member (object, "misused", kith_invitation_get_misused (invitation));
  return object;
}

/* --- Lists ----------------------------------------------------------------------------------- */

/**
 * kith_cli_json_list:
 * @items: what is listed
 * @describe: (scope call): makes an object of each
 * @node: (nullable): for @describe
 *
 * Returns: (transfer full): them, in their order
 */
JsonArray *
kith_cli_json_list (GListModel *items, KithCliDescribeFunc describe, KithNode *node)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (items, i);

      json_array_add_object_element (array, describe (node, item));
    }

  return array;
}

/* --- Lines ----------------------------------------------------------------------------------- */

/* Whether a string of the line has a NUL in it, which C would take for its end. */
static gboolean
has_nul (const char *line)
{
  for (const char *p = strchr (line, '\\'); p != NULL && p[1] != '\0'; p = strchr (p + 2, '\\'))
    if (g_str_has_prefix (p, "\\u0000"))
      return TRUE;

  return FALSE;
}

/**
 * kith_cli_json_parse:
 * @line: a line from a program; untrusted
 *
 * Returns: (transfer full) (nullable): the object in it; %NULL when it is none
 */
JsonObject *
kith_cli_json_parse (const char *line)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (!g_utf8_validate (line, -1, NULL) || has_nul (line)
      || !json_parser_load_from_data (parser, line, -1, NULL))
    return NULL;

  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root) ? json_node_dup_object (root) : NULL;
}

/**
 * kith_cli_json_to_line:
 * @object: a reply or an event
 *
 * Returns: (transfer full): the object in one line
 */
char *
kith_cli_json_to_line (JsonObject *object)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);

  json_node_set_object (root, object);
  return json_to_string (root, FALSE);
}

static JsonObject *
json_finding (KithNode *node, gpointer item)
{
  KithFinding *finding = item;
  static const char *const levels[] = {
    [KITH_FINDING_GOOD] = "good",
    [KITH_FINDING_NOTE] = "note",
    [KITH_FINDING_PROBLEM] = "problem",
  };
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "level", levels[kith_finding_get_level (finding)]);
  json_object_set_string_member (object, "code", kith_finding_get_code (finding));
  json_object_set_string_member (object, "title", kith_finding_get_title (finding));
  json_object_set_string_member (object, "detail", kith_finding_get_detail (finding));
  json_object_set_string_member (object, "advice", kith_finding_get_advice (finding));
  json_object_set_int_member (object, "time", kith_finding_get_time_ms (finding));
  return object;
}

JsonArray *
kith_cli_json_findings (GListModel *findings)
{
  return kith_cli_json_list (findings, json_finding, NULL);
}
