/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PCP (RFC 6887): asks the default gateway for one mapping, or for one hole in its IPv6 firewall,
 * and keeps it until it is told to remove it.
 *
 * The socket is connected: only what comes from the gateway's own address and port is heard. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-port-map-private.h"

#include <string.h>

#include <gio/gnetworking.h>

#include "base/kith-env.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "net/kith-gateway.h"
#include "net/kith-pcp.h"

#define PACKET_BYTES 1104 /* more than the longest answer */

typedef enum
{
  STEP_IDLE,
  STEP_MAP,
  STEP_REMOVE,
} Step;

typedef struct
{
  KithMapper base;
  KithPcpMap map;
  guint8     family;
  GSocket   *socket;     /* (owned) (nullable) */
  GSource   *readable;   /* (owned) (nullable) */
  GSource   *timer;      /* (owned) (nullable): send again, or renew */
  Step       step;
  guint      retry_ms;
  gint64     until_us;   /* when the mapping ends, if it is not renewed; 0 for none */
  gint64     answered_s;
  guint32    epoch_s;
  gboolean   has_epoch;
} Pcp;

static void ask (Pcp *self, Step step);

static void
close_all (Pcp *self)
{
  kith_source_clear (&self->readable);
  kith_source_clear (&self->timer);
  g_clear_object (&self->socket);
}

static void
set_timer (Pcp *self, guint ms, GSourceFunc func)
{
  kith_source_start (&self->timer, ms, func, self);
  g_source_set_static_name (self->timer, "kith-pcp");
}

/* --- Outcomes: each is the last thing that is done ------------------------------------------- */

static void
fail (Pcp *self, KithPortMapState state, const char *detail)
{
  gboolean removing = self->step == STEP_REMOVE;

  close_all (self);
  self->step = STEP_IDLE;
  self->until_us = 0;
  self->has_epoch = FALSE;
  if (removing)
    self->base.events->removed (&self->base, self->base.user_data);
  else
    self->base.events->failed (&self->base, state, detail, self->base.user_data);
}

static void
refuse (Pcp *self, guint8 result)
{
  g_autofree char *other = NULL;

  switch (result)
    {
    case KITH_PCP_UNSUPP_VERSION:
      fail (self, KITH_PORT_MAP_NO_ROUTER, "PCP: the gateway speaks another version");
      break;
    case KITH_PCP_UNSUPP_OPCODE:
      fail (self, KITH_PORT_MAP_NO_ROUTER, "PCP: the gateway does not map ports");
      break;
    case KITH_PCP_NOT_AUTHORIZED:
      fail (self, KITH_PORT_MAP_REFUSED, "PCP: not authorized (2)");
      break;
    case KITH_PCP_NETWORK_FAILURE:
      fail (self, KITH_PORT_MAP_DOUBLE_NAT, "PCP: the gateway has no public address (7)");
      break;
    case KITH_PCP_NO_RESOURCES:
    case KITH_PCP_USER_EX_QUOTA:
      fail (self, KITH_PORT_MAP_REFUSED, "PCP: the gateway has no more ports for us");
      break;
    case KITH_PCP_ADDRESS_MISMATCH:
      fail (self, KITH_PORT_MAP_DOUBLE_NAT, "PCP: there is another router in between (12)");
      break;
    default:
      other = g_strdup_printf ("PCP: refused (%u)", result);
      fail (self, KITH_PORT_MAP_REFUSED, other);
    }
}

static gboolean
renew_cb (gpointer user_data)
{
  ask (user_data, STEP_MAP);
  return G_SOURCE_REMOVE;
}

/* Between a half and five eighths of the lifetime (RFC 6887, 11.2.1): not all of a home at once. */
static guint
renewal_ms (guint32 lifetime_s)
{
  guint eighth_ms = lifetime_s * 125;
  guint ms = 4 * eighth_ms + kith_env_random_uniform (kith_env_get_default (), eighth_ms);

  return MAX (ms, KITH_LIMIT_PCP_RENEW_MIN_MS);
}

/* A hole in a firewall begins where it ends. */
static gboolean
is_sensible (Pcp *self, const KithPcpAnswer *answer)
{
  if (answer->lifetime_s == 0 || answer->external.family != self->family)
    return FALSE;

  return self->family == 4 || kith_endpoint_equal (&answer->external, &self->map.client);
}

static gboolean
take_epoch (Pcp *self, guint32 epoch_s)
{
  gint64 now_s = g_get_monotonic_time () / G_USEC_PER_SEC;
  gboolean is_reset = self->has_epoch
                      && kith_pcp_is_reset (self->answered_s, self->epoch_s, now_s, epoch_s);

  self->answered_s = now_s;
  self->epoch_s = epoch_s;
  self->has_epoch = TRUE;
  return is_reset;
}

static void
take_mapping (Pcp *self, const KithPcpAnswer *answer)
{
  gboolean is_reset = take_epoch (self, answer->epoch_s);

  if (!is_sensible (self, answer))
    {
      fail (self, KITH_PORT_MAP_REFUSED, "PCP: the gateway gave no port");
      return;
    }

  self->step = STEP_IDLE;
  self->map.external = answer->external;
  self->until_us = g_get_monotonic_time () + (gint64) answer->lifetime_s * G_USEC_PER_SEC;
  set_timer (self, renewal_ms (answer->lifetime_s), renew_cb);
  if (is_reset)
    self->base.events->reset (&self->base, self->base.user_data);
  self->base.events->mapped (&self->base, &self->map.external, self->base.user_data);
}

/* --- Questions and answers ------------------------------------------------------------------ */

static void
take_answer (Pcp *self, const KithPcpAnswer *answer)
{
  if (self->step == STEP_REMOVE)
    fail (self, KITH_PORT_MAP_OFF, "");
  else if (answer->result != KITH_PCP_SUCCESS)
    refuse (self, answer->result);
  else
    take_mapping (self, answer);
}

/* A router also speaks unasked, when it has changed a mapping of ours (RFC 6887, 14.2). */
static gboolean
readable_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Pcp *self = user_data;
  guint8 packet[PACKET_BYTES];
  KithPcpAnswer answer;
  g_autoptr (GError) error = NULL;
  gssize len = g_socket_receive (socket, (char *) packet, sizeof packet, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return G_SOURCE_CONTINUE;

  if (len < 0)
    fail (self, KITH_PORT_MAP_NO_ROUTER, "PCP: the gateway does not speak it");
  else if (kith_pcp_answer_decode (&answer, &self->map, packet, (gsize) len))
    take_answer (self, &answer);

  return G_SOURCE_CONTINUE;
}

static gboolean
resend_cb (gpointer user_data)
{
  Pcp *self = user_data;

  if (self->until_us != 0 && g_get_monotonic_time () >= self->until_us)
    {
      fail (self, KITH_PORT_MAP_NO_ROUTER, "PCP: no answer");
      return G_SOURCE_REMOVE;
    }

  self->retry_ms = MIN (self->retry_ms * 2, KITH_LIMIT_PCP_RETRY_MAX_MS);
  ask (self, self->step);
  return G_SOURCE_REMOVE;
}

/* While there is a mapping, the last try is at its end. */
static guint
pause_ms (Pcp *self)
{
  gint64 left_ms = (self->until_us - g_get_monotonic_time ()) / 1000 + 1;

  if (self->until_us == 0)
    return self->retry_ms;
  return (guint) CLAMP (left_ms, 1, (gint64) self->retry_ms);
}

/* A request that is not sent is one that is lost: the timer sends it again. */
static void
ask (Pcp *self, Step step)
{
  guint8 packet[KITH_PCP_MAP_BYTES];
  g_autoptr (GError) error = NULL;

  if (self->step != step)
    self->retry_ms = KITH_LIMIT_PCP_RETRY_MIN_MS;
  self->step = step;
  self->map.lifetime_s = step == STEP_MAP ? self->base.lease_s : 0;
  kith_pcp_map_encode (&self->map, packet);
  if (g_socket_send (self->socket, (const char *) packet, sizeof packet, NULL, &error) < 0)
    g_debug ("A request was not sent: %s", error->message);
  set_timer (self, pause_ms (self), resend_cb);
}

/* --- The socket ----------------------------------------------------------------------------- */

static GSocketAddress *
address_of (const KithGateway *gateway)
{
  struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = g_htons (KITH_PCP_PORT) };
  struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = g_htons (KITH_PCP_PORT) };

  memcpy (&in.sin_addr, gateway->address, sizeof in.sin_addr);
  memcpy (&in6.sin6_addr, gateway->address, sizeof in6.sin6_addr);
  in6.sin6_scope_id = if_nametoindex (gateway->interface);
  return gateway->family == 4 ? g_socket_address_new_from_native (&in, sizeof in)
                              : g_socket_address_new_from_native (&in6, sizeof in6);
}

/* The server compares our address with that in the request: the hole is for the one that asks. */
static gboolean
bind_socket (Pcp *self, GError **error)
{
  g_autoptr (GInetAddress) address = NULL;
  g_autoptr (GSocketAddress) bound = NULL;

  if (self->family == 4)
    return TRUE;

  address = g_inet_address_new_from_bytes (self->map.client.address, G_SOCKET_FAMILY_IPV6);
  bound = g_inet_socket_address_new (address, 0);
  return g_socket_bind (self->socket, bound, FALSE, error);
}

static gboolean
take_own_address (Pcp *self, GError **error)
{
  g_autoptr (GSocketAddress) local = g_socket_get_local_address (self->socket, error);
  GInetAddress *address;

  if (local == NULL)
    return FALSE;

  address = g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (local));
  return kith_endpoint_set_bytes (&self->map.client, g_inet_address_to_bytes (address),
                                  g_inet_address_get_native_size (address),
                                  self->base.local_port);
}

static gboolean
connect_socket (Pcp *self, const KithGateway *gateway, GError **error)
{
  g_autoptr (GSocketAddress) server = address_of (gateway);

  self->socket = g_socket_new (self->family == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6,
                               G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_UDP, error);
  if (self->socket == NULL)
    return FALSE;

  g_socket_set_blocking (self->socket, FALSE);
  return bind_socket (self, error) && g_socket_connect (self->socket, server, NULL, error)
         && take_own_address (self, error);
}

static gboolean
open_socket (Pcp *self)
{
  KithGateway gateway;
  g_autoptr (GError) error = NULL;

  if (!kith_gateway_find (&gateway, self->family))
    return FALSE;

  if (!connect_socket (self, &gateway, &error))
    {
      g_debug ("The gateway cannot be asked: %s", error != NULL ? error->message : "no address");
      return FALSE;
    }

  self->readable = g_socket_create_source (self->socket, G_IO_IN | G_IO_ERR, NULL);
  g_source_set_callback (self->readable, G_SOURCE_FUNC (readable_cb), self, NULL);
  g_source_set_static_name (self->readable, "kith-pcp");
  g_source_attach (self->readable, g_main_context_get_thread_default ());
  return TRUE;
}

/* --- The mapper ----------------------------------------------------------------------------- */

static gboolean
not_opened_cb (gpointer user_data)
{
  fail (user_data, KITH_PORT_MAP_NO_ROUTER, "PCP: no default gateway");
  return G_SOURCE_REMOVE;
}

/* As long as there is a mapping, it is the same gateway that is asked. */
static void
begin (Pcp *self, Step step)
{
  if (self->until_us == 0)
    close_all (self);

  if (self->socket != NULL || open_socket (self))
    {
      self->step = STEP_IDLE;
      ask (self, step);
      return;
    }

  self->step = step;
  set_timer (self, 0, not_opened_cb);
}

static void
pcp_request (KithMapper *mapper)
{
  Pcp *self = (Pcp *) mapper;

  if (self->map.external.port == 0)
    self->map.external.port = mapper->local_port;
  begin (self, STEP_MAP);
}

static void
pcp_remove (KithMapper *mapper)
{
  begin ((Pcp *) mapper, STEP_REMOVE);
}

static void
pcp_free (KithMapper *mapper)
{
  Pcp *self = (Pcp *) mapper;

  close_all (self);
  g_free (self);
}

/**
 * kith_port_map_pcp_new:
 * @nonce: (array fixed-size=12): tells our mappings from those of others on the same machine
 * @pinhole: (nullable): a global IPv6 address of ours that the router shall let in to; %NULL for
 *   a mapping of IPv4
 *
 * Returns: (transfer full): a mapper that asks the default gateway
 */
KithMapper *
kith_port_map_pcp_new (const guint8 *nonce, const KithEndpoint *pinhole)
{
  static const KithMapperClass class = { pcp_request, pcp_remove, pcp_free };
  Pcp *self = g_new0 (Pcp, 1);

  self->base.class = &class;
  self->base.method = KITH_PORT_MAP_METHOD_PCP;
  self->family = pinhole != NULL ? 6 : 4;
  memcpy (self->map.nonce, nonce, sizeof self->map.nonce);
  if (pinhole != NULL)
    self->map.client = *pinhole;
  return &self->base;
}
