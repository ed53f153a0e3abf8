/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way into the network: nodes that were good before, nodes of contacts, and hosts by name.
 *
 * Nodes are pinged, a few in each round, until one answers. The library could resolve names and
 * bootstrap by itself, but it would resolve while it holds its lock and in the end try once a day.
 */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-dht-runner-private.h"

#include <string.h>

#include "base/kith-source.h"

typedef struct
{
  GWeakRef runner;
  guint16  port;
} Lookup;

/* --- Nodes ---------------------------------------------------------------------------------- */

static gboolean
is_known (KithDhtRunner *self, const KithEndpoint *endpoint)
{
  for (guint i = 0; i < self->n_known; i++)
    if (kith_endpoint_equal (&self->known[i], endpoint))
      return TRUE;

  return FALSE;
}

/* Who comes when there is no room takes the place of the one who came first. */
static void
add (KithDhtRunner *self, const KithEndpoint *endpoint)
{
  if (is_known (self, endpoint))
    return;

  if (self->n_known < KITH_LIMIT_DHT_KNOWN_NODES)
    {
      self->known[self->n_known++] = *endpoint;
      return;
    }

  self->known[self->next_replaced] = *endpoint;
  self->next_replaced = (self->next_replaced + 1) % KITH_LIMIT_DHT_KNOWN_NODES;
}

/**
 * kith_dht_runner_know:
 * @self: a runner
 * @nodes: (array length=n): nodes that are good now
 * @n: how many
 *
 * Puts them before the nodes that are known already.
 */
void
kith_dht_runner_know (KithDhtRunner *self, const KithEndpoint *nodes, guint n)
{
  KithEndpoint before[KITH_LIMIT_DHT_KNOWN_NODES];
  guint n_before = self->n_known;

  memcpy (before, self->known, n_before * sizeof *before);
  self->n_known = self->next_replaced = 0;
  for (guint i = 0; i < MIN (n, KITH_LIMIT_DHT_KNOWN_NODES); i++)
    add (self, &nodes[i]);
  for (guint i = 0; i < n_before && self->n_known < KITH_LIMIT_DHT_KNOWN_NODES; i++)
    add (self, &before[i]);
}

/* Of a node that somebody names. */
static void
meet (KithDhtRunner *self, const KithEndpoint *endpoint)
{
  add (self, endpoint);
  if (self->host != NULL)
    kith_dht_host_ping (self->host, endpoint);
}

/**
 * kith_dht_runner_add_node:
 * @self: a runner
 * @endpoint: (transfer none): where a node is said to be: untrusted
 *
 * Tells of a node that may know the way. The runner need not be started.
 */
void
kith_dht_runner_add_node (KithDhtRunner *self, const KithEndpoint *endpoint)
{
  g_return_if_fail (KITH_IS_DHT_RUNNER (self));

  if (kith_endpoint_is_dialable (endpoint))
    meet (self, endpoint);
}

/* --- Names ---------------------------------------------------------------------------------- */

static void
lookup_free (Lookup *lookup)
{
  g_weak_ref_clear (&lookup->runner);
  g_free (lookup);
}

static void
meet_resolved (KithDhtRunner *self, GInetAddress *address, guint16 port)
{
  KithEndpoint endpoint;

  if (kith_endpoint_set_bytes (&endpoint, g_inet_address_to_bytes (address),
                               g_inet_address_get_native_size (address), port))
    meet (self, &endpoint);
}

static void
resolved_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Lookup *lookup = user_data;
  g_autoptr (KithDhtRunner) self = g_weak_ref_get (&lookup->runner);
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, NULL);

  if (self != NULL)
    self->n_lookups--;
  for (GList *l = addresses; self != NULL && l != NULL; l = l->next)
    meet_resolved (self, l->data, lookup->port);

  g_resolver_free_addresses (addresses);
  lookup_free (lookup);
}

static void
resolve (KithDhtRunner *self, const char *host_and_port)
{
  g_autoptr (GSocketConnectable) name = g_network_address_parse (host_and_port, 0, NULL);
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  GNetworkAddress *address;
  KithEndpoint endpoint;
  Lookup *lookup;

  if (name == NULL)
    return;

  address = G_NETWORK_ADDRESS (name);
  if (kith_endpoint_parse (&endpoint, g_network_address_get_hostname (address),
                           g_network_address_get_port (address)))
    {
      meet (self, &endpoint);
      return;
    }

  lookup = g_new0 (Lookup, 1);
  g_weak_ref_init (&lookup->runner, self);
  lookup->port = g_network_address_get_port (address);
  self->n_lookups++;
  g_resolver_lookup_by_name_async (resolver, g_network_address_get_hostname (address), NULL,
                                   resolved_cb, lookup);
}

/* Names may have moved, and the network may not have been there the last time. */
static void
resolve_all (KithDhtRunner *self)
{
  if (self->n_lookups > 0)
    return;

  for (guint i = 0; self->bootstrap != NULL && self->bootstrap[i] != NULL; i++)
    resolve (self, self->bootstrap[i]);
}

/* --- Rounds --------------------------------------------------------------------------------- */

static guint
backoff_ms (KithDhtRunner *self)
{
  guint shift = MIN (self->n_rounds, 10);

  self->n_rounds++;
  return MIN (self->times.backoff_max_ms, self->times.backoff_min_ms << shift);
}

static gboolean
round_cb (gpointer user_data)
{
  KithDhtRunner *self = user_data;
  guint last;
  guint wait_ms = self->times.round_ms;

  if (self->next_pinged == 0)
    resolve_all (self);

  last = MIN (self->n_known, self->next_pinged + KITH_LIMIT_DHT_PINGS);
  for (guint i = self->next_pinged; i < last; i++)
    kith_dht_host_ping (self->host, &self->known[i]);

  self->next_pinged = last;
  if (last == self->n_known)
    {
      /* It may be us whom somebody pinged. */
      kith_dht_runner_probe (self);
      self->next_pinged = 0;
      wait_ms = backoff_ms (self);
    }

  kith_source_start (&self->round_source, wait_ms, round_cb, self);
  return G_SOURCE_REMOVE;
}

/**
 * kith_dht_runner_find_way:
 * @self: a runner whose host runs
 *
 * Begins anew to ping nodes, until kith_dht_runner_found_way().
 */
void
kith_dht_runner_find_way (KithDhtRunner *self)
{
  self->next_pinged = 0;
  self->n_rounds = 0;
  round_cb (self);
}

/**
 * kith_dht_runner_found_way:
 * @self: a runner
 *
 * A node answered, or nobody is to be asked any more.
 */
void
kith_dht_runner_found_way (KithDhtRunner *self)
{
  kith_source_clear (&self->round_source);
}
