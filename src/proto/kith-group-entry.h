/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "proto/kith-group-keys.h"

G_BEGIN_DECLS

#define KITH_GROUP_HEADER_BYTES 186
#define KITH_GROUP_SALT_BYTES 16

/**
 * KithGroupEntryKind:
 * @KITH_GROUP_ENTRY_HEARTBEAT: says that its author is still there
 * @KITH_GROUP_ENTRY_MESSAGE: its content is a GroupContent
 * @KITH_GROUP_ENTRY_LEAVE: the last of an author who leaves
 * @KITH_GROUP_ENTRY_OFFER: the admin asks a member to be admin
 * @KITH_GROUP_ENTRY_ACCEPT: that member says yes ...
 * @KITH_GROUP_ENTRY_DECLINE: ... or no
 * @KITH_GROUP_ENTRY_DENY: the admin lets somebody not in
 *
 * Kinds of entries (protocol 10.3). Numbers are of the wire. Entries of a kind that is not known
 * are kept and handed on like any other.
 */
typedef enum
{
  KITH_GROUP_ENTRY_HEARTBEAT = 1,
  KITH_GROUP_ENTRY_MESSAGE = 2,
  KITH_GROUP_ENTRY_LEAVE = 3,
  KITH_GROUP_ENTRY_OFFER = 4,
  KITH_GROUP_ENTRY_ACCEPT = 5,
  KITH_GROUP_ENTRY_DECLINE = 6,
  KITH_GROUP_ENTRY_DENY = 7,
} KithGroupEntryKind;

/**
 * KithGroupEntry:
 *
 * One entry of somebody's log (protocol 10.3). Counted, and not changed once others have it.
 * Without @content it is hollow: only who wrote it, when and that it was is left.
 */
typedef struct
{
  guint8  kind; /* a KithGroupEntryKind, or one of a later version */
  guint8  gid[KITH_GROUP_ID_BYTES];
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint64 seq; /* from 1 */
  guint8  prev[KITH_GROUP_ID_BYTES];
  guint32 chain_height;
  guint8  chain_head[KITH_GROUP_ID_BYTES];
  guint64 hlc; /* base/kith-hlc.h */
  guint8  content_hash[KITH_HASH_BYTES];
  guint32 content_len; /* bytes */

  guint8  id[KITH_GROUP_ID_BYTES];
  guint8  header[KITH_GROUP_HEADER_BYTES];
  guint8  signature[KITH_SIGNATURE_BYTES];
  guint8  salt[KITH_GROUP_SALT_BYTES]; /* zeros without content */
  GBytes *content;                     /* (owned) (nullable) */
} KithGroupEntry;

/* What a new entry of ours says; the rest follows from it. */
typedef struct
{
  guint8        kind;
  const guint8 *gid;
  guint64       seq;
  const guint8 *prev;
  guint32       chain_height;
  const guint8 *chain_head;
  guint64       hlc;
  const guint8 *content; /* (nullable) */
  gsize         content_len;
  const guint8 *salt;
} KithGroupEntryDraft;

KithGroupEntry *kith_group_entry_seal        (const KithGroupEntryDraft *draft,
                                              const guint8               author_seed[KITH_IDENTITY_SEED_BYTES]);
KithGroupEntry *kith_group_entry_parse       (const guint8              *header,
                                              gsize                      header_len,
                                              const guint8              *signature,
                                              gsize                      signature_len);
gboolean        kith_group_entry_set_content (KithGroupEntry            *self,
                                              const guint8              *salt,
                                              gsize                      salt_len,
                                              const guint8              *content,
                                              gsize                      content_len);
gboolean        kith_group_entry_verify      (const KithGroupEntry      *self);
gsize           kith_group_entry_get_size    (const KithGroupEntry      *self);
KithGroupEntry *kith_group_entry_ref         (KithGroupEntry            *self);
void            kith_group_entry_unref       (KithGroupEntry            *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGroupEntry, kith_group_entry_unref)

G_END_DECLS
