/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/kith-bucket.h"
#include "base/kith-bytes.h"
#include "base/kith-clock-watch.h"
#include "base/kith-endpoint.h"
#include "base/kith-env.h"
#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "base/kith-quota.h"
#include "base/kith-safe-text.h"
#include "base/kith-secret.h"
#include "base/kith-source.h"
#include "base/kith-text.h"

static void
test_reader (void)
{
  const guint8 bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
  KithReader reader;

  kith_reader_init (&reader, bytes, sizeof bytes);
  g_assert_cmpuint (kith_reader_u8 (&reader), ==, 1);
  g_assert_cmpuint (kith_reader_u16 (&reader), ==, 0x0203);
  g_assert_cmpuint (kith_reader_u32 (&reader), ==, 0x04050607);
  g_assert_cmpuint (kith_reader_u64 (&reader), ==, G_GUINT64_CONSTANT (0x08090a0b0c0d0e0f));
  g_assert_false (kith_reader_finish (&reader));
  g_assert_cmpuint (kith_reader_u16 (&reader), ==, 0); /* one byte is left */
  g_assert_true (reader.failed);
  g_assert_cmpuint (kith_reader_u8 (&reader), ==, 0); /* and stays out of reach */

  kith_reader_init (&reader, bytes, 2);
  g_assert_null (kith_reader_peek (&reader, G_MAXSIZE));
  kith_reader_init (&reader, bytes, 2);
  kith_reader_u16 (&reader);
  g_assert_true (kith_reader_finish (&reader));
  g_assert_nonnull (kith_reader_peek (&reader, 0));
}

static void
test_writer (void)
{
  guint8 bytes[8] = { 0 };
  const guint8 expected[8] = { 1, 2, 3, 4, 5, 6, 7, 0 };
  KithWriter writer;

  kith_writer_init (&writer, bytes, sizeof bytes);
  kith_writer_u8 (&writer, 1);
  kith_writer_u16 (&writer, 0x0203);
  kith_writer_u32 (&writer, 0x04050607);
  kith_writer_u16 (&writer, 0xffff); /* does not fit */
  g_assert_true (writer.failed);
  g_assert_cmpuint (writer.len, ==, 7);
  kith_writer_u8 (&writer, 9);
  g_assert_cmpmem (bytes, sizeof bytes, expected, sizeof expected);
}

static void
test_text_forms (void)
{
  const guint8 bytes[] = { 'f', 'o', 'o', 'b', 'a', 'r' };
  guint8 back[6];

  for (gsize len = 0; len <= sizeof bytes; len++)
    {
      static const char *const base32[] = { "", "my", "mzxq", "mzxw6", "mzxw6yq", "mzxw6ytb", "mzxw6ytboi" };
      g_autofree char *text = kith_base32_encode (bytes, len);
      g_autofree char *upper = g_ascii_strup (text, -1);
      g_autofree char *hex = kith_hex_encode (bytes, len);

      g_assert_cmpstr (text, ==, base32[len]);
      g_assert_true (kith_base32_decode (upper, strlen (upper), back, len));
      g_assert_cmpmem (back, len, bytes, len);
      g_assert_true (kith_hex_decode (hex, back, len));
      g_assert_cmpmem (back, len, bytes, len);
    }

  g_assert_false (kith_base32_decode ("mz", 2, back, 1)); /* bits left over */
  g_assert_false (kith_base32_decode ("m1", 2, back, 1));
  g_assert_false (kith_base32_decode ("my=", 3, back, 1));
  g_assert_false (kith_hex_decode ("0", back, 1));
  g_assert_false (kith_hex_decode ("0g", back, 1));
  g_assert_false (kith_hex_decode ("000", back, 1));
}

static void
test_secret (void)
{
  guint8 bytes[32];
  g_autoptr (KithSecret) one = NULL;
  g_autoptr (KithSecret) two = NULL;

  memset (bytes, 7, sizeof bytes);
  one = kith_secret_new_from (bytes, sizeof bytes);
  two = kith_secret_ref (one);
  kith_secret_wipe (bytes, sizeof bytes);
  g_assert_true (sodium_is_zero (bytes, sizeof bytes));
  g_assert_cmpuint (kith_secret_get_data (two)[31], ==, 7);
  g_assert_true (kith_secret_equal (one, two));
  g_assert_false (kith_secret_equal (one, NULL));
  g_assert_true (kith_secret_equal (NULL, NULL));
}

static void
test_fake_env (void)
{
  KithFakeEnv one, two;
  guint8 a[40], b[40];

  kith_fake_env_init (&one, 1, 1000);
  kith_fake_env_init (&two, 1, 1000);
  kith_env_random_bytes (&one.env, a, sizeof a);
  kith_env_random_bytes (&two.env, b, sizeof b);
  g_assert_cmpmem (a, sizeof a, b, sizeof b);
  kith_env_random_bytes (&two.env, b, sizeof b);
  g_assert_true (memcmp (a, b, sizeof a) != 0);
  kith_fake_env_advance (&one, 2500000);
  g_assert_cmpint (kith_env_realtime_ms (&one.env), ==, 1002500);
  g_assert_cmpint (kith_env_realtime_s (&one.env), ==, 1002);
  g_assert_cmpuint (kith_env_random_uniform (&one.env, 0), ==, 0);
  g_assert_cmpuint (kith_env_random_uniform (&one.env, 1), ==, 0);
}

static void
test_errors (void)
{
  g_autoptr (GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");

  for (guint code = 0; code <= KITH_ERROR_LAST; code++)
    {
      g_assert_nonnull (kith_error_get_name ((KithError) code));
      for (guint other = 0; other < code; other++)
        g_assert_cmpstr (kith_error_get_name ((KithError) code), !=, kith_error_get_name ((KithError) other));
    }

  g_assert_cmpstr (kith_error_get_name ((KithError) 999), ==, "failed");
  g_assert_cmpstr (kith_error_name_from_gerror (cancelled), ==, "cancelled");
  g_assert_cmpstr (kith_error_name_from_gerror (NULL), ==, "failed");
}

static void
test_endpoints (void)
{
  static const struct
  {
    const char *address;
    guint       port;
    const char *text; /* NULL: refused */
  } table[] = {
    { "192.0.2.1", 5484, "192.0.2.1:5484" },
    { "2001:db8::1", 1, "[2001:db8::1]:1" },
    { "[2001:DB8:0::1]", 65535, "[2001:db8::1]:65535" },
    { "::ffff:10.0.0.1", 80, "10.0.0.1:80" },
    { "192.0.2.1", 0, NULL },
    { "192.0.2.1", 65536, NULL },
    { "192.0.2", 1, NULL },
    { "192.0.2.256", 1, NULL },
    { "192.0.2.1 ", 1, NULL },
    { "01.2.3.4", 1, NULL },
    { "[192.0.2.1", 1, NULL },
    { "fe80::1%eth0", 1, NULL },
    { "localhost", 1, NULL },
    { "", 1, NULL },
    { "[]", 1, NULL },
    { "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd", 1, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      KithEndpoint endpoint;
      gboolean ok = kith_endpoint_parse (&endpoint, table[i].address, table[i].port);
      g_autofree char *text = ok ? kith_endpoint_dup_text (&endpoint) : NULL;

      g_assert_cmpstr (text, ==, table[i].text);
    }
}

/* Where somebody else's word may not send us (7.2, attack 18). */
static void
test_dialable (void)
{
  static const struct
  {
    const char *address;
    guint       port;
    gboolean    dialable;
  } table[] = {
    { "192.0.2.1", 5484, TRUE },   { "192.0.2.1", 1023, FALSE },  { "0.0.0.0", 5484, FALSE },
    { "0.1.2.3", 5484, FALSE },    { "169.254.1.1", 5484, FALSE }, { "224.0.0.1", 5484, FALSE },
    { "255.255.255.255", 5484, FALSE }, { "2001:db8::1", 5484, TRUE }, { "::", 5484, FALSE },
    { "fe80::1", 5484, FALSE },    { "ff02::1", 5484, FALSE },    { "fd00::1", 5484, TRUE },
    { "::ffff:224.0.0.1", 5484, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      KithEndpoint endpoint;

      g_assert_true (kith_endpoint_parse (&endpoint, table[i].address, table[i].port));
      g_assert_cmpint (kith_endpoint_is_dialable (&endpoint), ==, table[i].dialable);
    }
}

static void
test_global (void)
{
  static const struct
  {
    const char *address;
    gboolean    global;
  } table[] = {
    { "192.0.2.1", TRUE },    { "10.0.0.1", FALSE },    { "11.0.0.1", TRUE },   { "172.15.255.255", TRUE },
    { "172.16.0.1", FALSE },  { "172.31.0.1", FALSE },  { "172.32.0.1", TRUE }, { "192.168.0.1", FALSE },
    { "192.169.0.1", TRUE },  { "127.0.0.1", FALSE },   { "::1", FALSE },       { "2001:db8::1", TRUE },
    { "fc00::1", FALSE },     { "fdff::1", FALSE },     { "fe00::1", TRUE },    { "::ffff:10.0.0.1", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      KithEndpoint endpoint;

      g_assert_true (kith_endpoint_parse (&endpoint, table[i].address, 5484));
      g_assert_cmpint (kith_endpoint_is_global (&endpoint), ==, table[i].global);
    }
}

/* Names of attack 24. */
static void
test_names (void)
{
  static const struct
  {
    const char *given;
    const char *shown;
  } table[] = {
    { "Ann", "Ann" },
    { "  Ann \t B\n", "Ann B" },
    { "", NULL },
    { " \n ", NULL },
    { "\u202e\u200b\u2066", NULL },
    { "Ann\u202egpj", "Anngpj" },
    { "e\u0301", "\u00e9" },
    { "e\u200b\u0301", "\u00e9" },
    { "\u0301x", "x" },
    { "<b>Ann</b>", "<b>Ann</b>" },
    { "A\x01" "B", "A B" },
    { "Ann\xff", "Ann\xef\xbf\xbd" },
    { "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467" },
    { "\u5f20\u4f1f", "\u5f20\u4f1f" },
    { "\u2764\ufe0f\u200d\U0001f525", "\u2764\ufe0f\u200d\U0001f525" },
    { "\u0646\u0645\u06cc\u200c\u062e", "\u0646\u0645\u06cc\u200c\u062e" },
    { "\u200dAnn\u200c \u200dB\u200d", "Ann B" },
    { "\u3164", NULL },
    { "\u2800 \u115f\ufe0f", NULL },
  };
  static const gunichar unseen[] = { 0x34f,  0x115f, 0x1160, 0x17b4, 0x180b, 0x180e,  0x2061, 0x2064,
                                     0x206a, 0x2800, 0x3164, 0xffa0, 0xfff9, 0x1d173, 0xe0100 };
  g_autofree char *longest = NULL;
  g_autofree char *long_name = g_strnfill (1000, 'x');
  g_autofree char *wide_name = NULL;
  GString *marks = g_string_new ("a");
  g_autofree char *stacked = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *shown = kith_text_sanitize_name (table[i].given);

      g_assert_cmpstr (shown, ==, table[i].shown);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (unseen); i++)
    {
      char utf8[7] = { 0 };
      g_autofree char *given = NULL;
      g_autofree char *shown = NULL;

      g_unichar_to_utf8 (unseen[i], utf8);
      given = g_strconcat ("Al", utf8, "ice", utf8, NULL);
      shown = kith_text_sanitize_name (given);
      g_assert_cmpstr (shown, ==, "Alice");
    }

  longest = kith_text_sanitize_name (long_name);
  g_assert_cmpuint (strlen (longest), ==, KITH_LIMIT_NAME_CLUSTERS);

  for (guint i = 0; i < 1000; i++)
    g_string_append (marks, "\u0323");
  stacked = kith_text_sanitize_name (marks->str);
  g_assert_cmpint (g_utf8_strlen (stacked, -1), <=, 1 + KITH_LIMIT_NAME_MARKS);
  g_string_free (marks, TRUE);

  marks = g_string_new (NULL);
  for (guint i = 0; i < 100; i++)
    g_string_append (marks, "\U0001f600");
  wide_name = kith_text_sanitize_name (marks->str);
  g_assert_cmpuint (strlen (wide_name), ==, KITH_LIMIT_NAME_BYTES);
  g_assert_true (g_utf8_validate (wide_name, -1, NULL));
  g_string_free (marks, TRUE);
}

/* What looks the same is the same. */
static void
test_folded_names (void)
{
  static const char *const alices[] = { "ALICE", "\uff21lice", "Alice\u2061", "Al\u200dice", "Al\u200cice",
                                        "\u3164Alice", "Alice\ufe0f" };
  g_autofree char *alice = kith_text_fold_name ("Alice");
  g_autofree char *other = kith_text_fold_name ("Alicf");

  g_assert_cmpstr (alice, !=, other);
  for (gsize i = 0; i < G_N_ELEMENTS (alices); i++)
    {
      g_autofree char *folded = kith_text_fold_name (alices[i]);

      g_assert_cmpstr (folded, ==, alice);
    }
}

static void
append_times (GString *text, const char *what, guint n)
{
  for (guint i = 0; i < n; i++)
    g_string_append (text, what);
}

/* Marks are put in order one by one: of many in a row the first stay, and that takes no time. */
static void
test_marks (void)
{
  g_autoptr (GString) text = g_string_new ("a");
  g_autoptr (GString) clean = g_string_new ("\u00e1");
  g_autoptr (GError) error = NULL;
  g_autofree char *cut = NULL;
  g_autofree char *any = NULL;
  g_autofree char *name = NULL;

  append_times (text, "\u0301", 4000);
  append_times (text, "\u0316", 4000);
  append_times (clean, "\u0301", KITH_LIMIT_TEXT_MARKS - 1);
  cut = kith_text_validate_message (text->str, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (cut, ==, clean->str);

  append_times (text, "\u0301\u0316", 500000);
  any = kith_text_normalize (text->str);
  g_assert_cmpstr (any, ==, clean->str);
  name = kith_text_sanitize_name (text->str);
  g_assert_cmpint (g_utf8_strlen (name, -1), ==, 1 + KITH_LIMIT_NAME_MARKS);
}

/* What is short of work for most writing must not change what comes of it. */
static void
test_plain (void)
{
  for (gunichar c = 1; c < 0x400; c++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autoptr (GString) composed = g_string_new (NULL);
      g_autofree char *normal = NULL;
      g_autofree char *wanted = NULL;
      g_autofree char *joined = NULL;
      g_autofree char *composition = NULL;

      g_string_append_unichar (text, c);
      g_string_append (composed, text->str);
      g_string_append (composed, "\u0301");
      normal = kith_text_normalize (text->str);
      wanted = g_utf8_normalize (text->str, -1, G_NORMALIZE_NFC);
      g_assert_cmpstr (normal, ==, wanted);
      joined = kith_text_normalize (composed->str);
      composition = g_utf8_normalize (composed->str, -1, G_NORMALIZE_NFC);
      g_assert_cmpstr (joined, ==, composition);
    }
}

static void
test_request_text (void)
{
  g_autofree char *long_text = g_strnfill (2000, 'x');
  g_autofree char *cut = kith_text_sanitize_request (long_text);
  g_autofree char *plain = kith_text_sanitize_request (" hi\u202e\n<b>you</b>\x1b[31m ");
  g_autofree char *nothing = kith_text_sanitize_request (" \n ");

  g_assert_cmpuint (strlen (cut), ==, KITH_LIMIT_REQUEST_TEXT_CHARS);
  g_assert_cmpstr (plain, ==, "hi <b>you</b> [31m");
  g_assert_cmpstr (nothing, ==, "");
}

static void
assert_message (const char *text, int code)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *clean = kith_text_validate_message (text, &error);

  if (code < 0)
    {
      g_assert_no_error (error);
      g_assert_nonnull (clean);
    }
  else
    {
      g_assert_error (error, KITH_ERROR, code);
      g_assert_null (clean);
    }
}

static void
test_messages (void)
{
  for (gsize len = KITH_LIMIT_MESSAGE_TEXT_BYTES - 1; len <= KITH_LIMIT_MESSAGE_TEXT_BYTES + 1; len++)
    {
      g_autofree char *text = g_strnfill (len, 'x');

      assert_message (text, len <= KITH_LIMIT_MESSAGE_TEXT_BYTES ? -1 : KITH_ERROR_TOO_BIG);
    }

  assert_message ("line\nbreak\ttab", -1);
  assert_message ("", KITH_ERROR_INVALID);
  assert_message (" \n\t ", KITH_ERROR_INVALID);
  assert_message ("\u200b\u202e", KITH_ERROR_INVALID);
  assert_message ("\u3164 \u2061\u2800", KITH_ERROR_INVALID);
  assert_message ("\U0001f468\u200d\U0001f469", -1);
  assert_message ("\xff", KITH_ERROR_INVALID);
  assert_message ("\xed\xa0\x80", KITH_ERROR_INVALID); /* a lone surrogate */
}

static gboolean
count_cb (gpointer user_data)
{
  ++*(guint *) user_data;
  return G_SOURCE_CONTINUE;
}

static gboolean
end_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* As long as nobody sets the clock it neither calls nor keeps the loop awake. */
static void
test_clock_watch (void)
{
  gboolean is_over = FALSE;
  guint n_calls = 0;
  guint n_turns = 0;
  GSource *watch = kith_clock_watch_new (count_cb, &n_calls);

#ifdef __linux__
  g_assert_nonnull (watch);
#endif
  g_timeout_add (50, end_cb, &is_over);
  do
    {
      g_main_context_iteration (NULL, TRUE);
      n_turns++;
    }
  while (!is_over);
  g_assert_cmpuint (n_calls, ==, 0);
  g_assert_cmpuint (n_turns, <, 10);
  kith_source_clear (&watch);
  g_assert_null (watch);
}

static void
test_quota (void)
{
  KithQuota quota = { 0 };
  const gint64 s = G_USEC_PER_SEC, now_us = 100 * s;

  g_assert_true (kith_quota_is_over (&quota, now_us, 10000));
  for (guint i = 0; i < 3; i++)
    g_assert_true (kith_quota_take (&quota, now_us + i * s, 3, 10000));
  g_assert_false (kith_quota_take (&quota, now_us + 3 * s, 3, 10000));
  g_assert_cmpuint (kith_quota_get_wait_ms (&quota, now_us + 3 * s, 3, 10000), ==, 7000);
  g_assert_false (kith_quota_has_room (&quota, now_us + 10 * s - 1, 3, 10000));

  /* All at once, and the next span begins when the next comes. */
  g_assert_true (kith_quota_is_over (&quota, now_us + 10 * s, 10000));
  g_assert_cmpuint (kith_quota_get_wait_ms (&quota, now_us + 10 * s, 3, 10000), ==, 0);
  for (guint i = 0; i < 3; i++)
    g_assert_true (kith_quota_take (&quota, now_us + 15 * s, 3, 10000));
  g_assert_false (kith_quota_take (&quota, now_us + 24 * s, 3, 10000));
  g_assert_true (kith_quota_take (&quota, now_us + 25 * s, 3, 10000));

  /* A clock that was set back keeps nobody waiting. */
  g_assert_true (kith_quota_take (&quota, now_us, 1, 10000));
}

static void
test_bucket (void)
{
  KithBucket bucket = { 0 };
  const gint64 s = G_USEC_PER_SEC;
  gint64 now_us = 1000 * s;

  for (guint i = 0; i < 3; i++)
    g_assert_true (kith_bucket_take (&bucket, now_us, 3, 10000));
  g_assert_false (kith_bucket_take (&bucket, now_us, 3, 10000));
  g_assert_cmpuint (kith_bucket_get_wait_ms (&bucket, now_us, 3, 10000), ==, 10000);

  /* What is asked for in vain does not put it off, nor does a part of a pause get lost. */
  g_assert_false (kith_bucket_take (&bucket, now_us + 9 * s, 3, 10000));
  g_assert_cmpuint (kith_bucket_get_wait_ms (&bucket, now_us + 9 * s, 3, 10000), ==, 1000);
  g_assert_true (kith_bucket_take (&bucket, now_us + 15 * s, 3, 10000));
  g_assert_false (kith_bucket_take (&bucket, now_us + 19 * s, 3, 10000));
  g_assert_true (kith_bucket_take (&bucket, now_us + 20 * s, 3, 10000));

  /* However long nobody comes, it holds no more. */
  for (guint i = 0; i < 3; i++)
    g_assert_true (kith_bucket_take (&bucket, now_us + 9000 * s, 3, 10000));
  g_assert_false (kith_bucket_take (&bucket, now_us + 9000 * s, 3, 10000));
}

/* --- The beginning of every program --------------------------------------------------------- */

/* No dump has our memory, and no other process of the same user may look at it. */
static void
test_init (void)
{
  struct rlimit core;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_INHERIT_STDERR);
      g_test_trap_assert_passed ();
      return;
    }

  g_assert_true (kith_init ());
  g_assert_cmpint (prctl (PR_GET_DUMPABLE), ==, 0);
  g_assert_cmpint (getrlimit (RLIMIT_CORE, &core), ==, 0);
  g_assert_cmpuint (core.rlim_cur, ==, 0);
  g_assert_cmpuint (core.rlim_max, ==, 0);
}

/* Whatever ends a line somewhere ends one everywhere. */
static void
test_line_breaks (void)
{
  static const char *const breaks[] = { "\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\xc2\x85",
                                        "\xe2\x80\xa8", "\xe2\x80\xa9" };
  g_autofree char *blank = kith_safe_text_unite_breaks ("a\n\r\n\rb\tc");

  for (guint i = 0; i < G_N_ELEMENTS (breaks); i++)
    {
      g_autofree char *text = g_strconcat ("a", breaks[i], "b", breaks[i], NULL);
      g_autofree char *united = kith_safe_text_unite_breaks (text);

      g_assert_cmpstr (united, ==, "a\nb\n");
    }
  g_assert_cmpstr (blank, ==, "a\n\n\nb\tc");
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/init", test_init);
  g_test_add_func ("/bucket", test_bucket);
  g_test_add_func ("/quota", test_quota);
  g_test_add_func ("/bytes/reader", test_reader);
  g_test_add_func ("/bytes/writer", test_writer);
  g_test_add_func ("/bytes/text-forms", test_text_forms);
  g_test_add_func ("/secret", test_secret);
  g_test_add_func ("/env/fake", test_fake_env);
  g_test_add_func ("/error/names", test_errors);
  g_test_add_func ("/endpoint/parse", test_endpoints);
  g_test_add_func ("/endpoint/dialable", test_dialable);
  g_test_add_func ("/endpoint/global", test_global);
  g_test_add_func ("/text/names", test_names);
  g_test_add_func ("/text/folded-names", test_folded_names);
  g_test_add_func ("/text/marks", test_marks);
  g_test_add_func ("/text/plain", test_plain);
  g_test_add_func ("/text/request", test_request_text);
  g_test_add_func ("/text/messages", test_messages);
  g_test_add_func ("/text/line-breaks", test_line_breaks);
  g_test_add_func ("/base/clock-watch", test_clock_watch);
  return g_test_run ();
}
