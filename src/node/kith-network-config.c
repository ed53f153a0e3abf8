/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user wants of the network: kept among the settings of the profile. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/kith-limits.h"
#include "node/kith-networking.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"

/**
 * kith_network_config_new:
 *
 * Returns: (transfer full): the defaults
 */
KithNetworkConfig *
kith_network_config_new (void)
{
  KithNetworkConfig *self = g_new0 (KithNetworkConfig, 1);
  const char *bootstrap[] = { KITH_DEFAULT_BOOTSTRAP, NULL };

  self->dht = self->lan = self->port_map = TRUE;
  self->bootstrap = g_strdupv ((char **) bootstrap);
  return self;
}

/**
 * kith_network_config_copy:
 * @self: a config
 *
 * Returns: (transfer full): a copy
 */
KithNetworkConfig *
kith_network_config_copy (const KithNetworkConfig *self)
{
  KithNetworkConfig *copy = g_memdup2 (self, sizeof *self);

  copy->bootstrap = g_strdupv (self->bootstrap);
  copy->proxy = g_strdup (self->proxy);
  return copy;
}

/**
 * kith_network_config_free:
 * @self: (transfer full) (nullable): a config
 */
void
kith_network_config_free (KithNetworkConfig *self)
{
  if (self == NULL)
    return;

  g_strfreev (self->bootstrap);
  g_free (self->proxy);
  g_free (self);
}

/* --- Checking ------------------------------------------------------------------------------- */

static gboolean
is_host_and_port (const char *text)
{
  g_autoptr (GSocketConnectable) parsed = NULL;
  const char *host;

  if (strpbrk (text, " \t\r\n/@?#,") != NULL)
    return FALSE;

  parsed = g_network_address_parse (text, 0, NULL);
  if (parsed == NULL)
    return FALSE;

  host = g_network_address_get_hostname (G_NETWORK_ADDRESS (parsed));
  return *host != '\0' && strlen (host) <= KITH_LIMIT_HOST_BYTES
         && g_network_address_get_port (G_NETWORK_ADDRESS (parsed)) != 0;
}

/**
 * kith_network_check_bootstrap:
 * @text: where to enter the DHT, as somebody has typed it
 *
 * Returns: (transfer full) (nullable): plain words for what is wrong; %NULL when nothing is
 */
char *
kith_network_check_bootstrap (const char *text)
{
  if (text != NULL && is_host_and_port (text))
    return NULL;

  return g_strdup (_("That is not a host and a port. It looks like bootstrap.jami.net:4222, "
                     "192.0.2.1:4222 or [2001:db8::1]:4222."));
}

/**
 * kith_network_check_proxy:
 * @text: a proxy, as somebody has typed it
 *
 * Returns: (transfer full) (nullable): plain words for what is wrong; %NULL when nothing is
 */
char *
kith_network_check_proxy (const char *text)
{
  static const char *const schemes[] = { "socks5", "socks4a", "socks4", "socks", "http", NULL };
  g_autoptr (GUri) uri = NULL;

  if (text != NULL && strpbrk (text, " \t\r\n") == NULL)
    uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);

  if (uri != NULL && g_strv_contains (schemes, g_uri_get_scheme (uri))
      && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0' && g_uri_get_port (uri) > 0
      && strlen (g_uri_get_path (uri)) <= 1 && g_uri_get_query (uri) == NULL
      && g_uri_get_fragment (uri) == NULL)
    return NULL;

  return g_strdup (_("That is not a proxy. It looks like socks5://127.0.0.1:9050 (Tor) or "
                     "http://proxy.example.org:3128."));
}

/**
 * kith_network_check_bootstraps: (skip)
 * @hosts: (array zero-terminated=1): all the places where to enter the DHT
 *
 * Returns: (transfer full) (nullable): plain words for what is wrong; %NULL when nothing is
 */
char *
kith_network_check_bootstraps (char **hosts)
{
  char *wrong = NULL;

  for (char **host = hosts; *host != NULL && wrong == NULL; host++)
    wrong = kith_network_check_bootstrap (*host);

  if (wrong == NULL && g_strv_length (hosts) > KITH_LIMIT_DHT_BOOTSTRAP_HOSTS)
    wrong = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                          /* Translators: how many computers may be set, through which the network (DHT) is found */
                                          "There can be at most %d host to enter the network at.",
                                          "There can be at most %d hosts to enter the network at.",
                                          KITH_LIMIT_DHT_BOOTSTRAP_HOSTS),
                             KITH_LIMIT_DHT_BOOTSTRAP_HOSTS);

  return wrong;
}

/**
 * kith_network_config_check: (skip)
 * @self: a config
 * @error: return location for a #GError
 *
 * Returns: whether it can be put in force; %KITH_ERROR_INVALID with words for people otherwise
 */
gboolean
kith_network_config_check (const KithNetworkConfig *self, GError **error)
{
  g_autofree char *wrong = NULL;

  if (self->proxy != NULL)
    wrong = kith_network_check_proxy (self->proxy);
  if (wrong == NULL && self->bootstrap != NULL)
    wrong = kith_network_check_bootstraps (self->bootstrap);
  if (wrong == NULL)
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, wrong);
  return FALSE;
}

/* --- Keeping -------------------------------------------------------------------------------- */

/**
 * kith_network_config_load: (skip)
 * @self: the defaults
 * @node: a node that has its settings
 *
 * Takes over what is stored. What makes no sense, as in a backup from somewhere, is left out.
 */
void
kith_network_config_load (KithNetworkConfig *self, KithNode *node)
{
  const char *bootstrap = kith_node_get_setting (node, KITH_SETTING_BOOTSTRAP);
  const char *proxy = kith_node_get_setting (node, KITH_SETTING_PROXY);

  self->dht = kith_node_get_setting_int (node, KITH_SETTING_DHT) != 0;
  self->lan = kith_node_get_setting_int (node, KITH_SETTING_LAN) != 0;
  self->lan_present = kith_node_get_setting_int (node, KITH_SETTING_LAN_PRESENT) != 0;
  self->port_map = kith_node_get_setting_int (node, KITH_SETTING_PORT_MAP) != 0;

  if (bootstrap != NULL)
    {
      g_autoptr (KithNetworkConfig) stored = kith_network_config_new ();

      g_strfreev (stored->bootstrap);
      stored->bootstrap = *bootstrap != '\0' ? g_strsplit (bootstrap, " ", -1) : g_new0 (char *, 1);
      if (kith_network_config_check (stored, NULL))
        {
          g_strfreev (self->bootstrap);
          self->bootstrap = g_steal_pointer (&stored->bootstrap);
        }
    }

  if (proxy != NULL)
    {
      g_autofree char *wrong = kith_network_check_proxy (proxy);

      g_free (self->proxy);
      /* A proxy that cannot be understood is not a reason to go around it. */
      self->proxy = g_strdup (wrong == NULL ? proxy : "socks5://127.0.0.1:9");
    }
}

static void
store_flag (KithNode *node, const char *name, gboolean value, gboolean before)
{
  if (value != before)
    kith_node_set_setting_int (node, name, value);
}

/**
 * kith_network_config_store: (skip)
 * @self: a config that was checked
 * @before: the one in force
 * @node: a node
 *
 * Stores what differs: the rest may come from options that count for this run only.
 */
void
kith_network_config_store (const KithNetworkConfig *self, const KithNetworkConfig *before, KithNode *node)
{
  g_autofree char *bootstrap = g_strjoinv (" ", self->bootstrap);

  store_flag (node, KITH_SETTING_DHT, self->dht, before->dht);
  store_flag (node, KITH_SETTING_LAN, self->lan, before->lan);
  store_flag (node, KITH_SETTING_LAN_PRESENT, self->lan_present, before->lan_present);
  store_flag (node, KITH_SETTING_PORT_MAP, self->port_map, before->port_map);
  if (!g_strv_equal ((const char *const *) self->bootstrap, (const char *const *) before->bootstrap))
    kith_node_set_setting (node, KITH_SETTING_BOOTSTRAP,
                           g_str_equal (bootstrap, KITH_DEFAULT_BOOTSTRAP) ? NULL : bootstrap);
  if (g_strcmp0 (self->proxy, before->proxy) != 0)
    kith_node_set_setting (node, KITH_SETTING_PROXY, self->proxy);
}
