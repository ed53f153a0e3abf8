/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A peer and its session: what begins with it, and what ends with it. Protocol 4.1, 4.1b, 4.2. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-peer-session.h"

#include <string.h>

#include "base/kith-error.h"
#include "node/kith-directory.h"
#include "node/kith-failure.h"
#include "node/kith-group-links-private.h"
#include "node/kith-messenger.h"
#include "node/kith-node-clock.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-presence-private.h"
#include "node/kith-node-private.h"
#include "node/kith-node-profile.h"
#include "node/kith-pairing.h"
#include "node/kith-transfers.h"
#include "node/kith-verification.h"

/* --- What belongs to a session -------------------------------------------------------------- */

/* What flows between contacts, in the order in which it begins. Groups come in with the session itself. */
static const struct
{
  void (*opened) (KithPeer *peer);
  void (*lost)   (KithPeer *peer);
} parts[] = {
  { kith_presence_session_opened, kith_presence_session_lost },
  { kith_pairing_session_opened, kith_pairing_session_lost },
  { kith_messenger_session_opened, kith_messenger_session_lost },
  { kith_transfers_session_opened, kith_transfers_session_lost },
  { NULL, kith_verification_session_lost },
};

/* Chat may flow from now on. */
static void
go_online (KithPeer *peer)
{
  if (!kith_peer_is_online (peer))
    return;

  kith_peer_update_presence (peer);
  for (guint i = 0; i < G_N_ELEMENTS (parts) && kith_peer_is_online (peer); i++)
    if (parts[i].opened != NULL)
      parts[i].opened (peer);
}

/**
 * kith_peer_session_over: (skip)
 * @self: a peer whose session is going, or about to be replaced
 *
 * Everything that flowed on it stops.
 */
void
kith_peer_session_over (KithPeer *self)
{
  kith_group_session_lost (self);
  for (guint i = G_N_ELEMENTS (parts); i > 0; i--)
    parts[i - 1].lost (self);
  self->accepted = FALSE;
}

/**
 * kith_peer_session_drained: (skip)
 * @self: a peer whose session has room again
 */
void
kith_peer_session_drained (KithPeer *self)
{
  kith_pairing_pump (self);
  kith_messenger_pump (self);
  kith_transfers_pump (self);
  kith_group_session_drained (self);
}

/* --- Beginning ------------------------------------------------------------------------------ */

static void
remember_device (KithNode *self, KithSession *session)
{
  const KithCertificate *certificate = kith_session_get_certificate (session);
  KithStoreDevice row = { .seq = certificate->seq };
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  memcpy (row.identity, certificate->identity, sizeof row.identity);
  memcpy (row.device, certificate->device, sizeof row.device);
  memcpy (row.device_key, certificate->device_key, sizeof row.device_key);
  kith_node_remember_device (self, &row);
  kith_store_batch_put_device (batch, &row);
  kith_node_commit (self, batch);
}

/* Else it would fight for its place for ever, and its user would not know of the other one. */
static KithByeReason
reason_to_replace (KithSession *before, KithSession *session)
{
  const KithCertificate *old = kith_session_get_certificate (before);
  const KithCertificate *new = session != NULL ? kith_session_get_certificate (session) : old;

  return memcmp (old->device, new->device, sizeof old->device) == 0 ? KITH_BYE_DUPLICATE : KITH_BYE_OTHER_DEVICE;
}

/* One session for everybody, however many devices they say they have: that of another device ends. */
static void
replace_session (KithPeer *peer, KithSession *session)
{
  g_autoptr (KithSession) before = g_steal_pointer (&peer->session);

  peer->session = session != NULL ? kith_session_ref (session) : NULL;
  if (before != NULL)
    kith_session_close (before, reason_to_replace (before, session));
}

static void
attach (KithNode *self, KithPeer *peer, KithSession *session, gboolean group_only)
{
  kith_peer_session_over (peer);
  replace_session (peer, session);
  peer->group_only = group_only;
  remember_device (self, session);
  kith_messenger_note_device (peer, kith_session_get_certificate (session)->device);
  kith_directory_reached (peer);
  kith_peer_update_presence (peer);
  kith_node_peer_changed (peer);
  go_online (peer);
  kith_group_session_opened (peer);
}

/**
 * kith_node_attach: (skip)
 * @self: a node
 * @peer: a peer
 * @session: (transfer none): its session from now on, open or pending
 */
void
kith_node_attach (KithNode *self, KithPeer *peer, KithSession *session)
{
  if (peer->session != session)
    attach (self, peer, session, FALSE);
  else if (peer->group_only)
    {
      /* It was there for a group, and they are a contact now. */
      peer->group_only = FALSE;
      kith_node_peer_changed (peer);
      go_online (peer);
    }
}

/**
 * kith_node_attach_member: (skip)
 * @self: a node
 * @peer: somebody with whom we are in a group, or who asks to be let in
 * @session: (transfer none): their session from now on, for groups and nothing else
 */
void
kith_node_attach_member (KithNode *self, KithPeer *peer, KithSession *session)
{
  if (peer->session != session)
    attach (self, peer, session, TRUE);
}

/**
 * kith_node_become_mutual: (skip)
 * @self: a node
 * @peer: a peer; the other side has accepted, or we have
 *
 * Both sides are contacts from now on. The caller commits.
 */
void
kith_node_become_mutual (KithNode *self, KithPeer *peer)
{
  if (kith_peer_is_mutual (peer))
    return;

  kith_peer_set_relation (peer, KITH_RELATION_MUTUAL);
  kith_node_clock_update (self);
  if (peer->session != NULL)
    {
      peer->group_only = FALSE;
      kith_session_lift_pending (peer->session);
      go_online (peer);
    }
}

/* --- The end -------------------------------------------------------------------------------- */

/**
 * kith_peer_take_refusal: (skip)
 * @self: a peer
 * @session: a session with them that has ended
 * @error: why
 *
 * They answered, have proved that it is them, and do not want us. Somebody who has blocked us seems to
 * be absent instead. Who does not want us in a group, having been dialled for that, has said nothing of
 * us as a contact.
 */
void
kith_peer_take_refusal (KithPeer *self, KithSession *session, const GError *error)
{
  gboolean for_groups = kith_session_is_dialer (session)
                        && kith_session_get_purpose (session) == KITH_PURPOSE_GROUP;

  if (!g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_CONTACT) || for_groups)
    return;

  self->not_wanted = TRUE;
  if (self->row->relation == KITH_RELATION_REQUESTED)
    {
      kith_peer_set_relation (self, KITH_RELATION_DECLINED);
      kith_peer_commit (self);
      kith_messenger_fail_waiting (self, KITH_FAILURE_DECLINED);
    }
  else if (kith_peer_is_mutual (self))
    kith_messenger_fail_waiting (self, KITH_FAILURE_REFUSED);
}

/**
 * kith_peer_detach: (skip)
 * @self: a peer with a session that has ended
 * @error: why
 */
void
kith_peer_detach (KithPeer *self, const GError *error)
{
  gboolean was_seen = kith_contact_get_presence (self->contact) == KITH_PRESENCE_ONLINE;
  G_GNUC_UNUSED g_autoptr (KithPeer) keep = kith_peer_ref (self);
  g_autoptr (KithSession) session = kith_session_ref (self->session);

  kith_messenger_blame (self, error);
  kith_peer_session_over (self);
  g_clear_pointer (&self->session, kith_session_unref);
  self->group_only = FALSE;
  kith_peer_take_refusal (self, session, error);
  kith_peer_update_presence (self);
  if (was_seen)
    kith_peer_commit (self); /* until when */
  kith_node_peer_changed (self);
  kith_node_join_failed (self, error);
  kith_directory_session_lost (self, error);
}

/**
 * kith_node_end_group_session: (skip)
 * @peer: a peer of whom we want more than a group from now on
 *
 * Ends a session that is for groups and nothing else: the next one is for more.
 */
void
kith_node_end_group_session (KithPeer *peer)
{
  g_autoptr (GError) error = NULL;

  if (peer->session == NULL || !peer->group_only)
    return;

  error = g_error_new_literal (KITH_ERROR, KITH_ERROR_CLOSED, "Another session takes its place");
  kith_session_close (peer->session, KITH_BYE_SHUTDOWN);
  kith_peer_detach (peer, error);
}

/**
 * kith_peer_close_sessions: (skip)
 * @self: a peer who is blocked or removed
 * @reason: what to tell them
 *
 * Ends every session with them, also those that are not theirs yet, or no more.
 */
void
kith_peer_close_sessions (KithPeer *self, KithByeReason reason)
{
  if (self->node->sessions != NULL)
    kith_session_table_close_identity (self->node->sessions, self->row->identity, reason);
}
