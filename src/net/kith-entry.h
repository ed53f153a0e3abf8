/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-secret.h"
#include "proto/kith-preamble.h"

G_BEGIN_DECLS

/**
 * KithEntryKind:
 * @KITH_ENTRY_OPEN: without anything
 * @KITH_ENTRY_CONTACT: with a knock that only a contact can make
 * @KITH_ENTRY_GROUP: with a knock that only a member of a group of ours can make
 * @KITH_ENTRY_INVITE: with a knock that only who has the link of an invite can make
 * @KITH_ENTRY_PASSPHRASE: with the passphrase of the other side
 */
typedef enum
{
  KITH_ENTRY_OPEN,
  KITH_ENTRY_CONTACT,
  KITH_ENTRY_GROUP,
  KITH_ENTRY_INVITE,
  KITH_ENTRY_PASSPHRASE,
} KithEntryKind;

/**
 * KithEntry:
 *
 * With what a dialer asks to be let in (protocol 3.1). Holds secrets; all zeros is an open one.
 */
typedef struct
{
  KithEntryKind kind;
  guint8        knock_key[KITH_KEY_BYTES];
  guint8        knock_dir;
  KithSecret   *passphrase; /* (owned) (nullable) */
} KithEntry;

void     kith_entry_init_contact    (KithEntry       *self,
                                     KithSecret      *pair_root,
                                     const guint8    *own_identity,
                                     const guint8    *identity);
void     kith_entry_init_invite     (KithEntry       *self,
                                     const guint8     root[KITH_KEY_BYTES]);
void     kith_entry_init_passphrase (KithEntry       *self,
                                     KithSecret      *passphrase);
void     kith_entry_init_copy       (KithEntry       *self,
                                     const KithEntry *other);
void     kith_entry_clear           (KithEntry       *self);
KithMode kith_entry_get_mode        (const KithEntry *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithEntry, kith_entry_clear)

G_END_DECLS
