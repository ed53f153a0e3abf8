/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vault on the disk: what is left of it there. A second name of a file keeps hold of its blocks. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-database-private.h"
#include "store/kith-key-wrap.h"
#include "store/kith-page-cipher.h"
#include "store/kith-vault.h"
#include "store/kith-wal-evidence.h"

#define NOBODY 65534

typedef struct
{
  char *folder; /* (owned) */
  char *path;   /* (owned) */
  char *other;  /* (owned): the other name */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (KithSecret) key = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "vault", NULL);
  self->other = g_build_filename (self->folder, "other", NULL);
  key = kith_vault_create (self->path, NULL, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_free (self->path);
  g_free (self->other);
  kith_test_folder_free (self->folder);
}

/* Returns: whether the old file, under its other name, still opens without a passphrase */
static gboolean
opens (Fixture *self)
{
  g_autoptr (KithSecret) key = kith_vault_unlock (self->other, NULL, NULL);

  return key != NULL;
}

/* The key had no passphrase: the file that is replaced has it in the clear. */
static void
test_change (Fixture *self, gconstpointer data)
{
  g_autoptr (KithSecret) passphrase = kith_passphrase_new ("later", NULL);
  g_autoptr (KithSecret) wrong = kith_passphrase_new ("wrong", NULL);
  g_autoptr (KithSecret) before = kith_vault_unlock (self->path, NULL, NULL);
  g_autoptr (KithSecret) after = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (link (self->path, self->other), ==, 0);
  g_assert_false (kith_vault_change (self->path, wrong, passphrase, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_WRONG_PASSPHRASE);
  g_clear_error (&error);
  g_assert_true (opens (self));

  g_assert_true (kith_vault_change (self->path, NULL, passphrase, &error));
  g_assert_no_error (error);
  g_assert_false (opens (self));
  after = kith_vault_unlock (self->path, passphrase, &error);
  g_assert_no_error (error);
  g_assert_true (kith_secret_equal (before, after));
}

/* After a cut in the middle of a rename both names may have the same place. */
static void
test_settle_one_place (Fixture *self, gconstpointer data)
{
  g_autofree char *writing = g_strconcat (self->path, KITH_VAULT_WRITING, NULL);

  g_assert_cmpint (link (self->path, self->other), ==, 0);
  g_assert_cmpint (link (self->path, writing), ==, 0);
  kith_vault_settle (self->path);
  g_assert_false (g_file_test (writing, G_FILE_TEST_EXISTS));
  g_assert_true (opens (self));
}

static void
test_destroy (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_wiped;

  g_assert_cmpint (link (self->path, self->other), ==, 0);
  g_assert_true (kith_vault_destroy (self->path, &is_wiped, &error));
  g_assert_no_error (error);
  g_assert_true (is_wiped);
  g_assert_true (kith_vault_destroy (self->path, &is_wiped, &error));
  g_assert_true (is_wiped);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_false (opens (self));
}

/* As somebody whom the permissions of files concern. */
static void
test_destroy_read_only (Fixture *self, gconstpointer data)
{
  gboolean is_root = geteuid () == 0;
  g_autoptr (GError) error = NULL;
  gboolean is_wiped;

  g_assert_cmpint (link (self->path, self->other), ==, 0);
  g_assert_cmpint (g_chmod (self->path, 0400), ==, 0);
  if (is_root)
    {
      g_assert_cmpint (chown (self->folder, NOBODY, NOBODY), ==, 0);
      g_assert_cmpint (chown (self->path, NOBODY, NOBODY), ==, 0);
      g_assert_cmpint (seteuid (NOBODY), ==, 0);
    }
  kith_vault_destroy (self->path, &is_wiped, &error);
  if (is_root)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_no_error (error);
  g_assert_false (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_false (opens (self));
}

/* The file may be written and not removed: nobody can read it any more, and that is said. */
static void
test_destroy_in_read_only_folder (Fixture *self, gconstpointer data)
{
  gboolean is_root = geteuid () == 0;
  g_autoptr (GError) error = NULL;
  gboolean is_gone, is_wiped;

  g_assert_cmpint (g_chmod (self->folder, 0555), ==, 0);
  if (is_root)
    {
      g_assert_cmpint (chown (self->path, NOBODY, NOBODY), ==, 0);
      g_assert_cmpint (seteuid (NOBODY), ==, 0);
    }
  is_gone = kith_vault_destroy (self->path, &is_wiped, &error);
  if (is_root)
    g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_cmpint (g_chmod (self->folder, 0700), ==, 0);
  g_assert_false (is_gone);
  g_assert_nonnull (error);
  g_assert_true (is_wiped);
  g_assert_true (g_file_test (self->path, G_FILE_TEST_EXISTS));
  g_assert_false (opens (self));
}

/* Erasing would leave what it leads to. */
static void
test_link (Fixture *self, gconstpointer data)
{
  g_autoptr (KithSecret) key = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (symlink (self->path, self->other), ==, 0);
  key = kith_vault_unlock (self->other, NULL, &error);
  g_assert_null (key);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
}

/* --- What is derived from it ---------------------------------------------------------------- */

/* Each purpose has a key of its own, always the same one, and none is the master key. */
static void
test_purposes (Fixture *self, gconstpointer data)
{
  static const char *const labels[] = { "kith1 database", "kith1 db-page", "kith1 db-frame" };
  g_autoptr (KithSecret) master = kith_test_secret (1);
  g_autoptr (KithSecret) other = kith_test_secret (2);

  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autoptr (KithSecret) key = kith_vault_derive (master, labels[i]);
      g_autoptr (KithSecret) of_other = kith_vault_derive (other, labels[i]);

      g_assert_cmpuint (kith_secret_get_len (key), ==, KITH_PAGE_KEY_BYTES);
      g_assert_false (kith_secret_equal (key, master));
      g_assert_false (kith_secret_equal (key, of_other));
      for (guint j = 0; j < G_N_ELEMENTS (labels); j++)
        {
          g_autoptr (KithSecret) again = kith_vault_derive (master, labels[j]);

          g_assert_cmpint (kith_secret_equal (key, again), ==, i == j);
        }
    }
}

/* Returns: whether the key with that label opens the first page, or else the first frame of the log */
static gboolean
opens_first (const char *path, gboolean is_frame, KithSecret *of, const char *label)
{
  g_autofree char *name = g_strconcat (path, is_frame ? "-wal" : "", NULL);
  g_autoptr (GByteArray) bytes = kith_test_read_file (name);
  g_autoptr (KithSecret) key = kith_vault_derive (of, label);
  KithPageCipher cipher;
  gboolean is_open;

  kith_page_cipher_init (&cipher, key, key);
  g_assert_cmpuint (bytes->len, >=, KITH_WAL_HEADER_BYTES + KITH_FRAME_BYTES);
  is_open = is_frame ? kith_page_cipher_open_frame (&cipher, bytes->data + KITH_WAL_HEADER_BYTES,
                                                    KITH_WAL_HEADER_BYTES)
                     : kith_page_cipher_open_page (&cipher, bytes->data, 1);
  kith_page_cipher_clear (&cipher);
  return is_open;
}

/* Pages of the database and frames of its log: what is sealed for one cannot pass for the other. */
static void
test_pages_and_frames (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->folder, "kith.db", NULL);
  g_autoptr (KithSecret) key = kith_test_secret (1);
  g_autoptr (GError) error = NULL;
  KithDatabase *database = kith_database_open (path, key, &error);

  g_assert_no_error (error);
  g_assert_true (kith_database_checkpoint (database, NULL));
  g_assert_true (kith_database_exec (database, "UPDATE search_mark SET number = number + 1", &error));
  g_assert_true (opens_first (path, FALSE, key, "kith1 db-page"));
  g_assert_false (opens_first (path, FALSE, key, "kith1 db-frame"));
  g_assert_true (opens_first (path, TRUE, key, "kith1 db-frame"));
  g_assert_false (opens_first (path, TRUE, key, "kith1 db-page"));
  g_assert_true (kith_database_close (database, &error));
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/vault/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("change", test_change);
  ADD ("destroy", test_destroy);
  ADD ("destroy-read-only", test_destroy_read_only);
  ADD ("destroy-in-read-only-folder", test_destroy_in_read_only_folder);
  ADD ("settle-one-place", test_settle_one_place);
  ADD ("link", test_link);
  ADD ("purposes", test_purposes);
  ADD ("pages-and-frames", test_pages_and_frames);
  return g_test_run ();
}
