/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links of ours to groups. Protocol 10.7.
 *
 * They are kept, expire and are met in the DHT as invites are (kith-node-invites.c), but many people may
 * use one at a time, and none of them becomes a contact: each gets a session on which nothing flows but the
 * request to be let into that one group, until they are a member of it. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-task.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "proto/kith-group-join.h"

/* --- Making and listing --------------------------------------------------------------------- */

void
kith_group_invite_create_async (KithNode *node, const guint8 *gid, gint64 lifetime_s,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (node, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_group_invite_create_async);
  if (kith_group_links_find (node, gid) != NULL)
    {
      kith_own_invite_create (node, lifetime_s, NULL, gid, task);
      return;
    }

  kith_task_take_and_refuse (task, KITH_ERROR_NOT_FOUND, "We are not in this group");
}

KithInvitation *
kith_group_invite_create_finish (KithNode *node, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
is_of (const KithOwnInvite *invite, const guint8 *gid)
{
  return invite->has_group && memcmp (invite->group, gid, sizeof invite->group) == 0;
}

GListModel *
kith_group_invite_list (KithNode *node, const guint8 *gid)
{
  GListStore *list = g_list_store_new (KITH_TYPE_INVITATION);

  for (guint i = node->invites->len; i > 0; i--)
    {
      const KithOwnInvite *invite = g_ptr_array_index (node->invites, i - 1);

      if (is_of (invite, gid))
        g_list_store_append (list, invite->invitation);
    }

  return G_LIST_MODEL (list);
}

void
kith_group_invite_revoke_all (KithNode *node, const guint8 *gid)
{
  for (guint i = 0; i < node->invites->len; i++)
    {
      KithOwnInvite *invite = g_ptr_array_index (node->invites, i);

      if (is_of (invite, gid) && kith_own_invite_is_live (invite))
        kith_node_revoke_invite_async (node, invite->invitation, NULL, NULL, NULL);
    }
}

/* --- Who comes with one --------------------------------------------------------------------- */

static KithOwnInvite *
find_live (KithNode *node, const guint8 *id)
{
  KithOwnInvite *invite = kith_own_invite_find (node, id);

  return invite != NULL && invite->has_group && kith_own_invite_is_live (invite)
         && kith_group_links_find (node, invite->group) != NULL ? invite : NULL;
}

/**
 * kith_group_invites_find_live: (skip)
 * @node: a node
 * @gid: a group of ours
 * @id: the id of a link
 *
 * Returns: (transfer none) (nullable): it, if it is one of ours to that group and is still good
 */
KithInvitation *
kith_group_invites_find_live (KithNode *node, const guint8 *gid, const guint8 *id)
{
  const KithOwnInvite *invite = find_live (node, id);

  return invite != NULL && is_of (invite, gid) ? invite->invitation : NULL;
}

static GBytes *
away_key (const guint8 *gid, const guint8 *identity)
{
  guint8 key[KITH_GROUP_ID_BYTES + KITH_IDENTITY_BYTES];

  memcpy (key, gid, KITH_GROUP_ID_BYTES);
  memcpy (key + KITH_GROUP_ID_BYTES, identity, KITH_IDENTITY_BYTES);
  return g_bytes_new (key, sizeof key);
}

/**
 * kith_group_invites_note_away: (skip)
 * @node: a node
 * @gid: a group of ours
 * @identity: who is not to be let in with a link to it again
 */
void
kith_group_invites_note_away (KithNode *node, const guint8 *gid, const guint8 *identity)
{
  if (g_hash_table_size (node->group_links->away) >= KITH_LIMIT_GROUP_TURNED_AWAY)
    g_hash_table_remove_all (node->group_links->away);
  g_hash_table_add (node->group_links->away, away_key (gid, identity));
}

static gboolean
is_away (KithNode *node, const guint8 *gid, const guint8 *identity)
{
  g_autoptr (GBytes) key = away_key (gid, identity);

  return g_hash_table_contains (node->group_links->away, key);
}

/* Those who wait. Whoever was let in holds no place any more. */
static guint
count_joiners (KithNode *node)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      if (kith_group_session_get_link (peer) != NULL
          && !kith_co_member_is_one (node, peer->row->identity))
        n++;
    }

  return n;
}

/**
 * kith_group_invites_admits: (skip)
 * @node: a node
 * @session: a session on which somebody comes for the sake of groups
 * @open: what they say
 *
 * Returns: whether they have proved to have a link of ours, and may ask with it
 */
gboolean
kith_group_invites_admits (KithNode *node, KithSession *session, const KithBodyOpen *open)
{
  const KithOwnInvite *invite = open->has_invite ? find_live (node, open->invite_id) : NULL;

  return invite != NULL && kith_invite_has_proof (invite->root, session, open)
         && !is_away (node, invite->group, kith_session_get_identity (session))
         && count_joiners (node) < KITH_LIMIT_GROUP_JOINERS;
}

/**
 * kith_group_invites_admitted: (skip)
 * @peer: who has come with a link of ours, or was found with it; their session is attached
 * @id: the id of the link
 */
void
kith_group_invites_admitted (KithPeer *peer, const guint8 *id)
{
  const KithOwnInvite *invite = find_live (peer->node, id);

  if (invite != NULL)
    kith_group_session_mark_joiner (peer, invite->group, id);
}

/**
 * kith_group_invites_find_proven: (skip)
 * @peer: somebody who asks to be let into a group, and has not come with a link to it
 * @gid: that group, of ours
 * @body: (array length=len): their GROUP_JOIN: untrusted
 * @len: its length in bytes
 *
 * Returns: (transfer none) (nullable): the link of ours that their request shows, if it is one and is good
 */
KithInvitation *
kith_group_invites_find_proven (KithPeer *peer, const guint8 *gid, const guint8 *body, gsize len)
{
  g_auto (KithGroupJoin) join = { .name = NULL };
  const guint8 *proof;
  gsize n;

  if (is_away (peer->node, gid, peer->row->identity) || !kith_group_join_open (&join, body, len)
      || join.link_proof == NULL || !kith_identity_equal (join.identity, peer->row->identity))
    return NULL;

  proof = g_bytes_get_data (join.link_proof, &n);
  return n == KITH_INVITE_PROOF_BYTES ? kith_group_invite_check (peer->node, gid, join.author, proof) : NULL;
}

/* --- Visiting those who cannot reach us (7.3) ----------------------------------------------- */

/**
 * kith_group_invites_get_visit: (skip)
 * @node: a node
 * @session: a session that we dialled
 *
 * Returns: (transfer none) (nullable): the link of ours for which we did
 */
KithOwnInvite *
kith_group_invites_get_visit (KithNode *node, KithSession *session)
{
  GBytes *id = g_hash_table_lookup (node->inviting, session);

  return id != NULL ? find_live (node, g_bytes_get_data (id, NULL)) : NULL;
}

/**
 * kith_group_invites_fill_open: (skip)
 * @invite: a link of ours
 * @session: a session that we dialled for it
 * @open: (inout): what we say on it
 */
void
kith_group_invites_fill_open (const KithOwnInvite *invite, KithSession *session, KithBodyOpen *open)
{
  kith_invite_prove (invite->root, session, open);
  open->purpose = KITH_PURPOSE_GROUP;
  open->n_groups = 1;
  kith_session_get_group_name (session, invite->group, &open->groups[0]);
}

/* --- The end -------------------------------------------------------------------------------- */

/**
 * kith_group_invites_revoked: (skip)
 * @invite: a link of ours that is good no more
 *
 * Sends those away who came with it and are no members yet.
 */
void
kith_group_invites_revoked (const KithOwnInvite *invite)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, invite->node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;
      const guint8 *id = kith_group_session_get_link (peer);

      if (id != NULL && memcmp (id, invite->row->id, KITH_INVITE_ID_BYTES) == 0
          && !kith_co_member_is_one (peer->node, peer->row->identity))
        kith_session_close (peer->session, KITH_BYE_SHUTDOWN);
    }
}

/**
 * kith_group_invites_session_closed: (skip)
 * @node: a node
 * @session: a session that is over, and belongs to nobody any more
 *
 * Of those who came with a link and were not let in, nothing is kept.
 */
void
kith_group_invites_session_closed (KithNode *node, KithSession *session)
{
  KithPeer *peer = kith_node_lookup_peer (node, kith_session_get_identity (session));

  if (peer != NULL && peer->session == NULL && kith_peer_is_passer_by (peer) && !node->closing)
    {
      const guint8 *identity = peer->row->identity;

      kith_group_links_forget (node, &identity, 1);
    }
}

/* --- Proofs in requests --------------------------------------------------------------------- */

KithInvitation *
kith_group_invite_check (KithNode *node, const guint8 *gid, const guint8 *author,
                         const guint8 proof[KITH_INVITE_PROOF_BYTES])
{
  KithInvitation *found = NULL;

  for (guint i = 0; i < node->invites->len; i++)
    {
      const KithOwnInvite *invite = g_ptr_array_index (node->invites, i);
      guint8 expected[KITH_INVITE_PROOF_BYTES];

      if (!is_of (invite, gid) || !kith_own_invite_is_live (invite))
        continue;
      kith_invite_get_author_proof (invite->root, author, expected);
      if (kith_secret_equal_memory (expected, proof, sizeof expected))
        found = invite->invitation;
    }

  return found;
}
