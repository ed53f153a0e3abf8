/* SPDX-License-Identifier: GPL-3.0-or-later */
/* More of a group than is on its way on a link at once: all of it comes, and soon. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-limits.h"
#include "kith-test-acts.h"
#include "kith-test-trio.h"
#include "node/kith-node-private.h"
#include "store/kith-store-private.h"

#define TEXT_BYTES (KITH_LIMIT_GROUP_TEXT_BYTES - 16)
#define MANY 50 /* texts: within what somebody may write at once, and three times what a link takes */
#define SHORT_BYTES 1500 /* that is handed on without being asked for */
#define SHORT_MANY 400
#define SOON_US (KITH_LIMIT_GROUP_WANT_MS * (gint64) 1000) /* of the groups' clock: what an unanswered question costs */

G_STATIC_ASSERT ((gsize) MANY * TEXT_BYTES > 2 * KITH_LIMIT_GROUP_LINK_BYTES);
G_STATIC_ASSERT ((gsize) SHORT_MANY * SHORT_BYTES > 2 * KITH_LIMIT_GROUP_LINK_BYTES);

static void
post (TestPerson *person, gsize len)
{
  g_autofree char *text = g_strnfill (len, 'a');

  g_object_unref (trio_post (person, text));
}

static gint64
get_now_us (TestPerson *person)
{
  return kith_env_monotonic_us (person->env);
}

/* Who was away gets it all on one link. */
static void
test_catching_up (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben;
  gint64 began_us;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  test_person_stop (ben);
  test_person_stop (trio.people[2]);
  for (guint i = 0; i < MANY; i++)
    post (ann, TEXT_BYTES);

  test_person_start (ben);
  began_us = get_now_us (ann);
  test_person_meet (ben, ann);
  trio_await_newest (ben, ann, MANY);
  g_assert_cmpint (get_now_us (ann) - began_us, <, SOON_US);
}

/* Nor does a link grow tired of what is written while it lasts. */
static void
test_going_on (void)
{
  g_auto (Trio) trio = { { NULL } };
  TestPerson *ann, *ben;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  for (guint i = 1; i <= SHORT_MANY; i++)
    {
      gint64 began_us = get_now_us (ann);

      post (ann, SHORT_BYTES);
      trio_await_newest (ben, ann, i);
      g_assert_cmpint (get_now_us (ann) - began_us, <, SOON_US);
      if (i % KITH_LIMIT_GROUP_BURST == 0)
        trio_pass (KITH_LIMIT_GROUP_BURST * KITH_LIMIT_GROUP_ENTRY_MS / 1000);
    }
}

/* --- While the store is behind ---------------------------------------------------------------- */

static GMutex held;

static gboolean
hold_job (KithDatabase *database, GTask *task)
{
  g_mutex_lock (&held);
  g_mutex_unlock (&held);
  g_task_return_boolean (task, TRUE);
  return FALSE;
}

/* What is said in a group counts, as messages do, for how much of somebody's may be on its way to the store: who is above
 * that waits (/arriving/receipts-without-end). */
static void
test_behind (void)
{
  g_auto (Trio) trio = { { NULL } };
  g_autoptr (GAsyncResult) let_go = NULL;
  TestPerson *ann, *ben;
  KithPeer *peer;

  trio_new (&trio);
  ann = trio.people[0];
  ben = trio.people[1];
  test_person_stop (trio.people[2]);
  peer = kith_node_lookup_peer (ben->node, kith_node_get_own_identity (ann->node));
  g_mutex_lock (&held);
  kith_store_push (ben->store, g_task_new (ben->store, NULL, test_result_cb, &let_go), hold_job);
  for (guint i = 0; i < KITH_LIMIT_GROUP_BURST; i++)
    post (ann, SHORT_BYTES);
  test_wait_for (peer->n_committing >= KITH_LIMIT_GROUP_BURST);
  g_mutex_unlock (&held);

  trio_await_newest (ben, ann, KITH_LIMIT_GROUP_BURST);
  test_wait_for (let_go != NULL && peer->n_committing == 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (sodium_init () < 0)
    return 1;

  g_test_add_func ("/group-history/catching-up", test_catching_up);
  g_test_add_func ("/group-history/going-on", test_going_on);
  g_test_add_func ("/group-history/behind", test_behind);

  return g_test_run ();
}
