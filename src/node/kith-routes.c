/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-routes.h"

#include <string.h>

/**
 * kith_endpoints_add: (skip)
 * @self: a list
 * @endpoint: what to add at its end
 *
 * Returns: whether it is new, and there was room
 */
gboolean
kith_endpoints_add (KithEndpoints *self, const KithEndpoint *endpoint)
{
  for (guint i = 0; i < self->n; i++)
    if (kith_endpoint_equal (&self->items[i], endpoint))
      return FALSE;

  if (self->n >= KITH_LIMIT_ENDPOINTS)
    return FALSE;

  self->items[self->n++] = *endpoint;
  return TRUE;
}

/**
 * kith_routes_hear_lan: (skip)
 * @self: the routes of a contact
 * @endpoint: from where a beacon of theirs came
 * @now_us: monotonic time
 *
 * Returns: whether that is news: a new place, or one after a long silence
 */
gboolean
kith_routes_hear_lan (KithRoutes *self, const KithEndpoint *endpoint, gint64 now_us)
{
  if (!kith_routes_is_nearby (self, now_us))
    self->n_lan = 0;

  self->lan_us = now_us;
  for (guint i = 0; i < self->n_lan; i++)
    if (kith_endpoint_equal (&self->lan[i], endpoint))
      return FALSE;

  if (self->n_lan == KITH_LIMIT_LAN_ENDPOINTS)
    self->n_lan--;
  memmove (self->lan + 1, self->lan, self->n_lan * sizeof *self->lan);
  self->lan[0] = *endpoint;
  self->n_lan++;
  return TRUE;
}

/**
 * kith_routes_is_nearby: (skip)
 * @self: the routes of a contact
 * @now_us: monotonic time
 *
 * Returns: whether they were heard on the same network lately
 */
gboolean
kith_routes_is_nearby (const KithRoutes *self, gint64 now_us)
{
  return self->n_lan > 0 && now_us - self->lan_us < KITH_LIMIT_LAN_SILENT_MS * (gint64) 1000;
}

/**
 * kith_routes_find: (skip)
 * @self: the routes of a contact
 * @endpoints: what a value of theirs says, judged already
 * @now_ms: unix time
 *
 * Takes the place of what was found before.
 */
void
kith_routes_find (KithRoutes *self, const KithEndpoints *endpoints, gint64 now_ms)
{
  guint n = MIN (endpoints->n, KITH_LIMIT_DHT_DIALS_PER_VALUE);

  memcpy (self->found, endpoints->items, n * sizeof *self->found);
  self->n_found = n;
  self->found_ms = now_ms;
}

/**
 * kith_routes_tell: (skip)
 * @self: the routes of a member of a group
 * @endpoints: where they are, as passed on by other members and judged already
 *
 * Takes the place of what was told before.
 *
 * Returns: whether that is news
 */
gboolean
kith_routes_tell (KithRoutes *self, const KithEndpoints *endpoints)
{
  guint n = MIN (endpoints->n, KITH_LIMIT_GROUP_NOTE_ENDPOINTS);
  gboolean same = n == self->n_told;

  for (guint i = 0; i < n && same; i++)
    same = kith_endpoint_equal (&self->told[i], &endpoints->items[i]);

  memcpy (self->told, endpoints->items, n * sizeof *self->told);
  self->n_told = n;
  return n > 0 && !same;
}

static void
take (KithEndpoints *out, KithRoute routes[], const KithEndpoint *endpoint, KithRoute route)
{
  if (kith_endpoints_add (out, endpoint))
    routes[out->n - 1] = route;
}

/* IPv6 first: it has no router in the way that has to be asked. */
static void
take_all (KithEndpoints *out, KithRoute routes[], const KithEndpoint *endpoints, guint n,
          KithRoute route)
{
  for (guint i = 0; i < n; i++)
    if (endpoints[i].family == 6)
      take (out, routes, &endpoints[i], route);

  for (guint i = 0; i < n; i++)
    if (endpoints[i].family == 4)
      take (out, routes, &endpoints[i], route);
}

/**
 * kith_routes_collect: (skip)
 * @self: the routes of a contact
 * @stored: (array length=n_stored): what is stored of them, the best first
 * @n_stored: how many
 * @now_us: monotonic time
 * @out: (out): where to dial, in this order
 * @routes: (out): how each is known
 *
 * Where they were reached last comes first, then the same network, then the DHT, then whatever else
 * they said of themselves.
 */
void
kith_routes_collect (const KithRoutes *self, const KithEndpoint *stored, guint n_stored,
                     gint64 now_us, KithEndpoints *out, KithRoute routes[KITH_LIMIT_ENDPOINTS])
{
  out->n = 0;
  take_all (out, routes, stored, MIN (n_stored, 1), KITH_ROUTE_LAST);
  if (kith_routes_is_nearby (self, now_us))
    take_all (out, routes, self->lan, self->n_lan, KITH_ROUTE_LAN);
  take_all (out, routes, self->found, self->n_found, KITH_ROUTE_DHT);
  take_all (out, routes, stored, n_stored, KITH_ROUTE_LAST);
}

/**
 * kith_routes_add_told: (skip)
 * @self: the routes of a member of a group
 * @now_us: monotonic time
 * @out: (inout): where to dial: gets what members told at its end
 * @routes: (inout): how each is known
 *
 * What is told may name somebody who has nothing to do with it: it is dialled a few times in an hour.
 *
 * Returns: 0, or in how many ms what was left out may be dialled again
 */
guint
kith_routes_add_told (KithRoutes *self, gint64 now_us, KithEndpoints *out,
                      KithRoute routes[KITH_LIMIT_ENDPOINTS])
{
  guint wait_ms = kith_quota_get_wait_ms (&self->told_dials, now_us, KITH_LIMIT_GROUP_NOTE_DIALS,
                                          KITH_LIMIT_GROUP_NOTE_DIALS_MS);
  guint before = out->n;

  if (self->n_told == 0)
    return 0;

  if (wait_ms > 0)
    return wait_ms + 1;

  take_all (out, routes, self->told, self->n_told, KITH_ROUTE_GROUP);
  if (out->n > before)
    kith_quota_count (&self->told_dials, now_us, KITH_LIMIT_GROUP_NOTE_DIALS_MS);
  return 0;
}

/**
 * kith_routes_add_try: (skip)
 * @self: the routes of a contact
 * @try: how a dial went
 */
void
kith_routes_add_try (KithRoutes *self, const KithRouteTry *try)
{
  self->tries[self->n_tries++ % KITH_LIMIT_DIAL_TRIES] = *try;
}

/**
 * kith_routes_get_tries: (skip)
 * @self: the routes of a contact
 * @out: (out): how the last dials went, the newest first
 *
 * Returns: how many there are
 */
guint
kith_routes_get_tries (const KithRoutes *self, KithRouteTry out[KITH_LIMIT_DIAL_TRIES])
{
  guint n = MIN (self->n_tries, KITH_LIMIT_DIAL_TRIES);

  for (guint i = 0; i < n; i++)
    out[i] = self->tries[(self->n_tries - 1 - i) % KITH_LIMIT_DIAL_TRIES];

  return n;
}

/* Whether somebody would ask why. Not: they went offline, or one of us did not want the other. */
static gboolean
is_interruption (const GError *error)
{
  static const KithError errors[] = { KITH_ERROR_PEER_CLOSED,   KITH_ERROR_PROTOCOL,
                                      KITH_ERROR_TIMEOUT,       KITH_ERROR_BUSY,
                                      KITH_ERROR_GARBLED,       KITH_ERROR_GARBLED_THERE,
                                      KITH_ERROR_NOT_UNDERSTOOD };

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    if (g_error_matches (error, KITH_ERROR, (gint) errors[i]))
      return TRUE;

  return FALSE;
}

/**
 * kith_routes_add_end: (skip)
 * @self: the routes of a contact
 * @error: why a session of theirs has ended
 * @now_ms: unix time
 *
 * Remembers it, unless it was meant so.
 */
void
kith_routes_add_end (KithRoutes *self, const GError *error, gint64 now_ms)
{
  if (is_interruption (error))
    self->ends[self->n_ends++ % KITH_LIMIT_SESSION_ENDS] =
      (KithSessionEnd){ now_ms, (KithError) error->code };
}

/**
 * kith_routes_get_ends: (skip)
 * @self: the routes of a contact
 * @out: (out): how the last sessions were interrupted, the newest first
 *
 * Returns: how many there are
 */
guint
kith_routes_get_ends (const KithRoutes *self, KithSessionEnd out[KITH_LIMIT_SESSION_ENDS])
{
  guint n = MIN (self->n_ends, KITH_LIMIT_SESSION_ENDS);

  for (guint i = 0; i < n; i++)
    out[i] = self->ends[(self->n_ends - 1 - i) % KITH_LIMIT_SESSION_ENDS];

  return n;
}
