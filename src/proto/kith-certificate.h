/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proto/kith-identity.h"

G_BEGIN_DECLS

#define KITH_CERTIFICATE_BYTES 159
#define KITH_DEVICE_BYTES 8

/**
 * KithCertificate:
 *
 * A device certificate (protocol 2): the identity says which device key speaks for it. Times are
 * unix times in seconds.
 */
typedef struct
{
  guint8  identity[KITH_IDENTITY_KEY_BYTES];
  guint8  device[KITH_DEVICE_BYTES];
  guint8  device_key[KITH_DEVICE_KEY_BYTES];
  guint32 seq;
  guint64 not_before;
  guint64 not_after;
} KithCertificate;

void     kith_certificate_encode (const KithCertificate *self,
                                  const guint8           seed[KITH_IDENTITY_SEED_BYTES],
                                  guint8                 out[KITH_CERTIFICATE_BYTES]);
gboolean kith_certificate_parse  (KithCertificate       *self,
                                  const guint8           bytes[KITH_CERTIFICATE_BYTES]);
gboolean kith_certificate_is_valid_at (const KithCertificate *self,
                                       gint64                 now_s);

G_END_DECLS
