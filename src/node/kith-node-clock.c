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
#include "proto/kith-preamble.h"

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

static gboolean
matches_at (const KithEnv *env, const guint8 *knock_key, guint8 dir, const guint8 *tag,
            const guint8 *ephemeral)
{
  guint64 unit = (guint64) MAX (kith_env_realtime_s (env), 0) / KITH_LIMIT_KNOCK_UNIT_S;
  gboolean matches = FALSE;

  for (guint64 i = unit - 1; i <= unit + 1; i++)
    matches |= kith_knock_matches (knock_key, dir, i, ephemeral, tag);

  return matches;
}

/**
 * kith_node_knock_key_matches: (skip)
 * @self: a node
 * @knock_key: (array fixed-size=32): of kith_knock_key()
 * @dir: as in kith_knock_tag()
 * @tag: the tag of a preamble; untrusted
 * @ephemeral: the ephemeral key of msg1; untrusted
 *
 * A correction may be wrong too: it lets more contacts in, and locks nobody out.
 *
 * Returns: whether it is the knock of somebody who has the key, by our clock or the corrected one
 */
gboolean
kith_node_knock_key_matches (KithNode *self, const guint8 *knock_key, guint8 dir, const guint8 *tag,
                             const guint8 *ephemeral)
{
  gboolean matches = matches_at (self->env, knock_key, dir, tag, ephemeral);

  if (!matches && kith_clock_check_get_correction_s (self->clock_check) != 0)
    matches = matches_at (kith_clock_check_get_env (self->clock_check), knock_key, dir, tag, ephemeral);

  return matches;
}

/**
 * kith_node_knock_matches: (skip)
 * @self: a node
 * @root: (array fixed-size=32): the root of a pair, or of an invite
 * @dir: as in kith_knock_tag()
 * @tag: the tag of a preamble; untrusted
 * @ephemeral: the ephemeral key of msg1; untrusted
 *
 * Returns: whether it is the knock of somebody who has the root, by our clock or the corrected one
 */
gboolean
kith_node_knock_matches (KithNode *self, const guint8 *root, guint8 dir, const guint8 *tag,
                         const guint8 *ephemeral)
{
  guint8 knock_key[KITH_KEY_BYTES];
  gboolean matches;

  kith_knock_key (root, knock_key);
  matches = kith_node_knock_key_matches (self, knock_key, dir, tag, ephemeral);
  kith_secret_wipe (knock_key, sizeof knock_key);
  return matches;
}
