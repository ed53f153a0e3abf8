/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gtk/gtk.h>

#include "ui/kith-sentence.h"

/* Here capitals of a name stand for Hebrew letters, as in UAX 9: what is read from right to left. */
#define ALEF 0x5d0
#define FSI "\xe2\x81\xa8"
#define PDI "\xe2\x81\xa9"
#define RLO "\xe2\x80\xae"

static char *
to_letters (const char *name)
{
  GString *letters = g_string_new (NULL);

  for (; *name != '\0'; name = g_utf8_next_char (name))
    {
      gunichar c = g_utf8_get_char (name);

      g_string_append_unichar (letters, c >= 'A' && c <= 'Z' ? ALEF + c - 'A' : c);
    }

  return g_string_free (letters, FALSE);
}

static void
turn (gunichar *characters, guint8 *levels, glong n)
{
  for (glong i = 0; i < n / 2; i++)
    {
      gunichar c = characters[i];
      guint8 level = levels[i];

      characters[i] = characters[n - 1 - i];
      characters[n - 1 - i] = c;
      levels[i] = levels[n - 1 - i];
      levels[n - 1 - i] = level;
    }
}

/* As Pango does for a label. */
static PangoDirection
find_direction (const char *sentence)
{
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  return pango_find_base_dir (sentence, -1);
  G_GNUC_END_IGNORE_DEPRECATIONS
}

/* Returns: (transfer full): what stands in a label, from its left to its right */
static char *
look_at (const char *sentence)
{
  PangoDirection direction = find_direction (sentence);
  g_autofree guint8 *levels = pango_log2vis_get_embedding_levels (sentence, -1, &direction);
  glong n = 0;
  g_autofree gunichar *characters = g_utf8_to_ucs4_fast (sentence, -1, &n);
  GString *seen = g_string_new (NULL);

  for (guint level = 8; level > 0; level--)
    for (glong i = 0, end; i < n; i = end + 1)
      {
        for (end = i; end < n && levels[end] >= level; end++)
          ;
        turn (characters + i, levels + i, end - i);
      }

  for (glong i = 0; i < n; i++)
    {
      gunichar c = characters[i];

      if (c >= ALEF && c < ALEF + 26)
        g_string_append_unichar (seen, c - ALEF + 'A');
      else if (g_unichar_type (c) != G_UNICODE_FORMAT)
        g_string_append_unichar (seen, c);
    }

  return g_string_free (seen, FALSE);
}

static void
assert_seen (char *sentence, const char *wanted)
{
  g_autofree char *seen = look_at (sentence);

  g_assert_cmpstr (seen, ==, wanted);
  g_free (sentence);
}

static void
test_left_to_right (void)
{
  g_autofree char *name = to_letters ("ABC");
  g_autofree char *loud = to_letters ("ABC!");
  g_autofree char *seventh = to_letters ("ABC 7");

  assert_seen (kith_sentence_make ("%s left", loud), "!CBA left");
  assert_seen (kith_sentence_make ("%s removed %s", name, loud), "CBA removed !CBA");
  assert_seen (kith_sentence_make ("%s: %u messages", seventh, 3u), "7 CBA: 3 messages");
  assert_seen (kith_sentence_make ("Leave “%s”?", loud), "Leave “!CBA”?");
  assert_seen (kith_sentence_make ("%s: %s", name, seventh), "CBA: 7 CBA");
}

static void
test_right_to_left (void)
{
  g_autofree char *name = to_letters ("ABC");

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  /* “%s XYZ”, and “XYZ %s” */
  assert_seen (kith_sentence_make ("%s \xd7\xa7\xd7\xa8\xd7\xa9", "ann!"), "ZYX ann!");
  assert_seen (kith_sentence_make ("\xd7\xa7\xd7\xa8\xd7\xa9 %s \xd7\xa7", "ann (2)"), "X ann (2) ZYX");
  assert_seen (kith_sentence_make ("%s: %s", name, "ann?"), "ann? :CBA");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
}

/* Where nothing could go wrong, nothing is put in that is not seen. */
static void
test_as_it_is (void)
{
  g_autofree char *plain = kith_sentence_make ("%s removed %s (%d%%)", "Ann!", "Zoë 2", -5);
  g_autofree char *turned = kith_sentence_make ("%2$s: %1$u, %2$s", 7u, "Ann");
  g_autofree char *other = kith_sentence_make ("%.1f %s", .5, "Ann");
  g_autofree char *nothing = kith_sentence_make ("“%s”", (const char *) NULL);
  g_autofree char *name = to_letters ("ABC");
  g_autofree char *rtl = NULL;

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  rtl = kith_sentence_isolate (name);
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);

  g_assert_cmpstr (plain, ==, "Ann! removed Zoë 2 (-5%)");
  g_assert_cmpstr (turned, ==, "Ann: 7, Ann");
  g_assert_cmpstr (other, ==, "0.5 Ann");
  g_assert_cmpstr (nothing, ==, "“”");
  g_assert_cmpstr (rtl, ==, name);
}

/* A message can have such characters in it: they end with it. */
static void
test_no_way_out (void)
{
  static const char *const texts[] = { PDI "abc", FSI "abc", FSI FSI "abc" PDI, RLO "abc", PDI PDI RLO "abc" FSI };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *sentence = kith_sentence_make ("ann: %s, and more", texts[i]);
      g_autofree char *seen = look_at (sentence);

      g_test_message ("case %u: %s", i, seen);
      g_assert_true (g_str_has_prefix (seen, "ann: "));
      g_assert_true (g_str_has_suffix (seen, ", and more"));
    }
}

static void
test_spoken (void)
{
  g_autofree char *name = to_letters ("ABC!");
  g_autofree char *sentence = kith_sentence_make ("%s left", name);
  g_autofree char *spoken = kith_sentence_dup_spoken (sentence);
  g_autofree char *wanted = g_strdup_printf ("%s left", name);

  g_assert_cmpstr (sentence, !=, wanted);
  g_assert_cmpstr (spoken, ==, wanted);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sentence/left-to-right", test_left_to_right);
  g_test_add_func ("/sentence/right-to-left", test_right_to_left);
  g_test_add_func ("/sentence/as-it-is", test_as_it_is);
  g_test_add_func ("/sentence/no-way-out", test_no_way_out);
  g_test_add_func ("/sentence/spoken", test_spoken);

  return g_test_run ();
}
