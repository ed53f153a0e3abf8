/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kith-fuzz-node.h"

#include "net/kith-session.h"
#include "proto/kith-noise-cipher.h"

G_BEGIN_DECLS

/* People who come to a whole node without a handshake, over a real connection, and say anything, in a time that is
 * set by hand and with a randomness that is the same each time: an input does the same in each run. The node dials
 * nobody. */
typedef struct
{
  guint8          seed[KITH_IDENTITY_SEED_BYTES];
  KithCertificate certificate;
  KithSession    *session; /* (owned) (nullable): the node's end of the last one */
  KithNoiseCipher cipher;  /* what is said on it is encrypted with */
  int             fd;
} KithFuzzPerson;

/* The node of somebody, after the last one was freed. (transfer full) */
TestPerson   *kith_fuzz_people_begin    (const char           *name);
/* The same of somebody who was there before, and is not started yet. @store: (transfer full) */
TestPerson   *kith_fuzz_people_begin_on (const char           *name,
                                         KithStore            *store);
/* Returns: whether what is stored is a profile with which a node can be */
gboolean      kith_fuzz_people_start    (TestPerson           *node);
void          kith_fuzz_people_end      (TestPerson           *node);
void          kith_fuzz_people_pass     (guint                 seconds);

/* @who: the same number, the same person; @device: each of theirs */
void          kith_fuzz_person_init     (KithFuzzPerson       *self,
                                         guint8                who,
                                         guint8                device);
const guint8 *kith_fuzz_person_get_identity (const KithFuzzPerson *self);
void          kith_fuzz_person_come     (KithFuzzPerson       *self,
                                         TestPerson           *node);
gboolean      kith_fuzz_person_is_here  (const KithFuzzPerson *self);
void          kith_fuzz_person_say      (KithFuzzPerson       *self,
                                         guint8                type,
                                         const guint8         *body,
                                         gsize                 len);
/* @body: (transfer full) */
void          kith_fuzz_person_say_body (KithFuzzPerson       *self,
                                         guint8                type,
                                         GByteArray           *body);
/* OPEN: @data, with the binding that is right on this session. @proof: (nullable): of which the invite and the
 * groups are put there too */
void          kith_fuzz_person_open     (KithFuzzPerson       *self,
                                         TestPerson           *node,
                                         const KithBodyOpen   *proof,
                                         const guint8         *data,
                                         gsize                 len);
/* Takes what the node has said, and lets it come to rest. */
void          kith_fuzz_people_settle   (TestPerson           *node,
                                         KithFuzzPerson       *people,
                                         guint                 n);
void          kith_fuzz_person_go       (KithFuzzPerson       *self);

G_END_DECLS
