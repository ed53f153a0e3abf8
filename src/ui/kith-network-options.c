/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-network-options.h"

#include <glib/gi18n.h>

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
  { "dht-network", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Use a private DHT; 0 is the public one"),
    /* Translators: on a command line: stands for a number that is to be given */
    N_("N") },
  { "proxy", 0, 0, G_OPTION_ARG_STRING, NULL, N_("Send everything through a proxy"),
    /* Translators: on a command line: stands for an address that is to be given */
    N_("URI") },
  G_OPTION_ENTRY_NULL
};

/**
 * kith_network_options_read:
 * @dict: the options that were given
 * @self: (out): what they say
 * @error: as of kith_network_override_check()
 *
 * Main thread.
 *
 * Returns: whether they can be used; @self is to be cleared in any case
 */
gboolean
kith_network_options_read (GVariantDict *dict, KithNetworkOverride *self, GError **error)
{
  *self = (KithNetworkOverride){
    .no_dht = g_variant_dict_contains (dict, "no-dht"),
    .no_lan = g_variant_dict_contains (dict, "no-lan"),
    .no_port_map = g_variant_dict_contains (dict, "no-port-map"),
  };
  g_variant_dict_lookup (dict, "bootstrap", "^as", &self->bootstrap);
  g_variant_dict_lookup (dict, "dht-network", "s", &self->dht_network);
  g_variant_dict_lookup (dict, "proxy", "s", &self->proxy);

  return kith_network_override_check (self, error);
}

/**
 * kith_network_options_dup_words:
 * @self: what the options say
 *
 * Returns: (transfer full): the same, as they stand on a command line
 */
GStrv
kith_network_options_dup_words (const KithNetworkOverride *self)
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
  if (self->dht_network != NULL)
    g_strv_builder_add_many (words, "--dht-network", self->dht_network, NULL);
  if (self->proxy != NULL)
    g_strv_builder_add_many (words, "--proxy", self->proxy, NULL);
  return g_strv_builder_end (words);
}
