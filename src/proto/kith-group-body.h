/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-body.h"
#include "proto/kith-group-entry.h"

G_BEGIN_DECLS

/* The bodies of the group records (kith-group.proto, protocol 10.4) as plain structs. unpack() is
 * where what a peer sent is checked: sizes, lengths, numbers. After a failed unpack() the struct is
 * empty. In a session the name of the group, KITH_GROUP_BLIND_BYTES, stands before each body. */

#define KITH_GROUP_ROW_ID_BYTES 8

typedef struct
{
  guint32 height;
  guint8  id[KITH_GROUP_ID_BYTES];
} KithGroupPlace;

/* GROUP_HELLO: how far the sender is. */
typedef struct
{
  gboolean has_head; /* else nothing is known but the gid */
  guint32  height;
  guint8   head[KITH_GROUP_ID_BYTES];
  guint8   ops_digest[KITH_HASH_BYTES];
  guint8   vector_digest[KITH_HASH_BYTES];
  guint32  secret_height; /* of the operation whose secret is known, plus one; 0 = none */
  GArray  *locator;       /* (owned): of KithGroupPlace, from the head downwards */
} KithGroupHello;

/* A row of GROUP_VECTOR: what there is of one author. */
typedef struct
{
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint64 from; /* 0: nothing */
  guint64 to;
  guint8  id[KITH_GROUP_ROW_ID_BYTES]; /* how the id of the last one begins */
  guint64 fork;                        /* 0: none is known */
} KithGroupRow;

typedef struct
{
  GArray  *rows; /* (owned): of KithGroupRow */
  gboolean full;
  gboolean more;
} KithGroupVector;

/* A row of GROUP_WANT. */
typedef struct
{
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint64 from;
  guint64 to;
} KithGroupRange;

/* GROUP_ENDORSE */
typedef struct
{
  guint32 height;
  guint8  prev[KITH_GROUP_ID_BYTES];
  guint8  candidate[KITH_GROUP_KEY_BYTES];
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint8  signature[KITH_SIGNATURE_BYTES];
} KithGroupEndorsement;

typedef struct
{
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint64 delivered;
  guint64 read;
} KithGroupStatusRow;

/* GROUP_STATUS: what @author has got and read. */
typedef struct
{
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint64 counter;
  GArray *rows; /* (owned): of KithGroupStatusRow */
} KithGroupStatus;

/* GROUP_SECRET */
typedef struct
{
  guint32 height;
  guint8  op_id[KITH_GROUP_ID_BYTES];
  guint8  secret[KITH_GROUP_SECRET_BYTES];
} KithGroupSecretBody;

/* GROUP_PICTURE: asks for one, or brings it. */
typedef struct
{
  guint8  hash[KITH_HASH_BYTES];
  GBytes *picture; /* (owned) (nullable) */
} KithGroupPictureBody;

GBytes    *kith_group_picture_pack    (const KithGroupPictureBody *self);
gboolean   kith_group_picture_unpack  (KithGroupPictureBody       *self,
                                       const guint8               *data,
                                       gsize                       len);
void       kith_group_picture_clear   (KithGroupPictureBody       *self);

/* GROUP_FILES: the messages that offer them. */
typedef struct
{
  KithMessageId wanted[KITH_LIMIT_GROUP_FILES_NAMED];
  guint         n_wanted;
  KithMessageId here[KITH_LIMIT_GROUP_FILES_NAMED];
  guint         n_here;
} KithGroupFiles;

GBytes    *kith_group_files_pack      (const KithGroupFiles       *self);
gboolean   kith_group_files_unpack    (KithGroupFiles             *self,
                                       const guint8               *data,
                                       gsize                       len);

/* GROUP_ANSWER: what became of a join request. */
typedef enum
{
  KITH_GROUP_ANSWER_UNKNOWN = 0, /* of a later version */
  KITH_GROUP_ANSWER_DENIED = 1,
} KithGroupAnswer;

GBytes    *kith_group_answer_pack     (KithGroupAnswer             answer);
gboolean   kith_group_answer_unpack   (KithGroupAnswer            *answer,
                                       const guint8               *data,
                                       gsize                       len);

GBytes    *kith_group_hello_pack      (const KithGroupHello       *self);
gboolean   kith_group_hello_unpack    (KithGroupHello             *self,
                                       const guint8               *data,
                                       gsize                       len);
void       kith_group_hello_clear     (KithGroupHello             *self);

GBytes    *kith_group_ops_pack        (GPtrArray                  *ops);
GPtrArray *kith_group_ops_unpack      (const guint8               *data,
                                       gsize                       len);

GBytes    *kith_group_vector_pack     (const KithGroupVector      *self);
gboolean   kith_group_vector_unpack   (KithGroupVector            *self,
                                       const guint8               *data,
                                       gsize                       len);
void       kith_group_vector_clear    (KithGroupVector            *self);

GBytes    *kith_group_want_pack       (GArray                     *ranges);
GArray    *kith_group_want_unpack     (const guint8               *data,
                                       gsize                       len);

GBytes    *kith_group_entries_pack    (GPtrArray                  *entries);
GPtrArray *kith_group_entries_unpack  (const guint8               *data,
                                       gsize                       len);

GBytes    *kith_group_proof_pack      (const KithGroupEntry       *first,
                                       const KithGroupEntry       *second);
gboolean   kith_group_proof_unpack    (KithGroupEntry            **first,
                                       KithGroupEntry            **second,
                                       const guint8               *data,
                                       gsize                       len);

GBytes    *kith_group_endorse_pack    (const KithGroupEndorsement *self);
gboolean   kith_group_endorse_unpack  (KithGroupEndorsement       *self,
                                       const guint8               *data,
                                       gsize                       len);

GBytes    *kith_group_status_seal     (const KithGroupStatus      *self,
                                       const guint8                gid[KITH_GROUP_ID_BYTES],
                                       const guint8                seed[KITH_IDENTITY_SEED_BYTES]);
gboolean   kith_group_status_peek     (guint8                      author[KITH_GROUP_KEY_BYTES],
                                       guint64                    *counter,
                                       const guint8               *data,
                                       gsize                       len);
gboolean   kith_group_status_open     (KithGroupStatus            *self,
                                       const guint8                gid[KITH_GROUP_ID_BYTES],
                                       const guint8               *data,
                                       gsize                       len);
void       kith_group_status_clear    (KithGroupStatus            *self);

GBytes    *kith_group_secret_pack     (const KithGroupSecretBody  *self);
gboolean   kith_group_secret_unpack   (KithGroupSecretBody        *self,
                                       const guint8               *data,
                                       gsize                       len);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithGroupHello, kith_group_hello_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithGroupVector, kith_group_vector_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithGroupStatus, kith_group_status_clear)

G_END_DECLS
