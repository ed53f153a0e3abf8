/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-time.h"

#include "base/kith-source.h"
#include "base/kith-timer.h"

typedef struct
{
  GSource source;
  gint64  due_us;
  guint   interval_ms;
} Timer;

static KithFakeEnv *clock_env;
static GList       *timers; /* (unowned) Timer: those that are not destroyed */
static guint64      n_fired;

static gboolean
is_due (GSource *source)
{
  return ((const Timer *) source)->due_us <= clock_env->monotonic_us;
}

static gboolean
prepare (GSource *source, gint *timeout_ms)
{
  *timeout_ms = -1;
  return is_due (source);
}

static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  Timer *timer = (Timer *) source;

  n_fired++;
  timer->due_us = clock_env->monotonic_us + timer->interval_ms * (gint64) 1000;
  return callback (user_data);
}

static void
finalize (GSource *source)
{
  timers = g_list_remove (timers, source);
}

static GSourceFuncs timer_funcs = { prepare, is_due, dispatch, finalize, NULL, NULL };

/* Takes the place of GLib's. */
GSource *
g_timeout_source_new (guint interval_ms)
{
  GSource *source = g_source_new (&timer_funcs, sizeof (Timer));
  Timer   *timer = (Timer *) source;

  timer->interval_ms = interval_ms;
  timer->due_us = clock_env->monotonic_us + interval_ms * (gint64) 1000;
  timers = g_list_prepend (timers, timer);
  return source;
}

/* Take the place of Kith's: each is one of those above. */
void
kith_timer_start (KithTimer **timer, guint ms, GSourceFunc func, gpointer user_data)
{
  GSource *source = NULL;

  kith_timer_clear (timer);
  kith_source_start (&source, ms, func, user_data);
  *timer = (KithTimer *) source;
}

void
kith_timer_clear (KithTimer **timer)
{
  GSource *source = (GSource *) g_steal_pointer (timer);

  kith_source_clear (&source);
}

/* @env: has to outlive all timers */
void
test_time_use (KithFakeEnv *env)
{
  clock_env = env;
  n_fired = 0;
}

static gint64
next_due_us (void)
{
  gint64 next_us = G_MAXINT64;

  for (GList *link = timers; link != NULL; link = link->next)
    if (!g_source_is_destroyed (link->data))
      next_us = MIN (next_us, ((const Timer *) link->data)->due_us);

  return next_us;
}

/* Whatever is to happen in so many microseconds happens. */
void
test_time_pass (gint64 us)
{
  gint64 end_us = clock_env->monotonic_us + us;
  gint64 next_us;

  do
    {
      while (g_main_context_iteration (NULL, FALSE))
        continue;

      next_us = MIN (next_due_us (), end_us);
      kith_fake_env_advance (clock_env, MAX (next_us - clock_env->monotonic_us, 0));
    }
  while (next_us < end_us);

  while (g_main_context_iteration (NULL, FALSE))
    continue;
}

guint64
test_time_get_n_fired (void)
{
  return n_fired;
}

guint
test_time_get_n_timers (void)
{
  guint n = 0;

  for (GList *link = timers; link != NULL; link = link->next)
    n += g_source_is_destroyed (link->data) ? 0 : 1;

  return n;
}
