/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-hash.h"
#include "proto/kith-identity.h"

G_BEGIN_DECLS

#define KITH_GROUP_KEY_BYTES 32     /* an author key */
#define KITH_GROUP_SECRET_BYTES 32  /* grp_rdv */
#define KITH_GROUP_BLIND_BYTES 16   /* a group's name in a session */

void kith_group_blind       (const guint8 exporter[KITH_KEY_BYTES],
                             const guint8 gid[KITH_GROUP_ID_BYTES],
                             guint8       out[KITH_GROUP_BLIND_BYTES]);
void kith_group_pair_root   (const guint8 secret[KITH_GROUP_SECRET_BYTES],
                             const guint8 a[KITH_GROUP_KEY_BYTES],
                             const guint8 b[KITH_GROUP_KEY_BYTES],
                             guint8       out[KITH_KEY_BYTES]);
void kith_group_secret_hash (const guint8 secret[KITH_GROUP_SECRET_BYTES],
                             guint8       out[KITH_HASH_BYTES]);
void kith_group_picture_hash (GBytes      *picture,
                             guint8       out[KITH_HASH_BYTES]);
void kith_group_ring_place  (const guint8 gid[KITH_GROUP_ID_BYTES],
                             const guint8 author[KITH_GROUP_KEY_BYTES],
                             guint8       out[KITH_HASH_BYTES]);

G_END_DECLS
