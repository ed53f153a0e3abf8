/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What somebody can do to us on a session that they have: strangers, contacts, members of our groups. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "kith-test-acts.h"
#include "kith-test-group.h"

#include "base/kith-error.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-node-invites.h"
#include "node/kith-node-requests.h"

#define MANY 1000

static void
count_cb (GObject *object, GParamSpec *pspec, gpointer user_data)
{
  ++*(guint *) user_data;
}

/* --- Those who have no business here -------------------------------------------------------- */

/* What is to be said to them, a moment later, waits no longer than they or the node. */
static void
test_refused (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (KithLocal) local = test_local_new ();
  GHashTable *refusals = ann->node->refusals;
  TestRaw raw;

  test_raw_dial_as (&raw, local, ann);
  test_raw_open_as (&raw, KITH_PURPOSE_CONTACT, NULL);
  test_wait_for (g_hash_table_size (refusals) == 1);
  test_wait_for (raw.error != NULL);
  g_assert_error (raw.error, KITH_ERROR, KITH_ERROR_NOT_CONTACT);
  g_assert_cmpuint (g_hash_table_size (refusals), ==, 0);
  test_raw_clear (&raw);

  test_raw_dial_as (&raw, local, ann);
  test_raw_open_as (&raw, KITH_PURPOSE_CONTACT, NULL);
  test_wait_for (g_hash_table_size (refusals) == 1);
  kith_session_close (raw.session, KITH_BYE_SHUTDOWN);
  test_wait_for (kith_node_get_n_sessions (ann->node) == 0);
  g_assert_cmpuint (g_hash_table_size (refusals), ==, 0);
  test_raw_clear (&raw);

  test_raw_dial_as (&raw, local, ann);
  test_raw_open_as (&raw, KITH_PURPOSE_CONTACT, NULL);
  test_wait_for (g_hash_table_size (refusals) == 1);
  kith_node_abandon (ann->node);
  g_assert_cmpuint (g_hash_table_size (refusals), ==, 0);
  test_raw_clear (&raw);
}

/* --- Those who think better of it ------------------------------------------------------------- */

/* Two who dial each other at once open one session only: nobody reads that the other connection was lost. */
static void
test_a_contact_does_not_open (void)
{
  KithSessionEnd ends[KITH_LIMIT_SESSION_ENDS];
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithLocal) of_ben = NULL;
  KithPeer *peer;
  TestRaw raw;

  test_befriend (ann, ben);
  peer = kith_node_lookup_peer (ann->node, kith_contact_get_identity (test_person_contact (ann, ben)));
  of_ben = test_local_new_for (ben);
  test_raw_dial_as (&raw, of_ben, ann);
  test_wait_for (kith_node_get_n_sessions (ann->node) == 2);
  test_raw_clear (&raw);
  test_wait_for (kith_node_get_n_sessions (ann->node) == 1);
  g_assert_cmpuint (kith_routes_get_ends (&peer->routes, ends), ==, 0);

  test_person_crash (ben);
  test_wait_for (kith_node_get_n_sessions (ann->node) == 0);
  g_assert_cmpuint (kith_routes_get_ends (&peer->routes, ends), ==, 1);
  g_assert_cmpint (ends[0].error, ==, KITH_ERROR_PEER_CLOSED);
}

/* --- Those who talk of themselves all the time ---------------------------------------------- */

static void
test_a_stranger_has_many_names (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (KithLocal) local = test_local_new ();
  g_autoptr (KithRequest) request = NULL;
  guint n_names = 0;
  TestRaw raw;

  test_raw_dial_as (&raw, local, ann);
  test_raw_open_as (&raw, KITH_PURPOSE_REQUEST, "May I?");
  test_wait_for (raw.opened && raw.pending);
  request = test_person_await_request (ann);
  g_signal_connect (request, "notify::name", G_CALLBACK (count_cb), &n_names);
  for (guint i = 0; i < MANY; i++)
    test_raw_send (&raw, KITH_RECORD_PROFILE, kith_body_profile_pack (i % 2 == 0 ? "Eve" : "Mallory"));
  kith_session_close (raw.session, KITH_BYE_SHUTDOWN);
  test_wait_for (!kith_request_get_online (request));

  /* Nobody is punished for a change of mind; and what is said too fast costs nothing. */
  test_wait_for (raw.error != NULL);
  g_assert_error (raw.error, KITH_ERROR, KITH_ERROR_CLOSED);
  g_assert_cmpuint (n_names, ==, KITH_LIMIT_NEWS_BURST);
  g_signal_handlers_disconnect_by_func (request, count_cb, &n_names);
  test_raw_clear (&raw);
}

static GByteArray *
pack_endpoints (guint16 port)
{
  KithEndpoints endpoints = { .n = 1 };

  kith_endpoint_parse (&endpoints.items[0], "127.0.0.1", port);
  return kith_body_endpoints_pack (&endpoints, 0);
}

static void
test_a_contact_moves_all_the_time (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (KithMessage) message = NULL;
  KithContact *of_ben;
  KithSession *session;
  guint n_moves = 0;

  test_befriend (ann, ben);
  of_ben = test_person_contact (ann, ben);
  session = kith_node_lookup_peer (ben->node, kith_node_get_own_identity (ann->node))->session;
  g_signal_connect (of_ben, "notify::address", G_CALLBACK (count_cb), &n_moves);
  for (guint i = 0; i < MANY; i++)
    kith_session_send_bytes (session, KITH_RECORD_ENDPOINTS, pack_endpoints ((guint16) (2000 + i % 2)));

  message = test_person_send (ben, ann, "I am still here");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (n_moves, <=, KITH_LIMIT_NEWS_BURST);
  g_signal_handlers_disconnect_by_func (of_ben, count_cb, &n_moves);
}

/* --- Those who have many sessions ----------------------------------------------------------- */

/* A contact who has two devices is blocked on both, and is heard on the last one only. */
static void
test_a_blocked_contact_has_two_devices (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  KithLocal *devices[2];
  TestRaw raw[2];

  test_befriend (ann, ben);
  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    devices[i] = test_local_new_for (ben);
  test_person_crash (ben);
  test_wait_for (kith_node_get_n_sessions (ann->node) == 0);

  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      test_raw_dial_as (&raw[i], devices[i], ann);
      test_raw_open_as (&raw[i], KITH_PURPOSE_CONTACT, NULL);
      test_wait_for (raw[i].opened);
    }

  test_wait_for (raw[0].error != NULL);
  g_assert_error (raw[0].error, KITH_ERROR, KITH_ERROR_OTHER_DEVICE);
  kith_node_set_blocked_async (ann->node, g_list_model_get_item (kith_node_get_contacts (ann->node), 0), TRUE,
                               NULL, NULL, NULL);
  test_wait_for (raw[1].error != NULL);
  g_assert_error (raw[1].error, KITH_ERROR, KITH_ERROR_SHUTDOWN);
  test_wait_for (kith_node_get_n_sessions (ann->node) == 0);

  for (guint i = 0; i < G_N_ELEMENTS (devices); i++)
    {
      test_raw_clear (&raw[i]);
      kith_local_unref (devices[i]);
    }
}

/* Whoever asks, however many devices they say they have. */
static void
test_a_request_has_one_session (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) mallory = test_person_new ("Mallory");
  KithLocal *devices[3];
  TestRaw raw[3];

  for (guint i = 0; i < G_N_ELEMENTS (raw); i++)
    {
      devices[i] = test_local_new_for (mallory);
      test_raw_dial_as (&raw[i], devices[i], ann);
      test_raw_open_as (&raw[i], KITH_PURPOSE_REQUEST, "May I?");
      test_wait_for (raw[i].opened);
    }

  test_wait_for (kith_node_get_n_sessions (ann->node) == 1);
  for (guint i = 0; i < G_N_ELEMENTS (raw); i++)
    {
      g_assert_true ((raw[i].error == NULL) == (i + 1 == G_N_ELEMENTS (raw)));
      test_raw_clear (&raw[i]);
      kith_local_unref (devices[i]);
    }
}

static KithInvitation *
invite (TestPerson *self)
{
  g_autoptr (GAsyncResult) made = NULL;
  g_autoptr (GError) error = NULL;
  KithInvitation *invitation;

  kith_node_create_invite_async (self->node, 0, "for Ben", NULL, test_result_cb, &made);
  invitation = kith_node_create_invite_finish (self->node, test_await (&made), &error);
  g_assert_no_error (error);
  return invitation;
}

/* The first of all has an invite and stays; the oldest of the others goes, and does not hear a no. */
static void
test_one_request_too_many (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (KithInvitation) invitation = invite (ann);
  g_auto (KithInvite) parsed = { 0 };
  KithLocal *locals[KITH_LIMIT_REQUESTS + 1];
  TestRaw raw[KITH_LIMIT_REQUESTS + 1];
  guint8 root[KITH_INVITE_ROOT_BYTES];

  test_raw_let_many_in (ann);
  g_assert_true (kith_invite_parse (&parsed, kith_invitation_get_link (invitation)));
  kith_invite_get_root (parsed.secret, root);
  for (guint i = 0; i < G_N_ELEMENTS (raw); i++)
    {
      KithBodyOpen open = { .purpose = KITH_PURPOSE_REQUEST, .name = (char *) "Somebody", .text = (char *) "?" };

      locals[i] = test_local_new ();
      test_raw_dial_as (&raw[i], locals[i], ann);
      if (i == 0)
        kith_invite_prove (root, raw[i].session, &open);
      kith_session_open (raw[i].session, &open);
      test_wait_for (raw[i].opened);
    }

  test_wait_for (raw[1].error != NULL);
  g_assert_error (raw[1].error, KITH_ERROR, KITH_ERROR_BUSY);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (ann->node)), ==, KITH_LIMIT_REQUESTS);
  for (guint i = 0; i < G_N_ELEMENTS (raw); i++)
    {
      g_assert_true (raw[i].error == NULL || i == 1);
      test_raw_clear (&raw[i]);
      kith_local_unref (locals[i]);
    }
}

/* --- Those who ask to join ------------------------------------------------------------------ */

/* Each of the groups waits for an admin who is away; and a message comes at the same moment. */
static void
test_a_contact_asks_for_many_groups (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  g_autoptr (KithMessage) message = NULL;
  guint8 gids[KITH_LIMIT_GROUP_JOINS_BURST + 2][KITH_GROUP_ID_BYTES];
  const guint n_gids = G_N_ELEMENTS (gids);

  test_member_befriend (ann, ben);
  for (guint i = 0; i < n_gids; i++)
    {
      randombytes_buf (gids[i], sizeof gids[i]);
      kith_group_links_put_group (ann->person->node, gids[i], ann->seed);
      kith_group_links_put_group (ben->person->node, gids[i], ben->seed);
      kith_group_links_put_member (ben->person->node, gids[i], test_member_get_identity (ann), NULL);
    }

  test_wait_for (ben->n_reachable == n_gids);
  for (guint i = 0; i < n_gids; i++)
    g_assert_true (kith_group_links_send (ben->person->node, gids[i], test_member_get_identity (ann),
                                          KITH_RECORD_GROUP_JOIN, (const guint8 *) "me", 2));
  for (guint i = 0; i < KITH_LIMIT_GROUP_JOINS_BURST + 2; i++)
    kith_group_links_send (ben->person->node, gids[0], test_member_get_identity (ann),
                           KITH_RECORD_GROUP_JOIN, (const guint8 *) "me", 2);

  message = test_person_send (ben->person, ann->person, "May I?");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  g_assert_cmpuint (ann->asked->len, ==, n_gids + KITH_LIMIT_GROUP_JOINS_BURST - 1);
  g_assert_true (test_person_is_online (ben->person, ann->person));
}

/* As after the start, when one group after the other has been read: both say which they share, and neither says
 * it so often that the other hangs up. */
static void
test_many_groups_one_by_one (void)
{
  enum { N = KITH_LIMIT_GROUP_SHARED_BURST + 10 };
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");

  test_member_befriend (ann, ben);
  for (guint i = 0; i < N; i++)
    {
      guint8 gid[KITH_GROUP_ID_BYTES];

      randombytes_buf (gid, sizeof gid);
      kith_group_links_put_group (ann->person->node, gid, ann->seed);
      kith_group_links_put_group (ben->person->node, gid, ben->seed);
      kith_group_links_put_member (ann->person->node, gid, test_member_get_identity (ben), NULL);
      kith_group_links_put_member (ben->person->node, gid, test_member_get_identity (ann), NULL);
    }

  test_wait_for (ann->n_linked >= N && ben->n_linked >= N);
  g_assert_cmpuint (ann->n_unlinked + ben->n_unlinked, ==, 0);
  g_assert_true (test_person_is_online (ben->person, ann->person));
}

/* Dan waits with a link of Ann's, and she makes him a contact meanwhile: that is kept. */
static void
test_a_joiner_becomes_a_contact (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *dan = test_group_add (group, "Dan");
  g_autoptr (KithInvitation) link = NULL;
  g_autoptr (KithRequest) request = NULL;

  test_group_join (group, ann);
  link = test_member_make_link (ann, ann->group->gid);
  test_member_follow (dan, link);
  test_wait_for (dan->n_reachable > 0 && test_member_get_peer (ann, dan) != NULL);
  test_person_ask (ann->person, dan->person);
  request = test_person_await_request (dan->person);
  test_person_accept (dan->person, request);
  test_wait_for (test_person_is_online (ann->person, dan->person)
                 && test_person_is_online (dan->person, ann->person));
  test_wait_for (test_member_get_peer (ann, dan)->row->pair_root != NULL
                 && test_member_get_peer (dan, ann)->row->pair_root != NULL);

  test_person_stop (ann->person);
  test_person_start_quietly (ann->person);
  test_member_listen (ann);
  g_assert_nonnull (test_person_contact (ann->person, dan->person));
  g_assert_cmpint (test_member_get_peer (ann, dan)->row->relation, ==, KITH_RELATION_MUTUAL);
  g_assert_nonnull (test_member_get_peer (ann, dan)->row->pair_root);
  g_assert_true (kith_secret_equal (test_member_get_peer (ann, dan)->row->pair_root,
                                    test_member_get_peer (dan, ann)->row->pair_root));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/sessions/refused", test_refused);
  g_test_add_func ("/sessions/not-opened", test_a_contact_does_not_open);
  g_test_add_func ("/sessions/many-names", test_a_stranger_has_many_names);
  g_test_add_func ("/sessions/many-addresses", test_a_contact_moves_all_the_time);
  g_test_add_func ("/sessions/two-devices", test_a_blocked_contact_has_two_devices);
  g_test_add_func ("/sessions/one-request", test_a_request_has_one_session);
  g_test_add_func ("/sessions/many-requests", test_one_request_too_many);
  g_test_add_func ("/sessions/many-groups", test_a_contact_asks_for_many_groups);
  g_test_add_func ("/sessions/groups-one-by-one", test_many_groups_one_by_one);
  g_test_add_func ("/sessions/joiner-and-contact", test_a_joiner_becomes_a_contact);

  return g_test_run ();
}
