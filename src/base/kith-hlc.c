/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-hlc.h"

#include "base/kith-limits.h"

/**
 * kith_hlc_from_ms:
 * @ms: unix time in ms
 *
 * Returns: the smallest value of that time
 */
guint64
kith_hlc_from_ms (gint64 ms)
{
  return (guint64) MAX (ms, 0) << KITH_HLC_COUNTER_BITS;
}

/**
 * kith_hlc_next:
 * @self: a clock
 * @now_ms: unix time in ms
 *
 * Takes the next value, higher than any that was given out or seen before.
 *
 * Returns: the value for a new message of ours
 */
guint64
kith_hlc_next (KithHlc *self, gint64 now_ms)
{
  self->last = MAX (kith_hlc_from_ms (now_ms), self->last + 1);
  return self->last;
}

/**
 * kith_hlc_receive:
 * @self: a clock
 * @theirs: the value a peer gave to its message: untrusted
 * @now_ms: unix time in ms
 *
 * Decides where a received message stands. A value from too far in the future is replaced with
 * the time of arrival, so that a wrong or hostile clock cannot pin a message to the end of the
 * conversation (protocol 8).
 *
 * Returns: the value to order the message by
 */
guint64
kith_hlc_receive (KithHlc *self, guint64 theirs, gint64 now_ms)
{
  if (theirs > kith_hlc_from_ms (now_ms + KITH_LIMIT_HLC_AHEAD_MS))
    return kith_hlc_next (self, now_ms);

  self->last = MAX (self->last, theirs);
  return theirs;
}
