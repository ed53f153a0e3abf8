/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "ui/kith-links.h"
#include "ui/kith-markup.h"

static GArray *
find (const char *text)
{
  g_autoptr (GPtrArray) links = kith_links_find (text);

  return kith_markup_find (text, links);
}

/* One letter for the style, then what is between the marks, for each span. */
static char *
describe (const char *text)
{
  g_autoptr (GArray) spans = find (text);
  GString *words = g_string_new (NULL);

  for (guint i = 0; i < spans->len; i++)
    {
      const KithMarkupSpan *span = &g_array_index (spans, KithMarkupSpan, i);
      guint start = span->start + span->open_bytes;

      if (i > 0)
        g_string_append_c (words, '|');
      g_string_append_c (words, "BISCFQ"[span->style]);
      g_string_append_len (words, text + start, (gssize) (span->end - span->close_bytes - start));
    }

  return g_string_free (words, FALSE);
}

static void
test_find (void)
{
  /* The text, and what is found in it. */
  static const char *const cases[][2] = {
    { "*bold* _italic_ ~gone~ `code`", "Bbold|Iitalic|Sgone|Ccode" },
    { "**bold** ~~gone~~", "Bbold|Sgone" },
    { "(*in brackets*), and _before a stop_.", "Bin brackets|Ibefore a stop" },
    { "*_both_*", "B_both_|Iboth" },
    { "*one _two* three_", "Bone _two|Itwo* three" },
    { "*über Straße*", "Büber Straße" },
    { "*a *b*", "Bb" },
    /* What people write and do not mean. */
    { "2*3*4", "" },
    { "2 * 3 * 4", "" },
    { "snake_case_name _x", "" },
    { "__init__", "" },
    { "*_*", "" },
    { "* one\n* two", "" },
    { "*over\nlines*", "" },
    { "***", "" },
    { "~", "" },
    { "* *", "" },
    { "a ~5 b ~6", "" },
    /* Code: nothing in it is a mark. */
    { "`*x*`", "C*x*" },
    { "``", "" },
    { "` `", "" },
    { "`open *x*", "Bx" },
    { "*a `b* c` d*", "Ba `b* c` d|Cb* c" },
    { "```int *p;\n*p = 1;```", "Fint *p;\n*p = 1;" },
    { "see ```x``` and ```y```", "Fx|Fy" },
    { "```never closed *x*", "Bx" },
    /* Quotes are whole lines. */
    { "> said *so*\nanswer", "Q said *so*|Bso" },
    { ">> twice", "Q> twice" },
    { "a > b", "" },
    { ">_<", "" },
    { ">", "" },
    { "> ", "" },
    /* Links are left alone. */
    { "https://example.org/_a_/*b*", "" },
    { "*https://example.org/a_b_c*", "Bhttps://example.org/a_b_c" },
    { "_see https://example.org/_x now_", "Isee https://example.org/_x now" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = describe (cases[i][0]);

      g_test_message ("case %u: %s", i, cases[i][0]);
      g_assert_cmpstr (found, ==, cases[i][1]);
    }
}

/* Texts of the full length that are made to take long, or to end outside of the text. */
static void
test_hostile (void)
{
  static const char *const units[] = {
    "*",  "_",   "~",    "`",      "```",  ">",     "> ",     "> \n",   "*a",   "*a ",  " *a",  "a*",
    "*_~", "`a ", "*a*", "*a* ",   "` ",   "``` ",  "*`",     "> *a\n", "\n",   "_ _",  "~a~b", "`a` ",
    "```a", "*a _b ~c ", "\u202e*", "*\u0301", "\U0001f600*", "http://a.b/* ", "*http://a.b ", "``a",
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GArray) spans = NULL;
      g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

      while (text->len + strlen (units[i]) <= KITH_LIMIT_MESSAGE_TEXT_BYTES)
        g_string_append (text, units[i]);

      spans = find (text->str);
      g_assert_cmpuint (spans->len, <=, KITH_LIMIT_MARKUP_SPANS);
      for (guint j = 0; j < spans->len; j++)
        {
          const KithMarkupSpan *span = &g_array_index (spans, KithMarkupSpan, j);

          g_assert_cmpuint (span->start + span->open_bytes, <, span->end - span->close_bytes);
          g_assert_cmpuint (span->end, <=, text->len);
          g_assert_true (g_utf8_validate_len (text->str + span->start, span->end - span->start, NULL));
        }

      kith_markup_attributes (spans, attributes);
    }
}

/* Any mixture: only that nothing goes wrong. */
static void
test_random (void)
{
  static const char *const words[] = { "*", "_", "~", "`", "```", ">", " ", "\n", "a", "ä", "http://a.b" };
  guint n_rounds = g_test_slow () ? 200000 : 5000;

  for (guint i = 0; i < n_rounds; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *found = NULL;
      g_autofree char *plain = NULL;

      for (int j = g_test_rand_int_range (0, 40); j > 0; j--)
        g_string_append (text, words[g_test_rand_int_range (0, G_N_ELEMENTS (words))]);

      found = describe (text->str);
      g_assert_true (g_utf8_validate (found, -1, NULL));
      plain = kith_markup_dup_plain (text->str);
      g_assert_true (g_utf8_validate (plain, -1, NULL));
    }
}

/* What stands in the text is never markup of Pango's, and the marks are dimmed but there. */
static void
test_attributes (void)
{
  g_autoptr (GArray) spans = find ("<b>*x*</b>");
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();
  g_autofree char *words = NULL;

  kith_markup_attributes (spans, attributes);
  words = pango_attr_list_to_string (attributes);
  g_assert_nonnull (strstr (words, "4 5 weight bold"));
  g_assert_nonnull (strstr (words, "3 4 foreground-alpha"));
  g_assert_nonnull (strstr (words, "5 6 foreground-alpha"));
}

/* As a preview, a notification and a screen reader have it. */
static void
test_plain (void)
{
  static const char *const cases[][2] = {
    { "*bold* _italic_ ~gone~ `code`", "bold italic gone code" },
    { "**bold** ~~gone~~", "bold gone" },
    { "*_both_*", "both" },
    { "*one _two* three_", "one two three" },
    { "```int *p;\n*p = 1;```", "int *p;\n*p = 1;" },
    { "> said *so*\nanswer", "said so\nanswer" },
    { "> > twice", "twice" },
    { "2*3*4 snake_case a > b", "2*3*4 snake_case a > b" },
    { "_see https://example.org/_x now_", "see https://example.org/_x now" },
    { "*über Straße*", "über Straße" },
    { "", "" },
  };
  g_autofree char *line = kith_markup_dup_line ("> Shall we\n\n*go*?");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *plain = kith_markup_dup_plain (cases[i][0]);

      g_assert_cmpstr (plain, ==, cases[i][1]);
    }

  g_assert_cmpstr (line, ==, "Shall we go?");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/markup/find", test_find);
  g_test_add_func ("/markup/hostile", test_hostile);
  g_test_add_func ("/markup/random", test_random);
  g_test_add_func ("/markup/attributes", test_attributes);
  g_test_add_func ("/markup/plain", test_plain);

  return g_test_run ();
}
