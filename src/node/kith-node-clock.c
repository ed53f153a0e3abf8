/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What time it is for others, when the clock of this machine is wrong (protocol 7.8). */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-clock.h"

#include "base/kith-clock-watch.h"
#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-source.h"
#include "node/kith-expiry.h"
#include "node/kith-networking.h"

static gboolean
is_contact (const guint8 *identity, gpointer user_data)
{
  KithPeer *peer = kith_node_lookup_peer (user_data, identity);

  return peer != NULL && kith_peer_is_mutual (peer) && !peer->row->blocked;
}

/* Told when it turns out, not with each handshake. */
static void
judge (KithNode *self)
{
  gint64 correction_s = kith_clock_check_get_correction_s (self->clock_check);
  gint64 before_s = kith_network_get_clock_correction (self->networking->model);
  g_autoptr (GError) error = NULL;

  kith_network_set_clock_correction (self->networking->model, correction_s);
  if (correction_s == 0 || before_s != 0)
    return;

  g_set_error_literal (&error, KITH_ERROR, KITH_ERROR_WRONG_CLOCK, "The clock is wrong");
  kith_node_emit_warning (self, error);
}

static gboolean
clock_set_cb (gpointer user_data)
{
  KithNode *self = user_data;

  kith_expiry_check (self);
  kith_networking_check_clock (self->networking);
  return G_SOURCE_CONTINUE;
}

/**
 * kith_node_clock_start: (skip)
 * @self: a node that is being made
 */
void
kith_node_clock_start (KithNode *self)
{
  self->clock_check = kith_clock_check_new (self->env, is_contact, self);
  self->clock_watch = kith_clock_watch_new (clock_set_cb, self);
}

/**
 * kith_node_clock_stop: (skip)
 * @self: a node that goes
 */
void
kith_node_clock_stop (KithNode *self)
{
  kith_source_clear (&self->clock_watch);
}

/**
 * kith_node_clock_note: (skip)
 * @self: a node
 * @identity: who has proved who it is
 * @time_s: unix time by their clock; untrusted
 */
void
kith_node_clock_note (KithNode *self, const guint8 *identity, guint64 time_s)
{
  kith_clock_check_add (self->clock_check, identity, time_s);
  judge (self);
}

/**
 * kith_node_clock_update: (skip)
 * @self: a node
 *
 * Somebody has become a contact, or the clock may have been set.
 */
void
kith_node_clock_update (KithNode *self)
{
  kith_clock_check_update (self->clock_check);
  judge (self);
}
