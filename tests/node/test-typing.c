/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who writes to whom, with a clock that is set by hand. Protocol 8.1. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-limits.h"
#include "kith-test-people.h"
#include "kith-test-time.h"
#include "node/kith-node-presence.h"

#define MS G_GINT64_CONSTANT (1000)

static KithFakeEnv env;

typedef struct
{
  TestPerson *ann;
  TestPerson *ben;
  guint       n_told; /* changes that Ben's faces heard of */
} Two;

static void
contact_changed_cb (KithNode *node, KithContact *contact, const char *change, Two *two)
{
  two->n_told++;
}

static void
set_up (Two *two, gconstpointer data)
{
  kith_fake_env_init (&env, 1, 1767225600);
  test_time_use (&env);
  two->ann = test_person_new_in ("Ann", &env.env);
  two->ben = test_person_new_in ("Ben", &env.env);
  test_befriend (two->ann, two->ben);
  g_signal_connect (two->ben->node, "contact-changed::typing", G_CALLBACK (contact_changed_cb),
                    two);
}

static void
tear_down (Two *two, gconstpointer data)
{
  g_signal_handlers_disconnect_by_data (two->ben->node, two);
  test_person_free (two->ann);
  test_person_free (two->ben);
}

static gboolean
ann_writes (Two *two)
{
  return kith_contact_get_typing (test_person_contact (two->ben, two->ann));
}

static void
write_to_ben (Two *two, gboolean typing)
{
  kith_node_set_typing (two->ann->node, test_person_conversation (two->ann, two->ben), typing);
}

/* What Ann has sent before is there when this message is. */
static void
synchronise (Two *two)
{
  guint n = two->ben->n_message_signals;

  g_object_unref (test_person_send (two->ann, two->ben, "Here"));
  test_wait_for (two->ben->n_message_signals > n);
}

static void
test_shown_for_six_seconds (Two *two, gconstpointer data)
{
  write_to_ben (two, TRUE);
  test_wait_for (ann_writes (two));
  test_time_pass (KITH_LIMIT_TYPING_SHOWN_MS * MS - MS);
  g_assert_true (ann_writes (two));
  test_time_pass (2 * MS);
  g_assert_false (ann_writes (two));
  g_assert_cmpuint (two->n_told, ==, 2);
}

/* Every key is reported to the node; the peer hears of it every three seconds. */
static void
test_told_rarely (Two *two, gconstpointer data)
{
  KithPeer *peer = kith_node_lookup_peer (
      two->ann->node, kith_contact_get_identity (test_person_contact (two->ann, two->ben)));
  gint64 first_us;

  write_to_ben (two, TRUE);
  first_us = peer->typing_us;
  g_assert_cmpint (first_us, >, 0);
  for (guint i = 0; i < 29; i++)
    {
      test_time_pass (KITH_LIMIT_TYPING_GAP_MS * MS / 30);
      write_to_ben (two, TRUE);
      g_assert_cmpint (peer->typing_us, ==, first_us);
    }
  test_time_pass (KITH_LIMIT_TYPING_GAP_MS * MS / 30);
  write_to_ben (two, TRUE);
  g_assert_cmpint (peer->typing_us, >, first_us);
  test_wait_for (ann_writes (two));
}

static void
test_taken_back (Two *two, gconstpointer data)
{
  write_to_ben (two, TRUE);
  test_wait_for (ann_writes (two));
  write_to_ben (two, FALSE);
  test_wait_for (!ann_writes (two));
}

static void
test_message_ends_it (Two *two, gconstpointer data)
{
  write_to_ben (two, TRUE);
  test_wait_for (ann_writes (two));
  synchronise (two);
  g_assert_false (ann_writes (two));
}

static void
test_end_of_session_ends_it (Two *two, gconstpointer data)
{
  write_to_ben (two, TRUE);
  test_wait_for (ann_writes (two));
  test_person_stop (two->ann);
  test_wait_for (two->n_told == 2);
  test_person_start_quietly (two->ann);
}

static void
test_off_is_off_for_both (Two *two, gconstpointer data)
{
  KithContact *ben = test_person_contact (two->ann, two->ben);

  /* Who does not tell ... */
  kith_node_set_tells_typing (two->ann->node, FALSE);
  write_to_ben (two, TRUE);
  synchronise (two);
  g_assert_cmpuint (two->n_told, ==, 0);

  /* ... is not shown either. */
  kith_node_set_typing (two->ben->node, test_person_conversation (two->ben, two->ann), TRUE);
  g_object_unref (test_person_send (two->ben, two->ann, "Here"));
  test_wait_for (two->ann->n_message_signals > 1);
  g_assert_false (kith_contact_get_typing (ben));

  kith_node_set_tells_typing (two->ann->node, TRUE);
  write_to_ben (two, TRUE);
  test_wait_for (ann_writes (two));
  kith_node_set_tells_typing (two->ann->node, FALSE);
  test_wait_for (!ann_writes (two));
}

static void
test_not_while_hidden (Two *two, gconstpointer data)
{
  kith_node_set_hidden (two->ann->node, TRUE);
  write_to_ben (two, TRUE);
  synchronise (two);
  g_assert_cmpuint (two->n_told, ==, 0);
}

/* Who hides while writing is not shown as writing any more. */
static void
test_hiding_ends_it (Two *two, gconstpointer data)
{
  write_to_ben (two, TRUE);
  test_wait_for (ann_writes (two));
  kith_node_set_hidden (two->ann->node, TRUE);
  test_wait_for (!ann_writes (two));
  g_assert_false (test_person_is_online (two->ben, two->ann));
}

int
main (int argc, char **argv)
{
  g_assert_cmpint (sodium_init (), >=, 0);
  g_test_init (&argc, &argv, NULL);
#define add(name, func) g_test_add ("/typing/" name, Two, NULL, set_up, func, tear_down)
  add ("six-seconds", test_shown_for_six_seconds);
  add ("told-rarely", test_told_rarely);
  add ("taken-back", test_taken_back);
  add ("message", test_message_ends_it);
  add ("session", test_end_of_session_ends_it);
  add ("off", test_off_is_off_for_both);
  add ("hidden", test_not_while_hidden);
  add ("hiding", test_hiding_ends_it);
  return g_test_run ();
}
