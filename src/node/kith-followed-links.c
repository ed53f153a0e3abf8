/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Using somebody's link to a group. Protocol 10.7.
 *
 * Whoever has made it counts as a member of that group for us, so that what finds members finds them; and
 * we have two things more: a proof with which they let us ask, and a place in the DHT to meet at. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-directory.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-networking.h"
#include "node/kith-node-knock.h"

/**
 * kith_followed_link_free: (skip)
 * @data: (transfer full): a link that is followed
 */
void
kith_followed_link_free (gpointer data)
{
  KithFollowedLink *self = data;

  g_clear_pointer (&self->meeting, kith_meeting_remove);
  kith_secret_wipe (self->root, sizeof self->root);
  kith_store_invite_free (self->row);
  g_free (self);
}

static KithFollowedLink *
lookup (KithNode *node, const guint8 *gid)
{
  return g_hash_table_lookup (node->group_links->followed, gid);
}

static gboolean
is_good (const KithFollowedLink *link)
{
  return link->row->expires_ms > kith_node_now_ms (link->node);
}

/* (nullable): the one that @identity has made */
static KithFollowedLink *
find_by_issuer (KithNode *node, const guint8 *identity)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, node->group_links->followed);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithFollowedLink *link = value;

      if (kith_identity_equal (link->row->peer, identity) && is_good (link))
        return link;
    }

  return NULL;
}

/* --- Meeting -------------------------------------------------------------------------------- */

static void
found (KithMeeting *meeting, const KithRendezvousValue *value, gpointer user_data)
{
  KithFollowedLink *link = user_data;
  KithPeer *peer = kith_node_lookup_peer (link->node, link->row->peer);
  KithEndpoints endpoints;

  if (peer == NULL)
    return;

  kith_directory_judge (link->node, value->endpoints, value->n_endpoints, &endpoints);
  if (endpoints.n == 0)
    return;

  kith_routes_find (&peer->routes, &endpoints, kith_node_now_ms (link->node));
  kith_directory_news (peer);
}

static void
update_meeting (KithFollowedLink *link)
{
  KithNode *node = link->node;
  const KithPeer *peer = kith_node_lookup_peer (node, link->row->peer);
  KithMeetings *meetings = node->networking->meetings;

  if (peer == NULL || meetings == NULL || node->closing || peer->row->blocked || !is_good (link)
      || kith_group_links_find (node, link->gid) == NULL)
    {
      g_clear_pointer (&link->meeting, kith_meeting_remove);
      return;
    }

  if (link->meeting == NULL)
    {
      link->meeting = kith_meetings_add (meetings, link->root, 1, found, link);
      kith_meeting_seal_to (link->meeting, link->reply_key);
      kith_meeting_set_rank (link->meeting, link->row->created_ms);
    }
  kith_meeting_set_active (link->meeting, peer->session == NULL);
}

/**
 * kith_followed_links_update: (skip)
 * @node: a node whose DHT has come or is going, or one of whose peers has changed
 */
void
kith_followed_links_update (KithNode *node)
{
  GHashTableIter iter;
  gpointer link;

  g_hash_table_iter_init (&iter, node->group_links->followed);
  while (g_hash_table_iter_next (&iter, NULL, &link))
    update_meeting (link);
}

/* --- Beginning and ending ------------------------------------------------------------------- */

/* What is stored may come out of a backup from anywhere. Returns: (transfer full) (nullable) */
static KithFollowedLink *
followed_link_new (KithNode *node, const KithStoreInvite *row)
{
  g_auto (KithInvite) parsed = { 0 };
  KithFollowedLink *link;

  if (!row->has_peer || !kith_invite_parse_group (&parsed, row->link)
      || memcmp (parsed.identity, row->peer, sizeof row->peer) != 0)
    return NULL;

  link = g_new0 (KithFollowedLink, 1);
  link->node = node;
  link->row = kith_store_invite_copy (row);
  memcpy (link->gid, parsed.group, sizeof link->gid);
  memcpy (link->reply_key, parsed.reply_key, sizeof link->reply_key);
  kith_invite_get_group_root (parsed.secret, parsed.group, link->root);
  return link;
}

/**
 * kith_followed_links_restore: (skip)
 * @node: a node
 * @row: a stored invite of somebody else
 *
 * Returns: whether it is the link to a group, and is still being used
 */
gboolean
kith_followed_links_restore (KithNode *node, const KithStoreInvite *row)
{
  KithFollowedLink *link = row->expires_ms > kith_node_now_ms (node) ? followed_link_new (node, row)
                                                                     : NULL;

  if (link == NULL)
    return FALSE;

  g_hash_table_replace (node->group_links->followed, link->gid, link);
  kith_followed_links_begin (node, link->gid);
  return TRUE;
}

/* Puts the endpoints of the link before those that are known. */
static void
take_endpoints (KithPeer *peer, const KithFollowedLink *link)
{
  g_auto (KithInvite) parsed = { 0 };
  KithEndpoints merged;

  if (!kith_invite_parse_group (&parsed, link->row->link))
    return;

  kith_directory_judge (peer->node, parsed.endpoints, parsed.n_endpoints, &merged);
  for (guint i = 0; i < peer->row->n_endpoints; i++)
    kith_endpoints_add (&merged, &peer->row->endpoints[i]);
  memcpy (peer->row->endpoints, merged.items, sizeof peer->row->endpoints);
  peer->row->n_endpoints = merged.n;
}

/**
 * kith_followed_links_begin: (skip)
 * @node: a node
 * @gid: a group that we are about to join
 *
 * Looks for whoever made the link to it, if there is one that is followed.
 */
void
kith_followed_links_begin (KithNode *node, const guint8 *gid)
{
  KithFollowedLink *link = lookup (node, gid);
  KithPeer *peer;

  if (link == NULL || !is_good (link) || kith_group_links_find (node, gid) == NULL)
    return;

  kith_group_links_put_member (node, gid, link->row->peer, NULL);
  peer = kith_node_lookup_peer (node, link->row->peer);
  if (peer == NULL)
    return;

  take_endpoints (peer, link);
  kith_peer_commit (peer);
  if (peer->session == NULL)
    kith_directory_try_now (peer);
}

void
kith_group_invite_follow (KithNode *node, const KithInvite *link)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreInvite *row = g_new0 (KithStoreInvite, 1);
  guint8 root[KITH_INVITE_ROOT_BYTES];

  kith_group_invite_leave (node, link->group);
  kith_invite_get_group_root (link->secret, link->group, root);
  kith_invite_get_id (root, row->id);
  kith_secret_wipe (root, sizeof root);
  row->created_ms = kith_node_now_ms (node);
  row->expires_ms = link->expiry_s * 1000;
  row->note = g_strdup ("");
  row->link = kith_invite_encode (link);
  row->has_peer = TRUE;
  memcpy (row->peer, link->identity, sizeof row->peer);

  kith_store_batch_put_invite (batch, row);
  kith_node_commit (node, batch);
  kith_followed_links_restore (node, row);
  kith_store_invite_free (row);
}

static void
forget (KithFollowedLink *link)
{
  KithNode *node = link->node;
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithLinkGroup *group = kith_group_links_find (node, link->gid);
  const KithLinkMember *issuer = group != NULL ? kith_group_links_find_member (group, link->row->peer)
                                               : NULL;
  guint8 identity[KITH_IDENTITY_BYTES];
  guint8 gid[KITH_GROUP_ID_BYTES];

  memcpy (identity, link->row->peer, sizeof identity);
  memcpy (gid, link->gid, sizeof gid);
  kith_store_batch_delete_invite (batch, link->row->id);
  kith_node_commit (node, batch);
  g_hash_table_remove (node->group_links->followed, gid);
  if (issuer != NULL && !issuer->has_author)
    kith_group_links_drop_member (node, gid, identity);
}

void
kith_group_invite_leave (KithNode *node, const guint8 *gid)
{
  KithFollowedLink *link = lookup (node, gid);

  if (link != NULL)
    forget (link);
}

/**
 * kith_followed_links_expire: (skip)
 * @node: a node
 *
 * Forgets the links that are over.
 */
void
kith_followed_links_expire (KithNode *node)
{
  g_autoptr (GPtrArray) over = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, node->group_links->followed);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!is_good (value))
      g_ptr_array_add (over, g_memdup2 (((const KithFollowedLink *) value)->gid, KITH_GROUP_ID_BYTES));

  /* The groups hear of each, and may leave others. */
  for (guint i = 0; i < over->len; i++)
    kith_group_invite_leave (node, g_ptr_array_index (over, i));
}

/* --- Being let in --------------------------------------------------------------------------- */

/**
 * kith_followed_links_get_root: (skip)
 * @node: a node
 * @identity: the identity key of somebody
 *
 * Returns: (nullable): the root of the link to a group that they have made and we use
 */
const guint8 *
kith_followed_links_get_root (KithNode *node, const guint8 *identity)
{
  const KithFollowedLink *link = find_by_issuer (node, identity);

  return link != NULL ? link->root : NULL;
}

/**
 * kith_followed_links_match_knock: (skip)
 * @node: a node
 * @tag: the tag of a preamble; untrusted
 * @ephemeral: the ephemeral key of msg1; untrusted
 *
 * Returns: whether somebody knocks whose link to a group we use
 */
gboolean
kith_followed_links_match_knock (KithNode *node, const guint8 *tag, const guint8 *ephemeral)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, node->group_links->followed);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithFollowedLink *link = value;

      if (is_good (link) && kith_node_knock_matches (node, link->root, 0, tag, ephemeral))
        return TRUE;
    }

  return FALSE;
}

/**
 * kith_followed_links_fill_open: (skip)
 * @node: a node
 * @session: a session that we dialled, for the sake of groups
 * @open: (inout): what we say on it: gets the proof that we have their link, if we have one
 */
void
kith_followed_links_fill_open (KithNode *node, KithSession *session, KithBodyOpen *open)
{
  const guint8 *root = kith_followed_links_get_root (node, kith_session_get_identity (session));

  if (root == NULL)
    return;

  kith_invite_prove (root, session, open);
  open->purpose = KITH_PURPOSE_GROUP;
}

/**
 * kith_followed_links_admits: (skip)
 * @node: a node
 * @session: a session on which somebody comes for the sake of groups
 * @open: what they say
 *
 * Returns: whether it is the one whose link we use, who comes to hear our request
 */
gboolean
kith_followed_links_admits (KithNode *node, KithSession *session, const KithBodyOpen *open)
{
  const guint8 *root = kith_followed_links_get_root (node, kith_session_get_identity (session));

  return root != NULL && open->has_invite && kith_invite_has_proof (root, session, open);
}

gboolean
kith_group_invite_prove (KithNode *node, const guint8 *gid, const guint8 *author,
                         guint8 proof[KITH_INVITE_PROOF_BYTES])
{
  const KithFollowedLink *link = lookup (node, gid);

  if (link == NULL || !is_good (link))
    return FALSE;

  kith_invite_get_author_proof (link->root, author, proof);
  return TRUE;
}
