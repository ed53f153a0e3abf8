/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "group/kith-group-state.h"
#include "proto/kith-group-body.h"

G_BEGIN_DECLS

/**
 * KithGroupNode:
 *
 * An operation in the tree of all that are known.
 */
typedef struct _KithGroupNode KithGroupNode;

struct _KithGroupNode
{
  KithGroupOp   *op;       /* (owned) */
  KithGroupNode *parent;   /* (nullable): of CREATE */
  GPtrArray     *children; /* (owned) (nullable) (element-type KithGroupNode) */
  guint32        index;    /* in the order in which they came: a parent before its children */
  gboolean       accepted; /* it is on the chain that counts here */
  gboolean       pinned;   /* ... and stays there */
  gint64         applied_ms; /* since when it is accepted */
  gsize          path_bytes; /* of all operations up to this */
  guint8         admin[KITH_GROUP_KEY_BYTES]; /* after it */
  guint          n_members;  /* after it, at least */
};

/* An operation that waits for the one before it. */
typedef struct
{
  KithGroupOp *op; /* (owned) */
  guint        link; /* that brought it */
} KithGroupPendingOp;

/* The state at an operation that is not the last accepted one. */
typedef struct
{
  const KithGroupNode *node;  /* (nullable) */
  KithGroupState      *state; /* (owned) (nullable) */
} KithGroupSideState;

/**
 * KithGroupChain:
 *
 * The membership operations of a group (protocol 10.2 and 10.5). What is known forms a tree; which
 * path through it counts follows from the tree, and from what is pinned.
 */
typedef struct
{
  guint8          gid[KITH_GROUP_ID_BYTES];
  GHashTable     *nodes;    /* (owned): op_id -> KithGroupNode */
  GPtrArray      *all;      /* (owned) (element-type KithGroupNode): by index */
  GPtrArray      *accepted; /* (owned) (element-type KithGroupNode): by height */
  KithGroupState *state;    /* (owned): at the last accepted one; who any branch of a fork removed is none */
  gboolean        stale;    /* @state is of before the last operations */
  KithGroupSideState sides[4];
  guint           next_side;
  gsize           bytes;    /* of all operations */
  gboolean        frozen;   /* the admin forked after the last accepted operation */
  guint32         pin_height; /* everything up to there is pinned; KITH_GROUP_NEVER: nothing is */
  gboolean        split;    /* something that contradicts a pin has come */
  GPtrArray      *pending;  /* (owned) (element-type KithGroupPendingOp) */
  guint8          digest[KITH_HASH_BYTES];
  gboolean        digest_valid;
} KithGroupChain;

typedef enum
{
  KITH_GROUP_CHAIN_ADDED,   /* and maybe others that waited for it */
  KITH_GROUP_CHAIN_KNOWN,
  KITH_GROUP_CHAIN_PENDING, /* what it stands on has to come first */
  KITH_GROUP_CHAIN_BAD,     /* not of this group, not signed, not allowed, or too many */
} KithGroupChainResult;

KithGroupChain      *kith_group_chain_new          (const guint8          gid[KITH_GROUP_ID_BYTES]);
void                 kith_group_chain_free         (KithGroupChain       *self);
KithGroupChainResult kith_group_chain_add          (KithGroupChain       *self,
                                                    KithGroupOp          *op,
                                                    gboolean              trusted,
                                                    guint                 link,
                                                    gint64                now_ms);
void                 kith_group_chain_refresh      (KithGroupChain       *self);
KithGroupNode       *kith_group_chain_get_head     (KithGroupChain       *self);
KithGroupNode       *kith_group_chain_find         (KithGroupChain       *self,
                                                    const guint8          id[KITH_GROUP_ID_BYTES]);
gboolean             kith_group_chain_was_member   (KithGroupChain       *self,
                                                    const KithGroupNode  *node,
                                                    const guint8          author[KITH_GROUP_KEY_BYTES]);
gboolean             kith_group_chain_was_removed  (const KithGroupNode  *node,
                                                    const guint8          author[KITH_GROUP_KEY_BYTES]);
gboolean             kith_group_chain_get_proof    (KithGroupChain       *self,
                                                    guint8                proof[2][KITH_GROUP_ID_BYTES]);
gint64               kith_group_chain_pin          (KithGroupChain       *self,
                                                    gint64                now_ms,
                                                    gboolean             *changed);
const KithGroupNode *kith_group_chain_get_pin      (KithGroupChain       *self);
void                 kith_group_chain_pin_to       (KithGroupChain       *self,
                                                    guint32               height,
                                                    const guint8          id[KITH_GROUP_ID_BYTES]);
GArray              *kith_group_chain_get_locator  (KithGroupChain       *self);
guint32              kith_group_chain_find_common  (KithGroupChain       *self,
                                                    const KithGroupHello *hello);
GPtrArray           *kith_group_chain_get_missing  (KithGroupChain       *self,
                                                    const KithGroupHello *hello);
const guint8        *kith_group_chain_get_digest   (KithGroupChain       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGroupChain, kith_group_chain_free)

G_END_DECLS
