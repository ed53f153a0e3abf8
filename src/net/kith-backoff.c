/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-backoff.h"

#include "base/kith-limits.h"

/**
 * kith_backoff_reset:
 * @self: a backoff
 *
 * It worked, or the network changed: begin anew.
 */
void
kith_backoff_reset (KithBackoff *self)
{
  self->n_failures = 0;
}

/**
 * kith_backoff_next_ms:
 * @self: a backoff
 * @env: where the jitter comes from
 *
 * Counts a failure.
 *
 * Returns: how many ms to wait now
 */
guint
kith_backoff_next_ms (KithBackoff *self, const KithEnv *env)
{
  guint base_ms = KITH_LIMIT_DIAL_BACKOFF_MAX_MS;
  guint spread_ms;

  if (self->n_failures < 10)
    base_ms = MIN (base_ms, (guint) KITH_LIMIT_DIAL_BACKOFF_MIN_MS << self->n_failures);

  self->n_failures = MIN (self->n_failures + 1, 10);
  spread_ms = base_ms / 100 * KITH_LIMIT_DIAL_JITTER_PERCENT;
  return base_ms - spread_ms + kith_env_random_uniform (env, 2 * spread_ms + 1);
}
