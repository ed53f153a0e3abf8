/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 10.4: the secret from which members derive where they find each other. */
#define G_LOG_DOMAIN "kith-group"

#include "config.h"

#include <string.h>

#include "group/kith-group-replica-private.h"
#include "proto/kith-record.h"

/* Ours is that of the chain as it is now. */
static gboolean
is_current (KithGroupReplica *self)
{
  guint8 hash[KITH_HASH_BYTES];

  if (self->secret_height == 0)
    return FALSE;

  kith_group_secret_hash (self->secret, hash);
  return memcmp (hash, self->chain->state->secret_hash, sizeof hash) == 0;
}

/* (skip) tells a member */
void
kith_group_replica_share_secret (KithGroupReplica *self, KithGroupLink *link)
{
  KithGroupSecretBody secret;
  const KithGroupNode *node;

  if (!is_current (self) || !link->active || link->secret_height >= self->secret_height)
    return;

  node = self->chain->accepted->pdata[self->chain->state->secret_height];
  secret.height = node->op->height;
  memcpy (secret.op_id, node->op->id, sizeof secret.op_id);
  memcpy (secret.secret, self->secret, sizeof secret.secret);
  link->secret_height = self->secret_height;
  kith_group_replica_send (self, link, KITH_RECORD_GROUP_SECRET, kith_group_secret_pack (&secret));
  kith_secret_wipe (&secret, sizeof secret);
}

/* (skip) tells all who are linked */
static void
spread_secret (KithGroupReplica *self)
{
  GHashTableIter iter;
  gpointer link;

  g_hash_table_iter_init (&iter, self->links);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    kith_group_replica_share_secret (self, link);
}

/* (skip) writes an operation that removes somebody, with the hash of a new secret: who is removed
 * cannot find the others by the old one any more */
gboolean
kith_group_replica_write_removal (KithGroupReplica *self, KithGroupOpType type,
                                  KithGroupOpBody *body, GError **error)
{
  guint8 old[KITH_GROUP_SECRET_BYTES];
  guint32 old_height = self->secret_height;
  gboolean ok;

  memcpy (old, self->secret, sizeof old);
  self->random (self->random_data, self->secret, sizeof self->secret);
  self->secret_height = self->chain->state->height + 2;
  body->has_secret = TRUE;
  kith_group_secret_hash (self->secret, body->secret_hash);

  ok = kith_group_replica_write_op (self, type, body, error);
  if (ok)
    {
      kith_group_replica_event (self, KITH_GROUP_EVENT_SECRET, NULL, NULL);
      spread_secret (self);
    }
  else
    {
      memcpy (self->secret, old, sizeof old);
      self->secret_height = old_height;
    }

  kith_secret_wipe (old, sizeof old);
  return ok;
}

static void
take_secret (KithGroupReplica *self, KithGroupLink *link, const KithGroupSecretBody *secret)
{
  guint8 hash[KITH_HASH_BYTES];

  kith_group_secret_hash (secret->secret, hash);
  if (memcmp (hash, self->chain->state->secret_hash, sizeof hash) != 0
      || secret->height != self->chain->state->secret_height)
    return;

  link->secret_height = MAX (link->secret_height, secret->height + 1);
  if (is_current (self))
    return;

  memcpy (self->secret, secret->secret, sizeof self->secret);
  self->secret_height = secret->height + 1;
  self->state_dirty = TRUE;
  kith_group_replica_event (self, KITH_GROUP_EVENT_SECRET, NULL, NULL);
  spread_secret (self);
}

/* (skip) */
gboolean
kith_group_replica_receive_secret (KithGroupReplica *self, KithGroupLink *link, const guint8 *body,
                                   gsize len)
{
  KithGroupSecretBody secret;
  gboolean ok = kith_group_secret_unpack (&secret, body, len);

  if (ok)
    take_secret (self, link, &secret);
  kith_secret_wipe (&secret, sizeof secret);
  return ok;
}
