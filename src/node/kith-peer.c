/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-peer.h"

#include "node/kith-group-links-private.h"
#include "node/kith-node-private.h"
#include "node/kith-parcel.h"
#include "node/kith-verification.h"
#include "proto/kith-identity.h"

static void
peer_clear (gpointer data)
{
  KithPeer *self = data;

  kith_timer_clear (&self->ack_timer);
  kith_timer_clear (&self->typing_timer);
  kith_timer_clear (&self->dial_timer);
  g_clear_object (&self->dial);
  g_clear_pointer (&self->verification, kith_verification_free);
  g_clear_pointer (&self->serving, kith_serving_free);
  kith_group_session_free (self->groups);
  g_clear_pointer (&self->session, kith_session_unref);
  kith_message_queue_clear (&self->queued);
  kith_message_queue_clear (&self->sent);
  kith_awaited_queue_clear (&self->unread);
  g_array_unref (self->arrived);
  kith_gaps_free (self->gaps);
  g_clear_object (&self->receiving);
  kith_secret_wipe (self->pair_mine, sizeof self->pair_mine);
  kith_secret_wipe (self->pair_theirs, sizeof self->pair_theirs);
  self->chat->peer = NULL;
  self->chat->removed = TRUE;
  g_clear_pointer (&self->chat, kith_chat_unref);
  g_clear_object (&self->conversation);
  g_clear_object (&self->contact);
  g_clear_pointer (&self->meeting_root, kith_secret_unref);
  g_clear_pointer (&self->old_meeting_root, kith_secret_unref);
  kith_store_contact_free (self->row);
}

/**
 * kith_peer_new: (skip)
 * @node: the node that owns the peer
 * @row: its stored row, which is copied
 *
 * Makes a peer with its models, in step with @row. Main thread.
 *
 * Returns: (transfer full): a peer
 */
KithPeer *
kith_peer_new (KithNode *node, const KithStoreContact *row)
{
  g_autofree char *id = kith_id_string_encode (row->identity);
  g_autoptr (KithContact) contact = kith_contact_new (row->identity, id);

  return kith_peer_new_for (node, row, contact);
}

/**
 * kith_peer_new_for: (skip)
 * @node: the node that owns the peer
 * @row: its stored row, which is copied
 * @contact: (transfer none): the object that stands for them already
 *
 * Returns: (transfer full): a peer, as of kith_peer_new()
 */
KithPeer *
kith_peer_new_for (KithNode *node, const KithStoreContact *row, KithContact *contact)
{
  KithPeer *self = g_rc_box_new0 (KithPeer);

  self->node = node;
  self->row = kith_store_contact_copy (row);
  self->contact = g_object_ref (contact);
  self->conversation = kith_conversation_new (self->contact);
  self->chat = kith_chat_new (node, self->conversation);
  self->chat->peer = self;
  self->arrived = g_array_new (FALSE, FALSE, sizeof (KithMessageId));
  self->receiving = g_cancellable_new ();
  self->gaps = kith_gaps_new ();

  kith_contact_set_relation (self->contact, (KithRelation) row->relation);
  kith_contact_set_name (self->contact, row->name);
  kith_contact_set_alias (self->contact, row->alias);
  kith_contact_set_verified (self->contact, (KithVerified) row->verified, row->verified_ms);
  kith_contact_set_blocked (self->contact, row->blocked);
  kith_contact_set_favourite (self->contact, row->favourite);
  kith_contact_set_note (self->contact, row->note);
  kith_contact_set_last_seen_ms (self->contact, row->last_seen_ms);
  kith_conversation_set_last_activity_ms (self->conversation, row->added_ms);
  kith_peer_update_address (self);
  return self;
}

/**
 * kith_peer_ref: (skip)
 * @self: a peer
 *
 * Returns: (transfer full): @self
 */
KithPeer *
kith_peer_ref (KithPeer *self)
{
  return g_rc_box_acquire (self);
}

/**
 * kith_peer_unref: (skip)
 * @self: (transfer full): a peer
 */
void
kith_peer_unref (KithPeer *self)
{
  g_rc_box_release_full (self, peer_clear);
}

/**
 * kith_peer_is_mutual: (skip)
 * @self: a peer
 *
 * Returns: whether both sides accepted
 */
gboolean
kith_peer_is_mutual (KithPeer *self)
{
  return self->row->relation == KITH_RELATION_MUTUAL;
}

/**
 * kith_peer_is_dialable: (skip)
 * @self: a peer
 *
 * Returns: whether it makes sense to look for them
 */
gboolean
kith_peer_is_dialable (KithPeer *self)
{
  return !self->removed && !self->row->blocked
         && (self->row->relation == KITH_RELATION_MUTUAL
             || self->row->relation == KITH_RELATION_REQUESTED
             || kith_co_member_is_wanted (self->node, self->row->identity));
}

/**
 * kith_peer_is_online: (skip)
 * @self: a peer
 *
 * Returns: whether chat can flow now
 */
gboolean
kith_peer_is_online (KithPeer *self)
{
  return self->session != NULL && kith_session_is_open (self->session) && kith_peer_is_mutual (self)
         && !self->group_only;
}

/**
 * kith_peer_takes_files: (skip)
 * @self: a peer
 *
 * Returns: whether pieces of files can flow now, of chats or of groups
 */
gboolean
kith_peer_takes_files (KithPeer *self)
{
  return kith_peer_is_online (self)
         || (self->session != NULL && kith_session_is_open (self->session)
             && !kith_session_is_pending (self->session) && kith_group_session_has_links (self));
}

/**
 * kith_peer_is_here: (skip)
 * @self: a peer
 *
 * Returns: whether they are there for us: to chat with if they are a contact, else in a group
 */
gboolean
kith_peer_is_here (KithPeer *self)
{
  if (kith_peer_is_mutual (self))
    return kith_peer_is_online (self);

  return self->session != NULL && kith_session_is_open (self->session)
         && (self->group_only || kith_group_session_has_links (self));
}

/**
 * kith_peer_set_relation: (skip)
 * @self: a peer
 * @relation: what it is to us from now on
 *
 * Changes row, model and presence and tells the faces; the caller commits. Who was a mere co-member has
 * a place in the lists from now on.
 */
void
kith_peer_set_relation (KithPeer *self, KithRelation relation)
{
  if (self->row->relation == (guint) relation)
    return;

  self->row->relation = relation;
  kith_contact_set_relation (self->contact, relation);
  kith_node_list_peer (self->node, self);
  kith_peer_update_presence (self);
  if (relation != KITH_RELATION_REQUESTED && relation != KITH_RELATION_MEMBER)
    kith_node_emit_contact_changed (self->node, self->contact,
                                    relation == KITH_RELATION_MUTUAL ? KITH_CONTACT_CHANGE_ACCEPTED
                                                                     : KITH_CONTACT_CHANGE_DECLINED);
}

/**
 * kith_peer_update_presence: (skip)
 * @self: a peer
 *
 * Brings what the faces show in step with session and dial. Who wants to be shown as absent is, and
 * was not seen either.
 */
void
kith_peer_update_presence (KithPeer *self)
{
  KithPresence before = kith_contact_get_presence (self->contact);
  KithPresence presence = KITH_PRESENCE_OFFLINE;

  if (kith_peer_is_here (self))
    presence = self->hidden ? KITH_PRESENCE_OFFLINE : KITH_PRESENCE_ONLINE;
  else if (self->dial != NULL)
    presence = KITH_PRESENCE_CONNECTING;

  if (presence == before)
    return;

  if (before == KITH_PRESENCE_ONLINE || presence == KITH_PRESENCE_ONLINE)
    {
      self->row->last_seen_ms = kith_node_now_ms (self->node);
      kith_contact_set_last_seen_ms (self->contact, self->row->last_seen_ms);
    }

  kith_contact_set_presence (self->contact, presence);
  kith_node_emit_contact_changed (self->node, self->contact, KITH_CONTACT_CHANGE_PRESENCE);
}

/**
 * kith_peer_update_address: (skip)
 * @self: a peer
 *
 * Shows the endpoint that is tried first.
 */
void
kith_peer_update_address (KithPeer *self)
{
  g_autofree char *text = NULL;

  if (self->row->n_endpoints > 0)
    text = kith_endpoint_dup_text (&self->row->endpoints[0]);
  kith_contact_set_address (self->contact, text);
}

/**
 * kith_peer_is_passer_by: (skip)
 * @self: a peer
 *
 * Returns: whether they came with a link to a group and are nothing else to us: nothing of them is kept
 */
gboolean
kith_peer_is_passer_by (KithPeer *self)
{
  return self->is_passer_by && self->row->relation == KITH_RELATION_MEMBER;
}

/**
 * kith_peer_commit: (skip)
 * @self: a peer
 *
 * Stores its row, unless they are a mere passer-by, and lets those know who depend on it.
 */
void
kith_peer_commit (KithPeer *self)
{
  g_autoptr (KithStoreBatch) batch = NULL;

  if (self->removed)
    return;

  batch = kith_store_batch_new ();
  if (!kith_peer_is_passer_by (self))
    kith_store_batch_put_contact (batch, self->row);
  kith_node_commit (self->node, batch);
  kith_node_peer_changed (self);
}
