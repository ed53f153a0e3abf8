/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "ui/kith-dictionary.h"
#include "ui/kith-spelling-words.h"

/* The words with a bar between them. */
static char *
describe (const char *text)
{
  g_autoptr (GArray) words = kith_spelling_find_words (text, "en_US");
  GString *found = g_string_new (NULL);

  for (guint i = 0; i < words->len; i++)
    {
      KithSpelledWord word = g_array_index (words, KithSpelledWord, i);

      if (i > 0)
        g_string_append_c (found, '|');
      g_string_append_len (found, text + word.start, (gssize) (word.end - word.start));
    }

  return g_string_free (found, FALSE);
}

static void
test_words (void)
{
  static const char *const cases[][2] = {
    { "", "" },
    { "Hello there, you!", "Hello|there|you" },
    { "don't you\u2019re 'quoted'", "don't|you\u2019re|quoted" },
    { "*bold* _italic_ ~gone~", "bold|italic|gone" },
    { "see `strcpy (dst)` and ```int mian (void)``` now", "see|and|now" },
    { "at https://example.org/wrnog today", "at|today" },
    { "@Tmo come here", "come|here" },
    { "@\"Tmo Smiht\" come here", "come|here" },
    { "/brodcast to all", "to|all" },
    { "ask @tmo about #wrok and/or so", "ask|about|and|so" },
    { "snake_case 3rd x NASA 12", "" },
    { "\u043f\u0440\u0438\u0432\u0435\u0442 \u6f22\u5b57 word", "word" },
    { "caf\u00e9 \U0001f600 ok", "caf\u00e9|ok" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = describe (cases[i][0]);

      g_assert_cmpstr (found, ==, cases[i][1]);
    }
}

static void
test_hostile (void)
{
  static const char *const units[]
      = { "a", "a ", "_", "@", "/", "'", "\u0301", "\u200d", "\U0001f600", "a_b ", "`", "```", "http://a.b " };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GArray) words = NULL;

      while (text->len < 2 * KITH_LIMIT_MESSAGE_TEXT_BYTES)
        g_string_append (text, units[i]);

      words = kith_spelling_find_words (text->str, "en_US");
      for (guint j = 0; j < words->len; j++)
        {
          KithSpelledWord word = g_array_index (words, KithSpelledWord, j);

          g_assert_cmpuint (word.start, <, word.end);
          g_assert_cmpuint (word.end, <=, text->len);
        }
    }
}

static gboolean
has (KithDictionary *dictionary, const char *word)
{
  return kith_dictionary_has (dictionary, word, strlen (word));
}

static void
test_dictionary (void)
{
  g_autofree char *language = NULL;
  g_autofree char *longest = g_strnfill (KITH_LIMIT_SPELLED_WORD_BYTES + 1, 'x');
  g_autoptr (KithDictionary) dictionary = NULL;
  g_autoptr (KithDictionary) another = NULL;
  g_auto (GStrv) suggestions = NULL;

  g_setenv ("LANGUAGE", "xx_XX:en_US", TRUE);
  language = kith_dictionary_dup_default_language ();
  if (language == NULL)
    {
      g_test_skip ("no dictionary of English is installed");
      return;
    }

  g_assert_cmpstr (language, ==, "en_US");
  dictionary = kith_dictionary_new ();
  g_assert_cmpstr (kith_dictionary_get_language (dictionary), ==, "en_US");
  g_assert_true (has (dictionary, "friend"));
  g_assert_true (has (dictionary, longest));
  g_assert_false (has (dictionary, "freind"));
  suggestions = kith_dictionary_suggest (dictionary, "freind");
  g_assert_true (g_strv_contains ((const char *const *) suggestions, "friend"));
  g_assert_cmpuint (g_strv_length (suggestions), <=, KITH_LIMIT_SPELLING_SUGGESTIONS);

  /* What it learns is forgotten with it, and stands in no file. */
  kith_dictionary_teach (dictionary, "freind");
  kith_dictionary_teach (dictionary, "");
  g_assert_true (has (dictionary, "freind"));
  another = kith_dictionary_new ();
  g_assert_false (has (another, "freind"));
}

static void
test_no_dictionary (void)
{
  g_autofree char *language = NULL;

  g_setenv ("LANGUAGE", "xx_XX", TRUE);
  language = kith_dictionary_dup_default_language ();
  g_assert_null (language);
  g_assert_null (kith_dictionary_new ());
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/spelling/words", test_words);
  g_test_add_func ("/spelling/hostile", test_hostile);
  g_test_add_func ("/spelling/dictionary", test_dictionary);
  g_test_add_func ("/spelling/no-dictionary", test_no_dictionary);

  return g_test_run ();
}
