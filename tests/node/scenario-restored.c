/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One backup that is restored in two places, and both are used. Protocol 4.2 and 13. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <glib/gstdio.h>

#include "base/kith-init.h"
#include "kith-test-people.h"
#include "node/kith-node-files.h"
#include "node/kith-node-messages.h"
#include "node/kith-parcel.h"
#include "node/kith-restored-files.h"
#include "node/kith-transfers-private.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"

#define KEY_BYTES 32
#define PLACES 2

typedef struct
{
  TestPerson *person; /* (owned) */
  guint       n_warnings;
} Place;

static void
warning_cb (KithNode *node, const GError *error, gpointer user_data)
{
  Place *place = user_data;

  g_assert_error (error, KITH_ERROR, KITH_ERROR_OTHER_DEVICE);
  place->n_warnings++;
}

static KithSecret *
make_secret (guint8 of)
{
  guint8 bytes[KEY_BYTES] = { of };

  return kith_secret_new_from (bytes, sizeof bytes);
}

static void
back_up (TestPerson *self, GFile *file)
{
  g_autoptr (KithSecret) passphrase = make_secret ('p');
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_export_async (self->store, file, passphrase, NULL, NULL, NULL, test_result_cb, &result);
  kith_store_export_finish (self->store, test_await (&result), NULL, &error);
  g_assert_no_error (error);
}

static void
restore_to (Place *place, GFile *file, const char *path)
{
  g_autoptr (KithSecret) passphrase = make_secret ('p');
  g_autoptr (KithSecret) key = make_secret ('k');
  g_autoptr (GError) error = NULL;
  KithStore *store;

  kith_backup_import (file, passphrase, path, key, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  store = kith_store_open (path, key, &error);
  g_assert_no_error (error);
  place->person = test_person_new_on ("Ann", store, NULL);
  g_signal_connect (place->person->node, "warning", G_CALLBACK (warning_cb), place);
}

/* As its user does it: what is there by itself comes in longer and longer turns. */
static void
go_to (Place *place, TestPerson *other)
{
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (GError) error = NULL;
  KithConnectOutcome outcome;

  kith_node_connect_async (place->person->node, "127.0.0.1", kith_node_get_listen_port (other->node), NULL, NULL,
                           test_result_cb, &connected);
  kith_node_connect_finish (place->person->node, test_await (&connected), &outcome, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, KITH_CONNECT_ONLINE);
  test_wait_for (test_person_is_online (place->person, other));
}

/* To somebody who is not there. */
static void
send_waiting (TestPerson *self, const char *id)
{
  KithContact *contact = kith_node_find_contact (self->node, id, NULL);
  g_autoptr (GAsyncResult) sent = NULL;
  g_autoptr (KithMessage) message = NULL;

  kith_node_send_async (self->node, kith_node_get_conversation (self->node, contact), "waiting", NULL, test_result_cb,
                        &sent);
  message = kith_node_send_finish (self->node, test_await (&sent), NULL);
  g_assert_cmpint (kith_message_get_state (message), ==, KITH_MESSAGE_QUEUED);
}

static void
say (TestPerson *from, TestPerson *to, TestPerson *who, const char *text)
{
  g_autoptr (KithMessage) message = test_person_send (from, who, text);

  test_wait_for (kith_message_get_state (message) >= KITH_MESSAGE_DELIVERED);
  test_wait_for (test_person_count_text (to, from, text) == 1);
}

/* Nothing that is written in one of the places is lost or comes twice; what comes while a place is away it gets as
 * soon as it is the one that is talked to, but for what came before it was there for the first time. Each is told,
 * once, that there is another. */
static void
test_in_two_places (Place *places, TestPerson *ben)
{
  static const char *const to_ann[] = { "to the second", "to the first", "to the second again" };
  TestPerson *first = places[0].person;
  TestPerson *second = places[1].person;

  go_to (&places[0], ben);
  test_wait_for (test_person_count_text (ben, first, "waiting") == 1);
  say (first, ben, ben, "from the first");
  say (ben, first, first, "before the second was there");
  g_assert_cmpuint (places[0].n_warnings, ==, 0);

  go_to (&places[1], ben);
  test_wait_for (places[0].n_warnings == 1);
  g_assert_false (test_person_is_online (first, ben));
  say (second, ben, ben, "from the second");
  say (ben, second, first, to_ann[0]);
  g_autoptr (KithMessage) alone = test_person_send (first, ben, "alone");

  /* And back again: the ones that the other got are asked for. */
  go_to (&places[0], ben);
  test_wait_for (places[1].n_warnings == 1);
  test_wait_for (kith_message_get_state (alone) >= KITH_MESSAGE_DELIVERED);
  say (ben, first, first, to_ann[1]);
  test_wait_for (test_person_count_text (first, ben, to_ann[0]) == 1);
  go_to (&places[1], ben);
  say (ben, second, first, to_ann[2]);
  test_wait_for (test_person_count_text (second, ben, to_ann[1]) == 1);
  say (second, ben, ben, "from the second again");

  g_assert_cmpuint (test_person_count_text (ben, first, "waiting"), ==, 1);
  g_assert_cmpuint (test_person_count_text (ben, first, "from the first"), ==, 1);
  g_assert_cmpuint (test_person_count_text (ben, first, "from the second"), ==, 1);
  g_assert_cmpuint (test_person_count_text (ben, first, "alone"), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (to_ann); i++)
    g_assert_cmpuint (test_person_count_text (second, ben, to_ann[i]), ==, 1);
  g_assert_cmpuint (places[0].n_warnings, ==, 1);
  g_assert_cmpuint (places[1].n_warnings, ==, 1);
}

static void
test_twice (void)
{
  g_autofree char *folder = g_dir_make_tmp ("kith-restored-XXXXXX", NULL);
  g_autofree char *backup = g_build_filename (folder, "backup", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  Place places[PLACES] = { { NULL, 0 } };

  {
    g_autoptr (TestPerson) ann = test_person_new ("Ann");
    g_autofree char *id = NULL;

    test_befriend (ann, ben);
    id = g_strdup (kith_profile_get_id (kith_node_get_profile (ben->node)));
    test_person_stop (ben);
    test_wait_for (kith_node_get_n_sessions (ann->node) == 0);
    send_waiting (ann, id);
    back_up (ann, file);
  }
  test_person_start (ben);

  for (guint i = 0; i < PLACES; i++)
    {
      g_autofree char *name = g_strdup_printf ("kith-%u.db", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);

      restore_to (&places[i], file, path);
    }
  test_in_two_places (places, ben);

  for (guint i = 0; i < PLACES; i++)
    {
      g_autofree char *name = g_strdup_printf ("kith-%u.db", i);
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *generation = g_strconcat (path, "-generation", NULL);

      test_person_free (places[i].person);
      g_assert_cmpint (g_unlink (path), ==, 0);
      g_assert_cmpint (g_unlink (generation), ==, 0);
    }
  g_assert_cmpint (g_unlink (backup), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

/* --- Names of files ------------------------------------------------------------------------- */

/* As a backup may have it: @name is what the sender never could have called it. */
static void
add_file (KithStoreBatch *batch, guint8 number, const char *name, KithTransferState state)
{
  KithStoreTransfer file = { .size = 10, .name = (char *) name, .state = state, .live = TRUE };
  KithStoreMessage row = { .id = { number }, .identity = { 1 }, .hlc = number, .time_ms = 1, .text = (char *) name,
                           .file = &file };

  kith_store_batch_add_message (batch, &row);
}

static void
add_files (TestPerson *person)
{
  KithStoreContact contact = { .identity = { 1 }, .relation = KITH_RELATION_MUTUAL, .name = (char *) "Ben",
                               .next_seq = 1 };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreBatch *batch = kith_store_batch_new ();

  kith_store_batch_put_contact (batch, &contact);
  add_file (batch, 1, "../../a.desktop", KITH_TRANSFER_OFFERED);
  add_file (batch, 2, "..", KITH_TRANSFER_DONE);
  add_file (batch, 3, "a.txt", KITH_TRANSFER_OFFERED);
  kith_store_batch_put_setting (batch, KITH_BACKUP_LAST, "3");
  kith_store_commit_async (person->store, batch, NULL, test_result_cb, &result);
  kith_store_commit_finish (person->store, test_await (&result), &error);
  g_assert_no_error (error);
}

/* The names under which they would be put somewhere are safe, and a file without any is not looked for. */
static void
test_file_names (void)
{
  static const char *const names[] = { "a.desktop", "file", "a.txt", NULL };
  g_autofree char *folder = g_dir_make_tmp ("kith-restored-XXXXXX", NULL);
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  GListModel *transfers;

  add_files (ann);
  test_person_stop (ann);
  test_person_start (ann);
  kith_node_set_files_folder (ann->node, folder);
  kith_restored_files_look (ann->node);
  test_wait_for (ann->node->transfers->finding == NULL);

  transfers = kith_node_get_transfers (ann->node);
  g_assert_cmpuint (g_list_model_get_n_items (transfers), ==, G_N_ELEMENTS (names) - 1);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (KithTransfer) transfer = g_list_model_get_item (transfers, i);
      KithParcel *parcel = kith_transfers_parcel_of (ann->node->transfers, transfer);

      g_assert_true (g_strv_contains (names, kith_transfer_get_name (transfer)));
      g_assert_cmpstr (parcel->row->file->name, ==, kith_transfer_get_name (transfer));
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/restored/twice", test_twice);
  g_test_add_func ("/restored/file-names", test_file_names);
  return g_test_run ();
}
