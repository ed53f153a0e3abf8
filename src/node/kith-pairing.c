/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Agreeing on the root that two contacts have in common. Protocol 6.1. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-pairing.h"

#include "node/kith-node-private.h"

static void
send_ours (KithPeer *peer)
{
  if (peer->pair_sent)
    return;

  kith_env_random_bytes (peer->node->env, peer->pair_mine, sizeof peer->pair_mine);
  peer->pair_sent = kith_session_send_bytes (peer->session, KITH_RECORD_PAIR,
                                             kith_body_pair_pack (peer->pair_mine));
}

static void
forget_bytes (KithPeer *peer)
{
  kith_secret_wipe (peer->pair_mine, sizeof peer->pair_mine);
  kith_secret_wipe (peer->pair_theirs, sizeof peer->pair_theirs);
}

/* Both have said theirs. */
static void
agree (KithPeer *peer)
{
  KithStoreContact *row = peer->row;

  g_clear_pointer (&row->old_pair_root, kith_secret_unref);
  row->old_pair_root = g_steal_pointer (&row->pair_root);
  row->pair_root = kith_session_derive_pair_root (peer->session, peer->pair_mine, peer->pair_theirs);
  row->pair_root_ms = kith_node_now_ms (peer->node);
  forget_bytes (peer);
  kith_peer_commit (peer);
}

/* Without room for our half theirs waits. */
static void
answer (KithPeer *peer)
{
  send_ours (peer);
  if (peer->pair_sent)
    agree (peer);
}

/**
 * kith_pairing_session_opened: (skip)
 * @peer: a peer with whom chat can flow
 *
 * A root is agreed on when there is none, and anew when the dialer had to come without its knock.
 */
void
kith_pairing_session_opened (KithPeer *peer)
{
  gboolean without_root = kith_session_is_dialer (peer->session)
                          && kith_session_get_entry (peer->session) != KITH_ENTRY_CONTACT;

  if (peer->row->pair_root == NULL || without_root)
    send_ours (peer);
}

/**
 * kith_pairing_session_lost: (skip)
 * @peer: a peer whose session is going
 */
void
kith_pairing_session_lost (KithPeer *peer)
{
  peer->pair_sent = FALSE;
  peer->paired = FALSE;
  forget_bytes (peer);
}

/**
 * kith_pairing_pump: (skip)
 * @peer: a peer whose session has room again
 */
void
kith_pairing_pump (KithPeer *peer)
{
  if (peer->paired && !peer->pair_sent)
    answer (peer);
}

/**
 * kith_pairing_receive: (skip)
 * @peer: a peer with whom chat can flow
 * @body: (array length=len): the body of a PAIR; untrusted
 * @len: its length in bytes
 *
 * Returns: %FALSE when it is malformed, or the second one
 */
gboolean
kith_pairing_receive (KithPeer *peer, const guint8 *body, gsize len)
{
  if (peer->paired || !kith_body_pair_unpack (peer->pair_theirs, body, len))
    return FALSE;

  peer->paired = TRUE;
  answer (peer);
  return TRUE;
}
