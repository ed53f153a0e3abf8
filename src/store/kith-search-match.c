/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-search-match.h"

#include <string.h>

#define FOLDED_CHAR_BYTES 128 /* the longest decomposition has 18 characters */

/* One character without case and marks, as UTF-8. A mark alone gives nothing.
 * Returns: the number of bytes */
static gsize
fold_char (gunichar c, char out[FOLDED_CHAR_BYTES])
{
  gunichar parts[18];
  gsize n_parts;
  gsize len = 0;

  if (c < 0x80)
    {
      out[0] = g_ascii_tolower ((char) c);
      return 1;
    }

  n_parts = g_unichar_fully_decompose (c, TRUE, parts, G_N_ELEMENTS (parts));
  for (gsize i = 0; i < MIN (n_parts, G_N_ELEMENTS (parts)); i++)
    if (!g_unichar_ismark (parts[i]))
      len += (gsize) g_unichar_to_utf8 (g_unichar_tolower (parts[i]), out + len);

  return len;
}

/**
 * kith_search_fold:
 * @text: valid UTF-8
 *
 * Returns: (transfer full): @text without case and accents
 */
char *
kith_search_fold (const char *text)
{
  GString *folded = g_string_sized_new (strlen (text) + FOLDED_CHAR_BYTES); /* hardly ever has it to grow */

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      char out[FOLDED_CHAR_BYTES];

      g_string_append_len (folded, out, (gssize) fold_char (g_utf8_get_char (at), out));
    }

  return g_string_free (folded, FALSE);
}

/* Where in @at the whole of @folded has been seen, %NULL when it does not begin there. It does not begin
 * with a mark: else each of a run would be a way to the end of it. */
static const char *
match_at (const char *at, const char *folded, gsize folded_len)
{
  gsize matched = 0;

  while (matched < folded_len)
    {
      char out[FOLDED_CHAR_BYTES];
      gsize len;

      if (*at == '\0')
        return NULL;

      len = fold_char (g_utf8_get_char (at), out);
      if (len > folded_len - matched || (len == 0 && matched == 0)
          || memcmp (out, folded + matched, len) != 0)
        return NULL;

      matched += len;
      at = g_utf8_next_char (at);
    }

  return at;
}

/**
 * kith_search_find:
 * @text: valid UTF-8
 * @folded: what to look for, from kith_search_fold(); not empty
 * @start: (out) (optional): where it begins in @text, in bytes
 * @end: (out) (optional): where it ends
 *
 * Returns: whether it is there
 */
gboolean
kith_search_find (const char *text, const char *folded, gsize *start, gsize *end)
{
  gsize folded_len = strlen (folded);
  char first = folded[0];

  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      const char *behind;

      /* Nearly every character of nearly every text ends here. */
      if ((guchar) *at < 0x80 && g_ascii_tolower (*at) != first)
        continue;

      behind = match_at (at, folded, folded_len);
      if (behind == NULL)
        continue;

      if (start != NULL)
        *start = (gsize) (at - text);
      if (end != NULL)
        *end = (gsize) (behind - text);
      return TRUE;
    }

  return FALSE;
}

static void
contains (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);
  const char *folded = (const char *) sqlite3_value_text (values[1]);

  sqlite3_result_int (context, text != NULL && folded != NULL && *folded != '\0'
                                 && kith_search_find (text, folded, NULL, NULL));
}

/**
 * kith_search_match_register:
 * @handle: a connection
 */
void
kith_search_match_register (sqlite3 *handle)
{
  sqlite3_create_function (handle, "kith_contains", 2,
                           SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL, contains,
                           NULL, NULL);
}
