/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-guess-guard.h"

#include "base/kith-bucket.h"
#include "base/kith-limits.h"
#include "net/kith-admission.h"

#define MEMORY_US (KITH_LIMIT_JOIN_MEMORY_S * (gint64) G_USEC_PER_SEC)
#define REFILL_MS (KITH_LIMIT_JOIN_REFILL_S * 1000)

/* All prefixes that fail within the memory fit: the bucket does not let more of them fail. */
G_STATIC_ASSERT (KITH_LIMIT_JOIN_MEMORY_S / KITH_LIMIT_JOIN_REFILL_S
                   + KITH_LIMIT_JOIN_FAILURES_IN_ALL < KITH_LIMIT_PREFIXES);

typedef struct
{
  guint64 key;
  guint   n_failures; /* since the last pause */
  guint   n_pauses;
  gint64  until_us;   /* refused until then */
  gint64  failed_us;  /* the last time */
} Prefix;

struct _KithGuessGuard
{
  const KithEnv *env;      /* (unowned) */
  GHashTable    *prefixes; /* (owned) key -> Prefix */
  KithBucket     failed;   /* of all prefixes */
};

static Prefix *
lookup (KithGuessGuard *self, const KithEndpoint *remote)
{
  guint64 key = kith_admission_prefix (remote);

  return g_hash_table_lookup (self->prefixes, &key);
}

static gboolean
is_forgettable_cb (gpointer key, gpointer value, gpointer user_data)
{
  return *(gint64 *) user_data - ((Prefix *) value)->failed_us >= MEMORY_US;
}

static Prefix *
add (KithGuessGuard *self, const KithEndpoint *remote, gint64 now_us)
{
  Prefix *prefix;

  g_hash_table_foreach_remove (self->prefixes, is_forgettable_cb, &now_us);
  prefix = g_new0 (Prefix, 1);
  prefix->key = kith_admission_prefix (remote);
  g_hash_table_insert (self->prefixes, &prefix->key, prefix);
  return prefix;
}

/**
 * kith_guess_guard_may_try:
 * @self: a guard
 * @remote: who comes with a passphrase
 *
 * Returns: whether it is looked at
 */
gboolean
kith_guess_guard_may_try (KithGuessGuard *self, const KithEndpoint *remote)
{
  gint64 now_us = kith_env_monotonic_us (self->env);
  const Prefix *prefix = lookup (self, remote);

  return kith_bucket_get_wait_ms (&self->failed, now_us, KITH_LIMIT_JOIN_FAILURES_IN_ALL, REFILL_MS) == 0
         && (prefix == NULL || now_us >= prefix->until_us);
}

/**
 * kith_guess_guard_failed:
 * @self: a guard
 * @remote: who came with a wrong passphrase
 */
void
kith_guess_guard_failed (KithGuessGuard *self, const KithEndpoint *remote)
{
  gint64 now_us = kith_env_monotonic_us (self->env);
  Prefix *prefix = lookup (self, remote);
  gint64 pause_s = KITH_LIMIT_JOIN_PAUSE_S;

  kith_bucket_take (&self->failed, now_us, KITH_LIMIT_JOIN_FAILURES_IN_ALL, REFILL_MS);
  if (prefix == NULL || is_forgettable_cb (NULL, prefix, &now_us))
    prefix = add (self, remote, now_us);

  prefix->failed_us = now_us;
  if (++prefix->n_failures < KITH_LIMIT_JOIN_FAILURES)
    return;

  for (guint i = 0; i < prefix->n_pauses && pause_s < KITH_LIMIT_JOIN_PAUSE_MAX_S; i++)
    pause_s *= 2;
  prefix->until_us = now_us + MIN (pause_s, KITH_LIMIT_JOIN_PAUSE_MAX_S) * G_USEC_PER_SEC;
  prefix->n_failures = 0;
  prefix->n_pauses++;
}

/**
 * kith_guess_guard_succeeded:
 * @self: a guard
 * @remote: who came with the right passphrase
 *
 * What they had typed wrong before is forgotten.
 */
void
kith_guess_guard_succeeded (KithGuessGuard *self, const KithEndpoint *remote)
{
  guint64 key = kith_admission_prefix (remote);

  g_hash_table_remove (self->prefixes, &key);
}

/**
 * kith_guess_guard_new:
 * @env: (transfer none): the clock
 *
 * Returns: (transfer full): a guard
 */
KithGuessGuard *
kith_guess_guard_new (const KithEnv *env)
{
  KithGuessGuard *self = g_new0 (KithGuessGuard, 1);

  self->env = env;
  self->prefixes = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return self;
}

/**
 * kith_guess_guard_free:
 * @self: (transfer full): a guard
 */
void
kith_guess_guard_free (KithGuessGuard *self)
{
  g_hash_table_unref (self->prefixes);
  g_free (self);
}
