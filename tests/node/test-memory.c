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

#include "kith-test-memory.h"
#include "kith-test-people.h"
#include "net/kith-channel-private.h"
#include "net/kith-session-private.h"
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

static int
be_ben (const char *port)
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
  N_NEEDLES,
};

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
  find_letters (&self->needles[TEXT_OF_THEIRS], "the text of theirs");
  find_letters (&self->needles[TEXT_OF_OURS], "the text of ours");
  find_letters (&self->needles[DRAFT], "the draft");
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
has_text_of_theirs (Fixture *self)
{
  KithMessageList *list = kith_conversation_get_messages (only_peer (self)->conversation);
  char *text = dup_letters ("the text of theirs");
  gboolean is_there = FALSE;

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    is_there |= g_str_equal (kith_message_get_text (kith_message_list_get (list, i)), text);
  kith_secret_free_text (text);
  return is_there;
}

static void
send_ours (Fixture *self)
{
  char *text = dup_letters ("the text of ours");
  g_autoptr (GAsyncResult) sent = NULL;
  g_autoptr (KithMessage) message = NULL;

  kith_node_send_async (self->folder->node, only_peer (self)->conversation, text, NULL, test_result_cb, &sent);
  kith_secret_free_text (text);
  message = kith_node_send_finish (self->folder->node, test_await (&sent), NULL);
  g_assert_nonnull (message);
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
}

static void
talk_to_ben (Fixture *self)
{
  KithNode *node = self->folder->node;
  g_autofree char *port = NULL;
  g_autoptr (GAsyncResult) accepted = NULL;
  g_autoptr (KithRequest) request = NULL;
  g_autoptr (KithContact) contact = NULL;

  g_assert_true (kith_node_listen (node, "127.0.0.1", 0, FALSE, NULL));
  port = g_strdup_printf ("%u", kith_node_get_listen_port (node));
  self->ben = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, NULL, program, "ben", port, NULL);
  g_assert_nonnull (self->ben);
  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (node)) == 1);
  request = g_list_model_get_item (kith_node_get_requests (node), 0);
  kith_node_accept_async (node, request, NULL, test_result_cb, &accepted);
  contact = kith_node_accept_finish (node, test_await (&accepted), NULL);
  g_assert_nonnull (contact);
  test_wait_for (has_text_of_theirs (self));
  send_ours (self);
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
  open_profile (self, TRUE);
  note_stored_keys (self);
  talk_to_ben (self);
  write_draft (self);
  note_secret (self, PAIR_ROOT, "the root of the pair", only_peer (self)->row->pair_root);
  note_session_keys (self, only_peer (self)->session);
  assert_found (self, N_OPENING, N_NEEDLES - N_OPENING);
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

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;
  if (argc == 3 && g_str_equal (argv[1], "ben"))
    return be_ben (argv[2]);

  kith_key_wrap_make_it_cheap ();
  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/memory/after-a-session", Fixture, NULL, set_up, test_after_a_session, tear_down);
  return g_test_run ();
}
