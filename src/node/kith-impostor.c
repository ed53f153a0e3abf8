/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing is a person and a group. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-impostor.h"

#include "node/kith-group-host.h"
#include "node/kith-node-private.h"
#include "node/kith-peer.h"
#include "proto/kith-identity.h"

/**
 * kith_impostor_is_one: (skip)
 * @node: a node
 * @identity: the identity key of somebody; untrusted
 *
 * Returns: whether it is the id of a group of ours: then there is nobody of that name
 */
gboolean
kith_impostor_is_one (KithNode *node, const guint8 *identity)
{
  return kith_node_lookup_group (node, identity) != NULL;
}

/**
 * kith_impostor_get_contact: (skip)
 * @node: a node
 * @identity: an identity key for which kith_impostor_is_one()
 *
 * For the list of members in which it stands: nobody can be reached there, and nothing of it is stored.
 *
 * Returns: (transfer none): what stands for them
 */
KithContact *
kith_impostor_get_contact (KithNode *node, const guint8 *identity)
{
  KithContact *contact = g_hash_table_lookup (node->impostors, identity);
  g_autofree char *id = NULL;

  if (contact != NULL)
    return contact;

  id = kith_id_string_encode (identity);
  contact = kith_contact_new (identity, id);
  g_hash_table_insert (node->impostors, g_memdup2 (identity, KITH_IDENTITY_BYTES), contact);
  return contact;
}

/* A group that we are in named them, and nobody has ever come who is that one. */
static gboolean
is_hearsay (const KithPeer *peer)
{
  return peer->session == NULL && peer->row->last_seen_ms == 0 && !peer->row->blocked
         && (peer->is_passer_by || peer->row->relation == KITH_RELATION_MEMBER)
         && kith_conversation_get_last_message (peer->conversation) == NULL;
}

/**
 * kith_impostor_may_be_group: (skip)
 * @node: a node
 * @gid: the id of a group of which nothing is known yet; untrusted
 *
 * Returns: whether it is the key of nobody
 */
gboolean
kith_impostor_may_be_group (KithNode *node, const guint8 *gid)
{
  const guint8 *own = kith_node_get_own_identity (node);
  const KithPeer *peer = kith_node_lookup_peer (node, gid);

  if (own != NULL && kith_identity_equal (own, gid))
    return FALSE;

  return !g_hash_table_contains (node->asking, gid) && !g_hash_table_contains (node->joins, gid)
         && (peer == NULL || is_hearsay (peer));
}

/**
 * kith_impostor_make_way: (skip)
 * @node: a node
 * @gid: the id of a new group, for which kith_impostor_may_be_group()
 *
 * Forgets whom another group has named by that, or nobody could ever be invited to this one.
 */
void
kith_impostor_make_way (KithNode *node, const guint8 *gid)
{
  KithPeer *peer = kith_node_lookup_peer (node, gid);
  g_autoptr (KithStoreBatch) batch = NULL;

  if (peer == NULL)
    return;

  batch = kith_store_batch_new ();
  kith_store_batch_delete_contact (batch, gid);
  kith_node_commit (node, batch);
  kith_node_drop_peer (node, peer);
}
