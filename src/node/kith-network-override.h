/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node-network.h"

G_BEGIN_DECLS

/**
 * KithNetworkOverride:
 * @bootstrap: (nullable) (array zero-terminated=1): where to enter the DHT; %NULL: as it is stored
 * @dht_network: (nullable): the number of a DHT, as it was typed; %NULL: as it is by default
 * @no_dht: not to use the DHT
 * @no_lan: not to look for people on the same network
 * @lan_present: to tell name and ID to everybody on the same network
 * @no_port_map: not to ask the router to let friends in
 * @proxy: (nullable): %NULL: as it is stored
 *
 * What the command line says about the network: it counts for this run, and is not stored. Empty with zeros. Each face
 * has its own list of options; what they mean is the same. Main thread.
 */
typedef struct
{
  char   **bootstrap;   /* (owned) (nullable) */
  char    *dht_network; /* (owned) (nullable) */
  gboolean no_dht;
  gboolean no_lan;
  gboolean lan_present;
  gboolean no_port_map;
  char    *proxy;       /* (owned) (nullable) */
} KithNetworkOverride;

void     kith_network_override_clear        (KithNetworkOverride       *self);
gboolean kith_network_override_check        (const KithNetworkOverride *self,
                                             GError                   **error);
gboolean kith_network_override_put_in_force (const KithNetworkOverride *self,
                                             KithNode                  *node,
                                             GError                   **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithNetworkOverride, kith_network_override_clear)

G_END_DECLS
