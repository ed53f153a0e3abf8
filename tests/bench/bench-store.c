/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the encryption costs: an encrypted database against a plain one, with the schema of the
 * store, in turn in one process. Prints a JSON object. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <stdlib.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "kith-bench-store.h"
#include "kith-bench-text.h"
#include "store/kith-page-cipher.h"

#define ROUNDS 3
#define DEFAULT_MESSAGES 100000
#define SINGLES 300
#define OPENINGS 20
#define PAGES 500
#define SEARCHES 300

#define CONVERSATIONS_SQL                                                                          \
  "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"                 \
  "INSERT INTO conversation (id, identity) SELECT i, randomblob (32) FROM n"

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
  gboolean       is_first; /* nothing was printed yet */
} Bench;

/* --- Measuring ------------------------------------------------------------------------------ */

static int
compare_times (gconstpointer a, gconstpointer b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static int
compare_ratios (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
sum_of (GArray *samples_us)
{
  double sum = 0;

  for (guint i = 0; i < samples_us->len; i++)
    sum += (double) g_array_index (samples_us, gint64, i);
  return sum;
}

static double
percentile_ms (GArray *samples_us, guint percent)
{
  g_array_sort (samples_us, compare_times);
  return (double) g_array_index (samples_us, gint64, (samples_us->len - 1) * percent / 100) / 1000;
}

static void
print_member (Bench *self, const char *name)
{
  g_print ("%s\n  \"%s\": ", self->is_first ? "" : ",", name);
  self->is_first = FALSE;
}

/* @ratios: of sums, one a round */
static void
print_measure (Bench *self, const char *name, GArray **all, double *ratios)
{
  static const char *const names[] = { "plain", "encrypted" };

  print_member (self, name);
  g_print ("{ ");
  for (guint side = 0; side < N_SIDES; side++)
    g_print ("\"%s_p50_ms\": %.3f, \"%s_p99_ms\": %.3f, ", names[side],
             percentile_ms (all[side], 50), names[side], percentile_ms (all[side], 99));
  qsort (ratios, ROUNDS, sizeof *ratios, compare_ratios);
  g_print ("\"ratio\": %.3f, \"ratio_p50\": %.3f }", ratios[ROUNDS / 2],
           percentile_ms (all[SEALED], 50) / MAX (percentile_ms (all[PLAIN], 50), 0.0005));
}

/* Each round both sides do the same, the other one first each time. */
static void
measure (Bench *self, const char *name, KithBenchWork work, guint n)
{
  GArray *all[N_SIDES] = { g_array_new (FALSE, FALSE, sizeof (gint64)),
                           g_array_new (FALSE, FALSE, sizeof (gint64)) };
  double ratios[ROUNDS];

  for (guint round = 0; round < ROUNDS; round++)
    {
      double sums[N_SIDES];

      for (guint turn = 0; turn < N_SIDES; turn++)
        {
          guint side = (turn + round) % N_SIDES;
          g_autoptr (GArray) samples_us = g_array_new (FALSE, FALSE, sizeof (gint64));

          work (&self->sides[side], n, samples_us);
          sums[side] = sum_of (samples_us);
          g_array_append_vals (all[side], samples_us->data, samples_us->len);
        }
      ratios[round] = sums[SEALED] / sums[PLAIN];
    }
  print_measure (self, name, all, ratios);
  g_array_unref (all[PLAIN]);
  g_array_unref (all[SEALED]);
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
  print_member (self, "file");
  g_print ("{ \"plain_mib\": %.1f, \"encrypted_mib\": %.1f, \"ratio\": %.3f }", mib[PLAIN],
           mib[SEALED], mib[SEALED] / mib[PLAIN]);
}

/* --- Start and end -------------------------------------------------------------------------- */

static KithCipherVfs *
vfs_new (void)
{
  guint8 page[KITH_PAGE_KEY_BYTES] = { 1 }, frame[KITH_PAGE_KEY_BYTES] = { 2 };
  g_autoptr (KithSecret) page_key = kith_secret_new_from (page, sizeof page);
  g_autoptr (KithSecret) frame_key = kith_secret_new_from (frame, sizeof frame);

  return kith_cipher_vfs_new (page_key, frame_key, NULL);
}

static void
start (Bench *self, const char *schema_path, guint n_texts)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GError) error = NULL;
  g_autofree char *schema = NULL;

  if (!g_file_get_contents (schema_path, &schema, NULL, &error))
    g_error ("%s", error->message);
  self->folder = g_dir_make_tmp ("kith-bench-XXXXXX", &error);
  g_assert_no_error (error);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < n_texts; i++)
    g_ptr_array_add (self->texts, kith_bench_message (rand));

  for (guint side = 0; side < N_SIDES; side++)
    {
      KithBenchStore *store = &self->sides[side];

      store->path = g_build_filename (self->folder, side == PLAIN ? "plain.db" : "sealed.db", NULL);
      store->vfs = side == SEALED ? vfs_new () : NULL;
      store->texts = self->texts;
      store->rand = g_rand_new_with_seed (11);
      kith_bench_store_open (store);
      kith_bench_store_exec (store, schema);
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

static guint
get_n_messages (void)
{
  const char *value = g_getenv ("KITH_BENCH_MESSAGES");
  guint64 n = value == NULL ? DEFAULT_MESSAGES : g_ascii_strtoull (value, NULL, 10);

  return (guint) CLAMP (n, 3000, 10000000);
}

int
main (int argc, char **argv)
{
  Bench bench = { .is_first = TRUE };
  guint n = get_n_messages ();

  g_assert_cmpint (argc, ==, 2);
  g_assert_cmpint (sodium_init (), >=, 0);
  start (&bench, argv[1], n);

  g_print ("{");
  print_member (&bench, "messages");
  g_print ("%u", n);
  measure (&bench, "batch_of_100", kith_bench_add_batches, n / ROUNDS);
  measure (&bench, "index_500", kith_bench_index, n / ROUNDS);
  measure (&bench, "single_commit", kith_bench_add_singly, SINGLES);
  measure_size (&bench);
  measure (&bench, "open_and_latest_50", kith_bench_open_and_read, OPENINGS);
  measure (&bench, "latest_50", kith_bench_read_latest, PAGES);
  measure (&bench, "random_page_of_50", kith_bench_read_any, PAGES);
  measure (&bench, "word_search", kith_bench_search, SEARCHES);
  measure (&bench, "infix_scan", kith_bench_scan, 1);
  g_print ("\n}\n");

  end (&bench);
  return 0;
}
