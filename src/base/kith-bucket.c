/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-bucket.h"

static void
refill (KithBucket *self, gint64 now_us, guint refill_ms)
{
  gint64 refill_us = refill_ms * (gint64) 1000;
  gint64 gained = (now_us - self->filled_us) / refill_us;

  if (gained >= self->n_used)
    *self = (KithBucket){ .filled_us = now_us };
  else if (gained > 0)
    {
      self->n_used -= (guint) gained;
      self->filled_us += gained * refill_us;
    }
}

/**
 * kith_bucket_take:
 * @self: a bucket
 * @now_us: monotonic time
 * @burst: how much it holds
 * @refill_ms: after how long there is one more; not 0
 *
 * Returns: whether there was one to take
 */
gboolean
kith_bucket_take (KithBucket *self, gint64 now_us, guint burst, guint refill_ms)
{
  refill (self, now_us, refill_ms);
  if (self->n_used >= burst)
    return FALSE;

  self->n_used++;
  return TRUE;
}

/**
 * kith_bucket_is_full:
 * @self: a bucket
 * @now_us: monotonic time
 * @refill_ms: after how long there is one more; not 0
 *
 * Returns: whether nothing of it is in use, so that it may be forgotten
 */
gboolean
kith_bucket_is_full (KithBucket *self, gint64 now_us, guint refill_ms)
{
  refill (self, now_us, refill_ms);
  return self->n_used == 0;
}

/**
 * kith_bucket_get_wait_ms:
 * @self: a bucket
 * @now_us: monotonic time
 * @burst: how much it holds
 * @refill_ms: after how long there is one more; not 0
 *
 * Returns: how long until there is one to take; 0 when there is
 */
guint
kith_bucket_get_wait_ms (KithBucket *self, gint64 now_us, guint burst, guint refill_ms)
{
  refill (self, now_us, refill_ms);
  if (self->n_used < burst)
    return 0;

  return refill_ms - (guint) ((now_us - self->filled_us) / 1000);
}
