/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The power goes while a profile is made, restored, gets another passphrase or another version: afterwards there is the
 * one before or the one behind, whole, and no vault that nothing opens. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-calls.h"
#include "kith-test-cuts.h"
#include "kith-test-profile.h"
#include "store/kith-database.h"
#include "store/kith-key-wrap.h"

#define CUTS 150 /* of all states there are */
#define LONG_FACTOR 20
#define OLD_VERSION 2 /* of the schema */
#define MAKE_ANEW 10 /* of so many that are as before, one is gone on with */

/* One of the states, in the place of the profile. */
static void
begin_state (Fixture *self, KithTestCuts *cuts, guint number)
{
  g_autofree char *name = g_strdup_printf ("state-%u", number);

  give_up_folder (self);
  g_free (self->path);
  self->path = g_build_filename (self->root, name, NULL);
  kith_test_cuts_unpack (cuts, number, self->path);
  reopen (self);
}

static void
end_state (Fixture *self)
{
  lock (self);
  assert_works (erase (self));
  give_up_folder (self);
}

static void
assert_is_ann (Fixture *self)
{
  KithProfile *profile = kith_node_get_profile (kith_profile_folder_get_node (self->folder));

  g_assert_nonnull (profile);
  g_assert_cmpstr (kith_profile_get_name (profile), ==, "Ann");
}

typedef void (*CheckFunc) (Fixture      *self,
                           KithTestCuts *cuts,
                           guint         number,
                           gboolean      is_done);

/* All states, or as many of them as there is time for; those of the end in any case. */
static void
check_states (Fixture *self, KithTestCuts *cuts, CheckFunc check)
{
  guint n_before = kith_test_cuts_end (cuts);
  guint n = kith_test_cuts_get_n (cuts);
  guint n_most = g_strcmp0 (g_getenv ("KITH_TEST_LONG"), "1") == 0 ? CUTS * LONG_FACTOR : CUTS;
  double probability = (double) n_most / MAX (n, 1);

  g_test_message ("%u states", n);
  g_assert_cmpuint (n_before, >, 3);
  for (guint i = 0; i < n; i++)
    if (i >= n_before || g_test_rand_double () < probability)
      {
        g_autofree char *state = kith_test_cuts_describe (cuts, i);

        g_test_message ("%s", state);
        check (self, cuts, i, i >= n_before);
      }
}

/* --- Made ------------------------------------------------------------------------------------ */

/* It opens with the passphrase, or is not there, and can be made. */
static void
check_created (Fixture *self, KithTestCuts *cuts, guint number, gboolean is_done)
{
  begin_state (self, cuts, number);
  if (kith_profile_folder_get_state (self->folder) == KITH_PROFILE_LOCKED)
    assert_works (unlock (self, "one"));
  else
    {
      g_assert_false (is_done);
      if (number % MAKE_ANEW != 0)
        return;

      create (self, "one");
      assert_is_ann (self);
    }
  if (is_done)
    assert_is_ann (self);
  end_state (self);
}

static void
test_created (Fixture *self, gconstpointer data)
{
  g_autoptr (KithTestCuts) cuts = kith_test_cuts_new (self->path);

  create (self, "one");
  lock (self);
  check_states (self, cuts, check_created);
}

/* --- Restored -------------------------------------------------------------------------------- */

static char *backup;

static void
check_restored (Fixture *self, KithTestCuts *cuts, guint number, gboolean is_done)
{
  begin_state (self, cuts, number);
  if (kith_profile_folder_get_state (self->folder) == KITH_PROFILE_LOCKED)
    assert_works (unlock (self, "new"));
  else
    {
      g_assert_false (is_done);
      if (number % MAKE_ANEW != 0)
        return;

      assert_works (restore_from (self, backup, "backup", NULL));
    }
  assert_is_ann (self);
  end_state (self);
}

static void
test_restored (Fixture *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->root, "backup", NULL);
  g_autoptr (KithTestCuts) cuts = NULL;

  backup = path;
  create (self, "one");
  export_to (self, backup);
  lock (self);
  assert_works (erase (self));
  cuts = kith_test_cuts_new (self->path);
  assert_works (restore_from (self, backup, "backup", NULL));
  lock (self);
  check_states (self, cuts, check_restored);
}

/* --- Another passphrase ---------------------------------------------------------------------- */

static void
check_changed (Fixture *self, KithTestCuts *cuts, guint number, gboolean is_done)
{
  g_autoptr (GError) error = NULL;

  begin_state (self, cuts, number);
  assert_state (KITH_PROFILE_LOCKED);
  error = unlock (self, "two");
  if (error != NULL)
    {
      g_assert_error (error, KITH_ERROR, KITH_ERROR_WRONG_PASSPHRASE);
      g_assert_false (is_done);
      assert_works (unlock (self, "one"));
    }
  assert_is_ann (self);
  end_state (self);
}

static void
test_changed (Fixture *self, gconstpointer data)
{
  g_autoptr (KithTestCuts) cuts = NULL;

  create (self, "one");
  lock (self);
  cuts = kith_test_cuts_new (self->path);
  assert_works (change (self, "one", "two"));
  check_states (self, cuts, check_changed);
}

/* --- Another version ------------------------------------------------------------------------- */

static KithDatabase *
open_version (const char *folder, const char *name, guint version, GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (KithSecret) key = kith_secret_new_from ((const guint8 *) "0123456789abcdef0123456789abcdef", 32);

  return kith_database_open_full (path, key, NULL, version, error);
}

static void
assert_is_green (const char *folder, const char *name, guint version)
{
  g_autoptr (GError) error = NULL;
  KithDatabase *database = open_version (folder, name, version, &error);

  g_assert_no_error (error);
  g_assert_cmpint (kith_database_get_int (database, "SELECT count (*) FROM setting WHERE value = 'green'", -1), ==, 1);
  g_assert_cmpint (kith_database_get_int (database, "SELECT integrity_check = 'ok' FROM pragma_integrity_check", 0), ==,
                   1);
  g_assert_true (kith_database_close (database, NULL));
}

/* As long as the database is the old one nothing needs the copy; when a step was done that is there, and whole. */
static void
check_migrated (Fixture *self, KithTestCuts *cuts, guint number, gboolean is_done)
{
  guint latest = kith_database_get_latest_version ();
  g_autofree char *copy = g_strdup_printf ("kith.db.before-version-%u", OLD_VERSION + 1);
  g_autofree char *folder = g_strdup_printf ("%s/state-%u", self->root, number);
  g_autofree char *again = g_strconcat (folder, "-again", NULL);
  g_autoptr (GError) error = NULL;
  KithDatabase *database;

  kith_test_cuts_unpack (cuts, number, folder);
  database = open_version (folder, "kith.db", OLD_VERSION, &error);
  if (database != NULL)
    g_assert_true (kith_database_close (database, NULL));
  else
    {
      g_assert_error (error, KITH_ERROR, KITH_ERROR_NEWER_VERSION);
      assert_is_green (folder, copy, OLD_VERSION);
    }
  g_assert_true (database == NULL || !is_done);

  kith_test_cuts_unpack (cuts, number, again);
  assert_is_green (again, "kith.db", latest);
}

static void
test_migrated (Fixture *self, gconstpointer data)
{
  guint latest = kith_database_get_latest_version ();
  KithDatabase *database = open_version (self->path, "kith.db", OLD_VERSION, NULL);
  g_autoptr (KithTestCuts) cuts = NULL;

  g_assert_nonnull (database);
  g_assert_true (kith_database_exec (database, "INSERT INTO setting VALUES ('colour', 'green')", NULL));
  g_assert_true (kith_database_close (database, NULL));
  cuts = kith_test_cuts_new (self->path);
  assert_is_green (self->path, "kith.db", latest);
  check_states (self, cuts, check_migrated);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  kith_test_calls_skip_syncs (TRUE); /* what they are for is seen all the same */
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) \
  g_test_add ("/profile-power-cut/" name, Fixture, NULL, test_profile_set_up, func, test_profile_tear_down)
  ADD ("created", test_created);
  ADD ("restored", test_restored);
  ADD ("changed", test_changed);
  ADD ("migrated", test_migrated);
  return g_test_run ();
}
