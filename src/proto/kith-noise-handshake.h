/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proto/kith-noise-symmetric.h"

G_BEGIN_DECLS

#define KITH_DH_BYTES 32
#define KITH_NOISE_MAX_MESSAGE_BYTES 65535

/**
 * KithNoisePattern:
 * @KITH_NOISE_XX: neither side knows the other's static key
 * @KITH_NOISE_XXPSK0: the same, with a passphrase-derived key
 * @KITH_NOISE_KKPSK0: both know the other's: rekey
 */
typedef enum
{
  KITH_NOISE_XX,
  KITH_NOISE_XXPSK0,
  KITH_NOISE_KKPSK0,
} KithNoisePattern;

/* Keys of the two sides of a handshake; has_* tells which are known. */
typedef struct
{
  guint8   s[KITH_DH_BYTES]; /* own static, private */
  guint8   s_public[KITH_DH_BYTES];
  guint8   e[KITH_DH_BYTES]; /* own ephemeral, private */
  guint8   e_public[KITH_DH_BYTES];
  guint8   rs[KITH_DH_BYTES];
  guint8   re[KITH_DH_BYTES];
  guint8   psk[KITH_KEY_BYTES];
  gboolean has_s, has_e, has_rs, has_re, has_psk;
} KithNoiseKeys;

/**
 * KithNoiseHandshake:
 *
 * The HandshakeState of Noise 5.3. Plain data: it may be copied, and has to be wiped with
 * kith_noise_handshake_clear(). Set the keys that the pattern needs, then start it.
 */
typedef struct
{
  KithNoiseSymmetric symmetric;
  KithNoiseKeys      keys;
  KithNoisePattern   pattern;
  gboolean           initiator;
  gboolean           started;
  guint              n_messages; /* how many were created or consumed */
} KithNoiseHandshake;

void     kith_noise_handshake_init              (KithNoiseHandshake *self,
                                                 KithNoisePattern    pattern,
                                                 gboolean            initiator);
void     kith_noise_handshake_clear             (KithNoiseHandshake *self);
gboolean kith_noise_handshake_set_static        (KithNoiseHandshake *self,
                                                 const guint8        private_key[KITH_DH_BYTES]);
void     kith_noise_handshake_set_remote_static (KithNoiseHandshake *self,
                                                 const guint8        public_key[KITH_DH_BYTES]);
void     kith_noise_handshake_set_psk           (KithNoiseHandshake *self,
                                                 const guint8        psk[KITH_KEY_BYTES]);
gboolean kith_noise_handshake_set_ephemeral     (KithNoiseHandshake *self,
                                                 const guint8        private_key[KITH_DH_BYTES]);
void     kith_noise_handshake_start             (KithNoiseHandshake *self,
                                                 const guint8       *prologue,
                                                 gsize               prologue_len);
gboolean kith_noise_handshake_create_message    (KithNoiseHandshake *self,
                                                 const guint8       *payload,
                                                 gsize               payload_len,
                                                 guint8             *out,
                                                 gsize               out_size,
                                                 gsize              *out_len);
gboolean kith_noise_handshake_consume_message   (KithNoiseHandshake *self,
                                                 const guint8       *message,
                                                 gsize               message_len,
                                                 guint8             *payload,
                                                 gsize               payload_size,
                                                 gsize              *payload_len);
gboolean kith_noise_handshake_is_my_turn        (const KithNoiseHandshake *self);
gboolean kith_noise_handshake_is_finished       (const KithNoiseHandshake *self);
const guint8 *kith_noise_handshake_get_hash     (const KithNoiseHandshake *self);
const guint8 *kith_noise_handshake_get_remote_static
                                                (const KithNoiseHandshake *self);
const guint8 *kith_noise_handshake_get_remote_ephemeral
                                                (const KithNoiseHandshake *self);
gboolean kith_noise_handshake_split             (const KithNoiseHandshake *self,
                                                 guint8              k_i2r[KITH_KEY_BYTES],
                                                 guint8              k_r2i[KITH_KEY_BYTES],
                                                 guint8              exporter[KITH_KEY_BYTES]);

G_END_DECLS
