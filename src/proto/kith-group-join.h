/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-group-keys.h"

G_BEGIN_DECLS

#define KITH_GROUP_TOKEN_BYTES 16

/**
 * KithGroupJoin:
 * @gid: which group
 * @identity: who wants in
 * @author: the author key they will write with
 * @time_ms: when they asked, unix time
 * @name: how they call themselves: sanitised
 * @text: (nullable): what they say: sanitised
 * @has_token: whether there is a @token
 * @token: of the admin's invitation that is accepted
 * @link_proof: (nullable): of the group link that was opened
 * @replaces: with @has_replaces, the author key that they had until now: they restored a backup, or
 *   have a new machine
 * @renewal: with @has_replaces, by kith_group_renew_sign(): that key says so itself
 * @has_bringer: whether there is a @bringer
 * @bringer: the author key of the member who took it from them and handed it on, and says so
 *
 * A request to be in a group (protocol 10.2). Signed by the author key and by the identity: who
 * brings it to the admin cannot put another key into it.
 */
typedef struct
{
  guint8   gid[KITH_GROUP_ID_BYTES];
  guint8   identity[KITH_IDENTITY_KEY_BYTES];
  guint8   author[KITH_GROUP_KEY_BYTES];
  guint64  time_ms;
  char    *name; /* (owned) (nullable) */
  char    *text; /* (owned) (nullable) */
  gboolean has_token;
  guint8   token[KITH_GROUP_TOKEN_BYTES];
  GBytes  *link_proof; /* (owned) (nullable) */
  gboolean has_replaces;
  guint8   replaces[KITH_GROUP_KEY_BYTES];
  guint8   renewal[KITH_SIGNATURE_BYTES];
  gboolean has_bringer;
  guint8   bringer[KITH_GROUP_KEY_BYTES];
} KithGroupJoin;

GBytes  *kith_group_join_seal  (const KithGroupJoin *self,
                                const guint8         author_seed[KITH_IDENTITY_SEED_BYTES],
                                const guint8         identity_seed[KITH_IDENTITY_SEED_BYTES]);
gboolean kith_group_join_open  (KithGroupJoin       *self,
                                const guint8        *data,
                                gsize                len);
GBytes  *kith_group_join_bring (GBytes              *request,
                                const guint8         author_seed[KITH_IDENTITY_SEED_BYTES]);
void     kith_group_join_clear (KithGroupJoin       *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithGroupJoin, kith_group_join_clear)

G_END_DECLS
