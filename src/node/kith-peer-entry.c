/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With what we ask a contact to let us in, and what lets in those who use an invite. Protocol 3.2,
 * 3.3, 4.1a.
 *
 * A contact with a pair root is dialled with its knock; one whom an invite brought us together
 * with, with the knock of that; one whom we asked with a passphrase, with that until there is a
 * root. When that is met with silence, the next turn tries the next of them, and the last is an
 * open dial.
 */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-node-history.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-knock.h"
#include "node/kith-reach-private.h"
#include "node/kith-settings.h"
#include "proto/kith-join-passphrase.h"

#define MAX_GROUP_ENTRIES 3
#define MAX_ENTRIES (5 + MAX_GROUP_ENTRIES)

/* --- Passphrases of others ------------------------------------------------------------------ */

static char *
setting_of (KithPeer *peer)
{
  return g_strconcat (KITH_SETTING_PASSPHRASE_FOR, kith_contact_get_id (peer->contact), NULL);
}

/**
 * kith_peer_keep_passphrase: (skip)
 * @self: a peer whom we have asked
 * @passphrase: what they let us in with
 *
 * Kept until both are contacts and have a pair root.
 */
void
kith_peer_keep_passphrase (KithPeer *self, const char *passphrase)
{
  g_autofree char *key = setting_of (self);

  kith_node_set_setting (self->node, key, passphrase);
}

/**
 * kith_peer_entry_settled: (skip)
 * @self: a peer of which something has changed
 *
 * Forgets their passphrase when it has done its work, or is of no use any more.
 */
void
kith_peer_entry_settled (KithPeer *self)
{
  g_autofree char *key = NULL;

  if (kith_peer_is_dialable (self) && self->row->pair_root == NULL)
    return;

  key = setting_of (self);
  kith_node_set_setting (self->node, key, NULL);
}

static KithSecret *
dup_passphrase (KithPeer *peer)
{
  g_autofree char *key = setting_of (peer);
  const char *text = kith_node_get_setting (peer->node, key);

  return text != NULL ? kith_join_passphrase_new (text, NULL) : NULL;
}

/* --- Dialling ------------------------------------------------------------------------------- */

/* Who has used an invite may come again while it lasts. */
static gboolean
is_good (const KithOwnInvite *invite, gint64 now_ms)
{
  return (invite->row->state == KITH_INVITATION_LIVE || invite->row->state == KITH_INVITATION_USED)
         && invite->row->expires_ms > now_ms;
}

/* Returns: (nullable): the root of the invite that brought us together, theirs or ours */
static const guint8 *
find_invite_root (KithPeer *peer)
{
  KithNode *self = peer->node;
  gint64 now_ms = kith_node_now_ms (self);
  const KithJoin *join = g_hash_table_lookup (self->joins, peer->row->identity);

  if (join != NULL && join->has_invite && join->row->expires_ms > now_ms)
    return join->root;

  for (guint i = 0; i < self->invites->len; i++)
    {
      const KithOwnInvite *invite = g_ptr_array_index (self->invites, i);

      if (is_good (invite, now_ms) && invite->row->has_peer
          && memcmp (invite->row->peer, peer->row->identity, KITH_IDENTITY_BYTES) == 0)
        return invite->root;
    }

  return NULL;
}

/* With what members of a group know each other. */
static guint
list_group_entries (KithPeer *self, KithEntry entries[MAX_GROUP_ENTRIES])
{
  guint8 roots[MAX_GROUP_ENTRIES][KITH_KEY_BYTES];
  guint n = kith_co_member_list_roots (self->node, self->row->identity, roots, MAX_GROUP_ENTRIES);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (KithSecret) root = kith_secret_new_from (roots[i], sizeof roots[i]);

      kith_entry_init_contact (&entries[i], root, kith_local_get_identity (self->node->local),
                               self->row->identity);
      entries[i].kind = KITH_ENTRY_GROUP;
    }

  kith_secret_wipe (roots, sizeof roots);
  return n;
}

/* Returns: how many there are, the best first; each to be cleared */
static guint
list_entries (KithPeer *self, KithEntry entries[MAX_ENTRIES])
{
  g_autoptr (KithSecret) passphrase = dup_passphrase (self);
  const guint8 *invite_root = find_invite_root (self);
  const guint8 *link_root = kith_followed_links_get_root (self->node, self->row->identity);
  guint n = 0;

  if (self->row->pair_root != NULL)
    kith_entry_init_contact (&entries[n++], self->row->pair_root,
                             kith_local_get_identity (self->node->local), self->row->identity);
  n += list_group_entries (self, &entries[n]);
  if (link_root != NULL)
    kith_entry_init_invite (&entries[n++], link_root);
  if (invite_root != NULL)
    kith_entry_init_invite (&entries[n++], invite_root);
  if (passphrase != NULL)
    kith_entry_init_passphrase (&entries[n++], passphrase);
  entries[n++] = (KithEntry){ .kind = KITH_ENTRY_OPEN };
  return n;
}

/**
 * kith_peer_get_entry: (skip)
 * @self: a peer
 * @entry: (out caller-allocates): with what to dial in this turn; to be cleared
 */
void
kith_peer_get_entry (KithPeer *self, KithEntry *entry)
{
  KithEntry entries[MAX_ENTRIES];
  guint n = list_entries (self, entries);

  kith_entry_init_copy (entry, &entries[self->n_silent % n]);
  for (guint i = 0; i < n; i++)
    kith_entry_clear (&entries[i]);
}

/**
 * kith_peer_has_untried_entry: (skip)
 * @self: a peer
 *
 * Returns: whether silence is not the last word: there is something that was not tried yet
 */
gboolean
kith_peer_has_untried_entry (KithPeer *self)
{
  KithEntry entries[MAX_ENTRIES];
  guint n = list_entries (self, entries);

  for (guint i = 0; i < n; i++)
    kith_entry_clear (&entries[i]);
  return self->n_silent < n;
}

/* --- Being dialled -------------------------------------------------------------------------- */

/**
 * kith_node_match_invite: (skip)
 * @self: a node
 * @tag: the tag of a preamble; untrusted
 * @ephemeral: the ephemeral key of msg1; untrusted
 *
 * Returns: whether somebody knocks who has the link of an invite of ours, or whose invite we use
 */
gboolean
kith_node_match_invite (KithNode *self, const guint8 *tag, const guint8 *ephemeral)
{
  gint64 now_ms = kith_node_now_ms (self);
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; i < self->invites->len; i++)
    {
      const KithOwnInvite *invite = g_ptr_array_index (self->invites, i);

      if (invite->has_group && kith_group_links_find (self, invite->group) == NULL)
        continue;
      if (is_good (invite, now_ms) && kith_node_knock_matches (self, invite->root, 0, tag, ephemeral))
        return TRUE;
    }

  g_hash_table_iter_init (&iter, self->joins);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const KithJoin *join = value;

      if (join->has_invite && join->row->expires_ms > now_ms
          && kith_node_knock_matches (self, join->root, 0, tag, ephemeral))
        return TRUE;
    }

  return FALSE;
}
