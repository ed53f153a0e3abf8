/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a profile on the disk: what goes with it, in which order, and what is left when Kith is killed. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-profile.h"
#include "model/kith-transfer.h"
#include "node/kith-autostart.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers-private.h"
#include "store/kith-key-wrap.h"
#include "store/kith-vault.h"

/* --- In place of that of the system --------------------------------------------------------- */

static gboolean dies_in_erase;
static gboolean is_read_only; /* where the desktop looks for what to start */

/* Of all that is deleted, the first file without which one would still know what is missing. */
__attribute__ ((visibility ("default"))) int
unlink (const char *path)
{
  g_autofree char *folder = dies_in_erase ? g_path_get_dirname (path) : NULL;
  g_autofree char *vault = folder != NULL ? g_build_filename (folder, "vault", NULL) : NULL;

  if (vault != NULL && !g_file_test (vault, G_FILE_TEST_EXISTS))
    kill (getpid (), SIGKILL);
  if (is_read_only && strstr (path, "/autostart/") != NULL)
    {
      errno = EROFS;
      return -1;
    }
  return unlinkat (AT_FDCWD, path, 0);
}

/* What somebody sent, as it stands in the database. */
static void
put_file (Fixture *self, guint8 number, const char *path, guint64 size, KithTransferState state)
{
  KithStoreBatch *batch = kith_store_batch_new (); /* the store takes it */
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithStore *store = kith_profile_folder_get_node (self->folder)->store;
  KithStoreTransfer file = { .path = (char *) path, .name = (char *) "file", .size = size, .state = state };
  KithStoreMessage row = { .id = { number }, .identity = { 1 }, .hlc = number, .time_ms = 1,
                           .text = (char *) "file", .file = &file };

  kith_store_batch_add_message (batch, &row);
  kith_store_commit_async (store, batch, NULL, test_result_cb, &result);
  kith_store_commit_finish (store, test_await (&result), &error);
  g_assert_no_error (error);
}

/* A folder that was there before, empty or not, is the user's. */
static void
test_their_folder (Fixture *self, gconstpointer data)
{
  give_up_folder (self);
  g_assert_cmpint (g_mkdir (self->path, 0700), ==, 0);
  reopen (self);
  give_up_folder (self);
  g_assert_true (g_file_test (self->path, G_FILE_TEST_IS_DIR));

  /* Of a profile that is erased nothing is left. */
  reopen (self);
  create (self, "one");
  assert_works (erase (self));
  give_up_folder (self);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
}

/* What others sent is deleted after all else, and stops nothing. */
static void
test_erase_received (Fixture *self, gconstpointer data)
{
  /* There on every computer, as long as it says, and nobody can delete it. */
  static const char stuck[] = "/proc/version";
  g_autofree char *letter = g_build_filename (self->root, "letter", NULL);
  g_autofree char *half = g_build_filename (self->root, ".kith-00.part", NULL);
  g_autofree char *other = g_build_filename (self->root, "other", NULL);
  g_autofree char *changed = g_build_filename (self->root, "changed", NULL);
  g_autofree char *begun = g_build_filename (self->root, "begun", NULL);

  create (self, "one");
  g_assert_true (g_file_set_contents (letter, "Dear Ann", -1, NULL));
  g_assert_true (g_file_set_contents (other, "Dear Ann", -1, NULL));
  g_assert_true (g_file_set_contents (changed, "Dear Ben, I", -1, NULL));
  g_assert_true (g_file_set_contents (begun, "Dear Ann", -1, NULL));
  g_assert_true (g_file_set_contents (half, "Dear", -1, NULL));
  put_file (self, 1, stuck, 0, KITH_TRANSFER_DONE);
  put_file (self, 2, letter, 8, KITH_TRANSFER_DONE);
  put_file (self, 3, changed, 8, KITH_TRANSFER_DONE);
  put_file (self, 4, begun, 8, KITH_TRANSFER_PAUSED);
  put_file (self, 5, half, 8, KITH_TRANSFER_PAUSED);

  assert_fails (erase_with_files (self), KITH_ERROR_PERMISSION);
  assert_state (KITH_PROFILE_NEW);
  g_assert_true (kith_profile_folder_is_key_gone (self->folder));
  g_assert_cmpstr (kith_profile_folder_get_left_in (self->folder), ==, "/proc");
  g_assert_false (has_file (self, "vault"));
  g_assert_false (has_file (self, "kith.db"));
  g_assert_false (g_file_test (letter, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (other, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (changed, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (begun, G_FILE_TEST_EXISTS));

  /* It is not forgotten. */
  assert_fails (erase (self), KITH_ERROR_PERMISSION);
  g_assert_cmpstr (kith_profile_folder_get_left_in (self->folder), ==, "/proc");
}

/* Nothing of what others sent goes before the key: who pulls the plug then can begin anew. */
static void
test_key_goes_first (Fixture *self, gconstpointer data)
{
  g_autofree char *vault = file_of (self, "vault");
  g_autofree char *kept = file_of (self, "vault.kept");
  g_autofree char *letter = g_build_filename (self->root, "letter", NULL);
  g_autofree char *half = g_build_filename (self->root, ".kith-00.part", NULL);
  g_autoptr (GError) error = NULL;

  create (self, "one");
  g_assert_true (g_file_set_contents (letter, "Dear Ann", -1, NULL));
  g_assert_true (g_file_set_contents (half, "Dear", -1, NULL));
  put_file (self, 1, letter, 8, KITH_TRANSFER_DONE);
  put_file (self, 2, half, 8, KITH_TRANSFER_PAUSED);
  move (vault, kept);
  g_assert_cmpint (g_mkdir (vault, 0700), ==, 0);
  error = erase_with_files (self);
  g_assert_nonnull (error);
  g_assert_false (kith_profile_folder_is_key_gone (self->folder));
  g_assert_true (g_file_test (letter, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (half, G_FILE_TEST_EXISTS));
  g_assert_true (has_file (self, "kith.db"));

  g_assert_cmpint (g_rmdir (vault), ==, 0);
  move (kept, vault);
  assert_works (unlock (self, "one"));
  assert_works (erase_with_files (self));
  g_assert_false (g_file_test (letter, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));
}

/* Half a file is no file that somebody accepted: it goes without a word, also in a profile that is locked but has
 * everything with it. */
static void
test_erase_half (Fixture *self, gconstpointer data)
{
  g_autofree char *half = g_build_filename (self->root, ".kith-00.part", NULL);
  g_autofree char *files = file_of (self, "files");
  g_autofree char *inside = g_build_filename (files, ".kith-01.part", NULL);
  g_autofree char *letter = g_build_filename (files, "letter", NULL);

  create (self, "one");
  g_assert_cmpint (g_mkdir (files, 0700), ==, 0);
  g_assert_true (g_file_set_contents (half, "Dear", -1, NULL));
  put_file (self, 1, half, 8, KITH_TRANSFER_PAUSED);
  assert_works (erase (self));
  g_assert_false (g_file_test (half, G_FILE_TEST_EXISTS));

  create (self, "one");
  g_assert_true (g_file_set_contents (inside, "Dear", -1, NULL));
  g_assert_true (g_file_set_contents (letter, "Dear Ann", -1, NULL));
  lock (self);
  assert_works (erase (self));
  g_assert_false (g_file_test (inside, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (letter, G_FILE_TEST_EXISTS));
}

/* --- What a kill leaves ---------------------------------------------------------------------- */

#define MANY 30000
#define KILLS 5

static void
kill_cb (double fraction, gpointer user_data)
{
  raise (SIGKILL);
}

/* In a process of its own. */
static void
restore_and_die (void)
{
  g_autoptr (KithProfileFolder) folder = kith_profile_folder_open (g_getenv ("KITH_TEST_PROFILE"), NULL);
  g_autoptr (GFile) file = g_file_new_for_path (g_getenv ("KITH_TEST_BACKUP"));
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_nonnull (folder);
  kith_profile_folder_restore_async (folder, file, "backup", NULL, kill_cb, NULL, NULL, test_result_cb, &result);
  test_await (&result);
}

/* Returns: whether it was killed in time */
static gboolean
kill_restore (Fixture *self)
{
  gboolean is_half;

  give_up_folder (self);
  g_test_trap_subprocess ("/profile-end/subprocess/restore-and-die", 0, G_TEST_SUBPROCESS_DEFAULT);
  g_assert_false (g_test_trap_has_passed ());
  is_half = has_file (self, "vault.new") && has_file (self, "kith.db") && !has_file (self, "vault");
  reopen (self);
  return is_half;
}

static guint
count_own (Fixture *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_prefix (name, "kith.db") || g_str_has_prefix (name, "vault") ? 1 : 0;
  return n;
}

/* A restore that never came to its end leaves nothing for ever, neither for the next try nor for who gives up. */
static void
test_killed_restore (Fixture *self, gconstpointer data)
{
  g_autofree char *backup = g_build_filename (self->root, "backup", NULL);
  gboolean is_killed = FALSE;

  create (self, "one");
  add_messages (self, MANY);
  export_to (self, backup);
  assert_works (erase (self));
  g_setenv ("KITH_TEST_PROFILE", self->path, TRUE);
  g_setenv ("KITH_TEST_BACKUP", backup, TRUE);
  for (guint i = 0; i < KILLS && !is_killed; i++)
    {
      is_killed = kill_restore (self);
      if (!is_killed)
        assert_works (erase (self));
    }
  g_assert_true (is_killed);

  assert_works (restore_from (self, backup, "backup", NULL));
  lock (self);
  g_assert_cmpuint (count_own (self), <=, 3); /* with kith.db-generation */
  g_assert_false (has_file (self, "vault.new"));
  g_assert_false (has_file (self, "kith.db.without-vault"));
  assert_works (unlock (self, "new"));
  assert_works (erase (self));

  g_assert_true (kill_restore (self));
  give_up_folder (self);
  g_assert_false (has_file (self, "vault.new"));
  g_assert_false (has_file (self, "kith.db"));
}

/* The same of one that was being made: its database waits for no vault. */
static void
test_killed_create (Fixture *self, gconstpointer data)
{
  g_autofree char *new_vault = file_of (self, "vault.new");
  g_autoptr (KithSecret) master = NULL;

  give_up_folder (self);
  g_assert_cmpint (g_mkdir (self->path, 0700), ==, 0);
  master = kith_vault_create (new_vault, NULL, NULL);
  g_assert_nonnull (master);
  write_file (self, "kith.db", "half of one");
  write_file (self, "kith.db-wal", "its log");
  reopen (self);
  create (self, "one");
  g_assert_false (has_file (self, "vault.new"));
  g_assert_false (has_file (self, "kith.db.without-vault"));
  g_assert_false (has_file (self, "kith.db.without-vault-wal"));
}

/* In a process of its own. */
static void
erase_and_die (void)
{
  g_autoptr (KithProfileFolder) folder = kith_profile_folder_open (g_getenv ("KITH_TEST_PROFILE"), NULL);
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_nonnull (folder);
  dies_in_erase = TRUE;
  kith_profile_folder_erase_async (folder, FALSE, test_result_cb, &result);
  test_await (&result);
}

static void
start_at_login (Fixture *self)
{
  g_autofree char *id = kith_profile_folder_dup_application_id (self->path);

  g_assert_true (kith_autostart_add (id, "kith", self->path, NULL));
}

static gboolean
starts_at_login (Fixture *self)
{
  g_autofree char *id = kith_profile_folder_dup_application_id (self->path);

  return kith_autostart_is_on (id);
}

/* Where nothing can be deleted, what is not there keeps nobody from erasing; what is there is told of. */
static void
test_erase_start (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  create (self, "one");
  is_read_only = TRUE;
  assert_works (erase (self));

  create (self, "one");
  start_at_login (self);
  error = erase (self);
  g_assert_nonnull (error);
  g_assert_false (has_file (self, "kith.db"));
  g_assert_true (starts_at_login (self));

  is_read_only = FALSE;
  assert_works (erase (self));
  g_assert_false (starts_at_login (self));
}

/* In no file of the folder. */
static void
assert_nowhere (Fixture *self, const char *bytes, gsize len)
{
  g_autoptr (GDir) dir = g_dir_open (self->path, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = file_of (self, name);
      g_autofree char *data = NULL;
      gsize n;

      if (g_file_get_contents (path, &data, &n, NULL))
        g_assert_null (memmem (data, n, bytes, len));
    }
}

/* Between the key and the files: nobody can open what is left, not with the passphrase either, and the next start goes
 * on with it. */
static void
test_killed_erase (Fixture *self, gconstpointer data)
{
  g_autofree char *files = g_build_filename (self->path, "files", NULL);
  g_autofree char *partial = g_build_filename (files, ".kith-0123456789abcdef.part", NULL);
  g_autofree char *vault = file_of (self, "vault");
  g_autofree char *mark = file_of (self, "vault.new");
  g_autoptr (KithSecret) passphrase = kith_passphrase_new ("one", NULL);
  g_autoptr (KithSecret) master = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL;
  gsize len;

  create (self, "one");
  give_up_folder (self);
  g_assert_true (g_file_get_contents (vault, &key, &len, NULL));
  start_at_login (self);
  g_assert_cmpint (g_mkdir_with_parents (files, 0700), ==, 0);
  g_assert_true (g_file_set_contents (partial, "half", -1, NULL));
  g_setenv ("KITH_TEST_PROFILE", self->path, TRUE);
  g_test_trap_subprocess ("/profile-end/subprocess/erase-and-die", 0, G_TEST_SUBPROCESS_DEFAULT);
  g_assert_false (g_test_trap_has_passed ());
  g_assert_false (has_file (self, "vault"));
  g_assert_true (has_file (self, "kith.db"));
  assert_nowhere (self, key + len / 2, len / 2);
  master = kith_vault_unlock (mark, passphrase, &error);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  g_assert_null (master);

  reopen (self);
  assert_state (KITH_PROFILE_NEW);
  g_assert_cmpint (kith_profile_folder_get_rest (self->folder), ==, KITH_PROFILE_REST_GONE);
  g_assert_cmpuint (count_own (self), ==, 0);
  g_assert_false (starts_at_login (self));
  g_assert_false (g_file_test (partial, G_FILE_TEST_EXISTS));
}

/* What cannot be deleted is tried again, as long as it takes, and is never a profile that has lost its vault. */
static void
test_stuck_erase (Fixture *self, gconstpointer data)
{
  g_autofree char *database = file_of (self, "kith.db");
  g_autofree char *kept = g_build_filename (self->root, "kept", NULL);
  g_autoptr (GError) error = NULL;

  create (self, "one");
  lock (self);
  move (database, kept);
  g_assert_cmpint (g_mkdir (database, 0700), ==, 0);
  error = erase (self);
  g_assert_nonnull (error);
  g_assert_true (kith_profile_folder_is_key_gone (self->folder));
  assert_state (KITH_PROFILE_NEW);

  give_up_folder (self);
  reopen (self);
  assert_state (KITH_PROFILE_NEW);
  g_assert_cmpint (kith_profile_folder_get_rest (self->folder), ==, KITH_PROFILE_REST_STAYS);
  give_up_folder (self);
  g_assert_cmpint (g_rmdir (database), ==, 0);
  reopen (self);
  g_assert_cmpuint (count_own (self), ==, 0);
  create (self, "one");
}

/* A file that was given up waits for a worker thread that waits for a disk that does not answer: the key is forgotten
 * all the same, and what comes of it later finds what it needs. */
static void
test_lock_with_hung_disk (Fixture *self, gconstpointer data)
{
  g_autofree char *half = g_build_filename (self->root, ".kith-00.part", NULL);
  g_autoptr (KithPartials) partials = NULL;
  KithNode *node;
  gint64 begun_us;

  create (self, "one");
  g_assert_true (g_file_set_contents (half, "Dear", -1, NULL));
  node = kith_profile_folder_get_node (self->folder);
  partials = kith_partials_ref (node->transfers->partials);
  kith_partials_begin (partials);
  g_object_add_weak_pointer (G_OBJECT (node), (gpointer *) &node);

  begun_us = g_get_monotonic_time ();
  lock (self);
  g_assert_cmpint (g_get_monotonic_time () - begun_us, >=, KITH_LIMIT_PARTIALS_WAIT_MS * (gint64) 1000);
  assert_state (KITH_PROFILE_LOCKED);
  g_assert_null (kith_profile_folder_get_node (self->folder));
  g_assert_null (node);

  kith_partials_remove (partials, g_strdup (half));
  kith_partials_end (partials);
  while (g_file_test (half, G_FILE_TEST_EXISTS))
    g_main_context_iteration (NULL, TRUE);
  assert_works (unlock (self, "one"));
}

/* What nobody can open can go: the vault is not asked. */
static void
test_erase_damaged (Fixture *self, gconstpointer data)
{
  KithProfileFolder *none;
  g_autoptr (GError) error = NULL;

  create (self, "one");
  lock (self);
  give_up_folder (self);
  write_file (self, "vault", "not a vault at all");
  none = kith_profile_folder_open (self->path, &error);
  g_assert_null (none);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  g_assert_true (has_file (self, "vault"));

  self->folder = kith_profile_folder_open_to_erase (self->path, NULL);
  g_assert_nonnull (self->folder);
  assert_state (KITH_PROFILE_LOCKED);
  assert_fails (unlock (self, "one"), KITH_ERROR_DAMAGED);
  assert_state (KITH_PROFILE_LOCKED);
  assert_works (erase (self));
  assert_state (KITH_PROFILE_NEW);
  g_assert_false (has_file (self, "vault"));
  g_assert_false (has_file (self, "kith.db"));
  create (self, "two");
}

/* Nothing else opens for that which does not open. */
static void
test_erase_not_damaged (Fixture *self, gconstpointer data)
{
  g_autofree char *vault = file_of (self, "vault");
  KithProfileFolder *none;
  g_autoptr (GError) error = NULL;

  create (self, "one");
  lock (self);
  none = kith_profile_folder_open_to_erase (self->path, &error);
  g_assert_null (none);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_PROFILE_IN_USE);
  g_clear_error (&error);
  give_up_folder (self);

  self->folder = kith_profile_folder_open_to_erase (self->path, NULL);
  g_assert_nonnull (self->folder);
  assert_works (unlock (self, "one"));
  lock (self);
  give_up_folder (self);

  g_assert_cmpint (g_unlink (vault), ==, 0);
  none = kith_profile_folder_open_to_erase (self->path, &error);
  g_assert_null (none);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NO_VAULT);
}

/* --- The end of the program ------------------------------------------------------------------ */

/* Whatever is being done with it ends before it is locked. */
static void
test_end (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) unlocked = NULL;
  g_autoptr (GAsyncResult) erased = NULL;
  g_autoptr (GAsyncResult) locked = NULL;
  g_autoptr (GAsyncResult) ended = NULL;
  g_autoptr (GError) error = NULL;

  create (self, "one");
  lock (self);
  kith_profile_folder_unlock_async (self->folder, "one", NULL, test_result_cb, &unlocked);
  assert_state (KITH_PROFILE_BUSY);
  kith_profile_folder_end_async (self->folder, test_result_cb, &locked);
  g_assert_true (kith_profile_folder_lock_finish (self->folder, test_await (&locked), &error));
  g_assert_no_error (error);
  assert_state (KITH_PROFILE_LOCKED);
  g_assert_true (kith_profile_folder_unlock_finish (self->folder, test_await (&unlocked), &error));
  g_assert_no_error (error);

  assert_works (unlock (self, "one"));
  kith_profile_folder_erase_async (self->folder, FALSE, test_result_cb, &erased);
  g_assert_true (kith_profile_folder_is_erasing (self->folder));
  kith_profile_folder_end_async (self->folder, test_result_cb, &ended);
  g_assert_true (kith_profile_folder_lock_finish (self->folder, test_await (&ended), &error));
  g_assert_no_error (error);
  g_assert_false (has_file (self, "vault"));
  assert_state (KITH_PROFILE_NEW);
  g_assert_true (kith_profile_folder_erase_finish (self->folder, test_await (&erased), &error));
  g_assert_no_error (error);
}

/* Folders of the user for all of this and what it starts. Those that GLib sets up for each test are never freed.
 * Returns: (transfer full) (nullable): to be removed, by who has made it */
static char *
make_home (void)
{
  static const char *const names[] = { "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME" };
  char *home;

  if (g_getenv ("KITH_TEST_HOME") != NULL)
    return NULL;

  home = g_dir_make_tmp ("kith-home-XXXXXX", NULL);
  g_setenv ("KITH_TEST_HOME", home, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_setenv (names[i], home, TRUE);
  return home;
}

int
main (int argc, char *argv[])
{
  g_autofree char *home = make_home ();
  int result;

  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) \
  g_test_add ("/profile-end/" name, Fixture, NULL, test_profile_set_up, func, test_profile_tear_down)
  ADD ("their-folder", test_their_folder);
  ADD ("erase-received", test_erase_received);
  ADD ("key-goes-first", test_key_goes_first);
  ADD ("erase-half", test_erase_half);
  ADD ("killed-restore", test_killed_restore);
  ADD ("killed-create", test_killed_create);
  ADD ("killed-erase", test_killed_erase);
  ADD ("erase-start", test_erase_start);
  ADD ("stuck-erase", test_stuck_erase);
  ADD ("erase-damaged", test_erase_damaged);
  ADD ("erase-not-damaged", test_erase_not_damaged);
  ADD ("end", test_end);
  ADD ("lock-with-hung-disk", test_lock_with_hung_disk);
  g_test_add_func ("/profile-end/subprocess/restore-and-die", restore_and_die);
  g_test_add_func ("/profile-end/subprocess/erase-and-die", erase_and_die);
  result = g_test_run ();
  if (home != NULL)
    test_remove_folder (home);

  return result;
}
