/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-format.h"

#include <string.h>

#include <glib/gi18n.h>

#include "ui/kith-date-order.h"

#define ID_GROUP_CHARS 14
#define MS_PER_DAY (24 * 60 * 60 * G_GINT64_CONSTANT (1000))

/* A preview shows one line; more of a text would only cost layout time. */
#define ONE_LINE_MAX_CHARS 200

static KithClock shown_clock; /* main thread */

static GDateTime *
local_time (gint64 time_ms)
{
  GDateTime *time = g_date_time_new_from_unix_local (time_ms / 1000);

  /* Only a time far outside the calendar fails. */
  return time != NULL ? time : g_date_time_new_from_unix_local (0);
}

/* In a locale without words for the halves of a day, 2:05 could be either. */
static gboolean
is_12h (void)
{
  g_autoptr (GDateTime) afternoon = g_date_time_new_utc (2000, 1, 1, 13, 0, 0);
  g_autofree char *half = g_date_time_format (afternoon, "%p");
  g_autofree char *usual = g_date_time_format (afternoon, "%X");

  if (half == NULL || *half == '\0' || usual == NULL)
    return FALSE;

  return shown_clock == KITH_CLOCK_12H || (shown_clock == KITH_CLOCK_LOCALE && strstr (usual, half) != NULL);
}

/* Days from @time to @now on the calendar, not in units of 24 hours. */
static int
days_before (GDateTime *time, GDateTime *now)
{
  int year, month, day;
  GDate a, b;

  g_date_time_get_ymd (time, &year, &month, &day);
  g_date_clear (&a, 1);
  g_date_set_dmy (&a, (GDateDay) day, (GDateMonth) month, (GDateYear) year);

  g_date_time_get_ymd (now, &year, &month, &day);
  g_date_clear (&b, 1);
  g_date_set_dmy (&b, (GDateDay) day, (GDateMonth) month, (GDateYear) year);

  return g_date_days_between (&a, &b);
}

/* @english and @day_first: see kith_date_order_choose() */
static char *
format_date (GDateTime *time, const char *english, const char *day_first)
{
  return g_date_time_format (time, kith_date_order_choose (english, day_first));
}

/**
 * kith_format_now_ms:
 *
 * Returns: the current time, in milliseconds since 1970 (UTC)
 */
gint64
kith_format_now_ms (void)
{
  return g_get_real_time () / 1000;
}

/**
 * kith_format_set_clock:
 * @clock: what the user wants to see
 *
 * What is formatted from now on has it. Main thread.
 */
void
kith_format_set_clock (KithClock clock)
{
  shown_clock = clock;
}

/**
 * kith_format_clock:
 * @time_ms: a time
 *
 * Returns: (transfer full): the time of day, "14:05" or "2:05 PM"
 */
char *
kith_format_clock (gint64 time_ms)
{
  g_autoptr (GDateTime) time = local_time (time_ms);

  if (is_12h ())
    /* Translators: the time of day on a clock of twelve hours, "2:05 PM", see g_date_time_format() */
    return g_date_time_format (time, _("%-I:%M %p"));

  /* Translators: the time of day of a message, see g_date_time_format() */
  return g_date_time_format (time, _("%H:%M"));
}

/**
 * kith_format_day:
 * @time_ms: a time
 * @now_ms: the current time
 *
 * Returns: (transfer full): the words above a day's messages: "Today", "Yesterday",
 *   "Monday, March 3" or "March 3, 2023", in the order of the user's locale
 */
char *
kith_format_day (gint64 time_ms, gint64 now_ms)
{
  g_autoptr (GDateTime) time = local_time (time_ms);
  g_autoptr (GDateTime) now = local_time (now_ms);
  int days = days_before (time, now);

  if (days == 0)
    return g_strdup (_("Today"));
  if (days == 1)
    return g_strdup (_("Yesterday"));

  if (g_date_time_get_year (time) == g_date_time_get_year (now))
    /* Translators: a day of this year, "Monday, March 3", see g_date_time_format(). In the order of your language */
    return format_date (time, N_("%A, %B %-e"), "%A, %-e %B");

  return kith_format_date (time_ms);
}

/**
 * kith_format_date:
 * @time_ms: a time
 *
 * Returns: (transfer full): "March 3, 2023", in the order of the user's locale
 */
char *
kith_format_date (gint64 time_ms)
{
  g_autoptr (GDateTime) time = local_time (time_ms);

  /* Translators: a day, "March 3, 2023", see g_date_time_format(). In the order of your language */
  return format_date (time, N_("%B %-e, %Y"), "%-e %B %Y");
}

/**
 * kith_format_list_time:
 * @time_ms: a time
 * @now_ms: the current time
 *
 * Returns: (transfer full): a short time for a list: "14:05", "Yesterday", "Mon" or "Mar 3",
 *   in the order of the user's locale
 */
char *
kith_format_list_time (gint64 time_ms, gint64 now_ms)
{
  g_autoptr (GDateTime) time = local_time (time_ms);
  g_autoptr (GDateTime) now = local_time (now_ms);
  int days = days_before (time, now);

  if (days == 0)
    return kith_format_clock (time_ms);
  if (days == 1)
    return g_strdup (_("Yesterday"));
  if (days > 1 && days < 7)
    /* Translators: one of the last days in a list, "Mon", see g_date_time_format() */
    return g_date_time_format (time, _("%a"));

  if (g_date_time_get_year (time) == g_date_time_get_year (now))
    /* Translators: a day of this year in a list, "Mar 3", see g_date_time_format(). In the order of your language */
    return format_date (time, N_("%b %-e"), "%-e %b");

  /* Translators: a day of another year in a list, "Mar 3, 2023", in the order of your language */
  return format_date (time, N_("%b %-e, %Y"), "%-e %b %Y");
}

/**
 * kith_format_last_seen:
 * @time_ms: a time, 0 = never
 * @now_ms: the current time
 *
 * Returns: (transfer full): "Last seen today at 14:05" and the like
 */
char *
kith_format_last_seen (gint64 time_ms, gint64 now_ms)
{
  g_autofree char *clock = NULL;
  g_autofree char *day = NULL;
  g_autoptr (GDateTime) time = NULL;
  g_autoptr (GDateTime) now = NULL;

  if (time_ms <= 0)
    return g_strdup (_("Not seen yet"));

  time = local_time (time_ms);
  now = local_time (now_ms);
  clock = kith_format_clock (time_ms);

  switch (days_before (time, now))
    {
    case 0:
      /* Translators: the time of day */
      return g_strdup_printf (_("Last seen today at %s"), clock);
    case 1:
      /* Translators: the time of day */
      return g_strdup_printf (_("Last seen yesterday at %s"), clock);
    default:
      day = kith_format_list_time (time_ms, now_ms);
      /* Translators: a day such as "Mon" or "Mar 3", then the time of day */
      return g_strdup_printf (_("Last seen %s at %s"), day, clock);
    }
}

/**
 * kith_format_full_time:
 * @time_ms: a time
 *
 * Returns: (transfer full): day and time in the form of the user's locale
 */
char *
kith_format_full_time (gint64 time_ms)
{
  g_autoptr (GDateTime) time = local_time (time_ms);

  if (is_12h ())
    /* Translators: day and time on a clock of twelve hours, "March 3, 2023, 2:05:09 PM", see g_date_time_format() */
    return format_date (time, N_("%B %-e, %Y, %-I:%M:%S %p"), "%-e %B %Y, %-I:%M:%S %p");

  /* Translators: day and time, "March 3, 2023, 14:05:09", see g_date_time_format() */
  return format_date (time, N_("%B %-e, %Y, %H:%M:%S"), "%-e %B %Y, %H:%M:%S");
}

/**
 * kith_format_until:
 * @time_ms: a time to come, or past
 * @now_ms: the current time
 *
 * Returns: (transfer full): "14:05" today, or "March 3, 14:05", in the order of the user's locale
 */
char *
kith_format_until (gint64 time_ms, gint64 now_ms)
{
  g_autoptr (GDateTime) time = local_time (time_ms);
  g_autoptr (GDateTime) now = local_time (now_ms);

  if (days_before (time, now) == 0)
    return kith_format_clock (time_ms);

  if (is_12h ())
    /* Translators: a day and a time on a clock of twelve hours, "March 3, 2:05 PM", see g_date_time_format() */
    return format_date (time, N_("%B %-e, %-I:%M %p"), "%-e %B, %-I:%M %p");

  /* Translators: a day and a time, "March 3, 14:05", see g_date_time_format() */
  return format_date (time, N_("%B %-e, %H:%M"), "%-e %B, %H:%M");
}

/**
 * kith_format_duration:
 * @duration_s: a time span, in seconds
 *
 * Returns: (transfer full): "30 seconds", "5 minutes", "1 hour", "1 day" or "4 weeks"; rounded down
 */
char *
kith_format_duration (guint32 duration_s)
{
  guint32 n;

  n = duration_s / (7 * 24 * 3600);
  if (n > 0)
    /* Translators: a time span */
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u week", "%u weeks", n), n);
  n = duration_s / (24 * 3600);
  if (n > 0)
    /* Translators: a time span */
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u day", "%u days", n), n);
  n = duration_s / 3600;
  if (n > 0)
    /* Translators: a time span */
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u hour", "%u hours", n), n);
  n = duration_s / 60;
  if (n > 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u minute", "%u minutes", n), n);

  /* Translators: a time span */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u second", "%u seconds", duration_s),
                          duration_s);
}

/**
 * kith_format_short_id:
 * @id: an ID string
 *
 * Returns: (transfer full): the first group of the ID, enough to tell people apart at a glance
 */
char *
kith_format_short_id (const char *id)
{
  return g_strdup_printf ("%.*s…", ID_GROUP_CHARS, id);
}

/**
 * kith_format_id:
 * @id: an ID string
 * @per_line: how many groups stand on a line
 *
 * Returns: (transfer full): the ID in groups of 14 characters (protocol 2)
 */
char *
kith_format_id (const char *id, guint per_line)
{
  GString *grouped = g_string_new (NULL);
  size_t len = strlen (id);

  g_return_val_if_fail (per_line > 0, NULL);

  for (size_t i = 0; i < len; i += ID_GROUP_CHARS)
    {
      if (i > 0)
        g_string_append_c (grouped, (i / ID_GROUP_CHARS) % per_line == 0 ? '\n' : ' ');
      g_string_append_len (grouped, id + i, (gssize) MIN (ID_GROUP_CHARS, len - i));
    }

  return g_string_free (grouped, FALSE);
}

/**
 * kith_format_groups:
 * @digits: words with one space between
 * @per_line: how many stand on a line
 *
 * Returns: (transfer full): the same words on several lines
 */
char *
kith_format_groups (const char *digits, guint per_line)
{
  g_auto (GStrv) groups = g_strsplit (digits, " ", -1);
  GString *lines = g_string_new (NULL);

  g_return_val_if_fail (per_line > 0, NULL);

  for (guint i = 0; groups[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (lines, i % per_line == 0 ? '\n' : ' ');
      g_string_append (lines, groups[i]);
    }

  return g_string_free (lines, FALSE);
}

/**
 * kith_format_one_line:
 * @text: valid UTF-8 of any length
 *
 * Returns: (transfer full): the beginning of @text, every run of white space made one space
 */
char *
kith_format_one_line (const char *text)
{
  GString *line = g_string_new (NULL);
  guint n_chars = 0;
  gboolean space = FALSE;

  for (const char *p = text; *p != '\0' && n_chars < ONE_LINE_MAX_CHARS; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isspace (c) || g_unichar_iscntrl (c))
        {
          space = line->len > 0;
          continue;
        }

      if (space)
        g_string_append_c (line, ' ');
      space = FALSE;
      g_string_append_unichar (line, c);
      n_chars++;
    }

  return g_string_free (line, FALSE);
}

/**
 * kith_format_list:
 * @things: (array zero-terminated=1): words or names
 *
 * Returns: (transfer full): all of them in a row, "Ann, Ben, Carol"
 */
char *
kith_format_list (const char *const *things)
{
  /* Translators: between the things of a list: "Ann, Ben, Carol" */
  return g_strjoinv (_(", "), (char **) things);
}

/**
 * kith_format_mnemonic:
 * @text: a name or another word of somebody
 *
 * Returns: (transfer full): @text for the label of a menu or a button, where an underline stands for a key
 */
char *
kith_format_mnemonic (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "_", -1);

  return g_strjoinv ("__", parts);
}
