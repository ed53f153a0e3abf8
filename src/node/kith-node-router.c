/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The router of the home: when it is asked to let friends in, and what is shown of it. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-networking.h"
#include "node/kith-own-endpoints.h"

static gboolean
is_proxied (KithNetworking *self)
{
  return self->config->proxy != NULL;
}

static KithRouterStatus
router_status (KithNetworking *self)
{
  if (is_proxied (self))
    return KITH_ROUTER_STATUS_PROXY;
  if (self->port_map == NULL)
    return KITH_ROUTER_STATUS_OFF;

  switch (kith_port_map_get_state (self->port_map))
    {
    case KITH_PORT_MAP_OFF:
      break;
    case KITH_PORT_MAP_SEARCHING:
      return KITH_ROUTER_STATUS_SEARCHING;
    case KITH_PORT_MAP_MAPPED:
      return KITH_ROUTER_STATUS_MAPPED;
    case KITH_PORT_MAP_NO_ROUTER:
      return KITH_ROUTER_STATUS_NONE;
    case KITH_PORT_MAP_REFUSED:
      return KITH_ROUTER_STATUS_REFUSED;
    case KITH_PORT_MAP_DOUBLE_NAT:
      return KITH_ROUTER_STATUS_DOUBLE_NAT;
    }

  return KITH_ROUTER_STATUS_OFF;
}

static KithRouterMethod
router_method (KithNetworking *self)
{
  switch (self->port_map != NULL ? kith_port_map_get_method (self->port_map)
                                 : KITH_PORT_MAP_METHOD_NONE)
    {
    case KITH_PORT_MAP_METHOD_UPNP:
      return KITH_ROUTER_METHOD_UPNP;
    case KITH_PORT_MAP_METHOD_NAT_PMP:
      return KITH_ROUTER_METHOD_NAT_PMP;
    case KITH_PORT_MAP_METHOD_PCP:
      return KITH_ROUTER_METHOD_PCP;
    case KITH_PORT_MAP_METHOD_NONE:
      break;
    }

  return KITH_ROUTER_METHOD_NONE;
}

static KithPinholeStatus
pinhole_status (KithNetworking *self)
{
  switch (self->port_map != NULL ? kith_port_map_get_pinhole (self->port_map) : KITH_PORT_MAP_OFF)
    {
    case KITH_PORT_MAP_SEARCHING:
      return KITH_PINHOLE_STATUS_SEARCHING;
    case KITH_PORT_MAP_MAPPED:
      return KITH_PINHOLE_STATUS_OPEN;
    case KITH_PORT_MAP_NO_ROUTER:
      return KITH_PINHOLE_STATUS_NONE;
    case KITH_PORT_MAP_REFUSED:
    case KITH_PORT_MAP_DOUBLE_NAT:
      return KITH_PINHOLE_STATUS_REFUSED;
    case KITH_PORT_MAP_OFF:
      break;
    }

  return KITH_PINHOLE_STATUS_OFF;
}

static void
router_changed (KithNetworking *self)
{
  g_autofree char *text = NULL;

  self->has_external = self->port_map != NULL
                       && kith_port_map_get_state (self->port_map) == KITH_PORT_MAP_MAPPED
                       && kith_port_map_get_external (self->port_map, &self->external);
  if (self->has_external)
    text = kith_endpoint_dup_text (&self->external);

  kith_network_set_external (self->model, text);
  kith_network_set_method (self->model, router_method (self));
  kith_network_set_pinhole (self->model, pinhole_status (self));
  kith_network_set_router (self->model, router_status (self));
  kith_networking_endpoints_changed (self);
}

static void
router_changed_cb (GObject *port_map, GParamSpec *pspec, gpointer user_data)
{
  router_changed (user_data);
}

static void
port_map_stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithNode) node = user_data;

  kith_port_map_stop_finish (KITH_PORT_MAP (source), result, NULL);
  if (node->networking != NULL)
    kith_networking_part_stopped (node->networking);
}

static void
stop_port_map (KithNetworking *self)
{
  if (self->port_map == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->port_map, self);
  self->n_stopping++;
  kith_port_map_stop_async (self->port_map, NULL, port_map_stopped_cb, g_object_ref (self->node));
  g_clear_object (&self->port_map);
}

/**
 * kith_router_update_addresses: (skip)
 * @self: the networking
 *
 * Our own IPv6 addresses come and go: each is to be let in to as long as it is there.
 */
void
kith_router_update_addresses (KithNetworking *self)
{
  KithEndpoints own;

  if (self->port_map == NULL)
    return;

  kith_own_endpoints_list (self->node, &own);
  kith_port_map_set_addresses (self->port_map, own.items, own.n);
}

/**
 * kith_router_update: (skip)
 * @self: the networking
 *
 * Asks the router, or gives back what it did, as things stand now. It passes on what comes from
 * outside: of no use to a listener that hears this machine only.
 */
void
kith_router_update (KithNetworking *self)
{
  gboolean wanted = self->online && !self->stopping && self->config->port_map && !is_proxied (self)
                    && kith_node_get_listening (self->node)
                    && !kith_own_endpoints_is_local (self->node);

  if (!wanted)
    stop_port_map (self);
  else
    {
      if (self->port_map == NULL)
        {
          self->port_map = kith_port_map_new ();
          g_signal_connect (self->port_map, "notify", G_CALLBACK (router_changed_cb), self);
        }
      kith_port_map_start (self->port_map, kith_node_get_listen_port (self->node));
      kith_router_update_addresses (self);
    }

  router_changed (self);
}
