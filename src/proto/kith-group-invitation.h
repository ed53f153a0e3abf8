/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-limits.h"
#include "proto/kith-group-join.h"

G_BEGIN_DECLS

/**
 * KithGroupInvitation:
 * @gid: which group
 * @name: (nullable): what it is called: sanitised
 * @has_admin: whether there is an @admin
 * @admin: the admin's identity
 * @has_token: whether there is a @token: the admin invites himself
 * @token: what the answer has to bring to be let in at once
 * @n_members: how many are in it
 *
 * Somebody is asked to join a group: content 14 of MSG (protocol 10). It is the word of who sends it. A link to a
 * group is something else: a #KithInvite.
 */
typedef struct
{
  guint8   gid[KITH_GROUP_ID_BYTES];
  char    *name; /* (owned) (nullable) */
  gboolean has_admin;
  guint8   admin[KITH_IDENTITY_KEY_BYTES];
  gboolean has_token;
  guint8   token[KITH_GROUP_TOKEN_BYTES];
  guint32  n_members;
} KithGroupInvitation;

/* As text, for the outbox. (transfer full) */
char    *kith_group_invitation_encode       (const KithGroupInvitation *self);
/* @text: of the outbox, or from the wire: untrusted. FALSE: it is none; nothing to be cleared then. */
gboolean kith_group_invitation_decode       (KithGroupInvitation       *self,
                                             const char                *text);
void     kith_group_invitation_clear        (KithGroupInvitation       *self);

/* For the bodies. The text of what came, NULL when it is no invitation; and what it stands for, 0 when
 * it is none. (transfer full) (nullable) */
char    *kith_group_invitation_encode_bytes (const guint8              *data,
                                             gsize                      len);
gsize    kith_group_invitation_decode_text  (const char                *text,
                                             guint8                     out[KITH_LIMIT_GROUP_INVITATION_BYTES]);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithGroupInvitation, kith_group_invitation_clear)

G_END_DECLS
