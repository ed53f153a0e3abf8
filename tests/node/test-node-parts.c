/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-hlc.h"
#include "base/kith-limits.h"
#include "node/kith-command-line.h"
#include "node/kith-directory.h"
#include "node/kith-explain.h"
#include "node/kith-network-override.h"
#include "node/kith-node-events.h"
#include "node/kith-node-history.h"
#include "node/kith-own-addresses.h"
#include "node/kith-settings.h"

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
    { "@@all", KITH_LINE_TEXT, NULL, "@all" },
    { " @@@", KITH_LINE_TEXT, NULL, "@@" },
    { "/ no", KITH_LINE_TEXT, NULL, "/ no" },
    { "@", KITH_LINE_TEXT, NULL, "@" },
    { "@ann\"x secret", KITH_LINE_MENTION, "ann\"x", "secret" },
    { "@\"a \\\"b\\\" c\\\\\"  hello", KITH_LINE_MENTION, "a \"b\" c\\", "hello" },
    { "@\"\" hello", KITH_LINE_MENTION, "", "hello" },
    { "@ann \"quoted\" text", KITH_LINE_MENTION, "ann", "\"quoted\" text" },
    { "@ann", KITH_LINE_MENTION, "ann", "" },
    { "/", KITH_LINE_TEXT, NULL, "/" },
    { "///", KITH_LINE_TEXT, NULL, "//" },
    { "https://example.org", KITH_LINE_TEXT, NULL, "https://example.org" },
    { "two\nlines", KITH_LINE_TEXT, NULL, "two\nlines" },
    { "@ann two\nlines", KITH_LINE_MENTION, "ann", "two\nlines" },
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

/* Whatever somebody calls himself, the name that is offered for a command reads as that name. */
static void
test_quoted_words (void)
{
  static const char *const names[] = { "Ann", "Ann B", "", "\"", "\\", "a\"b", "\"Ann", "Ann\" B", "a\\\" b",
                                       " ", "@ann", "/quit", "Zo\u00eb \u5c71", "tab\tname" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *quoted = kith_line_quote_word (names[i]);
      g_autofree char *line = g_strdup_printf (" %s rest", quoted);
      const char *rest = line;
      g_autofree char *word = kith_line_take_word (&rest);

      g_assert_cmpstr (word, ==, names[i]);
      g_assert_cmpstr (rest, ==, "rest");
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
      g_autofree char *restore = kith_explain_restore (error);

      g_assert_null (strstr (words, "technical"));
      g_assert_null (strstr (connect, "technical"));
      g_assert_null (strstr (listen, "technical"));
      g_assert_null (strstr (restore, "technical"));
      if (code == KITH_ERROR_REFUSED)
        g_assert_nonnull (strstr (connect, "[2001:db8::1]:5484"));
      /* It may be a file that is not allowed: only who listens hears of ports. */
      if (code == KITH_ERROR_PERMISSION)
        {
          g_assert_null (strstr (words, "1024"));
          g_assert_nonnull (strstr (listen, "1024"));
        }
      /* Whoever restores a backup hears of the backup. */
      if (code == KITH_ERROR_DAMAGED)
        g_assert_nonnull (strstr (restore, "The backup is damaged"));
    }

  {
    g_autoptr (GError) other = g_error_new_literal (G_FILE_ERROR, 1, "technical");
    g_autofree char *words = kith_explain_error (other);
    g_autofree char *nothing = kith_explain_error (NULL);

    g_assert_nonnull (strstr (words, "technical"));
    g_assert_nonnull (nothing);
  }
}

/* The errors of GIO are explained as ours are. */
static void
test_explain_io (void)
{
  static const struct
  {
    GIOErrorEnum theirs;
    KithError    ours;
  } table[] = {
    { G_IO_ERROR_CONNECTION_REFUSED, KITH_ERROR_REFUSED },
    { G_IO_ERROR_TIMED_OUT, KITH_ERROR_TIMEOUT },
    { G_IO_ERROR_HOST_UNREACHABLE, KITH_ERROR_UNREACHABLE },
    { G_IO_ERROR_NETWORK_UNREACHABLE, KITH_ERROR_UNREACHABLE },
    { G_IO_ERROR_ADDRESS_IN_USE, KITH_ERROR_PORT_IN_USE },
    { G_IO_ERROR_PERMISSION_DENIED, KITH_ERROR_PERMISSION },
    { G_IO_ERROR_CONNECTION_CLOSED, KITH_ERROR_PEER_CLOSED },
    { G_IO_ERROR_BROKEN_PIPE, KITH_ERROR_PEER_CLOSED },
    { G_IO_ERROR_CANCELLED, KITH_ERROR_CANCELLED },
    { G_IO_ERROR_FAILED, KITH_ERROR_FAILED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) theirs = g_error_new_literal (G_IO_ERROR, (gint) table[i].theirs, "technical");
      g_autoptr (GError) ours = g_error_new_literal (KITH_ERROR, (gint) table[i].ours, "technical");
      g_autofree char *words = kith_explain_connect (theirs, "192.0.2.1", 5484);
      g_autofree char *our_words = kith_explain_connect (ours, "192.0.2.1", 5484);
      g_autofree char *listen = kith_explain_listen (theirs, NULL, 80);
      g_autofree char *our_listen = kith_explain_listen (ours, NULL, 80);

      g_assert_cmpint (kith_error_code_from_gerror (theirs), ==, table[i].ours);
      g_assert_cmpstr (kith_error_name_from_gerror (theirs), ==, kith_error_get_name (table[i].ours));
      g_assert_cmpstr (words, ==, our_words);
      g_assert_cmpstr (listen, ==, our_listen);
    }

  {
    g_autoptr (GError) strange = g_error_new_literal (KITH_ERROR, 4711, "technical");
    g_autoptr (GError) full = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "technical");
    g_autofree char *words = kith_explain_error (full);

    g_assert_cmpstr (kith_error_name_from_gerror (strange), ==, "failed");
    g_assert_cmpstr (kith_error_name_from_gerror (NULL), ==, "failed");
    g_assert_nonnull (strstr (words, "disk is full"));
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

/* --- What a node tells ----------------------------------------------------------------------- */

/* Those who listen for one ask by its name. */
static void
test_event_names (void)
{
  static const char *const names[] = { "edited", "deleted", "reaction", "gone", "cleared", "timer", "missing",
                                       "unknown" };
  KithMessageEvent event = KITH_MESSAGE_EVENT_EDITED;
  KithContactChange change = KITH_CONTACT_CHANGE_ADDED;

  G_STATIC_ASSERT (G_N_ELEMENTS (names) == KITH_MESSAGE_EVENT_LAST + 1);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (kith_message_event_find (names[i], &event));
      g_assert_cmpstr (kith_message_event_to_string (event), ==, names[i]);
    }
  g_assert_false (kith_message_event_find ("nonsense", &event));
  g_assert_false (kith_message_event_find (NULL, &event));
  for (guint i = 0; i <= KITH_CONTACT_CHANGE_TYPING; i++)
    {
      g_assert_true (kith_contact_change_find (kith_contact_change_to_string ((KithContactChange) i), &change));
      g_assert_cmpuint (change, ==, i);
    }
}

/* --- Settings -------------------------------------------------------------------------------- */

/* Nothing has to be said again where a setting is asked for. */
static void
test_defaults (void)
{
  static const char *const on[] = { KITH_SETTING_LOCK_ON_SUSPEND, KITH_SETTING_NOTIFY, KITH_SETTING_NOTIFY_TEXT,
                                    KITH_SETTING_SPELLING, KITH_SETTING_TYPING, KITH_SETTING_READ_RECEIPTS,
                                    KITH_SETTING_DHT, KITH_SETTING_LAN, KITH_SETTING_PORT_MAP };
  static const char *const off[] = { KITH_SETTING_AUTO_LOCK_MINUTES, KITH_SETTING_LAN_PRESENT, KITH_SETTING_HIDDEN,
                                     KITH_SETTING_WINDOW_MAXIMIZED, KITH_SETTING_START_AT_LOGIN };
  g_autoptr (KithNode) node = kith_node_new_in_memory ();

  for (gsize i = 0; i < G_N_ELEMENTS (on); i++)
    g_assert_cmpint (kith_node_get_setting_int (node, on[i]), ==, 1);
  for (gsize i = 0; i < G_N_ELEMENTS (off); i++)
    g_assert_cmpint (kith_node_get_setting_int (node, off[i]), ==, 0);
  g_assert_cmpint (kith_node_get_setting_int (node, KITH_SETTING_TEXT_SIZE), ==, 100);

  kith_node_set_setting (node, KITH_SETTING_TEXT_SIZE, "large");
  g_assert_cmpint (kith_node_get_setting_int (node, KITH_SETTING_TEXT_SIZE), ==, 100);
  kith_node_set_setting_int (node, KITH_SETTING_NOTIFY, 0);
  g_assert_cmpint (kith_node_get_setting_int (node, KITH_SETTING_NOTIFY), ==, 0);
}

/* --- The network, as the command line has it ------------------------------------------------- */

static void
assert_refused (const KithNetworkOverride *override, const char *option)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (kith_network_override_check (override, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
  g_assert_true (g_str_has_prefix (error->message, option));
}

static void
test_network_override (void)
{
  static const char *const numbers[] = { "-1", "4294967296", "", " 1", "x" };
  static const char *const fine[] = { "0", "3000000000", "4294967295" };
  char *hosts[KITH_LIMIT_DHT_BOOTSTRAP_HOSTS + 2] = { NULL };
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    assert_refused (&(KithNetworkOverride){ .dht_network = (char *) numbers[i] }, "--dht-network: ");
  for (gsize i = 0; i < G_N_ELEMENTS (fine); i++)
    g_assert_true (kith_network_override_check (&(KithNetworkOverride){ .dht_network = (char *) fine[i] }, NULL));

  for (gsize i = 0; i < KITH_LIMIT_DHT_BOOTSTRAP_HOSTS; i++)
    hosts[i] = (char *) "127.0.0.1:9";
  kith_network_override_check (&(KithNetworkOverride){ .bootstrap = hosts }, &error);
  g_assert_no_error (error);
  hosts[KITH_LIMIT_DHT_BOOTSTRAP_HOSTS] = (char *) "127.0.0.1:9";
  assert_refused (&(KithNetworkOverride){ .bootstrap = hosts }, "--bootstrap: ");
  assert_refused (&(KithNetworkOverride){ .proxy = (char *) "nonsense" }, "--proxy: ");
  assert_refused (&(KithNetworkOverride){ .no_lan = TRUE, .lan_present = TRUE }, "--lan-present: ");
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/node/hlc", test_hlc);
  g_test_add_func ("/node/lines", test_lines);
  g_test_add_func ("/node/quoted-words", test_quoted_words);
  g_test_add_func ("/node/explain", test_explain);
  g_test_add_func ("/node/explain-io", test_explain_io);
  g_test_add_func ("/node/filter", test_filter);
  g_test_add_func ("/node/own-addresses", test_own_addresses);
  g_test_add_func ("/node/event-names", test_event_names);
  g_test_add_func ("/node/defaults", test_defaults);
  g_test_add_func ("/node/network-override", test_network_override);
  return g_test_run ();
}
