/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-command-line.h"
#include "node/kith-directory.h"
#include "node/kith-explain.h"
#include "node/kith-hlc.h"
#include "node/kith-own-addresses.h"

static void
test_hlc (void)
{
  KithHlc clock = { 0 };
  const gint64 now_ms = 1000000;
  guint64 first = kith_hlc_next (&clock, now_ms);
  guint64 ahead;

  g_assert_cmpuint (first, ==, (guint64) now_ms << 16);
  g_assert_cmpuint (kith_hlc_next (&clock, now_ms), ==, first + 1);
  g_assert_cmpuint (kith_hlc_next (&clock, now_ms - 5000), ==, first + 2); /* the clock steps back */
  ahead = (guint64) (now_ms + KITH_LIMIT_HLC_AHEAD_MS) << 16;
  g_assert_cmpuint (kith_hlc_receive (&clock, ahead, now_ms), ==, ahead);
  g_assert_cmpuint (kith_hlc_next (&clock, now_ms), ==, ahead + 1);
  clock.last = first;
  g_assert_cmpuint (kith_hlc_receive (&clock, ahead + 1, now_ms), ==, first + 1); /* too far ahead */
  g_assert_cmpuint (kith_hlc_receive (&clock, G_MAXUINT64, now_ms), ==, first + 2);
  g_assert_cmpuint (kith_hlc_receive (&clock, 3, now_ms), ==, 3);
}

static void
test_lines (void)
{
  static const struct
  {
    const char  *text;
    KithLineKind kind;
    const char  *word;
    const char  *rest;
  } table[] = {
    { "", KITH_LINE_EMPTY, NULL, NULL },
    { "  \t", KITH_LINE_EMPTY, NULL, NULL },
    { "hello  you ", KITH_LINE_TEXT, NULL, "hello  you " },
    { "/quit", KITH_LINE_COMMAND, "quit", "" },
    { " /connect  1.2.3.4 5484", KITH_LINE_COMMAND, "connect", "1.2.3.4 5484" },
    { "@ann  hello you", KITH_LINE_MENTION, "ann", "hello you" },
    { "@\"Ann B\" hello", KITH_LINE_MENTION, "Ann B", "hello" },
    { "@\"Ann hello", KITH_LINE_MENTION, "\"Ann", "hello" },
    { "//etc", KITH_LINE_TEXT, NULL, "/etc" },
    { "/ no", KITH_LINE_TEXT, NULL, "/ no" },
    { "@", KITH_LINE_TEXT, NULL, "@" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_auto (KithLine) line = { 0 };

      kith_line_parse (&line, table[i].text);
      g_assert_cmpint (line.kind, ==, table[i].kind);
      g_assert_cmpstr (line.word, ==, table[i].word);
      g_assert_cmpstr (line.rest, ==, table[i].rest);
    }
}

/* Every error has words of its own, and none of them is the technical message. */
static void
test_explain (void)
{
  for (guint code = KITH_ERROR_INVALID; code <= KITH_ERROR_LAST; code++)
    {
      g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, (gint) code, "technical");
      g_autofree char *words = kith_explain_error (error);
      g_autofree char *connect = kith_explain_connect (error, "2001:db8::1", 5484);
      g_autofree char *listen = kith_explain_listen (error, NULL, 5484);

      g_assert_null (strstr (words, "technical"));
      g_assert_null (strstr (connect, "technical"));
      g_assert_null (strstr (listen, "technical"));
      if (code == KITH_ERROR_REFUSED)
        g_assert_nonnull (strstr (connect, "[2001:db8::1]:5484"));
    }

  {
    g_autoptr (GError) other = g_error_new_literal (G_FILE_ERROR, 1, "technical");
    g_autofree char *words = kith_explain_error (other);
    g_autofree char *nothing = kith_explain_error (NULL);

    g_assert_nonnull (strstr (words, "technical"));
    g_assert_nonnull (nothing);
  }
}

static KithEndpoint
endpoint (const char *address, guint port)
{
  KithEndpoint result;

  g_assert_true (kith_endpoint_parse (&result, address, port));
  return result;
}

/* What a peer says of itself decides only about itself (7.2). */
static void
test_filter (void)
{
  KithEndpoints named = { .n = 0 }, out = { .n = 0 };
  KithEndpoint remote = endpoint ("198.51.100.7", 40000);

  named.items[named.n++] = endpoint ("127.0.0.1", 5484);
  named.items[named.n++] = endpoint ("10.0.0.9", 22);
  named.items[named.n++] = endpoint ("10.0.0.9", 6000);
  named.items[named.n++] = endpoint ("224.0.0.1", 6000);
  kith_directory_filter (&remote, FALSE, &named, &out);
  g_assert_cmpuint (out.n, ==, 3);
  g_assert_cmpuint (out.items[0].port, ==, 5484);
  g_assert_cmpint (out.items[0].address[0], ==, 198);
  g_assert_cmpuint (out.items[1].port, ==, 6000);
  g_assert_cmpint (out.items[1].address[0], ==, 198);
  g_assert_cmpint (out.items[2].address[0], ==, 10);

  /* Where we got through is first, and whoever is on this machine may name this machine. */
  out.n = 0;
  remote = endpoint ("127.0.0.1", 7000);
  kith_directory_filter (&remote, TRUE, &named, &out);
  g_assert_cmpuint (out.items[0].port, ==, 7000);
  g_assert_cmpuint (out.items[1].port, ==, 5484);

  /* More than there is room for. */
  for (guint i = 0; i < 3; i++)
    {
      named.n = 0;
      for (guint j = 0; j < KITH_LIMIT_ENDPOINTS; j++)
        named.items[named.n++] = endpoint ("192.0.2.1", 2000 + 10 * i + j);
      kith_directory_filter (NULL, FALSE, &named, &out);
    }
  g_assert_cmpuint (out.n, ==, KITH_LIMIT_ENDPOINTS);
}

static void
test_own_addresses (void)
{
  g_auto (GStrv) all = kith_own_addresses_list (NULL);
  g_auto (GStrv) four = kith_own_addresses_list ("0.0.0.0");
  g_auto (GStrv) one = kith_own_addresses_list ("127.0.0.1");

  g_assert_cmpuint (g_strv_length (all), >=, g_strv_length (four));
  for (char **address = four; *address != NULL; address++)
    g_assert_null (strchr (*address, ':'));
  g_assert_cmpuint (g_strv_length (one), ==, 1);
  g_assert_cmpstr (one[0], ==, "127.0.0.1");
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node/hlc", test_hlc);
  g_test_add_func ("/node/lines", test_lines);
  g_test_add_func ("/node/explain", test_explain);
  g_test_add_func ("/node/filter", test_filter);
  g_test_add_func ("/node/own-addresses", test_own_addresses);
  return g_test_run ();
}
