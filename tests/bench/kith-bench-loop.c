/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kith-bench-loop.h"

#include "kith-bench-figure.h"

#define TICK_MS 4

void
kith_bench_loop_init (KithBenchLoop *self)
{
  *self = (KithBenchLoop){ .turns_us = g_array_new (FALSE, FALSE, sizeof (double)),
                           .late_us = g_array_new (FALSE, FALSE, sizeof (double)) };
}

static gboolean
tick_cb (gpointer user_data)
{
  KithBenchLoop *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  double late_us = (double) MAX (now_us - self->due_us, 0);

  g_array_append_val (self->late_us, late_us);
  self->due_us = now_us + TICK_MS * 1000;
  return G_SOURCE_CONTINUE;
}

/* The ticker goes from now until kith_bench_loop_rest(). */
void
kith_bench_loop_watch (KithBenchLoop *self)
{
  self->due_us = g_get_monotonic_time () + TICK_MS * 1000;
  self->ticker = g_timeout_add (TICK_MS, tick_cb, self);
}

/* One turn of the loop, which waits for something to do. */
void
kith_bench_loop_turn (KithBenchLoop *self)
{
  double us = kith_bench_thread_us ();

  g_main_context_iteration (NULL, TRUE);
  us = kith_bench_thread_us () - us;
  g_array_append_val (self->turns_us, us);
}

void
kith_bench_loop_rest (KithBenchLoop *self)
{
  g_source_remove (self->ticker);
  self->ticker = 0;
}

/* What happens at any time waits no longer than the turn takes into which it falls; long turns are hit more
 * often. Returns: what 99 of 100 wait at most, were we alone on the machine. Wants them sorted. */
static double
get_wait_p99_us (GArray *turns_us)
{
  double *turns = (double *) (gpointer) turns_us->data;
  double sum = 0, part = 0;

  for (guint i = 0; i < turns_us->len; i++)
    sum += turns[i];
  for (guint i = 0; i < turns_us->len; i++)
    {
      part += turns[i];
      if (part >= .99 * sum)
        return turns[i];
    }

  return 0;
}

static double *
sort (GArray *array)
{
  kith_bench_median ((double *) (gpointer) array->data, array->len);
  return (double *) (gpointer) array->data;
}

/* The last thing that is done with it. @during: what went on, for names */
void
kith_bench_loop_tell (KithBenchLoop *self, const char *during)
{
  g_autofree char *measure = g_strdup_printf ("The loop during %s", during);
  g_autofree char *wait = g_strdup_printf ("wait for the loop during %s, p99, ms of CPU", during);
  g_autofree char *longest = g_strdup_printf ("longest turn of the loop during %s, ms of CPU", during);
  double *late = sort (self->late_us), *turns = sort (self->turns_us);
  double p99_us = get_wait_p99_us (self->turns_us);
  double longest_us = turns[self->turns_us->len - 1];

  kith_bench_tell (measure, "ms", (KithBenchBar[]){
    { "a ticker is late by, half of the time", late[self->late_us->len / 2] / 1e3 },
    { "a ticker is late by, p99, others included", late[self->late_us->len * 99 / 100] / 1e3 },
    { "CPU of the turn one waits for, p99", p99_us / 1e3 }, { "CPU of the longest turn", longest_us / 1e3 },
    { NULL, 0 } });
  kith_bench_tell_goal (wait, p99_us / 1e3, TRUE, 2);
  kith_bench_tell_goal (longest, longest_us / 1e3, TRUE, 16);
  g_array_unref (self->turns_us);
  g_array_unref (self->late_us);
}
