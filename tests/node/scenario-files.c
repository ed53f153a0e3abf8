/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files between two people: sending, accepting, pausing, restarts, and the end of it. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-files.h"

#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-node-messages.h"
#include "node/kith-transfers.h"

#define LEAF KITH_LIMIT_FILE_LEAF_BYTES

/* --- Whole files ---------------------------------------------------------------------------- */

static void
send_and_get (TestFiles *files, gsize size)
{
  g_autofree char *path = test_files_make (files, "a file.bin", size);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (kith_transfer_get_state (offered), ==, KITH_TRANSFER_OFFERED);
  g_assert_cmpstr (kith_transfer_get_name (offered), ==, "a file.bin");
  g_assert_cmpuint (kith_transfer_get_size (offered), ==, size);
  g_assert_null (kith_transfer_get_path (offered));

  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_DONE
                 && kith_transfer_get_state (sent) == KITH_TRANSFER_DONE);
  test_files_assert_same (path, kith_transfer_get_path (offered));
  g_assert_cmpuint (kith_transfer_get_done_bytes (offered), ==, size);
  g_assert_cmpuint (kith_transfer_get_done_bytes (sent), ==, size);
}

static void
test_sizes (void)
{
  static const gsize sizes[] = { 0, 1, LEAF - 1, LEAF, LEAF + 1, 16 * LEAF, 64 * LEAF, 64 * LEAF + 1 };
  g_autoptr (TestFiles) files = test_files_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    send_and_get (files, sizes[i]);
  test_files_assert_tidy (files);
}

/* It is private, called as it was, and a second one replaces nothing. */
static void
test_names (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *first = g_build_filename (files->inbox, "a file.bin", NULL);
  g_autofree char *second = g_build_filename (files->inbox, "a file (2).bin", NULL);
  struct stat info;

  send_and_get (files, 10);
  send_and_get (files, 20);
  g_assert_cmpint (stat (first, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 10);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_assert_cmpint (stat (second, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 20);
  g_assert_cmpint (stat (files->inbox, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0700);
}

/* What is offered is a message: it is delivered and read, and stands in the conversation. */
static void
test_message (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "letter.txt", 100);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  KithMessage *ours =
    kith_node_find_message (files->alice->node, kith_transfer_get_message_id (sent), NULL);
  KithMessage *theirs =
    kith_node_find_message (files->bob->node, kith_transfer_get_message_id (sent), NULL);

  g_assert_cmpint (kith_message_get_kind (ours), ==, KITH_MESSAGE_FILE);
  g_assert_true (kith_message_get_transfer (ours) == sent);
  g_assert_cmpint (kith_message_get_kind (theirs), ==, KITH_MESSAGE_FILE);
  g_assert_true (kith_message_get_transfer (theirs) == offered);
  g_assert_true (kith_node_get_transfer (files->bob->node, test_person_conversation (files->bob, files->alice),
                                         kith_transfer_get_id (sent)) == offered);
  g_assert_null (kith_node_get_transfer (files->bob->node, NULL, kith_transfer_get_id (sent)));
  g_assert_null (kith_node_get_transfer (files->bob->node, test_person_conversation (files->bob, files->alice), ""));
  g_assert_cmpstr (kith_message_get_text (theirs), ==, "letter.txt");
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (files->bob, files->alice)), ==,
                    1);

  test_wait_for (kith_message_get_state (ours) == KITH_MESSAGE_DELIVERED);
  kith_node_mark_read (files->bob->node, test_person_conversation (files->bob, files->alice));
  test_wait_for (kith_message_get_state (ours) == KITH_MESSAGE_READ);
}

/* --- Several, folders, bytes ---------------------------------------------------------------- */

static void
test_several (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autoptr (GPtrArray) list =
    g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);
  g_autoptr (GPtrArray) sent = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("number %u.txt", i);
      g_autofree char *path = test_files_make (files, name, 1000 * i);

      g_ptr_array_add (list, kith_outgoing_file_new_for_path (path));
    }
  g_ptr_array_add (list, kith_outgoing_file_new_for_path ("/nowhere/at-all"));

  kith_node_send_files_async (files->alice->node, test_person_conversation (files->alice, files->bob), list,
                              NULL, test_result_cb, &result);
  sent = kith_node_send_files_finish (files->alice->node, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sent->len, ==, 13);
  g_assert_cmpint (kith_transfer_get_state (g_ptr_array_index (sent, 12)), ==, KITH_TRANSFER_FAILED);
  g_assert_nonnull (kith_transfer_get_error (g_ptr_array_index (sent, 12)));

  for (guint i = 0; i < 12; i++)
    {
      g_autoptr (KithTransfer) offered = test_files_offered (files, g_ptr_array_index (sent, i));

      kith_node_accept_file (files->bob->node, offered, NULL, &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < 12; i++)
    {
      KithTransfer *transfer = g_ptr_array_index (sent, i);
      g_autoptr (KithTransfer) offered = test_files_offered (files, transfer);

      test_wait_for (kith_transfer_get_state (transfer) == KITH_TRANSFER_DONE);
      test_files_assert_same (kith_transfer_get_path (transfer), kith_transfer_get_path (offered));
    }
}

static void
test_folder (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *folder = g_build_filename (files->outbox, "photos", NULL);
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) offered = NULL;
  g_autofree char *link = g_build_filename (folder, "a link", NULL);
  g_autofree char *empty = g_build_filename (folder, "sub", "nothing in it", NULL);
  g_autofree char *outside = test_files_make (files, "secret", 10);
  g_autoptr (GError) error = NULL;

  g_free (test_files_make (files, "photos/one.jpg", 3 * LEAF + 7));
  g_free (test_files_make (files, "photos/sub/empty.txt", 0));
  g_free (test_files_make (files, "photos/sub/two.jpg", 5));
  g_free (test_files_make (files, "photos/sub/deep/three.jpg", LEAF));
  g_assert_cmpint (g_mkdir_with_parents (empty, 0700), ==, 0);
  g_assert_cmpint (symlink (outside, link), ==, 0);

  sent = test_files_send (files, folder);
  g_assert_true (kith_transfer_is_folder (sent));
  g_assert_cmpuint (kith_transfer_get_n_files (sent), ==, 4);
  offered = test_files_offered (files, sent);
  g_assert_true (kith_transfer_is_folder (offered));
  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_DONE);

  g_assert_cmpuint (kith_transfer_get_n_files (offered), ==, 4);
  g_assert_cmpint (unlink (link), ==, 0); /* links stay where they are */
  test_files_assert_same (folder, kith_transfer_get_path (offered));
  test_files_assert_tidy (files);
}

/* Thousands of small files take one transfer. */
static void
test_many_files (void)
{
  const guint n = g_getenv ("KITH_TEST_LONG") != NULL ? 10000 : 2000;
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *folder = g_build_filename (files->outbox, "many", NULL);
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) offered = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("many/%u/%u.txt", i % 20, i);

      g_free (test_files_make (files, name, i % 300));
    }

  sent = test_files_send (files, folder);
  offered = test_files_offered (files, sent);
  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_DONE);
  g_assert_cmpuint (kith_transfer_get_n_files (offered), ==, n);
  test_files_assert_same (folder, kith_transfer_get_path (offered));
}

/* A voice message is nowhere on the disk of who sends it, also after a restart. */
static void
test_bytes (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree guint8 *data = g_malloc0 (700000);
  g_autoptr (GBytes) bytes = g_bytes_new (data, 700000);
  KithOutgoingFile *file = kith_outgoing_file_new_for_bytes (bytes, "voice.ogg", "audio/ogg");
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) offered = NULL;
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *content = NULL;
  gsize len;

  file->media.duration_ms = 1234;
  file->media.n_waveform = 2;
  file->media.waveform[0] = 7;
  sent = test_files_send_file (files, file);
  g_assert_null (kith_transfer_get_path (sent));
  offered = test_files_offered (files, sent);
  g_assert_cmpuint (kith_transfer_get_media (offered)->duration_ms, ==, 1234);
  g_assert_cmpuint (kith_transfer_get_media (offered)->n_waveform, ==, 2);
  g_assert_cmpstr (kith_transfer_get_media (offered)->type, ==, "audio/ogg");
  back = test_files_read (files->alice, sent, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (back, bytes));

  test_files_restart (files, files->alice);
  g_clear_object (&sent);
  sent = test_files_find (files->alice, offered);
  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (sent) == KITH_TRANSFER_DONE);
  g_file_get_contents (kith_transfer_get_path (offered), &content, &len, NULL);
  g_assert_cmpmem (content, len, data, 700000);
}

/* --- Pausing, restarts, other connections --------------------------------------------------- */

/* (transfer full): one that has begun, with megabytes to go */
static KithTransfer *
begin_large (TestFiles *files, char **path, KithTransfer **sent)
{
  KithTransfer *offered;
  g_autoptr (GError) error = NULL;

  *path = test_files_make (files, "large.bin", 48 * 1024 * 1024 + 77);
  *sent = test_files_send (files, *path);
  offered = test_files_offered (files, *sent);
  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_done_bytes (offered) > 4 * 1024 * 1024);
  g_assert_cmpint (kith_transfer_get_state (offered), ==, KITH_TRANSFER_RUNNING);
  return offered;
}

static void
finish_large (const char *path, KithTransfer *sent, KithTransfer *offered)
{
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_DONE
                 && kith_transfer_get_state (sent) == KITH_TRANSFER_DONE);
  test_files_assert_same (path, kith_transfer_get_path (offered));
}

static void
pause_and_resume (TestPerson *who, KithTransfer *transfer, KithTransfer *other)
{
  g_autoptr (GError) error = NULL;
  guint64 done;

  kith_node_pause_file (who->node, transfer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (kith_transfer_get_state (transfer), ==, KITH_TRANSFER_PAUSED);
  test_wait_for (kith_transfer_get_paused_by_them (other));
  g_assert_cmpint (kith_transfer_get_state (other), ==, KITH_TRANSFER_WAITING);
  done = kith_transfer_get_done_bytes (other);
  g_assert_cmpuint (done, <, kith_transfer_get_size (other));

  kith_node_resume_file (who->node, transfer, &error);
  g_assert_no_error (error);
  test_wait_for (!kith_transfer_get_paused_by_them (other)
                 && kith_transfer_get_state (other) == KITH_TRANSFER_RUNNING);
}

static void
test_pause (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) offered = begin_large (files, &path, &sent);

  pause_and_resume (files->bob, offered, sent);
  pause_and_resume (files->alice, sent, offered);
  finish_large (path, sent, offered);
}

/* Whoever is restarted in the middle, by whatever end: it goes on, and what was there is used. */
static void
restart_in_the_middle (gboolean of_sender, gboolean by_crash)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) offered = begin_large (files, &path, &sent);
  g_autofree char *id = g_strdup (kith_transfer_get_id (sent));
  TestPerson *who = of_sender ? files->alice : files->bob;

  if (by_crash)
    test_person_crash (who);
  else
    test_person_stop (who);
  g_assert_cmpuint (test_files_count (files->inbox), ==, 1); /* what was received so far */
  test_files_start (files, who);
  g_clear_object (&sent);
  g_clear_object (&offered);
  sent = g_object_ref (kith_node_find_transfer (files->alice->node, id, NULL));
  offered = g_object_ref (kith_node_find_transfer (files->bob->node, id, NULL));
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_RUNNING
                 && kith_transfer_get_done_bytes (offered) > 0);
  g_assert_cmpuint (kith_transfer_get_done_bytes (offered), >=, 4 * 1024 * 1024);
  finish_large (path, sent, offered);
  test_files_assert_tidy (files);
}

static void
test_restarts (void)
{
  for (guint i = 0; i < 4; i++)
    restart_in_the_middle ((i & 1) != 0, (i & 2) != 0);
}

/* Between giving a file its name and writing that down somebody pulls the plug: it is found again, and
 * there are not two of it. */
static void
test_crash_at_the_end (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 40 * LEAF + 1);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autofree char *name = g_build_filename (files->inbox, "x.bin", NULL);
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;
  gsize len;

  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  kith_node_pause_file (files->bob->node, offered, &error);
  g_assert_no_error (error);
  test_files_restart (files, files->bob);
  g_clear_object (&offered);
  offered = test_files_find (files->bob, sent);

  g_assert_true (g_file_get_contents (path, &content, &len, NULL));
  g_assert_true (g_file_set_contents (name, content, (gssize) len, NULL));
  kith_node_resume_file (files->bob->node, offered, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_DONE
                 && kith_transfer_get_state (sent) == KITH_TRANSFER_DONE);
  g_assert_cmpstr (kith_transfer_get_path (offered), ==, name);
  g_assert_cmpuint (test_files_count (files->inbox), ==, 1);
}

/* --- Declining, cancelling, deleting -------------------------------------------------------- */

static void
test_decline (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 100000);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autoptr (GError) error = NULL;

  kith_node_decline_file (files->bob->node, offered, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (sent) == KITH_TRANSFER_DECLINED);
  g_assert_false (kith_node_pause_file (files->bob->node, offered, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  g_clear_error (&error);

  /* One may change one's mind. */
  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_DONE);
  test_files_assert_same (path, kith_transfer_get_path (offered));
}

/* Whoever was away hears of it later. */
static void
test_decline_while_away (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 1000);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autofree char *id = g_strdup (kith_transfer_get_id (sent));
  g_autoptr (GError) error = NULL;

  test_person_stop (files->alice);
  kith_node_decline_file (files->bob->node, offered, &error);
  g_assert_no_error (error);
  test_person_start (files->alice);
  test_files_meet (files);
  test_wait_for (kith_transfer_get_state (kith_node_find_transfer (files->alice->node, id, NULL))
                 == KITH_TRANSFER_DECLINED);
}

static void
test_cancel (void)
{
  g_autoptr (TestFiles) files = test_files_new ();

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = NULL;
      g_autoptr (KithTransfer) sent = NULL;
      g_autoptr (KithTransfer) offered = begin_large (files, &path, &sent);
      g_autoptr (GError) error = NULL;

      if (i == 0)
        kith_node_cancel_file (files->alice->node, sent, &error);
      else
        kith_node_cancel_file (files->bob->node, offered, &error);
      g_assert_no_error (error);
      test_wait_for (kith_transfer_get_state (sent) == KITH_TRANSFER_CANCELLED
                     && kith_transfer_get_state (offered) == KITH_TRANSFER_CANCELLED);
      test_wait_for (test_files_count (files->inbox) == 0);
    }
}

static void
test_delete (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) offered = begin_large (files, &path, &sent);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_delete_message_async (files->alice->node, NULL, kith_transfer_get_message_id (sent),
                                  KITH_DELETE_FOR_BOTH, NULL, test_result_cb, &result);
  kith_node_delete_message_finish (files->alice->node, test_await (&result), &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_CANCELLED);
  test_wait_for (g_list_model_get_n_items (kith_node_get_transfers (files->bob->node)) == 0);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_transfers (files->alice->node)), ==, 0);
  test_wait_for (test_files_count (files->inbox) == 0);
}

/* A message disappears with what is known of the file; a file that was received stays. */
static void
test_disappearing (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  KithConversation *conversation = test_person_conversation (files->alice, files->bob);
  g_autofree char *path = test_files_make (files, "x.bin", 1000);
  g_autofree char *kept = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) offered = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) expired = NULL;
  g_autoptr (GError) error = NULL;
  gint64 next_ms;

  kith_node_set_conversation_ttl_async (files->alice->node, conversation, KITH_LIMIT_TTL_MIN_S, NULL,
                                        test_result_cb, &result);
  test_await (&result);
  sent = test_files_send (files, path);
  offered = test_files_offered (files, sent);
  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (sent) == KITH_TRANSFER_DONE);
  kept = g_strdup (kith_transfer_get_path (offered));
  kith_node_mark_read (files->bob->node, test_person_conversation (files->bob, files->alice));

  /* As if the time were over; nobody has to be shown the message for that. */
  kith_store_expire_async (files->bob->store, G_MAXINT64 / 2, test_result_cb, &expired);
  g_assert_true (kith_store_expire_finish (files->bob->store, test_await (&expired), &next_ms, &error));
  kith_transfers_check_expired (files->bob->node->transfers);
  test_wait_for (g_list_model_get_n_items (kith_node_get_transfers (files->bob->node)) == 0);
  test_files_assert_same (path, kept);
}

/* --- By itself, and where the user says ----------------------------------------------------- */

static void
test_auto (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *small = test_files_make (files, "small.txt", 1000);
  g_autofree char *big = test_files_make (files, "big.txt", 2000);
  g_autoptr (KithTransfer) before = test_files_send (files, small);
  g_autoptr (KithTransfer) first = test_files_offered (files, before);
  g_autoptr (KithTransfer) small_sent = NULL;
  g_autoptr (KithTransfer) big_sent = NULL;
  g_autoptr (KithTransfer) offered = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (kith_node_get_files_auto_bytes (files->bob->node), ==,
                    KITH_LIMIT_FILE_AUTO_DEFAULT_BYTES);
  g_assert_cmpint (kith_transfer_get_state (first), ==, KITH_TRANSFER_OFFERED); /* not verified */

  kith_node_set_verified_async (files->bob->node, test_person_contact (files->bob, files->alice),
                                KITH_VERIFIED_CODE, NULL, test_result_cb, &result);
  kith_node_set_verified_finish (files->bob->node, test_await (&result), &error);
  g_assert_no_error (error);
  kith_node_set_files_auto_bytes (files->bob->node, 1500);

  small_sent = test_files_send (files, small);
  test_wait_for (kith_transfer_get_state (small_sent) == KITH_TRANSFER_DONE);
  big_sent = test_files_send (files, big);
  offered = test_files_offered (files, big_sent);
  g_assert_cmpint (kith_transfer_get_state (offered), ==, KITH_TRANSFER_OFFERED);
}

static void
test_target (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 3000);
  g_autofree char *target = g_build_filename (files->outbox, "mine.dat", NULL);
  g_autofree char *copy = g_build_filename (files->outbox, "copy.dat", NULL);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autoptr (GAsyncResult) saved = NULL;
  g_autoptr (GAsyncResult) again = NULL;
  g_autoptr (GAsyncResult) replaced = NULL;
  g_autoptr (GAsyncResult) refused = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (kith_node_accept_file (files->bob->node, offered, path, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (kith_node_accept_file (files->bob->node, offered, "/nowhere/at/all", &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_FOUND);
  g_clear_error (&error);

  /* Nothing is written anywhere that the user has not named. */
  kith_node_set_files_folder (files->bob->node, NULL);
  g_assert_false (kith_node_accept_file (files->bob->node, offered, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  g_clear_error (&error);

  kith_node_accept_file (files->bob->node, offered, target, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_DONE);
  g_assert_cmpstr (kith_transfer_get_path (offered), ==, target);
  test_files_assert_same (path, target);

  kith_node_save_file_async (files->bob->node, offered, copy, FALSE, NULL, test_result_cb, &saved);
  kith_node_save_file_finish (files->bob->node, test_await (&saved), &error);
  g_assert_no_error (error);
  test_files_assert_same (path, copy);
  kith_node_save_file_async (files->bob->node, offered, copy, FALSE, NULL, test_result_cb, &again);
  g_assert_false (kith_node_save_file_finish (files->bob->node, test_await (&again), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_EXISTS);
  g_clear_error (&error);

  /* Only a file is replaced, when the user has agreed. */
  g_assert_true (g_file_set_contents (copy, "older", 5, NULL));
  kith_node_save_file_async (files->bob->node, offered, copy, TRUE, NULL, test_result_cb, &replaced);
  kith_node_save_file_finish (files->bob->node, test_await (&replaced), &error);
  g_assert_no_error (error);
  test_files_assert_same (path, copy);
  kith_node_save_file_async (files->bob->node, offered, files->outbox, TRUE, NULL, test_result_cb, &refused);
  g_assert_false (kith_node_save_file_finish (files->bob->node, test_await (&refused), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_EXISTS);
}

/* --- What a person writes goes first -------------------------------------------------------- */

static void
test_overtaking (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) offered = begin_large (files, &path, &sent);
  guint64 before;
  guint64 after;

  for (guint i = 0; i < 5 && kith_transfer_get_state (offered) == KITH_TRANSFER_RUNNING; i++)
    {
      g_autofree char *text = g_strdup_printf ("are you there? %u", i);
      G_GNUC_UNUSED g_autoptr (KithMessage) message = test_person_send (files->alice, files->bob, text);

      before = kith_transfer_get_done_bytes (offered);
      test_wait_for (test_person_count_text (files->bob, files->alice, text) == 1);
      after = kith_transfer_get_done_bytes (offered);
      /* What was on its way, and what came while the store wrote the message down, which a slow disk makes long. */
      g_test_message ("%" G_GUINT64_FORMAT " bytes came before the message", after - before);
      g_assert_cmpuint (after - before, <, 16 * 1024 * 1024);
    }
  finish_large (path, sent, offered);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/node/files/sizes", test_sizes);
  g_test_add_func ("/node/files/names", test_names);
  g_test_add_func ("/node/files/message", test_message);
  g_test_add_func ("/node/files/several", test_several);
  g_test_add_func ("/node/files/folder", test_folder);
  g_test_add_func ("/node/files/many-files", test_many_files);
  g_test_add_func ("/node/files/bytes", test_bytes);
  g_test_add_func ("/node/files/pause", test_pause);
  g_test_add_func ("/node/files/restarts", test_restarts);
  g_test_add_func ("/node/files/crash-at-the-end", test_crash_at_the_end);
  g_test_add_func ("/node/files/decline", test_decline);
  g_test_add_func ("/node/files/decline-while-away", test_decline_while_away);
  g_test_add_func ("/node/files/cancel", test_cancel);
  g_test_add_func ("/node/files/delete", test_delete);
  g_test_add_func ("/node/files/disappearing", test_disappearing);
  g_test_add_func ("/node/files/auto", test_auto);
  g_test_add_func ("/node/files/target", test_target);
  g_test_add_func ("/node/files/overtaking", test_overtaking);

  return g_test_run ();
}
