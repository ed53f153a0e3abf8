/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include "kith-bench-text.h"

#include <math.h>

#define CJK_PERCENT 8
#define CJK_FIRST 0x4e00
#define CJK_CHARACTERS 3000

guint
kith_bench_zipf (GRand *rand, guint n)
{
  double rank = exp (g_rand_double (rand) * log ((double) n + 1));

  return (guint) rank;
}

/* Syllables that spell the rank: frequent words are short. */
char *
kith_bench_word (guint rank)
{
  static const char *const syllables[] = { "ka", "to", "mi", "ren", "sol", "vu", "da", "lin",
                                           "po", "ser", "an", "gi", "wo", "be", "tal", "un" };
  GString *word = g_string_new (NULL);

  for (guint left = rank; left > 0; left /= G_N_ELEMENTS (syllables))
    g_string_append (word, syllables[left % G_N_ELEMENTS (syllables)]);
  return g_string_free (word, FALSE);
}

char *
kith_bench_message (GRand *rand)
{
  GString *text = g_string_new (NULL);
  gboolean is_cjk = g_rand_int_range (rand, 0, 100) < CJK_PERCENT;
  guint n = 2 + kith_bench_zipf (rand, 30);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *word = NULL;

      if (is_cjk)
        {
          g_string_append_unichar (text, CJK_FIRST + kith_bench_zipf (rand, CJK_CHARACTERS));
          continue;
        }
      word = kith_bench_word (kith_bench_zipf (rand, KITH_BENCH_WORDS));
      g_string_append_printf (text, "%s%s", i == 0 ? "" : " ", word);
    }
  return g_string_free (text, FALSE);
}

/* Two words of a message; one where it has no more. */
static char *
new_phrase (GRand *rand, GPtrArray *texts)
{
  const char *text = g_ptr_array_index (texts, g_rand_int_range (rand, 0, (gint32) texts->len));
  g_auto (GStrv) words = g_strsplit (text, " ", 3);

  return words[0] != NULL && words[1] != NULL ? g_strconcat (words[0], " ", words[1], NULL) : g_strdup (text);
}

char *
kith_bench_query (GRand *rand, GPtrArray *texts, KithBenchQuery kind)
{
  return kind == KITH_BENCH_PHRASE ? new_phrase (rand, texts)
                                   : kith_bench_word (kith_bench_zipf (rand, KITH_BENCH_WORDS));
}
