/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 2: the device certificate, 159 bytes.
 *
 *    0   1  version = 1
 *    1  32  identity key
 *   33   8  device
 *   41  32  device key
 *   73   4  seq
 *   77   8  not_before
 *   85   8  not_after
 *   93   2  flags = 0
 *   95  64  signature of the identity key over H("kith1 devcert"; bytes 0..94)
 */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-certificate.h"

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "proto/kith-hash.h"

#define VERSION 1
#define SIGNED_BYTES 95

G_STATIC_ASSERT (SIGNED_BYTES + KITH_SIGNATURE_BYTES == KITH_CERTIFICATE_BYTES);

static void
signed_hash (const guint8 *bytes, guint8 hash[KITH_HASH_BYTES])
{
  kith_hash (hash, "kith1 devcert", KITH_FIELDS (KITH_FIELD (bytes, SIGNED_BYTES)));
}

/**
 * kith_certificate_encode:
 * @self: what to certify
 * @seed: the seed of the identity in it
 * @out: (out caller-allocates): the signed certificate
 */
void
kith_certificate_encode (const KithCertificate *self, const guint8 seed[KITH_IDENTITY_SEED_BYTES],
                         guint8 out[KITH_CERTIFICATE_BYTES])
{
  KithWriter writer;
  guint8 hash[KITH_HASH_BYTES];

  kith_writer_init (&writer, out, KITH_CERTIFICATE_BYTES);
  kith_writer_u8 (&writer, VERSION);
  kith_writer_bytes (&writer, self->identity, sizeof self->identity);
  kith_writer_bytes (&writer, self->device, sizeof self->device);
  kith_writer_bytes (&writer, self->device_key, sizeof self->device_key);
  kith_writer_u32 (&writer, self->seq);
  kith_writer_u64 (&writer, self->not_before);
  kith_writer_u64 (&writer, self->not_after);
  kith_writer_u16 (&writer, 0);

  signed_hash (out, hash);
  kith_identity_sign (seed, hash, sizeof hash, out + SIGNED_BYTES);
}

/**
 * kith_certificate_parse:
 * @self: (out caller-allocates): the certificate
 * @bytes: untrusted
 *
 * Reads a certificate and checks version, flags, lifetime and signature; not the clock, for
 * which there is kith_certificate_is_valid_at().
 *
 * Returns: whether it is a certificate that its identity has signed
 */
gboolean
kith_certificate_parse (KithCertificate *self, const guint8 bytes[KITH_CERTIFICATE_BYTES])
{
  KithReader reader;
  guint8 hash[KITH_HASH_BYTES];
  guint8 version;
  guint16 flags;

  kith_reader_init (&reader, bytes, SIGNED_BYTES);
  version = kith_reader_u8 (&reader);
  kith_reader_bytes (&reader, self->identity, sizeof self->identity);
  kith_reader_bytes (&reader, self->device, sizeof self->device);
  kith_reader_bytes (&reader, self->device_key, sizeof self->device_key);
  self->seq = kith_reader_u32 (&reader);
  self->not_before = kith_reader_u64 (&reader);
  self->not_after = kith_reader_u64 (&reader);
  flags = kith_reader_u16 (&reader);

  if (!kith_reader_finish (&reader) || version != VERSION || flags != 0)
    return FALSE;
  if (self->not_after < self->not_before
      || self->not_after - self->not_before > KITH_LIMIT_CERTIFICATE_LIFETIME_S)
    return FALSE;

  signed_hash (bytes, hash);
  return kith_identity_verify (self->identity, hash, sizeof hash, bytes + SIGNED_BYTES);
}

/**
 * kith_certificate_is_valid_at:
 * @self: a certificate
 * @now_s: unix time in seconds
 *
 * Returns: whether @now_s is in its lifetime, give or take %KITH_LIMIT_CLOCK_TOLERANCE_S
 */
gboolean
kith_certificate_is_valid_at (const KithCertificate *self, gint64 now_s)
{
  guint64 now = (guint64) MAX (now_s, 0);

  if (now + KITH_LIMIT_CLOCK_TOLERANCE_S < self->not_before)
    return FALSE;

  return now <= self->not_after || now - self->not_after <= KITH_LIMIT_CLOCK_TOLERANCE_S;
}
