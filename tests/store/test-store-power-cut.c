/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The power goes while the store works, with its own schema and its own statements: writing, indexing, deleting,
 * migrating. What was committed is there afterwards, nothing is half there, and nothing is taken for damage. What
 * the disk does is that of test-power-loss.c. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-disk.h"
#include "kith-test-index.h"
#include "kith-test-store.h"
#include "store/kith-database.h"
#include "store/kith-store-private.h"

#define ANN 1
#define OLD_VERSION 2 /* of the schema */
#define ROUNDS 24
#define CUTS 160 /* of all moments there are */
#define LONG_FACTOR 20

typedef struct
{
  char         *folder;   /* (owned) */
  char         *path;     /* (owned): what stands there only says that there is a database */
  KithTestDisk *disk;     /* (owned) */
  KithDatabase *database; /* (owned) (nullable) */
  guint         n;        /* messages that were written */
} Fixture;

static void
put_on_disk (Fixture *self)
{
  g_autoptr (GByteArray) file = kith_test_read_file (self->path);

  kith_test_file_write (&self->disk->files[KITH_TEST_DISK_DB], 0, file->data, file->len);
  kith_test_file_write (&self->disk->initial[KITH_TEST_DISK_DB], 0, file->data, file->len);
}

/* @disk: as it is now, or after a cut. Returns: (transfer full) (nullable): it, of the newest version */
static KithDatabase *
open_on (Fixture *self, KithTestDisk *disk, GError **error)
{
  g_autoptr (KithSecret) key = kith_test_secret (1);

  return kith_database_open_full (self->path, key, kith_test_disk_get_name (disk),
                                  kith_database_get_latest_version (), error);
}

/* A database of that version. */
static void
make (Fixture *self, guint version)
{
  g_autoptr (KithSecret) key = kith_test_secret (1);
  KithDatabase *database = kith_database_open_full (self->path, key, NULL, version, NULL);

  g_assert_nonnull (database);
  g_assert_true (kith_database_exec (database, "INSERT INTO setting VALUES ('colour', 'green')", NULL));
  g_assert_true (kith_database_close (database, NULL));
  put_on_disk (self);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "kith.db", NULL);
  self->disk = kith_test_disk_new ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  if (self->database != NULL)
    kith_database_close (self->database, NULL);
  kith_test_disk_free (self->disk);
  kith_test_folder_free (self->folder);
  g_free (self->path);
}

/* --- What the store does -------------------------------------------------------------------- */

/* As the thread of the store commits. */
static void
commit (Fixture *self, KithStoreBatch *batch)
{
  g_assert_true (kith_database_exec (self->database, "BEGIN IMMEDIATE", NULL));
  g_assert_true (kith_store_apply (self->database, batch, NULL));
  g_assert_true (kith_database_exec (self->database, "COMMIT", NULL));
}

static void
write_some (Fixture *self, guint n)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *text = g_strdup_printf ("text %u of what was said", self->n + i);
      KithStoreMessage row = kith_test_message (ANN, self->n + i, i % 2 == 0, text);

      kith_store_batch_add_message (batch, &row);
    }
  commit (self, batch);
  self->n += n;
  kith_test_disk_mark (self->disk, self->n);
}

/* A message that is changed twice, and is what it was. */
static void
edit_one (Fixture *self, guint number)
{
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
      g_autofree char *text = i == 0 ? g_strdup ("something else")
                                     : g_strdup_printf ("text %u of what was said", number);
      KithStoreMessage row = kith_test_message (ANN, number, FALSE, text);
      KithStoreChange edit = { .outgoing = row.outgoing, .hlc = 100000 + i, .time_ms = 1, .text = text };

      memcpy (edit.identity, row.identity, sizeof edit.identity);
      memcpy (edit.id, row.id, sizeof edit.id);
      kith_store_batch_edit_message (batch, &edit);
      commit (self, batch);
    }
}

static void
do_chores (Fixture *self)
{
  while (kith_store_index_some (self->database, 0, NULL) || kith_store_sweep (self->database, NULL))
    ;
  g_assert_true (kith_database_checkpoint (self->database, NULL));
}

/* --- What is left --------------------------------------------------------------------------- */

static char *
find_wrong_rows (KithDatabase *database, gint64 acknowledged)
{
  gint64 n = kith_database_get_int (database, "SELECT count (*) FROM message", -1);

  if (n < acknowledged)
    return g_strdup_printf ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " messages are there", n, acknowledged);
  if (kith_database_get_int (database, "SELECT max (seq) FROM message", 0) > n)
    return g_strdup ("there is a hole");
  if (kith_database_get_int (database, "SELECT count (*) FROM message WHERE text NOT IN"
                                       " ('text ' || seq || ' of what was said', 'something else')", -1) != 0)
    return g_strdup ("a text is wrong");
  if (kith_database_get_int (database, "SELECT count (*) FROM setting WHERE value = 'green'", -1) != 1)
    return g_strdup ("a setting is gone");
  if (kith_database_get_int (database, "SELECT count (*) FROM pragma_foreign_key_check", -1) != 0)
    return g_strdup ("a row has lost what it belongs to");
  if (kith_database_get_int (database, "SELECT integrity_check = 'ok' FROM pragma_integrity_check", 0) != 1)
    return g_strdup ("it is not sound");

  return kith_test_compare_index (database);
}

static void
assert_survives (Fixture *self, guint n_ops, KithTestCut mode, GRand *rand)
{
  g_autoptr (KithTestDisk) cut = kith_test_disk_cut (self->disk, n_ops, mode, rand);
  g_autoptr (GError) error = NULL;
  KithDatabase *database = open_on (self, cut, &error);
  g_autofree char *fault = NULL;

  if (database == NULL)
    g_error ("Cut after %u operations, mode %u: %s", n_ops, mode, error->message);

  g_assert_cmpint (kith_database_get_int (database, "PRAGMA user_version", 0), ==,
                   kith_database_get_latest_version ());
  fault = find_wrong_rows (database, kith_test_disk_get_mark (self->disk, n_ops));
  if (fault != NULL)
    g_error ("Cut after %u operations, mode %u: %s", n_ops, mode, fault);
  kith_database_close (database, NULL);
}

/* All moments, or as many of them as there is time for. */
static void
assert_all_survive (Fixture *self)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  guint n_ops = kith_test_disk_get_n_ops (self->disk);
  guint n_cuts = kith_test_is_long () ? CUTS * LONG_FACTOR : CUTS;

  for (guint i = 0; i < n_cuts; i++)
    {
      guint moment = n_cuts >= n_ops * KITH_TEST_CUT_N_MODES ? i / KITH_TEST_CUT_N_MODES
                                                             : (guint) g_rand_int_range (rand, 0, (gint32) n_ops + 1);

      if (moment <= n_ops)
        assert_survives (self, moment, i % KITH_TEST_CUT_N_MODES, rand);
    }
  g_test_message ("%u operations", n_ops);
}

static void
test_working (Fixture *self, gconstpointer data)
{
  make (self, kith_database_get_latest_version ());
  self->database = open_on (self, self->disk, NULL);
  g_assert_nonnull (self->database);
  /* More than the cache holds: pages reach the log before their transaction ends. */
  g_assert_true (kith_database_exec (self->database, "PRAGMA cache_size = 10", NULL));
  for (guint i = 0; i < ROUNDS; i++)
    {
      write_some (self, 1 + i % 7);
      if (i % 3 == 0)
        edit_one (self, 1 + i);
      if (i % 5 == 4)
        do_chores (self);
    }
  assert_all_survive (self);
}

static void
test_migrating (Fixture *self, gconstpointer data)
{
  make (self, OLD_VERSION);
  self->database = open_on (self, self->disk, NULL);
  g_assert_nonnull (self->database);
  assert_all_survive (self);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/store-power-cut/working", Fixture, NULL, set_up, test_working, tear_down);
  g_test_add ("/store-power-cut/migrating", Fixture, NULL, set_up, test_migrating, tear_down);
  return g_test_run ();
}
