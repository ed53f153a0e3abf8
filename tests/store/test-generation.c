/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An older copy of the database that is put back is noticed, once, and nothing else is taken for one. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-backup.h"
#include "store/kith-generation.h"
#include "store/kith-key-wrap.h"

#define ROUNDS 20
#define LONG_ROUNDS 200
#define MOST_OPENED 4   /* in a round */
#define FILE_BYTES 56
#define AGAIN "--again" /* a process that opens and closes until it is killed */

typedef struct
{
  char       *folder; /* (owned) */
  char       *path;   /* (owned) */
  char       *noted;  /* (owned): the file beside it */
  KithSecret *key;    /* (owned) */
} Fixture;

static const char *program;

static KithStore *
open_store (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  KithStore *store = kith_store_open (self->path, self->key, &error);

  g_assert_no_error (error);
  return store;
}

static void
close_store (KithStore *store)
{
  kith_test_close (store);
  g_object_unref (store);
}

static void
open_and_close (Fixture *self)
{
  close_store (open_store (self));
}

static void
set_up (Fixture *self, gconstpointer data)
{
  KithStore *store;

  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "kith.db", NULL);
  self->noted = g_strconcat (self->path, "-generation", NULL);
  self->key = kith_test_secret (1);
  store = open_store (self);
  kith_test_put_profile (store, "Ann");
  kith_test_add (store, 1, 1, 3, TRUE);
  close_store (store);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_secret_unref (self->key);
  kith_test_folder_free (self->folder);
  g_free (self->path);
  g_free (self->noted);
}

static gboolean
has_setting (KithStore *store, const char *key)
{
  g_autoptr (KithStoreSnapshot) snapshot = kith_test_load (store);

  return g_hash_table_contains (snapshot->settings, key);
}

static void
forget_setting (KithStore *store, const char *key)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  kith_store_batch_put_setting (batch, key, NULL);
  kith_test_must_commit (store, batch);
}

/* Whether it says so when it is opened. */
static gboolean
is_older (Fixture *self)
{
  KithStore *store = open_store (self);
  gboolean is_told = has_setting (store, KITH_GENERATION_OLDER);

  close_store (store);
  return is_told;
}

/* --- Put back ------------------------------------------------------------------------------- */

static void
test_told_once (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) copy = kith_test_read_file (self->path);
  KithStore *store;

  open_and_close (self);
  kith_test_write_file (self->path, copy);
  g_assert_true (is_older (self));
  g_assert_true (is_older (self)); /* nobody has said that it was read */

  store = open_store (self);
  forget_setting (store, KITH_GENERATION_OLDER);
  close_store (store);
  g_assert_false (is_older (self));

  kith_test_write_file (self->path, copy);
  g_assert_true (is_older (self)); /* it is once more */
}

/* Made while it was open, without what was said after that. */
static void
test_copy_of_an_open_one (Fixture *self, gconstpointer data)
{
  KithStore *store = open_store (self);
  g_autoptr (GByteArray) copy = kith_test_read_file (self->path);

  kith_test_add (store, 1, 4, 5, TRUE);
  close_store (store);
  kith_test_write_file (self->path, copy);
  g_assert_true (is_older (self));
}

/* It may have used numbers that it does not know of: it goes on under others. */
static void
test_begins_anew (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) copy = kith_test_read_file (self->path);
  KithStore *store = open_store (self);

  g_assert_false (has_setting (store, KITH_BACKUP_RESTORED));
  kith_test_add (store, 1, 4, 5, TRUE);
  close_store (store);
  kith_test_write_file (self->path, copy);
  store = open_store (self);
  g_assert_true (has_setting (store, KITH_BACKUP_RESTORED));
  close_store (store);
}

/* --- What is none --------------------------------------------------------------------------- */

static void
test_used_as_usual (Fixture *self, gconstpointer data)
{
  struct stat info;

  for (guint i = 0; i < 5; i++)
    g_assert_false (is_older (self));
  g_assert_cmpint (stat (self->noted, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (info.st_size, ==, FILE_BYTES);
}

/* All of it, somewhere else or back here. */
static void
test_whole_copy (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) copy = kith_test_read_file (self->path);
  g_autoptr (GByteArray) noted = kith_test_read_file (self->noted);

  open_and_close (self);
  kith_test_write_file (self->path, copy);
  kith_test_write_file (self->noted, noted);
  g_assert_false (is_older (self));

  kith_test_write_file (self->path, copy);
  kith_test_write_file (self->noted, NULL);
  g_assert_false (is_older (self));
}

/* Killed between the two writes: the file is behind. */
static void
test_file_is_behind (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) noted = kith_test_read_file (self->noted);

  open_and_close (self);
  kith_test_write_file (self->noted, noted);
  g_assert_false (is_older (self));
}

/* The file waits for the database, and stays behind when that cannot be written. */
static void
test_database_first (Fixture *self, gconstpointer data)
{
  g_autoptr (KithGeneration) generation = kith_generation_new (self->path, self->key);
  g_autoptr (GByteArray) before = kith_test_read_file (self->noted);
  g_autoptr (GByteArray) after = NULL;
  g_autoptr (GByteArray) later = NULL;
  g_autoptr (GError) error = NULL;
  KithDatabase *database = kith_database_open (self->path, self->key, &error);

  g_assert_no_error (error);
  g_assert_true (kith_database_exec (database, "PRAGMA query_only = ON", NULL));
  kith_generation_raise (generation, database);
  after = kith_test_read_file (self->noted);
  g_assert_cmpmem (before->data, before->len, after->data, after->len);

  g_assert_true (kith_database_exec (database, "PRAGMA query_only = OFF", NULL));
  kith_generation_raise_now_and_then (generation, database); /* not yet */
  later = kith_test_read_file (self->noted);
  g_assert_cmpmem (before->data, before->len, later->data, later->len);
  kith_generation_raise (generation, database);
  g_clear_pointer (&later, g_byte_array_unref);
  later = kith_test_read_file (self->noted);
  g_assert_cmpint (memcmp (before->data, later->data, FILE_BYTES), !=, 0);
  g_assert_true (kith_database_close (database, NULL));
}

/* Whoever does not have the key says nothing with it. */
static void
test_forged (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) copy = kith_test_read_file (self->path);
  g_autofree char *beside = g_strconcat (self->noted, "-2", NULL);
  g_autoptr (GByteArray) noted = NULL;

  open_and_close (self);
  noted = kith_test_read_file (self->noted); /* this one is ahead of the copy */
  for (guint i = 0; i < noted->len; i += 5)
    {
      g_autoptr (GByteArray) wrong = g_byte_array_new ();

      g_byte_array_append (wrong, noted->data, noted->len);
      wrong->data[i] ^= 1;
      kith_test_write_file (self->path, copy);
      kith_test_write_file (self->noted, wrong);
      g_assert_false (is_older (self));
    }

  kith_test_write_file (beside, noted);
  kith_test_write_file (self->path, copy);
  g_assert_cmpint (g_unlink (self->noted), ==, 0);
  g_assert_cmpint (symlink (beside, self->noted), ==, 0);
  g_assert_false (is_older (self));

  kith_test_write_file (self->path, copy);
  g_assert_cmpint (g_unlink (self->noted), ==, 0);
  g_assert_cmpint (mkfifo (self->noted, 0600), ==, 0);
  g_assert_false (is_older (self));

  kith_test_write_file (self->path, copy);
  g_byte_array_set_size (noted, FILE_BYTES - 1);
  kith_test_write_file (self->noted, noted);
  g_assert_false (is_older (self));
}

/* That of a profile that was here before has another key. */
static void
test_of_another_profile (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    open_and_close (self);
  g_assert_cmpint (g_unlink (self->path), ==, 0);
  kith_secret_unref (self->key);
  self->key = kith_test_secret (2);
  g_assert_false (is_older (self));
}

static void
test_restored (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->folder, "backup", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (GByteArray) copy = kith_test_read_file (self->path);
  g_autoptr (KithSecret) passphrase = kith_test_secret ('x');
  g_autoptr (GAsyncResult) exported = NULL;
  g_autoptr (GError) error = NULL;
  KithStore *store;

  open_and_close (self);
  kith_test_write_file (self->path, copy);
  store = open_store (self);
  g_assert_true (has_setting (store, KITH_GENERATION_OLDER));
  kith_store_export_async (store, file, passphrase, NULL, NULL, NULL, kith_test_result_cb, &exported);
  g_assert_true (kith_store_export_finish (store, kith_test_await (&exported), NULL, NULL));
  close_store (store);

  g_assert_cmpint (g_unlink (self->path), ==, 0);
  kith_secret_unref (self->key);
  self->key = kith_test_secret (2);
  kith_backup_import (file, passphrase, self->path, self->key, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_false (is_older (self));
}

/* --- Killed --------------------------------------------------------------------------------- */

/* Never returns. */
static void G_GNUC_NORETURN
open_for_ever (const char *path)
{
  Fixture self = { .path = g_strdup (path), .key = kith_test_secret (1) };

  for (;;)
    {
      open_and_close (&self);
      if (write (STDOUT_FILENO, "x", 1) != 1)
        _exit (1);
    }
}

static void
kill_one (Fixture *self, GRand *rand)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process =
    g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, program, AGAIN, self->path, NULL);
  gint spins = g_rand_int_range (rand, 0, 1000000);
  char marks[MOST_OPENED];
  gsize n;

  g_assert_no_error (error);
  g_input_stream_read_all (g_subprocess_get_stdout_pipe (process), marks,
                           (gsize) g_rand_int_range (rand, 1, MOST_OPENED + 1), &n, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n, >, 0);
  while (spins > 0)
    g_atomic_int_dec_and_test (&spins);
  g_subprocess_force_exit (process);
  g_subprocess_wait (process, NULL, &error);
  g_assert_no_error (error);
}

static void
test_killed (Fixture *self, gconstpointer data)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  guint rounds = kith_test_is_long () ? LONG_ROUNDS : ROUNDS;

  for (guint i = 0; i < rounds; i++)
    {
      kill_one (self, rand);
      g_assert_false (is_older (self));
    }
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;
  if (argc == 3 && g_str_equal (argv[1], AGAIN))
    open_for_ever (argv[2]);

  program = argv[0];
  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/generation/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("told-once", test_told_once);
  ADD ("copy-of-an-open-one", test_copy_of_an_open_one);
  ADD ("begins-anew", test_begins_anew);
  ADD ("used-as-usual", test_used_as_usual);
  ADD ("whole-copy", test_whole_copy);
  ADD ("file-is-behind", test_file_is_behind);
  ADD ("database-first", test_database_first);
  ADD ("forged", test_forged);
  ADD ("of-another-profile", test_of_another_profile);
  ADD ("restored", test_restored);
  ADD ("killed", test_killed);
  return g_test_run ();
}
