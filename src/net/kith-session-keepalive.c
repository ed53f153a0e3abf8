/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4, the keepalive: a PING after some silence, and after some that nobody answers the end. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-session-private.h"

#include "base/kith-limits.h"

#define STEPS_IN_JITTER 30

/**
 * kith_session_send_ping: (skip)
 * @self: a session
 * @type: PING or PONG
 * @token: its token
 */
void
kith_session_send_ping (KithSession *self, KithRecordType type, guint64 token)
{
  g_autoptr (GByteArray) body = kith_body_ping_pack (token);

  kith_session_queue (self, type, body->data, body->len);
}

/* Returns: when to look next, by chance, but at a moment at which others look as well: the machine wakes once for
 * all of them */
static guint
choose_ms (KithSession *self)
{
  KithLocal *local = kith_session_get_local (self);
  const KithTimeouts *timeouts = kith_local_get_timeouts (local);
  guint step_ms = MAX (timeouts->keepalive_jitter_ms / STEPS_IN_JITTER, 1);
  guint spread_ms = 2 * timeouts->keepalive_jitter_ms + 1;
  guint jitter_ms = kith_env_random_uniform (kith_local_get_env (local), spread_ms - MIN (step_ms - 1, spread_ms - 1));
  guint ms = timeouts->keepalive_ms - timeouts->keepalive_jitter_ms + jitter_ms;
  guint past_ms = (guint) ((kith_session_now_us (self) / 1000 + ms) % step_ms);

  return past_ms == 0 ? ms : ms + step_ms - past_ms;
}

static gboolean
keepalive_cb (gpointer user_data)
{
  KithSession *self = user_data;
  const KithTimeouts *timeouts = kith_local_get_timeouts (kith_session_get_local (self));
  gint64 quiet_ms = kith_session_get_silence_ms (self);

  kith_timer_clear (&self->timer);

  /* While it is us who do not read, silence says nothing about the peer. */
  if (!self->paused && quiet_ms >= (gint64) timeouts->keepalive_ms - timeouts->keepalive_jitter_ms)
    {
      if (self->n_unanswered >= KITH_LIMIT_KEEPALIVE_MISSED)
        {
          kith_session_fail (self, KITH_ERROR_PEER_CLOSED, "The peer has fallen silent");
          return G_SOURCE_REMOVE;
        }
      self->n_unanswered++;
      kith_channel_trim (self->channel);
      kith_session_send_ping (self, KITH_RECORD_PING, self->n_unanswered);
    }

  kith_session_keepalive_start (self);
  return G_SOURCE_REMOVE;
}

/**
 * kith_session_keepalive_start: (skip)
 * @self: an open session
 *
 * Looks after it from now on. One timer a session, moved only when it fires: traffic costs nothing here.
 */
void
kith_session_keepalive_start (KithSession *self)
{
  kith_timer_start (&self->timer, choose_ms (self), keepalive_cb, self);
}

/**
 * kith_session_probe:
 * @self: a session
 *
 * Sends a PING at once, to see whether anybody is still there: kith_session_get_silence_ms().
 */
void
kith_session_probe (KithSession *self)
{
  if (kith_session_is_open (self))
    kith_session_send_ping (self, KITH_RECORD_PING, 0);
}

/**
 * kith_session_get_silence_ms:
 * @self: a session
 *
 * Returns: ms since the peer was last heard
 */
gint64
kith_session_get_silence_ms (KithSession *self)
{
  return (kith_session_now_us (self) - self->heard_us) / 1000;
}
