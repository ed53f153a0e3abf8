/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-excerpt.h"

#include <string.h>

#include "base/kith-limits.h"

/* How far back to look for the end of a word. */
#define WORD_BYTES 80
/* Less than this is not worth hiding. */
#define REST_BYTES 200
#define REST_LINES 3

#define ZERO_WIDTH_JOINER 0x200d
#define FIRST_SKIN_TONE 0x1f3fb
#define LAST_SKIN_TONE 0x1f3ff

/* Whether @c is drawn upon, or joined with, what stands before it. */
static gboolean
hangs_on (gunichar c)
{
  return g_unichar_ismark (c) || g_unichar_iszerowidth (c)
         || (c >= FIRST_SKIN_TONE && c <= LAST_SKIN_TONE);
}

/* Goes back to where a word ends, or at least what looks like one character. */
static const char *
step_back (const char *text, const char *end)
{
  const char *least = end - MIN (end - text, WORD_BYTES);
  const char *p = end;

  for (const char *q = end; q > least; q = g_utf8_prev_char (q))
    if (g_unichar_isspace (g_utf8_get_char (q)))
      return q;

  while (p > least
         && (hangs_on (g_utf8_get_char (p))
             || g_utf8_get_char (g_utf8_prev_char (p)) == ZERO_WIDTH_JOINER))
    p = g_utf8_prev_char (p);

  return p > least ? p : end;
}

/* Returns: whether no more than @n_lines begin in @text */
static gboolean
has_few_lines (const char *text, guint n_lines)
{
  for (const char *p = strchr (text, '\n'); p != NULL && n_lines > 0; p = strchr (p + 1, '\n'))
    n_lines--;

  return n_lines > 0;
}

static const char *
find_limit (const char *text)
{
  guint n_chars = 0, n_lines = 1;
  const char *p = text;

  for (; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (*p == '\n' && ++n_lines > KITH_LIMIT_SHOWN_LINES)
        return p;
      if (++n_chars > KITH_LIMIT_SHOWN_CHARS || p - text >= KITH_LIMIT_SHOWN_BYTES)
        return step_back (text, p);
    }

  return p;
}

/**
 * kith_excerpt_find_end:
 * @text: valid UTF-8 of any length
 *
 * Finds where to cut a text that has more than KITH_LIMIT_SHOWN_CHARS, _BYTES or _LINES; a little more
 * than that is not cut. A word stays whole where it can, and so does what looks like one character.
 *
 * Returns: how many bytes of @text to show; its length when all of it can be
 */
gsize
kith_excerpt_find_end (const char *text)
{
  const char *end = find_limit (text);

  if (strlen (end) <= REST_BYTES && has_few_lines (end, REST_LINES + 1))
    return strlen (text);

  return (gsize) (end - text);
}
