/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kith-bench-loop.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "kith-bench-figure.h"

#define TICK_MS 2

static KithBenchLoop *watched; /* (unowned) (nullable) */

/* What a queue tells of its times. */
typedef struct
{
  double p50, p99, worst; /* ms */
} Times;

void
kith_bench_loop_init (KithBenchLoop *self)
{
  *self = (KithBenchLoop){ .turns_us = g_array_new (FALSE, FALSE, sizeof (double)),
                           .late_us = g_array_new (FALSE, FALSE, sizeof (double)),
                           .own_us = g_array_new (FALSE, FALSE, sizeof (double)),
                           .beside_us = g_array_new (FALSE, FALSE, sizeof (double)),
                           .queued_fd = -1 };
}

/* --- The tickers ---------------------------------------------------------------------------- */

/* Returns: for how long this thread has waited for a processor since it began, in us */
static double
get_queued_us (KithBenchLoop *self)
{
  char text[128] = "";
  unsigned long long queued_ns = 0;
  gssize n = self->queued_fd >= 0 ? pread (self->queued_fd, text, sizeof text - 1, 0) : 0;

  if (n <= 0 || sscanf (text, "%*s %llu", &queued_ns) != 1)
    return 0;
  return (double) queued_ns / 1e3;
}

static gboolean
tick_cb (gpointer user_data)
{
  KithBenchLoop *self = user_data;
  gint64 now_us = g_get_monotonic_time ();
  double queued_us = get_queued_us (self);
  double late_us = (double) MAX (now_us - self->due_us, 0);
  double own_us = MAX (late_us - (queued_us - self->queued_us), 0);

  g_array_append_val (self->late_us, late_us);
  g_array_append_val (self->own_us, own_us);
  self->queued_us = queued_us;
  self->due_us = g_get_monotonic_time () + TICK_MS * 1000;
  return G_SOURCE_CONTINUE;
}

/* Waits as a main loop does that has nothing but the ticker. */
static gpointer
tick_beside (gpointer data)
{
  KithBenchLoop *self = data;

  while (!g_atomic_int_get (&self->is_over))
    {
      gint64 due_us = g_get_monotonic_time () + TICK_MS * 1000;
      double late_us;

      g_poll (NULL, 0, TICK_MS);
      late_us = (double) MAX (g_get_monotonic_time () - due_us, 0);
      g_array_append_val (self->beside_us, late_us);
    }

  return NULL;
}

/* A turn is what is done between two waits. */
static void
end_turn (KithBenchLoop *self)
{
  double us = kith_bench_thread_us () - self->woken_us;

  g_array_append_val (self->turns_us, us);
}

static int
poll_cb (GPollFD *fds, guint n_fds, int timeout_ms)
{
  int n_ready;

  end_turn (watched);
  n_ready = g_poll (fds, n_fds, timeout_ms);
  watched->woken_us = kith_bench_thread_us ();
  return n_ready;
}

/* The tickers go from now until kith_bench_loop_rest(), which is called in the same thread. */
void
kith_bench_loop_watch (KithBenchLoop *self)
{
  g_atomic_int_set (&self->is_over, FALSE);
  self->beside = g_thread_new ("bench-beside", tick_beside, self);
  self->queued_fd = open ("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC);
  self->queued_us = get_queued_us (self);
  self->due_us = g_get_monotonic_time () + TICK_MS * 1000;
  self->ticker = g_timeout_add (TICK_MS, tick_cb, self);
  watched = self;
  self->woken_us = kith_bench_thread_us ();
  g_main_context_set_poll_func (NULL, poll_cb);
}

/* What is late by then counts as well. */
void
kith_bench_loop_rest (KithBenchLoop *self)
{
  end_turn (self);
  g_main_context_set_poll_func (NULL, g_poll);
  watched = NULL;
  if (g_get_monotonic_time () > self->due_us)
    tick_cb (self);
  g_source_remove (self->ticker);
  self->ticker = 0;
  g_atomic_int_set (&self->is_over, TRUE);
  g_thread_join (g_steal_pointer (&self->beside));
  if (self->queued_fd >= 0)
    close (self->queued_fd);
  self->queued_fd = -1;
}

/* --- What they say -------------------------------------------------------------------------- */

/* What happens at any time waits no longer than the turn takes into which it falls; long turns are hit more
 * often. Returns: what 99 of 100 wait at most, were we alone on the machine. Wants them sorted. */
static double
get_wait_p99_us (const double *turns, guint n)
{
  double sum = 0, part = 0;

  for (guint i = 0; i < n; i++)
    sum += turns[i];
  for (guint i = 0; i < n; i++)
    {
      part += turns[i];
      if (part >= .99 * sum)
        return turns[i];
    }

  return 0;
}

/* Sorts them. */
static Times
get_times (GArray *array)
{
  double *us = (double *) (gpointer) array->data;

  if (array->len == 0)
    return (Times){ 0 };

  kith_bench_median (us, array->len);
  return (Times){ us[array->len / 2] / 1e3, us[array->len * 99 / 100] / 1e3, us[array->len - 1] / 1e3 };
}

/* The last thing that is done with it. @during: what went on, for names */
void
kith_bench_loop_tell (KithBenchLoop *self, const char *during)
{
  g_autofree char *measure = g_strdup_printf ("The loop during %s", during);
  Times late = get_times (self->late_us), own = get_times (self->own_us), beside = get_times (self->beside_us);
  Times turns = get_times (self->turns_us);
  double wait_ms = get_wait_p99_us ((double *) (gpointer) self->turns_us->data, self->turns_us->len) / 1e3;

  kith_bench_tell (measure, "ms", (KithBenchBar[]){
    { "a ticker is late by, half of the time", late.p50 }, { "a ticker is late by, p99", late.p99 },
    { "p99, less waiting for a processor", own.p99 }, { "p99, in a thread with nothing to do", beside.p99 },
    { "CPU of the turn one waits for, p99", wait_ms }, { "CPU of the longest turn", turns.worst }, { NULL, 0 } });
  printf ("{\"loop\": \"%s\", \"ticks\": %u, \"late_ms\": [%.3f, %.3f, %.3f], \"own_ms\": [%.3f, %.3f],"
          " \"beside_ms\": [%.3f, %.3f], \"cpu_ms\": [%.3f, %.3f]}\n",
          during, self->late_us->len, late.p50, late.p99, late.worst, own.p99, own.worst, beside.p99, beside.worst,
          wait_ms, turns.worst);
  g_array_unref (self->turns_us);
  g_array_unref (self->late_us);
  g_array_unref (self->own_us);
  g_array_unref (self->beside_us);
}
