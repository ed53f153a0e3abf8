/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is let in for the sake of groups, and what comes of it. Protocol 4.1b. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-node-learn.h"
#include "node/kith-node-profile.h"
#include "node/kith-node-requests.h"
#include "node/kith-node-sessions.h"
#include "node/kith-peer-session.h"

/* Sessions that others want and we do not. */
static gboolean
is_room (KithNode *node, const guint8 *identity)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  if (kith_co_member_is_wanted (node, identity))
    return TRUE;

  g_hash_table_iter_init (&iter, node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      if (peer->session != NULL && peer->group_only
          && !kith_co_member_is_wanted (node, peer->row->identity))
        n++;
    }

  return n < KITH_LIMIT_GROUP_UNWANTED_SESSIONS;
}

/* Somebody whom we have asked to be our contact, and who comes for a group, hears our request (7.3). */
static void
answer_with_request (KithNode *node, KithSession *session)
{
  const KithJoin *join = g_hash_table_lookup (node->joins, kith_session_get_identity (session));
  g_auto (KithBodyOpen) answer = { .pending = TRUE };

  answer.name = g_strdup (kith_profile_get_name (node->profile));
  answer.text = g_strdup (join != NULL ? join->row->note : "");
  kith_session_accept_open (session, &answer);
}

static void
let_in (KithNode *node, KithPeer *peer, KithSession *session, const KithBodyOpen *open)
{
  g_auto (KithBodyOpen) answer = { .pending = FALSE };

  if (peer->row->relation == KITH_RELATION_REQUESTED)
    answer_with_request (node, session);
  else
    {
      kith_node_describe (node, &answer);
      kith_session_accept_open (session, &answer);
    }

  kith_node_learn (peer, session, open);
  kith_node_attach_member (node, peer, session);
}

/**
 * kith_group_session_take: (skip)
 * @node: a node
 * @session: a session that somebody dialled to us for the sake of groups
 * @open: what they say
 *
 * Lets them in when they name a group of ours that they are in, or prove to have a link; all others are
 * refused as somebody unknown is.
 */
void
kith_group_session_take (KithNode *node, KithSession *session, const KithBodyOpen *open)
{
  gboolean is_member = kith_group_session_admits (node, session, open);
  gboolean is_issuer = kith_followed_links_admits (node, session, open);
  gboolean is_joiner = kith_group_invites_admits (node, session, open);
  KithPeer *peer;

  if (!is_member && !is_issuer && !is_joiner)
    {
      kith_node_refuse (node, session);
      return;
    }

  if (!is_issuer && !is_room (node, kith_session_get_identity (session)))
    {
      kith_session_close (session, KITH_BYE_BUSY);
      return;
    }

  peer = kith_co_member_ensure_peer (node, kith_session_get_identity (session));
  let_in (node, peer, session, open);
  if (is_joiner && peer->session == session)
    kith_group_invites_admitted (peer, open->invite_id);
}

/* They answer with a request of their own. Whom we take for a contact already gets a session as one. */
static void
take_request (KithNode *node, KithPeer *peer, KithSession *session, const KithBodyOpen *answer)
{
  if (kith_peer_is_mutual (peer))
    {
      peer->not_wanted = FALSE;
      kith_session_close (session, KITH_BYE_SHUTDOWN);
      return;
    }

  kith_node_take_request (node, session, answer);
}

/**
 * kith_group_session_answered: (skip)
 * @node: a node
 * @session: a session that we dialled for the sake of groups
 * @answer: what came back
 */
void
kith_group_session_answered (KithNode *node, KithSession *session, const KithBodyOpen *answer)
{
  const guint8 *identity = kith_session_get_identity (session);
  const KithOwnInvite *visit = kith_group_invites_get_visit (node, session);
  gboolean is_member = kith_co_member_is_one (node, identity);
  KithPeer *peer = is_member || visit != NULL ? kith_co_member_ensure_peer (node, identity) : NULL;

  if (peer == NULL)
    kith_session_close (session, KITH_BYE_NOT_CONTACT);
  else if (answer->pending)
    take_request (node, peer, session, answer);
  else
    {
      kith_node_learn (peer, session, answer);
      kith_node_attach_member (node, peer, session);
      if (visit != NULL && peer->session == session)
        kith_group_invites_admitted (peer, visit->row->id);
    }
}
