/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding each other, and what gets in its way: the end of a node in the midst of it, another proxy,
 * people who were removed or blocked, and values that come at a bad time. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-error.h"
#include "kith-fake-dht.h"
#include "kith-test-acts.h"
#include "node/kith-directory.h"
#include "node/kith-networking.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-network.h"

/* --- People in a DHT ------------------------------------------------------------------------ */

static void
configure (TestPerson *person, gboolean dht, const char *proxy)
{
  g_autoptr (KithNetworkConfig) config = kith_network_config_new ();
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&config->bootstrap, g_strfreev);
  config->bootstrap = g_new0 (char *, 1);
  config->dht_network = 4242;
  config->dht = dht;
  config->lan = config->port_map = FALSE;
  config->proxy = g_strdup (proxy);
  kith_node_override_network_config (person->node, config, &error);
  g_assert_no_error (error);
}

/* @net: (nullable): NULL for nothing but addresses */
static void
go_online (TestPerson *person, KithFakeDhtNet *net)
{
  if (net != NULL)
    {
      g_autoptr (KithFakeDht) dht = kith_fake_dht_new (net);

      kith_networking_use_dht (person->node->networking, KITH_DHT (dht));
    }
  configure (person, FALSE, NULL);
  kith_node_go_online (person->node);
}

/* (transfer full) */
static char *
make_link (TestPerson *person)
{
  g_autoptr (GAsyncResult) created = NULL;
  g_autoptr (KithInvitation) invitation = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_create_invite_async (person->node, 0, NULL, NULL, test_result_cb, &created);
  invitation = kith_node_create_invite_finish (person->node, test_await (&created), &error);
  g_assert_no_error (error);
  return g_strdup (kith_invitation_get_link (invitation));
}

static KithJoinOutcome
join (TestPerson *person, const char *link)
{
  g_autoptr (GAsyncResult) joined = NULL;
  g_autoptr (GError) error = NULL;
  KithJoinOutcome outcome = KITH_JOIN_WAITING;

  kith_node_join_async (person->node, link, NULL, NULL, test_result_cb, &joined);
  kith_node_join_finish (person->node, test_await (&joined), &outcome, NULL, &error);
  g_assert_no_error (error);
  return outcome;
}

static KithPeer *
peer_of (TestPerson *person, TestPerson *other)
{
  return kith_node_lookup_peer (person->node, kith_local_get_identity (other->node->local));
}

/* --- Somebody who takes connections and says nothing ---------------------------------------- */

typedef struct
{
  GSocketService *service;    /* (owned) */
  GPtrArray      *accepted;   /* (owned) GSocketConnection */
  guint16         port;
} Mute;

static gboolean
incoming_cb (GSocketService *service, GSocketConnection *connection, GObject *source,
             gpointer user_data)
{
  g_ptr_array_add (user_data, g_object_ref (connection));
  return TRUE;
}

static void
mute_start (Mute *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any_port = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  self->accepted = g_ptr_array_new_with_free_func (g_object_unref);
  self->service = g_socket_service_new ();
  g_socket_listener_add_address (G_SOCKET_LISTENER (self->service), any_port,
                                 G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL, &bound, &error);
  g_assert_no_error (error);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_signal_connect (self->service, "incoming", G_CALLBACK (incoming_cb), self->accepted);
  g_socket_service_start (self->service);
}

static void
mute_stop (Mute *self)
{
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  g_clear_pointer (&self->accepted, g_ptr_array_unref);
}

static void
found_nothing (KithMeeting *meeting, const KithRendezvousValue *value, gpointer user_data)
{
}

/* Says in the DHT, as somebody who has the link, to be at @port. (transfer full) */
static KithMeetings *
pretend (KithFakeDhtNet *net, const char *link, guint16 port, const KithEnv *env)
{
  g_autoptr (KithFakeDht) dht = kith_fake_dht_new (net);
  KithMeetings *meetings = kith_meetings_new (env, KITH_DHT (dht));
  guint8 root[KITH_INVITE_ROOT_BYTES];
  KithEndpoint endpoint;
  KithMeeting *meeting;
  KithInvite invite;

  g_assert_true (kith_invite_parse (&invite, link));
  g_assert_true (kith_endpoint_parse (&endpoint, "127.0.0.1", port));
  kith_invite_get_root (invite.secret, root);
  kith_meetings_set_endpoints (meetings, &endpoint, 1);
  meeting = kith_meetings_add (meetings, root, 1, found_nothing, NULL);
  kith_meeting_seal_to (meeting, invite.reply_key);
  kith_meeting_set_active (meeting, TRUE);
  return meetings;
}

/* Goes online and begins to dial @mute, whom somebody who has the link pretends to be. (transfer full) */
static KithMeetings *
dial_in_vain (TestPerson *person, KithFakeDhtNet *net, const char *link, Mute *mute, const KithEnv *env)
{
  KithMeetings *pretended;

  mute_start (mute);
  go_online (person, net);
  pretended = pretend (net, link, mute->port, env);
  test_wait_for (mute->accepted->len == 1);
  return pretended;
}

static KithOwnInvite *
only_invite (TestPerson *person)
{
  g_assert_cmpuint (person->node->invites->len, ==, 1);
  return g_ptr_array_index (person->node->invites, 0);
}

/* --- The end -------------------------------------------------------------------------------- */

/* At its finalization; weak pointers go before, when it is disposed of. */
static void
gone_cb (gpointer data)
{
  *(gboolean *) data = TRUE;
}

/* The last reference goes while the DHT runs: it is stopped, and the node is gone after that. */
static void
test_dropped_while_running (void)
{
  TestPerson *ann = test_person_new ("Ann");
  gboolean gone = FALSE;

  configure (ann, TRUE, NULL);
  kith_node_go_online (ann->node);
  g_object_set_data_full (G_OBJECT (ann->node), "gone", &gone, gone_cb);
  g_signal_handlers_disconnect_by_data (ann->node, ann);
  g_clear_object (&ann->node);
  test_wait_for (gone);
  test_person_free (ann);
}

/* Whoever locks the profile while somebody is waited for has no keys left in memory. */
static void
test_shutdown_while_joining (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  g_autofree char *link = make_link (ann);

  test_person_stop (ann);
  go_online (bob, net);
  kith_node_join_async (bob->node, link, NULL, NULL, NULL, NULL);
  test_wait_for (net->n_gets > 0);
  test_person_stop (bob); /* which asserts that nobody holds on to the node */
}

static void
test_shutdown_while_dialling (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autofree char *link = make_link (ann);
  g_autoptr (KithMeetings) pretended = NULL;
  Mute mute;

  pretended = dial_in_vain (ann, net, link, &mute, kith_env_get_default ());

  g_assert_nonnull (only_invite (ann)->dial);
  test_person_stop (ann);
  mute_stop (&mute);
}

/* --- Removed, blocked ----------------------------------------------------------------------- */

/* Removed with their history kept, somebody can be asked again, and is. */
static void
test_removed_and_back (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  g_autofree char *link = NULL;

  test_befriend (ann, bob);
  g_object_unref (test_person_send (ann, bob, "hello"));
  test_wait_for (test_person_count_text (bob, ann, "hello") == 1);
  test_person_remove (ann, bob, TRUE);
  g_assert_null (peer_of (ann, bob)->session);
  g_assert_null (peer_of (ann, bob)->meeting);

  test_wait_for (!test_person_is_online (bob, ann));
  link = make_link (bob);
  g_assert_cmpint (join (ann, link), ==, KITH_JOIN_ONLINE);
  test_wait_for (test_person_is_online (ann, bob) && test_person_is_online (bob, ann));
  g_assert_cmpuint (test_person_count_text (ann, bob, "hello"), ==, 1);
}

/* Who gives up asking somebody whom they had removed has what was written before still. */
static void
test_cancel_keeps_history (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) joined = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *link = NULL;
  KithPeer *kept;

  go_online (ann, net);
  test_befriend (ann, bob);
  g_object_unref (test_person_send (ann, bob, "hello"));
  test_person_remove (ann, bob, TRUE);
  link = make_link (bob);
  kept = peer_of (ann, bob);
  test_person_stop (bob);

  kith_node_join_async (ann->node, link, NULL, cancellable, test_result_cb, &joined);
  g_cancellable_cancel (cancellable);
  g_assert_false (kith_node_join_finish (ann->node, test_await (&joined), NULL, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_CANCELLED);
  test_wait_for (kept->row->relation == KITH_RELATION_REMOVED);
  g_assert_cmpuint (g_hash_table_size (ann->node->joins), ==, 0);
  g_assert_cmpuint (kith_message_list_get_length (kith_conversation_get_messages (kept->conversation)),
                    ==, 1);
}

static void
set_blocked (TestPerson *person, KithContact *contact, gboolean blocked)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_set_blocked_async (person->node, contact, blocked, NULL, test_result_cb, &done);
  kith_node_set_blocked_finish (person->node, test_await (&done), &error);
  g_assert_no_error (error);
}

/* Somebody who is absent and gets blocked is not told any more where we are. */
static void
test_blocked_is_not_met (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  KithPeer *peer;

  go_online (ann, net);
  test_befriend (ann, bob);
  peer = peer_of (ann, bob);
  test_wait_for (peer->row->pair_root != NULL);
  test_person_stop (bob);
  test_wait_for (peer->session == NULL);
  g_assert_nonnull (peer->meeting);

  set_blocked (ann, peer->contact, TRUE);
  g_assert_null (peer->meeting);
  set_blocked (ann, peer->contact, FALSE);
  g_assert_nonnull (peer->meeting);
}

/* --- Invites -------------------------------------------------------------------------------- */

static guint
count_stored_invites (TestPerson *person)
{
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (KithStoreSnapshot) snapshot = NULL;

  kith_store_load_async (person->store, NULL, test_result_cb, &loaded);
  snapshot = kith_store_load_finish (person->store, test_await (&loaded), NULL);
  g_assert_nonnull (snapshot);
  return snapshot->invites->len;
}

/* A link is a secret: once it is over, it does not stay on the disk. */
static void
test_expired_join_is_forgotten (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  g_autofree char *link = make_link (ann);
  g_autofree char *second = make_link (ann);
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  GHashTableIter iter;
  gpointer used;

  test_person_stop (ann);
  g_assert_cmpint (join (bob, link), ==, KITH_JOIN_WAITING);
  g_assert_cmpint (join (bob, second), ==, KITH_JOIN_WAITING);
  g_assert_cmpuint (count_stored_invites (bob), ==, 1);

  g_hash_table_iter_init (&iter, bob->node->joins);
  g_assert_true (g_hash_table_iter_next (&iter, NULL, &used));
  ((KithJoin *) used)->row->expires_ms = 1;
  kith_store_batch_put_invite (batch, ((KithJoin *) used)->row);
  kith_node_commit (bob->node, batch);

  test_person_stop (bob);
  test_person_start (bob);
  g_assert_cmpuint (count_stored_invites (bob), ==, 0);
}

typedef struct
{
  const char   *link;   /* (unowned) */
  GAsyncResult *joined; /* (owned) */
} Again;

/* Whoever hears how it went asks anew, at once. */
static void
ask_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Again *again = user_data;

  g_assert_true (kith_node_join_finish (KITH_NODE (source), result, NULL, NULL, NULL));
  kith_node_join_async (KITH_NODE (source), again->link, NULL, NULL, test_result_cb, &again->joined);
}

/* Returns: (transfer none): the join, which is stored, and whose issuer is still looked for */
static KithJoin *
ask_twice (TestPerson *person, const char *link, const guint8 *identity, Again *again)
{
  KithJoin *used;

  kith_node_join_async (person->node, link, NULL, NULL, ask_again_cb, again);
  used = kith_join_lookup (person->node, identity);
  g_assert_nonnull (used);
  test_wait_for (used->stored);
  g_assert_nonnull (used->task);
  return used;
}

static gboolean
expire_cb (gpointer node)
{
  kith_node_expire_joins (node);
  return G_SOURCE_REMOVE;
}

/* What takes the place of an invite that is over, while its end is told, stays. */
static void
test_expired_join_is_replaced (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  g_autofree char *link = make_link (ann);
  g_autofree char *second = make_link (ann);
  g_autofree guint8 *identity = g_memdup2 (kith_local_get_identity (ann->node->local), KITH_IDENTITY_BYTES);
  Again again = { second, NULL };
  KithJoin *used;

  go_online (bob, net);
  test_person_stop (ann);
  used = ask_twice (bob, link, identity, &again);

  used->row->expires_ms = 1;
  g_idle_add (expire_cb, bob->node);
  test_wait_for (kith_join_lookup (bob->node, identity) == NULL
                 || g_str_equal (kith_join_lookup (bob->node, identity)->row->link, second));
  g_assert_nonnull (kith_join_lookup (bob->node, identity));
  test_wait_for (kith_join_lookup (bob->node, identity)->stored);
  g_assert_cmpuint (count_stored_invites (bob), ==, 1);
  kith_node_end_joins (bob->node);
  g_object_unref (test_await (&again.joined));
}

/* The same of one whose issuer has come, before there is a pair root. */
static void
test_answered_join_is_replaced (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  g_autofree char *link = make_link (ann);
  g_autofree char *second = make_link (ann);
  Again again = { second, NULL };
  KithPeer *peer;

  go_online (bob, net);
  test_befriend (ann, bob);
  peer = peer_of (bob, ann);
  test_wait_for (peer->row->pair_root != NULL);
  test_person_stop (ann);
  test_wait_for (peer->session == NULL);
  g_clear_pointer (&peer->row->pair_root, kith_secret_unref);

  ask_twice (bob, link, peer->row->identity, &again);

  test_person_start (ann);
  kith_directory_try_now (peer);
  g_object_unref (test_await (&again.joined));
  test_wait_for (g_hash_table_size (bob->node->joins) == 0);
  g_assert_cmpuint (count_stored_invites (bob), ==, 0);
}

/* The newest value counts, also when it comes while we still try what an older one said. */
static void
test_value_while_dialling (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  g_autofree char *link = make_link (ann);
  g_autoptr (KithMeetings) pretended = NULL;
  Mute mute;

  pretended = dial_in_vain (ann, net, link, &mute, kith_env_get_default ());

  kith_node_unlisten (ann->node); /* so that Bob cannot come by himself */
  go_online (bob, net);
  kith_node_join_async (bob->node, link, NULL, NULL, NULL, NULL);
  test_wait_for (only_invite (ann)->n_found > 0);
  mute_stop (&mute);
  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (ann->node)) == 1);
  test_wait_for (kith_contact_get_relation (test_person_contact (bob, ann)) == KITH_RELATION_REQUESTED);
}

/* Somebody else who has the link, and whose clock is ahead, cannot hide the one who was invited. */
static void
test_newer_value_hides_nobody (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  g_autofree char *link = make_link (ann);
  g_autoptr (KithMeetings) pretended = NULL;
  KithFakeEnv ahead;
  Mute mute;

  kith_fake_env_init (&ahead, 1, g_get_real_time () / G_USEC_PER_SEC + 3600);
  pretended = dial_in_vain (ann, net, link, &mute, &ahead.env);
  mute_stop (&mute);

  kith_node_unlisten (ann->node); /* so that Bob cannot come by himself */
  go_online (bob, net);
  kith_node_join_async (bob->node, link, NULL, NULL, NULL, NULL);
  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (ann->node)) == 1);
  test_wait_for (kith_contact_get_relation (test_person_contact (bob, ann)) == KITH_RELATION_REQUESTED);
}

/* Who has lost us and comes with a new link is our contact still, and we are theirs again. */
static void
test_contact_uses_invite (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  g_autofree char *link = NULL;

  test_befriend (ann, bob);
  test_person_remove (bob, ann, FALSE);
  test_wait_for (!test_person_is_online (ann, bob));
  kith_node_unlisten (ann->node);
  peer_of (ann, bob)->row->n_endpoints = 0; /* Bob has moved */

  go_online (ann, net);
  link = make_link (ann);
  go_online (bob, net);
  g_assert_cmpint (join (bob, link), ==, KITH_JOIN_ONLINE);
  test_wait_for (test_person_is_online (ann, bob) && test_person_is_online (bob, ann));
}

/* --- Another proxy -------------------------------------------------------------------------- */

/* A dial that began before there was a proxy does not become a session that goes around it. */
static void
test_dial_around_proxy (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) bob = test_person_new ("Bob");
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (GError) error = NULL;

  go_online (ann, NULL);
  kith_node_connect_async (ann->node, "127.0.0.1", kith_node_get_listen_port (bob->node), NULL, NULL,
                           test_result_cb, &connected);
  configure (ann, FALSE, "socks5://127.0.0.1:9");
  g_assert_false (kith_node_connect_finish (ann->node, test_await (&connected), NULL, NULL, &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (bob->node)), ==, 0);
  g_assert_cmpuint (kith_node_get_n_sessions (ann->node), ==, 0);
}

/* --- Who is nearby --------------------------------------------------------------------------- */

/* (transfer none) */
static KithNearby *
add_nearby (TestPerson *person, guint8 number, const char *id, const char *name)
{
  const guint8 identity[KITH_IDENTITY_BYTES] = { number };
  g_autoptr (KithNearby) nearby = kith_nearby_new (identity, id, NULL);

  kith_nearby_set_name (nearby, name);
  g_list_store_append (person->node->networking->nearby, nearby);
  return nearby;
}

static void
assert_no_nearby (TestPerson *person, const char *who, KithError code, const char *words)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kith_node_find_nearby (person->node, who, &error));
  g_assert_error (error, KITH_ERROR, (int) code);
  g_assert_cmpstr (error->message, ==, words);
}

static void
test_nearby_by_name (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  KithNearby *ben = add_nearby (ann, 1, "ben-1", "Ben");
  KithNearby *mia = add_nearby (ann, 2, "mia-1", "Mía");

  g_assert_true (kith_node_find_nearby (ann->node, "bEN", NULL) == ben);
  g_assert_true (kith_node_find_nearby (ann->node, "MÍA", NULL) == mia);
  g_assert_true (kith_node_find_nearby (ann->node, "MIA-1", NULL) == mia);
  assert_no_nearby (ann, "Be", KITH_ERROR_NOT_FOUND, "Nobody nearby is called Be");
  add_nearby (ann, 3, "ben-2", "ben");
  assert_no_nearby (ann, "Ben", KITH_ERROR_AMBIGUOUS, "Ben may be any of: Ben (ben-1), ben (ben-2)");
  g_assert_true (kith_node_find_nearby (ann->node, "ben-1", NULL) == ben);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/finding-faults/dropped-while-running", test_dropped_while_running);
  g_test_add_func ("/finding-faults/shutdown-while-joining", test_shutdown_while_joining);
  g_test_add_func ("/finding-faults/shutdown-while-dialling", test_shutdown_while_dialling);
  g_test_add_func ("/finding-faults/removed-and-back", test_removed_and_back);
  g_test_add_func ("/finding-faults/cancel-keeps-history", test_cancel_keeps_history);
  g_test_add_func ("/finding-faults/blocked-is-not-met", test_blocked_is_not_met);
  g_test_add_func ("/finding-faults/expired-join-is-forgotten", test_expired_join_is_forgotten);
  g_test_add_func ("/finding-faults/expired-join-is-replaced", test_expired_join_is_replaced);
  g_test_add_func ("/finding-faults/answered-join-is-replaced", test_answered_join_is_replaced);
  g_test_add_func ("/finding-faults/value-while-dialling", test_value_while_dialling);
  g_test_add_func ("/finding-faults/newer-value-hides-nobody", test_newer_value_hides_nobody);
  g_test_add_func ("/finding-faults/contact-uses-invite", test_contact_uses_invite);
  g_test_add_func ("/finding-faults/dial-around-proxy", test_dial_around_proxy);
  g_test_add_func ("/finding-faults/nearby-by-name", test_nearby_by_name);

  return g_test_run ();
}
