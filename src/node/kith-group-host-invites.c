/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making a group, inviting to it and being invited. Protocol 10.8. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-group-host-private.h"
#include "node/kith-group-invites.h"
#include "node/kith-group-links.h"
#include "node/kith-impostor.h"
#include "node/kith-messenger.h"
#include "node/kith-node-private.h"
#include "store/kith-store-group-read.h"

/* --- Making one ----------------------------------------------------------------------------- */

static KithStoreGroup *
new_row (KithNode *node, const guint8 *gid, KithMembership membership, const char *name)
{
  KithStoreGroup *row = g_new0 (KithStoreGroup, 1);

  if (gid != NULL)
    memcpy (row->gid, gid, sizeof row->gid);
  row->membership = membership;
  row->created_ms = kith_node_now_ms (node);
  row->name = g_strdup (name != NULL ? name : "");
  row->topic = g_strdup ("");
  return row;
}

KithGroupHost *
kith_group_host_new_unknown (KithNode *node, const guint8 *gid)
{
  return kith_group_host_new (node, new_row (node, gid, KITH_MEMBERSHIP_ASKING, NULL));
}

KithGroupHost *
kith_groups_create (KithNode *node, const char *name, const KithGroupRules *rules)
{
  const KithGroupPolicy policy = { rules->history_days, rules->vanish_days, rules->max_members };
  KithStoreGroup *row = new_row (node, NULL, KITH_MEMBERSHIP_MEMBER, name);
  KithGroupSelf me = { kith_node_get_own_identity (node), NULL, kith_group_random, node };
  KithGroupReplica *replica;
  KithGroupHost *host;

  row->author_seed = kith_group_new_seed (node);
  me.author_seed = row->author_seed;
  replica = kith_group_replica_create (&me, name, &policy, kith_node_now_ms (node));
  memcpy (row->gid, kith_group_replica_get_gid (replica), sizeof row->gid);
  host = kith_group_host_new (node, row);
  kith_groups_add (node, host);
  kith_group_host_commit_row (host);
  kith_group_host_adopt (host, replica);
  kith_node_emit_group_changed (node, host->model, KITH_GROUP_CHANGE_ADDED);
  return host;
}

/* --- Inviting ------------------------------------------------------------------------------- */

typedef struct
{
  guint   n_left;
  GError *error; /* (owned) (nullable): the first */
} Inviting;

static void
inviting_free (Inviting *inviting)
{
  g_clear_error (&inviting->error);
  g_free (inviting);
}

static void
invited_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Inviting *inviting = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error) && inviting->error == NULL)
    inviting->error = g_steal_pointer (&error);
  if (--inviting->n_left > 0)
    return;

  if (inviting->error != NULL)
    g_task_return_error (task, g_steal_pointer (&inviting->error));
  else
    g_task_return_boolean (task, TRUE);
}

/* The oldest are forgotten: who comes with one of those waits for the admin's word. */
static void
add_token (KithGroupHost *self, const guint8 *identity, guint8 token[KITH_GROUP_TOKEN_BYTES])
{
  GByteArray *tokens = g_byte_array_new ();
  gsize len = 0;
  const guint8 *old = self->row->tokens != NULL ? g_bytes_get_data (self->row->tokens, &len) : NULL;
  gsize skip = len >= KITH_GROUP_OWN_TOKEN_BYTES * KITH_LIMIT_GROUP_TOKENS ? KITH_GROUP_OWN_TOKEN_BYTES : 0;

  kith_env_random_bytes (self->node->env, token, KITH_GROUP_TOKEN_BYTES);
  if (old != NULL)
    g_byte_array_append (tokens, old + skip, (guint) (len - skip));
  g_byte_array_append (tokens, token, KITH_GROUP_TOKEN_BYTES);
  g_byte_array_append (tokens, identity, KITH_IDENTITY_BYTES);
  g_clear_pointer (&self->row->tokens, g_bytes_unref);
  self->row->tokens = g_byte_array_free_to_bytes (tokens);
}

static void
invite_one (KithGroupHost *self, KithPeer *peer, GTask *task)
{
  KithMember *admin = kith_group_get_admin (self->model);
  KithGroupInvitation invitation = { .name = self->row->name,
                                     .n_members = kith_group_get_n_members (self->model) };

  memcpy (invitation.gid, self->row->gid, sizeof invitation.gid);
  invitation.has_admin = admin != NULL;
  if (admin != NULL)
    memcpy (invitation.admin, kith_member_get_identity (admin), sizeof invitation.admin);
  invitation.has_token = kith_group_is_admin (self->model);
  if (invitation.has_token)
    add_token (self, peer->row->identity, invitation.token);
  kith_messenger_invite (peer, kith_group_invitation_encode (&invitation),
                         g_task_new (self->node, NULL, invited_cb, g_object_ref (task)));
}

static gboolean
may_invite (KithGroupHost *self, KithPeer *peer)
{
  KithMember *member = kith_group_find_member (self->model, peer->row->identity);

  return kith_peer_is_mutual (peer) && !peer->row->blocked
         && (member == NULL || !kith_member_get_current (member));
}

void
kith_group_host_invite (KithGroupHost *self, KithContact *const *contacts, GTask *task)
{
  G_GNUC_UNUSED g_autoptr (GTask) owned = task;
  g_autoptr (GPtrArray) peers = g_ptr_array_new ();
  Inviting *inviting = g_new0 (Inviting, 1);

  g_task_set_task_data (task, inviting, (GDestroyNotify) inviting_free);
  for (guint i = 0; contacts != NULL && contacts[i] != NULL; i++)
    {
      KithPeer *peer = kith_node_lookup_peer (self->node, kith_contact_get_identity (contacts[i]));

      if (peer != NULL && may_invite (self, peer) && !g_ptr_array_find (peers, peer, NULL))
        g_ptr_array_add (peers, peer);
    }

  if (peers->len == 0)
    {
      /* A new group is on the disk then. */
      kith_node_answer_when_written (self->node, g_object_ref (task));
      return;
    }

  if (kith_group_get_n_members (self->model) + peers->len
      > kith_group_get_policy (self->model)->max_members)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_TOO_BIG,
                               "The group would get too many members");
      return;
    }

  inviting->n_left = peers->len;
  for (guint i = 0; i < peers->len; i++)
    invite_one (self, g_ptr_array_index (peers, i), task);
  kith_group_host_commit_row (self);
}

/* --- Being invited -------------------------------------------------------------------------- */

static guint
count_invitations (KithNode *node)
{
  GHashTableIter iter;
  gpointer value;
  guint n = 0;

  g_hash_table_iter_init (&iter, node->group_hosts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    n += ((KithGroupHost *) value)->row->membership == KITH_MEMBERSHIP_INVITED;

  return n;
}

/* Whether we can be asked: not if we are in it already, or have asked ourselves; nor while one that we have
 * left is being read. @n_coming: how many more invitations are being stored. */
static gboolean
is_open_to (KithNode *node, KithGroupHost *host, guint n_coming)
{
  if (host == NULL)
    return g_hash_table_size (node->group_hosts) + n_coming < KITH_LIMIT_GROUPS
           && count_invitations (node) + n_coming < KITH_LIMIT_GROUP_INVITATIONS;

  return host->replica == NULL && !kith_group_is_member (host->model)
         && host->row->membership != KITH_MEMBERSHIP_ASKING
         && !kith_group_host_is_being_read (host);
}

/* What was known of it stays; who invites is another now. */
static void
fill_invited (KithStoreGroup *row, const KithGroupInvitation *invitation, KithPeer *peer,
              const char *text)
{
  row->membership = KITH_MEMBERSHIP_INVITED;
  g_clear_pointer (&row->author_seed, kith_secret_unref);
  g_clear_pointer (&row->next_seed, kith_secret_unref);
  g_clear_pointer (&row->invitation, g_bytes_unref);
  row->invitation = g_bytes_new (text, strlen (text));
  row->has_inviter = TRUE;
  memcpy (row->inviter, peer->row->identity, sizeof row->inviter);
  row->has_admin = invitation->has_admin;
  memcpy (row->admin, invitation->admin, sizeof row->admin);
  if (*row->name == '\0' && invitation->name != NULL)
    {
      g_free (row->name);
      row->name = g_strdup (invitation->name);
    }
}

/* (transfer full) (nullable): what is to be stored of an invitation; NULL: it changes nothing */
static KithStoreGroup *
row_of_invitation (KithPeer *peer, const char *text, guint n_coming)
{
  g_auto (KithGroupInvitation) invitation = { .name = NULL };
  KithGroupHost *host;
  KithStoreGroup *row;

  if (!kith_group_invitation_decode (&invitation, text))
    return NULL;

  host = kith_node_lookup_group (peer->node, invitation.gid);
  if (host == NULL && !kith_impostor_may_be_group (peer->node, invitation.gid))
    return NULL;
  if (!is_open_to (peer->node, host, n_coming))
    return NULL;

  row = host != NULL ? kith_store_group_copy (host->row)
                     : new_row (peer->node, invitation.gid, KITH_MEMBERSHIP_INVITED, NULL);
  fill_invited (row, &invitation, peer, text);
  return row;
}

guint
kith_groups_store_invitation (KithPeer *peer, const KithStoreMessage *message, KithStoreBatch *batch)
{
  g_autoptr (KithStoreGroup) row =
    row_of_invitation (peer, message->text, peer->node->n_invitations_coming);
  KithStoreGroupAct *act;

  if (row == NULL)
    return kith_store_batch_put_setting (batch, "group-invitation", NULL); /* nothing */

  act = kith_store_group_act_new (KITH_STORE_GROUP_PUT, row->gid);
  act->group = g_steal_pointer (&row);
  return kith_store_batch_group (batch, act);
}

void
kith_groups_show_invitation (KithPeer *peer, const KithStoreMessage *message)
{
  KithNode *node = peer->node;
  KithStoreGroup *row = row_of_invitation (peer, message->text, 0);
  KithGroupHost *host = row != NULL ? kith_node_lookup_group (node, row->gid) : NULL;

  if (row == NULL)
    return;

  if (host == NULL)
    {
      kith_impostor_make_way (node, row->gid);
      host = kith_group_host_new (node, row);
      kith_groups_add (node, host);
      kith_node_emit_group_changed (node, host->model, KITH_GROUP_CHANGE_ADDED);
      return;
    }

  kith_store_group_free (host->row);
  host->row = row;
  kith_group_set_inviter (host->model, peer->contact);
  kith_group_set_state (host->model, KITH_MEMBERSHIP_INVITED);
  kith_conversation_set_last_activity_ms (host->chat->conversation, kith_node_now_ms (node));
  kith_node_raise_conversation (node, host->chat->conversation);
  kith_node_emit_group_changed (node, host->model, KITH_GROUP_CHANGE_STATE);
}

/* --- Deleting ------------------------------------------------------------------------------- */

/* While a group is being read its members are not known yet: the next time, then. */
static gboolean
knows_all_members (KithNode *node)
{
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, node->group_hosts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithGroupHost *host = value;

      if (host->row->author_seed != NULL && !host->ready)
        return FALSE;
    }

  return TRUE;
}

static void
strangers_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithNode) node = user_data;
  g_autoptr (GPtrArray) strangers =
    kith_store_load_strangers_finish (KITH_STORE (source), result, NULL);

  if (strangers == NULL || node->closing || !knows_all_members (node))
    return;

  kith_group_links_forget (node, (const guint8 *const *) strangers->pdata, strangers->len);
}

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *node = g_task_get_source_object (task);
  KithGroup *model = g_task_get_task_data (task);
  KithGroupHost *self = kith_node_lookup_group (node, kith_group_get_id_bytes (model));
  GError *error = NULL;

  if (!kith_store_commit_finish (KITH_STORE (source), result, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (self != NULL && !node->closing)
    {
      kith_groups_remove (self);
      kith_store_load_strangers_async (node->store, KITH_RELATION_MEMBER, strangers_cb,
                                       g_object_ref (node));
    }
  g_task_return_boolean (task, TRUE);
}

void
kith_group_host_delete (KithGroupHost *self, GTask *task)
{
  KithStoreBatch *batch = kith_store_batch_new ();

  kith_group_host_drop_replica (self);
  kith_group_invite_leave (self->node, self->row->gid);
  kith_group_host_forget_shows (self, batch);
  kith_store_batch_group (batch, kith_store_group_act_new (KITH_STORE_GROUP_DELETE, self->row->gid));
  g_task_set_task_data (task, g_object_ref (self->model), g_object_unref);
  kith_store_commit_async (self->node->store, batch, NULL, deleted_cb, task);
}
