/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the help hang together: links lead somewhere, and steps are counted. */
#include "config.h"

#include "ui/kith-help.h"

/* A help that nobody reads to its end is none. */
#define MAX_PARTS 20
#define MAX_CHARS 2000

static void
test_find (void)
{
  static const char *const ids[]
      = { "reach", "verify", "groups", "unreachable", "protected", "backup", "damaged", "lost", "erase" };
  gsize n_pages;
  const KithHelpPage *pages = kith_help_get_pages (&n_pages);

  g_assert_cmpuint (n_pages, ==, G_N_ELEMENTS (ids));
  for (gsize i = 0; i < G_N_ELEMENTS (ids); i++)
    g_assert_cmpstr (pages[i].id, ==, ids[i]);
  for (gsize i = 0; i < n_pages; i++)
    g_assert_true (kith_help_find_page (pages[i].id) == &pages[i]);

  g_assert_null (kith_help_find_page (NULL));
  g_assert_null (kith_help_find_page (""));
  g_assert_null (kith_help_find_page ("nothing"));
}

static void
test_parts (void)
{
  gsize n_pages;
  const KithHelpPage *pages = kith_help_get_pages (&n_pages);

  for (gsize i = 0; i < n_pages; i++)
    {
      glong n_chars = 0;

      g_assert_cmpuint (pages[i].n_parts, <=, MAX_PARTS);
      for (gsize j = 0; j < pages[i].n_parts; j++)
        {
          const KithHelpPart *part = &pages[i].parts[j];

          g_assert_true ((part->words == NULL) == (part->kind == KITH_HELP_SEE));
          g_assert_true ((part->target != NULL)
                         == (part->kind == KITH_HELP_SEE || part->kind == KITH_HELP_DO));
          if (part->kind == KITH_HELP_DO)
            g_assert_true (g_str_has_prefix (part->target, "win."));
          if (part->kind == KITH_HELP_SEE)
            g_assert_true (kith_help_find_page (part->target) != NULL
                           && kith_help_find_page (part->target) != &pages[i]);
          if (part->words != NULL)
            n_chars += g_utf8_strlen (part->words, -1);
        }
      g_assert_cmpint (n_chars, <, MAX_CHARS);
    }
}

static void
test_steps (void)
{
  static const KithHelpPart parts[] = {
    { KITH_HELP_STEP, "a", NULL }, { KITH_HELP_STEP, "b", NULL }, { KITH_HELP_TEXT, "c", NULL },
    { KITH_HELP_STEP, "d", NULL }, { KITH_HELP_STEP, "e", NULL },
  };
  static const guint steps[] = { 1, 2, 0, 1, 2 };
  const KithHelpPage page = { "page", "Page", "icon", parts, G_N_ELEMENTS (parts) };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_assert_cmpuint (kith_help_get_step (&page, i), ==, steps[i]);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/help/find", test_find);
  g_test_add_func ("/help/parts", test_parts);
  g_test_add_func ("/help/steps", test_steps);

  return g_test_run ();
}
