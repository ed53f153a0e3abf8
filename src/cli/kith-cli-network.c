/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands about the ways to others: which are taken, who is nearby, and why somebody cannot be
 * reached. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-handlers.h"
#include "cli/kith-cli-json.h"

#include "node/kith-node-doctor.h"

#define NEARBY_ANSWERS_MS 1000

/* --- Settings ------------------------------------------------------------------------------- */

static gboolean
set_flag (gboolean *flag, const char *value, char **words)
{
  if (!g_str_equal (value, "on") && !g_str_equal (value, "off"))
    {
      *words = g_strdup ("That takes “on” or “off”");
      return FALSE;
    }

  *flag = g_str_equal (value, "on");
  return TRUE;
}

static gboolean
set_dht (KithNetworkConfig *config, const char *value, char **words)
{
  return set_flag (&config->dht, value, words);
}

static gboolean
set_lan (KithNetworkConfig *config, const char *value, char **words)
{
  return set_flag (&config->lan, value, words);
}

static gboolean
set_present (KithNetworkConfig *config, const char *value, char **words)
{
  return set_flag (&config->lan_present, value, words);
}

static gboolean
set_port_map (KithNetworkConfig *config, const char *value, char **words)
{
  return set_flag (&config->port_map, value, words);
}

/* Places are separated by blanks. */
static gboolean
set_bootstrap (KithNetworkConfig *config, const char *value, char **words)
{
  g_autoptr (GStrvBuilder) places = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit (value, " ", -1);

  for (char **part = parts; *part != NULL; part++)
    {
      if (**part == '\0')
        continue;

      *words = kith_network_check_bootstrap (*part);
      if (*words != NULL)
        return FALSE;

      g_strv_builder_add (places, *part);
    }

  g_strfreev (config->bootstrap);
  config->bootstrap = g_strv_builder_end (places);
  return TRUE;
}

static gboolean
set_proxy (KithNetworkConfig *config, const char *value, char **words)
{
  gboolean is_none = g_str_equal (value, "none");

  *words = is_none ? NULL : kith_network_check_proxy (value);
  if (*words != NULL)
    return FALSE;

  g_free (config->proxy);
  config->proxy = is_none ? NULL : g_strdup (value);
  return TRUE;
}

typedef struct
{
  const char *name;
  /* Puts @value into @config, or says in @words (transfer full) what is wrong with it. */
  gboolean  (*set) (KithNetworkConfig *config, const char *value, char **words);
} Setting;

static const Setting settings[] = {
  { "dht", set_dht },         { "bootstrap", set_bootstrap }, { "lan", set_lan },
  { "present", set_present }, { "port-map", set_port_map },   { "proxy", set_proxy },
};

/**
 * kith_cli_network_get_setting:
 * @i: from 0
 *
 * Returns: (transfer none) (nullable): the name of a setting; %NULL after the last one
 */
const char *
kith_cli_network_get_setting (guint i)
{
  return i < G_N_ELEMENTS (settings) ? settings[i].name : NULL;
}

static const Setting *
find_setting (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (settings); i++)
    if (g_str_equal (settings[i].name, name))
      return &settings[i];

  return NULL;
}

static void
reply_config (KithCliCall *call)
{
  const KithNetworkConfig *config = kith_node_get_network_config (kith_cli_call_get_node (call));
  JsonObject *reply = json_object_new ();
  JsonArray *bootstrap = json_array_new ();

  for (char **place = config->bootstrap; place != NULL && *place != NULL; place++)
    json_array_add_string_element (bootstrap, *place);

  json_object_set_boolean_member (reply, "dht", config->dht);
  json_object_set_array_member (reply, "bootstrap", bootstrap);
  json_object_set_int_member (reply, "dht_network", config->dht_network);
  json_object_set_boolean_member (reply, "lan", config->lan);
  json_object_set_boolean_member (reply, "present", config->lan_present);
  json_object_set_boolean_member (reply, "port_map", config->port_map);
  json_object_set_string_member (reply, "proxy", config->proxy);
  kith_cli_call_reply_stored (call, reply);
}

static void
change_setting (KithCliCall *call, const Setting *setting, const char *value)
{
  KithNode *node = kith_cli_call_get_node (call);
  g_autoptr (KithNetworkConfig) config = kith_network_config_copy (kith_node_get_network_config (node));
  g_autofree char *words = NULL;
  g_autoptr (GError) error = NULL;

  if (!setting->set (config, value, &words))
    kith_cli_call_fail_invalid (call, words);
  else if (!kith_node_set_network_config (node, config, &error))
    kith_cli_call_fail (call, error, error->message);
  else
    reply_config (call);
}

void
kith_cli_handle_network (KithCliCall *call)
{
  const char *name = kith_cli_call_get_string (call, "setting");
  const char *value = kith_cli_call_get_string (call, "value");
  const Setting *setting = name != NULL ? find_setting (name) : NULL;

  if (name == NULL)
    reply_config (call);
  else if (setting == NULL)
    kith_cli_call_fail_invalid (call, "There is no such setting. They are: dht, bootstrap, lan, present, "
                                      "port-map, proxy.");
  else if (value == NULL)
    kith_cli_call_fail_invalid (call, "What should it be? “on” or “off”, places, or a proxy.");
  else
    change_setting (call, setting, value);
}

/* --- Who is nearby -------------------------------------------------------------------------- */

static JsonObject *
json_nearby (KithNode *node, gpointer item)
{
  return kith_cli_json_nearby (item);
}

static void
reply_nearby (KithCliCall *call)
{
  kith_cli_call_reply_list (call, "nearby", kith_node_get_nearby (kith_cli_call_get_node (call)), json_nearby);
}

static gboolean
nearby_waited_cb (gpointer user_data)
{
  KithCliCall *call = user_data;

  if (kith_cli_call_get_node (call) != NULL)
    reply_nearby (call);
  else
    kith_cli_call_fail_locked (call);
  return G_SOURCE_REMOVE;
}

/* Whoever is there has a moment to say so; at the end of the client there is no moment. */
void
kith_cli_handle_nearby (KithCliCall *call)
{
  KithCliApp *app = kith_cli_call_get_app (call);
  g_autoptr (GSource) wait = g_timeout_source_new (NEARBY_ANSWERS_MS);
  g_autoptr (GSource) end = g_cancellable_source_new (kith_cli_app_get_cancellable (app));

  kith_node_refresh_nearby (kith_cli_call_get_node (call));
  g_source_set_dummy_callback (end);
  g_source_add_child_source (wait, end);
  g_source_set_callback (wait, nearby_waited_cb, call, NULL);
  g_source_attach (wait, NULL);
}

void
kith_cli_handle_ask (KithCliCall *call)
{
  KithNode *node = kith_cli_call_get_node (call);
  g_autoptr (GError) error = NULL;
  KithNearby *nearby = kith_node_find_nearby (node, kith_cli_call_get_string (call, "who"), &error);

  if (nearby != NULL)
    kith_node_connect_nearby_async (node, nearby, kith_cli_call_get_string (call, "text"),
                                    kith_cli_app_get_cancellable (kith_cli_call_get_app (call)),
                                    kith_cli_connected_cb, call);
  else
    kith_cli_call_fail (call, error, error->message);
}

/* --- The doctor ----------------------------------------------------------------------------- */

static void
diagnosed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) findings = kith_node_diagnose_finish (KITH_NODE (source), result, &error);
  JsonObject *reply;

  if (findings == NULL)
    {
      kith_cli_call_fail (call, error, NULL);
      return;
    }

  reply = json_object_new ();
  json_object_set_array_member (reply, "findings", kith_cli_json_findings (findings));
  kith_cli_call_reply (call, reply);
}

void
kith_cli_handle_diagnose (KithCliCall *call)
{
  KithContact *contact = NULL;

  if (kith_cli_call_get_string (call, "who") != NULL)
    {
      contact = kith_cli_call_need_contact (call, "who");
      if (contact == NULL)
        return;
    }

  kith_node_diagnose_async (kith_cli_call_get_node (call), contact,
                            kith_cli_app_get_cancellable (kith_cli_call_get_app (call)), diagnosed_cb, call);
}
