/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-entry.h"

#include "proto/kith-pair.h"

/**
 * kith_entry_init_contact:
 * @self: (out caller-allocates): an entry
 * @pair_root: (transfer none): the root that we share with them
 * @own_identity: our identity key
 * @identity: theirs
 */
void
kith_entry_init_contact (KithEntry *self, KithSecret *pair_root, const guint8 *own_identity,
                         const guint8 *identity)
{
  *self = (KithEntry){ .kind = KITH_ENTRY_CONTACT,
                       .knock_dir = kith_pair_dir (own_identity, identity) };
  kith_knock_key (kith_secret_get_data (pair_root), self->knock_key);
}

/**
 * kith_entry_init_invite:
 * @self: (out caller-allocates): an entry
 * @root: the root of the invite
 */
void
kith_entry_init_invite (KithEntry *self, const guint8 root[KITH_KEY_BYTES])
{
  *self = (KithEntry){ .kind = KITH_ENTRY_INVITE };
  kith_knock_key (root, self->knock_key);
}

/**
 * kith_entry_init_passphrase:
 * @self: (out caller-allocates): an entry
 * @passphrase: (transfer none): by kith_join_passphrase_new()
 */
void
kith_entry_init_passphrase (KithEntry *self, KithSecret *passphrase)
{
  *self = (KithEntry){ .kind = KITH_ENTRY_PASSPHRASE, .passphrase = kith_secret_ref (passphrase) };
}

/**
 * kith_entry_init_copy:
 * @self: (out caller-allocates): an entry
 * @other: (nullable): what to copy; %NULL for an open one
 */
void
kith_entry_init_copy (KithEntry *self, const KithEntry *other)
{
  *self = other != NULL ? *other : (KithEntry){ .kind = KITH_ENTRY_OPEN };
  if (self->passphrase != NULL)
    kith_secret_ref (self->passphrase);
}

/**
 * kith_entry_clear:
 * @self: an entry
 *
 * Wipes its secrets; the kind stays.
 */
void
kith_entry_clear (KithEntry *self)
{
  kith_secret_wipe (self->knock_key, sizeof self->knock_key);
  g_clear_pointer (&self->passphrase, kith_secret_unref);
}

/**
 * kith_entry_get_mode:
 * @self: an entry
 *
 * Returns: how the preamble names it
 */
KithMode
kith_entry_get_mode (const KithEntry *self)
{
  switch (self->kind)
    {
    case KITH_ENTRY_CONTACT:
    case KITH_ENTRY_GROUP:
    case KITH_ENTRY_INVITE:
      return KITH_MODE_KNOCK;
    case KITH_ENTRY_PASSPHRASE:
      return KITH_MODE_PASSPHRASE;
    case KITH_ENTRY_OPEN:
      break;
    }

  return KITH_MODE_OPEN;
}
