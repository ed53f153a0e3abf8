/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "ui/kith-excerpt.h"

static char *
repeat (const char *unit, gsize n_bytes)
{
  GString *text = g_string_new (NULL);

  while (text->len + strlen (unit) <= n_bytes)
    g_string_append (text, unit);

  return g_string_free (text, FALSE);
}

static void
test_whole (void)
{
  g_autofree char *lines = repeat ("a\n", 2 * KITH_LIMIT_SHOWN_LINES);
  g_autofree char *a_little_more = repeat ("a", KITH_LIMIT_SHOWN_CHARS + 50);

  g_assert_cmpuint (kith_excerpt_find_end (""), ==, 0);
  g_assert_cmpuint (kith_excerpt_find_end ("Hello"), ==, 5);
  g_assert_cmpuint (kith_excerpt_find_end (lines), ==, strlen (lines));
  g_assert_cmpuint (kith_excerpt_find_end (a_little_more), ==, strlen (a_little_more));
}

static void
test_lines (void)
{
  g_autofree char *text = repeat ("a\n", 4 * KITH_LIMIT_SHOWN_LINES);

  g_assert_cmpuint (kith_excerpt_find_end (text), ==, 2 * KITH_LIMIT_SHOWN_LINES - 1);
}

static void
test_words (void)
{
  g_autofree char *text = repeat ("several words ", 4 * KITH_LIMIT_SHOWN_CHARS);
  gsize end = kith_excerpt_find_end (text);

  g_assert_cmpuint (end, <=, KITH_LIMIT_SHOWN_CHARS);
  g_assert_cmpuint (end, >, KITH_LIMIT_SHOWN_CHARS - 80);
  g_assert_true (g_ascii_isspace (text[end]));
}

/* Whatever comes, the cut is between two characters, bounded, and not within one that is seen. */
static void
test_hostile (void)
{
  static const char *const units[] = {
    "a", "ä", "漢", "😀", "\n", " ", "e\u0301\u0302\u0303", "\u0301", "👩\u200d👩\u200d👧", "👍\U0001f3fd",
    "\u200d", "\u202e*",
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autofree char *text = repeat (units[i], KITH_LIMIT_MESSAGE_TEXT_BYTES);
      gsize end = kith_excerpt_find_end (text);

      g_assert_cmpuint (end, >, 0);
      g_assert_cmpuint (end, <=, KITH_LIMIT_SHOWN_BYTES + 4);
      g_assert_true (g_utf8_validate_len (text, end, NULL));
      /* Those of which nothing but such characters is made are cut somewhere. */
      if (g_unichar_isgraph (g_utf8_get_char (units[i])) && !g_unichar_ismark (g_utf8_get_char (units[i])))
        g_assert_cmpuint (end % strlen (units[i]), ==, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/excerpt/whole", test_whole);
  g_test_add_func ("/excerpt/lines", test_lines);
  g_test_add_func ("/excerpt/words", test_words);
  g_test_add_func ("/excerpt/hostile", test_hostile);

  return g_test_run ();
}
