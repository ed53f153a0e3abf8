/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile is locked or erased while the disk of a backup hangs: that stick, or that network, keeps nobody's keys in
 * memory, and what it has is gone when it answers. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "base/kith-init.h"
#include "base/kith-secret.h"
#include "kith-test-folder.h"
#include "kith-test-hang.h"
#include "kith-test-memory.h"
#include "kith-test-profile.h"
#include "kith-test-refuse.h"
#include "store/kith-key-wrap.h"

typedef struct
{
  Fixture       profile;
  char         *stick;    /* (owned): the folder that hangs */
  GFile        *file;     /* (owned) there */
  GAsyncResult *exported; /* (owned) (nullable) */
} Hung;

/* @data: whether there are no files without a name */
static void
set_up (Hung *self, gconstpointer data)
{
  g_autofree char *path = NULL;

  test_profile_set_up (&self->profile, NULL);
  self->stick = g_build_filename (self->profile.root, "stick", NULL);
  g_assert_cmpint (g_mkdir (self->stick, 0700), ==, 0);
  path = g_build_filename (self->stick, "backup", NULL);
  self->file = g_file_new_for_path (path);
  create (&self->profile, "one");
  kith_test_refuse_unnamed (data != NULL);
}

/* What the process has open there, with a name or without. */
static guint
count_open (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  g_autofree char *prefix = g_strconcat (folder, "/", NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *way = g_build_filename ("/proc/self/fd", name, NULL);
      g_autofree char *target = g_file_read_link (way, NULL);

      n += target != NULL && g_str_has_prefix (target, prefix) ? 1 : 0;
    }
  return n;
}

/* The disk answers at last: nothing is left there, or used. */
static void
let_go (Hung *self, guint n_left)
{
  kith_test_hang (KITH_TEST_HANG_NONE, NULL);
  test_wait_for (count_open (self->stick) == 0);
  g_assert_cmpuint (test_count_files (self->stick), ==, n_left);
}

static void
tear_down (Hung *self, gconstpointer data)
{
  kith_test_refuse_unnamed (FALSE);
  g_clear_object (&self->exported);
  g_object_unref (self->file);
  test_profile_tear_down (&self->profile, NULL);
  g_free (self->stick);
}

static void
begin_backup (Hung *self, KithTestHang what)
{
  kith_test_hang (what, self->stick);
  kith_profile_folder_export_async (self->profile.folder, self->file, "backup", NULL, NULL, NULL, test_result_cb,
                                    &self->exported);
  test_wait_for (kith_test_count_hung () > 0);
  g_assert_null (self->exported);
}

static void
assert_stopped (Hung *self)
{
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (self->exported);
  g_assert_false (kith_profile_folder_export_finish (self->profile.folder, self->exported, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (kith_profile_folder_get_is_exporting (self->profile.folder));
  g_assert_cmpuint (kith_test_count_hung (), >, 0);
}

static void
lock_hung (Hung *self, KithTestHang what)
{
  g_autofree char *other = g_build_filename (self->profile.root, "other", NULL);
  KithNode *node = kith_profile_folder_get_node (self->profile.folder);

  g_object_add_weak_pointer (G_OBJECT (node), (gpointer *) &node);
  begin_backup (self, what);
  lock (&self->profile);
  g_assert_null (node);
  g_assert_cmpint (kith_profile_folder_get_state (self->profile.folder), ==, KITH_PROFILE_LOCKED);
  assert_stopped (self);
  g_assert_true (kith_profile_folder_get_was_export_stopped (self->profile.folder));

  /* It still hangs: that is nobody else's matter. */
  assert_works (unlock (&self->profile, "one"));
  export_to (&self->profile, other);
  lock (&self->profile);
  g_assert_false (kith_profile_folder_get_was_export_stopped (self->profile.folder));
  g_assert_cmpuint (kith_test_count_hung (), >, 0);
  let_go (self, 0);
  g_assert_false (kith_profile_folder_get_was_export_stopped (self->profile.folder));
}

/* All is written, and is brought to the disk. */
static void
test_flushed (Hung *self, gconstpointer data)
{
  lock_hung (self, KITH_TEST_HANG_SYNC);
}

static void
test_written (Hung *self, gconstpointer data)
{
  lock_hung (self, KITH_TEST_HANG_WRITE);
}

/* Returns: (transfer full): the timer of the lock, which ends its waiting for a backup. How fast the machine is shall not
 * matter: it runs out when that is said, and not before. */
static GSource *
hold_patience (Hung *self)
{
  GSource *patience = g_main_context_find_source_by_user_data (NULL, self->profile.folder);

  g_assert_nonnull (patience);
  g_source_set_ready_time (patience, -1);
  return g_source_ref (patience);
}

/* The sessions and the keys end beside the backup: what it is given to end goes on meanwhile. */
static void
test_node_first (Hung *self, gconstpointer data)
{
  KithNode *node = kith_profile_folder_get_node (self->profile.folder);
  g_autoptr (GAsyncResult) locked = NULL;
  g_autoptr (GSource) patience = NULL;

  g_object_add_weak_pointer (G_OBJECT (node), (gpointer *) &node);
  begin_backup (self, KITH_TEST_HANG_SYNC);
  kith_profile_folder_lock_async (self->profile.folder, test_result_cb, &locked);
  patience = hold_patience (self);
  test_wait_for (node == NULL);
  g_assert_null (kith_profile_folder_get_node (self->profile.folder));
  g_assert_null (self->exported);
  g_assert_null (locked);

  /* It answers in time: then who is told of the lock may pull the stick. */
  kith_test_hang (KITH_TEST_HANG_NONE, NULL);
  g_assert_true (kith_profile_folder_lock_finish (self->profile.folder, test_await (&locked), NULL));
  g_assert_cmpuint (count_open (self->stick), ==, 0);
  g_assert_cmpuint (test_count_files (self->stick), ==, 0);
  g_assert_true (kith_profile_folder_get_was_export_stopped (self->profile.folder));
}

/* The other way round: the store takes longer than it would have been waited for the backup, which has ended. */
static void
test_backup_first (Hung *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) locked = NULL;
  g_autoptr (GSource) patience = NULL;

  begin_backup (self, KITH_TEST_HANG_SYNC);
  kith_profile_folder_lock_async (self->profile.folder, test_result_cb, &locked);
  patience = hold_patience (self);
  kith_test_hang (KITH_TEST_HANG_SYNC, self->profile.path);
  test_wait_for (self->exported != NULL && kith_test_count_hung () > 0);
  g_source_set_ready_time (patience, 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_null (locked);
  g_assert_false (kith_profile_folder_export_finish (self->profile.folder, self->exported, NULL, NULL));

  kith_test_hang (KITH_TEST_HANG_NONE, NULL);
  g_assert_true (kith_profile_folder_lock_finish (self->profile.folder, test_await (&locked), NULL));
  g_assert_true (kith_profile_folder_get_was_export_stopped (self->profile.folder));
  g_assert_cmpuint (test_count_files (self->stick), ==, 0);
}

static void
test_erased (Hung *self, gconstpointer data)
{
  begin_backup (self, KITH_TEST_HANG_SYNC);
  assert_works (erase (&self->profile));
  g_assert_true (kith_profile_folder_is_key_gone (self->profile.folder));
  g_assert_false (has_file (&self->profile, "vault"));
  g_assert_cmpint (kith_profile_folder_get_state (self->profile.folder), ==, KITH_PROFILE_NEW);
  assert_stopped (self);
  let_go (self, 0);
}

/* It hung while the backup got its name, and that could not be taken back: what was told is mended. */
static void
test_named_after_all (Hung *self, gconstpointer data)
{
  kith_test_hold_links (TRUE);
  kith_profile_folder_export_async (self->profile.folder, self->file, "backup", NULL, NULL, NULL, test_result_cb,
                                    &self->exported);
  test_wait_for (kith_test_count_held () > 0);
  lock (&self->profile);
  g_assert_cmpint (kith_profile_folder_get_state (self->profile.folder), ==, KITH_PROFILE_LOCKED);
  g_assert_true (kith_profile_folder_get_was_export_stopped (self->profile.folder));
  kith_test_hold_links (FALSE);
  test_wait_for (!kith_profile_folder_get_was_export_stopped (self->profile.folder));
  let_go (self, 1);
}

/* Nor is the key of the backup there for as long as it hangs. */
static void
test_backup_key (Hung *self, gconstpointer data)
{
  const KithTestHang *what = data;
  char passphrase[41];
  guint8 bytes[20];
  TestNeedle needle;

  randombytes_buf (bytes, sizeof bytes);
  sodium_bin2hex (passphrase, sizeof passphrase, bytes, sizeof bytes);
  test_needle_init (&needle, "the passphrase of the backup", passphrase, strlen (passphrase));
  kith_test_hang (*what, self->stick);
  kith_profile_folder_export_async (self->profile.folder, self->file, passphrase, NULL, NULL, NULL, test_result_cb,
                                    &self->exported);
  kith_secret_wipe (passphrase, sizeof passphrase);
  test_wait_for (kith_test_count_hung () > 0);
  test_memory_search (&needle, 1);
  g_assert_cmpuint (needle.n_found, >, 0);
  lock (&self->profile);
  assert_stopped (self);
  test_memory_search (&needle, 1);
  g_assert_cmpuint (needle.n_found, ==, 0);
  let_go (self, 0);
}

int
main (int argc, char *argv[])
{
  static const KithTestHang write_hangs = KITH_TEST_HANG_WRITE;
  static const KithTestHang sync_hangs = KITH_TEST_HANG_SYNC;

  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, data, func) g_test_add ("/profile-hang/" name, Hung, data, set_up, func, tear_down)
  ADD ("flushed", NULL, test_flushed);
  ADD ("written", NULL, test_written);
  ADD ("with-a-name/flushed", "refused", test_flushed);
  ADD ("with-a-name/written", "refused", test_written);
  ADD ("node-first", NULL, test_node_first);
  ADD ("backup-first", NULL, test_backup_first);
  ADD ("erased", NULL, test_erased);
  ADD ("named-after-all", NULL, test_named_after_all);
  ADD ("backup-key/written", &write_hangs, test_backup_key);
  ADD ("backup-key/flushed", &sync_hangs, test_backup_key);
  return g_test_run ();
}
