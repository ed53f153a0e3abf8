/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When sessions look whether the other side lives: at times that are left to chance, and yet together. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <sodium.h>

#include "../node/kith-test-time.h"
#include "base/kith-limits.h"
#include "kith-test-wire.h"

#define MS G_GINT64_CONSTANT (1000)
#define LOOKS 10
#define TOGETHER_MS 500

static KithFakeEnv clock_env;

static void
wire_init (TestWire *wire)
{
  kith_fake_env_init (&clock_env, 1, g_get_real_time () / G_USEC_PER_SEC);
  test_time_use (&clock_env);
  test_end_init_with_env (&wire->a, 10, &clock_env.env);
  test_end_init_with_env (&wire->b, 20, &clock_env.env);
  wire->listener = kith_listener_new (wire->b.local, test_end_take, &wire->b);
  g_assert_true (kith_listener_start (wire->listener, "127.0.0.1", 0, FALSE, NULL));
}

/* The clock stands still until somebody looks. Returns: when that was, in ms after the last time */
static gint64
await_look (void)
{
  guint64 n_fired = test_time_get_n_fired ();
  gint64 began_us = clock_env.monotonic_us;

  while (test_time_get_n_fired () == n_fired)
    test_time_pass (MS);
  return (clock_env.monotonic_us - began_us) / MS;
}

/* Each session has a timer of its own; a machine with thousands of them must not wake for each. */
static void
test_together (void)
{
  TestWire wire;
  gint64 opened_us;

  wire_init (&wire);
  test_wire_connect (&wire);
  test_wire_wait (kith_session_get_n_rekeys (wire.a.session) == 1 && kith_session_get_n_rekeys (wire.b.session) == 1);
  opened_us = clock_env.monotonic_us;
  while (clock_env.monotonic_us < opened_us + 40000 * MS)
    test_time_pass (100 * MS);

  for (guint i = 0; i < LOOKS; i++)
    {
      gint64 ms;

      await_look ();
      ms = clock_env.monotonic_us / MS;
      g_assert_cmpint (ms % TOGETHER_MS, ==, 0);
      if (i == 0)
        g_assert_cmpint (ms - opened_us / MS, >=, KITH_LIMIT_KEEPALIVE_MS - KITH_LIMIT_KEEPALIVE_JITTER_MS);
    }
  test_wire_clear (&wire);
}

int
main (int argc, char **argv)
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/keepalive/together", test_together);
  return g_test_run ();
}
