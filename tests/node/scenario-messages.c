/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of messages: edits, deletion, reactions, replies, what is missing, what disappears. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-acts.h"

#include <sodium.h>
#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-expiry.h"
#include "node/kith-node-history.h"

static void
react (TestPerson *person, const char *id, const char *emoji)
{
  GAsyncResult *result = NULL;

  kith_node_react_async (person->node, NULL, id, emoji, NULL, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_react_finish);
}

/* The other one ends, and is seen to be away. Returns: (transfer none): the conversation with them */
static KithConversation *
send_away (TestPerson *person, TestPerson *other)
{
  KithConversation *conversation = test_person_conversation (person, other);

  test_person_stop (other);
  test_wait_for (kith_contact_get_presence (kith_conversation_get_contact (conversation))
                 != KITH_PRESENCE_ONLINE);
  return conversation;
}

/* (transfer none) (nullable): as the other one has it */
static KithMessage *
copy_of (TestPerson *person, TestPerson *other, KithMessage *message)
{
  KithConversation *conversation = test_person_conversation (person, other);

  return kith_message_list_lookup (kith_conversation_get_messages (conversation),
                                   kith_message_get_id_bytes (message));
}

static KithMessage *
wait_for_copy (TestPerson *person, TestPerson *other, KithMessage *message)
{
  test_wait_for (copy_of (person, other, message) != NULL);
  return copy_of (person, other, message);
}

static guint
length_of (TestPerson *person, TestPerson *other)
{
  return kith_message_list_get_length (
    kith_conversation_get_messages (test_person_conversation (person, other)));
}

static guint
count_hits (TestPerson *person, const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) hits = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_search_async (person->node, text, NULL, 10, NULL, NULL, test_result_cb, &result);
  hits = kith_node_search_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
  return hits->len;
}

/* --- Edits ---------------------------------------------------------------------------------- */

static void
test_edit (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  g_autoptr (KithMessage) message = test_person_send (ann, ben, "We meet at five");
  KithMessage *copy = wait_for_copy (ben, ann, message);
  GAsyncResult *result = NULL;

  g_assert_cmpuint (count_hits (ben, "five"), ==, 1);
  test_person_edit (ann, message, "We meet at seven");
  g_assert_cmpstr (kith_message_get_text (message), ==, "We meet at seven");
  g_assert_cmpint (kith_message_get_edited_ms (message), >, 0);
  test_wait_for (g_str_equal (kith_message_get_text (copy), "We meet at seven"));
  g_assert_cmpint (kith_message_get_edited_ms (copy), >, 0);
  g_assert_cmpuint (count_hits (ben, "five"), ==, 0);
  g_assert_cmpuint (count_hits (ben, "seven"), ==, 1);
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ben, ann)), ==, 1);
  g_assert_cmpuint (length_of (ben, ann), ==, 1);

  /* Only who wrote it. */
  kith_node_edit_message_async (ben->node, NULL, kith_message_get_id (copy), "No", NULL, test_result_cb,
                                &result);
  test_finish_badly (ben, &result, kith_node_edit_message_finish, KITH_ERROR_INVALID);
  kith_node_edit_message_async (ann->node, NULL, kith_message_get_id (message), "  ", NULL,
                                test_result_cb, &result);
  test_finish_badly (ann, &result, kith_node_edit_message_finish, KITH_ERROR_INVALID);
  kith_node_edit_message_async (ann->node, NULL, "00112233445566778899aabbccddeeff", "No", NULL,
                                test_result_cb, &result);
  test_finish_badly (ann, &result, kith_node_edit_message_finish, KITH_ERROR_NOT_FOUND);
}

/* What is said of messages while they are away comes in order, once, and after a restart. */
static void
test_while_away (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  g_autoptr (KithMessage) message = test_person_send (ann, ben, "One");
  g_autoptr (KithMessage) other = test_person_send (ann, ben, "Two");
  g_autofree char *id = g_strdup (kith_message_get_id (message));
  KithMessage *copy = wait_for_copy (ben, ann, message);

  test_wait_for (kith_message_get_state (other) == KITH_MESSAGE_DELIVERED);
  send_away (ann, ben);
  test_person_edit (ann, message, "One and a half");
  test_person_edit (ann, message, "One and three quarters");
  react (ann, id, "\xf0\x9f\x91\x8d");
  test_person_delete (ann, other, KITH_DELETE_FOR_BOTH);
  test_person_stop (ann);

  test_person_start (ann);
  test_person_start (ben);
  test_person_meet (ann, ben);
  g_autoptr (KithMessage) last = test_person_send (ann, ben, "Three");

  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_DELIVERED);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_fetch_message_async (ben->node, NULL, id, NULL, test_result_cb, &result);
  copy = kith_node_fetch_message_finish (ben->node, test_await (&result), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kith_message_get_text (copy), ==, "One and three quarters");
  g_assert_cmpuint (kith_message_get_reactions (copy)->len, ==, 1);
  g_object_unref (copy);
  g_assert_cmpuint (count_hits (ben, "Two"), ==, 0);
}

/* --- Deletion ------------------------------------------------------------------------------- */

static void
test_delete (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  g_autoptr (KithMessage) first = test_person_send (ann, ben, "Keep");
  g_autoptr (KithMessage) message = test_person_send (ann, ben, "Regret");
  g_autoptr (KithMessage) copy = g_object_ref (wait_for_copy (ben, ann, message));
  GAsyncResult *result = NULL;

  test_person_delete (ann, message, KITH_DELETE_FOR_BOTH);
  g_assert_true (kith_message_is_deleted (message));
  test_wait_for (kith_message_is_deleted (copy));
  g_assert_cmpstr (kith_message_get_text (copy), ==, "");
  g_assert_cmpuint (count_hits (ben, "Regret"), ==, 0);
  g_assert_cmpuint (count_hits (ann, "Regret"), ==, 0);
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ben, ann)), ==, 1);
  g_assert_cmpuint (length_of (ben, ann), ==, 2);

  kith_node_edit_message_async (ann->node, NULL, kith_message_get_id (message), "No", NULL, test_result_cb,
                                &result);
  test_finish_badly (ann, &result, kith_node_edit_message_finish, KITH_ERROR_NOT_FOUND);
  kith_node_delete_message_async (ben->node, NULL, kith_message_get_id (first), KITH_DELETE_FOR_BOTH, NULL,
                                  test_result_cb, &result);
  test_finish_badly (ben, &result, kith_node_delete_message_finish, KITH_ERROR_INVALID);

  /* Here only: gone from ours, not from theirs. */
  test_person_delete (ben, copy_of (ben, ann, first), KITH_DELETE_HERE);
  g_assert_null (copy_of (ben, ann, first));
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ben, ann)), ==, 0);
  g_assert_false (kith_message_is_deleted (first));
  g_assert_cmpuint (count_hits (ben, "Keep"), ==, 0);
  g_assert_cmpuint (count_hits (ann, "Keep"), ==, 1);
}

/* --- What has not left yet ------------------------------------------------------------------ */

static void
test_queued (void)
{
  KithConversation *conversation;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  GAsyncResult *result = NULL;

  test_befriend (ann, ben);
  conversation = send_away (ann, ben);

  g_autoptr (KithMessage) cancelled = test_person_send_in (ann, conversation, "Never");
  g_autoptr (KithMessage) edited = test_person_send_in (ann, conversation, "Wrong");
  g_autoptr (KithMessage) last = test_person_send_in (ann, conversation, "Right");

  kith_node_cancel_message_async (ann->node, NULL, kith_message_get_id (cancelled), NULL, test_result_cb,
                                  &result);
  test_finish_well (ann, &result, kith_node_cancel_message_finish);
  test_person_edit (ann, edited, "Better");
  g_assert_cmpint (kith_message_get_edited_ms (edited), ==, 0);
  g_assert_cmpuint (kith_message_list_get_length (kith_conversation_get_messages (conversation)), ==, 2);

  test_person_start (ben);
  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (length_of (ben, ann), ==, 2);
  g_assert_cmpuint (test_person_count_text (ben, ann, "Better"), ==, 1);
  g_assert_cmpuint (test_person_count_text (ben, ann, "Right"), ==, 1);
  g_assert_cmpint (kith_message_get_edited_ms (wait_for_copy (ben, ann, edited)), ==, 0);

  kith_node_cancel_message_async (ann->node, NULL, kith_message_get_id (last), NULL, test_result_cb,
                                  &result);
  test_finish_badly (ann, &result, kith_node_cancel_message_finish, KITH_ERROR_INVALID);
}

/* A cancelled message does not leave after a restart either. */
static void
test_cancelled_for_good (void)
{
  KithConversation *conversation;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  GAsyncResult *result = NULL;

  test_befriend (ann, ben);
  conversation = send_away (ann, ben);
  g_autoptr (KithMessage) cancelled = test_person_send_in (ann, conversation, "Never");

  kith_node_cancel_message_async (ann->node, NULL, kith_message_get_id (cancelled), NULL, test_result_cb,
                                  &result);
  test_finish_well (ann, &result, kith_node_cancel_message_finish);
  test_person_stop (ann);
  test_person_start (ann);
  test_person_start (ben);
  test_person_meet (ann, ben);
  g_autoptr (KithMessage) last = test_person_send (ann, ben, "After");

  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (length_of (ben, ann), ==, 1);
  g_assert_cmpuint (count_hits (ann, "Never"), ==, 0);
}

/* --- Replies and reactions ------------------------------------------------------------------ */

static KithMessage *
reply (TestPerson *person, TestPerson *to, const char *text, const char *reply_to)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  KithMessage *message;

  kith_node_reply_async (person->node, test_person_conversation (person, to), text, reply_to, -1,
                         NULL, test_result_cb, &result);
  message = kith_node_send_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
  return message;
}

static void
test_replies (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  g_autoptr (KithMessage) question = test_person_send (ann, ben, "Tea?");
  KithMessage *asked = wait_for_copy (ben, ann, question);
  g_autoptr (KithMessage) answer = reply (ben, ann, "Yes", kith_message_get_id (asked));
  KithMessage *answered = wait_for_copy (ann, ben, answer);

  g_assert_cmpint (kith_message_get_quote (answer), ==, KITH_QUOTE_FOUND);
  g_assert_true (kith_message_get_reply_sender (answer) == test_person_contact (ben, ann));
  g_assert_cmpstr (kith_message_get_reply_to (answered), ==, kith_message_get_id (question));
  g_assert_cmpint (kith_message_get_quote (answered), ==, KITH_QUOTE_FOUND);
  g_assert_null (kith_message_get_reply_sender (answered));
  g_assert_cmpstr (kith_message_get_reply_text (answered), ==, "Tea?");

  test_person_edit (ann, question, "Coffee?");
  g_assert_cmpstr (kith_message_get_reply_text (answered), ==, "Coffee?");
  test_wait_for (g_strcmp0 (kith_message_get_reply_text (answer), "Coffee?") == 0);
  test_person_delete (ann, question, KITH_DELETE_FOR_BOTH);
  g_assert_cmpint (kith_message_get_quote (answered), ==, KITH_QUOTE_DELETED);
  test_wait_for (kith_message_get_quote (answer) == KITH_QUOTE_DELETED);
  g_assert_null (kith_message_get_reply_text (answer));

  g_autoptr (KithMessage) lost = reply (ben, ann, "What?", "00112233445566778899aabbccddeeff");

  g_assert_cmpint (kith_message_get_quote (wait_for_copy (ann, ben, lost)), ==, KITH_QUOTE_UNKNOWN);
}

static void
test_reactions (void)
{
  static const char *const wrong[] = { "ab", "a", " ", "\xf0\x9f\x98\x80\xf0\x9f\x98\x80", "\xff" };
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  GAsyncResult *result = NULL;

  test_befriend (ann, ben);

  g_autoptr (KithMessage) message = test_person_send (ann, ben, "News");
  KithMessage *copy = wait_for_copy (ben, ann, message);
  const char *id = kith_message_get_id (message);

  react (ben, id, "\xe2\x9d\xa4\xef\xb8\x8f");
  react (ben, id, "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd");
  react (ann, id, "\xf0\x9f\x8e\x89");
  test_wait_for (kith_message_get_reactions (message)->len == 2
                 && kith_message_get_reactions (copy)->len == 2);
  g_assert_cmpstr (kith_message_get_own_reaction (copy), ==, "\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd");
  g_assert_cmpstr (kith_message_get_own_reaction (message), ==, "\xf0\x9f\x8e\x89");
  react (ben, id, NULL);
  g_assert_null (kith_message_get_own_reaction (copy));
  test_wait_for (kith_message_get_reactions (message)->len == 1);
  g_assert_cmpuint (length_of (ann, ben), ==, 1);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      kith_node_react_async (ben->node, NULL, id, wrong[i], NULL, test_result_cb, &result);
      test_finish_badly (ben, &result, kith_node_react_finish, KITH_ERROR_INVALID);
    }
}

static void
test_forward (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) cem = test_person_new ("Cem");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  test_befriend (ann, ben);
  test_befriend (ben, cem);

  g_autoptr (KithMessage) message = test_person_send (ann, ben, "Pass it on");
  g_autoptr (KithMessage) passed = NULL;

  wait_for_copy (ben, ann, message);
  kith_node_forward_async (ben->node, NULL, kith_message_get_id (message), test_person_conversation (ben, cem),
                           NULL, test_result_cb, &result);
  passed = kith_node_send_finish (ben->node, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kith_message_get_text (wait_for_copy (cem, ben, passed)), ==, "Pass it on");
}

/* --- Conversations -------------------------------------------------------------------------- */

static void
test_treatment (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithConversation *conversation;
  GAsyncResult *result = NULL;

  test_befriend (ann, ben);
  conversation = test_person_conversation (ann, ben);
  kith_node_set_conversation_muted_async (ann->node, conversation, G_MAXINT64, NULL, test_result_cb,
                                          &result);
  test_finish_well (ann, &result, kith_node_set_conversation_finish);
  kith_node_set_conversation_pinned_async (ann->node, conversation, TRUE, NULL, test_result_cb,
                                           &result);
  test_finish_well (ann, &result, kith_node_set_conversation_finish);
  kith_node_set_conversation_marked_unread_async (ann->node, conversation, TRUE, NULL,
                                                  test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_set_conversation_finish);
  test_person_stop (ann);
  test_person_start (ann);

  conversation = test_person_conversation (ann, ben);
  g_assert_true (kith_conversation_is_muted (conversation, g_get_real_time () / 1000));
  g_assert_true (kith_conversation_get_pinned (conversation));
  g_assert_false (kith_conversation_get_archived (conversation));
  g_assert_true (kith_conversation_get_marked_unread (conversation));
  kith_node_mark_read (ann->node, conversation);
  g_assert_false (kith_conversation_get_marked_unread (conversation));
}

/* --- What disappears ------------------------------------------------------------------------ */

static void
test_disappearing (void)
{
  KithFakeEnv env;
  GAsyncResult *result = NULL;

  kith_fake_env_init (&env, 5, g_get_real_time () / G_USEC_PER_SEC);
  g_autoptr (TestPerson) ann = test_person_new_in ("Ann", &env.env);
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  kith_node_set_conversation_ttl_async (ann->node, test_person_conversation (ann, ben), 5, NULL,
                                        test_result_cb, &result);
  test_finish_badly (ann, &result, kith_node_set_conversation_finish, KITH_ERROR_INVALID);

  g_autoptr (KithMessage) stays = test_person_send (ben, ann, "I stay");

  wait_for_copy (ann, ben, stays);
  test_person_set_ttl (ben, ann, 60);
  test_wait_for (kith_conversation_get_ttl_s (test_person_conversation (ann, ben)) == 60);
  test_wait_for (length_of (ann, ben) == 2); /* the line */
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ann, ben)), ==, 1);

  g_autoptr (KithMessage) theirs = test_person_send (ben, ann, "Gone in a minute");
  g_autoptr (KithMessage) ours = test_person_send (ann, ben, "So is this");
  KithMessage *copy = wait_for_copy (ann, ben, theirs);

  test_wait_for (kith_message_get_state (ours) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (kith_message_get_ttl_s (copy), ==, 60);
  g_assert_cmpint (kith_message_get_expires_ms (copy), ==, 0);
  g_assert_cmpint (kith_message_get_expires_ms (ours), >, 0);

  /* Ours is due, theirs was not read. */
  kith_fake_env_advance (&env, 61 * G_USEC_PER_SEC);
  kith_expiry_check (ann->node);
  test_wait_for (test_person_count_text (ann, ben, "So is this") == 0);
  g_assert_cmpuint (test_person_count_text (ann, ben, "Gone in a minute"), ==, 1);

  kith_node_mark_read (ann->node, test_person_conversation (ann, ben));
  g_assert_cmpint (kith_message_get_expires_ms (copy), >, 0);
  test_person_stop (ann);
  kith_fake_env_advance (&env, 61 * G_USEC_PER_SEC);
  test_person_start (ann);
  test_wait_for (kith_conversation_get_last_message (test_person_conversation (ann, ben)) != NULL
                 && g_str_equal (kith_message_get_text (kith_conversation_get_last_message (
                                   test_person_conversation (ann, ben))),
                                 "I stay"));
  g_assert_cmpuint (count_hits (ann, "minute"), ==, 0);
  g_assert_cmpuint (count_hits (ann, "stay"), ==, 1);
}

/* --- What is missing ------------------------------------------------------------------------ */

static KithPeer *
peer_of (TestPerson *person, TestPerson *other)
{
  return kith_node_lookup_peer (person->node,
                                kith_contact_get_identity (test_person_contact (person, other)));
}

static guint
n_missing (TestPerson *person, TestPerson *other)
{
  KithMessageList *list = kith_conversation_get_messages (test_person_conversation (person, other));
  guint n = 0;

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    n += kith_message_get_n_missing (kith_message_list_get (list, i));
  return n;
}

/* Numbers that were never used are asked for, and are gone. */
static void
test_gone_numbers (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  g_autoptr (KithMessage) first = test_person_send (ann, ben, "One");

  wait_for_copy (ben, ann, first);
  peer_of (ann, ben)->row->next_seq += 3;
  g_autoptr (KithMessage) second = test_person_send (ann, ben, "Five");

  wait_for_copy (ben, ann, second);
  test_wait_for (n_missing (ben, ann) == 3);
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ben, ann)), ==, 2);
  test_wait_for (peer_of (ben, ann)->row->received_seq == 5);
  g_assert_cmpuint (n_missing (ben, ann), ==, 3);

  g_autoptr (KithMessage) third = test_person_send (ann, ben, "Six");

  test_wait_for (kith_message_get_state (third) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (peer_of (ben, ann)->row->received_seq, ==, 6);
  g_assert_cmpuint (length_of (ben, ann), ==, 4);
}

static void
add_lines (KithStore *store, const guint8 *identity, guint n)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GAsyncResult) result = NULL;

  for (guint i = 0; i < n; i++)
    {
      KithStoreMessage line = { .kind = KITH_STORE_KIND_MISSING, .seq = 100 + 2 * i, .n_missing = 1,
                                .hlc = 1000 + i, .text = (char *) "" };

      memcpy (line.identity, identity, sizeof line.identity);
      line.id[0] = (guint8) (i + 1);
      kith_store_batch_add_message (batch, &line);
    }
  kith_store_commit_async (store, g_steal_pointer (&batch), NULL, test_result_cb, &result);
  g_assert_true (kith_store_commit_finish (store, test_await (&result), NULL));
}

/* Lines beyond those that there may be, as a damaged profile might have them: nothing of what they stand for is taken
 * for received, now or after the next start. */
static void
test_too_many_lines (void)
{
  const guint n = KITH_LIMIT_MISSING_LINES + 6;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  guint8 identity[KITH_STORE_IDENTITY_BYTES];

  test_befriend (ann, ben);
  memcpy (identity, peer_of (ben, ann)->row->identity, sizeof identity);
  test_person_stop (ben);
  test_person_stop (ann);
  add_lines (ben->store, identity, n);

  for (guint start = 0; start < 2; start++)
    {
      KithGaps *gaps;
      const KithGap *last;

      test_person_start_quietly (ben);
      gaps = kith_node_lookup_peer (ben->node, identity)->gaps;
      g_assert_cmpuint (gaps->gaps->len, ==, KITH_LIMIT_MISSING_LINES);
      last = kith_gaps_get (gaps, KITH_LIMIT_MISSING_LINES - 1);
      g_assert_cmpuint (last->from, ==, 100 + 2 * (KITH_LIMIT_MISSING_LINES - 1));
      g_assert_cmpuint (last->to, ==, 100 + 2 * (n - 1));
      g_assert_false (last->changed);
      test_person_stop (ben);
    }
}

/* What was taken for delivered and is still there is sent again. */
static void
test_resent (void)
{
  KithPeer *peer;
  KithConversation *conversation;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  g_autoptr (KithMessage) first = test_person_send (ann, ben, "One");

  wait_for_copy (ben, ann, first);
  test_wait_for (kith_message_get_state (first) == KITH_MESSAGE_DELIVERED);
  peer = peer_of (ann, ben);
  conversation = send_away (ann, ben);

  g_autoptr (KithMessage) lost = test_person_send_in (ann, conversation, "Two");
  KithStoreMessage *row = kith_message_queue_pop_head (&peer->queued);
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  row->delivered_ms = row->time_ms;
  kith_store_batch_update_message (batch, row);
  kith_node_commit (ann->node, batch);
  kith_store_message_free (row);
  g_autoptr (KithMessage) last = test_person_send_in (ann, conversation, "Three");

  test_person_start (ben);
  wait_for_copy (ben, ann, last);
  wait_for_copy (ben, ann, lost);
  test_wait_for (n_missing (ben, ann) == 0 && peer_of (ben, ann)->row->received_seq == 3);
  test_wait_for (length_of (ben, ann) == 3);
  g_assert_cmpstr (kith_message_get_text (kith_message_list_get (
                     kith_conversation_get_messages (test_person_conversation (ben, ann)), 1)),
                   ==, "Two");
}

static void
ask_again (TestPerson *person, TestPerson *other, guint64 from, guint64 to, gboolean gone)
{
  const KithBodyResend resend = { from, to, gone };

  g_assert_true (kith_session_send_bytes (peer_of (person, other)->session, KITH_RECORD_RESEND,
                                          kith_body_resend_pack (&resend)));
}

/* A friend asks for what we deleted for ourselves only: that takes nothing from them. */
static void
test_deleted_here_is_not_taken (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  g_autoptr (KithMessage) mine = test_person_send (ann, ben, "Mine");
  g_autoptr (KithMessage) both = test_person_send (ann, ben, "Both");

  wait_for_copy (ben, ann, both);
  test_wait_for (kith_message_get_state (both) == KITH_MESSAGE_DELIVERED);
  test_person_delete (ann, mine, KITH_DELETE_HERE);
  ask_again (ben, ann, 1, 2, FALSE);
  test_wait_for (peer_of (ann, ben)->n_resends_answered == 1);

  g_autoptr (KithMessage) last = test_person_send (ann, ben, "Last");

  wait_for_copy (ben, ann, last);
  g_assert_cmpuint (test_person_count_text (ben, ann, "Mine"), ==, 1);
  g_assert_cmpuint (length_of (ben, ann), ==, 3);
}

/* Nobody asked: whoever says without end what they do not have makes no work for the store. */
static void
test_gone_without_being_asked (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithPeer *peer;

  test_befriend (ann, ben);
  peer = peer_of (ben, ann);
  for (guint64 seq = 1; seq < 100; seq++)
    ask_again (ann, ben, seq, seq + 10, TRUE);
  g_autoptr (KithMessage) message = test_person_send (ann, ben, "Hello");

  wait_for_copy (ben, ann, message);
  g_assert_cmpuint (peer->n_committing, ==, 0);
  g_assert_cmpuint (length_of (ben, ann), ==, 1);
}

/* The highest number there is: nobody counts up to there. */
static void
test_numbers_without_end (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  ask_again (ann, ben, G_MAXINT64, G_MAXINT64, FALSE);
  test_wait_for (peer_of (ben, ann)->n_resends_answered == 1);
  g_autoptr (KithMessage) message = test_person_send (ben, ann, "Still here");

  wait_for_copy (ann, ben, message);
  ask_again (ann, ben, G_MAXUINT64, G_MAXUINT64, FALSE);
  test_wait_for (peer_of (ann, ben)->session == NULL);
  g_assert_cmpuint (test_person_count_text (ann, ben, "Still here"), ==, 1);
}

/* --- Failed ones ---------------------------------------------------------------------------- */

static void
test_retry (void)
{
  KithConversation *conversation;
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  GAsyncResult *result = NULL;

  test_befriend (ann, ben);
  conversation = send_away (ann, ben);
  g_autoptr (KithMessage) message = test_person_send_in (ann, conversation, "Not now");
  g_autofree char *id = g_strdup (kith_message_get_id (message));

  kith_node_retry_message_async (ann->node, NULL, id, NULL, test_result_cb, &result);
  test_finish_badly (ann, &result, kith_node_retry_message_finish, KITH_ERROR_INVALID);
  kith_node_remove_async (ann->node, kith_conversation_get_contact (conversation), TRUE, NULL,
                          test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_remove_finish);
  g_assert_cmpint (kith_message_get_state (message), ==, KITH_MESSAGE_FAILED);
  kith_node_retry_message_async (ann->node, NULL, id, NULL, test_result_cb, &result);
  test_finish_badly (ann, &result, kith_node_retry_message_finish, KITH_ERROR_NOT_CONTACT);

  test_person_start (ben);
  test_person_meet (ann, ben);
  kith_node_retry_message_async (ann->node, NULL, id, NULL, test_result_cb, &result);
  test_finish_well (ann, &result, kith_node_retry_message_finish);
  test_wait_for (test_person_count_text (ben, ann, "Not now") == 1);
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);

  g_autoptr (KithMessageDetails) details =
    kith_node_dup_message_details (ann->node, test_person_conversation (ann, ben), message);

  g_assert_cmpuint (details->steps->len, >=, 2);
  g_assert_null (details->reason);
  g_assert_cmpuint (g_list_model_get_n_items (details->tries), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/messages/edit", test_edit);
  g_test_add_func ("/messages/while-away", test_while_away);
  g_test_add_func ("/messages/delete", test_delete);
  g_test_add_func ("/messages/queued", test_queued);
  g_test_add_func ("/messages/cancelled-for-good", test_cancelled_for_good);
  g_test_add_func ("/messages/replies", test_replies);
  g_test_add_func ("/messages/reactions", test_reactions);
  g_test_add_func ("/messages/forward", test_forward);
  g_test_add_func ("/messages/treatment", test_treatment);
  g_test_add_func ("/messages/disappearing", test_disappearing);
  g_test_add_func ("/messages/gone-numbers", test_gone_numbers);
  g_test_add_func ("/messages/too-many-lines", test_too_many_lines);
  g_test_add_func ("/messages/resent", test_resent);
  g_test_add_func ("/messages/deleted-here-is-not-taken", test_deleted_here_is_not_taken);
  g_test_add_func ("/messages/gone-without-being-asked", test_gone_without_being_asked);
  g_test_add_func ("/messages/numbers-without-end", test_numbers_without_end);
  g_test_add_func ("/messages/retry", test_retry);
  return g_test_run ();
}
