/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups: what stays on the disk when one is given up. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <gio/gio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"

#define OLDER "an older backup"
#define MESSAGES 5000 /* so that it takes several slices */

typedef struct
{
  char         *folder; /* (owned) */
  char         *path;   /* (owned) */
  GFile        *file;   /* (owned) */
  KithStore    *store;  /* (owned) */
  KithSecret   *secret; /* (owned) */
  GCancellable *cancellable; /* (owned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "backup", NULL);
  self->file = g_file_new_for_path (self->path);
  self->store = kith_store_new_in_memory ();
  self->secret = kith_test_secret ('x');
  self->cancellable = g_cancellable_new ();
  kith_test_put_profile (self->store, "Ann");
  kith_test_add (self->store, 1, 1, MESSAGES, TRUE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_clear_object (&self->store);
  g_object_unref (self->cancellable);
  g_object_unref (self->file);
  kith_secret_unref (self->secret);
  g_free (self->path);
  kith_test_folder_free (self->folder);
}

static void
write_older (Fixture *self)
{
  g_assert_true (g_file_set_contents (self->path, OLDER, -1, NULL));
}

static guint
count_files (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
assert_older (Fixture *self)
{
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (self->path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, OLDER);
  g_assert_cmpuint (count_files (self), ==, 1);
}

/* On the store thread, after the first slice. */
static void
cancel_cb (double fraction, gpointer user_data)
{
  g_cancellable_cancel (user_data);
}

static void
export_and_cancel (Fixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_export_async (self->store, self->file, self->secret, cancel_cb, self->cancellable,
                           self->cancellable, kith_test_result_cb, &result);
  g_assert_false (kith_store_export_finish (self->store, kith_test_await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_cancel_leaves_the_older (Fixture *self, gconstpointer data)
{
  write_older (self);
  export_and_cancel (self);
  assert_older (self);
}

static void
test_cancel_leaves_nothing (Fixture *self, gconstpointer data)
{
  export_and_cancel (self);
  g_assert_cmpuint (count_files (self), ==, 0);
}

static void
test_close_leaves_the_older (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  write_older (self);
  kith_store_export_async (self->store, self->file, self->secret, NULL, NULL, NULL,
                           kith_test_result_cb, &result);
  kith_test_close (self->store);
  g_assert_false (kith_store_export_finish (self->store, kith_test_await (&result), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_CLOSED);
  assert_older (self);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/store-backup/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("cancel-leaves-the-older", test_cancel_leaves_the_older);
  ADD ("cancel-leaves-nothing", test_cancel_leaves_nothing);
  ADD ("close-leaves-the-older", test_close_leaves_the_older);
  return g_test_run ();
}
