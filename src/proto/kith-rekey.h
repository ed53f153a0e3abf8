/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proto/kith-noise-handshake.h"
#include "proto/kith-pair.h"

G_BEGIN_DECLS

#define KITH_REKEY_MESSAGE_BYTES 48
#define KITH_REKEY1_BYTES (4 + KITH_ROOT_ID_BYTES + KITH_REKEY_MESSAGE_BYTES)
#define KITH_REKEY2_BYTES (1 + KITH_REKEY_MESSAGE_BYTES)

/**
 * KithRekeyStatus:
 * @KITH_REKEY_OK: a Noise message follows
 * @KITH_REKEY_NO_ROOT: the listener does not have the named pair root; no message follows
 */
typedef enum
{
  KITH_REKEY_OK = 0,
  KITH_REKEY_NO_ROOT = 1,
} KithRekeyStatus;

typedef struct
{
  guint32 n;
  guint8  root_id[KITH_ROOT_ID_BYTES];
  guint8  message[KITH_REKEY_MESSAGE_BYTES];
} KithRekey1;

typedef struct
{
  KithRekeyStatus status;
  guint8          message[KITH_REKEY_MESSAGE_BYTES];
} KithRekey2;

void     kith_rekey_psk          (const guint8        exporter[KITH_KEY_BYTES],
                                  guint32             n,
                                  const guint8       *pair_root,
                                  guint8              out[KITH_KEY_BYTES]);
gboolean kith_rekey_handshake_init (KithNoiseHandshake *handshake,
                                  gboolean            initiator,
                                  guint32             n,
                                  const guint8        previous_hash[KITH_HASH_BYTES],
                                  const guint8        psk[KITH_KEY_BYTES],
                                  const guint8        device_key[KITH_DH_BYTES],
                                  const guint8        their_device_key[KITH_DH_BYTES],
                                  const guint8        ephemeral[KITH_DH_BYTES]);
void     kith_rekey1_encode      (const KithRekey1   *self,
                                  guint8              out[KITH_REKEY1_BYTES]);
gboolean kith_rekey1_parse       (KithRekey1         *self,
                                  const guint8       *bytes,
                                  gsize               len);
gsize    kith_rekey2_encode      (const KithRekey2   *self,
                                  guint8              out[KITH_REKEY2_BYTES]);
gboolean kith_rekey2_parse       (KithRekey2         *self,
                                  const guint8       *bytes,
                                  gsize               len);

G_END_DECLS
