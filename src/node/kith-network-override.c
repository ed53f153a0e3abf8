/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command line says about the network, of whichever face. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-network-override.h"

#include <glib/gi18n-lib.h>

#include "base/kith-error.h"
#include "node/kith-networking.h"

/**
 * kith_network_override_clear:
 * @self: what the command line says
 *
 * Frees what is in it; it is empty then.
 */
void
kith_network_override_clear (KithNetworkOverride *self)
{
  g_strfreev (self->bootstrap);
  g_free (self->dht_network);
  g_free (self->proxy);
  *self = (KithNetworkOverride){ 0 };
}

static gboolean
read_number (const char *text, guint32 *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT32, &value, NULL))
    return FALSE;

  *number = (guint32) value;
  return TRUE;
}

/* @words: (transfer full) (nullable): what is wrong with it */
static gboolean
accept_or_refuse (const char *option, char *words, GError **error)
{
  if (words == NULL)
    return TRUE;

  g_set_error (error, KITH_ERROR, KITH_ERROR_INVALID, "%s: %s", option, words);
  g_free (words);
  return FALSE;
}

static char *
check_number (const char *text)
{
  guint32 number;

  if (read_number (text, &number))
    return NULL;

  /* Translators: what an option of the command line takes; %u is the greatest number that is possible */
  return g_strdup_printf (_("That is not a number from 0 to %u."), G_MAXUINT32);
}

/**
 * kith_network_override_check:
 * @self: what the command line says; untrusted
 * @error: KITH_ERROR_INVALID, with words for people in which the option stands
 *
 * Returns: whether all of it can be put in force
 */
gboolean
kith_network_override_check (const KithNetworkOverride *self, GError **error)
{
  if (self->bootstrap != NULL
      && !accept_or_refuse ("--bootstrap", kith_network_check_bootstraps (self->bootstrap), error))
    return FALSE;
  if (self->dht_network != NULL
      && !accept_or_refuse ("--dht-network", check_number (self->dht_network), error))
    return FALSE;
  /* In kith-cli alone, which speaks English. */
  if (self->no_lan && self->lan_present)
    return accept_or_refuse ("--lan-present", g_strdup ("that does not go together with --no-lan"), error);

  return self->proxy == NULL
         || accept_or_refuse ("--proxy", kith_network_check_proxy (self->proxy), error);
}

static gboolean
is_empty (const KithNetworkOverride *self)
{
  return self->bootstrap == NULL && self->dht_network == NULL && self->proxy == NULL && !self->no_dht
         && !self->no_lan && !self->lan_present && !self->no_port_map;
}

/* (transfer full): @stored, and over it what the command line says */
static KithNetworkConfig *
lay_over (const KithNetworkOverride *self, const KithNetworkConfig *stored)
{
  KithNetworkConfig *config = kith_network_config_copy (stored);

  if (self->bootstrap != NULL)
    {
      g_strfreev (config->bootstrap);
      config->bootstrap = g_strdupv (self->bootstrap);
    }
  if (self->dht_network != NULL)
    read_number (self->dht_network, &config->dht_network);
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
  return config;
}

/**
 * kith_network_override_put_in_force:
 * @self: what the command line says
 * @node: an open node that is not online yet
 * @error: as of kith_network_override_check()
 *
 * What is not said stays as it is stored. Whoever asked for a proxy is not to be online without it: if this fails, @node
 * is not to listen either.
 *
 * Returns: whether it is in force
 */
gboolean
kith_network_override_put_in_force (const KithNetworkOverride *self, KithNode *node, GError **error)
{
  g_autoptr (KithNetworkConfig) config = NULL;

  if (is_empty (self))
    return TRUE;
  if (!kith_network_override_check (self, error))
    return FALSE;

  config = lay_over (self, kith_node_get_network_config (node));
  return kith_node_override_network_config (node, config, error);
}
