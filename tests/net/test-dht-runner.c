/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What only the real DHT has to survive: restarts, losses, names that do not resolve, floods, and
 * being let go at any moment. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include <sys/resource.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-test-dht-cluster.h"
#include "kith-test-resolver.h"

static void
set_bytes (GBytes **out, GBytes *saved)
{
  g_clear_pointer (out, g_bytes_unref);
  *out = g_bytes_ref (saved);
}

static void
saved_cb (KithDhtRunner *runner, GBytes *saved, gpointer user_data)
{
  set_bytes (user_data, saved);
}

/* --- Life ----------------------------------------------------------------------------------- */

static void
test_before_start (void)
{
  TestCluster cluster;
  g_autoptr (KithDhtRunner) late = test_runner_new ();
  guint8 location[KITH_DHT_LOCATION_BYTES];
  KithDhtConfig config;
  TestSink heard;

  test_cluster_init (&cluster, 8);
  config = test_cluster_config (&cluster);
  test_sink_init (&heard);
  test_random_location (location);

  test_put_text (late, location, "early");
  kith_dht_listen (KITH_DHT (late), location, test_sink_value, &heard);
  kith_dht_get (KITH_DHT (late), location, test_sink_value, test_sink_done, &heard);
  g_assert_cmpuint (kith_dht_get_state (KITH_DHT (late)), ==, KITH_DHT_OFF);

  g_assert_true (kith_dht_runner_start (late, &config, NULL));
  test_dht_wait (heard.n_done == 1 && test_sink_has (&heard, "early"));
  test_assert_found (test_cluster_get (&cluster, 2), location, "early");

  test_runner_stop (late);
  test_sink_clear (&heard);
  test_cluster_clear (&cluster);
}

static void
test_start_errors (void)
{
  g_autoptr (KithDhtRunner) a = test_runner_new ();
  g_autoptr (KithDhtRunner) b = test_runner_new ();
  KithDhtConfig config = { .network = 7 };
  g_autoptr (GError) error = NULL;

  g_assert_true (kith_dht_runner_start (a, &config, NULL));
  g_assert_false (kith_dht_runner_start (a, &config, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_EXISTS);
  g_clear_error (&error);

  test_dht_wait (kith_dht_runner_get_port (a) != 0);
  config.port = kith_dht_runner_get_port (a);
  g_assert_false (kith_dht_runner_start (b, &config, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_PORT_IN_USE);
  g_assert_cmpuint (kith_dht_get_state (KITH_DHT (b)), ==, KITH_DHT_OFF);

  /* Our own last host is waited for. */
  kith_dht_runner_stop_async (a, NULL, NULL, NULL);
  g_assert_true (kith_dht_runner_start (a, &config, NULL));
  test_dht_wait (kith_dht_runner_get_port (a) == config.port);
  test_runner_stop (a);
}

/* The library would write beyond the end of an fd_set. */
static void
test_many_descriptors (void)
{
  g_autoptr (KithDhtRunner) runner = test_runner_new ();
  g_autoptr (GArray) open_fds = g_array_new (FALSE, FALSE, sizeof (int));
  KithDhtConfig config = { .network = 7 };
  g_autoptr (GError) error = NULL;
  struct rlimit limit = { 4096, 4096 };
  struct rlimit before;
  int fd;

  getrlimit (RLIMIT_NOFILE, &before);
  limit.rlim_max = before.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
    {
      g_test_skip ("so many descriptors are not allowed");
      return;
    }

  do
    {
      fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
      g_assert_cmpint (fd, >=, 0);
      g_array_append_val (open_fds, fd);
    }
  while (fd < 1024);

  g_assert_false (kith_dht_runner_start (runner, &config, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_BUSY);

  for (guint i = 0; i < open_fds->len; i++)
    close (g_array_index (open_fds, int, i));
  setrlimit (RLIMIT_NOFILE, &before);
  g_assert_true (kith_dht_runner_start (runner, &config, NULL));
  test_runner_stop (runner);
}

/* Nobody answers, and operations wait: it may not take as long as they do. */
static void
test_stop_connecting (void)
{
  g_autoptr (KithDhtRunner) runner = test_runner_new ();
  const char *const bootstrap[] = { "127.0.0.1:9", NULL };
  KithDhtConfig config = { .network = 7, .bootstrap = bootstrap };
  guint8 location[KITH_DHT_LOCATION_BYTES];
  gint64 begin_us;

  test_random_location (location);
  for (guint i = 0; i < 20; i++)
    test_put_text (runner, location, "waits");
  g_assert_true (kith_dht_runner_start (runner, &config, NULL));
  test_dht_wait (kith_dht_runner_get_port (runner) != 0);

  begin_us = g_get_monotonic_time ();
  test_runner_stop (runner);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <,
                   2 * KITH_LIMIT_DHT_STOP_MS * G_TIME_SPAN_MILLISECOND);
  g_assert_cmpuint (kith_dht_get_state (KITH_DHT (runner)), ==, KITH_DHT_OFF);
  g_assert_cmpuint (kith_dht_runner_get_port (runner), ==, 0);
}

/* Handles stay: what was put is found again, and a listen hears, without a bootstrap host. */
static void
test_saved (void)
{
  TestCluster cluster;
  KithDhtRunner *runner;
  guint8 location[KITH_DHT_LOCATION_BYTES];
  g_autoptr (GBytes) saved = NULL;
  KithDhtConfig config;
  TestSink heard;

  test_cluster_init (&cluster, 12);
  test_sink_init (&heard);
  test_random_location (location);
  runner = test_cluster_get (&cluster, 5);
  g_signal_connect (runner, "saved", G_CALLBACK (saved_cb), &saved);
  test_put_text (runner, location, "kept");
  test_assert_found (test_cluster_get (&cluster, 1), location, "kept");

  test_runner_stop (runner);
  g_assert_nonnull (saved);
  g_assert_cmpuint (kith_dht_get_nodes (KITH_DHT (runner)), ==, 0);
  g_object_unref (runner);

  /* Another object, as after a start of the program; it knows nothing but what was saved. */
  runner = cluster.runners->pdata[5] = test_runner_new ();
  config = (KithDhtConfig){ .network = cluster.network, .saved = saved };
  kith_dht_listen (KITH_DHT (runner), location, test_sink_value, &heard);
  g_assert_true (kith_dht_runner_start (runner, &config, NULL));
  test_dht_wait (test_is_connected (runner));
  g_assert_cmpuint (kith_dht_get_nodes (KITH_DHT (runner)), >, 0);
  test_put_text (test_cluster_get (&cluster, 3), location, "new");
  test_dht_wait (test_sink_has (&heard, "kept") && test_sink_has (&heard, "new"));

  test_sink_clear (&heard);
  test_cluster_clear (&cluster);
}

static void
count_cb (gpointer user_data)
{
  ++*(guint *) user_data;
}

/* Operations go over to the next host, and what was put does not stand there twice. */
static void
test_network_changed (void)
{
  TestCluster cluster;
  KithDhtRunner *runner;
  guint8 location[KITH_DHT_LOCATION_BYTES];
  guint n_states = 0, n_addresses = 0;
  g_autoptr (GBytes) saved = NULL;
  TestSink heard, found;

  test_cluster_init (&cluster, 8);
  test_sink_init (&heard);
  test_sink_init (&found);
  test_random_location (location);
  runner = test_cluster_get (&cluster, 4);
  kith_dht_listen (KITH_DHT (runner), location, test_sink_value, &heard);
  test_put_text (runner, location, "mine");
  test_dht_wait (test_sink_has (&heard, "mine"));
  test_assert_found (test_cluster_get (&cluster, 6), location, "mine");

  g_signal_connect (runner, "saved", G_CALLBACK (saved_cb), &saved);
  g_signal_connect_swapped (runner, "notify::state", G_CALLBACK (count_cb), &n_states);
  g_signal_connect_swapped (runner, "public-addresses-changed", G_CALLBACK (count_cb),
                            &n_addresses);
  kith_dht_runner_network_changed (runner);
  test_put_text (test_cluster_get (&cluster, 2), location, "theirs");
  test_dht_wait (saved != NULL && test_sink_has (&heard, "theirs"));
  test_dht_wait (test_is_connected (runner) && n_addresses > 0);
  /* Away and back; a node that is not scheduled for long may think so once more. */
  g_assert_cmpuint (n_states, >=, 2);
  g_assert_cmpuint (n_states % 2, ==, 0);

  while (!test_sink_has (&found, "mine") || !test_sink_has (&found, "theirs"))
    {
      found.n_done = 0;
      g_ptr_array_set_size (found.values, 0);
      kith_dht_get (KITH_DHT (test_cluster_get (&cluster, 6)), location, test_sink_value,
                    test_sink_done, &found);
      test_dht_wait (found.n_done == 1);
    }
  g_assert_cmpuint (found.values->len, ==, 2);
  test_assert_found (runner, location, "theirs");

  test_sink_clear (&heard);
  test_sink_clear (&found);
  test_cluster_clear (&cluster);
}

/* Some minutes after the start, then every few hours: nobody sees anything of it. */
static void
test_renewal (void)
{
  TestCluster cluster;
  g_autoptr (KithDhtRunner) runner = test_runner_new ();
  g_autoptr (GBytes) saved = NULL;
  guint8 location[KITH_DHT_LOCATION_BYTES];
  KithDhtConfig config;
  guint n_states = 0;
  guint16 port;

  test_cluster_init (&cluster, 8);
  config = test_cluster_config (&cluster);
  test_random_location (location);
  kith_dht_runner_get_times (runner)->first_renewal_ms = 200;
  kith_dht_runner_get_times (runner)->renewal_ms = 1000; /* by then it has its nodes again */
  g_signal_connect (runner, "saved", G_CALLBACK (saved_cb), &saved);
  g_assert_true (kith_dht_runner_start (runner, &config, NULL));
  test_dht_wait (test_is_connected (runner));
  port = kith_dht_runner_get_port (runner);
  test_put_text (runner, location, "stays");
  g_signal_connect_swapped (runner, "notify::state", G_CALLBACK (count_cb), &n_states);

  for (guint i = 0; i < 3; i++)
    {
      test_dht_wait (saved != NULL);
      g_clear_pointer (&saved, g_bytes_unref);
      test_dht_wait (kith_dht_get_nodes (KITH_DHT (runner)) > 0);
      test_dht_wait (kith_dht_runner_get_port (runner) != 0);
      g_assert_cmpuint (kith_dht_runner_get_port (runner), ==, port);
    }
  g_assert_cmpuint (n_states, ==, 0);
  test_assert_found (test_cluster_get (&cluster, 3), location, "stays");

  test_runner_stop (runner);
  test_cluster_clear (&cluster);
}

/* --- The way in ----------------------------------------------------------------------------- */

static void
test_resolver (void)
{
  TestCluster cluster;
  g_autoptr (KithDhtRunner) runner = test_runner_new ();
  g_autoptr (TestResolver) resolver = test_resolver_install ();
  g_autofree char *host = NULL;
  const char *bootstrap[] = { "nobody.invalid:4222", NULL, "no port", NULL };
  KithDhtConfig config;

  test_cluster_init (&cluster, 4);
  host = g_strdup_printf ("first.test:%u",
                          kith_dht_runner_get_port (test_cluster_get (&cluster, 0)));
  bootstrap[1] = host;
  config = (KithDhtConfig){ .network = cluster.network, .bootstrap = bootstrap };

  /* First there is no network at all, then names resolve. */
  g_assert_true (kith_dht_runner_start (runner, &config, NULL));
  test_dht_wait (test_resolver_get_n_lookups (resolver) >= 3);
  g_assert_cmpuint (kith_dht_get_state (KITH_DHT (runner)), ==, KITH_DHT_CONNECTING);
  test_resolver_set_works (resolver, TRUE);
  test_dht_wait (test_is_connected (runner));

  test_runner_stop (runner);
  test_cluster_clear (&cluster);
  test_resolver_uninstall (resolver);
}

static void
test_add_node (void)
{
  TestCluster cluster;
  g_autoptr (KithDhtRunner) runner = test_runner_new ();
  KithDhtConfig config;
  KithEndpoint endpoint, addresses[KITH_LIMIT_DHT_PUBLIC_ADDRESSES];

  test_cluster_init (&cluster, 4);
  config = (KithDhtConfig){ .network = cluster.network };
  g_assert_true (kith_dht_runner_start (runner, &config, NULL));
  test_dht_wait (kith_dht_runner_get_port (runner) != 0);
  g_assert_true (kith_endpoint_parse (&endpoint, "127.0.0.1",
                                      kith_dht_runner_get_port (test_cluster_get (&cluster, 1))));
  kith_dht_runner_add_node (runner, &endpoint);
  test_dht_wait (test_is_connected (runner));

  test_dht_wait (kith_dht_get_public_addresses (KITH_DHT (runner), addresses, 8) > 0);
  g_assert_true (kith_endpoint_is_loopback (&addresses[0]));
  g_assert_cmpuint (addresses[0].port, ==, 0);

  test_runner_stop (runner);
  test_cluster_clear (&cluster);
}

/* Who knows nobody is found by others, and notices. The library takes its time for it. */
static void
test_found (void)
{
  g_autoptr (KithDhtRunner) a = test_runner_new ();
  g_autoptr (KithDhtRunner) b = test_runner_new ();
  KithDhtConfig config = { .network = g_random_int () };
  KithEndpoint endpoint;

  if (g_strcmp0 (g_getenv ("KITH_TEST_LONG"), "1") != 0)
    {
      g_test_skip ("takes half a minute");
      return;
    }

  g_assert_true (kith_dht_runner_start (a, &config, NULL));
  g_assert_true (kith_dht_runner_start (b, &config, NULL));
  test_dht_wait (kith_dht_runner_get_port (a) != 0 && kith_dht_runner_get_port (b) != 0);
  g_assert_true (kith_endpoint_parse (&endpoint, "127.0.0.1", kith_dht_runner_get_port (a)));
  kith_dht_runner_add_node (b, &endpoint);
  test_dht_wait (test_is_connected (b));
  test_dht_wait (test_is_connected (a));
  test_runner_stop (a);
  test_runner_stop (b);
}

/* --- Losses --------------------------------------------------------------------------------- */

/* Three of ten go without a word; what they kept is kept by others. */
static void
test_killed (void)
{
  TestCluster cluster;
  guint8      locations[16][KITH_DHT_LOCATION_BYTES];

  test_cluster_init (&cluster, 20);
  for (guint i = 0; i < G_N_ELEMENTS (locations); i++)
    {
      test_random_location (locations[i]);
      test_put_text (test_cluster_get (&cluster, 1 + i % 10), locations[i], "stays");
      test_assert_found (test_cluster_get (&cluster, 19), locations[i], "stays");
    }

  for (guint i = 12; i < 18; i++)
    test_cluster_kill (&cluster, i);
  for (guint i = 0; i < G_N_ELEMENTS (locations); i++)
    test_assert_found (test_cluster_get (&cluster, 11), locations[i], "stays");

  test_random_location (locations[0]);
  test_put_text (test_cluster_get (&cluster, 19), locations[0], "after");
  test_assert_found (test_cluster_get (&cluster, 3), locations[0], "after");
  test_cluster_clear (&cluster);
}

/* Everybody goes: that is noticed, and when somebody is there again, too. */
static void
test_lost (void)
{
  TestCluster cluster;
  g_autoptr (KithDhtRunner) runner = test_runner_new ();
  g_autoptr (KithDhtRunner) back = test_runner_new ();
  KithDhtConfig config;
  guint16 port;

  test_cluster_init (&cluster, 2);
  config = test_cluster_config (&cluster);
  port = kith_dht_runner_get_port (test_cluster_get (&cluster, 0));
  kith_dht_runner_get_times (runner)->probe_soon_ms = 50;
  kith_dht_runner_get_times (runner)->probe_ms = 200;
  g_assert_true (kith_dht_runner_start (runner, &config, NULL));
  test_dht_wait (test_is_connected (runner));

  test_runner_stop (test_cluster_get (&cluster, 0));
  test_runner_stop (test_cluster_get (&cluster, 1));
  test_dht_wait (kith_dht_get_state (KITH_DHT (runner)) == KITH_DHT_CONNECTING);
  g_assert_cmpuint (kith_dht_get_nodes (KITH_DHT (runner)), ==, 0);

  config.port = port;
  g_assert_true (kith_dht_runner_start (back, &config, NULL));
  test_dht_wait (test_is_connected (runner));

  test_runner_stop (back);
  test_runner_stop (runner);
  test_cluster_clear (&cluster);
}

/* A get is over in time also when there is nobody to ask. */
static void
test_get_timeout (void)
{
  g_autoptr (KithDhtRunner) runner = test_runner_new ();
  guint8 location[KITH_DHT_LOCATION_BYTES];
  TestSink sink;

  test_sink_init (&sink);
  test_random_location (location);
  kith_dht_runner_get_times (runner)->get_ms = 20;
  kith_dht_get (KITH_DHT (runner), location, test_sink_value, test_sink_done, &sink);
  g_assert_cmpuint (sink.n_done, ==, 0);
  test_dht_wait (sink.n_done == 1);
  test_sink_clear (&sink);
}

/* --- Being let go --------------------------------------------------------------------------- */

static gboolean
flag_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for_ms (guint ms)
{
  gboolean is_over = FALSE;
  g_autoptr (GSource) source = g_timeout_source_new (ms);

  g_source_set_callback (source, flag_cb, &is_over, NULL);
  g_source_attach (source, NULL);
  test_dht_wait (is_over);
}

static void
test_let_go (void)
{
  TestCluster cluster;
  KithDhtConfig config;
  TestSink sink;

  test_cluster_init (&cluster, 4);
  test_sink_init (&sink);
  config = test_cluster_config (&cluster);
  for (guint i = 0; i < 60; i++)
    {
      g_autoptr (KithDhtRunner) runner = test_runner_new ();
      guint8 location[KITH_DHT_LOCATION_BYTES];

      test_random_location (location);
      g_assert_true (kith_dht_runner_start (runner, &config, NULL));
      test_put_text (runner, location, "x");
      kith_dht_listen (KITH_DHT (runner), location, test_sink_value, &sink);
      kith_dht_get (KITH_DHT (runner), location, test_sink_value, test_sink_done, &sink);
      run_for_ms ((guint) g_test_rand_int_range (0, 40));
      if (i % 3 == 1)
        kith_dht_runner_network_changed (runner);
      if (i % 3 == 2)
        kith_dht_runner_stop_async (runner, NULL, NULL, NULL);
    }

  test_cluster_clear (&cluster);
  test_sink_clear (&sink);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dht-runner/before-start", test_before_start);
  g_test_add_func ("/dht-runner/start-errors", test_start_errors);
  g_test_add_func ("/dht-runner/many-descriptors", test_many_descriptors);
  g_test_add_func ("/dht-runner/stop-connecting", test_stop_connecting);
  g_test_add_func ("/dht-runner/saved", test_saved);
  g_test_add_func ("/dht-runner/network-changed", test_network_changed);
  g_test_add_func ("/dht-runner/renewal", test_renewal);
  g_test_add_func ("/dht-runner/resolver", test_resolver);
  g_test_add_func ("/dht-runner/add-node", test_add_node);
  g_test_add_func ("/dht-runner/found", test_found);
  g_test_add_func ("/dht-runner/killed", test_killed);
  g_test_add_func ("/dht-runner/lost", test_lost);
  g_test_add_func ("/dht-runner/get-timeout", test_get_timeout);
  g_test_add_func ("/dht-runner/let-go", test_let_go);
  return g_test_run ();
}
