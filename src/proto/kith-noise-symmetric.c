/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Noise 5.2: the SymmetricState, with SHA-256. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-noise-symmetric.h"

#include <string.h>

#include <sodium.h>

/**
 * kith_noise_symmetric_init:
 * @self: (out caller-allocates): a symmetric state
 * @protocol_name: such as `Noise_XX_25519_ChaChaPoly_SHA256`
 *
 * InitializeSymmetric(): names longer than a hash are hashed, shorter ones padded with zeros.
 */
void
kith_noise_symmetric_init (KithNoiseSymmetric *self, const char *protocol_name)
{
  gsize len = strlen (protocol_name);

  memset (self, 0, sizeof *self);
  if (len <= KITH_HASH_BYTES)
    memcpy (self->hash, protocol_name, len);
  else
    crypto_hash_sha256 (self->hash, (const guint8 *) protocol_name, len);

  memcpy (self->chaining_key, self->hash, KITH_HASH_BYTES);
}

/**
 * kith_noise_symmetric_mix_hash:
 * @self: a symmetric state
 * @data: (array length=len): what both sides have seen
 * @len: its length in bytes
 *
 * MixHash().
 */
void
kith_noise_symmetric_mix_hash (KithNoiseSymmetric *self, const guint8 *data, gsize len)
{
  crypto_hash_sha256_state state;

  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, self->hash, KITH_HASH_BYTES);
  crypto_hash_sha256_update (&state, data, len);
  crypto_hash_sha256_final (&state, self->hash);
}

/**
 * kith_noise_symmetric_mix_key:
 * @self: a symmetric state
 * @input: (array length=len): a shared secret
 * @len: its length in bytes
 *
 * MixKey().
 */
void
kith_noise_symmetric_mix_key (KithNoiseSymmetric *self, const guint8 *input, gsize len)
{
  guint8 chaining_key[KITH_HASH_BYTES];
  guint8 key[KITH_KEY_BYTES];

  kith_noise_hkdf (self->chaining_key, input, len, chaining_key, key, NULL);
  memcpy (self->chaining_key, chaining_key, sizeof chaining_key);
  kith_noise_cipher_init_key (&self->cipher, key);
  sodium_memzero (chaining_key, sizeof chaining_key);
  sodium_memzero (key, sizeof key);
}

/**
 * kith_noise_symmetric_mix_key_and_hash:
 * @self: a symmetric state
 * @input: (array length=len): a pre-shared key
 * @len: its length in bytes
 *
 * MixKeyAndHash().
 */
void
kith_noise_symmetric_mix_key_and_hash (KithNoiseSymmetric *self, const guint8 *input, gsize len)
{
  guint8 chaining_key[KITH_HASH_BYTES];
  guint8 hash[KITH_HASH_BYTES];
  guint8 key[KITH_KEY_BYTES];

  kith_noise_hkdf (self->chaining_key, input, len, chaining_key, hash, key);
  memcpy (self->chaining_key, chaining_key, sizeof chaining_key);
  kith_noise_symmetric_mix_hash (self, hash, sizeof hash);
  kith_noise_cipher_init_key (&self->cipher, key);
  sodium_memzero (chaining_key, sizeof chaining_key);
  sodium_memzero (hash, sizeof hash);
  sodium_memzero (key, sizeof key);
}

/**
 * kith_noise_symmetric_overhead:
 * @self: a symmetric state
 *
 * Returns: by how many bytes a ciphertext is now longer than its plaintext
 */
gsize
kith_noise_symmetric_overhead (const KithNoiseSymmetric *self)
{
  return self->cipher.has_key ? KITH_NOISE_TAG_BYTES : 0;
}

/**
 * kith_noise_symmetric_encrypt_and_hash:
 * @self: a symmetric state
 * @plaintext: (array length=len): what to send
 * @len: its length in bytes
 * @out: (out caller-allocates): @len and the overhead
 *
 * EncryptAndHash().
 *
 * Returns: %FALSE when the nonces are used up
 */
gboolean
kith_noise_symmetric_encrypt_and_hash (KithNoiseSymmetric *self, const guint8 *plaintext, gsize len,
                                       guint8 *out)
{
  gsize overhead = kith_noise_symmetric_overhead (self);

  if (!kith_noise_cipher_encrypt (&self->cipher, self->hash, KITH_HASH_BYTES, plaintext, len, out))
    return FALSE;

  kith_noise_symmetric_mix_hash (self, out, len + overhead);
  return TRUE;
}

/**
 * kith_noise_symmetric_decrypt_and_hash:
 * @self: a symmetric state
 * @ciphertext: (array length=len): what was received; untrusted
 * @len: its length in bytes
 * @out: (out caller-allocates): @len less the overhead; not @ciphertext itself
 *
 * DecryptAndHash().
 *
 * Returns: whether it is authentic; if not, @self is unchanged
 */
gboolean
kith_noise_symmetric_decrypt_and_hash (KithNoiseSymmetric *self, const guint8 *ciphertext, gsize len,
                                       guint8 *out)
{
  if (!kith_noise_cipher_decrypt (&self->cipher, self->hash, KITH_HASH_BYTES, ciphertext, len, out))
    return FALSE;

  kith_noise_symmetric_mix_hash (self, ciphertext, len);
  return TRUE;
}

/**
 * kith_noise_symmetric_split:
 * @self: a symmetric state
 * @k1: (out caller-allocates): initiator to responder
 * @k2: (out caller-allocates): responder to initiator
 * @k3: (out caller-allocates): the exporter
 *
 * Split(), with a third output (protocol 3.4); the first two are those of Noise.
 */
void
kith_noise_symmetric_split (const KithNoiseSymmetric *self, guint8 k1[KITH_KEY_BYTES],
                            guint8 k2[KITH_KEY_BYTES], guint8 k3[KITH_KEY_BYTES])
{
  kith_noise_hkdf (self->chaining_key, NULL, 0, k1, k2, k3);
}
