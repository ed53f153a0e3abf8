/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that come twice, of somebody silent, that are given up and wanted after all, or deleted beside
 * others. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-files.h"

#include <sodium.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-messenger.h"
#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"
#include "node/kith-transfers-private.h"

#define MIB (1024 * 1024)

static gboolean
is_done (KithTransfer *transfer)
{
  return kith_transfer_get_state (transfer) == KITH_TRANSFER_DONE;
}

static KithTransfer *
accept (TestFiles *files, KithTransfer *sent)
{
  KithTransfer *offered = test_files_offered (files, sent);
  g_autoptr (GError) error = NULL;

  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  return offered;
}

/* --- Twice ---------------------------------------------------------------------------------- */

/* Two offers of one content, at once and one after the other: each comes to its own end. */
static void
test_twice (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "twice.bin", 6 * MIB);
  g_autoptr (KithTransfer) first = test_files_send (files, path);
  g_autoptr (KithTransfer) second = test_files_send (files, path);
  g_autoptr (KithTransfer) third = NULL;
  g_autoptr (KithTransfer) got_first = accept (files, first);
  g_autoptr (KithTransfer) got_second = accept (files, second);
  g_autoptr (KithTransfer) got_third = NULL;

  test_wait_for (is_done (first) && is_done (second) && is_done (got_first) && is_done (got_second));
  g_assert_cmpstr (kith_transfer_get_path (got_first), !=, kith_transfer_get_path (got_second));
  test_files_assert_same (kith_transfer_get_path (got_first), kith_transfer_get_path (got_second));

  third = test_files_send (files, path);
  got_third = accept (files, third);
  test_wait_for (is_done (third) && is_done (got_third));
  g_assert_true (is_done (first) && is_done (second));
  g_assert_cmpuint (test_files_count (files->inbox), ==, 3);
}

/* --- Silence -------------------------------------------------------------------------------- */

static KithParcel *
parcel_of (TestPerson *who, KithTransfer *transfer)
{
  return kith_transfers_parcel_of (who->node->transfers, transfer);
}

/* Whoever offers much and sends nothing keeps nobody else waiting: not others, nor what they offer
 * besides. */
static void
test_silence (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  KithTransfer *sent[KITH_LIMIT_FILES_RECEIVED_OF_ONE + 1];
  KithTransfer *got[KITH_LIMIT_FILES_RECEIVED_OF_ONE + 1];
  const guint last = KITH_LIMIT_FILES_RECEIVED_OF_ONE;

  for (guint i = 0; i <= last; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.bin", i);
      g_autofree char *path = test_files_make (files, name, 300 * 1000 + i);

      sent[i] = test_files_send (files, path);
      parcel_of (files->alice, sent[i])->working = i < last; /* Alice says nothing of these */
      got[i] = accept (files, sent[i]);
    }
  for (guint i = 0; i < last; i++)
    g_assert_cmpint (kith_transfer_get_state (got[i]), ==, KITH_TRANSFER_RUNNING);
  g_assert_cmpint (kith_transfer_get_state (got[last]), ==, KITH_TRANSFER_WAITING);

  /* Nothing came for so long. */
  for (guint i = 0; i < last; i++)
    parcel_of (files->bob, got[i])->heard_us -= (KITH_LIMIT_FILE_STALL_MS + 1) * (gint64) 1000;
  kith_transfers_end_silence (files->bob->node->transfers);
  g_assert_cmpint (kith_transfer_get_state (got[last]), ==, KITH_TRANSFER_RUNNING);

  /* She asked for it last, and what she asked for before was left behind. */
  for (guint i = 0; i < last; i++)
    parcel_of (files->alice, sent[i])->working = FALSE;
  test_wait_for (is_done (got[last]));
  for (guint i = 0; i <= last; i++)
    {
      test_wait_for (is_done (got[i]));
      g_object_unref (sent[i]);
      g_object_unref (got[i]);
    }
}

/* --- Changing one's mind -------------------------------------------------------------------- */

/* Declined, or given up: it can be had after all, also when the sender has started anew since. */
static void
give_up_and_accept (gboolean decline)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 3 * MIB);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autoptr (GError) error = NULL;

  if (decline)
    g_assert_true (kith_node_decline_file (files->bob->node, offered, NULL));
  else
    g_assert_true (kith_node_cancel_file (files->bob->node, offered, NULL));
  test_wait_for (kith_transfer_get_state (sent)
                 == (decline ? KITH_TRANSFER_DECLINED : KITH_TRANSFER_CANCELLED));
  test_wait_for (parcel_of (files->bob, offered)->row->file->told);

  test_files_restart (files, files->alice);
  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (is_done (offered));
  test_files_assert_same (path, kith_transfer_get_path (offered));
}

static void
test_minds (void)
{
  give_up_and_accept (TRUE);
  give_up_and_accept (FALSE);
}

/* What the sender took back is gone, also after both have started anew. */
static void
test_taken_back (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 1000);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autoptr (GError) error = NULL;

  g_assert_true (kith_node_cancel_file (files->alice->node, sent, NULL));
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_CANCELLED);
  g_assert_nonnull (kith_transfer_get_error (offered));
  g_assert_false (kith_node_accept_file (files->bob->node, offered, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  g_clear_error (&error);

  /* Who asks for it all the same is told that it is not there. */
  kith_parcel_clear_error (parcel_of (files->bob, offered));
  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_FAILED);
}

/* --- Beside others -------------------------------------------------------------------------- */

static void
test_deleted_beside (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *one = test_files_make (files, "one.bin", 40 * MIB);
  g_autofree char *two = test_files_make (files, "two.bin", 8 * MIB);
  g_autoptr (KithTransfer) first = test_files_send (files, one);
  g_autoptr (KithTransfer) second = test_files_send (files, two);
  g_autoptr (KithTransfer) got_first = accept (files, first);
  g_autoptr (KithTransfer) got_second = accept (files, second);
  g_autoptr (GAsyncResult) result = NULL;

  test_wait_for (kith_transfer_get_done_bytes (got_first) > 0);
  kith_node_delete_message_async (files->alice->node, NULL, kith_transfer_get_message_id (first),
                                  KITH_DELETE_FOR_BOTH, NULL, test_result_cb, &result);
  g_assert_true (kith_node_delete_message_finish (files->alice->node, test_await (&result), NULL));
  test_wait_for (is_done (got_second));
  test_files_assert_same (two, kith_transfer_get_path (got_second));
}

static guint
count_messages (TestPerson *person, TestPerson *other)
{
  return kith_message_list_get_length (
    kith_conversation_get_messages (test_person_conversation (person, other)));
}

/* A session may have brought the offer before it ended, nobody knows. Deleted here, the file is gone: they
 * are not offered it any more, nor told its name as if that were a text. */
static void
test_deleted_here (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "photo.jpg", 1000);
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);
  g_autoptr (GPtrArray) sent = NULL;
  g_autoptr (KithMessage) last = NULL;
  g_autoptr (GAsyncResult) sending = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *id = NULL;
  guint8 bytes[KITH_MESSAGE_ID_BYTES];
  KithStoreMessage *row;
  KithConversation *conversation = test_person_conversation (files->alice, files->bob);
  KithContact *bob = test_person_contact (files->alice, files->bob);

  test_person_stop (files->bob);
  test_wait_for (kith_contact_get_presence (bob) != KITH_PRESENCE_ONLINE);
  g_ptr_array_add (list, kith_outgoing_file_new_for_path (path));
  kith_node_send_files_async (files->alice->node, conversation, list, NULL, test_result_cb, &sending);
  sent = kith_node_send_files_finish (files->alice->node, test_await (&sending), NULL);
  g_assert_nonnull (sent);
  id = g_strdup (kith_transfer_get_message_id (g_ptr_array_index (sent, 0)));
  g_assert_true (kith_hex_decode (id, bytes, sizeof bytes));
  row = kith_messenger_find_queued (
    kith_node_lookup_peer (files->alice->node, kith_contact_get_identity (bob)), bytes);
  row->maybe_sent = TRUE;
  kith_node_delete_message_async (files->alice->node, conversation, id, KITH_DELETE_HERE, NULL,
                                  test_result_cb, &result);
  g_assert_true (kith_node_delete_message_finish (files->alice->node, test_await (&result), NULL));
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_transfers (files->alice->node)), ==, 0);

  test_person_crash (files->alice);
  test_person_start (files->alice);
  test_files_start (files, files->bob);
  last = test_person_send (files->alice, files->bob, "Last");
  test_wait_for (test_person_count_text (files->bob, files->alice, "Last") == 1);
  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (count_messages (files->bob, files->alice), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_transfers (files->bob->node)), ==, 0);
}

/* --- What came only half --------------------------------------------------------------------- */

/* Returns: (transfer full): the hidden place of what has come so far of a file that is on its way to Bob */
static char *
receive_half (TestFiles *files)
{
  g_autofree char *path = test_files_make (files, "half.bin", 40 * MIB);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = accept (files, sent);
  char *partial;

  test_wait_for (kith_transfer_get_done_bytes (offered) > 0);
  partial = g_strdup (parcel_of (files->bob, offered)->row->file->path);
  g_assert_true (g_file_test (partial, G_FILE_TEST_EXISTS));
  g_assert_cmpint (kith_transfer_get_state (offered), !=, KITH_TRANSFER_DONE);
  return partial;
}

static guint
count_inbox (TestFiles *files)
{
  g_autoptr (GDir) dir = g_dir_open (files->inbox, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Who forgets everything cannot go on with it, and who looks at the disk could read it. */
static void
test_nothing_left (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *partial = NULL;

  kith_transfers_leave_nothing (files->bob->node->transfers, FALSE);
  partial = receive_half (files);
  test_person_stop (files->bob);
  g_assert_cmpuint (count_inbox (files), ==, 0);
}

/* Something else has to go first: it is there until then, and known. */
static void
test_held_back (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autoptr (KithPartials) partials =
    kith_partials_ref (kith_transfers_leave_nothing (files->bob->node->transfers, TRUE));
  g_autofree char *partial = receive_half (files);
  g_autoptr (GPtrArray) held = g_ptr_array_new_with_free_func (g_free);

  test_person_stop (files->bob);
  while (held->len == 0)
    {
      g_autoptr (GPtrArray) more = kith_partials_take (partials);

      for (guint i = 0; i < more->len; i++)
        g_ptr_array_add (held, g_strdup (g_ptr_array_index (more, i)));
      if (held->len == 0)
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_cmpuint (held->len, ==, 1);
  g_assert_cmpstr (g_ptr_array_index (held, 0), ==, partial);
  g_assert_cmpuint (count_inbox (files), ==, 1);
}

/* A conversation is deleted with half a file in it, and Kith ended at once. */
static void
test_deleted_half (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autoptr (GAsyncResult) result = NULL;

  g_free (receive_half (files));
  kith_node_clear_history_async (files->bob->node, test_person_conversation (files->bob, files->alice), NULL,
                                 test_result_cb, &result);
  g_assert_true (kith_node_clear_history_finish (files->bob->node, test_await (&result), NULL));
  g_clear_object (&result);
  test_person_stop (files->bob);
  g_assert_cmpuint (count_inbox (files), ==, 0);
}

/* One that could not even be read was never offered: it can only go. */
static void
test_unreadable (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);
  g_autoptr (GAsyncResult) result = NULL;
  GListModel *all = kith_node_get_transfers (files->alice->node);
  g_autoptr (KithTransfer) failed = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (list, kith_outgoing_file_new_for_path ("/nowhere/at-all"));
  kith_node_send_files_async (files->alice->node, test_person_conversation (files->alice, files->bob),
                              list, NULL, test_result_cb, &result);
  g_assert_null (kith_node_send_files_finish (files->alice->node, test_await (&result), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
  g_assert_cmpuint (g_list_model_get_n_items (all), ==, 1);
  failed = g_list_model_get_item (all, 0);
  g_assert_null (kith_transfer_get_message_id (failed));
  g_assert_true (kith_node_cancel_file (files->alice->node, failed, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (all), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/node/files/twice", test_twice);
  g_test_add_func ("/node/files/silence", test_silence);
  g_test_add_func ("/node/files/minds", test_minds);
  g_test_add_func ("/node/files/taken-back", test_taken_back);
  g_test_add_func ("/node/files/deleted-beside", test_deleted_beside);
  g_test_add_func ("/node/files/deleted-here", test_deleted_here);
  g_test_add_func ("/node/files/nothing-left", test_nothing_left);
  g_test_add_func ("/node/files/held-back", test_held_back);
  g_test_add_func ("/node/files/deleted-half", test_deleted_half);
  g_test_add_func ("/node/files/unreadable", test_unreadable);
  return g_test_run ();
}
