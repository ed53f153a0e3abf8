/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a meeting does in the DHT, one operation at a time, and what it makes of the values there. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-meeting-private.h"

#include <string.h>

#include "base/kith-limits.h"
#include "node/kith-meeting-times.h"

#define MINUTE_MS (60 * 1000)
#define MAX_SPOTS 8

/* --- What was found ------------------------------------------------------------------------- */

/* Whoever floods a place costs us one failed opening for each value (about a microsecond), and no
 * more of them than this in a minute. */
static gboolean
may_try (KithMeetings *self, KithInSpot *spot)
{
  if ((spot->get != 0 && spot->n_tried >= KITH_LIMIT_DHT_TRIES_PER_GET)
      || !kith_quota_take (&self->tried, kith_env_monotonic_us (self->env), KITH_LIMIT_DHT_TRIES_PER_MINUTE, MINUTE_MS))
    return FALSE;

  spot->n_tried++;
  return TRUE;
}

/* Numbers are times: one from the future would hide what comes after it. */
static gboolean
is_plausible (const KithRendezvousValue *value)
{
  return value->time_s >= 0
         && value->seq <= (guint64) (value->time_s + KITH_LIMIT_RENDEZVOUS_AHEAD_S) * 1000;
}

/* A contact's newest value counts. What anybody who has the link, or is in the group, can put there:
 * each value once. */
static gboolean
is_new (KithMeeting *self, const guint8 *data, const KithRendezvousValue *value)
{
  guint64 nonce;

  if (!self->any)
    {
      if (value->seq <= self->last_seq)
        return FALSE;
      self->last_seq = value->seq;
      return TRUE;
    }

  memcpy (&nonce, data, sizeof nonce);
  for (guint i = 0; i < MIN (self->n_seen, G_N_ELEMENTS (self->seen)); i++)
    if (self->seen[i] == nonce)
      return FALSE;

  self->seen[self->n_seen++ % G_N_ELEMENTS (self->seen)] = nonce;
  return TRUE;
}

static void
value_cb (const guint8 *data, gsize len, gpointer user_data)
{
  KithInSpot *spot = user_data;
  KithMeeting *self = spot->meeting;
  KithRendezvousValue value;
  gboolean ok;

  if (len != KITH_RENDEZVOUS_VALUE_BYTES || !may_try (self->owner, spot))
    return;

  ok = self->open_with != NULL
         ? kith_rendezvous_open_with (&spot->place, data, len,
                                      kith_secret_get_data (self->open_with), &value)
         : kith_rendezvous_open (&spot->place, data, len, &value);
  if (!ok || !kith_rendezvous_value_is_fresh (&value, kith_env_realtime_s (self->owner->env))
      || !is_plausible (&value) || !is_new (self, data, &value))
    return;

  self->found (self, &value, self->user_data);
}

static void
done_cb (gpointer user_data)
{
  KithInSpot *spot = user_data;

  spot->get = 0;
}

/* --- Operations ----------------------------------------------------------------------------- */

/**
 * kith_in_spot_free: (skip)
 * @data: (transfer full): a #KithInSpot, a place where the other's values may be
 *
 * Ends what is asked there.
 */
void
kith_in_spot_free (gpointer data)
{
  KithInSpot *spot = data;
  KithDht *dht = spot->meeting->owner->dht;

  if (spot->listen != 0)
    kith_dht_cancel_listen (dht, spot->listen);
  if (spot->get != 0)
    kith_dht_cancel_get (dht, spot->get);
  kith_rendezvous_clear (&spot->place);
  g_free (spot);
}

static KithInSpot *
get_in_spot (KithMeeting *self, guint64 epoch)
{
  KithInSpot *spot;

  for (guint i = 0; i < self->in->len; i++)
    {
      spot = g_ptr_array_index (self->in, i);
      if (spot->epoch == epoch)
        return spot;
    }

  spot = g_new0 (KithInSpot, 1);
  spot->meeting = self;
  spot->epoch = epoch;
  kith_rendezvous_init (&spot->place, self->root, epoch, self->dir == 0 ? 1 : 0);
  g_ptr_array_add (self->in, spot);
  return spot;
}

/* A value is never the same twice, and always newer than the last, also after a restart; unless the
 * clock was far ahead, so that nobody took what we said then. */
static void
fill_value (KithMeetings *self, KithRendezvousValue *value)
{
  guint64 seq = (guint64) kith_env_realtime_ms (self->env);

  if (self->last_seq >= seq + KITH_LIMIT_RENDEZVOUS_AHEAD_S * (guint64) 1000)
    self->last_seq = 0;
  self->last_seq = MAX (seq, self->last_seq + 1);
  *value = (KithRendezvousValue){ .time_s = kith_env_realtime_s (self->env), .seq = self->last_seq };
  value->n_endpoints = self->n_endpoints;
  memcpy (value->endpoints, self->endpoints, sizeof value->endpoints);
}

static void
put (KithMeeting *self, guint64 epoch)
{
  KithMeetings *owner = self->owner;
  KithOutSpot spot = { .epoch = epoch, .version = owner->version };
  guint8 nonce[KITH_RENDEZVOUS_NONCE_BYTES];
  guint8 sealed[KITH_RENDEZVOUS_VALUE_BYTES];
  g_autoptr (GBytes) bytes = NULL;
  KithRendezvousValue value;
  KithRendezvous place;

  fill_value (owner, &value);
  kith_rendezvous_init (&place, self->root, epoch, self->dir);
  kith_env_random_bytes (owner->env, nonce, sizeof nonce);
  if (!self->sealed)
    kith_rendezvous_seal (&place, &value, nonce, sealed);
  else if (!kith_rendezvous_seal_to (&place, &value, self->seal_to, nonce, sealed))
    memset (sealed, 0, sizeof sealed); /* their key is none: nobody could read it */

  bytes = g_bytes_new (sealed, sizeof sealed);
  spot.put = kith_dht_put (owner->dht, place.location, bytes);
  g_array_append_val (self->out, spot);
  kith_rendezvous_clear (&place);
}

static gboolean
has_current (KithMeeting *self, guint64 epoch)
{
  for (guint i = 0; i < self->out->len; i++)
    if (g_array_index (self->out, KithOutSpot, i).epoch == epoch
        && g_array_index (self->out, KithOutSpot, i).version == self->owner->version)
      return TRUE;

  return FALSE;
}

/* A value cannot be replaced: the new one is put first, then the old one is no longer kept. */
static gboolean
step_out (KithMeeting *self, const guint64 *epochs, guint n)
{
  gboolean publish = kith_meeting_shall_publish (self);

  for (guint i = 0; i < n && publish; i++)
    if (!has_current (self, epochs[i]) && self->out->len < MAX_SPOTS)
      {
        put (self, epochs[i]);
        return TRUE;
      }

  for (guint i = 0; i < self->out->len; i++)
    {
      const KithOutSpot *spot = &g_array_index (self->out, KithOutSpot, i);

      if (publish && kith_meeting_has_epoch (epochs, n, spot->epoch) && spot->version == self->owner->version)
        continue;

      kith_dht_cancel_put (self->owner->dht, spot->put);
      g_array_remove_index_fast (self->out, i);
      return TRUE;
    }

  return FALSE;
}

static gboolean
step_listen (KithMeeting *self, const guint64 *epochs, guint n)
{
  gboolean listen = self->active && self->tier == KITH_MEETING_LISTENED;

  for (guint i = 0; i < n && listen; i++)
    {
      KithInSpot *spot = get_in_spot (self, epochs[i]);

      if (spot->listen != 0)
        continue;
      spot->listen = kith_dht_listen (self->owner->dht, spot->place.location, value_cb, spot);
      return TRUE;
    }

  for (guint i = 0; i < self->in->len; i++)
    {
      KithInSpot *spot = g_ptr_array_index (self->in, i);

      if (listen && kith_meeting_has_epoch (epochs, n, spot->epoch))
        continue;
      if (spot->listen != 0)
        {
          kith_dht_cancel_listen (self->owner->dht, spot->listen);
          spot->listen = 0;
          return TRUE;
        }
      if (spot->get == 0 && !kith_meeting_has_epoch (epochs, n, spot->epoch))
        g_ptr_array_remove_index (self->in, i--);
    }

  return FALSE;
}

static gboolean
ask (KithInSpot *spot)
{
  KithMeeting *self = spot->meeting;

  if (spot->get != 0 || spot->look == self->look)
    return FALSE;

  spot->look = self->look;
  spot->n_tried = 0;
  spot->get = kith_dht_get (self->owner->dht, spot->place.location, value_cb, done_cb, spot);
  return TRUE;
}

static gboolean
step_look (KithMeeting *self, const guint64 *epochs, guint n)
{
  guint i = 0;

  if (!self->look_due || !self->active)
    return FALSE;

  while (i < n && !ask (get_in_spot (self, epochs[i])))
    i++;
  if (i + 1 < n)
    return TRUE;

  kith_meeting_looked (self);
  return i < n;
}

/**
 * kith_meeting_step: (skip)
 * @self: a meeting
 *
 * Brings what it has in the DHT one operation closer to what it should have.
 *
 * Returns: whether there was something to do
 */
gboolean
kith_meeting_step (KithMeeting *self)
{
  guint64 epochs[2];
  guint n = kith_meeting_get_epochs (self->root, kith_env_realtime_s (self->owner->env), epochs);

  return step_out (self, epochs, n) || step_listen (self, epochs, n) || step_look (self, epochs, n);
}
