/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-test-wait.h"
#include "net/kith-dht-runner.h"

G_BEGIN_DECLS

/* A DHT of our own on loopback: runners in this process, in a network of a random number. */
typedef struct
{
  guint32    network;
  GPtrArray *runners;      /* (owned) KithDhtRunner; %NULL for one that was killed */
  char      *bootstrap[2]; /* the first one's address, as in a config */
} TestCluster;

void           test_cluster_init  (TestCluster   *self,
                                   guint          n_runners);
void           test_cluster_clear (TestCluster   *self);
KithDhtRunner *test_cluster_get   (TestCluster   *self,
                                   guint          i);
KithDhtRunner *test_cluster_join  (TestCluster   *self);
void           test_cluster_kill  (TestCluster   *self,
                                   guint          i);

/* A runner that starts by itself: with short times, in the cluster's network. */
KithDhtRunner *test_runner_new    (void);
KithDhtConfig  test_cluster_config (TestCluster  *self);
void           test_runner_stop   (KithDhtRunner *runner);

/* What an operation was told. */
typedef struct
{
  GPtrArray *values; /* GBytes */
  guint      n_done;
} TestSink;

void     test_sink_init       (TestSink     *sink);
void     test_sink_clear      (TestSink     *sink);
void     test_sink_value      (const guint8 *data,
                               gsize         len,
                               gpointer      user_data);
void     test_sink_done       (gpointer      user_data);
gboolean test_sink_has        (TestSink     *sink,
                               const char   *text);
guint    test_put_text        (gpointer      dht,
                               const guint8 *location,
                               const char   *text);
void     test_random_location (guint8        location[KITH_DHT_LOCATION_BYTES]);
void     test_assert_found    (gpointer      dht,
                               const guint8 *location,
                               const char   *text);

#define test_dht_wait(condition) test_net_wait (condition, #condition, 60)
#define test_is_connected(runner) (kith_dht_get_state (KITH_DHT (runner)) == KITH_DHT_CONNECTED)

G_END_DECLS
