/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-past-damage.h"

gint64
kith_past_damage_find (gint64 bad, gint64 to, KithPastDamageFunc is_readable_from, gpointer user_data)
{
  guint64 leap = 1;
  gint64 good;

  do
    {
      if (leap >= (guint64) to - (guint64) bad)
        return to;

      good = bad + (gint64) leap;
      leap *= 2;
    }
  while (!is_readable_from (good, user_data));

  while (good - bad > 1)
    {
      gint64 middle = bad + (good - bad) / 2;

      if (is_readable_from (middle, user_data))
        good = middle;
      else
        bad = middle;
    }

  return good;
}
