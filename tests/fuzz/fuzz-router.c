/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the surroundings say: routers over UPnP, the kernel of its routes, OpenDHT of the nodes that it knew,
 * and what we kept of those. The first byte says which. (PCP has a target of its own.) */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "kith-fuzz.h"
#include "net/kith-dht-state.h"
#include "net/kith-gateway.h"
#include "net/kith-port-map-private.h"

static void
try_upnp (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  KithEndpoint endpoint = { .port = 7 };

  if (kith_upnp_take_address (text, 5484, &endpoint))
    kith_fuzz_check (endpoint.family == 4 && endpoint.port == 5484);
  else
    kith_fuzz_check (endpoint.family == 0 && endpoint.port == 7);
  if (kith_upnp_take_url (text, &endpoint))
    kith_fuzz_check (endpoint.family == 4 || endpoint.family == 6);
}

static void
try_routes (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);
  KithGateway gateway;

  for (guint8 family = 4; family <= 6; family += 2)
    if (kith_gateway_parse (&gateway, family, text))
      kith_fuzz_check (gateway.family == family
                       && memchr (gateway.interface, '\0', sizeof gateway.interface) != NULL);
}

/* The file of OpenDHT: what is found is kept, and found again. */
static void
try_state (const guint8 *data, gsize size)
{
  KithEndpoint nodes[KITH_LIMIT_DHT_SAVED_NODES];
  KithEndpoint again[KITH_LIMIT_DHT_SAVED_NODES];
  g_autoptr (GBytes) saved = NULL;
  guint n;

  kith_fuzz_check (kith_dht_state_read (data, size, nodes, G_N_ELEMENTS (nodes), &n) >= n);
  kith_fuzz_check (n <= G_N_ELEMENTS (nodes));
  saved = kith_dht_state_save (nodes, n);
  kith_fuzz_check (kith_dht_state_load (saved, again, G_N_ELEMENTS (again)) == n);
  for (guint i = 0; i < n; i++)
    kith_fuzz_check (kith_endpoint_equal (&nodes[i], &again[i]));
}

static void
try_saved (const guint8 *data, gsize size)
{
  KithEndpoint nodes[KITH_LIMIT_DHT_SAVED_NODES];
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  guint n = kith_dht_state_load (bytes, nodes, G_N_ELEMENTS (nodes));

  kith_fuzz_check (n <= G_N_ELEMENTS (nodes));
  for (guint i = 0; i < n; i++)
    kith_fuzz_check ((nodes[i].family == 4 || nodes[i].family == 6) && nodes[i].port != 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static void (*const tries[]) (const guint8 *data, gsize size) = {
    try_upnp, try_routes, try_state, try_saved,
  };

  if (size > 0)
    tries[data[0] % G_N_ELEMENTS (tries)] (data + 1, size - 1);
  return 0;
}
