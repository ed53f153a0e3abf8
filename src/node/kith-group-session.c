/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of groups flows on a session. Protocol 4.1b, 10.4.
 *
 * Both sides say with GROUP_SHARED of which groups they take the other for a member, and say it anew when
 * that changes: where both agree there is a link. Who is added or removed is known to one before the other,
 * so what comes for a group that is not linked is skipped and ends nothing. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-bucket.h"
#include "node/kith-group-invites-private.h"
#include "node/kith-group-links-private.h"
#include "node/kith-transfers.h"

/* A group of ours on this session. */
typedef struct
{
  guint8        gid[KITH_GROUP_ID_BYTES];
  KithGroupName name;
  gboolean      linked;
  gboolean      told; /* the host: that they can be reached */
  gboolean      full; /* something was not taken: `drained` is waited for */
  gboolean      owes_notes; /* what we had to say of members' addresses found no room */
  KithBucket    joins; /* their requests to join, and answers to ours */
  KithBucket    notes; /* their records of addresses */
} Spot;

struct _KithGroupSession
{
  GArray       *spots;  /* (owned) Spot */
  KithGroupName said[KITH_LIMIT_GROUPS_SHARED];
  guint         n_said;
  KithGroupName theirs[KITH_LIMIT_GROUPS_SHARED];
  guint         n_theirs;
  KithBucket    changes;   /* of theirs */
  gboolean      is_joiner; /* they have proved to have a link of ours ... */
  guint8        joins[KITH_GROUP_ID_BYTES]; /* ... to this group */
  guint8        link[KITH_INVITE_ID_BYTES];
};

static gboolean
is_outside_record (KithRecordType type)
{
  return type == KITH_RECORD_GROUP_JOIN || type == KITH_RECORD_GROUP_ANSWER;
}

/**
 * kith_group_session_free: (skip)
 * @self: (transfer full) (nullable): what is known of a session
 */
void
kith_group_session_free (KithGroupSession *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->spots);
  g_free (self);
}

static Spot *
spot_at (KithGroupSession *self, guint i)
{
  return &g_array_index (self->spots, Spot, i);
}

static Spot *
find_spot (KithGroupSession *self, const guint8 *gid)
{
  for (guint i = 0; self != NULL && i < self->spots->len; i++)
    if (memcmp (spot_at (self, i)->gid, gid, KITH_GROUP_ID_BYTES) == 0)
      return spot_at (self, i);

  return NULL;
}

static Spot *
find_spot_by_name (KithGroupSession *self, const guint8 *name)
{
  for (guint i = 0; i < self->spots->len; i++)
    if (memcmp (spot_at (self, i)->name.bytes, name, KITH_GROUP_BLIND_BYTES) == 0)
      return spot_at (self, i);

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
should_link (KithPeer *peer, const Spot *spot)
{
  const KithLinkGroup *group = kith_group_links_find (peer->node, spot->gid);

  return group != NULL && !peer->row->blocked
         && kith_group_links_find_member (group, peer->row->identity) != NULL
         && is_named (peer->groups->theirs, peer->groups->n_theirs, &spot->name);
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

  if (!kith_session_send_bytes (peer->session, KITH_RECORD_GROUP_SHARED,
                                kith_body_group_shared_pack (&shared)))
    return;

  memcpy (self->said, shared.groups, sizeof self->said);
  self->n_said = shared.n_groups;
}

/* What we have not said, because there was no room, they do not know. */
static gboolean
is_said (KithGroupSession *self, const Spot *spot)
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
      Spot spot = { .linked = FALSE };

      if (find_spot (peer->groups, group->gid) != NULL)
        continue;
      memcpy (spot.gid, group->gid, sizeof spot.gid);
      kith_session_get_group_name (peer->session, group->gid, &spot.name);
      g_array_append_val (peer->groups->spots, spot);
    }
}

/* @spot: a copy: the host may change everything from within. */
static void
tell_linked (KithPeer *peer, Spot spot)
{
  KithGroupLinks *links = peer->node->group_links;
  KithLinkGroup *group = kith_group_links_find (peer->node, spot.gid);

  if (group != NULL)
    kith_group_peers_linked (group, peer);
  kith_peer_update_presence (peer);
  if (links->events != NULL)
    links->events->linked (spot.gid, peer->row->identity, links->user_data);
  kith_group_files_linked (peer->node, spot.gid, peer);
}

static void
tell_unlinked (KithPeer *peer, Spot spot)
{
  KithGroupLinks *links = peer->node->group_links;

  kith_peer_update_presence (peer);
  kith_group_files_unlinked (peer->node, spot.gid, peer);
  if (links->events != NULL)
    links->events->unlinked (spot.gid, peer->row->identity, links->user_data);
}

static void
tell_reachable (KithPeer *peer, Spot spot)
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
      Spot *spot = spot_at (self, i);
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
  peer->groups->spots = g_array_new (FALSE, FALSE, sizeof (Spot));
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
    if (spot_at (self, i)->linked)
      tell_unlinked (peer, *spot_at (self, i));

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
    if (spot_at (peer->groups, i)->linked)
      return TRUE;

  return FALSE;
}

gboolean
kith_group_links_is_linked (KithNode *node, const guint8 *gid, const guint8 *identity)
{
  KithPeer *peer = kith_node_lookup_peer (node, identity);
  const Spot *spot = peer != NULL ? find_spot (peer->groups, gid) : NULL;

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

/* --- Sending -------------------------------------------------------------------------------- */

/**
 * kith_group_session_send: (skip)
 * @peer: a peer
 * @gid: a group of ours
 * @type: a group record
 * @body: (array length=len): what stands behind the name of the group
 * @len: its length in bytes
 *
 * Returns: whether it was taken
 */
gboolean
kith_group_session_send (KithPeer *peer, const guint8 *gid, KithRecordType type, const guint8 *body,
                         gsize len)
{
  Spot *spot = find_spot (peer->groups, gid);
  GByteArray *bytes;

  if (spot == NULL || (!spot->linked && !is_outside_record (type)))
    return FALSE;

  spot->full = !kith_session_is_writable (peer->session);
  if (spot->full)
    return FALSE;

  bytes = g_byte_array_sized_new ((guint) (sizeof spot->name + len));
  g_byte_array_append (bytes, spot->name.bytes, sizeof spot->name.bytes);
  if (len > 0)
    g_byte_array_append (bytes, body, (guint) len);
  return kith_session_send_bytes (peer->session, type, bytes);
}

/**
 * kith_group_session_owe_notes: (skip)
 * @peer: a peer
 * @gid: a group of ours in which they were not told where members are, for lack of room
 */
void
kith_group_session_owe_notes (KithPeer *peer, const guint8 *gid)
{
  Spot *spot = find_spot (peer->groups, gid);

  if (spot != NULL)
    spot->owes_notes = TRUE;
}

static void
say_notes (KithPeer *peer, const Spot *spot)
{
  KithLinkGroup *group = kith_group_links_find (peer->node, spot->gid);

  if (group != NULL)
    kith_group_peers_linked (group, peer);
}

/**
 * kith_group_session_drained: (skip)
 * @peer: a peer whose session has room again
 */
void
kith_group_session_drained (KithPeer *peer)
{
  g_autoptr (KithPeer) keep = kith_peer_ref (peer);
  KithGroupLinks *links = peer->node->group_links;
  KithGroupSession *self = peer->groups;

  kith_group_session_refresh (keep);
  for (guint i = 0; self != NULL && keep->groups == self && i < self->spots->len
                    && kith_session_is_writable (keep->session); i++)
    {
      Spot spot = *spot_at (self, i);

      spot_at (self, i)->full = spot_at (self, i)->owes_notes = FALSE;
      if (spot.owes_notes && spot.linked)
        say_notes (keep, &spot);
      if (spot.full && spot.linked && links->events != NULL)
        links->events->drained (spot.gid, keep->row->identity, links->user_data);
    }
}

/* --- Receiving ------------------------------------------------------------------------------ */

/* Each change costs us a look at every group. */
static gboolean
may_change (KithPeer *peer)
{
  return kith_bucket_take (&peer->groups->changes, kith_env_monotonic_us (peer->node->env),
                           KITH_LIMIT_GROUP_SHARED_BURST, KITH_LIMIT_GROUP_SHARED_REFILL_MS);
}

static gboolean
receive_shared (KithPeer *peer, const guint8 *body, gsize len)
{
  g_auto (KithBodyOpen) shared = { 0 };

  if (!may_change (peer) || !kith_body_group_shared_unpack (&shared, body, len))
    return FALSE;

  memcpy (peer->groups->theirs, shared.groups, sizeof shared.groups);
  peer->groups->n_theirs = shared.n_groups;
  kith_group_session_refresh (peer);
  return TRUE;
}

static gboolean
is_contact (KithPeer *peer)
{
  return kith_peer_is_mutual (peer) && !peer->group_only;
}

static gboolean
is_member (KithPeer *peer)
{
  return kith_group_people_is_member (peer->node, peer->row->identity);
}

/* Whom we listen to when they ask to be let in: a member as we know it (they bring us in), a contact (we
 * have invited them), and who has a link. */
static gboolean
may_ask (KithPeer *peer, const Spot *spot)
{
  const KithLinkGroup *group = kith_group_links_find (peer->node, spot->gid);
  const guint8 *joined = kith_group_session_get_joined (peer);

  return (group != NULL && kith_group_links_find_member (group, peer->row->identity) != NULL)
         || is_contact (peer)
         || (joined != NULL && memcmp (joined, spot->gid, KITH_GROUP_ID_BYTES) == 0);
}

static gboolean
may_note (KithPeer *peer, Spot *spot)
{
  return kith_bucket_take (&spot->notes, kith_env_monotonic_us (peer->node->env),
                           KITH_LIMIT_GROUP_PEERS_BURST, KITH_LIMIT_GROUP_PEERS_REFILL_MS);
}

static gboolean
may_join (KithPeer *peer, Spot *spot)
{
  return kith_bucket_take (&spot->joins, kith_env_monotonic_us (peer->node->env),
                           KITH_LIMIT_GROUP_JOINS_BURST, KITH_LIMIT_GROUP_JOINS_REFILL_MS);
}

/* What they came with, if that is a link to the group of @spot. */
static KithInvitation *
get_live_link (KithPeer *peer, const Spot *spot)
{
  const guint8 *id = kith_group_session_get_link (peer);

  return id != NULL ? kith_group_invites_find_live (peer->node, spot->gid, id) : NULL;
}

/* Of people we know the session is there for more than that: what is too much is skipped. Who came with one
 * link, or is in another group with us, may show a second link with the request itself. */
static gboolean
receive_outside (KithPeer *peer, Spot *spot, KithRecordType type, const guint8 *body, gsize len)
{
  KithGroupLinks *links = peer->node->group_links;
  gboolean is_known = kith_peer_is_mutual (peer) || is_member (peer);
  gboolean may = may_ask (peer, spot);
  KithInvitation *link = may ? get_live_link (peer, spot) : NULL;
  guint8 gid[KITH_GROUP_ID_BYTES];

  /* Their link was taken back, or has expired meanwhile. */
  if (may && link == NULL && !is_known)
    return FALSE;
  if (!may && type != KITH_RECORD_GROUP_JOIN)
    return TRUE;
  if (!may_join (peer, spot))
    return is_known;
  if (!may)
    link = kith_group_invites_find_proven (peer, spot->gid, body, len);
  if (!may && link == NULL)
    return TRUE;

  memcpy (gid, spot->gid, sizeof gid);
  return links->events == NULL
         || links->events->outside (gid, peer->row->identity, link, type, body, len,
                                    links->user_data);
}

/**
 * kith_group_session_receive: (skip)
 * @peer: a peer
 * @type: the type of a group record that came on their session
 * @body: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: %FALSE when it breaks the protocol
 */
gboolean
kith_group_session_receive (KithPeer *peer, KithRecordType type, const guint8 *body, gsize len)
{
  KithGroupLinks *links = peer->node->group_links;
  gboolean only_joins = !kith_peer_is_mutual (peer) && !is_member (peer);
  KithLinkGroup *group;
  Spot *spot;

  if (peer->groups == NULL)
    return FALSE;
  if (type == KITH_RECORD_GROUP_SHARED)
    return receive_shared (peer, body, len);
  if (len < KITH_GROUP_BLIND_BYTES || (only_joins && !is_outside_record (type)))
    return FALSE;

  spot = find_spot_by_name (peer->groups, body);
  if (spot == NULL)
    return TRUE;

  body += KITH_GROUP_BLIND_BYTES;
  len -= KITH_GROUP_BLIND_BYTES;
  group = kith_group_links_find (peer->node, spot->gid);
  if (spot->linked && type == KITH_RECORD_GROUP_PEERS)
    return group == NULL || !may_note (peer, spot) || kith_group_peers_receive (group, peer, body, len);
  if (spot->linked && type == KITH_RECORD_GROUP_FILES)
    {
      Spot copy = *spot;

      return kith_group_files_receive (peer->node, copy.gid, peer, body, len);
    }
  if (spot->linked)
    {
      Spot copy = *spot;

      return links->events == NULL
             || links->events->record (copy.gid, peer->row->identity, type, body, len,
                                       links->user_data);
    }

  return !is_outside_record (type) || receive_outside (peer, spot, type, body, len);
}
