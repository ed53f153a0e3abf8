/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-quota.h"

/**
 * kith_quota_is_over:
 * @self: a quota
 * @now_us: the time; of a clock that was set back no span is known
 * @span_ms: how long it lasts
 *
 * Returns: whether what happens now is the first of a new span
 */
gboolean
kith_quota_is_over (const KithQuota *self, gint64 now_us, guint span_ms)
{
  return self->n == 0 || now_us < self->since_us || now_us - self->since_us >= span_ms * (gint64) 1000;
}

/**
 * kith_quota_has_room:
 * @self: a quota
 * @now_us: the time
 * @most: how often it may happen in a span; not 0
 * @span_ms: how long that lasts
 *
 * Returns: whether it may happen now
 */
gboolean
kith_quota_has_room (const KithQuota *self, gint64 now_us, guint most, guint span_ms)
{
  return self->n < most || kith_quota_is_over (self, now_us, span_ms);
}

/**
 * kith_quota_count:
 * @self: a quota
 * @now_us: the time
 * @span_ms: how long a span lasts
 *
 * It happens.
 */
void
kith_quota_count (KithQuota *self, gint64 now_us, guint span_ms)
{
  if (kith_quota_is_over (self, now_us, span_ms))
    *self = (KithQuota){ .since_us = now_us };

  self->n++;
}

/**
 * kith_quota_take:
 * @self: a quota
 * @now_us: the time
 * @most: how often it may happen in a span; not 0
 * @span_ms: how long that lasts
 *
 * Returns: whether it may happen now; then it is counted
 */
gboolean
kith_quota_take (KithQuota *self, gint64 now_us, guint most, guint span_ms)
{
  if (!kith_quota_has_room (self, now_us, most, span_ms))
    return FALSE;

  kith_quota_count (self, now_us, span_ms);
  return TRUE;
}

/**
 * kith_quota_get_wait_ms:
 * @self: a quota
 * @now_us: the time
 * @most: how often it may happen in a span; not 0
 * @span_ms: how long that lasts
 *
 * Returns: after how long it may happen; 0 when it may now
 */
guint
kith_quota_get_wait_ms (const KithQuota *self, gint64 now_us, guint most, guint span_ms)
{
  if (kith_quota_has_room (self, now_us, most, span_ms))
    return 0;

  return span_ms - (guint) ((now_us - self->since_us) / 1000);
}
