/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-text.h"

#include "base/kith-safe-text.h"

#define MARKS_MAX 4

/* --- Looks ---------------------------------------------------------------------------------- */

static gboolean is_painting;

/**
 * kith_cli_text_set_painting:
 * @painting: whether a terminal that knows colours shows the output
 */
void
kith_cli_text_set_painting (gboolean painting)
{
  is_painting = painting;
}

/**
 * kith_cli_text_paint:
 * @paint: what it is
 * @text: safe text
 *
 * Returns: (transfer full): @text, with escape sequences around it on a terminal
 */
char *
kith_cli_text_paint (KithCliPaint paint, const char *text)
{
  static const char *const codes[] = {
    [KITH_CLI_PAINT_NAME] = "1",
    [KITH_CLI_PAINT_QUIET] = "2",
    [KITH_CLI_PAINT_WARNING] = "33",
    [KITH_CLI_PAINT_CODE] = "97;40",
  };

  if (!is_painting || *text == '\0')
    return g_strdup (text);

  return g_strdup_printf ("\033[%sm%s\033[0m", codes[paint], text);
}

/* --- Safety --------------------------------------------------------------------------------- */

/**
 * kith_cli_text_safe:
 * @text: text that somebody else wrote
 *
 * Makes text safe for a terminal (protocol 12): control characters, and with them every escape
 * sequence, are shown as symbols, what follows a line break is indented, the writing direction of
 * a line ends with it, and marks do not pile up.
 *
 * Returns: (transfer full): the text to print
 */
char *
kith_cli_text_safe (const char *text)
{
  return kith_safe_text_new (text, "\n    ", MARKS_MAX);
}

/**
 * kith_cli_text_time:
 * @time_ms: ms since 1970
 *
 * Returns: (transfer full): the local time, with the date unless that is today
 */
char *
kith_cli_text_time (gint64 time_ms)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time_ms / 1000);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  if (local == NULL)
    return g_strdup ("?");
  if (g_date_time_get_day_of_year (local) == g_date_time_get_day_of_year (now)
      && g_date_time_get_year (local) == g_date_time_get_year (now))
    return g_date_time_format (local, "%H:%M");

  return g_date_time_format (local, "%Y-%m-%d %H:%M");
}
