/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-meeting-times.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "base/kith-time.h"
#include "proto/kith-hash.h"

#define EDGE_S KITH_LIMIT_RENDEZVOUS_EDGE_S


/**
 * kith_meeting_get_epochs: (skip)
 * @root: what the two have in common
 * @now_s: unix time
 * @epochs: (out): the present one, and near its edges the one before or after
 *
 * Returns: how many there are: 1 or 2
 */
guint
kith_meeting_get_epochs (const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES], gint64 now_s,
                         guint64 epochs[2])
{
  guint age_s = kith_rendezvous_get_age_s (root, now_s);

  epochs[0] = kith_rendezvous_get_epoch (root, now_s);
  if (age_s < EDGE_S && epochs[0] > 0)
    epochs[1] = epochs[0] - 1;
  else if (age_s >= KITH_DAY_S - EDGE_S)
    epochs[1] = epochs[0] + 1;
  else
    return 1;

  return 2;
}

/**
 * kith_meeting_has_epoch: (skip)
 * @epochs: (array length=n): some epochs
 * @n: how many
 * @epoch: another
 *
 * Returns: whether @epoch is one of @epochs
 */
gboolean
kith_meeting_has_epoch (const guint64 *epochs, guint n, guint64 epoch)
{
  for (guint i = 0; i < n; i++)
    if (epochs[i] == epoch)
      return TRUE;

  return FALSE;
}

/**
 * kith_meeting_get_edge_s: (skip)
 * @root: what the two have in common
 * @now_s: unix time
 *
 * Returns: for how many seconds the epochs stay as they are
 */
guint
kith_meeting_get_edge_s (const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES], gint64 now_s)
{
  guint age_s = kith_rendezvous_get_age_s (root, now_s);

  if (age_s < EDGE_S)
    return EDGE_S - age_s;

  return age_s < KITH_DAY_S - EDGE_S ? KITH_DAY_S - EDGE_S - age_s : KITH_DAY_S - age_s;
}

/**
 * kith_meeting_get_period_s: (skip)
 * @n: how many are met in turns
 *
 * The more there are, the less often each has its turn, so that the traffic of them all stays
 * bounded. Periods double: whoever has the longer one finds the other at each of its own turns.
 *
 * Returns: how long the period is
 */
guint
kith_meeting_get_period_s (guint n)
{
  guint period_s = KITH_LIMIT_DHT_TURN_SHORTEST_S;

  while (period_s < KITH_LIMIT_DHT_TURN_LONGEST_S && period_s < n * KITH_LIMIT_DHT_TURN_SHARE_S)
    period_s *= 2;

  return period_s;
}

/**
 * kith_meeting_get_phase_s: (skip)
 * @root: what the two have in common
 * @now_s: unix time
 * @period_s: from kith_meeting_get_period_s()
 *
 * Both sides come to the place at the beginning of the pair's period.
 *
 * Returns: for how many seconds the period has lasted
 */
guint
kith_meeting_get_phase_s (const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES], gint64 now_s,
                          guint period_s)
{
  guint8 key[KITH_KEY_BYTES];
  guint32 offset;

  kith_kdf (key, root, "kith1 dht-turn", NULL, 0);
  memcpy (&offset, key, sizeof offset);
  kith_secret_wipe (key, sizeof key);
  return (guint) (((guint64) MAX (now_s, 0) + GUINT32_FROM_BE (offset) % KITH_DAY_S) % period_s);
}

/**
 * kith_meeting_get_turn_left_s: (skip)
 * @root: what the two have in common
 * @now_s: unix time
 * @period_s: from kith_meeting_get_period_s()
 *
 * Returns: for how many seconds the pair's turn goes on; 0 when it is over
 */
guint
kith_meeting_get_turn_left_s (const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES], gint64 now_s,
                              guint period_s)
{
  guint phase_s = kith_meeting_get_phase_s (root, now_s, period_s);

  return phase_s < KITH_LIMIT_DHT_TURN_S ? KITH_LIMIT_DHT_TURN_S - phase_s : 0;
}

/**
 * kith_meeting_get_until_look_s: (skip)
 * @root: what the two have in common
 * @now_s: unix time
 * @period_s: from kith_meeting_get_period_s()
 *
 * In the middle of a turn both values are there, even when the clocks differ by minutes.
 *
 * Returns: how many seconds it is to the middle of a turn, more than 0
 */
guint
kith_meeting_get_until_look_s (const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES], gint64 now_s,
                               guint period_s)
{
  guint phase_s = kith_meeting_get_phase_s (root, now_s, period_s);
  guint middle_s = KITH_LIMIT_DHT_TURN_S / 2;

  return phase_s < middle_s ? middle_s - phase_s : period_s - phase_s + middle_s;
}

/**
 * kith_meeting_get_until_turn_s: (skip)
 * @root: what the two have in common
 * @now_s: unix time
 * @period_s: from kith_meeting_get_period_s()
 *
 * Returns: how many seconds it is to the beginning of the next turn, more than 0
 */
guint
kith_meeting_get_until_turn_s (const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES], gint64 now_s,
                               guint period_s)
{
  return period_s - kith_meeting_get_phase_s (root, now_s, period_s);
}
