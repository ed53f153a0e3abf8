/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two and three people, each a whole node, on real sockets of this machine. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-people.h"

#include "base/kith-error.h"
#include "net/kith-session-private.h"
#include "node/kith-node-requests.h"

#include <sodium.h>

static GError *
connect_error (TestPerson *self, const char *address, guint port)
{
  g_autoptr (GAsyncResult) connected = NULL;
  GError *error = NULL;

  kith_node_connect_async (self->node, address, (guint16) port, NULL, NULL, test_result_cb,
                           &connected);
  g_assert_false (kith_node_connect_finish (self->node, test_await (&connected), NULL, NULL, &error));
  g_assert_nonnull (error);
  return error;
}

static void
test_request_and_accept (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (GAsyncResult) accepted = NULL;
  g_autoptr (KithContact) requested = NULL;
  g_autoptr (KithContact) friend = NULL;
  g_autoptr (KithRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  KithConnectOutcome outcome;

  kith_node_connect_async (ann->node, "127.0.0.1", kith_node_get_listen_port (ben->node),
                           "It is me, Ann", NULL, test_result_cb, &connected);
  kith_node_connect_finish (ann->node, test_await (&connected), &outcome, &requested, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, KITH_CONNECT_REQUESTED);
  g_assert_cmpint (kith_contact_get_relation (requested), ==, KITH_RELATION_REQUESTED);
  g_assert_null (kith_contact_get_name (requested));

  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (ben->node)) == 1);
  request = g_list_model_get_item (kith_node_get_requests (ben->node), 0);
  g_assert_cmpstr (kith_request_get_name (request), ==, "Ann");
  g_assert_cmpstr (kith_request_get_text (request), ==, "It is me, Ann");
  g_assert_cmpstr (kith_request_get_id (request), ==,
                   kith_profile_get_id (kith_node_get_profile (ann->node)));
  g_assert_true (kith_request_get_online (request));
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_contacts (ben->node)), ==, 0);

  kith_node_accept_async (ben->node, request, NULL, test_result_cb, &accepted);
  friend = kith_node_accept_finish (ben->node, test_await (&accepted), &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kith_contact_get_name (friend), ==, "Ann");

  test_wait_for (test_person_is_online (ann, ben) && test_person_is_online (ben, ann));
  g_assert_cmpstr (kith_contact_get_name (requested), ==, "Ben");
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (ben->node)), ==, 0);

  g_autofree char *number_a = kith_node_dup_safety_number (ann->node, requested);
  g_autofree char *number_b = kith_node_dup_safety_number (ben->node, friend);

  g_assert_cmpstr (number_a, ==, number_b);
}

static void
test_chat_and_receipts (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  g_autoptr (KithMessage) hello = test_person_send (ann, ben, "Hello Ben \xf0\x9f\x98\x80\nnew line");
  g_autoptr (KithMessage) answer = test_person_send (ben, ann, "Hello Ann");

  test_wait_for (kith_message_get_state (hello) == KITH_MESSAGE_DELIVERED);
  test_wait_for (kith_message_get_state (answer) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (test_person_count_text (ben, ann, "Hello Ben \xf0\x9f\x98\x80\nnew line"), ==, 1);
  g_assert_cmpuint (test_person_count_text (ann, ben, "Hello Ann"), ==, 1);
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ben, ann)), ==, 1);

  kith_node_mark_read (ben->node, test_person_conversation (ben, ann));
  g_assert_cmpuint (kith_conversation_get_unread (test_person_conversation (ben, ann)), ==, 0);
  test_wait_for (kith_message_get_state (hello) == KITH_MESSAGE_READ);
  g_assert_cmpint (kith_message_get_state (answer), ==, KITH_MESSAGE_DELIVERED);
  g_assert_cmpint (kith_message_get_state_time_ms (hello, KITH_MESSAGE_DELIVERED), >, 0);
  g_assert_cmpint (kith_message_get_state_time_ms (hello, KITH_MESSAGE_READ), >=,
                   kith_message_get_state_time_ms (hello, KITH_MESSAGE_DELIVERED));
}

static void
test_decline (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (GAsyncResult) declined = NULL;
  g_autoptr (KithContact) contact = NULL;
  g_autoptr (KithRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_connect_async (ann->node, "127.0.0.1", kith_node_get_listen_port (ben->node), NULL,
                           NULL, test_result_cb, &connected);
  kith_node_connect_finish (ann->node, test_await (&connected), NULL, &contact, &error);
  g_assert_no_error (error);
  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (ben->node)) == 1);
  request = g_list_model_get_item (kith_node_get_requests (ben->node), 0);

  kith_node_decline_async (ben->node, request, NULL, test_result_cb, &declined);
  kith_node_decline_finish (ben->node, test_await (&declined), &error);
  g_assert_no_error (error);

  test_wait_for (kith_contact_get_relation (contact) == KITH_RELATION_DECLINED);
  test_wait_for (kith_node_get_n_sessions (ben->node) == 0);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (ben->node)), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_contacts (ben->node)), ==, 0);
}

/* A decline just when the keys are about to change: the BYE has to arrive all the same. */
static void
test_decline_during_rekey (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (KithContact) contact = NULL;
  const KithAsking *asking;
  GHashTableIter iter;
  gpointer value;

  kith_node_connect_async (ann->node, "127.0.0.1", kith_node_get_listen_port (ben->node), NULL,
                           NULL, test_result_cb, &connected);
  test_wait_for (g_hash_table_size (ben->node->asking) == 1);
  g_hash_table_iter_init (&iter, ben->node->asking);
  g_assert_true (g_hash_table_iter_next (&iter, NULL, &value));
  asking = value;
  test_wait_for (asking->session->rekeying == KITH_REKEYING_ANSWERED);
  kith_session_close (asking->session, KITH_BYE_NOT_CONTACT);

  g_assert_true (kith_node_connect_finish (ann->node, test_await (&connected), NULL, &contact, NULL));
  test_wait_for (kith_node_get_n_sessions (ann->node) == 0);
  g_assert_cmpint (kith_contact_get_relation (contact), ==, KITH_RELATION_DECLINED);
}

/* Who takes a request back takes it out of the other's list, too. */
static void
test_take_back (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (GAsyncResult) removed = NULL;

  kith_node_connect_async (ann->node, "127.0.0.1", kith_node_get_listen_port (ben->node), NULL,
                           NULL, test_result_cb, &connected);
  g_assert_true (kith_node_connect_finish (ann->node, test_await (&connected), NULL, NULL, NULL));
  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (ben->node)) == 1);
  kith_node_remove_async (ann->node, test_person_contact (ann, ben), FALSE, NULL, test_result_cb, &removed);
  g_assert_true (kith_node_remove_finish (ann->node, test_await (&removed), NULL));
  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (ben->node)) == 0);
}

/* Two people who request each other are contacts without a further click (4.1a). */
static void
test_both_request (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) from_ann = NULL;
  g_autoptr (GAsyncResult) from_ben = NULL;

  kith_node_connect_async (ann->node, "127.0.0.1", kith_node_get_listen_port (ben->node), NULL,
                           NULL, test_result_cb, &from_ann);
  kith_node_connect_async (ben->node, "127.0.0.1", kith_node_get_listen_port (ann->node), NULL,
                           NULL, test_result_cb, &from_ben);
  test_await (&from_ann);
  test_await (&from_ben);
  test_wait_for (test_person_is_online (ann, ben) && test_person_is_online (ben, ann));
  test_wait_for (kith_node_get_n_sessions (ann->node) == 1 && kith_node_get_n_sessions (ben->node) == 1);

  g_autoptr (KithMessage) message = test_person_send (ann, ben, "at last");

  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (test_person_count_text (ben, ann, "at last"), ==, 1);
}

static void
test_three_people (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) cat = test_person_new ("Cat");

  test_befriend (ann, ben);
  test_befriend (ben, cat);
  test_befriend (cat, ann);

  g_autoptr (KithMessage) one = test_person_send (ann, ben, "for Ben");
  g_autoptr (KithMessage) two = test_person_send (ann, cat, "for Cat");
  g_autoptr (KithMessage) three = test_person_send (cat, ben, "from Cat");

  test_wait_for (kith_message_get_state (one) == KITH_MESSAGE_DELIVERED
                 && kith_message_get_state (two) == KITH_MESSAGE_DELIVERED
                 && kith_message_get_state (three) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (test_person_count_text (ben, ann, "for Ben"), ==, 1);
  g_assert_cmpuint (test_person_count_text (ben, cat, "from Cat"), ==, 1);
  g_assert_cmpuint (test_person_count_text (cat, ann, "for Cat"), ==, 1);
  g_assert_cmpuint (test_person_count_text (cat, ben, "for Ben"), ==, 0);
}

static void
test_bad_addresses (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  static const char *const bad[] = { "", "nonsense", "300.1.1.1", "1.2.3", "1.2.3.4.5", "::g", "[::1", "a b" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = connect_error (ann, bad[i], 5484);

      g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
    }

  g_autoptr (GError) no_port = connect_error (ann, "127.0.0.1", 0);

  g_assert_error (no_port, KITH_ERROR, KITH_ERROR_INVALID);

  g_autoptr (GError) self = connect_error (ann, "127.0.0.1", kith_node_get_listen_port (ann->node));

  g_assert_error (self, KITH_ERROR, KITH_ERROR_SELF);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_contacts (ann->node)), ==, 0);
}

static void
test_nobody_listens (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  guint port = kith_node_get_listen_port (ben->node);

  kith_node_unlisten (ben->node);
  g_assert_false (kith_node_get_listening (ben->node));

  g_autoptr (GError) error = connect_error (ann, "127.0.0.1", port);

  g_assert_error (error, KITH_ERROR, KITH_ERROR_REFUSED);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_contacts (ann->node)), ==, 0);
}

static void
test_port_in_use (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GError) error = NULL;
  guint16 before = kith_node_get_listen_port (ben->node);

  g_assert_false (kith_node_listen (ben->node, "127.0.0.1", kith_node_get_listen_port (ann->node),
                                    FALSE, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_PORT_IN_USE);
  g_assert_true (kith_node_get_listening (ben->node));
  g_assert_cmpuint (kith_node_get_listen_port (ben->node), ==, before);

  g_clear_error (&error);
  g_assert_true (kith_node_listen (ben->node, "127.0.0.1", kith_node_get_listen_port (ann->node),
                                   TRUE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (kith_node_get_listen_port (ben->node), >, kith_node_get_listen_port (ann->node));
}

/* From one address to all and back, on the same port: nobody but ourselves is in the way. */
static void
test_move_listener (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (GError) error = NULL;
  guint16 port = kith_node_get_listen_port (ann->node);

  g_assert_true (kith_node_listen (ann->node, NULL, port, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (kith_node_get_listen_port (ann->node), ==, port);
  g_assert_true (kith_node_listen (ann->node, "127.0.0.1", port, FALSE, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (kith_node_get_listen_address (ann->node), ==, "127.0.0.1");

  g_assert_false (kith_node_listen (ann->node, "192.0.2.1", port, FALSE, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_ADDRESS_UNAVAILABLE);
  g_assert_cmpuint (kith_node_get_listen_port (ann->node), ==, port);
}

static void
test_text_limits (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);

  for (gsize len = KITH_LIMIT_MESSAGE_TEXT_BYTES - 1; len <= KITH_LIMIT_MESSAGE_TEXT_BYTES + 1; len++)
    {
      g_autofree char *text = g_strnfill (len, 'x');
      g_autoptr (GAsyncResult) sent = NULL;
      g_autoptr (GError) error = NULL;

      kith_node_send_async (ann->node, test_person_conversation (ann, ben), text, NULL,
                            test_result_cb, &sent);
      g_autoptr (KithMessage) message = kith_node_send_finish (ann->node, test_await (&sent), &error);

      if (len <= KITH_LIMIT_MESSAGE_TEXT_BYTES)
        {
          g_assert_no_error (error);
          test_wait_for (test_person_count_text (ben, ann, text) == 1);
        }
      else
        {
          g_assert_error (error, KITH_ERROR, KITH_ERROR_TOO_BIG);
          g_assert_null (message);
        }
    }
}

/* Removing somebody ends the session, and they cannot come back without asking. */
static void
test_remove (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) removed = NULL;
  g_autoptr (GError) error = NULL;

  test_befriend (ann, ben);
  kith_node_remove_async (ann->node, test_person_contact (ann, ben), FALSE, NULL, test_result_cb, &removed);
  kith_node_remove_finish (ann->node, test_await (&removed), &error);
  g_assert_no_error (error);
  g_assert_null (test_person_contact (ann, ben));
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_conversations (ann->node)), ==, 0);
  test_wait_for (!test_person_is_online (ben, ann));

  kith_node_reconnect (ben->node, test_person_contact (ben, ann));
  test_wait_for (kith_contact_get_presence (test_person_contact (ben, ann)) == KITH_PRESENCE_OFFLINE);
  g_assert_null (test_person_contact (ann, ben));
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/two-people/request-and-accept", test_request_and_accept);
  g_test_add_func ("/two-people/chat-and-receipts", test_chat_and_receipts);
  g_test_add_func ("/two-people/decline", test_decline);
  g_test_add_func ("/two-people/decline-during-rekey", test_decline_during_rekey);
  g_test_add_func ("/two-people/take-back", test_take_back);
  g_test_add_func ("/two-people/both-request", test_both_request);
  g_test_add_func ("/two-people/three-people", test_three_people);
  g_test_add_func ("/two-people/bad-addresses", test_bad_addresses);
  g_test_add_func ("/two-people/nobody-listens", test_nobody_listens);
  g_test_add_func ("/two-people/port-in-use", test_port_in_use);
  g_test_add_func ("/two-people/move-listener", test_move_listener);
  g_test_add_func ("/two-people/text-limits", test_text_limits);
  g_test_add_func ("/two-people/remove", test_remove);
  return g_test_run ();
}
