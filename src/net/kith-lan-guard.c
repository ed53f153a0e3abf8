/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-lan-guard.h"

#include <string.h>

#include "base/kith-bucket.h"
#include "base/kith-limits.h"
#include "base/kith-table-hash.h"

#define REFILL_MS (1000 / KITH_LIMIT_BEACONS_PER_S)
#define REFILL_OF_SOURCE_MS (1000 / KITH_LIMIT_BEACONS_PER_SOURCE_S)

typedef struct
{
  guint8     address[16];
  KithBucket bucket;
} Source;

struct _KithLanGuard
{
  const KithEnv *env;     /* (unowned) */
  KithBucket     all;
  GHashTable    *sources; /* (owned) Source -> itself */
};

/* --- Sources -------------------------------------------------------------------------------- */

static guint
source_hash (gconstpointer key)
{
  return kith_table_hash (((const Source *) key)->address, sizeof ((const Source *) key)->address);
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

  return kith_bucket_is_full (&source->bucket, *now_us, REFILL_OF_SOURCE_MS);
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

  return known != NULL
         && kith_bucket_take (&known->bucket, now_us, KITH_LIMIT_BEACONS_PER_SOURCE_S,
                              REFILL_OF_SOURCE_MS)
         && kith_bucket_take (&self->all, now_us, KITH_LIMIT_BEACONS_PER_S, REFILL_MS);
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
