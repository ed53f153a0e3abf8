/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-day.h"

#include "ui/kith-format.h"

/* A timer until midnight would stand still while the computer sleeps, and know of no clock that is set. */
#define CHECK_S 60

struct _KithDay
{
  GObject parent_instance;

  int day; /* another number each day */
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KithDay, kith_day, G_TYPE_OBJECT)

static int
find_day (gint64 time_ms)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (time_ms / 1000);

  return time != NULL ? g_date_time_get_year (time) * 366 + g_date_time_get_day_of_year (time) : 0;
}

static void
kith_day_class_init (KithDayClass *klass)
{
  signals[CHANGED] = g_signal_new ("changed", KITH_TYPE_DAY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kith_day_init (KithDay *self)
{
  self->day = find_day (kith_format_now_ms ());
}

static gboolean
check_cb (gpointer user_data)
{
  kith_day_check (user_data, kith_format_now_ms ());

  return G_SOURCE_CONTINUE;
}

/**
 * kith_day_get_default:
 *
 * Returns: (transfer none): the only one of a process
 */
KithDay *
kith_day_get_default (void)
{
  static KithDay *day;

  if (day == NULL)
    {
      day = g_object_new (KITH_TYPE_DAY, NULL);
      g_timeout_add_seconds (CHECK_S, check_cb, day);
    }

  return day;
}

/**
 * kith_day_check:
 * @self: the day
 * @now_ms: the current time
 *
 * Says "changed" when another day has begun.
 */
void
kith_day_check (KithDay *self, gint64 now_ms)
{
  int day = find_day (now_ms);

  g_return_if_fail (KITH_IS_DAY (self));

  if (day == self->day)
    return;

  self->day = day;
  g_signal_emit (self, signals[CHANGED], 0);
}
