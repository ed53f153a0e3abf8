/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a benchmark has to say, as lines of JSON that collect.py makes a page of. */

typedef struct
{
  const char *name; /* of who was measured; NULL ends a list */
  double      value;
} KithBenchBar;

double kith_bench_cpu_us     (void);
double kith_bench_thread_us  (void);
double kith_bench_median     (double             *values,
                              guint               n);
/* Sorts them, which are gint64. */
double kith_bench_percentile_ms (GArray          *times_us,
                              guint               percent);
guint  kith_bench_number     (const char         *name,
                              guint               usual);
void   kith_bench_tell       (const char         *measure,
                              const char         *unit,
                              const KithBenchBar *bars);
void   kith_bench_tell_goal  (const char         *what,
                              double              value,
                              gboolean            is_at_most,
                              double              goal);

G_END_DECLS
