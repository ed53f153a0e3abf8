/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 3.3: the passphrase of a stranger who dials, and the key that comes of it.
 *
 *   dialer -> listener   preamble, with the share Ya at 24
 *   listener -> dialer   reply: Nb[32], Yb[32]
 *
 * ADa is all of the preamble but Ya, and ADb is Nb: so both sides' randomness is in the key.
 */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-join-passphrase.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "proto/kith-words.h"

static const char ci[] = "\x0f" "kith1 initiator" "\x0f" "kith1 responder";

#define AD_DIALER_BYTES (KITH_PREAMBLE_BYTES - KITH_CPACE_SHARE_BYTES)

/* --- Passphrases ---------------------------------------------------------------------------- */

/**
 * kith_join_passphrase_new:
 * @text: as somebody has typed it; untrusted
 * @error: return location for a #GError
 *
 * NFC, without white space around it. Errors: %KITH_ERROR_INVALID for fewer than
 * %KITH_LIMIT_JOIN_PASSPHRASE_CHARS characters or no UTF-8, %KITH_ERROR_TOO_BIG. Any thread.
 *
 * Returns: (transfer full): what both sides have to have in common
 */
KithSecret *
kith_join_passphrase_new (const char *text, GError **error)
{
  char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
  const gsize size = normal != NULL ? strlen (normal) : 0;
  KithSecret *secret = NULL;
  gsize len = 0;

  if (normal != NULL)
    len = strlen (g_strstrip (normal));

  if (normal == NULL || g_utf8_strlen (normal, -1) < KITH_LIMIT_JOIN_PASSPHRASE_CHARS)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_INVALID, "The passphrase is too short");
  else if (len > KITH_LIMIT_JOIN_PASSPHRASE_BYTES)
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_TOO_BIG, "The passphrase is too long");
  else
    secret = kith_secret_new_from ((const guint8 *) normal, len);

  if (normal != NULL)
    kith_secret_wipe (normal, size);
  g_free (normal);
  return secret;
}

/**
 * kith_join_passphrase_generate:
 * @env: where randomness comes from
 *
 * Any thread.
 *
 * Returns: (transfer full): %KITH_LIMIT_JOIN_WORDS words with blanks between them
 */
char *
kith_join_passphrase_generate (const KithEnv *env)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < KITH_LIMIT_JOIN_WORDS; i++)
    {
      if (i > 0)
        g_string_append_c (text, ' ');
      g_string_append (text, kith_words_get (kith_env_random_uniform (env, KITH_WORDS)));
    }

  return g_string_free (text, FALSE);
}

/* --- The key -------------------------------------------------------------------------------- */

static KithCpaceInput
input_of (const KithSecret *passphrase)
{
  return (KithCpaceInput){
    .prs = KITH_FIELD (kith_secret_get_data (passphrase), kith_secret_get_len (passphrase)),
    .ci = KITH_FIELD (ci, sizeof ci - 1),
  };
}

/**
 * kith_join_run_start:
 * @self: (out caller-allocates): a run
 * @passphrase: by kith_join_passphrase_new()
 * @dialer: whether we dial
 * @env: where randomness comes from
 *
 * Makes our share. Any thread.
 *
 * Returns: %FALSE when chance gave no usable scalar, which does not happen
 */
gboolean
kith_join_run_start (KithJoinRun *self, const KithSecret *passphrase, gboolean dialer, const KithEnv *env)
{
  const KithCpaceInput input = input_of (passphrase);
  guint8 random[crypto_core_ristretto255_NONREDUCEDSCALARBYTES];

  self->dialer = dialer;
  kith_env_random_bytes (env, random, sizeof random);
  crypto_core_ristretto255_scalar_reduce (self->scalar, random);
  sodium_memzero (random, sizeof random);
  return kith_cpace_make_share (&input, self->scalar, self->share);
}

/**
 * kith_join_run_clear:
 * @self: a run
 *
 * Wipes it.
 */
void
kith_join_run_clear (KithJoinRun *self)
{
  sodium_memzero (self, sizeof *self);
}

/**
 * kith_join_psk:
 * @isk: what CPace came to
 * @psk: (out caller-allocates): the key for Noise
 */
void
kith_join_psk (const guint8 isk[KITH_CPACE_ISK_BYTES], guint8 psk[KITH_KEY_BYTES])
{
  kith_hash (psk, "kith1 cpacepsk", KITH_FIELDS (KITH_FIELD (isk, KITH_CPACE_ISK_BYTES)));
}

/**
 * kith_join_run_derive:
 * @self: a run that was started
 * @passphrase: the same passphrase
 * @preamble: as it was on the wire
 * @reply: as it was on the wire
 * @psk: (out caller-allocates): the key for Noise, the same on both sides if the passphrases are
 *
 * Any thread.
 *
 * Returns: %FALSE when the other side's share is not usable
 */
gboolean
kith_join_run_derive (const KithJoinRun *self, const KithSecret *passphrase,
                  const guint8 preamble[KITH_PREAMBLE_BYTES],
                  const guint8 reply[KITH_JOIN_REPLY_BYTES], guint8 psk[KITH_KEY_BYTES])
{
  const KithCpaceInput input = input_of (passphrase);
  const gsize after = KITH_PREAMBLE_SHARE_AT + KITH_CPACE_SHARE_BYTES;
  guint8 ad_dialer[AD_DIALER_BYTES];
  guint8 isk[KITH_CPACE_ISK_BYTES];
  KithCpaceShare dialer = { preamble + KITH_PREAMBLE_SHARE_AT,
                            KITH_FIELD (ad_dialer, sizeof ad_dialer) };
  KithCpaceShare listener = { reply + KITH_JOIN_NONCE_BYTES,
                              KITH_FIELD (reply, KITH_JOIN_NONCE_BYTES) };

  memcpy (ad_dialer, preamble, KITH_PREAMBLE_SHARE_AT);
  memcpy (ad_dialer + KITH_PREAMBLE_SHARE_AT, preamble + after, KITH_PREAMBLE_BYTES - after);
  if (!kith_cpace_derive (&input, self->scalar, &dialer, &listener, self->dialer, isk))
    return FALSE;

  kith_join_psk (isk, psk);
  sodium_memzero (isk, sizeof isk);
  return TRUE;
}
