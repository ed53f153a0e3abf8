/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups among contacts, over real sockets: making, writing, starting anew, removing, leaving. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-test-acts.h"
#include "kith-test-trio.h"
#include "node/kith-node-messages.h"

/* --- Writing -------------------------------------------------------------------------------- */

static void
test_write (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) first = NULL;
  g_autoptr (KithMessage) second = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  g_assert_true (trio_has_event (ann, "created", ann));
  test_wait_for (trio_has_event (ann, "joined", ben) && trio_has_event (ben, "joined", ben));

  first = trio_post (ann, "Hello all");
  test_wait_for (trio_copy (ben, first) != NULL && trio_copy (cat, first) != NULL);
  g_assert_true (kith_message_get_sender (trio_copy (ben, first))
                 == test_person_contact (ben, ann));
  g_assert_cmpuint (kith_conversation_get_unread (trio_chat (ben)), ==, 1);
  g_assert_cmpuint (kith_group_get_unread_mentions (trio_group (cat)), ==, 0);

  second = trio_post (ben, "Ask @Cat about it");
  test_wait_for (trio_copy (cat, second) != NULL && trio_copy (ann, second) != NULL);
  g_assert_true (kith_message_get_mention (trio_copy (cat, second)));
  g_assert_false (kith_message_get_mention (trio_copy (ann, second)));
  g_assert_cmpuint (kith_group_get_unread_mentions (trio_group (cat)), ==, 1);
  kith_node_mark_read (cat->node, trio_chat (cat));
  g_assert_cmpuint (kith_group_get_unread_mentions (trio_group (cat)), ==, 0);
  g_assert_cmpuint (kith_conversation_get_unread (trio_chat (cat)), ==, 0);
}

/* --- What becomes of messages --------------------------------------------------------------- */

static void
test_acts (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (GAsyncResult) reply = NULL;
  g_autoptr (KithMessage) answered = NULL;
  GAsyncResult *result = NULL;
  const char *id;

  trio_start (&trio, &ann, &ben, &cat);
  message = trio_post (ann, "teh");
  id = kith_message_get_id (message);
  test_wait_for (trio_copy (ben, message) != NULL && trio_copy (cat, message) != NULL);

  kith_node_edit_message_async (ann->node, NULL, id, "the", NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_edit_message_finish);
  test_wait_for (trio_count (ben, "the") == 1 && trio_count (cat, "the") == 1);
  g_assert_cmpint (kith_message_get_edited_ms (trio_copy (ben, message)), >, 0);

  kith_node_edit_message_async (ben->node, NULL, id, "mine", NULL, test_result_cb, &result);
  test_finish_badly (ben, &result, kith_node_edit_message_finish, KITH_ERROR_INVALID);

  kith_node_react_async (ben->node, NULL, id, "👍", NULL, test_result_cb, &result);
  test_finish_well (ben, &result, kith_node_react_finish);
  kith_node_react_async (cat->node, NULL, id, "🎉", NULL, test_result_cb, &result);
  test_finish_well (cat, &result, kith_node_react_finish);
  test_wait_for (kith_message_get_reactions (message)->len == 2
                 && kith_message_get_reactions (trio_copy (ben, message))->len == 2);
  kith_node_react_async (ben->node, NULL, id, NULL, NULL, test_result_cb, &result);
  test_finish_well (ben, &result, kith_node_react_finish);
  test_wait_for (kith_message_get_reactions (message)->len == 1);

  kith_node_reply_async (cat->node, trio_chat (cat), "indeed", id, -1, NULL, test_result_cb,
                         &reply);
  answered = kith_node_send_finish (cat->node, test_await (&reply), NULL);
  test_wait_for (trio_copy (ben, answered) != NULL
                 && kith_message_get_quote (trio_copy (ben, answered)) == KITH_QUOTE_FOUND);
  g_assert_true (kith_message_get_reply_sender (trio_copy (ben, answered))
                 == test_person_contact (ben, ann));

  kith_node_delete_message_async (ann->node, NULL, id, KITH_DELETE_FOR_BOTH, NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_delete_message_finish);
  test_wait_for (kith_message_is_deleted (trio_copy (ben, message))
                 && kith_message_is_deleted (trio_copy (cat, message)));
  g_assert_cmpint (kith_message_get_quote (trio_copy (ben, answered)), ==, KITH_QUOTE_DELETED);
}

/* --- Receipts ------------------------------------------------------------------------------- */

static gboolean
all_have_read (TestPerson *person, KithMessage *message)
{
  gboolean at_least = TRUE;
  g_autoptr (GPtrArray) receipts =
    kith_node_dup_group_receipts (person->node, trio_group (person), message, &at_least);

  for (guint i = 0; i < receipts->len; i++)
    if (!((KithMemberReceipt *) g_ptr_array_index (receipts, i))->read)
      return FALSE;

  return receipts->len == 2 && !at_least;
}

static void
test_receipts (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) message = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  message = trio_post (ann, "Read this");
  test_wait_for (trio_copy (ben, message) != NULL && trio_copy (cat, message) != NULL);
  trio_pass (KITH_LIMIT_GROUP_STATUS_MS / 1000);
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  kith_node_mark_read (ben->node, trio_chat (ben));
  kith_node_mark_read (cat->node, trio_chat (cat));
  trio_pass (KITH_LIMIT_GROUP_STATUS_MS / 1000);
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_READ);
  g_assert_true (all_have_read (ann, message));
}

/* --- Starting anew -------------------------------------------------------------------------- */

static void
test_restart (gconstpointer crash)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) before = NULL;
  g_autoptr (KithMessage) meanwhile = NULL;
  g_autoptr (KithMessage) after = NULL;

  trio_start (&trio, &ann, &ben, &cat);
  before = trio_post (cat, "before");
  test_wait_for (trio_copy (ann, before) != NULL && trio_copy (ben, before) != NULL);

  if (GPOINTER_TO_INT (crash))
    test_person_crash (cat);
  else
    test_person_stop (cat);
  meanwhile = trio_post (ann, "meanwhile");
  test_wait_for (trio_copy (ben, meanwhile) != NULL);

  test_person_start (cat);
  g_assert_nonnull (trio_group (cat));
  g_assert_cmpint (trio_state (cat), ==, KITH_MEMBERSHIP_MEMBER);
  after = trio_post (cat, "after"); /* before all was read */
  test_person_meet (ben, cat);
  test_wait_for (trio_copy (cat, meanwhile) != NULL && trio_copy (ben, after) != NULL);
  test_wait_for (trio_copy (ann, after) != NULL);
  trio_load_all (cat);
  g_assert_cmpuint (trio_count (cat, "before"), ==, 1);
  g_assert_cmpuint (trio_count (cat, "after"), ==, 1);
  g_assert_true (trio_agree (trio.people, 3, 3));
  g_assert_true (kith_group_get_admin (trio_group (cat)) == trio_member (cat, ann));
}

/* --- Removing and leaving ------------------------------------------------------------------- */

static void
test_kick (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) message = NULL;
  g_autoptr (GAsyncResult) sent = NULL;
  g_autoptr (GError) error = NULL;
  GAsyncResult *result = NULL;

  trio_start (&trio, &ann, &ben, &cat);

  kith_node_kick_async (ben->node, trio_group (ben), trio_member (ben, cat), NULL,
                        test_result_cb, &result);
  test_finish_badly (ben, &result, kith_node_group_finish, KITH_ERROR_NOT_ADMIN);
  kith_node_kick_async (ann->node, trio_group (ann), trio_member (ann, cat), NULL,
                        test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (trio_state (cat) == KITH_MEMBERSHIP_KICKED);
  test_wait_for (trio_agree (trio.people, 2, 2));
  g_assert_true (trio_has_event (ben, "kicked", cat));

  message = trio_post (ben, "without cat");
  test_wait_for (trio_copy (ann, message) != NULL);
  g_assert_cmpuint (trio_count (cat, "without cat"), ==, 0);
  kith_node_send_async (cat->node, trio_chat (cat), "hello?", NULL, test_result_cb, &sent);
  g_assert_null (kith_node_send_finish (cat->node, test_await (&sent), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_MEMBER);

  kith_node_delete_group_async (cat->node, trio_group (cat), NULL, test_result_cb, &result);
  test_finish_well (cat, &result, kith_node_group_finish);
  g_assert_null (trio_group (cat));
}

static void
test_leave (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben;
  GAsyncResult *result = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  kith_node_leave_group_async (ann->node, trio_group (ann), NULL, test_result_cb, &result);
  test_finish_badly (ann, &result, kith_node_group_finish, KITH_ERROR_INVALID);

  kith_node_leave_group_async (ben->node, trio_group (ben), NULL, test_result_cb, &result);
  test_finish_well (ben, &result, kith_node_group_finish);
  test_wait_for (trio_state (ben) == KITH_MEMBERSHIP_LEFT);
  test_wait_for (kith_group_get_n_members (trio_group (ann)) == 2
                 && kith_group_get_n_members (trio_group (trio.people[2])) == 2);
  g_assert_true (trio_has_event (ann, "left", ben));

  test_person_stop (ben);
  test_person_start (ben);
  g_assert_cmpint (trio_state (ben), ==, KITH_MEMBERSHIP_LEFT);
}

/* --- The admin ------------------------------------------------------------------------------ */

static void
test_admin (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  GAsyncResult *result = NULL;
  const KithGroupRules rules = { 7, 30, 10 };

  trio_start (&trio, &ann, &ben, &cat);
  kith_node_rename_group_async (ann->node, trio_group (ann), "Base", NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (g_str_equal (kith_group_get_name (trio_group (ben)), "Base")
                 && g_str_equal (kith_group_get_name (trio_group (cat)), "Base"));
  g_assert_cmpstr (kith_conversation_get_title (trio_chat (cat)), ==, "Base");

  kith_node_set_group_topic_async (ann->node, trio_group (ann), "All about it", NULL,
                                   test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (g_str_equal (kith_group_get_topic (trio_group (cat)), "All about it"));

  kith_node_set_group_policy_async (ann->node, trio_group (ann), &rules, NULL, test_result_cb,
                                    &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (kith_group_get_policy (trio_group (ben))->history_days == 7);

  kith_node_transfer_admin_async (ann->node, trio_group (ann), trio_member (ann, ben), NULL,
                                  test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (kith_group_get_transfer_to (trio_group (ben)) != NULL);
  g_assert_true (kith_group_is_admin (trio_group (ann)));
  kith_node_answer_transfer_async (ben->node, trio_group (ben), TRUE, NULL, test_result_cb,
                                   &result);
  test_finish_well (ben, &result, kith_node_group_finish);
  test_wait_for (kith_group_is_admin (trio_group (ben)));
  test_wait_for (kith_group_get_admin (trio_group (cat)) == trio_member (cat, ben));
  test_wait_for (!kith_group_is_admin (trio_group (ann)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/groups/write", test_write);
  g_test_add_func ("/groups/acts", test_acts);
  g_test_add_func ("/groups/receipts", test_receipts);
  g_test_add_data_func ("/groups/restart", GINT_TO_POINTER (FALSE), test_restart);
  g_test_add_data_func ("/groups/crash", GINT_TO_POINTER (TRUE), test_restart);
  g_test_add_func ("/groups/kick", test_kick);
  g_test_add_func ("/groups/leave", test_leave);
  g_test_add_func ("/groups/admin", test_admin);
  return g_test_run ();
}
