/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where whoever uses an invite of ours is met, when they cannot reach us (protocol 7.3). */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include <string.h>

#include "base/kith-source.h"
#include "net/kith-dialer.h"
#include "node/kith-directory.h"
#include "node/kith-group-links-private.h"
#include "node/kith-networking.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-sessions.h"

static void dial (KithOwnInvite *invite);

/* --- Dialling ------------------------------------------------------------------------------- */

/* Somebody who is a contact already comes as such: they have lost us, and have asked anew. */
static void
reached (KithOwnInvite *invite, KithSession *session)
{
  KithNode *self = invite->node;
  KithPeer *peer = kith_node_known_peer (self, kith_session_get_identity (session));

  if (peer != NULL && (peer->session != NULL || !kith_peer_is_dialable (peer)))
    return;

  if (peer == NULL)
    g_hash_table_insert (self->inviting, session,
                         g_bytes_new (invite->row->id, sizeof invite->row->id));
  if (!kith_node_open_session (self, session, NULL))
    g_hash_table_remove (self->inviting, session);
}

/* A dial under way. It keeps nothing: a node that was closed is gone at once. */
typedef struct
{
  GWeakRef node;
  guint8   id[KITH_INVITE_ID_BYTES];
} Visit;

static Visit *
visit_new (const KithOwnInvite *invite)
{
  Visit *self = g_new0 (Visit, 1);

  g_weak_ref_init (&self->node, invite->node);
  memcpy (self->id, invite->row->id, sizeof self->id);
  return self;
}

static void
visit_free (Visit *self)
{
  g_weak_ref_clear (&self->node);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Visit, visit_free)

static void
dialled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Visit) visit = user_data;
  g_autoptr (KithNode) self = g_weak_ref_get (&visit->node);
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = kith_dialer_dial_finish (result, &error);
  KithOwnInvite *invite;

  if (self == NULL || self->closing || g_error_matches (error, KITH_ERROR, KITH_ERROR_CANCELLED))
    return;

  invite = kith_own_invite_find (self, visit->id);
  if (invite == NULL)
    return;

  g_clear_object (&invite->dial);
  if (session != NULL)
    reached (invite, session);
  else
    dial (invite);
}

static gboolean
again_cb (gpointer user_data)
{
  KithOwnInvite *invite = user_data;

  kith_source_clear (&invite->again);
  dial (invite);
  return G_SOURCE_REMOVE;
}

/* One of the values that wait, whichever: whoever has the link may put as many as they like, and
 * whoever was invited gets their turn all the same. */
static void
take_found (KithOwnInvite *invite, KithEndpoints *endpoints)
{
  guint i = kith_env_random_uniform (invite->node->env, invite->n_found);

  *endpoints = invite->found[i];
  invite->found[i] = invite->found[--invite->n_found];
}

/* Not again at once. Who it is the handshake will say. */
static void
dial (KithOwnInvite *invite)
{
  KithNode *self = invite->node;
  const guint8 *expected = invite->row->has_peer ? invite->row->peer : NULL;
  gint64 now_us = kith_env_monotonic_us (self->env);
  gint64 since_ms = (now_us - invite->dial_us) / 1000;
  g_auto (KithEntry) entry = { .kind = KITH_ENTRY_OPEN };
  KithEndpoints endpoints;

  if (invite->dial != NULL || invite->again != NULL || invite->n_found == 0)
    return;

  if (invite->dial_us != 0 && since_ms < KITH_LIMIT_DIAL_AGAIN_MS)
    {
      kith_source_start (&invite->again, (guint) (KITH_LIMIT_DIAL_AGAIN_MS - since_ms),
                         again_cb, invite);
      return;
    }

  take_found (invite, &endpoints);
  invite->dial = g_cancellable_new ();
  invite->dial_us = now_us;
  kith_entry_init_invite (&entry, invite->root);
  kith_dialer_dial_async (self->local, endpoints.items, endpoints.n, expected, &entry, invite->dial,
                          dialled_cb, visit_new (invite));
}

/* --- Meeting -------------------------------------------------------------------------------- */

/* Whoever has the link has put it there for us alone. */
static void
found (KithMeeting *meeting, const KithRendezvousValue *value, gpointer user_data)
{
  KithOwnInvite *invite = user_data;
  KithEndpoints endpoints = { .n = 0 };
  guint i = invite->n_found;

  kith_directory_judge (invite->node, value->endpoints, value->n_endpoints, &endpoints);
  endpoints.n = MIN (endpoints.n, KITH_LIMIT_DHT_DIALS_PER_VALUE);
  if (endpoints.n == 0)
    return;

  if (i < KITH_LIMIT_INVITE_VALUES)
    invite->n_found++;
  else
    i = kith_env_random_uniform (invite->node->env, KITH_LIMIT_INVITE_VALUES);
  invite->found[i] = endpoints;
  dial (invite);
}

/**
 * kith_own_invite_leave: (skip)
 * @invite: an invite
 *
 * Nobody is waited for any longer.
 */
void
kith_own_invite_leave (KithOwnInvite *invite)
{
  g_clear_pointer (&invite->meeting, kith_meeting_remove);
  kith_source_clear (&invite->again);
  invite->n_found = 0;
  if (invite->dial != NULL)
    g_cancellable_cancel (invite->dial);
  g_clear_object (&invite->dial);
}

/* A used one is still where the two meet, until they have a root of their own. */
static gboolean
is_wanted (KithOwnInvite *invite)
{
  const KithPeer *peer = invite->row->has_peer
                           ? kith_node_known_peer (invite->node, invite->row->peer) : NULL;

  if (invite->node->networking->meetings == NULL || invite->node->closing
      || invite->row->expires_ms <= kith_node_now_ms (invite->node))
    return FALSE;
  if (peer != NULL && peer->row->blocked)
    return FALSE;
  if (invite->has_group && kith_group_links_find (invite->node, invite->group) == NULL)
    return FALSE;

  return invite->row->state == KITH_INVITATION_LIVE
         || (invite->row->state == KITH_INVITATION_USED && (peer == NULL || peer->row->pair_root == NULL));
}

/**
 * kith_own_invite_update_meeting: (skip)
 * @invite: an invite that has changed, or the network has
 *
 * Waits for whoever uses it, or not any longer.
 */
void
kith_own_invite_update_meeting (KithOwnInvite *invite)
{
  KithMeetings *meetings = invite->node->networking->meetings;

  if (!is_wanted (invite))
    {
      kith_own_invite_leave (invite);
      return;
    }

  if (invite->meeting != NULL)
    return;

  invite->meeting = kith_meetings_add (meetings, invite->root, 0, found, invite);
  if (invite->row->reply_key != NULL)
    kith_meeting_open_with (invite->meeting, invite->row->reply_key);
  kith_meeting_set_rank (invite->meeting, invite->row->created_ms);
  kith_meeting_set_active (invite->meeting, TRUE);
}

/**
 * kith_invites_update_meetings: (skip)
 * @node: a node whose DHT has come or is going, or one of whose peers has changed
 */
void
kith_invites_update_meetings (KithNode *node)
{
  for (guint i = 0; i < node->invites->len; i++)
    kith_own_invite_update_meeting (g_ptr_array_index (node->invites, i));
}
