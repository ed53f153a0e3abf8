/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left in the memory of a process after the profile was locked. It is searched for what must not be there,
 * and before that, to know that the search finds it, while it is there. The other person is a process of their own:
 * what they know is not to be found here. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>
#include <sodium.h>

#include "kith-test-acts.h"
#include "kith-test-memory.h"
#include "net/kith-channel-private.h"
#include "net/kith-session-private.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-history.h"
#include "node/kith-node-requests.h"
#include "node/kith-profile-folder-private.h"
#include "store/kith-key-wrap.h"
#include "store/kith-vault.h"

#define SEED "7"

static const char *program;

/* Returns: (transfer full): letters that nothing else has, the same in both processes; to be wiped */
static char *
dup_letters (const char *what)
{
  guint8 hash[20];
  char *text = g_malloc (2 * sizeof hash + 1);

  crypto_generichash (hash, sizeof hash, (const guint8 *) what, strlen (what), (const guint8 *) SEED "-of-the-letters",
                      strlen (SEED "-of-the-letters"));
  sodium_bin2hex (text, 2 * sizeof hash + 1, hash, sizeof hash);
  sodium_memzero (hash, sizeof hash);
  return text;
}

static void
find_letters (TestNeedle *needle, const char *what)
{
  char *letters = dup_letters (what);

  test_needle_init (needle, what, letters, strlen (letters));
  kith_secret_free_text (letters);
}

/* --- The other person ----------------------------------------------------------------------- */

/* Once somebody has answered, the text is another one. */
static void
edit_after_answer (TestPerson *ben, KithConversation *conversation, KithMessage *message)
{
  KithMessageList *list = kith_conversation_get_messages (conversation);
  char *text = dup_letters ("the text of theirs, edited");

  test_wait_for (kith_message_list_get_length (list) > 1);
  test_person_edit (ben, message, text);
  kith_secret_free_text (text);
}

/* Writes in the group that they are invited to. */
static void
join_and_write (TestPerson *ben)
{
  GListModel *groups = kith_node_get_groups (ben->node);
  g_autoptr (GAsyncResult) joined = NULL;
  g_autoptr (KithGroup) group = NULL;
  g_autoptr (KithMessage) message = NULL;
  char *text = dup_letters ("in the group, by them");

  test_wait_for (g_list_model_get_n_items (groups) == 1);
  group = g_list_model_get_item (groups, 0);
  kith_node_accept_group_invitation_async (ben->node, group, NULL, NULL, test_result_cb, &joined);
  g_assert_true (kith_node_group_finish (ben->node, test_await (&joined), NULL));
  test_wait_for (kith_group_get_state (group) == KITH_MEMBERSHIP_MEMBER);
  message = test_person_send_in (ben, kith_node_get_group_conversation (ben->node, group), text);
  kith_secret_free_text (text);
}

/* @role: "ben"; "ben-edits" has second thoughts, "ben-joins" comes into a group */
static int
be_ben (const char *role, const char *port)
{
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (KithContact) ann = NULL;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (GAsyncResult) sent = NULL;
  char *text = dup_letters ("the text of theirs");

  kith_node_connect_async (ben->node, "127.0.0.1", (guint16) atoi (port), NULL, NULL, test_result_cb, &connected);
  g_assert_true (kith_node_connect_finish (ben->node, test_await (&connected), NULL, &ann, NULL));
  test_wait_for (kith_contact_get_relation (ann) == KITH_RELATION_MUTUAL
                 && kith_contact_get_presence (ann) == KITH_PRESENCE_ONLINE);
  kith_node_send_async (ben->node, kith_node_get_conversation (ben->node, ann), text, NULL, test_result_cb, &sent);
  message = kith_node_send_finish (ben->node, test_await (&sent), NULL);
  g_assert_nonnull (message);
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  if (g_str_equal (role, "ben-edits"))
    edit_after_answer (ben, kith_node_get_conversation (ben->node, ann), message);
  if (g_str_equal (role, "ben-joins"))
    join_and_write (ben);
  while (TRUE)
    g_main_context_iteration (NULL, TRUE); /* until we are killed */

  return 0;
}

/* --- Ann ------------------------------------------------------------------------------------ */

enum
{
  PASSPHRASE,
  MASTER_KEY,
  N_OPENING, /* those that are needed to open it, and not longer */
  DATABASE_KEY = N_OPENING,
  PAGE_KEY,
  FRAME_KEY,
  IDENTITY_SEED,
  DEVICE_KEY,
  N_STORED,
  PAIR_ROOT = N_STORED,
  SENDING_KEY,
  RECEIVING_KEY,
  EXPORTER,
  SAS_KEY,
  GROUP_KEY,
  TEXT_OF_THEIRS,
  TEXT_OF_OURS,
  DRAFT,
  N_IN_A_SESSION,
  EDITED_BY_THEM = N_IN_A_SESSION,
  EDITED_BY_US,
  ANSWER,
  WAITING,
  WAITING_EDITED,
  IN_GROUP,
  IN_GROUP_EDITED,
  IN_GROUP_BY_THEM,
  N_NEEDLES,
};

/* Of the needles from TEXT_OF_THEIRS on, the letters. */
static const char *const texts[] = {
  "the text of theirs", "the text of ours", "the draft", "the text of theirs, edited", "the text of ours, edited",
  "the answer", "what waits", "what waits, edited", "in the group", "in the group, edited",
  "in the group, by them",
};

G_STATIC_ASSERT (G_N_ELEMENTS (texts) == N_NEEDLES - TEXT_OF_THEIRS);

typedef struct
{
  char              *path;   /* (owned) */
  KithProfileFolder *folder; /* (owned) */
  GSubprocess       *ben;    /* (owned) (nullable) */
  TestNeedle         needles[N_NEEDLES];
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->path = g_dir_make_tmp ("kith-memory-XXXXXX", NULL);
  self->folder = kith_profile_folder_open (self->path, NULL);
  g_assert_nonnull (self->folder);
  find_letters (&self->needles[PASSPHRASE], "the passphrase");
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    find_letters (&self->needles[TEXT_OF_THEIRS + i], texts[i]);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_autoptr (GAsyncResult) erased = NULL;

  if (self->ben != NULL)
    g_subprocess_force_exit (self->ben);
  g_clear_object (&self->ben);
  kith_profile_folder_erase_async (self->folder, FALSE, test_result_cb, &erased);
  g_assert_true (kith_profile_folder_erase_finish (self->folder, test_await (&erased), NULL));
  kith_profile_folder_release (self->folder);
  g_clear_object (&self->folder);
  g_rmdir (self->path);
  g_free (self->path);
}

static void
open_profile (Fixture *self, gboolean is_new)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) named = NULL;
  g_autoptr (GError) error = NULL;
  char *passphrase = dup_letters ("the passphrase");

  if (is_new)
    kith_profile_folder_create_async (self->folder, passphrase, NULL, test_result_cb, &opened);
  else
    kith_profile_folder_unlock_async (self->folder, passphrase, NULL, test_result_cb, &opened);
  kith_secret_free_text (passphrase);
  kith_profile_folder_unlock_finish (self->folder, test_await (&opened), &error);
  g_assert_no_error (error);
  if (!is_new)
    return;

  kith_node_create_profile_async (self->folder->node, "Ann", NULL, test_result_cb, &named);
  g_assert_true (kith_node_create_profile_finish (self->folder->node, test_await (&named), NULL));
}

static void
lock (Fixture *self)
{
  g_autoptr (GAsyncResult) locked = NULL;
  g_autoptr (GError) error = NULL;

  kith_profile_folder_lock_async (self->folder, test_result_cb, &locked);
  kith_profile_folder_lock_finish (self->folder, test_await (&locked), &error);
  g_assert_no_error (error);
  g_clear_object (&locked);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
note_secret (Fixture *self, guint needle, const char *what, KithSecret *secret)
{
  test_needle_init (&self->needles[needle], what, kith_secret_get_data (secret), kith_secret_get_len (secret));
}

/* The keys that come from the passphrase: they are found while they are held here. */
static void
note_opening_keys (Fixture *self)
{
  g_autofree char *vault = kith_profile_folder_dup_file (self->folder, KITH_PROFILE_VAULT);
  char *text = dup_letters ("the passphrase");
  g_autoptr (KithSecret) passphrase = kith_passphrase_new (text, NULL);
  g_autoptr (KithSecret) master = kith_vault_unlock (vault, passphrase, NULL);
  g_autoptr (KithSecret) database = NULL;
  g_autoptr (KithSecret) pages = NULL;
  g_autoptr (KithSecret) frames = NULL;

  kith_secret_free_text (text);
  g_assert_nonnull (master);
  database = kith_vault_derive (master, KITH_PROFILE_DATABASE_LABEL);
  pages = kith_vault_derive (database, "kith1 db-page");
  frames = kith_vault_derive (database, "kith1 db-frame");
  note_secret (self, MASTER_KEY, "the master key", master);
  note_secret (self, DATABASE_KEY, "the key of the database", database);
  note_secret (self, PAGE_KEY, "the key of the pages", pages);
  note_secret (self, FRAME_KEY, "the key of the log", frames);

  test_memory_search (self->needles, N_OPENING);
  for (guint i = 0; i < N_OPENING; i++)
    g_assert_cmpuint (self->needles[i].n_found, >, 0);
}

static void
note_stored_keys (Fixture *self)
{
  const KithStoreProfile *profile = self->folder->node->profile_row;

  note_opening_keys (self);
  note_secret (self, IDENTITY_SEED, "the secret of the identity", profile->identity_seed);
  note_secret (self, DEVICE_KEY, "the key of the device", profile->device_key);
}

static void
note_key (Fixture *self, guint needle, const char *what, const guint8 key[KITH_KEY_BYTES])
{
  test_needle_init (&self->needles[needle], what, key, KITH_KEY_BYTES);
}

static void
note_session_keys (Fixture *self, const KithSession *session)
{
  note_key (self, SENDING_KEY, "the key for what is sent", session->channel->sending.key);
  note_key (self, RECEIVING_KEY, "the key for what is received", session->channel->receiving.key);
  note_key (self, EXPORTER, "the exporter", session->channel->exporter);
  note_key (self, SAS_KEY, "the key for words", session->sas_key);
  note_key (self, GROUP_KEY, "the key for groups", session->group_key);
}

static KithPeer *
only_peer (Fixture *self)
{
  GHashTableIter iter;
  gpointer peer = NULL;

  g_hash_table_iter_init (&iter, self->folder->node->peers);
  g_hash_table_iter_next (&iter, NULL, &peer);
  return peer;
}

static gboolean
has_text (KithConversation *conversation, guint needle)
{
  KithMessageList *list = kith_conversation_get_messages (conversation);
  char *text = dup_letters (texts[needle - TEXT_OF_THEIRS]);
  gboolean is_there = FALSE;

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    is_there |= g_str_equal (kith_message_get_text (kith_message_list_get (list, i)), text);
  kith_secret_free_text (text);
  return is_there;
}

/* (transfer full) */
static KithMessage *
say (Fixture *self, KithConversation *conversation, guint needle)
{
  TestPerson ann = { .node = self->folder->node };
  char *text = dup_letters (texts[needle - TEXT_OF_THEIRS]);
  KithMessage *message = test_person_send_in (&ann, conversation, text);

  kith_secret_free_text (text);
  return message;
}

/* Returns: (transfer full): what we said. @role: of Ben, see be_ben() */
static KithMessage *
talk_to_ben (Fixture *self, const char *role)
{
  KithNode *node = self->folder->node;
  g_autofree char *port = NULL;
  g_autoptr (GAsyncResult) accepted = NULL;
  g_autoptr (KithRequest) request = NULL;
  g_autoptr (KithContact) contact = NULL;
  KithMessage *message;

  g_assert_true (kith_node_listen (node, "127.0.0.1", 0, FALSE, NULL));
  port = g_strdup_printf ("%u", kith_node_get_listen_port (node));
  self->ben = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, program, role, port, NULL);
  g_assert_nonnull (self->ben);
  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (node)) == 1);
  request = g_list_model_get_item (kith_node_get_requests (node), 0);
  kith_node_accept_async (node, request, NULL, test_result_cb, &accepted);
  contact = kith_node_accept_finish (node, test_await (&accepted), NULL);
  g_assert_nonnull (contact);
  test_wait_for (has_text (only_peer (self)->conversation, TEXT_OF_THEIRS));
  message = say (self, only_peer (self)->conversation, TEXT_OF_OURS);
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  return message;
}

/* What is being written, and is stored before all of it is. */
static void
write_draft (Fixture *self)
{
  char *text = dup_letters ("the draft");

  kith_conversation_set_draft (only_peer (self)->conversation, text);
  kith_secret_free_text (text);
  kith_node_save_draft (self->folder->node, only_peer (self)->conversation);
  kith_node_flush_drafts (self->folder->node);
}

static void
assert_found (Fixture *self, guint first, guint n)
{
  test_memory_search (self->needles + first, n);
  for (guint i = first; i < first + n; i++)
    if (self->needles[i].n_found == 0)
      g_error ("Not found, although it is there: %s", self->needles[i].what);
}

static void
assert_gone (Fixture *self, guint first, guint n)
{
  gboolean is_clean = TRUE;

  test_memory_search (self->needles + first, n);
  for (guint i = first; i < first + n; i++)
    if (self->needles[i].n_found > 0)
      {
        is_clean = FALSE;
        g_test_message ("%u times in memory: %s", self->needles[i].n_found, self->needles[i].what);
      }
  if (!is_clean)
    g_test_fail ();
}

static void
test_after_a_session (Fixture *self, gconstpointer data)
{
  g_autoptr (KithMessage) said = NULL;

  open_profile (self, TRUE);
  note_stored_keys (self);
  said = talk_to_ben (self, "ben");
  g_clear_object (&said);
  write_draft (self);
  note_secret (self, PAIR_ROOT, "the root of the pair", only_peer (self)->row->pair_root);
  note_session_keys (self, only_peer (self)->session);
  assert_found (self, N_OPENING, N_IN_A_SESSION - N_OPENING);
  assert_gone (self, 0, N_OPENING);

  lock (self);
  assert_gone (self, 0, N_NEEDLES);

  open_profile (self, FALSE);
  assert_found (self, N_OPENING, N_STORED - N_OPENING);
  assert_gone (self, 0, N_OPENING);
  assert_found (self, DRAFT, 1);
  kith_conversation_set_draft (only_peer (self)->conversation, "another");
  lock (self);
  assert_gone (self, 0, N_NEEDLES);
}

/* --- Texts that were changed ----------------------------------------------------------------- */

static void
edit (Fixture *self, KithMessage *message, guint needle)
{
  TestPerson ann = { .node = self->folder->node };
  char *text = dup_letters (texts[needle - TEXT_OF_THEIRS]);

  test_person_edit (&ann, message, text);
  kith_secret_free_text (text);
}

static void
answer (Fixture *self, KithMessage *message)
{
  KithNode *node = self->folder->node;
  char *text = dup_letters ("the answer");
  g_autoptr (GAsyncResult) sent = NULL;
  g_autoptr (KithMessage) answered = NULL;

  kith_node_reply_async (node, only_peer (self)->conversation, text, kith_message_get_id (message), -1, NULL,
                         test_result_cb, &sent);
  kith_secret_free_text (text);
  answered = kith_node_send_finish (node, test_await (&sent), NULL);
  g_assert_nonnull (answered);
  g_assert_cmpstr (kith_message_get_reply_text (answered), ==, kith_message_get_text (message));
}

/* Texts that took the place of others, what was quoted of them, and what was edited before it left. */
static void
test_edits (Fixture *self, gconstpointer data)
{
  g_autoptr (KithMessage) said = NULL;
  g_autoptr (KithMessage) waiting = NULL;

  open_profile (self, TRUE);
  said = talk_to_ben (self, "ben-edits");
  test_wait_for (has_text (only_peer (self)->conversation, EDITED_BY_THEM));
  answer (self, said);
  edit (self, said, EDITED_BY_US);
  g_subprocess_force_exit (self->ben);
  test_wait_for (only_peer (self)->session == NULL);
  waiting = say (self, only_peer (self)->conversation, WAITING);
  edit (self, waiting, WAITING_EDITED);
  assert_found (self, N_IN_A_SESSION, ANSWER - N_IN_A_SESSION + 1);
  assert_found (self, WAITING_EDITED, 1);

  g_clear_object (&said);
  g_clear_object (&waiting);
  lock (self);
  assert_gone (self, TEXT_OF_THEIRS, N_NEEDLES - TEXT_OF_THEIRS);
}

/* @after: (nullable): the last one. Returns: (transfer full): of a page */
static GPtrArray *
search (Fixture *self, guint needle, KithSearchHit *after)
{
  char *text = dup_letters (texts[needle - TEXT_OF_THEIRS]);
  g_autoptr (GAsyncResult) found = NULL;
  GPtrArray *hits;

  kith_node_search_async (self->folder->node, text, NULL, 10, after, NULL, test_result_cb, &found);
  kith_secret_free_text (text);
  hits = kith_node_search_finish (self->folder->node, test_await (&found), NULL);
  g_assert_nonnull (hits);
  return hits;
}

/* What was found, and what was asked for. */
static void
test_search (Fixture *self, gconstpointer data)
{
  g_autoptr (KithMessage) said = NULL;
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GPtrArray) rest = NULL;
  g_autoptr (GPtrArray) none = NULL;

  open_profile (self, TRUE);
  said = talk_to_ben (self, "ben");
  hits = search (self, TEXT_OF_OURS, NULL);
  g_assert_cmpuint (hits->len, ==, 1);
  rest = search (self, TEXT_OF_OURS, g_ptr_array_index (hits, 0));
  none = search (self, DRAFT, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  assert_found (self, TEXT_OF_OURS, 1);

  g_clear_object (&said);
  g_clear_pointer (&hits, g_ptr_array_unref);
  g_clear_pointer (&rest, g_ptr_array_unref);
  lock (self);
  assert_gone (self, TEXT_OF_THEIRS, DRAFT - TEXT_OF_THEIRS + 1);
}

/* Else nothing would have to be gone. It is mapped: no copy stays here. */
static void
assert_written (const char *path, guint needle)
{
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  char *text = dup_letters (texts[needle - TEXT_OF_THEIRS]);

  g_assert_nonnull (file);
  g_assert_nonnull (memmem (g_mapped_file_get_contents (file), g_mapped_file_get_length (file), text, strlen (text)));
  kith_secret_free_text (text);
}

static void
write_transcript (Fixture *self, KithTranscriptFormat format)
{
  KithNode *node = self->folder->node;
  g_autoptr (GAsyncResult) written = NULL;
  g_autofree char *folder = g_dir_make_tmp ("kith-memory-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "talk", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (path);

  kith_node_write_transcript_async (node, only_peer (self)->conversation, file, format, NULL, NULL, NULL,
                                    test_result_cb, &written);
  g_assert_true (kith_node_write_transcript_finish (node, test_await (&written), NULL, NULL));
  assert_written (path, TEXT_OF_THEIRS);
  assert_written (path, TEXT_OF_OURS);
  g_assert_true (g_file_delete (file, NULL, NULL));
  g_rmdir (folder);
}

static void
test_transcript (Fixture *self, gconstpointer data)
{
  g_autoptr (KithMessage) said = NULL;

  open_profile (self, TRUE);
  said = talk_to_ben (self, "ben");
  write_transcript (self, KITH_TRANSCRIPT_TEXT);
  write_transcript (self, KITH_TRANSCRIPT_HTML);

  g_clear_object (&said);
  lock (self);
  assert_gone (self, TEXT_OF_THEIRS, DRAFT - TEXT_OF_THEIRS + 1);
}

static void
test_group (Fixture *self, gconstpointer data)
{
  KithContact *guests[] = { NULL, NULL };
  g_autoptr (GAsyncResult) created = NULL;
  g_autoptr (KithGroup) group = NULL;
  g_autoptr (KithMessage) said = NULL;
  KithConversation *conversation;
  KithNode *node;

  open_profile (self, TRUE);
  node = self->folder->node;
  said = talk_to_ben (self, "ben-joins");
  g_clear_object (&said);
  guests[0] = only_peer (self)->contact;
  kith_node_create_group_async (node, "Choir", guests, NULL, test_result_cb, &created);
  group = kith_node_create_group_finish (node, test_await (&created), NULL, NULL);
  g_assert_nonnull (group);
  conversation = kith_node_get_group_conversation (node, group);
  test_wait_for (has_text (conversation, IN_GROUP_BY_THEM));
  assert_found (self, IN_GROUP_BY_THEM, 1);
  said = say (self, conversation, IN_GROUP);
  assert_found (self, IN_GROUP, 1);
  edit (self, said, IN_GROUP_EDITED);
  assert_found (self, IN_GROUP_EDITED, 1);

  g_clear_object (&said);
  g_clear_object (&group);
  g_clear_object (&created); /* which holds the node */
  lock (self);
  assert_gone (self, IN_GROUP, IN_GROUP_BY_THEM - IN_GROUP + 1);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;
  if (argc == 3 && g_str_has_prefix (argv[1], "ben"))
    return be_ben (argv[1], argv[2]);

  kith_key_wrap_make_it_cheap ();
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/memory/after-a-session", Fixture, NULL, set_up, test_after_a_session, tear_down);
  g_test_add ("/memory/edits", Fixture, NULL, set_up, test_edits, tear_down);
  g_test_add ("/memory/search", Fixture, NULL, set_up, test_search, tear_down);
  g_test_add ("/memory/transcript", Fixture, NULL, set_up, test_transcript, tear_down);
  g_test_add ("/memory/group", Fixture, NULL, set_up, test_group, tear_down);
  return g_test_run ();
}
