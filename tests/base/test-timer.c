/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <glib.h>

#include "base/kith-timer.h"

#define DEADLINE_US (30 * G_USEC_PER_SEC)
#define FAR_MS (24 * 3600 * 1000)
#define MANY 10000

/* A timer that notes when it fired, and does something to another one. */
typedef struct
{
  KithTimer *timer;
  GPtrArray *fired;     /* (unowned) (nullable): adds itself */
  gint64     earliest_us;
  gint64     latest_us; /* when it may be due */
  guint      n_fired;
  guint      n_again;   /* how often it says that it wants to go on */
  KithTimer **cleared;  /* (nullable): what it clears */
} Note;

static gboolean
note_cb (gpointer user_data)
{
  Note *note = user_data;

  note->n_fired++;
  if (note->fired != NULL)
    g_ptr_array_add (note->fired, note);
  if (note->cleared != NULL)
    kith_timer_clear (note->cleared);
  return note->n_fired <= note->n_again;
}

static void
start (Note *note, guint ms)
{
  note->earliest_us = g_get_monotonic_time () + (gint64) ms * 1000;
  kith_timer_start (&note->timer, ms, note_cb, note);
  note->latest_us = g_get_monotonic_time () + (gint64) ms * 1000;
}

static void
turn (gint64 deadline_us)
{
  g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
  g_main_context_iteration (g_main_context_get_thread_default (), FALSE);
}

#define wait_for(condition)                                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 deadline_us = g_get_monotonic_time () + DEADLINE_US;                                    \
    while (!(condition))                                                                           \
      turn (deadline_us);                                                                          \
  }                                                                                                \
  G_STMT_END

/* Until time has passed, in which nobody turns the loop. */
static void
block_until (gint64 time_us)
{
  while (g_get_monotonic_time () <= time_us)
    ;
}

static void
test_fires_once (void)
{
  Note note = { 0 }, later = { 0 };

  start (&note, 10);
  start (&later, 30);
  wait_for (later.n_fired > 0);
  g_assert_cmpuint (note.n_fired, ==, 1);
  g_assert_cmpint (g_get_monotonic_time (), >=, later.earliest_us);

  /* It is held until it is cleared. */
  g_assert_nonnull (note.timer);
  kith_timer_clear (&note.timer);
  g_assert_null (note.timer);
  kith_timer_clear (&note.timer);
  kith_timer_clear (&later.timer);
}

/* None before its time, each in its order, those of one time as they were started, and none that was cleared. */
static void
test_ten_thousand (void)
{
  g_autofree Note *notes = g_new0 (Note, MANY);
  g_autoptr (GPtrArray) fired = g_ptr_array_new ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint n_cleared = 0;

  for (guint i = 0; i < MANY; i++)
    {
      notes[i].fired = fired;
      start (&notes[i], (guint) g_rand_int_range (rand, 0, 100));
    }
  for (guint i = 0; i < MANY; i += 3, n_cleared++)
    kith_timer_clear (&notes[i].timer);
  for (guint i = 1; i < MANY; i += 30)
    start (&notes[i], (guint) g_rand_int_range (rand, 0, 100));

  wait_for (fired->len >= MANY - n_cleared);
  g_assert_cmpuint (fired->len, ==, MANY - n_cleared);
  for (guint i = 0; i < fired->len; i++)
    {
      const Note *note = fired->pdata[i];

      g_assert_cmpuint (note->n_fired, ==, 1);
      g_assert_true ((note - notes) % 3 != 0);
      if (i > 0)
        g_assert_cmpint (((const Note *) fired->pdata[i - 1])->earliest_us, <=, note->latest_us);
    }

  for (guint i = 0; i < MANY; i++)
    kith_timer_clear (&notes[i].timer);
}

static void
test_equal_times (void)
{
  Note notes[50] = { 0 };
  g_autoptr (GPtrArray) fired = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    {
      notes[i].fired = fired;
      start (&notes[i], 0);
    }
  block_until (notes[49].latest_us);

  /* All that are due, in one turn. */
  turn (G_MAXINT64);
  g_assert_cmpuint (fired->len, ==, G_N_ELEMENTS (notes));
  for (guint i = 0; i < G_N_ELEMENTS (notes); i++)
    {
      g_assert_true (fired->pdata[i] == &notes[i]);
      kith_timer_clear (&notes[i].timer);
    }
}

/* What is cleared does not fire, though both were due. */
static void
test_clear_in_callback (void)
{
  Note other = { 0 };
  Note own = { .n_again = 100 };
  Note note = { .cleared = &other.timer };

  start (&note, 0);
  start (&other, 0);
  own.cleared = &own.timer;
  start (&own, 0);
  block_until (own.latest_us);

  wait_for (own.n_fired > 0);
  g_assert_cmpuint (note.n_fired, ==, 1);
  g_assert_null (other.timer);
  g_assert_null (own.timer);

  /* It said that it wants to go on, but was cleared. */
  start (&other, 5);
  wait_for (other.n_fired > 0);
  g_assert_cmpuint (other.n_fired, ==, 1);
  g_assert_cmpuint (own.n_fired, ==, 1);
  kith_timer_clear (&note.timer);
  kith_timer_clear (&other.timer);
}

static gboolean
restart_cb (gpointer user_data)
{
  Note *note = user_data;

  note->n_fired++;
  if (note->n_fired < 3)
    kith_timer_start (&note->timer, 0, restart_cb, note);
  return G_SOURCE_REMOVE;
}

/* Whoever starts one from a timer hears of it in the next turn: others have theirs between. */
static void
test_start_in_callback (void)
{
  Note note = { 0 };

  kith_timer_start (&note.timer, 0, restart_cb, &note);
  for (guint n = 1; n <= 3; n++)
    {
      block_until (g_get_monotonic_time ());
      turn (G_MAXINT64);
      g_assert_cmpuint (note.n_fired, ==, n);
    }
  turn (G_MAXINT64);
  g_assert_cmpuint (note.n_fired, ==, 3);
  kith_timer_clear (&note.timer);
}

/* One that repeats keeps its distance, and does not make up for turns that it missed. */
static void
test_repeats (void)
{
  Note note = { .n_again = 10 };
  Note often = { .n_again = 2 };
  gint64 began_us = g_get_monotonic_time ();
  gint64 blocked_us;

  start (&note, 5);
  wait_for (note.n_fired == 4);
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, 4 * 5000);

  block_until (g_get_monotonic_time () + 30000);
  blocked_us = g_get_monotonic_time ();
  turn (G_MAXINT64);
  turn (G_MAXINT64);
  if (g_get_monotonic_time () < blocked_us + 5000)
    g_assert_cmpuint (note.n_fired, ==, 5);
  wait_for (note.n_fired == 11);
  g_assert_cmpint (g_get_monotonic_time () - began_us, >=, 4 * 5000 + 30000 + 6 * 5000);
  kith_timer_clear (&note.timer);

  /* Once a turn, however short. */
  start (&often, 0);
  for (guint n = 1; n <= 3; n++)
    {
      block_until (often.latest_us);
      turn (G_MAXINT64);
      g_assert_cmpuint (often.n_fired, ==, n);
    }
  turn (G_MAXINT64);
  g_assert_cmpuint (often.n_fired, ==, 3);
  kith_timer_clear (&often.timer);
}

static gboolean
nested_cb (gpointer user_data)
{
  Note *inner = user_data;

  wait_for (inner->n_fired > 0);
  return G_SOURCE_REMOVE;
}

static void
test_nested (void)
{
  Note inner = { 0 };
  KithTimer *outer = NULL;

  kith_timer_start (&outer, 0, nested_cb, &inner);
  start (&inner, 5);
  wait_for (inner.n_fired > 0);
  g_assert_cmpuint (inner.n_fired, ==, 1);
  kith_timer_clear (&outer);
  kith_timer_clear (&inner.timer);
}

/* Timers that are far off keep nobody awake. */
static void
test_idle (void)
{
  g_autofree Note *notes = g_new0 (Note, MANY);
  Note over = { 0 };
  guint n_turns = 0;

  for (guint i = 0; i < MANY; i++)
    start (&notes[i], FAR_MS + i);
  start (&over, 50);
  while (over.n_fired == 0)
    {
      g_main_context_iteration (NULL, TRUE);
      n_turns++;
    }
  g_assert_cmpuint (n_turns, <, 10);

  for (guint i = 0; i < MANY; i++)
    {
      g_assert_cmpuint (notes[i].n_fired, ==, 0);
      kith_timer_clear (&notes[i].timer);
    }
  kith_timer_clear (&over.timer);
}

/* Each main context has its own, and what waits there outlives it harmlessly. */
static void
test_contexts (void)
{
  for (guint i = 0; i < 2; i++)
    {
      GMainContext *context = g_main_context_new ();
      Note here = { 0 }, there = { 0 }, never = { 0 };

      start (&here, 0);
      g_main_context_push_thread_default (context);
      start (&there, 0);
      start (&never, FAR_MS);
      wait_for (there.n_fired > 0);
      g_assert_cmpuint (here.n_fired, ==, 0);
      g_main_context_pop_thread_default (context);
      wait_for (here.n_fired > 0);
      g_main_context_unref (context);

      kith_timer_clear (&here.timer);
      kith_timer_clear (&there.timer);
      kith_timer_clear (&never.timer);
      g_assert_cmpuint (never.n_fired, ==, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/timer/fires-once", test_fires_once);
  g_test_add_func ("/timer/ten-thousand", test_ten_thousand);
  g_test_add_func ("/timer/equal-times", test_equal_times);
  g_test_add_func ("/timer/clear-in-callback", test_clear_in_callback);
  g_test_add_func ("/timer/start-in-callback", test_start_in_callback);
  g_test_add_func ("/timer/repeats", test_repeats);
  g_test_add_func ("/timer/nested", test_nested);
  g_test_add_func ("/timer/idle", test_idle);
  g_test_add_func ("/timer/contexts", test_contexts);
  return g_test_run ();
}
