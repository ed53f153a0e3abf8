/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-group-op.h"

G_BEGIN_DECLS

#define KITH_GROUP_NEVER G_MAXUINT32

/* How somebody ceased to be a member. */
typedef enum
{
  KITH_GROUP_REMOVED_NOT,
  KITH_GROUP_REMOVED_KICKED,
  KITH_GROUP_REMOVED_LEFT,
  KITH_GROUP_REMOVED_REKEYED, /* the same person goes on with another author key */
} KithGroupRemoved;

/**
 * KithGroupMember:
 *
 * Somebody who is or was in the group. An author key is never added again.
 */
typedef struct
{
  guint8           author[KITH_GROUP_KEY_BYTES];
  guint8           identity[KITH_IDENTITY_KEY_BYTES];
  guint32          added_height;
  guint64          added_ms;
  guint64          history_from_ms;
  KithGroupRemoved removed;
  guint32          removed_height; /* KITH_GROUP_NEVER while they are a member */
  guint64          cut_seq;        /* of one who was removed */
  guint8           cut_id[KITH_GROUP_ID_BYTES];
} KithGroupMember;

/**
 * KithGroupState:
 *
 * What the membership chain says at one of its operations (protocol 10.2): a function of the
 * operations up to there and of nothing else.
 */
typedef struct
{
  guint8           gid[KITH_GROUP_ID_BYTES];
  guint32          height;
  guint8           head[KITH_GROUP_ID_BYTES];
  guint64          time_ms; /* of the head */
  char            *name;    /* (owned) (nullable) */
  KithGroupPolicy  policy;
  KithGroupMember *admin;   /* (nullable): in @members */
  guint            n_members; /* now */
  GPtrArray       *members; /* (owned) (element-type KithGroupMember): all who ever were, as they were added */
  GHashTable      *by_author; /* (owned): author key -> KithGroupMember */
  GHashTable      *by_identity; /* (owned): identity key -> the last KithGroupMember who had it */
  guint8           secret_hash[KITH_HASH_BYTES];
  guint32          secret_height;
  guint32          checkpoint_height; /* of the last, or 0 */
  guint8           picture[KITH_HASH_BYTES]; /* zeros = none */
} KithGroupState;

KithGroupState  *kith_group_state_new           (void);
void             kith_group_state_free          (KithGroupState       *self);
gboolean         kith_group_state_check         (const KithGroupState *self,
                                                 const KithGroupOp    *op);
void             kith_group_state_apply         (KithGroupState       *self,
                                                 const KithGroupOp    *op);
KithGroupMember *kith_group_state_find          (const KithGroupState *self,
                                                 const guint8          author[KITH_GROUP_KEY_BYTES]);
KithGroupMember *kith_group_state_find_identity (const KithGroupState *self,
                                                 const guint8          identity[KITH_IDENTITY_KEY_BYTES]);
KithGroupMember *kith_group_state_find_last     (const KithGroupState *self,
                                                 const guint8          identity[KITH_IDENTITY_KEY_BYTES]);
gboolean         kith_group_state_is_member     (const KithGroupState *self,
                                                 const guint8          author[KITH_GROUP_KEY_BYTES]);
void             kith_group_state_hash          (const KithGroupState *self,
                                                 guint8                out[KITH_HASH_BYTES]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGroupState, kith_group_state_free)

G_END_DECLS
