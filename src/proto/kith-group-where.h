/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "proto/kith-body.h"
#include "proto/kith-identity.h"

G_BEGIN_DECLS

#define KITH_GROUP_WHERE_BYTES (32 + 8 + 1 + KITH_LIMIT_GROUP_NOTE_ENDPOINTS * 19 + KITH_SIGNATURE_BYTES)

/**
 * KithGroupWhere:
 * @author: the author key of the member who says so
 * @time_s: when, unix time; the newest note of a member counts
 * @endpoints: where the member can be reached
 * @bytes: (array length=len): the note as it was signed and is passed on
 *
 * Where a member of a group can be reached: signed by that member, so that nobody says it of another,
 * and passed on by all (protocol 10.5). Still a hint: whoever signs may name a place that is not theirs.
 */
typedef struct
{
  guint8        author[32];
  guint64       time_s;
  KithEndpoints endpoints;
  guint8        bytes[KITH_GROUP_WHERE_BYTES];
  gsize         len;
} KithGroupWhere;

void       kith_group_where_sign   (KithGroupWhere       *self,
                                    const guint8          gid[32],
                                    const guint8          author_seed[KITH_IDENTITY_SEED_BYTES]);
gboolean   kith_group_where_parse  (KithGroupWhere       *self,
                                    const guint8         *data,
                                    gsize                 len);
gboolean   kith_group_where_verify (const KithGroupWhere *self,
                                    const guint8          gid[32]);

/* The body of GROUP_PEERS. (transfer full) (element-type GBytes), each still to be parsed; NULL when it
 * is malformed. */
GByteArray *kith_body_group_peers_pack   (const KithGroupWhere *const *notes,
                                          guint                        n);
GPtrArray  *kith_body_group_peers_unpack (const guint8                *data,
                                          gsize                        len);

G_END_DECLS
