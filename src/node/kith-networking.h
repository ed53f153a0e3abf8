/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-dht.h"
#include "net/kith-lan.h"
#include "net/kith-port-map.h"
#include "node/kith-meeting.h"
#include "node/kith-node-network.h"
#include "node/kith-node-private.h"

G_BEGIN_DECLS

#define KITH_SEEN_ADDRESSES 2

/**
 * KithNetworking: (skip)
 *
 * The part of a node that deals with the network beyond its own sessions: DHT, same network, router,
 * proxy, and changes of all that. Owned by the node. By file:
 *   kith-node-network.c     what the faces call, and the course of things
 *   kith-network-config.c   what the user wants
 *   kith-node-router.c      the router of the home
 *   kith-own-endpoints.c    where we can be reached
 *   kith-node-rendezvous.c  contacts and the DHT
 *   kith-node-nearby.c      contacts and others on the same network
 */
typedef struct _KithNetworking
{
  KithNode          *node;          /* (unowned) */
  KithNetworkConfig *config;        /* (owned): in force */
  gboolean           overridden;
  gboolean           online;        /* kith_node_go_online() was called */
  gboolean           stopping;
  guint              n_stopping;    /* parts that are not stopped yet */
  KithNetwork       *model;         /* (owned) */

  KithDht           *dht;           /* (owned) (nullable) */
  gboolean           dht_is_given;  /* by a test */
  KithMeetings      *meetings;      /* (owned) (nullable) */
  KithLan           *lan;           /* (owned) (nullable) */
  KithPortMap       *port_map;      /* (owned) (nullable) */
  GListStore        *nearby;        /* (owned) KithNearby */
  GHashTable        *heard;         /* (owned) identity -> when and where: kith-node-nearby.c */
  GSource           *sweep;         /* (owned) (nullable) */

  GNetworkMonitor   *monitor;       /* (owned) (nullable) */
  GSource           *clock;         /* (owned) (nullable) */
  gint64             clock_us;      /* realtime less monotonic */

  GSource           *change;        /* (owned) (nullable): the network has changed, and may again */
  GSource           *probe;         /* (owned) (nullable): are the sessions still alive? */
  GSource           *settle;        /* (owned) (nullable) */
  KithEndpoints      told;          /* to those who are connected */
  guint16            told_dht_port;
  KithEndpoint       external;      /* from the router */
  gboolean           has_external;
  KithEndpoint       seen[KITH_SEEN_ADDRESSES]; /* what others see of us */
  guint              n_seen;
} KithNetworking;

KithNetworking *kith_networking_new               (KithNode           *node);
void            kith_networking_free              (KithNetworking     *self);
void            kith_networking_use_dht           (KithNetworking     *self,
                                                   KithDht            *dht);
void            kith_networking_profile_ready     (KithNetworking     *self);
void            kith_networking_listening_changed (KithNetworking     *self);
void            kith_networking_endpoints_changed (KithNetworking     *self);
void            kith_networking_name_changed      (KithNetworking     *self);
void            kith_networking_learn_dht_node    (KithNetworking     *self,
                                                   const KithEndpoint *remote,
                                                   guint16             dht_port);
guint16         kith_networking_get_dht_port      (KithNetworking     *self);
void            kith_networking_check_clock       (KithNetworking     *self);
void            kith_networking_stop              (KithNetworking     *self);
gboolean        kith_networking_is_stopped        (KithNetworking     *self);
void            kith_networking_part_stopped      (KithNetworking     *self);

/* kith-node-dht.c */
gboolean        kith_networking_is_proxied        (KithNetworking     *self);
gboolean        kith_networking_is_dht_running    (KithNetworking     *self);
void            kith_networking_start_dht         (KithNetworking     *self);
void            kith_networking_stop_dht          (KithNetworking     *self);
void            kith_networking_show_dht          (KithNetworking     *self);

/* kith-node-router.c */
void            kith_router_update                (KithNetworking     *self);
void            kith_router_update_addresses      (KithNetworking     *self);

/* kith-network-config.c */
void            kith_network_config_load          (KithNetworkConfig  *self,
                                                   KithNode           *node);
void            kith_network_config_store         (const KithNetworkConfig *self,
                                                   const KithNetworkConfig *before,
                                                   KithNode           *node);
gboolean        kith_network_config_check         (const KithNetworkConfig *self,
                                                   GError            **error);
char           *kith_network_check_bootstraps     (char              **hosts);

/* kith-node-rendezvous.c */
void            kith_rendezvous_update            (KithPeer           *peer);
void            kith_rendezvous_update_all        (KithNode           *node);
void            kith_rendezvous_drop              (KithPeer           *peer);

/* kith-node-nearby.c */
void            kith_nearby_start                 (KithNetworking     *self);
void            kith_nearby_stop                  (KithNetworking     *self);
void            kith_nearby_refresh_name          (KithNetworking     *self);

/* kith-node-invites.c and kith-node-join.c */
void            kith_invites_update_meetings      (KithNode           *node);
void            kith_joins_update_meetings        (KithNode           *node);

G_END_DECLS
