/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is where, and dialling those who are absent. Protocol 3, 4.1a, 7.2.
 *
 * A contact without a session is dialled at its endpoints, with a knock when there is a pair root;
 * after a failure again in 5 s, 10 s ... 10 min. When a knock is met with silence, the peer may not
 * have the root, because it was lost or the connection broke while we agreed on it: then the next
 * turn does without, in the end with an open dial, and a new root is agreed on. That costs no
 * secret: the dialer says who it is only to the one it wants.
 */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-directory.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "net/kith-dialer.h"
#include "node/kith-group-links-private.h"
#include "node/kith-node-invites-private.h"
#include "node/kith-node-private.h"
#include "node/kith-node-sessions.h"
#include "node/kith-own-addresses.h"
#include "node/kith-own-endpoints.h"
#include "node/kith-reach-private.h"

/* After a session was lost, both sides try again soon; the spread keeps them apart. */
#define FIRST_TRY_MS 1000
/* Who has few contacts need not spread their dials that far. */
#define FIRST_TRY_EACH_MS 25

static void dial (KithPeer *peer);

static void
give_up (KithPeer *peer)
{
  if (peer->dial != NULL)
    g_cancellable_cancel (peer->dial);
  g_clear_object (&peer->dial);
}

/* News may have come while an older dial is still waiting for its timeouts. */
static gboolean
turn_cb (gpointer user_data)
{
  KithPeer *peer = user_data;

  kith_timer_clear (&peer->dial_timer);
  give_up (peer);
  dial (peer);
  return G_SOURCE_REMOVE;
}

static void
schedule (KithPeer *peer, guint ms)
{
  kith_timer_clear (&peer->dial_timer);
  if (!kith_peer_is_dialable (peer) || peer->node->closing || peer->session != NULL)
    return;

  kith_timer_start (&peer->dial_timer, ms, turn_cb, peer);
}

static guint
soon (KithPeer *peer)
{
  return kith_env_random_uniform (peer->node->env, FIRST_TRY_MS);
}

static void
note_tries (KithPeer *peer, GAsyncResult *result)
{
  guint n;
  const KithDialerTry *tries = kith_dialer_dial_get_tries (result, &n);

  for (guint i = 0; i < n; i++)
    {
      KithRouteTry try = { kith_node_now_ms (peer->node), tries[i].endpoint, peer->dialled[i],
                           tries[i].outcome == KITH_DIALER_REACHED, tries[i].error };

      if (tries[i].outcome != KITH_DIALER_NOT_DECIDED)
        kith_routes_add_try (&peer->routes, &try);
    }
}

static gboolean
is_silence (const GError *error)
{
  return g_error_matches (error, KITH_ERROR, KITH_ERROR_PEER_CLOSED)
         || g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_ADMITTED);
}

/* Returns: whether the next turn tries what was not tried yet */
static gboolean
try_next_entry (KithPeer *peer)
{
  peer->n_silent++;
  return kith_peer_has_untried_entry (peer);
}

static void try_later (KithPeer *peer);

static void
dialled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithPeer) peer = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithSession) session = kith_dialer_dial_finish (result, &error);

  if (peer->removed || peer->node->closing)
    return;

  note_tries (peer, result);
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_CANCELLED))
    return;

  g_clear_object (&peer->dial);
  if (session != NULL)
    {
      peer->n_silent = 0;
      if (!kith_node_open_session (peer->node, session, NULL))
        try_later (peer);
    }
  else if (is_silence (error) && try_next_entry (peer))
    schedule (peer, soon (peer));
  else
    {
      kith_node_join_failed (peer, error);
      schedule (peer, kith_backoff_next_ms (&peer->backoff, peer->node->env));
    }

  kith_peer_update_presence (peer);
}

static void
dial (KithPeer *peer)
{
  g_auto (KithEntry) entry = { .kind = KITH_ENTRY_OPEN };
  KithEndpoints endpoints;
  guint told_ms;

  if (peer->dial != NULL || peer->session != NULL || peer->node->closing
      || peer->node->local == NULL || !kith_peer_is_dialable (peer))
    return;

  peer->dial_us = kith_env_monotonic_us (peer->node->env);
  kith_routes_collect (&peer->routes, peer->row->endpoints, peer->row->n_endpoints, peer->dial_us,
                       &endpoints, peer->dialled);
  told_ms = kith_routes_add_told (&peer->routes, peer->dial_us, &endpoints, peer->dialled);
  if (endpoints.n == 0)
    {
      if (told_ms > 0)
        schedule (peer, told_ms);
      return;
    }

  kith_peer_get_entry (peer, &entry);
  peer->dial = g_cancellable_new ();
  kith_dialer_dial_async (peer->node->local, endpoints.items, endpoints.n, peer->row->identity,
                          &entry, peer->dial, dialled_cb, kith_peer_ref (peer));
  kith_peer_update_presence (peer);
}

/**
 * kith_directory_start_all: (skip)
 * @node: a node that has its profile
 *
 * Dials every contact who is absent; a dial that is under way is given up.
 */
void
kith_directory_start_all (KithNode *node)
{
  guint spread_ms = MIN (FIRST_TRY_MS, FIRST_TRY_EACH_MS * g_hash_table_size (node->peers));
  GHashTableIter iter;
  gpointer peer;

  g_hash_table_iter_init (&iter, node->peers);
  while (g_hash_table_iter_next (&iter, NULL, &peer))
    {
      give_up (peer);
      schedule (peer, kith_env_random_uniform (node->env, spread_ms));
    }
}

/**
 * kith_directory_try_now: (skip)
 * @peer: a peer
 *
 * Dials at once instead of at the next turn.
 */
void
kith_directory_try_now (KithPeer *peer)
{
  kith_backoff_reset (&peer->backoff);
  peer->n_silent = 0;
  kith_timer_clear (&peer->dial_timer);
  dial (peer);
}

/**
 * kith_directory_try_soon: (skip)
 * @peer: a peer whose session we have ended, because we want another one
 *
 * Dials as soon as the end of the old one should have arrived.
 */
void
kith_directory_try_soon (KithPeer *peer)
{
  kith_backoff_reset (&peer->backoff);
  peer->n_silent = 0;
  schedule (peer, FIRST_TRY_MS / 4);
}

/* Whom we reached, and with whom there can be no session now: dials again in longer and longer turns. */
static void
try_later (KithPeer *peer)
{
  schedule (peer, kith_backoff_next_ms (&peer->backoff, peer->node->env));
}

/**
 * kith_directory_news: (skip)
 * @peer: a peer of whom a new address became known
 *
 * Dials at once, unless that was done several times just now: then a little later. Once would not
 * be enough: of what the DHT has, an address of yesterday may come first, and that of today after
 * it. A dial that is under way to what was known before is given up; its addresses are tried again
 * as well.
 */
void
kith_directory_news (KithPeer *peer)
{
  gint64 now_us = kith_env_monotonic_us (peer->node->env);
  gint64 since_ms = (now_us - peer->news_us) / 1000;

  if (peer->session != NULL || peer->node->closing)
    return;

  kith_backoff_reset (&peer->backoff);
  if (peer->news_us == 0 || since_ms >= KITH_LIMIT_DIAL_AGAIN_MS)
    {
      peer->news_us = now_us;
      peer->n_news = 0;
    }

  if (++peer->n_news > KITH_LIMIT_DIAL_NEWS)
    {
      schedule (peer, (guint) (KITH_LIMIT_DIAL_AGAIN_MS - since_ms));
      return;
    }

  kith_timer_clear (&peer->dial_timer);
  give_up (peer);
  dial (peer);
}

/* Of the way between us, and of nobody's will. */
static gboolean
is_accident (const GError *error)
{
  return g_error_matches (error, KITH_ERROR, KITH_ERROR_PEER_CLOSED)
         || g_error_matches (error, KITH_ERROR, KITH_ERROR_GARBLED)
         || g_error_matches (error, KITH_ERROR, KITH_ERROR_GARBLED_THERE);
}

/**
 * kith_directory_session_lost: (skip)
 * @peer: a peer whose session has ended
 * @error: why
 *
 * Goes on to the next dial: soon when the connection was lost, in longer and longer turns when the
 * peer went away or does not want us.
 */
void
kith_directory_session_lost (KithPeer *peer, const GError *error)
{
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_NOT_CONTACT))
    peer->backoff.n_failures = MAX (peer->backoff.n_failures,
                                    kith_co_member_is_dialled_as_one (peer)
                                      ? KITH_LIMIT_GROUP_REFUSED_FAILURES : 7);
  /* The two would push each other out in turn. */
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_OTHER_DEVICE))
    peer->backoff.n_failures = MAX (peer->backoff.n_failures, 7);

  if (is_accident (error) && peer->backoff.n_failures == 0)
    schedule (peer, soon (peer));
  else
    schedule (peer, kith_backoff_next_ms (&peer->backoff, peer->node->env));
}

/**
 * kith_directory_reached: (skip)
 * @peer: a peer that has a session
 *
 * Ends the dialling.
 */
void
kith_directory_reached (KithPeer *peer)
{
  kith_timer_clear (&peer->dial_timer);
  give_up (peer);
  kith_backoff_reset (&peer->backoff);
}

/**
 * kith_directory_forget: (skip)
 * @peer: a peer that goes, or whose node goes
 */
void
kith_directory_forget (KithPeer *peer)
{
  kith_timer_clear (&peer->dial_timer);
  give_up (peer);
}

/* --- Endpoints ------------------------------------------------------------------------------ */

/**
 * kith_directory_filter: (skip)
 * @remote: (nullable): where the peer's session comes from or goes to
 * @we_dialled: whether we dialled @remote, so that its port is one that is listened on
 * @endpoints: what the peer says of itself; untrusted
 * @out: (inout): where to add what may be dialled
 *
 * What is worth dialling, the likeliest first: where we reached the peer; the address it came from
 * with the port it names; what it names. Whoever is not on this machine cannot make us dial it.
 */
void
kith_directory_filter (const KithEndpoint *remote, gboolean we_dialled,
                       const KithEndpoints *endpoints, KithEndpoints *out)
{
  gboolean is_local = remote != NULL && kith_endpoint_is_loopback (remote);

  if (remote != NULL && we_dialled)
    kith_endpoints_add (out, remote);

  for (guint i = 0; i < endpoints->n && remote != NULL && !we_dialled; i++)
    {
      KithEndpoint seen = *remote;

      seen.port = endpoints->items[i].port;
      if (kith_endpoint_is_dialable (&seen))
        kith_endpoints_add (out, &seen);
    }

  for (guint i = 0; i < endpoints->n; i++)
    {
      const KithEndpoint *endpoint = &endpoints->items[i];

      if (kith_endpoint_is_dialable (endpoint)
          && (is_local || !kith_endpoint_is_loopback (endpoint)))
        kith_endpoints_add (out, endpoint);
    }
}

/**
 * kith_directory_learn: (skip)
 * @peer: a peer
 * @session: its session
 * @endpoints: what it says of itself; untrusted
 *
 * Takes over where the peer can be dialled, with what is known already at the end. The caller
 * commits.
 *
 * Returns: whether there is something to commit
 */
gboolean
kith_directory_learn (KithPeer *peer, KithSession *session, const KithEndpoints *endpoints)
{
  KithStoreContact *row = peer->row;
  KithEndpoints merged = { .n = 0 };
  KithEndpoint remote;
  gboolean has_remote = kith_session_get_remote (session, &remote);
  gboolean same;

  kith_directory_filter (has_remote ? &remote : NULL, kith_session_is_dialer (session), endpoints,
                         &merged);
  for (guint i = 0; i < row->n_endpoints; i++)
    kith_endpoints_add (&merged, &row->endpoints[i]);

  same = merged.n == row->n_endpoints;
  for (guint i = 0; i < merged.n && same; i++)
    same = kith_endpoint_equal (&merged.items[i], &row->endpoints[i]);
  if (same)
    return FALSE;

  memcpy (row->endpoints, merged.items, sizeof row->endpoints);
  row->n_endpoints = merged.n;
  kith_peer_update_address (peer);
  return TRUE;
}

/**
 * kith_directory_judge: (skip)
 * @node: a node
 * @endpoints: (array length=n): what an authentic value of the DHT says; the DHT is not what vouches for it
 * @n: how many
 * @out: (out): what of it may be dialled
 *
 * Leaves out what cannot be meant or should not be dialled (7.2): loopback, unless we listen there
 * ourselves; private addresses, unless they are of a network that we are in, or the same value shows
 * that we share a router.
 */
void
kith_directory_judge (KithNode *node, const KithEndpoint *endpoints, guint n, KithEndpoints *out)
{
  gboolean share_router = FALSE;

  for (guint i = 0; i < n; i++)
    share_router |= kith_own_endpoints_is_ours (node, &endpoints[i]);

  out->n = 0;
  for (guint i = 0; i < n; i++)
    {
      const KithEndpoint *endpoint = &endpoints[i];

      if (!kith_endpoint_is_dialable (endpoint))
        continue;
      if (kith_endpoint_is_loopback (endpoint) && !kith_own_endpoints_is_local (node))
        continue;
      if (kith_endpoint_is_private (endpoint) && !share_router
          && !kith_own_addresses_is_on_link (endpoint))
        continue;
      kith_endpoints_add (out, endpoint);
    }
}
