/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * KithDhtStatus:
 * @KITH_DHT_STATUS_OFF: switched off
 * @KITH_DHT_STATUS_PROXY: off, because it would go around the proxy
 * @KITH_DHT_STATUS_CONNECTING: looking for its first nodes
 * @KITH_DHT_STATUS_CONNECTED: others can be found, and we can be found
 * @KITH_DHT_STATUS_FAILED: it could not be started
 */
typedef enum
{
  KITH_DHT_STATUS_OFF,
  KITH_DHT_STATUS_PROXY,
  KITH_DHT_STATUS_CONNECTING,
  KITH_DHT_STATUS_CONNECTED,
  KITH_DHT_STATUS_FAILED,
} KithDhtStatus;

/**
 * KithLanStatus:
 * @KITH_LAN_STATUS_OFF: switched off
 * @KITH_LAN_STATUS_PROXY: off, because it would go around the proxy
 * @KITH_LAN_STATUS_ON: heard by contacts on the same network; strangers hear noise
 * @KITH_LAN_STATUS_PRESENTED: the name is told to everybody on the same network
 * @KITH_LAN_STATUS_FAILED: the network does not allow it
 */
typedef enum
{
  KITH_LAN_STATUS_OFF,
  KITH_LAN_STATUS_PROXY,
  KITH_LAN_STATUS_ON,
  KITH_LAN_STATUS_PRESENTED,
  KITH_LAN_STATUS_FAILED,
} KithLanStatus;

/**
 * KithRouterStatus:
 * @KITH_ROUTER_STATUS_OFF: switched off, or nothing listens
 * @KITH_ROUTER_STATUS_PROXY: off, because of the proxy
 * @KITH_ROUTER_STATUS_SEARCHING: asking the router
 * @KITH_ROUTER_STATUS_MAPPED: the router passes the port on to us
 * @KITH_ROUTER_STATUS_NONE: no router answered
 * @KITH_ROUTER_STATUS_REFUSED: the router said no
 * @KITH_ROUTER_STATUS_DOUBLE_NAT: the router did, but is itself behind another one
 */
typedef enum
{
  KITH_ROUTER_STATUS_OFF,
  KITH_ROUTER_STATUS_PROXY,
  KITH_ROUTER_STATUS_SEARCHING,
  KITH_ROUTER_STATUS_MAPPED,
  KITH_ROUTER_STATUS_NONE,
  KITH_ROUTER_STATUS_REFUSED,
  KITH_ROUTER_STATUS_DOUBLE_NAT,
} KithRouterStatus;

/**
 * KithRouterMethod:
 *
 * How the router was asked that maps our port.
 */
typedef enum
{
  KITH_ROUTER_METHOD_NONE,
  KITH_ROUTER_METHOD_UPNP,
  KITH_ROUTER_METHOD_NAT_PMP,
  KITH_ROUTER_METHOD_PCP,
} KithRouterMethod;

/**
 * KithPinholeStatus:
 * @KITH_PINHOLE_STATUS_OFF: not asked for, or this machine has no IPv6 address of the internet
 * @KITH_PINHOLE_STATUS_SEARCHING: asking the router
 * @KITH_PINHOLE_STATUS_OPEN: the router lets friends in to our IPv6 address
 * @KITH_PINHOLE_STATUS_NONE: no router answered: there may be a firewall, or none
 * @KITH_PINHOLE_STATUS_REFUSED: the router said no
 */
typedef enum
{
  KITH_PINHOLE_STATUS_OFF,
  KITH_PINHOLE_STATUS_SEARCHING,
  KITH_PINHOLE_STATUS_OPEN,
  KITH_PINHOLE_STATUS_NONE,
  KITH_PINHOLE_STATUS_REFUSED,
} KithPinholeStatus;

#define KITH_TYPE_NETWORK (kith_network_get_type ())
G_DECLARE_FINAL_TYPE (KithNetwork, kith_network, KITH, NETWORK, GObject)

/* How we stand to the network. Properties, all readable: "dht" (KithDhtStatus), "nodes" (how many
 * nodes of the DHT are known; 0 = not counted yet), "lan" (KithLanStatus), "router"
 * (KithRouterStatus), "method" (KithRouterMethod), "pinhole" (KithPinholeStatus), "external" (address and port that the router gave us, nullable), "proxy" (the
 * proxy that everything goes through, nullable), "clock-correction" (in s: what contacts say has to be
 * added to the clock of this machine, 0 when it is right or nothing is known), "online" (whether this machine has a network).
 * Setters are for the node. */

KithNetwork     *kith_network_new          (void);
KithDhtStatus    kith_network_get_dht      (KithNetwork      *self);
void             kith_network_set_dht      (KithNetwork      *self,
                                            KithDhtStatus     status);
guint            kith_network_get_nodes    (KithNetwork      *self);
void             kith_network_set_nodes    (KithNetwork      *self,
                                            guint             nodes);
KithLanStatus    kith_network_get_lan      (KithNetwork      *self);
void             kith_network_set_lan      (KithNetwork      *self,
                                            KithLanStatus     status);
KithRouterStatus kith_network_get_router   (KithNetwork      *self);
void             kith_network_set_router   (KithNetwork      *self,
                                            KithRouterStatus  status);
KithRouterMethod  kith_network_get_method  (KithNetwork      *self);
void             kith_network_set_method   (KithNetwork      *self,
                                            KithRouterMethod  method);
KithPinholeStatus kith_network_get_pinhole (KithNetwork      *self);
void             kith_network_set_pinhole  (KithNetwork      *self,
                                            KithPinholeStatus status);
const char      *kith_network_get_external (KithNetwork      *self);
void             kith_network_set_external (KithNetwork      *self,
                                            const char       *external);
const char      *kith_network_get_proxy    (KithNetwork      *self);
void             kith_network_set_proxy    (KithNetwork      *self,
                                            const char       *proxy);
gint64           kith_network_get_clock_correction (KithNetwork *self);
void             kith_network_set_clock_correction (KithNetwork *self,
                                                    gint64       correction_s);
gboolean         kith_network_get_online   (KithNetwork      *self);
void             kith_network_set_online   (KithNetwork      *self,
                                            gboolean          online);

G_END_DECLS
