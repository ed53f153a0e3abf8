/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the node knows, and in which order their conversations stand. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-directory.h"
#include "node/kith-messenger.h"
#include "node/kith-namesakes.h"
#include "node/kith-networking.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-private.h"
#include "node/kith-node-profile.h"
#include "node/kith-peer-session.h"
#include "node/kith-reach-private.h"
#include "node/kith-transfers.h"

/* --- Peers ---------------------------------------------------------------------------------- */

KithPeer *
kith_node_lookup_peer (KithNode *self, const guint8 *identity)
{
  return g_hash_table_lookup (self->peers, identity);
}

KithPeer *
kith_node_known_peer (KithNode *self, const guint8 *identity)
{
  KithPeer *peer = kith_node_lookup_peer (self, identity);

  return peer != NULL && peer->row->relation != KITH_RELATION_REMOVED
             && peer->row->relation != KITH_RELATION_MEMBER ? peer : NULL;
}

gboolean
kith_node_is_mere_block (KithPeer *peer)
{
  return peer->row->relation == KITH_RELATION_REMOVED
         && kith_conversation_get_last_message (peer->conversation) == NULL;
}

/* Brings the lists of the faces in step with what somebody is to us: a mere co-member is in none, and with whoever
 * is only blocked there is no conversation. */
void
kith_node_list_peer (KithNode *self, KithPeer *peer)
{
  gboolean has_conversation = !peer->row->blocked || !kith_node_is_mere_block (peer);

  if (peer->row->relation == KITH_RELATION_MEMBER || peer->removed)
    return;

  if (!g_list_store_find (self->contacts, peer->contact, NULL))
    {
      g_list_store_append (self->contacts, peer->contact);
      if (has_conversation)
        g_list_store_insert (self->conversations, 0, peer->conversation);
    }
  else if (has_conversation && !g_list_store_find (self->conversations, peer->conversation, NULL))
    {
      g_list_store_append (self->conversations, peer->conversation);
      kith_node_raise_conversation (self, peer->conversation);
    }
}

/* Who adds somebody whom they had blocked and removed lets them in by that. */
static void
lift_block (KithPeer *peer)
{
  peer->row->blocked = FALSE;
  kith_contact_set_blocked (peer->contact, FALSE);
}

/* (transfer none): somebody who was removed, and whose history is kept, or whom we know from a group,
 * becomes a contact. They may have forgotten us meanwhile and count from one. */
static KithPeer *
revive (KithPeer *peer, const KithStoreContact *row)
{
  kith_messenger_forget_numbers (peer);
  if (peer->row->relation == KITH_RELATION_REMOVED && row->relation != KITH_RELATION_MEMBER)
    lift_block (peer);
  peer->is_passer_by = FALSE;
  memcpy (peer->row->endpoints, row->endpoints, sizeof row->endpoints);
  peer->row->n_endpoints = row->n_endpoints;
  if (row->name != NULL)
    {
      G_GNUC_UNUSED g_autofree char *before = peer->row->name; /* it may be that one */

      peer->row->name = g_strdup (row->name);
      kith_contact_set_name (peer->contact, row->name);
    }
  kith_peer_update_address (peer);
  peer->row->relation = row->relation;
  kith_contact_set_relation (peer->contact, (KithRelation) row->relation);
  kith_node_list_peer (peer->node, peer);
  kith_namesakes_note (peer->node, peer->row->identity);
  return peer;
}

/* (transfer none) */
KithPeer *
kith_node_add_peer (KithNode *self, const KithStoreContact *row)
{
  KithPeer *peer = kith_node_lookup_peer (self, row->identity);

  if (peer != NULL)
    return revive (peer, row);

  peer = kith_peer_new (self, row);

  g_hash_table_insert (self->peers, peer->row->identity, peer);
  kith_node_list_peer (self, peer);
  kith_namesakes_note (self, peer->row->identity);
  return peer;
}

void
kith_node_drop_peer (KithNode *self, KithPeer *peer)
{
  G_GNUC_UNUSED g_autoptr (KithPeer) keep = kith_peer_ref (peer);

  peer->removed = TRUE;
  peer->chat->removed = TRUE;
  kith_peer_session_over (peer);
  kith_transfers_chat_dropped (peer->chat);
  kith_directory_forget (peer);
  kith_rendezvous_drop (peer);
  kith_node_join_settled (peer);
  kith_peer_entry_settled (peer);
  kith_list_store_drop (self->conversations, peer->conversation);
  kith_list_store_drop (self->contacts, peer->contact);
  g_hash_table_remove (self->peers, peer->row->identity);
  kith_node_forget_devices (self, peer->row->identity);
  kith_namesakes_note (self, peer->row->identity);
}

void
kith_node_fill_demoted (KithPeer *peer, KithStoreContact *row)
{
  *row = (KithStoreContact){ .relation = KITH_RELATION_MEMBER, .next_seq = 1 };
  memcpy (row->identity, peer->row->identity, sizeof row->identity);
  row->name = peer->row->name;
  row->added_ms = kith_node_now_ms (peer->node);
  if (peer->row->blocked)
    {
      row->blocked = TRUE;
      row->relation = KITH_RELATION_REMOVED;
    }
  else
    {
      memcpy (row->endpoints, peer->row->endpoints, sizeof row->endpoints);
      row->n_endpoints = peer->row->n_endpoints;
      row->last_seen_ms = peer->row->last_seen_ms;
    }
}

/* Somebody is no contact any more, and nothing of that is kept; but we are in a group with them, or they are blocked,
 * which only the user takes back. The object that stands for them stays the same. */
void
kith_node_demote_peer (KithNode *self, KithPeer *peer)
{
  g_autoptr (KithContact) contact = g_object_ref (peer->contact);
  KithStoreContact row;
  KithPeer *member;

  kith_node_fill_demoted (peer, &row);
  member = kith_peer_new_for (self, &row, contact);
  kith_node_drop_peer (self, peer);
  g_hash_table_insert (self->peers, member->row->identity, member);
  kith_node_list_peer (self, member);
  kith_namesakes_note (self, member->row->identity);
  kith_peer_update_presence (member);
  kith_peer_commit (member);
  kith_directory_try_soon (member);
}

/* Moves a conversation to its place after something happened in it: that is nearly always the
 * top, and nearly always it is there already. */
void
kith_node_raise_conversation (KithNode *self, KithConversation *conversation)
{
  gint64 activity_ms = kith_conversation_get_last_activity_ms (conversation);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->conversations));
  guint from;
  guint to = 0;

  if (!g_list_store_find (self->conversations, conversation, &from))
    return;

  for (; to < n; to++)
    {
      g_autoptr (KithConversation) other = g_list_model_get_item (G_LIST_MODEL (self->conversations), to);

      if (other == conversation || kith_conversation_get_last_activity_ms (other) <= activity_ms)
        break;
    }

  if (to >= from)
    return;

  g_object_ref (conversation);
  g_list_store_remove (self->conversations, from);
  g_list_store_insert (self->conversations, to, conversation);
  g_object_unref (conversation);
}

/* Commits that are under way hold on to their peers, and must not find the node through them. */
void
kith_node_remove_peers (KithNode *self)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithPeer *peer = value;

      peer->removed = TRUE;
      peer->chat->removed = TRUE;
      kith_rendezvous_drop (peer);
    }

  g_hash_table_remove_all (self->peers);
}
