/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-text.h"

/**
 * kith_cli_text_safe:
 * @text: text that somebody else wrote
 *
 * Makes text safe for a terminal: control characters, and with them every escape sequence, are
 * shown as symbols, line breaks are indented, and the writing direction ends with the text.
 *
 * Returns: (transfer full): the text to print
 */
char *
kith_cli_text_safe (const char *text)
{
  GString *out = g_string_new (NULL);
  gboolean has_rtl = FALSE;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char_validated (p, -1);

      if (c == (gunichar) -1 || c == (gunichar) -2)
        {
          g_string_append (out, "\xef\xbf\xbd");
          break;
        }

      if (c == '\n')
        g_string_append (out, "\n    ");
      else if (c == '\t')
        g_string_append_c (out, ' ');
      else if (c < 0x20)
        g_string_append_unichar (out, 0x2400 + c);
      else if ((c >= 0x7f && c < 0xa0) || g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR
               || g_unichar_type (c) == G_UNICODE_PARAGRAPH_SEPARATOR)
        g_string_append_unichar (out, 0xfffd);
      else
        {
          has_rtl |= (c >= 0x590 && c <= 0x8ff) || (c >= 0x200e && c <= 0x202e)
                     || (c >= 0x2066 && c <= 0x2069) || (c >= 0xfb1d && c <= 0xfefc);
          g_string_append_unichar (out, c);
        }
    }

  /* First strong isolate ... pop: U+2068, U+2069. */
  if (has_rtl)
    {
      g_string_prepend (out, "\xe2\x81\xa8");
      g_string_append (out, "\xe2\x81\xa9");
    }

  return g_string_free (out, FALSE);
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
