/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The groups of a node, and the life of one of them. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-group-host-private.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "group/kith-group-table.h"
#include "node/kith-group-links.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers.h"

/* --- Making one ----------------------------------------------------------------------------- */

GHashTable *
kith_group_host_new_posting (void)
{
  return g_hash_table_new_full (kith_message_id_hash, kith_message_id_equal, g_free, g_object_unref);
}

KithGroupHost *
kith_group_host_new (KithNode *node, KithStoreGroup *row)
{
  KithGroupHost *self = g_new0 (KithGroupHost, 1);
  g_autoptr (KithConversation) conversation = NULL;

  g_ref_count_init (&self->ref_count);
  self->node = node;
  self->row = row;
  memcpy (self->gid, row->gid, sizeof self->gid);
  self->model = kith_group_new (row->gid);
  conversation = kith_conversation_new_for_group (self->model);
  self->chat = kith_chat_new (node, conversation);
  self->chat->group = self;
  self->links =
    g_hash_table_new_full (kith_identity_hash, kith_identity_equal, NULL, kith_group_host_link_free);
  self->links_by_number = g_hash_table_new (NULL, NULL);
  self->known = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, g_free, g_free);
  self->posting = kith_group_host_new_posting ();
  self->files = g_hash_table_new_full (kith_message_id_hash, kith_message_id_equal, g_free,
                                       (GDestroyNotify) kith_parcel_unref);
  self->brought = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, g_free, g_free);
  self->awaited = g_ptr_array_new_with_free_func (g_free);
  self->requests = g_hash_table_new_full (kith_identity_hash, kith_identity_equal, g_free,
                                          (GDestroyNotify) g_bytes_unref);
  self->settled = g_hash_table_new_full (kith_message_id_hash, kith_message_id_equal, g_free, g_free);
  self->showing = kith_group_table_new (g_free);
  g_queue_init (&self->waiting);
  g_queue_init (&self->pending);

  kith_group_set_name (self->model, row->name);
  kith_group_set_topic (self->model, row->topic);
  kith_group_set_picture (self->model, row->picture);
  kith_group_set_state (self->model, (KithMembership) row->membership);
  kith_group_set_mentions_only (self->model, row->mentions_only);
  kith_group_set_unread_mentions (self->model, row->n_mentions);
  kith_group_set_needs_key (self->model, row->restored);
  if (row->has_inviter)
    kith_group_set_inviter (self->model, kith_node_get_somebody (node, row->inviter));
  kith_conversation_set_last_activity_ms (self->chat->conversation, row->created_ms);
  return self;
}

KithGroupHost *
kith_group_host_ref (KithGroupHost *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

void
kith_group_host_unref (KithGroupHost *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  kith_group_host_end_waiting (self);
  kith_group_host_clear_pending (self);
  kith_source_clear (&self->tick);
  kith_source_clear (&self->receipts);
  g_clear_pointer (&self->replica, kith_group_replica_free);
  self->chat->group = NULL;
  self->chat->removed = TRUE;
  kith_chat_unref (self->chat);
  g_hash_table_unref (self->links_by_number);
  g_hash_table_unref (self->links);
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->posting);
  g_hash_table_unref (self->settled);
  g_hash_table_unref (self->showing);
  g_hash_table_unref (self->files);
  g_hash_table_unref (self->brought);
  g_ptr_array_unref (self->awaited);
  g_hash_table_unref (self->requests);
  g_clear_pointer (&self->secret, kith_secret_unref);
  g_object_unref (self->model);
  kith_store_group_free (self->row);
  g_free (self);
}

KithChat *
kith_group_host_get_chat (KithGroupHost *self)
{
  return self->chat;
}

gint64
kith_group_host_now_ms (KithGroupHost *self)
{
  return kith_node_now_ms (self->node);
}

void
kith_group_random (gpointer node, guint8 *out, gsize len)
{
  kith_env_random_bytes (((KithNode *) node)->env, out, len);
}

KithGroupSelf
kith_group_host_get_me (KithGroupHost *self)
{
  return (KithGroupSelf){ kith_node_get_own_identity (self->node), self->row->author_seed,
                          kith_group_random, self->node };
}

/* --- What is stored of it ------------------------------------------------------------------- */

void
kith_group_host_put_row (KithGroupHost *self, KithStoreBatch *batch)
{
  KithStoreGroupAct *act = kith_store_group_act_new (KITH_STORE_GROUP_PUT, self->row->gid);

  act->group = kith_store_group_copy (self->row);
  kith_store_batch_group (batch, act);
}

void
kith_group_host_commit_row (KithGroupHost *self)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  if (self->removed)
    return;

  kith_group_host_put_row (self, batch);
  kith_node_commit (self->node, batch);
}

void
kith_group_host_set_membership (KithGroupHost *self, KithMembership membership)
{
  if (self->row->membership == (guint) membership)
    return;

  self->row->membership = membership;
  kith_group_set_state (self->model, membership);
  kith_group_host_commit_row (self);
  if (membership == KITH_MEMBERSHIP_LEFT || membership == KITH_MEMBERSHIP_KICKED)
    kith_transfers_chat_left (self->chat);
  kith_node_emit_group_changed (self->node, self->model, KITH_GROUP_CHANGE_STATE);
}

/* --- The replica and its clock -------------------------------------------------------------- */

static gboolean
tick_cb (gpointer user_data)
{
  KithGroupHost *self = user_data;

  kith_source_clear (&self->tick);
  kith_group_host_turn (self);
  return G_SOURCE_REMOVE;
}

/* What the replica wants to be called for, at the latest. */
static void
arm (KithGroupHost *self, gint64 next_ms)
{
  gint64 wait_ms = next_ms - kith_group_host_now_ms (self);

  kith_source_clear (&self->tick);
  if (!self->node->closing && !self->removed)
    kith_source_start (&self->tick, (guint) CLAMP (wait_ms, 1, KITH_LIMIT_CLOCK_CHECK_MS), tick_cb,
                       self);
}

void
kith_group_host_turn (KithGroupHost *self)
{
  G_GNUC_UNUSED g_autoptr (KithGroupHost) keep = kith_group_host_ref (self);

  if (self->turning)
    {
      self->turn_again = TRUE;
      return;
    }

  self->turning = TRUE;
  do
    {
      gint64 next_ms;

      self->turn_again = FALSE;
      if (self->replica == NULL || !self->ready || self->removed)
        break;

      next_ms = kith_group_replica_tick (self->replica, kith_group_host_now_ms (self));
      kith_group_host_take_effects (self);
      if (self->replica != NULL)
        arm (self, next_ms);
    }
  while (self->turn_again);
  self->turning = FALSE;
}

void
kith_group_host_adopt (KithGroupHost *self, KithGroupReplica *replica)
{
  if (self->replica != NULL)
    kith_group_host_drop_replica (self);
  self->replica = replica;
  self->ready = TRUE;
  kith_group_links_put_group (self->node, self->row->gid, self->row->author_seed);
  kith_group_host_turn (self);
  if (self->replica != replica)
    return;

  kith_group_host_sync_members (self);
  kith_group_host_want_links (self);
  kith_group_host_seek (self);
}

static void
drop_known (KithGroupHost *self)
{
  g_hash_table_remove_all (self->links_by_number);
  g_hash_table_remove_all (self->links);
  g_hash_table_remove_all (self->known);
}

/* What waited for it is over. */
void
kith_group_host_drop_replica (KithGroupHost *self)
{
  gboolean was_there = self->replica != NULL;

  self->ready = FALSE;
  self->generation++;
  kith_source_clear (&self->tick);
  kith_source_clear (&self->receipts);
  drop_known (self);
  kith_group_host_clear_pending (self);
  g_clear_pointer (&self->replica, kith_group_replica_free);
  if (was_there)
    kith_group_links_drop_group (self->node, self->row->gid);
  kith_group_host_end_waiting (self);
}

/* --- All groups ----------------------------------------------------------------------------- */

KithGroupHost *
kith_node_lookup_group (KithNode *node, const guint8 *gid)
{
  return g_hash_table_lookup (node->group_hosts, gid);
}

KithContact *
kith_node_get_somebody (KithNode *node, const guint8 *identity)
{
  return kith_group_links_get_contact (node, identity);
}

void
kith_groups_add (KithNode *node, KithGroupHost *host)
{
  g_hash_table_insert (node->group_hosts, host->gid, host);
  g_list_store_append (node->groups, host->model);
  g_list_store_insert (node->conversations, 0, host->chat->conversation);
  kith_node_raise_conversation (node, host->chat->conversation);
}

void
kith_groups_remove (KithGroupHost *self)
{
  g_autoptr (KithGroupHost) keep = kith_group_host_ref (self);
  KithNode *node = self->node;

  kith_group_host_drop_replica (self);
  self->removed = TRUE;
  self->chat->removed = TRUE;
  kith_transfers_chat_dropped (self->chat);
  kith_list_store_drop (node->conversations, self->chat->conversation);
  kith_list_store_drop (node->groups, self->model);
  g_hash_table_remove (node->group_hosts, self->gid);
  kith_node_emit_group_changed (node, keep->model, KITH_GROUP_CHANGE_REMOVED);
}

GHashTable *
kith_groups_new_table (void)
{
  return g_hash_table_new_full (kith_identity_hash, kith_identity_equal, NULL,
                                (GDestroyNotify) kith_group_host_unref);
}

void
kith_groups_restore (KithNode *node, const KithStoreSnapshot *snapshot)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  guint n_invitations = 0; /* beyond what there is room for they are of a version that took all */
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < snapshot->groups->len; i++)
    {
      const KithStoreGroup *row = g_ptr_array_index (snapshot->groups, i);

      n_invitations += row->membership == KITH_MEMBERSHIP_INVITED;
      if (row->membership == KITH_MEMBERSHIP_INVITED && n_invitations > KITH_LIMIT_GROUP_INVITATIONS)
        {
          kith_store_batch_group (batch, kith_store_group_act_new (KITH_STORE_GROUP_DELETE, row->gid));
          continue;
        }
      kith_groups_add (node, kith_group_host_new (node, kith_store_group_copy (row)));
    }

  for (guint i = 0; i < snapshot->conversations->len; i++)
    {
      const KithStoreConversation *row = g_ptr_array_index (snapshot->conversations, i);
      KithGroupHost *host = kith_node_lookup_group (node, row->identity);

      if (host != NULL)
        kith_chat_restore (host->chat, row);
    }

  g_hash_table_iter_init (&iter, node->group_hosts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    kith_group_host_load (value);
  kith_node_commit (node, batch);
}

void
kith_groups_start (KithNode *node)
{
  kith_group_links_set_events (node, &kith_group_host_events, node);
}

/* The node goes: nothing is sent or committed any more. */
void
kith_groups_stop (KithNode *node)
{
  GHashTableIter iter;
  gpointer value;

  kith_group_links_set_events (node, NULL, NULL);
  g_hash_table_iter_init (&iter, node->group_hosts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupHost *host = value;

      kith_source_clear (&host->tick);
      kith_source_clear (&host->receipts);
      kith_group_host_end_links (host);
      kith_group_host_clear_pending (host);
      host->ready = FALSE;
      host->removed = TRUE;
      host->chat->removed = TRUE;
      kith_group_host_end_waiting (host);
    }
}

void
kith_groups_profile_changed (KithNode *node)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, node->group_hosts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithGroupHost *host = value;
      KithMember *me = kith_group_host_get_member (host, kith_node_get_own_identity (node));

      if (me != NULL)
        kith_member_set_own_name (me, kith_profile_get_name (node->profile));
    }
}
