/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A profile on the disk: its states, its passphrase, backups, its end; and what a folder in which
 * somebody put other things does to it. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-profile.h"
#include "node/kith-node-history.h"
#include "store/kith-key-wrap.h"

/* --- States --------------------------------------------------------------------------------- */

static void
test_states (Fixture *self, gconstpointer data)
{
  assert_state (KITH_PROFILE_NEW);
  assert_fails (unlock (self, NULL), KITH_ERROR_NO_PROFILE);
  create (self, "one");
  assert_state (KITH_PROFILE_UNLOCKED);
  assert_fails (unlock (self, "one"), KITH_ERROR_LOCKED);
  lock (self);
  assert_state (KITH_PROFILE_LOCKED);
  g_assert_null (kith_profile_folder_get_node (self->folder));
  reopen (self);
  assert_state (KITH_PROFILE_LOCKED);
  g_assert_true (kith_profile_folder_get_has_passphrase (self->folder));
  assert_works (unlock (self, "one"));
  g_assert_nonnull (kith_node_get_profile (kith_profile_folder_get_node (self->folder)));
}

/* A folder has one path, however one comes to it, and also before it is there. */
static void
test_links (Fixture *self, gconstpointer data)
{
  g_autofree char *real_root = kith_profile_folder_dup_real (self->root);
  g_autofree char *link = g_build_filename (real_root, "link", NULL);
  g_autofree char *through = g_build_filename (link, "ann", NULL);
  g_autofree char *not_there = g_build_filename (link, "no", "such", NULL);
  g_autofree char *real = kith_profile_folder_dup_real (through);
  g_autofree char *expected = g_build_filename (real_root, "ann", NULL);
  g_autofree char *real_not_there = NULL;
  g_autofree char *expected_not_there = g_build_filename (real_root, "no", "such", NULL);

  g_assert_cmpstr (real, ==, through); /* no link yet */
  g_assert_cmpint (symlink (self->root, link), ==, 0);
  g_free (real);
  real = kith_profile_folder_dup_real (through);
  g_assert_cmpstr (real, ==, expected);
  real_not_there = kith_profile_folder_dup_real (not_there);
  g_assert_cmpstr (real_not_there, ==, expected_not_there);

  create (self, "one");
  lock (self);
  g_free (self->path);
  self->path = g_steal_pointer (&through);
  reopen (self);
  g_assert_cmpstr (kith_profile_folder_get_path (self->folder), ==, expected);
  assert_works (unlock (self, "one"));
}

static void
test_wrong_passphrases (Fixture *self, gconstpointer data)
{
  create (self, "one");
  lock (self);
  assert_fails (unlock (self, "two"), KITH_ERROR_WRONG_PASSPHRASE);
  assert_fails (unlock (self, NULL), KITH_ERROR_WRONG_PASSPHRASE);
  assert_fails (change (self, "two", "three"), KITH_ERROR_PAUSED);
  assert_state (KITH_PROFILE_LOCKED);
  g_assert_cmpuint (kith_profile_folder_get_pause_s (self->folder), <=, 60);
  g_assert_cmpuint (kith_profile_folder_get_pause_s (self->folder), >=, 50);
  assert_fails (unlock (self, "one"), KITH_ERROR_PAUSED);
  reopen (self);
  assert_fails (unlock (self, "one"), KITH_ERROR_PAUSED);
}

/* That a try was wrong is on the disk before anybody is told; and not by the main loop, which does not turn
 * here. */
static void
test_wrong_is_counted_elsewhere (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) unlocked = NULL;
  g_autoptr (GAsyncResult) changed = NULL;
  gint64 end_us = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  create (self, "one");
  kith_profile_folder_change_passphrase_async (self->folder, "two", "three", NULL, test_result_cb, &changed);
  while (!has_file (self, "attempts") && g_get_monotonic_time () < end_us)
    g_usleep (1000);
  g_assert_true (has_file (self, "attempts"));
  g_assert_false (
    kith_profile_folder_change_passphrase_finish (self->folder, test_await (&changed), NULL));
  lock (self);

  assert_works (unlock (self, "one"));
  lock (self);
  g_assert_false (has_file (self, "attempts"));
  kith_profile_folder_unlock_async (self->folder, "two", NULL, test_result_cb, &unlocked);
  while (!has_file (self, "attempts") && g_get_monotonic_time () < end_us)
    g_usleep (1000);
  g_assert_true (has_file (self, "attempts"));
  g_assert_false (kith_profile_folder_unlock_finish (self->folder, test_await (&unlocked), NULL));
}

/* Nothing in that file can keep the owner out for longer than a pause. */
static void
test_attempts_are_only_a_courtesy (Fixture *self, gconstpointer data)
{
  static const char *const texts[] = { "", "what", "1 9223372036854775807", "1 -9223372036854775808",
                                       "4294967295 0", "0 99999999999999999999999999" };

  create (self, "one");
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      lock (self);
      write_file (self, "attempts", texts[i]);
      assert_works (unlock (self, "one"));
    }
}

static void
test_change (Fixture *self, gconstpointer data)
{
  create (self, "one");
  assert_fails (change (self, "two", "three"), KITH_ERROR_WRONG_PASSPHRASE);
  assert_works (change (self, "one", "two"));
  lock (self);
  assert_fails (unlock (self, "one"), KITH_ERROR_WRONG_PASSPHRASE);
  assert_works (change (self, "two", NULL));
  g_assert_false (kith_profile_folder_get_has_passphrase (self->folder));
  assert_works (unlock (self, NULL));
}

/* --- One thing at a time -------------------------------------------------------------------- */

static void
test_lock_while_busy (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) unlocked = NULL;
  g_autoptr (GAsyncResult) locked = NULL;
  g_autoptr (GError) error = NULL;

  create (self, "one");
  lock (self);
  kith_profile_folder_unlock_async (self->folder, "one", NULL, test_result_cb, &unlocked);
  kith_profile_folder_lock_async (self->folder, test_result_cb, &locked);
  g_assert_false (kith_profile_folder_lock_finish (self->folder, test_await (&locked), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_BUSY);
  g_assert_true (kith_profile_folder_unlock_finish (self->folder, test_await (&unlocked), NULL));
  assert_state (KITH_PROFILE_UNLOCKED);
}

/* While a profile is erased nothing else begins with it. */
static void
test_nothing_while_erased (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) erased = NULL;

  create (self, "one");
  lock (self);
  kith_profile_folder_erase_async (self->folder, FALSE, test_result_cb, &erased);
  test_wait_for (kith_profile_folder_get_state (self->folder) == KITH_PROFILE_BUSY);
  assert_fails (unlock (self, "one"), KITH_ERROR_BUSY);
  assert_fails (change (self, "one", "two"), KITH_ERROR_BUSY);
  g_assert_true (kith_profile_folder_erase_finish (self->folder, test_await (&erased), NULL));
  assert_state (KITH_PROFILE_NEW);
}

/* Nor is it erased while its vault is being written: that would be there again afterwards. */
static void
test_no_erase_while_changed (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) changed = NULL;

  create (self, "one");
  kith_profile_folder_change_passphrase_async (self->folder, "one", "two", NULL, test_result_cb,
                                               &changed);
  assert_fails (change (self, "one", "three"), KITH_ERROR_BUSY);
  g_assert_true (
    kith_profile_folder_change_passphrase_finish (self->folder, test_await (&changed), NULL));
  g_clear_object (&changed);
  kith_profile_folder_change_passphrase_async (self->folder, "two", "one", NULL, test_result_cb,
                                               &changed);
  assert_fails (erase (self), KITH_ERROR_BUSY);
  g_assert_true (
    kith_profile_folder_change_passphrase_finish (self->folder, test_await (&changed), NULL));
  assert_works (erase (self));
  g_assert_false (has_file (self, "vault"));
}

/* Locking takes a turn of the loop, in which a change may begin: never is there a vault after erasing. */
static void
test_no_change_while_erased (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) changed = NULL;
  g_autoptr (GAsyncResult) erased = NULL;
  gboolean is_erased;
  gboolean is_changed;

  create (self, "one");
  lock (self);
  kith_profile_folder_erase_async (self->folder, FALSE, test_result_cb, &erased);
  kith_profile_folder_change_passphrase_async (self->folder, "one", "two", NULL, test_result_cb,
                                               &changed);
  is_erased = kith_profile_folder_erase_finish (self->folder, test_await (&erased), NULL);
  is_changed =
    kith_profile_folder_change_passphrase_finish (self->folder, test_await (&changed), NULL);
  g_assert_true (is_erased != is_changed);
  g_assert_true (has_file (self, "vault") != is_erased);
}

/* The list of what others sent is read first: nothing else begins meanwhile, and it does not fail half-way. */
static void
test_no_change_while_listed (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) erased = NULL;
  g_autoptr (GError) error = NULL;

  create (self, "one");
  kith_profile_folder_erase_async (self->folder, TRUE, test_result_cb, &erased);
  assert_state (KITH_PROFILE_UNLOCKED);
  assert_fails (change (self, "one", "two"), KITH_ERROR_BUSY);
  kith_profile_folder_erase_finish (self->folder, test_await (&erased), &error);
  g_assert_no_error (error);
  assert_state (KITH_PROFILE_NEW);
}

static void
test_one_owner (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kith_profile_folder_open (self->path, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_PROFILE_IN_USE);
}

/* Everything that is under way when the profile is locked has an end, and one that tells. */
static void
test_lock_under_way (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (GAsyncResult) exported = NULL;
  g_autoptr (GAsyncResult) searched = NULL;
  g_autoptr (GAsyncResult) found = NULL;
  g_autoptr (GAsyncResult) named = NULL;
  g_autoptr (KithNode) node = NULL;
  g_autoptr (GError) error = NULL;

  create (self, "one");
  node = g_object_ref (kith_profile_folder_get_node (self->folder));
  kith_node_search_async (node, "text", NULL, 10, NULL, NULL, test_result_cb, &searched);
  kith_profile_folder_export_async (self->folder, file, "backup", NULL, NULL, NULL, test_result_cb,
                                    &exported);
  lock (self);
  test_await (&searched);
  test_await (&exported);
  g_assert_cmpint (g_file_query_exists (file, NULL), ==,
                   kith_profile_folder_export_finish (self->folder, exported, NULL, NULL));
  g_assert_cmpint (g_file_query_exists (file, NULL), ==,
                   !kith_profile_folder_get_was_export_stopped (self->folder));

  /* A face that still has the node is told so. */
  kith_node_fetch_message_async (node, NULL, "00000000000000000000000000000000", NULL, test_result_cb, &found);
  g_assert_null (kith_node_fetch_message_finish (node, test_await (&found), NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_CLOSED);
  g_clear_error (&error);
  kith_node_set_setting (node, "colour", "green");
  kith_node_set_name_async (node, "Anna", NULL, test_result_cb, &named);
  g_assert_false (kith_node_set_name_finish (node, test_await (&named), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_CLOSED);
}

/* Who locks may let the computer sleep, or pull the stick: by then nothing of a backup is left. (One that hangs has tests
 * of its own: test-profile-hang.c.) */
static void
test_lock_ends_backup (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (GAsyncResult) exported = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;

  g_autofree char *vault = file_of (self, "vault");
  g_autoptr (GFile) own = g_file_new_for_path (vault);

  create (self, "one");
  g_assert_false (kith_profile_folder_get_is_exporting (self->folder));
  kith_profile_folder_export_async (self->folder, own, "backup", NULL, NULL, NULL, test_result_cb, &second);
  g_assert_false (kith_profile_folder_export_finish (self->folder, test_await (&second), NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_EXISTS);
  g_clear_error (&error);
  g_clear_object (&second);
  kith_profile_folder_export_async (self->folder, file, "backup", NULL, NULL, NULL, test_result_cb,
                                    &exported);
  g_assert_true (kith_profile_folder_get_is_exporting (self->folder));
  kith_profile_folder_export_async (self->folder, file, "backup", NULL, NULL, NULL, test_result_cb,
                                    &second);
  lock (self);
  g_assert_false (kith_profile_folder_export_finish (self->folder, test_await (&second), NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_BUSY);
  g_clear_error (&error);
  g_assert_nonnull (exported);
  g_assert_false (kith_profile_folder_export_finish (self->folder, exported, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (g_file_query_exists (file, NULL));
  g_assert_false (kith_profile_folder_get_is_exporting (self->folder));
  g_assert_true (kith_profile_folder_get_was_export_stopped (self->folder));

  /* The next one is as good as the first would have been. */
  g_clear_object (&exported);
  g_clear_error (&error);
  assert_works (unlock (self, "one"));
  kith_profile_folder_export_async (self->folder, file, "backup", NULL, NULL, NULL, test_result_cb,
                                    &exported);
  g_assert_true (kith_profile_folder_export_finish (self->folder, test_await (&exported), NULL, &error));
  g_assert_no_error (error);
  lock (self);
  g_assert_false (kith_profile_folder_get_was_export_stopped (self->folder));
}

typedef struct
{
  Fixture      *fixture;
  GAsyncResult *locked; /* (owned) (nullable) */
} LockLate;

/* It has been read again: all that is left is to give it its name. */
static void
lock_late_cb (double fraction, gpointer user_data)
{
  LockLate *late = user_data;

  if (fraction < 1 || late->locked != NULL
      || kith_profile_folder_get_state (late->fixture->folder) != KITH_PROFILE_UNLOCKED)
    return;

  kith_profile_folder_lock_async (late->fixture->folder, test_result_cb, &late->locked);
}

/* Whoever locks while the backup gets its name may still have one: what is said of it is what became of it. */
static void
test_lock_late (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (GAsyncResult) exported = NULL;
  LockLate late = { .fixture = self };
  gboolean is_done;

  create (self, "one");
  kith_profile_folder_export_async (self->folder, file, "backup", lock_late_cb, &late, NULL, test_result_cb,
                                    &exported);
  test_await (&exported);
  is_done = kith_profile_folder_export_finish (self->folder, exported, NULL, NULL);
  if (kith_profile_folder_get_state (self->folder) != KITH_PROFILE_UNLOCKED)
    test_wait_for (late.locked != NULL);
  g_clear_object (&late.locked);
  g_assert_cmpint (g_file_query_exists (file, NULL), ==, is_done);
  g_assert_false (is_done && kith_profile_folder_get_was_export_stopped (self->folder));
}

/* --- What is left --------------------------------------------------------------------------- */

static void
test_new_leaves_nothing (Fixture *self, gconstpointer data)
{
  g_assert_true (g_file_test (self->path, G_FILE_TEST_EXISTS));
  give_up_folder (self);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

static void
test_erase (Fixture *self, gconstpointer data)
{
  static const char *const ours[] = { "vault.new", "vault.ABC123", "attempts.ABC123", "kith.db.new-wal" };
  /* What was put aside is not of this profile: it may be all there is of somebody whose vault is found again. */
  static const char *const theirs[] = { "vault-of-heaven.mp3", "vault.jpeg", "letter.txt", "kith.db.without-vault",
                                        "kith.db.without-vault-wal", "kith.db.without-vault-2" };

  create (self, "one");
  g_assert_false (kith_profile_folder_get_has_aside (self->folder));
  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    write_file (self, ours[i], "left over");
  for (gsize i = 0; i < G_N_ELEMENTS (theirs); i++)
    write_file (self, theirs[i], "mine");

  assert_works (erase (self));
  assert_state (KITH_PROFILE_NEW);
  g_assert_false (has_file (self, "vault"));
  g_assert_false (has_file (self, "kith.db"));
  for (gsize i = 0; i < G_N_ELEMENTS (ours); i++)
    g_assert_false (has_file (self, ours[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (theirs); i++)
    g_assert_true (has_file (self, theirs[i]));
}

/* Erasing a vault that is a link writes nothing into what it leads to. */
static void
test_erase_follows_no_link (Fixture *self, gconstpointer data)
{
  g_autofree char *vault = file_of (self, "vault");
  g_autofree char *precious = g_build_filename (self->root, "precious", NULL);
  g_autofree char *text = NULL;

  create (self, "one");
  lock (self);
  g_assert_cmpint (g_unlink (vault), ==, 0);
  g_assert_true (g_file_set_contents (precious, "do not touch", -1, NULL));
  g_assert_cmpint (symlink (precious, vault), ==, 0);
  assert_works (erase (self));
  g_assert_false (has_file (self, "vault"));
  g_assert_true (g_file_get_contents (precious, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "do not touch");
}

/* Neither a vault without an end nor one that nobody writes to holds the program up. */
static void
test_strange_vaults (Fixture *self, gconstpointer data)
{
  g_autofree char *vault = file_of (self, "vault");
  KithProfileFolder *none;
  g_autoptr (GError) error = NULL;

  create (self, "one");
  lock (self);
  give_up_folder (self);

  g_assert_cmpint (g_unlink (vault), ==, 0);
  g_assert_cmpint (symlink ("/dev/zero", vault), ==, 0);
  none = kith_profile_folder_open (self->path, &error);
  g_assert_null (none);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  g_clear_error (&error);

  g_assert_cmpint (g_unlink (vault), ==, 0);
  g_assert_cmpint (mkfifo (vault, 0600), ==, 0);
  none = kith_profile_folder_open (self->path, &error);
  g_assert_null (none);
  g_assert_nonnull (error);
}

/* A database whose vault is gone is kept each time: the vault may be found again. */
static void
test_put_aside (Fixture *self, gconstpointer data)
{
  g_autofree char *path = file_of (self, "kith.db.without-vault");
  g_autofree char *text = NULL;

  write_file (self, "kith.db", "first");
  write_file (self, "kith.db-wal", "its log");
  create (self, "one");
  g_assert_true (has_file (self, "kith.db.without-vault-wal"));
  lock (self);
  {
    g_autofree char *vault = file_of (self, "vault");

    g_assert_cmpint (g_unlink (vault), ==, 0);
  }
  give_up_folder (self);
  g_assert_true (kith_profile_folder_put_aside (self->path, NULL));
  reopen (self);
  create (self, "one");
  g_assert_true (has_file (self, "kith.db.without-vault-2"));
  g_assert_true (kith_profile_folder_get_has_aside (self->folder));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "first");
}

static void
assert_no_vault (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  KithProfileFolder *none = kith_profile_folder_open (self->path, &error);

  g_assert_null (none);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NO_VAULT);
}

/* Nothing new comes to be in its place, and with the vault all is there again. */
static void
test_vault_is_missing (Fixture *self, gconstpointer data)
{
  g_autofree char *vault = file_of (self, "vault");
  g_autofree char *away = g_build_filename (self->root, "away", NULL);
  g_autofree char *database = file_of (self, "kith.db");
  g_autofree char *aside = file_of (self, "kith.db.without-vault");
  g_autoptr (GError) error = NULL;

  create (self, "one");
  lock (self);
  give_up_folder (self);
  g_assert_cmpint (g_rename (vault, away), ==, 0);
  assert_no_vault (self);
  assert_no_vault (self);
  g_assert_true (has_file (self, "kith.db"));
  g_assert_false (has_file (self, "kith.db.without-vault"));

  g_assert_cmpint (g_rename (away, vault), ==, 0);
  g_assert_false (kith_profile_folder_put_aside (self->path, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_EXISTS);
  reopen (self);
  assert_works (unlock (self, "one"));
  lock (self);

  /* Somebody who began anew, and finds it later. */
  give_up_folder (self);
  g_assert_cmpint (g_rename (vault, away), ==, 0);
  g_assert_true (kith_profile_folder_put_aside (self->path, NULL));
  reopen (self);
  create (self, "two");
  assert_works (erase (self));
  give_up_folder (self);
  g_assert_cmpint (g_rename (aside, database), ==, 0);
  g_assert_cmpint (g_rename (away, vault), ==, 0);
  reopen (self);
  assert_works (unlock (self, "one"));
}

/* With all that belongs to it: a log is never played into another database, and never lost. */
static void
test_put_aside_with_logs (Fixture *self, gconstpointer data)
{
  static const char *const rests[] = { "", "-wal", "-wal.damaged", "-generation", ".before-version-8" };

  for (gsize i = 0; i < G_N_ELEMENTS (rests); i++)
    {
      g_autofree char *name = g_strconcat ("kith.db", rests[i], NULL);

      write_file (self, name, rests[i]);
    }
  create (self, "one");
  lock (self);
  g_assert_false (has_file (self, "kith.db-wal.damaged"));
  for (gsize i = 0; i < G_N_ELEMENTS (rests); i++)
    {
      g_autofree char *name = g_strconcat ("kith.db.without-vault", rests[i], NULL);
      g_autofree char *path = file_of (self, name);
      g_autofree char *text = NULL;

      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_cmpstr (text, ==, rests[i]);
    }
}

/* A log without its database was put aside: the next database does not come beside it. */
static void
test_put_aside_lone_log (Fixture *self, gconstpointer data)
{
  write_file (self, "kith.db.without-vault-wal", "of another");
  write_file (self, "kith.db.without-vault-2-wal.damaged", "of a third");
  write_file (self, "kith.db", "first");
  create (self, "one");
  g_assert_false (has_file (self, "kith.db.without-vault"));
  g_assert_false (has_file (self, "kith.db.without-vault-2"));
  g_assert_true (has_file (self, "kith.db.without-vault-3"));
}

/* --- A folder that is away ------------------------------------------------------------------- */

static GError *
try_lock (Fixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  kith_profile_folder_lock_async (self->folder, test_result_cb, &result);
  kith_profile_folder_lock_finish (self->folder, test_await (&result), &error);
  return error;
}

static GError *
try_create (Fixture *self, const char *passphrase)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  kith_profile_folder_create_async (self->folder, passphrase, NULL, test_result_cb, &result);
  kith_profile_folder_create_finish (self->folder, test_await (&result), &error);
  return error;
}

/* A stick is pulled, the profile is locked, and the stick is put in again: it never was a new one. */
static void
test_away (Fixture *self, gconstpointer data)
{
  g_autofree char *away = g_build_filename (self->root, "away", NULL);
  g_autoptr (GError) error = NULL;

  create (self, "one");
  move (self->path, away);
  assert_fails (try_lock (self), KITH_ERROR_DISK);
  assert_state (KITH_PROFILE_LOCKED);
  g_assert_true (kith_profile_folder_get_has_passphrase (self->folder));
  g_assert_false (kith_profile_folder_is_present (self->folder, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DISK);
  assert_fails (unlock (self, "one"), KITH_ERROR_DISK);
  assert_fails (change (self, "one", "two"), KITH_ERROR_DISK);
  assert_fails (try_create (self, "two"), KITH_ERROR_EXISTS);
  assert_fails (erase (self), KITH_ERROR_DISK);
  assert_state (KITH_PROFILE_LOCKED);

  move (away, self->path);
  g_assert_true (kith_profile_folder_is_present (self->folder, NULL));
  assert_fails (try_create (self, "two"), KITH_ERROR_EXISTS);
  assert_works (unlock (self, "one"));
}

/* What is put in the place of the folder is another one's: nothing is locked, made or removed in it. */
static void
test_another_in_its_place (Fixture *self, gconstpointer data)
{
  g_autofree char *away = g_build_filename (self->root, "away", NULL);
  KithProfileFolder *first;

  move (self->path, away);
  first = g_steal_pointer (&self->folder);
  reopen (self);
  create (self, "theirs");

  kith_profile_folder_release (first);
  g_object_unref (first);
  g_assert_true (has_file (self, "lock"));
  lock (self);
  assert_works (unlock (self, "theirs"));
}

/* A vault that came between looking and making is never replaced. */
static void
test_no_vault_is_replaced (Fixture *self, gconstpointer data)
{
  g_autofree char *vault = file_of (self, "vault");
  g_autofree char *text = NULL;

  write_file (self, "vault", "of somebody");
  write_file (self, "kith.db", "of somebody");
  assert_fails (try_create (self, "one"), KITH_ERROR_EXISTS);
  g_assert_true (has_file (self, "kith.db"));
  g_assert_true (g_file_get_contents (vault, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "of somebody");
}

/* The key goes first: what cannot be removed cannot be read either, and the next try removes it. */
static void
test_erase_that_fails (Fixture *self, gconstpointer data)
{
  g_autofree char *stuck = file_of (self, "kith.db.stuck");
  g_autofree char *inside = g_build_filename (stuck, "file", NULL);
  g_autoptr (GError) error = NULL;

  create (self, "one");
  g_assert_cmpint (g_mkdir (stuck, 0700), ==, 0);
  g_assert_true (g_file_set_contents (inside, "in the way", -1, NULL));
  error = erase (self);
  g_assert_nonnull (error);
  g_assert_false (has_file (self, "vault"));
  assert_state (KITH_PROFILE_NEW);
  g_assert_false (kith_profile_folder_is_erasing (self->folder));

  g_assert_cmpint (g_unlink (inside), ==, 0);
  g_assert_cmpint (g_rmdir (stuck), ==, 0);
  assert_works (erase (self));
  g_assert_false (has_file (self, "kith.db"));
}

/* --- Backups -------------------------------------------------------------------------------- */

static void
test_restore (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);
  g_autofree char *id = NULL;
  KithNode *node;

  create (self, "one");
  id = g_strdup (kith_profile_get_id (kith_node_get_profile (kith_profile_folder_get_node (self->folder))));
  export_to (self, backup);
  assert_fails (restore_from (self, backup, "backup", NULL), KITH_ERROR_EXISTS);
  assert_works (erase (self));

  assert_fails (restore_from (self, backup, "wrong", NULL), KITH_ERROR_WRONG_PASSPHRASE);
  assert_state (KITH_PROFILE_NEW);
  g_assert_false (has_file (self, "vault.new"));
  g_assert_false (has_file (self, "kith.db"));

  assert_works (restore_from (self, backup, "backup", NULL));
  assert_state (KITH_PROFILE_UNLOCKED);
  node = kith_profile_folder_get_node (self->folder);
  g_assert_cmpstr (kith_profile_get_id (kith_node_get_profile (node)), ==, id);
  g_assert_false (has_file (self, "vault.new"));
  lock (self);
  assert_works (unlock (self, "new"));
}

static void
test_cancelled_restore (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  create (self, "one");
  export_to (self, backup);
  assert_works (erase (self));
  g_cancellable_cancel (cancellable);
  error = restore_from (self, backup, "backup", cancellable);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  assert_state (KITH_PROFILE_NEW);
  g_assert_false (has_file (self, "vault"));
  g_assert_false (has_file (self, "vault.new"));
  g_assert_false (has_file (self, "kith.db"));
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/profile-folder/" name, Fixture, NULL, test_profile_set_up, func, test_profile_tear_down)
  ADD ("states", test_states);
  ADD ("wrong-passphrases", test_wrong_passphrases);
  ADD ("wrong-is-counted-elsewhere", test_wrong_is_counted_elsewhere);
  ADD ("links", test_links);
  ADD ("attempts-are-only-a-courtesy", test_attempts_are_only_a_courtesy);
  ADD ("change", test_change);
  ADD ("lock-while-busy", test_lock_while_busy);
  ADD ("nothing-while-erased", test_nothing_while_erased);
  ADD ("no-erase-while-changed", test_no_erase_while_changed);
  ADD ("no-change-while-erased", test_no_change_while_erased);
  ADD ("no-change-while-listed", test_no_change_while_listed);
  ADD ("lock-under-way", test_lock_under_way);
  ADD ("lock-ends-backup", test_lock_ends_backup);
  ADD ("lock-late", test_lock_late);
  ADD ("one-owner", test_one_owner);
  ADD ("new-leaves-nothing", test_new_leaves_nothing);
  ADD ("erase", test_erase);
  ADD ("erase-follows-no-link", test_erase_follows_no_link);
  ADD ("strange-vaults", test_strange_vaults);
  ADD ("put-aside", test_put_aside);
  ADD ("vault-is-missing", test_vault_is_missing);
  ADD ("put-aside-with-logs", test_put_aside_with_logs);
  ADD ("put-aside-lone-log", test_put_aside_lone_log);
  ADD ("away", test_away);
  ADD ("another-in-its-place", test_another_in_its_place);
  ADD ("no-vault-is-replaced", test_no_vault_is_replaced);
  ADD ("erase-that-fails", test_erase_that_fails);
  ADD ("restore", test_restore);
  ADD ("cancelled-restore", test_cancelled_restore);
  return g_test_run ();
}
