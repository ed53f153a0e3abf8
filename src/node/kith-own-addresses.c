/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The addresses of this machine that a friend could enter, the most useful first. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-own-addresses.h"

#include <gio/gio.h>

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

typedef struct
{
  char *text; /* (owned) */
  guint rank; /* the lower, the more useful */
} Candidate;

static void
candidate_clear (gpointer data)
{
  Candidate *candidate = data;

  g_free (candidate->text);
}

/* Addresses that reach further come first; of the same reach, IPv4 first, because it is the
 * easier one to read out on the telephone. */
static gboolean
rank_of (GInetAddress *address, guint *rank)
{
  gboolean is_v4 = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4;

  if (g_inet_address_get_is_multicast (address) || g_inet_address_get_is_any (address)
      || g_inet_address_get_is_link_local (address))
    return FALSE;

  if (g_inet_address_get_is_loopback (address))
    *rank = 40;
  else if (g_inet_address_get_is_site_local (address))
    *rank = 20;
  else
    *rank = 10;

  /* fc00::/7, unique local: GLib's "site local" is only the older fec0::/10. */
  if (!is_v4 && *rank == 10 && (g_inet_address_to_bytes (address)[0] & 0xfe) == 0xfc)
    *rank = 20;

  *rank += is_v4 ? 0 : 1;
  return TRUE;
}

static void
add_candidate (GArray *candidates, GInetAddress *address)
{
  Candidate candidate = { NULL, 0 };

  if (!rank_of (address, &candidate.rank))
    return;

  candidate.text = g_inet_address_to_string (address);
  g_array_append_val (candidates, candidate);
}

static GInetAddress *
address_of (const struct ifaddrs *entry)
{
  g_autoptr (GSocketAddress) socket_address = NULL;
  gsize len;

  if (entry->ifa_addr == NULL || (entry->ifa_flags & IFF_UP) == 0)
    return NULL;

  if (entry->ifa_addr->sa_family == AF_INET)
    len = sizeof (struct sockaddr_in);
  else if (entry->ifa_addr->sa_family == AF_INET6)
    len = sizeof (struct sockaddr_in6);
  else
    return NULL;

  socket_address = g_socket_address_new_from_native (entry->ifa_addr, len);
  if (!G_IS_INET_SOCKET_ADDRESS (socket_address))
    return NULL;

  return g_object_ref (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (socket_address)));
}

static gint
compare_candidates (gconstpointer a, gconstpointer b)
{
  const Candidate *left = a;
  const Candidate *right = b;

  if (left->rank != right->rank)
    return left->rank < right->rank ? -1 : 1;

  return g_strcmp0 (left->text, right->text);
}

static gboolean
is_listed (GPtrArray *list, const char *text)
{
  return g_ptr_array_find_with_equal_func (list, text, g_str_equal, NULL);
}

/* Loopback is of use to a second instance on this very machine, and to nobody else. */
static char **
take_useful (GArray *candidates)
{
  GPtrArray *list = g_ptr_array_new ();

  g_array_sort (candidates, compare_candidates);

  for (guint i = 0; i < candidates->len; i++)
    {
      Candidate *candidate = &g_array_index (candidates, Candidate, i);

      if (candidate->rank >= 40 && list->len > 0 && g_array_index (candidates, Candidate, 0).rank < 40)
        break;
      if (!is_listed (list, candidate->text))
        g_ptr_array_add (list, g_steal_pointer (&candidate->text));
    }

  g_ptr_array_add (list, NULL);
  return (char **) g_ptr_array_free (list, FALSE);
}

/**
 * kith_own_addresses_list:
 * @bound_to: (nullable): the address the listener is bound to; %NULL or "" for every address
 *
 * Lists the addresses of this machine that others could enter: global ones first, then private
 * ones; loopback only when there is nothing else. A listener bound to one address yields just
 * that one. Link-local addresses are left out: they mean nothing without an interface name.
 *
 * Returns: (transfer full) (array zero-terminated=1): addresses as text, without a port
 */
char **
kith_own_addresses_list (const char *bound_to)
{
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  struct ifaddrs *interfaces = NULL;
  gboolean only_v4 = FALSE;

  g_array_set_clear_func (candidates, candidate_clear);

  if (bound_to != NULL && *bound_to != '\0')
    {
      g_autoptr (GInetAddress) bound = g_inet_address_new_from_string (bound_to);
      char *only[] = { (char *) bound_to, NULL };

      if (bound != NULL && !g_inet_address_get_is_any (bound))
        return g_strdupv (only);
      only_v4 = bound != NULL && g_inet_address_get_family (bound) == G_SOCKET_FAMILY_IPV4;
    }

  if (getifaddrs (&interfaces) != 0)
    return g_new0 (char *, 1);

  for (const struct ifaddrs *entry = interfaces; entry != NULL; entry = entry->ifa_next)
    {
      g_autoptr (GInetAddress) address = address_of (entry);

      if (address != NULL
          && (!only_v4 || g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4))
        add_candidate (candidates, address);
    }

  freeifaddrs (interfaces);
  return take_useful (candidates);
}

/* --- The networks we are in ----------------------------------------------------------------- */

static gboolean
is_same_network (const guint8 *a, const guint8 *b, const guint8 *mask, gsize len)
{
  guint8 bits = 0;

  for (gsize i = 0; i < len; i++)
    {
      bits |= mask[i];
      if (((a[i] ^ b[i]) & mask[i]) != 0)
        return FALSE;
    }

  return bits != 0;
}

static gboolean
is_network_of (const struct ifaddrs *entry, const KithEndpoint *endpoint)
{
  if (entry->ifa_addr == NULL || entry->ifa_netmask == NULL || (entry->ifa_flags & IFF_UP) == 0)
    return FALSE;

  if (entry->ifa_addr->sa_family == AF_INET && endpoint->family == 4)
    {
      const struct sockaddr_in *address = (const void *) entry->ifa_addr;
      const struct sockaddr_in *mask = (const void *) entry->ifa_netmask;

      return is_same_network (endpoint->address, (const guint8 *) &address->sin_addr,
                              (const guint8 *) &mask->sin_addr, 4);
    }
  if (entry->ifa_addr->sa_family == AF_INET6 && endpoint->family == 6)
    {
      const struct sockaddr_in6 *address = (const void *) entry->ifa_addr;
      const struct sockaddr_in6 *mask = (const void *) entry->ifa_netmask;

      return is_same_network (endpoint->address, (const guint8 *) &address->sin6_addr,
                              (const guint8 *) &mask->sin6_addr, 16);
    }

  return FALSE;
}

/**
 * kith_own_addresses_is_on_link:
 * @endpoint: an endpoint
 *
 * Returns: whether its address is of a network that this machine is directly in
 */
gboolean
kith_own_addresses_is_on_link (const KithEndpoint *endpoint)
{
  struct ifaddrs *interfaces = NULL;
  gboolean found = FALSE;

  if (getifaddrs (&interfaces) != 0)
    return FALSE;

  for (const struct ifaddrs *entry = interfaces; entry != NULL && !found; entry = entry->ifa_next)
    found = is_network_of (entry, endpoint);

  freeifaddrs (interfaces);
  return found;
}
