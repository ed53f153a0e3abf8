/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are offered by messages: kept, changed, found again, and gone with their messages. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-backup.h"
#include "store/kith-database.h"
#include "store/kith-store-private.h"
#include "store/kith-store-received.h"
#include "store/kith-store-transfer.h"

#define CONTENT_BYTES (1300 * 1000) /* more than two parts */

typedef struct
{
  KithStore *store;   /* (owned) */
  GBytes    *content; /* (owned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  guint8 *bytes = g_malloc (CONTENT_BYTES);

  memset (bytes, 'k', CONTENT_BYTES);
  self->content = g_bytes_new_take (bytes, CONTENT_BYTES);
  self->store = kith_store_new_in_memory ();
  kith_test_put_profile (self->store, "Ann");
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->store);
  g_bytes_unref (self->content);
}

static KithStoreTransfer
a_file (void)
{
  KithStoreTransfer file = { .size = 5000000000, .list_bytes = 7, .name = (char *) "a.png",
                             .media_type = (char *) "image/png", .width = 4, .height = 3,
                             .duration_ms = 9, .n_waveform = 2, .n_files = 3, .state = 2, .live = TRUE,
                             .told = TRUE, .path = (char *) "/odd/\xff path", .mtime_us = 77,
                             .done_bytes = 12 };

  memset (file.root, 5, sizeof file.root);
  file.waveform[1] = 200;
  return file;
}

static KithStoreMessage
add (Fixture *self, guint number, gboolean outgoing, KithStoreTransfer *file)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (1, number, outgoing, "a.png");

  row.file = file;
  kith_store_batch_add_message (batch, &row);
  kith_test_must_commit (self->store, batch);
  return row;
}

static const KithStoreTransfer *
only_live (KithStoreSnapshot *snapshot)
{
  g_assert_cmpuint (snapshot->transfers->len, ==, 1);
  return ((KithStoreMessage *) g_ptr_array_index (snapshot->transfers, 0))->file;
}

static void
test_round_trip (Fixture *self, gconstpointer data)
{
  KithStoreTransfer file = a_file ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (KithStoreMessage) copy = NULL;
  const KithStoreTransfer *back;

  add (self, 1, FALSE, &file);
  kith_test_add (self->store, 1, 2, 3, FALSE); /* without files */
  snapshot = kith_test_load (self->store);
  copy = kith_store_message_copy (g_ptr_array_index (snapshot->transfers, 0));
  back = copy->file;
  g_assert_cmpmem (back->root, sizeof back->root, file.root, sizeof file.root);
  g_assert_cmpuint (back->size, ==, file.size);
  g_assert_cmpuint (back->list_bytes, ==, 7);
  g_assert_cmpstr (back->name, ==, "a.png");
  g_assert_cmpstr (back->media_type, ==, "image/png");
  g_assert_cmpuint (back->width, ==, 4);
  g_assert_cmpuint (back->height, ==, 3);
  g_assert_cmpuint (back->duration_ms, ==, 9);
  g_assert_cmpmem (back->waveform, back->n_waveform, file.waveform, 2);
  g_assert_cmpuint (back->n_files, ==, 3);
  g_assert_cmpuint (back->state, ==, 2);
  g_assert_true (back->told);
  g_assert_false (back->kept);
  g_assert_cmpstr (back->path, ==, "/odd/\xff path");
  g_assert_cmpint (back->mtime_us, ==, 77);
  g_assert_null (back->target);
  g_assert_cmpuint (back->done_bytes, ==, 12);
  g_assert_null (back->error);
}

static void
test_changes (Fixture *self, gconstpointer data)
{
  KithStoreTransfer file = a_file ();
  KithStoreMessage row = add (self, 1, TRUE, &file);
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (KithStoreBatch) last = kith_store_batch_new ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (KithStoreSnapshot) after = NULL;

  file.state = 6;
  file.told = FALSE;
  file.target = (char *) "/there";
  file.error = (char *) "disk-full";
  kith_store_batch_put_transfer (batch, &row);
  kith_test_must_commit (self->store, batch);
  snapshot = kith_test_load (self->store);
  g_assert_cmpuint (only_live (snapshot)->state, ==, 6);
  g_assert_false (only_live (snapshot)->told);
  g_assert_cmpstr (only_live (snapshot)->target, ==, "/there");
  g_assert_cmpstr (only_live (snapshot)->error, ==, "disk-full");

  file.live = FALSE;
  kith_store_batch_put_transfer (last, &row);
  kith_test_must_commit (self->store, last);
  after = kith_test_load (self->store);
  g_assert_cmpuint (after->transfers->len, ==, 0);
}

/* (transfer full) (nullable) */
static GBytes *
load_content (KithStore *store, const KithStoreMessage *row, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kith_store_load_content_async (store, row, NULL, kith_test_result_cb, &result);
  return kith_store_load_content_finish (store, kith_test_await (&result), error);
}

static void
test_content (Fixture *self, gconstpointer data)
{
  KithStoreTransfer file = a_file ();
  KithStoreMessage row;
  KithStoreMessage other = kith_test_message (1, 9, TRUE, "");
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;

  file.kept = TRUE;
  file.content = self->content;
  row = add (self, 1, TRUE, &file);
  back = load_content (self->store, &row, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back, self->content));
  g_assert_null (load_content (self->store, &other, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
}

/* Nothing of a file is left when its message is deleted. */
static void
test_deletion (Fixture *self, gconstpointer data)
{
  KithStoreTransfer file = a_file ();
  KithStoreMessage row;
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreChange change = { .outgoing = TRUE, .deletion = KITH_STORE_DELETED, .hlc = 10, .time_ms = 5 };
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;

  file.kept = TRUE;
  file.content = self->content;
  row = add (self, 1, TRUE, &file);
  memcpy (change.identity, row.identity, sizeof change.identity);
  memcpy (change.id, row.id, sizeof change.id);
  kith_store_batch_delete_message (batch, &change);
  kith_test_must_commit (self->store, batch);
  snapshot = kith_test_load (self->store);
  g_assert_cmpuint (snapshot->transfers->len, ==, 0);
  g_assert_null (load_content (self->store, &row, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
}

/* What can be deleted to make room: files of others that are here, and nothing else. */
static void
test_received (Fixture *self, gconstpointer data)
{
  KithStoreTransfer file = a_file ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  const KithStoreReceived *row;

  add (self, 1, FALSE, &file); /* a folder */
  file.list_bytes = 0;
  add (self, 2, TRUE, &file);
  add (self, 3, FALSE, &file);
  file.state = 4;
  add (self, 4, FALSE, &file);
  file.state = 2;
  file.path = NULL;
  add (self, 5, FALSE, &file);

  kith_store_load_received_async (self->store, 2, NULL, kith_test_result_cb, &result);
  rows = kith_store_load_received_finish (self->store, kith_test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 1);
  row = g_ptr_array_index (rows, 0);
  g_assert_cmpstr (row->path, ==, "/odd/\xff path");
  g_assert_cmpuint (row->size, ==, 5000000000);
  g_assert_cmpint (row->time_ms, >=, 0);
}

/* The name of a file is no text to be edited. */
static void
test_no_edit (Fixture *self, gconstpointer data)
{
  KithStoreTransfer file = a_file ();
  KithStoreMessage row = add (self, 1, FALSE, &file);
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreChange change = { .hlc = 10, .time_ms = 5, .text = (char *) "virus.exe" };
  guint op;

  memcpy (change.identity, row.identity, sizeof change.identity);
  memcpy (change.id, row.id, sizeof change.id);
  op = kith_store_batch_edit_message (batch, &change);
  kith_test_must_commit (self->store, batch);
  g_assert_false (kith_store_batch_was_new (batch, op));
}

/* A conversation that is cleared goes with all of its files. */
static void
test_clear (Fixture *self, gconstpointer data)
{
  KithStoreTransfer file = a_file ();
  g_autoptr (KithStoreSnapshot) snapshot = NULL;

  file.kept = TRUE;
  file.content = self->content;
  add (self, 1, TRUE, &file);
  kith_test_clear (self->store, 1);
  kith_test_add (self->store, 1, 2, 3, FALSE);
  snapshot = kith_test_load (self->store);
  g_assert_cmpuint (snapshot->transfers->len, ==, 0);
}

/* --- Much of it ----------------------------------------------------------------------------- */

#define CONTENTS 40
#define LOG_BYTES (20 * 1024 * 1024)

/* In the place of the one in memory. Returns: (transfer full): its path */
static char *
begin_on_disk (Fixture *self, const char *folder)
{
  g_autoptr (KithSecret) secret = kith_test_secret ('x');
  char *path = g_build_filename (folder, "big.db", NULL);
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->store);
  self->store = kith_store_open (path, secret, &error);
  g_assert_no_error (error);
  return path;
}

static void
add_contents (Fixture *self, gint64 expires_ms)
{
  KithStoreTransfer file = a_file ();

  file.kept = TRUE;
  file.content = self->content;
  file.size = CONTENT_BYTES;
  for (guint i = 1; i <= CONTENTS; i++)
    {
      g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
      KithStoreMessage row = kith_test_message (1, i, TRUE, "a.png");

      row.expires_ms = expires_ms;
      row.ttl_s = expires_ms != 0 ? 1 : 0;
      row.file = &file;
      kith_store_batch_add_message (batch, &row);
      kith_test_must_commit (self->store, batch);
    }
}

/* Overwriting what was kept takes as much room as it had: on a full disk it goes a little at a time or never. */
static void
test_clear_much (Fixture *self, gconstpointer data)
{
  static const char n_parts[] = "SELECT count (*) FROM transfer_content";
  g_autofree char *folder = kith_test_folder_new ();
  g_autofree char *path = begin_on_disk (self, folder);
  g_autoptr (KithSecret) secret = kith_test_secret ('x');
  g_autoptr (GError) error = NULL;
  KithDatabase *database;
  gint64 before;
  gboolean has_more = TRUE;

  add_contents (self, 0);
  kith_test_clear (self->store, 1);
  kith_test_close (self->store);

  database = kith_database_open (path, secret, &error);
  g_assert_no_error (error);
  before = kith_database_get_int (database, n_parts, -1);
  g_assert_cmpint (before, >=, CONTENTS);
  while (has_more)
    {
      gint64 after;

      has_more = kith_store_sweep (database, &error);
      g_assert_no_error (error);
      after = kith_database_get_int (database, n_parts, -1);
      g_assert_cmpint (before - after, <=, 8);
      before = after;
    }
  g_assert_cmpint (before, ==, 0);
  g_assert_cmpint (kith_database_get_int (database, "SELECT count (*) FROM message", -1), ==, 0);
  g_assert_true (kith_database_close (database, &error));
  kith_test_folder_free (g_steal_pointer (&folder));
}

static goffset
log_bytes (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf info;

  return g_stat (log, &info) == 0 ? info.st_size : 0;
}

static void
test_expire_much (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = kith_test_folder_new ();
  g_autofree char *path = begin_on_disk (self, folder);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  goffset most = 0;
  gint64 next_ms;

  add_contents (self, 1000);
  g_assert_cmpint (log_bytes (path), <, LOG_BYTES);
  kith_store_expire_async (self->store, 2000, kith_test_result_cb, &result);
  while (result == NULL)
    {
      g_main_context_iteration (NULL, TRUE);
      most = MAX (most, log_bytes (path));
    }
  g_assert_true (kith_store_expire_finish (self->store, result, &next_ms, &error));
  g_assert_no_error (error);
  g_assert_cmpint (most, >, 0);
  g_assert_cmpint (most, <, LOG_BYTES);
  g_assert_cmpint (next_ms, ==, 0);
  snapshot = kith_test_load (self->store);
  g_assert_cmpuint (snapshot->transfers->len, ==, 0);
  kith_test_close (self->store);
  kith_test_folder_free (g_steal_pointer (&folder));
}

static void
note_cb (double fraction, gpointer user_data)
{
  guint *n_reports = user_data;

  g_atomic_int_inc (n_reports);
}

static void
note_writing_cb (double fraction, gpointer user_data)
{
  if (fraction < 0.79)
    note_cb (fraction, user_data);
}

/* Whoever wants to lock, or something of the store, waits for a few megabytes and not for all of it. */
static void
test_backup_much (Fixture *self, gconstpointer data)
{
  static const char bytes[] = "SELECT sum (length (data)) FROM transfer_content";
  g_autofree char *folder = kith_test_folder_new ();
  g_autofree char *backup = g_build_filename (folder, "backup", NULL);
  g_autofree char *restored = g_build_filename (folder, "new.db", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (KithSecret) secret = kith_test_secret ('x');
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithDatabase *database;
  guint n_slices = 0;
  guint n_commits = 0;

  g_free (begin_on_disk (self, folder));
  kith_test_put_profile (self->store, "Ann");
  add_contents (self, 0);
  kith_store_export_async (self->store, file, secret, note_writing_cb, &n_slices, NULL, kith_test_result_cb,
                           &result);
  g_assert_true (kith_store_export_finish (self->store, kith_test_await (&result), NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_atomic_int_get (&n_slices), >=, 8);
  kith_test_close (self->store);

  g_assert_true (kith_backup_import (file, secret, restored, secret, note_cb, &n_commits, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_commits, >=, 8);
  database = kith_database_open (restored, secret, &error);
  g_assert_no_error (error);
  g_assert_cmpint (kith_database_get_int (database, bytes, -1), ==, CONTENTS * CONTENT_BYTES);
  g_assert_true (kith_database_close (database, &error));
  kith_test_folder_free (g_steal_pointer (&folder));
}

static void
test_backup (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "backup", NULL);
  g_autofree char *database = g_build_filename (folder, "new.db", NULL);
  g_autoptr (GFile) to = g_file_new_for_path (path);
  g_autoptr (KithSecret) secret = kith_test_secret ('x');
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithStore) restored = NULL;
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreTransfer file = a_file ();
  KithStoreMessage row;

  file.kept = TRUE;
  file.content = self->content;
  file.size = CONTENT_BYTES;
  row = add (self, 1, TRUE, &file);
  kith_store_export_async (self->store, to, secret, NULL, NULL, NULL, kith_test_result_cb, &result);
  g_assert_true (kith_store_export_finish (self->store, kith_test_await (&result), NULL, &error));
  g_assert_no_error (error);

  g_assert_true (kith_backup_import (to, secret, database, secret, NULL, NULL, NULL, &error));
  g_assert_no_error (error);
  restored = kith_store_open (database, secret, &error);
  g_assert_no_error (error);
  snapshot = kith_test_load (restored);
  g_assert_cmpstr (only_live (snapshot)->name, ==, "a.png");
  back = load_content (restored, &row, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back, self->content));
  kith_test_close (restored);
  g_clear_object (&restored);
  kith_test_folder_free (g_steal_pointer (&folder));
}

static guint
count_received (KithStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) all = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) places = NULL;

  kith_store_load_received_async (store, KITH_STORE_TRANSFER_DONE, NULL, kith_test_result_cb, &result);
  rows = kith_store_load_received_finish (store, kith_test_await (&result), NULL);
  kith_store_load_places_async (store, kith_test_result_cb, &all);
  places = kith_store_load_places_finish (store, kith_test_await (&all), NULL);
  g_assert_cmpuint (rows->len, ==, places->len);
  return rows->len;
}

/* As one that was found by its hash. */
static void
put_somewhere (KithStore *store, KithStoreMessage *row)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  g_assert_null (row->file->path);
  row->file->path = g_strdup ("/there/a.png");
  kith_store_batch_put_transfer (batch, row);
  kith_test_must_commit (store, batch);
}

/* A place that only a backup names is anybody's, and is dropped. What comes from then on is ours again, and so is what
 * came before when it is put somewhere anew. */
static void
test_restored_places (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = kith_test_folder_new ();
  g_autofree char *backup = g_build_filename (folder, "backup", NULL);
  g_autofree char *database = g_build_filename (folder, "new.db", NULL);
  g_autoptr (GFile) to = g_file_new_for_path (backup);
  g_autoptr (KithSecret) secret = kith_test_secret ('x');
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreTransfer file = a_file ();

  file.list_bytes = 0;
  file.state = KITH_STORE_TRANSFER_DONE;
  add (self, 1, FALSE, &file);
  g_assert_cmpuint (count_received (self->store), ==, 1);
  kith_store_export_async (self->store, to, secret, NULL, NULL, NULL, kith_test_result_cb, &result);
  g_assert_true (kith_store_export_finish (self->store, kith_test_await (&result), NULL, NULL));
  g_assert_true (kith_backup_import (to, secret, database, secret, NULL, NULL, NULL, &error));
  g_assert_no_error (error);

  g_clear_object (&self->store);
  self->store = kith_store_open (database, secret, &error);
  g_assert_no_error (error);
  snapshot = kith_test_load (self->store);
  g_assert_null (only_live (snapshot)->path);
  g_assert_cmpuint (count_received (self->store), ==, 0);
  add (self, 2, FALSE, &file);
  g_assert_cmpuint (count_received (self->store), ==, 1);
  put_somewhere (self->store, g_ptr_array_index (snapshot->transfers, 0));
  g_assert_cmpuint (count_received (self->store), ==, 2);
  kith_test_close (self->store);
  kith_test_folder_free (g_steal_pointer (&folder));
}

/* --- A start -------------------------------------------------------------------------------- */

#define HISTORY 500

static int
count_steps_cb (unsigned int what, void *user_data, void *statement, void *ns)
{
  *(guint *) user_data += (guint) sqlite3_stmt_status (statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, 1);
  return 0;
}

/* However long the history is, a start does not go through it. */
static void
test_start_reads_little (Fixture *self, gconstpointer data)
{
  g_autofree char *folder = kith_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "long.db", NULL);
  g_autoptr (KithSecret) secret = kith_test_secret ('x');
  g_autoptr (KithStoreSnapshot) snapshot = NULL;
  g_autoptr (GError) error = NULL;
  KithDatabase *database;
  guint n_steps = 0;

  g_clear_object (&self->store);
  self->store = kith_store_open (path, secret, &error);
  g_assert_no_error (error);
  kith_test_put_profile (self->store, "Ann");
  kith_test_add (self->store, 1, 1, HISTORY, FALSE);
  kith_test_close (self->store);

  database = kith_database_open (path, secret, &error);
  g_assert_no_error (error);
  sqlite3_trace_v2 (kith_database_get_handle (database), SQLITE_TRACE_PROFILE, count_steps_cb, &n_steps);
  snapshot = kith_store_read_snapshot (database, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (n_steps, <, HISTORY / 2);
  sqlite3_trace_v2 (kith_database_get_handle (database), 0, NULL, NULL);
  g_assert_true (kith_database_close (database, &error));
  kith_test_folder_free (g_steal_pointer (&folder));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  g_test_add ("/store/transfer/round-trip", Fixture, NULL, set_up, test_round_trip, tear_down);
  g_test_add ("/store/transfer/changes", Fixture, NULL, set_up, test_changes, tear_down);
  g_test_add ("/store/transfer/content", Fixture, NULL, set_up, test_content, tear_down);
  g_test_add ("/store/transfer/deletion", Fixture, NULL, set_up, test_deletion, tear_down);
  g_test_add ("/store/transfer/received", Fixture, NULL, set_up, test_received, tear_down);
  g_test_add ("/store/transfer/no-edit", Fixture, NULL, set_up, test_no_edit, tear_down);
  g_test_add ("/store/transfer/clear", Fixture, NULL, set_up, test_clear, tear_down);
  g_test_add ("/store/transfer/clear-much", Fixture, NULL, set_up, test_clear_much, tear_down);
  g_test_add ("/store/transfer/expire-much", Fixture, NULL, set_up, test_expire_much, tear_down);
  g_test_add ("/store/transfer/backup-much", Fixture, NULL, set_up, test_backup_much, tear_down);
  g_test_add ("/store/transfer/backup", Fixture, NULL, set_up, test_backup, tear_down);
  g_test_add ("/store/transfer/restored-places", Fixture, NULL, set_up, test_restored_places, tear_down);
  g_test_add ("/store/transfer/start-reads-little", Fixture, NULL, set_up, test_start_reads_little, tear_down);

  return g_test_run ();
}
