/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-endpoint.h"

G_BEGIN_DECLS

/**
 * KithPortMapState:
 * @KITH_PORT_MAP_OFF: not started, or stopped
 * @KITH_PORT_MAP_SEARCHING: no answer yet
 * @KITH_PORT_MAP_MAPPED: the port is reached from outside
 * @KITH_PORT_MAP_NO_ROUTER: nothing here maps ports
 * @KITH_PORT_MAP_REFUSED: there is a router, and it does not want to
 * @KITH_PORT_MAP_DOUBLE_NAT: the router has no address that is reached from outside: it is behind
 *   another router or a provider's NAT, or not connected. A mapping does not help
 */
typedef enum
{
  KITH_PORT_MAP_OFF,
  KITH_PORT_MAP_SEARCHING,
  KITH_PORT_MAP_MAPPED,
  KITH_PORT_MAP_NO_ROUTER,
  KITH_PORT_MAP_REFUSED,
  KITH_PORT_MAP_DOUBLE_NAT,
} KithPortMapState;

typedef enum
{
  KITH_PORT_MAP_METHOD_NONE,
  KITH_PORT_MAP_METHOD_UPNP,
  KITH_PORT_MAP_METHOD_NAT_PMP,
  KITH_PORT_MAP_METHOD_PCP,
} KithPortMapMethod;

/**
 * KithPortMapTimes:
 *
 * Times in ms and the lease in s. They start as kith-limits.h has them; tests make them shorter.
 */
typedef struct
{
  guint search_ms;
  guint again_ms;
  guint remove_ms;
  guint lease_s;
} KithPortMapTimes;

#define KITH_TYPE_PORT_MAP (kith_port_map_get_type ())
G_DECLARE_FINAL_TYPE (KithPortMap, kith_port_map, KITH, PORT_MAP, GObject)

KithPortMap      *kith_port_map_new             (void);
KithPortMapTimes *kith_port_map_get_times       (KithPortMap         *self);
void              kith_port_map_start           (KithPortMap         *self,
                                                 guint16              local_port);
void              kith_port_map_set_addresses   (KithPortMap         *self,
                                                 const KithEndpoint  *addresses,
                                                 guint                n);
void              kith_port_map_stop_async      (KithPortMap         *self,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
gboolean          kith_port_map_stop_finish     (KithPortMap         *self,
                                                 GAsyncResult        *result,
                                                 GError             **error);
void              kith_port_map_network_changed (KithPortMap         *self);
KithPortMapState  kith_port_map_get_state       (KithPortMap         *self);
KithPortMapMethod kith_port_map_get_method      (KithPortMap         *self);
const char       *kith_port_map_get_detail      (KithPortMap         *self);
gboolean          kith_port_map_get_external    (KithPortMap         *self,
                                                 KithEndpoint        *out);
KithPortMapState  kith_port_map_get_pinhole     (KithPortMap         *self);
const char       *kith_port_map_get_pinhole_detail (KithPortMap      *self);

G_END_DECLS
