/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locking forgets every key at once, whoever still holds on to the node: a search that is under way, a dialog,
 * a mistake. They are overwritten where they are; nobody stores or sends them any more. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-group-host-private.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-private.h"

static void
forget (KithSecret *secret)
{
  if (secret != NULL)
    kith_secret_forget (secret);
}

static void
forget_peer (KithPeer *peer)
{
  forget (peer->row->pair_root);
  forget (peer->row->old_pair_root);
  forget (peer->meeting_root);
  forget (peer->old_meeting_root);
  kith_secret_wipe (peer->pair_mine, sizeof peer->pair_mine);
  kith_secret_wipe (peer->pair_theirs, sizeof peer->pair_theirs);
}

/* @root: (array fixed-size): of KITH_INVITE_ROOT_BYTES */
static void
forget_invite (KithStoreInvite *row, guint8 *root)
{
  kith_secret_wipe (root, KITH_INVITE_ROOT_BYTES);
  forget (row->reply_key);
  if (row->link != NULL)
    kith_secret_wipe (row->link, strlen (row->link));
}

static void
forget_invites (KithNode *self)
{
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < self->invites->len; i++)
    {
      KithOwnInvite *invite = g_ptr_array_index (self->invites, i);

      forget_invite (invite->row, invite->root);
    }

  g_hash_table_iter_init (&iter, self->joins);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    forget_invite (((KithJoin *) value)->row, ((KithJoin *) value)->root);

  g_hash_table_iter_init (&iter, self->group_links->followed);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    forget_invite (((KithFollowedLink *) value)->row, ((KithFollowedLink *) value)->root);
}

static void
forget_group (KithGroupHost *host)
{
  forget (host->row->author_seed);
  forget (host->row->next_seed);
  forget (host->secret);
  if (host->replica != NULL)
    kith_group_replica_forget_secrets (host->replica);
}

static void
forget_links (KithLinkGroup *group)
{
  GHashTableIter iter;
  gpointer value;

  forget (group->author_seed);
  forget (group->secret);
  forget (group->former);
  g_hash_table_iter_init (&iter, group->members);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KithLinkMember *member = value;

      kith_secret_wipe (member->knock_keys, sizeof member->knock_keys);
    }
}

/**
 * kith_node_forget_secrets: (skip)
 * @self: a node that is shut down: all is stored, and its store was taken from it
 *
 * From now on it can only be let go of.
 */
void
kith_node_forget_secrets (KithNode *self)
{
  GHashTableIter iter;
  gpointer value;

  if (self->profile_row != NULL)
    {
      forget (self->profile_row->identity_seed);
      forget (self->profile_row->device_key);
    }
  if (self->local != NULL)
    kith_local_forget_secrets (self->local);

  g_hash_table_iter_init (&iter, self->peers);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    forget_peer (value);
  g_hash_table_iter_init (&iter, self->group_hosts);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    forget_group (value);
  for (guint i = 0; i < self->group_links->groups->len; i++)
    forget_links (g_ptr_array_index (self->group_links->groups, i));

  forget_invites (self);
  g_hash_table_remove_all (self->settings); /* a proxy's password */
}
