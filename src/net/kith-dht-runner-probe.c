/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether anybody answers. The library does not say whether it is connected: so nodes are pinged until
 * one answers (-way.c), and then a question for a random location now and then shows that they still
 * do. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-dht-runner-private.h"

#include "base/kith-env.h"
#include "base/kith-source.h"

/* A loss that lasted longer means that what we put may be gone. */
#define LONG_LOSS_US (60 * G_USEC_PER_SEC)

/**
 * kith_dht_runner_lose: (skip)
 * @self: a runner
 *
 * Nobody answers. What the host does about it begins first, as whoever is told may stop us.
 */
void
kith_dht_runner_lose (KithDhtRunner *self)
{
  if (self->lost_us == 0)
    self->lost_us = g_get_monotonic_time ();
  if (self->host != NULL && self->is_heard)
    kith_dht_runner_find_way (self);
  kith_dht_runner_set_nodes (self, 0);
  kith_dht_runner_set_state (self, KITH_DHT_CONNECTING);
}

static gboolean probe_cb (gpointer user_data);

static void
probe_later (KithDhtRunner *self, guint ms)
{
  kith_source_start (&self->probe_source, ms, probe_cb, self);
}

/**
 * kith_dht_runner_probe:
 * @self: a runner whose host runs
 *
 * Asks for a random location: if a node takes part, we are connected. A question that is under way
 * still is forgotten.
 */
void
kith_dht_runner_probe (KithDhtRunner *self)
{
  guint8 location[KITH_DHT_LOCATION_BYTES];

  if (self->probe != 0)
    kith_dht_host_cancel (self->host, self->probe);

  kith_env_random_bytes (kith_env_get_default (), location, sizeof location);
  self->probe = kith_dht_runner_next_handle (self);
  kith_dht_host_get (self->host, self->probe, location);
}

static gboolean
probe_cb (gpointer user_data)
{
  g_autoptr (KithDhtRunner) self = g_object_ref (user_data);

  probe_later (self, self->times.probe_ms);
  if (self->probe != 0 && self->state == KITH_DHT_CONNECTED)
    {
      kith_dht_runner_lose (self);
      return G_SOURCE_REMOVE;
    }

  kith_dht_runner_probe (self);
  kith_dht_host_look (self->host);
  return G_SOURCE_REMOVE;
}

/**
 * kith_dht_runner_probe_soon:
 * @self: a runner
 *
 * Something failed: are we still connected?
 */
void
kith_dht_runner_probe_soon (KithDhtRunner *self)
{
  gint64 soon_us = g_get_monotonic_time () + self->times.probe_soon_ms * G_TIME_SPAN_MILLISECOND;

  if (self->probe_source != NULL && self->probe == 0
      && g_source_get_ready_time (self->probe_source) > soon_us)
    probe_later (self, self->times.probe_soon_ms);
}

/**
 * kith_dht_runner_hear: (skip)
 * @self: a runner that has a host
 *
 * Somebody answers.
 */
void
kith_dht_runner_hear (KithDhtRunner *self)
{
  gboolean was_lost_long = self->is_heard && self->lost_us != 0
                           && g_get_monotonic_time () - self->lost_us > LONG_LOSS_US;

  self->lost_us = 0;
  kith_dht_runner_found_way (self);
  if (self->is_heard && was_lost_long)
    {
      kith_dht_runner_set_state (self, KITH_DHT_CONNECTED);
      kith_dht_runner_renew (self);
      return;
    }

  if (!self->is_heard)
    {
      self->is_heard = TRUE;
      kith_dht_host_look (self->host);
      probe_later (self, self->times.probe_soon_ms);
      kith_dht_runner_renew_later (self);
    }

  kith_dht_runner_set_state (self, KITH_DHT_CONNECTED);
  if (self->is_heard)
    kith_dht_runner_issue (self);
}
