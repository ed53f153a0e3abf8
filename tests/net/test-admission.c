/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-limits.h"
#include "net/kith-admission.h"
#include "net/kith-backoff.h"
#include "net/kith-guess-guard.h"

static KithEndpoint
from (const char *address)
{
  KithEndpoint endpoint;

  g_assert_true (kith_endpoint_parse (&endpoint, address, 40000));
  return endpoint;
}

static KithAdmissionVerdict
ask (KithAdmission *admission, const char *address, guint64 *evict)
{
  const KithEndpoint remote = from (address);
  KithAdmissionVerdict verdict = kith_admission_ask (admission, &remote, evict);

  if (verdict != KITH_ADMISSION_NO)
    kith_admission_enter (admission, &remote);
  return verdict;
}

static void
leave (KithAdmission *admission, const char *address)
{
  const KithEndpoint remote = from (address);

  kith_admission_leave (admission, &remote);
}

static void
test_prefixes (void)
{
  const KithEndpoint a = from ("192.0.2.1"), b = from ("192.0.2.2");
  const KithEndpoint c = from ("2001:db8:1:2::1"), d = from ("2001:db8:1:2:ffff::9");
  const KithEndpoint e = from ("2001:db8:1:3::1");

  g_assert_cmpuint (kith_admission_prefix (&a), !=, kith_admission_prefix (&b));
  g_assert_cmpuint (kith_admission_prefix (&c), ==, kith_admission_prefix (&d));
  g_assert_cmpuint (kith_admission_prefix (&c), !=, kith_admission_prefix (&e));
}

static void
test_per_prefix (void)
{
  KithFakeEnv env;
  g_autoptr (KithAdmission) admission = NULL;
  guint64 evict;

  kith_fake_env_init (&env, 1, 1000);
  admission = kith_admission_new (&env.env, 30);
  for (guint i = 0; i < KITH_LIMIT_HALF_OPEN_PER_PREFIX; i++)
    g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_YES);
  g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_NO);
  g_assert_cmpint (ask (admission, "192.0.2.2", &evict), ==, KITH_ADMISSION_YES);
  leave (admission, "192.0.2.1");
  g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_YES);
}

static void
test_rate (void)
{
  KithFakeEnv env;
  g_autoptr (KithAdmission) admission = NULL;
  guint64 evict;

  kith_fake_env_init (&env, 1, 1000);
  admission = kith_admission_new (&env.env, 30);
  for (guint i = 0; i < 30; i++)
    {
      g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_YES);
      leave (admission, "192.0.2.1");
    }
  g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_NO);
  kith_fake_env_advance (&env, 1900000);
  g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_NO);
  kith_fake_env_advance (&env, 200000);
  g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_YES);
  leave (admission, "192.0.2.1");
  g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_NO);
}

/* 64 in all; a newcomer takes the place of one of the prefix that holds most. */
static void
test_full (void)
{
  KithFakeEnv env;
  g_autoptr (KithAdmission) admission = NULL;
  const KithEndpoint greedy = from ("10.0.0.1");
  guint64 evict = 0;

  kith_fake_env_init (&env, 1, 1000);
  admission = kith_admission_new (&env.env, 30);
  for (guint i = 0; i < KITH_LIMIT_HALF_OPEN_PER_PREFIX; i++)
    ask (admission, "10.0.0.1", &evict);
  for (guint i = kith_admission_get_n (admission); i < KITH_LIMIT_HALF_OPEN; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.1.0.%u", i);

      g_assert_cmpint (ask (admission, address, &evict), ==, KITH_ADMISSION_YES);
    }

  g_assert_cmpint (ask (admission, "10.0.0.1", &evict), ==, KITH_ADMISSION_NO);
  g_assert_cmpint (ask (admission, "10.2.0.1", &evict), ==, KITH_ADMISSION_EVICT);
  g_assert_cmpuint (evict, ==, kith_admission_prefix (&greedy));
}

/* Ten thousand addresses at once do not take more memory than the limit, and lock out nobody; whoever has begun all that
 * they may is remembered all the same. */
static void
test_many_prefixes (void)
{
  KithFakeEnv env;
  g_autoptr (KithAdmission) admission = NULL;
  guint64 evict;
  guint n_admitted = 0;

  kith_fake_env_init (&env, 1, 1000);
  admission = kith_admission_new (&env.env, 30);
  for (guint i = 0; i < 30; i++)
    {
      g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_YES);
      leave (admission, "192.0.2.1");
    }
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.%u.%u.1", i / 256, i % 256);

      if (ask (admission, address, &evict) == KITH_ADMISSION_YES)
        {
          leave (admission, address);
          n_admitted++;
        }
    }
  g_assert_cmpuint (n_admitted, ==, 10000);
  g_assert_cmpuint (kith_admission_get_n_prefixes (admission), ==, KITH_LIMIT_PREFIXES);
  g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_NO);
  kith_fake_env_advance (&env, 61 * G_USEC_PER_SEC);
  g_assert_cmpint (ask (admission, "192.0.2.1", &evict), ==, KITH_ADMISSION_YES);
}

static void
test_backoff (void)
{
  KithFakeEnv env;
  KithBackoff backoff = { 0 };
  guint expected_ms = KITH_LIMIT_DIAL_BACKOFF_MIN_MS;

  kith_fake_env_init (&env, 1, 1000);
  for (guint i = 0; i < 20; i++)
    {
      guint ms = kith_backoff_next_ms (&backoff, &env.env);

      g_assert_cmpuint (ms, >=, expected_ms * 7 / 10);
      g_assert_cmpuint (ms, <=, expected_ms * 13 / 10);
      expected_ms = MIN (expected_ms * 2, KITH_LIMIT_DIAL_BACKOFF_MAX_MS);
    }

  kith_backoff_reset (&backoff);
  g_assert_cmpuint (kith_backoff_next_ms (&backoff, &env.env), <=, KITH_LIMIT_DIAL_BACKOFF_MIN_MS * 13 / 10);
}

/* --- Guessing the passphrase ---------------------------------------------------------------- */

static void
fail (KithGuessGuard *guard, const KithEndpoint *remote, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (kith_guess_guard_may_try (guard, remote));
      kith_guess_guard_failed (guard, remote);
    }
}

/* A minute after three, then twice as long, an hour at most; a day later all is forgotten. */
static void
test_guess_pauses (void)
{
  const KithEndpoint remote = from ("192.0.2.1"), other = from ("192.0.2.2");
  KithFakeEnv env;
  g_autoptr (KithGuessGuard) guard = NULL;
  gint64 pause_s = KITH_LIMIT_JOIN_PAUSE_S;

  kith_fake_env_init (&env, 1, 1000);
  guard = kith_guess_guard_new (&env.env);
  for (guint i = 0; i < 9; i++)
    {
      fail (guard, &remote, KITH_LIMIT_JOIN_FAILURES);
      g_assert_false (kith_guess_guard_may_try (guard, &remote));
      g_assert_true (kith_guess_guard_may_try (guard, &other));
      kith_fake_env_advance (&env, pause_s * G_USEC_PER_SEC - 1);
      g_assert_false (kith_guess_guard_may_try (guard, &remote));
      kith_fake_env_advance (&env, 1);
      pause_s = MIN (2 * pause_s, KITH_LIMIT_JOIN_PAUSE_MAX_S);
    }

  kith_fake_env_advance (&env, KITH_LIMIT_JOIN_MEMORY_S * (gint64) G_USEC_PER_SEC);
  fail (guard, &remote, KITH_LIMIT_JOIN_FAILURES);
  g_assert_false (kith_guess_guard_may_try (guard, &remote));
  kith_fake_env_advance (&env, KITH_LIMIT_JOIN_PAUSE_S * (gint64) G_USEC_PER_SEC);
  g_assert_true (kith_guess_guard_may_try (guard, &remote));
}

static void
test_guess_right (void)
{
  const KithEndpoint remote = from ("192.0.2.1");
  KithFakeEnv env;
  g_autoptr (KithGuessGuard) guard = NULL;

  kith_fake_env_init (&env, 1, 1000);
  guard = kith_guess_guard_new (&env.env);
  fail (guard, &remote, KITH_LIMIT_JOIN_FAILURES - 1);
  kith_guess_guard_succeeded (guard, &remote);
  fail (guard, &remote, KITH_LIMIT_JOIN_FAILURES - 1);
  g_assert_true (kith_guess_guard_may_try (guard, &remote));
}

/* From however many places: twenty, then one a minute. */
static void
test_guess_in_all (void)
{
  KithFakeEnv env;
  g_autoptr (KithGuessGuard) guard = NULL;
  guint n = 0;

  kith_fake_env_init (&env, 1, 1000);
  guard = kith_guess_guard_new (&env.env);
  for (guint minute = 0; minute < 10; minute++)
    {
      for (guint i = 0; i < 200; i++)
        {
          g_autofree char *address = g_strdup_printf ("198.51.%u.%u", minute, i + 1);
          const KithEndpoint remote = from (address);

          if (!kith_guess_guard_may_try (guard, &remote))
            continue;
          kith_guess_guard_failed (guard, &remote);
          n++;
        }
      g_assert_cmpuint (n, ==, KITH_LIMIT_JOIN_FAILURES_IN_ALL + minute);
      kith_fake_env_advance (&env, KITH_LIMIT_JOIN_REFILL_S * (gint64) G_USEC_PER_SEC);
    }
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/admission/prefixes", test_prefixes);
  g_test_add_func ("/admission/per-prefix", test_per_prefix);
  g_test_add_func ("/admission/rate", test_rate);
  g_test_add_func ("/admission/full", test_full);
  g_test_add_func ("/admission/many-prefixes", test_many_prefixes);
  g_test_add_func ("/backoff", test_backoff);
  g_test_add_func ("/admission/guess-pauses", test_guess_pauses);
  g_test_add_func ("/admission/guess-right", test_guess_right);
  g_test_add_func ("/admission/guess-in-all", test_guess_in_all);
  return g_test_run ();
}
