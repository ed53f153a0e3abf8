/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are offered by messages: kept, changed, found again, and gone with their messages. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

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
  row = add (self, 1, TRUE, &file);
  kith_store_export_async (self->store, to, secret, NULL, NULL, NULL, kith_test_result_cb, &result);
  g_assert_true (kith_store_export_finish (self->store, kith_test_await (&result), &error));
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
  g_test_add ("/store/transfer/backup", Fixture, NULL, set_up, test_backup, tear_down);
  g_test_add ("/store/transfer/start-reads-little", Fixture, NULL, set_up, test_start_reads_little, tear_down);

  return g_test_run ();
}
