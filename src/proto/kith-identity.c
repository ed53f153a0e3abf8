/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 2 and 2.1: identity keys, the ID string and the safety number. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-identity.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-bytes.h"
#include "proto/kith-hash.h"

#define ID_VERSION 1
#define ID_BYTES (KITH_IDENTITY_KEY_BYTES + 2 + 1)
#define SAFETY_ROUNDS 5200
#define SAFETY_GROUPS 6

/**
 * kith_identity_get_public:
 * @seed: the Ed25519 seed of an identity
 * @public_key: (out caller-allocates): IK, its public key
 */
void
kith_identity_get_public (const guint8 seed[KITH_IDENTITY_SEED_BYTES],
                          guint8 public_key[KITH_IDENTITY_KEY_BYTES])
{
  guint8 secret_key[crypto_sign_SECRETKEYBYTES];

  crypto_sign_seed_keypair (public_key, secret_key, seed);
  sodium_memzero (secret_key, sizeof secret_key);
}

/**
 * kith_identity_sign:
 * @seed: the Ed25519 seed of an identity
 * @data: (array length=len): what to sign
 * @len: its length in bytes
 * @signature: (out caller-allocates): the signature
 */
void
kith_identity_sign (const guint8 seed[KITH_IDENTITY_SEED_BYTES], const guint8 *data, gsize len,
                    guint8 signature[KITH_SIGNATURE_BYTES])
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES];
  guint8 secret_key[crypto_sign_SECRETKEYBYTES];

  crypto_sign_seed_keypair (public_key, secret_key, seed);
  crypto_sign_detached (signature, NULL, data, len, secret_key);
  sodium_memzero (secret_key, sizeof secret_key);
}

/**
 * kith_identity_verify:
 * @identity: an identity key
 * @data: (array length=len): what is said to be signed
 * @len: its length in bytes
 * @signature: the signature; untrusted
 *
 * Returns: whether @identity signed it
 */
gboolean
kith_identity_verify (const guint8 identity[KITH_IDENTITY_KEY_BYTES], const guint8 *data, gsize len,
                      const guint8 signature[KITH_SIGNATURE_BYTES])
{
  return crypto_sign_verify_detached (signature, data, len, identity) == 0;
}

/**
 * kith_device_key_get_public:
 * @private_key: an X25519 private key
 * @public_key: (out caller-allocates): its public key
 *
 * Returns: %FALSE when that is no usable key
 */
gboolean
kith_device_key_get_public (const guint8 private_key[KITH_DEVICE_KEY_BYTES],
                            guint8 public_key[KITH_DEVICE_KEY_BYTES])
{
  return crypto_scalarmult_base (public_key, private_key) == 0;
}

/* --- ID string ------------------------------------------------------------------------------ */

static void
id_checksum (const guint8 *identity, guint8 out[2])
{
  static const guint8 version = ID_VERSION;
  guint8 hash[KITH_HASH_BYTES];

  kith_hash (hash, "kith1 id-sum",
             KITH_FIELDS (KITH_FIELD (&version, 1), KITH_FIELD (identity, KITH_IDENTITY_KEY_BYTES)));
  memcpy (out, hash, 2);
}

/**
 * kith_id_string_encode:
 * @identity: an identity key
 *
 * Returns: (transfer full): its ID string, 56 characters of lower-case base32
 */
char *
kith_id_string_encode (const guint8 identity[KITH_IDENTITY_KEY_BYTES])
{
  guint8 bytes[ID_BYTES];

  memcpy (bytes, identity, KITH_IDENTITY_KEY_BYTES);
  id_checksum (identity, bytes + KITH_IDENTITY_KEY_BYTES);
  bytes[ID_BYTES - 1] = ID_VERSION;
  return kith_base32_encode (bytes, sizeof bytes);
}

/**
 * kith_id_string_parse:
 * @text: what somebody typed or pasted: case and white space between the groups do not matter
 * @identity: (out caller-allocates): the identity key
 *
 * Returns: whether that is an ID string without a typing error
 */
gboolean
kith_id_string_parse (const char *text, guint8 identity[KITH_IDENTITY_KEY_BYTES])
{
  char digits[KITH_ID_STRING_CHARS];
  gsize n_digits = 0;
  guint8 bytes[ID_BYTES];
  guint8 checksum[2];

  for (; *text != '\0'; text++)
    {
      if (g_ascii_isspace (*text))
        continue;
      if (n_digits == sizeof digits)
        return FALSE;
      digits[n_digits++] = *text;
    }

  if (!kith_base32_decode (digits, n_digits, bytes, sizeof bytes))
    return FALSE;

  id_checksum (bytes, checksum);
  if (memcmp (checksum, bytes + KITH_IDENTITY_KEY_BYTES, sizeof checksum) != 0
      || bytes[ID_BYTES - 1] != ID_VERSION)
    return FALSE;

  memcpy (identity, bytes, KITH_IDENTITY_KEY_BYTES);
  return TRUE;
}

/* --- The code that others scan --------------------------------------------------------------- */

/**
 * kith_identity_code_encode:
 * @identity: our identity key
 *
 * Returns: (transfer full): what our QR code says to somebody who wants to make sure of us: the
 *   whole key, in the characters that QR codes like
 */
char *
kith_identity_code_encode (const guint8 identity[KITH_IDENTITY_KEY_BYTES])
{
  g_autofree char *id = kith_id_string_encode (identity);
  g_autofree char *upper = g_ascii_strup (id, -1);

  return g_strconcat (KITH_IDENTITY_CODE_PREFIX, upper, NULL);
}

/**
 * kith_identity_code_parse:
 * @text: what was scanned or pasted; untrusted
 * @identity: (out caller-allocates): the identity key of who showed it
 *
 * Returns: whether it is such a code
 */
gboolean
kith_identity_code_parse (const char *text, guint8 identity[KITH_IDENTITY_KEY_BYTES])
{
  const gsize prefix_len = strlen (KITH_IDENTITY_CODE_PREFIX);

  while (g_ascii_isspace (*text))
    text++;

  return g_ascii_strncasecmp (text, KITH_IDENTITY_CODE_PREFIX, prefix_len) == 0
         && kith_id_string_parse (text + prefix_len, identity);
}

/* --- Safety number -------------------------------------------------------------------------- */

/* The half of one party depends on that party's key alone: see the reason in protocol 2.1. */
static void
safety_half (GString *out, const guint8 *identity)
{
  static const guint8 version[2] = { 0, 1 };
  guint8 digest[crypto_hash_sha512_BYTES];
  crypto_hash_sha512_state state;

  for (guint round = 0; round < SAFETY_ROUNDS; round++)
    {
      crypto_hash_sha512_init (&state);
      if (round == 0)
        {
          crypto_hash_sha512_update (&state, (const guint8 *) "kith1 safety-number", 19);
          crypto_hash_sha512_update (&state, version, sizeof version);
          crypto_hash_sha512_update (&state, identity, KITH_IDENTITY_KEY_BYTES);
        }
      else
        crypto_hash_sha512_update (&state, digest, sizeof digest);
      crypto_hash_sha512_update (&state, identity, KITH_IDENTITY_KEY_BYTES);
      crypto_hash_sha512_final (&state, digest);
    }

  for (guint group = 0; group < SAFETY_GROUPS; group++)
    {
      guint64 value = 0;

      for (guint i = 0; i < 5; i++)
        value = value << 8 | digest[5 * group + i];
      g_string_append_printf (out, "%s%05u", out->len > 0 ? " " : "", (guint) (value % 100000));
    }
}

/**
 * kith_safety_number:
 * @a: one identity key
 * @b: the other, in any order
 *
 * The number that two people compare to be sure that nobody stands between them. Takes some
 * milliseconds on purpose.
 *
 * Returns: (transfer full): twelve groups of five digits
 */
char *
kith_safety_number (const guint8 a[KITH_IDENTITY_KEY_BYTES], const guint8 b[KITH_IDENTITY_KEY_BYTES])
{
  GString *out = g_string_new (NULL);
  gboolean a_first = memcmp (a, b, KITH_IDENTITY_KEY_BYTES) <= 0;

  safety_half (out, a_first ? a : b);
  safety_half (out, a_first ? b : a);
  return g_string_free (out, FALSE);
}
