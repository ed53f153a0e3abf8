/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching: what is asked of the index, what is a word, and what of a text is shown. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "store/kith-search-match.h"
#include "store/kith-search-query.h"

/* --- Queries -------------------------------------------------------------------------------- */

static void
test_queries (void)
{
  static const struct
  {
    const char *text;
    const char *query;
  } cases[] = {
    { "one", "\"one\" *" },
    { "one two", "\"one\" * \"two\" *" },
    { "\"one two\" three", "\"one two\" \"three\" *" },
    { "\"one two", "\"one two\" *" },
    { "one\"two\"", "\"one\" * \"two\"" },
    { "\"\"", NULL },
    { "\"\" one", "\"one\" *" },
    { "...", NULL },
    { "- one", "\"one\" *" },
    { "a* NOT b", "\"a*\" * \"NOT\" * \"b\" *" },
    { "text:x", "\"text:x\" *" },
    { "北京", "\"北京\" *" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *query = kith_search_query_new (cases[i].text);

      g_assert_cmpstr (query, ==, cases[i].query);
    }
}

/* --- Matching ------------------------------------------------------------------------------- */

static void
assert_found (const char *text, const char *what, gint start, gint end)
{
  g_autofree char *folded = kith_search_fold (what);
  gsize from = 0;
  gsize to = 0;

  g_assert_cmpint (kith_search_find (text, folded, &from, &to), ==, start >= 0);
  if (start < 0)
    return;
  g_assert_cmpuint (from, ==, start);
  g_assert_cmpuint (to, ==, end);
}

static void
test_match (void)
{
  assert_found ("Hello World", "LO wO", 3, 8);
  assert_found ("Café", "cafe", 0, 5);
  assert_found ("Cafe\xcc\x81!", "fé!", 2, 7);
  assert_found ("größe", "GROSSE", -1, 0);
  assert_found ("ﬁsh", "fish", 0, 5);
  assert_found ("ﬁsh", "ish", -1, 0);
  assert_found ("ABC", "abcd", -1, 0);
  assert_found ("aab", "ab", 1, 3);
  assert_found ("", "a", -1, 0);
  assert_found ("我们在北京", "北京", 9, 15);
}

/* A run of marks is walked once and not from each of them: else this took hours. */
static void
test_marks (void)
{
  g_autoptr (GString) text = g_string_new ("a");
  g_autoptr (GTimer) timer = NULL;
  gsize marks_bytes;

  for (guint i = 0; i < 500000; i++)
    g_string_append (text, "\xcc\x96");
  marks_bytes = text->len;
  timer = g_timer_new ();
  assert_found (text->str, "ab", -1, 0);
  g_string_append (text, "b");
  assert_found (text->str, "ab", 0, (gint) text->len);
  assert_found (text->str, "b", (gint) marks_bytes, (gint) text->len);
  g_assert_cmpfloat (g_timer_elapsed (timer, NULL), <, 20.0);
}

/* --- Snippets ------------------------------------------------------------------------------- */

static void
test_snippet_inside (void)
{
  g_autofree char *before = g_strnfill (100, 'a');
  g_autofree char *after = g_strnfill (100, 'b');
  g_autofree char *text = g_strconcat (before, "é\n", "HIT", after, NULL);
  guint range[2];
  g_autofree char *snippet = kith_search_snippet_new (text, 103, 106, range);
  g_autofree char *whole = kith_search_snippet_new ("HIT", 0, 3, range);

  g_assert_cmpstr (whole, ==, "HIT");
  g_assert_cmpuint (range[0], ==, 0);
  g_assert_cmpuint (range[1], ==, 3);
  g_free (whole);
  whole = NULL;

  g_free (snippet);
  snippet = kith_search_snippet_new (text, 103, 106, range);
  g_assert_true (g_str_has_prefix (snippet, "…"));
  g_assert_true (g_str_has_suffix (snippet, "…"));
  g_assert_cmpint (strncmp (snippet + range[0], "HIT", 3), ==, 0);
  g_assert_cmpuint (range[1] - range[0], ==, 3);
  g_assert_null (strchr (snippet, '\n'));
  g_assert_true (g_utf8_validate (snippet, -1, NULL));
}

static void
test_snippet_marks (void)
{
  static const struct
  {
    const char *marked;
    const char *text;
    guint       n;
    guint       ranges[4];
  } cases[] = {
    { "a \2word\3 and \2more\3", "a word and more", 4, { 2, 6, 11, 15 } },
    { "none", "none", 0, { 0 } },
    { "\3odd\2", "odd", 0, { 0 } },
    { "\2a\2b\3", "ab", 2, { 0, 2 } },
    { "\2\3", "", 2, { 0, 0 } },
    { "line\n\2next\3", "line next", 2, { 5, 9 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup (cases[i].marked);
      g_autoptr (GArray) ranges = kith_search_take_marks (text);

      g_assert_cmpstr (text, ==, cases[i].text);
      g_assert_cmpuint (ranges->len, ==, cases[i].n);
      for (guint j = 0; j < ranges->len; j++)
        g_assert_cmpuint (g_array_index (ranges, guint, j), ==, cases[i].ranges[j]);
    }
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-words/queries", test_queries);
  g_test_add_func ("/search-words/match", test_match);
  g_test_add_func ("/search-words/marks", test_marks);
  g_test_add_func ("/search-words/snippet-inside", test_snippet_inside);
  g_test_add_func ("/search-words/snippet-marks", test_snippet_marks);
  return g_test_run ();
}
