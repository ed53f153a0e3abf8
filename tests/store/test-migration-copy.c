/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The copy of a database from before a new version of its schema: how long it stays, and what it goes with. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <utime.h>

#include <glib/gstdio.h>

#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-database-private.h"

#define MAX_TRIES 50

/* (transfer full): the path of a database of the version before, with message 1 of person 1 */
static char *
make_older (const char *folder, KithSecret *key)
{
  char *path = g_build_filename (folder, "kith.db", NULL);
  KithStoreMessage row = kith_test_message (1, 1, FALSE, "old");
  KithDatabase *database = kith_database_open_full (path, key, NULL, kith_database_get_latest_version () - 1, NULL);

  g_assert_true (kith_database_run (database, NULL, "INSERT INTO conversation (identity, draft) VALUES (?1, 'begun')", "b",
                                    row.identity, sizeof row.identity));
  g_assert_true (kith_database_run (database, NULL,
                                    "INSERT INTO message (conversation, id, outgoing, seq, hlc, time_ms, state, sent_ms,"
                                    " delivered_ms, read_ms, text) VALUES (1, ?1, 0, 1, 1, 1, 0, 0, 0, 0, 'old')",
                                    "b", row.id, sizeof row.id));
  g_assert_true (kith_database_close (database, NULL));
  return path;
}

static char *
dup_copy_name (const char *path)
{
  return g_strdup_printf ("%s.before-version-%u", path, kith_database_get_latest_version ());
}

static void
change (KithStore *store, guint number, gboolean outgoing, gboolean is_deleted)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (1, number, outgoing, "");
  KithStoreChange change = { .outgoing = outgoing, .text = (char *) "edited", .hlc = 100, .time_ms = 100,
                             .deletion = KITH_STORE_GONE };

  memcpy (change.identity, row.identity, sizeof change.identity);
  memcpy (change.id, row.id, sizeof change.id);
  if (is_deleted)
    kith_store_batch_delete_message (batch, &change);
  else
    kith_store_batch_edit_message (batch, &change);
  kith_test_must_commit (store, batch);
}

/* As the window does it: the draft goes with its message. */
static void
send_draft (KithStore *store, guint number)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (1, number, TRUE, "begun");

  kith_store_batch_add_message (batch, &row);
  kith_store_batch_put_draft (batch, row.identity, "more");
  kith_store_batch_put_draft (batch, row.identity, NULL);
  kith_store_batch_put_setting (batch, "colour", "green");
  kith_store_batch_put_setting (batch, "colour", NULL);
  kith_test_must_commit (store, batch);
}

static void
start_again (KithStore **store, const char *path, KithSecret *key)
{
  kith_test_close (*store);
  g_clear_object (store);
  *store = kith_store_open (path, key, NULL);
  g_assert_nonnull (*store);
}

/* Whoever goes on as ever keeps the copy over some starts: what they write, edit and delete since is not in it. */
static void
test_copy_stays (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autofree char *path = make_older (folder, key);
  g_autofree char *copy = dup_copy_name (path);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);

  for (guint i = 2; i < 5; i++)
    {
      send_draft (store, i);
      change (store, i, TRUE, FALSE);
      change (store, i, TRUE, TRUE);
      start_again (&store, path, key);
      g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
    }
  kith_test_close (store);
}

/* It would keep what is deleted or edited; @data: whether it is deleted. Also some starts later. */
static void
test_deletion_drops_the_copy (gconstpointer data)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autofree char *path = make_older (folder, key);
  g_autofree char *copy = dup_copy_name (path);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);

  start_again (&store, path, key);
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  change (store, 1, FALSE, data != NULL);
  kith_test_close (store);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
}

/* With others that cannot be: all of them are rolled back, and those that can be are done once more. */
static void
delete_among_impossible (KithStore *store)
{
  enum { N = 21, DELETION = 10 };
  GAsyncResult *results[N] = { NULL };

  for (guint i = 0; i < N; i++)
    {
      KithStoreBatch *batch = kith_store_batch_new ();
      KithStoreMessage row = kith_test_message (1, i == DELETION ? 1 : 100 + i, FALSE, NULL);
      KithStoreChange change = { .hlc = 100, .time_ms = 100, .deletion = KITH_STORE_GONE };

      memcpy (change.identity, row.identity, sizeof change.identity);
      memcpy (change.id, row.id, sizeof change.id);
      if (i == DELETION)
        kith_store_batch_delete_message (batch, &change);
      else
        kith_store_batch_add_message (batch, &row);
      kith_store_commit_async (store, batch, NULL, kith_test_result_cb, &results[i]);
    }

  for (guint i = 0; i < N; i++)
    {
      g_autoptr (GAsyncResult) result = kith_test_await (&results[i]);

      g_assert_cmpint (kith_store_commit_finish (store, result, NULL), ==, i == DELETION);
    }
}

/* Killed before the log was emptied; @data: after something was deleted, alone or among others. Else it may be the new version that does not
 * work, and the copy is what is left of the old one. Returns: whether the store was not faster. */
static gboolean
is_killed_in_time (const char *data)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autoptr (KithTestFolder) other = kith_test_folder_new ();
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autofree char *path = make_older (folder, key);
  g_autofree char *left = g_build_filename (other, "kith.db", NULL);
  g_autofree char *copy = dup_copy_name (left);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  if (g_strcmp0 (data, "among") == 0)
    delete_among_impossible (store);
  else if (data != NULL)
    change (store, 1, FALSE, TRUE);
  else
    send_draft (store, 2);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *from = g_build_filename (folder, name, NULL);
      g_autofree char *to = g_build_filename (other, name, NULL);
      g_autofree char *bytes = NULL;
      gsize len;

      if (g_file_get_contents (from, &bytes, &len, NULL))
        g_assert_true (g_file_set_contents (to, bytes, (gssize) len, NULL));
    }
  kith_test_close (store);
  if (data != NULL && !g_file_test (copy, G_FILE_TEST_EXISTS))
    return FALSE; /* it went while the files were copied */
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));

  g_clear_object (&store);
  store = kith_store_open (left, key, NULL);
  g_assert_nonnull (store);
  g_assert_cmpint (g_file_test (copy, G_FILE_TEST_EXISTS), ==, data == NULL);
  kith_test_close (store);
  return TRUE;
}

static void
test_killed (gconstpointer data)
{
  guint n = 0;

  while (!is_killed_in_time (data))
    g_assert_cmpuint (++n, <, MAX_TRIES);
}

/* The next start is that of the next version: the copies that were to go do, and there is a new one. */
static void
test_killed_and_updated (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autofree char *path = make_older (folder, key);
  g_autofree char *copy = dup_copy_name (path);
  g_autofree char *older = g_strdup_printf ("%s.before-version-%u", path, kith_database_get_latest_version () - 1);
  KithDatabase *database = kith_database_open_full (path, key, NULL, kith_database_get_latest_version () - 1, NULL);
  g_autoptr (KithStore) store = NULL;

  g_assert_true (kith_database_exec (database, "INSERT INTO setting (key, value) VALUES ('copied-up-to', '-1')", NULL));
  g_assert_true (kith_database_close (database, NULL));
  g_assert_true (g_file_set_contents (older, "deleted", -1, NULL));
  store = kith_store_open (path, key, NULL);
  g_assert_nonnull (store);
  g_assert_false (g_file_test (older, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  kith_test_close (store);
}

/* Nobody looks for a fault for ever; and it takes room. */
static void
test_old_copy_goes (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autofree char *path = make_older (folder, key);
  g_autofree char *copy = dup_copy_name (path);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);
  time_t then = (time_t) (g_get_real_time () / G_USEC_PER_SEC) - KITH_LIMIT_MIGRATION_COPY_S;
  struct utimbuf times = { then + 3600, then + 3600 };

  g_assert_cmpint (g_utime (copy, &times), ==, 0);
  start_again (&store, path, key);
  g_assert_true (g_file_test (copy, G_FILE_TEST_EXISTS));
  times.actime = times.modtime = then - 3600;
  g_assert_cmpint (g_utime (copy, &times), ==, 0);
  start_again (&store, path, key);
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  kith_test_close (store);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/migration-copy/stays", test_copy_stays);
  g_test_add_data_func ("/migration-copy/edited", NULL, test_deletion_drops_the_copy);
  g_test_add_data_func ("/migration-copy/deleted", "deleted", test_deletion_drops_the_copy);
  g_test_add_data_func ("/migration-copy/killed", NULL, test_killed);
  g_test_add_data_func ("/migration-copy/killed-after-deletion", "deleted", test_killed);
  g_test_add_data_func ("/migration-copy/killed-after-deletion-among-others", "among", test_killed);
  g_test_add_func ("/migration-copy/killed-and-updated", test_killed_and_updated);
  g_test_add_func ("/migration-copy/old", test_old_copy_goes);
  return g_test_run ();
}
