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

typedef struct
{
  Tox     *tox;
  gboolean online;
  guint    n_heard;
  guint    n_acked;
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
  ((Side *) user_data)->n_heard++;
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

/* Returns: us of CPU, of both sides; 0 when they do not find each other. @connect_s: (out): how long that took */
double
kith_bench_tox_messages (guint n, gsize len, double *connect_s)
{
  g_autofree guint8 *text = g_malloc (len);
  gint64 began_us = g_get_monotonic_time ();
  double cpu_us = 0;
  guint n_sent = 0;
  Side a, b;

  memset (text, 'x', len);
  begin (&a);
  begin (&b);
  befriend (&a, &b);
  befriend (&b, &a);
  while (!(a.online && b.online) && g_get_monotonic_time () - began_us < CONNECT_S * G_USEC_PER_SEC)
    {
      turn (&a, &b);
      g_usleep (1000);
    }

  *connect_s = (double) (g_get_monotonic_time () - began_us) / G_USEC_PER_SEC;
  if (a.online && b.online)
    {
      cpu_us = kith_bench_cpu_us ();
      while (a.n_acked < n)
        {
          while (n_sent < n && tox_friend_send_message (a.tox, 0, TOX_MESSAGE_TYPE_NORMAL, text, len, NULL) != 0)
            n_sent++;
          turn (&a, &b);
        }
      cpu_us = kith_bench_cpu_us () - cpu_us;
    }
  tox_kill (a.tox);
  tox_kill (b.tox);
  return cpu_us;
}
