/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-sizes.h"

G_BEGIN_DECLS

#define KITH_IDENTITY_KEY_BYTES KITH_IDENTITY_BYTES
#define KITH_IDENTITY_SEED_BYTES 32
#define KITH_DEVICE_KEY_BYTES 32
#define KITH_SIGNATURE_BYTES 64
#define KITH_ID_STRING_CHARS 56
#define KITH_IDENTITY_CODE_PREFIX "KITH:V/"

void     kith_identity_get_public    (const guint8 seed[KITH_IDENTITY_SEED_BYTES],
                                      guint8       public_key[KITH_IDENTITY_KEY_BYTES]);
void     kith_identity_sign          (const guint8 seed[KITH_IDENTITY_SEED_BYTES],
                                      const guint8 *data,
                                      gsize         len,
                                      guint8        signature[KITH_SIGNATURE_BYTES]);
gboolean kith_identity_verify        (const guint8  identity[KITH_IDENTITY_KEY_BYTES],
                                      const guint8 *data,
                                      gsize         len,
                                      const guint8  signature[KITH_SIGNATURE_BYTES]);
gboolean kith_device_key_get_public  (const guint8  private_key[KITH_DEVICE_KEY_BYTES],
                                      guint8        public_key[KITH_DEVICE_KEY_BYTES]);

char    *kith_id_string_encode       (const guint8  identity[KITH_IDENTITY_KEY_BYTES]);
gboolean kith_id_string_parse        (const char   *text,
                                      guint8        identity[KITH_IDENTITY_KEY_BYTES]);
char    *kith_identity_code_encode   (const guint8  identity[KITH_IDENTITY_KEY_BYTES]);
gboolean kith_identity_code_parse    (const char   *text,
                                      guint8        identity[KITH_IDENTITY_KEY_BYTES]);
char    *kith_safety_number          (const guint8  a[KITH_IDENTITY_KEY_BYTES],
                                      const guint8  b[KITH_IDENTITY_KEY_BYTES]);

G_END_DECLS
