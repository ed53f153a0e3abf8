/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who lies about files: in what is offered, in its pieces, in lists and in names; and somebody who
 * asks for what is not theirs. Alice's node is made to lie by changing what it believes. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-files.h"

#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "node/kith-messenger.h"
#include "node/kith-node-history.h"
#include "node/kith-transfers-private.h"
#include "proto/kith-file-list.h"

#define LEAF KITH_LIMIT_FILE_LEAF_BYTES

static KithPeer *
peer_of (TestPerson *who, TestPerson *other)
{
  return kith_node_lookup_peer (who->node,
                                kith_contact_get_identity (test_person_contact (who, other)));
}

static KithParcel *
parcel_of (TestPerson *who, KithTransfer *transfer)
{
  return kith_transfers_parcel_of (who->node->transfers, transfer);
}

static void
accept (TestFiles *files, KithTransfer *offered)
{
  g_autoptr (GError) error = NULL;

  kith_node_accept_file (files->bob->node, offered, NULL, &error);
  g_assert_no_error (error);
}

/* Nothing but hidden beginnings is in the inbox, and both still talk. */
static void
assert_failed (TestFiles *files, KithTransfer *offered)
{
  g_autoptr (KithMessage) message = NULL;

  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_FAILED);
  g_assert_nonnull (kith_transfer_get_error (offered));
  g_assert_null (kith_transfer_get_path (offered));
  message = test_person_send (files->alice, files->bob, "still here");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
}

/* --- Pieces --------------------------------------------------------------------------------- */

/* Other bytes in a piece, with nothing to show for it but the bytes. */
static void
test_wrong_piece (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 40 * LEAF);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  KithParcel *parcel = parcel_of (files->bob, offered);
  struct stat info;
  struct timespec times[2];
  int fd = g_open (path, O_WRONLY | O_CLOEXEC, 0);

  g_assert_cmpint (fstat (fd, &info), ==, 0);
  g_assert_cmpint (pwrite (fd, "evil", 4, 20 * LEAF + 5), ==, 4);
  times[0] = info.st_atim;
  times[1] = info.st_mtim;
  g_assert_cmpint (futimens (fd, times), ==, 0);
  close (fd);

  accept (files, offered);
  assert_failed (files, offered);
  g_assert_cmpuint (parcel->n_written, ==, 20);
  g_assert_cmpint (stat (parcel->row->file->path, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 20 * LEAF); /* what was wrong was never written */
}

static void
test_wrong_leaves (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 40 * LEAF);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);

  parcel_of (files->alice, sent)->leaves->data[77] ^= 1;
  accept (files, offered);
  assert_failed (files, offered);
  g_assert_cmpuint (test_files_count (files->inbox), ==, 0);
}

/* From here on Alice's node says nothing by itself about a file, and the test speaks for it. */
static void
mute (TestFiles *files, KithTransfer *sent)
{
  parcel_of (files->alice, sent)->working = TRUE;
}

static void
say (TestFiles *files, KithRecordType type, guint32 request, guint32 from, const guint8 *data, gsize len)
{
  GByteArray *body = g_byte_array_new ();
  guint8 header[8];
  KithWriter writer;

  kith_writer_init (&writer, header, sizeof header);
  kith_writer_u32 (&writer, request);
  kith_writer_u32 (&writer, from);
  g_byte_array_append (body, header, sizeof header);
  g_byte_array_append (body, data, (guint) len);
  g_assert_true (kith_session_send_bytes (peer_of (files->alice, files->bob)->session, type, body));
}

static void
test_odd_answers (void)
{
  static const guint8 zeros[LEAF] = { 0 };

  /* More leaves than there are; not from the beginning; pieces instead of leaves. */
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (TestFiles) files = test_files_new ();
      g_autofree char *path = test_files_make (files, "x.bin", 3 * LEAF);
      g_autoptr (KithTransfer) sent = test_files_send (files, path);
      g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
      g_autoptr (KithMessage) message = NULL;
      KithParcel *parcel = parcel_of (files->bob, offered);

      mute (files, sent);
      accept (files, offered);
      g_assert_cmpuint (parcel->request, !=, 0);
      if (i == 0)
        say (files, KITH_RECORD_FILE_LEAVES, parcel->request, 0, zeros, 4 * KITH_HASH_BYTES);
      else if (i == 1)
        say (files, KITH_RECORD_FILE_LEAVES, parcel->request, 1, zeros, KITH_HASH_BYTES);
      else
        {
          say (files, KITH_RECORD_FILE_CHUNK, parcel->request, 0, zeros, LEAF);
          say (files, KITH_RECORD_FILE_CHUNK, parcel->request + 1, 0, zeros, LEAF);
          say (files, KITH_RECORD_FILE_LEAVES, 0, 0, zeros, KITH_HASH_BYTES);
        }
      if (i < 2)
        assert_failed (files, offered);
      message = test_person_send (files->alice, files->bob, "you are still there");
      test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
      parcel_of (files->alice, sent)->working = FALSE;
    }
}

static void
test_piece_that_was_not_asked_for (void)
{
  static const guint8 zeros[LEAF] = { 0 };
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 100 * LEAF);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  KithParcel *parcel = parcel_of (files->bob, offered);

  accept (files, offered);
  test_wait_for (parcel->fetching == KITH_FETCHING_CHUNKS);
  mute (files, sent);
  say (files, KITH_RECORD_FILE_CHUNK, parcel->request, 99, zeros, LEAF);
  assert_failed (files, offered);
  parcel_of (files->alice, sent)->working = FALSE;
}

/* --- Offers --------------------------------------------------------------------------------- */

/* Offers what Alice has offered already, but says something else of it. @file: (transfer full).
 * Returns: (transfer full): as Bob has it */
static KithTransfer *
offer_again (TestFiles *files, KithStoreTransfer *file)
{
  KithPeer *peer = peer_of (files->alice, files->bob);
  KithStoreMessage *row = kith_messenger_new_row (peer, KITH_STORE_KIND_TEXT);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithMessage) message = NULL;

  row->text = g_strdup ("a file");
  row->file = file;
  kith_messenger_send_file (peer, row, g_task_new (NULL, NULL, test_result_cb, &result));
  message = g_task_propagate_pointer (G_TASK (test_await (&result)), NULL);
  g_assert_nonnull (message);
  return test_files_find (files->bob, kith_message_get_transfer (message));
}

static KithStoreTransfer *
file_of (TestFiles *files, KithTransfer *sent)
{
  return kith_store_transfer_copy (parcel_of (files->alice, sent)->row->file);
}

static void
test_wrong_size (void)
{
  static const gint64 lies[] = { -1, 1, LEAF, 100 * LEAF };

  for (gsize i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      g_autoptr (TestFiles) files = test_files_new ();
      g_autofree char *path = test_files_make (files, "x.bin", 3 * LEAF);
      g_autoptr (KithTransfer) sent = test_files_send (files, path);
      KithStoreTransfer *file = file_of (files, sent);
      g_autoptr (KithTransfer) offered = NULL;

      file->size += (guint64) lies[i];
      offered = offer_again (files, file);
      accept (files, offered);
      /* Whoever is asked for more than there is ends the session; else it comes to light. */
      test_wait_for (kith_transfer_get_state (offered) != KITH_TRANSFER_RUNNING);
      g_assert_cmpint (kith_transfer_get_state (offered), !=, KITH_TRANSFER_DONE);
      g_assert_cmpuint (test_files_count (files->inbox), ==, 0);
    }
}

static void
test_names (void)
{
  static const char *const names[][2] = {
    { "../../x", "x" },           { "C:\\x", "x (2)" },       { "/etc/x", "x (3)" },
    { "CON", "CON_" },            { ".bashrc", "bashrc" },    { "a\xe2\x80\xaegpj.exe", "agpj.exe" },
    { "..", "file" },             { "", "file (2)" },         { "link", "link (2)" },
    { "folder", "folder (2)" },
  };
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 1000);
  g_autofree char *secret = test_files_make (files, "secret", 7);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autofree char *link = g_build_filename (files->inbox, "link", NULL);
  g_autofree char *folder = g_build_filename (files->inbox, "folder", NULL);
  struct stat info;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_cmpint (symlink (secret, link), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      KithStoreTransfer *file = file_of (files, sent);
      g_autofree char *expected = g_build_filename (files->inbox, names[i][1], NULL);
      g_autoptr (KithTransfer) offered = NULL;

      g_free (file->name);
      file->name = g_strdup (names[i][0]);
      offered = offer_again (files, file);
      accept (files, offered);
      test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_DONE);
      g_assert_cmpstr (kith_transfer_get_path (offered), ==, expected);
      test_files_assert_same (path, expected);
    }

  g_assert_cmpint (stat (secret, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 7);
  g_assert_cmpint (lstat (link, &info), ==, 0);
  g_assert_true (S_ISLNK (info.st_mode));
}

/* The beginning of a file is called the list of a folder. */
static void
offer_list (TestFiles *files, const char *const *paths)
{
  g_autoptr (KithFileList) list = kith_file_list_new ();
  g_autoptr (GByteArray) all = g_byte_array_new ();
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (KithTransfer) sent = NULL;
  g_autoptr (KithTransfer) offered = NULL;
  KithStoreTransfer *file;

  for (guint i = 0; paths[i] != NULL; i++)
    kith_file_list_add (list, paths[i], 4, FALSE);
  packed = kith_file_list_pack (list);
  g_byte_array_append (all, g_bytes_get_data (packed, NULL), (guint) g_bytes_get_size (packed));
  for (guint i = 0; paths[i] != NULL; i++)
    g_byte_array_append (all, (const guint8 *) "evil", 4);
  bytes = g_bytes_new (all->data, all->len);

  sent = test_files_send_file (files, kith_outgoing_file_new_for_bytes (bytes, "folder", NULL));
  file = file_of (files, sent);
  file->kept = FALSE;
  file->list_bytes = (guint32) g_bytes_get_size (packed);
  offered = offer_again (files, file);
  g_assert_true (kith_transfer_is_folder (offered));
  accept (files, offered);
  assert_failed (files, offered);
}

static void
test_lists (void)
{
  static const char *const lists[][4] = {
    { "../escaped", NULL },         { "fine", "a/../../escaped", NULL }, { "/tmp/escaped", NULL },
    { "a", "a/escaped", NULL },     { "a//escaped", NULL },              { "a\\..\\escaped", NULL },
  };
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *escaped = g_build_filename (files->folder, "escaped", NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      offer_list (files, lists[i]);
      test_files_assert_tidy (files);
    }
  g_assert_false (g_file_test (escaped, G_FILE_TEST_EXISTS));
}

/* Whoever can write into the folder puts a link where the beginning of a file was. */
static void
test_link_instead_of_partial (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 4000 * 1000);
  g_autofree char *secret = test_files_make (files, "secret", 7);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autofree char *partial = NULL;
  g_autoptr (GError) error = NULL;
  struct stat info;

  accept (files, offered);
  partial = g_strdup (parcel_of (files->bob, offered)->row->file->path);
  kith_node_pause_file (files->bob->node, offered, &error);
  g_assert_no_error (error);
  test_wait_for (!parcel_of (files->bob, offered)->working);
  test_files_restart (files, files->bob);
  g_clear_object (&offered);
  offered = test_files_find (files->bob, sent);

  g_unlink (partial);
  g_assert_cmpint (symlink (secret, partial), ==, 0);
  kith_node_resume_file (files->bob->node, offered, &error);
  g_assert_no_error (error);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_FAILED);
  g_assert_cmpint (stat (secret, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 7);
}

/* --- Asking for what is not theirs ---------------------------------------------------------- */

static void
ask (TestPerson *who, TestPerson *whom, const KithBodyFileGet *get)
{
  g_assert_true (kith_session_send_bytes (peer_of (who, whom)->session, KITH_RECORD_FILE_GET,
                                          kith_body_file_get_pack (get)));
}

static void
test_asking (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  TestPerson *carol = test_person_new ("Carol");
  g_autofree char *path = test_files_make (files, "for bob.bin", 3 * LEAF);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  G_GNUC_UNUSED g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  KithBodyFileGet get = { .request = 1, .what = KITH_FILE_CHUNKS, .count = 3 };
  g_autoptr (KithMessage) message = NULL;

  test_befriend (carol, files->alice);
  memcpy (get.root, parcel_of (files->alice, sent)->row->file->root, sizeof get.root);
  g_assert_null (kith_transfers_may_serve (peer_of (files->alice, carol), &get));
  g_assert_nonnull (kith_transfers_may_serve (peer_of (files->alice, files->bob), &get));

  /* Carol knows what to ask for, and gets no more than anybody would. */
  ask (carol, files->alice, &get);
  message = test_person_send (carol, files->alice, "hm");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  g_assert_null (peer_of (files->alice, carol)->serving);
  g_assert_cmpint (kith_transfer_get_state (sent), ==, KITH_TRANSFER_OFFERED);

  /* Bob asks for more than there is: that is no mistake of an honest node. */
  get.count = 4;
  ask (files->bob, files->alice, &get);
  test_wait_for (!test_person_is_online (files->alice, files->bob));
  test_person_free (carol);
}

static void
test_asking_without_end (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 3 * LEAF);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  KithBodyFileGet get = { .request = 1, .what = KITH_FILE_CHUNKS, .count = 1 };

  mute (files, sent);
  memcpy (get.root, parcel_of (files->alice, sent)->row->file->root, sizeof get.root);
  for (guint i = 0; i <= KITH_LIMIT_FILE_ASKS; i++)
    ask (files->bob, files->alice, &get);
  test_wait_for (!test_person_is_online (files->alice, files->bob));
  parcel_of (files->alice, sent)->working = FALSE;
}

static void
say_state (TestFiles *files, const guint8 *root, KithFileStatus status)
{
  KithBodyFileState state = { .status = status };

  memcpy (state.root, root, sizeof state.root);
  g_assert_true (kith_session_send_bytes (peer_of (files->alice, files->bob)->session,
                                          KITH_RECORD_FILE_STATE, kith_body_file_state_pack (&state)));
}

static void
count_states_cb (KithNode *node, KithTransfer *transfer, const char *change, guint *n)
{
  if (g_str_equal (change, "state"))
    (*n)++;
}

/* Whoever says at once, and again and again, that a file can be sent and cannot, is listened to a few times; what
 * holds in the end is what was said last. And how a file ended that there is not is no matter for the disk. */
static void
test_to_and_fro (void)
{
  enum { N = 200 };
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 3 * LEAF);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  KithParcel *parcel = parcel_of (files->bob, offered);
  g_autoptr (KithMessage) message = NULL;
  guint8 other[KITH_HASH_BYTES] = { 1 };
  guint n = 0;
  gulong handler = g_signal_connect (files->bob->node, "transfer-changed", G_CALLBACK (count_states_cb), &n);

  for (guint i = 0; i < N; i++)
    {
      say_state (files, parcel->row->file->root, KITH_FILE_PAUSED);
      say_state (files, parcel->row->file->root, KITH_FILE_READY);
      say_state (files, other, KITH_FILE_DONE);
    }
  message = test_person_send (files->alice, files->bob, "said it");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (n, <, N);
  test_wait_for (!kith_transfer_get_paused_by_them (offered));
  g_signal_handler_disconnect (files->bob->node, handler);

  accept (files, offered);
  test_wait_for (kith_transfer_get_state (offered) == KITH_TRANSFER_DONE);
}

/* What is said of files more often than anybody honest does is not listened to; what is said later is. */
static void
test_states_without_end (void)
{
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "x.bin", 3 * LEAF);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (KithMessage) later = NULL;

  test_stopped_clock_begin (files->bob);
  for (guint i = 0; i < KITH_LIMIT_FILE_STATES_BURST; i++)
    {
      guint8 root[KITH_HASH_BYTES];

      randombytes_buf (root, sizeof root);
      say_state (files, root, KITH_FILE_GONE);
    }
  say_state (files, parcel_of (files->bob, offered)->row->file->root, KITH_FILE_PAUSED);
  message = test_person_send (files->alice, files->bob, "said it");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  g_assert_false (kith_transfer_get_paused_by_them (offered));

  test_stopped_clock_pass (KITH_LIMIT_FILE_STATES_REFILL_MS * G_GINT64_CONSTANT (1000));
  say_state (files, parcel_of (files->bob, offered)->row->file->root, KITH_FILE_PAUSED);
  later = test_person_send (files->alice, files->bob, "said it again");
  test_wait_for (kith_message_get_state (later) == KITH_MESSAGE_DELIVERED);
  g_assert_true (kith_transfer_get_paused_by_them (offered));
  test_stopped_clock_end (files->bob);
}

/* What Alice has offered so far, as @file says it, and much more like it, which is nowhere. */
static void
offer_much (TestFiles *files, const KithStoreTransfer *file, guint n)
{
  KithPeer *peer = peer_of (files->alice, files->bob);
  g_autoptr (KithMessage) last = NULL;

  for (guint i = 0; i < n; i++)
    {
      KithStoreMessage *row = kith_messenger_new_row (peer, KITH_STORE_KIND_TEXT);

      row->text = g_strdup ("a file");
      row->file = kith_store_transfer_copy (file);
      randombytes_buf (row->file->root, sizeof row->file->root);
      kith_messenger_send_file (peer, row, g_task_new (NULL, NULL, NULL, NULL));
    }
  last = test_person_send (files->alice, files->bob, "and all that");
  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_DELIVERED);
}

/* (transfer full): how Bob sees a message that he goes back to */
static KithMessage *
go_back_to (TestFiles *files, KithMessage *message)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithMessage *there;

  kith_node_jump_to_message_async (files->bob->node, test_person_conversation (files->bob, files->alice), message,
                                   NULL, test_result_cb, &result);
  there = kith_node_jump_finish (files->bob->node, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_nonnull (there);
  return there;
}

static guint
count_files (TestPerson *who)
{
  return g_list_model_get_n_items (kith_node_get_transfers (who->node));
}

/* Whoever offers without end gets no more of Bob's memory than is shown and a little, whatever he says of it makes no
 * work, and what was offered long ago can still be had. */
static void
test_offers_without_end (void)
{
  enum { N_OFFERS = 4000, N_STATES = 3000, MOST = 1500 };
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "first.bin", 3 * LEAF);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autoptr (KithMessage) first = g_object_ref (
    kith_conversation_get_last_message (test_person_conversation (files->bob, files->alice)));
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (KithMessage) again = NULL;
  g_autoptr (KithStoreTransfer) file = file_of (files, sent);
  guint n_schedules;

  offer_much (files, file, N_OFFERS);
  g_assert_cmpuint (count_files (files->bob), <, MOST);
  g_assert_cmpuint (files->bob->node->transfers->parcels->len, ==, count_files (files->bob));
  g_assert_null (parcel_of (files->bob, offered));

  n_schedules = files->bob->node->transfers->n_schedules;
  for (guint i = 0; i < N_STATES; i++)
    {
      guint8 root[KITH_HASH_BYTES];

      randombytes_buf (root, sizeof root);
      say_state (files, root, KITH_FILE_GONE);
    }
  message = test_person_send (files->alice, files->bob, "said it");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (files->bob->node->transfers->n_schedules - n_schedules, <, 10);

  again = go_back_to (files, first);
  accept (files, kith_message_get_transfer (again));
  test_wait_for (kith_transfer_get_state (kith_message_get_transfer (again)) == KITH_TRANSFER_DONE);

  /* Nor is all of it read when he comes back. */
  test_files_restart (files, files->bob);
  g_assert_cmpuint (count_files (files->bob), <, MOST);
}

/* (transfer full): the file of a message that Bob goes back to, which was taken back */
static void
assert_taken_back (TestFiles *files, KithMessage *message)
{
  g_autoptr (KithMessage) again = go_back_to (files, message);
  KithTransfer *offered = kith_message_get_transfer (again);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (kith_transfer_get_state (offered), ==, KITH_TRANSFER_CANCELLED);
  g_assert_nonnull (kith_transfer_get_error (offered));
  g_assert_false (kith_node_accept_file (files->bob->node, offered, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
}

/* An offer that was left to the store, for there were too many, is taken back: there too. */
static void
test_taken_back_when_left (void)
{
  enum { N_OFFERS = 2000 };
  g_autoptr (TestFiles) files = test_files_new ();
  g_autofree char *path = test_files_make (files, "first.bin", 3 * LEAF);
  g_autoptr (KithTransfer) sent = test_files_send (files, path);
  g_autoptr (KithTransfer) offered = test_files_offered (files, sent);
  g_autoptr (KithMessage) first = g_object_ref (
    kith_conversation_get_last_message (test_person_conversation (files->bob, files->alice)));
  g_autoptr (KithStoreTransfer) file = file_of (files, sent);

  offer_much (files, file, N_OFFERS);
  g_assert_null (parcel_of (files->bob, offered));
  g_assert_false (parcel_of (files->alice, sent)->row->file->told && kith_transfer_is_over (sent));
  g_assert_true (kith_node_cancel_file (files->alice->node, sent, NULL));
  test_wait_for (parcel_of (files->alice, sent)->row->file->told);

  assert_taken_back (files, first);
  test_files_restart (files, files->bob);
  assert_taken_back (files, first);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_add_func ("/node/files/attacks/wrong-piece", test_wrong_piece);
  g_test_add_func ("/node/files/attacks/wrong-leaves", test_wrong_leaves);
  g_test_add_func ("/node/files/attacks/odd-answers", test_odd_answers);
  g_test_add_func ("/node/files/attacks/piece-that-was-not-asked-for", test_piece_that_was_not_asked_for);
  g_test_add_func ("/node/files/attacks/wrong-size", test_wrong_size);
  g_test_add_func ("/node/files/attacks/names", test_names);
  g_test_add_func ("/node/files/attacks/lists", test_lists);
  g_test_add_func ("/node/files/attacks/link-instead-of-partial", test_link_instead_of_partial);
  g_test_add_func ("/node/files/attacks/asking", test_asking);
  g_test_add_func ("/node/files/attacks/asking-without-end", test_asking_without_end);
  g_test_add_func ("/node/files/attacks/to-and-fro", test_to_and_fro);
  g_test_add_func ("/node/files/attacks/states-without-end", test_states_without_end);
  g_test_add_func ("/node/files/attacks/offers-without-end", test_offers_without_end);
  g_test_add_func ("/node/files/attacks/taken-back-when-left", test_taken_back_when_left);

  return g_test_run ();
}
