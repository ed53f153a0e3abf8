/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-snippet.h"

#include <string.h>

#include "ui/kith-markup.h"

#define ELLIPSIS "…"

static char *
dup_one_line (const char *text)
{
  return g_strdelimit (g_strdup (text), "\n\t", ' ');
}

/* A snippet is a part of the text in one line, with an ellipsis where something is left out. Returns: whether
 * the part from @start to @end of @snippet is at @at in @text */
static gboolean
find_part (const char *text, const char *snippet, gsize *start, gsize *end, gsize *at)
{
  g_autofree char *line = dup_one_line (text);
  g_autofree char *part = NULL;
  const char *found;

  *start = g_str_has_prefix (snippet, ELLIPSIS) ? strlen (ELLIPSIS) : 0;
  *end = strlen (snippet);
  if (*end - *start >= strlen (ELLIPSIS) && g_str_has_suffix (snippet, ELLIPSIS))
    *end -= strlen (ELLIPSIS);

  part = g_strndup (snippet + *start, *end - *start);
  found = strstr (line, part);
  if (found != NULL)
    *at = (gsize) (found - line);

  return found != NULL;
}

/* Returns: (transfer full): for each byte of @snippet whether it belongs to a mark of @text */
static guint8 *
dup_marks (const char *text, const char *snippet)
{
  g_autofree guint8 *of_text = NULL;
  guint8 *marks;
  gsize start, end, at;

  /* The other half of a mark may stand outside of the snippet. */
  if (!find_part (text, snippet, &start, &end, &at))
    return kith_markup_dup_marks (snippet);

  of_text = kith_markup_dup_marks (text);
  marks = g_malloc0 (strlen (snippet) + 1);
  memcpy (marks + start, of_text + at, end - start);

  return marks;
}

/**
 * kith_snippet_dup_plain:
 * @text: the message
 * @snippet: a line of it around what was found
 * @ranges: (array length=n_ranges): what was found, in bytes of @snippet
 * @n_ranges: how many
 * @plain_ranges: (out caller-allocates) (array length=n_ranges): the same in what is returned
 *
 * Returns: (transfer full): @snippet without the marks of simple formatting
 */
char *
kith_snippet_dup_plain (const char *text, const char *snippet, const KithSearchRange *ranges,
                        guint n_ranges, KithSearchRange *plain_ranges)
{
  g_autofree guint8 *is_mark = dup_marks (text, snippet);
  gsize len = strlen (snippet);
  g_autofree guint *place = g_new (guint, len + 1);
  GString *plain = g_string_sized_new (len);

  for (gsize i = 0; i < len; i++)
    {
      place[i] = (guint) plain->len;
      if (!is_mark[i])
        g_string_append_c (plain, snippet[i]);
    }
  place[len] = (guint) plain->len;

  for (guint i = 0; i < n_ranges; i++)
    plain_ranges[i] = (KithSearchRange){
      place[MIN (ranges[i].start, len)],
      place[MIN (ranges[i].end, len)],
    };

  return g_string_free (plain, FALSE);
}
