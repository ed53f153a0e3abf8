/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What it costs that messages disappear: words leave the search index for good only when all of it is written anew, and
 * that must not happen again and again all day. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-store-private.h"

#define ANN 1
#define PLAIN 4000 /* before and behind those that disappear, all of them in the index */
#define FLEETING 50
#define FIRST_MS 100
#define EXPIRY_BYTES 100000

/* What this process has written so far, by all ways; -1 where the system does not say. */
static gint64
bytes_written (void)
{
  g_autofree char *text = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/io", &text, NULL, NULL))
    return -1;

  line = strstr (text, "wchar: ");
  return line != NULL ? g_ascii_strtoll (line + strlen ("wchar: "), NULL, 10) : -1;
}

/* As the thread does when nothing else is to be done. */
static gboolean
chores_job (KithDatabase *database, GTask *task)
{
  while (kith_store_sweep (database, NULL))
    ;
  g_assert_true (kith_database_checkpoint (database, NULL));
  g_task_return_int (task, 0);
  return FALSE;
}

static gboolean
index_bytes_job (KithDatabase *database, GTask *task)
{
  g_task_return_int (task, kith_database_get_int (database, "SELECT sum (length (block)) FROM message_text_data", -1));
  return FALSE;
}

static gssize
run (KithStore *store, KithStoreJobFunc job)
{
  g_autoptr (GAsyncResult) done = NULL;

  kith_store_push (store, g_task_new (store, NULL, kith_test_result_cb, &done), job);
  return g_task_propagate_int (G_TASK (kith_test_await (&done)), NULL);
}

static void
expire (KithStore *store, gint64 now_ms)
{
  g_autoptr (GAsyncResult) expired = NULL;
  g_autoptr (GError) error = NULL;
  gint64 next_ms;

  kith_store_expire_async (store, now_ms, kith_test_result_cb, &expired);
  g_assert_true (kith_store_expire_finish (store, kith_test_await (&expired), &next_ms, &error));
  g_assert_no_error (error);
  run (store, chores_job);
}

static void
add_fleeting (KithStore *store)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  for (guint i = 0; i < FLEETING; i++)
    {
      KithStoreMessage row = kith_test_message (ANN, PLAIN + 1 + i, FALSE, "fleeting");

      row.ttl_s = 30;
      row.expires_ms = FIRST_MS + i;
      kith_store_batch_add_message (batch, &row);
    }
  kith_test_must_commit (store, batch);
}

static void
delete (KithStore *store, guint number)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (ANN, number, FALSE, "");
  KithStoreChange change = { .deletion = KITH_STORE_DELETED };

  memcpy (change.identity, row.identity, sizeof change.identity);
  memcpy (change.id, row.id, sizeof change.id);
  kith_store_batch_delete_message (batch, &change);
  kith_test_must_commit (store, batch);
  run (store, chores_job);
}

/* However many of them go, one after another, and however old they are: the index is not written anew for them, as it
 * is for one that does not disappear. */
static void
test_leaves_the_index (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);
  gint64 begun, expired, deleted;
  gssize before;

  if (bytes_written () < 0)
    {
      g_test_skip ("The system does not say what was written");
      return;
    }

  kith_test_add (store, ANN, 1, PLAIN, FALSE);
  add_fleeting (store);
  kith_test_add (store, ANN, PLAIN + FLEETING + 1, 2 * PLAIN, FALSE);
  kith_test_index (store);
  run (store, chores_job);
  before = run (store, index_bytes_job);

  begun = bytes_written ();
  for (guint i = 0; i < FLEETING; i++)
    expire (store, FIRST_MS + i);
  expired = (bytes_written () - begun) / FLEETING;
  g_assert_cmpint (run (store, index_bytes_job), ==, before);

  begun = bytes_written ();
  delete (store, 1);
  deleted = bytes_written () - begun;
  g_test_message ("%" G_GINT64_FORMAT " bytes for each that disappears, %" G_GINT64_FORMAT " for one that is deleted",
                  expired, deleted);
  g_assert_cmpint (expired, <, EXPIRY_BYTES);
  g_assert_cmpint (deleted, >, 3 * expired);
  kith_test_close (store);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/expiring/leaves-the-index", test_leaves_the_index);
  return g_test_run ();
}
