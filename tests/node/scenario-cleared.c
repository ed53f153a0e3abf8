/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is left, and what is not, when messages go: cleared, deleted, locked away in the middle of it. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <glib/gstdio.h>

#include "base/kith-init.h"
#include "kith-test-acts.h"
#include "node/kith-node-files.h"
#include "node/kith-node-history.h"
#include "store/kith-key-wrap.h"

static void
clear (TestPerson *person, KithConversation *conversation)
{
  GAsyncResult *result = NULL;

  kith_node_clear_history_async (person->node, conversation, NULL, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_clear_history_finish);
}

/* (transfer none): with the only contact, also while that one is not there */
static KithConversation *
only_conversation (TestPerson *person)
{
  g_autoptr (KithContact) contact = g_list_model_get_item (kith_node_get_contacts (person->node), 0);

  return kith_node_get_conversation (person->node, contact);
}

static guint
length (TestPerson *person)
{
  return kith_message_list_get_length (kith_conversation_get_messages (only_conversation (person)));
}

static guint
count (TestPerson *person, const char *text)
{
  KithMessageList *list = kith_conversation_get_messages (only_conversation (person));
  guint n = 0;

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    n += g_str_equal (kith_message_get_text (kith_message_list_get (list, i)), text);

  return n;
}

static void
send_away (TestPerson *person, TestPerson *other)
{
  test_person_stop (other);
  test_wait_for (kith_node_get_n_sessions (person->node) == 0);
}

static void
show_newest (TestPerson *person)
{
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (KithMessage) newest = NULL;

  kith_node_jump_to_newest_async (person->node, only_conversation (person), NULL, test_result_cb, &result);
  done = test_await (&result);
  newest = kith_node_jump_finish (person->node, done, NULL);
}

/* That it was to be deleted for both is not forgotten with the rest. */
static void
test_deletion_goes_on (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) message = NULL;

  test_befriend (ann, ben);
  message = test_person_send (ann, ben, "embarrassing");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  send_away (ann, ben);
  test_person_delete (ann, message, KITH_DELETE_FOR_BOTH);
  clear (ann, only_conversation (ann));
  test_person_stop (ann);
  test_person_start (ann);

  test_person_start (ben);
  show_newest (ben);
  g_assert_cmpuint (test_person_count_text (ben, ann, "embarrassing"), ==, 1);
  test_person_meet (ann, ben);
  test_wait_for (test_person_count_text (ben, ann, "embarrassing") == 0);
}

typedef enum
{
  NEVER,
  BEFORE,
  AFTER,
} Restart;

static void
start_again (TestPerson *person)
{
  test_person_stop (person);
  test_person_start (person);
}

/* Of what had not left, nothing does, and nobody is told that something is missing. */
static void
test_waiting (gconstpointer data)
{
  Restart restart = (Restart) GPOINTER_TO_INT (data);
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) hello = NULL;
  g_autoptr (KithMessage) taken_back = NULL;
  g_autoptr (KithMessage) plan = NULL;
  g_autoptr (KithMessage) after = NULL;

  test_befriend (ann, ben);
  hello = test_person_send (ann, ben, "hello");
  test_wait_for (kith_message_get_state (hello) == KITH_MESSAGE_DELIVERED);
  send_away (ann, ben);
  taken_back = test_person_send_in (ann, only_conversation (ann), "taken back");
  plan = test_person_send_in (ann, only_conversation (ann), "secret plan");
  test_person_delete (ann, taken_back, KITH_DELETE_FOR_BOTH);
  if (restart == BEFORE)
    start_again (ann);
  clear (ann, only_conversation (ann));
  g_assert_cmpuint (length (ann), ==, 0);
  after = test_person_send_in (ann, only_conversation (ann), "after");
  if (restart == AFTER)
    start_again (ann);

  test_person_start (ben);
  show_newest (ben);
  test_person_meet (ann, ben);
  test_wait_for (test_person_count_text (ben, ann, "after") == 1);
  g_assert_cmpuint (test_person_count_text (ben, ann, "secret plan"), ==, 0);
  g_assert_cmpuint (length (ben), ==, 2);
}

static void
test_draft (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) message = NULL;
  GAsyncResult *result = NULL;

  test_befriend (ann, ben);
  message = test_person_send (ann, ben, "hello");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  kith_conversation_set_draft (only_conversation (ann), "half a letter");
  kith_node_save_draft (ann->node, only_conversation (ann));
  kith_node_await_writes_async (ann->node, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_await_writes_finish);
  clear (ann, only_conversation (ann));
  test_person_stop (ann);
  test_person_start (ann);
  g_assert_cmpstr (kith_conversation_get_draft (only_conversation (ann)), ==, "half a letter");
}

/* Whoever deletes a message and locks at once has deleted it. */
static void
test_lock_at_once (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autofree char *deleted = NULL;
  g_autofree char *edited = NULL;
  GAsyncResult *results[3] = { NULL };

  test_befriend (ann, ben);
  {
    g_autoptr (KithMessage) one = test_person_send (ann, ben, "one");
    g_autoptr (KithMessage) two = test_person_send (ann, ben, "two");

    test_wait_for (kith_message_get_state (two) == KITH_MESSAGE_DELIVERED);
    deleted = g_strdup (kith_message_get_id (one));
    edited = g_strdup (kith_message_get_id (two));
  }
  send_away (ann, ben);

  kith_node_delete_message_async (ann->node, only_conversation (ann), deleted, KITH_DELETE_FOR_BOTH, NULL,
                                  test_result_cb, &results[0]);
  kith_node_edit_message_async (ann->node, only_conversation (ann), edited, "better", NULL, test_result_cb, &results[1]);
  kith_node_shutdown_async (ann->node, test_result_cb, &results[2]);
  test_finish_well (ann, &results[2], kith_node_shutdown_finish);
  test_finish_well (ann, &results[0], kith_node_delete_message_finish);
  test_finish_well (ann, &results[1], kith_node_edit_message_finish);

  test_person_stop (ann);
  test_person_start (ann);
  show_newest (ann);
  g_assert_cmpuint (count (ann, "one"), ==, 0);
  g_assert_cmpuint (count (ann, "better"), ==, 1);
}

/* A window that was emptied goes on with what there is, and shows what comes. */
static void
test_emptied (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) first = NULL;
  g_autoptr (KithMessage) last = NULL;
  g_autoptr (KithMessage) next = NULL;

  test_befriend (ann, ben);
  first = test_person_send (ann, ben, "first");
  last = test_person_send (ann, ben, "last");
  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_DELIVERED);
  test_person_stop (ben);
  test_person_start (ben); /* only the last one is loaded until it is opened */
  test_person_meet (ben, ann);
  g_assert_cmpuint (length (ben), ==, 1);

  test_person_delete (ben, kith_conversation_get_last_message (only_conversation (ben)), KITH_DELETE_HERE);
  test_wait_for (test_person_count_text (ben, ann, "first") == 1);
  next = test_person_send (ann, ben, "next");
  test_wait_for (test_person_count_text (ben, ann, "next") == 1);
  g_assert_cmpuint (length (ben), ==, 2);
}

/* Also right after the newest was deleted, and another one is looked for to be shown. */
static void
test_kept (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) one = NULL;
  g_autoptr (KithMessage) two = NULL;

  test_befriend (ann, ben);
  one = test_person_send (ann, ben, "one");
  two = test_person_send (ann, ben, "two");
  test_wait_for (kith_message_get_state (two) == KITH_MESSAGE_DELIVERED);
  test_person_delete (ann, two, KITH_DELETE_HERE);
  test_person_remove (ann, ben, TRUE);
  g_assert_cmpuint (test_person_count_text (ann, ben, "one"), ==, 1);
}

/* The name of a file is no text of a message. */
static void
test_file (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_outgoing_file_free);
  g_autofree char *folder = g_dir_make_tmp ("kith-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "report.pdf", NULL);
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GPtrArray) sent = NULL;
  const char *id;

  g_assert_true (g_file_set_contents (path, "hello", 5, NULL));
  test_befriend (ann, ben);
  g_ptr_array_add (files, kith_outgoing_file_new_for_path (path));
  kith_node_send_files_async (ann->node, only_conversation (ann), files, NULL, test_result_cb, &result);
  done = test_await (&result);
  sent = kith_node_send_files_finish (ann->node, done, NULL);
  g_assert_nonnull (sent);
  result = NULL;
  id = kith_message_get_id (kith_conversation_get_last_message (only_conversation (ann)));

  kith_node_edit_message_async (ann->node, NULL, id, "other", NULL, test_result_cb, &result);
  test_finish_badly (ann, &result, kith_node_edit_message_finish, KITH_ERROR_INVALID);
  g_assert_cmpuint (test_person_count_text (ann, ben, "report.pdf"), ==, 1);
  test_remove_folder (folder);
}

int
main (int argc, char **argv)
{
  if (!kith_init ())
    return 1;

  kith_key_wrap_make_it_cheap ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cleared/deletion-goes-on", test_deletion_goes_on);
  g_test_add_data_func ("/cleared/waiting/at-once", GINT_TO_POINTER (NEVER), test_waiting);
  g_test_add_data_func ("/cleared/waiting/restarted-before", GINT_TO_POINTER (BEFORE), test_waiting);
  g_test_add_data_func ("/cleared/waiting/restarted-after", GINT_TO_POINTER (AFTER), test_waiting);
  g_test_add_func ("/cleared/draft", test_draft);
  g_test_add_func ("/cleared/lock-at-once", test_lock_at_once);
  g_test_add_func ("/cleared/emptied", test_emptied);
  g_test_add_func ("/cleared/kept", test_kept);
  g_test_add_func ("/cleared/file", test_file);
  return g_test_run ();
}
