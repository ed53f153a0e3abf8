/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make-corpus-profiles FOLDER: what is in the backups of people who have talked to each other, over real sockets. Their keys
 * are made by chance, so that it is another corpus each time. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "kith-test-acts.h"
#include "kith-test-trio.h"
#include "node/kith-node-broadcast.h"
#include "node/kith-node-files.h"
#include "node/kith-node-history.h"
#include "node/kith-node-invites.h"
#include "node/kith-settings.h"
#include "store/kith-backup-file.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"

#define REST_MS 300

static const char *root;

/* --- Writing -------------------------------------------------------------------------------- */

/* (transfer full): what is behind the head of a backup */
static GByteArray *
read_plain (GFile *file, KithSecret *passphrase)
{
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autoptr (KithBackupReader) reader = kith_backup_reader_new (G_INPUT_STREAM (stream), passphrase, NULL);
  GByteArray *plain = g_byte_array_new ();
  guint8 byte;

  g_assert_nonnull (reader);
  while (!kith_backup_reader_is_at_end (reader) && kith_backup_reader_read (reader, &byte, 1, NULL))
    g_byte_array_append (plain, &byte, 1);
  return plain;
}

static void
put (TestPerson *person, const char *name)
{
  g_autofree char *folder = g_build_filename (root, "restored", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (KithSecret) passphrase = kith_passphrase_new ("fuzz", NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GByteArray) plain = NULL;
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0755);
  g_remove (path);
  kith_store_export_async (person->store, file, passphrase, NULL, NULL, NULL, test_result_cb, &result);
  kith_store_export_finish (person->store, test_await (&result), NULL, &error);
  g_assert_no_error (error);
  plain = read_plain (file, passphrase);
  g_file_set_contents (path, (const char *) plain->data, (gssize) plain->len, &error);
  g_assert_no_error (error);
}

/* --- What they do --------------------------------------------------------------------------- */

static void
share (TestPerson *person, KithConversation *conversation, const char *name)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("What is shared", 14);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) transfers = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (files, kith_outgoing_file_new_for_bytes (bytes, name, "text/plain"));
  kith_node_send_files_async (person->node, conversation, files, NULL, test_result_cb, &result);
  transfers = kith_node_send_files_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
}

static void
react (TestPerson *person, KithConversation *conversation, KithMessage *message)
{
  GAsyncResult *result = NULL;

  kith_node_react_async (person->node, conversation, kith_message_get_id (message), "\xf0\x9f\x91\x8d", NULL,
                         test_result_cb, &result);
  test_finish_well (person, &result, kith_node_react_finish);
}

/* Everything that can become of a message. */
static void
talk (TestPerson *person, KithConversation *conversation)
{
  g_autoptr (KithMessage) hello = test_person_send_in (person, conversation, "Hello");
  g_autoptr (KithMessage) edited = test_person_send_in (person, conversation, "Hello, wolrd");
  g_autoptr (KithMessage) deleted = test_person_send_in (person, conversation, "Oh");
  g_autoptr (GAsyncResult) replied = NULL;
  g_autoptr (KithMessage) reply = NULL;

  trio_rest (REST_MS);
  test_person_edit (person, edited, "Hello, world");
  test_person_delete (person, deleted, KITH_DELETE_FOR_BOTH);
  react (person, conversation, hello);
  kith_node_reply_async (person->node, conversation, "Anybody?", kith_message_get_id (hello), 3600, NULL,
                         test_result_cb, &replied);
  reply = kith_node_send_finish (person->node, test_await (&replied), NULL);
  g_assert_nonnull (reply);
  share (person, conversation, "a.txt");
  trio_rest (REST_MS);
}

static void
broadcast (TestPerson *person)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithBroadcast) sent = NULL;

  kith_node_broadcast_async (person->node, NULL, "To all", NULL, test_result_cb, &result);
  sent = kith_node_broadcast_finish (person->node, test_await (&result), NULL);
  g_assert_nonnull (sent);
}

static void
invite (TestPerson *person)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithInvitation) invitation = NULL;

  kith_node_create_invite_async (person->node, 0, "For Eve", NULL, test_result_cb, &result);
  invitation = kith_node_create_invite_finish (person->node, test_await (&result), NULL);
  g_assert_nonnull (invitation);
}

/* Asks, and is gone. */
static void
ask (TestPerson *asked)
{
  g_autoptr (TestPerson) dan = trio_person_new ("dan");
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_connect_async (dan->node, "127.0.0.1", kith_node_get_listen_port (asked->node), "May I?", NULL,
                           test_result_cb, &connected);
  kith_node_connect_finish (dan->node, test_await (&connected), NULL, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (asked->node)) == 1);
  put (dan, "dan-who-asks");
}

/* What is kept of somebody besides what they say. */
static void
settle_in (TestPerson *person, TestPerson *other)
{
  KithConversation *conversation = test_person_conversation (person, other);
  KithContact *contact = test_person_contact (person, other);
  GAsyncResult *result = NULL;

  test_person_set_ttl (person, other, 3600);
  kith_node_set_alias_async (person->node, contact, "Benny", NULL, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_set_alias_finish);
  kith_node_set_note_async (person->node, contact, "A note", NULL, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_set_note_finish);
  kith_node_set_conversation_pinned_async (person->node, conversation, TRUE, NULL, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_set_conversation_finish);
  kith_node_set_setting (person->node, KITH_SETTING_BOOTSTRAP, "localhost:4222");
  kith_node_set_setting_int (person->node, KITH_SETTING_FILES_AUTO, 1000);
  kith_conversation_set_draft (conversation, "A draft");
  kith_node_save_draft (person->node, conversation);
}

/* The others are not there: it waits. */
static void
write_alone (TestPerson *person, KithConversation *conversation)
{
  g_autoptr (KithMessage) waiting = NULL;
  g_autoptr (KithMessage) posted = NULL;

  waiting = test_person_send_in (person, conversation, "Waiting");
  react (person, conversation, waiting);
  posted = trio_post (person, "Waiting too");
}

static void
tell_stories (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  KithConversation *with_ben;
  GAsyncResult *result = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  put (cat, "cat-new-member");
  talk (ann, test_person_conversation (ann, ben));
  talk (ben, test_person_conversation (ben, ann));
  put (ben, "ben-few-messages");
  talk (ann, trio_chat (ann));
  talk (cat, trio_chat (cat));
  broadcast (ann);
  invite (ann);
  ask (ann);
  settle_in (ann, ben);
  kith_node_make_group_link_async (ann->node, trio_group (ann), 0, NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  trio_rest (REST_MS);
  put (ann, "ann-founder");
  put (cat, "cat-member");

  kith_node_transfer_admin_async (ann->node, trio_group (ann), trio_member (ann, cat), NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  kith_node_kick_async (ann->node, trio_group (ann), trio_member (ann, ben), NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  trio_rest (REST_MS);
  put (ben, "ben-kicked");
  with_ben = test_person_conversation (ann, ben);
  test_person_stop (ben);
  write_alone (ann, with_ben);
  put (ann, "ann-alone");
}

int
main (int argc, char **argv)
{
  if (argc != 2 || sodium_init () < 0)
    return 2;

  root = argv[1];
  kith_key_wrap_make_it_cheap ();
  tell_stories ();
  return 0;
}
