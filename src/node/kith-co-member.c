/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Co-members as people: the objects that the faces see, and what two of them who are no contacts have in
 * common: they know each other's knock by it, and meet in the DHT. Protocol 3.2, 7, 10.4. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-text.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-impostor.h"
#include "node/kith-node-knock.h"

/* --- Who ------------------------------------------------------------------------------------ */

/**
 * kith_co_member_is_one: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 *
 * Returns: whether they are in a group of ours
 */
gboolean
kith_co_member_is_one (KithNode *node, const guint8 *identity)
{
  for (guint i = 0; i < node->group_links->groups->len; i++)
    if (kith_group_links_find_member (g_ptr_array_index (node->group_links->groups, i), identity) != NULL)
      return TRUE;

  return FALSE;
}

/**
 * kith_co_member_is_wanted: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 *
 * Returns: whether they are in a group of ours that wants to be linked with them, or bring us into one
 */
gboolean
kith_co_member_is_wanted (KithNode *node, const guint8 *identity)
{
  for (guint i = 0; i < node->group_links->groups->len; i++)
    {
      const KithLinkMember *member =
        kith_group_links_find_member (g_ptr_array_index (node->group_links->groups, i), identity);

      if (member != NULL && member->wanted)
        return TRUE;
    }

  return kith_followed_links_get_root (node, identity) != NULL;
}

/**
 * kith_co_member_is_dialled_as_one: (skip)
 * @peer: a peer
 *
 * Returns: whether what we want of them is groups and nothing else: they are no contact, or we are none
 *   for them
 */
gboolean
kith_co_member_is_dialled_as_one (KithPeer *peer)
{
  gboolean as_contact = peer->row->relation == KITH_RELATION_REQUESTED
                        || (kith_peer_is_mutual (peer) && !peer->not_wanted);

  return !as_contact && kith_co_member_is_one (peer->node, peer->row->identity);
}

/* --- What two have in common ---------------------------------------------------------------- */

static KithSecret *
get_secret (const KithLinkGroup *group, gboolean former)
{
  return former ? group->former : group->secret;
}

static gboolean
derive_root (const KithLinkGroup *group, const KithLinkMember *member, gboolean former,
             guint8 root[KITH_KEY_BYTES])
{
  KithSecret *secret = get_secret (group, former);

  if (member == NULL || secret == NULL || !member->has_author)
    return FALSE;

  kith_group_pair_root (kith_secret_get_data (secret), group->author, member->author, root);
  return TRUE;
}

/* @position: (inout): of the group to begin with, in the order of the ids; then behind the one it is of */
static gboolean
next_root (KithNode *node, const guint8 *identity, gboolean former, guint *position,
           guint8 root[KITH_KEY_BYTES])
{
  GPtrArray *groups = node->group_links->groups;

  while (*position < groups->len)
    {
      const KithLinkGroup *group = g_ptr_array_index (groups, (*position)++);

      if (derive_root (group, kith_group_links_find_member (group, identity), former, root))
        return TRUE;
    }

  return FALSE;
}

/**
 * kith_co_member_get_root: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 * @root: (out): what takes the place of a pair root with them: that of the group with the lowest id of
 *   those that both are in, which is the same on their side. To be wiped
 *
 * Returns: whether there is one
 */
gboolean
kith_co_member_get_root (KithNode *node, const guint8 *identity, guint8 root[KITH_KEY_BYTES])
{
  guint position = 0;

  return next_root (node, identity, FALSE, &position, root);
}

/**
 * kith_co_member_get_former_root: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 * @root: (out): the same, of the secret before: they may not have heard of the new one. To be wiped
 *
 * Returns: whether there is one
 */
gboolean
kith_co_member_get_former_root (KithNode *node, const guint8 *identity, guint8 root[KITH_KEY_BYTES])
{
  guint position = 0;

  return next_root (node, identity, TRUE, &position, root);
}

/**
 * kith_co_member_list_roots: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 * @roots: (out): all that they may know us by: a root for each group that both are in, in the order of
 *   the groups' ids; then those of former secrets. To be wiped
 * @max: how many fit
 *
 * Returns: how many there are
 */
guint
kith_co_member_list_roots (KithNode *node, const guint8 *identity, guint8 roots[][KITH_KEY_BYTES],
                           guint max)
{
  guint n = 0;

  for (guint former = 0; former < 2; former++)
    {
      guint position = 0;

      while (n < max && next_root (node, identity, former == 1, &position, roots[n]))
        n++;
    }

  return n;
}

/* Of what the knocks of @member are made: kept, because every knock is compared with everybody's. */
static const guint8 *
get_knock_key (const KithLinkGroup *group, KithLinkMember *member, gboolean former)
{
  guint i = former ? 1 : 0;
  guint8 root[KITH_KEY_BYTES];

  if (get_secret (group, former) == NULL || !member->has_author)
    return NULL;

  if (!member->has_knock_key[i])
    {
      derive_root (group, member, former, root);
      kith_knock_key (root, member->knock_keys[i]);
      kith_secret_wipe (root, sizeof root);
      member->has_knock_key[i] = TRUE;
    }

  return member->knock_keys[i];
}

static gboolean
matches_member (KithNode *node, const KithLinkGroup *group, KithLinkMember *member, const guint8 *tag,
                const guint8 *ephemeral)
{
  const KithPeer *peer = kith_node_lookup_peer (node, member->identity);
  guint8 dir = kith_pair_dir (member->identity, kith_local_get_identity (node->local));
  gboolean matches = FALSE;

  if (peer != NULL && peer->row->blocked)
    return FALSE;

  for (guint former = 0; former < 2; former++)
    {
      const guint8 *key = get_knock_key (group, member, former == 1);

      if (key != NULL)
        matches |= kith_node_knock_key_matches (node, key, dir, tag, ephemeral);
    }

  return matches;
}

static gboolean
matches_any_member (KithNode *node, const guint8 *tag, const guint8 *ephemeral)
{
  for (guint i = 0; i < node->group_links->groups->len; i++)
    {
      const KithLinkGroup *group = g_ptr_array_index (node->group_links->groups, i);
      GHashTableIter iter;
      gpointer member;

      g_hash_table_iter_init (&iter, group->members);
      while (g_hash_table_iter_next (&iter, NULL, &member))
        if (matches_member (node, group, member, tag, ephemeral))
          return TRUE;
    }

  return FALSE;
}

/**
 * kith_co_member_match_knock: (skip)
 * @node: a node
 * @tag: the tag of a preamble; untrusted
 * @ephemeral: the ephemeral key of msg1; untrusted
 *
 * In big groups a look costs some milliseconds, before anybody is known: after many knocks in vain
 * members have to wait like everybody else. Contacts are looked at before.
 *
 * Returns: whether a member of a group of ours knocks
 */
gboolean
kith_co_member_match_knock (KithNode *node, const guint8 *tag, const guint8 *ephemeral)
{
  KithBucket *vain = &node->group_links->vain_knocks;
  gint64 now_us = kith_env_monotonic_us (node->env);

  if (kith_bucket_get_wait_ms (vain, now_us, KITH_LIMIT_GROUP_KNOCKS_BURST,
                               KITH_LIMIT_GROUP_KNOCKS_REFILL_MS) > 0)
    return FALSE;
  if (matches_any_member (node, tag, ephemeral))
    return TRUE;

  kith_bucket_take (vain, now_us, KITH_LIMIT_GROUP_KNOCKS_BURST, KITH_LIMIT_GROUP_KNOCKS_REFILL_MS);
  return FALSE;
}

/* --- As people ------------------------------------------------------------------------------ */

/**
 * kith_co_member_ensure_peer: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 *
 * Returns: (transfer none) (nullable): their peer. One that was not there yet is a mere passer-by, of whom nothing is
 *   stored; %NULL for whom there cannot be
 */
KithPeer *
kith_co_member_ensure_peer (KithNode *node, const guint8 *identity)
{
  KithStoreContact row = { .relation = KITH_RELATION_MEMBER, .next_seq = 1 };
  KithPeer *peer = kith_node_lookup_peer (node, identity);

  if (peer != NULL || kith_impostor_is_one (node, identity))
    return peer;

  memcpy (row.identity, identity, sizeof row.identity);
  row.added_ms = kith_node_now_ms (node);
  peer = kith_node_add_peer (node, &row);
  peer->is_passer_by = TRUE;
  return peer;
}

KithContact *
kith_group_links_get_contact (KithNode *node, const guint8 *identity)
{
  KithPeer *peer;

  if (node->local == NULL || kith_identity_equal (identity, kith_local_get_identity (node->local)))
    return NULL;

  peer = kith_co_member_ensure_peer (node, identity);
  if (peer == NULL)
    return kith_impostor_get_contact (node, identity);
  if (peer->is_passer_by)
    {
      peer->is_passer_by = FALSE;
      kith_peer_commit (peer);
    }

  return peer->contact;
}

void
kith_group_links_hint_name (KithNode *node, const guint8 *identity, const char *name)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);
  g_autofree char *clean = name != NULL ? kith_text_sanitize_name (name) : NULL;

  if (peer == NULL || peer->row->name != NULL || clean == NULL)
    return;

  peer->row->name = g_steal_pointer (&clean);
  kith_contact_set_name (peer->contact, peer->row->name);
  kith_peer_commit (peer);
  kith_node_emit_contact_changed (node, peer->contact, KITH_CONTACT_CHANGE_NAME);
}

static void
forget (KithNode *node, const guint8 *identity, KithStoreBatch *batch)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);

  if (peer == NULL || peer->row->relation != KITH_RELATION_MEMBER
      || kith_co_member_is_one (node, identity) || g_hash_table_contains (node->asking, identity))
    return;

  kith_store_batch_delete_contact (batch, peer->row->identity);
  if (peer->session != NULL)
    kith_session_close (peer->session, KITH_BYE_SHUTDOWN);
  kith_node_drop_peer (node, peer);
}

void
kith_group_links_forget (KithNode *node, const guint8 *const *identities, guint n)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  for (guint i = 0; i < n; i++)
    forget (node, identities[i], batch);

  kith_node_commit (node, batch);
}
