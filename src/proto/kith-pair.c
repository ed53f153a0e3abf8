/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4.1 and 6.1: what binds a session to two identities, and the secret of a pair. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-pair.h"

#include <string.h>

#include <sodium.h>

/**
 * kith_pair_bind:
 * @exporter: the exporter of the session's first handshake
 * @initiator: the identity key of the dialer
 * @responder: the identity key of the listener
 * @out: (out caller-allocates): the value for OPEN
 *
 * Both sides compute it from whom they believe to be talking to, so that nobody is talked into
 * an unknown key share.
 */
void
kith_pair_bind (const guint8 exporter[KITH_KEY_BYTES],
                const guint8 initiator[KITH_IDENTITY_KEY_BYTES],
                const guint8 responder[KITH_IDENTITY_KEY_BYTES], guint8 out[KITH_BIND_BYTES])
{
  kith_kdf (out, exporter, "kith1 bind",
            KITH_FIELDS (KITH_FIELD (initiator, KITH_IDENTITY_KEY_BYTES),
                         KITH_FIELD (responder, KITH_IDENTITY_KEY_BYTES)));
}

/**
 * kith_pair_dir:
 * @sender: the identity key of the side that dials, publishes or sends
 * @other: the identity key of the other side
 *
 * Returns: 0 if @sender is the lower of the two, else 1
 */
guint8
kith_pair_dir (const guint8 sender[KITH_IDENTITY_KEY_BYTES],
               const guint8 other[KITH_IDENTITY_KEY_BYTES])
{
  return memcmp (sender, other, KITH_IDENTITY_KEY_BYTES) < 0 ? 0 : 1;
}

/**
 * kith_pair_root:
 * @exporter: the exporter of the session in which both PAIR records were sent
 * @mine: our identity key
 * @theirs: the peer's
 * @r_mine: the random bytes of our PAIR
 * @r_theirs: those of theirs
 * @out: (out caller-allocates): the pair root, the same on both sides
 */
void
kith_pair_root (const guint8 exporter[KITH_KEY_BYTES], const guint8 mine[KITH_IDENTITY_KEY_BYTES],
                const guint8 theirs[KITH_IDENTITY_KEY_BYTES], const guint8 r_mine[KITH_PAIR_BYTES],
                const guint8 r_theirs[KITH_PAIR_BYTES], guint8 out[KITH_KEY_BYTES])
{
  gboolean first = kith_pair_dir (mine, theirs) == 0;

  kith_kdf (out, exporter, "kith1 pairroot",
            KITH_FIELDS (KITH_FIELD (first ? mine : theirs, KITH_IDENTITY_KEY_BYTES),
                         KITH_FIELD (first ? theirs : mine, KITH_IDENTITY_KEY_BYTES),
                         KITH_FIELD (first ? r_mine : r_theirs, KITH_PAIR_BYTES),
                         KITH_FIELD (first ? r_theirs : r_mine, KITH_PAIR_BYTES)));
}

/**
 * kith_pair_root_id:
 * @pair_root: a pair root
 * @out: (out caller-allocates): the name by which REKEY1 refers to it
 */
void
kith_pair_root_id (const guint8 pair_root[KITH_KEY_BYTES], guint8 out[KITH_ROOT_ID_BYTES])
{
  guint8 full[KITH_KEY_BYTES];

  kith_kdf (full, pair_root, "kith1 root-id", NULL, 0);
  memcpy (out, full, KITH_ROOT_ID_BYTES);
  sodium_memzero (full, sizeof full);
}

/**
 * kith_pair_group_key:
 * @exporter: the exporter of the session's first handshake
 * @out: (out caller-allocates): what the names of groups in this session are made from
 */
void
kith_pair_group_key (const guint8 exporter[KITH_KEY_BYTES], guint8 out[KITH_KEY_BYTES])
{
  kith_kdf (out, exporter, "kith1 grp-blind", NULL, 0);
}

/**
 * kith_pair_group_name:
 * @key: by kith_pair_group_key()
 * @gid: the id of a group, 32 bytes
 * @out: (out caller-allocates): its name: whoever does not know the group learns nothing from it, and
 *   it is another one in each session
 */
void
kith_pair_group_name (const guint8 key[KITH_KEY_BYTES], const guint8 *gid,
                      guint8 out[KITH_GROUP_NAME_BYTES])
{
  guint8 full[KITH_KEY_BYTES];

  kith_kdf (full, key, "kith1 grp-name", KITH_FIELDS (KITH_FIELD (gid, 32)));
  memcpy (out, full, KITH_GROUP_NAME_BYTES);
}

/**
 * kith_pair_group_root:
 * @secret: the secret that all members of the group have
 * @a: the author key of one of them
 * @b: that of the other
 * @out: (out caller-allocates): what these two use in the place of a pair root
 */
void
kith_pair_group_root (const guint8 secret[KITH_KEY_BYTES], const guint8 *a, const guint8 *b,
                      guint8 out[KITH_KEY_BYTES])
{
  gboolean first = memcmp (a, b, 32) < 0;

  kith_kdf (out, secret, "kith1 grp-pair",
            KITH_FIELDS (KITH_FIELD (first ? a : b, 32), KITH_FIELD (first ? b : a, 32)));
}
