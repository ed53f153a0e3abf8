/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-hash.h"

G_BEGIN_DECLS

#define KITH_NOISE_TAG_BYTES 16

/**
 * KithNoiseCipher:
 *
 * The CipherState of Noise 5.1: a key, or none yet, and the nonce of the next message.
 */
typedef struct
{
  guint8   key[KITH_KEY_BYTES];
  guint64  nonce;
  gboolean has_key;
} KithNoiseCipher;

void     kith_noise_cipher_init_key (KithNoiseCipher *self,
                                     const guint8     key[KITH_KEY_BYTES]);
void     kith_noise_cipher_clear    (KithNoiseCipher *self);
gboolean kith_noise_cipher_encrypt  (KithNoiseCipher *self,
                                     const guint8    *ad,
                                     gsize            ad_len,
                                     const guint8    *plaintext,
                                     gsize            len,
                                     guint8          *out);
gboolean kith_noise_cipher_decrypt  (KithNoiseCipher *self,
                                     const guint8    *ad,
                                     gsize            ad_len,
                                     const guint8    *ciphertext,
                                     gsize            len,
                                     guint8          *out);

G_END_DECLS
