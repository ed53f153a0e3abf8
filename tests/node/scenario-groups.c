/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups among contacts, over real sockets: making, inviting, joining, writing, starting anew, removing,
 * leaving. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>
#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-test-people.h"
#include "node/kith-node-groups.h"
#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"

typedef gboolean (*FinishFunc) (KithNode *node, GAsyncResult *result, GError **error);

static void
finish_well (TestPerson *person, GAsyncResult **slot, FinishFunc finish)
{
  g_autoptr (GAsyncResult) result = test_await (slot);
  g_autoptr (GError) error = NULL;

  *slot = NULL;
  finish (person->node, result, &error);
  g_assert_no_error (error);
}

static void
finish_badly (TestPerson *person, GAsyncResult **slot, FinishFunc finish, KithError code)
{
  g_autoptr (GAsyncResult) result = test_await (slot);
  g_autoptr (GError) error = NULL;

  *slot = NULL;
  g_assert_false (finish (person->node, result, &error));
  g_assert_error (error, KITH_ERROR, (gint) code);
}

/* (transfer none) (nullable) */
static KithGroup *
find (TestPerson *person, const char *name)
{
  return kith_node_find_group (person->node, name, NULL);
}

static KithConversation *
chat_of (TestPerson *person, const char *name)
{
  return kith_node_get_group_conversation (person->node, find (person, name));
}

static KithMembership
state_of (TestPerson *person, const char *name)
{
  return kith_group_get_state (find (person, name));
}

static KithMember *
member_of (TestPerson *person, const char *name, TestPerson *who)
{
  return kith_group_find_member (find (person, name), kith_node_get_own_identity (who->node));
}

static void
create (TestPerson *person, const char *name, TestPerson *const *guests, guint n)
{
  g_autofree KithContact **contacts = g_new0 (KithContact *, n + 1);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithGroup) group = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    contacts[i] = test_person_contact (person, guests[i]);
  kith_node_create_group_async (person->node, name, contacts, NULL, NULL, test_result_cb, &result);
  group = kith_node_create_group_finish (person->node, test_await (&result), NULL, &error);
  g_assert_no_error (error);
  g_assert_true (group == find (person, name));
  g_assert_true (kith_group_is_admin (group));
}

static void
answer (TestPerson *person, const char *name, gboolean join)
{
  GAsyncResult *result = NULL;

  test_wait_for (find (person, name) != NULL
                 && state_of (person, name) == KITH_MEMBERSHIP_INVITED);
  kith_node_answer_group_invitation_async (person->node, find (person, name), join, NULL,
                                           test_result_cb, &result);
  finish_well (person, &result, kith_node_group_finish);
}

static void
join (TestPerson *person, const char *name)
{
  answer (person, name, TRUE);
  test_wait_for (state_of (person, name) == KITH_MEMBERSHIP_MEMBER);
}

static gboolean
agree (TestPerson *const *people, guint n, const char *name, guint n_members)
{
  for (guint i = 0; i < n; i++)
    if (find (people[i], name) == NULL
        || kith_group_get_n_members (find (people[i], name)) != n_members
        || state_of (people[i], name) != KITH_MEMBERSHIP_MEMBER)
      return FALSE;

  return TRUE;
}

/* (transfer full) */
static KithMessage *
post (TestPerson *person, const char *name, const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithMessage *message;

  kith_node_send_async (person->node, chat_of (person, name), text, NULL, test_result_cb, &result);
  message = kith_node_send_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_true (kith_message_is_outgoing (message));
  return message;
}

/* (transfer none) (nullable) */
static KithMessage *
copy_of (TestPerson *person, const char *name, KithMessage *message)
{
  return kith_message_list_lookup (kith_conversation_get_messages (chat_of (person, name)),
                                   kith_message_get_id_bytes (message));
}

static guint
count (TestPerson *person, const char *name, const char *text)
{
  KithMessageList *list = kith_conversation_get_messages (chat_of (person, name));
  guint n = 0;

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    n += g_str_equal (kith_message_get_text (kith_message_list_get (list, i)), text);

  return n;
}

static gboolean
has_event (TestPerson *person, const char *name, const char *event, TestPerson *who)
{
  KithMessageList *list = kith_conversation_get_messages (chat_of (person, name));
  KithContact *contact = who != person ? test_person_contact (person, who) : NULL;

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    {
      KithMessage *message = kith_message_list_get (list, i);

      if (kith_message_get_kind (message) == KITH_MESSAGE_EVENT
          && g_strcmp0 (kith_message_get_event (message), event) == 0
          && kith_message_get_event_who (message) == contact)
        return TRUE;
    }

  return FALSE;
}

/* The window of a conversation holds only the newest message after a start. */
static void
load_all (TestPerson *person, const char *name)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_load_older_async (person->node, chat_of (person, name), NULL, test_result_cb, &result);
  kith_node_load_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
}

/* Three who are all contacts of each other, in a group of the first. */
typedef struct
{
  TestPerson *people[3]; /* (owned): ann is the admin */
} Trio;

static void
trio_new (Trio *trio)
{
  static const char *const names[] = { "ann", "ben", "cat" };

  for (guint i = 0; i < 3; i++)
    trio->people[i] = test_person_new (names[i]);
  test_befriend (trio->people[0], trio->people[1]);
  test_befriend (trio->people[0], trio->people[2]);
  test_befriend (trio->people[1], trio->people[2]);
  create (trio->people[0], "Ace", trio->people + 1, 2);
  join (trio->people[1], "Ace");
  join (trio->people[2], "Ace");
  test_wait_for (agree (trio->people, 3, "Ace", 3));
}

static void
trio_clear (Trio *trio)
{
  for (guint i = 0; i < 3; i++)
    test_person_free (trio->people[i]);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Trio, trio_clear)

/* --- Writing -------------------------------------------------------------------------------- */

static void
test_write (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) first = NULL;
  g_autoptr (KithMessage) second = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  cat = trio.people[2];
  g_assert_true (has_event (ann, "Ace", "created", ann));
  test_wait_for (has_event (ann, "Ace", "joined", ben) && has_event (ben, "Ace", "joined", ben));

  first = post (ann, "Ace", "Hello all");
  test_wait_for (copy_of (ben, "Ace", first) != NULL && copy_of (cat, "Ace", first) != NULL);
  g_assert_true (kith_message_get_sender (copy_of (ben, "Ace", first))
                 == test_person_contact (ben, ann));
  g_assert_cmpuint (kith_conversation_get_unread (chat_of (ben, "Ace")), ==, 1);
  g_assert_cmpuint (kith_group_get_unread_mentions (find (cat, "Ace")), ==, 0);

  second = post (ben, "Ace", "Ask @Cat about it");
  test_wait_for (copy_of (cat, "Ace", second) != NULL && copy_of (ann, "Ace", second) != NULL);
  g_assert_true (kith_message_get_mention (copy_of (cat, "Ace", second)));
  g_assert_false (kith_message_get_mention (copy_of (ann, "Ace", second)));
  g_assert_cmpuint (kith_group_get_unread_mentions (find (cat, "Ace")), ==, 1);
  kith_node_mark_read (cat->node, chat_of (cat, "Ace"));
  g_assert_cmpuint (kith_group_get_unread_mentions (find (cat, "Ace")), ==, 0);
  g_assert_cmpuint (kith_conversation_get_unread (chat_of (cat, "Ace")), ==, 0);
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

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  cat = trio.people[2];
  message = post (ann, "Ace", "teh");
  id = kith_message_get_id (message);
  test_wait_for (copy_of (ben, "Ace", message) != NULL && copy_of (cat, "Ace", message) != NULL);

  kith_node_edit_message_async (ann->node, id, "the", NULL, test_result_cb, &result);
  finish_well (ann, &result, kith_node_edit_message_finish);
  test_wait_for (count (ben, "Ace", "the") == 1 && count (cat, "Ace", "the") == 1);
  g_assert_cmpint (kith_message_get_edited_ms (copy_of (ben, "Ace", message)), >, 0);

  kith_node_edit_message_async (ben->node, id, "mine", NULL, test_result_cb, &result);
  finish_badly (ben, &result, kith_node_edit_message_finish, KITH_ERROR_INVALID);

  kith_node_react_async (ben->node, id, "👍", NULL, test_result_cb, &result);
  finish_well (ben, &result, kith_node_react_finish);
  kith_node_react_async (cat->node, id, "🎉", NULL, test_result_cb, &result);
  finish_well (cat, &result, kith_node_react_finish);
  test_wait_for (kith_message_get_reactions (message)->len == 2
                 && kith_message_get_reactions (copy_of (ben, "Ace", message))->len == 2);
  kith_node_react_async (ben->node, id, NULL, NULL, test_result_cb, &result);
  finish_well (ben, &result, kith_node_react_finish);
  test_wait_for (kith_message_get_reactions (message)->len == 1);

  kith_node_reply_async (cat->node, chat_of (cat, "Ace"), "indeed", id, -1, NULL, test_result_cb,
                         &reply);
  answered = kith_node_send_finish (cat->node, test_await (&reply), NULL);
  test_wait_for (copy_of (ben, "Ace", answered) != NULL
                 && kith_message_get_quote (copy_of (ben, "Ace", answered)) == KITH_QUOTE_FOUND);
  g_assert_true (kith_message_get_reply_sender (copy_of (ben, "Ace", answered))
                 == test_person_contact (ben, ann));

  kith_node_delete_message_async (ann->node, id, KITH_DELETE_FOR_BOTH, NULL, test_result_cb, &result);
  finish_well (ann, &result, kith_node_delete_message_finish);
  test_wait_for (kith_message_is_deleted (copy_of (ben, "Ace", message))
                 && kith_message_is_deleted (copy_of (cat, "Ace", message)));
  g_assert_cmpint (kith_message_get_quote (copy_of (ben, "Ace", answered)), ==, KITH_QUOTE_DELETED);
}

/* --- Receipts ------------------------------------------------------------------------------- */

static gboolean
all_have_read (TestPerson *person, KithMessage *message)
{
  gboolean at_least = TRUE;
  g_autoptr (GPtrArray) receipts =
    kith_node_dup_group_receipts (person->node, find (person, "Ace"), message, &at_least);

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

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  cat = trio.people[2];
  message = post (ann, "Ace", "Read this");
  test_wait_for (copy_of (ben, "Ace", message) != NULL && copy_of (cat, "Ace", message) != NULL);
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  kith_node_mark_read (ben->node, chat_of (ben, "Ace"));
  kith_node_mark_read (cat->node, chat_of (cat, "Ace"));
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_READ);
  g_assert_true (all_have_read (ann, message));
}

/* --- Starting anew -------------------------------------------------------------------------- */

static void
meet (TestPerson *person, TestPerson *other)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_connect_async (person->node, "127.0.0.1", kith_node_get_listen_port (other->node), NULL,
                           NULL, test_result_cb, &result);
  kith_node_connect_finish (person->node, test_await (&result), NULL, NULL, &error);
  g_assert_no_error (error);
  test_wait_for (test_person_is_online (person, other));
}

static void
test_restart (gconstpointer crash)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  g_autoptr (KithMessage) before = NULL;
  g_autoptr (KithMessage) meanwhile = NULL;
  g_autoptr (KithMessage) after = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  cat = trio.people[2];
  before = post (cat, "Ace", "before");
  test_wait_for (copy_of (ann, "Ace", before) != NULL && copy_of (ben, "Ace", before) != NULL);

  if (GPOINTER_TO_INT (crash))
    test_person_crash (cat);
  else
    test_person_stop (cat);
  meanwhile = post (ann, "Ace", "meanwhile");
  test_wait_for (copy_of (ben, "Ace", meanwhile) != NULL);

  test_person_start (cat);
  g_assert_nonnull (find (cat, "Ace"));
  g_assert_cmpint (state_of (cat, "Ace"), ==, KITH_MEMBERSHIP_MEMBER);
  after = post (cat, "Ace", "after"); /* before all was read */
  meet (ben, cat);
  test_wait_for (copy_of (cat, "Ace", meanwhile) != NULL && copy_of (ben, "Ace", after) != NULL);
  test_wait_for (copy_of (ann, "Ace", after) != NULL);
  load_all (cat, "Ace");
  g_assert_cmpuint (count (cat, "Ace", "before"), ==, 1);
  g_assert_cmpuint (count (cat, "Ace", "after"), ==, 1);
  g_assert_true (agree (trio.people, 3, "Ace", 3));
  g_assert_true (kith_group_get_admin (find (cat, "Ace")) == member_of (cat, "Ace", ann));
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

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  cat = trio.people[2];

  kith_node_kick_async (ben->node, find (ben, "Ace"), member_of (ben, "Ace", cat), NULL,
                        test_result_cb, &result);
  finish_badly (ben, &result, kith_node_group_finish, KITH_ERROR_NOT_ADMIN);
  kith_node_kick_async (ann->node, find (ann, "Ace"), member_of (ann, "Ace", cat), NULL,
                        test_result_cb, &result);
  finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (state_of (cat, "Ace") == KITH_MEMBERSHIP_KICKED);
  test_wait_for (agree (trio.people, 2, "Ace", 2));
  g_assert_true (has_event (ben, "Ace", "kicked", cat));

  message = post (ben, "Ace", "without cat");
  test_wait_for (copy_of (ann, "Ace", message) != NULL);
  g_assert_cmpuint (count (cat, "Ace", "without cat"), ==, 0);
  kith_node_send_async (cat->node, chat_of (cat, "Ace"), "hello?", NULL, test_result_cb, &sent);
  g_assert_null (kith_node_send_finish (cat->node, test_await (&sent), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_NOT_MEMBER);

  kith_node_delete_group_async (cat->node, find (cat, "Ace"), NULL, test_result_cb, &result);
  finish_well (cat, &result, kith_node_group_finish);
  g_assert_null (find (cat, "Ace"));
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
  kith_node_leave_group_async (ann->node, find (ann, "Ace"), NULL, test_result_cb, &result);
  finish_badly (ann, &result, kith_node_group_finish, KITH_ERROR_INVALID);

  kith_node_leave_group_async (ben->node, find (ben, "Ace"), NULL, test_result_cb, &result);
  finish_well (ben, &result, kith_node_group_finish);
  test_wait_for (state_of (ben, "Ace") == KITH_MEMBERSHIP_LEFT);
  test_wait_for (kith_group_get_n_members (find (ann, "Ace")) == 2
                 && kith_group_get_n_members (find (trio.people[2], "Ace")) == 2);
  g_assert_true (has_event (ann, "Ace", "left", ben));

  test_person_stop (ben);
  test_person_start (ben);
  g_assert_cmpint (state_of (ben, "Ace"), ==, KITH_MEMBERSHIP_LEFT);
}

/* --- The admin ------------------------------------------------------------------------------ */

static void
test_admin (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben, *cat;
  GAsyncResult *result = NULL;
  const KithGroupRules rules = { 7, 30, 10 };

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  cat = trio.people[2];
  kith_node_rename_group_async (ann->node, find (ann, "Ace"), "Base", NULL, test_result_cb, &result);
  finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (find (ben, "Base") != NULL && find (cat, "Base") != NULL);
  g_assert_cmpstr (kith_conversation_get_title (chat_of (cat, "Base")), ==, "Base");

  kith_node_set_group_policy_async (ann->node, find (ann, "Base"), &rules, NULL, test_result_cb,
                                    &result);
  finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (kith_group_get_policy (find (ben, "Base"))->history_days == 7);

  kith_node_transfer_admin_async (ann->node, find (ann, "Base"), member_of (ann, "Base", ben), NULL,
                                  test_result_cb, &result);
  finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (kith_group_get_transfer_to (find (ben, "Base")) != NULL);
  g_assert_true (kith_group_is_admin (find (ann, "Base")));
  kith_node_answer_transfer_async (ben->node, find (ben, "Base"), TRUE, NULL, test_result_cb,
                                   &result);
  finish_well (ben, &result, kith_node_group_finish);
  test_wait_for (kith_group_is_admin (find (ben, "Base")));
  test_wait_for (kith_group_get_admin (find (cat, "Base")) == member_of (cat, "Base", ben));
  test_wait_for (!kith_group_is_admin (find (ann, "Base")));
}

/* --- Getting in ----------------------------------------------------------------------------- */

/* An ordinary member invites: the admin decides; and somebody says no, and is not in it. */
static void
test_requests (void)
{
  g_auto (Trio) trio = { { NULL } };
  g_autoptr (TestPerson) dan = test_person_new ("dan");
  g_autoptr (TestPerson) eve = test_person_new ("eve");
  TestPerson *ann, *ben;
  KithContact *guests[] = { NULL, NULL, NULL };
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) invited = NULL;
  g_autoptr (KithJoinRequest) request = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  test_befriend (ben, dan);
  test_befriend (ben, eve);
  guests[0] = test_person_contact (ben, dan);
  guests[1] = test_person_contact (ben, eve);
  kith_node_invite_to_group_async (ben->node, find (ben, "Ace"), guests, NULL, test_result_cb,
                                   &invited);
  g_assert_true (kith_node_invite_to_group_finish (ben->node, test_await (&invited), NULL, NULL));

  answer (dan, "Ace", TRUE);
  test_wait_for (g_list_model_get_n_items (kith_group_get_requests (find (ann, "Ace"))) == 1);
  request = g_list_model_get_item (kith_group_get_requests (find (ann, "Ace")), 0);
  g_assert_cmpstr (kith_join_request_get_name (request), ==, "dan");
  g_assert_cmpint (state_of (dan, "Ace"), ==, KITH_MEMBERSHIP_ASKING);
  kith_node_approve_async (ann->node, find (ann, "Ace"), request, NULL, test_result_cb, &result);
  finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (state_of (dan, "Ace") == KITH_MEMBERSHIP_MEMBER);
  test_wait_for (kith_group_get_n_members (find (dan, "Ace")) == 4);
  g_assert_cmpuint (g_list_model_get_n_items (kith_group_get_requests (find (ann, "Ace"))), ==, 0);

  answer (eve, "Ace", FALSE);
  g_assert_null (find (eve, "Ace"));
}

static void
test_denied (void)
{
  g_auto (Trio) trio = { { NULL } };
  g_autoptr (TestPerson) dan = test_person_new ("dan");
  TestPerson *ann, *ben;
  KithContact *guests[] = { NULL, NULL };
  GAsyncResult *result = NULL;
  g_autoptr (GAsyncResult) invited = NULL;
  g_autoptr (KithJoinRequest) request = NULL;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  test_befriend (ben, dan);
  guests[0] = test_person_contact (ben, dan);
  kith_node_invite_to_group_async (ben->node, find (ben, "Ace"), guests, NULL, test_result_cb,
                                   &invited);
  g_assert_true (kith_node_invite_to_group_finish (ben->node, test_await (&invited), NULL, NULL));
  answer (dan, "Ace", TRUE);
  test_wait_for (g_list_model_get_n_items (kith_group_get_requests (find (ann, "Ace"))) == 1);
  request = g_list_model_get_item (kith_group_get_requests (find (ann, "Ace")), 0);
  kith_node_deny_async (ann->node, find (ann, "Ace"), request, NULL, test_result_cb, &result);
  finish_well (ann, &result, kith_node_group_finish);
  test_wait_for (state_of (dan, "Ace") == KITH_MEMBERSHIP_REFUSED);
  g_assert_cmpuint (g_list_model_get_n_items (kith_group_get_requests (find (ann, "Ace"))), ==, 0);
  g_assert_cmpuint (kith_group_get_n_members (find (ann, "Ace")), ==, 3);
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
  g_test_add_func ("/groups/requests", test_requests);
  g_test_add_func ("/groups/denied", test_denied);
  return g_test_run ();
}
