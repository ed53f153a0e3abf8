/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every handshake message of every pattern, cut at every length and flipped in every byte, is
 * refused and changes nothing; the right one is then still accepted. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <sodium.h>

#include "proto/kith-handshake-payload.h"
#include "proto/kith-noise-handshake.h"

#define MAX_BYTES 1024
#define N_PATTERNS 3

static void
setup (KithNoiseHandshake *side, KithNoisePattern pattern, gboolean initiator)
{
  static const char prologue[] = "prologue";
  guint8 mine[32], theirs[32], public_key[32], ephemeral[32], psk[32];

  memset (mine, initiator ? 1 : 2, sizeof mine);
  memset (theirs, initiator ? 2 : 1, sizeof theirs);
  memset (ephemeral, initiator ? 3 : 4, sizeof ephemeral);
  memset (psk, 5, sizeof psk);
  crypto_scalarmult_base (public_key, theirs);

  kith_noise_handshake_init (side, pattern, initiator);
  g_assert_true (kith_noise_handshake_set_static (side, mine));
  g_assert_true (kith_noise_handshake_set_ephemeral (side, ephemeral));
  if (pattern == KITH_NOISE_KKPSK0)
    kith_noise_handshake_set_remote_static (side, public_key);
  kith_noise_handshake_set_psk (side, psk);
  kith_noise_handshake_start (side, (const guint8 *) prologue, strlen (prologue));
}

static void
assert_refused (KithNoiseHandshake *side, const guint8 *message, gsize len)
{
  const KithNoiseHandshake before = *side;
  guint8 payload[MAX_BYTES];
  gsize payload_len = 99;

  g_assert_false (kith_noise_handshake_consume_message (side, message, len, payload, sizeof payload,
                                                        &payload_len));
  g_assert_cmpuint (payload_len, ==, 0);
  g_assert_cmpmem (side, sizeof *side, &before, sizeof before);
}

/* Without a key yet, as in msg1 of XX, a payload is not authenticated: a changed ephemeral or a
 * shorter payload shows in the next message. */
static gboolean
is_authenticated (KithNoisePattern pattern, guint number)
{
  return pattern != KITH_NOISE_XX || number > 0;
}

static void
attack (KithNoiseHandshake *to, KithNoisePattern pattern, guint number, const guint8 *message,
        gsize len)
{
  guint8 changed[MAX_BYTES];

  if (!is_authenticated (pattern, number))
    {
      for (gsize cut = 0; cut < KITH_DH_BYTES; cut++)
        assert_refused (to, message, cut);
      return;
    }

  for (gsize cut = 0; cut < len; cut++)
    assert_refused (to, message, cut);

  for (gsize i = 0; i < len; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        /* The highest bit of an X25519 key is ignored by the arithmetic, not by the hash. */
        memcpy (changed, message, len);
        changed[i] ^= (guint8) (1u << bit);
        assert_refused (to, changed, len);
      }

  memcpy (changed, message, len);
  changed[len] = 0;
  assert_refused (to, changed, len + 1);
}

static void
run_pattern (KithNoisePattern pattern)
{
  KithNoiseHandshake init, resp;
  guint8 keys[2][3][KITH_KEY_BYTES];

  setup (&init, pattern, TRUE);
  setup (&resp, pattern, FALSE);

  for (guint number = 0; !kith_noise_handshake_is_finished (&init); number++)
    {
      KithNoiseHandshake *from = number % 2 == 0 ? &init : &resp;
      KithNoiseHandshake *to = number % 2 == 0 ? &resp : &init;
      const guint8 payload[] = { 'h', 'i' };
      guint8 message[MAX_BYTES], back[MAX_BYTES];
      gsize len, back_len;

      g_assert_true (kith_noise_handshake_is_my_turn (from));
      g_assert_false (kith_noise_handshake_is_my_turn (to));
      g_assert_false (kith_noise_handshake_create_message (to, NULL, 0, message, sizeof message, &len));
      g_assert_false (kith_noise_handshake_create_message (from, payload, sizeof payload, message, 16, &len));
      g_assert_true (kith_noise_handshake_create_message (from, payload, sizeof payload, message,
                                                          sizeof message, &len));
      attack (to, pattern, number, message, len);
      g_assert_true (kith_noise_handshake_consume_message (to, message, len, back, sizeof back, &back_len));
      g_assert_cmpmem (back, back_len, payload, sizeof payload);
      assert_refused (to, message, len);
    }

  g_assert_true (kith_noise_handshake_split (&init, keys[0][0], keys[0][1], keys[0][2]));
  g_assert_true (kith_noise_handshake_split (&resp, keys[1][0], keys[1][1], keys[1][2]));
  g_assert_cmpmem (keys[0], sizeof keys[0], keys[1], sizeof keys[1]);
}

static void
test_attacked (gconstpointer data)
{
  run_pattern ((KithNoisePattern) GPOINTER_TO_UINT (data));
}

/* Points of low order give a shared secret that everybody knows: the handshake ends (attack 6). */
static void
test_low_order (void)
{
  static const guint8 points[][32] = {
    { 0 },
    { 1 },
    { 0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a,
      0xda, 0x09, 0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00 },
    { 0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (points); i++)
    {
      KithNoiseHandshake resp;
      guint8 payload[1], out[MAX_BYTES];
      gsize len;

      setup (&resp, KITH_NOISE_XX, FALSE);
      g_assert_true (kith_noise_handshake_consume_message (&resp, points[i], sizeof points[i], payload, 0, &len));
      g_assert_false (kith_noise_handshake_create_message (&resp, NULL, 0, out, sizeof out, &len));
      g_assert_cmpuint (len, ==, 0);
    }
}

/* Attack 5: the victim's own private key, and the contact's public one, are not enough to pose as
 * the contact to the victim; neither as who dials nor as who listens. */
static void
test_impersonation (void)
{
  for (guint i = 0; i < 2; i++)
    {
      gboolean victim_dials = i == 1;
      KithNoiseHandshake victim, thief;
      KithNoiseHandshake *init = victim_dials ? &victim : &thief, *resp = victim_dials ? &thief : &victim;
      guint8 message[MAX_BYTES], payload[MAX_BYTES];
      gsize len, payload_len;

      setup (&victim, KITH_NOISE_XX, victim_dials);
      setup (&thief, KITH_NOISE_XX, !victim_dials);
      memcpy (thief.keys.s, victim.keys.s, sizeof thief.keys.s);
      g_assert_true (kith_noise_handshake_create_message (init, NULL, 0, message, sizeof message, &len));
      g_assert_true (kith_noise_handshake_consume_message (resp, message, len, payload, sizeof payload, &payload_len));
      g_assert_true (kith_noise_handshake_create_message (resp, NULL, 0, message, sizeof message, &len));
      if (!victim_dials)
        {
          g_assert_true (kith_noise_handshake_consume_message (init, message, len, payload, sizeof payload, &payload_len));
          g_assert_true (kith_noise_handshake_create_message (init, NULL, 0, message, sizeof message, &len));
        }
      assert_refused (&victim, message, len);
      g_assert_false (kith_noise_handshake_is_finished (&victim));
    }
}

/* The lengths of protocol 3.4 are what the engine makes. */
static void
test_wire_lengths (void)
{
  KithNoiseHandshake init, resp;
  guint8 payload[KITH_PAYLOAD3_BYTES] = { 0 }, message[MAX_BYTES], back[MAX_BYTES];
  gsize len, back_len;

  setup (&init, KITH_NOISE_XX, TRUE);
  setup (&resp, KITH_NOISE_XX, FALSE);
  g_assert_true (kith_noise_handshake_create_message (&init, NULL, 0, message, sizeof message, &len));
  g_assert_cmpuint (len, ==, KITH_MSG1_BYTES);
  g_assert_true (kith_noise_handshake_consume_message (&resp, message, len, back, sizeof back, &back_len));
  g_assert_true (kith_noise_handshake_create_message (&resp, payload, KITH_PAYLOAD2_BYTES, message, sizeof message, &len));
  g_assert_cmpuint (len, ==, KITH_MSG2_BYTES);
  g_assert_true (kith_noise_handshake_consume_message (&init, message, len, back, sizeof back, &back_len));
  g_assert_true (kith_noise_handshake_create_message (&init, payload, KITH_PAYLOAD3_BYTES, message, sizeof message, &len));
  g_assert_cmpuint (len, ==, KITH_MSG3_BYTES);
}

static void
test_nonces_end (void)
{
  const guint8 key[KITH_KEY_BYTES] = { 1 };
  guint8 buffer[64] = { 0 };
  KithNoiseCipher cipher;

  kith_noise_cipher_init_key (&cipher, key);
  cipher.nonce = G_MAXUINT64 - 1;
  g_assert_true (kith_noise_cipher_encrypt (&cipher, NULL, 0, buffer, 16, buffer));
  g_assert_false (kith_noise_cipher_encrypt (&cipher, NULL, 0, buffer, 16, buffer));
  g_assert_false (kith_noise_cipher_decrypt (&cipher, NULL, 0, buffer, 32, buffer));
}

int
main (int argc, char *argv[])
{
  static const char *const names[N_PATTERNS] = { "xx", "xxpsk0", "kkpsk0" };

  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < N_PATTERNS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/noise/handshake/attacked/%s", names[i]);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_attacked);
    }
  g_test_add_func ("/noise/handshake/low-order", test_low_order);
  g_test_add_func ("/noise/handshake/impersonation", test_impersonation);
  g_test_add_func ("/noise/handshake/wire-lengths", test_wire_lengths);
  g_test_add_func ("/noise/cipher/nonces-end", test_nonces_end);
  return g_test_run ();
}
