/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long the main loop keeps others waiting: the CPU of each of its turns, and how late a ticker
 * that wants to run every few ms is. On the stack: begun with kith_bench_loop_init(), ended with
 * kith_bench_loop_tell(). */
typedef struct
{
  GArray *turns_us; /* (owned) double */
  GArray *late_us;  /* (owned) double */
  gint64  due_us;
  guint   ticker;   /* source, or 0 */
} KithBenchLoop;

void   kith_bench_loop_init   (KithBenchLoop *self);
void   kith_bench_loop_watch  (KithBenchLoop *self);
void   kith_bench_loop_turn   (KithBenchLoop *self);
void   kith_bench_loop_rest   (KithBenchLoop *self);
void   kith_bench_loop_tell   (KithBenchLoop *self,
                               const char    *during);

G_END_DECLS
