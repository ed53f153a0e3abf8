/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-network-words.h"

#include <glib/gi18n.h>

#include "ui/kith-address-input.h"
#include "ui/kith-sentence.h"

/**
 * kith_network_words_dup_dht:
 * @network: the network
 *
 * Returns: (transfer full): how it stands with the DHT
 */
char *
kith_network_words_dup_dht (KithNetwork *network)
{
  guint nodes = kith_network_get_nodes (network);

  switch (kith_network_get_dht (network))
    {
    case KITH_DHT_STATUS_OFF:
      return g_strdup (_("Off"));
    case KITH_DHT_STATUS_PROXY:
      return g_strdup (_("Off, because it would go around the proxy"));
    case KITH_DHT_STATUS_CONNECTING:
      /* Translators: those that hold the directory (DHT) in which others are found */
      return g_strdup (_("Looking for the first computers…"));
    case KITH_DHT_STATUS_CONNECTED:
      if (nodes == 0)
        /* Translators: a state: to the directory (DHT) in which others are found */
        return g_strdup (_("Connected"));
      /* Translators: how many computers that hold the directory (DHT) are known */
      return g_strdup_printf (ngettext ("Connected, %u computer known", "Connected, %u computers known", nodes), nodes);
    case KITH_DHT_STATUS_FAILED:
      return g_strdup (_("It could not be started"));
    }

  g_return_val_if_reached (NULL);
}

/**
 * kith_network_words_dup_lan:
 * @network: the network
 *
 * Returns: (transfer full): whether people on the same network find each other
 */
char *
kith_network_words_dup_lan (KithNetwork *network)
{
  switch (kith_network_get_lan (network))
    {
    case KITH_LAN_STATUS_OFF:
      return g_strdup (_("Off"));
    case KITH_LAN_STATUS_PROXY:
      return g_strdup (_("Off, because it would go around the proxy"));
    case KITH_LAN_STATUS_ON:
      return g_strdup (_("Contacts recognize you there, strangers do not"));
    case KITH_LAN_STATUS_PRESENTED:
      return g_strdup (_("Everybody there can see your name"));
    case KITH_LAN_STATUS_FAILED:
      return g_strdup (_("This network does not allow it"));
    }

  g_return_val_if_reached (NULL);
}

/**
 * kith_network_words_dup_router:
 * @network: the network
 *
 * Returns: (transfer full): whether the router lets friends in
 */
char *
kith_network_words_dup_router (KithNetwork *network)
{
  const char *external = kith_network_get_external (network);

  if (kith_network_get_pinhole (network) == KITH_PINHOLE_STATUS_OPEN
      && kith_network_get_router (network) != KITH_ROUTER_STATUS_MAPPED)
    return g_strdup (_("Friends can reach you by IPv6"));

  switch (kith_network_get_router (network))
    {
    case KITH_ROUTER_STATUS_OFF:
      return g_strdup (_("Off"));
    case KITH_ROUTER_STATUS_PROXY:
      return g_strdup (_("Off, because of the proxy"));
    case KITH_ROUTER_STATUS_SEARCHING:
      return g_strdup (_("Asking the router…"));
    case KITH_ROUTER_STATUS_MAPPED:
      /* Translators: an address with port */
      return external != NULL ? kith_sentence_make (_("Friends can reach you at %s"), external)
                              : g_strdup (_("Friends can reach you through it"));
    case KITH_ROUTER_STATUS_NONE:
      return g_strdup (_("No router answered"));
    case KITH_ROUTER_STATUS_REFUSED:
      return g_strdup (_("The router has refused"));
    case KITH_ROUTER_STATUS_DOUBLE_NAT:
      return g_strdup (_("Your router agreed, but stands behind a second one that lets nobody in"));
    }

  g_return_val_if_reached (NULL);
}

/**
 * kith_network_words_dup_reach:
 * @node: the user's node
 *
 * Returns: (transfer full): in a few words whether friends can reach the user
 */
char *
kith_network_words_dup_reach (KithNode *node)
{
  KithNetwork *network = kith_node_get_network (node);
  g_auto (GStrv) addresses = NULL;
  g_autofree char *endpoint = NULL;

  if (kith_network_get_proxy (network) != NULL)
    return g_strdup (_("Through a proxy, friends cannot find me"));
  if (!kith_node_get_listening (node))
    return g_strdup (_("Friends cannot reach me"));
  if (kith_network_get_router (network) == KITH_ROUTER_STATUS_MAPPED
      || kith_network_get_pinhole (network) == KITH_PINHOLE_STATUS_OPEN)
    return g_strdup (_("Reachable through my router"));

  addresses = kith_node_dup_own_addresses (node);
  if (addresses == NULL || addresses[0] == NULL)
    return g_strdup (_("No network"));

  endpoint = kith_address_input_join (addresses[0], kith_node_get_listen_port (node));

  /* Translators: an address with port */
  return kith_sentence_make (_("Reachable at %s"), endpoint);
}
