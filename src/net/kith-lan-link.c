/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 7.6: the sockets of one interface. One hears the group and nothing else, because it is
 * bound to it; the other sends from the address where we can be reached. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-lan-link.h"

#include <errno.h>

#include <netinet/in.h>

#include "base/kith-source.h"
#include "net/kith-connection.h"
#include "proto/kith-beacon.h"

#define GROUP_4 "239.255.75.84" /* 75.84 and 4b54 are K T */
#define GROUP_6 "ff02::4b54"
#define TTL 1

/* Not in the C library's headers. */
#ifndef IPV6_MULTICAST_ALL
#define IPV6_MULTICAST_ALL 29
#endif

struct _KithLanLink
{
  grefcount       ref_count;
  KithLanPlace    place;
  GSocketAddress *group;   /* (owned) with its port and interface */
  GSocket        *hears;   /* (owned) */
  GSocket        *sends;   /* (owned) */
  GSource        *source;  /* (owned) (nullable) after close */
  KithLanLinkFunc func;
  gpointer        user_data;
};

static gboolean incoming_cb (GSocket *socket, GIOCondition condition, gpointer user_data);

static GSocketFamily
family_of (const KithLanPlace *place)
{
  return place->family == 4 ? G_SOCKET_FAMILY_IPV4 : G_SOCKET_FAMILY_IPV6;
}

static void
link_unref (KithLanLink *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  g_clear_object (&self->group);
  g_clear_object (&self->hears);
  g_clear_object (&self->sends);
  g_free (self);
}

/* --- Receiving ------------------------------------------------------------------------------ */

static void
stop_watching (KithLanLink *self)
{
  kith_source_clear (&self->source);
}

static void
watch (KithLanLink *self)
{
  stop_watching (self);
  self->source = g_socket_create_source (self->hears, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (incoming_cb), self, NULL);
  g_source_set_static_name (self->source, "kith-lan-link");
  g_source_attach (self->source, g_main_context_get_thread_default ());
}

static gboolean
rested_cb (gpointer user_data)
{
  watch (user_data);
  return G_SOURCE_REMOVE;
}

/* Whoever floods the network fills the buffer of the kernel, which drops the rest, and does not
 * keep us busy. */
static void
rest (KithLanLink *self)
{
  kith_source_start (&self->source, KITH_LIMIT_BEACON_REST_MS, rested_cb, self);
  g_source_set_static_name (self->source, "kith-lan-link-rest");
}

/* Returns: whether there may be more */
static gboolean
receive_one (KithLanLink *self)
{
  guint8 data[KITH_BEACON_MAX_BYTES + 1];
  g_autoptr (GSocketAddress) address = NULL;
  KithEndpoint source;
  gssize len;

  len = g_socket_receive_from (self->hears, &address, (char *) data, sizeof data, NULL, NULL);
  if (len < 0)
    return FALSE;

  if (kith_endpoint_from_socket_address (&source, address)
      && kith_lan_place_contains (&self->place, &source))
    self->func (data, (gsize) len, &source, self->user_data);

  return TRUE;
}

static gboolean
incoming_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  KithLanLink *self = user_data;
  gboolean goes_on;
  guint n = 0;

  g_ref_count_inc (&self->ref_count);
  while (n < KITH_LIMIT_BEACONS_PER_TURN && self->source != NULL && receive_one (self))
    n++;

  /* A socket that fails at once, and for ever, rests as well. */
  if (self->source != NULL && (n == 0 || n == KITH_LIMIT_BEACONS_PER_TURN))
    rest (self);

  goes_on = self->source != NULL && n > 0 && n < KITH_LIMIT_BEACONS_PER_TURN;
  link_unref (self);
  return goes_on ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* --- Sending -------------------------------------------------------------------------------- */

/**
 * kith_lan_link_send:
 * @self: a link
 * @data: (array length=len): a beacon
 * @len: its length in bytes
 *
 * Sends it to the group once. What a network does not take is lost, as beacons may be.
 */
void
kith_lan_link_send (KithLanLink *self, const guint8 *data, gsize len)
{
  g_autoptr (GError) error = NULL;

  if (g_socket_send_to (self->sends, self->group, (const char *) data, len, NULL, &error) < 0)
    g_debug ("A beacon was not sent: code %d", error->code);
}

/* --- Opening -------------------------------------------------------------------------------- */

static GSocket *
open_socket (const KithLanPlace *place, GSocketAddress *bound_to, gboolean shared, GError **error)
{
  g_autoptr (GSocket) socket = g_socket_new (family_of (place), G_SOCKET_TYPE_DATAGRAM,
                                             G_SOCKET_PROTOCOL_UDP, error);

  if (socket == NULL)
    return NULL;

  g_socket_set_blocking (socket, FALSE);
  if (place->family == 6)
    g_socket_set_option (socket, IPPROTO_IPV6, IPV6_V6ONLY, 1, NULL);
  if (!g_socket_bind (socket, bound_to, shared, error))
    return NULL;

  return g_steal_pointer (&socket);
}

/* Without it, a socket hears each group that any socket of this machine has joined anywhere. */
static gboolean
hear_own_groups_only (GSocket *socket, const KithLanPlace *place, GError **error)
{
  if (place->family == 4)
    return g_socket_set_option (socket, IPPROTO_IP, IP_MULTICAST_ALL, 0, error);

  return g_socket_set_option (socket, IPPROTO_IPV6, IPV6_MULTICAST_ALL, 0, error);
}

static gboolean
open_hearing (KithLanLink *self, GInetAddress *group, GError **error)
{
  self->hears = open_socket (&self->place, self->group, TRUE, error);
  return self->hears != NULL && hear_own_groups_only (self->hears, &self->place, error)
         && g_socket_join_multicast_group (self->hears, group, FALSE, self->place.name, error);
}

static gboolean
send_through (GSocket *socket, const KithLanPlace *place, GError **error)
{
  struct ip_mreqn request = { .imr_ifindex = (int) place->index };
  GIOErrorEnum code;

  if (place->family == 6)
    return g_socket_set_option (socket, IPPROTO_IPV6, IPV6_MULTICAST_IF, (int) place->index, error);

  if (setsockopt (g_socket_get_fd (socket), IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request)
      == 0)
    return TRUE;

  code = g_io_error_from_errno (errno);
  g_set_error_literal (error, G_IO_ERROR, (gint) code, g_strerror (errno));
  return FALSE;
}

static gboolean
open_sending (KithLanLink *self, GError **error)
{
  g_autoptr (GInetAddress) own = g_inet_address_new_from_bytes (self->place.source,
                                                                family_of (&self->place));
  g_autoptr (GSocketAddress) from = g_inet_socket_address_new (own, 0);

  self->sends = open_socket (&self->place, from, FALSE, error);
  if (self->sends == NULL || !send_through (self->sends, &self->place, error))
    return FALSE;

  /* Others on this very machine hear it, too. */
  g_socket_set_multicast_loopback (self->sends, TRUE);
  g_socket_set_multicast_ttl (self->sends, TTL);
  return TRUE;
}

/**
 * kith_lan_link_new:
 * @place: which interface and family
 * @port: the UDP port of the group
 * @func: takes the datagrams
 * @user_data: given to it
 * @error: return location for a #GError of GIO
 *
 * Returns: (transfer full) (nullable): a link, to be closed with kith_lan_link_close()
 */
KithLanLink *
kith_lan_link_new (const KithLanPlace *place, guint16 port, KithLanLinkFunc func,
                   gpointer user_data, GError **error)
{
  g_autoptr (GInetAddress) group = g_inet_address_new_from_string (place->family == 4 ? GROUP_4
                                                                                      : GROUP_6);
  KithLanLink *self = g_new0 (KithLanLink, 1);

  g_ref_count_init (&self->ref_count);
  self->place = *place;
  self->func = func;
  self->user_data = user_data;
  self->group = g_object_new (G_TYPE_INET_SOCKET_ADDRESS, "address", group, "port", (guint) port,
                              "scope-id", place->family == 6 ? place->index : 0, NULL);

  if (!open_hearing (self, group, error) || !open_sending (self, error))
    {
      link_unref (self);
      return NULL;
    }

  watch (self);
  return self;
}

/**
 * kith_lan_link_close:
 * @self: (transfer full): a link
 *
 * Leaves the group. Nothing is handed over any more.
 */
void
kith_lan_link_close (KithLanLink *self)
{
  stop_watching (self);
  g_socket_close (self->hears, NULL);
  g_socket_close (self->sends, NULL);
  link_unref (self);
}

/**
 * kith_lan_link_get_place:
 * @self: a link
 *
 * Returns: (transfer none): its interface and family
 */
const KithLanPlace *
kith_lan_link_get_place (KithLanLink *self)
{
  return &self->place;
}

/**
 * kith_lan_link_set_place:
 * @self: a link
 * @place: the same place, of which other addresses may be on the link by now
 */
void
kith_lan_link_set_place (KithLanLink *self, const KithLanPlace *place)
{
  self->place = *place;
}
