/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store-rows.h"

G_BEGIN_DECLS

#define KITH_STORE_GROUP_ID_BYTES KITH_GROUP_ID_BYTES
#define KITH_STORE_GROUP_HEADER_BYTES 186
#define KITH_STORE_GROUP_SIGNATURE_BYTES 64
#define KITH_STORE_GROUP_SALT_BYTES 16

/* Groups in the store (protocol 10). The store does not know what operations and entries say: it keeps
 * them for the replica, in src/group/. */

/* What is kept of a group besides its chain and its logs. */
typedef struct
{
  guint8      gid[KITH_STORE_GROUP_ID_BYTES];
  guint       membership;
  gint64      created_ms;
  KithSecret *author_seed; /* nullable: none before we said yes */
  KithSecret *next_seed;   /* nullable: that of a new author key which the admin has not seen yet */
  char       *name;
  char       *topic;
  guint64     topic_hlc;
  gboolean    has_inviter;
  guint8      inviter[KITH_STORE_IDENTITY_BYTES];
  gboolean    has_admin;
  guint8      admin[KITH_STORE_IDENTITY_BYTES]; /* who is, as far as we heard before we are in it */
  GBytes     *invitation;  /* nullable: as it came */
  GBytes     *request;     /* nullable: ours to be let in, signed */
  GBytes     *tokens;      /* nullable: those of our invitations, 16 bytes each */
  GBytes     *state;       /* nullable: of the replica. Not written by PUT */
  GBytes     *picture;     /* nullable: as it came. Not written by PUT */
  gboolean    mentions_only;
  gboolean    restored;    /* from a backup: a new author key is needed */
  guint       n_mentions;  /* not seen; only read */
} KithStoreGroup;

typedef struct
{
  GBytes *op;
  gint64  received_ms;
} KithStoreGroupOp;

typedef struct
{
  guint8   author[KITH_STORE_GROUP_ID_BYTES];
  guint64  seq;
  guint8   header[KITH_STORE_GROUP_HEADER_BYTES];
  guint8   signature[KITH_STORE_GROUP_SIGNATURE_BYTES]; /* zeros when only headers are read */
  guint8   salt[KITH_STORE_GROUP_SALT_BYTES];
  gboolean has_content;
  GBytes  *content;  /* nullable */
  gboolean redacted; /* there was a content */
} KithStoreGroupEntry;

/* Settings "<this><group>:<message>" = author key, all in hex: messages whose edits and deletions are not done yet. */
#define KITH_STORE_GROUP_ACTS_WAIT "group-acts:"

/* An operation of a batch on a group. */
typedef enum
{
  KITH_STORE_GROUP_PUT,       /* @group, in place of the one there is */
  KITH_STORE_GROUP_DELETE,    /* with everything */
  KITH_STORE_GROUP_PUT_STATE, /* @bytes */
  KITH_STORE_GROUP_PUT_PICTURE, /* @bytes; none: there is none any more */
  KITH_STORE_GROUP_ADD_OP,    /* @id, @bytes, @time_ms; unless it is there */
  KITH_STORE_GROUP_PUT_ENTRY, /* @entry, in place of what is there */
  KITH_STORE_GROUP_FORGET,    /* entries of @author from @seq on, and what is shown of them */
  KITH_STORE_GROUP_HIDE,      /* messages of @author from @seq on are not shown any more */
  KITH_STORE_GROUP_ADD_EDIT,  /* the entry @seq of @author has a text of the message @id */
  KITH_STORE_GROUP_ADD_DELETE, /* the entry @seq of @author deletes the message @id; unless that is there */
  KITH_STORE_GROUP_DROP_EDIT, /* the entry @seq of @author is done with */
  KITH_STORE_GROUP_ACTS_LEFT, /* if @author has edited or deleted @id, which comes only now: that is to be done */
  KITH_STORE_GROUP_ACTS_DONE, /* ... and is done */
  KITH_STORE_GROUP_REACT,     /* @author, an identity, says @text to the message @id; @hlc */
  KITH_STORE_GROUP_ARRIVED,   /* ours up to @seq, written with @author: sent at @time_ms ... */
  KITH_STORE_GROUP_ONE_STATE, /* ... and the one with @id: @state at @time_ms */
} KithStoreGroupActKind;

typedef struct
{
  KithStoreGroupActKind what;
  guint8               gid[KITH_STORE_GROUP_ID_BYTES];
  guint8               author[KITH_STORE_GROUP_ID_BYTES];
  guint8               id[KITH_STORE_GROUP_ID_BYTES];
  guint64              seq;
  guint64              hlc;
  gint64               time_ms;
  guint                state;
  char                *text;  /* nullable */
  GBytes              *bytes; /* nullable */
  KithStoreGroup      *group; /* nullable */
  KithStoreGroupEntry *entry; /* nullable */
  gboolean             again; /* FORGET, HIDE: ours that nobody got waits, to be written once more */
} KithStoreGroupAct;

KithStoreGroup    *kith_store_group_copy       (const KithStoreGroup *self);
void               kith_store_group_free       (KithStoreGroup       *self);
void               kith_store_group_op_free    (KithStoreGroupOp     *self);
void               kith_store_group_entry_free (KithStoreGroupEntry  *self);
KithStoreGroupAct *kith_store_group_act_new    (KithStoreGroupActKind what,
                                                const guint8          gid[KITH_STORE_GROUP_ID_BYTES]);
void               kith_store_group_act_free   (KithStoreGroupAct    *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreGroup, kith_store_group_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreGroupEntry, kith_store_group_entry_free)

G_END_DECLS
