/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-network-options.h"

#include <glib/gi18n.h>

#include "base/kith-limits.h"

struct _KithNetworkOptions
{
  gboolean no_dht;
  gboolean no_lan;
  gboolean no_port_map;
  char **bootstrap;    /* (owned) (nullable) */
  gint32 dht_network;  /* -1 = not given */
  char *proxy;         /* (owned) (nullable) */
};

const GOptionEntry kith_network_options_entries[] = {
  { "no-dht", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Do not use the DHT"), NULL },
  { "no-lan", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Do not look for people on the same network"),
    NULL },
  { "no-port-map", 0, 0, G_OPTION_ARG_NONE, NULL, N_("Do not ask the router to let friends in"),
    NULL },
  { "bootstrap", 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL,
    N_("Enter the DHT there; can be given several times"),
    /* Translators: on a command line: stands for what is to be given */
    N_("HOST:PORT") },
  { "dht-network", 0, 0, G_OPTION_ARG_INT, NULL, N_("Use a private DHT; 0 is the public one"),
    /* Translators: on a command line: stands for a number that is to be given */
    N_("N") },
  { "proxy", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Send everything through a proxy"),
    /* Translators: on a command line: stands for an address that is to be given */
    N_("URI") },
  G_OPTION_ENTRY_NULL
};

static char *
check (const KithNetworkOptions *self)
{
  for (guint i = 0; self->bootstrap != NULL && self->bootstrap[i] != NULL; i++)
    {
      char *complaint = kith_network_check_bootstrap (self->bootstrap[i]);

      if (complaint != NULL)
        return complaint;
    }

  if (self->bootstrap != NULL && g_strv_length (self->bootstrap) > KITH_LIMIT_DHT_BOOTSTRAP_HOSTS)
    return g_strdup (_("--bootstrap is given too often"));

  if (self->dht_network < -1)
    return g_strdup (_("--dht-network takes a number from 0 on"));

  return self->proxy != NULL ? kith_network_check_proxy (self->proxy) : NULL;
}

/**
 * kith_network_options_new:
 * @dict: the options that were given
 * @complaint: (out) (transfer full): what is wrong with them, in plain words
 *
 * Returns: (transfer full) (nullable): the options; %NULL with @complaint when they are not valid
 */
KithNetworkOptions *
kith_network_options_new (GVariantDict *dict, char **complaint)
{
  g_autoptr (KithNetworkOptions) self = g_new0 (KithNetworkOptions, 1);

  self->dht_network = -1;
  self->no_dht = g_variant_dict_contains (dict, "no-dht");
  self->no_lan = g_variant_dict_contains (dict, "no-lan");
  self->no_port_map = g_variant_dict_contains (dict, "no-port-map");
  g_variant_dict_lookup (dict, "bootstrap", "^as", &self->bootstrap);
  g_variant_dict_lookup (dict, "dht-network", "i", &self->dht_network);
  g_variant_dict_lookup (dict, "proxy", "s", &self->proxy);

  *complaint = check (self);

  return *complaint == NULL ? g_steal_pointer (&self) : NULL;
}

/**
 * kith_network_options_free:
 * @self: (nullable) (transfer full): options
 */
void
kith_network_options_free (KithNetworkOptions *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->bootstrap);
  g_free (self->proxy);
  g_free (self);
}

/**
 * kith_network_options_dup_words:
 * @self: options
 *
 * Returns: (transfer full): the same, as they stand on a command line
 */
GStrv
kith_network_options_dup_words (const KithNetworkOptions *self)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  if (self->no_dht)
    g_strv_builder_add (words, "--no-dht");
  if (self->no_lan)
    g_strv_builder_add (words, "--no-lan");
  if (self->no_port_map)
    g_strv_builder_add (words, "--no-port-map");
  for (guint i = 0; self->bootstrap != NULL && self->bootstrap[i] != NULL; i++)
    g_strv_builder_add_many (words, "--bootstrap", self->bootstrap[i], NULL);
  if (self->dht_network >= 0)
    {
      g_autofree char *number = g_strdup_printf ("%d", self->dht_network);

      g_strv_builder_add_many (words, "--dht-network", number, NULL);
    }
  if (self->proxy != NULL)
    g_strv_builder_add_many (words, "--proxy", self->proxy, NULL);
  return g_strv_builder_end (words);
}

static gboolean
is_empty (const KithNetworkOptions *self)
{
  return !self->no_dht && !self->no_lan && !self->no_port_map && self->bootstrap == NULL
         && self->dht_network < 0 && self->proxy == NULL;
}

/**
 * kith_network_options_apply:
 * @self: options
 * @node: a node that is not online yet
 *
 * @error: return location for a #GError
 *
 * Puts them in force, over what is stored. Whoever asked for a proxy is not to be online without it: if this fails, @node
 * is not to listen either.
 *
 * Returns: whether they are in force
 */
gboolean
kith_network_options_apply (const KithNetworkOptions *self, KithNode *node, GError **error)
{
  g_autoptr (KithNetworkConfig) config = NULL;

  if (is_empty (self))
    return TRUE;

  config = kith_network_config_copy (kith_node_get_network_config (node));
  config->dht = config->dht && !self->no_dht;
  config->lan = config->lan && !self->no_lan;
  config->port_map = config->port_map && !self->no_port_map;
  if (self->bootstrap != NULL)
    {
      g_strfreev (config->bootstrap);
      config->bootstrap = g_strdupv (self->bootstrap);
    }
  if (self->dht_network >= 0)
    config->dht_network = (guint32) self->dht_network;
  if (self->proxy != NULL)
    {
      g_free (config->proxy);
      config->proxy = g_strdup (self->proxy);
    }

  return kith_node_override_network_config (node, config, error);
}
