/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Certificates: as they are, and signed by somebody, so that what they say is reached. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "kith-fuzz.h"
#include "proto/kith-certificate.h"
#include "proto/kith-hash.h"

#define SIGNED_BYTES (KITH_CERTIFICATE_BYTES - 64)

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint8 seed[KITH_IDENTITY_SEED_BYTES] = { 3 };
  guint8 bytes[KITH_CERTIFICATE_BYTES] = { 0 };
  guint8 again[KITH_CERTIFICATE_BYTES];
  guint8 hash[KITH_HASH_BYTES];
  KithCertificate certificate;
  const KithField field = { bytes, SIGNED_BYTES };

  memcpy (bytes, data, MIN (size, sizeof bytes));
  kith_certificate_parse (&certificate, bytes);

  kith_identity_get_public (seed, bytes + 1);
  kith_hash (hash, "kith1 devcert", &field, 1);
  kith_identity_sign (seed, hash, sizeof hash, bytes + SIGNED_BYTES);
  if (!kith_certificate_parse (&certificate, bytes))
    return 0;

  kith_certificate_is_valid_at (&certificate, 1767225600);
  kith_certificate_encode (&certificate, seed, again);
  kith_fuzz_check (memcmp (bytes, again, sizeof bytes) == 0);
  return 0;
}
