/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-limits.h"
#include "net/kith-dht-host.h"
#include "net/kith-dht-runner.h"

G_BEGIN_DECLS

/* The runner has four parts: its life and state (kith-dht-runner.c), the way into the network
 * (-way.c), whether anybody answers (-probe.c), and what is put, listened to and asked for
 * (-operations.c). */

struct _KithDhtRunner
{
  GObject       parent_instance;

  /* life */
  KithDhtTimes  times;
  KithDhtState  state;
  guint         n_nodes;
  guint16       port;          /* wanted */
  guint16       last_port;     /* of the host before: it is kept, if it can be */
  guint16       bound_port;    /* 0 for none */
  guint32       network;
  gboolean      is_wanted;     /* started and not stopped */
  gboolean      is_heard;      /* a node answered this host */
  KithDhtHost  *host;          /* (owned) (nullable) */
  KithDhtHost  *ending;        /* (owned) (nullable): the host before; it may have the port still */
  guint         n_failures;    /* to bind the port */
  gboolean      is_renewed;    /* once at least */
  GSource      *renewal_source; /* (owned) (nullable) */
  GSource      *retry_source;  /* (owned) (nullable): binding the port again */
  GPtrArray    *stops;         /* (owned): GTask, waiting for the end of the host */
  KithEndpoint  addresses[KITH_LIMIT_DHT_PUBLIC_ADDRESSES];
  guint         n_addresses;

  /* probe */
  gint64        lost_us;       /* since when nobody answers; 0 while somebody does */
  guint         probe;         /* the handle of a get that is under way; 0 for none */
  GSource      *probe_source;  /* (owned) (nullable) */

  /* way */
  GStrv         bootstrap;     /* (owned) (nullable) */
  KithEndpoint  known[KITH_LIMIT_DHT_KNOWN_NODES];
  guint         n_known;
  guint         next_replaced; /* when there is no room */
  guint         next_pinged;
  guint         n_rounds;
  guint         n_ponged;      /* of this host */
  guint         n_lookups;     /* under way */
  GSource      *round_source;  /* (owned) (nullable) */

  /* operations */
  GHashTable   *operations;    /* (owned): handle -> Operation */
  GQueue        waiting;       /* Operation (unowned), to be begun */
  guint         last_handle;
  guint         n_burst;       /* how many may begin at once now */
  GSource      *pace_source;   /* (owned) (nullable) */
};

/* Life */
void     kith_dht_runner_set_state         (KithDhtRunner       *self,
                                            KithDhtState         state);
void     kith_dht_runner_set_nodes         (KithDhtRunner       *self,
                                            guint                n_nodes);
void     kith_dht_runner_renew             (KithDhtRunner       *self);
void     kith_dht_runner_renew_later       (KithDhtRunner       *self);

/* Whether anybody answers */
void     kith_dht_runner_lose              (KithDhtRunner       *self);
void     kith_dht_runner_hear              (KithDhtRunner       *self);
void     kith_dht_runner_probe             (KithDhtRunner       *self);
void     kith_dht_runner_probe_soon        (KithDhtRunner       *self);

/* The way in */
void     kith_dht_runner_find_way          (KithDhtRunner       *self);
void     kith_dht_runner_found_way         (KithDhtRunner       *self);
void     kith_dht_runner_know              (KithDhtRunner       *self,
                                            const KithEndpoint  *nodes,
                                            guint                n);

/* Operations */
void     kith_dht_runner_operations_init   (KithDhtRunner       *self);
void     kith_dht_runner_operations_clear  (KithDhtRunner       *self);
void     kith_dht_runner_operations_iface  (KithDhtInterface    *iface);
guint    kith_dht_runner_next_handle       (KithDhtRunner       *self);
void     kith_dht_runner_issue             (KithDhtRunner       *self);
void     kith_dht_runner_issue_anew        (KithDhtRunner       *self);
void     kith_dht_runner_take_value        (KithDhtRunner       *self,
                                            guint                handle,
                                            const guint8        *data,
                                            gsize                len);
void     kith_dht_runner_take_done         (KithDhtRunner       *self,
                                            guint                handle,
                                            gboolean             ok);

G_END_DECLS
