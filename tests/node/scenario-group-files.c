/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of a group: any member who has one serves it to the others. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-error.h"
#include "kith-test-acts.h"
#include "kith-test-files.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-messages.h"

#define MIB (1024 * 1024)

/* Three who are contacts of each other, in a group of the first. */
typedef struct
{
  TestFiles  *files;     /* (owned): its Alice makes the group, and sends */
  TestPerson *people[3]; /* the first two are those of @files; the third (owned) */
} Trio;

static KithGroup *
group_of (TestPerson *who)
{
  return kith_node_find_group (who->node, "Ace", NULL);
}

static KithConversation *
chat_of (TestPerson *who)
{
  return kith_node_get_group_conversation (who->node, group_of (who));
}

static void
put_files_folder (Trio *trio, TestPerson *who)
{
  g_autofree char *folder = g_build_filename (trio->files->folder, who->name, NULL);

  kith_node_set_files_folder (who->node, folder);
}

static void
join (TestPerson *who)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  test_wait_for (group_of (who) != NULL
                 && kith_group_get_state (group_of (who)) == KITH_MEMBERSHIP_INVITED);
  kith_node_accept_group_invitation_async (who->node, group_of (who), NULL, NULL, test_result_cb, &result);
  kith_node_group_finish (who->node, test_await (&result), &error);
  g_assert_no_error (error);
  test_wait_for (kith_group_get_state (group_of (who)) == KITH_MEMBERSHIP_MEMBER);
}

static void
trio_new (Trio *trio)
{
  KithContact *guests[3] = { NULL };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithGroup) group = NULL;
  g_autoptr (GError) error = NULL;

  trio->files = test_files_new ();
  trio->people[0] = trio->files->alice;
  trio->people[1] = trio->files->bob;
  trio->people[2] = test_person_new ("Carol");
  test_befriend (trio->people[0], trio->people[2]);
  test_befriend (trio->people[1], trio->people[2]);
  for (guint i = 0; i < 3; i++)
    put_files_folder (trio, trio->people[i]);

  guests[0] = test_person_contact (trio->people[0], trio->people[1]);
  guests[1] = test_person_contact (trio->people[0], trio->people[2]);
  kith_node_create_group_async (trio->people[0]->node, "Ace", guests, NULL, NULL, test_result_cb, &result);
  group = kith_node_create_group_finish (trio->people[0]->node, test_await (&result), NULL, &error);
  g_assert_no_error (error);
  join (trio->people[1]);
  join (trio->people[2]);
  for (guint i = 0; i < 3; i++)
    test_wait_for (kith_group_get_n_members (group_of (trio->people[i])) == 3);
}

static void
trio_clear (Trio *trio)
{
  test_person_free (trio->people[2]);
  test_files_free (trio->files);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trio, trio_clear)

/* (transfer full) */
static KithTransfer *
send_bytes (Trio *trio, guint who, KithOutgoingFile *file)
{
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);
  g_autoptr (GPtrArray) sent = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  TestPerson *person = trio->people[who];

  g_ptr_array_add (list, file);
  kith_node_send_files_async (person->node, chat_of (person), list, NULL, test_result_cb, &result);
  sent = kith_node_send_files_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
  return g_object_ref (g_ptr_array_index (sent, 0));
}

static KithTransfer *
send (Trio *trio, guint who, const char *path)
{
  return send_bytes (trio, who, kith_outgoing_file_new_for_path (path));
}

/* (transfer full): the same, once it was accepted */
static KithTransfer *
accept (Trio *trio, guint who, KithTransfer *sent)
{
  KithTransfer *offered = test_files_find (trio->people[who], sent);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (kith_transfer_get_state (offered), ==, KITH_TRANSFER_OFFERED);
  kith_node_accept_file (trio->people[who]->node, offered, NULL, &error);
  g_assert_no_error (error);
  return offered;
}

static gboolean
is_done (KithTransfer *transfer)
{
  return kith_transfer_get_state (transfer) == KITH_TRANSFER_DONE;
}

/* (transfer full): the same, once it is complete */
static KithTransfer *
fetch (Trio *trio, guint who, KithTransfer *sent)
{
  KithTransfer *got = accept (trio, who, sent);

  test_wait_for (is_done (got));
  return got;
}

/* Two who are started bring their sessions back. */
static void
meet (TestPerson *a, TestPerson *b)
{
  if (!test_person_is_online (a, b))
    test_person_meet (a, b);
}

static void
start (Trio *trio, guint who)
{
  test_person_start (trio->people[who]);
  put_files_folder (trio, trio->people[who]);
}

/* --- Everybody ------------------------------------------------------------------------------ */

static void
test_all (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) bobs = NULL;
  g_autoptr (KithTransfer) carols = NULL;
  KithMessage *message;

  trio_new (&trio);
  path = test_files_make (trio.files, "a picture.bin", 3 * MIB + 5);
  sent = send (&trio, 0, path);
  g_assert_true (is_done (sent));
  g_assert_nonnull (kith_transfer_get_message_id (sent));
  g_assert_true (kith_transfer_is_shared (sent));

  bobs = accept (&trio, 1, sent);
  carols = accept (&trio, 2, sent);
  g_assert_cmpstr (kith_transfer_get_name (bobs), ==, "a picture.bin");
  g_assert_true (kith_transfer_get_sender (carols)
                 == test_person_contact (trio.people[2], trio.people[0]));
  test_wait_for (is_done (bobs) && is_done (carols));
  test_files_assert_same (path, kith_transfer_get_path (bobs));
  test_files_assert_same (path, kith_transfer_get_path (carols));

  g_assert_true (is_done (sent));
  message = kith_node_find_message (trio.people[2]->node, kith_transfer_get_message_id (sent), NULL);
  g_assert_cmpint (kith_message_get_kind (message), ==, KITH_MESSAGE_FILE);
  g_assert_true (kith_message_get_transfer (message) == carols);
}

/* What exists nowhere but in the vault, and a folder. */
static void
test_sorts (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("spoken", 6);
  g_autofree char *path = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *content = NULL;
  g_autoptr (KithTransfer) kept = NULL;
  g_autoptr (KithTransfer) tree = NULL;
  g_autoptr (KithTransfer) heard = NULL;
  g_autoptr (KithTransfer) got = NULL;
  g_autoptr (KithTransfer) passed = NULL;

  trio_new (&trio);
  kept = send_bytes (&trio, 1, kith_outgoing_file_new_for_bytes (bytes, "voice.ogg", "audio/ogg"));
  heard = fetch (&trio, 2, kept);
  g_assert_true (g_file_get_contents (kith_transfer_get_path (heard), &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "spoken");

  path = test_files_make (trio.files, "tree/a/b.bin", 200 * 1000);
  folder = g_build_filename (trio.files->outbox, "tree", NULL);
  tree = send (&trio, 0, folder);
  got = fetch (&trio, 1, tree);
  test_person_stop (trio.people[0]);
  passed = fetch (&trio, 2, tree);
  test_files_assert_same (folder, kith_transfer_get_path (passed));
  test_person_start (trio.people[0]);
}

/* --- Of somebody else ----------------------------------------------------------------------- */

/* Who was absent when it was offered gets it of another, after the sender has gone. */
static void
test_passed_on (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) bobs = NULL;
  g_autoptr (KithTransfer) carols = NULL;

  trio_new (&trio);
  test_person_stop (trio.people[2]);
  path = test_files_make (trio.files, "report.bin", 2 * MIB);
  sent = send (&trio, 0, path);
  bobs = fetch (&trio, 1, sent);

  /* Bob has started anew since, too: it is looked up when somebody asks. */
  test_person_stop (trio.people[0]);
  test_person_stop (trio.people[1]);
  start (&trio, 1);
  start (&trio, 2);
  meet (trio.people[2], trio.people[1]);
  carols = fetch (&trio, 2, sent);
  test_files_assert_same (path, kith_transfer_get_path (carols));
  test_person_start (trio.people[0]);
}

/* The sender goes in the middle: what has come stays good, and the rest comes from another. */
static void
test_goes_away (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) bobs = NULL;
  g_autoptr (KithTransfer) carols = NULL;
  guint64 before;

  trio_new (&trio);
  path = test_files_make (trio.files, "film.bin", 24 * MIB);
  sent = send (&trio, 0, path);
  bobs = fetch (&trio, 1, sent);

  carols = accept (&trio, 2, sent);
  test_wait_for (kith_transfer_get_done_bytes (carols) > 2 * MIB);
  test_person_crash (trio.people[0]);
  before = kith_transfer_get_done_bytes (carols);
  g_assert_cmpuint (before, <, 24 * MIB);
  test_wait_for (kith_transfer_get_done_bytes (carols) > before || is_done (carols));
  test_wait_for (is_done (carols));
  test_files_assert_same (path, kith_transfer_get_path (carols));
  test_person_start (trio.people[0]);
}

/* Who has changed what they got does not pass that on: it is waited for until somebody has it. */
static void
test_changed (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) bobs = NULL;
  g_autoptr (KithTransfer) carols = NULL;
  g_autofree char *content = g_strnfill (MIB, 'x');

  trio_new (&trio);
  path = test_files_make (trio.files, "song.bin", MIB);
  sent = send (&trio, 0, path);
  bobs = fetch (&trio, 1, sent);
  g_assert_true (g_file_set_contents (kith_transfer_get_path (bobs), content, MIB, NULL));

  test_person_stop (trio.people[0]);
  carols = accept (&trio, 2, sent);
  test_wait_for (kith_transfer_get_state (carols) == KITH_TRANSFER_RUNNING);
  test_wait_for (kith_transfer_get_state (carols) == KITH_TRANSFER_WAITING);
  g_assert_true (is_done (bobs));

  start (&trio, 0);
  meet (trio.people[0], trio.people[2]);
  test_wait_for (is_done (carols));
  test_files_assert_same (path, kith_transfer_get_path (carols));
}

/* --- Who wants it, and who may have it ------------------------------------------------------ */

/* Nobody else hears of it, and one may change one's mind. */
static void
test_minds (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) bobs = NULL;
  g_autoptr (GError) error = NULL;

  trio_new (&trio);
  path = test_files_make (trio.files, "joke.bin", 1000);
  sent = send (&trio, 0, path);
  bobs = test_files_find (trio.people[1], sent);
  g_assert_true (kith_node_decline_file (trio.people[1]->node, bobs, NULL));
  g_assert_cmpint (kith_transfer_get_state (bobs), ==, KITH_TRANSFER_DECLINED);

  test_person_stop (trio.people[0]);
  kith_node_accept_file (trio.people[1]->node, bobs, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (kith_node_pause_file (trio.people[1]->node, bobs, NULL));
  start (&trio, 0);
  meet (trio.people[0], trio.people[1]);
  g_assert_cmpint (kith_transfer_get_state (bobs), ==, KITH_TRANSFER_PAUSED);
  g_assert_true (kith_node_resume_file (trio.people[1]->node, bobs, NULL));
  test_wait_for (is_done (bobs));
}

/* Deleted by who offered it: nobody serves it any more; who has it keeps it. */
static void
test_deleted (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *path = NULL;
  g_autofree char *saved = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) bobs = NULL;
  g_autoptr (KithTransfer) carols = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  trio_new (&trio);
  path = test_files_make (trio.files, "secret.bin", 1000);
  sent = send (&trio, 0, path);
  bobs = accept (&trio, 1, sent);
  carols = test_files_find (trio.people[2], sent);
  test_wait_for (is_done (bobs));
  saved = g_strdup (kith_transfer_get_path (bobs));

  kith_node_delete_message_async (trio.people[0]->node, NULL, kith_transfer_get_message_id (sent),
                                  KITH_DELETE_FOR_BOTH, NULL, test_result_cb, &result);
  g_assert_true (
    kith_node_delete_message_finish (trio.people[0]->node, test_await (&result), NULL));
  test_wait_for (kith_node_find_transfer (trio.people[2]->node, kith_transfer_get_id (carols), NULL) == NULL
                 && kith_node_find_transfer (trio.people[1]->node, kith_transfer_get_id (carols), NULL)
                      == NULL);
  g_assert_true (g_file_test (saved, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* Whoever was removed gets nothing any more. */
static void
test_removed (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) carols = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithMember *carol;

  trio_new (&trio);
  path = test_files_make (trio.files, "plan.bin", 1000);
  sent = send (&trio, 0, path);
  carols = test_files_find (trio.people[2], sent);
  carol = kith_group_find_member (group_of (trio.people[0]),
                                  kith_node_get_own_identity (trio.people[2]->node));
  kith_node_kick_async (trio.people[0]->node, group_of (trio.people[0]), carol, NULL, test_result_cb,
                        &result);
  g_assert_true (kith_node_group_finish (trio.people[0]->node, test_await (&result), NULL));
  test_wait_for (kith_group_get_state (group_of (trio.people[2])) == KITH_MEMBERSHIP_KICKED);

  test_wait_for (kith_transfer_get_state (carols) == KITH_TRANSFER_CANCELLED);
  g_assert_false (kith_node_accept_file (trio.people[2]->node, carols, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/group-files/all", test_all);
  g_test_add_func ("/group-files/sorts", test_sorts);
  g_test_add_func ("/group-files/passed-on", test_passed_on);
  g_test_add_func ("/group-files/goes-away", test_goes_away);
  g_test_add_func ("/group-files/changed", test_changed);
  g_test_add_func ("/group-files/minds", test_minds);
  g_test_add_func ("/group-files/deleted", test_deleted);
  g_test_add_func ("/group-files/removed", test_removed);
  return g_test_run ();
}
