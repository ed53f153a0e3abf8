/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Texts as people write them: few words often and most words rarely (Zipf), and 8 of 100 messages
 * in Chinese. The same seed gives the same texts. */

/* From 1 to @n; 1 is the most frequent. */
guint kith_bench_zipf     (GRand *rand,
                           guint  n);
char *kith_bench_word     (guint  rank);
char *kith_bench_message  (GRand *rand);

#define KITH_BENCH_WORDS 50000

/* What somebody looks for: a word; two that follow each other in one of @texts; a word of which no more may have been
 * typed than its beginning. */
typedef enum
{
  KITH_BENCH_WORD,
  KITH_BENCH_PHRASE,
  KITH_BENCH_BEGINNING,
} KithBenchQuery;

/* (transfer full): without quotes */
char *kith_bench_query    (GRand         *rand,
                           GPtrArray     *texts,
                           KithBenchQuery kind);

G_END_DECLS
