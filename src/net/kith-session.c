/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4: the life of a session, from OPEN to BYE. States: kith-session-private.h. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-session-private.h"

#include <string.h>

#include "base/kith-limits.h"

/**
 * kith_session_get_local: (skip)
 * @self: a session
 *
 * Returns: (transfer none): who we are in it, with the environment and the times
 */
KithLocal *
kith_session_get_local (KithSession *self)
{
  return kith_channel_get_local (self->channel);
}

/**
 * kith_session_now_us: (skip)
 * @self: a session
 *
 * Returns: monotonic time in microseconds
 */
gint64
kith_session_now_us (KithSession *self)
{
  return kith_env_monotonic_us (kith_local_get_env (kith_session_get_local (self)));
}

static void
set_timer (KithSession *self, guint ms, GSourceFunc func)
{
  kith_timer_start (&self->timer, ms, func, self);
}

/* --- States --------------------------------------------------------------------------------- */

static gboolean
open_timed_out_cb (gpointer user_data)
{
  KithSession *self = user_data;

  kith_timer_clear (&self->timer);
  kith_session_fail (self, KITH_ERROR_TIMEOUT, "OPEN was not exchanged in time");
  return G_SOURCE_REMOVE;
}

static void
fail_closed (KithSession *self)
{
  kith_session_fail (self, self->end,
                     self->end == KITH_ERROR_CLOSED    ? "The session was closed here"
                     : self->end == KITH_ERROR_GARBLED ? "What came was damaged on its way"
                                                       : "A record is not in order, or not now");
}

static gboolean
close_timed_out_cb (gpointer user_data)
{
  KithSession *self = user_data;

  kith_timer_clear (&self->timer);
  fail_closed (self);
  return G_SOURCE_REMOVE;
}

/**
 * kith_session_set_state: (skip)
 * @self: a session
 * @state: its new state
 *
 * The only writer of the state, with the timer that belongs to it.
 */
void
kith_session_set_state (KithSession *self, KithSessionState state)
{
  self->state = state;

  switch (state)
    {
    case KITH_SESSION_NEW:
    case KITH_SESSION_OPENING:
      if (self->timer == NULL)
        set_timer (self, kith_local_get_timeouts (kith_session_get_local (self))->open_ms,
                   open_timed_out_cb);
      break;
    case KITH_SESSION_PENDING:
    case KITH_SESSION_OPEN:
      kith_session_keepalive_start (self);
      break;
    case KITH_SESSION_CLOSING:
      set_timer (self, KITH_LIMIT_CLOSE_MS, close_timed_out_cb);
      break;
    case KITH_SESSION_CLOSED:
      kith_session_rekey_clear (self);
      kith_timer_clear (&self->timer);
      g_clear_pointer (&self->flusher, kith_watch_free);
      break;
    }
}

/* What came from the handshake, and is used as long as the session is there; the channel has its own. */
static void
wipe_keys (KithSession *self)
{
  self->derived = TRUE;
  kith_secret_wipe (self->bind_exporter, sizeof self->bind_exporter);
  kith_secret_wipe (self->sas_key, sizeof self->sas_key);
  kith_secret_wipe (self->group_key, sizeof self->group_key);
}

static void
report_closed (KithSession *self, const GError *error)
{
  G_GNUC_UNUSED g_autoptr (KithSession) keep = kith_session_ref (self);

  if (self->reported)
    return;

  g_debug ("Session over: %s", error->message);
  self->reported = TRUE;
  kith_session_set_state (self, KITH_SESSION_CLOSED);
  kith_channel_close (self->channel);
  if (self->events != NULL)
    self->events->closed (self, error, self->user_data);
  wipe_keys (self);
}

/**
 * kith_session_fail: (skip)
 * @self: a session
 * @code: why
 * @message: the same for logs
 *
 * Ends the session at once, without a BYE.
 */
void
kith_session_fail (KithSession *self, KithError code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, (gint) code, message);

  report_closed (self, error);
}

/* Ends the session in order: the peer is told @reason, and the owner @end. */
static void
give_up (KithSession *self, KithByeReason reason, KithError end)
{
  g_autoptr (GByteArray) body = NULL;

  if (self->state == KITH_SESSION_CLOSING || self->state == KITH_SESSION_CLOSED)
    return;

  self->end = end;
  body = kith_body_bye_pack (reason);
  kith_session_drop_bulk (self);
  kith_session_queue (self, KITH_RECORD_BYE, body->data, body->len);
  kith_session_set_state (self, KITH_SESSION_CLOSING);
  if (self->paused)
    kith_session_set_reading (self, TRUE);
}

/**
 * kith_session_break: (skip)
 * @self: a session
 * @message: what was wrong, for logs
 *
 * The peer broke the protocol. Once it was let in, it is told so: it may be of another version.
 */
void
kith_session_break (KithSession *self, const char *message)
{
  if (!kith_session_is_open (self))
    {
      kith_session_fail (self, KITH_ERROR_PROTOCOL, message);
      return;
    }

  g_debug ("Session is broken: %s", message);
  kith_channel_stop_hearing (self->channel);
  give_up (self, KITH_BYE_PROTOCOL, KITH_ERROR_PROTOCOL);
}

/* --- The channel ---------------------------------------------------------------------------- */

static void
ended (const GError *error, gpointer user_data)
{
  KithSession *self = user_data;

  if (self->state == KITH_SESSION_CLOSING)
    fail_closed (self);
  else if (error != NULL && error->domain == KITH_ERROR)
    report_closed (self, error);
  else
    kith_session_fail (self, KITH_ERROR_PEER_CLOSED, "The connection was lost");
}

/* Both sides have to know why: the one that sent it sees nothing but an end. Who was not let in is told
 * nothing. */
static void
garbled (gpointer user_data)
{
  KithSession *self = user_data;

  if (kith_session_is_open (self))
    give_up (self, KITH_BYE_GARBLED, KITH_ERROR_GARBLED);
  else if (self->state != KITH_SESSION_CLOSING)
    kith_session_fail (self, KITH_ERROR_GARBLED, "What came was damaged on its way");
}

static const KithChannelEvents channel_events = { NULL, kith_session_frame, kith_session_drained, ended,
                                                  garbled };

/**
 * kith_session_set_reading:
 * @self: a session
 * @reading: whether to read on
 *
 * Lets the owner hold back the peer while it is behind.
 */
void
kith_session_set_reading (KithSession *self, gboolean reading)
{
  self->paused = !reading;
  kith_channel_set_reading (self->channel, reading);
}

/* --- Life ----------------------------------------------------------------------------------- */

/**
 * kith_session_new:
 * @channel: (transfer none): a ready channel
 *
 * Returns: (transfer full): a session; whoever dialled goes on with kith_session_open()
 */
KithSession *
kith_session_new (KithChannel *channel)
{
  KithSession *self = g_new0 (KithSession, 1);

  g_ref_count_init (&self->ref_count);
  self->channel = kith_channel_ref (channel);
  self->reassembler = kith_reassembler_new ();
  self->flusher = kith_watch_new (-1, kith_session_flush, self);
  g_queue_init (&self->out);
  g_queue_init (&self->bulk);
  memcpy (self->bind_exporter, kith_channel_get_exporter (channel), KITH_KEY_BYTES);
  memcpy (self->first_hash, kith_channel_get_hash (channel), KITH_HASH_BYTES);
  kith_sas_key (self->bind_exporter, self->sas_key);
  kith_kdf (self->group_key, self->bind_exporter, "kith1 grp-key", NULL, 0);
  self->started_us = self->heard_us = self->rekeyed_us = kith_session_now_us (self);
  kith_channel_set_events (channel, &channel_events, self);
  kith_session_set_state (self, KITH_SESSION_NEW);
  return self;
}

/**
 * kith_session_set_events:
 * @self: a session
 * @events: (nullable): whom to tell; static. %NULL from the owner that goes
 * @user_data: given to each
 */
void
kith_session_set_events (KithSession *self, const KithSessionEvents *events, gpointer user_data)
{
  self->events = events;
  self->user_data = user_data;
}

/**
 * kith_session_close:
 * @self: a session
 * @reason: what to tell the peer
 *
 * Ends the session in order: BYE, then the end of the stream. `closed` follows with
 * %KITH_ERROR_CLOSED when that is out, after 2 s at most. What arrives meanwhile is dropped.
 */
void
kith_session_close (KithSession *self, KithByeReason reason)
{
  give_up (self, reason, KITH_ERROR_CLOSED);
}

/**
 * kith_session_abort:
 * @self: a session
 *
 * Drops the connection at once and without a word, as a crash would, and wipes what came from its handshake.
 * Nothing is reported.
 */
void
kith_session_abort (KithSession *self)
{
  self->reported = TRUE;
  kith_session_set_state (self, KITH_SESSION_CLOSED);
  kith_channel_close (self->channel);
  wipe_keys (self);
}

/**
 * kith_session_ref:
 * @self: a session
 *
 * Returns: (transfer full): @self
 */
KithSession *
kith_session_ref (KithSession *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * kith_session_unref:
 * @self: (transfer full): a session
 *
 * The last reference aborts it.
 */
void
kith_session_unref (KithSession *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  kith_session_abort (self);
  kith_channel_set_events (self->channel, NULL, NULL);
  kith_channel_unref (self->channel);
  kith_reassembler_free (self->reassembler);
  g_queue_clear_full (&self->out, (GDestroyNotify) kith_out_record_free);
  kith_session_drop_bulk (self);
  g_free (self);
}

/* --- What it is ----------------------------------------------------------------------------- */

/**
 * kith_session_is_alive:
 * @self: a session
 *
 * Returns: whether it is neither closing nor closed
 */
gboolean
kith_session_is_alive (KithSession *self)
{
  return self->state != KITH_SESSION_CLOSING && self->state != KITH_SESSION_CLOSED;
}

/**
 * kith_session_is_open:
 * @self: a session
 *
 * Returns: whether OPEN was exchanged and it goes on
 */
gboolean
kith_session_is_open (KithSession *self)
{
  return self->state == KITH_SESSION_OPEN || self->state == KITH_SESSION_PENDING;
}

/**
 * kith_session_is_pending:
 * @self: a session
 *
 * Returns: whether it is open but a request is still to be answered
 */
gboolean
kith_session_is_pending (KithSession *self)
{
  return self->state == KITH_SESSION_PENDING;
}

/**
 * kith_session_is_dialer:
 * @self: a session
 *
 * Returns: whether we dialled
 */
gboolean
kith_session_is_dialer (KithSession *self)
{
  return kith_channel_is_dialer (self->channel);
}

/**
 * kith_session_get_purpose:
 * @self: a session after OPEN
 *
 * Returns: what the dialer wants
 */
KithPurpose
kith_session_get_purpose (KithSession *self)
{
  return self->purpose;
}

/**
 * kith_session_get_mode:
 * @self: a session
 *
 * For tests alone.
 *
 * Returns: how the dialer introduced itself
 */
KithMode
kith_session_get_mode (KithSession *self)
{
  return kith_channel_get_mode (self->channel);
}

/**
 * kith_session_get_entry:
 * @self: a session that we dialled
 *
 * Returns: with what we asked to be let in
 */
KithEntryKind
kith_session_get_entry (KithSession *self)
{
  return kith_channel_get_entry (self->channel);
}

/**
 * kith_session_get_identity:
 * @self: a session
 *
 * Returns: (transfer none): the peer's identity key, 32 bytes
 */
const guint8 *
kith_session_get_identity (KithSession *self)
{
  return kith_channel_get_certificate (self->channel)->identity;
}

/**
 * kith_session_get_certificate:
 * @self: a session
 *
 * Returns: (transfer none): the peer's certificate
 */
const KithCertificate *
kith_session_get_certificate (KithSession *self)
{
  return kith_channel_get_certificate (self->channel);
}

/**
 * kith_session_get_instance:
 * @self: a session after OPEN
 *
 * Returns: (transfer none): the random bytes of the peer's start
 */
const guint8 *
kith_session_get_instance (KithSession *self)
{
  return self->instance;
}

/**
 * kith_session_get_hash:
 * @self: a session
 *
 * What both sides have in common in this session and in no other: what a proof is bound to.
 *
 * Returns: (transfer none): the hash of the last handshake, %KITH_HASH_BYTES
 */
const guint8 *
kith_session_get_hash (KithSession *self)
{
  return kith_channel_get_hash (self->channel);
}

/**
 * kith_session_get_remote:
 * @self: a session
 * @remote: (out caller-allocates): the peer's address and port
 *
 * Returns: %FALSE when it is no longer connected
 */
gboolean
kith_session_get_remote (KithSession *self, KithEndpoint *remote)
{
  return kith_channel_get_remote (self->channel, remote);
}

/**
 * kith_session_get_age_ms:
 * @self: a session
 *
 * Returns: ms since its handshake
 */
gint64
kith_session_get_age_ms (KithSession *self)
{
  return (kith_session_now_us (self) - self->started_us) / 1000;
}

/**
 * kith_session_get_n_rekeys:
 * @self: a session
 *
 * For tests alone.
 *
 * Returns: how many times its keys were renewed
 */
guint32
kith_session_get_n_rekeys (KithSession *self)
{
  return self->n_rekeys;
}

/**
 * kith_session_get_sas_key:
 * @self: a session
 *
 * Like the hash of kith_session_get_first_hash() it stays the same when keys are renewed, so that
 * both sides compare words of the same session however a rekey falls (protocol 2.1).
 *
 * Returns: (transfer none): what the words are made from, %KITH_KEY_BYTES
 */
const guint8 *
kith_session_get_sas_key (KithSession *self)
{
  return self->sas_key;
}

/**
 * kith_session_get_first_hash:
 * @self: a session
 *
 * Returns: (transfer none): the hash of its first handshake, %KITH_HASH_BYTES
 */
const guint8 *
kith_session_get_first_hash (KithSession *self)
{
  return self->first_hash;
}

/**
 * kith_session_get_group_name:
 * @self: a session
 * @gid: the id of a group, 32 bytes
 * @name: (out): how both sides call it in this session, and in no other (protocol 4.1b)
 */
void
kith_session_get_group_name (KithSession *self, const guint8 *gid, KithGroupName *name)
{
  kith_group_blind (self->group_key, gid, name->bytes);
}

/**
 * kith_session_derive_pair_root:
 * @self: an open session
 * @r_mine: the random bytes of our PAIR
 * @r_theirs: those of theirs
 *
 * Computes the pair root of protocol 6.1. It comes from the exporter of the first handshake,
 * which is the same on both sides whenever a rekey happens. Once a session: the exporter is wiped.
 *
 * Returns: (transfer full) (nullable): the pair root; %NULL the second time
 */
KithSecret *
kith_session_derive_pair_root (KithSession *self, const guint8 r_mine[KITH_PAIR_BYTES],
                               const guint8 r_theirs[KITH_PAIR_BYTES])
{
  guint8 root[KITH_KEY_BYTES];
  KithSecret *secret;

  if (self->derived)
    return NULL;

  self->derived = TRUE;
  kith_pair_root (self->bind_exporter, kith_local_get_identity (kith_session_get_local (self)),
                  kith_session_get_identity (self), r_mine, r_theirs, root);
  secret = kith_secret_new_from (root, sizeof root);
  kith_secret_wipe (root, sizeof root);
  kith_secret_wipe (self->bind_exporter, sizeof self->bind_exporter);
  return secret;
}
