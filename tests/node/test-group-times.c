/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sessions with members of groups whom nobody wants any more, with a clock that is set by hand. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "kith-test-group.h"
#include "kith-test-time.h"

#include "base/kith-limits.h"
#include "node/kith-group-links-private.h"

#define S G_GINT64_CONSTANT (1000000)
#define STEP_US 5000

static KithFakeEnv env;

typedef struct
{
  TestGroup  *group;
  TestMember *ben;
  TestMember *cat;
} Two;

static void
know_place (TestMember *self, TestMember *other)
{
  KithStoreContact *row = test_member_get_peer (self, other)->row;

  row->n_endpoints = 1;
  kith_endpoint_parse (&row->endpoints[0], "127.0.0.1",
                       kith_node_get_listen_port (other->person->node));
}

/* Ben wants Cat, has dialled her and is linked; she does not mind. */
static void
set_up (Two *two, gconstpointer data)
{
  kith_fake_env_init (&env, 1, 1767225600);
  test_time_use (&env);
  two->group = test_group_new ();
  two->group->env = &env.env;
  two->ben = test_group_add (two->group, "Ben");
  two->cat = test_group_add (two->group, "Cat");
  test_group_tell_all (two->group);
  know_place (two->ben, two->cat);
  know_place (two->cat, two->ben);
  test_member_want (two->ben, two->cat);
  test_await_linked (two->ben, two->cat);
}

static void
tear_down (Two *two, gconstpointer data)
{
  test_group_free (two->group);
}

/* In steps, so that what crosses the sockets, and the stores' threads, keep up. */
static void
pass (gint64 seconds)
{
  for (gint64 i = 0; i < seconds; i += 5)
    {
      gint64 until_us = g_get_monotonic_time () + STEP_US;

      test_time_pass (5 * S);
      while (g_main_context_iteration (NULL, FALSE) || g_get_monotonic_time () < until_us)
        ;
    }
}

static void
test_what_nobody_wants_ends (Two *two, gconstpointer data)
{
  test_member_want_nobody (two->ben);
  pass (KITH_LIMIT_GROUP_UNWANTED_MS / 1000 - 10);
  g_assert_true (test_member_is_linked (two->ben, two->cat));
  pass (80);
  test_wait_for (test_member_get_peer (two->ben, two->cat)->session == NULL
                 && test_member_get_peer (two->cat, two->ben)->session == NULL);
  pass (1200);
  g_assert_null (test_member_get_peer (two->ben, two->cat)->session);
  g_assert_null (test_member_get_peer (two->cat, two->ben)->session);
}

/* Then it is hers. */
static void
test_what_the_other_wants_comes_back (Two *two, gconstpointer data)
{
  test_member_want (two->cat, two->ben);
  test_member_want_nobody (two->ben);
  pass (KITH_LIMIT_GROUP_UNWANTED_MS / 1000 + 70);
  test_await_linked (two->ben, two->cat);
  g_assert_true (kith_session_is_dialer (test_member_get_peer (two->cat, two->ben)->session));
  g_assert_cmpuint (two->ben->n_linked, ==, 2);
  pass (600);
  g_assert_true (test_member_is_linked (two->ben, two->cat));
  g_assert_cmpuint (two->ben->n_linked, ==, 2);
}

/* A wish that comes back in time changes nothing. */
static void
test_what_is_wanted_again_stays (Two *two, gconstpointer data)
{
  test_member_want_nobody (two->ben);
  pass (30);
  test_member_want (two->ben, two->cat);
  pass (600);
  g_assert_true (test_member_is_linked (two->ben, two->cat));
  g_assert_cmpuint (two->ben->n_linked, ==, 1);
}

/* --- What is good for a time ---------------------------------------------------------------- */

/* Ann alone, who knows of one more member. */
static TestMember *
set_up_ann (TestGroup *group, guint8 other[KITH_IDENTITY_BYTES])
{
  guint8 author[KITH_GROUP_KEY_BYTES];
  TestMember *ann;

  kith_fake_env_init (&env, 1, 1767225600);
  test_time_use (&env);
  group->env = &env.env;
  ann = test_group_add (group, "Ann");
  randombytes_buf (other, KITH_IDENTITY_BYTES);
  randombytes_buf (author, sizeof author);
  test_group_join (group, ann);
  kith_group_links_put_member (ann->person->node, group->gid, other, author);
  return ann;
}

static void
test_the_former_secret_ends (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  guint8 other[KITH_IDENTITY_BYTES];
  TestMember *ann = set_up_ann (group, other);
  g_autoptr (KithSecret) fresh = test_group_dup_random_secret ();
  KithNode *node = ann->person->node;
  guint8 root[KITH_KEY_BYTES];

  kith_group_links_set_secret (node, group->gid, fresh, group->secret);
  test_time_pass ((KITH_LIMIT_GROUP_FORMER_MS / 1000 - 60) * S);
  g_assert_true (kith_co_member_get_former_root (node, other, root));
  test_time_pass (120 * S);
  g_assert_false (kith_co_member_get_former_root (node, other, root));
  g_assert_true (kith_co_member_get_root (node, other, root));
}

/* Also when nothing changes: the others forget it after two days. */
static void
test_our_note_is_renewed (void)
{
  g_autoptr (TestGroup) group = test_group_new ();
  guint8 other[KITH_IDENTITY_BYTES];
  TestMember *ann = set_up_ann (group, other);
  KithNode *node = ann->person->node;
  guint64 first_s;

  kith_group_whereabouts_moved (node);
  first_s = kith_group_links_find (node, group->gid)->where->time_s;
  test_time_pass ((KITH_LIMIT_GROUP_NOTE_RENEWAL_S - 60) * S);
  g_assert_cmpuint (kith_group_links_find (node, group->gid)->where->time_s, ==, first_s);
  test_time_pass ((KITH_LIMIT_GROUP_NOTE_CHECK_MS / 1000 + 120) * S);
  g_assert_cmpuint (kith_group_links_find (node, group->gid)->where->time_s, >, first_s);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add ("/group-times/ends", Two, NULL, set_up, test_what_nobody_wants_ends, tear_down);
  g_test_add ("/group-times/comes-back", Two, NULL, set_up, test_what_the_other_wants_comes_back,
              tear_down);
  g_test_add ("/group-times/stays", Two, NULL, set_up, test_what_is_wanted_again_stays, tear_down);

  g_test_add_func ("/group-times/former-secret", test_the_former_secret_ends);
  g_test_add_func ("/group-times/note", test_our_note_is_renewed);

  return g_test_run ();
}
