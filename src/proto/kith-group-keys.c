/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.1 and 10.4: what is derived from the ids and the secret of a group. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-group-keys.h"

#include <string.h>

/**
 * kith_group_blind:
 * @exporter: the exporter of the session's first handshake
 * @gid: a group
 * @out: (out caller-allocates): its name in this session
 *
 * Only who knows the group and is an end of the session can tell which one it is. The name stands
 * in OPEN, and before the body of each group record.
 */
void
kith_group_blind (const guint8 exporter[KITH_KEY_BYTES], const guint8 gid[KITH_GROUP_ID_BYTES],
                  guint8 out[KITH_GROUP_BLIND_BYTES])
{
  guint8 full[KITH_KEY_BYTES];

  kith_kdf (full, exporter, "kith1 grp-blind",
            KITH_FIELDS (KITH_FIELD (gid, KITH_GROUP_ID_BYTES)));
  memcpy (out, full, KITH_GROUP_BLIND_BYTES);
}

/**
 * kith_group_pair_root:
 * @secret: the group's rendezvous secret
 * @a: the author key of a member
 * @b: that of another
 * @out: (out caller-allocates): the secret of the two, to be wiped
 *
 * Used as the pair root of two contacts is (7.1), so that members who are none find each other.
 * The order of the two does not matter.
 */
void
kith_group_pair_root (const guint8 secret[KITH_GROUP_SECRET_BYTES],
                      const guint8 a[KITH_GROUP_KEY_BYTES], const guint8 b[KITH_GROUP_KEY_BYTES],
                      guint8 out[KITH_KEY_BYTES])
{
  gboolean first = memcmp (a, b, KITH_GROUP_KEY_BYTES) < 0;

  kith_kdf (out, secret, "kith1 grp-pair",
            KITH_FIELDS (KITH_FIELD (first ? a : b, KITH_GROUP_KEY_BYTES),
                         KITH_FIELD (first ? b : a, KITH_GROUP_KEY_BYTES)));
}

/**
 * kith_group_secret_hash:
 * @secret: a rendezvous secret
 * @out: (out caller-allocates): what the operation that renews it says of it
 */
void
kith_group_secret_hash (const guint8 secret[KITH_GROUP_SECRET_BYTES], guint8 out[KITH_HASH_BYTES])
{
  kith_hash (out, "kith1 g-secret", KITH_FIELDS (KITH_FIELD (secret, KITH_GROUP_SECRET_BYTES)));
}

/**
 * kith_group_picture_hash:
 * @picture: the picture of a group, as it goes over the wire
 * @out: (out caller-allocates): what the operation that sets it says of it
 */
void
kith_group_picture_hash (GBytes *picture, guint8 out[KITH_HASH_BYTES])
{
  gsize len;
  const guint8 *data = g_bytes_get_data (picture, &len);

  kith_hash (out, "kith1 g-picture", KITH_FIELDS (KITH_FIELD (data, len)));
}

/**
 * kith_group_ring_place:
 * @gid: a group
 * @author: the author key of a member
 * @out: (out caller-allocates): where the member stands on the ring: members are sorted by it
 */
void
kith_group_ring_place (const guint8 gid[KITH_GROUP_ID_BYTES],
                       const guint8 author[KITH_GROUP_KEY_BYTES], guint8 out[KITH_HASH_BYTES])
{
  kith_hash (out, "kith1 g-ring",
             KITH_FIELDS (KITH_FIELD (gid, KITH_GROUP_ID_BYTES),
                          KITH_FIELD (author, KITH_GROUP_KEY_BYTES)));
}
