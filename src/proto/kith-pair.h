/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proto/kith-hash.h"
#include "proto/kith-identity.h"

G_BEGIN_DECLS

#define KITH_BIND_BYTES 32
#define KITH_PAIR_BYTES 32
#define KITH_ROOT_ID_BYTES 8
#define KITH_GROUP_NAME_BYTES 16

void   kith_pair_bind    (const guint8 exporter[KITH_KEY_BYTES],
                          const guint8 initiator[KITH_IDENTITY_KEY_BYTES],
                          const guint8 responder[KITH_IDENTITY_KEY_BYTES],
                          guint8       out[KITH_BIND_BYTES]);
void   kith_pair_root    (const guint8 exporter[KITH_KEY_BYTES],
                          const guint8 mine[KITH_IDENTITY_KEY_BYTES],
                          const guint8 theirs[KITH_IDENTITY_KEY_BYTES],
                          const guint8 r_mine[KITH_PAIR_BYTES],
                          const guint8 r_theirs[KITH_PAIR_BYTES],
                          guint8       out[KITH_KEY_BYTES]);
void   kith_pair_root_id (const guint8 pair_root[KITH_KEY_BYTES],
                          guint8       out[KITH_ROOT_ID_BYTES]);
guint8 kith_pair_dir     (const guint8 sender[KITH_IDENTITY_KEY_BYTES],
                          const guint8 other[KITH_IDENTITY_KEY_BYTES]);

/* Groups: how two sides name one in a session, and what two members share in it (10.4). */
void   kith_pair_group_key  (const guint8  exporter[KITH_KEY_BYTES],
                             guint8        out[KITH_KEY_BYTES]);
void   kith_pair_group_name (const guint8  key[KITH_KEY_BYTES],
                             const guint8 *gid,
                             guint8        out[KITH_GROUP_NAME_BYTES]);
void   kith_pair_group_root (const guint8  secret[KITH_KEY_BYTES],
                             const guint8 *a,
                             const guint8 *b,
                             guint8        out[KITH_KEY_BYTES]);

G_END_DECLS
