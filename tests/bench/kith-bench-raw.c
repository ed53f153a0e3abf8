/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each returns us: of CPU, of both sides together; of echoes what a round trip takes. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sodium.h>

#include "kith-bench-figure.h"
#include "kith-bench-peers.h"

#define CHUNK_BYTES (256 * 1024)
#define DH_EACH 3 /* ee, es, se of the Noise pattern XX */

/* --- Two ends ------------------------------------------------------------------------------- */

static GSocket *
socket_new (void)
{
  GSocket *socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  g_assert_nonnull (socket);
  return socket;
}

void
kith_bench_pair_connect (KithBenchPair *self)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) address = NULL;
  g_autoptr (GSocket) listener = socket_new ();

  g_assert_true (g_socket_bind (listener, any, TRUE, NULL) && g_socket_listen (listener, NULL));
  address = g_socket_get_local_address (listener, NULL);
  self->ends[0] = socket_new ();
  g_assert_true (g_socket_connect (self->ends[0], address, NULL, NULL));
  self->ends[1] = g_socket_accept (listener, NULL, NULL);
  g_assert_nonnull (self->ends[1]);
  for (guint i = 0; i < 2; i++)
    {
      g_socket_set_blocking (self->ends[i], FALSE);
      g_socket_set_option (self->ends[i], IPPROTO_TCP, TCP_NODELAY, 1, NULL);
    }
}

void
kith_bench_pair_clear (KithBenchPair *self)
{
  g_clear_object (&self->ends[0]);
  g_clear_object (&self->ends[1]);
}

/* --- TCP alone ------------------------------------------------------------------------------ */

double
kith_bench_raw_bulk (gsize n_bytes)
{
  g_autofree char *chunk = g_malloc0 (CHUNK_BYTES);
  KithBenchPair pair;
  gsize n_sent = 0, n_received = 0;
  double began_us;

  kith_bench_pair_connect (&pair);
  began_us = kith_bench_cpu_us ();
  while (n_received < n_bytes)
    {
      gssize n = n_sent < n_bytes ? g_socket_send (pair.ends[0], chunk, CHUNK_BYTES, NULL, NULL) : 0;

      n_sent += (gsize) MAX (n, 0);
      n = g_socket_receive (pair.ends[1], chunk, CHUNK_BYTES, NULL, NULL);
      n_received += (gsize) MAX (n, 0);
    }
  began_us = kith_bench_cpu_us () - began_us;
  kith_bench_pair_clear (&pair);
  return began_us;
}

typedef struct
{
  gsize  len;
  guint  n_left;
  gsize  n_got; /* of the present answer */
} Echo;

static gboolean
answer_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  char bytes[4096];
  gssize n = g_socket_receive (socket, bytes, sizeof bytes, NULL, NULL);

  if (n > 0)
    g_socket_send (socket, bytes, (gsize) n, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

static gboolean
answered_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Echo *echo = user_data;
  char bytes[4096];
  gssize n = g_socket_receive (socket, bytes, sizeof bytes, NULL, NULL);

  echo->n_got += (gsize) MAX (n, 0);
  if (echo->n_got < echo->len)
    return G_SOURCE_CONTINUE;

  echo->n_got = 0;
  echo->n_left--;
  g_socket_send (socket, bytes, echo->len, NULL, NULL);
  return G_SOURCE_CONTINUE;
}

double
kith_bench_raw_echo (guint n, gsize len)
{
  g_autofree char *bytes = g_malloc0 (len);
  Echo echo = { len, n, 0 };
  KithBenchPair pair;
  GSource *sources[2];
  double began_us;

  kith_bench_pair_connect (&pair);
  for (guint i = 0; i < 2; i++)
    {
      sources[i] = g_socket_create_source (pair.ends[i], G_IO_IN, NULL);
      g_source_set_callback (sources[i], G_SOURCE_FUNC (i == 0 ? answered_cb : answer_cb), &echo, NULL);
      g_source_attach (sources[i], NULL);
    }

  began_us = kith_bench_cpu_us ();
  g_socket_send (pair.ends[0], bytes, len, NULL, NULL);
  while (echo.n_left > 0)
    g_main_context_iteration (NULL, TRUE);
  began_us = (kith_bench_cpu_us () - began_us) / n;

  for (guint i = 0; i < 2; i++)
    {
      g_source_destroy (sources[i]);
      g_source_unref (sources[i]);
    }
  kith_bench_pair_clear (&pair);
  return began_us;
}

/* --- libsodium alone ------------------------------------------------------------------------ */

double
kith_bench_sodium_bulk (gsize n_bytes, gsize piece, gboolean both_ways)
{
  g_autofree guint8 *bytes = g_malloc0 (piece + crypto_aead_chacha20poly1305_ietf_ABYTES);
  const guint8 key[32] = { 1 }, nonce[12] = { 2 };
  double began_us = kith_bench_cpu_us ();

  for (gsize done = 0; done < n_bytes; done += piece)
    {
      crypto_aead_chacha20poly1305_ietf_encrypt (bytes, NULL, bytes, piece, NULL, 0, NULL, nonce, key);
      if (both_ways)
        g_assert_cmpint (crypto_aead_chacha20poly1305_ietf_decrypt (
                           bytes, NULL, NULL, bytes, piece + crypto_aead_chacha20poly1305_ietf_ABYTES, NULL,
                           0, nonce, key), ==, 0);
    }

  return kith_bench_cpu_us () - began_us;
}

/* What two have to compute at least who meet as ours do: a key of the moment, three secrets, and the check
 * of the other's certificate, each. */
double
kith_bench_sodium_keys (guint n)
{
  guint8 secret[32] = { 9 }, public[32], shared[32];
  guint8 sign_public[32], sign_secret[64], signature[64];
  const guint8 message[104] = { 4 };
  double began_us;

  crypto_sign_keypair (sign_public, sign_secret);
  crypto_sign_detached (signature, NULL, message, sizeof message, sign_secret);
  began_us = kith_bench_cpu_us ();
  for (guint i = 0; i < 2 * n; i++)
    {
      secret[1] = (guint8) i;
      crypto_scalarmult_base (public, secret);
      for (guint k = 0; k < DH_EACH; k++)
        g_assert_cmpint (crypto_scalarmult (shared, secret, public), ==, 0);
      g_assert_cmpint (crypto_sign_verify_detached (signature, message, sizeof message, sign_public), ==, 0);
    }

  return (kith_bench_cpu_us () - began_us) / n;
}
