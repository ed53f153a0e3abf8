/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-group-keys.h"

G_BEGIN_DECLS

/**
 * KithGroupOpType:
 *
 * The operations of the membership chain (protocol 10.2). Numbers are of the wire.
 */
typedef enum
{
  KITH_GROUP_OP_CREATE = 1,
  KITH_GROUP_OP_ADD = 2,
  KITH_GROUP_OP_KICK = 3,
  KITH_GROUP_OP_RENAME = 4,
  KITH_GROUP_OP_POLICY = 5,
  KITH_GROUP_OP_TRANSFER = 6,
  KITH_GROUP_OP_LEFT = 7,
  KITH_GROUP_OP_CHECKPOINT = 8,
  KITH_GROUP_OP_CLAIM = 9,
  KITH_GROUP_OP_REKEY = 10,
} KithGroupOpType;

#define KITH_GROUP_HISTORY_ALL G_MAXUINT32

/**
 * KithGroupPolicy:
 * @history_days: how much a newcomer may read; 0 = nothing, %KITH_GROUP_HISTORY_ALL = everything
 * @vanish_days: how long the admin has to be gone before members may agree on another
 * @cap: how many members at most
 */
typedef struct
{
  guint32 history_days;
  guint32 vanish_days;
  guint32 cap;
} KithGroupPolicy;

/* Somebody is removed: their entries up to @seq, on the branch that ends in @entry_id, count. */
typedef struct
{
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint64 seq;                           /* 0: none of them */
  guint8  entry_id[KITH_GROUP_ID_BYTES]; /* zeros with seq 0 */
} KithGroupCut;

/* One who is for a candidate. */
typedef struct
{
  guint8 author[KITH_GROUP_KEY_BYTES];
  guint8 signature[KITH_SIGNATURE_BYTES];
} KithGroupVoice;

/**
 * KithGroupOpBody:
 *
 * What an operation says. Fields that its type does not have are empty.
 */
typedef struct
{
  char           *name; /* (owned) sanitised: CREATE, RENAME: of the group; ADD: (nullable) of the member */
  KithGroupPolicy policy;                             /* CREATE, POLICY */
  guint8          author[KITH_GROUP_KEY_BYTES];       /* ADD, TRANSFER: whom; REKEY: the new key */
  guint8          identity[KITH_IDENTITY_KEY_BYTES];  /* CREATE, ADD */
  guint64         history_from_ms;                    /* ADD */
  KithGroupCut    cut;                                /* KICK, LEFT, REKEY: the old key */
  guint8          acceptance[KITH_SIGNATURE_BYTES];   /* TRANSFER; REKEY: by the old key */
  guint8          state_hash[KITH_HASH_BYTES];        /* CHECKPOINT */
  guint32         pin_height;                         /* ADD */
  guint8          pin_id[KITH_GROUP_ID_BYTES];        /* ADD: zeros = none */
  gboolean        has_secret;                         /* CREATE, KICK, LEFT, CLAIM */
  guint8          secret_hash[KITH_HASH_BYTES];
  gboolean        has_picture;                        /* RENAME: it is about the picture alone */
  guint8          picture[KITH_HASH_BYTES];           /* its hash; zeros = none any more */
  GArray         *voices;                             /* CLAIM: (owned) of KithGroupVoice */
  gboolean        has_proof;                          /* CLAIM: of a frozen group */
  guint8          proof[2][KITH_GROUP_ID_BYTES];
  GArray         *removals;                           /* CLAIM: (owned) of KithGroupCut */
} KithGroupOpBody;

/**
 * KithGroupOp:
 *
 * An operation that is well-formed; whether it is allowed, the chain says. Counted, immutable.
 */
typedef struct
{
  KithGroupOpType type;
  guint8          gid[KITH_GROUP_ID_BYTES]; /* of CREATE: its own id, not the zeros of the wire */
  guint32         height;
  guint8          prev[KITH_GROUP_ID_BYTES];
  guint64         time_ms;
  guint8          signer[KITH_GROUP_KEY_BYTES];
  guint8          id[KITH_GROUP_ID_BYTES];
  KithGroupOpBody body;
  GBytes         *bytes; /* (owned): as on the wire, with the signature */
} KithGroupOp;

/* What stands before the body of a new operation. */
typedef struct
{
  KithGroupOpType type;
  const guint8   *gid;  /* (nullable): of CREATE */
  guint32         height;
  const guint8   *prev; /* (nullable): of CREATE */
  guint64         time_ms;
} KithGroupOpDraft;

GBytes      *kith_group_op_seal_raw   (const KithGroupOpDraft *draft,
                                       const guint8           *body,
                                       gsize                   len,
                                       const guint8            signer_seed[KITH_IDENTITY_SEED_BYTES]);
KithGroupOp *kith_group_op_seal       (const KithGroupOpDraft *draft,
                                       const KithGroupOpBody  *body,
                                       const guint8            signer_seed[KITH_IDENTITY_SEED_BYTES]);
KithGroupOp *kith_group_op_parse      (GBytes                 *bytes);
gboolean     kith_group_op_verify     (const KithGroupOp      *self);
KithGroupOp *kith_group_op_ref        (KithGroupOp            *self);
void         kith_group_op_unref      (KithGroupOp            *self);

GBytes      *kith_group_op_body_pack   (KithGroupOpType        type,
                                        const KithGroupOpBody *body);
gboolean     kith_group_op_body_unpack (KithGroupOpBody       *body,
                                        KithGroupOpType        type,
                                        const guint8          *data,
                                        gsize                  len);
void         kith_group_op_body_clear  (KithGroupOpBody       *body);

/* Signatures that stand in the bodies. */
void         kith_group_renew_sign     (const guint8           gid[KITH_GROUP_ID_BYTES],
                                        const guint8           author[KITH_GROUP_KEY_BYTES],
                                        const guint8           old_seed[KITH_IDENTITY_SEED_BYTES],
                                        guint8                 out[KITH_SIGNATURE_BYTES]);
gboolean     kith_group_renew_verify   (const guint8           gid[KITH_GROUP_ID_BYTES],
                                        const guint8           author[KITH_GROUP_KEY_BYTES],
                                        const guint8           old[KITH_GROUP_KEY_BYTES],
                                        const guint8           signature[KITH_SIGNATURE_BYTES]);
void         kith_group_accept_sign    (const guint8           prev[KITH_GROUP_ID_BYTES],
                                        const guint8           seed[KITH_IDENTITY_SEED_BYTES],
                                        guint8                 out[KITH_SIGNATURE_BYTES]);
gboolean     kith_group_accept_verify  (const guint8           prev[KITH_GROUP_ID_BYTES],
                                        const guint8           author[KITH_GROUP_KEY_BYTES],
                                        const guint8           signature[KITH_SIGNATURE_BYTES]);
void         kith_group_endorse_sign   (const guint8           gid[KITH_GROUP_ID_BYTES],
                                        guint32                height,
                                        const guint8           prev[KITH_GROUP_ID_BYTES],
                                        const guint8           candidate[KITH_GROUP_KEY_BYTES],
                                        const guint8           seed[KITH_IDENTITY_SEED_BYTES],
                                        guint8                 out[KITH_SIGNATURE_BYTES]);
gboolean     kith_group_endorse_verify (const guint8           gid[KITH_GROUP_ID_BYTES],
                                        guint32                height,
                                        const guint8           prev[KITH_GROUP_ID_BYTES],
                                        const guint8           candidate[KITH_GROUP_KEY_BYTES],
                                        const guint8           author[KITH_GROUP_KEY_BYTES],
                                        const guint8           signature[KITH_SIGNATURE_BYTES]);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGroupOp, kith_group_op_unref)

G_END_DECLS
