/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A start with a group that has a long history: how long until it can be used, and for how long the main
 * loop stands still at most. KITH_BENCH_ENTRIES says how long the history is. */
#include "config.h"

#include <sodium.h>

#include "kith-bench-figure.h"
#include "kith-bench-group.h"
#include "kith-bench-loop.h"
#include "node/kith-node-groups.h"

static void
create_group (TestPerson *person)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithGroup) group = NULL;

  kith_node_create_group_async (person->node, "Old", NULL, NULL, test_result_cb, &result);
  group = kith_node_create_group_finish (person->node, test_await (&result), NULL, NULL);
  g_assert_nonnull (group);
}

int
main (int argc, char **argv)
{
  const char *number = g_getenv ("KITH_BENCH_ENTRIES");
  guint n = number != NULL ? (guint) g_ascii_strtoull (number, NULL, 10) : 100000;
  g_autoptr (TestPerson) ann = NULL;
  KithBenchWriter writer;
  KithBenchLoop loop;
  gint64 began_us;
  double ms;

  g_assert_cmpint (sodium_init (), >=, 0);
  ann = test_person_new ("ann");
  create_group (ann);
  test_wait_for (kith_bench_get_group_host (ann)->ready);
  kith_bench_writer_init (&writer, ann);
  test_person_stop (ann);
  kith_bench_writer_write (&writer, ann, n, g_get_real_time () / 1000 - n * (gint64) 1000);

  kith_bench_loop_init (&loop);
  kith_bench_loop_watch (&loop);
  began_us = g_get_monotonic_time ();
  test_person_start (ann);
  while (!kith_bench_get_group_host (ann)->ready)
    g_main_context_iteration (NULL, TRUE);
  ms = (double) (g_get_monotonic_time () - began_us) / 1e3;
  kith_bench_loop_rest (&loop);
  g_assert_cmpuint (kith_group_replica_get_newest_seq (kith_bench_get_group_host (ann)->replica,
                                                       kith_group_replica_get_author (kith_bench_get_group_host (ann)->replica)),
                    ==, n);
  kith_bench_tell ("Start with a group of a long history", "ms", (KithBenchBar[]){ { "until it can be used", ms }, { NULL, 0 } });
  kith_bench_loop_tell (&loop, "the reading of a group");
  kith_bench_writer_clear (&writer);
  return 0;
}
