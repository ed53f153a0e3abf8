/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS 1.3 of OpenSSL between two ends of this process: Ed25519 certificates on both sides, X25519, ChaCha20. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "kith-bench-figure.h"
#include "kith-bench-peers.h"

#define CHUNK_BYTES (64 * 1024)

typedef struct
{
  KithBenchPair pair;
  SSL          *ends[2]; /* (owned) */
} Wire;

static SSL_CTX *contexts[2]; /* (owned): who dials, who is dialled */

static X509 *
certificate_new (EVP_PKEY *key)
{
  X509 *certificate = X509_new ();
  X509_NAME *name = X509_get_subject_name (certificate);

  ASN1_INTEGER_set (X509_get_serialNumber (certificate), 1);
  X509_gmtime_adj (X509_getm_notBefore (certificate), -3600);
  X509_gmtime_adj (X509_getm_notAfter (certificate), 86400);
  X509_NAME_add_entry_by_txt (name, "CN", MBSTRING_ASC, (const guint8 *) "bench", -1, -1, 0);
  X509_set_issuer_name (certificate, name);
  X509_set_pubkey (certificate, key);
  g_assert_cmpint (X509_sign (certificate, key, NULL), >, 0);
  return certificate;
}

static SSL_CTX *
context_new (gboolean is_server, EVP_PKEY *key, X509 *certificate)
{
  SSL_CTX *context = SSL_CTX_new (is_server ? TLS_server_method () : TLS_client_method ());

  SSL_CTX_set_min_proto_version (context, TLS1_3_VERSION);
  g_assert_cmpint (SSL_CTX_set_ciphersuites (context, "TLS_CHACHA20_POLY1305_SHA256"), ==, 1);
  g_assert_cmpint (SSL_CTX_set1_groups_list (context, "X25519"), ==, 1);
  g_assert_cmpint (SSL_CTX_use_certificate (context, certificate), ==, 1);
  g_assert_cmpint (SSL_CTX_use_PrivateKey (context, key), ==, 1);
  X509_STORE_add_cert (SSL_CTX_get_cert_store (context), certificate);
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  SSL_CTX_set_num_tickets (context, 0);
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode (context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  return context;
}

void
kith_bench_tls_init (void)
{
  EVP_PKEY *key = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
  X509 *certificate = certificate_new (key);

  for (int i = 0; i < 2; i++)
    contexts[i] = context_new (i == 1, key, certificate);
  X509_free (certificate);
  EVP_PKEY_free (key);
}

void
kith_bench_tls_clear (void)
{
  for (guint i = 0; i < 2; i++)
    g_clear_pointer (&contexts[i], SSL_CTX_free);
}

static void
wire_connect (Wire *self)
{
  int done[2] = { 0, 0 };

  kith_bench_pair_connect (&self->pair);
  for (guint i = 0; i < 2; i++)
    {
      self->ends[i] = SSL_new (contexts[i]);
      SSL_set_fd (self->ends[i], g_socket_get_fd (self->pair.ends[i]));
      if (i == 0)
        SSL_set_connect_state (self->ends[i]);
      else
        SSL_set_accept_state (self->ends[i]);
    }
  while (done[0] != 1 || done[1] != 1)
    for (guint i = 0; i < 2; i++)
      if (done[i] != 1)
        {
          done[i] = SSL_do_handshake (self->ends[i]);
          g_assert_true (done[i] == 1 || SSL_get_error (self->ends[i], done[i]) == SSL_ERROR_WANT_READ);
        }
}

static void
wire_clear (Wire *self)
{
  for (guint i = 0; i < 2; i++)
    SSL_free (self->ends[i]);
  kith_bench_pair_clear (&self->pair);
}

double
kith_bench_tls_connect (guint n)
{
  double began_us = kith_bench_cpu_us ();

  for (guint i = 0; i < n; i++)
    {
      Wire wire;

      wire_connect (&wire);
      wire_clear (&wire);
    }

  return (kith_bench_cpu_us () - began_us) / n;
}

double
kith_bench_tls_bulk (gsize n_bytes)
{
  g_autofree char *chunk = g_malloc0 (CHUNK_BYTES);
  gsize n_sent = 0, n_received = 0;
  double began_us;
  Wire wire;

  wire_connect (&wire);
  began_us = kith_bench_cpu_us ();
  while (n_received < n_bytes)
    {
      int n = n_sent < n_bytes ? SSL_write (wire.ends[0], chunk, CHUNK_BYTES) : 0;

      n_sent += (gsize) MAX (n, 0);
      while ((n = SSL_read (wire.ends[1], chunk, CHUNK_BYTES)) > 0)
        n_received += (gsize) n;
    }
  began_us = kith_bench_cpu_us () - began_us;
  wire_clear (&wire);
  return began_us;
}

typedef struct
{
  Wire  wire;
  guint n_left;
  int   len;
} Echo;

static gboolean
answer_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Echo *echo = user_data;
  char bytes[4096];
  int n = SSL_read (echo->wire.ends[1], bytes, sizeof bytes);

  if (n > 0)
    SSL_write (echo->wire.ends[1], bytes, n);
  return G_SOURCE_CONTINUE;
}

static gboolean
answered_cb (GSocket *socket, GIOCondition condition, gpointer user_data)
{
  Echo *echo = user_data;
  char bytes[4096];
  int n = SSL_read (echo->wire.ends[0], bytes, sizeof bytes);

  if (n <= 0)
    return G_SOURCE_CONTINUE;

  echo->n_left--;
  SSL_write (echo->wire.ends[0], bytes, echo->len);
  return G_SOURCE_CONTINUE;
}

double
kith_bench_tls_echo (guint n, gsize len)
{
  g_autofree char *bytes = g_malloc0 (len);
  Echo echo = { .n_left = n, .len = (int) len };
  GSource *sources[2];
  double began_us;

  wire_connect (&echo.wire);
  for (guint i = 0; i < 2; i++)
    {
      sources[i] = g_socket_create_source (echo.wire.pair.ends[i], G_IO_IN, NULL);
      g_source_set_callback (sources[i], G_SOURCE_FUNC (i == 0 ? answered_cb : answer_cb), &echo, NULL);
      g_source_attach (sources[i], NULL);
    }

  began_us = kith_bench_cpu_us ();
  SSL_write (echo.wire.ends[0], bytes, (int) len);
  while (echo.n_left > 0)
    g_main_context_iteration (NULL, TRUE);
  began_us = (kith_bench_cpu_us () - began_us) / n;

  for (guint i = 0; i < 2; i++)
    {
      g_source_destroy (sources[i]);
      g_source_unref (sources[i]);
    }
  wire_clear (&echo.wire);
  return began_us;
}
