/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KITH_HASH_BYTES 32
#define KITH_KEY_BYTES 32

/* One field of a hash; each goes in as LV(field). */
typedef struct
{
  const guint8 *data;
  gsize         len;
} KithField;

#define KITH_FIELD(data, len) ((KithField){ (const guint8 *) (data), (len) })
#define KITH_FIELDS(...) (const KithField[]){ __VA_ARGS__ }, G_N_ELEMENTS (((const KithField[]){ __VA_ARGS__ }))

void kith_hash         (guint8           out[KITH_HASH_BYTES],
                        const char      *label,
                        const KithField *fields,
                        gsize            n_fields);
void kith_kdf          (guint8           out[KITH_KEY_BYTES],
                        const guint8     key[KITH_KEY_BYTES],
                        const char      *label,
                        const KithField *fields,
                        gsize            n_fields);
void kith_noise_hkdf   (const guint8     chaining_key[KITH_HASH_BYTES],
                        const guint8    *input,
                        gsize            input_len,
                        guint8           out1[KITH_HASH_BYTES],
                        guint8           out2[KITH_HASH_BYTES],
                        guint8          *out3);

G_END_DECLS
