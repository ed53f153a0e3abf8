/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times and ids as people read them. All times are milliseconds since 1970 (UTC), shown in the
 * local time zone; @now_ms is what "today" is measured against. */

typedef enum
{
  KITH_CLOCK_LOCALE, /* as it is usual where the user lives */
  KITH_CLOCK_12H,
  KITH_CLOCK_24H,
} KithClock;

void   kith_format_set_clock  (KithClock   clock);
gint64 kith_format_now_ms     (void);
char  *kith_format_clock      (gint64      time_ms);
char  *kith_format_day        (gint64      time_ms,
                               gint64      now_ms);
char  *kith_format_date       (gint64      time_ms);
char  *kith_format_list_time  (gint64      time_ms,
                               gint64      now_ms);
char  *kith_format_last_seen  (gint64      time_ms,
                               gint64      now_ms);
char  *kith_format_full_time  (gint64      time_ms);
char  *kith_format_until      (gint64      time_ms,
                               gint64      now_ms);
char  *kith_format_duration   (guint32     duration_s);
char  *kith_format_short_id   (const char *id);
char  *kith_format_id         (const char *id,
                               guint       per_line);
char  *kith_format_groups     (const char *digits,
                               guint       per_line);
char  *kith_format_one_line   (const char *text);
char  *kith_format_list       (const char *const *things);
char  *kith_format_mnemonic   (const char *text);

G_END_DECLS
