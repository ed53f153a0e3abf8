/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Noise 5.1: the CipherState, with ChaCha20-Poly1305 (12.3). */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-noise-cipher.h"

#include <string.h>

#include <sodium.h>

#define NONCE_BYTES crypto_aead_chacha20poly1305_ietf_NPUBBYTES

G_STATIC_ASSERT (KITH_NOISE_TAG_BYTES == crypto_aead_chacha20poly1305_ietf_ABYTES);

/* 32 zero bits, then the nonce in little-endian. */
static void
encode_nonce (guint8 out[NONCE_BYTES], guint64 nonce)
{
  guint64 le = GUINT64_TO_LE (nonce);

  memset (out, 0, 4);
  memcpy (out + 4, &le, sizeof le);
}

/**
 * kith_noise_cipher_init_key:
 * @self: (out caller-allocates): a cipher
 * @key: its key
 *
 * InitializeKey(): takes a key and starts with nonce 0. Pure; no thread of its own.
 */
void
kith_noise_cipher_init_key (KithNoiseCipher *self, const guint8 key[KITH_KEY_BYTES])
{
  memcpy (self->key, key, KITH_KEY_BYTES);
  self->nonce = 0;
  self->has_key = TRUE;
}

/**
 * kith_noise_cipher_clear:
 * @self: a cipher
 *
 * Wipes the key.
 */
void
kith_noise_cipher_clear (KithNoiseCipher *self)
{
  sodium_memzero (self, sizeof *self);
}

/**
 * kith_noise_cipher_encrypt:
 * @self: a cipher
 * @ad: (nullable) (array length=ad_len): associated data
 * @ad_len: its length in bytes
 * @plaintext: (array length=len): what to encrypt
 * @len: its length in bytes
 * @out: (out caller-allocates): @len + %KITH_NOISE_TAG_BYTES bytes, without a key @len; may be
 *   @plaintext itself
 *
 * EncryptWithAd().
 *
 * Returns: %FALSE when the nonces are used up: the key must not be used any more
 */
gboolean
kith_noise_cipher_encrypt (KithNoiseCipher *self, const guint8 *ad, gsize ad_len,
                           const guint8 *plaintext, gsize len, guint8 *out)
{
  guint8 nonce[NONCE_BYTES];

  if (!self->has_key)
    {
      if (len > 0)
        memmove (out, plaintext, len);
      return TRUE;
    }

  if (self->nonce == G_MAXUINT64)
    return FALSE;

  encode_nonce (nonce, self->nonce++);
  crypto_aead_chacha20poly1305_ietf_encrypt (out, NULL, plaintext, len, ad, ad_len, NULL, nonce,
                                             self->key);
  return TRUE;
}

/**
 * kith_noise_cipher_decrypt:
 * @self: a cipher
 * @ad: (nullable) (array length=ad_len): associated data
 * @ad_len: its length in bytes
 * @ciphertext: (array length=len): what to decrypt; untrusted
 * @len: its length in bytes, with the tag
 * @out: (out caller-allocates): @len - %KITH_NOISE_TAG_BYTES bytes, without a key @len; may be
 *   @ciphertext itself
 *
 * DecryptWithAd(). A message that is not authentic leaves the nonce as it was.
 *
 * Returns: whether the message is authentic
 */
gboolean
kith_noise_cipher_decrypt (KithNoiseCipher *self, const guint8 *ad, gsize ad_len,
                           const guint8 *ciphertext, gsize len, guint8 *out)
{
  guint8 nonce[NONCE_BYTES];

  if (!self->has_key)
    {
      if (len > 0)
        memmove (out, ciphertext, len);
      return TRUE;
    }

  if (self->nonce == G_MAXUINT64 || len < KITH_NOISE_TAG_BYTES)
    return FALSE;

  encode_nonce (nonce, self->nonce);
  if (crypto_aead_chacha20poly1305_ietf_decrypt (out, NULL, NULL, ciphertext, len, ad, ad_len, nonce,
                                                 self->key) != 0)
    return FALSE;

  self->nonce++;
  return TRUE;
}
