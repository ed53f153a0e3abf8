/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that disappear while the clock of their reader is set. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-limits.h"
#include "kith-test-people.h"
#include "node/kith-expiry-clock.h"
#include "node/kith-expiry.h"
#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"

#define DAYS_S (3 * 24 * 3600)

/* Something is written, so that the store has done what it was asked to before that. */
static guint
count_after (TestPerson *person, TestPerson *other, const char *text)
{
  g_autoptr (KithMessage) message = NULL;

  kith_expiry_check (person->node);
  message = test_person_send (person, other, "meanwhile");
  return test_person_count_text (person, other, text);
}

static void
set_clock (KithFakeEnv *env, gint64 seconds)
{
  env->realtime_us += seconds * G_USEC_PER_SEC;
}

/* Somebody sets the clock days ahead, sees it, and sets it back; and once for good. */
static void
test_clock_set_ahead (void)
{
  KithFakeEnv env;

  kith_fake_env_init (&env, 6, g_get_real_time () / G_USEC_PER_SEC);
  g_autoptr (TestPerson) ann = test_person_new_in ("Ann", &env.env);
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  test_person_set_ttl (ann, ben, 60);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (KithMessage) message = test_person_send (ann, ben, "For a minute");

      test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
      test_person_set_ttl (ann, ben, 0);
      set_clock (&env, DAYS_S);
      g_assert_cmpuint (count_after (ann, ben, "For a minute"), ==, 1);
      if (i == 0)
        {
          set_clock (&env, -DAYS_S);
          g_assert_cmpuint (count_after (ann, ben, "For a minute"), ==, 1);
        }

      /* A minute later it is over; with a clock that is not believed yet, an hour later at most. */
      kith_fake_env_advance (&env, (i == 0 ? 61 : 50) * G_USEC_PER_SEC);
      g_assert_cmpuint (count_after (ann, ben, "For a minute"), ==, i);
      kith_fake_env_advance (&env, KITH_LIMIT_EXPIRY_DOUBT_MS * G_GINT64_CONSTANT (1000));
      g_assert_cmpuint (count_after (ann, ben, "For a minute"), ==, 0);
      test_person_set_ttl (ann, ben, 60);
    }
}

/* Set back, it keeps messages for longer, and deletes none too early when it is set right. */
static void
test_clock_set_back (void)
{
  KithFakeEnv env;

  kith_fake_env_init (&env, 7, g_get_real_time () / G_USEC_PER_SEC);
  g_autoptr (TestPerson) ann = test_person_new_in ("Ann", &env.env);
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  test_befriend (ann, ben);
  test_person_set_ttl (ann, ben, 60);

  g_autoptr (KithMessage) before = test_person_send (ann, ben, "Before");

  test_wait_for (kith_message_get_state (before) == KITH_MESSAGE_DELIVERED);
  set_clock (&env, -DAYS_S);
  kith_fake_env_advance (&env, 30 * G_USEC_PER_SEC);
  g_assert_cmpuint (count_after (ann, ben, "Before"), ==, 1);

  g_autoptr (KithMessage) meanwhile = test_person_send (ann, ben, "By the wrong clock");

  test_wait_for (kith_message_get_state (meanwhile) == KITH_MESSAGE_DELIVERED);
  set_clock (&env, DAYS_S);
  g_assert_cmpuint (count_after (ann, ben, "Before"), ==, 1);
  g_assert_cmpuint (count_after (ann, ben, "By the wrong clock"), ==, 1);
  kith_fake_env_advance (&env, 2 * KITH_LIMIT_EXPIRY_DOUBT_MS * G_GINT64_CONSTANT (1000));
  g_assert_cmpuint (count_after (ann, ben, "Before"), ==, 0);
  g_assert_cmpuint (count_after (ann, ben, "By the wrong clock"), ==, 0);
}

/* A person who reads something that is there for a minute, by a clock that was set ahead. */
static void
read_for_a_minute (TestPerson *ann, TestPerson *ben)
{
  g_autoptr (KithMessage) message = NULL;

  test_befriend (ann, ben);
  test_person_set_ttl (ann, ben, 60);
  message = test_person_send (ann, ben, "For a minute");
  test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  test_person_set_ttl (ann, ben, 0);
}

/* Whether it is still stored, of somebody who may just have been started. */
static gboolean
has_kept (TestPerson *ann, TestPerson *ben)
{
  g_autoptr (GAsyncResult) fetched = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) messages = NULL;

  kith_expiry_check (ann->node);
  kith_node_fetch_async (ann->node, test_person_conversation (ann, ben), NULL, 100, NULL, test_result_cb, &fetched);
  messages = kith_node_fetch_finish (ann->node, test_await (&fetched), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < messages->len; i++)
    if (g_str_equal (kith_message_get_text (g_ptr_array_index (messages, i)), "For a minute"))
      return TRUE;

  return FALSE;
}

static void
restart (TestPerson *self)
{
  test_person_stop (self);
  test_person_start (self);
}

/* The program ends, or is locked, while the clock is doubted; or the clock is set while it is not there. */
static void
test_clock_over_the_end (void)
{
  KithFakeEnv env;

  kith_fake_env_init (&env, 8, g_get_real_time () / G_USEC_PER_SEC);
  g_autoptr (TestPerson) ann = test_person_new_in ("Ann", &env.env);
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  read_for_a_minute (ann, ben);
  set_clock (&env, DAYS_S);
  g_assert_true (has_kept (ann, ben));
  restart (ann);
  g_assert_true (has_kept (ann, ben));
  test_person_stop (ann);
  set_clock (&env, DAYS_S);
  test_person_start (ann);
  g_assert_true (has_kept (ann, ben));

  set_clock (&env, -2 * DAYS_S);
  restart (ann);
  g_assert_true (has_kept (ann, ben));
  kith_fake_env_advance (&env, 61 * G_USEC_PER_SEC);
  restart (ann);
  g_assert_false (has_kept (ann, ben));
}

/* To set it again and again keeps nothing for longer than an hour; nor does it to start the program again. */
static void
test_clock_set_again_and_again (void)
{
  KithFakeEnv env;

  kith_fake_env_init (&env, 9, g_get_real_time () / G_USEC_PER_SEC);
  g_autoptr (TestPerson) ann = test_person_new_in ("Ann", &env.env);
  g_autoptr (TestPerson) ben = test_person_new ("Ben");

  /* Read by the wrong clock: it is there for days of the right one. */
  test_befriend (ann, ben);
  test_person_set_ttl (ann, ben, 60);
  {
    g_autoptr (KithMessage) before = test_person_send (ann, ben, "So that the clock is looked at");

    test_wait_for (kith_message_get_state (before) == KITH_MESSAGE_DELIVERED);
    kith_expiry_check (ann->node);
    set_clock (&env, DAYS_S);
    kith_expiry_check (ann->node);
  }
  {
    g_autoptr (KithMessage) message = test_person_send (ann, ben, "For a minute");

    test_wait_for (kith_message_get_state (message) == KITH_MESSAGE_DELIVERED);
  }
  for (guint i = 0; i < 12; i++)
    {
      kith_fake_env_advance (&env, 4 * 60 * G_USEC_PER_SEC);
      set_clock (&env, i % 2 == 0 ? 120 : -60);
      g_assert_true (has_kept (ann, ben));
      if (i % 4 == 3)
        restart (ann);
    }
  kith_fake_env_advance (&env, 13 * 60 * G_USEC_PER_SEC);
  g_assert_false (has_kept (ann, ben));
}

/* --- The clock alone ------------------------------------------------------------------------ */

#define HOUR_MS G_GINT64_CONSTANT (3600000)

static gint64
look (KithExpiryClock *clock, gint64 now_ms, gint64 boot_ms)
{
  kith_expiry_clock_look (clock, now_ms, boot_ms);
  return kith_expiry_clock_get_now_ms (clock, boot_ms);
}

/* The machine is started anew: what was doubted is doubted for the rest of its hour. */
static void
test_clock_over_a_boot (void)
{
  const gint64 now_ms = 1000 * HOUR_MS;
  KithExpiryClock before = { .n_steps = 0 };
  KithExpiryClock again = { .n_steps = 0 };
  KithExpiryClock back = { .n_steps = 0 };
  g_autofree char *text = NULL;

  g_assert_cmpint (look (&before, now_ms, 0), ==, now_ms);
  g_assert_cmpint (look (&before, now_ms + 50 * HOUR_MS, 1), ==, now_ms + 1);
  text = kith_expiry_clock_to_text (&before, "one");

  /* A quarter of an hour later. */
  kith_expiry_clock_restore (&again, text, "two", now_ms + 50 * HOUR_MS + HOUR_MS / 4, 500);
  g_assert_cmpint (look (&again, now_ms + 50 * HOUR_MS + HOUR_MS / 4, 500), ==, now_ms + 1 + HOUR_MS / 4);
  g_assert_cmpint (look (&again, now_ms + 51 * HOUR_MS - 5, 495 + 3 * HOUR_MS / 4), ==, now_ms + HOUR_MS - 4);
  g_assert_cmpint (look (&again, now_ms + 51 * HOUR_MS, 500 + 3 * HOUR_MS / 4), ==, now_ms + 51 * HOUR_MS);

  /* It was set right meanwhile. */
  kith_expiry_clock_restore (&back, text, "two", now_ms, 500);
  g_assert_cmpint (look (&back, now_ms, 500), ==, now_ms);

  /* And a day later nobody knows what became of it. */
  back.n_steps = 0;
  kith_expiry_clock_restore (&back, text, "two", now_ms + 75 * HOUR_MS, 500);
  g_assert_cmpint (look (&back, now_ms + 75 * HOUR_MS, 500), ==, now_ms + 75 * HOUR_MS);
}

static void
test_clock_makes_no_sense (void)
{
  static const char *const texts[] = {
    "", "one", "one 1", "one x 2", "one 1 2 3", "one 1 5 2 4", "one 99999999999999999999 1",
    "one 1 1 2 2 3 3 4 4 5 5 6 6 7 7 8 8 9 9",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      KithExpiryClock clock = { .n_steps = 0 };

      kith_expiry_clock_restore (&clock, texts[i], "one", HOUR_MS, 10);
      g_assert_cmpint (look (&clock, HOUR_MS, 10), ==, HOUR_MS);
    }
}

/* More settings in an hour than it has room for: none counts for longer than that, and the first still does. */
static void
test_clock_set_all_the_time (void)
{
  KithExpiryClock clock = { .n_steps = 0 };

  for (guint i = 0; i < 59; i++)
    g_assert_cmpint (look (&clock, HOUR_MS * (1 + 24 * (gint64) i) + i * 60000, i * 60000), ==, HOUR_MS + i * 60000);
  g_assert_cmpint (kith_expiry_clock_get_doubt_ms (&clock, 58 * 60000), ==, 3 * 60000);
  for (guint i = 59; i < 130; i++)
    kith_expiry_clock_look (&clock, HOUR_MS * (1 + 24 * 58) + i * 60000, i * 60000);
  g_assert_cmpint (kith_expiry_clock_get_now_ms (&clock, 129 * 60000), ==, HOUR_MS * (1 + 24 * 58) + 129 * 60000);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/disappearing/clock-set-ahead", test_clock_set_ahead);
  g_test_add_func ("/disappearing/clock-set-back", test_clock_set_back);
  g_test_add_func ("/disappearing/clock-over-the-end", test_clock_over_the_end);
  g_test_add_func ("/disappearing/clock-set-again-and-again", test_clock_set_again_and_again);
  g_test_add_func ("/disappearing/clock-over-a-boot", test_clock_over_a_boot);
  g_test_add_func ("/disappearing/clock-makes-no-sense", test_clock_makes_no_sense);
  g_test_add_func ("/disappearing/clock-set-all-the-time", test_clock_set_all_the_time);
  return g_test_run ();
}
