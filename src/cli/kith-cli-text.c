/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-text.h"

#define FIRST_STRONG_ISOLATE 0x2068
#define POP_ISOLATE 0x2069
#define REPLACEMENT 0xfffd
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

typedef struct
{
  GString *out;
  GString *line;
  guint    n_marks;  /* in a row */
  guint    n_open;   /* isolates that the text has opened on this line */
  gboolean has_bidi; /* the line may change the writing direction */
} Safe;

static gboolean
is_right_to_left (gunichar c)
{
  return (c >= 0x590 && c <= 0x8ff) || (c >= 0xfb1d && c <= 0xfdff) || (c >= 0xfe70 && c <= 0xfefc)
         || (c >= 0x10800 && c <= 0x10fff) || (c >= 0x1e800 && c <= 0x1efff);
}

static gboolean
is_bidi_control (gunichar c)
{
  return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e)
         || (c >= 0x2066 && c <= POP_ISOLATE);
}

/* The direction of a line ends with it, whatever it opens, and cannot end sooner. */
static void
end_line (Safe *self)
{
  for (; self->n_open > 0; self->n_open--)
    g_string_append_unichar (self->line, POP_ISOLATE);

  if (self->has_bidi)
    {
      g_string_append_unichar (self->out, FIRST_STRONG_ISOLATE);
      g_string_append (self->out, self->line->str);
      g_string_append_unichar (self->out, POP_ISOLATE);
    }
  else
    g_string_append (self->out, self->line->str);

  g_string_truncate (self->line, 0);
  self->has_bidi = FALSE;
  self->n_marks = 0;
}

static gunichar
safe_character (gunichar c)
{
  if (c == '\t')
    return ' ';
  if (c < 0x20)
    return 0x2400 + c; /* its picture */
  if ((c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029)
    return REPLACEMENT;

  return c;
}

static void
add_character (Safe *self, gunichar c)
{
  self->n_marks = g_unichar_ismark (c) ? self->n_marks + 1 : 0;
  if (self->n_marks > MARKS_MAX)
    return;

  if (c == POP_ISOLATE && self->n_open-- == 0)
    {
      self->n_open = 0;
      return;
    }
  if (c >= 0x2066 && c <= FIRST_STRONG_ISOLATE)
    self->n_open++;

  self->has_bidi |= is_bidi_control (c) || is_right_to_left (c);
  g_string_append_unichar (self->line, safe_character (c));
}

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
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  Safe safe = { .out = g_string_new (NULL), .line = g_string_new (NULL) };

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    if (*p == '\n')
      {
        end_line (&safe);
        g_string_append (safe.out, "\n    ");
      }
    else
      add_character (&safe, g_utf8_get_char (p));

  end_line (&safe);
  g_string_free (safe.line, TRUE);
  return g_string_free (safe.out, FALSE);
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
