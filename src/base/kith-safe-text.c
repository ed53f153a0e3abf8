/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-safe-text.h"

#include <string.h>

#include "base/kith-secret.h"

#define FIRST_STRONG_ISOLATE 0x2068
#define POP_ISOLATE 0x2069
#define REPLACEMENT 0xfffd

typedef struct
{
  GString *out;
  GString *line;
  guint    max_marks; /* in a row */
  guint    n_marks;
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

static void
append_character (GString *to, gunichar c)
{
  char bytes[7] = "";

  g_unichar_to_utf8 (c, bytes);
  kith_secret_append (to, bytes, -1);
}

/* The direction of a line ends with it, whatever it opens, and cannot end sooner. */
static void
end_line (Safe *self)
{
  for (; self->n_open > 0; self->n_open--)
    append_character (self->line, POP_ISOLATE);

  if (self->has_bidi)
    {
      append_character (self->out, FIRST_STRONG_ISOLATE);
      kith_secret_append (self->out, self->line->str, (gssize) self->line->len);
      append_character (self->out, POP_ISOLATE);
    }
  else
    kith_secret_append (self->out, self->line->str, (gssize) self->line->len);

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
  if (self->n_marks > self->max_marks)
    return;

  if (c == POP_ISOLATE && self->n_open-- == 0)
    {
      self->n_open = 0;
      return;
    }
  if (c >= 0x2066 && c <= FIRST_STRONG_ISOLATE)
    self->n_open++;

  self->has_bidi |= is_bidi_control (c) || is_right_to_left (c);
  append_character (self->line, safe_character (c));
}

/**
 * kith_safe_text_new:
 * @text: text that somebody else wrote
 * @line_break: what to put for a line break
 * @max_marks: how many marks may follow each other
 *
 * Makes text safe for a terminal and for files that are looked at there (protocol 12): control characters, and with
 * them every escape sequence, are shown as symbols, and the writing direction of a line ends with it. Any thread; nothing
 * of it stays in memory but what is returned.
 *
 * Returns: (transfer full): the text
 */
char *
kith_safe_text_new (const char *text, const char *line_break, guint max_marks)
{
  g_autoptr (KithSecretText) valid = g_utf8_make_valid (text, -1);
  Safe safe = { .out = g_string_new (NULL), .line = g_string_new (NULL), .max_marks = max_marks };

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    if (*p == '\n')
      {
        end_line (&safe);
        kith_secret_append (safe.out, line_break, -1);
      }
    else
      add_character (&safe, g_utf8_get_char (p));

  end_line (&safe);
  kith_secret_free_string (safe.line);
  return g_string_free (safe.out, FALSE);
}

/* What some program or other begins a new line at. */
static gboolean
is_line_break (gunichar c)
{
  return (c >= '\n' && c <= '\r') || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/**
 * kith_safe_text_unite_breaks:
 * @text: text that somebody else wrote
 *
 * Any thread.
 *
 * Returns: (transfer full): the same with a line feed for all that a program may take for the end of a line
 */
char *
kith_safe_text_unite_breaks (const char *text)
{
  g_autoptr (KithSecretText) valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_sized_new (strlen (valid));

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    if (p[0] == '\r' && p[1] == '\n')
      continue;
    else if (is_line_break (g_utf8_get_char (p)))
      g_string_append_c (out, '\n');
    else /* it has room */
      g_string_append_len (out, p, (gssize) (g_utf8_next_char (p) - p));

  return g_string_free (out, FALSE);
}
