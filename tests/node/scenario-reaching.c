/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who can reach whom: each setting, seen by friends, strangers and those in between. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "kith-test-acts.h"
#include "node/kith-node-history.h"
#include "node/kith-node-invites.h"
#include "node/kith-node-reach.h"

#define PASSPHRASE "correct horse battery staple"

static void
set_reach (TestPerson *self, KithReach reach)
{
  g_autoptr (GError) error = NULL;

  kith_node_set_reach (self->node, reach, &error);
  g_assert_no_error (error);
  kith_local_get_timeouts (self->node->local)->silent_close_ms = 10;
}

static void
set_passphrase (TestPerson *self, const char *text)
{
  g_autoptr (GError) error = NULL;

  kith_node_set_join_passphrase (self->node, text, &error);
  g_assert_no_error (error);
}

/* Returns: the outcome, or the error with a minus before it */
static int
ask (TestPerson *self, TestPerson *other, const char *passphrase)
{
  g_autoptr (GAsyncResult) connected = NULL;
  g_autoptr (GError) error = NULL;
  KithConnectOutcome outcome;

  kith_node_connect_with_passphrase_async (self->node, "127.0.0.1",
                                           kith_node_get_listen_port (other->node), passphrase,
                                           "Let me in", NULL, test_result_cb, &connected);
  if (kith_node_connect_finish (self->node, test_await (&connected), &outcome, NULL, &error))
    return (int) outcome;

  return -error->code;
}

static void
accept_only_request (TestPerson *self)
{
  g_autoptr (KithRequest) request = test_person_await_request (self);

  test_person_accept (self, request);
}

static KithPeer *
peer_of (TestPerson *self, TestPerson *other)
{
  return kith_node_lookup_peer (self->node,
                                kith_contact_get_identity (test_person_contact (self, other)));
}

static void
await_root (TestPerson *a, TestPerson *b)
{
  test_wait_for (peer_of (a, b)->row->pair_root != NULL && peer_of (b, a)->row->pair_root != NULL);
}

static guint
count_kept_passphrases (TestPerson *self)
{
  GHashTableIter iter;
  gpointer key;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->node->settings);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    n += g_str_has_prefix (key, "passphrase-for-") ? 1 : 0;

  return n;
}

/* Attack 11: strangers get nothing, friends come in as ever. */
static void
test_contacts_only (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (TestPerson) eve = test_person_new ("Eve");

  test_befriend (ann, ben);
  await_root (ann, ben);
  set_reach (ben, KITH_REACH_CONTACTS);
  g_assert_cmpint (ask (eve, ben, NULL), ==, -KITH_ERROR_PEER_CLOSED);
  g_assert_cmpint (ask (eve, ben, PASSPHRASE), ==, -KITH_ERROR_NOT_ADMITTED);
  g_assert_cmpuint (g_list_model_get_n_items (kith_node_get_requests (ben->node)), ==, 0);

  test_person_stop (ann);
  test_wait_for (kith_node_get_n_sessions (ben->node) == 0);
  test_person_start (ann);
  kith_node_reconnect (ann->node, test_person_contact (ann, ben));
  test_wait_for (test_person_is_online (ann, ben));
}

static void
test_passphrase (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  set_passphrase (ben, PASSPHRASE);
  set_reach (ben, KITH_REACH_PASSPHRASE);
  g_assert_cmpint (ask (ann, ben, NULL), ==, -KITH_ERROR_PEER_CLOSED);
  g_assert_cmpint (ask (ann, ben, "short"), ==, -KITH_ERROR_WRONG_PASSPHRASE);
  g_assert_cmpint (ask (ann, ben, "something else"), ==, -KITH_ERROR_NOT_ADMITTED);
  g_assert_cmpint (ask (ann, ben, " " PASSPHRASE "\n"), ==, KITH_CONNECT_REQUESTED);
  g_assert_cmpuint (count_kept_passphrases (ann), ==, 1);

  accept_only_request (ben);
  test_wait_for (test_person_is_online (ann, ben) && test_person_is_online (ben, ann));
  await_root (ann, ben);
  test_wait_for (count_kept_passphrases (ann) == 0);
}

/* Who has asked with the passphrase and has left comes back with it, and hears the answer. */
static void
test_passphrase_while_away (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  set_passphrase (ben, PASSPHRASE);
  set_reach (ben, KITH_REACH_PASSPHRASE);
  kith_node_unlisten (ann->node);
  g_assert_cmpint (ask (ann, ben, PASSPHRASE), ==, KITH_CONNECT_REQUESTED);
  test_wait_for (g_list_model_get_n_items (kith_node_get_requests (ben->node)) == 1);

  test_person_stop (ann);
  test_wait_for (kith_node_get_n_sessions (ben->node) == 0);
  accept_only_request (ben);
  test_person_start_quietly (ann);
  kith_node_reconnect (ann->node, test_person_contact (ann, ben));
  test_wait_for (test_person_is_online (ann, ben) && test_person_is_online (ben, ann));
}

/* Protocol 4.1a: a friend who lost the key is shut out, which is said, but for the passphrase. */
static void
test_lost_root (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autofree char *before = NULL;
  g_autofree char *note = NULL;
  KithPeer *peer;

  test_befriend (ann, ben);
  await_root (ann, ben);
  peer = peer_of (ben, ann);
  set_passphrase (ben, PASSPHRASE);
  set_reach (ben, KITH_REACH_PASSPHRASE);
  before = kith_node_dup_reach_note (ben->node);
  g_assert_null (before);

  kith_node_unlisten (ann->node);
  test_person_stop (ann);
  test_wait_for (kith_node_get_n_sessions (ben->node) == 0);
  g_clear_pointer (&peer->row->pair_root, kith_secret_unref);
  kith_peer_commit (peer);
  note = kith_node_dup_reach_note (ben->node);
  g_assert_nonnull (strstr (note, "Ann"));

  test_person_start_quietly (ann);
  g_assert_cmpint (ask (ann, ben, PASSPHRASE), ==, KITH_CONNECT_ONLINE);
  await_root (ann, ben);
  test_wait_for (kith_secret_equal (peer_of (ann, ben)->row->pair_root,
                                    peer_of (ben, ann)->row->pair_root));
}

/* An invite opens the door to whoever has it. */
static void
test_invite (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autoptr (TestPerson) ben = test_person_new ("Ben");
  g_autoptr (GAsyncResult) created = NULL;
  g_autoptr (GAsyncResult) joined = NULL;
  g_autoptr (KithInvitation) invitation = NULL;
  g_autofree char *link = NULL;
  g_autoptr (GError) error = NULL;
  KithJoinOutcome outcome;

  set_reach (ann, KITH_REACH_CONTACTS);
  kith_node_create_invite_async (ann->node, 0, NULL, NULL, test_result_cb, &created);
  invitation = kith_node_create_invite_finish (ann->node, test_await (&created), &error);
  g_assert_no_error (error);
  link = g_strdup (kith_invitation_get_link (invitation));
  g_clear_object (&created);

  kith_node_join_async (ben->node, link, NULL, NULL, test_result_cb, &joined);
  kith_node_join_finish (ben->node, test_await (&joined), &outcome, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (outcome, ==, KITH_JOIN_REQUESTED);
  g_clear_object (&joined);

  /* They leave before the answer, and the invite lets them in again. */
  test_person_stop (ben);
  test_wait_for (kith_node_get_n_sessions (ann->node) == 0);
  test_person_start (ben);
  kith_node_reconnect (ben->node, test_person_contact (ben, ann));
  test_wait_for (kith_node_get_n_sessions (ann->node) == 1);
  accept_only_request (ann);
  test_wait_for (test_person_is_online (ann, ben) && test_person_is_online (ben, ann));
  await_root (ann, ben);
}

/* What was chosen is there after a restart; a passphrase is made when there is none. */
static void
test_settings (void)
{
  g_autoptr (TestPerson) ann = test_person_new ("Ann");
  g_autofree char *made = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (kith_node_get_reach (ann->node), ==, KITH_REACH_EVERYONE);
  g_assert_null (kith_node_get_join_passphrase (ann->node));
  g_assert_false (kith_node_set_join_passphrase (ann->node, "seven77", &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  g_assert_null (kith_node_get_join_passphrase (ann->node));

  set_reach (ann, KITH_REACH_PASSPHRASE);
  made = g_strdup (kith_node_get_join_passphrase (ann->node));
  g_assert_nonnull (made);
  test_person_stop (ann);
  test_person_start (ann);
  g_assert_cmpint (kith_node_get_reach (ann->node), ==, KITH_REACH_PASSPHRASE);
  g_assert_cmpint (kith_local_get_reach (ann->node->local), ==, KITH_REACH_PASSPHRASE);
  g_assert_cmpstr (kith_node_get_join_passphrase (ann->node), ==, made);
  g_assert_nonnull (kith_local_get_passphrase (ann->node->local));

  /* What nobody can understand shuts the door rather than opens it. */
  kith_node_set_setting (ann->node, "reach", "whatever");
  g_assert_cmpint (kith_node_get_reach (ann->node), ==, KITH_REACH_CONTACTS);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/reach/contacts-only", test_contacts_only);
  g_test_add_func ("/reach/passphrase", test_passphrase);
  g_test_add_func ("/reach/passphrase-while-away", test_passphrase_while_away);
  g_test_add_func ("/reach/lost-root", test_lost_root);
  g_test_add_func ("/reach/invite", test_invite);
  g_test_add_func ("/reach/settings", test_settings);
  return g_test_run ();
}
