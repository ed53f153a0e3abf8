/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options of the command line that say which ways to others are taken. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-network-options.h"

/**
 * kith_cli_network_options_clear:
 * @self: options
 *
 * Frees what is in them.
 */
void
kith_cli_network_options_clear (KithCliNetworkOptions *self)
{
  g_clear_pointer (&self->bootstrap, g_strfreev);
  g_clear_pointer (&self->proxy, g_free);
}

/* @words: (transfer full) (nullable): what is wrong with it */
static gboolean
accept_or_refuse (const char *option, char *words, GError **error)
{
  if (words == NULL)
    return TRUE;

  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "%s: %s", option, words);
  g_free (words);
  return FALSE;
}

/**
 * kith_cli_network_options_check:
 * @self: what was given on the command line
 * @error: for plain words
 *
 * Returns: whether each of them can be used
 */
gboolean
kith_cli_network_options_check (KithCliNetworkOptions *self, GError **error)
{
  for (char **place = self->bootstrap; place != NULL && *place != NULL; place++)
    if (!accept_or_refuse ("--bootstrap", kith_network_check_bootstrap (*place), error))
      return FALSE;

  if (self->dht_network < -1 || self->dht_network > G_MAXUINT32)
    return accept_or_refuse ("--dht-network",
                             g_strdup_printf ("that takes a number from 0 to %u", G_MAXUINT32), error);
  if (self->no_lan && self->lan_present)
    return accept_or_refuse ("--lan-present", g_strdup ("that does not go together with --no-lan"), error);

  return self->proxy == NULL
         || accept_or_refuse ("--proxy", kith_network_check_proxy (self->proxy), error);
}

/**
 * kith_cli_network_options_put_in_force:
 * @self: what was given on the command line, checked
 * @node: an open node that is not online yet
 * @error: as of kith_node_override_network_config()
 *
 * What was not given stays as it is stored. Main thread.
 *
 * Returns: whether that worked
 */
gboolean
kith_cli_network_options_put_in_force (const KithCliNetworkOptions *self, KithNode *node, GError **error)
{
  g_autoptr (KithNetworkConfig) config = kith_network_config_copy (kith_node_get_network_config (node));

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
  config->dht &= !self->no_dht;
  config->lan &= !self->no_lan;
  config->lan |= self->lan_present;
  config->lan_present |= self->lan_present;
  config->port_map &= !self->no_port_map;

  if (self->bootstrap == NULL && self->dht_network < 0 && self->proxy == NULL && !self->no_dht
      && !self->no_lan && !self->lan_present && !self->no_port_map)
    return TRUE;

  return kith_node_override_network_config (node, config, error);
}
