/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "ui/kith-links.h"

static void
test_find (void)
{
  /* The text, the link as it stands there, and where it leads; none when NULL. */
  static const char *const cases[][3] = {
    { "https://example.org", "https://example.org", "https://example.org" },
    { "see http://example.org/a?b=c#d now", "http://example.org/a?b=c#d",
      "http://example.org/a?b=c#d" },
    { "HTTPS://Example.ORG/Path", "HTTPS://Example.ORG/Path", "https://example.org/Path" },
    { "Is it https://example.org?", "https://example.org", "https://example.org" },
    { "(https://example.org/x)", "https://example.org/x", "https://example.org/x" },
    { "https://example.org/x_(y).", "https://example.org/x_(y)", "https://example.org/x_(y)" },
    { "<https://example.org>", "https://example.org", "https://example.org" },
    { "https://example.org:8443/", "https://example.org:8443/", "https://example.org:8443/" },
    { "https://bücher.example/", "https://bücher.example/", "https://xn--bcher-kva.example/" },
    /* A Cyrillic letter in the name shows as what it is. */
    { "https://ex\u0430mple.org", "https://ex\u0430mple.org", "https://xn--exmple-4nf.org" },
    { "https://[2001:db8::7]/", "https://[2001:db8::7]/", "https://[2001:db8::7]/" },
    /* Right-to-left override ends a link. */
    { "https://example.org/\u202egpj.exe", "https://example.org/", "https://example.org/" },
    { "https://user:secret@example.org/", NULL, NULL },
    { "https://bank.example@evil.example/", NULL, NULL },
    { "ftp://example.org", NULL, NULL },
    { "file:///etc/passwd", NULL, NULL },
    { "javascript:alert(1)", NULL, NULL },
    { "xhttps://example.org", NULL, NULL },
    { "https://", NULL, NULL },
    { "https:///x", NULL, NULL },
    { "https://example.org;x", NULL, NULL },
    { "https://example.org:80;x/y", NULL, NULL },
    { "www.example.org", NULL, NULL },
    { "", NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) links = kith_links_find (cases[i][0]);
      KithLink *link;
      g_autofree char *text = NULL;

      g_test_message ("case %u", i);
      g_assert_cmpuint (links->len, ==, cases[i][1] != NULL ? 1 : 0);
      if (links->len == 0)
        continue;

      link = g_ptr_array_index (links, 0);
      text = g_strndup (cases[i][0] + link->start, link->end - link->start);
      g_assert_cmpstr (text, ==, cases[i][1]);
      g_assert_cmpstr (link->uri, ==, cases[i][2]);
    }
}

static void
test_several (void)
{
  g_autoptr (GPtrArray) links = kith_links_find ("https://a.example,https://b.example http://c.example");

  g_assert_cmpuint (links->len, ==, 2);
}

static void
test_limits (void)
{
  g_autoptr (GString) many = g_string_new (NULL);
  g_autoptr (GString) huge = g_string_new ("https://example.org/");
  g_autoptr (GPtrArray) of_many = NULL;
  g_autoptr (GPtrArray) of_huge = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append (many, "http://a.example ");
  for (guint i = 0; i < 16000; i++)
    g_string_append_c (huge, 'x');

  of_many = kith_links_find (many->str);
  of_huge = kith_links_find (huge->str);
  g_assert_cmpuint (of_many->len, ==, 50);
  g_assert_cmpuint (of_huge->len, ==, 0);
}

static void
test_question (void)
{
  g_autofree char *plain = kith_links_dup_question ("https://example.org:8443/x");
  g_autofree char *alike = kith_links_dup_question ("https://xn--exmple-4nf.org/");

  g_assert_nonnull (strstr (plain, "a page of example.org,"));
  g_assert_null (strstr (plain, "look like"));
  g_assert_true (g_str_has_suffix (plain, "\n\nhttps://example.org:8443/x"));

  g_assert_nonnull (strstr (alike, "a page of xn--exmple-4nf.org,"));
  g_assert_nonnull (strstr (alike, "“ex\u0430mple.org”"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/links/find", test_find);
  g_test_add_func ("/links/several", test_several);
  g_test_add_func ("/links/limits", test_limits);
  g_test_add_func ("/links/question", test_question);

  return g_test_run ();
}
