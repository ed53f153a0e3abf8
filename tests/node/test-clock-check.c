/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When contacts are believed about the time, and when they are not. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "base/kith-limits.h"
#include "node/kith-clock-check.h"
#include "proto/kith-identity.h"

#define NOW_S 1767225600
#define HOUR_S 3600

typedef struct
{
  KithFakeEnv     env;
  KithClockCheck *check;
} Fixture;

/* People from 'A' to 'Z' are contacts. */
static gboolean
is_contact (const guint8 *identity, gpointer user_data)
{
  return identity[0] >= 'A' && identity[0] <= 'Z';
}

static void
set_up (Fixture *self, gconstpointer data)
{
  kith_fake_env_init (&self->env, 1, NOW_S);
  self->check = kith_clock_check_new (&self->env.env, is_contact, NULL);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  kith_clock_check_free (self->check);
}

static void
say (Fixture *self, guint who, gint64 offset_s)
{
  guint8 identity[KITH_IDENTITY_KEY_BYTES] = { (guint8) who, (guint8) (who >> 8) };

  kith_clock_check_add (self->check, identity,
                        (guint64) (kith_env_realtime_s (&self->env.env) + offset_s));
}

static void
assert_correction (Fixture *self, gint64 expected_s)
{
  const KithEnv *corrected = kith_clock_check_get_env (self->check);

  g_assert_cmpint (kith_clock_check_get_correction_s (self->check), ==, expected_s);
  g_assert_cmpint (kith_env_realtime_s (corrected), ==,
                   kith_env_realtime_s (&self->env.env) + expected_s);
  g_assert_cmpint (kith_env_monotonic_us (corrected), ==, kith_env_monotonic_us (&self->env.env));
}

static void
test_three (Fixture *self, gconstpointer data)
{
  say (self, 'A', 3 * HOUR_S);
  assert_correction (self, 0);
  say (self, 'B', 3 * HOUR_S + 1);
  assert_correction (self, 0);
  say (self, 'C', 3 * HOUR_S + 2);
  assert_correction (self, 3 * HOUR_S + 1);
}

static void
test_same_person (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    say (self, 'A', 3 * HOUR_S);
  assert_correction (self, 0);
}

static void
test_strangers (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    say (self, 'a' + i, 3 * HOUR_S);
  assert_correction (self, 0);
}

/* However many come, those who count are remembered. */
static void
test_many_strangers (Fixture *self, gconstpointer data)
{
  say (self, 'A', 3 * HOUR_S);
  say (self, 'B', 3 * HOUR_S);
  for (guint i = 0; i < 500; i++)
    say (self, 'a' + (i << 8), 0);
  say (self, 'C', 3 * HOUR_S);
  assert_correction (self, 3 * HOUR_S);
}

static void
test_bounds (Fixture *self, gconstpointer data)
{
  static const struct { gint64 offset_s; gint64 correction_s; } cases[] = {
    { 0, 0 },
    { 600, 0 },
    { KITH_LIMIT_CLOCK_WRONG_S, 0 },
    { KITH_LIMIT_CLOCK_WRONG_S + 1, KITH_LIMIT_CLOCK_WRONG_S + 1 },
    { -KITH_LIMIT_CLOCK_WRONG_S, 0 },
    { -KITH_LIMIT_CLOCK_WRONG_S - 1, -KITH_LIMIT_CLOCK_WRONG_S - 1 },
    { 3 * 24 * HOUR_S, 3 * 24 * HOUR_S },
    { -NOW_S, -NOW_S },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (guint who = 'A'; who <= 'C'; who++)
        say (self, who, cases[i].offset_s);
      assert_correction (self, cases[i].correction_s);
    }
}

/* One of three, and two of four, change nothing, in whatever order they come. */
static void
test_liars (Fixture *self, gconstpointer data)
{
  say (self, 'A', 72 * HOUR_S);
  say (self, 'B', 1);
  say (self, 'C', -1);
  assert_correction (self, 0);
  say (self, 'D', 72 * HOUR_S);
  assert_correction (self, 0);
  say (self, 'E', 72 * HOUR_S);
  assert_correction (self, 72 * HOUR_S);
}

static void
test_liar_does_not_hide_it (Fixture *self, gconstpointer data)
{
  say (self, 'A', -3 * HOUR_S);
  say (self, 'B', -3 * HOUR_S);
  say (self, 'C', 900 * HOUR_S);
  assert_correction (self, -3 * HOUR_S);
}

static void
test_absurd (Fixture *self, gconstpointer data)
{
  for (guint who = 'A'; who <= 'F'; who++)
    {
      guint8 identity[KITH_IDENTITY_KEY_BYTES] = { (guint8) who };

      kith_clock_check_add (self->check, identity,
                            who % 2 == 0 ? G_MAXUINT64 : KITH_LIMIT_CLOCK_LATEST_S + 1);
    }
  assert_correction (self, 0);
}

/* Time that passes changes nothing; a clock that is set makes what was said worthless. */
static void
test_clock_is_set (Fixture *self, gconstpointer data)
{
  for (guint who = 'A'; who <= 'C'; who++)
    say (self, who, 3 * HOUR_S);
  kith_fake_env_advance (&self->env, 8 * HOUR_S * (gint64) G_USEC_PER_SEC);
  assert_correction (self, 3 * HOUR_S);

  self->env.realtime_us += 3 * HOUR_S * (gint64) G_USEC_PER_SEC;
  assert_correction (self, 0);
  kith_clock_check_update (self->check);
  assert_correction (self, 0);

  for (guint who = 'A'; who <= 'C'; who++)
    say (self, who, 0);
  assert_correction (self, 0);
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  add ("/clock-check/three", test_three);
  add ("/clock-check/same-person", test_same_person);
  add ("/clock-check/strangers", test_strangers);
  add ("/clock-check/many-strangers", test_many_strangers);
  add ("/clock-check/bounds", test_bounds);
  add ("/clock-check/liars", test_liars);
  add ("/clock-check/liar-does-not-hide-it", test_liar_does_not_hide_it);
  add ("/clock-check/absurd", test_absurd);
  add ("/clock-check/clock-is-set", test_clock_is_set);
  return g_test_run ();
}
