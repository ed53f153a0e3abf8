/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contacts and the DHT (protocol 7): whoever is absent is met at the places that follow from the
 * pair root; and for a while at those of the former root, should they have lost the new one. Likewise
 * members of a group who are no contacts, by the secret of the group. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-directory.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-networking.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-reach-private.h"

static gboolean
is_met_as_contact (KithPeer *peer)
{
  return kith_peer_is_mutual (peer) && peer->row->pair_root != NULL;
}

static void
found (KithMeeting *meeting, const KithRendezvousValue *value, gpointer user_data)
{
  KithPeer *peer = user_data;
  KithEndpoints endpoints;

  if (meeting == peer->meeting && is_met_as_contact (peer) && value->seq > peer->row->found_seq)
    {
      peer->row->found_seq = value->seq;
      kith_peer_commit (peer);
    }

  /* Also where they were before: who has put a new value there has just come. */
  kith_directory_judge (peer->node, value->endpoints, value->n_endpoints, &endpoints);
  if (endpoints.n == 0)
    return;

  kith_routes_find (&peer->routes, &endpoints, kith_node_now_ms (peer->node));
  kith_directory_news (peer);
}

static gint64
last_seen_ms (KithPeer *peer)
{
  return MAX (peer->row->last_seen_ms, peer->row->added_ms);
}

static gboolean
is_wanted (KithPeer *peer)
{
  gint64 silent_ms = kith_node_now_ms (peer->node) - last_seen_ms (peer);

  return peer->session == NULL && silent_ms < KITH_LIMIT_RENDEZVOUS_ABSENT_S * (gint64) 1000;
}

static KithMeeting *
meet (KithPeer *peer, KithSecret *root)
{
  KithNode *node = peer->node;
  guint8 dir = memcmp (kith_local_get_identity (node->local), peer->row->identity,
                       KITH_IDENTITY_BYTES) < 0 ? 0 : 1;

  return kith_meetings_add (node->networking->meetings, kith_secret_get_data (root), dir, found,
                            peer);
}

/* What we meet by: the pair root of a contact; else, of those whom a group of ours wants to be linked
 * with, what two members of it have in common. Returns: (transfer full) (nullable) */
static KithSecret *
dup_root (KithPeer *peer)
{
  guint8 root[KITH_KEY_BYTES];
  KithSecret *secret = NULL;

  if (is_met_as_contact (peer))
    return kith_secret_ref (peer->row->pair_root);

  if (kith_co_member_is_wanted (peer->node, peer->row->identity)
      && kith_co_member_get_root (peer->node, peer->row->identity, root))
    secret = kith_secret_new_from (root, sizeof root);
  kith_secret_wipe (root, sizeof root);
  return secret;
}

/* The former one may be all that they have. Returns: (transfer full) (nullable) */
static KithSecret *
dup_old_root (KithPeer *peer)
{
  gint64 age_ms = kith_node_now_ms (peer->node) - peer->row->pair_root_ms;
  guint8 root[KITH_KEY_BYTES];
  KithSecret *secret = NULL;

  if (is_met_as_contact (peer))
    return peer->row->old_pair_root != NULL && age_ms < KITH_LIMIT_OLD_ROOT_S * (gint64) 1000
             ? kith_secret_ref (peer->row->old_pair_root) : NULL;

  if (kith_co_member_is_wanted (peer->node, peer->row->identity)
      && kith_co_member_get_former_root (peer->node, peer->row->identity, root))
    secret = kith_secret_new_from (root, sizeof root);
  kith_secret_wipe (root, sizeof root);
  return secret;
}

/* What was stored may come from a time when the number of a value was not looked at. */
static guint64
get_found_seq (KithPeer *peer)
{
  guint64 latest = (guint64) MAX (kith_node_now_ms (peer->node), 0)
                   + KITH_LIMIT_RENDEZVOUS_AHEAD_S * (guint64) 1000;

  if (peer->row->found_seq > latest)
    peer->row->found_seq = 0;
  return peer->row->found_seq;
}

static void
begin (KithPeer *peer, KithSecret *root)
{
  peer->meeting_root = kith_secret_ref (root);
  peer->meeting = meet (peer, root);
  if (is_met_as_contact (peer))
    kith_meeting_set_last_seq (peer->meeting, get_found_seq (peer));
  else
    kith_meeting_take_any (peer->meeting);
}

/* Whoever left or was kicked knows the former secret of a group: they are not told where we are. */
static void
begin_old (KithPeer *peer, KithSecret *root)
{
  peer->old_meeting_root = kith_secret_ref (root);
  peer->old_meeting = meet (peer, root);
  if (is_met_as_contact (peer))
    return;

  kith_meeting_take_any (peer->old_meeting);
  kith_meeting_keep_quiet (peer->old_meeting);
}

/* Contacts come before everybody whom we only share a group with. */
static gint64
rank_of (KithPeer *peer)
{
  return is_met_as_contact (peer) ? last_seen_ms (peer) : last_seen_ms (peer) - G_MAXINT64 / 2;
}

static void
drop_old (KithPeer *peer)
{
  g_clear_pointer (&peer->old_meeting, kith_meeting_remove);
  g_clear_pointer (&peer->old_meeting_root, kith_secret_unref);
}

/**
 * kith_rendezvous_drop: (skip)
 * @peer: a peer that is met no more
 */
void
kith_rendezvous_drop (KithPeer *peer)
{
  g_clear_pointer (&peer->meeting, kith_meeting_remove);
  g_clear_pointer (&peer->meeting_root, kith_secret_unref);
  drop_old (peer);
}

/**
 * kith_rendezvous_update: (skip)
 * @peer: a peer of which something has changed: session, root, relation, block
 *
 * Brings its meetings in step.
 */
void
kith_rendezvous_update (KithPeer *peer)
{
  gboolean can_meet = !peer->removed && peer->node->networking->meetings != NULL
                      && peer->node->local != NULL && !peer->row->blocked;
  g_autoptr (KithSecret) root = can_meet ? dup_root (peer) : NULL;
  g_autoptr (KithSecret) old = root != NULL ? dup_old_root (peer) : NULL;

  if (peer->meeting != NULL && (root == NULL || !kith_secret_equal (root, peer->meeting_root)))
    kith_rendezvous_drop (peer);
  if (peer->old_meeting != NULL && (old == NULL || !kith_secret_equal (old, peer->old_meeting_root)))
    drop_old (peer);

  if (root == NULL)
    return;

  if (peer->meeting == NULL)
    begin (peer, root);
  if (peer->old_meeting == NULL && old != NULL)
    begin_old (peer, old);

  kith_meeting_set_rank (peer->meeting, rank_of (peer));
  kith_meeting_set_active (peer->meeting, is_wanted (peer));
  if (peer->old_meeting != NULL)
    kith_meeting_set_active (peer->old_meeting, is_wanted (peer));
}

/**
 * kith_rendezvous_update_all: (skip)
 * @node: a node
 */
void
kith_rendezvous_update_all (KithNode *node)
{
  GHashTableIter iter;
  gpointer peer;

  g_hash_table_iter_init (&iter, node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    kith_rendezvous_update (peer);
}

void
kith_node_peer_changed (KithPeer *peer)
{
  kith_rendezvous_update (peer);
  kith_node_join_settled (peer);
  kith_peer_entry_settled (peer);
  kith_invites_update_meetings (peer->node);
  kith_followed_links_update (peer->node);
}
