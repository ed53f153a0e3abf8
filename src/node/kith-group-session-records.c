/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What of groups flows on a session: records, under the name that a group has there. Protocol 4.1b, 10.4. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "node/kith-group-invites-private.h"
#include "node/kith-group-session-private.h"
#include "node/kith-transfers.h"

static gboolean
is_outside_record (KithRecordType type)
{
  return type == KITH_RECORD_GROUP_JOIN || type == KITH_RECORD_GROUP_ANSWER;
}

static KithGroupSpot *
find_spot_by_name (KithGroupSession *self, const guint8 *name)
{
  for (guint i = 0; i < self->spots->len; i++)
    if (memcmp (kith_group_session_get_spot (self, i)->name.bytes, name, KITH_GROUP_BLIND_BYTES) == 0)
      return kith_group_session_get_spot (self, i);

  return NULL;
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
  KithGroupSpot *spot = kith_group_session_find_spot (peer->groups, gid);
  GByteArray *bytes;

  if (spot == NULL || (!spot->linked && !is_outside_record (type)))
    return FALSE;

  /* Only room takes that back: something else that fits does not. */
  if (!kith_session_is_writable (peer->session))
    {
      spot->full = TRUE;
      return FALSE;
    }

  bytes = g_byte_array_sized_new ((guint) (sizeof spot->name + len));
  g_byte_array_append (bytes, spot->name.bytes, sizeof spot->name.bytes);
  if (len > 0)
    g_byte_array_append (bytes, body, (guint) len);
  return kith_session_send_bytes (peer->session, type, bytes);
}

/**
 * kith_group_session_await_room: (skip)
 * @peer: a peer
 * @gid: a group of ours
 *
 * Returns: whether what was sent has left, or nearly so; when not, kith_group_session_drained() comes
 */
gboolean
kith_group_session_await_room (KithPeer *peer, const guint8 *gid)
{
  KithGroupSpot *spot = kith_group_session_find_spot (peer->groups, gid);

  if (spot == NULL || !spot->linked)
    return FALSE;

  if (kith_session_has_bulk_room (peer->session))
    return TRUE;

  spot->full = TRUE;
  return FALSE;
}

/**
 * kith_group_session_owe_notes: (skip)
 * @peer: a peer
 * @gid: a group of ours in which they were not told where members are, for lack of room
 */
void
kith_group_session_owe_notes (KithPeer *peer, const guint8 *gid)
{
  KithGroupSpot *spot = kith_group_session_find_spot (peer->groups, gid);

  if (spot != NULL)
    spot->owes_notes = TRUE;
}

static void
say_notes (KithPeer *peer, const KithGroupSpot *spot)
{
  KithLinkGroup *group = kith_group_links_find (peer->node, spot->gid);

  if (group != NULL)
    kith_group_whereabouts_linked (group, peer);
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
      KithGroupSpot spot = *kith_group_session_get_spot (self, i);

      kith_group_session_get_spot (self, i)->full = kith_group_session_get_spot (self, i)->owes_notes = FALSE;
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
  return kith_co_member_is_one (peer->node, peer->row->identity);
}

/* Whom we listen to when they ask to be let in: a member as we know it (they bring us in), a contact (we
 * have invited them), and who has a link. */
static gboolean
may_ask (KithPeer *peer, const KithGroupSpot *spot)
{
  const KithLinkGroup *group = kith_group_links_find (peer->node, spot->gid);
  const guint8 *joined = kith_group_session_get_joined (peer);

  return (group != NULL && kith_group_links_find_member (group, peer->row->identity) != NULL)
         || is_contact (peer)
         || (joined != NULL && memcmp (joined, spot->gid, KITH_GROUP_ID_BYTES) == 0);
}

static gboolean
may_note (KithPeer *peer, KithGroupSpot *spot)
{
  return kith_bucket_take (&spot->notes, kith_env_monotonic_us (peer->node->env),
                           KITH_LIMIT_GROUP_PEERS_BURST, KITH_LIMIT_GROUP_PEERS_REFILL_MS);
}

/* What is skipped is asked for, and answered, again. */
static gboolean
may_speak_of_files (KithPeer *peer, KithGroupSpot *spot)
{
  return kith_bucket_take (&spot->files, kith_env_monotonic_us (peer->node->env),
                           KITH_LIMIT_GROUP_FILES_BURST, KITH_LIMIT_GROUP_FILES_REFILL_MS);
}

static gboolean
may_join (KithPeer *peer, KithGroupSpot *spot)
{
  return kith_bucket_take (&spot->joins, kith_env_monotonic_us (peer->node->env),
                           KITH_LIMIT_GROUP_JOINS_BURST, KITH_LIMIT_GROUP_JOINS_REFILL_MS);
}

/* What they came with, if that is a link to the group of @spot. */
static KithInvitation *
get_live_link (KithPeer *peer, const KithGroupSpot *spot)
{
  const guint8 *id = kith_group_session_get_link (peer);

  return id != NULL ? kith_group_invites_find_live (peer->node, spot->gid, id) : NULL;
}

/* Of people we know the session is there for more than that: what is too much is skipped. Who came with one
 * link, or is in another group with us, may show a second link with the request itself. */
static gboolean
receive_outside (KithPeer *peer, KithGroupSpot *spot, KithRecordType type, const guint8 *body, gsize len)
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
  KithGroupSpot *spot;

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
    return group == NULL || !may_note (peer, spot)
           || kith_group_whereabouts_receive (group, peer, body, len);
  if (spot->linked && type == KITH_RECORD_GROUP_FILES)
    {
      gboolean may = may_speak_of_files (peer, spot);
      KithGroupSpot copy = *spot;

      return !may || kith_group_files_receive (peer->node, copy.gid, peer, body, len);
    }
  if (spot->linked)
    {
      KithGroupSpot copy = *spot;

      return links->events == NULL
             || links->events->record (copy.gid, peer->row->identity, type, body, len,
                                       links->user_data);
    }

  return !is_outside_record (type) || receive_outside (peer, spot, type, body, len);
}
