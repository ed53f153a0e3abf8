/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whatever way leads to a file of a profile, it is known for one. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <unistd.h>

#include <glib/gstdio.h>

#include "kith-test-folder.h"
#include "node/kith-own-files.h"

static const char *const names[] = { "vault", "kith.db", "kith.db-wal", "attempts", "lock" };
static const char *const later[] = { "vault.new", "vault.AB12CD", "vault.new.AB12CD", "vault.writing", "kith.db.new", "kith.db.before-version-3" };

typedef struct
{
  char *root;   /* (owned) */
  char *folder; /* (owned) */
  char *way;    /* (owned): a link to it */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->root = g_dir_make_tmp ("kith-own-XXXXXX", NULL);
  self->folder = g_build_filename (self->root, "ann", NULL);
  self->way = g_build_filename (self->root, "way", NULL);
  g_assert_cmpint (g_mkdir (self->folder, 0700), ==, 0);
  g_assert_cmpint (symlink (self->folder, self->way), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);

      g_assert_true (g_file_set_contents (path, names[i], -1, NULL));
    }
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  test_remove_folder (self->root);
  g_free (self->root);
  g_free (self->folder);
  g_free (self->way);
}

/* @path: (transfer full) */
static gboolean
has (Fixture *self, char *path)
{
  g_autofree char *owned = path;
  g_autoptr (GFile) file = g_file_new_for_path (owned);

  return kith_own_files_has (self->folder, file);
}

static void
test_folders (Fixture *self, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (has (self, g_build_filename (self->folder, names[i], NULL)));
      g_assert_true (has (self, g_build_filename (self->way, names[i], NULL)));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (later); i++)
    {
      g_assert_true (has (self, g_build_filename (self->folder, later[i], NULL)));
      g_assert_true (has (self, g_build_filename (self->way, later[i], NULL)));
    }
}

static void
test_links (Fixture *self, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *own = g_build_filename (self->folder, names[i], NULL);
      g_autofree char *hard = g_strconcat (self->root, "/hard-", names[i], NULL);
      g_autofree char *soft = g_strconcat (self->root, "/soft-", names[i], NULL);

      g_assert_cmpint (link (own, hard), ==, 0);
      g_assert_cmpint (symlink (hard, soft), ==, 0);
      g_assert_true (has (self, g_strdup (hard)));
      g_assert_true (has (self, g_strdup (soft)));
    }
}

/* What only looks so is the user's. */
static void
test_others (Fixture *self, gconstpointer data)
{
  g_autofree char *beside = g_build_filename (self->folder, "mine", NULL);
  g_autofree char *away = g_build_filename (self->root, "vault", NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_false (has (self, g_strdup (beside)));
      g_assert_false (has (self, g_strdup (away)));
      g_assert_false (has (self, g_build_filename (self->root, "no", "vault", NULL)));
      /* And when they are there, too. */
      g_assert_true (g_file_set_contents (beside, "mine", -1, NULL));
      g_assert_true (g_file_set_contents (away, "mine", -1, NULL));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/own-files/folders", Fixture, NULL, set_up, test_folders, tear_down);
  g_test_add ("/own-files/links", Fixture, NULL, set_up, test_links, tear_down);
  g_test_add ("/own-files/others", Fixture, NULL, set_up, test_others, tear_down);
  return g_test_run ();
}
