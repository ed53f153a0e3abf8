/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keeps messages from arriving, and what both sides say about it: damage on the way, people who do
 * not want any, what a version does not understand, and what is deleted while it is under way. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-acts.h"
#include "kith-test-relay.h"

#include <sodium.h>
#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-directory.h"
#include "node/kith-doctor-words.h"
#include "node/kith-failure.h"
#include "node/kith-node-history.h"

static void
delete (TestPerson *person, const char *id, KithDeleteWhere where)
{
  GAsyncResult *result = NULL;

  kith_node_delete_message_async (person->node, NULL, id, where, NULL, test_result_cb, &result);
  test_finish_well (person, &result, kith_node_delete_message_finish);
}

static KithPeer *
peer_of (TestPerson *person, TestPerson *other)
{
  return kith_node_lookup_peer (person->node,
                                kith_contact_get_identity (test_person_contact (person, other)));
}

static KithMessageList *
list_of (TestPerson *person, TestPerson *other)
{
  return kith_conversation_get_messages (test_person_conversation (person, other));
}

/* @ann's only session with @ben goes through the relay. (transfer full) */
static TestRelay *
befriend_through_relay (TestPerson *ann, TestPerson *ben)
{
  TestRelay *relay;

  test_befriend (ann, ben);
  kith_node_unlisten (ann->node);
  test_person_stop (ben);
  test_person_start (ben);
  relay = test_relay_new (kith_node_get_listen_port (ben->node));
  peer_of (ann, ben)->row->n_endpoints = 0;
  test_person_connect (ann, ben, test_relay_get_port (relay));
  return relay;
}

/* Whether the connection details of a contact have it. */
static gboolean
has_finding (TestPerson *person, TestPerson *other, const char *code)
{
  g_autoptr (GListStore) findings = g_list_store_new (KITH_TYPE_FINDING);

  kith_doctor_add_contact (findings, peer_of (person, other));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (findings)); i++)
    {
      g_autoptr (KithFinding) finding = g_list_model_get_item (G_LIST_MODEL (findings), i);

      if (g_str_equal (kith_finding_get_code (finding), code))
        return TRUE;
    }

  return FALSE;
}

static gboolean
has_try (TestPerson *person, TestPerson *other, KithMessage *message, const char *code)
{
  g_autoptr (KithMessageDetails) details =
    kith_node_dup_message_details (person->node, test_person_conversation (person, other), message);

  for (guint i = 0; i < g_list_model_get_n_items (details->tries); i++)
    {
      g_autoptr (KithFinding) finding = g_list_model_get_item (details->tries, i);

      if (g_str_equal (kith_finding_get_code (finding), code))
        return TRUE;
    }

  return FALSE;
}

/* --- Damage --------------------------------------------------------------------------------- */

/* Which way the bit went that was harmed. */
static gboolean
both_say_so (TestPerson *ann, TestPerson *ben)
{
  return (has_finding (ann, ben, "garbled-there") && has_finding (ben, ann, "garbled"))
         || (has_finding (ann, ben, "garbled") && has_finding (ben, ann, "garbled-there"));
}

static gboolean
details_say_so (TestPerson *person, TestPerson *other, KithMessage *message)
{
  return has_try (person, other, message, "garbled-there") || has_try (person, other, message, "garbled");
}

/* It never shows as a message, both sides say why the connection was closed, and it is sent again. */
static void
test_garbled (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestRelay) relay = befriend_through_relay (ann, ben);
  g_autoptr (KithMessage) first = test_person_send (ann, ben, "Before");

  test_wait_for (kith_message_get_state (first) == KITH_MESSAGE_DELIVERED);
  g_assert_false (both_say_so (ann, ben));
  test_relay_harm (relay, TEST_HARM_FLIP, 40);

  g_autoptr (KithMessage) message = test_person_send (ann, ben, "As it was written");

  test_wait_for (test_relay_get_n_harmed (relay) == 1);
  test_wait_for (both_say_so (ann, ben));
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (test_person_count_text (ben, ann, "As it was written"), ==, 1);
  g_assert_cmpuint (kith_message_list_get_length (list_of (ben, ann)), ==, 2);
  g_assert_true (both_say_so (ann, ben));
  g_assert_true (details_say_so (ann, ben, message));
  g_assert_false (details_say_so (ann, ben, first));
}

/* --- People who do not want any ------------------------------------------------------------- */

static void
test_refused (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  GAsyncResult *result = NULL;
  KithConversation *conversation;
  KithContact *contact;

  test_befriend (ann, ben);
  contact = test_person_contact (ben, ann);
  test_person_stop (ann);
  kith_node_remove_async (ben->node, contact, FALSE, NULL, test_result_cb, &result);
  test_finish_well (ben, &result, kith_node_remove_finish);
  test_person_start (ann);
  conversation = test_person_conversation (ann, ben);

  g_autoptr (KithMessage) message = test_person_send_in (ann, conversation, "Are you there?");

  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_FAILED);
  g_assert_cmpstr (kith_message_get_reason_code (message), ==, KITH_FAILURE_REFUSED);
  g_assert_cmpstr (kith_message_get_reason (message), !=, KITH_FAILURE_REFUSED);

  /* So it says after a restart. */
  test_person_stop (ann);
  test_person_start (ann);
  g_autoptr (KithMessage) last =
    g_object_ref (kith_conversation_get_last_message (test_person_conversation (ann, ben)));

  g_assert_cmpint (kith_message_get_state (last), ==, KITH_MESSAGE_FAILED);
  g_assert_cmpstr (kith_message_get_reason_code (last), ==, KITH_FAILURE_REFUSED);
}

/* Who was blocked is told nothing: it waits, as if nobody were there. */
static void
test_blocked (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  GAsyncResult *result = NULL;
  guint n_tries;

  test_befriend (ann, ben);
  kith_node_set_blocked_async (ben->node, test_person_contact (ben, ann), TRUE, NULL, test_result_cb,
                               &result);
  test_finish_well (ben, &result, kith_node_set_blocked_finish);
  test_wait_for (!test_person_is_online (ann, ben));

  g_autoptr (KithMessage) message = test_person_send (ann, ben, "Hello?");

  n_tries = peer_of (ann, ben)->routes.n_tries;
  kith_directory_try_now (peer_of (ann, ben));
  test_wait_for (peer_of (ann, ben)->routes.n_tries > n_tries && peer_of (ann, ben)->session == NULL);
  g_assert_cmpint (kith_message_get_state (message), ==, KITH_MESSAGE_QUEUED);
  g_assert_null (kith_message_get_reason (message));
}

/* --- What is not understood ----------------------------------------------------------------- */

/* The other one is away, and messages wait; the first gets another text, as no face would send it. */
static void
spoil_first (TestPerson *person, KithConversation *conversation, const char *text)
{
  KithPeer *peer = kith_node_lookup_peer (
    person->node, kith_contact_get_identity (kith_conversation_get_contact (conversation)));
  KithStoreMessage *row = kith_message_queue_peek_head (&peer->queued);

  g_free (row->text);
  row->text = g_strdup (text);
}

static void
test_poison (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithConversation *conversation;
  gint64 end_us = g_get_monotonic_time () + TEST_DEADLINE_S * G_USEC_PER_SEC;

  test_befriend (ann, ben);
  conversation = test_person_conversation (ann, ben);
  test_person_stop (ben);
  test_wait_for (kith_contact_get_presence (kith_conversation_get_contact (conversation))
                 != KITH_PRESENCE_ONLINE);

  g_autoptr (KithMessage) poison = test_person_send_in (ann, conversation, "Poison");
  g_autoptr (KithMessage) last = test_person_send_in (ann, conversation, "Good");

  spoil_first (ann, conversation, "");
  test_person_start (ben);
  while (kith_message_get_state (last) != KITH_MESSAGE_DELIVERED)
    {
      KithPeer *peer = peer_of (ben, ann);

      if (peer->session == NULL && peer->dial == NULL)
        kith_directory_try_now (peer);
      test_wait_step (end_us, "the good one to arrive", __FILE__, __LINE__);
    }

  g_assert_cmpint (kith_message_get_state (poison), ==, KITH_MESSAGE_FAILED);
  g_assert_cmpstr (kith_message_get_reason_code (poison), ==, KITH_FAILURE_NOT_UNDERSTOOD);
  g_assert_true (has_finding (ann, ben, "not-understood"));
  g_assert_true (has_finding (ben, ann, "not-understood-here"));
  g_assert_cmpuint (test_person_count_text (ben, ann, "Good"), ==, 1);
}

static void
test_too_big (void)
{
  g_autofree char *big = g_strnfill (KITH_LIMIT_MESSAGE_TEXT_BYTES + 1, 'x');
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithConversation *conversation;

  test_befriend (ann, ben);
  conversation = test_person_conversation (ann, ben);
  test_person_stop (ben);
  test_wait_for (kith_contact_get_presence (kith_conversation_get_contact (conversation))
                 != KITH_PRESENCE_ONLINE);

  g_autoptr (KithMessage) message = test_person_send_in (ann, conversation, "Of a later version");
  g_autoptr (KithMessage) last = test_person_send_in (ann, conversation, "Good");

  spoil_first (ann, conversation, big);
  test_person_start (ben);
  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpint (kith_message_get_state (message), ==, KITH_MESSAGE_FAILED);
  g_assert_cmpstr (kith_message_get_reason_code (message), ==, KITH_FAILURE_TOO_BIG);
}

static void
send_unknown (TestPerson *person, TestPerson *other, gboolean quiet)
{
  KithPeer *peer = peer_of (person, other);
  KithBodyMsg body = { .seq = peer->row->next_seq++,
                       .hlc = kith_hlc_next (&person->node->hlc, g_get_real_time () / 1000),
                       .content = KITH_CONTENT_UNKNOWN,
                       .quiet = quiet };

  randombytes_buf (body.id.bytes, sizeof body.id.bytes);
  g_assert_true (
    kith_session_send_bytes (peer->session, KITH_RECORD_MSG, kith_body_msg_pack (&body)));
}

static void
test_unknown (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithMessage *line;

  test_befriend (ann, ben);
  G_GNUC_UNUSED g_autoptr (KithMessage) first = test_person_send (ann, ben, "One");

  send_unknown (ann, ben, FALSE);
  send_unknown (ann, ben, TRUE);
  g_autoptr (KithMessage) last = test_person_send (ann, ben, "Four");

  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_DELIVERED);
  test_wait_for (peer_of (ben, ann)->row->received_seq == 4);
  g_assert_cmpuint (kith_message_list_get_length (list_of (ben, ann)), ==, 3);
  line = kith_message_list_get (list_of (ben, ann), 1);
  g_assert_cmpint (kith_message_get_kind (line), ==, KITH_MESSAGE_UNKNOWN);
  g_assert_cmpstr (kith_message_get_text (line), ==, "");
  g_assert_cmpuint (kith_message_get_n_missing (line), ==, 0);
  g_assert_cmpint (kith_message_get_state (line), ==, KITH_MESSAGE_RECEIVED);
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ben, ann)), ==, 2);

  /* It is there after a restart, and nothing is asked for. */
  test_person_stop (ben);
  test_person_start (ben);
  g_assert_cmpuint (peer_of (ben, ann)->gaps->gaps->len, ==, 0);
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ben, ann)), ==, 2);
}

/* --- What is deleted meanwhile -------------------------------------------------------------- */

/* Unread since before the start: it is counted, and not loaded. */
static void
test_unread_deleted (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithConversation *conversation;

  test_befriend (ann, ben);
  g_autoptr (KithMessage) regret = test_person_send (ann, ben, "Regret");
  G_GNUC_UNUSED g_autoptr (KithMessage) keep = test_person_send (ann, ben, "Keep");
  g_autoptr (KithMessage) here = test_person_send (ann, ben, "Not for me");

  test_wait_for (kith_message_get_state (here) == KITH_MESSAGE_DELIVERED);
  test_person_stop (ben);
  test_person_start (ben);
  test_person_meet (ann, ben);
  conversation = test_person_conversation (ben, ann);
  g_assert_cmpuint (kith_conversation_get_unread (conversation), ==, 3);

  delete (ann, kith_message_get_id (regret), KITH_DELETE_FOR_BOTH);
  test_wait_for (kith_conversation_get_unread (conversation) == 2);
  delete (ben, kith_message_get_id (here), KITH_DELETE_HERE);
  g_assert_cmpuint (kith_conversation_get_unread (conversation), ==, 1);

  /* Nothing is counted twice. */
  g_autoptr (KithMessage) last = test_person_send (ann, ben, "Last");

  test_wait_for (kith_conversation_get_unread (conversation) == 2);
  delete (ann, kith_message_get_id (last), KITH_DELETE_FOR_BOTH);
  test_wait_for (kith_conversation_get_unread (conversation) == 1);
  kith_node_mark_read (ben->node, conversation);
  g_assert_cmpuint (kith_conversation_get_unread (conversation), ==, 0);
}

/* (transfer full): the row with a number of ours */
static GPtrArray *
load_number (TestPerson *person, KithPeer *peer, guint64 seq)
{
  g_autoptr (GAsyncResult) loaded = NULL;

  kith_store_load_numbers_async (person->store, peer->row->identity, seq, seq, NULL, test_result_cb,
                                 &loaded);
  return kith_store_load_numbers_finish (person->store, test_await (&loaded), NULL);
}

static guint
count_hits (TestPerson *person, const char *text)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GPtrArray) hits = NULL;

  kith_node_search_async (person->node, text, NULL, 10, NULL, NULL, test_result_cb, &result);
  hits = kith_node_search_finish (person->node, test_await (&result), NULL);
  return hits->len;
}

/* Deleted here while it is under way: it still arrives, also after a crash, and then nothing of it is
 * kept. */
static void
test_hidden (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestRelay) relay = befriend_through_relay (ann, ben);
  g_autofree char *id = NULL;

  g_autoptr (KithMessage) first = test_person_send (ann, ben, "First");

  test_wait_for (kith_message_get_state (first) == KITH_MESSAGE_DELIVERED);
  test_relay_freeze (relay, TRUE);

  KithMessage *message = test_person_send (ann, ben, "Surprise party");

  id = g_strdup (kith_message_get_id (message));
  g_object_unref (message);
  g_assert_cmpuint (count_hits (ann, "party"), ==, 1);
  delete (ann, id, KITH_DELETE_HERE);
  g_assert_cmpuint (test_person_count_text (ann, ben, "Surprise party"), ==, 0);
  g_assert_cmpuint (count_hits (ann, "party"), ==, 0);

  test_person_crash (ann);
  test_relay_freeze (relay, FALSE);
  test_person_start (ann);
  g_assert_cmpuint (test_person_count_text (ann, ben, "Surprise party"), ==, 0);
  if (!test_person_is_online (ann, ben))
    test_person_connect (ann, ben, test_relay_get_port (relay));
  test_wait_for (test_person_count_text (ben, ann, "Surprise party") == 1);

  g_autoptr (KithMessage) last = test_person_send (ann, ben, "Last");

  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_DELIVERED);
  test_wait_for (peer_of (ann, ben)->sent.rows.length == 0);
  g_autoptr (GPtrArray) rows = load_number (ann, peer_of (ann, ben), 2);

  g_assert_cmpuint (rows->len, ==, 1);
  g_assert_cmpstr (((KithStoreMessage *) rows->pdata[0])->text, ==, "");
  g_assert_cmpuint (count_hits (ann, "party"), ==, 0);
  g_assert_cmpuint (test_person_count_text (ben, ann, "Surprise party"), ==, 1);
}

/* An edit whose acknowledgement was lost waits in the outbox and has no row of its own: asked for its
 * number, we do not say that it is gone. */
static void
test_edit_is_not_gone (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithStoreMessage *act = g_new0 (KithStoreMessage, 1);
  KithPeer *peer;

  test_befriend (ann, ben);
  g_autoptr (KithMessage) message = test_person_send (ann, ben, "We meet at five");

  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  peer = peer_of (ann, ben);
  act->kind = KITH_STORE_KIND_EDIT;
  act->outgoing = TRUE;
  act->seq = peer->row->next_seq++;
  act->hlc = kith_hlc_next (&ann->node->hlc, g_get_real_time () / 1000);
  act->text = g_strdup ("We meet at six");
  act->has_reply_to = TRUE;
  memcpy (act->identity, peer->row->identity, sizeof act->identity);
  memcpy (act->reply_to, kith_message_get_id_bytes (message), sizeof act->reply_to);
  randombytes_buf (act->id, sizeof act->id);
  kith_message_queue_push_tail (&peer->sent, act);

  G_GNUC_UNUSED g_autoptr (KithMessage) next = test_person_send (ann, ben, "See you");

  test_wait_for (peer->n_resends_answered == 1);
  g_autoptr (KithMessage) last = test_person_send (ann, ben, "There");

  test_wait_for (kith_message_get_state (last) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (peer_of (ben, ann)->row->received_seq, ==, 1);
  g_assert_cmpuint (peer_of (ben, ann)->gaps->gaps->len, ==, 1);
  g_assert_false (kith_gap_is_over (kith_gaps_get (peer_of (ben, ann)->gaps, 0)));

  test_person_stop (ben);
  test_person_start (ben);
  g_assert_cmpuint (peer_of (ben, ann)->row->heard_seq, ==, 4); /* what is here is not missing */
  test_person_meet (ann, ben);
  g_autoptr (KithMessage) after = test_person_send (ann, ben, "Back");

  test_wait_for (kith_message_get_state (after) == KITH_MESSAGE_DELIVERED);
  test_wait_for (peer_of (ben, ann)->row->received_seq == 5);
  g_assert_cmpuint (peer_of (ben, ann)->gaps->gaps->len, ==, 0);
  g_assert_cmpuint (peer->sent.rows.length, ==, 0);
}

/* Receipts for what never was are work for the store all the same: who sends them faster than it is
 * done has to wait. */
static void
test_receipts_without_end (void)
{
  enum { N_ACKS = 1000, BEHIND = 256 + 64 /* what one frame brings more */ };
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithBodyAck ack = { .kind = KITH_ACK_READ, .n_ids = KITH_LIMIT_ACK_IDS };
  KithPeer *peer;
  guint most = 0;

  test_befriend (ann, ben);
  peer = peer_of (ann, ben);
  for (guint n = 0; n < N_ACKS;)
    {
      randombytes_buf (ack.ids, sizeof ack.ids);
      if (kith_session_is_writable (peer->session)
          && kith_session_send_bytes (peer->session, KITH_RECORD_ACK, kith_body_ack_pack (&ack)))
        n++;
      else
        g_main_context_iteration (NULL, TRUE);
      most = MAX (most, peer_of (ben, ann)->n_committing);
    }

  g_autoptr (KithMessage) message = test_person_send (ann, ben, "Well?");

  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  test_wait_for (peer_of (ben, ann)->n_committing == 0);
  g_assert_cmpuint (most, >, 0);
  g_assert_cmpuint (most, <=, BEHIND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/arriving/garbled", test_garbled);
  g_test_add_func ("/arriving/refused", test_refused);
  g_test_add_func ("/arriving/blocked", test_blocked);
  g_test_add_func ("/arriving/poison", test_poison);
  g_test_add_func ("/arriving/too-big", test_too_big);
  g_test_add_func ("/arriving/unknown", test_unknown);
  g_test_add_func ("/arriving/unread-deleted", test_unread_deleted);
  g_test_add_func ("/arriving/hidden", test_hidden);
  g_test_add_func ("/arriving/edit-is-not-gone", test_edit_is_not_gone);
  g_test_add_func ("/arriving/receipts-without-end", test_receipts_without_end);
  return g_test_run ();
}
