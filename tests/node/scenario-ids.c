/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who writes a message chooses its id. Somebody takes one that is there already: nothing that others wrote
 * changes by that, and what the user does is done to what they see. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-people.h"

#include <sodium.h>
#include <string.h>

#include "base/kith-error.h"
#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"

static KithPeer *
peer_of (TestPerson *person, TestPerson *other)
{
  return kith_node_lookup_peer (person->node,
                                kith_contact_get_identity (test_person_contact (person, other)));
}

static KithMessage *
find (TestPerson *person, TestPerson *other, const guint8 *id)
{
  KithConversation *conversation = test_person_conversation (person, other);

  return kith_message_list_lookup (kith_conversation_get_messages (conversation), id);
}

/* A record that Kith itself would not send. @id: (nullable): any */
static void
say (TestPerson *person, TestPerson *other, KithContent content, const guint8 *id, const guint8 *target,
     const char *text)
{
  KithPeer *peer = peer_of (person, other);
  g_auto (KithBodyMsg) body = { .seq = peer->row->next_seq++,
                                .hlc = kith_hlc_next (&person->node->hlc, g_get_real_time () / 1000),
                                .content = content,
                                .has_target = target != NULL,
                                .text = g_strdup (text) };

  randombytes_buf (body.id.bytes, sizeof body.id.bytes);
  if (id != NULL)
    memcpy (body.id.bytes, id, sizeof body.id.bytes);
  if (target != NULL)
    memcpy (body.target.bytes, target, sizeof body.target.bytes);
  g_assert_true (
    kith_session_send_bytes (peer->session, KITH_RECORD_MSG, kith_body_msg_pack (&body)));
}

/* All that was said until now has been stored and shown. */
static void
settle (TestPerson *person, TestPerson *other)
{
  g_autoptr (KithMessage) last = test_person_send (person, other, "So far");

  test_wait_for (find (other, person, kith_message_get_id_bytes (last)) != NULL);
}

/* Everything of a conversation that is stored, as a restart has it. */
static void
assert_stored (TestPerson *person, TestPerson *other, const guint8 *id, const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) messages = NULL;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  kith_node_fetch_async (person->node, test_person_conversation (person, other), NULL, 100, NULL,
                         test_result_cb, &result);
  messages = kith_node_fetch_finish (person->node, test_await (&result), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < messages->len; i++)
    {
      KithMessage *message = g_ptr_array_index (messages, i);

      if (memcmp (kith_message_get_id_bytes (message), id, KITH_MESSAGE_ID_BYTES) != 0)
        continue;
      g_assert_true (kith_message_is_outgoing (message));
      g_assert_cmpstr (kith_message_get_text (message), ==, text);
      g_assert_false (kith_message_is_deleted (message));
      g_assert_cmpint (kith_message_get_edited_ms (message), ==, 0);
      n++;
    }
  g_assert_cmpuint (n, ==, 1);
}

static void
assert_ours (TestPerson *person, TestPerson *other, const guint8 *id, const char *text)
{
  KithMessage *message = find (person, other, id);

  g_assert_nonnull (message);
  g_assert_true (kith_message_is_outgoing (message));
  g_assert_cmpstr (kith_message_get_text (message), ==, text);
  g_assert_false (kith_message_is_deleted (message));
  g_assert_cmpint (kith_message_get_edited_ms (message), ==, 0);
  assert_stored (person, other, id, text);
}

/* Mal has the id of what Ann wrote to him: she got it with the message. */
static void
test_ours (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) mal = test_person_new ("Mal");

  test_befriend (ann, mal);

  g_autoptr (KithMessage) message = test_person_send (ann, mal, "I owe you ten");
  const guint8 *id = kith_message_get_id_bytes (message);

  test_wait_for (find (mal, ann, id) != NULL);
  say (mal, ann, KITH_CONTENT_TEXT, id, NULL, "I owe you ten thousand");
  say (mal, ann, KITH_CONTENT_EDIT, NULL, id, "I owe you a million");
  settle (mal, ann);
  assert_ours (ann, mal, id, "I owe you ten");

  say (mal, ann, KITH_CONTENT_DELETE, NULL, id, NULL);
  settle (mal, ann);
  assert_ours (ann, mal, id, "I owe you ten");

  test_person_stop (ann);
  test_person_start (ann);
  assert_stored (ann, mal, id, "I owe you ten");
}

/* Taking back what only the other side wrote leaves nothing that would stand in for it. */
static void
test_tombstone (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) mal = test_person_new ("Mal");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  test_befriend (ann, mal);

  g_autoptr (KithMessage) message = test_person_send (ann, mal, "Still here");
  const guint8 *id = kith_message_get_id_bytes (message);

  test_wait_for (find (mal, ann, id) != NULL);
  say (mal, ann, KITH_CONTENT_DELETE, NULL, id, NULL);
  settle (mal, ann);
  kith_node_react_async (ann->node, test_person_conversation (ann, mal), kith_message_get_id (message),
                         "👍", NULL, test_result_cb, &result);
  kith_node_react_finish (ann->node, test_await (&result), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kith_message_get_own_reaction (message), ==, "👍");
  assert_ours (ann, mal, id, "Still here");
}

/* Mal gives a message the id of one that somebody else wrote. */
static void
test_elsewhere (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) mal = test_person_new ("Mal");
  g_autoptr (GAsyncResult) forwarded = NULL, guessed = NULL, deleted = NULL;
  g_autoptr (KithMessage) passed = NULL;
  g_autoptr (GError) error = NULL;

  test_befriend (ann, mal);
  test_befriend (ann, ben);

  g_autoptr (KithMessage) message = test_person_send (ben, ann, "The true one");
  const guint8 *id = kith_message_get_id_bytes (message);

  test_wait_for (find (ann, ben, id) != NULL);
  say (mal, ann, KITH_CONTENT_TEXT, id, NULL, "The wrong one");
  test_wait_for (find (ann, mal, id) != NULL);

  kith_node_forward_async (ann->node, test_person_conversation (ann, ben), kith_message_get_id (message),
                           test_person_conversation (ann, ben), NULL, test_result_cb, &forwarded);
  passed = kith_node_send_finish (ann->node, test_await (&forwarded), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kith_message_get_text (passed), ==, "The true one");

  /* Who knows the id alone has to say more. */
  kith_node_delete_message_async (ann->node, NULL, kith_message_get_id (message), KITH_DELETE_HERE, NULL,
                                  test_result_cb, &guessed);
  g_assert_false (kith_node_delete_message_finish (ann->node, test_await (&guessed), &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_AMBIGUOUS);
  g_clear_error (&error);

  kith_node_delete_message_async (ann->node, test_person_conversation (ann, mal),
                                  kith_message_get_id (message), KITH_DELETE_HERE, NULL,
                                  test_result_cb, &deleted);
  kith_node_delete_message_finish (ann->node, test_await (&deleted), &error);
  g_assert_no_error (error);
  g_assert_null (find (ann, mal, id));
  g_assert_cmpstr (kith_message_get_text (find (ann, ben, id)), ==, "The true one");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/ids/ours", test_ours);
  g_test_add_func ("/ids/tombstone", test_tombstone);
  g_test_add_func ("/ids/elsewhere", test_elsewhere);
  return g_test_run ();
}
