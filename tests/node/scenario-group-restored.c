/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A member of a group who comes back from a backup: with a new key, and with what nobody had got yet. Protocol 10.1. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <glib/gstdio.h>

#include "base/kith-init.h"
#include "kith-test-acts.h"
#include "kith-test-folder.h"
#include "kith-test-trio.h"
#include "node/kith-group-host-private.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"

#define KEY_BYTES 32

typedef struct
{
  char  *folder;   /* (owned) */
  char  *path;     /* (owned): of the restored database */
  GFile *file;     /* (owned): the backup */
} Backup;

static KithSecret *
make_secret (guint8 of)
{
  guint8 bytes[KEY_BYTES] = { of };

  return kith_secret_new_from (bytes, sizeof bytes);
}

static void
back_up (Backup *self, TestPerson *person)
{
  g_autoptr (KithSecret) passphrase = make_secret ('p');
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  self->folder = g_dir_make_tmp ("kith-restored-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "kith.db", NULL);
  self->file = g_file_new_build_filename (self->folder, "backup", NULL);
  kith_store_export_async (person->store, self->file, passphrase, NULL, NULL, NULL, test_result_cb, &result);
  kith_store_export_finish (person->store, test_await (&result), NULL, &error);
  g_assert_no_error (error);
}

/* (transfer full) */
static TestPerson *
restore (Backup *self, const char *name)
{
  g_autoptr (KithSecret) passphrase = make_secret ('p');
  g_autoptr (KithSecret) key = make_secret ('k');
  g_autoptr (GError) error = NULL;
  KithStore *store;

  kith_backup_import (self->file, passphrase, self->path, key, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  store = kith_store_open (self->path, key, &error);
  g_assert_no_error (error);
  return trio_person_new_on (name, store);
}

static void
backup_clear (Backup *self)
{
  test_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->path);
  g_object_unref (self->file);
}

/* What somebody wrote while nobody was there is not lost with the computer that a backup of it is from. */
static void
test_waiting (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  Backup backup = { NULL };

  trio_start (&trio, &ann, &ben, &cat);
  {
    g_autoptr (KithMessage) before = trio_post (cat, "before");
    g_autoptr (KithMessage) first = NULL;
    g_autoptr (KithMessage) second = NULL;

    test_wait_for (trio_copy (ann, before) != NULL && trio_copy (ben, before) != NULL);
    test_wait_for (kith_message_get_state (before) >= KITH_MESSAGE_DELIVERED);
    test_person_stop (ann);
    test_person_stop (ben);
    test_wait_for (kith_node_get_n_sessions (cat->node) == 0);
    first = trio_post (cat, "nobody has it");
    second = trio_post (cat, "nor that");
    back_up (&backup, cat);
  }
  g_clear_pointer (&trio.people[2], test_person_free);
  trio.people[2] = cat = restore (&backup, "cat");
  trio_load_all (cat);
  g_assert_cmpuint (trio_count (cat, "nobody has it"), ==, 1);

  test_person_start (ann);
  test_person_start (ben);
  test_person_meet (cat, ann);
  test_wait_for (!kith_group_get_needs_key (trio_group (cat)));
  test_wait_for (trio_count (ann, "nobody has it") == 1 && trio_count (ann, "nor that") == 1);
  test_person_meet (cat, ben);
  test_wait_for (trio_count (ben, "nobody has it") == 1 && trio_count (ben, "nor that") == 1);
  g_assert_cmpuint (trio_count (cat, "before"), ==, 1);
  g_assert_cmpuint (trio_count (cat, "nobody has it"), ==, 1);
  g_assert_cmpuint (trio_count (cat, "nor that"), ==, 1);
  trio_clear (&trio);
  backup_clear (&backup);
}

int
main (int argc, char **argv)
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/group-restored/waiting", test_waiting);
  return g_test_run ();
}
