/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 3.4: certificate[159], u64 unix time, u32 feature bits, zeros to the end. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-handshake-payload.h"

#include <sodium.h>

#include "base/kith-bytes.h"

/**
 * kith_handshake_payload_encode:
 * @self: the payload
 * @out: (out caller-allocates) (array length=len): where it goes
 * @len: %KITH_PAYLOAD2_BYTES or %KITH_PAYLOAD3_BYTES
 */
void
kith_handshake_payload_encode (const KithHandshakePayload *self, guint8 *out, gsize len)
{
  KithWriter writer;

  kith_writer_init (&writer, out, len);
  kith_writer_bytes (&writer, self->certificate, sizeof self->certificate);
  kith_writer_u64 (&writer, self->time_s);
  kith_writer_u32 (&writer, self->features);
  kith_writer_zeros (&writer, len - writer.len);
}

/**
 * kith_handshake_payload_parse:
 * @self: (out caller-allocates): the payload
 * @bytes: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is one; the certificate is still to be checked
 */
gboolean
kith_handshake_payload_parse (KithHandshakePayload *self, const guint8 *bytes, gsize len)
{
  KithReader reader;
  gsize rest_len;
  const guint8 *rest;

  kith_reader_init (&reader, bytes, len);
  kith_reader_bytes (&reader, self->certificate, sizeof self->certificate);
  self->time_s = kith_reader_u64 (&reader);
  self->features = kith_reader_u32 (&reader);
  rest_len = kith_reader_remaining (&reader);
  rest = kith_reader_peek (&reader, rest_len);

  return rest != NULL && sodium_is_zero (rest, rest_len);
}
