/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-spelling-words.h"

#include <string.h>

#include <pango/pango.h>

#include "base/kith-limits.h"
#include "ui/kith-links.h"
#include "ui/kith-markup.h"

/* Bytes that are no prose: links, code, and whom or what the text begins with. */
static void
skip (guint8 *skipped, gsize start, gsize end)
{
  memset (skipped + start, TRUE, end - start);
}

static void
skip_links_and_code (guint8 *skipped, const char *text)
{
  g_autoptr (GPtrArray) links = kith_links_find (text);
  g_autoptr (GArray) spans = kith_markup_find (text, links);

  for (guint i = 0; i < links->len; i++)
    {
      const KithLink *link = g_ptr_array_index (links, i);

      skip (skipped, link->start, link->end);
    }

  for (guint i = 0; i < spans->len; i++)
    {
      const KithMarkupSpan *span = &g_array_index (spans, KithMarkupSpan, i);

      if (span->style == KITH_MARKUP_CODE || span->style == KITH_MARKUP_BLOCK)
        skip (skipped, span->start, span->end);
    }
}

/* "@name", "@"several words"" and "/word" at the start lead somewhere; what follows is prose. */
static void
skip_address (guint8 *skipped, const char *text)
{
  gsize blanks = strspn (text, " \n\t");
  const char *p = text + blanks;
  gsize len;

  if (*p != '@' && *p != '/')
    return;

  if (p[1] == '"' && strchr (p + 2, '"') != NULL)
    len = (gsize) (strchr (p + 2, '"') - p) + 1;
  else
    len = strcspn (p, " \n\t");
  skip (skipped, blanks, blanks + len);
}

/* Numbers, names in capitals and of programs, other scripts: no dictionary has them. */
static gboolean
is_prose (const char *start, const char *end, PangoLanguage *language)
{
  int n_letters = 0, n_small = 0;

  for (const char *p = start; p < end; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (g_unichar_isdigit (c) || c == '_' || c == '.' || c == ':')
        return FALSE;
      n_letters += g_unichar_isalpha (c);
      n_small += g_unichar_islower (c);
      if (g_unichar_isalpha (c) && language != NULL
          && !pango_language_includes_script (language, (PangoScript) g_unichar_get_script (c)))
        return FALSE;
    }

  return n_letters > 1 && n_small > 0;
}

static gboolean
is_reference (const char *text, const char *start)
{
  return start > text && strchr ("@/#", start[-1]) != NULL;
}

/* Pango takes "don't" for two words, dictionaries for one. */
static gboolean
is_inner_apostrophe (const char *p)
{
  gunichar c = g_utf8_get_char (p);

  return (c == '\'' || c == 0x2019) && g_unichar_isalpha (g_utf8_get_char (g_utf8_next_char (p)));
}

/* Such as snake_case. */
static gboolean
is_part_of_name (const char *text, const char *start, const char *end)
{
  return (*end == '_' && g_ascii_isalnum (end[1]))
         || (start - text > 1 && start[-1] == '_' && g_ascii_isalnum (start[-2]));
}

static void
add_word (GArray *words, const char *text, const char *start, const char *end,
          const guint8 *skipped, PangoLanguage *language)
{
  KithSpelledWord word;

  if (skipped[start - text] || is_reference (text, start) || is_part_of_name (text, start, end)
      || !is_prose (start, end, language))
    return;

  word = (KithSpelledWord){ (guint) (start - text), (guint) (end - text) };
  g_array_append_val (words, word);
}

/**
 * kith_spelling_find_words:
 * @text: valid UTF-8
 * @language: (nullable): "en_US": words in scripts that it does not use are left out
 *
 * Leaves out links, code, names behind an @, words behind a /, numbers and what is all capitals. Of a
 * text that is too long for a message, looks at the beginning.
 *
 * Returns: (transfer full) (element-type KithSpelledWord): words that a dictionary may have
 */
GArray *
kith_spelling_find_words (const char *text, const char *language)
{
  GArray *words = g_array_new (FALSE, FALSE, sizeof (KithSpelledWord));
  PangoLanguage *pango_language = language != NULL ? pango_language_from_string (language) : NULL;
  gsize len = strlen (text);
  g_autofree char *cut = NULL;
  g_autofree guint8 *skipped = NULL;
  g_autofree PangoLogAttr *marks = NULL;
  const char *start = NULL;
  glong n_chars, i = 0;

  if (len > KITH_LIMIT_MESSAGE_TEXT_BYTES)
    {
      cut = g_utf8_make_valid (text, KITH_LIMIT_MESSAGE_TEXT_BYTES);
      text = cut;
      len = strlen (text);
    }
  if (len == 0)
    return words;

  skipped = g_malloc0 (len + 1);
  skip_links_and_code (skipped, text);
  skip_address (skipped, text);

  n_chars = g_utf8_strlen (text, -1);
  marks = g_new0 (PangoLogAttr, (gsize) n_chars + 1);
  pango_get_log_attrs (text, (int) len, -1,
                       pango_language != NULL ? pango_language : pango_language_get_default (), marks,
                       (int) n_chars + 1);
  for (const char *p = text;; p = g_utf8_next_char (p), i++)
    {
      if (marks[i].is_word_end && start != NULL && !is_inner_apostrophe (p))
        {
          add_word (words, text, start, p, skipped, pango_language);
          start = NULL;
        }
      if (marks[i].is_word_start && start == NULL)
        start = p;
      if (*p == '\0')
        return words;
    }
}
