/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The DHT: what both implementations promise, then what only the real one has to survive. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-fake-dht.h"
#include "kith-test-dht-cluster.h"

/* What an operation was told. */
typedef struct
{
  GPtrArray *values; /* GBytes */
  guint      n_done;
} Sink;

static void
sink_init (Sink *sink)
{
  *sink = (Sink){ .values = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref) };
}

static void
sink_clear (Sink *sink)
{
  g_ptr_array_unref (sink->values);
}

static void
value_cb (const guint8 *data, gsize len, gpointer user_data)
{
  Sink *sink = user_data;

  g_ptr_array_add (sink->values, g_bytes_new (data, len));
}

static void
done_cb (gpointer user_data)
{
  ((Sink *)user_data)->n_done++;
}

static gboolean
sink_has (Sink *sink, const char *text)
{
  g_autoptr (GBytes) wanted = g_bytes_new_static (text, strlen (text));

  for (guint i = 0; i < sink->values->len; i++)
    if (g_bytes_equal (g_ptr_array_index (sink->values, i), wanted))
      return TRUE;

  return FALSE;
}

static guint
put_text (gpointer dht, const guint8 *location, const char *text)
{
  g_autoptr (GBytes) value = g_bytes_new_static (text, strlen (text));

  return kith_dht_put (KITH_DHT (dht), location, value);
}

static void
random_location (guint8 location[KITH_DHT_LOCATION_BYTES])
{
  for (guint i = 0; i < KITH_DHT_LOCATION_BYTES; i++)
    location[i] = (guint8)g_random_int_range (0, 256);
}

/* Asks until it is found: one question may well come too early. */
static void
assert_found (gpointer dht, const guint8 *location, const char *text)
{
  Sink sink;

  sink_init (&sink);
  while (!sink_has (&sink, text))
    {
      guint n_done = sink.n_done;

      kith_dht_get (KITH_DHT (dht), location, value_cb, done_cb, &sink);
      test_dht_wait (sink.n_done > n_done);
    }
  sink_clear (&sink);
}

/* --- What both promise ---------------------------------------------------------------------- */

static void
check_put_and_find (gpointer a, gpointer b)
{
  guint8 location[KITH_DHT_LOCATION_BYTES];
  Sink   heard;
  guint  listen, first;

  sink_init (&heard);
  random_location (location);
  listen = kith_dht_listen (KITH_DHT (b), location, value_cb, &heard);
  first = put_text (a, location, "first");
  g_assert_cmpuint (first, !=, 0);
  g_assert_cmpuint (heard.values->len, ==, 0);
  test_dht_wait (sink_has (&heard, "first"));
  assert_found (b, location, "first");
  assert_found (a, location, "first");

  g_assert_cmpuint (put_text (a, location, "second"), !=, 0);
  kith_dht_cancel_put (KITH_DHT (a), first);
  test_dht_wait (sink_has (&heard, "second"));
  assert_found (b, location, "second");

  kith_dht_cancel_listen (KITH_DHT (b), listen);
  g_ptr_array_set_size (heard.values, 0);
  put_text (a, location, "third");
  assert_found (b, location, "third");
  g_assert_cmpuint (heard.values->len, ==, 0);
  sink_clear (&heard);
}

static void
check_cancel (gpointer a)
{
  guint8 location[KITH_DHT_LOCATION_BYTES];
  Sink   cancelled, other;
  guint  get;

  sink_init (&cancelled);
  sink_init (&other);
  random_location (location);
  get = kith_dht_get (KITH_DHT (a), location, value_cb, done_cb, &cancelled);
  kith_dht_cancel_get (KITH_DHT (a), get);
  kith_dht_cancel_get (KITH_DHT (a), get);
  kith_dht_cancel_put (KITH_DHT (a), put_text (a, location, "not meant"));
  kith_dht_cancel_listen (KITH_DHT (a),
                          kith_dht_listen (KITH_DHT (a), location, value_cb, &cancelled));
  kith_dht_get (KITH_DHT (a), location, value_cb, done_cb, &other);
  g_assert_cmpuint (other.n_done, ==, 0);
  test_dht_wait (other.n_done == 1);
  g_assert_cmpuint (cancelled.n_done, ==, 0);
  g_assert_cmpuint (cancelled.values->len, ==, 0);
  sink_clear (&cancelled);
  sink_clear (&other);
}

static void
check_sizes (gpointer a)
{
  guint8           location[KITH_DHT_LOCATION_BYTES];
  g_autofree char *fits = g_strnfill (KITH_LIMIT_DHT_VALUE_BYTES, 'x');
  g_autofree char *too_big = g_strnfill (KITH_LIMIT_DHT_VALUE_BYTES + 1, 'x');

  random_location (location);
  g_assert_cmpuint (put_text (a, location, too_big), ==, 0);
  g_assert_cmpuint (put_text (a, location, fits), !=, 0);
  assert_found (a, location, fits);
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
