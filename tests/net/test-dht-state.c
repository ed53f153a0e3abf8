/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read of the library's state, whole and damaged, and what is kept of it. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <netinet/in.h>

#include "base/kith-limits.h"
#include "net/kith-dht-state.h"

static void
append (GByteArray *out, const void *data, gsize len)
{
  g_byte_array_append (out, data, (guint) len);
}

static void
append_text (GByteArray *out, const char *text)
{
  guint8 head = (guint8) (0xa0 | strlen (text));

  append (out, &head, 1);
  append (out, text, strlen (text));
}

static void
append_bytes (GByteArray *out, const void *data, gsize len)
{
  const guint8 head[2] = { 0xc4, (guint8) len };

  append (out, head, sizeof head);
  append (out, data, len);
}

static void
append_node (GByteArray *out, const struct sockaddr *address, gsize len)
{
  const guint8 id[20] = { 0x11 };

  append (out, "\x82", 1);
  append_text (out, "id");
  append_bytes (out, id, sizeof id);
  append_text (out, "addr");
  append_bytes (out, address, len);
}

/* As OpenDHT writes it: a version, its id, two nodes, one location with one value. */
static GByteArray *
make_state (void)
{
  GByteArray *out = g_byte_array_new ();
  struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = g_htons (4222) };
  struct sockaddr_in6 in6 = { .sin6_family = AF_INET6, .sin6_port = g_htons (4223) };
  const guint8 id[20] = { 0x22 };

  in.sin_addr.s_addr = g_htonl (0xc0000201);
  in6.sin6_addr.s6_addr[0] = 0x20;
  in6.sin6_addr.s6_addr[15] = 0x01;

  append (out, "\x84", 1);
  append_text (out, "v");
  append (out, "\x01", 1);
  append_text (out, "id");
  append_bytes (out, id, sizeof id);
  append_text (out, "nodes");
  append (out, "\x92", 1);
  append_node (out, (const struct sockaddr *) &in, sizeof in);
  append_node (out, (const struct sockaddr *) &in6, sizeof in6);
  append_text (out, "values");
  append (out, "\x91\x92", 2);
  append_bytes (out, id, sizeof id);
  append_bytes (out, "secret", 6);
  return out;
}

static void
assert_nodes (const KithEndpoint *nodes)
{
  g_autofree char *first = kith_endpoint_dup_text (&nodes[0]);
  g_autofree char *second = kith_endpoint_dup_text (&nodes[1]);

  g_assert_cmpstr (first, ==, "192.0.2.1:4222");
  g_assert_cmpstr (second, ==, "[2000::1]:4223");
}

static void
test_read (void)
{
  g_autoptr (GByteArray) state = make_state ();
  KithEndpoint nodes[4];
  guint n;

  g_assert_cmpuint (kith_dht_state_read (state->data, state->len, nodes, 4, &n), ==, 2);
  g_assert_cmpuint (n, ==, 2);
  assert_nodes (nodes);

  /* All are counted, also those that do not fit. */
  g_assert_cmpuint (kith_dht_state_read (state->data, state->len, nodes, 1, &n), ==, 2);
  g_assert_cmpuint (n, ==, 1);
  g_assert_cmpuint (kith_dht_state_read (NULL, 0, nodes, 4, &n), ==, 0);
}

/* Cut off anywhere, or with any byte changed: in a buffer of its exact size, for the sanitizers. */
static void
test_damaged (void)
{
  g_autoptr (GByteArray) state = make_state ();
  KithEndpoint nodes[4];
  guint n;

  for (guint len = 0; len < state->len; len++)
    {
      g_autofree guint8 *cut = g_memdup2 (state->data, len);

      g_assert_cmpuint (kith_dht_state_read (cut, len, nodes, 4, &n), <=, 2);
    }

  for (guint i = 0; i < state->len; i++)
    for (guint byte = 0; byte < 256; byte++)
      {
        g_autofree guint8 *changed = g_memdup2 (state->data, state->len);

        changed[i] = (guint8) byte;
        kith_dht_state_read (changed, state->len, nodes, 4, &n);
        g_assert_cmpuint (n, <=, 4);
      }
}

static void
test_noise (void)
{
  for (guint i = 0; i < 50000; i++)
    {
      guint8 noise[64];
      KithEndpoint nodes[2];
      guint n;

      for (guint k = 0; k < sizeof noise; k++)
        noise[k] = (guint8) g_test_rand_int_range (0, 256);
      noise[0] = (guint8) (0x81 + i % 8);
      memcpy (noise + 1, "\xa5nodes", 6);
      kith_dht_state_read (noise, sizeof noise, nodes, 2, &n);
      g_assert_cmpuint (n, <=, 2);
    }
}

/* Neither our id nor those of others nor a value is in it. */
static void
test_save (void)
{
  g_autoptr (GByteArray) state = make_state ();
  g_autoptr (GBytes) saved = NULL;
  KithEndpoint nodes[KITH_LIMIT_DHT_SAVED_NODES + 1];
  guint n;

  kith_dht_state_read (state->data, state->len, nodes, 4, &n);
  saved = kith_dht_state_save (nodes, n);
  g_assert_cmpuint (g_bytes_get_size (saved), ==, 1 + (1 + 4 + 2) + (1 + 16 + 2));
  memset (nodes, 0, sizeof nodes);
  g_assert_cmpuint (kith_dht_state_load (saved, nodes, 8), ==, 2);
  assert_nodes (nodes);
  g_assert_cmpuint (kith_dht_state_load (saved, nodes, 1), ==, 1);
  g_assert_cmpuint (kith_dht_state_load (NULL, nodes, 8), ==, 0);

  for (gsize len = 0; len < g_bytes_get_size (saved); len++)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (saved, 0, len);

      g_assert_cmpuint (kith_dht_state_load (cut, nodes, 8), <, 2);
    }

  for (guint i = 0; i < G_N_ELEMENTS (nodes); i++)
    g_assert_true (kith_endpoint_parse (&nodes[i], "2001:db8::1", 2000 + i));
  g_bytes_unref (saved);
  saved = kith_dht_state_save (nodes, G_N_ELEMENTS (nodes));
  g_assert_cmpuint (kith_dht_state_load (saved, nodes, G_N_ELEMENTS (nodes)), ==,
                    KITH_LIMIT_DHT_SAVED_NODES);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/dht-state/read", test_read);
  g_test_add_func ("/dht-state/damaged", test_damaged);
  g_test_add_func ("/dht-state/noise", test_noise);
  g_test_add_func ("/dht-state/save", test_save);
  return g_test_run ();
}
