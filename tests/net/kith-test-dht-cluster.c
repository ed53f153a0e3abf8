/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-dht-cluster.h"

#include <string.h>

KithDhtRunner *
test_runner_new (void)
{
  KithDhtRunner *runner = kith_dht_runner_new ();
  KithDhtTimes *times = kith_dht_runner_get_times (runner);

  times->round_ms = 300;
  times->backoff_min_ms = 500;
  times->backoff_max_ms = 2000;
  return runner;
}

KithDhtConfig
test_cluster_config (TestCluster *self)
{
  return (KithDhtConfig){ .network = self->network,
                          .bootstrap = (const char *const *)self->bootstrap };
}

KithDhtRunner *
test_cluster_join (TestCluster *self)
{
  KithDhtRunner *runner = test_runner_new ();
  KithDhtConfig config = test_cluster_config (self);
  g_autoptr (GError) error = NULL;

  kith_dht_runner_start (runner, &config, &error);
  g_assert_no_error (error);
  g_ptr_array_add (self->runners, runner);
  return runner;
}

KithDhtRunner *
test_cluster_get (TestCluster *self, guint i)
{
  return g_ptr_array_index (self->runners, i);
}

static void
get_endpoint (KithDhtRunner *runner, KithEndpoint *endpoint)
{
  test_dht_wait (kith_dht_runner_get_port (runner) != 0);
  g_assert_true (kith_endpoint_parse (endpoint, "127.0.0.1", kith_dht_runner_get_port (runner)));
}

/* The first one would find out by itself that the others have come, but only after many seconds. */
void
test_cluster_init (TestCluster *self, guint n_runners)
{
  KithEndpoint endpoint;

  *self = (TestCluster){ .network = g_random_int () | 1, .runners = g_ptr_array_new () };
  get_endpoint (test_cluster_join (self), &endpoint);
  self->bootstrap[0] = kith_endpoint_dup_text (&endpoint);

  for (guint i = 1; i < n_runners; i++)
    test_cluster_join (self);
  get_endpoint (test_cluster_get (self, 1), &endpoint);
  kith_dht_runner_add_node (test_cluster_get (self, 0), &endpoint);
  for (guint i = 0; i < n_runners; i++)
    test_dht_wait (test_is_connected (test_cluster_get (self, i)));
}

/* Gone without a word. */
void
test_cluster_kill (TestCluster *self, guint i)
{
  g_clear_object ((KithDhtRunner **) &self->runners->pdata[i]);
}

static void
stopped_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *stopped = user_data;

  *stopped = kith_dht_runner_stop_finish (KITH_DHT_RUNNER (source), result, NULL);
}

void
test_runner_stop (KithDhtRunner *runner)
{
  gboolean stopped = FALSE;

  kith_dht_runner_stop_async (runner, NULL, stopped_cb, &stopped);
  test_dht_wait (stopped);
}

/* Waits for the ends, so that nothing of one test is left for the next. */
void
test_cluster_clear (TestCluster *self)
{
  g_autofree gboolean *stopped = g_new0 (gboolean, self->runners->len);

  for (guint i = 0; i < self->runners->len; i++)
    {
      KithDhtRunner *runner = test_cluster_get (self, i);

      if (runner == NULL)
        stopped[i] = TRUE;
      else
        kith_dht_runner_stop_async (runner, NULL, stopped_cb, &stopped[i]);
    }
  for (guint i = 0; i < self->runners->len; i++)
    {
      test_dht_wait (stopped[i]);
      test_cluster_kill (self, i);
    }

  g_ptr_array_unref (self->runners);
  g_free (self->bootstrap[0]);
}

/* --- Operations ----------------------------------------------------------------------------- */

void
test_sink_init (TestSink *sink)
{
  *sink = (TestSink){ .values = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref) };
}

void
test_sink_clear (TestSink *sink)
{
  g_ptr_array_unref (sink->values);
}

void
test_sink_value (const guint8 *data, gsize len, gpointer user_data)
{
  TestSink *sink = user_data;

  g_ptr_array_add (sink->values, g_bytes_new (data, len));
}

void
test_sink_done (gpointer user_data)
{
  ((TestSink *) user_data)->n_done++;
}

gboolean
test_sink_has (TestSink *sink, const char *text)
{
  g_autoptr (GBytes) wanted = g_bytes_new_static (text, strlen (text));

  for (guint i = 0; i < sink->values->len; i++)
    if (g_bytes_equal (g_ptr_array_index (sink->values, i), wanted))
      return TRUE;

  return FALSE;
}

guint
test_put_text (gpointer dht, const guint8 *location, const char *text)
{
  g_autoptr (GBytes) value = g_bytes_new_static (text, strlen (text));

  return kith_dht_put (KITH_DHT (dht), location, value);
}

void
test_random_location (guint8 location[KITH_DHT_LOCATION_BYTES])
{
  for (guint i = 0; i < KITH_DHT_LOCATION_BYTES; i++)
    location[i] = (guint8) g_random_int_range (0, 256);
}

/* Asks until it is found: one question may well come too early. */
void
test_assert_found (gpointer dht, const guint8 *location, const char *text)
{
  TestSink sink;

  test_sink_init (&sink);
  while (!test_sink_has (&sink, text))
    {
      guint n_done = sink.n_done;

      kith_dht_get (KITH_DHT (dht), location, test_sink_value, test_sink_done, &sink);
      test_dht_wait (sink.n_done > n_done);
    }
  test_sink_clear (&sink);
}
