/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proto/kith-hash.h"

G_BEGIN_DECLS

#define KITH_SAS_BYTES 32
#define KITH_SAS_WORDS 4

/* The two who compare words, in the order of the protocol: A commits, B replies. */
typedef struct
{
  const guint8 *identity_a;
  const guint8 *random_a;
  const guint8 *identity_b;
  const guint8 *random_b;
} KithSasSides;

void     kith_sas_key   (const guint8        exporter[KITH_KEY_BYTES],
                         guint8              out[KITH_KEY_BYTES]);
void     kith_sas_commit (const guint8       random_a[KITH_SAS_BYTES],
                         const guint8        handshake_hash[KITH_HASH_BYTES],
                         guint8              out[KITH_SAS_BYTES]);
gboolean kith_sas_check (const guint8        commitment[KITH_SAS_BYTES],
                         const guint8        random_a[KITH_SAS_BYTES],
                         const guint8        handshake_hash[KITH_HASH_BYTES]);
char    *kith_sas_words (const guint8        key[KITH_KEY_BYTES],
                         const KithSasSides *sides);

G_END_DECLS
