/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-search-query.h"

#include <string.h>

#include "base/kith-secret.h"
#include "base/kith-text.h"

#define SNIPPET_BEFORE_CHARS 30
#define SNIPPET_AFTER_CHARS 60

static gboolean
has_word (const char *text, gsize len)
{
  for (const char *at = text; at < text + len; at = g_utf8_next_char (at))
    if (g_unichar_isalnum (g_utf8_get_char (at)))
      return TRUE;

  return FALSE;
}

/* Where a word ends that is not in quotes: also at the wide space that is typed between ideographs. It stays a word of
 * the index, which holds texts as they are, and so stands for itself in quotes. */
static gsize
get_word_len (const char *text)
{
  const char *at = text;

  while (*at != '\0' && *at != '"' && !kith_text_is_space (g_utf8_get_char (at)))
    at = g_utf8_next_char (at);

  return (gsize) (at - text);
}

/**
 * kith_search_query_split:
 * @text: what somebody typed, valid UTF-8
 * @phrase: gets each phrase of it that has a letter or digit
 * @user_data: for @phrase
 */
void
kith_search_query_split (const char *text, KithSearchPhraseFunc phrase, gpointer user_data)
{
  while (*text != '\0')
    {
      gboolean is_quoted = *text == '"';
      const char *from = is_quoted ? text + 1 : text;
      gsize len = is_quoted ? strcspn (from, "\"") : get_word_len (from);

      if (has_word (from, len))
        phrase (from, len, !is_quoted || from[len] == '\0', user_data);
      text = from + len;
      if (*text != '\0' && (is_quoted || *text != '"'))
        text = g_utf8_next_char (text);
    }
}

/* In FTS5 a string is in double quotes; a star behind it makes its last word a beginning. */
static void
append_phrase (const char *text, gsize len, gboolean is_beginning, gpointer user_data)
{
  GString *query = user_data;

  g_string_append (query, query->len > 0 ? " \"" : "\"");
  g_string_append_len (query, text, (gssize) len);
  g_string_append (query, is_beginning ? "\" *" : "\"");
}

char *
kith_search_query_new (const char *text)
{
  GString *query = g_string_sized_new (5 * strlen (text) + 1); /* so that it need not grow: each letter a phrase */

  kith_search_query_split (text, append_phrase, query);
  return g_string_free (query, query->len == 0);
}

static const char *
go_back (const char *text, const char *at, guint n_chars)
{
  while (at > text && n_chars-- > 0)
    at = g_utf8_prev_char (at);

  return at;
}

static const char *
go_on (const char *at, guint n_chars)
{
  while (*at != '\0' && n_chars-- > 0)
    at = g_utf8_next_char (at);

  return at;
}

static void
make_one_line (char *text)
{
  for (char *at = text; *at != '\0'; at++)
    if (*at == '\n' || *at == '\t')
      *at = ' ';
}

char *
kith_search_snippet_new (const char *text, gsize start, gsize end, guint range[2])
{
  const char *from = go_back (text, text + start, SNIPPET_BEFORE_CHARS);
  const char *to = go_on (text + end, SNIPPET_AFTER_CHARS);
  const char *before = from > text ? "…" : "";
  g_autoptr (KithSecretText) middle = g_strndup (from, (gsize) (to - from));
  gsize offset = strlen (before);

  make_one_line (middle);
  range[0] = (guint) ((gsize) (text + start - from) + offset);
  range[1] = (guint) ((gsize) (text + end - from) + offset);
  return g_strconcat (before, middle, *to != '\0' ? "…" : "", NULL);
}

GArray *
kith_search_take_marks (char *snippet)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (guint));
  char *out = snippet;

  for (const char *at = snippet; *at != '\0'; at++)
    {
      guint here = (guint) (out - snippet);

      if (*at == 2 && ranges->len % 2 == 0)
        g_array_append_val (ranges, here);
      else if (*at == 3 && ranges->len % 2 == 1)
        g_array_append_val (ranges, here);
      else if (*at != 2 && *at != 3)
        *out++ = *at;
    }

  *out = '\0';
  if (ranges->len % 2 == 1)
    g_array_set_size (ranges, ranges->len - 1);
  make_one_line (snippet);
  return ranges;
}
