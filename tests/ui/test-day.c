/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "ui/kith-day.h"
#include "ui/kith-format.h"

#define DAY_MS (24 * 60 * 60 * G_GINT64_CONSTANT (1000))

/* 2024-03-04 12:00 UTC. The tests run in UTC. */
#define NOON_MS (G_GINT64_CONSTANT (1709553600) * 1000)

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_changes (void)
{
  static const gint64 times_ms[] = {
    NOON_MS,
    NOON_MS + DAY_MS / 2 - 1, /* still the same day */
    NOON_MS + DAY_MS / 2,
    NOON_MS + DAY_MS,
    NOON_MS + 8 * DAY_MS, /* the same day of the week, after a sleep */
    NOON_MS,              /* the clock was set back */
    G_MAXINT64,           /* no time at all */
    NOON_MS,
  };
  static const guint changes[] = { 1, 1, 2, 2, 3, 4, 5, 6 };
  g_autoptr (KithDay) day = g_object_new (KITH_TYPE_DAY, NULL);
  guint n = 0;

  g_signal_connect_swapped (day, "changed", G_CALLBACK (count_cb), &n);
  kith_day_check (day, kith_format_now_ms ());
  g_assert_cmpuint (n, <=, 1); /* midnight may have been just now */
  n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (times_ms); i++)
    {
      kith_day_check (day, times_ms[i]);
      g_assert_cmpuint (n, ==, changes[i]);
    }
}

static void
test_default (void)
{
  g_assert_true (kith_day_get_default () == kith_day_get_default ());
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/day/changes", test_changes);
  g_test_add_func ("/day/default", test_default);

  return g_test_run ();
}
