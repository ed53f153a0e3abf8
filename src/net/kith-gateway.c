/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The default gateway, from the kernel's lists of routes. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-gateway.h"

#include <string.h>

#include <linux/route.h>

#include "base/kith-bytes.h"

typedef struct
{
  const char *gateway;
  guint64     flags;
  guint64     metric;
  const char *interface;
} Route;

static gboolean
read_number (const char *text, guint base, guint64 *out)
{
  return g_ascii_string_to_unsigned (text, base, 0, G_MAXUINT32, out, NULL);
}

static gboolean
is_zero (const char *hex)
{
  return *hex != '\0' && strspn (hex, "0") == strlen (hex);
}

/* Iface Destination Gateway Flags RefCnt Use Metric Mask ... */
static gboolean
read_default4 (char **words, guint n, Route *route)
{
  if (n < 8 || !is_zero (words[1]) || !is_zero (words[7]))
    return FALSE;

  route->interface = words[0];
  route->gateway = words[2];
  return read_number (words[3], 16, &route->flags) && read_number (words[6], 10, &route->metric);
}

/* Destination its-length source its-length next-hop metric RefCnt Use flags interface */
static gboolean
read_default6 (char **words, guint n, Route *route)
{
  if (n < 10 || !is_zero (words[0]) || !is_zero (words[1]) || !is_zero (words[3]))
    return FALSE;

  route->interface = words[9];
  route->gateway = words[4];
  return read_number (words[8], 16, &route->flags) && read_number (words[5], 16, &route->metric);
}

/* IPv4 is a number in the order of this machine, IPv6 just bytes. */
static gboolean
read_address (const char *text, guint8 family, guint8 *out)
{
  guint64 number;
  guint32 bytes;

  memset (out, 0, 16);
  if (family == 6)
    return kith_hex_decode (text, out, 16);

  if (!read_number (text, 16, &number))
    return FALSE;

  bytes = (guint32) number;
  memcpy (out, &bytes, sizeof bytes);
  return TRUE;
}

/* Returns: how many words there are, or @max */
static guint
split (char *line, char **words, guint max)
{
  guint n = 0;
  char *rest = NULL;

  for (char *word = strtok_r (line, " \t", &rest); word != NULL && n < max;
       word = strtok_r (NULL, " \t", &rest))
    words[n++] = word;

  return n;
}

/**
 * kith_gateway_parse:
 * @self: (out caller-allocates): the gateway
 * @family: 4 or 6
 * @routes: what the kernel says in /proc/net/route or /proc/net/ipv6_route
 *
 * Returns: whether there is a default route through a gateway; the one that the kernel likes best
 */
gboolean
kith_gateway_parse (KithGateway *self, guint8 family, const char *routes)
{
  g_auto (GStrv) lines = g_strsplit (routes, "\n", -1);
  guint64 best = G_MAXUINT64;

  *self = (KithGateway){ 0 };
  for (char **line = lines; *line != NULL; line++)
    {
      char *words[16];
      Route route = { 0 };
      guint n = split (*line, words, G_N_ELEMENTS (words));
      gboolean is_default = family == 4 ? read_default4 (words, n, &route)
                                        : read_default6 (words, n, &route);

      if (!is_default || route.metric >= best
          || (route.flags & (RTF_UP | RTF_GATEWAY | RTF_REJECT)) != (RTF_UP | RTF_GATEWAY)
          || !read_address (route.gateway, family, self->address))
        continue;

      best = route.metric;
      self->family = family;
      g_strlcpy (self->interface, route.interface, sizeof self->interface);
    }

  return self->family != 0;
}

/**
 * kith_gateway_find:
 * @self: (out caller-allocates): the gateway
 * @family: 4 or 6
 *
 * Returns: whether this machine has a default gateway
 */
gboolean
kith_gateway_find (KithGateway *self, guint8 family)
{
  g_autofree char *routes = NULL;

  *self = (KithGateway){ 0 };
  return g_file_get_contents (family == 4 ? "/proc/net/route" : "/proc/net/ipv6_route", &routes,
                              NULL, NULL)
         && kith_gateway_parse (self, family, routes);
}
