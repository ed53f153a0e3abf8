/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile that cannot be opened, and is saved as far as it can be read. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-profile.h"
#include "store/kith-key-wrap.h"

/* The first page of the database, without which it does not open. */
static void
damage (Fixture *self)
{
  g_autofree char *path = file_of (self, "kith.db");
  g_autofree char *data = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (path, &data, &len, NULL));
  data[10] ^= 1;
  g_assert_true (g_file_set_contents (path, data, (gssize) len, NULL));
}

static void
make_damaged (Fixture *self)
{
  create (self, "one");
  add_messages (self, 10);
  lock (self);
  give_up_folder (self);
  damage (self);
  reopen (self);
  assert_state (KITH_PROFILE_LOCKED);
  assert_fails (unlock (self, "one"), KITH_ERROR_DAMAGED);
  assert_state (KITH_PROFILE_LOCKED);
}

static void
begin_rescue (Fixture *self, const char *passphrase, const char *path, GAsyncResult **result)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);

  kith_profile_folder_rescue_async (self->folder, passphrase, file, "backup", NULL, NULL, NULL, test_result_cb, result);
}

/* (transfer full) (nullable) */
static GError *
rescue (Fixture *self, const char *passphrase, const char *path)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  begin_rescue (self, passphrase, path, &result);
  kith_profile_folder_rescue_finish (self->folder, test_await (&result), NULL, &error);
  return error;
}

static void
test_rescue (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);

  make_damaged (self);
  assert_works (rescue (self, "one", backup));
  assert_state (KITH_PROFILE_LOCKED);
  assert_fails (unlock (self, "one"), KITH_ERROR_DAMAGED);
  assert_works (erase (self));
  assert_works (restore_from (self, backup, "backup", NULL));
  g_assert_cmpstr (kith_profile_get_name (kith_node_get_profile (kith_profile_folder_get_node (self->folder))), ==, "Ann");
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_conversations (kith_profile_folder_get_node (self->folder))),
                    ==, 1);
}

/* Wrong passphrases count as they always do. */
static void
test_wrong_passphrase (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);

  make_damaged (self);
  g_assert_cmpuint (kith_profile_folder_get_tries_left (self->folder), ==, 3);
  assert_fails (rescue (self, "two", backup), KITH_ERROR_WRONG_PASSPHRASE);
  assert_fails (rescue (self, NULL, backup), KITH_ERROR_WRONG_PASSPHRASE);
  g_assert_cmpuint (kith_profile_folder_get_tries_left (self->folder), ==, 1);
  assert_fails (rescue (self, "two", backup), KITH_ERROR_PAUSED);
  assert_fails (rescue (self, "one", backup), KITH_ERROR_PAUSED);
  g_assert_false (g_file_test (backup, G_FILE_TEST_EXISTS));
  assert_state (KITH_PROFILE_LOCKED);
}

/* Nothing else is done with it meanwhile, and who locks it, or ends, gives it up. */
static void
test_given_up (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);
  g_autofree char *own = file_of (self, "kith.db");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  make_damaged (self);
  assert_fails (rescue (self, "one", own), KITH_ERROR_EXISTS);
  begin_rescue (self, "one", backup, &result);
  g_assert_true (kith_profile_folder_get_is_exporting (self->folder));
  assert_fails (rescue (self, "one", backup), KITH_ERROR_BUSY);
  assert_fails (unlock (self, "one"), KITH_ERROR_BUSY);
  lock (self);
  g_assert_nonnull (result);
  g_assert_false (kith_profile_folder_rescue_finish (self->folder, result, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_test (backup, G_FILE_TEST_EXISTS));
  assert_state (KITH_PROFILE_LOCKED);
  assert_works (rescue (self, "one", backup));
}

/* It is no way around the lock of one that is open. */
static void
test_open (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);

  assert_fails (rescue (self, NULL, backup), KITH_ERROR_BUSY);
  create (self, "one");
  assert_fails (rescue (self, "one", backup), KITH_ERROR_BUSY);
  g_assert_false (g_file_test (backup, G_FILE_TEST_EXISTS));
}

/* Without the key there is nothing. */
static void
test_no_key (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);

  make_damaged (self);
  write_file (self, "vault", "not a vault at all");
  assert_fails (rescue (self, "one", backup), KITH_ERROR_DAMAGED);
  g_assert_false (g_file_test (backup, G_FILE_TEST_EXISTS));
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;
  kith_key_wrap_make_it_cheap ();

  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) \
  g_test_add ("/profile-rescue/" name, Fixture, NULL, test_profile_set_up, func, test_profile_tear_down)
  ADD ("rescue", test_rescue);
  ADD ("wrong-passphrase", test_wrong_passphrase);
  ADD ("given-up", test_given_up);
  ADD ("open", test_open);
  ADD ("no-key", test_no_key);
#undef ADD
  return g_test_run ();
}
