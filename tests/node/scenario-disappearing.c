/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages that disappear while the clock of their reader is set. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-limits.h"
#include "kith-test-people.h"
#include "node/kith-expiry.h"
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

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/disappearing/clock-set-ahead", test_clock_set_ahead);
  g_test_add_func ("/disappearing/clock-set-back", test_clock_set_back);
  return g_test_run ();
}
