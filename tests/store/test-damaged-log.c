/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A log that is damaged, or of another database: before anything may overwrite it there is a copy, and one alone. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <time.h>
#include <utime.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-database.h"
#include "store/kith-wal-evidence.h"

#define COMMITS 8

typedef struct
{
  char       *folder; /* (owned) */
  char       *path;   /* (owned) */
  char       *log;    /* (owned) */
  char       *copy;   /* (owned) */
  KithSecret *key;    /* (owned) */
} Fixture;

/* A database whose log holds some commits, as a killed program leaves it. */
static void
make (const char *path, KithSecret *key)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  KithDatabase *database = kith_database_open (path, key, &error);
  g_autoptr (GByteArray) main_file = NULL;
  g_autoptr (GByteArray) log_file = NULL;

  g_assert_no_error (error);
  for (guint i = 0; i < COMMITS; i++)
    g_assert_true (kith_database_exec (database, "INSERT OR REPLACE INTO setting VALUES ('a', random ())", NULL));
  main_file = kith_test_read_file (path);
  log_file = kith_test_read_file (log);
  g_assert_true (kith_database_close (database, NULL));
  kith_test_write_file (path, main_file);
  kith_test_write_file (log, log_file);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "kith.db", NULL);
  self->log = g_strconcat (self->path, "-wal", NULL);
  self->copy = g_strconcat (self->path, "-wal.damaged", NULL);
  self->key = kith_test_secret (1);
  make (self->path, self->key);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_secret_unref (self->key);
  kith_test_folder_free (self->folder);
  g_free (self->path);
  g_free (self->log);
  g_free (self->copy);
}

static void
open_and_close (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  KithDatabase *database = kith_database_open (self->path, self->key, &error);

  g_assert_no_error (error);
  g_assert_true (kith_database_close (database, NULL));
}

static void
assert_is_refused (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kith_database_open (self->path, self->key, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
}

static void
assert_copy_is (Fixture *self, GByteArray *bytes)
{
  g_autoptr (GByteArray) copy = kith_test_read_file (self->copy);

  g_assert_nonnull (copy);
  g_assert_cmpmem (copy->data, copy->len, bytes->data, bytes->len);
}

/* Turns one bit of frame @number. Returns: (transfer full): what is in the log now */
static GByteArray *
spoil (Fixture *self, guint number)
{
  GByteArray *log = kith_test_read_file (self->log);

  log->data[KITH_WAL_HEADER_BYTES + number * KITH_FRAME_BYTES + 100] ^= 1;
  kith_test_write_file (self->log, log);
  return log;
}

static void
test_none_of_a_good_one (Fixture *self, gconstpointer data)
{
  open_and_close (self);
  g_assert_false (g_file_test (self->copy, G_FILE_TEST_EXISTS));
}

/* Refused, and as it was; a later look at it changes the copy no more. */
static void
test_damaged (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) first = spoil (self, 2);
  g_autoptr (GByteArray) now = NULL;

  assert_is_refused (self);
  now = kith_test_read_file (self->log);
  g_assert_cmpmem (now->data, now->len, first->data, first->len);
  assert_copy_is (self, first);

  g_byte_array_unref (spoil (self, 3));
  assert_is_refused (self);
  assert_copy_is (self, first);

  g_assert_cmpint (g_unlink (self->log), ==, 0);
  open_and_close (self);
  assert_copy_is (self, first);
}

/* Another log that is damaged is of more use. */
static void
test_next_one (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) next = NULL;

  g_byte_array_unref (spoil (self, 2));
  assert_is_refused (self);
  g_assert_cmpint (g_unlink (self->log), ==, 0);
  make (self->path, self->key);
  next = spoil (self, 2);
  assert_is_refused (self);
  assert_copy_is (self, next);
}

/* To SQLite it is empty, and the next commit would be written over it. */
static void
test_of_another (Fixture *self, gconstpointer data)
{
  g_autofree char *other = g_build_filename (self->folder, "other.db", NULL);
  g_autofree char *other_log = g_strconcat (other, "-wal", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (2);
  g_autoptr (GByteArray) theirs = NULL;

  make (other, key);
  theirs = kith_test_read_file (other_log);
  kith_test_write_file (self->log, theirs);
  open_and_close (self);
  assert_copy_is (self, theirs);
}

/* The database is gone: what came last may be in its log alone. */
static void
test_alone (Fixture *self, gconstpointer data)
{
  g_autoptr (GByteArray) log = kith_test_read_file (self->log);

  g_assert_cmpint (g_unlink (self->path), ==, 0);
  assert_is_refused (self);
  assert_copy_is (self, log);
}

/* It still has what was deleted: it is not kept for ever. */
static void
test_not_for_ever (Fixture *self, gconstpointer data)
{
  struct utimbuf times = { .modtime = time (NULL) - KITH_LIMIT_DAMAGED_LOG_S + 60 };

  g_byte_array_unref (spoil (self, 2));
  assert_is_refused (self);
  g_assert_cmpint (g_unlink (self->log), ==, 0);
  g_assert_cmpint (g_utime (self->copy, &times), ==, 0);
  open_and_close (self);
  g_assert_true (g_file_test (self->copy, G_FILE_TEST_EXISTS));
  times.modtime -= 120;
  g_assert_cmpint (g_utime (self->copy, &times), ==, 0);
  open_and_close (self);
  g_assert_false (g_file_test (self->copy, G_FILE_TEST_EXISTS));
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/damaged-log/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("none-of-a-good-one", test_none_of_a_good_one);
  ADD ("damaged", test_damaged);
  ADD ("next-one", test_next_one);
  ADD ("of-another", test_of_another);
  ADD ("alone", test_alone);
  ADD ("not-for-ever", test_not_for_ever);
  return g_test_run ();
}
