/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-endpoint.h"

#include <string.h>

#include <arpa/inet.h>

#include "base/kith-limits.h"

/* ::ffff:a.b.c.d is an IPv4 address in an IPv6 coat, and has to meet the rules for IPv4. */
static void
take_off_coat (KithEndpoint *self)
{
  static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

  if (self->family != 6 || memcmp (self->address, mapped, sizeof mapped) != 0)
    return;

  self->family = 4;
  memmove (self->address, self->address + sizeof mapped, 4);
  memset (self->address + 4, 0, sizeof self->address - 4);
}

/**
 * kith_endpoint_parse:
 * @self: (out caller-allocates): the endpoint; family 0 on failure
 * @address: what somebody typed: an IPv4 address, or an IPv6 address with or without brackets
 * @port: what somebody typed
 *
 * Returns: whether that is an IP address and a port
 */
gboolean
kith_endpoint_parse (KithEndpoint *self, const char *address, guint port)
{
  char text[INET6_ADDRSTRLEN];
  gsize len = strlen (address);

  *self = (KithEndpoint){ 0 };

  if (port == 0 || port > G_MAXUINT16)
    return FALSE;

  if (len >= 2 && address[0] == '[' && address[len - 1] == ']')
    {
      address++;
      len -= 2;
    }

  if (len >= sizeof text)
    return FALSE;

  memcpy (text, address, len);
  text[len] = '\0';

  if (inet_pton (AF_INET, text, self->address) == 1)
    self->family = 4;
  else if (inet_pton (AF_INET6, text, self->address) == 1)
    self->family = 6;
  else
    return FALSE;

  self->port = (guint16) port;
  take_off_coat (self);
  return TRUE;
}

/**
 * kith_endpoint_set_bytes:
 * @self: (out caller-allocates): the endpoint; family 0 on failure
 * @address: (array length=len): a big-endian address; untrusted
 * @len: 4 or 16
 * @port: a port; untrusted
 *
 * Returns: whether that is an address and a port
 */
gboolean
kith_endpoint_set_bytes (KithEndpoint *self, const guint8 *address, gsize len, guint port)
{
  *self = (KithEndpoint){ 0 };

  if ((len != 4 && len != 16) || port == 0 || port > G_MAXUINT16)
    return FALSE;

  self->family = len == 4 ? 4 : 6;
  memcpy (self->address, address, len);
  self->port = (guint16) port;
  take_off_coat (self);
  return TRUE;
}

/**
 * kith_endpoint_get_len:
 * @self: an endpoint
 *
 * Returns: how many bytes of @address count: 4 or 16
 */
gsize
kith_endpoint_get_len (const KithEndpoint *self)
{
  return self->family == 4 ? 4 : 16;
}

/**
 * kith_endpoint_equal:
 * @a: an endpoint
 * @b: another
 *
 * Returns: whether address and port are the same
 */
gboolean
kith_endpoint_equal (const KithEndpoint *a, const KithEndpoint *b)
{
  return a->family == b->family && a->port == b->port
         && memcmp (a->address, b->address, kith_endpoint_get_len (a)) == 0;
}

/**
 * kith_endpoint_dup_address:
 * @self: an endpoint
 *
 * Returns: (transfer full): the address as text, without the port
 */
char *
kith_endpoint_dup_address (const KithEndpoint *self)
{
  char text[INET6_ADDRSTRLEN] = "";

  inet_ntop (self->family == 4 ? AF_INET : AF_INET6, self->address, text, sizeof text);
  return g_strdup (text);
}

/**
 * kith_endpoint_dup_text:
 * @self: an endpoint
 *
 * Returns: (transfer full): `192.0.2.1:5484` or `[2001:db8::1]:5484`
 */
char *
kith_endpoint_dup_text (const KithEndpoint *self)
{
  g_autofree char *address = kith_endpoint_dup_address (self);

  return g_strdup_printf (self->family == 4 ? "%s:%u" : "[%s]:%u", address, self->port);
}

/**
 * kith_endpoint_is_loopback:
 * @self: an endpoint
 *
 * Returns: whether it leads back to this machine
 */
gboolean
kith_endpoint_is_loopback (const KithEndpoint *self)
{
  static const guint8 loopback[16] = { [15] = 1 };

  if (self->family == 4)
    return self->address[0] == 127;

  return memcmp (self->address, loopback, sizeof loopback) == 0;
}

/**
 * kith_endpoint_is_private:
 * @self: an endpoint
 *
 * Returns: whether it is of a network that is not reached from outside (RFC 1918, fc00::/7)
 */
gboolean
kith_endpoint_is_private (const KithEndpoint *self)
{
  const guint8 *a = self->address;

  if (self->family == 4)
    return a[0] == 10 || (a[0] == 172 && (a[1] & 0xf0) == 16) || (a[0] == 192 && a[1] == 168);

  return (a[0] & 0xfe) == 0xfc;
}

/**
 * kith_endpoint_is_global:
 * @self: an endpoint
 *
 * Returns: whether it is neither of this machine nor of a private network. It may still be that of a
 *   provider's NAT, or nobody's
 */
gboolean
kith_endpoint_is_global (const KithEndpoint *self)
{
  return !kith_endpoint_is_private (self) && !kith_endpoint_is_loopback (self);
}

/**
 * kith_endpoint_is_dialable:
 * @self: an endpoint
 *
 * Whether an endpoint that somebody else named may be dialled (7.2): no unspecified, link-local,
 * multicast or broadcast address, and no port below 1024, behind which there are services that
 * have nothing to do with us. Loopback is a matter of where it came from.
 *
 * Returns: whether it may be
 */
gboolean
kith_endpoint_is_dialable (const KithEndpoint *self)
{
  static const guint8 unspecified[16];
  const guint8 *a = self->address;

  if (self->port < KITH_LIMIT_LOWEST_PORT)
    return FALSE;

  if (self->family == 4)
    return a[0] != 0 && a[0] < 224 && !(a[0] == 169 && a[1] == 254);

  if (self->family != 6)
    return FALSE;

  return a[0] != 0xff && !(a[0] == 0xfe && (a[1] & 0xc0) == 0x80)
         && memcmp (a, unspecified, sizeof unspecified) != 0;
}

/* --- In a row of bytes ---------------------------------------------------------------------- */

/**
 * kith_writer_endpoint:
 * @writer: where to
 * @endpoint: an endpoint
 */
void
kith_writer_endpoint (KithWriter *writer, const KithEndpoint *endpoint)
{
  kith_writer_u8 (writer, endpoint->family);
  kith_writer_bytes (writer, endpoint->address, kith_endpoint_get_len (endpoint));
  kith_writer_u16 (writer, endpoint->port);
}

/**
 * kith_reader_endpoint:
 * @reader: where from: untrusted
 * @endpoint: (out): the endpoint
 *
 * Returns: whether there is one
 */
gboolean
kith_reader_endpoint (KithReader *reader, KithEndpoint *endpoint)
{
  guint8 family = kith_reader_u8 (reader);
  gsize len = family == 4 ? 4 : 16;
  const guint8 *address = kith_reader_peek (reader, len);
  guint16 port = kith_reader_u16 (reader);

  return (family == 4 || family == 6) && address != NULL && !reader->failed
         && kith_endpoint_set_bytes (endpoint, address, len, port);
}
