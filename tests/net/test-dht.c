/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The DHT: what both implementations promise, then what only the real one has to survive. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-limits.h"
#include "kith-fake-dht.h"
#include "kith-test-dht-cluster.h"

/* --- What both promise ---------------------------------------------------------------------- */

static void
check_put_and_find (gpointer a, gpointer b)
{
  guint8 location[KITH_DHT_LOCATION_BYTES];
  TestSink heard;
  guint listen, first;

  test_sink_init (&heard);
  test_random_location (location);
  listen = kith_dht_listen (KITH_DHT (b), location, test_sink_value, &heard);
  first = test_put_text (a, location, "first");
  g_assert_cmpuint (first, !=, 0);
  g_assert_cmpuint (heard.values->len, ==, 0);
  test_dht_wait (test_sink_has (&heard, "first"));
  test_assert_found (b, location, "first");
  test_assert_found (a, location, "first");

  g_assert_cmpuint (test_put_text (a, location, "second"), !=, 0);
  kith_dht_cancel_put (KITH_DHT (a), first);
  test_dht_wait (test_sink_has (&heard, "second"));
  test_assert_found (b, location, "second");

  kith_dht_cancel_listen (KITH_DHT (b), listen);
  g_ptr_array_set_size (heard.values, 0);
  test_put_text (a, location, "third");
  test_assert_found (b, location, "third");
  g_assert_cmpuint (heard.values->len, ==, 0);
  test_sink_clear (&heard);
}

static void
check_cancel (gpointer a)
{
  guint8 location[KITH_DHT_LOCATION_BYTES];
  TestSink cancelled, other;
  guint get;

  test_sink_init (&cancelled);
  test_sink_init (&other);
  test_random_location (location);
  get = kith_dht_get (KITH_DHT (a), location, test_sink_value, test_sink_done, &cancelled);
  kith_dht_cancel_get (KITH_DHT (a), get);
  kith_dht_cancel_get (KITH_DHT (a), get);
  kith_dht_cancel_put (KITH_DHT (a), test_put_text (a, location, "not meant"));
  kith_dht_cancel_listen (KITH_DHT (a),
                          kith_dht_listen (KITH_DHT (a), location, test_sink_value, &cancelled));
  kith_dht_get (KITH_DHT (a), location, test_sink_value, test_sink_done, &other);
  g_assert_cmpuint (other.n_done, ==, 0);
  test_dht_wait (other.n_done == 1);
  g_assert_cmpuint (cancelled.n_done, ==, 0);
  g_assert_cmpuint (cancelled.values->len, ==, 0);
  test_sink_clear (&cancelled);
  test_sink_clear (&other);
}

static void
check_sizes (gpointer a)
{
  guint8 location[KITH_DHT_LOCATION_BYTES];
  g_autofree char *fits = g_strnfill (KITH_LIMIT_DHT_VALUE_BYTES, 'x');
  g_autofree char *too_big = g_strnfill (KITH_LIMIT_DHT_VALUE_BYTES + 1, 'x');

  test_random_location (location);
  g_assert_cmpuint (test_put_text (a, location, too_big), ==, 0);
  g_assert_cmpuint (test_put_text (a, location, fits), !=, 0);
  test_assert_found (a, location, fits);
}

static void
check_both (gpointer a, gpointer b)
{
  check_put_and_find (a, b);
  check_cancel (a);
  check_sizes (a);
}

static void
test_fake (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (KithFakeDht) a = kith_fake_dht_new (net);
  g_autoptr (KithFakeDht) b = kith_fake_dht_new (net);

  check_both (a, b);
}

static void
test_real (void)
{
  TestCluster cluster;

  test_cluster_init (&cluster, 8);
  check_both (test_cluster_get (&cluster, 3), test_cluster_get (&cluster, 6));
  test_cluster_clear (&cluster);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dht/fake", test_fake);
  g_test_add_func ("/dht/real", test_real);
  return g_test_run ();
}
