/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connections that break, people who vanish and come back, keys that change in between. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "kith-test-acts.h"
#include "kith-test-relay.h"

#include "node/kith-node-network.h"

static gboolean
all_delivered (TestPerson *from, TestPerson *to)
{
  KithMessageList *list = kith_conversation_get_messages (test_person_conversation (from, to));

  for (guint i = 0; i < kith_message_list_get_length (list); i++)
    {
      KithMessage *message = kith_message_list_get (list, i);

      if (kith_message_is_outgoing (message)
          && kith_message_get_state (message) < KITH_MESSAGE_DELIVERED)
        return FALSE;
    }

  return TRUE;
}

/* Every text of @from is in the store of @to once, and in the order of writing. */
static void
assert_arrived_in_order (TestPerson *from, TestPerson *to, guint n)
{
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  KithStoreCursor from_end = { .hlc = G_MAXUINT64 };
  guint next = 0;

  memcpy (from_end.identity, kith_contact_get_identity (test_person_contact (to, from)),
          sizeof from_end.identity);
  kith_store_load_messages_async (to->store, &from_end, KITH_STORE_BEFORE, 100000, NULL, test_result_cb, &loaded);
  rows = kith_store_load_messages_finish (to->store, test_await (&loaded), NULL);

  for (guint i = 0; i < rows->len; i++)
    {
      const KithStoreMessage *row = g_ptr_array_index (rows, i);
      g_autofree char *expected = g_strdup_printf ("%s %u", from->name, next);

      if (row->outgoing)
        continue;
      g_assert_cmpstr (row->text, ==, expected);
      next++;
    }

  g_assert_cmpuint (next, ==, n);
}

static void
committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithMessage) message = kith_node_send_finish (KITH_NODE (source), result, NULL);
  guint *n_left = user_data;

  g_assert_nonnull (message);
  (*n_left)--;
}

/* Returns when all are in the outbox. */
static void
send_numbered (TestPerson *from, TestPerson *to, guint first, guint n)
{
  guint n_left = n;

  for (guint i = first; i < first + n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s %u", from->name, i);

      kith_node_send_async (from->node, test_person_conversation (from, to), text, NULL,
                            committed_cb, &n_left);
    }

  test_wait_for (n_left == 0);
}

/* What is written to somebody absent waits, and arrives once when they are back. */
static void
test_absent (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  test_person_stop (ben);
  test_wait_for (kith_node_get_n_sessions (ann->node) == 0);

  KithContact *contact = NULL;
  KithConversation *conversation;
  g_autoptr (KithConversation) held =
    g_list_model_get_item (kith_node_get_conversations (ann->node), 0);

  conversation = held;
  contact = kith_conversation_get_contact (conversation);
  g_assert_cmpint (kith_contact_get_presence (contact), !=, KITH_PRESENCE_ONLINE);
  g_assert_cmpint (kith_contact_get_last_seen_ms (contact), >, 0);

  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("Ann %u", i);

      kith_node_send_async (ann->node, conversation, text, NULL, NULL, NULL);
    }
  test_wait_for (kith_message_list_get_length (kith_conversation_get_messages (conversation)) == 20);
  g_assert_cmpint (kith_message_get_state (kith_conversation_get_last_message (conversation)), ==,
                   KITH_MESSAGE_QUEUED);

  test_person_start (ben);
  kith_node_reconnect (ben->node, test_person_contact (ben, ann));
  test_wait_for (all_delivered (ann, ben));
  assert_arrived_in_order (ann, ben, 20);
}

/* As test_absent(), but both crash in the middle, again and again. Nothing is lost or doubled. */
static void
test_crashes (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  const guint rounds = 10;
  const guint each = 40;

  test_befriend (ann, ben);

  for (guint round = 0; round < rounds; round++)
    {
      ben->n_message_signals = 0;
      send_numbered (ann, ben, round * each, each);
      send_numbered (ben, ann, round * each, each);

      /* Let some of it pass, a different share each time. */
      test_wait_for (ben->n_message_signals >= each + 3 * round);

      test_person_crash (round % 2 == 0 ? ann : ben);
      test_person_start (round % 2 == 0 ? ann : ben);
      kith_node_reconnect (ann->node, test_person_contact (ann, ben));
      kith_node_reconnect (ben->node, test_person_contact (ben, ann));
      test_wait_for (all_delivered (ann, ben) && all_delivered (ben, ann));
    }

  assert_arrived_in_order (ann, ben, rounds * each);
  assert_arrived_in_order (ben, ann, rounds * each);
  g_assert_cmpuint (kith_node_get_n_sessions (ann->node), ==, 1);
}

/* Both dial at once, a hundred times: each time one session is left, and what was written in the
 * meantime arrives once (attack 12). */
static void
test_both_dial_at_once (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  const guint rounds = 100;

  test_befriend (ann, ben);
  kith_local_get_timeouts (ann->node->local)->handshakes_per_minute = 100000;
  kith_local_get_timeouts (ben->node->local)->handshakes_per_minute = 100000;
  kith_node_unlisten (ann->node);
  kith_node_unlisten (ben->node);
  g_assert_true (kith_node_listen (ann->node, "127.0.0.1", 0, FALSE, NULL));
  g_assert_true (kith_node_listen (ben->node, "127.0.0.1", 0, FALSE, NULL));

  for (guint round = 0; round < rounds; round++)
    {
      g_autoptr (GAsyncResult) from_ann = NULL;
      g_autoptr (GAsyncResult) from_ben = NULL;

      kith_session_table_abort_all (ann->node->sessions);
      kith_node_forget_sessions (ann->node);
      kith_session_table_abort_all (ben->node->sessions);
      kith_node_forget_sessions (ben->node);

      kith_node_connect_async (ann->node, "127.0.0.1", kith_node_get_listen_port (ben->node), NULL,
                               NULL, test_result_cb, &from_ann);
      kith_node_connect_async (ben->node, "127.0.0.1", kith_node_get_listen_port (ann->node), NULL,
                               NULL, test_result_cb, &from_ben);
      send_numbered (ann, ben, round, 1);
      send_numbered (ben, ann, round, 1);

      g_assert_true (kith_node_connect_finish (ann->node, test_await (&from_ann), NULL, NULL, NULL));
      g_assert_true (kith_node_connect_finish (ben->node, test_await (&from_ben), NULL, NULL, NULL));
      test_wait_for (test_person_is_online (ann, ben) && test_person_is_online (ben, ann)
                     && kith_node_get_n_sessions (ann->node) == 1
                     && kith_node_get_n_sessions (ben->node) == 1);
      test_wait_for (all_delivered (ann, ben) && all_delivered (ben, ann));
    }

  assert_arrived_in_order (ann, ben, rounds);
  assert_arrived_in_order (ben, ann, rounds);
}

/* The keys change while messages run both ways; nothing is lost or reordered (5.3). */
static void
test_rekey_under_traffic (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  const guint rounds = 40;
  const guint each = 50;
  KithPeer *peer;

  kith_local_get_timeouts (ann->node->local)->rekey_frames = 8;
  kith_local_get_timeouts (ben->node->local)->rekey_frames = 10000;
  test_befriend (ann, ben);

  for (guint round = 0; round < rounds; round++)
    {
      KithConversation *conversation = test_person_conversation (ben, ann);

      send_numbered (ann, ben, round * each, each);
      send_numbered (ben, ann, round * each, each);
      test_wait_for (kith_message_list_get_length (kith_conversation_get_messages (conversation))
                     >= 2 * (round + 1) * each);
    }

  test_wait_for (all_delivered (ann, ben) && all_delivered (ben, ann));
  assert_arrived_in_order (ann, ben, rounds * each);
  assert_arrived_in_order (ben, ann, rounds * each);

  peer = kith_node_lookup_peer (ann->node,
                                kith_contact_get_identity (test_person_contact (ann, ben)));
  g_assert_nonnull (peer->session);
  g_assert_cmpuint (kith_session_get_n_rekeys (peer->session), >, 10);
}

static KithContact *
befriend_through (TestPerson *ann, TestPerson *ben, TestRelay *relay)
{
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (KithRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_connect_async (ann->node, "127.0.0.1", test_relay_get_port (relay), NULL, NULL,
                           test_result_cb, &connected);
  g_assert_true (kith_node_connect_finish (ann->node, test_await (&connected), NULL, NULL, &error));
  g_assert_no_error (error);
  request = test_person_await_request (ben);
  test_person_accept (ben, request);
  test_wait_for (test_person_is_online (ann, ben) && test_person_is_online (ben, ann));
  return test_person_contact (ann, ben);
}

/* A cable is pulled: nobody says anything any more. The keepalive notices, messages wait, and go
 * out when the way is open again. */
static void
test_peer_vanishes (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestRelay) relay = test_relay_new (kith_node_get_listen_port (ben->node));
  KithTimeouts *timeouts = kith_local_get_timeouts (ann->node->local);
  KithContact *contact;

  timeouts->keepalive_ms = 40;
  timeouts->keepalive_jitter_ms = 10;
  kith_node_unlisten (ann->node);
  contact = befriend_through (ann, ben, relay);

  test_relay_freeze (relay, TRUE);
  send_numbered (ann, ben, 0, 5);
  test_wait_for (kith_contact_get_presence (contact) != KITH_PRESENCE_ONLINE);
  g_assert_false (all_delivered (ann, ben));

  test_relay_cut (relay);
  test_relay_freeze (relay, FALSE);
  kith_node_reconnect (ann->node, contact);
  test_wait_for (all_delivered (ann, ben));
  assert_arrived_in_order (ann, ben, 5);
}

static gboolean
has_root (TestPerson *self, TestPerson *other)
{
  KithContact *contact = test_person_contact (self, other);

  return kith_node_lookup_peer (self->node, kith_contact_get_identity (contact))->row->pair_root != NULL;
}

/* The connection is dead and nobody says so, as when a machine leaves its network: once the network
 * is known to have changed, that is found out in seconds, and the peer is dialled anew. */
static void
test_network_changes (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestRelay) relay = test_relay_new (kith_node_get_listen_port (ben->node));
  g_autoptr (KithNetworkConfig) config = kith_network_config_new ();
  KithContact *contact;
  g_autoptr (KithSession) before = NULL;
  KithPeer *peer;

  config->dht = config->lan = config->port_map = FALSE;
  g_assert_true (kith_node_override_network_config (ann->node, config, NULL));
  kith_node_go_online (ann->node);
  kith_node_unlisten (ann->node);
  contact = befriend_through (ann, ben, relay);
  peer = kith_node_lookup_peer (ann->node, kith_contact_get_identity (contact));
  before = kith_session_ref (peer->session);
  test_wait_for (peer->row->pair_root != NULL && has_root (ben, ann) && peer->row->n_endpoints > 1);

  test_relay_freeze (relay, TRUE);
  kith_node_network_changed (ann->node);
  test_wait_for (peer->session != before && test_person_is_online (ann, ben));
  send_numbered (ann, ben, 0, 3);
  test_wait_for (all_delivered (ann, ben));
}

/* The stream ends without a BYE: that is a lost connection, and both try again by themselves. */
static void
test_cut_and_back (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestRelay) relay = test_relay_new (kith_node_get_listen_port (ben->node));
  KithContact *contact;

  kith_node_unlisten (ann->node);
  contact = befriend_through (ann, ben, relay);
  send_numbered (ann, ben, 0, 3);
  test_wait_for (all_delivered (ann, ben));

  test_relay_cut (relay);
  test_wait_for (kith_contact_get_presence (contact) != KITH_PRESENCE_ONLINE);
  send_numbered (ann, ben, 3, 3);
  test_wait_for (all_delivered (ann, ben));
  assert_arrived_in_order (ann, ben, 6);
}

/* After the first session, contacts are dialled with a knock: a listener that does not answer
 * open dials is still reached. A knock that was recorded is of no use to anybody else. */
static void
test_contacts_knock (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithPeer *peer;

  test_befriend (ann, ben);
  peer = kith_node_lookup_peer (ann->node,
                                kith_contact_get_identity (test_person_contact (ann, ben)));
  test_wait_for (peer->row->pair_root != NULL);
  g_assert_cmpint (kith_session_get_mode (peer->session), ==, KITH_MODE_OPEN);

  test_person_stop (ann);
  test_wait_for (kith_node_get_n_sessions (ben->node) == 0);
  test_person_start (ann);
  kith_node_reconnect (ann->node, test_person_contact (ann, ben));
  test_wait_for (test_person_is_online (ann, ben));
  peer = kith_node_lookup_peer (ann->node,
                                kith_contact_get_identity (test_person_contact (ann, ben)));
  g_assert_cmpint (kith_session_get_mode (peer->session), ==, KITH_MODE_KNOCK);
}

/* Somebody who lost the pair root is found again, and a new one is agreed on. */
static void
test_lost_root (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithPeer *peer;

  test_befriend (ann, ben);
  peer = kith_node_lookup_peer (ben->node,
                                kith_contact_get_identity (test_person_contact (ben, ann)));
  test_wait_for (peer->row->pair_root != NULL);
  g_clear_pointer (&peer->row->pair_root, kith_secret_unref);
  kith_peer_commit (peer);

  test_person_stop (ann);
  test_wait_for (kith_node_get_n_sessions (ben->node) == 0);
  kith_local_get_timeouts (ben->node->local)->silent_close_ms = 10;
  test_person_start (ann);
  kith_node_reconnect (ann->node, test_person_contact (ann, ben));
  test_wait_for (test_person_is_online (ann, ben) && peer->row->pair_root != NULL);
}

/* Before an answer: the one who asked goes, the other accepts, and they meet all the same. */
static void
test_accept_while_away (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (KithRequest) request = NULL;

  kith_node_connect_async (ann->node, "127.0.0.1", kith_node_get_listen_port (ben->node), NULL,
                           NULL, test_result_cb, &connected);
  g_assert_true (kith_node_connect_finish (ann->node, test_await (&connected), NULL, NULL, NULL));
  g_clear_object (&connected);
  request = test_person_await_request (ben);

  test_person_stop (ann);
  test_wait_for (!kith_request_get_online (request));
  test_person_accept (ben, request);

  test_person_start (ann);
  kith_node_reconnect (ann->node, test_person_contact (ann, ben));
  test_wait_for (test_person_is_online (ann, ben) && test_person_is_online (ben, ann));
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/faults/absent", test_absent);
  g_test_add_func ("/faults/crashes", test_crashes);
  g_test_add_func ("/faults/both-dial-at-once", test_both_dial_at_once);
  g_test_add_func ("/faults/rekey-under-traffic", test_rekey_under_traffic);
  g_test_add_func ("/faults/peer-vanishes", test_peer_vanishes);
  g_test_add_func ("/faults/network-changes", test_network_changes);
  g_test_add_func ("/faults/cut-and-back", test_cut_and_back);
  g_test_add_func ("/faults/contacts-knock", test_contacts_knock);
  g_test_add_func ("/faults/lost-root", test_lost_root);
  g_test_add_func ("/faults/accept-while-away", test_accept_while_away);
  return g_test_run ();
}
