/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-nearby.h"
#include "model/kith-network.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

/* Being found and finding others without anybody in between: the DHT, the same network, the home
 * router, a proxy. Protocol 7. Main thread. */

/**
 * KithNetworkConfig:
 * @dht: whether to use the DHT
 * @bootstrap: (array zero-terminated=1): where to enter it, each `host:port` or `[address]:port`
 * @dht_network: 0 for the public DHT; another number for a private one
 * @lan: whether to look for people on the same network, and to be found by contacts there
 * @lan_present: whether to tell name and ID to everybody on the same network
 * @port_map: whether to ask the router to let friends in
 * @proxy: (nullable): everything goes through it, and nothing around it: the DHT, the same network
 *   and the router are left alone then. `socks5://host:port`, `socks4a://…` or `http://host:port`
 *
 * What the user wants of the network. The defaults: everything on but @lan_present, no proxy.
 */
typedef struct
{
  gboolean dht;
  char   **bootstrap;   /* (owned) */
  guint32  dht_network;
  gboolean lan;
  gboolean lan_present;
  gboolean port_map;
  char    *proxy;       /* (owned) (nullable) */
} KithNetworkConfig;

#define KITH_DEFAULT_BOOTSTRAP "bootstrap.jami.net:4222"

KithNetworkConfig *kith_network_config_new  (void);
KithNetworkConfig *kith_network_config_copy (const KithNetworkConfig *self);
void               kith_network_config_free (KithNetworkConfig       *self);

/* Each NULL when it is well-formed, else plain words for what is wrong with it. (transfer full) */
char              *kith_network_check_bootstrap (const char *text);
char              *kith_network_check_proxy     (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithNetworkConfig, kith_network_config_free)

/* (transfer none): what is in force: the stored one, or the defaults; with the overrides of this
 * run, if there are any. */
const KithNetworkConfig *kith_node_get_network_config (KithNode                *self);

/* Puts @config in force and stores what it changes. Errors: INVALID (nothing was changed; the message is for
 * people). */
gboolean                 kith_node_set_network_config (KithNode                *self,
                                                       const KithNetworkConfig *config,
                                                       GError                 **error);

/* For options of the command line: in force until the node is gone, and not stored. Errors: as above. */
gboolean                 kith_node_override_network_config (KithNode                *self,
                                                            const KithNetworkConfig *config,
                                                            GError                 **error);

/* Begins with it all: after kith_node_open_async() or once a profile was made, and after
 * kith_node_listen(). Until then nothing but the listener talks to anybody but those who are
 * dialled. Calling it again does nothing. */
void                     kith_node_go_online          (KithNode                *self);

/* Tell the node that the machine was asleep, or that its network changed, where it cannot see that
 * itself (GNetworkMonitor is listened to). */
void                     kith_node_network_changed    (KithNode                *self);

/* (transfer none): how it stands; the same object for as long as the node lives. */
KithNetwork             *kith_node_get_network        (KithNode                *self);

/* (transfer none) (element-type KithNearby): who is on the same network just now, contacts first. */
GListModel              *kith_node_get_nearby         (KithNode                *self);

/* @who: what they call themselves (case-insensitive) or their ID string. (transfer none) (nullable): stays until the
 * list changes. Errors: NOT_FOUND, AMBIGUOUS (the message lists the candidates with their ids). */
KithNearby              *kith_node_find_nearby        (KithNode                *self,
                                                       const char              *who,
                                                       GError                 **error);

/* Asks everybody on the same network to say that they are there. */
void                     kith_node_refresh_nearby     (KithNode                *self);

/* Asks somebody nearby to become a contact; finished with kith_node_connect_finish(). */
void                     kith_node_connect_nearby_async (KithNode            *self,
                                                         KithNearby          *nearby,
                                                         const char          *request_text,
                                                         GCancellable        *cancellable,
                                                         GAsyncReadyCallback  callback,
                                                         gpointer             user_data);

G_END_DECLS
