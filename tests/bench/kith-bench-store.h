/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "store/kith-cipher-vfs.h"
#include "store/kith-database-private.h"

G_BEGIN_DECLS

#define KITH_BENCH_BATCH 100       /* messages in a transaction */
#define KITH_BENCH_INDEX_BATCH 500 /* likewise */

/* A database as the store has it, encrypted or not, and what is done with it. */
typedef struct
{
  char          *path;
  KithCipherVfs *vfs;  /* (nullable): not encrypted */
  sqlite3       *db;
  KithDatabase   reads; /* the same, for what the store itself reads with */
  GRand         *rand; /* the same numbers on both sides */
  GPtrArray     *texts;
  gint64         n_messages;
} KithBenchStore;

/* Does @n of something, and notes in @samples_us how long each took. */
typedef void (*KithBenchWork)   (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);

void kith_bench_store_open      (KithBenchStore *self);
void kith_bench_store_close     (KithBenchStore *self);
void kith_bench_store_exec      (KithBenchStore *self,
                                 const char     *sql);

void kith_bench_add_batches     (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);
void kith_bench_add_singly      (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);
/* With its words, in the same transaction. */
void kith_bench_add_indexed     (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);
void kith_bench_index           (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);
void kith_bench_open_and_read   (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);
void kith_bench_read_latest     (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);
void kith_bench_read_any        (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);
void kith_bench_search_word     (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);
void kith_bench_search_phrase   (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);
void kith_bench_search_beginning (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);
void kith_bench_scan            (KithBenchStore *self,
                                 guint           n,
                                 GArray         *samples_us);

G_END_DECLS
