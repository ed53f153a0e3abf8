/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People who find each other, with a DHT in this process: by invite, and after they have moved. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "kith-fake-dht.h"
#include "kith-test-acts.h"

#include "base/kith-error.h"
#include "node/kith-directory.h"
#include "node/kith-networking.h"
#include "node/kith-node-doctor.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-reach.h"
#include "node/kith-node-profile.h"

/* Everything off but the DHT, which is the test's. */
static void
go_online (TestPerson *self, KithFakeDhtNet *net)
{
  g_autoptr (KithNetworkConfig) config = kith_network_config_new ();
  g_autoptr (GError) error = NULL;

  config->dht = config->lan = config->port_map = FALSE;
  kith_node_override_network_config (self->node, config, &error);
  g_assert_no_error (error);
  if (net != NULL)
    {
      g_autoptr (KithFakeDht) dht = kith_fake_dht_new (net);

      kith_networking_use_dht (self->node->networking, KITH_DHT (dht));
    }
  kith_node_go_online (self->node);
}

static TestPerson *
person_new (const char *name, KithFakeDhtNet *net)
{
  TestPerson *self = test_person_new (name);

  go_online (self, net);
  return self;
}

static void
restart (TestPerson *self, KithFakeDhtNet *net)
{
  test_person_stop (self);
  test_person_start (self);
  go_online (self, net);
}

static KithPeer *
peer_of (TestPerson *self, TestPerson *other)
{
  KithContact *contact = test_person_contact (self, other);

  return kith_node_lookup_peer (self->node, kith_contact_get_identity (contact));
}

static void
await_both (TestPerson *a, TestPerson *b)
{
  test_wait_for (test_person_is_online (a, b) && test_person_is_online (b, a));
}

static void
befriend (TestPerson *a, TestPerson *b)
{
  test_befriend (a, b);
  test_wait_for (peer_of (a, b)->row->pair_root != NULL && peer_of (b, a)->row->pair_root != NULL);
}

/* --- Contacts ------------------------------------------------------------------------------- */

/* Nobody is where they were: the listeners get new ports with each start. */
static void
test_both_have_moved (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = person_new ("Ann", net);
  g_autoptr (TestPerson) ben = person_new ("Ben", net);

  befriend (ann, ben);
  for (guint i = 0; i < 3; i++)
    {
      test_person_stop (ann);
      test_person_stop (ben);
      test_person_start (ann);
      go_online (ann, net);
      test_person_start (ben);
      go_online (ben, net);
      await_both (ann, ben);
    }

  test_person_send (ann, ben, "There you are");
  test_wait_for (test_person_count_text (ben, ann, "There you are") == 1);
}

static gboolean
has_endpoint (TestPerson *self, TestPerson *other)
{
  const KithStoreContact *row = peer_of (self, other)->row;

  for (guint i = 0; i < row->n_endpoints; i++)
    if (row->endpoints[i].port == kith_node_get_listen_port (other->node))
      return TRUE;

  return FALSE;
}

static void
test_a_new_address_is_told_at_once (void)
{
  g_autoptr (TestPerson) ann = person_new ("Ann", NULL);
  g_autoptr (TestPerson) ben = person_new ("Ben", NULL);
  g_autoptr (GError) error = NULL;

  befriend (ann, ben);
  kith_node_listen (ben->node, "127.0.0.1", 0, FALSE, &error);
  g_assert_no_error (error);
  test_wait_for (has_endpoint (ann, ben));
  g_assert_true (test_person_is_online (ann, ben));
}

/* Whoever is connected is not in the DHT for each other. */
static void
test_connected_people_are_not_published (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = person_new ("Ann", net);
  g_autoptr (TestPerson) ben = person_new ("Ben", net);

  befriend (ann, ben);
  g_assert_cmpuint (net->n_puts, ==, 0);
  g_assert_cmpuint (net->n_gets, ==, 0);

  test_person_stop (ben);
  test_wait_for (net->n_puts > 0 && net->n_gets > 0 && net->n_listens > 0);
}

static void
get_places (TestPerson *self, TestPerson *other, KithRendezvous *theirs)
{
  const guint8 *root = kith_secret_get_data (peer_of (self, other)->row->pair_root);
  const guint8 *identity = kith_local_get_identity (self->node->local);
  guint8 dir = memcmp (identity, peer_of (self, other)->row->identity, KITH_IDENTITY_BYTES) < 0;

  kith_rendezvous_init (theirs, root, kith_rendezvous_get_epoch (root, g_get_real_time () / G_USEC_PER_SEC),
                        dir);
}

static void
inject (KithFakeDhtNet *net, const KithRendezvous *place, const guint8 *data, gsize len)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, len);

  kith_fake_dht_net_inject (net, place->location, bytes);
}

/* Attack 13: garbage of right and wrong sizes, before and after the one value that counts. */
static void
test_hostile_values (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = person_new ("Ann", net);
  g_autoptr (TestPerson) ben = person_new ("Ben", net);
  guint8 garbage[400];
  KithRendezvous place;

  befriend (ann, ben);
  get_places (ann, ben, &place);
  test_person_stop (ben);
  test_person_stop (ann);

  for (guint i = 0; i < 2000; i++)
    {
      randombytes_buf (garbage, sizeof garbage);
      inject (net, &place, garbage, i % 2 == 0 ? KITH_RENDEZVOUS_VALUE_BYTES : i % sizeof garbage);
    }

  test_person_start (ann);
  go_online (ann, net);
  test_person_start (ben);
  go_online (ben, net);
  await_both (ann, ben);
}

static void
seal (const KithRendezvous *place, guint64 seq, gint64 time_s, const char *const *endpoints,
      guint8 out[KITH_RENDEZVOUS_VALUE_BYTES])
{
  KithRendezvousValue value = { .time_s = time_s, .seq = seq };
  guint8 nonce[KITH_RENDEZVOUS_NONCE_BYTES];

  for (; *endpoints != NULL; endpoints++)
    {
      g_autoptr (GSocketConnectable) parsed = g_network_address_parse (*endpoints, 0, NULL);
      GNetworkAddress *address = G_NETWORK_ADDRESS (parsed);

      g_assert_true (kith_endpoint_parse (&value.endpoints[value.n_endpoints++],
                                          g_network_address_get_hostname (address),
                                          g_network_address_get_port (address)));
    }

  randombytes_buf (nonce, sizeof nonce);
  kith_rendezvous_seal (place, &value, nonce, out);
}

/* What even a contact says is judged: these are addresses that somebody might want us to dial. */
static void
test_addresses_are_judged (void)
{
  static const char *const names[] = { "127.0.0.1:22", "127.0.0.1:9999", "169.254.1.1:5484",
                                       "224.0.0.1:5484", "198.51.100.7:80", "198.51.100.7:5484",
                                       "10.255.255.1:5484", NULL };
  g_autoptr (TestPerson) ann = person_new ("Ann", NULL);
  KithEndpoint endpoints[G_N_ELEMENTS (names)];
  KithEndpoints judged;
  g_autoptr (GError) error = NULL;
  guint n = 0;

  for (const char *const *name = names; *name != NULL; name++)
    {
      g_auto (GStrv) parts = g_strsplit (*name, ":", 2);

      g_assert_true (kith_endpoint_parse (&endpoints[n++], parts[0], (guint) atoi (parts[1])));
    }

  /* She listens on this machine alone, so its high ports mean something. */
  kith_directory_judge (ann->node, endpoints, n, &judged);
  g_assert_cmpuint (judged.n, ==, 2);
  g_assert_cmpuint (judged.items[0].port, ==, 9999);

  kith_node_listen (ann->node, "", 0, FALSE, &error);
  g_assert_no_error (error);
  kith_directory_judge (ann->node, endpoints, n, &judged);
  g_assert_cmpuint (judged.n, ==, 1);
  g_assert_cmpuint (judged.items[0].port, ==, 5484);
  g_assert_cmpuint (judged.items[0].address[0], ==, 198);
}

/* Attack 12: an old value comes again, and values from the wrong time. */
static void
test_replayed_values (void)
{
  static const char *const nowhere[] = { "127.0.0.1:9", "127.0.0.1:1999", NULL };
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = person_new ("Ann", net);
  g_autoptr (TestPerson) ben = person_new ("Ben", net);
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  guint8 sealed[KITH_RENDEZVOUS_VALUE_BYTES];
  KithRendezvous place;
  KithPeer *peer;

  befriend (ann, ben);
  get_places (ann, ben, &place);
  peer = peer_of (ann, ben);
  test_person_stop (ben);
  test_wait_for (net->n_listens > 0);

  peer->row->found_seq = 0;
  seal (&place, G_MAXINT64, now_s - 27 * 3600, nowhere, sealed);
  inject (net, &place, sealed, sizeof sealed);
  seal (&place, G_MAXINT64, now_s + 3 * 3600, nowhere, sealed);
  inject (net, &place, sealed, sizeof sealed);
  seal (&place, 100, now_s, nowhere, sealed);
  inject (net, &place, sealed, sizeof sealed);
  test_wait_for (peer->row->found_seq == 100);
  g_assert_cmpuint (peer->routes.n_found, ==, 1);
  g_assert_cmpuint (peer->routes.found[0].port, ==, 1999);

  seal (&place, 99, now_s, (const char *const[]){ "127.0.0.1:2000", NULL }, sealed);
  inject (net, &place, sealed, sizeof sealed);
  seal (&place, 101, now_s, (const char *const[]){ "127.0.0.1:2001", NULL }, sealed);
  inject (net, &place, sealed, sizeof sealed);
  test_wait_for (peer->row->found_seq == 101);
  g_assert_cmpuint (peer->routes.found[0].port, ==, 2001);
}

/* --- Invites -------------------------------------------------------------------------------- */

static KithInvitation *
invite (TestPerson *self)
{
  g_autoptr (GAsyncResult) created = NULL;
  g_autoptr (GError) error = NULL;
  KithInvitation *invitation;

  kith_node_create_invite_async (self->node, 0, "for a friend", NULL, test_result_cb, &created);
  invitation = kith_node_create_invite_finish (self->node, test_await (&created), &error);
  g_assert_no_error (error);
  return invitation;
}

static KithError
join (TestPerson *self, const char *link, KithJoinOutcome *outcome)
{
  g_autoptr (GAsyncResult) joined = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_join_async (self->node, link, "Let me in", NULL, test_result_cb, &joined);
  if (kith_node_join_finish (self->node, test_await (&joined), outcome, NULL, &error))
    return KITH_ERROR_LAST + 1;

  return (KithError) error->code;
}

#define assert_joined(self, link, expected)                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    KithJoinOutcome test_outcome;                                                                  \
    g_assert_cmpint (join (self, link, &test_outcome), ==, KITH_ERROR_LAST + 1);                   \
    g_assert_cmpint (test_outcome, ==, expected);                                                  \
  }                                                                                                \
  G_STMT_END

static void
accept_only_request (TestPerson *self)
{
  g_autoptr (KithRequest) request = test_person_await_request (self);

  g_assert_cmpstr (kith_request_get_text (request), ==, "Let me in");
  test_person_accept (self, request);
}

static void
test_invite (void)
{
  g_autoptr (TestPerson) ann = person_new ("Ann", NULL);
  g_autoptr (TestPerson) ben = person_new ("Ben", NULL);
  g_autoptr (TestPerson) eve = person_new ("Eve", NULL);
  g_autoptr (KithInvitation) invitation = invite (ann);
  g_autofree char *link = g_strdup (kith_invitation_get_link (invitation));
  g_autofree char *shouted = g_strdup_printf (" <%s>\n", link);

  g_assert_cmpint (kith_node_inspect_link (ben->node, shouted, NULL, NULL), ==, KITH_LINK_INVITE);
  g_assert_cmpint (kith_node_inspect_link (ann->node, link, NULL, NULL), ==, KITH_LINK_OWN);
  g_assert_cmpint (join (ann, link, NULL), ==, KITH_ERROR_SELF);

  assert_joined (ben, shouted, KITH_JOIN_REQUESTED);
  g_assert_cmpint (kith_invitation_get_state (invitation), ==, KITH_INVITATION_USED);
  g_assert_cmpstr (kith_invitation_get_used_by (invitation), ==,
                   kith_profile_get_id (kith_node_get_profile (ben->node)));
  g_assert_cmpstr (kith_invitation_get_link (invitation), ==, "");

  /* The same person again is nobody else. */
  assert_joined (ben, link, KITH_JOIN_REQUESTED);
  g_assert_false (kith_invitation_get_misused (invitation));

  g_assert_cmpint (join (eve, link, NULL), ==, KITH_ERROR_NOT_CONTACT);
  test_wait_for (kith_invitation_get_misused (invitation));
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (ann->node)), ==, 1);

  accept_only_request (ann);
  await_both (ann, ben);
  test_wait_for (g_hash_table_size (ben->node->joins) == 0);
}

static void
take_back (TestPerson *self, KithInvitation *invitation)
{
  g_autoptr (GAsyncResult) revoked = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_revoke_invite_async (self->node, invitation, NULL, test_result_cb, &revoked);
  kith_node_revoke_invite_finish (self->node, test_await (&revoked), &error);
  g_assert_no_error (error);
}

static void
test_invite_taken_back (void)
{
  g_autoptr (TestPerson) ann = person_new ("Ann", NULL);
  g_autoptr (TestPerson) ben = person_new ("Ben", NULL);
  g_autoptr (KithInvitation) invitation = invite (ann);
  g_autofree char *link = g_strdup (kith_invitation_get_link (invitation));

  take_back (ann, invitation);
  g_assert_cmpint (kith_invitation_get_state (invitation), ==, KITH_INVITATION_REVOKED);
  g_assert_cmpint (join (ben, link, NULL), ==, KITH_ERROR_NOT_CONTACT);

  restart (ann, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_invitations (ann->node)), ==, 1);
  g_set_object (&invitation, kith_node_find_invitation (ann->node, link));
  g_assert_cmpint (kith_invitation_get_state (invitation), ==, KITH_INVITATION_REVOKED);
  take_back (ann, invitation);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_invitations (ann->node)), ==, 0);
}

static void
test_invite_declined (void)
{
  g_autoptr (TestPerson) ann = person_new ("Ann", NULL);
  g_autoptr (TestPerson) ben = person_new ("Ben", NULL);
  g_autoptr (KithInvitation) invitation = invite (ann);
  g_autofree char *link = g_strdup (kith_invitation_get_link (invitation));
  g_autoptr (KithRequest) request = NULL;
  g_autoptr (GAsyncResult) declined = NULL;
  g_autoptr (GError) error = NULL;

  assert_joined (ben, link, KITH_JOIN_REQUESTED);
  request = g_list_model_get_item (kith_node_get_requests (ann->node), 0);
  kith_node_decline_async (ann->node, request, NULL, test_result_cb, &declined);
  kith_node_decline_finish (ann->node, test_await (&declined), &error);
  g_assert_no_error (error);

  test_wait_for (kith_contact_get_relation (test_person_contact (ben, ann)) == KITH_RELATION_DECLINED);
  g_assert_cmpint (join (ben, link, NULL), ==, KITH_ERROR_NOT_CONTACT);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (ann->node)), ==, 0);
}

/* The one who invites is away, and both restart before they meet. */
static void
test_invite_waits (void)
{
  g_autoptr (TestPerson) ann = person_new ("Ann", NULL);
  g_autoptr (TestPerson) ben = person_new ("Ben", NULL);
  g_autoptr (KithInvitation) invitation = invite (ann);
  g_autofree char *link = g_strdup (kith_invitation_get_link (invitation));
  guint16 port = kith_node_get_listen_port (ann->node);
  g_autoptr (GError) error = NULL;

  test_person_stop (ann);
  assert_joined (ben, link, KITH_JOIN_WAITING);
  restart (ben, NULL);
  g_assert_cmpuint (g_hash_table_size (ben->node->joins), ==, 1);

  test_person_start_quietly (ann);
  kith_node_listen (ann->node, "127.0.0.1", port, FALSE, &error);
  g_assert_no_error (error);
  kith_node_reconnect (ben->node, test_person_contact (ben, ann));
  accept_only_request (ann);
  await_both (ann, ben);
}

/* The address in the link is dead: they meet in the DHT. */
static void
test_invite_through_the_dht (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = person_new ("Ann", net);
  g_autoptr (TestPerson) ben = person_new ("Ben", net);
  g_autoptr (KithInvitation) invitation = invite (ann);
  g_autofree char *link = g_strdup (kith_invitation_get_link (invitation));

  restart (ann, net);
  assert_joined (ben, link, KITH_JOIN_REQUESTED);
  accept_only_request (ann);
  await_both (ann, ben);
}

/* Nobody can reach the one who invites: so she comes to the one who uses it (7.3), who may let in
 * contacts and invites only. */
static void
invite_the_other_way (KithReach reach)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = person_new ("Ann", net);
  g_autoptr (TestPerson) ben = person_new ("Ben", net);
  g_autoptr (KithInvitation) invitation = NULL;
  g_autofree char *link = NULL;

  g_assert_true (kith_node_set_reach (ben->node, reach, NULL));
  kith_node_unlisten (ann->node);
  invitation = invite (ann);
  link = g_strdup (kith_invitation_get_link (invitation));
  assert_joined (ben, link, KITH_JOIN_REQUESTED);
  accept_only_request (ann);
  g_assert_cmpint (kith_invitation_get_state (invitation), ==, KITH_INVITATION_USED);
  await_both (ann, ben);

  test_person_send (ben, ann, "It worked");
  test_wait_for (test_person_count_text (ann, ben, "It worked") == 1);
  g_assert_cmpstr (kith_contact_get_name (test_person_contact (ann, ben)), ==, "Ben");
}

static void
test_invite_the_other_way (void)
{
  invite_the_other_way (KITH_REACH_EVERYONE);
}

static void
test_invite_the_other_way_shut (void)
{
  invite_the_other_way (KITH_REACH_CONTACTS);
}

static void
test_join_cancelled (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = person_new ("Ann", net);
  g_autoptr (TestPerson) ben = person_new ("Ben", net);
  g_autoptr (KithInvitation) invitation = invite (ann);
  g_autofree char *link = g_strdup (kith_invitation_get_link (invitation));
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) joined = NULL;
  g_autoptr (GError) error = NULL;

  test_person_stop (ann);
  kith_node_join_async (ben->node, link, NULL, cancellable, test_result_cb, &joined);
  g_cancellable_cancel (cancellable);
  g_assert_false (kith_node_join_finish (ben->node, test_await (&joined), NULL, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_CANCELLED);
  test_wait_for (g_list_model_get_n_items (kith_node_get_contacts (ben->node)) == 0);
  g_assert_cmpuint (g_hash_table_size (ben->node->joins), ==, 0);
}

static void
test_links (void)
{
  g_autoptr (TestPerson) ann = person_new ("Ann", NULL);
  g_autoptr (TestPerson) ben = person_new ("Ben", NULL);
  g_autoptr (KithInvitation) invitation = invite (ann);
  const char *link = kith_invitation_get_link (invitation);
  g_autofree char *lower = g_ascii_strdown (link, -1);
  g_autofree char *cut = g_strndup (link, strlen (link) - 1);
  g_autofree char *long_text = g_strnfill (5000, 'A');
  const char *id = kith_profile_get_id (kith_node_get_profile (ann->node));

  g_assert_cmpint (kith_node_inspect_link (ben->node, lower, NULL, NULL), ==, KITH_LINK_INVITE);
  g_assert_cmpint (kith_node_inspect_link (ben->node, id, NULL, NULL), ==, KITH_LINK_ID);
  g_assert_cmpint (kith_node_inspect_link (ben->node, cut, NULL, NULL), ==, KITH_LINK_NONE);
  g_assert_cmpint (kith_node_inspect_link (ben->node, long_text, NULL, NULL), ==, KITH_LINK_NONE);
  g_assert_cmpint (kith_node_inspect_link (ben->node, "", NULL, NULL), ==, KITH_LINK_NONE);
  g_assert_cmpint (kith_node_inspect_link (ben->node, NULL, NULL, NULL), ==, KITH_LINK_NONE);
  g_assert_cmpint (join (ben, "hello", NULL), ==, KITH_ERROR_INVALID);
  assert_joined (ben, id, KITH_JOIN_WAITING);
}

/* --- Doctor --------------------------------------------------------------------------------- */

static gboolean
has_finding (GListModel *findings, const char *code)
{
  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (KithFinding) finding = g_list_model_get_item (findings, i);

      if (g_str_equal (kith_finding_get_code (finding), code))
        return TRUE;
    }

  return FALSE;
}

static GListModel *
diagnose (TestPerson *self, KithContact *contact)
{
  g_autoptr (GAsyncResult) done = NULL;
  g_autoptr (GError) error = NULL;
  GListModel *findings;

  kith_node_diagnose_async (self->node, contact, NULL, test_result_cb, &done);
  findings = kith_node_diagnose_finish (self->node, test_await (&done), &error);
  g_assert_no_error (error);
  return findings;
}

static void
test_doctor (void)
{
  g_autoptr (TestPerson) ann = person_new ("Ann", NULL);
  g_autoptr (TestPerson) ben = person_new ("Ben", NULL);
  g_autoptr (GListModel) alone = diagnose (ann, NULL);
  g_autoptr (GListModel) helped = NULL;
  g_autoptr (GListModel) connected = NULL;
  g_autoptr (GListModel) absent = NULL;
  KithContact *contact;

  g_assert_true (has_finding (alone, "listening"));
  g_assert_true (has_finding (alone, "dial-back-nobody"));

  befriend (ann, ben);
  helped = diagnose (ann, NULL);
  g_assert_true (has_finding (helped, "dial-back-reached"));
  g_assert_true (has_finding (helped, "dial-back-inside"));
  g_assert_true (test_person_is_online (ann, ben));
  connected = diagnose (ann, test_person_contact (ann, ben));
  g_assert_true (has_finding (connected, "connected"));

  contact = test_person_contact (ann, ben);
  test_person_stop (ben);
  test_wait_for (kith_contact_get_presence (contact) != KITH_PRESENCE_ONLINE);
  absent = diagnose (ann, contact);
  g_assert_true (has_finding (absent, "absent"));
  g_assert_true (has_finding (absent, "try"));
}

/* --- Proxy ---------------------------------------------------------------------------------- */

static void
test_nothing_goes_around_a_proxy (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestPerson) ann = person_new ("Ann", net);
  g_autoptr (TestPerson) ben = person_new ("Ben", net);
  g_autoptr (KithNetworkConfig) config = kith_network_config_new ();
  g_autoptr (GError) error = NULL;
  KithBodyOpen described = { 0 };

  befriend (ann, ben);
  config->proxy = g_strdup ("socks5://127.0.0.1:1");
  g_assert_true (kith_node_set_network_config (ann->node, config, &error));
  test_wait_for (!test_person_is_online (ann, ben));
  g_assert_cmpint (kith_network_get_dht (kith_node_get_network (ann->node)), ==,
                   KITH_DHT_STATUS_PROXY);
  g_assert_cmpint (kith_network_get_lan (kith_node_get_network (ann->node)), ==,
                   KITH_LAN_STATUS_PROXY);
  g_assert_null (ann->node->networking->meetings);
  kith_node_describe (ann->node, &described);
  g_assert_cmpuint (described.endpoints.n, ==, 0);
  g_assert_cmpuint (described.dht_port, ==, 0);
  kith_body_open_clear (&described);

  /* It stays so over a restart, from the first dial on. */
  test_person_stop (ann);
  test_person_start (ann);
  g_assert_nonnull (kith_local_get_proxy (ann->node->local));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/finding/both-have-moved", test_both_have_moved);
  g_test_add_func ("/finding/new-address", test_a_new_address_is_told_at_once);
  g_test_add_func ("/finding/connected", test_connected_people_are_not_published);
  g_test_add_func ("/finding/hostile-values", test_hostile_values);
  g_test_add_func ("/finding/judged", test_addresses_are_judged);
  g_test_add_func ("/finding/replays", test_replayed_values);
  g_test_add_func ("/finding/invite", test_invite);
  g_test_add_func ("/finding/invite-taken-back", test_invite_taken_back);
  g_test_add_func ("/finding/invite-declined", test_invite_declined);
  g_test_add_func ("/finding/invite-waits", test_invite_waits);
  g_test_add_func ("/finding/invite-dht", test_invite_through_the_dht);
  g_test_add_func ("/finding/invite-other-way", test_invite_the_other_way);
  g_test_add_func ("/finding/invite-other-way-shut", test_invite_the_other_way_shut);
  g_test_add_func ("/finding/join-cancelled", test_join_cancelled);
  g_test_add_func ("/finding/links", test_links);
  g_test_add_func ("/finding/doctor", test_doctor);
  g_test_add_func ("/finding/proxy", test_nothing_goes_around_a_proxy);
  return g_test_run ();
}
