/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of a group: any member who has one serves it to the others. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "base/kith-error.h"
#include "kith-test-acts.h"
#include "kith-test-files.h"
#include "node/kith-group-links.h"
#include "node/kith-group-session-private.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-messages.h"
#include "node/kith-serving-private.h"
#include "node/kith-transfers-private.h"
#include "proto/kith-group-body.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"

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
  kith_node_create_group_async (trio->people[0]->node, "Ace", guests, NULL, test_result_cb, &result);
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

/* Makes a file of @size bytes and sends it. @path: (out) (transfer full): where it is. (transfer full) */
static KithTransfer *
send_new (Trio *trio, guint who, const char *name, gsize size, char **path)
{
  *path = test_files_make (trio->files, name, size);
  return send (trio, who, *path);
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
  sent = send_new (&trio, 0, "a picture.bin", 3 * MIB + 5, &path);
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
  sent = send_new (&trio, 0, "report.bin", 2 * MIB, &path);
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
  sent = send_new (&trio, 0, "film.bin", 24 * MIB, &path);
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
  sent = send_new (&trio, 0, "song.bin", MIB, &path);
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
  sent = send_new (&trio, 0, "joke.bin", 1000, &path);
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
  KithMessage *message;

  trio_new (&trio);
  sent = send_new (&trio, 0, "secret.bin", 1000, &path);
  bobs = accept (&trio, 1, sent);
  carols = test_files_find (trio.people[2], sent);
  test_wait_for (is_done (bobs));
  saved = g_strdup (kith_transfer_get_path (bobs));

  message = kith_node_find_message (trio.people[0]->node, kith_transfer_get_message_id (sent), NULL);
  test_person_delete (trio.people[0], message, KITH_DELETE_FOR_BOTH);
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
  sent = send_new (&trio, 0, "plan.bin", 1000, &path);
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

/* --- After a restore ------------------------------------------------------------------------ */

static KithSecret *
make_secret (guint8 of)
{
  guint8 bytes[32] = { of };

  return kith_secret_new_from (bytes, sizeof bytes);
}

/* (transfer full): of somebody who is stopped */
static KithStoreMessage *
load_row (TestPerson *who, const guint8 *id)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithStoreMessage *row;

  kith_store_find_message_async (who->store, NULL, id, NULL, test_result_cb, &result);
  row = kith_store_find_message_finish (who->store, test_await (&result), &error);
  g_assert_no_error (error);
  return row;
}

/* What they have, who are stopped, says of the message @id that its file has come and lies at @path. */
static void
forge_place (TestPerson *who, const guint8 *id, const char *path)
{
  g_autoptr (KithStoreMessage) row = load_row (who, id);
  KithStoreBatch *batch = kith_store_batch_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_free (row->file->path);
  row->file->path = g_strdup (path);
  row->file->state = KITH_TRANSFER_DONE;
  row->file->done_bytes = row->file->size;
  kith_store_batch_put_transfer (batch, row);
  kith_store_commit_async (who->store, batch, NULL, test_result_cb, &result);
  g_assert_true (kith_store_commit_finish (who->store, test_await (&result), NULL));
}

/* Into a backup, and from there to another computer. */
static void
move_store (Trio *trio, TestPerson *who)
{
  g_autofree char *backup = g_build_filename (trio->files->folder, "backup", NULL);
  g_autofree char *path = g_build_filename (trio->files->folder, "new.db", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (backup);
  g_autoptr (KithSecret) secret = make_secret ('p');
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_store_export_async (who->store, file, secret, NULL, NULL, NULL, test_result_cb, &result);
  kith_store_export_finish (who->store, test_await (&result), NULL, &error);
  g_assert_no_error (error);
  kith_backup_import (file, secret, path, secret, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_clear_object (&who->store);
  who->store = kith_store_open (path, secret, &error);
  g_assert_no_error (error);
}

/* Starts Bob, who has moved, and waits until it is known what lies in his folder for files, and Carol is there. */
static void
start_moved (Trio *trio)
{
  start (trio, 1);
  test_wait_for (trio->people[1]->node->transfers->finding == NULL);
  meet (trio->people[1], trio->people[2]);
}

static KithPeer *
peer_of (TestPerson *who, TestPerson *other)
{
  return kith_node_lookup_peer (who->node, kith_contact_get_identity (test_person_contact (who, other)));
}

/* What anybody would ask for who wants the first piece of a file, without having asked for the leaves. */
typedef struct
{
  guint8          gid[KITH_GROUP_ID_BYTES];
  KithBodyFileGet get;
} Wish;

static Wish
wish_for (TestPerson *who, KithTransfer *transfer)
{
  KithParcel *parcel = kith_transfers_parcel_of (who->node->transfers, transfer);
  Wish wish = { .get = { .request = 1, .what = KITH_FILE_CHUNKS, .count = 1, .has_offer = TRUE } };

  memcpy (wish.gid, parcel->chat->key, sizeof wish.gid);
  memcpy (wish.get.root, parcel->row->file->root, sizeof wish.get.root);
  memcpy (wish.get.offer.bytes, parcel->row->id, sizeof wish.get.offer.bytes);
  return wish;
}

/* @of asks @who for it. Returns: (transfer none): the parcel, of which it is known by then whether it is read */
static KithParcel *
ask (TestPerson *who, TestPerson *of, const Wish *wish)
{
  KithPeer *peer = peer_of (who, of);
  g_autoptr (GByteArray) body = kith_body_file_get_pack (&wish->get);
  KithParcel *parcel;

  test_wait_for (kith_group_links_is_linked (who->node, wish->gid, peer->row->identity));
  g_assert_true (kith_parcel_receive_get (peer, body->data, body->len));
  test_wait_for (kith_serving_of (peer)->n_looks == 0);
  parcel = kith_transfers_lookup (who->node->transfers, kith_node_lookup_chat (who->node, wish->gid),
                                  wish->get.offer.bytes, FALSE);
  g_assert_nonnull (parcel);
  return parcel;
}

static gboolean
is_serving (TestPerson *who, TestPerson *of)
{
  KithServing *serving = kith_serving_of (peer_of (who, of));

  return serving->reading || serving->ready.length > 0 || serving->asks.length > 0;
}

/* Who makes a backup says in it what he likes: that any file of the computer where it is restored was received in a
 * group, under a root of his choice. Nobody is sent that, and nobody here is shown it. */
static void
test_forged_place (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *path = NULL;
  g_autofree char *secret = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) bobs = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;
  KithParcel *parcel;
  Wish wish;

  trio_new (&trio);
  path = test_files_make (trio.files, "photo.bin", 1000);
  secret = test_files_make (trio.files, "secret.bin", 1000);
  sent = send (&trio, 0, path);
  wish = wish_for (trio.people[0], sent);
  bobs = test_files_find (trio.people[1], sent);
  g_clear_object (&bobs);
  test_person_stop (trio.people[1]);
  forge_place (trio.people[1], wish.get.offer.bytes, secret);
  move_store (&trio, trio.people[1]);

  start_moved (&trio);
  parcel = ask (trio.people[1], trio.people[2], &wish);
  g_assert_false (is_serving (trio.people[1], trio.people[2]));
  g_assert_null (parcel->source);
  g_assert_null (kith_transfer_get_path (parcel->model));
  bytes = test_files_read (trio.people[1], parcel->model, &error);
  g_assert_null (bytes);
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
}

/* (transfer full): where it is put if Bob gets it */
static char *
place_at_bob (Trio *trio, const char *name)
{
  return g_build_filename (trio->files->folder, "Bob", name, NULL);
}

/* What had come is found again in the folder for files if it is the same, and is served; what only looks like it is
 * not, and can be got once more. */
static void
test_moved (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *song = NULL;
  g_autofree char *note = NULL;
  g_autoptr (KithTransfer) songs = NULL;
  g_autoptr (KithTransfer) notes = NULL;
  g_autoptr (KithTransfer) carols = NULL;
  g_autofree char *old_place = NULL;
  g_autofree char *new_place = NULL;
  g_autofree char *changed = NULL;
  g_autofree char *content = g_strnfill (MIB, 'x');
  g_autoptr (GError) error = NULL;
  KithParcel *parcel;
  Wish wish;

  trio_new (&trio);
  song = test_files_make (trio.files, "song.bin", MIB);
  note = test_files_make (trio.files, "note.bin", MIB);
  songs = send (&trio, 0, song);
  notes = send (&trio, 0, note);
  wish = wish_for (trio.people[0], notes);
  g_object_unref (fetch (&trio, 1, notes));
  g_object_unref (fetch (&trio, 1, songs));
  test_person_stop (trio.people[0]);
  test_person_stop (trio.people[1]);
  old_place = place_at_bob (&trio, "song.bin");
  new_place = place_at_bob (&trio, "song (2).bin");
  changed = place_at_bob (&trio, "note.bin");
  g_assert_cmpint (g_rename (old_place, new_place), ==, 0);
  g_assert_true (g_file_set_contents (changed, content, MIB, NULL));
  move_store (&trio, trio.people[1]);

  start_moved (&trio);
  carols = accept (&trio, 2, songs);
  test_wait_for (is_done (carols));
  test_files_assert_same (song, kith_transfer_get_path (carols));

  parcel = ask (trio.people[1], trio.people[2], &wish);
  g_assert_false (is_serving (trio.people[1], trio.people[2]));
  g_assert_null (kith_transfer_get_path (parcel->model));
  kith_node_accept_file (trio.people[1]->node, parcel->model, NULL, &error);
  g_assert_no_error (error);
  start (&trio, 0);
  meet (trio.people[0], trio.people[1]);
  test_wait_for (is_done (parcel->model));
  test_files_assert_same (note, kith_transfer_get_path (parcel->model));
}

/* What we offered from the old computer nobody gets from the new one, and that is said. */
static void
test_moved_offer (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) shared = NULL;
  g_autoptr (KithTransfer) offered = NULL;
  g_autoptr (KithStoreMessage) row = NULL;
  g_autoptr (GError) error = NULL;
  guint8 ids[2][KITH_STORE_MESSAGE_ID_BYTES];

  trio_new (&trio);
  path = test_files_make (trio.files, "plan.bin", 1000);
  sent = test_files_send (trio.files, path);
  offered = test_files_offered (trio.files, sent);
  shared = send (&trio, 0, path);
  memcpy (ids[0], wish_for (trio.people[0], sent).get.offer.bytes, sizeof ids[0]);
  memcpy (ids[1], wish_for (trio.people[0], shared).get.offer.bytes, sizeof ids[1]);
  g_clear_object (&sent);
  g_clear_object (&shared);
  test_person_stop (trio.people[0]);
  move_store (&trio, trio.people[0]);
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_clear_pointer (&row, kith_store_message_free);
      row = load_row (trio.people[0], ids[i]);
      g_assert_null (row->file->path);
      g_assert_cmpuint (row->file->state, ==, KITH_TRANSFER_FAILED);
      g_assert_cmpstr (row->file->error, ==, kith_error_get_name (KITH_ERROR_NOT_FOUND));
    }

  start (&trio, 0);
  meet (trio.people[0], trio.people[1]);
  kith_node_accept_file (trio.people[1]->node, offered, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_FAILED);
  sent = test_files_find (trio.people[0], offered);
  g_assert_nonnull (kith_transfer_get_error (sent));
  g_assert_false (kith_node_resume_file (trio.people[0]->node, sent, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
}

/* What lies in another folder is found when that is chosen. */
static void
test_moved_folder (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *tape = NULL;
  g_autofree char *old_place = NULL;
  g_autofree char *folder = NULL;
  g_autofree char *new_place = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  KithParcel *parcel;
  Wish wish;

  trio_new (&trio);
  sent = send_new (&trio, 0, "tape.bin", 1000, &tape);
  wish = wish_for (trio.people[0], sent);
  g_object_unref (fetch (&trio, 1, sent));
  test_person_stop (trio.people[1]);
  old_place = place_at_bob (&trio, "tape.bin");
  folder = g_build_filename (trio.files->folder, "elsewhere", NULL);
  new_place = g_build_filename (folder, "tape.bin", NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_cmpint (g_rename (old_place, new_place), ==, 0);
  move_store (&trio, trio.people[1]);

  start_moved (&trio);
  parcel = ask (trio.people[1], trio.people[2], &wish);
  g_assert_null (kith_transfer_get_path (parcel->model));
  g_assert_true (kith_node_choose_files_folder (trio.people[1]->node, folder, NULL));
  test_wait_for (g_strcmp0 (kith_transfer_get_path (parcel->model), new_place) == 0);
  g_assert_true (kith_group_files_has (parcel));
}

/* Who asks for pieces at once, and for no leaves, does not get either what was put in the place of a file. */
static void
test_put_in_its_place (void)
{
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autofree char *path = NULL;
  g_autofree char *content = g_strnfill (1000, 'x');
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) bobs = NULL;
  KithParcel *parcel;
  Wish wish;

  trio_new (&trio);
  sent = send_new (&trio, 0, "song.bin", 1000, &path);
  wish = wish_for (trio.people[0], sent);
  bobs = fetch (&trio, 1, sent);
  g_assert_true (g_file_set_contents (kith_transfer_get_path (bobs), content, 1000, NULL));

  parcel = ask (trio.people[1], trio.people[2], &wish);
  test_wait_for (!is_serving (trio.people[1], trio.people[2]));
  g_assert_true (parcel->unusable);
}

/* A member who says without end what he has is not listened to any more after a while, and stays linked. */
static void
test_records_without_end (void)
{
  enum { MORE = 10 };
  g_auto (Trio) trio = { NULL, { NULL } };
  g_autoptr (KithMessage) message = NULL;
  TestPerson *bob, *carol;
  const guint8 *gid;

  trio_new (&trio);
  bob = trio.people[1];
  carol = trio.people[2];
  gid = kith_conversation_get_key (chat_of (bob));
  test_wait_for (kith_group_links_is_linked (bob->node, gid, peer_of (bob, carol)->row->identity)
                 && kith_group_links_is_linked (carol->node, gid, peer_of (carol, bob)->row->identity));
  test_stopped_clock_begin (bob);
  for (guint i = 0; i < KITH_LIMIT_GROUP_FILES_BURST + MORE; i++)
    {
      KithGroupFiles files = { .n_here = 1 };
      g_autoptr (GBytes) body = NULL;

      randombytes_buf (files.here[0].bytes, sizeof files.here[0].bytes);
      body = kith_group_files_pack (&files);
      test_wait_for (kith_group_links_send (carol->node, gid, peer_of (carol, bob)->row->identity,
                                            KITH_RECORD_GROUP_FILES, g_bytes_get_data (body, NULL),
                                            g_bytes_get_size (body)));
    }
  message = test_person_send (carol, bob, "all of that");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (kith_group_session_find_spot (peer_of (bob, carol)->groups, gid)->files.n_used, ==,
                    KITH_LIMIT_GROUP_FILES_BURST);
  g_assert_true (kith_group_links_is_linked (bob->node, gid, peer_of (bob, carol)->row->identity));
  test_stopped_clock_end (bob);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_add_func ("/group-files/all", test_all);
  g_test_add_func ("/group-files/sorts", test_sorts);
  g_test_add_func ("/group-files/passed-on", test_passed_on);
  g_test_add_func ("/group-files/goes-away", test_goes_away);
  g_test_add_func ("/group-files/changed", test_changed);
  g_test_add_func ("/group-files/minds", test_minds);
  g_test_add_func ("/group-files/deleted", test_deleted);
  g_test_add_func ("/group-files/removed", test_removed);
  g_test_add_func ("/group-files/forged-place", test_forged_place);
  g_test_add_func ("/group-files/moved", test_moved);
  g_test_add_func ("/group-files/moved-folder", test_moved_folder);
  g_test_add_func ("/group-files/moved-offer", test_moved_offer);
  g_test_add_func ("/group-files/put-in-its-place", test_put_in_its_place);
  g_test_add_func ("/group-files/records-without-end", test_records_without_end);

  return g_test_run ();
}
