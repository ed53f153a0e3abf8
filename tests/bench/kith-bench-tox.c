/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two of toxcore in this process, friends of each other, on loopback, iterated as fast as they can be: far more often
 * than they ask to be, so that they do not wait for their own clock. */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include <string.h>

#include <tox/tox.h>

#include "kith-bench-figure.h"
#include "kith-bench-peers.h"

#define CONNECT_S 60
#define FILE_S 120
#define CHUNK_BYTES 2048
#define PAUSE_US 500 /* a file is faster so than without a pause, and far more often than it asks for */

typedef struct
{
  Tox     *tox;
  gboolean online;
  gboolean answers; /* each message with the same one */
  guint    n_heard;
  guint    n_acked;
  guint64  n_bytes;
} Side;

static void
status_cb (Tox *tox, uint32_t friend_number, TOX_CONNECTION status, void *user_data)
{
  ((Side *) user_data)->online = status != TOX_CONNECTION_NONE;
}

static void
message_cb (Tox *tox, uint32_t friend_number, TOX_MESSAGE_TYPE type, const uint8_t *message, size_t length,
            void *user_data)
{
  Side *self = user_data;

  self->n_heard++;
  if (self->answers)
    tox_friend_send_message (tox, friend_number, type, message, length, NULL);
}

static void
receipt_cb (Tox *tox, uint32_t friend_number, uint32_t message_id, void *user_data)
{
  ((Side *) user_data)->n_acked++;
}

static void
begin (Side *self)
{
  struct Tox_Options *options = tox_options_new (NULL);

  *self = (Side){ 0 };
  tox_options_set_local_discovery_enabled (options, false);
  self->tox = tox_new (options, NULL);
  g_assert_nonnull (self->tox);
  tox_callback_friend_connection_status (self->tox, status_cb);
  tox_callback_friend_message (self->tox, message_cb);
  tox_callback_friend_read_receipt (self->tox, receipt_cb);
  tox_options_free (options);
}

static void
befriend (Side *self, Side *other)
{
  uint8_t public[TOX_PUBLIC_KEY_SIZE], dht[TOX_PUBLIC_KEY_SIZE];

  tox_self_get_public_key (other->tox, public);
  tox_self_get_dht_id (other->tox, dht);
  tox_friend_add_norequest (self->tox, public, NULL);
  tox_bootstrap (self->tox, "127.0.0.1", tox_self_get_udp_port (other->tox, NULL), dht, NULL);
}

static void
turn (Side *a, Side *b)
{
  tox_iterate (a->tox, a);
  tox_iterate (b->tox, b);
}

static gboolean
has_time (gint64 began_us, guint seconds)
{
  return g_get_monotonic_time () - began_us < seconds * G_USEC_PER_SEC;
}

/* Returns: whether they have found each other. @connect_s: (out) (optional): how long that took */
static gboolean
meet (Side *a, Side *b, double *connect_s)
{
  gint64 began_us = g_get_monotonic_time ();

  begin (a);
  begin (b);
  befriend (a, b);
  befriend (b, a);
  while (!(a->online && b->online) && has_time (began_us, CONNECT_S))
    {
      turn (a, b);
      g_usleep (1000);
    }

  if (connect_s != NULL)
    *connect_s = (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC;
  return a->online && b->online;
}

static void
part (Side *a, Side *b)
{
  tox_kill (a->tox);
  tox_kill (b->tox);
}

/* Each is acknowledged; so many are on their way at a time. Returns: us of CPU, of both sides; 0 when they do not
 * find each other. @connect_s: (out) (optional): how long that took */
double
kith_bench_tox_messages (guint n, guint n_outstanding, gsize len, double *connect_s)
{
  g_autofree guint8 *text = g_malloc (len);
  double cpu_us = 0;
  guint n_sent = 0;
  Side a, b;

  memset (text, 'x', len);
  if (meet (&a, &b, connect_s))
    {
      cpu_us = kith_bench_cpu_us ();
      while (a.n_acked < n)
        {
          while (n_sent < MIN (n, a.n_acked + n_outstanding)
                 && tox_friend_send_message (a.tox, 0, TOX_MESSAGE_TYPE_NORMAL, text, len, NULL) != 0)
            n_sent++;
          turn (&a, &b);
        }
      cpu_us = kith_bench_cpu_us () - cpu_us;
    }
  part (&a, &b);
  return cpu_us;
}

/* There and back, one after the other. A receipt would not do: they come once a second. Returns: us of CPU, of both
 * sides; 0 when they do not find each other */
double
kith_bench_tox_echo (guint n, gsize len)
{
  g_autofree guint8 *text = g_malloc (len);
  double cpu_us = 0;
  Side a, b;

  memset (text, 'x', len);
  if (meet (&a, &b, NULL))
    {
      b.answers = TRUE;
      cpu_us = kith_bench_cpu_us ();
      for (guint i = 0; i < n; i++)
        {
          while (tox_friend_send_message (a.tox, 0, TOX_MESSAGE_TYPE_NORMAL, text, len, NULL) == 0)
            turn (&a, &b);
          while (a.n_heard <= i)
            turn (&a, &b);
        }
      cpu_us = kith_bench_cpu_us () - cpu_us;
    }
  part (&a, &b);
  return cpu_us;
}

/* --- A file --------------------------------------------------------------------------------- */

static void
offered_cb (Tox *tox, uint32_t friend_number, uint32_t file, uint32_t kind, uint64_t size, const uint8_t *name,
            size_t name_length, void *user_data)
{
  tox_file_control (tox, friend_number, file, TOX_FILE_CONTROL_RESUME, NULL);
}

static void
wanted_cb (Tox *tox, uint32_t friend_number, uint32_t file, uint64_t position, size_t length, void *user_data)
{
  static guint8 chunk[CHUNK_BYTES];

  if (length > 0)
    tox_file_send_chunk (tox, friend_number, file, position, chunk, MIN (length, sizeof chunk), NULL);
}

static void
came_cb (Tox *tox, uint32_t friend_number, uint32_t file, uint64_t position, const uint8_t *data, size_t length,
         void *user_data)
{
  ((Side *) user_data)->n_bytes += length;
}

/* From memory to nowhere, and nobody checks what came. Returns: us of CPU, of both sides; 0 when it did not
 * come. @seconds: (out): how long it took */
double
kith_bench_tox_file (gsize n_bytes, double *seconds)
{
  double cpu_us = 0;
  gint64 began_us;
  Side a, b;

  if (meet (&a, &b, NULL))
    {
      tox_callback_file_chunk_request (a.tox, wanted_cb);
      tox_callback_file_recv (b.tox, offered_cb);
      tox_callback_file_recv_chunk (b.tox, came_cb);
      began_us = g_get_monotonic_time ();
      cpu_us = kith_bench_cpu_us ();
      tox_file_send (a.tox, 0, TOX_FILE_KIND_DATA, n_bytes, NULL, (const guint8 *) "file", 4, NULL);
      while (b.n_bytes < n_bytes && has_time (began_us, FILE_S))
        {
          turn (&a, &b);
          g_usleep (PAUSE_US);
        }
      cpu_us = b.n_bytes < n_bytes ? 0 : kith_bench_cpu_us () - cpu_us;
      *seconds = (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC;
    }
  part (&a, &b);
  return cpu_us;
}
