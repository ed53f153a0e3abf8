/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-endpoint.h"
#include "base/kith-limits.h"
#include "proto/kith-identity.h"

G_BEGIN_DECLS

#define KITH_INVITE_SECRET_BYTES 16
#define KITH_INVITE_KEY_BYTES 32
#define KITH_INVITE_ROOT_BYTES 32
#define KITH_INVITE_ID_BYTES 8
#define KITH_INVITE_PROOF_BYTES 32
#define KITH_INVITE_PREFIX "KITH:I/"
#define KITH_INVITE_GROUP_BYTES 32
#define KITH_INVITE_GROUP_PREFIX "KITH:G/"

/**
 * KithInvite:
 * @identity: who invites
 * @reply_key: X25519 public key of this invite alone: what the joiner says is sealed to it
 * @secret: whoever has it may use the invite, once; and that of a group until it expires
 * @expiry_s: unix time in seconds; a whole minute
 * @endpoints: where the one who invites may be reached
 * @is_group: it is the link to a group (10.7), and leads to no contact
 * @group: the id of that group
 *
 * A one-time invite (protocol 6.2), or the link to a group: what a link or a QR code has in it, whoever made
 * it. What became of one that we made is a #KithInvitation. Holds a secret: to be wiped.
 */
typedef struct
{
  guint8       identity[KITH_IDENTITY_KEY_BYTES];
  guint8       reply_key[KITH_INVITE_KEY_BYTES];
  guint8       secret[KITH_INVITE_SECRET_BYTES];
  gint64       expiry_s;
  KithEndpoint endpoints[KITH_LIMIT_ENDPOINTS];
  guint        n_endpoints;
  gboolean     is_group;
  guint8       group[KITH_INVITE_GROUP_BYTES];
} KithInvite;

char    *kith_invite_encode    (const KithInvite *self);
gboolean kith_invite_parse     (KithInvite       *self,
                                const char       *text);
gboolean kith_invite_parse_group (KithInvite     *self,
                                  const char     *text);
gboolean kith_invite_is_valid_at (const KithInvite *self,
                                  gint64            now_s);
void     kith_invite_clear     (KithInvite       *self);

/* The public half of the key that is of one invite alone. */
gboolean kith_invite_get_reply_key (const guint8  private_key[KITH_INVITE_KEY_BYTES],
                                    guint8        public_key[KITH_INVITE_KEY_BYTES]);

/* What both sides derive from the secret. */
void     kith_invite_get_root  (const guint8      secret[KITH_INVITE_SECRET_BYTES],
                                guint8            root[KITH_INVITE_ROOT_BYTES]);
void     kith_invite_get_group_root (const guint8 secret[KITH_INVITE_SECRET_BYTES],
                                     const guint8 group[KITH_INVITE_GROUP_BYTES],
                                     guint8       root[KITH_INVITE_ROOT_BYTES]);
void     kith_invite_get_id    (const guint8      root[KITH_INVITE_ROOT_BYTES],
                                guint8            id[KITH_INVITE_ID_BYTES]);
void     kith_invite_get_proof (const guint8      root[KITH_INVITE_ROOT_BYTES],
                                const guint8      handshake_hash[32],
                                guint8            proof[KITH_INVITE_PROOF_BYTES]);
void     kith_invite_get_author_proof (const guint8 root[KITH_INVITE_ROOT_BYTES],
                                       const guint8 author[32],
                                       guint8       proof[KITH_INVITE_PROOF_BYTES]);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithInvite, kith_invite_clear)

G_END_DECLS
