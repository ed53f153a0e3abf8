/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node-network.h"

G_BEGIN_DECLS

/* What the command line says about the network: it counts for this run, and is not stored. */
typedef struct
{
  char   **bootstrap;   /* (owned) (nullable): NULL: as it is stored */
  gint64   dht_network; /* -1: as it is stored */
  gboolean no_dht;
  gboolean no_lan;
  gboolean lan_present;
  gboolean no_port_map;
  char    *proxy;       /* (owned) (nullable) */
} KithCliNetworkOptions;

void     kith_cli_network_options_clear        (KithCliNetworkOptions *self);
gboolean kith_cli_network_options_check        (KithCliNetworkOptions *self,
                                                GError               **error);
gboolean kith_cli_network_options_put_in_force (const KithCliNetworkOptions *self,
                                                KithNode                    *node,
                                                GError                     **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithCliNetworkOptions, kith_cli_network_options_clear)

G_END_DECLS
