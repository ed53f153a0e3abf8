/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long the main loop keeps others waiting: how late a ticker is that wants to run every few ms, and the CPU
 * of each of the loop's turns, whoever makes them. What the machine has to do with it is told beside: for how long
 * this thread could have run and got no processor, and how late a ticker is, at the same time, in a thread that does
 * nothing else.
 *
 * On the stack: begun with kith_bench_loop_init(), ended with kith_bench_loop_tell(). One at a time is watched. */
typedef struct
{
  GArray  *turns_us;  /* (owned) double: of CPU */
  GArray  *late_us;   /* (owned) double */
  GArray  *own_us;    /* (owned) double: the same less what was waited for a processor */
  GArray  *beside_us; /* (owned) double: of the other thread, which writes it while it is watched */
  gint64   due_us;
  double   woken_us;  /* of CPU: when the turn began */
  double   queued_us; /* what this thread had waited for a processor at the last tick */
  int      queued_fd; /* where the system says so, or -1 */
  guint    ticker;    /* source, or 0 */
  GThread *beside;    /* (owned) (nullable) */
  gint     is_over;   /* atomic */
} KithBenchLoop;

void   kith_bench_loop_init   (KithBenchLoop *self);
void   kith_bench_loop_watch  (KithBenchLoop *self);
void   kith_bench_loop_rest   (KithBenchLoop *self);
void   kith_bench_loop_tell   (KithBenchLoop *self,
                               const char    *during);

G_END_DECLS
