/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the encryption costs: an encrypted database against a plain one, with the schema of the store, in turn in
 * one process; and what putting off the search index gains. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <stdlib.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "kith-bench-figure.h"
#include "kith-bench-search.h"
#include "kith-bench-store.h"
#include "kith-bench-text.h"
#include "base/kith-limits.h"
#include "store/kith-page-cipher.h"
#include "store/kith-store-private.h"
#include "store/kith-vault.h"

#define ROUNDS 3
#define DEFAULT_MESSAGES 1000000
#define SINGLES 300
#define INDEXED 5000 /* messages, each in a transaction of its own */
#define OPENINGS 20
#define PAGES 500
#define SEARCHES 300

#define CONVERSATIONS_SQL                                                                          \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"                 \
  "INSERT INTO conversation (id, identity) SELECT i, CAST (printf ('%032d', i) AS BLOB) FROM n"

typedef enum
{
  PLAIN,
  SEALED,
  N_SIDES,
} Side;

typedef struct
{
  KithBenchStore sides[N_SIDES];
  char          *folder;
  GPtrArray     *texts;
  guint          n_messages;
} Bench;

/* Half of the times are shorter; one of a hundred is longer. What each thing took of the processor, all of them together
 * counted, is that of the round in the middle. */
typedef struct
{
  double p50_ms[N_SIDES];
  double p99_ms[N_SIDES];
  double cpu_ms[N_SIDES];
} Times;

/* --- Measuring ------------------------------------------------------------------------------ */

static double
ratio_of (const Times *times)
{
  return times->p50_ms[SEALED] / MAX (times->p50_ms[PLAIN], 0.0005);
}

static void
tell (Bench *self, const char *what, const char *unit, double plain, double sealed)
{
  g_autofree char *name = g_strdup_printf ("The store, %u messages: %s", self->n_messages, what);
  const KithBenchBar bars[] = { { "Kith, encrypted", sealed }, { "plain SQLite", plain }, { NULL, 0 } };

  kith_bench_tell (name, unit, bars);
}

/* Each round both sides do the same, the other one first each time. */
static Times
measure (Bench *self, const char *what, KithBenchWork work, guint n)
{
  GArray *all[N_SIDES];
  GArray *rounds[N_SIDES];
  Times times;

  for (guint side = 0; side < N_SIDES; side++)
    {
      all[side] = g_array_new (FALSE, FALSE, sizeof (gint64));
      rounds[side] = g_array_new (FALSE, FALSE, sizeof (gint64));
    }

  for (guint round = 0; round < ROUNDS; round++)
    for (guint turn = 0; turn < N_SIDES; turn++)
      {
        guint side = (turn + round) % N_SIDES;
        double began_us = kith_bench_cpu_us ();
        gint64 took_us;

        work (&self->sides[side], n, all[side]);
        took_us = (gint64) (kith_bench_cpu_us () - began_us);
        g_array_append_val (rounds[side], took_us);
      }

  for (guint side = 0; side < N_SIDES; side++)
    {
      times.p50_ms[side] = kith_bench_percentile_ms (all[side], 50);
      times.p99_ms[side] = kith_bench_percentile_ms (all[side], 99);
      times.cpu_ms[side] = kith_bench_percentile_ms (rounds[side], 50) / n;
      g_array_unref (all[side]);
      g_array_unref (rounds[side]);
    }
  tell (self, what, "ms, half of the time", times.p50_ms[PLAIN], times.p50_ms[SEALED]);
  return times;
}

/* The goal is one for what the encryption costs. */
static Times
measure_goal (Bench *self, const char *what, KithBenchWork work, guint n, double at_most)
{
  Times times = measure (self, what, work, n);
  g_autofree char *goal = g_strdup_printf ("store, %u messages: %s, to plain SQLite", self->n_messages, what);

  kith_bench_tell_goal (goal, ratio_of (&times), TRUE, at_most);
  return times;
}

static void
measure_size (Bench *self)
{
  double mib[N_SIDES];

  for (guint side = 0; side < N_SIDES; side++)
    {
      GStatBuf status;

      kith_bench_store_exec (&self->sides[side], "PRAGMA wal_checkpoint(TRUNCATE)");
      g_assert_cmpint (g_stat (self->sides[side].path, &status), ==, 0);
      mib[side] = (double) status.st_size / (1024 * 1024);
    }
  tell (self, "the file", "MiB", mib[PLAIN], mib[SEALED]);
  kith_bench_tell_goal ("store: the file, to plain SQLite", mib[SEALED] / mib[PLAIN], TRUE, 1.08);
}

static void
exec_both (Bench *self, const char *sql)
{
  for (guint side = 0; side < N_SIDES; side++)
    kith_bench_store_exec (&self->sides[side], sql);
}

/* A transaction for each message, as they come; the disk, which both would wait for, is left out, and so is what others
 * do on this processor. All counts that it takes, not the half: the index puts work off to every few messages. */
static void
compare_indexing (Bench *self)
{
  Times rows, words, both;
  double later_ms;

  exec_both (self, "PRAGMA synchronous=OFF");
  both = measure (self, "a message with its words, no waiting for the disk", kith_bench_add_indexed, INDEXED);
  exec_both (self, "UPDATE search_mark SET number = (SELECT max (number) FROM message)");
  rows = measure (self, "a message, no waiting for the disk", kith_bench_add_singly, INDEXED);
  words = measure (self, "500 more messages into the index", kith_bench_index, INDEXED);
  exec_both (self, "PRAGMA synchronous=FULL");

  later_ms = rows.cpu_ms[SEALED] + words.cpu_ms[SEALED];
  kith_bench_tell ("The store: a message without waiting for the disk, all in all", "ms of CPU", (KithBenchBar[]){
    { "indexed at once", both.cpu_ms[SEALED] }, { "indexed later", later_ms }, { NULL, 0 } });
  kith_bench_tell_goal ("store: a message stored and indexed later, to indexed at once",
                        both.cpu_ms[SEALED] / later_ms, FALSE, 2.5);
}

static void
measure_all (Bench *self)
{
  guint part = self->n_messages / ROUNDS;
  Times words_found;
  Times phrases_found;

  measure_goal (self, "batch of 100", kith_bench_add_batches, part, 1.45);
  measure (self, "500 messages into the index", kith_bench_index, part);
  measure_goal (self, "one durable message with its words", kith_bench_add_indexed, SINGLES, 1.9);
  compare_indexing (self);
  measure (self, "one durable message", kith_bench_add_singly, SINGLES);
  measure_size (self);
  measure_goal (self, "open and the latest 50", kith_bench_open_and_read, OPENINGS, 1.35);
  measure_goal (self, "the latest 50 and what is unread", kith_bench_read_latest, PAGES, 1.15);
  measure (self, "50 of any time", kith_bench_read_any, PAGES);
  words_found = measure_goal (self, "search for a word", kith_bench_search_word, SEARCHES, 1.8);
  kith_bench_tell_goal ("store: search for a word, p99, ms", words_found.p99_ms[SEALED], TRUE, 10);
  phrases_found = measure_goal (self, "search for a phrase", kith_bench_search_phrase, SEARCHES, 1.8);
  kith_bench_tell_goal ("store: search for a phrase, p99, ms", phrases_found.p99_ms[SEALED], TRUE, 10);
  measure (self, "search for the beginning of a word", kith_bench_search_beginning, SEARCHES);
  measure_goal (self, "search inside of words, all messages", kith_bench_scan, 1, 1.6);
}

/* --- Start and end -------------------------------------------------------------------------- */

static KithSecret *
new_key (void)
{
  guint8 key[KITH_PAGE_KEY_BYTES] = { 1 };

  return kith_secret_new_from (key, sizeof key);
}

/* As the store makes it of the key. */
static KithCipherVfs *
vfs_new (void)
{
  g_autoptr (KithSecret) key = new_key ();
  g_autoptr (KithSecret) page_key = kith_vault_derive (key, "kith1 db-page");
  g_autoptr (KithSecret) frame_key = kith_vault_derive (key, "kith1 db-frame");

  return kith_cipher_vfs_new (page_key, frame_key, NULL);
}

static void
run_scripts (KithBenchStore *store, char **paths)
{
  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *script = NULL;
      g_autoptr (GError) error = NULL;

      if (!g_file_get_contents (paths[i], &script, NULL, &error))
        g_error ("%s", error->message);
      kith_bench_store_exec (store, script);
    }
}

/* What the store looks at before it believes that this is one of its own. */
static void
set_version (KithBenchStore *store, guint version)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %u", version);

  kith_bench_store_exec (store, sql);
}

static void
start (Bench *self, char **schema_paths)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("kith-bench-XXXXXX", &error);
  g_assert_no_error (error);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < self->n_messages; i++)
    g_ptr_array_add (self->texts, kith_bench_message (rand));

  for (guint side = 0; side < N_SIDES; side++)
    {
      KithBenchStore *store = &self->sides[side];

      store->path = g_build_filename (self->folder, side == PLAIN ? "plain.db" : "sealed.db", NULL);
      store->vfs = side == SEALED ? vfs_new () : NULL;
      store->texts = self->texts;
      store->rand = g_rand_new_with_seed (11);
      kith_bench_store_open (store);
      run_scripts (store, schema_paths);
      set_version (store, g_strv_length (schema_paths));
      kith_bench_store_exec (store, CONVERSATIONS_SQL);
    }
}

static void
end (Bench *self)
{
  for (guint side = 0; side < N_SIDES; side++)
    {
      KithBenchStore *store = &self->sides[side];

      kith_bench_store_close (store);
      g_unlink (store->path);
      g_clear_pointer (&store->vfs, kith_cipher_vfs_free);
      g_rand_free (store->rand);
      g_free (store->path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_ptr_array_unref (self->texts);
}

/* As after a while of rest: only the newest are not in the index. */
static void
index_rest (KithBenchStore *store)
{
  g_autoptr (GError) error = NULL;

  while (kith_store_index_some (&store->reads, KITH_LIMIT_SEARCH_RECENT, &error))
    ;
  if (error != NULL)
    g_error ("Indexing: %s", error->message);
}

/* Through the thread of the store, which reads what was written last each time, since it is not in the index; the goal is
 * one of time. For the beginning of a word there is none: FTS5 puts all messages together that have any word with it. */
static void
measure_search (Bench *self)
{
  static const char *const names[] = {
    [KITH_BENCH_WORD] = "a whole word, in quotes",
    [KITH_BENCH_PHRASE] = "a phrase",
    [KITH_BENCH_BEGINNING] = "the beginning of a word",
  };
  KithBenchStore *store = &self->sides[SEALED];
  g_autoptr (KithSecret) key = new_key ();

  index_rest (store);
  kith_bench_store_close (store);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GArray *samples_us = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_autofree char *name = g_strdup_printf ("The store, %u messages: its own search for %s", self->n_messages,
                                               names[i]);
      g_autofree char *goal = g_strdup_printf ("store, %u messages: its own search for %s, p99, ms",
                                               self->n_messages, names[i]);

      kith_bench_search_store (store->path, key, self->texts, (KithBenchQuery) i, SEARCHES, samples_us);
      kith_bench_tell (name, "ms", (KithBenchBar[]){
        { "half of the time", kith_bench_percentile_ms (samples_us, 50) },
        { "p99", kith_bench_percentile_ms (samples_us, 99) }, { NULL, 0 } });
      if (i != KITH_BENCH_BEGINNING)
        kith_bench_tell_goal (goal, kith_bench_percentile_ms (samples_us, 99), TRUE, 10);
      g_array_unref (samples_us);
    }
  kith_bench_store_open (store);
}

int
main (int argc, char **argv)
{
  Bench bench = { .n_messages = MAX (kith_bench_number ("KITH_BENCH_MESSAGES", DEFAULT_MESSAGES), 3000) };

  g_assert_cmpint (argc, >=, 2);
  g_assert_cmpint (sodium_init (), >=, 0);
  start (&bench, argv + 1);
  measure_all (&bench);
  measure_search (&bench);
  end (&bench);
  return 0;
}
