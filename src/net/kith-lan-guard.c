/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-lan-guard.h"

#include <string.h>

#include "base/kith-limits.h"

/* A token bucket that holds what may come in one second. */
typedef struct
{
  double tokens;
  double per_s;
  gint64 filled_us;
} Bucket;

typedef struct
{
  guint8 address[16];
  Bucket bucket;
} Source;

struct _KithLanGuard
{
  const KithEnv *env;     /* (unowned) */
  Bucket         all;
  GHashTable    *sources; /* (owned) Source -> itself */
};

/* --- Buckets -------------------------------------------------------------------------------- */

static void
bucket_init (Bucket *self, double per_s, gint64 now_us)
{
  *self = (Bucket){ .tokens = per_s, .per_s = per_s, .filled_us = now_us };
}

static void
bucket_refill (Bucket *self, gint64 now_us)
{
  double gained = (double) (now_us - self->filled_us) * self->per_s / (double) G_USEC_PER_SEC;

  self->tokens = MIN (self->tokens + gained, self->per_s);
  self->filled_us = now_us;
}

static gboolean
bucket_take (Bucket *self, gint64 now_us)
{
  bucket_refill (self, now_us);
  if (self->tokens < 1.0)
    return FALSE;

  self->tokens -= 1.0;
  return TRUE;
}

/* --- Sources -------------------------------------------------------------------------------- */

static guint
source_hash (gconstpointer key)
{
  guint hash = 5381;

  for (gsize i = 0; i < sizeof ((const Source *) key)->address; i++)
    hash = hash * 33 + ((const Source *) key)->address[i];

  return hash;
}

static gboolean
source_equal (gconstpointer a, gconstpointer b)
{
  return memcmp (((const Source *) a)->address, ((const Source *) b)->address,
                 sizeof ((const Source *) a)->address)
         == 0;
}

static gboolean
is_forgettable_cb (gpointer key, gpointer value, gpointer user_data)
{
  Source *source = value;
  const gint64 *now_us = user_data;

  bucket_refill (&source->bucket, *now_us);
  return source->bucket.tokens >= source->bucket.per_s;
}

/* Returns: (nullable): %NULL when too many call at once */
static Source *
lookup (KithLanGuard *self, const KithEndpoint *from, gint64 now_us)
{
  Source wanted = { .bucket = { 0 } };
  Source *source;

  memcpy (wanted.address, from->address, sizeof wanted.address);
  source = g_hash_table_lookup (self->sources, &wanted);
  if (source != NULL)
    return source;

  if (g_hash_table_size (self->sources) >= KITH_LIMIT_BEACON_SOURCES)
    g_hash_table_foreach_remove (self->sources, is_forgettable_cb, &now_us);
  if (g_hash_table_size (self->sources) >= KITH_LIMIT_BEACON_SOURCES)
    return NULL;

  source = g_new (Source, 1);
  *source = wanted;
  bucket_init (&source->bucket, KITH_LIMIT_BEACONS_PER_SOURCE_S, now_us);
  g_hash_table_add (self->sources, source);
  return source;
}

/**
 * kith_lan_guard_admit:
 * @self: a guard
 * @source: who sent a datagram; its port does not matter
 *
 * A source that calls too often takes nothing from the others.
 *
 * Returns: whether to look at it
 */
gboolean
kith_lan_guard_admit (KithLanGuard *self, const KithEndpoint *source)
{
  gint64 now_us = kith_env_monotonic_us (self->env);
  Source *known = lookup (self, source, now_us);

  return known != NULL && bucket_take (&known->bucket, now_us) && bucket_take (&self->all, now_us);
}

/**
 * kith_lan_guard_new:
 * @env: (transfer none): the clock
 *
 * Returns: (transfer full): a guard
 */
KithLanGuard *
kith_lan_guard_new (const KithEnv *env)
{
  KithLanGuard *self = g_new0 (KithLanGuard, 1);

  self->env = env;
  bucket_init (&self->all, KITH_LIMIT_BEACONS_PER_S, kith_env_monotonic_us (env));
  self->sources = g_hash_table_new_full (source_hash, source_equal, g_free, NULL);
  return self;
}

/**
 * kith_lan_guard_free:
 * @self: (transfer full): a guard
 */
void
kith_lan_guard_free (KithLanGuard *self)
{
  g_hash_table_unref (self->sources);
  g_free (self);
}
