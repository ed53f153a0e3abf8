/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stranger who knows a location fills it with values.
 *
 * The library answers a question with one packet for each value, and throws away an answer of
 * which a single packet was lost. So among hundreds ours is found; thousands can keep it from being
 * found, but may do nothing worse. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <time.h>

#include "base/kith-limits.h"
#include "kith-test-dht-cluster.h"
#include "net/kith-dht-host.h"

#define N_SOME 500
#define N_MANY 10000
#define LONGEST_TURN_US (30 * G_TIME_SPAN_MILLISECOND)

typedef struct
{
  KithDhtHost *host;
  gboolean     is_started;
  gboolean     is_ended;
  gboolean     is_known;
  guint        handle;
  guint        n_values;
  guint        n_done;
  gsize        max_len;
} Stranger;

static void
started_cb (guint16 port, gpointer user_data)
{
  ((Stranger *) user_data)->is_started = port != 0;
}

static void
ponged_cb (gboolean ok, gpointer user_data)
{
  ((Stranger *) user_data)->is_known |= ok;
}

static void
value_cb (guint handle, const guint8 *data, gsize len, gpointer user_data)
{
  Stranger *stranger = user_data;

  stranger->n_values++;
  stranger->max_len = MAX (stranger->max_len, len);
}

static void
done_cb (guint handle, gboolean ok, gpointer user_data)
{
  ((Stranger *) user_data)->n_done++;
}

static void
addresses_cb (const KithEndpoint *addresses, guint n, gpointer user_data)
{
}

static void
ended_cb (gboolean is_known, guint n_good, const KithEndpoint *nodes, guint n, gpointer user_data)
{
  ((Stranger *) user_data)->is_ended = TRUE;
}

static const KithDhtHostEvents events
    = { started_cb, ponged_cb, value_cb, done_cb, addresses_cb, ended_cb };

G_GNUC_NORETURN static gboolean
too_late_cb (gpointer user_data)
{
  g_error ("waited in vain");
}

static void
wait_in (GMainContext *context, const gboolean *flag)
{
  g_autoptr (GSource) deadline = g_timeout_source_new_seconds (60);

  g_source_set_callback (deadline, too_late_cb, NULL, NULL);
  g_source_attach (deadline, context);
  while (!*flag)
    g_main_context_iteration (context, TRUE);
  g_source_destroy (deadline);
}

static void
stranger_start (Stranger *stranger, TestCluster *cluster, GMainContext *context)
{
  KithEndpoint endpoint;

  *stranger = (Stranger){ 0 };
  stranger->host = kith_dht_host_new (0, cluster->network, &events, stranger);
  wait_in (context, &stranger->is_started);
  for (guint i = 0; i < cluster->runners->len; i++)
    {
      guint16 port = kith_dht_runner_get_port (test_cluster_get (cluster, i));

      g_assert_true (kith_endpoint_parse (&endpoint, "127.0.0.1", port));
      kith_dht_host_ping (stranger->host, &endpoint);
    }
  wait_in (context, &stranger->is_known);
}

static void
stranger_end (Stranger *stranger, GMainContext *context)
{
  kith_dht_host_end (stranger->host, FALSE);
  wait_in (context, &stranger->is_ended);
  kith_dht_host_unref (stranger->host);
}

static void
flood (Stranger *stranger, const guint8 *location, guint n)
{
  static const gsize sizes[] = { 100, 272, 600, 1 };

  for (guint i = 1; i <= n; i++)
    {
      gsize len = sizes[i % G_N_ELEMENTS (sizes)];
      g_autofree guint8 *data = g_malloc0 (len);
      g_autoptr (GBytes) bytes = NULL;
      KithDhtHostValue *value;

      memcpy (data, &i, MIN (len, sizeof i));
      bytes = g_bytes_new (data, len);
      value = kith_dht_host_value_new (bytes);
      kith_dht_host_put (stranger->host, i, location, value);
      kith_dht_host_value_free (value);
    }
  test_dht_wait (stranger->n_done == n);
}

/* How long the main thread worked in one turn of the loop, whatever else the machine does. */
static gint64
turn_us (void)
{
  struct timespec begin, end;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &begin);
  g_main_context_iteration (NULL, TRUE);
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &end);
  return (end.tv_sec - begin.tv_sec) * G_USEC_PER_SEC + (end.tv_nsec - begin.tv_nsec) / 1000;
}

/* Returns: the longest turn of the main loop while it is under way */
static gint64
get (KithDhtRunner *runner, const guint8 *location, TestSink *sink)
{
  guint n_done = sink->n_done;
  gint64 longest_us = 0;

  kith_dht_get (KITH_DHT (runner), location, test_sink_value, test_sink_done, sink);
  while (sink->n_done == n_done)
    longest_us = MAX (longest_us, turn_us ());
  return longest_us;
}

static void
test_found (void)
{
  TestCluster cluster;
  Stranger stranger;
  TestSink sink;
  guint8 location[KITH_DHT_LOCATION_BYTES];

  test_cluster_init (&cluster, 4);
  test_random_location (location);
  test_put_text (test_cluster_get (&cluster, 0), location, "ours");
  test_assert_found (test_cluster_get (&cluster, 1), location, "ours");
  stranger_start (&stranger, &cluster, NULL);
  flood (&stranger, location, N_SOME);

  test_sink_init (&sink);
  while (!test_sink_has (&sink, "ours"))
    g_assert_cmpint (get (test_cluster_get (&cluster, 2), location, &sink), <, LONGEST_TURN_US);
  test_sink_clear (&sink);
  stranger_end (&stranger, NULL);
  test_cluster_clear (&cluster);
}

/* One whose main loop stands still meanwhile keeps what its limit is and no more. */
static void
test_frozen (void)
{
  TestCluster cluster;
  Stranger stranger, frozen;
  g_autoptr (GMainContext) context = g_main_context_new ();
  guint8 location[KITH_DHT_LOCATION_BYTES];

  test_cluster_init (&cluster, 4);
  test_random_location (location);
  stranger_start (&stranger, &cluster, NULL);
  flood (&stranger, location, N_SOME);
  g_main_context_push_thread_default (context);
  stranger_start (&frozen, &cluster, context);
  g_main_context_pop_thread_default (context);

  while (frozen.n_values == 0)
    {
      TestSink sink;

      frozen.n_values = 0;
      kith_dht_host_get (frozen.host, ++frozen.handle, location);
      test_sink_init (&sink);
      get (test_cluster_get (&cluster, 2), location, &sink);
      test_sink_clear (&sink);
      while (g_main_context_iteration (context, FALSE))
        ;
    }
  g_test_message ("%u values waited", frozen.n_values);
  g_assert_cmpuint (frozen.n_values, <, N_SOME / 2);
  g_assert_cmpuint (frozen.max_len, <=, KITH_LIMIT_DHT_VALUE_BYTES);

  stranger_end (&frozen, context);
  stranger_end (&stranger, NULL);
  test_cluster_clear (&cluster);
}

static void
test_many (void)
{
  TestCluster cluster;
  Stranger stranger;
  TestSink sink;
  KithDhtRunner *runner;
  guint8 location[KITH_DHT_LOCATION_BYTES];

  test_cluster_init (&cluster, 4);
  runner = test_cluster_get (&cluster, 2);
  test_random_location (location);
  stranger_start (&stranger, &cluster, NULL);
  flood (&stranger, location, N_MANY);

  test_sink_init (&sink);
  kith_dht_runner_get_times (runner)->get_ms = 5000;
  g_assert_cmpint (get (runner, location, &sink), <, LONGEST_TURN_US);
  test_sink_clear (&sink);

  test_random_location (location);
  test_put_text (runner, location, "elsewhere");
  test_assert_found (test_cluster_get (&cluster, 1), location, "elsewhere");
  stranger_end (&stranger, NULL);
  test_cluster_clear (&cluster);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dht-flood/found", test_found);
  g_test_add_func ("/dht-flood/frozen", test_frozen);
  g_test_add_func ("/dht-flood/many", test_many);
  return g_test_run ();
}
