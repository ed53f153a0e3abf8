/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-error.h"
#include "base/kith-quota.h"
#include "proto/kith-body.h"

G_BEGIN_DECLS

/**
 * KithRoute: (skip)
 * @KITH_ROUTE_LAST: where they were reached last, or what they said of themselves
 * @KITH_ROUTE_LAN: heard on the same network
 * @KITH_ROUTE_DHT: found in the DHT
 * @KITH_ROUTE_GROUP: passed on by members of a group
 *
 * How we came to know an endpoint.
 */
typedef enum
{
  KITH_ROUTE_LAST,
  KITH_ROUTE_LAN,
  KITH_ROUTE_DHT,
  KITH_ROUTE_GROUP,
} KithRoute;

/* One dial of one endpoint, for the doctor. */
typedef struct
{
  gint64       time_ms;
  KithEndpoint endpoint;
  KithRoute    route;
  gboolean     reached;
  KithError    error; /* unless reached */
} KithRouteTry;

/* How a session of theirs came to an end that nobody wanted, for the doctor. */
typedef struct
{
  gint64    time_ms;
  KithError error;
} KithSessionEnd;

/**
 * KithRoutes: (skip)
 *
 * What is known, beyond the stored row, of where a contact may be, and how the last dials went:
 * plain data within a peer.
 */
typedef struct
{
  KithEndpoint lan[KITH_LIMIT_LAN_ENDPOINTS];
  guint        n_lan;
  gint64       lan_us;   /* monotonic: heard last */
  KithEndpoint found[KITH_LIMIT_DHT_DIALS_PER_VALUE];
  guint        n_found;
  gint64       found_ms; /* unix time: found last; 0 = never */
  KithEndpoint told[KITH_LIMIT_GROUP_NOTE_ENDPOINTS]; /* by members of a group */
  guint        n_told;
  KithQuota    told_dials; /* of those */
  KithRouteTry tries[KITH_LIMIT_DIAL_TRIES];
  guint        n_tries;  /* in all: the newest is at (n_tries - 1) modulo the size */
  KithSessionEnd ends[KITH_LIMIT_SESSION_ENDS];
  guint        n_ends;   /* likewise */
} KithRoutes;

gboolean kith_routes_hear_lan (KithRoutes          *self,
                               const KithEndpoint  *endpoint,
                               gint64               now_us);
gboolean kith_routes_is_nearby (const KithRoutes   *self,
                                gint64              now_us);
void     kith_routes_find     (KithRoutes          *self,
                               const KithEndpoints *endpoints,
                               gint64               now_ms);
gboolean kith_routes_tell     (KithRoutes          *self,
                               const KithEndpoints *endpoints);
guint    kith_routes_add_told (KithRoutes          *self,
                               gint64               now_us,
                               KithEndpoints       *out,
                               KithRoute            routes[KITH_LIMIT_ENDPOINTS]);
void     kith_routes_collect  (const KithRoutes    *self,
                               const KithEndpoint  *stored,
                               guint                n_stored,
                               gint64               now_us,
                               KithEndpoints       *out,
                               KithRoute            routes[KITH_LIMIT_ENDPOINTS]);
void     kith_routes_add_try  (KithRoutes          *self,
                               const KithRouteTry  *try);
guint    kith_routes_get_tries (const KithRoutes   *self,
                                KithRouteTry        out[KITH_LIMIT_DIAL_TRIES]);
void     kith_routes_add_end  (KithRoutes          *self,
                               const GError        *error,
                               gint64               now_ms);
guint    kith_routes_get_ends (const KithRoutes    *self,
                               KithSessionEnd       out[KITH_LIMIT_SESSION_ENDS]);

gboolean kith_endpoints_add   (KithEndpoints       *self,
                               const KithEndpoint  *endpoint);

G_END_DECLS
