/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a group costs: a long history for a newcomer, a start with it, and one message to many.
 *
 * KITH_BENCH_ENTRIES says how long the history is, KITH_BENCH_MEMBERS how many members the big
 * group has. Signatures are checked, links are queues in memory: the replicas are measured, not a
 * network. */
#include "config.h"

#include <malloc.h>
#include <math.h>

#include <sodium.h>

#include "../group/kith-simulator.h"
#include "base/kith-init.h"
#include "kith-bench-alone.h"
#include "kith-bench-figure.h"

#define SECOND_MS 1000
#define HOP_MS 50
#define MESSAGE_BYTES 358 /* on the wire */
#define WARM_UP 10
#define SIGNATURES 5000

static const KithGroupPolicy all_history = { KITH_GROUP_HISTORY_ALL, 14, 0 };

static KithSimPerson *
get_person (KithSim *sim, guint i)
{
  return kith_sim_get_people (sim)->pdata[i];
}

static void
write_history (KithSim *sim, KithSimPerson *author, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text = g_strdup_printf ("This is message number %u of a long history", i);

      g_assert_true (kith_sim_post (author, text));
      kith_sim_run (sim, SECOND_MS / 2);
    }
}

static void
bench_newcomer (guint n)
{
  g_autoptr (KithSim) sim = kith_sim_new (1);
  KithSimPerson *admin = kith_sim_add_person (sim);
  KithSimPerson *newcomer = kith_sim_add_person (sim);
  gint64 start_us;
  gsize before;
  double seconds, cpu_us, alone_us;

  kith_sim_set_delay (sim, 1, 1);
  kith_sim_create (admin, &all_history);
  write_history (sim, admin, n);
  kith_sim_add_by (admin, newcomer);

  start_us = g_get_monotonic_time ();
  cpu_us = kith_bench_cpu_us ();
  kith_sim_connect (admin, newcomer);
  while (kith_sim_count_shown (newcomer) < n)
    kith_sim_run (sim, SECOND_MS);
  seconds = (double) (g_get_monotonic_time () - start_us) / 1e6;
  cpu_us = (kith_bench_cpu_us () - cpu_us) / n;
  alone_us = kith_bench_check_signatures (SIGNATURES);
  g_print ("%u entries to a newcomer: %.1f s, %.0f entries/s, %.0f bytes each on the wire\n", n,
           seconds, n / seconds, (double) newcomer->received_bytes / n);
  kith_bench_tell ("A long history of a group for a newcomer, replicas alone", "µs of CPU for an entry", (KithBenchBar[]){
    { "Kith, both ends", cpu_us }, { "libsodium checks a signature", alone_us }, { NULL, 0 } });
  kith_bench_tell_goal ("an entry of a group between replicas, CPU, to the check of its signature", cpu_us / alone_us, TRUE,
                        1.25);

  kith_sim_stop (newcomer);
  before = mallinfo2 ().uordblks;
  start_us = g_get_monotonic_time ();
  kith_sim_start (newcomer, FALSE);
  seconds = (double) (g_get_monotonic_time () - start_us) / 1e6;
  g_print ("a start with %u entries: %.2f s, %.0f bytes of memory for each\n", n, seconds,
           (double) (mallinfo2 ().uordblks - before) / n);
}

static void
copy_ops (KithSimPerson *from, KithSimPerson *to)
{
  for (guint i = 0; i < from->ops->len; i++)
    g_ptr_array_add (to->ops, g_bytes_ref (from->ops->pdata[i]));
  g_array_append_vals (to->op_times, from->op_times->data, from->op_times->len);
}

/* Everybody has the chain already, as if they had been here before. */
static KithSim *
make_big_group (guint n)
{
  KithSim *sim = kith_sim_new (1);
  KithSimPerson *admin = kith_sim_add_person (sim);

  kith_sim_set_delay (sim, HOP_MS, HOP_MS);
  kith_sim_create (admin, &all_history);
  for (guint i = 1; i < n; i++)
    {
      KithSimPerson *person = kith_sim_add_person (sim);

      kith_sim_add_by (admin, person);
      kith_sim_stop (person);
    }
  for (guint i = 1; i < n; i++)
    {
      copy_ops (admin, get_person (sim, i));
      kith_sim_start (get_person (sim, i), FALSE);
    }
  kith_sim_set_overlay (sim, TRUE);
  kith_sim_run (sim, 30 * SECOND_MS);
  return sim;
}

static guint64
sum_sent (KithSim *sim, guint n)
{
  guint64 sum = 0;

  for (guint i = 0; i < n; i++)
    sum += get_person (sim, i)->sync_bytes;
  return sum;
}

static gboolean
all_show (KithSim *sim, guint n, guint messages)
{
  for (guint i = 0; i < n; i++)
    if (kith_sim_count_shown (get_person (sim, i)) < messages)
      return FALSE;

  return TRUE;
}

/* In how many times the delay of a link it is everywhere. */
static guint
post_and_wait (KithSim *sim, guint n, guint writer, guint n_messages)
{
  guint hops = 0;

  g_assert_true (kith_sim_post (get_person (sim, writer),
                                "A message of ordinary length, to all who are in the group"));
  while (!all_show (sim, n, n_messages))
    {
      kith_sim_run (sim, HOP_MS);
      hops++;
    }
  kith_sim_run (sim, 5 * SECOND_MS);
  return hops;
}

static void
print_cost (guint n, const char *which, guint hops, guint64 bytes)
{
  double in_messages = (double) bytes / MESSAGE_BYTES;

  g_print ("%s message to %u members: %u hops, %.0f bytes sent by each, %.1f messages for each "
           "(log2 n is %.1f)\n",
           which, n, hops, (double) bytes / n, in_messages / n, log2 (n));
  if (g_str_equal (which, "a later"))
    {
      g_autofree char *goal = g_strdup_printf ("a message to %u members, times sent by each, to log2 of them", n);

      kith_bench_tell_goal (goal, in_messages / n / log2 (n), TRUE, 1);
    }
}

static void
bench_message (guint n)
{
  g_autoptr (KithSim) sim = make_big_group (n);
  guint64 before = sum_sent (sim, n);
  guint hops = post_and_wait (sim, n, n / 2, 1);

  print_cost (n, "the first", hops, sum_sent (sim, n) - before);
  for (guint i = 0; i < WARM_UP; i++)
    post_and_wait (sim, n, i * 7 % n, i + 2);

  before = sum_sent (sim, n);
  hops = post_and_wait (sim, n, n / 3, WARM_UP + 2);
  print_cost (n, "a later", hops, sum_sent (sim, n) - before);
  g_assert_cmpfloat ((double) (sum_sent (sim, n) - before) / MESSAGE_BYTES, <=, n * log2 (n));
}

int
main (int argc, char **argv)
{
  g_assert_true (kith_init ());
  bench_newcomer (kith_bench_number ("KITH_BENCH_ENTRIES", 100000));
  bench_message (100);
  bench_message (kith_bench_number ("KITH_BENCH_MEMBERS", 1000));
  return 0;
}
