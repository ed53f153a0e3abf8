/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proto/kith-noise-cipher.h"

G_BEGIN_DECLS

/**
 * KithNoiseSymmetric:
 *
 * The SymmetricState of Noise 5.2: chaining key, handshake hash and the cipher of the moment.
 */
typedef struct
{
  guint8          chaining_key[KITH_HASH_BYTES];
  guint8          hash[KITH_HASH_BYTES];
  KithNoiseCipher cipher;
} KithNoiseSymmetric;

void     kith_noise_symmetric_init             (KithNoiseSymmetric *self,
                                                const char         *protocol_name);
void     kith_noise_symmetric_mix_key          (KithNoiseSymmetric *self,
                                                const guint8       *input,
                                                gsize               len);
void     kith_noise_symmetric_mix_hash         (KithNoiseSymmetric *self,
                                                const guint8       *data,
                                                gsize               len);
void     kith_noise_symmetric_mix_key_and_hash (KithNoiseSymmetric *self,
                                                const guint8       *input,
                                                gsize               len);
gsize    kith_noise_symmetric_overhead         (const KithNoiseSymmetric *self);
gboolean kith_noise_symmetric_encrypt_and_hash (KithNoiseSymmetric *self,
                                                const guint8       *plaintext,
                                                gsize               len,
                                                guint8             *out);
gboolean kith_noise_symmetric_decrypt_and_hash (KithNoiseSymmetric *self,
                                                const guint8       *ciphertext,
                                                gsize               len,
                                                guint8             *out);
void     kith_noise_symmetric_split            (const KithNoiseSymmetric *self,
                                                guint8              k1[KITH_KEY_BYTES],
                                                guint8              k2[KITH_KEY_BYTES],
                                                guint8              k3[KITH_KEY_BYTES]);

G_END_DECLS
