/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links that lead to groups: who comes with one, who finds whom by it, and what it is not good for. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "kith-test-group.h"

#include "base/kith-error.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-node-invites.h"
#include "proto/kith-group-join.h"

static KithInvitation *
make_link (TestMember *self)
{
  return test_member_make_link (self, self->group->gid);
}

/* As a host does: with the proof of the link that is followed. */
static GBytes *
seal_request (TestMember *self, const guint8 *gid)
{
  KithGroupJoin join = { .time_ms = (guint64) g_get_real_time () / 1000, .name = (char *) self->person->name };
  guint8 proof[KITH_INVITE_PROOF_BYTES];
  g_autoptr (GBytes) link_proof = NULL;

  memcpy (join.gid, gid, sizeof join.gid);
  memcpy (join.identity, self->identity, sizeof join.identity);
  memcpy (join.author, self->author, sizeof join.author);
  g_assert_true (kith_group_invite_prove (self->person->node, gid, self->author, proof));
  link_proof = join.link_proof = g_bytes_new (proof, sizeof proof);
  return kith_group_join_seal (&join, kith_secret_get_data (self->seed),
                               kith_secret_get_data (self->person->node->profile_row->identity_seed));
}

static void
take_back (TestMember *self, KithInvitation *link)
{
  g_autoptr (GAsyncResult) revoked = NULL;
  g_autoptr (GError) error = NULL;

  kith_node_revoke_invite_async (self->person->node, link, NULL, test_result_cb, &revoked);
  kith_node_revoke_invite_finish (self->person->node, test_await (&revoked), &error);
  g_assert_no_error (error);
}

static gboolean
was_asked (TestMember *self, KithInvitation *link, const char *text)
{
  g_autofree char *line = g_strdup_printf ("%s: %s", link != NULL ? kith_invitation_get_id (link) : "-",
                                           text);

  return g_ptr_array_find_with_equal_func (self->asked, line, g_str_equal, NULL);
}

/* As a host does: anew on each session, as another may take the place of the first. */
static void
ask_to_join (TestMember *self, TestMember *issuer, KithInvitation *link, const char *text)
{
  guint n_asked = 0;

  while (!was_asked (issuer, link, text))
    {
      test_wait_for (self->n_reachable > n_asked || was_asked (issuer, link, text));
      if (self->n_reachable > n_asked)
        test_member_ask (self, issuer, text);
      n_asked = self->n_reachable;
    }
}

static void
let_in (TestMember *self, TestMember *joiner)
{
  test_group_tell (self->group, self, joiner);
  test_await_linked (self, joiner);
  test_group_tell (self->group, joiner, self);
  kith_group_invite_leave (joiner->person->node, self->group->gid);
  g_assert_true (test_member_is_linked (self, joiner));
}

/* Several at once; none of them becomes a contact, nor a request to be one. */
static void
test_many_come_with_one_link (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *joiners[3] = { test_group_add (group, "Dan"), test_group_add (group, "Eve"),
                             test_group_add (group, "Fay") };
  g_autoptr (KithInvitation) link = NULL;
  g_autoptr (GListModel) list = NULL;
  g_autofree char *id = NULL;
  gint64 expires_ms;

  test_group_join (group, ann);
  test_member_set_reach (ann, KITH_REACH_CONTACTS);
  link = make_link (ann);
  list = kith_group_invite_list (ann->person->node, group->gid);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_invitations (ann->person->node)), ==, 0);
  g_assert_cmpint (kith_node_inspect_link (joiners[0]->person->node, kith_invitation_get_link (link), &id,
                                           &expires_ms), ==, KITH_LINK_GROUP);
  g_assert_cmpstr (id, ==, kith_profile_get_id (kith_node_get_profile (ann->person->node)));
  g_assert_cmpint (kith_node_inspect_link (ann->person->node, kith_invitation_get_link (link), NULL, NULL),
                   ==, KITH_LINK_OWN);

  for (guint i = 0; i < G_N_ELEMENTS (joiners); i++)
    test_member_follow (joiners[i], link);
  for (guint i = 0; i < G_N_ELEMENTS (joiners); i++)
    ask_to_join (joiners[i], ann, link, joiners[i]->person->name);

  for (guint i = 0; i < G_N_ELEMENTS (joiners); i++)
    {
      g_assert_false (test_member_is_linked (ann, joiners[i]));
      g_assert_false (test_member_say (ann, joiners[i], "too early"));
    }

  let_in (ann, joiners[1]);
  test_assert_says (ann, joiners[1], "welcome");
  test_assert_says (joiners[1], ann, "thank you");
  g_assert_cmpuint (test_member_count_contacts (ann), ==, 0);
  g_assert_cmpuint (test_member_count_contacts (joiners[1]), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (ann->person->node)), ==, 0);
  g_assert_cmpint (kith_invitation_get_state (link), ==, KITH_INVITATION_LIVE);

  /* The link is taken back: who was not let in goes, who was stays. */
  take_back (ann, link);
  test_wait_for (test_member_get_peer (ann, joiners[0]) == NULL && test_member_get_peer (ann, joiners[2]) == NULL);
  g_assert_true (test_member_is_linked (ann, joiners[1]));
}

static void
test_the_link_leads_where_the_issuer_is_now (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *dan = test_group_add (group, "Dan");
  g_autoptr (KithInvitation) link = NULL;
  g_autoptr (GError) error = NULL;

  test_group_join (group, ann);
  link = make_link (ann);
  kith_node_listen (ann->person->node, "127.0.0.1", 0, FALSE, &error);
  g_assert_no_error (error);
  test_member_go_online (ann, net);
  test_member_go_online (dan, net);
  test_member_follow (dan, link);
  ask_to_join (dan, ann, link, "found you");
}

/* Nobody can reach Ann: she finds what Dan has sealed to her, and comes to him. */
static void
test_the_issuer_comes_to_who_has_the_link (void)
{
  g_autoptr (KithFakeDhtNet) net = kith_fake_dht_net_new ();
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *dan = test_group_add (group, "Dan");
  g_autoptr (KithInvitation) link = NULL;

  test_member_set_reach (dan, KITH_REACH_CONTACTS);
  test_group_join (group, ann);
  kith_node_unlisten (ann->person->node);
  link = make_link (ann);
  test_member_go_online (ann, net);
  test_member_go_online (dan, net);
  test_member_follow (dan, link);
  ask_to_join (dan, ann, link, "come in");
  g_assert_true (kith_session_is_dialer (test_member_get_peer (ann, dan)->session));
  let_in (ann, dan);
  test_assert_says (ann, dan, "welcome");
}

/* Both start anew, and go on where they were. */
static void
test_a_link_is_followed_after_a_restart (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *dan = test_group_add (group, "Dan");
  g_autoptr (KithInvitation) link = NULL;
  KithInvitation *again;
  guint16 port = kith_node_get_listen_port (ann->person->node);
  g_autoptr (GError) error = NULL;

  test_group_join (group, ann);
  link = make_link (ann);
  test_person_stop (ann->person);
  test_member_follow (dan, link);
  test_person_stop (dan->person);

  test_person_start_quietly (ann->person);
  kith_node_listen (ann->person->node, "127.0.0.1", port, FALSE, &error);
  g_assert_no_error (error);
  test_member_listen (ann);
  test_group_join (group, ann);
  again = kith_node_find_invitation (ann->person->node, kith_invitation_get_link (link));
  g_assert_nonnull (again);

  dan->n_reachable = 0;
  test_person_start (dan->person);
  test_member_listen (dan);
  test_group_join (group, dan);
  ask_to_join (dan, ann, again, "still here");
}

/* A contact has no second session: they ask on the one that there is. */
static void
test_a_contact_asks_on_their_session (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *ben = test_group_add (group, "Ben");
  g_autoptr (KithInvitation) link = NULL;
  guint8 proof[KITH_INVITE_PROOF_BYTES];

  test_member_befriend (ann, ben);
  test_group_join (group, ann);
  link = make_link (ann);
  test_member_follow (ben, link);
  ask_to_join (ben, ann, NULL, "it is me");
  g_assert_cmpuint (kith_node_get_n_sessions (ann->person->node), ==, 1);

  g_assert_true (kith_group_invite_prove (ben->person->node, group->gid, ben->author, proof));
  g_assert_true (kith_group_invite_check (ann->person->node, group->gid, ben->author, proof) == link);
  g_assert_null (kith_group_invite_check (ann->person->node, group->gid, ann->author, proof));
  let_in (ann, ben);
}

static void
open_with_link (TestRaw *raw, KithInvitation *link, KithPurpose purpose, guint8 flip)
{
  g_auto (KithInvite) parsed = { 0 };
  g_auto (KithBodyOpen) open = { .n_groups = 1 };
  guint8 root[KITH_INVITE_ROOT_BYTES];

  g_assert_true (kith_invite_parse_group (&parsed, kith_invitation_get_link (link)));
  kith_invite_get_group_root (parsed.secret, parsed.group, root);
  kith_invite_prove (root, raw->session, &open);
  open.purpose = purpose;
  open.invite_proof[7] ^= flip;
  kith_session_get_group_name (raw->session, parsed.group, &open.groups[0]);
  kith_session_open (raw->session, &open);
}

static void
assert_link_refused (TestMember *from, TestMember *to, KithInvitation *link, KithPurpose purpose,
                     guint8 flip)
{
  TestRaw raw;

  test_raw_dial (&raw, from, to);
  open_with_link (&raw, link, purpose, flip);
  test_raw_assert_refused (&raw);
  test_raw_clear (&raw);
}

static void
test_links_are_good_for_one_thing (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  TestMember *mallory = test_group_add (group, "Mallory");
  g_autoptr (KithInvitation) link = NULL;
  g_autoptr (KithInvitation) copy = NULL;
  TestRaw raw;

  test_group_join (group, ann);
  link = make_link (ann);
  copy = kith_invitation_new ("copy", kith_invitation_get_link (link), "", 0, 0);

  /* A proof that is none, and the proof of a link to a group where one of an invite is asked for. */
  assert_link_refused (mallory, ann, copy, KITH_PURPOSE_GROUP, 1);
  assert_link_refused (mallory, ann, copy, KITH_PURPOSE_INVITE, 0);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (ann->person->node)), ==, 0);

  /* What a member may send, somebody who asks may not. */
  test_raw_dial (&raw, mallory, ann);
  open_with_link (&raw, copy, KITH_PURPOSE_GROUP, 0);
  test_wait_for (raw.opened);
  kith_session_send_record (raw.session, KITH_RECORD_GROUP_HELLO, (const guint8 *) "0123456789abcdef", 16);
  test_wait_for (raw.error != NULL);
  test_raw_clear (&raw);
  test_wait_for (test_member_get_peer (ann, mallory) == NULL);

  /* Nor may they ask without an end. */
  test_raw_dial (&raw, mallory, ann);
  open_with_link (&raw, copy, KITH_PURPOSE_GROUP, 0);
  test_wait_for (raw.opened);
  for (guint i = 0; i <= KITH_LIMIT_GROUP_JOINS_BURST; i++)
    {
      KithGroupName name;
      guint8 body[KITH_GROUP_BLIND_BYTES + 1] = { 0 };

      kith_session_get_group_name (raw.session, group->gid, &name);
      memcpy (body, name.bytes, sizeof name.bytes);
      kith_session_send_record (raw.session, KITH_RECORD_GROUP_JOIN, body, sizeof body);
    }
  test_wait_for (raw.error != NULL);
  g_assert_cmpuint (ann->asked->len, ==, KITH_LIMIT_GROUP_JOINS_BURST);
  test_raw_clear (&raw);
  test_wait_for (test_member_get_peer (ann, mallory) == NULL);

  kith_group_links_turn_away (ann->person->node, group->gid, test_member_get_identity (mallory));
  assert_link_refused (mallory, ann, copy, KITH_PURPOSE_GROUP, 0);
  take_back (ann, link);
  assert_link_refused (mallory, ann, copy, KITH_PURPOSE_GROUP, 0);
}

/* Two links of one person: the second is shown with the request itself, on the session of the first. */
static void
test_two_links_of_one_person (void)
{
  g_autoptr (TestGroup) first = test_group_new ();
  TestMember *ann = test_group_add (first, "Ann");
  TestMember *dan = test_group_add (first, "Dan");
  guint8 gids[2][KITH_GROUP_ID_BYTES];
  KithInvitation *links[2];

  for (guint i = 0; i < G_N_ELEMENTS (gids); i++)
    {
      g_auto (KithInvite) parsed = { 0 };

      randombytes_buf (gids[i], sizeof gids[i]);
      kith_group_links_put_group (ann->person->node, gids[i], ann->seed);
      links[i] = test_member_make_link (ann, gids[i]);
      g_assert_true (kith_invite_parse_group (&parsed, kith_invitation_get_link (links[i])));
      kith_group_links_put_group (dan->person->node, gids[i], dan->seed);
      kith_group_invite_follow (dan->person->node, &parsed);
    }

  test_wait_for (dan->n_reachable >= 2);
  for (guint i = 0; i < G_N_ELEMENTS (gids); i++)
    {
      g_autoptr (GBytes) request = seal_request (dan, gids[i]);
      gsize len;
      const guint8 *data = g_bytes_get_data (request, &len);

      g_assert_true (kith_group_links_send (dan->person->node, gids[i], ann->identity,
                                            KITH_RECORD_GROUP_JOIN, data, len));
      test_wait_for (ann->asked->len == i + 1);
      g_assert_true (g_str_has_prefix (g_ptr_array_index (ann->asked, i), kith_invitation_get_id (links[i])));
    }
  g_assert_cmpuint (kith_node_get_n_sessions (ann->person->node), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (links); i++)
    g_object_unref (links[i]);
}

static void
come_with_link (TestRaw *raw, KithLocal *local, TestMember *to, KithInvitation *link)
{
  test_raw_dial_as (raw, local, to->person);
  open_with_link (raw, link, KITH_PURPOSE_GROUP, 0);
  test_wait_for (raw->opened || raw->error != NULL);
}

/* As many as may ask at a time; who was let in holds no place any more, whoever waits does. */
static void
test_who_was_let_in_makes_room (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  TestMember *ann = test_group_add (group, "Ann");
  KithLocal *locals[KITH_LIMIT_GROUP_JOINERS + 1];
  TestRaw raw[KITH_LIMIT_GROUP_JOINERS + 1];
  const guint last = KITH_LIMIT_GROUP_JOINERS;
  g_autoptr (KithInvitation) link = NULL;

  test_group_join (group, ann);
  link = make_link (ann);
  test_raw_let_many_in (ann->person);
  for (guint i = 0; i <= last; i++)
    {
      locals[i] = test_local_new ();
      come_with_link (&raw[i], locals[i], ann, link);
      g_assert_true (raw[i].opened == (i < last));
    }

  g_assert_error (raw[last].error, KITH_ERROR, KITH_ERROR_NOT_CONTACT);
  test_raw_clear (&raw[last]);
  kith_group_links_put_member (ann->person->node, group->gid, kith_local_get_identity (locals[0]), ann->author);
  come_with_link (&raw[last], locals[last], ann, link);
  g_assert_true (raw[last].opened);

  for (guint i = 0; i <= last; i++)
    {
      test_raw_clear (&raw[i]);
      kith_local_unref (locals[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/group-invites/many", test_many_come_with_one_link);
  g_test_add_func ("/group-invites/moved", test_the_link_leads_where_the_issuer_is_now);
  g_test_add_func ("/group-invites/visit", test_the_issuer_comes_to_who_has_the_link);
  g_test_add_func ("/group-invites/restart", test_a_link_is_followed_after_a_restart);
  g_test_add_func ("/group-invites/contact", test_a_contact_asks_on_their_session);
  g_test_add_func ("/group-invites/two-links", test_two_links_of_one_person);
  g_test_add_func ("/group-invites/room", test_who_was_let_in_makes_room);
  g_test_add_func ("/group-invites/misuse", test_links_are_good_for_one_thing);

  return g_test_run ();
}
