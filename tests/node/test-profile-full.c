/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A full disk, whatever is done with a profile, and however little room there still was: it is said in plain words,
 * nothing half is left, nothing is lost, and all goes on when there is room. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-calls.h"
#include "kith-test-folder.h"
#include "kith-test-profile.h"
#include "node/kith-node-history.h"
#include "node/kith-node-private.h"
#include "store/kith-database.h"
#include "store/kith-key-wrap.h"

#define MANY 3000
#define OLDER "an older one"

/* --- Room ------------------------------------------------------------------------------------ */

/* A call that writes. Returns: (transfer full) (nullable): what was wrong */
typedef GError *(*Call) (Fixture *self);

/* What has to be true each time that there was no room. */
typedef void (*Check) (Fixture *self);

/* More and more of it, until it is enough; that is not at once. */
static void
call_with_more_room (Fixture *self, Call call, Check check)
{
  g_autofree char *root = kith_profile_folder_dup_real (self->root);
  guint n_full = 0;

  for (gint64 room = 0;; room = room * 3 / 2 + 1000)
    {
      g_autoptr (GError) error = NULL;

      kith_test_calls_set_room (root, room);
      error = call (self);
      if (error == NULL)
        break;

      g_assert_error (error, KITH_ERROR, KITH_ERROR_DISK_FULL);
      check (self);
      n_full++;
    }

  kith_test_calls_set_room (NULL, -1);
  g_test_message ("full %u times", n_full);
  g_assert_cmpuint (n_full, >, 2);
}

static void
assert_has_many (Fixture *self)
{
  KithStore *store = kith_profile_folder_get_node (self->folder)->store;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  KithStoreCursor cursor = { .hlc = G_MAXUINT64, .identity = { 1 } };

  kith_store_load_messages_async (store, &cursor, KITH_STORE_BEFORE, 2 * MANY, NULL, test_result_cb, &result);
  rows = kith_store_load_messages_finish (store, test_await (&result), NULL);
  g_assert_nonnull (rows);
  g_assert_cmpuint (rows->len, ==, MANY);
}

/* --- A new one ------------------------------------------------------------------------------- */

static GError *
try_create (Fixture *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  kith_profile_folder_create_async (self->folder, "one", NULL, test_result_cb, &result);
  kith_profile_folder_create_finish (self->folder, test_await (&result), &error);
  return error;
}

/* The lock alone is there. */
static void
assert_is_new (Fixture *self)
{
  assert_state (KITH_PROFILE_NEW);
  g_assert_true (has_file (self, "lock"));
  g_assert_cmpuint (test_count_files (self->path), ==, 1);
}

static void
test_create (Fixture *self, gconstpointer data)
{
  call_with_more_room (self, try_create, assert_is_new);
  lock (self);
  assert_works (unlock (self, "one"));
}

/* What cannot be put aside stays as it is, and no profile takes its place. */
static void
test_put_aside (Fixture *self, gconstpointer data)
{
  write_file (self, "kith.db", "first");
  write_file (self, "kith.db-wal", "its log");
  kith_test_calls_refuse_renames (ENOSPC);
  assert_fails (try_create (self), KITH_ERROR_DISK_FULL);
  kith_test_calls_refuse_renames (0);
  assert_state (KITH_PROFILE_NEW);
  g_assert_true (has_file (self, "kith.db"));
  g_assert_true (has_file (self, "kith.db-wal"));
  g_assert_false (has_file (self, "vault.new"));
  assert_works (try_create (self));
  g_assert_true (has_file (self, "kith.db.without-vault-wal"));
}

/* --- Backups --------------------------------------------------------------------------------- */

static char *
dup_backup (Fixture *self)
{
  return g_build_filename (self->root, "elsewhere", "backup", NULL);
}

/* In a folder of its own; with an older one of that name. */
static void
make_elsewhere (Fixture *self)
{
  g_autofree char *folder = g_build_filename (self->root, "elsewhere", NULL);
  g_autofree char *path = dup_backup (self);

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, OLDER, -1, NULL));
}

static void
assert_older (Fixture *self)
{
  g_autofree char *folder = g_build_filename (self->root, "elsewhere", NULL);
  g_autofree char *path = dup_backup (self);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, OLDER);
  g_assert_cmpuint (test_count_files (folder), ==, 1);
}

static GError *
try_export (Fixture *self)
{
  g_autofree char *path = dup_backup (self);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  kith_profile_folder_export_async (self->folder, file, "backup", NULL, NULL, NULL, test_result_cb, &result);
  kith_profile_folder_export_finish (self->folder, test_await (&result), NULL, &error);
  return error;
}

static GError *
try_restore (Fixture *self)
{
  g_autofree char *path = dup_backup (self);

  return restore_from (self, path, "backup", NULL);
}

/* There and back. @data: whether there are no files without a name */
static void
test_backup (Fixture *self, gconstpointer data)
{
  kith_test_refuse_unnamed (data != NULL);
  make_elsewhere (self);
  create (self, "one");
  add_messages (self, MANY);
  call_with_more_room (self, try_export, assert_older);
  assert_has_many (self);
  assert_works (erase (self));
  call_with_more_room (self, try_restore, assert_is_new);
  assert_has_many (self);
}

/* --- Transcripts ----------------------------------------------------------------------------- */

static TestPerson *ann, *ben;

static GError *
try_transcript (Fixture *self)
{
  g_autofree char *path = dup_backup (self);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GAsyncResult) result = NULL;
  GError *error = NULL;

  kith_node_write_transcript_async (ann->node, test_person_conversation (ann, ben), file, KITH_TRANSCRIPT_TEXT, NULL,
                                    NULL, NULL, test_result_cb, &result);
  kith_node_write_transcript_finish (ann->node, test_await (&result), NULL, &error);
  return error;
}

static void
assert_none (Fixture *self)
{
  g_autofree char *folder = g_build_filename (self->root, "elsewhere", NULL);

  g_assert_cmpuint (test_count_files (folder), ==, 0);
}

/* Over an older one, and where none was. @data: whether there are no files without a name */
static void
test_transcript (Fixture *self, gconstpointer data)
{
  g_autoptr (TestPerson) one = test_person_new ("Ann");
  g_autoptr (TestPerson) other = test_person_new ("Ben");
  g_autofree char *path = dup_backup (self);
  g_autofree char *text = NULL;

  kith_test_refuse_unnamed (data != NULL);
  ann = one;
  ben = other;
  make_elsewhere (self);
  test_befriend (ann, ben);
  for (guint i = 0; i < 300; i++)
    g_object_unref (test_person_send (ann, ben, "something that is said"));

  call_with_more_room (self, try_transcript, assert_older);
  g_assert_cmpint (g_unlink (path), ==, 0);
  call_with_more_room (self, try_transcript, assert_none);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "Ann: something that is said\n"));
}

/* --- Another passphrase ---------------------------------------------------------------------- */

static GError *
try_change (Fixture *self)
{
  return change (self, "one", "two");
}

static void
assert_is_unchanged (Fixture *self)
{
  assert_works (unlock (self, "one"));
  lock (self);
  g_assert_false (has_file (self, "attempts"));
}

static void
test_change (Fixture *self, gconstpointer data)
{
  g_autofree char *root = kith_profile_folder_dup_real (self->root);

  create (self, "one");
  lock (self);
  kith_test_calls_set_room (root, 0);
  assert_fails (try_change (self), KITH_ERROR_DISK_FULL);
  kith_test_calls_set_room (NULL, -1);
  assert_is_unchanged (self);
  g_assert_cmpuint (test_count_files (self->path), ==, 4); /* the lock, the vault, the database, its generation */
  assert_works (try_change (self));
  assert_works (unlock (self, "two"));
}

/* --- A log that was left --------------------------------------------------------------------- */

static void
copy_file (const char *from, const char *to, const char *name)
{
  g_autofree char *source = g_build_filename (from, name, NULL);
  g_autofree char *target = g_build_filename (to, name, NULL);
  g_autofree char *data = NULL;
  gsize len;

  g_assert_true (g_file_get_contents (source, &data, &len, NULL));
  g_assert_cmpuint (len, >, 0);
  g_assert_true (g_file_set_contents (target, data, (gssize) len, NULL));
}

static GError *
try_unlock (Fixture *self)
{
  return unlock (self, "one");
}

static void
assert_is_locked (Fixture *self)
{
  assert_state (KITH_PROFILE_LOCKED);
  g_assert_true (has_file (self, "kith.db-wal"));
}

/* As after a power cut: what was committed stands in the log alone. */
static void
test_left_log (Fixture *self, gconstpointer data)
{
  static const char *const names[] = { "vault", "kith.db", "kith.db-wal" };
  g_autofree char *cut = g_build_filename (self->root, "cut", NULL);

  create (self, "one");
  add_messages (self, MANY);
  g_assert_cmpint (g_mkdir (cut, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    copy_file (self->path, cut, names[i]);
  lock (self);
  give_up_folder (self);
  g_free (self->path);
  self->path = g_steal_pointer (&cut);
  reopen (self);

  call_with_more_room (self, try_unlock, assert_is_locked);
  assert_has_many (self);
}

/* --- Another version ------------------------------------------------------------------------- */

static KithDatabase *
open_version (Fixture *self, guint version, GError **error)
{
  g_autofree char *path = file_of (self, "kith.db");
  g_autoptr (KithSecret) key = kith_secret_new_from ((const guint8 *) "0123456789abcdef0123456789abcdef", 32);

  return kith_database_open_full (path, key, NULL, version, error);
}

static GError *
try_migrate (Fixture *self)
{
  GError *error = NULL;
  KithDatabase *database = open_version (self, kith_database_get_latest_version (), &error);

  if (database != NULL)
    g_assert_true (kith_database_close (database, NULL));
  return error;
}

/* A whole copy, or none: half of one would take the room that there is too little of. */
static void
assert_no_half_copy (Fixture *self)
{
  g_autofree char *copy = g_strdup_printf ("kith.db.before-version-%u", kith_database_get_latest_version ());
  g_autofree char *copy_path = file_of (self, copy);
  g_autofree char *path = file_of (self, "kith.db");
  GStatBuf of_copy, of_database;

  g_assert_cmpint (g_stat (path, &of_database), ==, 0);
  if (g_stat (copy_path, &of_copy) == 0)
    g_assert_cmpint (of_copy.st_size, ==, of_database.st_size);
}

static void
test_migrate (Fixture *self, gconstpointer data)
{
  KithDatabase *database = open_version (self, kith_database_get_latest_version () - 1, NULL);

  g_assert_nonnull (database);
  g_assert_true (kith_database_exec (database, "INSERT INTO setting VALUES ('colour', 'green')", NULL));
  g_assert_true (kith_database_close (database, NULL));
  call_with_more_room (self, try_migrate, assert_no_half_copy);

  database = open_version (self, kith_database_get_latest_version (), NULL);
  g_assert_cmpint (kith_database_get_int (database, "SELECT count (*) FROM setting WHERE value = 'green'", -1), ==, 1);
  g_assert_true (kith_database_close (database, NULL));
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_test_calls_set_room (NULL, -1);
  kith_test_refuse_unnamed (FALSE);
  test_profile_tear_down (self, data);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  kith_test_calls_skip_syncs (TRUE);
  g_test_init (&argc, &argv, NULL);
#define ADD_WITH(name, data, func) \
  g_test_add ("/profile-full/" name, Fixture, data, test_profile_set_up, func, tear_down)
#define ADD(name, func) ADD_WITH (name, NULL, func)
  ADD ("create", test_create);
  ADD ("put-aside", test_put_aside);
  ADD ("backup", test_backup);
  ADD_WITH ("with-a-name/backup", "refused", test_backup);
  ADD ("transcript", test_transcript);
  ADD_WITH ("with-a-name/transcript", "refused", test_transcript);
  ADD ("change", test_change);
  ADD ("left-log", test_left_log);
  ADD ("migrate", test_migrate);
  return g_test_run ();
}
