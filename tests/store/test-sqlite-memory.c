/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever SQLite gives back was overwritten before: seen from below, where the system's memory would be. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-sqlite-memory.h"

static gint n_taken;
static gint n_given_back;
static gint n_not_zero;

static void *
spy_malloc (int len_bytes)
{
  g_atomic_int_inc (&n_taken);
  return malloc ((size_t) len_bytes);
}

static int
spy_size (void *block)
{
  return block != NULL ? (int) malloc_usable_size (block) : 0;
}

static void
spy_free (void *block)
{
  const guint8 *bytes = block;
  gboolean is_zero = TRUE;

  for (int i = 0; i < spy_size (block); i++)
    is_zero = is_zero && bytes[i] == 0;
  if (!is_zero)
    g_atomic_int_inc (&n_not_zero);
  g_atomic_int_inc (&n_given_back);
  free (block);
}

/* It would leave behind what it moves. */
static void *
spy_realloc (void *block, int len_bytes)
{
  g_assert_not_reached ();
}

static int
spy_roundup (int len_bytes)
{
  return (len_bytes + 7) & ~7;
}

static int
spy_begin (void *data)
{
  return SQLITE_OK;
}

static void
spy_end (void *data)
{
}

static const sqlite3_mem_methods spy = {
  spy_malloc, spy_free, spy_realloc, spy_size, spy_roundup, spy_begin, spy_end, NULL,
};

static void
set_up (void)
{
  g_assert_cmpint (sqlite3_shutdown (), ==, SQLITE_OK);
  g_assert_true (kith_sqlite_memory_take (&spy));
  n_taken = n_given_back = n_not_zero = 0;
}

static void
tear_down (void)
{
  g_assert_cmpint (sqlite3_shutdown (), ==, SQLITE_OK);
  g_assert_cmpint (n_taken, ==, n_given_back);
  g_assert_true (kith_sqlite_memory_take (NULL));
}

/* --- Tests ---------------------------------------------------------------------------------- */

static void
test_from_the_beginning (void)
{
  g_assert_true (kith_sqlite_memory_is_wiped ());
  g_assert_cmpint (sqlite3_initialize (), ==, SQLITE_OK);
  g_assert_false (kith_sqlite_memory_take (NULL)); /* too late */
}

static void
test_blocks (void)
{
  guint8 *block;
  gint n_before;

  set_up ();
  g_assert_cmpint (sqlite3_initialize (), ==, SQLITE_OK);
  n_before = n_given_back;
  block = sqlite3_malloc (100);
  memset (block, 0xaa, 100);
  block = sqlite3_realloc (block, 100000);
  g_assert_cmpint (n_given_back, ==, n_before + 1);
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (block[i], ==, 0xaa);
  memset (block, 0xbb, 100000);
  block = sqlite3_realloc (block, 60000);
  g_assert_cmpuint (block[59999], ==, 0xbb);
  block = sqlite3_realloc (block, 10);
  g_assert_cmpint (n_given_back, ==, n_before + 2);
  g_assert_cmpuint (block[9], ==, 0xbb);
  sqlite3_free (block);
  g_assert_cmpint (n_given_back, ==, n_before + 3);
  g_assert_cmpint (n_not_zero, ==, 0);
  tear_down ();
}

/* Everything that a database does: keys in and out, a history, its index, what is deleted. */
static void
test_database (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GError) error = NULL;

  set_up ();
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (KithStore) store = kith_store_open (path, key, &error);
      g_autoptr (KithStoreSnapshot) snapshot = NULL;
      g_autoptr (GPtrArray) hits = NULL;

      g_assert_no_error (error);
      kith_test_put_profile (store, "Anna");
      kith_test_add (store, 1, 1 + round * 1000, 900 + round * 1000, FALSE);
      hits = kith_test_search (store, "text", 0, NULL, 10);
      g_assert_cmpuint (hits->len, ==, 10);
      snapshot = kith_test_load (store);
      kith_test_clear (store, 1);
      kith_test_close (store);
    }
  g_assert_cmpint (n_given_back, >, 1000);
  g_assert_cmpint (n_not_zero, ==, 0);
  tear_down ();
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sqlite-memory/from-the-beginning", test_from_the_beginning);
  g_test_add_func ("/sqlite-memory/blocks", test_blocks);
  g_test_add_func ("/sqlite-memory/database", test_database);
  return g_test_run ();
}
