/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What becomes of an invite of somebody else that we use: on sessions, and in the DHT. Protocol 6.2, 7.3. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-error.h"
#include "node/kith-directory.h"
#include "node/kith-networking.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-peer-session.h"

/* --- What becomes of it --------------------------------------------------------------------- */

/**
 * kith_node_join_fill_open: (skip)
 * @self: a node
 * @session: a session that we dialled
 * @open: (inout): what we say on it: our request, and the proof that we have the link, if we ask
 */
void
kith_node_join_fill_open (KithNode *self, KithSession *session, KithBodyOpen *open)
{
  KithJoin *join = kith_join_lookup (self, kith_session_get_identity (session));

  if (join == NULL || open->purpose != KITH_PURPOSE_REQUEST)
    return;

  if (open->text == NULL)
    open->text = g_strdup (join->row->note);
  if (join->has_invite && join->row->expires_ms > kith_node_now_ms (self))
    kith_invite_prove (join->root, session, open);
}

/**
 * kith_node_join_take_issuer: (skip)
 * @self: a node
 * @session: a session that somebody dialled to us
 * @open: what they say
 *
 * Returns: whether it is the one whose invite we use, who comes to hear our request; it is told
 */
gboolean
kith_node_join_take_issuer (KithNode *self, KithSession *session, const KithBodyOpen *open)
{
  KithPeer *peer = kith_node_known_peer (self, kith_session_get_identity (session));
  KithJoin *join = kith_join_lookup (self, kith_session_get_identity (session));
  g_auto (KithBodyOpen) reply = { .pending = TRUE };

  if (peer == NULL || join == NULL || !join->has_invite || kith_peer_is_mutual (peer)
      || !kith_invite_is_proven (join->root, session, open))
    return FALSE;

  reply.name = g_strdup (kith_profile_get_name (self->profile));
  reply.text = g_strdup (join->row->note);
  kith_session_accept_open (session, &reply);
  kith_node_attach (self, peer, session);
  kith_node_join_opened (peer);
  return TRUE;
}

/**
 * kith_node_join_opened: (skip)
 * @peer: a peer with a session, open or pending
 */
void
kith_node_join_opened (KithPeer *peer)
{
  KithJoin *join = kith_join_lookup (peer->node, peer->row->identity);

  if (join != NULL)
    kith_join_answer (join, peer, kith_peer_is_mutual (peer) ? KITH_JOIN_ONLINE : KITH_JOIN_REQUESTED);
}

/**
 * kith_node_join_failed: (skip)
 * @peer: a peer that could not be dialled, or that does not want us
 * @error: why
 *
 * They may still be found in the DHT; when they do not want us, or there is no DHT, the outcome is
 * known.
 */
void
kith_node_join_failed (KithPeer *peer, const GError *error)
{
  KithJoin *join = kith_join_lookup (peer->node, peer->row->identity);

  if (join == NULL)
    return;

  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_CONTACT))
    {
      g_autoptr (GTask) task = kith_join_take_task (join);

      kith_join_forget (join);
      if (task != NULL)
        g_task_return_error (task, g_error_copy (error));
    }
  else if (join->meeting == NULL)
    kith_join_answer (join, peer, KITH_JOIN_WAITING);
}

/**
 * kith_node_join_settled: (skip)
 * @peer: a peer of which something has changed
 *
 * Once both are contacts and have a pair root, or the contact is gone, the invite has done its work.
 */
void
kith_node_join_settled (KithPeer *peer)
{
  g_autoptr (KithPeer) keep = kith_peer_ref (peer);
  KithJoin *join = kith_join_lookup (peer->node, peer->row->identity);
  gboolean is_done = kith_peer_is_mutual (peer) && peer->row->pair_root != NULL;

  if (join == NULL)
    return;

  if (peer->removed || peer->row->relation == KITH_RELATION_REMOVED)
    {
      kith_join_forget (join);
      return;
    }

  if (is_done || kith_peer_is_online (peer))
    kith_join_answer (join, peer, kith_peer_is_online (peer) ? KITH_JOIN_ONLINE : KITH_JOIN_WAITING);

  /* Whoever hears of it may ask anew, and then there is another one. */
  join = kith_join_lookup (keep->node, keep->row->identity);
  if (join != NULL && !is_done)
    kith_join_update_meeting (join);
  else if (join != NULL && join->task == NULL)
    kith_join_forget (join); /* else when it is stored: kith_node_join_settled() comes again */
}

/* --- Meeting the one who invites (7.3) ------------------------------------------------------ */

static void
found (KithMeeting *meeting, const KithRendezvousValue *value, gpointer user_data)
{
  KithJoin *join = user_data;
  KithPeer *peer = kith_node_known_peer (join->node, join->row->peer);
  KithEndpoints endpoints;

  if (peer == NULL)
    return;

  kith_directory_judge (join->node, value->endpoints, value->n_endpoints, &endpoints);
  if (endpoints.n == 0)
    return;

  kith_routes_find (&peer->routes, &endpoints, kith_node_now_ms (join->node));
  kith_directory_news (peer);
}

static gboolean
is_wanted (KithJoin *join, KithPeer *peer)
{
  return join->has_invite && peer != NULL && !join->node->closing
         && join->node->networking->meetings != NULL && !peer->row->blocked
         && peer->row->relation != KITH_RELATION_DECLINED
         && join->row->expires_ms > kith_node_now_ms (join->node);
}

void
kith_join_update_meeting (KithJoin *join)
{
  KithPeer *peer = kith_node_known_peer (join->node, join->row->peer);

  if (!is_wanted (join, peer))
    {
      g_clear_pointer (&join->meeting, kith_meeting_remove);
      return;
    }

  if (join->meeting == NULL)
    {
      join->meeting = kith_meetings_add (join->node->networking->meetings, join->root, 1, found, join);
      kith_meeting_seal_to (join->meeting, join->reply_key);
      kith_meeting_set_rank (join->meeting, join->row->created_ms);
    }
  kith_meeting_set_active (join->meeting, peer->session == NULL);
}

/**
 * kith_joins_update_meetings: (skip)
 * @node: a node whose DHT has come or is going
 */
void
kith_joins_update_meetings (KithNode *node)
{
  GHashTableIter iter;
  gpointer join;

  g_hash_table_iter_init (&iter, node->joins);
  while (g_hash_table_iter_next (&iter, NULL, &join))
    kith_join_update_meeting (join);
}
