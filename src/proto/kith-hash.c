/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 1: H(label; f1, f2..) and KDF(k, label; f1, f2..), and the HKDF of Noise 4.3. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-hash.h"

#include <string.h>

#include <sodium.h>

G_STATIC_ASSERT (KITH_HASH_BYTES == crypto_auth_hmacsha256_BYTES);

/* BLAKE2b-256 with the label as the personalisation: one state for both, keyed or not. */
static void
blake2b (guint8 *out, const guint8 *key, const char *label, const KithField *fields, gsize n_fields)
{
  crypto_generichash_blake2b_state state;
  guint8 personal[crypto_generichash_blake2b_PERSONALBYTES] = { 0 };

  g_assert (strlen (label) <= sizeof personal);
  memcpy (personal, label, strlen (label));
  crypto_generichash_blake2b_init_salt_personal (&state, key, key != NULL ? KITH_KEY_BYTES : 0,
                                                 KITH_HASH_BYTES, NULL, personal);

  for (gsize i = 0; i < n_fields; i++)
    {
      guint32 len = GUINT32_TO_BE ((guint32) fields[i].len);

      crypto_generichash_blake2b_update (&state, (const guint8 *) &len, sizeof len);
      crypto_generichash_blake2b_update (&state, fields[i].data, fields[i].len);
    }

  crypto_generichash_blake2b_final (&state, out, KITH_HASH_BYTES);
  sodium_memzero (&state, sizeof state);
}

/**
 * kith_hash:
 * @out: (out caller-allocates): the hash
 * @label: what the hash is for, at most 16 bytes
 * @fields: (array length=n_fields): what is hashed
 * @n_fields: how many fields
 *
 * H(label; f1, f2..) of protocol 1. Any thread.
 */
void
kith_hash (guint8 out[KITH_HASH_BYTES], const char *label, const KithField *fields, gsize n_fields)
{
  blake2b (out, NULL, label, fields, n_fields);
}

/**
 * kith_kdf:
 * @out: (out caller-allocates): the derived key
 * @key: the key to derive from
 * @label: what the derived key is for, at most 16 bytes
 * @fields: (array length=n_fields): what it depends on
 * @n_fields: how many fields
 *
 * KDF(k, label; f1, f2..) of protocol 1. Any thread.
 */
void
kith_kdf (guint8 out[KITH_KEY_BYTES], const guint8 key[KITH_KEY_BYTES], const char *label,
          const KithField *fields, gsize n_fields)
{
  blake2b (out, key, label, fields, n_fields);
}

static void
hmac (guint8 out[KITH_HASH_BYTES], const guint8 key[KITH_HASH_BYTES], const guint8 *previous,
      const guint8 *input, gsize input_len)
{
  crypto_auth_hmacsha256_state state;

  crypto_auth_hmacsha256_init (&state, key, KITH_HASH_BYTES);
  if (previous != NULL)
    crypto_auth_hmacsha256_update (&state, previous, KITH_HASH_BYTES);
  crypto_auth_hmacsha256_update (&state, input, input_len);
  crypto_auth_hmacsha256_final (&state, out);
  sodium_memzero (&state, sizeof state);
}

/**
 * kith_noise_hkdf:
 * @chaining_key: the chaining key
 * @input: (array length=input_len): input key material
 * @input_len: its length in bytes
 * @out1: (out caller-allocates): first output
 * @out2: (out caller-allocates): second output
 * @out3: (out caller-allocates) (nullable): third output, if wanted
 *
 * HKDF() of Noise 4.3, with SHA-256. No output may overlap an input. Any thread.
 */
void
kith_noise_hkdf (const guint8 chaining_key[KITH_HASH_BYTES], const guint8 *input, gsize input_len,
                 guint8 out1[KITH_HASH_BYTES], guint8 out2[KITH_HASH_BYTES], guint8 *out3)
{
  static const guint8 one = 1;
  static const guint8 two = 2;
  static const guint8 three = 3;
  guint8 temp_key[KITH_HASH_BYTES];

  hmac (temp_key, chaining_key, NULL, input, input_len);
  hmac (out1, temp_key, NULL, &one, 1);
  hmac (out2, temp_key, out1, &two, 1);
  if (out3 != NULL)
    hmac (out3, temp_key, out2, &three, 1);

  sodium_memzero (temp_key, sizeof temp_key);
}
