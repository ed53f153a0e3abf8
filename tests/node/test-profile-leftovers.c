/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a kill while a key file was being written leaves in the folder of a profile. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-init.h"
#include "kith-test-profile.h"
#include "store/kith-key-wrap.h"
#include "store/kith-vault.h"

/* --- In place of those of the system -------------------------------------------------------- */

static gboolean dies_in_rename;
static GString *synced; /* (owned) (nullable): the names of the files, in their order */

__attribute__ ((visibility ("default"))) int
rename (const char *from, const char *to)
{
  if (dies_in_rename)
    kill (getpid (), SIGKILL);
  if (synced != NULL)
    g_string_append (synced, " renamed");
  return renameat (AT_FDCWD, from, AT_FDCWD, to);
}

__attribute__ ((visibility ("default"))) int
fsync (int fd)
{
  g_autofree char *link = g_strdup_printf ("/proc/self/fd/%d", fd);
  g_autofree char *path = synced != NULL ? g_file_read_link (link, NULL) : NULL;
  g_autofree char *name = path != NULL ? g_path_get_basename (path) : NULL;

  if (name != NULL)
    g_string_append_printf (synced, " %s", name);
  return (int) syscall (SYS_fsync, fd);
}

/* --- A vault alone -------------------------------------------------------------------------- */

typedef struct
{
  char *folder; /* (owned) */
  char *vault;  /* (owned) */
  char *next;   /* (owned): its name while it is written anew */
  char *other;  /* (owned): another name, that keeps hold of the blocks of a file */
} Vault;

/* With the passphrase "old". */
static void
vault_set_up (Vault *self, gconstpointer data)
{
  g_autoptr (KithSecret) passphrase = kith_passphrase_new ("old", NULL);
  g_autoptr (KithSecret) key = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("kith-left-XXXXXX", NULL);
  self->vault = g_build_filename (self->folder, "vault", NULL);
  self->next = g_build_filename (self->folder, "vault.writing", NULL);
  self->other = g_build_filename (self->folder, "other", NULL);
  key = kith_vault_create (self->vault, passphrase, &error);
  g_assert_no_error (error);
}

static void
vault_tear_down (Vault *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (self->folder);
  g_free (self->folder);
  g_free (self->vault);
  g_free (self->next);
  g_free (self->other);
}

static gboolean
opens (const char *path, const char *text)
{
  g_autoptr (KithSecret) passphrase = kith_passphrase_new (text, NULL);
  g_autoptr (KithSecret) key = kith_vault_unlock (path, passphrase, NULL);

  return key != NULL;
}

/* As somebody does who starts Kith. */
static void
start (Vault *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KithProfileFolder) folder = kith_profile_folder_open (self->folder, &error);

  g_assert_no_error (error);
  g_assert_cmpint (kith_profile_folder_get_state (folder), ==, KITH_PROFILE_LOCKED);
}

/* The passphrase is removed, and the process killed before the new file has its name. */
static void
kill_in_change (Vault *self)
{
  int status;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      g_autoptr (KithSecret) passphrase = kith_passphrase_new ("old", NULL);

      dies_in_rename = TRUE;
      kith_vault_change (self->vault, passphrase, NULL, NULL);
      _exit (0);
    }

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
}

static void
test_killed (Vault *self, gconstpointer data)
{
  kill_in_change (self);
  g_assert_true (opens (self->vault, "old"));
  g_assert_cmpint (link (self->next, self->other), ==, 0);
  g_assert_true (opens (self->other, NULL));

  start (self);
  g_assert_false (g_file_test (self->next, G_FILE_TEST_EXISTS));
  g_assert_false (opens (self->other, NULL));
  g_assert_true (opens (self->vault, "old"));
  g_assert_false (opens (self->vault, NULL));
}

/* The next change does not need a start in between. */
static void
test_changed_after_kill (Vault *self, gconstpointer data)
{
  g_autoptr (KithSecret) old = kith_passphrase_new ("old", NULL);
  g_autoptr (KithSecret) later = kith_passphrase_new ("later", NULL);
  g_autoptr (GError) error = NULL;

  kill_in_change (self);
  g_assert_cmpint (link (self->next, self->other), ==, 0);
  g_assert_true (kith_vault_change (self->vault, old, later, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (self->next, G_FILE_TEST_EXISTS));
  g_assert_false (opens (self->other, NULL));
  g_assert_true (opens (self->vault, "later"));
}

/* A disk that did not do what it said: the old one was overwritten, and the new one has lost its name. */
static void
test_only_the_next_is_left (Vault *self, gconstpointer data)
{
  g_assert_cmpint (g_rename (self->vault, self->next), ==, 0);
  g_assert_true (g_file_set_contents (self->vault, "noise", -1, NULL));

  start (self);
  g_assert_false (g_file_test (self->next, G_FILE_TEST_EXISTS));
  g_assert_true (opens (self->vault, "old"));
}

/* What cannot be written cannot be overwritten either, and goes all the same. */
static void
test_full_disk (Vault *self, gconstpointer data)
{
  g_autoptr (KithSecret) old = kith_passphrase_new ("old", NULL);
  g_autoptr (KithSecret) key = NULL;
  struct rlimit before, small;
  gboolean was_changed;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = (struct rlimit){ 1, before.rlim_max };
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  key = kith_vault_create (self->other, NULL, NULL);
  was_changed = kith_vault_change (self->vault, old, NULL, NULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);

  g_assert_null (key);
  g_assert_false (was_changed);
  g_assert_false (g_file_test (self->other, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (self->next, G_FILE_TEST_EXISTS));
  g_assert_true (opens (self->vault, "old"));
}

/* What the user has put there is theirs. */
static void
test_copy_of_the_user (Vault *self, gconstpointer data)
{
  g_autofree char *copy = g_build_filename (self->folder, "vault.backup", NULL);

  g_assert_cmpint (link (self->vault, copy), ==, 0);
  start (self);
  g_assert_true (opens (copy, "old"));
}

/* Also where a folder cannot be synced. */
static void
test_name_is_synced (Vault *self, gconstpointer data)
{
  g_autofree char *name = g_build_filename (self->folder, "vault.named", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) order = g_string_new (NULL);

  synced = order;
  g_assert_true (kith_vault_rename (self->vault, name, &error));
  synced = NULL;
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (order->str, " vault.named "));
}

/* --- A whole profile ------------------------------------------------------------------------ */

/* The second was left while one was made, by an earlier version. */
static void
test_erased (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "vault.writing", "vault.new.AB12CD", "vault.AB12CD" };

  create (self, "words");
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    write_file (self, names[i], "a key");

  assert_works (erase (self));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_false (has_file (self, names[i]));
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/leftovers/killed", Vault, NULL, vault_set_up, test_killed, vault_tear_down);
  g_test_add ("/leftovers/changed-after-kill", Vault, NULL, vault_set_up, test_changed_after_kill, vault_tear_down);
  g_test_add ("/leftovers/only-the-next-is-left", Vault, NULL, vault_set_up, test_only_the_next_is_left,
              vault_tear_down);
  g_test_add ("/leftovers/full-disk", Vault, NULL, vault_set_up, test_full_disk, vault_tear_down);
  g_test_add ("/leftovers/copy-of-the-user", Vault, NULL, vault_set_up, test_copy_of_the_user, vault_tear_down);
  g_test_add ("/leftovers/name-is-synced", Vault, NULL, vault_set_up, test_name_is_synced, vault_tear_down);
  g_test_add ("/leftovers/erased", Fixture, NULL, test_profile_set_up, test_erased, test_profile_tear_down);
  return g_test_run ();
}
