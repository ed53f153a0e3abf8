/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proto/kith-certificate.h"

G_BEGIN_DECLS

#define KITH_PAYLOAD2_BYTES 256
#define KITH_PAYLOAD3_BYTES 512

/* Lengths on the wire of the three messages of XX, without the two bytes in front (3.4). */
#define KITH_MSG1_BYTES 32
#define KITH_MSG1_PSK_BYTES 48
#define KITH_MSG2_BYTES 352
#define KITH_MSG3_BYTES 576

/**
 * KithHandshakePayload:
 * @certificate: as it is on the wire
 * @time_s: the sender's unix time in seconds
 * @features: feature bits; none is defined yet
 *
 * What msg2 and msg3 carry (protocol 3.4).
 */
typedef struct
{
  guint8  certificate[KITH_CERTIFICATE_BYTES];
  guint64 time_s;
  guint32 features;
} KithHandshakePayload;

void     kith_handshake_payload_encode (const KithHandshakePayload *self,
                                        guint8                     *out,
                                        gsize                       len);
gboolean kith_handshake_payload_parse  (KithHandshakePayload       *self,
                                        const guint8               *bytes,
                                        gsize                       len);

G_END_DECLS
