/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-admission.h"

#include "base/kith-bucket.h"
#include "base/kith-limits.h"

typedef struct
{
  guint64    key;
  guint      n_half_open;
  KithBucket begun; /* handshakes */
} Prefix;

struct _KithAdmission
{
  const KithEnv *env;        /* (unowned) */
  guint          per_minute;
  GHashTable    *prefixes;   /* (owned) key -> Prefix */
  guint          n_half_open;
};

/**
 * kith_admission_prefix:
 * @remote: somebody's address
 *
 * Returns: the prefix that limits count by, as a number
 */
guint64
kith_admission_prefix (const KithEndpoint *remote)
{
  guint64 key = 0;

  for (guint i = 0; i < (remote->family == 4 ? 4u : 8u); i++)
    key = key << 8 | remote->address[i];

  /* 0::/64 holds ::1 only; IPv4 addresses are put where no IPv6 prefix is in use. */
  return remote->family == 4 ? key | G_GUINT64_CONSTANT (0xffff) << 48 : key;
}

static guint
refill_ms (KithAdmission *self)
{
  return MAX (60000 / MAX (self->per_minute, 1), 1);
}

static gboolean
may_begin (KithAdmission *self, Prefix *prefix)
{
  return kith_bucket_get_wait_ms (&prefix->begun, kith_env_monotonic_us (self->env),
                                  self->per_minute, refill_ms (self))
         == 0;
}

static void
count (KithAdmission *self, Prefix *prefix)
{
  kith_bucket_take (&prefix->begun, kith_env_monotonic_us (self->env), self->per_minute,
                    refill_ms (self));
}

/* (nullable): of those who have no handshake under way the one who has begun the fewest: whoever has begun many is
 * remembered for longer, and who comes from ever new prefixes locks out nobody else */
static Prefix *
find_forgettable (KithAdmission *self)
{
  gint64 now_us = kith_env_monotonic_us (self->env);
  GHashTableIter iter;
  gpointer value;
  Prefix *fewest = NULL;

  g_hash_table_iter_init (&iter, self->prefixes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Prefix *prefix = value;

      if (prefix->n_half_open > 0)
        continue;
      if (kith_bucket_is_full (&prefix->begun, now_us, refill_ms (self)))
        return prefix;
      if (fewest == NULL || prefix->begun.n_used < fewest->begun.n_used)
        fewest = prefix;
    }

  return fewest;
}

static gboolean
make_room (KithAdmission *self)
{
  Prefix *forgettable;
  guint64 key;

  if (g_hash_table_size (self->prefixes) < KITH_LIMIT_PREFIXES)
    return TRUE;

  forgettable = find_forgettable (self);
  if (forgettable == NULL)
    return FALSE;

  key = forgettable->key;
  return g_hash_table_remove (self->prefixes, &key);
}

static Prefix *
lookup (KithAdmission *self, const KithEndpoint *remote)
{
  guint64 key = kith_admission_prefix (remote);
  Prefix *prefix = g_hash_table_lookup (self->prefixes, &key);

  if (prefix != NULL)
    return prefix;

  if (!make_room (self))
    return NULL;

  prefix = g_new0 (Prefix, 1);
  prefix->key = key;
  g_hash_table_insert (self->prefixes, &prefix->key, prefix);
  return prefix;
}

static Prefix *
find_largest (KithAdmission *self)
{
  GHashTableIter iter;
  gpointer value;
  Prefix *largest = NULL;

  g_hash_table_iter_init (&iter, self->prefixes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (largest == NULL || ((Prefix *) value)->n_half_open > largest->n_half_open)
      largest = value;

  return largest;
}

/**
 * kith_admission_ask:
 * @self: the admission
 * @remote: who wants to begin a handshake
 * @evict: (out): with %KITH_ADMISSION_EVICT, the prefix to drop a connection of
 *
 * Decides, and takes a token of the prefix when the answer is not no.
 *
 * Returns: the verdict
 */
KithAdmissionVerdict
kith_admission_ask (KithAdmission *self, const KithEndpoint *remote, guint64 *evict)
{
  Prefix *prefix = lookup (self, remote);
  Prefix *largest;

  if (prefix == NULL || prefix->n_half_open >= KITH_LIMIT_HALF_OPEN_PER_PREFIX
      || !may_begin (self, prefix))
    return KITH_ADMISSION_NO;

  if (self->n_half_open < KITH_LIMIT_HALF_OPEN)
    {
      count (self, prefix);
      return KITH_ADMISSION_YES;
    }

  largest = find_largest (self);
  if (largest == NULL || largest->n_half_open <= prefix->n_half_open)
    return KITH_ADMISSION_NO;

  count (self, prefix);
  *evict = largest->key;
  return KITH_ADMISSION_EVICT;
}

/**
 * kith_admission_enter:
 * @self: the admission
 * @remote: whose handshake begins
 */
void
kith_admission_enter (KithAdmission *self, const KithEndpoint *remote)
{
  Prefix *prefix = lookup (self, remote);

  self->n_half_open++;
  if (prefix != NULL)
    prefix->n_half_open++;
}

/**
 * kith_admission_leave:
 * @self: the admission
 * @remote: whose handshake is over
 */
void
kith_admission_leave (KithAdmission *self, const KithEndpoint *remote)
{
  Prefix *prefix = lookup (self, remote);

  if (self->n_half_open > 0)
    self->n_half_open--;
  if (prefix != NULL && prefix->n_half_open > 0)
    prefix->n_half_open--;
}

/**
 * kith_admission_get_n:
 * @self: the admission
 *
 * Returns: how many handshakes are under way
 */
guint
kith_admission_get_n (KithAdmission *self)
{
  return self->n_half_open;
}

/**
 * kith_admission_get_n_prefixes:
 * @self: the admission
 *
 * For tests.
 *
 * Returns: how many prefixes it remembers
 */
guint
kith_admission_get_n_prefixes (KithAdmission *self)
{
  return g_hash_table_size (self->prefixes);
}

/**
 * kith_admission_new:
 * @env: (transfer none): the clock
 * @per_minute: how many handshakes a prefix may begin in a minute
 *
 * Returns: (transfer full): an admission
 */
KithAdmission *
kith_admission_new (const KithEnv *env, guint per_minute)
{
  KithAdmission *self = g_new0 (KithAdmission, 1);

  self->env = env;
  self->per_minute = per_minute;
  self->prefixes = g_hash_table_new_full (g_int64_hash, g_int64_equal, NULL, g_free);
  return self;
}

/**
 * kith_admission_free:
 * @self: (transfer full): an admission
 */
void
kith_admission_free (KithAdmission *self)
{
  g_hash_table_unref (self->prefixes);
  g_free (self);
}
