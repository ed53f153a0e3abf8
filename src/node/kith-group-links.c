/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which groups we are in, and who is in them: what the host says, and what follows from it. Protocol
 * 10.4. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-source.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-impostor.h"
#include "node/kith-networking.h"

static void
member_free (gpointer data)
{
  KithLinkMember *self = data;

  g_free (self->where);
  kith_secret_wipe (self->knock_keys, sizeof self->knock_keys);
  g_free (self);
}

static void
group_free (gpointer data)
{
  KithLinkGroup *self = data;

  kith_source_clear (&self->former_end);
  g_hash_table_unref (self->authors);
  g_ptr_array_unref (self->early);
  g_hash_table_unref (self->members);
  g_clear_pointer (&self->author_seed, kith_secret_unref);
  g_clear_pointer (&self->secret, kith_secret_unref);
  g_clear_pointer (&self->former, kith_secret_unref);
  g_free (self->where);
  g_free (self);
}

/* --- Finding -------------------------------------------------------------------------------- */

/**
 * kith_group_links_find: (skip)
 * @node: a node
 * @gid: the id of a group
 *
 * Returns: (transfer none) (nullable): it, if we are in it or about to join
 */
KithLinkGroup *
kith_group_links_find (KithNode *node, const guint8 *gid)
{
  for (guint i = 0; i < node->group_links->groups->len; i++)
    {
      KithLinkGroup *group = g_ptr_array_index (node->group_links->groups, i);

      if (memcmp (group->gid, gid, sizeof group->gid) == 0)
        return group;
    }

  return NULL;
}

/**
 * kith_group_links_find_member: (skip)
 * @group: a group of ours
 * @identity: the identity key of somebody
 *
 * Returns: (transfer none) (nullable): what is known of them as a member
 */
KithLinkMember *
kith_group_links_find_member (const KithLinkGroup *group, const guint8 *identity)
{
  return g_hash_table_lookup (group->members, identity);
}

/**
 * kith_group_links_find_author: (skip)
 * @group: a group of ours
 * @author: an author key
 *
 * Returns: (transfer none) (nullable): the member whose it is
 */
KithLinkMember *
kith_group_links_find_author (const KithLinkGroup *group, const guint8 *author)
{
  return g_hash_table_lookup (group->authors, author);
}

static gboolean
is_own (KithNode *node, const guint8 *identity)
{
  return node->local == NULL || kith_identity_equal (identity, kith_local_get_identity (node->local));
}

/* --- What is so ----------------------------------------------------------------------------- */

void
kith_group_links_set_events (KithNode *node, const KithGroupLinksEvents *events, gpointer user_data)
{
  node->group_links->events = events;
  node->group_links->user_data = user_data;
}

static gint
compare_gids (gconstpointer a, gconstpointer b)
{
  const KithLinkGroup *left = *(KithLinkGroup *const *) a;
  const KithLinkGroup *right = *(KithLinkGroup *const *) b;

  return memcmp (left->gid, right->gid, sizeof left->gid);
}

static KithLinkGroup *
add_group (KithNode *node, const guint8 *gid)
{
  KithLinkGroup *group = g_new0 (KithLinkGroup, 1);

  group->node = node;
  memcpy (group->gid, gid, sizeof group->gid);
  group->members = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, NULL, member_free);
  group->authors = g_hash_table_new (kith_identity_hash, kith_identity_equal);
  group->early = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (node->group_links->groups, group);
  g_ptr_array_sort (node->group_links->groups, compare_gids);
  return group;
}

/* Returns: whether that is another one */
static gboolean
replace_secret (KithSecret **place, KithSecret *secret)
{
  if (*place == secret || (*place != NULL && secret != NULL && kith_secret_equal (*place, secret)))
    return FALSE;

  g_clear_pointer (place, kith_secret_unref);
  *place = secret != NULL ? kith_secret_ref (secret) : NULL;
  return TRUE;
}

static void
forget_knock_keys (KithLinkMember *member)
{
  memset (member->has_knock_key, 0, sizeof member->has_knock_key);
  kith_secret_wipe (member->knock_keys, sizeof member->knock_keys);
}

/* What members have in common with us has changed, and with it the places at which they are met. */
static void
update_wanted (KithLinkGroup *group)
{
  KithNode *node = group->node;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, group->members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithLinkMember *member = value;
      KithPeer *peer = member->wanted ? kith_node_lookup_peer (node, member->identity) : NULL;

      forget_knock_keys (member);
      if (peer != NULL)
        kith_rendezvous_update (peer);
    }
}

void
kith_group_links_put_group (KithNode *node, const guint8 *gid, KithSecret *author_seed)
{
  KithLinkGroup *group = kith_group_links_find (node, gid);
  gboolean is_new = group == NULL;

  if (is_new)
    group = add_group (node, gid);
  if (replace_secret (&group->author_seed, author_seed))
    {
      g_clear_pointer (&group->where, g_free);
      kith_identity_get_public (kith_secret_get_data (author_seed), group->author);
      update_wanted (group);
    }
  if (!is_new)
    return;

  kith_group_whereabouts_await_renewal (node);
  kith_invites_update_meetings (node);
  kith_followed_links_begin (node, gid);
}

/* A session that was there for a group that we do not share any more. */
static void
end_if_pointless (KithPeer *peer)
{
  if (peer->session != NULL && peer->group_only
      && !kith_co_member_is_one (peer->node, peer->row->identity))
    kith_session_close (peer->session, KITH_BYE_SHUTDOWN);
}

static void
forget_author (KithLinkGroup *group, KithLinkMember *member)
{
  if (member->has_author && kith_group_links_find_author (group, member->author) == member)
    g_hash_table_remove (group->authors, member->author);
}

/* @identity may be the key of the entry that goes. */
static void
remove_member (KithNode *node, KithLinkGroup *group, const guint8 *identity)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);
  KithLinkMember *member = kith_group_links_find_member (group, identity);

  if (member != NULL)
    forget_author (group, member);
  g_hash_table_remove (group->members, identity);
  if (peer == NULL)
    return;

  kith_group_session_refresh (peer);
  end_if_pointless (peer);
  kith_group_links_leave_alone (peer);
}

void
kith_group_links_drop_group (KithNode *node, const guint8 *gid)
{
  KithLinkGroup *group = kith_group_links_find (node, gid);
  g_autofree gpointer *keys = NULL;
  guint n;

  if (group == NULL)
    return;

  kith_group_invite_leave (node, gid);
  g_ptr_array_find (node->group_links->groups, group, &n);
  g_ptr_array_steal_index (node->group_links->groups, n);
  keys = g_hash_table_get_keys_as_array (group->members, &n);
  for (guint i = 0; i < n; i++)
    {
      guint8 identity[KITH_IDENTITY_BYTES];

      memcpy (identity, keys[i], sizeof identity);
      remove_member (node, group, identity);
    }

  kith_invites_update_meetings (node);
  group_free (group);
}

static gboolean
former_end_cb (gpointer user_data)
{
  KithLinkGroup *group = user_data;

  kith_source_clear (&group->former_end);
  g_clear_pointer (&group->former, kith_secret_unref);
  update_wanted (group);
  return G_SOURCE_REMOVE;
}

/* Whoever left or was kicked has the former one too: it is good for a while. */
static gboolean
replace_former (KithLinkGroup *group, KithSecret *former)
{
  if (!replace_secret (&group->former, former))
    return FALSE;

  kith_source_clear (&group->former_end);
  if (former != NULL)
    kith_source_start (&group->former_end, KITH_LIMIT_GROUP_FORMER_MS, former_end_cb, group);
  return TRUE;
}

void
kith_group_links_set_secret (KithNode *node, const guint8 *gid, KithSecret *secret, KithSecret *former)
{
  KithLinkGroup *group = kith_group_links_find (node, gid);
  gboolean changed;

  if (group == NULL)
    return;

  changed = replace_secret (&group->secret, secret);
  changed |= replace_former (group, former);
  if (changed)
    update_wanted (group);
}

/* --- Members -------------------------------------------------------------------------------- */

static KithLinkMember *
add_member (KithLinkGroup *group, const guint8 *identity)
{
  KithLinkMember *member = g_new0 (KithLinkMember, 1);

  memcpy (member->identity, identity, sizeof member->identity);
  g_hash_table_insert (group->members, member->identity, member);
  return member;
}

/* Returns: whether that is new. What another author key said of its place counts no more. */
static gboolean
set_author (KithLinkGroup *group, KithLinkMember *member, const guint8 *author)
{
  if (member->has_author && memcmp (member->author, author, sizeof member->author) == 0)
    return FALSE;

  forget_author (group, member);
  member->has_author = TRUE;
  memcpy (member->author, author, sizeof member->author);
  g_hash_table_replace (group->authors, member->author, member);
  forget_knock_keys (member);
  g_clear_pointer (&member->where, g_free);
  return TRUE;
}

void
kith_group_links_put_member (KithNode *node, const guint8 *gid, const guint8 *identity,
                             const guint8 *author)
{
  KithLinkGroup *group = kith_group_links_find (node, gid);
  g_autoptr (KithPeer) peer = NULL;
  guint8 copy[KITH_GROUP_ID_BYTES];
  KithLinkMember *member;
  gboolean changed;

  if (group == NULL || is_own (node, identity) || kith_impostor_is_one (node, identity))
    return;

  member = kith_group_links_find_member (group, identity);
  changed = member == NULL;
  if (member == NULL)
    member = add_member (group, identity);
  if (author != NULL)
    changed |= set_author (group, member, author);
  if (!changed)
    return;

  kith_group_links_get_contact (node, identity);
  peer = kith_peer_ref (kith_node_lookup_peer (node, identity));
  memcpy (copy, gid, sizeof copy);
  if (member->wanted)
    kith_rendezvous_update (peer);
  kith_group_session_refresh (peer);

  /* The host has heard of a link, and may have done anything. */
  group = kith_group_links_find (node, copy);
  if (group != NULL)
    kith_group_whereabouts_author_known (group, peer);
}

void
kith_group_links_drop_member (KithNode *node, const guint8 *gid, const guint8 *identity)
{
  KithLinkGroup *group = kith_group_links_find (node, gid);
  guint8 copy[KITH_IDENTITY_BYTES];

  if (group == NULL || kith_group_links_find_member (group, identity) == NULL)
    return;

  memcpy (copy, identity, sizeof copy);
  remove_member (node, group, copy);
}

void
kith_group_links_joined (KithNode *node, const guint8 *gid)
{
  KithLinkGroup *group = kith_group_links_find (node, gid);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer value;

  if (group == NULL)
    return;

  kith_group_invite_leave (node, gid);
  g_hash_table_iter_init (&iter, group->members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!((const KithLinkMember *) value)->has_author)
      g_ptr_array_add (others, g_memdup2 (((const KithLinkMember *) value)->identity, KITH_IDENTITY_BYTES));

  for (guint i = 0; i < others->len; i++)
    kith_group_links_drop_member (node, gid, g_ptr_array_index (others, i));
}

/* --- Sending -------------------------------------------------------------------------------- */

gboolean
kith_group_links_send (KithNode *node, const guint8 *gid, const guint8 *identity, KithRecordType type,
                       const guint8 *body, gsize len)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);

  return peer != NULL && kith_group_session_send (peer, gid, type, body, len);
}

gboolean
kith_group_links_await_room (KithNode *node, const guint8 *gid, const guint8 *identity)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);

  return peer != NULL && kith_group_session_await_room (peer, gid);
}

void
kith_group_links_cut (KithNode *node, const guint8 *identity)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);

  if (peer != NULL && peer->session != NULL)
    kith_session_close (peer->session, KITH_BYE_SHUTDOWN);
}

void
kith_group_links_turn_away (KithNode *node, const guint8 *gid, const guint8 *identity)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);

  kith_group_invites_note_away (node, gid, identity);
  if (peer != NULL)
    end_if_pointless (peer);
}

/* --- Life ----------------------------------------------------------------------------------- */

/**
 * kith_group_links_new: (skip)
 * @node: the node that will own it
 *
 * Returns: (transfer full): no groups yet
 */
KithGroupLinks *
kith_group_links_new (KithNode *node)
{
  KithGroupLinks *self = g_new0 (KithGroupLinks, 1);

  self->node = node;
  self->groups = g_ptr_array_new_with_free_func (group_free);
  self->away = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  self->followed = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, NULL,
                                          kith_followed_link_free);
  self->invitations = g_list_store_new (KITH_TYPE_INVITATION);
  return self;
}

/**
 * kith_group_links_free: (skip)
 * @self: (transfer full): the links of a node whose sessions are gone
 */
void
kith_group_links_free (KithGroupLinks *self)
{
  kith_source_clear (&self->sweep);
  kith_source_clear (&self->renewal);
  g_ptr_array_unref (self->groups);
  g_hash_table_unref (self->away);
  g_hash_table_unref (self->followed);
  g_object_unref (self->invitations);
  g_free (self);
}
