/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where we can be reached: what the interfaces have, what the router gave us, and what others see of
 * us. Behind a proxy nothing is told: it would say what the proxy is to hide. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-own-endpoints.h"

#include "node/kith-networking.h"
#include "node/kith-routes.h"

static void
add_interfaces (KithNode *node, gboolean (*wanted) (const KithEndpoint *), guint8 family,
                KithEndpoints *out)
{
  g_auto (GStrv) addresses = kith_node_dup_own_addresses (node);
  guint16 port = kith_node_get_listen_port (node);

  for (char **address = addresses; *address != NULL; address++)
    {
      KithEndpoint endpoint;

      if (kith_endpoint_parse (&endpoint, *address, port)
          && (family == 0 || endpoint.family == family) && (wanted == NULL || wanted (&endpoint)))
        kith_endpoints_add (out, &endpoint);
    }
}

/* The router's, and behind one that does not talk to us the address that others see: it may pass the
 * port on because its owner told it to. */
static void
add_outside (KithNode *node, KithEndpoints *out)
{
  KithNetworking *networking = node->networking;

  if (networking->has_external)
    kith_endpoints_add (out, &networking->external);

  for (guint i = 0; i < networking->n_seen; i++)
    {
      KithEndpoint endpoint = networking->seen[i];

      endpoint.port = kith_node_get_listen_port (node);
      kith_endpoints_add (out, &endpoint);
    }
}

/* A router or another network can only lead to a listener that is not bound to one address. */
static gboolean
is_everywhere (KithNode *node)
{
  const char *address = kith_node_get_listen_address (node);
  g_autoptr (GInetAddress) bound = g_inet_address_new_from_string (address);

  return *address == '\0' || (bound != NULL && g_inet_address_get_is_any (bound));
}

/**
 * kith_own_endpoints_list: (skip)
 * @node: a node
 * @out: (out): where we can be reached, what reaches furthest first; none when we do not listen
 */
void
kith_own_endpoints_list (KithNode *node, KithEndpoints *out)
{
  out->n = 0;
  if (node->listener == NULL || node->networking->config->proxy != NULL)
    return;

  if (kith_own_endpoints_is_local (node))
    {
      add_interfaces (node, NULL, 0, out);
      return;
    }

  add_interfaces (node, kith_endpoint_is_global, 6, out);
  if (is_everywhere (node))
    add_outside (node, out);
  add_interfaces (node, kith_endpoint_is_global, 4, out);
  add_interfaces (node, NULL, 4, out);
  add_interfaces (node, NULL, 6, out);
}

/**
 * kith_own_endpoints_is_ours: (skip)
 * @node: a node
 * @endpoint: an endpoint of somebody else
 *
 * Returns: whether its address is one that we are seen with from outside: then we share a router
 */
gboolean
kith_own_endpoints_is_ours (KithNode *node, const KithEndpoint *endpoint)
{
  KithEndpoints outside = { .n = 0 };

  if (!kith_endpoint_is_global (endpoint))
    return FALSE;

  add_outside (node, &outside);
  for (guint i = 0; i < outside.n; i++)
    {
      KithEndpoint ours = outside.items[i];

      ours.port = endpoint->port;
      if (kith_endpoint_equal (&ours, endpoint))
        return TRUE;
    }

  return FALSE;
}

/**
 * kith_own_endpoints_is_local: (skip)
 * @node: a node
 *
 * Returns: whether we listen on this machine alone, so that loopback addresses mean something
 */
gboolean
kith_own_endpoints_is_local (KithNode *node)
{
  KithEndpoint bound;

  return kith_endpoint_parse (&bound, kith_node_get_listen_address (node), 1)
         && kith_endpoint_is_loopback (&bound);
}

/**
 * kith_own_endpoints_seen: (skip)
 * @node: a node
 * @seen: an address with which others say they see us; a hint that costs little when it is wrong
 */
void
kith_own_endpoints_seen (KithNode *node, const KithEndpoint *seen)
{
  KithNetworking *networking = node->networking;
  KithEndpoint endpoint = *seen;

  endpoint.port = KITH_DEFAULT_PORT;
  if (!kith_endpoint_is_dialable (&endpoint) || !kith_endpoint_is_global (&endpoint))
    return;

  for (guint i = 0; i < networking->n_seen; i++)
    if (kith_endpoint_equal (&networking->seen[i], &endpoint))
      return;

  if (networking->n_seen == G_N_ELEMENTS (networking->seen))
    networking->n_seen--;
  for (guint i = networking->n_seen; i > 0; i--)
    networking->seen[i] = networking->seen[i - 1];
  networking->seen[0] = endpoint;
  networking->n_seen++;
  kith_networking_endpoints_changed (networking);
}
