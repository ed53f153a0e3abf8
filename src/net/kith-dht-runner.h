/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "net/kith-dht.h"

G_BEGIN_DECLS

/**
 * KithDhtConfig:
 * @port: the UDP port; 0 for any
 * @network: the network's number; 0 for the public one, tests take a random one
 * @bootstrap: (nullable) (array zero-terminated=1): `host:port`, `192.0.2.1:port`, `[v6]:port`
 * @saved: (nullable): from KithDhtRunner::saved of an earlier run
 *
 * Needed during kith_dht_runner_start() only.
 */
typedef struct
{
  guint16             port;
  guint32             network;
  const char * const *bootstrap;
  GBytes             *saved;
} KithDhtConfig;

/**
 * KithDhtTimes:
 *
 * The times of a runner in ms. They start as kith-limits.h has them; tests make them shorter.
 */
typedef struct
{
  guint get_ms;
  guint round_ms;
  guint backoff_min_ms;
  guint backoff_max_ms;
  guint probe_ms;
  guint probe_soon_ms;
  guint first_renewal_ms;
  guint renewal_ms;
} KithDhtTimes;

/**
 * KithDhtRunner:
 *
 * The real DHT: a node of OpenDHT on a UDP port. Main thread; nothing blocks. It may be let go in
 * any state; what it did in the network then ends by itself.
 */
#define KITH_TYPE_DHT_RUNNER (kith_dht_runner_get_type ())
G_DECLARE_FINAL_TYPE (KithDhtRunner, kith_dht_runner, KITH, DHT_RUNNER, GObject)

KithDhtRunner *kith_dht_runner_new             (void);
gboolean       kith_dht_runner_start           (KithDhtRunner        *self,
                                                const KithDhtConfig  *config,
                                                GError              **error);
void           kith_dht_runner_stop_async      (KithDhtRunner        *self,
                                                GCancellable         *cancellable,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean       kith_dht_runner_stop_finish     (KithDhtRunner        *self,
                                                GAsyncResult         *result,
                                                GError              **error);
void           kith_dht_runner_add_node        (KithDhtRunner        *self,
                                                const KithEndpoint   *endpoint);
void           kith_dht_runner_network_changed (KithDhtRunner        *self);
guint16        kith_dht_runner_get_port        (KithDhtRunner        *self);
KithDhtTimes  *kith_dht_runner_get_times       (KithDhtRunner        *self);

G_END_DECLS
