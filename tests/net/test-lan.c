/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finding people on the network: several of them in one process, on the loopback interface. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <netinet/in.h>
#include <sodium.h>

#include "base/kith-error.h"
#include "kith-test-wire.h"
#include "net/kith-lan-guard.h"
#include "net/kith-lan-place.h"
#include "net/kith-lan.h"

#define GROUP "239.255.75.84"

typedef struct
{
  KithLan     *lan;        /* (owned) */
  guint        n_contacts; /* root i belongs to contact i */
  guint        n_heard;    /* beacons */
  guint        n_known;    /* beacons with the tag of the contact that is looked for */
  guint        look_for;
  guint16      only_port;  /* what other ports call does not count; 0 for every one */
  KithBeacon   last;
  KithEndpoint from;
  gboolean     free_at_once;
} Person;

static guint16
get_free_port (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
                                             G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GInetAddress) any = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (any, 0);
  g_autoptr (GSocketAddress) bound = NULL;

  g_assert_true (g_socket_bind (socket, address, FALSE, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static void
get_root (guint contact, guint8 root[32])
{
  memset (root, 0x55, 32);
  memcpy (root, &contact, sizeof contact);
}

static guint
list_tags (const guint8 *nonce, guint8 (*tags)[KITH_BEACON_TAG_BYTES], guint first, guint max,
           gpointer user_data)
{
  Person *self = user_data;
  guint n = 0;

  for (guint i = first; i < self->n_contacts && n < max; i++)
    {
      guint8 root[32];

      get_root (i, root);
      kith_beacon_get_tag (root, nonce, 0, tags[n++]);
    }

  return n;
}

static void
heard (const KithBeacon *beacon, const KithEndpoint *from, gpointer user_data)
{
  Person *self = user_data;
  guint8 root[32];
  guint8 tag[KITH_BEACON_TAG_BYTES];

  if (self->only_port != 0 && from->port != self->only_port)
    return;

  self->n_heard++;
  self->last = *beacon;
  self->from = *from;
  get_root (self->look_for, root);
  kith_beacon_get_tag (root, beacon->nonce, 0, tag);
  if (kith_beacon_has_tag (beacon, tag))
    self->n_known++;
  if (self->free_at_once)
    g_clear_pointer (&self->lan, kith_lan_free);
}

static const KithLanDelegate delegate = { list_tags, heard };

static void
person_init (Person *self, guint16 udp_port, guint16 tcp_port)
{
  g_autoptr (GError) error = NULL;

  *self = (Person){ .n_contacts = 1 };
  self->lan = kith_lan_new (kith_env_get_default (), &delegate, self);
  kith_lan_set_interface (self->lan, "lo");
  kith_lan_set_port (self->lan, tcp_port);
  g_assert_true (kith_lan_start (self->lan, udp_port, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (kith_lan_get_n_links (self->lan), >=, 1);
}

static void
person_clear (Person *self)
{
  g_clear_pointer (&self->lan, kith_lan_free);
}

/* --- People --------------------------------------------------------------------------------- */

static void
test_two (void)
{
  guint16 port = get_free_port ();
  Person ada;
  Person bob;

  person_init (&ada, port, 40001);
  person_init (&bob, port, 40002);
  test_wire_wait (ada.n_known > 0 && bob.n_known > 0);
  g_assert_cmpuint (ada.from.port, ==, 40002);
  g_assert_cmpuint (bob.from.port, ==, 40001);
  g_assert_true (kith_endpoint_is_loopback (&bob.from));
  g_assert_false (bob.last.presents);
  person_clear (&ada);
  person_clear (&bob);
}

/* A stranger hears that somebody is there, and no more. */
static void
test_stranger (void)
{
  guint16 port = get_free_port ();
  Person ada;
  Person stranger;

  person_init (&ada, port, 40001);
  person_init (&stranger, port, 0);
  stranger.look_for = 7;
  test_wire_wait (stranger.n_heard > 0);
  g_assert_cmpuint (stranger.n_known, ==, 0);
  g_assert_cmpuint (stranger.last.n_tags, ==, 16);
  person_clear (&ada);
  person_clear (&stranger);
}

/* Who listens nowhere asks, and is not called back. */
static void
test_query (void)
{
  guint16 port = get_free_port ();
  Person ada;
  Person witness;
  Person asker;
  guint n;

  person_init (&ada, port, 40001);
  person_init (&witness, port, 0);
  test_wire_wait (witness.n_heard > 0);
  n = witness.n_heard;

  person_init (&asker, port, 0);
  test_wire_wait (asker.n_heard > 0 && witness.n_heard > n);
  g_assert_cmpuint (asker.n_known, ==, asker.n_heard);
  g_assert_cmpuint (ada.n_heard, ==, 0);
  person_clear (&ada);
  person_clear (&witness);
  person_clear (&asker);
}

/* What the kernel loops back to us is not somebody else. */
static void
test_own (void)
{
  guint16 port = get_free_port ();
  Person ada;
  Person bob;

  person_init (&ada, port, 40001);
  ada.only_port = 40001;
  person_init (&bob, port, 40002);
  test_wire_wait (bob.n_heard >= 2);
  g_assert_cmpuint (ada.n_heard, ==, 0);
  person_clear (&ada);
  person_clear (&bob);
}

static void
test_changes (void)
{
  guint16 port = get_free_port ();
  Person ada;
  Person bob;

  person_init (&ada, port, 0);
  person_init (&bob, port, 0);
  kith_lan_set_port (ada.lan, 40003);
  test_wire_wait (bob.from.port == 40003);
  kith_lan_stop (ada.lan);
  g_assert_cmpuint (kith_lan_get_n_links (ada.lan), ==, 0);
  kith_lan_set_port (ada.lan, 40004);
  g_assert_true (kith_lan_start (ada.lan, port, NULL));
  test_wire_wait (bob.from.port == 40004);
  person_clear (&ada);
  person_clear (&bob);
}

static void
test_presents (void)
{
  static const guint8 identity[KITH_IDENTITY_KEY_BYTES] = { 1, 2, 3 };
  guint16 port = get_free_port ();
  Person ada;
  Person bob;

  person_init (&bob, port, 0);
  person_init (&ada, port, 40001);
  test_wire_wait (bob.n_heard > 0);
  g_assert_false (bob.last.presents);
  g_assert_cmpstr (bob.last.name, ==, "");
  g_assert_true (sodium_is_zero (bob.last.identity, sizeof bob.last.identity));

  kith_lan_present (ada.lan, identity, "Ada");
  test_wire_wait (bob.last.presents);
  g_assert_cmpstr (bob.last.name, ==, "Ada");
  g_assert_cmpmem (bob.last.identity, sizeof bob.last.identity, identity, sizeof identity);

  kith_lan_present (ada.lan, NULL, NULL);
  test_wire_wait (!bob.last.presents);
  g_assert_true (sodium_is_zero (bob.last.identity, sizeof bob.last.identity));
  person_clear (&ada);
  person_clear (&bob);
}

static void
test_many_contacts (void)
{
  guint16 port = get_free_port ();
  Person ada;
  Person last;
  Person first;

  person_init (&last, port, 0);
  last.look_for = 299;
  person_init (&first, port, 0);
  person_init (&ada, port, 40001);
  ada.n_contacts = 300;
  test_wire_wait (last.n_known > 0 && first.n_known > 0);
  g_assert_cmpuint (last.n_heard, >=, 3);
  person_clear (&ada);
  person_clear (&last);
  person_clear (&first);
}

static void
test_free_at_once (void)
{
  guint16 port = get_free_port ();
  Person ada;
  Person bob;

  person_init (&bob, port, 0);
  bob.free_at_once = TRUE;
  person_init (&ada, port, 40001);
  test_wire_wait (bob.lan == NULL);
  g_assert_cmpuint (bob.n_heard, ==, 1);
  person_clear (&ada);
}

/* --- Hostile -------------------------------------------------------------------------------- */

static GSocket *
open_sender (const char *source)
{
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
                                  G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (source);
  g_autoptr (GSocketAddress) bound = g_inet_socket_address_new (address, 0);
  struct ip_mreqn request = { .imr_ifindex = 1 };

  g_assert_true (g_socket_bind (socket, bound, FALSE, NULL));
  g_assert_cmpint (
    setsockopt (g_socket_get_fd (socket), IPPROTO_IP, IP_MULTICAST_IF, &request, sizeof request),
    ==, 0);
  return socket;
}

static void
send_to_group (GSocket *socket, guint16 port, const guint8 *data, gsize len)
{
  g_autoptr (GInetAddress) group = g_inet_address_new_from_string (GROUP);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (group, port);

  g_assert_cmpint (g_socket_send_to (socket, address, (const char *) data, len, NULL, NULL), ==,
                   len);
}

static void
send_beacon (GSocket *socket, guint16 udp_port, guint16 tcp_port)
{
  KithBeacon beacon = { .port = tcp_port };
  guint8 data[KITH_BEACON_MAX_BYTES];
  gsize len;

  kith_env_random_bytes (kith_env_get_default (), beacon.nonce, sizeof beacon.nonce);
  kith_beacon_pad (&beacon, kith_env_get_default ());
  len = kith_beacon_pack (&beacon, data);
  send_to_group (socket, udp_port, data, len);
}

static gboolean
tick_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

/* One who floods is listened to a little, and does not silence the others. */
static void
test_flood (void)
{
  guint16 port = get_free_port ();
  g_autoptr (GSocket) flooder = open_sender ("127.0.0.1");
  g_autoptr (GSocket) other = open_sender ("127.0.0.9");
  guint tick = g_timeout_add (50, tick_cb, NULL);
  gint64 began_us;
  Person ada;

  person_init (&ada, port, 0);
  began_us = g_get_monotonic_time ();
  for (guint i = 0; i < 3000; i++)
    send_beacon (flooder, port, 40001);

  ada.only_port = 40001;
  test_wire_wait (ada.n_heard > 0);
  ada.only_port = 0;
  while (ada.from.port != 40002)
    {
      g_assert_cmpint (g_get_monotonic_time () - began_us, <, 30 * G_USEC_PER_SEC);
      send_beacon (other, port, 40002);
      g_main_context_iteration (NULL, TRUE);
    }

  g_assert_cmpuint (ada.n_heard, <=,
                    2 * 4 * (2 + (guint) ((g_get_monotonic_time () - began_us) / G_USEC_PER_SEC)));
  g_source_remove (tick);
  person_clear (&ada);
}

/* Noise, callers that listen nowhere and ports of other services are passed over. */
static void
test_noise (void)
{
  guint16 port = get_free_port ();
  g_autoptr (GSocket) sender = open_sender ("127.0.0.1");
  guint8 noise[2000];
  Person ada;

  person_init (&ada, port, 0);
  memset (noise, 'K', sizeof noise);
  send_to_group (sender, port, noise, 0);
  send_to_group (sender, port, noise, 1);
  send_to_group (sender, port, noise, 1232);
  send_to_group (sender, port, noise, sizeof noise);
  send_beacon (sender, port, 0);
  send_beacon (sender, port, 80);
  send_beacon (sender, port, 40001);
  test_wire_wait (ada.n_heard > 0);
  g_assert_cmpuint (ada.n_heard, ==, 1);
  g_assert_cmpuint (ada.from.port, ==, 40001);
  person_clear (&ada);
}

/* Another program that does not share the port. */
static void
test_port_in_use (void)
{
  guint16 port = get_free_port ();
  g_autoptr (GSocket) socket4 = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM,
                                              G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GSocket) socket6 = g_socket_new (G_SOCKET_FAMILY_IPV6, G_SOCKET_TYPE_DATAGRAM,
                                              G_SOCKET_PROTOCOL_UDP, NULL);
  g_autoptr (GInetAddress) any4 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GInetAddress) any6 = g_inet_address_new_any (G_SOCKET_FAMILY_IPV6);
  g_autoptr (GSocketAddress) where4 = g_inet_socket_address_new (any4, port);
  g_autoptr (GSocketAddress) where6 = g_inet_socket_address_new (any6, port);
  g_autoptr (KithLan) lan = kith_lan_new (kith_env_get_default (), &delegate, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_socket_bind (socket4, where4, FALSE, NULL));
  if (socket6 != NULL)
    {
      g_socket_set_option (socket6, IPPROTO_IPV6, IPV6_V6ONLY, 1, NULL);
      g_assert_true (g_socket_bind (socket6, where6, FALSE, NULL));
    }

  kith_lan_set_interface (lan, "lo");
  g_assert_false (kith_lan_start (lan, port, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_PORT_IN_USE);
  kith_lan_announce (lan, TRUE);
}

/* --- Parts ---------------------------------------------------------------------------------- */

static guint
count_admitted (KithLanGuard *guard, const char *address, guint n)
{
  KithEndpoint source;
  guint n_admitted = 0;

  g_assert_true (kith_endpoint_parse (&source, address, 1));
  for (guint i = 0; i < n; i++)
    n_admitted += kith_lan_guard_admit (guard, &source) ? 1 : 0;

  return n_admitted;
}

static void
test_guard (void)
{
  KithFakeEnv env;
  g_autoptr (KithLanGuard) guard = NULL;
  guint n = 0;

  kith_fake_env_init (&env, 1, 1000);
  guard = kith_lan_guard_new (&env.env);
  g_assert_cmpuint (count_admitted (guard, "192.0.2.1", 100), ==, 4);
  g_assert_cmpuint (count_admitted (guard, "192.0.2.2", 1), ==, 1);
  kith_fake_env_advance (&env, G_USEC_PER_SEC);
  g_assert_cmpuint (count_admitted (guard, "192.0.2.1", 100), ==, 4);

  kith_fake_env_advance (&env, 10 * G_USEC_PER_SEC);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *address = g_strdup_printf ("10.0.%u.%u", i / 256, i % 256);

      n += count_admitted (guard, address, 1);
    }
  g_assert_cmpuint (n, ==, 64);

  /* Who came when there was no room is heard later. */
  g_assert_cmpuint (count_admitted (guard, "10.0.3.200", 1), ==, 0);
  kith_fake_env_advance (&env, G_USEC_PER_SEC);
  g_assert_cmpuint (count_admitted (guard, "10.0.3.200", 1), ==, 1);
}

static gboolean
contains (const KithLanPlace *place, const char *address)
{
  KithEndpoint source;

  g_assert_true (kith_endpoint_parse (&source, address, 1));
  return kith_lan_place_contains (place, &source);
}

static void
test_places (void)
{
  const KithLanPlace four = { .family = 4, .n_prefixes = 2,
                              .prefixes = { { { 192, 168, 7, 9 }, { 255, 255, 255, 0 } },
                                            { { 10, 1, 2, 3 }, { 255, 255, 128, 0 } } } };
  const KithLanPlace six = { .family = 6, .n_prefixes = 1,
                             .prefixes = { { { 0x20, 1, 0xd, 0xb8, 1 },
                                             { 255, 255, 255, 255, 255, 255, 255, 255 } } } };
  g_autoptr (GArray) loopback = kith_lan_place_list ("lo");
  g_autoptr (GArray) all = kith_lan_place_list (NULL);
  g_autoptr (GArray) none = kith_lan_place_list ("no-such-thing");

  g_assert_true (contains (&four, "192.168.7.200"));
  g_assert_true (contains (&four, "10.1.127.1"));
  g_assert_false (contains (&four, "10.1.128.1"));
  g_assert_false (contains (&four, "8.8.8.8"));
  g_assert_false (contains (&four, "fd00::1"));
  g_assert_true (contains (&six, "2001:db8:100::77"));
  g_assert_false (contains (&six, "2001:db8:100:1::77"));
  g_assert_false (contains (&six, "192.168.7.200"));

  g_assert_cmpuint (loopback->len, >=, 1);
  g_assert_cmpuint (none->len, ==, 0);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpstr (g_array_index (all, KithLanPlace, i).name, !=, "lo");
}

int
main (int argc, char *argv[])
{
  if (sodium_init () < 0)
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/lan/two", test_two);
  g_test_add_func ("/lan/stranger", test_stranger);
  g_test_add_func ("/lan/query", test_query);
  g_test_add_func ("/lan/own", test_own);
  g_test_add_func ("/lan/changes", test_changes);
  g_test_add_func ("/lan/presents", test_presents);
  g_test_add_func ("/lan/many-contacts", test_many_contacts);
  g_test_add_func ("/lan/free-at-once", test_free_at_once);
  g_test_add_func ("/lan/flood", test_flood);
  g_test_add_func ("/lan/noise", test_noise);
  g_test_add_func ("/lan/port-in-use", test_port_in_use);
  g_test_add_func ("/lan/guard", test_guard);
  g_test_add_func ("/lan/places", test_places);
  return g_test_run ();
}
