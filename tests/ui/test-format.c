/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <locale.h>

#include "ui/kith-date-order.h"
#include "ui/kith-format.h"
#include "ui/kith-name-input.h"

#define HOUR_MS (60 * 60 * G_GINT64_CONSTANT (1000))
#define DAY_MS (24 * HOUR_MS)

/* 2024-03-04 12:00 UTC, a Monday. The tests run in UTC. */
#define NOON_MS (G_GINT64_CONSTANT (1709553600) * 1000)

static void
test_day (void)
{
  static const struct
  {
    gint64 time_ms;
    const char *day;
    const char *in_list;
  } cases[] = {
    { NOON_MS, "Today", "12:00" },
    { NOON_MS - 12 * HOUR_MS, "Today", "00:00" },
    { NOON_MS - 12 * HOUR_MS - 1000, "Yesterday", "Yesterday" },
    { NOON_MS - 36 * HOUR_MS - 1000, "Saturday, March 2", "Sat" },
    { NOON_MS - 6 * DAY_MS, "Tuesday, February 27", "Tue" },
    { NOON_MS - 7 * DAY_MS, "Monday, February 26", "Feb 26" },
    { NOON_MS - 365 * DAY_MS, "March 5, 2023", "Mar 5, 2023" },
    /* The clock of a peer may run ahead. */
    { NOON_MS + DAY_MS, "Tuesday, March 5", "Mar 5" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *day = kith_format_day (cases[i].time_ms, NOON_MS);
      g_autofree char *in_list = kith_format_list_time (cases[i].time_ms, NOON_MS);

      g_test_message ("case %u", i);
      g_assert_cmpstr (day, ==, cases[i].day);
      g_assert_cmpstr (in_list, ==, cases[i].in_list);
    }
}

/* A time from a peer can be anything. */
static void
test_any_time (void)
{
  static const gint64 times[] = { G_MININT64, -1, 0, 1, G_MAXINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autofree char *clock = kith_format_clock (times[i]);
      g_autofree char *day = kith_format_day (times[i], NOON_MS);
      g_autofree char *in_list = kith_format_list_time (times[i], NOON_MS);
      g_autofree char *full = kith_format_full_time (times[i]);
      g_autofree char *seen = kith_format_last_seen (times[i], NOON_MS);

      g_assert_nonnull (clock);
      g_assert_nonnull (day);
      g_assert_nonnull (in_list);
      g_assert_nonnull (full);
      g_assert_nonnull (seen);
    }
}

static void
test_last_seen (void)
{
  g_autofree char *never = kith_format_last_seen (0, NOON_MS);
  g_autofree char *today = kith_format_last_seen (NOON_MS - HOUR_MS, NOON_MS);
  g_autofree char *yesterday = kith_format_last_seen (NOON_MS - DAY_MS, NOON_MS);

  g_assert_cmpstr (never, ==, "Not seen yet");
  g_assert_cmpstr (today, ==, "Last seen today at 11:00");
  g_assert_cmpstr (yesterday, ==, "Last seen yesterday at 12:00");
}

/* 14:05:09 on that day. */
static void
test_clock (void)
{
  static const struct
  {
    KithClock clock;
    const char *time;
    const char *full;
    const char *until;
  } cases[] = {
    { KITH_CLOCK_12H, "2:05 PM", "March 4, 2024, 2:05:09 PM", "March 4, 2:05 PM" },
    { KITH_CLOCK_24H, "14:05", "March 4, 2024, 14:05:09", "March 4, 14:05" },
    { KITH_CLOCK_LOCALE, "14:05", "March 4, 2024, 14:05:09", "March 4, 14:05" },
  };
  gint64 time_ms = NOON_MS + 2 * HOUR_MS + 5 * 60 * 1000 + 9 * 1000;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *time = NULL;
      g_autofree char *full = NULL;
      g_autofree char *until = NULL;
      g_autofree char *seen = NULL;

      kith_format_set_clock (cases[i].clock);
      time = kith_format_clock (time_ms);
      full = kith_format_full_time (time_ms);
      until = kith_format_until (time_ms, NOON_MS - DAY_MS);
      seen = kith_format_last_seen (time_ms, time_ms);
      g_assert_cmpstr (time, ==, cases[i].time);
      g_assert_cmpstr (full, ==, cases[i].full);
      g_assert_cmpstr (until, ==, cases[i].until);
      g_assert_true (g_str_has_suffix (seen, cases[i].time));
    }
  kith_format_set_clock (KITH_CLOCK_LOCALE);
}

/* What the locales of the C library have, and what they could. */
static void
test_date_order (void)
{
  static const struct
  {
    const char *format;
    gboolean    is_day_first;
  } cases[] = {
    { "%m/%d/%Y", FALSE }, { "%d/%m/%y", TRUE }, { "%d.%m.%Y", TRUE }, { "%Y-%m-%d", FALSE }, { "%F", FALSE },
    { "%D", FALSE }, { "%A %d %B %Y", TRUE }, { "%A, %B %d, %Y", FALSE }, { "%-e %b", TRUE }, { "%Od/%Om", TRUE },
    { "%02m %d", FALSE }, { "%%d %b", FALSE }, { "", FALSE }, { "%", FALSE }, { "%-", FALSE }, { "%Y %", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].format);
      g_assert_true (kith_date_order_is_day_first (cases[i].format) == cases[i].is_day_first);
    }
}

/* What of a locale is needed here: all of it would take long to make. */
#define LOCALE_SOURCE                                                                                                  \
  "LC_IDENTIFICATION\ntitle \"%s\"\nEND LC_IDENTIFICATION\nLC_CTYPE\ncopy \"POSIX\"\nEND LC_CTYPE\n"                  \
  "LC_TIME\ncopy \"%s\"\nEND LC_TIME\n"

static gboolean
make_locale (const char *folder, const char *name)
{
  g_autofree char *words = g_strdup_printf (LOCALE_SOURCE, name, name);
  g_autofree char *source = g_strdup_printf ("%s/%s.source", folder, name);
  g_autofree char *command = g_strdup_printf ("localedef -c --quiet -i %s -f UTF-8 %s/%s", source, folder, name);
  g_autofree char *times = g_build_filename (folder, name, "LC_TIME", NULL);

  g_assert_true (g_file_set_contents (source, words, -1, NULL));

  /* It complains of what is missing. */
  return g_spawn_command_line_sync (command, NULL, NULL, NULL, NULL) && g_file_test (times, G_FILE_TEST_EXISTS);
}

static void
remove_folder (const char *path)
{
  const char *arguments[] = { "rm", "-r", path, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                               NULL));
}

/* Where people say "PM" and March 3, and where they do not. */
static void
test_locale (void)
{
  static const struct
  {
    const char *locale;
    const char *clock;
    const char *day;
    const char *in_list;
  } cases[] = {
    { "en_US", "1:00 PM", "Saturday, March 2", "Feb 26, 2023" },
    { "en_GB", "13:00", "Saturday, 2 March", "26 Feb 2023" },
    { "de_DE", "13:00", "Samstag, 2 März", "26 Feb 2023" },
  };
  g_autofree char *folder = g_dir_make_tmp ("kith-locales-XXXXXX", NULL);

  g_assert_nonnull (folder);
  g_setenv ("LOCPATH", folder, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *clock = NULL;
      g_autofree char *day = NULL;
      g_autofree char *in_list = NULL;

      if (!make_locale (folder, cases[i].locale))
        {
          g_test_skip ("no locales can be made");
          break;
        }

      g_assert_nonnull (setlocale (LC_TIME, cases[i].locale));
      clock = kith_format_clock (NOON_MS + HOUR_MS);
      day = kith_format_day (NOON_MS - 2 * DAY_MS, NOON_MS);
      in_list = kith_format_list_time (NOON_MS - 372 * DAY_MS, NOON_MS);
      setlocale (LC_TIME, "C");

      g_assert_cmpstr (clock, ==, cases[i].clock);
      g_assert_cmpstr (day, ==, cases[i].day);
      g_assert_cmpstr (in_list, ==, cases[i].in_list);
    }
  g_unsetenv ("LOCPATH");
  remove_folder (folder);
}

/* What is kept for years says in which. */
static void
test_date (void)
{
  g_autofree char *date = kith_format_date (NOON_MS);

  g_assert_cmpstr (date, ==, "March 4, 2024");
}

static void
test_id (void)
{
  g_autofree char *four = kith_format_id (
      "aaaaaaaaaaaaaabbbbbbbbbbbbbbccccccccccccccdddddddddddddd", 4);
  g_autofree char *two = kith_format_id (
      "aaaaaaaaaaaaaabbbbbbbbbbbbbbccccccccccccccdddddddddddddd", 2);
  g_autofree char *groups = kith_format_groups ("1 2 3 4 5", 2);

  g_assert_cmpstr (four, ==, "aaaaaaaaaaaaaa bbbbbbbbbbbbbb cccccccccccccc dddddddddddddd");
  g_assert_cmpstr (two, ==, "aaaaaaaaaaaaaa bbbbbbbbbbbbbb\ncccccccccccccc dddddddddddddd");
  g_assert_cmpstr (groups, ==, "1 2\n3 4\n5");
}

static void
test_one_line (void)
{
  static const char *const cases[][2] = {
    { "", "" },
    { "  a  ", "a" },
    { "a\nb\t\tc\r\n", "a b c" },
    { "a\xc2\xa0\xe2\x80\xa8" "b", "a b" },
    { "\n\n", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = kith_format_one_line (cases[i][0]);

      g_assert_cmpstr (line, ==, cases[i][1]);
    }
}

static void
test_name (void)
{
  static const struct
  {
    const char *text;
    gboolean good;
    gboolean complains;
  } cases[] = {
    { "", FALSE, FALSE },
    { "   ", FALSE, FALSE },
    { "Ann", TRUE, FALSE },
    { " Ann  Lee ", TRUE, FALSE },
    { "\xe2\x80\xae", FALSE, TRUE },
    { "Zoe\xcc\x88", TRUE, FALSE },
    { "12345678901234567890123456789012", TRUE, FALSE },
    { "123456789012345678901234567890123", FALSE, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *complaint;

      g_test_message ("case %u", i);
      g_assert_true (kith_name_input_check (cases[i].text, &complaint) == cases[i].good);
      g_assert_true ((complaint != NULL) == cases[i].complains);
    }
}

static void
test_duration (void)
{
  static const struct
  {
    guint32 seconds;
    const char *words;
  } cases[] = { { 30, "30 seconds" }, { 60, "1 minute" }, { 300, "5 minutes" }, { 3600, "1 hour" },
                { 24 * 3600, "1 day" }, { 7 * 24 * 3600, "1 week" }, { 28 * 24 * 3600, "4 weeks" },
                { G_MAXUINT32, "7101 weeks" } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = kith_format_duration (cases[i].seconds);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_mnemonic (void)
{
  g_autofree char *name = kith_format_mnemonic ("a_b__c");
  g_autofree char *plain = kith_format_mnemonic ("Ann");

  g_assert_cmpstr (name, ==, "a__b____c");
  g_assert_cmpstr (plain, ==, "Ann");
}

int
main (int argc, char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/day", test_day);
  g_test_add_func ("/format/any-time", test_any_time);
  g_test_add_func ("/format/last-seen", test_last_seen);
  g_test_add_func ("/format/clock", test_clock);
  g_test_add_func ("/format/date-order", test_date_order);
  g_test_add_func ("/format/locale", test_locale);
  g_test_add_func ("/format/date", test_date);
  g_test_add_func ("/format/id", test_id);
  g_test_add_func ("/format/one-line", test_one_line);
  g_test_add_func ("/format/duration", test_duration);
  g_test_add_func ("/format/name", test_name);
  g_test_add_func ("/format/mnemonic", test_mnemonic);

  return g_test_run ();
}
