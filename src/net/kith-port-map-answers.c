/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What routers say over UPnP, as text that anybody on the network may have written. Pure. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-port-map-private.h"

/**
 * kith_upnp_take_address: (skip)
 * @text: (nullable): the router's external address, as it says; untrusted
 * @port: of the endpoint
 * @external: (out caller-allocates): the address with @port; as it was when it is none
 *
 * Whether the address is of any use is for others to judge; here it has to be one. Any thread.
 *
 * Returns: whether it is an IPv4 address
 */
gboolean
kith_upnp_take_address (const char *text, guint16 port, KithEndpoint *external)
{
  KithEndpoint endpoint;

  if (text == NULL || !kith_endpoint_parse (&endpoint, text, port) || endpoint.family != 4)
    return FALSE;

  *external = endpoint;
  return TRUE;
}

/**
 * kith_upnp_take_url: (skip)
 * @url: (nullable): where it wants to be asked, as it says; untrusted
 * @host: (out caller-allocates): the address in it, with any port
 *
 * No name is asked for: who it leads to would be for a name server to say. Any thread.
 *
 * Returns: whether there is an address in it
 */
gboolean
kith_upnp_take_url (const char *url, KithEndpoint *host)
{
  g_autoptr (GUri) uri = url != NULL ? g_uri_parse (url, G_URI_FLAGS_NONE, NULL) : NULL;

  return uri != NULL && g_uri_get_host (uri) != NULL
         && kith_endpoint_parse (host, g_uri_get_host (uri), 1);
}
