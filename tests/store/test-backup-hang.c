/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A backup to a disk that is slow, or hangs: the store has nothing to do with that. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <gio/gio.h>

#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-hang.h"
#include "kith-test-store.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"

#define MESSAGES 5000 /* so that it takes several slices */

typedef struct
{
  char         *folder;      /* (owned) */
  GFile        *file;        /* (owned) */
  KithStore    *store;       /* (owned) */
  KithSecret   *secret;      /* (owned) */
  GCancellable *cancellable; /* (owned) */
  GAsyncResult *result;      /* (owned) (nullable) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autofree char *path = NULL;

  self->folder = kith_test_folder_new ();
  path = g_build_filename (self->folder, "backup", NULL);
  self->file = g_file_new_for_path (path);
  self->store = kith_store_new_in_memory ();
  self->secret = kith_test_secret ('x');
  self->cancellable = g_cancellable_new ();
  kith_test_put_profile (self->store, "Ann");
  kith_test_add (self->store, 1, 1, MESSAGES, TRUE);
  kith_test_hang (GPOINTER_TO_UINT (data), self->folder);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->result);
  g_clear_object (&self->store);
  g_object_unref (self->cancellable);
  g_object_unref (self->file);
  kith_secret_unref (self->secret);
  kith_test_folder_free (self->folder);
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("Nothing hangs");
  return G_SOURCE_REMOVE;
}

static void
begin (Fixture *self)
{
  guint late = g_timeout_add_seconds (TEST_DEADLINE_S, late_cb, NULL);

  kith_store_export_async (self->store, self->file, self->secret, NULL, NULL, self->cancellable, kith_test_result_cb,
                           &self->result);
  while (kith_test_count_hung () == 0)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late);
}

static guint
count_messages (KithStore *store)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  KithStoreCursor cursor = { .hlc = 0 };

  kith_test_identity (1, cursor.identity);
  kith_store_load_messages_async (store, &cursor, KITH_STORE_AFTER, 2 * MESSAGES, NULL, kith_test_result_cb, &result);
  rows = kith_store_load_messages_finish (store, kith_test_await (&result), NULL);
  return rows != NULL ? rows->len : 0;
}

/* What comes meanwhile is stored and acknowledged, and what is there is read and found. */
static void
test_store_goes_on (Fixture *self, gconstpointer data)
{
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GError) error = NULL;

  begin (self);
  kith_test_add (self->store, 1, MESSAGES + 1, MESSAGES + 7, TRUE);
  g_assert_cmpuint (count_messages (self->store), ==, MESSAGES + 7);
  hits = kith_test_find (self->store, "5003", 1, NULL, 10);
  g_assert_cmpuint (hits->len, ==, 1);
  g_assert_cmpuint (kith_test_count_hung (), >, 0);
  g_assert_null (self->result);

  kith_test_hang (KITH_TEST_HANG_NONE, NULL);
  g_assert_true (kith_store_export_finish (self->store, kith_test_await (&self->result), NULL, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_query_exists (self->file, NULL));
}

/* Nor does closing wait for it; what was cancelled says so when its disk answers, and nothing is left then. */
static void
test_close (Fixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = NULL;
  g_autoptr (GError) error = NULL;

  begin (self);
  g_cancellable_cancel (self->cancellable);
  kith_test_close (self->store);
  g_assert_cmpuint (kith_test_count_hung (), >, 0);
  g_assert_null (self->result);

  kith_test_hang (KITH_TEST_HANG_NONE, NULL);
  g_assert_false (kith_store_export_finish (self->store, kith_test_await (&self->result), NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  dir = g_dir_open (self->folder, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, what, func) \
  g_test_add ("/backup-hang/" name, Fixture, GUINT_TO_POINTER (what), set_up, func, tear_down)
  ADD ("store-goes-on", KITH_TEST_HANG_WRITE, test_store_goes_on);
  ADD ("close/written", KITH_TEST_HANG_WRITE, test_close);
  ADD ("close/flushed", KITH_TEST_HANG_SYNC, test_close);
  return g_test_run ();
}
