/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-profile.h"

#include <glib/gstdio.h>

void
give_up_folder (Fixture *self)
{
  if (self->folder != NULL)
    kith_profile_folder_release (self->folder);
  g_clear_object (&self->folder);
}

void
reopen (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  give_up_folder (self);
  self->folder = kith_profile_folder_open (self->path, &error);
  g_assert_no_error (error);
}

void
test_profile_set_up (Fixture *self, gconstpointer data)
{
  self->root = g_dir_make_tmp ("kith-profile-XXXXXX", NULL);
  self->path = g_build_filename (self->root, "ann", NULL);
  reopen (self);
}

void
lock (Fixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_profile_folder_lock_async (self->folder, test_result_cb, &result);
  kith_profile_folder_lock_finish (self->folder, test_await (&result), &error);
  g_assert_no_error (error);
}

void
test_profile_tear_down (Fixture *self, gconstpointer data)
{
  if (self->folder != NULL)
    lock (self);
  give_up_folder (self);
  test_remove_folder (self->root);
  g_free (self->root);
  g_free (self->path);
}

char *
file_of (Fixture *self, const char *name)
{
  return g_build_filename (self->path, name, NULL);
}

gboolean
has_file (Fixture *self, const char *name)
{
  g_autofree char *path = file_of (self, name);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

void
write_file (Fixture *self, const char *name, const char *text)
{
  g_autofree char *path = file_of (self, name);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

void
create (Fixture *self, const char *passphrase)
{
  g_autoptr (GAsyncResult) created = NULL;
  g_autoptr (GAsyncResult) named = NULL;
  g_autoptr (GError) error = NULL;
  KithNode *node;

  kith_profile_folder_create_async (self->folder, passphrase, NULL, test_result_cb, &created);
  kith_profile_folder_create_finish (self->folder, test_await (&created), &error);
  g_assert_no_error (error);
  node = kith_profile_folder_get_node (self->folder);
  kith_node_create_profile_async (node, "Ann", NULL, test_result_cb, &named);
  kith_node_create_profile_finish (node, test_await (&named), &error);
  g_assert_no_error (error);
}

/* Returns: (transfer full) (nullable): what was wrong */
GError *
unlock (Fixture *self, const char *passphrase)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  kith_profile_folder_unlock_async (self->folder, passphrase, NULL, test_result_cb, &result);
  kith_profile_folder_unlock_finish (self->folder, test_await (&result), &error);
  return error;
}

GError *
change (Fixture *self, const char *current, const char *passphrase)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  kith_profile_folder_change_passphrase_async (self->folder, current, passphrase, NULL,
                                               test_result_cb, &result);
  kith_profile_folder_change_passphrase_finish (self->folder, test_await (&result), &error);
  return error;
}

GError *
erase (Fixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  kith_profile_folder_erase_async (self->folder, FALSE, test_result_cb, &result);
  kith_profile_folder_erase_finish (self->folder, test_await (&result), &error);
  return error;
}

GError *
erase_with_files (Fixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  kith_profile_folder_erase_async (self->folder, TRUE, test_result_cb, &result);
  kith_profile_folder_erase_finish (self->folder, test_await (&result), &error);
  return error;
}

void
export_to (Fixture *self, const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_profile_folder_export_async (self->folder, file, "backup", NULL, NULL, NULL, test_result_cb,
                                    &result);
  kith_profile_folder_export_finish (self->folder, test_await (&result), NULL, &error);
  g_assert_no_error (error);
}

GError *
restore_from (Fixture *self, const char *path, const char *passphrase, GCancellable *cancellable)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  kith_profile_folder_restore_async (self->folder, file, passphrase, "new", NULL, NULL, cancellable,
                                     test_result_cb, &result);
  kith_profile_folder_restore_finish (self->folder, test_await (&result), &error);
  return error;
}

void
move (const char *from, const char *to)
{
  g_assert_cmpint (g_rename (from, to), ==, 0);
}

void
add_messages (Fixture *self, guint32 n)
{
  KithStore *store = kith_profile_folder_get_node (self->folder)->store;
  KithStoreBatch *batch = kith_store_batch_new (); /* the store takes it */
  g_autoptr (GAsyncResult) result = NULL;
  KithStoreMessage row = { .identity = { 1 }, .time_ms = 1, .text = (char *) "a message of some length" };

  for (guint32 i = 1; i <= n; i++)
    {
      memcpy (row.id, &i, sizeof i);
      row.hlc = i;
      kith_store_batch_add_message (batch, &row);
    }
  kith_store_commit_async (store, batch, NULL, test_result_cb, &result);
  g_assert_true (kith_store_commit_finish (store, test_await (&result), NULL));
}
