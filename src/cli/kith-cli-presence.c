/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about what others see of us beside our messages. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-format.h"
#include "cli/kith-cli-handlers.h"
#include "node/kith-node-presence.h"

/* Returns: %FALSE after the call was answered */
static gboolean
take_flag (KithCliCall *call, const char *value, gboolean *flag)
{
  *flag = g_strcmp0 (value, "on") == 0;
  if (*flag || g_strcmp0 (value, "off") == 0)
    return TRUE;

  kith_cli_call_fail_invalid (call, "That takes “on” or “off”");
  return FALSE;
}

void
kith_cli_handle_typing (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *value = kith_cli_call_get_string (call, "on");
  KithContact *contact;
  gboolean on;

  if (!take_flag (call, value != NULL ? value : "on", &on))
    return;

  contact = kith_cli_call_need_contact (call, "to");
  if (contact == NULL)
    return;

  kith_node_set_typing (node, kith_node_get_conversation (node, contact), on);
  kith_cli_call_reply (call, NULL);
}

/* --- Appearing offline ---------------------------------------------------------------------- */

void
kith_cli_handle_appear (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  const char *how = kith_cli_call_get_string (call, "how");
  gboolean hidden = g_strcmp0 (how, "offline") == 0;
  JsonObject *reply;

  if (how != NULL && !hidden && !g_str_equal (how, "online"))
    {
      kith_cli_call_fail_invalid (call, "You can appear “online” or “offline”");
      return;
    }

  if (how != NULL)
    kith_node_set_hidden (node, hidden);
  reply = json_object_new ();
  json_object_set_boolean_member (reply, "hidden",
                                  kith_profile_get_hidden (kith_node_get_profile (node)));
  kith_cli_call_reply_stored (call, reply);
}

char *
kith_cli_format_appear (KithCliCall *call, JsonObject *reply)
{
  if (!json_object_get_boolean_member (reply, "hidden"))
    return g_strdup ("Your contacts see that you are online.");

  return g_strdup (
      "Your contacts are shown that you are offline. Messages go both ways all the same; who writes "
      "to you sees that it arrives, and a changed program could tell that you are there.");
}

/* --- Settings ------------------------------------------------------------------------------- */

static const struct
{
  const char *name;
  gboolean  (*get) (KithNode *node);
  void      (*set) (KithNode *node, gboolean enabled);
} settings[] = {
  { "read-receipts", kith_node_get_read_receipts, kith_node_set_read_receipts },
  { "typing", kith_node_get_tells_typing, kith_node_set_tells_typing },
};

/**
 * kith_cli_privacy_get_setting:
 * @i: a number from 0
 *
 * Returns: (transfer none) (nullable): the name of a setting of `privacy`, %NULL at the end
 */
const char *
kith_cli_privacy_get_setting (guint i)
{
  return i < G_N_ELEMENTS (settings) ? settings[i].name : NULL;
}

/* Returns: %FALSE after the call was answered */
static gboolean
change_setting (KithCliCall *call, const char *name, const char *value)
{
  gboolean enabled;

  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (g_str_equal (settings[i].name, name))
      {
        if (!take_flag (call, value, &enabled))
          return FALSE;
        settings[i].set (kith_cli_call_get_node (call), enabled);
        return TRUE;
      }

  kith_cli_call_fail_invalid (call, "The settings are “read-receipts” and “typing”");
  return FALSE;
}

void
kith_cli_handle_privacy (KithCliCall *call)
{
  const char *name = kith_cli_call_get_string (call, "setting");
  JsonObject *reply;

  if (name != NULL && !change_setting (call, name, kith_cli_call_get_string (call, "value")))
    return;

  reply = json_object_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    json_object_set_boolean_member (reply, settings[i].name,
                                    settings[i].get (kith_cli_call_get_node (call)));
  kith_cli_call_reply_stored (call, reply);
}

char *
kith_cli_format_privacy (KithCliCall *call, JsonObject *reply)
{
  return g_strdup_printf (
      "read-receipts %s: others are %s when you have read, and you when they have\n"
      "typing %s: others are %s while you write, and you while they do",
      json_object_get_boolean_member (reply, "read-receipts") ? "on" : "off",
      json_object_get_boolean_member (reply, "read-receipts") ? "told" : "not told",
      json_object_get_boolean_member (reply, "typing") ? "on" : "off",
      json_object_get_boolean_member (reply, "typing") ? "told" : "not told");
}
