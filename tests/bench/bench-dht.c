/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the puts and listens of one node cost in UDP bytes, both ways, in a network of 24 nodes:
 * what its loopback carries more with them than without, in a network namespace of its own. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "../net/kith-test-dht-cluster.h"
#include "kith-bench-namespace.h"

#define N_NODES 24
#define N_PUTS 100
#define N_LISTENS 64
#define VALUE_BYTES 272
#define N_CONTACTS 500
#define SETTLE_S 30

/* Each packet is sent once and received once: the first number is what was received. */
static guint64
carried_bytes (void)
{
  g_autofree char *text = NULL;
  const char *line;

  g_file_get_contents ("/proc/thread-self/net/dev", &text, NULL, NULL);
  line = text != NULL ? strstr (text, "lo:") : NULL;
  return line != NULL ? g_ascii_strtoull (line + strlen ("lo:"), NULL, 10) : 0;
}

static gboolean
flag_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Returns: how many bytes the network carried in that time */
static double
measure (guint seconds)
{
  guint64 before = carried_bytes ();
  gboolean is_over = FALSE;

  g_timeout_add_seconds (seconds, flag_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  before = carried_bytes () - before;
  return (double) before;
}

static void
value_cb (const guint8 *data, gsize len, gpointer user_data)
{
}

static void
print (const char *what, double bytes_a_minute, guint n)
{
  double each_day = bytes_a_minute * 60 * 24 / n;

  g_print ("%-8s %9.0f bytes/min for %u; %10.0f bytes/day each; %7.1f MB/day for %d contacts\n",
           what, bytes_a_minute, n, each_day, each_day * N_CONTACTS / 1e6, N_CONTACTS);
}

int
main (void)
{
  const char *minutes_text = g_getenv ("KITH_BENCH_MINUTES");
  guint minutes = minutes_text != NULL ? (guint) atoi (minutes_text) : 10;
  g_autofree guint8 *data = g_malloc0 (VALUE_BYTES);
  guint8 location[KITH_DHT_LOCATION_BYTES];
  TestCluster cluster;
  double idle, with_puts, with_both;
  KithDhtRunner *runner;

  if (!kith_bench_enter_namespace ())
    {
      g_print ("A network namespace is not allowed here: nothing is measured.\n");
      return 77;
    }

  test_cluster_init (&cluster, N_NODES);
  runner = test_cluster_get (&cluster, N_NODES / 2);
  measure (SETTLE_S);
  idle = measure (60);
  g_print ("idle     %9.0f bytes/min for all %d nodes\n", idle, N_NODES);

  for (guint i = 0; i < N_PUTS; i++)
    {
      g_autoptr (GBytes) value = g_bytes_new (data, VALUE_BYTES);

      test_random_location (location);
      kith_dht_put (KITH_DHT (runner), location, value);
    }
  g_print ("the puts took %.0f bytes\n", measure (SETTLE_S) - idle * SETTLE_S / 60);
  with_puts = measure (60 * minutes) / minutes;
  print ("puts", with_puts - idle, N_PUTS);

  for (guint i = 0; i < N_LISTENS; i++)
    {
      test_random_location (location);
      kith_dht_listen (KITH_DHT (runner), location, value_cb, NULL);
    }
  g_print ("the listens took %.0f bytes\n", measure (SETTLE_S) - with_puts * SETTLE_S / 60);
  with_both = measure (60 * minutes) / minutes;
  print ("listens", with_both - with_puts, N_LISTENS);

  test_cluster_clear (&cluster);
  return 0;
}
