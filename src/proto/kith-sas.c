/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 2.1: the words that two people compare to know that nobody is between them.
 *
 * Somebody in the middle has two sessions, and so two keys and two hashes, and wants both to give
 * the same words. Each side adds a number that the other cannot know before it is bound to its own:
 * A by the commitment, B because it speaks after that. So there is one guess of 2^-44 and nothing
 * to search through.
 */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-sas.h"

#include <string.h>

#include <sodium.h>

#include "proto/kith-identity.h"
#include "proto/kith-words.h"

#define SAS_BITS (KITH_SAS_WORDS * KITH_WORD_BITS)

/**
 * kith_sas_key:
 * @exporter: the exporter of the session's first handshake
 * @out: (out caller-allocates): what the words of this session are made from
 *
 * The exporter is wiped early in the life of a session. This is left of it for the words.
 */
void
kith_sas_key (const guint8 exporter[KITH_KEY_BYTES], guint8 out[KITH_KEY_BYTES])
{
  kith_kdf (out, exporter, "kith1 sas-key", NULL, 0);
}

/**
 * kith_sas_commit:
 * @random_a: the random bytes of A
 * @handshake_hash: h of the session's first handshake
 * @out: (out caller-allocates): what A says of them before B speaks
 */
void
kith_sas_commit (const guint8 random_a[KITH_SAS_BYTES],
                 const guint8 handshake_hash[KITH_HASH_BYTES], guint8 out[KITH_SAS_BYTES])
{
  kith_hash (out, "kith1 sas-com",
             KITH_FIELDS (KITH_FIELD (random_a, KITH_SAS_BYTES),
                          KITH_FIELD (handshake_hash, KITH_HASH_BYTES)));
}

/**
 * kith_sas_check:
 * @commitment: what A had said
 * @random_a: what A reveals; untrusted
 * @handshake_hash: h of the session's first handshake
 *
 * Returns: whether A had committed to that
 */
gboolean
kith_sas_check (const guint8 commitment[KITH_SAS_BYTES], const guint8 random_a[KITH_SAS_BYTES],
                const guint8 handshake_hash[KITH_HASH_BYTES])
{
  guint8 expected[KITH_SAS_BYTES];

  kith_sas_commit (random_a, handshake_hash, expected);
  return sodium_memcmp (expected, commitment, sizeof expected) == 0;
}

/**
 * kith_sas_words:
 * @key: by kith_sas_key()
 * @sides: who compares, and the random bytes of both
 *
 * Returns: (transfer full): the words, with spaces between them
 */
char *
kith_sas_words (const guint8 key[KITH_KEY_BYTES], const KithSasSides *sides)
{
  guint8 sas[KITH_KEY_BYTES];
  guint64 bits;
  GString *words = g_string_new (NULL);

  kith_kdf (sas, key, "kith1 sas",
            KITH_FIELDS (KITH_FIELD (sides->random_a, KITH_SAS_BYTES),
                         KITH_FIELD (sides->random_b, KITH_SAS_BYTES),
                         KITH_FIELD (sides->identity_a, KITH_IDENTITY_KEY_BYTES),
                         KITH_FIELD (sides->identity_b, KITH_IDENTITY_KEY_BYTES)));
  memcpy (&bits, sas, sizeof bits);
  sodium_memzero (sas, sizeof sas);
  bits = GUINT64_FROM_BE (bits) >> (64 - SAS_BITS);

  for (guint i = KITH_SAS_WORDS; i > 0; i--)
    {
      if (words->len > 0)
        g_string_append_c (words, ' ');
      g_string_append (words, kith_words_get ((guint) (bits >> ((i - 1) * KITH_WORD_BITS))
                                              & (KITH_WORDS - 1)));
    }

  sodium_memzero (&bits, sizeof bits);
  return g_string_free (words, FALSE);
}
