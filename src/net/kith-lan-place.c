/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 7.6: which networks this machine is on. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-lan-place.h"

#include <string.h>

#include <ifaddrs.h>
#include <netinet/in.h>

/* Tunnels are left out: what is at their other end is not on our network. */
static gboolean
is_wanted (const struct ifaddrs *entry, const char *only)
{
  if (entry->ifa_addr == NULL || entry->ifa_netmask == NULL || (entry->ifa_flags & IFF_UP) == 0)
    return FALSE;

  if (only != NULL)
    return g_str_equal (entry->ifa_name, only);

  return (entry->ifa_flags & IFF_MULTICAST) != 0 && (entry->ifa_flags & IFF_RUNNING) != 0
         && (entry->ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) == 0;
}

/* Returns: 4 or 6, or 0 for what is no IP address */
static guint8
read_prefix (const struct ifaddrs *entry, KithLanPrefix *prefix)
{
  *prefix = (KithLanPrefix){ { 0 }, { 0 } };

  if (entry->ifa_addr->sa_family == AF_INET)
    {
      struct sockaddr_in address;
      struct sockaddr_in mask;

      memcpy (&address, entry->ifa_addr, sizeof address);
      memcpy (&mask, entry->ifa_netmask, sizeof mask);
      memcpy (prefix->address, &address.sin_addr, 4);
      memcpy (prefix->mask, &mask.sin_addr, 4);
      return 4;
    }

  if (entry->ifa_addr->sa_family == AF_INET6)
    {
      struct sockaddr_in6 address;
      struct sockaddr_in6 mask;

      memcpy (&address, entry->ifa_addr, sizeof address);
      memcpy (&mask, entry->ifa_netmask, sizeof mask);
      memcpy (prefix->address, &address.sin6_addr, 16);
      memcpy (prefix->mask, &mask.sin6_addr, 16);
      return 6;
    }

  return 0;
}

static gboolean
is_link_local6 (const guint8 *address)
{
  return address[0] == 0xfe && (address[1] & 0xc0) == 0x80;
}

/* What others dial is the source of our beacons. Of IPv6, a link-local address would need a scope
 * that an endpoint does not have; one for local networks only (fc00::/7) is liked best. */
static guint
rank_of (guint8 family, const guint8 *address)
{
  if (family == 4)
    return 1;
  if (is_link_local6 (address))
    return 0;
  return (address[0] & 0xfe) == 0xfc ? 2 : 1;
}

static KithLanPlace *
find_or_add (GArray *places, const struct ifaddrs *entry, guint8 family)
{
  KithLanPlace place = { .index = if_nametoindex (entry->ifa_name), .family = family };

  for (guint i = 0; i < places->len; i++)
    {
      KithLanPlace *known = &g_array_index (places, KithLanPlace, i);

      /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): an array that has elements has data */
      if (known->index == place.index && known->family == family)
        return known;
    }

  if (place.index == 0 || places->len >= KITH_LIMIT_LAN_LINKS)
    return NULL;

  g_strlcpy (place.name, entry->ifa_name, sizeof place.name);
  g_array_append_val (places, place);
  return &g_array_index (places, KithLanPlace, places->len - 1);
}

static void
add_prefix (KithLanPlace *place, const KithLanPrefix *prefix)
{
  guint best = rank_of (place->family, place->source);
  gboolean has_source = place->n_prefixes > 0;

  if (place->n_prefixes >= KITH_LIMIT_LAN_PREFIXES)
    return;

  place->prefixes[place->n_prefixes++] = *prefix;
  if (!has_source || rank_of (place->family, prefix->address) > best)
    memcpy (place->source, prefix->address, sizeof place->source);
}

/* Nobody could dial us there. */
static void
remove_unreachable (GArray *places)
{
  for (guint i = places->len; i > 0; i--)
    {
      KithLanPlace *place = &g_array_index (places, KithLanPlace, i - 1);

      /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): likewise */
      if (rank_of (place->family, place->source) == 0)
        g_array_remove_index (places, i - 1);
    }
}

/**
 * kith_lan_place_list:
 * @only: (nullable): the only interface to look at, even if it is the loopback; %NULL for each
 *   that has multicast, but for loopback and tunnels
 *
 * Returns: (transfer full) (element-type KithLanPlace): where we are now, maybe nowhere
 */
GArray *
kith_lan_place_list (const char *only)
{
  GArray *places = g_array_new (FALSE, FALSE, sizeof (KithLanPlace));
  struct ifaddrs *interfaces = NULL;

  if (getifaddrs (&interfaces) != 0)
    return places;

  for (const struct ifaddrs *entry = interfaces; entry != NULL; entry = entry->ifa_next)
    {
      KithLanPrefix prefix;
      KithLanPlace *place = NULL;
      guint8 family = is_wanted (entry, only) ? read_prefix (entry, &prefix) : 0;

      if (family != 0)
        place = find_or_add (places, entry, family);
      if (place != NULL)
        add_prefix (place, &prefix);
    }

  freeifaddrs (interfaces);
  remove_unreachable (places);
  return places;
}

/**
 * kith_lan_place_is_same:
 * @self: a place
 * @other: another
 *
 * Returns: whether it is the same interface, family and own address
 */
gboolean
kith_lan_place_is_same (const KithLanPlace *self, const KithLanPlace *other)
{
  return self->index == other->index && self->family == other->family
         && memcmp (self->source, other->source, sizeof self->source) == 0;
}

static gboolean
is_in (const KithLanPrefix *prefix, const guint8 *address, gsize len)
{
  for (gsize i = 0; i < len; i++)
    if (((prefix->address[i] ^ address[i]) & prefix->mask[i]) != 0)
      return FALSE;

  return TRUE;
}

/**
 * kith_lan_place_contains:
 * @self: a place
 * @source: where a datagram came from; untrusted
 *
 * Returns: whether that address is on this link
 */
gboolean
kith_lan_place_contains (const KithLanPlace *self, const KithEndpoint *source)
{
  if (source->family != self->family)
    return FALSE;

  for (guint i = 0; i < self->n_prefixes; i++)
    if (is_in (&self->prefixes[i], source->address, kith_endpoint_get_len (source)))
      return TRUE;

  return FALSE;
}
