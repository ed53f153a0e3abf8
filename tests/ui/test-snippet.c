/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "ui/kith-snippet.h"

/* The text, the snippet of it, what was found there, and what is shown with that in brackets. */
static const char *const cases[][4] = {
  { "*bold* words", "*bold* words", "bold", "[bold] words" },
  { "*bold* words", "*bold* words", "words", "bold [words]" },
  /* Only one half of the marks is in the snippet. */
  { "so it _goes on and on to the end_ of it", "…on to the end_ of it", "end", "…on to the [end] of it" },
  { "so it _goes on and on to the end_ of it", "so it _goes on…", "goes", "so it [goes] on…" },
  /* What is no mark in the text is none here. */
  { "2*3 and *so on", "2*3 and *so on", "so", "2*3 and *[so] on" },
  { "a * b\nc * d", "a * b c * d", "c", "a * b [c] * d" },
  /* Lines are one line. */
  { "> they said\nand I *know*", "> they said and I *know*", "know", "they said and I [know]" },
  { "```\ncode\n```", "``` code ```", "code", " [code] " },
  /* A link has no marks in it. */
  { "https://example.org/_a_ *b*", "https://example.org/_a_ *b*", "_a_", "https://example.org/[_a_] b" },
  { "*über* Straße", "*über* Straße", "Straße", "über [Straße]" },
  /* What cannot be found in the text is taken as it is. */
  { "another text", "*no* part of it", "part", "no [part] of it" },
  { "", "", "", "[]" },
  { "…", "…", "…", "[…]" },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *found = strstr (cases[i][1], cases[i][2]);
      guint start = (guint) (found - cases[i][1]);
      KithSearchRange range = { start, start + (guint) strlen (cases[i][2]) };
      KithSearchRange shown;
      g_autofree char *plain = kith_snippet_dup_plain (cases[i][0], cases[i][1], &range, 1, &shown);
      g_autofree char *words = g_strdup_printf ("%.*s[%.*s]%s", (int) shown.start, plain,
                                                (int) (shown.end - shown.start), plain + shown.start,
                                                plain + shown.end);

      g_assert_cmpstr (words, ==, cases[i][3]);
    }
}

/* A range that ends behind the snippet ends with it. */
static void
test_range (void)
{
  KithSearchRange range = { 2, 99 }, shown;
  g_autofree char *plain = kith_snippet_dup_plain ("a *b*", "a *b*", &range, 1, &shown);

  g_assert_cmpstr (plain, ==, "a b");
  g_assert_cmpuint (shown.start, ==, 2);
  g_assert_cmpuint (shown.end, ==, 3);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/snippet/cases", test_cases);
  g_test_add_func ("/snippet/range", test_range);

  return g_test_run ();
}
