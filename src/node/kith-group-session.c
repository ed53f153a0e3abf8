/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which groups are linked on a session. Protocol 4.1b, 10.4.
 *
 * Both sides say with GROUP_SHARED of which groups they take the other for a member, and say it anew when
 * that changes: where both agree there is a link. Who is added or removed is known to one before the other,
 * so what comes for a group that is not linked is skipped and ends nothing. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-source.h"
#include "node/kith-group-session-private.h"
#include "node/kith-transfers.h"

/**
 * kith_group_session_free: (skip)
 * @self: (transfer full) (nullable): what is known of a session
 */
void
kith_group_session_free (KithGroupSession *self)
{
  if (self == NULL)
    return;

  kith_source_clear (&self->later);
  g_array_unref (self->spots);
  g_free (self);
}

/* (skip) */
KithGroupSpot *
kith_group_session_get_spot (KithGroupSession *self, guint i)
{
  return &g_array_index (self->spots, KithGroupSpot, i);
}

/* (skip) (nullable): what is known of @gid on a session; @self may be %NULL */
KithGroupSpot *
kith_group_session_find_spot (KithGroupSession *self, const guint8 *gid)
{
  for (guint i = 0; self != NULL && i < self->spots->len; i++)
    if (memcmp (kith_group_session_get_spot (self, i)->gid, gid, KITH_GROUP_ID_BYTES) == 0)
      return kith_group_session_get_spot (self, i);

  return NULL;
}

static gboolean
is_named (const KithGroupName *names, guint n, const KithGroupName *name)
{
  gboolean found = FALSE;

  for (guint i = 0; i < n; i++)
    found |= kith_secret_equal_memory (names[i].bytes, name->bytes, sizeof name->bytes);

  return found;
}

/* --- OPEN ----------------------------------------------------------------------------------- */

/* Returns: the names of the groups of which we take @identity for a member */
static guint
list_shared (KithNode *node, KithSession *session, const guint8 *identity,
             KithGroupName names[KITH_LIMIT_GROUPS_SHARED])
{
  GPtrArray *groups = node->group_links->groups;
  guint n = 0;

  for (guint i = 0; i < groups->len && n < KITH_LIMIT_GROUPS_SHARED; i++)
    {
      const KithLinkGroup *group = g_ptr_array_index (groups, i);

      if (kith_group_links_find_member (group, identity) != NULL)
        kith_session_get_group_name (session, group->gid, &names[n++]);
    }

  return n;
}

/**
 * kith_group_session_fill_open: (skip)
 * @node: a node
 * @session: a session that we dialled
 * @open: (inout): what we say on it: for the sake of groups, and of which
 */
void
kith_group_session_fill_open (KithNode *node, KithSession *session, KithBodyOpen *open)
{
  open->purpose = KITH_PURPOSE_GROUP;
  open->n_groups = list_shared (node, session, kith_session_get_identity (session), open->groups);
}

/**
 * kith_group_session_admits: (skip)
 * @node: a node
 * @session: a session on which somebody comes for the sake of groups
 * @open: what they say
 *
 * Returns: whether they name a group of ours and are, as far as we know, in it
 */
gboolean
kith_group_session_admits (KithNode *node, KithSession *session, const KithBodyOpen *open)
{
  KithGroupName names[KITH_LIMIT_GROUPS_SHARED];
  guint n = list_shared (node, session, kith_session_get_identity (session), names);
  gboolean admits = FALSE;

  for (guint i = 0; i < n; i++)
    admits |= is_named (open->groups, open->n_groups, &names[i]);

  return admits;
}

/* --- Links ---------------------------------------------------------------------------------- */

static gboolean
should_link (KithPeer *peer, const KithGroupSpot *spot)
{
  const KithLinkGroup *group = kith_group_links_find (peer->node, spot->gid);

  return group != NULL && !peer->row->blocked
         && kith_group_links_find_member (group, peer->row->identity) != NULL
         && is_named (peer->groups->theirs, peer->groups->n_theirs, &spot->name);
}

static gboolean
later_cb (gpointer user_data)
{
  KithPeer *peer = user_data;

  kith_source_clear (&peer->groups->later);
  kith_group_session_refresh (peer);
  return G_SOURCE_REMOVE;
}

/* They take only so many changes. When many groups come one by one, as after the start, the last list is what
 * matters: the others are left out. */
static gboolean
may_say (KithPeer *peer)
{
  KithGroupSession *self = peer->groups;
  gint64 now_us = kith_env_monotonic_us (peer->node->env);
  gint64 passed_ms = (now_us - self->said_us) / 1000;
  guint wait_ms = kith_bucket_get_wait_ms (&self->sayings, now_us, KITH_LIMIT_GROUP_SHARED_SAID_BURST,
                                           KITH_LIMIT_GROUP_SHARED_REFILL_MS);

  if (self->later != NULL)
    return FALSE;

  if (self->said_us != 0 && passed_ms < KITH_LIMIT_GROUP_SHARED_GATHER_MS)
    wait_ms = MAX (wait_ms, KITH_LIMIT_GROUP_SHARED_GATHER_MS);
  if (wait_ms > 0)
    {
      kith_source_start (&self->later, wait_ms, later_cb, peer);
      return FALSE;
    }

  self->said_us = now_us;
  return kith_bucket_take (&self->sayings, now_us, KITH_LIMIT_GROUP_SHARED_SAID_BURST,
                           KITH_LIMIT_GROUP_SHARED_REFILL_MS);
}

/* Says of which groups we take them for a member, if that is not what we said last. */
static void
say_shared (KithPeer *peer)
{
  KithGroupSession *self = peer->groups;
  KithBodyOpen shared = { 0 };

  shared.n_groups = list_shared (peer->node, peer->session, peer->row->identity, shared.groups);
  if (shared.n_groups == self->n_said
      && memcmp (shared.groups, self->said, self->n_said * sizeof self->said[0]) == 0)
    return;
  if (!may_say (peer))
    return;

  if (!kith_session_send_bytes (peer->session, KITH_RECORD_GROUP_SHARED,
                                kith_body_group_shared_pack (&shared)))
    return;

  memcpy (self->said, shared.groups, sizeof self->said);
  self->n_said = shared.n_groups;
}

/* What we have not said, because there was no room, they do not know. */
static gboolean
is_said (KithGroupSession *self, const KithGroupSpot *spot)
{
  return is_named (self->said, self->n_said, &spot->name);
}

static void
add_spots (KithPeer *peer)
{
  GPtrArray *groups = peer->node->group_links->groups;

  for (guint i = 0; i < groups->len; i++)
    {
      const KithLinkGroup *group = g_ptr_array_index (groups, i);
      KithGroupSpot spot = { .linked = FALSE };

      if (kith_group_session_find_spot (peer->groups, group->gid) != NULL)
        continue;
      memcpy (spot.gid, group->gid, sizeof spot.gid);
      kith_session_get_group_name (peer->session, group->gid, &spot.name);
      g_array_append_val (peer->groups->spots, spot);
    }
}

/* @spot: a copy: the host may change everything from within. */
static void
tell_linked (KithPeer *peer, KithGroupSpot spot)
{
  KithGroupLinks *links = peer->node->group_links;
  KithLinkGroup *group = kith_group_links_find (peer->node, spot.gid);

  if (group != NULL)
    kith_group_whereabouts_linked (group, peer);
  kith_peer_update_presence (peer);
  if (links->events != NULL)
    links->events->linked (spot.gid, peer->row->identity, links->user_data);
  kith_group_files_linked (peer->node, spot.gid, peer);
}

static void
tell_unlinked (KithPeer *peer, KithGroupSpot spot)
{
  KithGroupLinks *links = peer->node->group_links;

  kith_peer_update_presence (peer);
  kith_group_files_unlinked (peer->node, spot.gid, peer);
  if (links->events != NULL)
    links->events->unlinked (spot.gid, peer->row->identity, links->user_data);
}

static void
tell_reachable (KithPeer *peer, KithGroupSpot spot)
{
  KithGroupLinks *links = peer->node->group_links;

  if (links->events != NULL)
    links->events->reachable (spot.gid, peer->row->identity, links->user_data);
}

/* Makes one change, if there is one to make. */
static gboolean
step (KithPeer *peer)
{
  KithGroupSession *self = peer->groups;

  for (guint i = 0; i < self->spots->len; i++)
    {
      KithGroupSpot *spot = kith_group_session_get_spot (self, i);
      gboolean link = should_link (peer, spot) && is_said (self, spot);

      if (spot->linked && !link)
        {
          spot->linked = FALSE;
          tell_unlinked (peer, *spot);
          return TRUE;
        }
      if (kith_group_links_find (peer->node, spot->gid) == NULL)
        {
          g_array_remove_index_fast (self->spots, i);
          return TRUE;
        }
      if (!spot->linked && link)
        {
          spot->linked = TRUE;
          tell_linked (peer, *spot);
          return TRUE;
        }
      if (!spot->linked && !spot->told && is_said (self, spot))
        {
          spot->told = TRUE;
          tell_reachable (peer, *spot);
          return TRUE;
        }
    }

  return FALSE;
}

/**
 * kith_group_session_refresh: (skip)
 * @peer: a peer
 *
 * Groups, members, or what either side says of them may have changed: links follow.
 */
void
kith_group_session_refresh (KithPeer *peer)
{
  g_autoptr (KithPeer) keep = kith_peer_ref (peer);
  KithGroupSession *self = peer->groups;

  while (self != NULL && keep->groups == self)
    {
      add_spots (keep);
      say_shared (keep);
      if (!step (keep))
        return;
    }
}

/**
 * kith_group_session_opened: (skip)
 * @peer: a peer with a new session, open or pending
 */
void
kith_group_session_opened (KithPeer *peer)
{
  kith_group_session_lost (peer);
  peer->groups = g_new0 (KithGroupSession, 1);
  peer->groups->spots = g_array_new (FALSE, FALSE, sizeof (KithGroupSpot));
  kith_group_session_refresh (peer);
}

/**
 * kith_group_session_lost: (skip)
 * @peer: a peer whose session has ended, or is about to be replaced
 */
void
kith_group_session_lost (KithPeer *peer)
{
  KithGroupSession *self = g_steal_pointer (&peer->groups);

  for (guint i = 0; self != NULL && i < self->spots->len; i++)
    if (kith_group_session_get_spot (self, i)->linked)
      tell_unlinked (peer, *kith_group_session_get_spot (self, i));

  kith_group_session_free (self);
}

/**
 * kith_group_session_has_links: (skip)
 * @peer: a peer
 *
 * Returns: whether we are linked with them in any group
 */
gboolean
kith_group_session_has_links (KithPeer *peer)
{
  for (guint i = 0; peer->groups != NULL && i < peer->groups->spots->len; i++)
    if (kith_group_session_get_spot (peer->groups, i)->linked)
      return TRUE;

  return FALSE;
}

gboolean
kith_group_links_is_linked (KithNode *node, const guint8 *gid, const guint8 *identity)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);
  const KithGroupSpot *spot = peer != NULL ? kith_group_session_find_spot (peer->groups, gid) : NULL;

  return spot != NULL && spot->linked;
}

/**
 * kith_group_session_mark_joiner: (skip)
 * @peer: a peer with a session
 * @gid: a group of ours
 * @link: the id of a link of ours to it, of which they have shown the proof
 */
void
kith_group_session_mark_joiner (KithPeer *peer, const guint8 *gid, const guint8 *link)
{
  if (peer->groups == NULL)
    return;

  peer->groups->is_joiner = TRUE;
  memcpy (peer->groups->joins, gid, sizeof peer->groups->joins);
  memcpy (peer->groups->link, link, sizeof peer->groups->link);
}

/**
 * kith_group_session_get_joined: (skip)
 * @peer: a peer
 *
 * Returns: (transfer none) (nullable): the group that they may ask to join on this session
 */
const guint8 *
kith_group_session_get_joined (KithPeer *peer)
{
  return peer->groups != NULL && peer->groups->is_joiner ? peer->groups->joins : NULL;
}

/**
 * kith_group_session_get_link: (skip)
 * @peer: a peer
 *
 * Returns: (transfer none) (nullable): the id of the link that they came with
 */
const guint8 *
kith_group_session_get_link (KithPeer *peer)
{
  return peer->groups != NULL && peer->groups->is_joiner ? peer->groups->link : NULL;
}
