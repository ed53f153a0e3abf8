/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPace, passphrases of those who join by address, and the list of words. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-bytes.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-test-hex.h"
#include "proto/kith-join-passphrase.h"
#include "proto/kith-words.h"

/* draft-irtf-cfrg-cpace, the appendix of CPace-RISTR255-SHA512. */
#define CI "0b415f696e69746961746f720b425f726573706f6e646572"
#define SID "7e4b4791d6a8ef019b936c79fb7f2c57"
#define YA_SCALAR "da3d23700a9e5699258aef94dc060dfda5ebb61f02a5ea77fad53f4ff0976d08"
#define YB_SCALAR "d2316b454718c35362d83d69df6320f38578ed5984651435e2949762d900b80d"
#define YA "d6bac480f2c386c394efc7c47adb9925dcd2630b64f240c50f8d0eec482b9157"
#define YB "3ea7e0b19560d7c0b0f5734f63b955286dfa8232b5ebe63324e2d9e7433f7258"
#define ISK \
  "b69effbf61b51d56401c0f65601abe428de8206feaaf0e32198896dcae7b35cd" \
  "2b38950a39dfd5d4a79164614c2984f7daa460b588c1e80c3fa2068af7900447"

typedef struct
{
  guint8         ci[24], sid[16];
  guint8         scalar_a[32], scalar_b[32], share_a[32], share_b[32];
  KithCpaceInput input;
  KithCpaceShare a, b;
} Run;

static void
run_init (Run *run)
{
  g_assert_true (kith_hex_decode (CI, run->ci, sizeof run->ci));
  g_assert_true (kith_hex_decode (SID, run->sid, sizeof run->sid));
  g_assert_true (kith_hex_decode (YA_SCALAR, run->scalar_a, 32));
  g_assert_true (kith_hex_decode (YB_SCALAR, run->scalar_b, 32));
  run->input = (KithCpaceInput){ KITH_FIELD ("Password", 8), KITH_FIELD (run->ci, sizeof run->ci),
                                 KITH_FIELD (run->sid, sizeof run->sid) };
  run->a = (KithCpaceShare){ run->share_a, KITH_FIELD ("ADa", 3) };
  run->b = (KithCpaceShare){ run->share_b, KITH_FIELD ("ADb", 3) };
  g_assert_true (kith_cpace_make_share (&run->input, run->scalar_a, run->share_a));
  g_assert_true (kith_cpace_make_share (&run->input, run->scalar_b, run->share_b));
}

static void
test_cpace (void)
{
  Run run;
  guint8 isk[KITH_CPACE_ISK_BYTES], psk[KITH_KEY_BYTES];

  run_init (&run);
  test_assert_hex (run.share_a, 32, YA);
  test_assert_hex (run.share_b, 32, YB);
  g_assert_true (kith_cpace_derive (&run.input, run.scalar_a, &run.a, &run.b, TRUE, isk));
  test_assert_hex (isk, sizeof isk, ISK);
  g_assert_true (kith_cpace_derive (&run.input, run.scalar_b, &run.a, &run.b, FALSE, isk));
  test_assert_hex (isk, sizeof isk, ISK);

  kith_join_psk (isk, psk);
  test_assert_hex (psk, sizeof psk, "d6c08f3cd871c05e040aa1dfbf31094d299bdac390118eebaaa6cf22d2da2254");
}

/* Attack 6: what is no point, not the one encoding of a point, or the identity. */
static void
test_invalid_shares (void)
{
  static const char *const invalid[] = {
    "0000000000000000000000000000000000000000000000000000000000000000", /* the identity */
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* p: not canonical */
    "f3ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0100000000000000000000000000000000000000000000000000000000000000", /* negative */
    "ed57ffd8c914fb201471d1c3d245ce3c746fcbe63a3679d51b6a516ebebe0e20",
    "26948d35ca62e643e26a83177332e6b6afeb9d08e4268b650f1f5bbd8d81d371", /* not a square */
    "4eac077a713c57b4f4397629a4145982c661f48044dd3f96427d40b147d9742f",
  };
  Run run;
  guint8 isk[KITH_CPACE_ISK_BYTES];

  run_init (&run);
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    {
      g_assert_true (kith_hex_decode (invalid[i], run.share_b, 32));
      g_assert_false (kith_cpace_derive (&run.input, run.scalar_a, &run.a, &run.b, TRUE, isk));
      memcpy (run.share_a, run.share_b, 32);
      g_assert_false (kith_cpace_derive (&run.input, run.scalar_b, &run.a, &run.b, FALSE, isk));
    }
}

/* The passphrase may be longer than what one byte of length holds. */
static void
test_long_passphrase (void)
{
  g_autofree char *text = g_strnfill (KITH_LIMIT_JOIN_PASSPHRASE_BYTES, 'x');
  g_autofree char *other = g_strnfill (KITH_LIMIT_JOIN_PASSPHRASE_BYTES - 1, 'x');
  const KithCpaceInput inputs[] = { { .prs = KITH_FIELD (text, strlen (text)) },
                                    { .prs = KITH_FIELD (other, strlen (other)) } };
  guint8 scalar[32] = { 1 }, one[32], two[32];

  g_assert_true (kith_cpace_make_share (&inputs[0], scalar, one));
  g_assert_true (kith_cpace_make_share (&inputs[1], scalar, two));
  g_assert_cmpint (memcmp (one, two, 32), !=, 0);
}

/* Returns: whether both sides come to the same key */
static gboolean
agree (const char *dialers, const char *listeners, gsize flip)
{
  g_autoptr (KithSecret) a = kith_join_passphrase_new (dialers, NULL);
  g_autoptr (KithSecret) b = kith_join_passphrase_new (listeners, NULL);
  guint8 preamble[KITH_PREAMBLE_BYTES] = "KITH", reply[KITH_JOIN_REPLY_BYTES] = { 9 };
  guint8 psk_a[KITH_KEY_BYTES], psk_b[KITH_KEY_BYTES];
  KithJoinRun dialer, listener;

  g_assert_true (kith_join_run_start (&dialer, a, TRUE, kith_env_get_default ()));
  g_assert_true (kith_join_run_start (&listener, b, FALSE, kith_env_get_default ()));
  memcpy (preamble + KITH_PREAMBLE_SHARE_AT, dialer.share, sizeof dialer.share);
  memcpy (reply + KITH_JOIN_NONCE_BYTES, listener.share, sizeof listener.share);
  g_assert_true (kith_join_run_derive (&listener, b, preamble, reply, psk_b));
  if (flip < sizeof preamble)
    preamble[flip] ^= 1;
  else if (flip < sizeof preamble + KITH_JOIN_NONCE_BYTES)
    reply[flip - sizeof preamble] ^= 1;
  if (!kith_join_run_derive (&dialer, a, preamble, reply, psk_a))
    return FALSE;

  kith_join_run_clear (&dialer);
  kith_join_run_clear (&listener);
  return memcmp (psk_a, psk_b, sizeof psk_a) == 0;
}

static void
test_join (void)
{
  g_assert_true (agree ("correct horse", "correct horse", G_MAXSIZE));
  g_assert_true (agree ("  correct horse\n", "correct horse", G_MAXSIZE));
  g_assert_true (agree ("cafe\xcc\x81 au lait", "caf\xc3\xa9 au lait", G_MAXSIZE)); /* NFC */
  g_assert_false (agree ("correct horse", "correct horsf", G_MAXSIZE));
  for (gsize i = 0; i < KITH_PREAMBLE_BYTES + KITH_JOIN_NONCE_BYTES; i++)
    g_assert_false (agree ("correct horse", "correct horse", i));
}

static void
test_passphrases (void)
{
  static const char *const short_ones[] = { "", "1234567", "  1234567  ", "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", "\xff\xff\xff\xff\xff\xff\xff\xff\xff" };
  g_autofree char *longest = g_strnfill (KITH_LIMIT_JOIN_PASSPHRASE_BYTES, 'x');
  g_autofree char *too_long = g_strnfill (KITH_LIMIT_JOIN_PASSPHRASE_BYTES + 1, 'x');
  g_autoptr (KithSecret) ok = kith_join_passphrase_new (longest, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (ok);
  g_assert_null (kith_join_passphrase_new (too_long, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_TOO_BIG);

  for (guint i = 0; i < G_N_ELEMENTS (short_ones); i++)
    {
      g_clear_error (&error);
      g_assert_null (kith_join_passphrase_new (short_ones[i], &error));
      g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
    }
}

static void
test_generate (void)
{
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *text = kith_join_passphrase_generate (kith_env_get_default ());
      g_autofree char *again = kith_join_passphrase_generate (kith_env_get_default ());
      g_auto (GStrv) words = g_strsplit (text, " ", -1);
      g_autoptr (KithSecret) secret = kith_join_passphrase_new (text, NULL);

      g_assert_cmpuint (g_strv_length (words), ==, KITH_LIMIT_JOIN_WORDS);
      g_assert_nonnull (secret);
      g_assert_cmpstr (text, !=, again);
    }
}

/* Every word is short, plain, and told apart by its first four letters. */
static void
test_words (void)
{
  for (guint i = 0; i < KITH_WORDS; i++)
    {
      const char *word = kith_words_get (i);

      g_assert_cmpuint (strlen (word), >=, 3);
      g_assert_cmpuint (strlen (word), <=, 8);
      for (const char *p = word; *p != '\0'; p++)
        g_assert_true (g_ascii_islower (*p));
      if (i > 0)
        g_assert_cmpint (strncmp (kith_words_get (i - 1), word, 4), <, 0);
    }
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/join/cpace", test_cpace);
  g_test_add_func ("/join/invalid-shares", test_invalid_shares);
  g_test_add_func ("/join/long-passphrase", test_long_passphrase);
  g_test_add_func ("/join/keys", test_join);
  g_test_add_func ("/join/passphrases", test_passphrases);
  g_test_add_func ("/join/generate", test_generate);
  g_test_add_func ("/join/words", test_words);
  return g_test_run ();
}
