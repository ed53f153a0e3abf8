/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-fuzz-people.h"

#include "base/kith-bytes.h"
#include "node/kith-group-host-private.h"
#include "node/kith-node-invites-private.h"
#include "proto/kith-group-op.h"

G_BEGIN_DECLS

/* A group of a node's user, and people who have keys in it: so that what they say does not end at a signature. */

#define KITH_FUZZ_WRITERS 4

typedef struct
{
  guint8  seed[KITH_IDENTITY_SEED_BYTES];
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint64 seq;              /* of the last entry */
  guint8  last_id[KITH_GROUP_ID_BYTES];
  guint8  before_id[KITH_GROUP_ID_BYTES]; /* of the one before */
} KithFuzzWriter;

typedef struct
{
  TestPerson     *ben;      /* (unowned): who has founded it */
  KithFuzzPerson *people;   /* (unowned): KITH_FUZZ_WRITERS */
  KithGroup      *model;    /* (owned) */
  KithGroupHost  *host;     /* (unowned) */
  KithFuzzWriter  writers[KITH_FUZZ_WRITERS];
} KithFuzzGroup;

/* @n_members: of @people, from the first on */
void        kith_fuzz_group_found       (KithFuzzGroup         *self,
                                         TestPerson            *ben,
                                         KithFuzzPerson        *people,
                                         guint                  n_members);
/* It is read anew from the disk, and is the same. */
void        kith_fuzz_group_restore     (KithFuzzGroup         *self);
void        kith_fuzz_group_end         (KithFuzzGroup         *self);

/* Whoever has no name for it on their session says nothing. @who: who says it */
void        kith_fuzz_group_say         (KithFuzzGroup         *self,
                                         guint                  who,
                                         guint8                 type,
                                         const guint8          *body,
                                         gsize                  len);
/* Comes for the sake of the group, with @link (nullable) if there is one. */
void        kith_fuzz_group_come        (KithFuzzGroup         *self,
                                         guint                  who,
                                         const KithOwnInvite   *link);

/* Entries and operations, signed, and said by @who. */
void        kith_fuzz_group_say_entry   (KithFuzzGroup         *self,
                                         guint                  who,
                                         KithReader            *in);
void        kith_fuzz_group_say_content (KithFuzzGroup         *self,
                                         guint                  who,
                                         const KithGroupContent *content);
void        kith_fuzz_group_say_op      (KithFuzzGroup         *self,
                                         guint                  who,
                                         KithReader            *in);
void        kith_fuzz_group_say_yes     (KithFuzzGroup         *self,
                                         guint                  who);
void        kith_fuzz_group_say_status  (KithFuzzGroup         *self,
                                         guint                  who,
                                         KithReader            *in);
void        kith_fuzz_group_say_note    (KithFuzzGroup         *self,
                                         guint                  who,
                                         KithReader            *in);
/* A request to be let in: of themselves, or brought to somebody else. */
void        kith_fuzz_group_say_join    (KithFuzzGroup         *self,
                                         guint                  who,
                                         guint                  of,
                                         const KithOwnInvite   *link);

G_END_DECLS
