/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is looked for in the DHT, beside a get of OpenDHT by itself for the same value in the same network, and beside
 * one question to one node, which it takes at the least. 32 nodes, all in this process and on its two or more
 * processors, in a network namespace of its own. Who looks is either long there, or comes for it: what Kith does
 * after its start. KITH_BENCH_ROUNDS says how often. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include <opendht/opendht_c.h>

#include "../net/kith-test-dht-cluster.h"
#include "base/kith-init.h"
#include "kith-bench-figure.h"
#include "kith-bench-loop.h"
#include "kith-bench-namespace.h"

#define N_NODES 32
#define ROUNDS 100
#define NEWCOMERS 10
#define VALUE_BYTES 272

typedef guint8 Location[KITH_DHT_LOCATION_BYTES];

/* One look for something. */
typedef struct
{
  gint64 began_us;
  gint   took_us; /* atomic; 0 until it was found */
  gint   is_done; /* atomic */
} Look;

/* --- Kith ----------------------------------------------------------------------------------- */

static void
note (Look *look)
{
  g_atomic_int_compare_and_exchange (&look->took_us, 0, (gint) MAX (g_get_monotonic_time () - look->began_us, 1));
}

static void
value_cb (const guint8 *data, gsize len, gpointer user_data)
{
  note (user_data);
}

static void
done_cb (gpointer user_data)
{
  g_atomic_int_set (&((Look *) user_data)->is_done, TRUE);
}

/* Asks until it is found, as whoever looks for a contact does. Returns: ms */
static double
kith_look (KithDhtRunner *runner, const guint8 *location, gint64 began_us)
{
  Look look = { .began_us = began_us };

  while (g_atomic_int_get (&look.took_us) == 0)
    {
      g_atomic_int_set (&look.is_done, FALSE);
      kith_dht_get (KITH_DHT (runner), location, value_cb, done_cb, &look);
      test_dht_wait (g_atomic_int_get (&look.is_done));
    }
  return look.took_us / 1e3;
}

static double
kith_come_and_look (TestCluster *cluster, const guint8 *location)
{
  gint64 began_us = g_get_monotonic_time ();
  KithDhtRunner *runner = test_cluster_join (cluster);

  test_dht_wait (test_is_connected (runner));
  return kith_look (runner, location, began_us);
}

/* --- OpenDHT alone -------------------------------------------------------------------------- */

static bool
raw_value_cb (const dht_value *value, void *user_data)
{
  note (user_data);
  return true;
}

static void
raw_done_cb (bool ok, void *user_data)
{
  g_atomic_int_set (&((Look *) user_data)->is_done, TRUE);
  g_main_context_wakeup (NULL);
}

static double
raw_look (dht_runner *runner, const guint8 *location, gint64 began_us)
{
  Look look = { .began_us = began_us };
  dht_infohash hash;

  memcpy (hash.d, location, sizeof hash.d);
  while (g_atomic_int_get (&look.took_us) == 0)
    {
      g_atomic_int_set (&look.is_done, FALSE);
      dht_runner_get (runner, &hash, raw_value_cb, raw_done_cb, &look);
      test_dht_wait (g_atomic_int_get (&look.is_done));
    }
  return look.took_us / 1e3;
}

static dht_runner *
raw_join (TestCluster *cluster)
{
  g_autofree char *port = g_strdup_printf ("%u", kith_dht_runner_get_port (test_cluster_get (cluster, 0)));
  dht_runner *runner = dht_runner_new ();
  dht_runner_config config;

  dht_runner_config_default (&config);
  config.dht_config.node_config.network = cluster->network;
  g_assert_cmpint (dht_runner_run_config (runner, 0, &config), ==, 0);
  dht_runner_bootstrap (runner, "127.0.0.1", port);
  return runner;
}

static double
raw_come_and_look (TestCluster *cluster, const guint8 *location)
{
  gint64 began_us = g_get_monotonic_time ();
  dht_runner *runner = raw_join (cluster);
  double ms = raw_look (runner, location, began_us);

  dht_runner_delete (runner);
  return ms;
}

/* One question and its answer. Returns: ms */
static double
raw_ping (TestCluster *cluster, dht_runner *runner)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  Look look = { .began_us = g_get_monotonic_time () };

  address.sin_addr.s_addr = htonl (INADDR_LOOPBACK);
  address.sin_port = htons (kith_dht_runner_get_port (test_cluster_get (cluster, 1)));
  dht_runner_ping (runner, (struct sockaddr *) &address, sizeof address, raw_done_cb, &look);
  test_dht_wait (g_atomic_int_get (&look.is_done));
  return (double) (g_get_monotonic_time () - look.began_us) / 1e3;
}

/* --- Both ----------------------------------------------------------------------------------- */

/* Somebody else has found it already when this returns. */
static void
put (TestCluster *cluster, Location location)
{
  guint8 data[VALUE_BYTES] = { 1 };
  g_autoptr (GBytes) value = g_bytes_new (data, sizeof data);

  test_random_location (location);
  kith_dht_put (KITH_DHT (test_cluster_get (cluster, 2)), location, value);
  kith_look (test_cluster_get (cluster, 3), location, g_get_monotonic_time ());
}

/* Returns: how much longer it takes us than OpenDHT */
static double
tell (const char *measure, double *kith, double *raw, double *pings, guint n)
{
  double ours = kith_bench_median (kith, n), theirs = kith_bench_median (raw, n), ping = kith_bench_median (pings, n);

  kith_bench_tell (measure, "ms, half of the time", (KithBenchBar[]){
    { "Kith", ours }, { "OpenDHT alone", theirs }, { "one question to one node", ping }, { NULL, 0 } });
  return ours / theirs;
}

static void
bench_looking (TestCluster *cluster, guint n)
{
  g_autofree double *kith = g_new (double, n), *raw = g_new (double, n), *pings = g_new (double, n);
  dht_runner *runner = raw_join (cluster);
  Location location;
  double ratio;

  put (cluster, location);
  raw_look (runner, location, g_get_monotonic_time ());
  for (guint i = 0; i < n; i++)
    {
      put (cluster, location);
      kith[i] = kith_look (test_cluster_get (cluster, N_NODES - 1), location, g_get_monotonic_time ());
      raw[i] = raw_look (runner, location, g_get_monotonic_time ());
      pings[i] = raw_ping (cluster, runner);
    }
  dht_runner_delete (runner);
  ratio = tell ("To find a value in a DHT of 32", kith, raw, pings, n);
  kith_bench_tell_goal ("to find a value in the DHT, to OpenDHT alone", ratio, TRUE, 1.5);
}

/* One put and one look after the other. */
static void
bench_loop (TestCluster *cluster, guint n)
{
  KithBenchLoop loop;

  kith_bench_loop_init (&loop);
  kith_bench_loop_watch (&loop);
  for (guint i = 0; i < n; i++)
    {
      Location location;

      put (cluster, location);
      kith_look (test_cluster_get (cluster, N_NODES - 1), location, g_get_monotonic_time ());
    }
  kith_bench_loop_rest (&loop);
  kith_bench_loop_tell (&loop, "looking into the DHT");
}

static void
bench_coming (TestCluster *cluster, guint n)
{
  g_autofree double *kith = g_new (double, n), *raw = g_new (double, n), *pings = g_new (double, n);
  dht_runner *runner = raw_join (cluster);
  Location location;

  for (guint i = 0; i < n; i++)
    {
      put (cluster, location);
      kith[i] = kith_come_and_look (cluster, location);
      raw[i] = raw_come_and_look (cluster, location);
      pings[i] = raw_ping (cluster, runner);
    }
  dht_runner_delete (runner);
  tell ("To come into a DHT of 32 and find a value", kith, raw, pings, n);
}

int
main (void)
{
  guint n = kith_bench_number ("KITH_BENCH_ROUNDS", ROUNDS);
  TestCluster cluster;

  if (!kith_bench_enter_namespace ())
    {
      g_print ("A network namespace is not allowed here: nothing is measured.\n");
      return 77;
    }

  g_assert_true (kith_init ());
  test_cluster_init (&cluster, N_NODES);
  bench_looking (&cluster, n);
  bench_loop (&cluster, 5 * n);
  bench_coming (&cluster, MIN (n, NEWCOMERS));
  test_cluster_clear (&cluster);
  return 0;
}
