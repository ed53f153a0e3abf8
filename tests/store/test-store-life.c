/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store keeps, in which order it gives it back, and how it ends; in memory and on the disk. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-database-private.h"

/* --- Pages ---------------------------------------------------------------------------------- */

static GPtrArray *
load_page (KithStore *store, guint64 hlc, guint id, KithStoreSide side, guint limit)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreCursor cursor = { .hlc = hlc };
  GPtrArray *rows;

  kith_test_identity (1, cursor.identity);
  memcpy (cursor.id, &id, sizeof id);
  kith_store_load_messages_async (store, &cursor, side, limit, NULL, kith_test_result_cb, &result);
  rows = kith_store_load_messages_finish (store, kith_test_await (&result), &error);
  g_assert_no_error (error);
  return rows;
}

static guint
number_at (GPtrArray *rows, guint position)
{
  const KithStoreMessage *row = g_ptr_array_index (rows, position);
  guint number;

  memcpy (&number, row->id, sizeof number);
  return number;
}

/* Messages of one moment are told apart by their ids. */
static void
test_pages_of_one_moment (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) from = NULL;
  g_autoptr (GPtrArray) after = NULL;

  for (guint i = 9; i > 0; i--)
    {
      KithStoreMessage row = kith_test_message (1, i, FALSE, "text");

      row.hlc = 7;
      kith_store_batch_add_message (batch, &row);
    }
  kith_test_must_commit (store, batch);

  before = load_page (store, 7, 5, KITH_STORE_BEFORE, 3);
  g_assert_cmpuint (before->len, ==, 3);
  g_assert_cmpuint (number_at (before, 0), ==, 2);
  g_assert_cmpuint (number_at (before, 2), ==, 4);
  from = load_page (store, 7, 5, KITH_STORE_FROM, 3);
  g_assert_cmpuint (number_at (from, 0), ==, 5);
  g_assert_cmpuint (number_at (from, 2), ==, 7);
  after = load_page (store, 7, 5, KITH_STORE_AFTER, 9);
  g_assert_cmpuint (after->len, ==, 4);
  g_assert_cmpuint (number_at (after, 0), ==, 6);
}

/* --- Marks ---------------------------------------------------------------------------------- */

static const KithStoreMessage *
message_at (GPtrArray *rows, guint position)
{
  return g_ptr_array_index (rows, position);
}

static void
test_we_read (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  KithStoreMark mark = { .number = 3, .time_ms = 50 };

  kith_test_add (store, 1, 1, 4, FALSE);
  kith_test_add (store, 2, 1, 2, FALSE);
  kith_test_identity (1, mark.identity);
  kith_store_batch_we_read (batch, &mark);
  kith_test_must_commit (store, batch);

  snapshot = kith_test_load (store);
  g_assert_cmpuint (snapshot->conversations->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      const KithStoreConversation *row = g_ptr_array_index (snapshot->conversations, i);

      g_assert_cmpuint (row->n_unread, ==, row->identity[0] == 1 ? 1 : 2);
    }
}

/* Ours of this installation that have arrived, and no others. */
static void
test_they_read (void)
{
  static const gboolean expected[] = { FALSE, TRUE, FALSE, FALSE };
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GPtrArray) rows = NULL;
  KithStoreMark mark = { .seq = 2, .state = 9, .time_ms = 50 };

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      KithStoreMessage row = kith_test_message (1, i + 1, TRUE, "text");

      row.seq = i; /* 0: of an installation before */
      row.delivered_ms = i != 2 ? 5 : 0;
      kith_store_batch_add_message (batch, &row);
    }
  kith_test_identity (1, mark.identity);
  kith_store_batch_they_read (batch, &mark);
  kith_test_must_commit (store, batch);

  rows = load_page (store, 0, 0, KITH_STORE_AFTER, 10);
  g_assert_cmpuint (rows->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpint (message_at (rows, i)->read_ms, ==, expected[i] ? 50 : 0);
}

static void
test_they_read_by_id (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GPtrArray) rows = NULL;
  KithStoreMark mark = { .state = 9, .time_ms = 50 };
  KithStoreMessage ours = kith_test_message (1, 1, TRUE, "text");
  KithStoreMessage theirs = kith_test_message (1, 1, FALSE, "text");

  ours.delivered_ms = 5;
  kith_store_batch_add_message (batch, &ours);
  kith_store_batch_add_message (batch, &theirs);
  memcpy (mark.identity, ours.identity, sizeof mark.identity);
  memcpy (mark.id, ours.id, sizeof mark.id);
  kith_store_batch_they_read (batch, &mark);
  kith_test_must_commit (store, batch);

  rows = load_page (store, 0, 0, KITH_STORE_AFTER, 10);
  for (guint i = 0; i < rows->len; i++)
    g_assert_cmpint (message_at (rows, i)->read_ms, ==, message_at (rows, i)->outgoing ? 50 : 0);
}

/* --- Drafts and settings -------------------------------------------------------------------- */

static void
test_drafts (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreBatch) none = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  guint8 ann[KITH_STORE_IDENTITY_BYTES];
  guint8 ben[KITH_STORE_IDENTITY_BYTES];

  kith_test_identity (1, ann);
  kith_test_identity (2, ben);
  kith_store_batch_put_draft (batch, ann, "dear Ann");
  kith_store_batch_put_draft (batch, ben, "dear Ben");
  kith_test_must_commit (store, batch);
  kith_store_batch_put_draft (none, ben, NULL);
  kith_test_must_commit (store, none);

  snapshot = kith_test_load (store);
  for (guint i = 0; i < snapshot->conversations->len; i++)
    {
      const KithStoreConversation *row = g_ptr_array_index (snapshot->conversations, i);

      g_assert_cmpstr (row->draft, ==, row->identity[0] == 1 ? "dear Ann" : NULL);
      g_assert_null (row->last);
    }
}

static void
test_settings (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;

  kith_store_batch_put_setting (batch, "colour", "green");
  kith_store_batch_put_setting (batch, "colour", "blue");
  kith_store_batch_put_setting (batch, "gone", "soon");
  kith_store_batch_put_setting (batch, "gone", NULL);
  kith_test_must_commit (store, batch);
  snapshot = kith_test_load (store);
  g_assert_cmpstr (g_hash_table_lookup (snapshot->settings, "colour"), ==, "blue");
  g_assert_cmpuint (g_hash_table_size (snapshot->settings), ==, 1);
}

/* --- Groups of commits ---------------------------------------------------------------------- */

/* One that is not possible takes none of those that are committed with it along. */
static void
test_one_impossible_among_many (void)
{
  const guint n = 50;
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autofree GAsyncResult **results = g_new0 (GAsyncResult *, n);
  g_autoptr (GPtrArray) rows = NULL;

  for (guint i = 0; i < n; i++)
    {
      KithStoreBatch *batch = kith_store_batch_new ();
      KithStoreMessage row = kith_test_message (1, i + 1, FALSE, "text");
      KithStoreMessage bad = kith_test_message (1, n + i + 1, FALSE, i == 20 ? NULL : "more");

      kith_store_batch_add_message (batch, &row);
      kith_store_batch_add_message (batch, &bad);
      kith_store_commit_async (store, batch, NULL, kith_test_result_cb, &results[i]);
    }

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GAsyncResult) result = kith_test_await (&results[i]);
      g_autoptr (GError) error = NULL;

      kith_store_commit_finish (store, result, &error);
      if (i == 20)
        g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
      else
        g_assert_no_error (error);
    }
  rows = load_page (store, 0, 0, KITH_STORE_AFTER, 200);
  g_assert_cmpuint (rows->len, ==, 2 * (n - 1));
}

/* --- The end -------------------------------------------------------------------------------- */

static void
test_calls_after_close (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GError) error = NULL;

  kith_test_close (store);
  g_assert_false (kith_test_commit (store, batch, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_CLOSED);
  g_clear_error (&error);
  kith_store_load_async (store, NULL, kith_test_result_cb, &loaded);
  g_assert_null (kith_store_load_finish (store, kith_test_await (&loaded), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_CLOSED);
  kith_test_close (store);
}

/* What was called before the close is done before it, and is there when it is opened again. */
static void
test_close_comes_last (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);
  g_autoptr (GAsyncResult) committed = NULL;
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreBatch *batch = kith_store_batch_new ();

  kith_store_batch_put_setting (batch, "colour", "green");
  kith_store_commit_async (store, batch, NULL, kith_test_result_cb, &committed);
  kith_test_close (store);
  g_assert_true (kith_store_commit_finish (store, kith_test_await (&committed), &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  g_clear_object (&committed);
  g_clear_object (&store);

  store = kith_store_open (path, key, &error);
  g_assert_no_error (error);
  snapshot = kith_test_load (store);
  g_assert_cmpstr (g_hash_table_lookup (snapshot->settings, "colour"), ==, "green");
}

/* --- The log ---------------------------------------------------------------------------------- */

static guint64
size_of (const char *path)
{
  GStatBuf info;

  return g_stat (path, &info) == 0 ? (guint64) info.st_size : 0;
}

typedef struct
{
  const char *path;
  gboolean    is_empty;
} EmptyWait;

static gboolean
look_cb (gpointer user_data)
{
  EmptyWait *wait = user_data;

  wait->is_empty = size_of (wait->path) == 0;
  return G_SOURCE_CONTINUE;
}

static void
await_empty (const char *path)
{
  EmptyWait wait = { .path = path };
  gint64 deadline_us = g_get_monotonic_time () + TEST_DEADLINE_S * G_USEC_PER_SEC;
  guint source = g_timeout_add (50, look_cb, &wait);

  while (!wait.is_empty && g_get_monotonic_time () < deadline_us)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (source);
  g_assert_true (wait.is_empty);
}

static void
add_expiring (KithStore *store)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (1, 1, FALSE, "secret");

  row.ttl_s = 30;
  row.expires_ms = 100;
  kith_store_batch_add_message (batch, &row);
  kith_test_must_commit (store, batch);
}

static void
expire (KithStore *store)
{
  g_autoptr (GAsyncResult) expired = NULL;
  g_autoptr (GError) error = NULL;
  gint64 next_ms;

  kith_store_expire_async (store, 200, kith_test_result_cb, &expired);
  g_assert_true (kith_store_expire_finish (store, kith_test_await (&expired), &next_ms, &error));
  g_assert_no_error (error);
}

/* What disappears does not stay in the log either, also when nothing else is written. */
static void
test_expired_leaves_the_log (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);

  add_expiring (store);
  expire (store);
  g_assert_cmpuint (size_of (log), >, 0);
  await_empty (log);
  kith_test_close (store);
}

/* Somebody who writes without a pause does not keep it there. */
static void
await_shorter_in_traffic (KithStore *store, const char *log)
{
  gint64 deadline_us = g_get_monotonic_time () + TEST_DEADLINE_S * G_USEC_PER_SEC;
  guint64 before = 0, now = 0;

  for (guint i = 10; now >= before && g_get_monotonic_time () < deadline_us; i++)
    {
      kith_test_add (store, 1, i, i, FALSE);
      before = now;
      now = size_of (log);
    }
  g_assert_cmpuint (now, <, before);
}

static void
test_expired_leaves_the_log_in_traffic (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);

  add_expiring (store);
  expire (store);
  await_shorter_in_traffic (store, log);
  kith_test_close (store);
}

/* What was just written is not in the index yet; that nothing has to leave that changes nothing here. */
static void
test_changed_leaves_the_log_in_traffic (gconstpointer data)
{
  gboolean is_deleted = GPOINTER_TO_INT (data);
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (1, 1, FALSE, "");
  KithStoreChange change = { .hlc = 1ull << 20, .time_ms = 5, .text = (char *) "other", .deletion = KITH_STORE_DELETED };

  kith_test_add (store, 1, 1, 1, FALSE);
  memcpy (change.identity, row.identity, sizeof change.identity);
  memcpy (change.id, row.id, sizeof change.id);
  if (is_deleted)
    kith_store_batch_delete_message (batch, &change);
  else
    kith_store_batch_edit_message (batch, &change);
  kith_test_must_commit (store, batch);
  await_shorter_in_traffic (store, log);
  kith_test_close (store);
}

typedef enum
{
  SMALL_DRAFT,
  SMALL_SETTING,
  SMALL_NOTE,
  SMALL_REQUEST,
} Small;

/* Puts one of these, or takes it away again. */
static void
put_small (KithStore *store, Small what, gboolean is_there)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  guint8 identity[KITH_STORE_IDENTITY_BYTES] = { 1 };
  KithStoreContact contact = { .identity = { 1 }, .name = (char *) "Ann", .next_seq = 1 };
  KithStoreRequest request = { .identity = { 1 }, .name = (char *) "Ann", .text = (char *) "secret" };
  char *text = is_there ? (char *) "secret" : NULL;

  contact.note = text;
  if (what == SMALL_DRAFT)
    kith_store_batch_put_draft (batch, identity, text);
  else if (what == SMALL_SETTING)
    kith_store_batch_put_setting (batch, "proxy", text);
  else if (what == SMALL_NOTE)
    kith_store_batch_put_contact (batch, &contact);
  else if (is_there)
    kith_store_batch_put_request (batch, &request);
  else
    kith_store_batch_delete_request (batch, identity);
  kith_test_must_commit (store, batch);
}

/* Not only messages. */
static void
test_small_things_leave_the_log_in_traffic (gconstpointer data)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);

  put_small (store, GPOINTER_TO_UINT (data), TRUE);
  put_small (store, GPOINTER_TO_UINT (data), FALSE);
  await_shorter_in_traffic (store, log);
  kith_test_close (store);
}

/* --- Versions of the schema ------------------------------------------------------------------ */

/* One that is newer is not touched. */
static void
test_newer_schema (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  KithDatabase *database = kith_database_open (path, key, NULL);
  g_autoptr (GByteArray) before = NULL;
  g_autoptr (GByteArray) after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (kith_database_exec (database, "PRAGMA user_version = 1000", NULL));
  g_assert_true (kith_database_close (database, NULL));
  before = kith_test_read_file (path);
  g_assert_null (kith_store_open (path, key, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NEWER_VERSION);
  after = kith_test_read_file (path);
  g_assert_cmpmem (before->data, before->len, after->data, after->len);
}

/* A step that fails leaves the version before, and a copy of it. */
static void
test_migration_puts_a_copy_aside (void)
{
  guint latest = kith_database_get_latest_version ();
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autofree char *copy = g_strdup_printf ("%s.before-version-%u", path, latest + 1);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  KithDatabase *database = kith_database_open (path, key, NULL);

  g_assert_true (kith_database_exec (database, "INSERT INTO setting VALUES ('colour', 'green')", NULL));
  g_assert_false (g_file_test (copy, G_FILE_TEST_EXISTS));
  g_assert_false (kith_database_migrate (database, latest + 1, TRUE, NULL));
  g_assert_true (kith_database_exec (database, "DELETE FROM setting", NULL));
  g_assert_true (kith_database_close (database, NULL));

  database = kith_database_open (copy, key, NULL);
  g_assert_nonnull (database);
  g_assert_cmpint (kith_database_get_int (database, "SELECT count (*) FROM setting", -1), ==, 1);
  g_assert_true (kith_database_close (database, NULL));
  database = kith_database_open (path, key, NULL);
  g_assert_nonnull (database);
  g_assert_cmpint (kith_database_get_int (database, "SELECT count (*) FROM setting", -1), ==, 0);
  g_assert_true (kith_database_close (database, NULL));
}

static void
assert_same_file (const char *path, GByteArray *bytes)
{
  g_autoptr (GByteArray) found = kith_test_read_file (path);

  g_assert_cmpmem (found->data, found->len, bytes->data, bytes->len);
}

static gint64
open_at (const char *path, guint version)
{
  g_autoptr (KithSecret) key = kith_test_secret (1);
  KithDatabase *database = kith_database_open_full (path, key, NULL, version, NULL);
  gint64 n;

  g_assert_nonnull (database);
  g_assert_cmpint (kith_database_get_int (database, "PRAGMA user_version", 0), ==, version);
  n = kith_database_get_int (database, "SELECT count (*) FROM setting", -1);
  g_assert_true (kith_database_close (database, NULL));
  return n;
}

/* Several steps, of which one fails: the copy before the first is whole and stays, however often it is tried again,
 * and each try has a copy of what it began with. */
static void
test_migration_of_several_steps (void)
{
  const guint first = 2, stuck = 4; /* version 5 cannot be made */
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autofree char *first_copy = g_strdup_printf ("%s.before-version-%u", path, first + 1);
  g_autofree char *second_copy = g_strdup_printf ("%s.before-version-%u", path, stuck + 1);
  g_autofree char *in_between = g_strdup_printf ("%s.before-version-%u", path, stuck);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GByteArray) before = NULL;
  g_autoptr (GByteArray) halfway = NULL;
  KithDatabase *database = kith_database_open_full (path, key, NULL, first, NULL);

  g_assert_true (kith_database_exec (database, "INSERT INTO setting VALUES ('colour', 'green')", NULL));
  /* In the way of schema/005.sql. */
  g_assert_true (kith_database_exec (database, "CREATE TABLE transfer (a)", NULL));
  g_assert_true (kith_database_close (database, NULL));
  before = kith_test_read_file (path);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (kith_database_open (path, key, NULL));
      assert_same_file (first_copy, before);
      g_assert_false (g_file_test (in_between, G_FILE_TEST_EXISTS));
    }
  halfway = kith_test_read_file (path);
  assert_same_file (second_copy, halfway);
  g_assert_cmpint (open_at (second_copy, stuck), ==, 1);
  g_assert_cmpint (open_at (first_copy, first), ==, 1);
}

/* A key that does not fit changes nothing. */
static void
test_wrong_key (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (KithSecret) wrong = kith_test_secret (2);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);
  g_autoptr (GByteArray) before = NULL;
  g_autoptr (GByteArray) after = NULL;
  g_autoptr (GError) error = NULL;

  kith_test_put_profile (store, "Ann");
  kith_test_close (store);
  before = kith_test_read_file (path);
  g_assert_null (kith_store_open (path, wrong, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_WRONG_VAULT);
  after = kith_test_read_file (path);
  g_assert_cmpmem (before->data, before->len, after->data, after->len);
}

/* Where only the beginning is damaged, the key is the right one. */
static void
test_damaged_beginning (void)
{
  g_autoptr (KithTestFolder) folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (KithStore) store = kith_store_open (path, key, NULL);
  g_autoptr (GByteArray) file = NULL;
  g_autoptr (GError) error = NULL;

  kith_test_close (store);
  file = kith_test_read_file (path);
  file->data[200] ^= 1;
  kith_test_write_file (path, file);
  g_assert_null (kith_store_open (path, key, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  assert_same_file (path, file);
}

/* Its folder was moved, and another one has come into its place while it was open: of that nothing goes. */
static void
test_close_in_another_place (void)
{
  g_autofree char *folder = kith_test_folder_new ();
  g_autofree char *place = g_build_filename (folder, "place", NULL);
  g_autofree char *elsewhere = g_build_filename (folder, "elsewhere", NULL);
  g_autofree char *path = g_build_filename (place, "kith.db", NULL);
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  g_autoptr (KithSecret) secret = kith_test_secret (1);
  KithDatabase *database;

  g_assert_cmpint (g_mkdir (place, 0700), ==, 0);
  database = kith_database_open (path, secret, NULL);
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
  g_assert_cmpint (g_rename (place, elsewhere), ==, 0);
  g_assert_cmpint (g_mkdir (place, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "another", -1, NULL));
  g_assert_true (g_file_set_contents (log, "its log", -1, NULL));
  g_assert_true (kith_database_close (database, NULL));
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));

  /* Its own goes, as ever. */
  g_unlink (path);
  g_unlink (log);
  g_rmdir (place);
  g_assert_cmpint (g_rename (elsewhere, place), ==, 0);
  database = kith_database_open (path, secret, NULL);
  g_assert_true (g_file_test (log, G_FILE_TEST_EXISTS));
  g_assert_true (kith_database_close (database, NULL));
  g_assert_false (g_file_test (log, G_FILE_TEST_EXISTS));
  kith_test_folder_free (g_steal_pointer (&place));
  kith_test_folder_free (g_steal_pointer (&folder));
}

typedef struct
{
  GAsyncResult *second; /* (owned) (nullable) */
  gboolean      is_done;
} Waiting;

static void
wait_for_second_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Waiting *waiting = user_data;

  g_assert_true (kith_store_commit_finish (KITH_STORE (source), result, NULL));
  g_assert_true (kith_store_commit_finish (KITH_STORE (source), kith_test_await (&waiting->second), NULL));
  waiting->is_done = TRUE;
}

/* Those of one transaction are answered together, and yet none waits for the end of another's callback. */
static void
test_answer_that_waits (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  KithStoreBatch *first = kith_store_batch_new (), *second = kith_store_batch_new ();
  Waiting waiting = { 0 };

  kith_store_batch_put_setting (first, "colour", "green");
  kith_store_batch_put_setting (second, "colour", "blue");
  kith_store_commit_lazily_async (store, first, wait_for_second_cb, &waiting);
  kith_store_commit_lazily_async (store, second, kith_test_result_cb, &waiting.second);
  while (!waiting.is_done)
    g_main_context_iteration (NULL, TRUE);
  g_object_unref (waiting.second);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store-life/pages-of-one-moment", test_pages_of_one_moment);
  g_test_add_func ("/store-life/we-read", test_we_read);
  g_test_add_func ("/store-life/they-read", test_they_read);
  g_test_add_func ("/store-life/they-read-by-id", test_they_read_by_id);
  g_test_add_func ("/store-life/drafts", test_drafts);
  g_test_add_func ("/store-life/settings", test_settings);
  g_test_add_func ("/store-life/one-impossible-among-many", test_one_impossible_among_many);
  g_test_add_func ("/store-life/calls-after-close", test_calls_after_close);
  g_test_add_func ("/store-life/close-comes-last", test_close_comes_last);
  g_test_add_func ("/store-life/expired-leaves-the-log", test_expired_leaves_the_log);
  g_test_add_func ("/store-life/expired-leaves-the-log-in-traffic", test_expired_leaves_the_log_in_traffic);
  g_test_add_data_func ("/store-life/deleted-leaves-the-log-in-traffic", GINT_TO_POINTER (TRUE),
                        test_changed_leaves_the_log_in_traffic);
  g_test_add_data_func ("/store-life/edited-leaves-the-log-in-traffic", GINT_TO_POINTER (FALSE),
                        test_changed_leaves_the_log_in_traffic);
  g_test_add_data_func ("/store-life/cleared-draft-leaves-the-log-in-traffic", GUINT_TO_POINTER (SMALL_DRAFT),
                        test_small_things_leave_the_log_in_traffic);
  g_test_add_data_func ("/store-life/removed-setting-leaves-the-log-in-traffic", GUINT_TO_POINTER (SMALL_SETTING),
                        test_small_things_leave_the_log_in_traffic);
  g_test_add_data_func ("/store-life/changed-note-leaves-the-log-in-traffic", GUINT_TO_POINTER (SMALL_NOTE),
                        test_small_things_leave_the_log_in_traffic);
  g_test_add_data_func ("/store-life/declined-request-leaves-the-log-in-traffic", GUINT_TO_POINTER (SMALL_REQUEST),
                        test_small_things_leave_the_log_in_traffic);
  g_test_add_func ("/store-life/newer-schema", test_newer_schema);
  g_test_add_func ("/store-life/migration-puts-a-copy-aside", test_migration_puts_a_copy_aside);
  g_test_add_func ("/store-life/migration-of-several-steps", test_migration_of_several_steps);
  g_test_add_func ("/store-life/close-in-another-place", test_close_in_another_place);
  g_test_add_func ("/store-life/answer-that-waits-for-another", test_answer_that_waits);
  g_test_add_func ("/store-life/wrong-key", test_wrong_key);
  g_test_add_func ("/store-life/damaged-beginning", test_damaged_beginning);
  return g_test_run ();
}
