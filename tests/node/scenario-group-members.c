/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links between members of groups, with a host that does nothing but listen: who finds whom, who is let
 * in, and who is not. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "kith-test-acts.h"
#include "kith-test-group.h"

#include "base/kith-error.h"
#include "node/kith-directory.h"
#include "node/kith-group-links-private.h"
#include "node/kith-meeting-times.h"
#include "node/kith-networking.h"
#include "node/kith-node-invites.h"

/* --- Contacts ------------------------------------------------------------------------------- */

static void
test_contacts_are_linked_on_their_session (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");

  test_member_befriend (ann, ben);
  test_group_tell (group, ann, ben);
  g_assert_cmpuint (ben->n_reachable, ==, 0);
  g_assert_false (test_member_is_linked (ann, ben));

  test_group_tell (group, ben, ann);
  test_await_linked (ann, ben);
  test_assert_says (ann, ben, "hello");
  test_assert_says (ben, ann, "hello you");
  g_assert_cmpuint (kith_node_get_n_sessions (ann->person->node), ==, 1);

  /* One of both has heard that the other was kicked. */
  kith_group_links_drop_member (ann->person->node, group->gid, test_member_get_identity (ben));
  g_assert_false (test_member_is_linked (ann, ben));
  test_wait_for (!test_member_is_linked (ben, ann));
  g_assert_false (test_member_say (ben, ann, "still there"));
  g_assert_true (test_person_is_online (ann->person, ben->person));
  g_assert_cmpuint (ann->n_unlinked, ==, 1);
  g_assert_cmpuint (ben->n_unlinked, ==, 1);
}

static void
befriend_and_tell (TestGroup *group, TestMember *ann, TestMember *ben)
{
  test_member_befriend (ann, ben);
  test_group_tell_all (group);
  test_await_linked (ann, ben);
}

static void
test_a_new_session_is_a_new_link (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");

  test_member_befriend (ann, ben);
  test_group_tell_all (group);
  test_await_linked (ann, ben);

  test_person_crash (ben->person);
  test_wait_for (!test_member_is_linked (ann, ben));
  test_person_start (ben->person);
  test_member_listen (ben);
  test_group_tell (group, ben, ann);
  test_await_linked (ann, ben);
  g_assert_cmpuint (ann->n_linked, ==, 2);
  test_assert_says (ben, ann, "back again");
}

/* What does not fit now is told of when it does; nothing is lost, and nothing overtakes. */
static void
test_a_full_link_drains (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  g_autofree guint8 *body = g_malloc0 (60000);
  guint n_sent = 0;

  befriend_and_tell (group, ann, ben);
  while (n_sent < 200)
    {
      if (!kith_group_links_send (ann->person->node, group->gid, test_member_get_identity (ben),
                                  KITH_RECORD_GROUP_ENTRIES, body, 60000))
        {
          guint n_drained = ann->n_drained;

          g_assert_false (kith_session_is_writable (test_member_get_peer (ann, ben)->session));
          test_wait_for (ann->n_drained > n_drained);
          g_assert_true (kith_session_is_writable (test_member_get_peer (ann, ben)->session));
          continue;
        }
      n_sent++;
    }

  test_wait_for (ben->heard->len == n_sent);
  g_assert_cmpuint (ann->n_drained, >, 2);
}

/* Two groups on one session: the one does not end with the other. */
static void
test_several_groups_share_a_session (void)
{
  g_autoptr (TestGroup) first = test_group_new ();
  TestMember *ann = test_group_add (first, "Ann");
  TestMember *ben = test_group_add (first, "Ben");
  guint8 second[KITH_GROUP_ID_BYTES];
  guint n_reachable;

  befriend_and_tell (first, ann, ben);
  n_reachable = ann->n_reachable;
  randombytes_buf (second, sizeof second);
  kith_group_links_put_group (ann->person->node, second, ann->seed);
  kith_group_links_put_group (ben->person->node, second, ben->seed);
  kith_group_links_put_member (ann->person->node, second, test_member_get_identity (ben), ben->author);
  test_wait_for (ann->n_reachable == n_reachable + 1);
  kith_group_links_put_member (ben->person->node, second, test_member_get_identity (ann), ann->author);
  test_wait_for (kith_group_links_is_linked (ann->person->node, second, test_member_get_identity (ben))
                 && kith_group_links_is_linked (ben->person->node, second, test_member_get_identity (ann)));

  kith_group_links_drop_group (ann->person->node, first->gid);
  test_wait_for (!test_member_is_linked (ben, ann));
  g_assert_true (kith_group_links_is_linked (ben->person->node, second, test_member_get_identity (ann)));
  g_assert_cmpuint (kith_node_get_n_sessions (ann->person->node), ==, 1);
}

/* --- Those who are no contacts -------------------------------------------------------------- */

/* Ann knows both; they learn from her where the other one is. */
static void
meet_through_ann (TestGroup *group, TestMember *ann, TestMember *ben, TestMember *cat)
{
  test_member_befriend (ann, ben);
  test_member_befriend (ann, cat);
  test_group_tell_all (group);
  test_await_linked (ann, ben);
  test_await_linked (ann, cat);
  test_member_want (ben, cat);
  test_member_want (cat, ben);
  test_await_linked (ben, cat);
}

static void
test_strangers_meet_through_a_member (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");
  KithContact *contact;

  meet_through_ann (group, ann, ben, cat);
  test_assert_says (ben, cat, "who are you?");
  test_assert_says (cat, ben, "a friend of Ann's");

  contact = kith_group_links_get_contact (ben->person->node, test_member_get_identity (cat));
  g_assert_cmpstr (kith_contact_get_name (contact), ==, "Cat");
  g_assert_cmpint (kith_contact_get_presence (contact), ==, KITH_PRESENCE_ONLINE);
  g_assert_cmpint (kith_contact_get_relation (contact), ==, KITH_RELATION_MEMBER);
  g_assert_cmpuint (test_member_count_contacts (ben), ==, 1);
  g_assert_cmpuint (test_member_count_contacts (cat), ==, 1);
  g_assert_null (kith_node_find_contact (ben->person->node, "Cat", NULL));
}

/* A knock by the secret of the group opens a door that lets in contacts only. */
static void
test_members_are_let_in_where_contacts_are (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");

  test_member_befriend (ann, ben);
  test_member_befriend (ann, cat);
  test_member_set_reach (ben, KITH_REACH_CONTACTS);
  test_member_set_reach (cat, KITH_REACH_CONTACTS);
  test_group_tell_all (group);
  test_member_want (ben, cat);
  test_await_linked (ben, cat);
  g_assert_true (kith_session_is_dialer (test_member_get_peer (ben, cat)->session));
  g_assert_cmpint (kith_session_get_entry (test_member_get_peer (ben, cat)->session), ==, KITH_ENTRY_GROUP);
}

/* One of both has not heard of the new secret yet. */
static void
test_the_former_secret_is_good_for_a_while (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");
  g_autoptr (KithSecret) fresh = test_group_dup_random_secret ();

  test_member_befriend (ann, ben);
  test_member_befriend (ann, cat);
  test_member_set_reach (cat, KITH_REACH_CONTACTS);
  test_group_tell_all (group);
  kith_group_links_set_secret (cat->person->node, group->gid, fresh, group->secret);
  test_member_want (ben, cat);
  test_await_linked (ben, cat);
}

/* Nobody is there who knows both, and both are elsewhere than before. */
static void
test_strangers_meet_in_the_dht (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");

  test_member_go_online (ben, net);
  test_member_go_online (cat, net);
  test_group_tell_all (group);
  test_member_want (ben, cat);
  test_member_want (cat, ben);
  test_await_linked (ben, cat);
  test_assert_says (ben, cat, "found you");
}

/* Where @from puts values for @to in the DHT, by what the secret of the group makes of the two. */
static void
get_place (TestGroup *group, TestMember *from, TestMember *to, KithRendezvous *place)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  guint8 root[KITH_KEY_BYTES];
  guint64 epochs[2];
  guint8 dir = memcmp (from->identity, to->identity, sizeof from->identity) < 0 ? 0 : 1;

  kith_group_pair_root (kith_secret_get_data (group->secret), from->author, to->author, root);
  kith_meeting_get_epochs (root, now_s, epochs);
  kith_rendezvous_init (place, root, epochs[0], dir);
}

static void
put_value (KithFakeDhtNet *net, const KithRendezvous *place, guint64 seq, guint16 port)
{
  KithRendezvousValue value = { .time_s = g_get_real_time () / G_USEC_PER_SEC, .seq = seq, .n_endpoints = 1 };
  guint8 nonce[KITH_RENDEZVOUS_NONCE_BYTES];
  guint8 sealed[KITH_RENDEZVOUS_VALUE_BYTES];
  g_autoptr (GBytes) bytes = NULL;

  kith_endpoint_parse (&value.endpoints[0], "127.0.0.1", port);
  randombytes_buf (nonce, sizeof nonce);
  kith_rendezvous_seal (place, &value, nonce, sealed);
  bytes = g_bytes_new (sealed, sizeof sealed);
  kith_fake_dht_net_inject (net, place->location, bytes);
}

/* A third member, who knows the place as well, puts a value there after which no number seems new. */
static void
test_a_poisoned_place (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");
  guint64 now_ms = (guint64) (g_get_real_time () / 1000);
  KithRendezvous places[2];

  get_place (group, cat, ben, &places[0]);
  get_place (group, ben, cat, &places[1]);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      put_value (net, &places[i], G_MAXUINT64, 1999);
      put_value (net, &places[i], now_ms + 3600 * 1000, 2000);
    }
  test_member_go_online (ben, net);
  test_group_tell_all (group);
  test_member_want (ben, cat);
  test_wait_for (test_member_get_peer (ben, cat)->routes.n_found > 0
                 && test_member_get_peer (ben, cat)->routes.found[0].port == 2000);

  test_member_go_online (cat, net);
  test_member_want (cat, ben);
  test_await_linked (ben, cat);

  /* And nothing of it is left when they are contacts. */
  g_assert_cmpuint (test_member_get_peer (ben, cat)->row->found_seq, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    kith_rendezvous_clear (&places[i]);
}

/* Who was kicked knows the former secret: nobody is to be found by that any more. */
static void
test_the_former_secret_tells_nothing (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");
  g_autoptr (KithSecret) fresh = test_group_dup_random_secret ();
  g_autoptr (KithSecret) former = kith_secret_ref (group->secret);
  KithRendezvous before, after;
  KithDht *dht;

  test_member_go_online (ben, net);
  test_group_tell_all (group);
  get_place (group, ben, cat, &before);
  kith_secret_unref (group->secret);
  group->secret = kith_secret_ref (fresh);
  get_place (group, ben, cat, &after);

  kith_group_links_set_secret (ben->person->node, group->gid, fresh, former);
  test_member_want (ben, cat);
  dht = ben->person->node->networking->dht;
  test_wait_for (kith_fake_dht_net_count (net, after.location, dht) == 1);
  test_wait_for (!kith_meeting_is_looking (test_member_get_peer (ben, cat)->old_meeting));
  g_assert_cmpuint (kith_fake_dht_net_count (net, before.location, dht), ==, 0);

  /* Cat has not heard of the new one yet: he finds her where she is. */
  kith_group_links_set_secret (cat->person->node, group->gid, former, NULL);
  test_member_go_online (cat, net);
  test_member_want (cat, ben);
  test_await_linked (ben, cat);
  kith_rendezvous_clear (&before);
  kith_rendezvous_clear (&after);
}

/* A thousand members whom Ann has never met: she knows their knocks, is linked with those she wants, and a
 * stranger's knock costs her little. */
static void
test_a_big_group (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");
  guint8 tag[KITH_KNOCK_TAG_BYTES] = { 0 };
  guint8 ephemeral[32] = { 0 };
  gint64 began_us = g_get_monotonic_time ();
  gint64 knock_us = G_MAXINT64;

  for (guint i = 0; i < 1000; i++)
    {
      guint8 keys[2][32];

      randombytes_buf (keys, sizeof keys);
      test_group_join (group, ann);
      kith_group_links_put_member (ann->person->node, group->gid, keys[0], keys[1]);
    }
  g_test_message ("1000 members: put in %d us", (int) (g_get_monotonic_time () - began_us));
  test_member_befriend (ann, ben);
  test_member_befriend (ben, cat);
  test_group_tell_all (group);
  test_member_set_reach (ann, KITH_REACH_CONTACTS);
  test_member_set_reach (cat, KITH_REACH_CONTACTS);

  /* The machine may be busy with something else: the best of some. */
  for (guint i = 0; i < 8; i++)
    {
      began_us = g_get_monotonic_time ();
      g_assert_false (kith_co_member_match_knock (ann->person->node, tag, ephemeral));
      knock_us = MIN (knock_us, g_get_monotonic_time () - began_us);
    }
  g_test_message ("1000 members: a knock looked at in %d us", (int) knock_us);
  g_assert_cmpint (knock_us, <, 100 * 1000);

  test_member_want (ann, cat);
  test_await_linked (ann, cat);
  g_assert_cmpuint (kith_node_get_n_sessions (ann->person->node), ==, 2);
  g_assert_cmpuint (test_member_count_contacts (ann), ==, 1);
}

/* --- Becoming a contact, and ceasing to be one ---------------------------------------------- */

static void
test_a_member_becomes_a_contact_and_ceases_to_be_one (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");
  g_autoptr (KithRequest) request = NULL;
  KithContact *seen_by_ben, *seen_by_cat, *contact;

  meet_through_ann (group, ann, ben, cat);
  seen_by_ben = kith_group_links_get_contact (ben->person->node, test_member_get_identity (cat));
  seen_by_cat = kith_group_links_get_contact (cat->person->node, test_member_get_identity (ben));

  test_person_ask (cat->person, ben->person);
  request = test_person_await_request (ben->person);
  test_await_linked (ben, cat);
  test_assert_says (ben, cat, "one moment");
  g_assert_cmpuint (test_member_count_contacts (ben), ==, 1);

  g_assert_cmpstr (kith_request_get_text (request), ==, "May I?");
  contact = test_person_accept (ben->person, request);
  test_wait_for (test_person_is_online (ben->person, cat->person)
                 && test_person_is_online (cat->person, ben->person));
  g_assert_true (contact == seen_by_ben);
  g_assert_true (test_person_contact (cat->person, ben->person) == seen_by_cat);
  g_assert_cmpuint (test_member_count_contacts (ben), ==, 2);
  test_await_linked (ben, cat);
  g_object_unref (test_person_send (cat->person, ben->person, "In private"));
  test_wait_for (test_person_count_text (ben->person, cat->person, "In private") == 1);
  test_assert_says (ben, cat, "and in the group");

  test_person_remove (ben->person, cat->person, FALSE);
  g_assert_cmpuint (test_member_count_contacts (ben), ==, 1);
  g_assert_cmpint (kith_contact_get_relation (seen_by_ben), ==, KITH_RELATION_MEMBER);
  g_assert_true (kith_group_links_get_contact (ben->person->node, test_member_get_identity (cat)) == seen_by_ben);
  test_await_linked (ben, cat);
  test_assert_says (cat, ben, "still in the group");
  g_assert_false (test_person_is_online (cat->person, ben->person));
}

static void
test_a_blocked_member_finds_nobody (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");
  KithContact *contact;
  guint n;

  meet_through_ann (group, ann, ben, cat);
  contact = kith_group_links_get_contact (ben->person->node, test_member_get_identity (cat));
  kith_node_set_blocked_async (ben->person->node, contact, TRUE, NULL, NULL, NULL);
  test_wait_for (!test_member_is_linked (ben, cat) && !test_member_is_linked (cat, ben));

  n = test_member_get_peer (cat, ben)->routes.n_tries;
  kith_directory_try_now (test_member_get_peer (cat, ben));
  test_wait_for (test_member_get_peer (cat, ben)->routes.n_tries > n && test_member_get_peer (cat, ben)->dial == NULL);
  test_wait_for (test_member_get_peer (cat, ben)->session == NULL);
  g_assert_false (test_member_is_linked (cat, ben));
}

/* --- Attacks -------------------------------------------------------------------------------- */

/* Mallory knows the id of the group, and has a key of her own in it that nobody added. */
static void
test_strangers_are_refused (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *mallory = test_group_add (group, "Mallory");
  TestRaw raw;

  test_group_tell (group, ann, ben);
  test_raw_dial (&raw, mallory, ann);
  test_raw_open (&raw, group);
  test_raw_assert_refused (&raw);
  test_raw_clear (&raw);
  test_wait_for (kith_node_get_n_sessions (ann->person->node) == 0);
  g_assert_null (kith_node_lookup_peer (ann->person->node, test_member_get_identity (mallory)));
}

/* The names of a session are of no use in another one, not even to a member. */
static void
test_names_cannot_be_replayed (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  g_auto (KithBodyOpen) open = { .purpose = KITH_PURPOSE_GROUP, .n_groups = 1 };
  TestRaw first, second;

  test_group_tell (group, ann, ben);
  test_raw_dial (&first, ben, ann);
  test_raw_open (&first, group);
  test_wait_for (first.opened);
  kith_session_get_group_name (first.session, group->gid, &open.groups[0]);
  kith_session_abort (first.session);
  test_wait_for (test_member_get_peer (ann, ben)->session == NULL);

  test_raw_dial (&second, ben, ann);
  kith_session_open (second.session, &open);
  test_raw_assert_refused (&second);
  test_raw_clear (&first);
  test_raw_clear (&second);
}

static void
assert_breaks (TestGroup *group, TestMember *from, TestMember *to, KithRecordType type,
               const char *body, gsize len)
{
  TestRaw raw;

  test_raw_dial (&raw, from, to);
  test_raw_open (&raw, group);
  test_wait_for (raw.opened);
  kith_session_send_record (raw.session, type, (const guint8 *) body, len);
  test_wait_for (raw.error != NULL);
  g_assert_error (raw.error, KITH_ERROR, KITH_ERROR_NOT_UNDERSTOOD);
  test_raw_clear (&raw);
  test_wait_for (kith_node_get_n_sessions (to->person->node) == 0);
}

/* A session that is there for groups is not one of contacts. */
static void
test_nothing_but_groups_flows (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  static const KithRecordType others[] = { KITH_RECORD_MSG, KITH_RECORD_ACK, KITH_RECORD_PAIR,
                                           KITH_RECORD_TYPING, KITH_RECORD_RESEND,
                                           KITH_RECORD_SAS_COMMIT, KITH_RECORD_DIAL_BACK };

  test_group_tell (group, ann, ben);
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    assert_breaks (group, ben, ann, others[i], "", 0);

  assert_breaks (group, ben, ann, KITH_RECORD_GROUP_HELLO, "too short", 9);
  assert_breaks (group, ben, ann, KITH_RECORD_GROUP_SHARED, "\x0a\x01x", 3);
}

static void
test_changes_of_mind_are_limited (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestRaw raw;

  test_group_tell (group, ann, ben);
  test_raw_dial (&raw, ben, ann);
  test_raw_open (&raw, group);
  test_wait_for (raw.opened);
  for (guint i = 0; i <= KITH_LIMIT_GROUP_SHARED_BURST; i++)
    kith_session_send_record (raw.session, KITH_RECORD_GROUP_SHARED, (const guint8 *) "", 0);
  test_wait_for (raw.error != NULL);
  test_raw_clear (&raw);
}

static void
test_a_kicked_member_is_out (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");
  TestRaw raw;

  meet_through_ann (group, ann, ben, cat);
  kith_group_links_drop_member (ben->person->node, group->gid, test_member_get_identity (cat));
  g_assert_false (test_member_is_linked (ben, cat));
  test_wait_for (!test_member_is_linked (cat, ben) && test_member_get_peer (ben, cat)->session == NULL);
  test_member_want_nobody (cat);

  test_raw_dial (&raw, cat, ben);
  test_raw_open (&raw, group);
  test_raw_assert_refused (&raw);
  test_raw_clear (&raw);
}

/* Cat signs for Ben, or changes what he has signed. */
static void
test_forged_notes_end_the_session (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");
  g_autofree KithGroupWhere *note = g_new0 (KithGroupWhere, 1);
  const KithGroupWhere *notes[1] = { note };
  g_autoptr (GByteArray) body = NULL;
  const KithLinkMember *member;
  guint n_notes;
  guint n = 0;

  test_member_befriend (ann, cat);
  test_group_tell_all (group);
  test_await_linked (ann, cat);
  note->time_s = (guint64) g_get_real_time () / G_USEC_PER_SEC;
  kith_endpoint_parse (&note->endpoints.items[0], "198.51.100.7", 5484);
  note->endpoints.n = 1;
  kith_group_where_sign (note, group->gid, kith_secret_get_data (cat->seed));
  memcpy (note->bytes, ben->author, sizeof ben->author);
  body = kith_body_group_peers_pack (notes, 1);

  n = ann->n_unlinked;
  n_notes = kith_group_links_find_member (kith_group_links_find (ann->person->node, group->gid), ben->identity)->notes.n;
  kith_group_session_send (test_member_get_peer (cat, ann), group->gid, KITH_RECORD_GROUP_PEERS, body->data, body->len);
  test_wait_for (ann->n_unlinked > n);
  g_assert_cmpuint (test_member_get_peer (ann, ben)->routes.n_told, ==, 0);
  member = kith_group_links_find_member (kith_group_links_find (ann->person->node, group->gid), ben->identity);
  g_assert_cmpuint (member->notes.n, ==, n_notes);
}

static GByteArray *
sign_note (TestGroup *group, TestMember *of, guint16 port, KithGroupWhere *note)
{
  const KithGroupWhere *notes[1] = { note };

  note->time_s = (guint64) g_get_real_time () / G_USEC_PER_SEC;
  kith_endpoint_parse (&note->endpoints.items[0], "127.0.0.1", port);
  note->endpoints.n = 1;
  kith_group_where_sign (note, group->gid, kith_secret_get_data (of->seed));
  return kith_body_group_peers_pack (notes, 1);
}

/* What is good in a record that ends with something forged is not lost: it counts when others bring it. */
static void
test_good_notes_survive_forged_ones (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  TestMember *cat = test_group_add (group, "Cat");
  g_autofree KithGroupWhere *good = g_new0 (KithGroupWhere, 1);
  g_autofree KithGroupWhere *forged = g_new0 (KithGroupWhere, 1);
  const KithGroupWhere *notes[2] = { good, forged };
  g_autoptr (GByteArray) alone = NULL;
  g_autoptr (GByteArray) cats = NULL;
  g_autoptr (GByteArray) both = NULL;
  const KithLinkMember *of_ben;
  guint n;

  test_member_befriend (ann, cat);
  test_group_tell_all (group);
  test_await_linked (ann, cat);
  alone = sign_note (group, ben, 1999, good);
  cats = sign_note (group, cat, 1999, forged);
  forged->time_s += 5;
  for (guint i = 0; i < 8; i++)
    forged->bytes[KITH_GROUP_KEY_BYTES + i] = (guint8) (forged->time_s >> (56 - 8 * i));
  memcpy (forged->bytes, ben->author, sizeof ben->author);
  both = kith_body_group_peers_pack (notes, 2);
  of_ben = kith_group_links_find_member (kith_group_links_find (ann->person->node, group->gid), ben->identity);

  n = ann->n_unlinked;
  kith_group_session_send (test_member_get_peer (cat, ann), group->gid, KITH_RECORD_GROUP_PEERS, both->data, both->len);
  test_wait_for (ann->n_unlinked > n);
  g_assert_null (of_ben->where);

  test_await_linked (ann, cat);
  kith_group_session_send (test_member_get_peer (cat, ann), group->gid, KITH_RECORD_GROUP_PEERS, alone->data, alone->len);
  test_wait_for (of_ben->where != NULL);
}

/* Cat says that she is where somebody else is: that costs them a few connections and no more. */
static void
test_a_victim_is_dialled_a_few_times (void)
{
  KithRoutes routes = { 0 };
  KithEndpoints told = { .n = 0 };
  KithRoute known[KITH_LIMIT_ENDPOINTS];
  gint64 now_us = 1000000;
  guint n_dials = 0;

  kith_endpoint_parse (&told.items[0], "198.51.100.7", 5484);
  told.n = 1;
  g_assert_true (kith_routes_tell (&routes, &told));
  g_assert_false (kith_routes_tell (&routes, &told));

  for (guint i = 0; i < 600; i++, now_us += 10 * G_USEC_PER_SEC)
    {
      KithEndpoints out = { .n = 0 };

      /* Each time under another port, as news. */
      told.items[0].port++;
      kith_routes_tell (&routes, &told);
      kith_routes_add_told (&routes, now_us, &out, known);
      n_dials += out.n;
    }

  g_assert_cmpuint (n_dials, ==, 2 * KITH_LIMIT_GROUP_NOTE_DIALS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/group-members/contacts", test_contacts_are_linked_on_their_session);
  g_test_add_func ("/group-members/new-session", test_a_new_session_is_a_new_link);
  g_test_add_func ("/group-members/drained", test_a_full_link_drains);
  g_test_add_func ("/group-members/several", test_several_groups_share_a_session);
  g_test_add_func ("/group-members/strangers", test_strangers_meet_through_a_member);
  g_test_add_func ("/group-members/reach", test_members_are_let_in_where_contacts_are);
  g_test_add_func ("/group-members/former-secret", test_the_former_secret_is_good_for_a_while);
  g_test_add_func ("/group-members/dht", test_strangers_meet_in_the_dht);
  g_test_add_func ("/group-members/attack/poisoned-place", test_a_poisoned_place);
  g_test_add_func ("/group-members/attack/former-secret", test_the_former_secret_tells_nothing);
  g_test_add_func ("/group-members/big", test_a_big_group);
  g_test_add_func ("/group-members/contact-and-back",
                   test_a_member_becomes_a_contact_and_ceases_to_be_one);
  g_test_add_func ("/group-members/blocked", test_a_blocked_member_finds_nobody);
  g_test_add_func ("/group-members/attack/stranger", test_strangers_are_refused);
  g_test_add_func ("/group-members/attack/replayed-names", test_names_cannot_be_replayed);
  g_test_add_func ("/group-members/attack/other-records", test_nothing_but_groups_flows);
  g_test_add_func ("/group-members/attack/changes", test_changes_of_mind_are_limited);
  g_test_add_func ("/group-members/attack/kicked", test_a_kicked_member_is_out);
  g_test_add_func ("/group-members/attack/forged-notes", test_forged_notes_end_the_session);
  g_test_add_func ("/group-members/attack/good-notes", test_good_notes_survive_forged_ones);
  g_test_add_func ("/group-members/attack/victim", test_a_victim_is_dialled_a_few_times);

  return g_test_run ();
}
