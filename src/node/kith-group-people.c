/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Co-members as people: the objects that the faces see, and what two of them who are no contacts have in
 * common: they know each other's knock by it, and meet in the DHT. Protocol 3.2, 7, 10.4. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-text.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-node-clock.h"

/* --- Who ------------------------------------------------------------------------------------ */

/**
 * kith_group_people_is_member: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 *
 * Returns: whether they are in a group of ours
 */
gboolean
kith_group_people_is_member (KithNode *node, const guint8 *identity)
{
  for (guint i = 0; i < node->group_links->groups->len; i++)
    if (kith_group_links_find_member (g_ptr_array_index (node->group_links->groups, i), identity) != NULL)
      return TRUE;

  return FALSE;
}

/**
 * kith_group_people_is_wanted: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 *
 * Returns: whether they are in a group of ours that wants to be linked with them, or bring us into one
 */
gboolean
kith_group_people_is_wanted (KithNode *node, const guint8 *identity)
{
  for (guint i = 0; i < node->group_links->groups->len; i++)
    {
      const KithLinkMember *member =
        kith_group_links_find_member (g_ptr_array_index (node->group_links->groups, i), identity);

      if (member != NULL && member->wanted)
        return TRUE;
    }

  return kith_group_follow_get_root (node, identity) != NULL;
}

/**
 * kith_group_people_dial_as_member: (skip)
 * @peer: a peer
 *
 * Returns: whether what we want of them is groups and nothing else: they are no contact, or we are none
 *   for them
 */
gboolean
kith_group_people_dial_as_member (KithPeer *peer)
{
  gboolean as_contact = peer->row->relation == KITH_RELATION_REQUESTED
                        || (kith_peer_is_mutual (peer) && !peer->not_wanted);

  return !as_contact && kith_group_people_is_member (peer->node, peer->row->identity);
}

/* --- What two have in common ---------------------------------------------------------------- */

static gboolean
get_root (const KithLinkGroup *group, const KithLinkMember *member, KithSecret *secret,
          guint8 root[KITH_KEY_BYTES])
{
  if (secret == NULL || !member->has_author)
    return FALSE;

  kith_group_pair_root (kith_secret_get_data (secret), group->author, member->author, root);
  return TRUE;
}

/**
 * kith_group_people_list_roots: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 * @roots: (out): what takes the place of a pair root with them: one for each group that both are in, in
 *   the order of the groups' ids, which is the same on their side; then those of former secrets. To be
 *   wiped
 * @max: how many fit
 *
 * Returns: how many there are
 */
guint
kith_group_people_list_roots (KithNode *node, const guint8 *identity, guint8 roots[][KITH_KEY_BYTES],
                              guint max)
{
  GPtrArray *groups = node->group_links->groups;
  guint n = 0;

  for (guint i = 0; i < 2 * groups->len && n < max; i++)
    {
      const KithLinkGroup *group = g_ptr_array_index (groups, i % groups->len);
      const KithLinkMember *member = kith_group_links_find_member (group, identity);

      if (member != NULL
          && get_root (group, member, i < groups->len ? group->secret : group->former, roots[n]))
        n++;
    }

  return n;
}

static gboolean
matches_member (KithNode *node, const KithLinkGroup *group, const KithLinkMember *member,
                const guint8 *tag, const guint8 *ephemeral)
{
  const KithPeer *peer = kith_node_lookup_peer (node, member->identity);
  KithSecret *const secrets[] = { group->secret, group->former };
  guint8 dir = kith_pair_dir (member->identity, kith_local_get_identity (node->local));
  guint8 root[KITH_KEY_BYTES];
  gboolean matches = FALSE;

  if (peer != NULL && peer->row->blocked)
    return FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    if (get_root (group, member, secrets[i], root))
      matches |= kith_node_knock_matches (node, root, dir, tag, ephemeral);

  kith_secret_wipe (root, sizeof root);
  return matches;
}

/**
 * kith_group_people_match_knock: (skip)
 * @node: a node
 * @tag: the tag of a preamble; untrusted
 * @ephemeral: the ephemeral key of msg1; untrusted
 *
 * Returns: whether a member of a group of ours knocks
 */
gboolean
kith_group_people_match_knock (KithNode *node, const guint8 *tag, const guint8 *ephemeral)
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

/* --- As people ------------------------------------------------------------------------------ */

/**
 * kith_group_people_ensure: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 *
 * Returns: (transfer none): their peer. One that was not there yet is a mere passer-by, of whom nothing is
 *   stored
 */
KithPeer *
kith_group_people_ensure (KithNode *node, const guint8 *identity)
{
  KithStoreContact row = { .relation = KITH_RELATION_MEMBER, .next_seq = 1 };
  KithPeer *peer = kith_node_lookup_peer (node, identity);

  if (peer != NULL)
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

  peer = kith_group_people_ensure (node, identity);
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
  kith_node_emit_contact_changed (node, peer->contact, "name");
}

static void
forget (KithNode *node, const guint8 *identity, KithStoreBatch *batch)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);

  if (peer == NULL || peer->row->relation != KITH_RELATION_MEMBER
      || kith_group_people_is_member (node, identity) || g_hash_table_contains (node->asking, identity))
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
