/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "kith-bench-figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double
clock_us (clockid_t clock)
{
  struct timespec now;

  clock_gettime (clock, &now);
  return (double) now.tv_sec * 1e6 + (double) now.tv_nsec / 1e3;
}

/* Of all threads. What others do on the machine hardly changes it. */
double
kith_bench_cpu_us (void)
{
  return clock_us (CLOCK_PROCESS_CPUTIME_ID);
}

/* Of this thread alone: the machine may have other work. */
double
kith_bench_thread_us (void)
{
  return clock_us (CLOCK_THREAD_CPUTIME_ID);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

/* Sorts them. */
double
kith_bench_median (double *values, guint n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

double
kith_bench_percentile_ms (GArray *times_us, guint percent)
{
  g_array_sort (times_us, compare_times);
  return (double) g_array_index (times_us, gint64, (times_us->len - 1) * percent / 100) / 1000;
}

guint
kith_bench_number (const char *name, guint usual)
{
  const char *text = g_getenv (name);

  return text != NULL ? (guint) g_ascii_strtoull (text, NULL, 10) : usual;
}

void
kith_bench_tell (const char *measure, const char *unit, const KithBenchBar *bars)
{
  printf ("{\"measure\": \"%s\", \"unit\": \"%s\", \"bars\": {", measure, unit);
  for (guint i = 0; bars[i].name != NULL; i++)
    printf ("%s\"%s\": %.6g", i > 0 ? ", " : "", bars[i].name, bars[i].value);
  printf ("}}\n");
}

void
kith_bench_tell_goal (const char *what, double value, gboolean is_at_most, double goal)
{
  printf ("{\"goal\": \"%s\", \"value\": %.4g, \"%s\": %.6g}\n", what, value,
           is_at_most ? "at_most" : "at_least", goal);
}
