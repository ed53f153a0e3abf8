/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes from the places of a meeting: anybody may have put it there. Protocol 7.2. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "base/kith-limits.h"
#include "node/kith-meeting-private.h"

#define MINUTE_US (60 * G_TIME_SPAN_SECOND)

/* Whoever floods a place costs us one failed opening for each value (about a microsecond), and no
 * more of them than this in a minute. */
static gboolean
may_try (KithMeetings *self, KithMeetingSpot *spot)
{
  gint64 now_us = kith_env_monotonic_us (self->env);

  if (now_us - self->minute_us > MINUTE_US)
    {
      self->minute_us = now_us;
      self->n_tried = 0;
    }
  if (self->n_tried >= KITH_LIMIT_DHT_TRIES_PER_MINUTE
      || (spot->get != 0 && spot->n_tried >= KITH_LIMIT_DHT_TRIES_PER_GET))
    return FALSE;

  self->n_tried++;
  spot->n_tried++;
  return TRUE;
}

void
kith_meeting_value_cb (const guint8 *data, gsize len, gpointer user_data)
{
  KithMeetingSpot *spot = user_data;
  KithMeeting *self = spot->meeting;
  KithRendezvousValue value;
  gboolean ok;

  if (len != KITH_RENDEZVOUS_VALUE_BYTES || !may_try (self->owner, spot))
    return;

  ok = self->open_with != NULL
         ? kith_rendezvous_open_with (&spot->place, data, len,
                                      kith_secret_get_data (self->open_with), &value)
         : kith_rendezvous_open (&spot->place, data, len, &value);
  if (!ok || value.seq <= self->last_seq
      || !kith_rendezvous_value_is_fresh (&value, kith_env_realtime_s (self->owner->env)))
    return;

  self->last_seq = value.seq;
  self->found (self, &value, self->user_data);
}

void
kith_meeting_done_cb (gpointer user_data)
{
  KithMeetingSpot *spot = user_data;

  spot->get = 0;
}
