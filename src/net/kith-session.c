/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4: OPEN, keepalive, BYE and the flow of records. States: kith-session-private.h. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-session-private.h"

#include <string.h>

#include "base/kith-limits.h"

static KithLocal *
local_of (KithSession *self)
{
  return kith_channel_get_local (self->channel);
}

static gint64
now_us (KithSession *self)
{
  return kith_env_monotonic_us (kith_local_get_env (local_of (self)));
}

static void
clear_source (GSource **source)
{
  if (*source != NULL)
    g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}

static void
set_timer (KithSession *self, guint ms, GSourceFunc func)
{
  clear_source (&self->timer);
  self->timer = g_timeout_source_new (ms);
  g_source_set_callback (self->timer, func, self, NULL);
  g_source_set_static_name (self->timer, "kith-session-timer");
  g_source_attach (self->timer, g_main_context_get_thread_default ());
}

/* --- States --------------------------------------------------------------------------------- */

static void keepalive_schedule (KithSession *self);

static gboolean
open_timed_out_cb (gpointer user_data)
{
  KithSession *self = user_data;

  clear_source (&self->timer);
  kith_session_fail (self, KITH_ERROR_TIMEOUT, "OPEN was not exchanged in time");
  return G_SOURCE_REMOVE;
}

static gboolean
close_timed_out_cb (gpointer user_data)
{
  KithSession *self = user_data;

  clear_source (&self->timer);
  kith_session_fail (self, KITH_ERROR_CLOSED, "The session was closed here");
  return G_SOURCE_REMOVE;
}

static void
set_state (KithSession *self, KithSessionState state)
{
  self->state = state;

  switch (state)
    {
    case KITH_SESSION_NEW:
    case KITH_SESSION_OPENING:
      if (self->timer == NULL)
        set_timer (self, kith_local_get_timeouts (local_of (self))->open_ms, open_timed_out_cb);
      break;
    case KITH_SESSION_PENDING:
    case KITH_SESSION_OPEN:
      keepalive_schedule (self);
      break;
    case KITH_SESSION_CLOSING:
      set_timer (self, KITH_LIMIT_CLOSE_MS, close_timed_out_cb);
      break;
    case KITH_SESSION_CLOSED:
      kith_session_rekey_clear (self);
      clear_source (&self->timer);
      clear_source (&self->flush_source);
      break;
    }
}

static void
report_closed (KithSession *self, const GError *error)
{
  G_GNUC_UNUSED g_autoptr (KithSession) keep = kith_session_ref (self);

  if (self->reported)
    return;

  g_debug ("Session over: %s", error->message);
  self->reported = TRUE;
  set_state (self, KITH_SESSION_CLOSED);
  kith_channel_close (self->channel);
  if (self->events != NULL)
    self->events->closed (self, error, self->user_data);
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

/**
 * kith_session_break: (skip)
 * @self: a session
 * @message: what was wrong, for logs
 *
 * The peer broke the protocol.
 */
void
kith_session_break (KithSession *self, const char *message)
{
  kith_session_fail (self, KITH_ERROR_PROTOCOL, message);
}

/* --- Keepalive ------------------------------------------------------------------------------ */

static void
send_ping (KithSession *self, KithRecordType type, guint64 token)
{
  g_autoptr (GByteArray) body = kith_body_ping_pack (token);

  kith_session_queue (self, type, body->data, body->len);
}

static gboolean
keepalive_cb (gpointer user_data)
{
  KithSession *self = user_data;
  const KithTimeouts *timeouts = kith_local_get_timeouts (local_of (self));
  gint64 quiet_ms = (now_us (self) - self->heard_us) / 1000;

  clear_source (&self->timer);

  if (quiet_ms >= (gint64) timeouts->keepalive_ms - timeouts->keepalive_jitter_ms)
    {
      if (self->n_unanswered >= KITH_LIMIT_KEEPALIVE_MISSED)
        {
          kith_session_fail (self, KITH_ERROR_PEER_CLOSED, "The peer has fallen silent");
          return G_SOURCE_REMOVE;
        }
      self->n_unanswered++;
      send_ping (self, KITH_RECORD_PING, self->n_unanswered);
    }

  keepalive_schedule (self);
  return G_SOURCE_REMOVE;
}

/* One timer a session, moved only when it fires: traffic costs nothing here. */
static void
keepalive_schedule (KithSession *self)
{
  const KithTimeouts *timeouts = kith_local_get_timeouts (local_of (self));
  guint jitter_ms = kith_env_random_uniform (kith_local_get_env (local_of (self)),
                                             2 * timeouts->keepalive_jitter_ms + 1);

  set_timer (self, timeouts->keepalive_ms - timeouts->keepalive_jitter_ms + jitter_ms, keepalive_cb);
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
    send_ping (self, KITH_RECORD_PING, 0);
}

/* --- Sending -------------------------------------------------------------------------------- */

static void
out_record_free (KithOutRecord *record)
{
  g_byte_array_unref (record->body);
  g_free (record);
}

/* A frame ends behind a record that changes the key. */
static gboolean
ends_frame (KithRecordType type)
{
  return type == KITH_RECORD_REKEY2 || type == KITH_RECORD_REKEY3;
}

/* Fills one frame with what is queued. */
static gboolean
send_frame (KithSession *self)
{
  gsize room;
  guint8 *frame = kith_channel_begin_frame (self->channel, &room);
  gsize len = 0;
  KithRecordType last = KITH_RECORD_END;

  while (!g_queue_is_empty (&self->out) && !ends_frame (last))
    {
      KithOutRecord *record = g_queue_peek_head (&self->out);
      gsize before = record->offset;
      gsize written = kith_record_write (frame + len, room - len, (guint8) record->type, 0,
                                         record->body->data, record->body->len, &record->offset);

      if (written == 0)
        break;

      len += written;
      self->out_bytes -= record->offset - before;
      if (record->offset < record->body->len)
        break;

      last = record->type;
      out_record_free (g_queue_pop_head (&self->out));
    }

  if (!kith_channel_end_frame (self->channel, len))
    return FALSE;

  kith_session_rekey_sent (self, last);
  return TRUE;
}

static void
flush (KithSession *self)
{
  while (!g_queue_is_empty (&self->out)
         && kith_channel_get_queued (self->channel) < KITH_LIMIT_OUT_LOW_WATER_BYTES)
    if (!send_frame (self))
      {
        kith_session_fail (self, KITH_ERROR_PROTOCOL, "The keys are used up");
        return;
      }

  if (!g_queue_is_empty (&self->out))
    return;

  if (self->state == KITH_SESSION_CLOSING)
    kith_channel_finish (self->channel);
}

static gboolean
flush_cb (gpointer user_data)
{
  g_autoptr (KithSession) self = kith_session_ref (user_data);

  clear_source (&self->flush_source);
  flush (self);
  if (self->state != KITH_SESSION_CLOSED)
    kith_session_rekey_if_due (self);

  return G_SOURCE_REMOVE;
}

/**
 * kith_session_queue: (skip)
 * @self: a session
 * @type: a record type
 * @body: (nullable) (array length=len): its body
 * @len: its length in bytes
 *
 * Queues a record, whatever the state. All that is queued in one turn of the loop shares frames.
 */
void
kith_session_queue (KithSession *self, KithRecordType type, const guint8 *body, gsize len)
{
  KithOutRecord *record;

  if (self->state == KITH_SESSION_CLOSED)
    return;

  record = g_new0 (KithOutRecord, 1);
  record->type = type;
  record->body = g_byte_array_sized_new ((guint) len);
  if (len > 0)
    g_byte_array_append (record->body, body, (guint) len);
  g_queue_push_tail (&self->out, record);
  self->out_bytes += len;

  if (self->flush_source == NULL)
    {
      self->flush_source = g_idle_source_new ();
      g_source_set_priority (self->flush_source, G_PRIORITY_DEFAULT);
      g_source_set_callback (self->flush_source, flush_cb, self, NULL);
      g_source_set_static_name (self->flush_source, "kith-session-flush");
      g_source_attach (self->flush_source, g_main_context_get_thread_default ());
    }
}

/**
 * kith_session_is_writable:
 * @self: a session
 *
 * Returns: whether the out queue has room. When it has not, `drained` tells when it has again.
 */
gboolean
kith_session_is_writable (KithSession *self)
{
  return (self->state == KITH_SESSION_OPEN || self->state == KITH_SESSION_PENDING)
         && self->out_bytes + kith_channel_get_queued (self->channel) < KITH_LIMIT_OUT_QUEUE_BYTES;
}

/**
 * kith_session_send_record:
 * @self: a session
 * @type: PROFILE, ACCEPT, PAIR, MSG or ACK
 * @body: (array length=len): its body
 * @len: its length in bytes
 *
 * Returns: %FALSE when nothing was sent: the session is not open, or its queue is full
 */
gboolean
kith_session_send_record (KithSession *self, KithRecordType type, const guint8 *body, gsize len)
{
  if (!kith_session_is_writable (self))
    return FALSE;

  kith_session_queue (self, type, body, len);
  return TRUE;
}

/**
 * kith_session_send_bytes:
 * @self: a session
 * @type: as in kith_session_send_record()
 * @body: (transfer full): its body
 *
 * Returns: as kith_session_send_record()
 */
gboolean
kith_session_send_bytes (KithSession *self, KithRecordType type, GByteArray *body)
{
  gboolean sent = kith_session_send_record (self, type, body->data, body->len);

  g_byte_array_unref (body);
  return sent;
}

static void
drained (gpointer user_data)
{
  g_autoptr (KithSession) self = kith_session_ref (user_data);

  flush (self);
  if (self->events != NULL && kith_session_is_writable (self))
    self->events->drained (self, self->user_data);
}

/* --- OPEN ----------------------------------------------------------------------------------- */

static void
own_bind (KithSession *self, guint8 bind[KITH_BIND_BYTES])
{
  const guint8 *mine = kith_local_get_identity (local_of (self));
  const guint8 *theirs = kith_session_get_identity (self);
  gboolean dialer = kith_channel_is_dialer (self->channel);

  kith_pair_bind (self->bind_exporter, dialer ? mine : theirs, dialer ? theirs : mine, bind);
}

static gboolean
check_bind (KithSession *self, const guint8 *theirs)
{
  guint8 bind[KITH_BIND_BYTES];

  own_bind (self, bind);
  return memcmp (bind, theirs, sizeof bind) == 0;
}

static void
fill_in (KithSession *self, KithBodyOpen *body)
{
  own_bind (self, body->bind);
  memcpy (body->instance, kith_local_get_instance (local_of (self)), KITH_INSTANCE_BYTES);
}

/**
 * kith_session_open:
 * @self: a new session that we dialled
 * @open: purpose, name, text and endpoints; bind and instance are filled in here
 *
 * Says what we want. `opened` or `closed` follows.
 */
void
kith_session_open (KithSession *self, const KithBodyOpen *open)
{
  KithBodyOpen body = *open;
  g_autoptr (GByteArray) bytes = NULL;

  if (self->state != KITH_SESSION_NEW || !kith_channel_is_dialer (self->channel))
    return;

  fill_in (self, &body);
  bytes = kith_body_open_pack (&body);
  kith_session_queue (self, KITH_RECORD_OPEN, bytes->data, bytes->len);
  set_state (self, KITH_SESSION_OPENING);
}

/**
 * kith_session_accept_open:
 * @self: a session whose `open` was heard
 * @open_ok: pending, and unless pending name and endpoints; the rest is filled in here
 *
 * Lets the peer in, or keeps it waiting.
 */
void
kith_session_accept_open (KithSession *self, const KithBodyOpen *open_ok)
{
  KithBodyOpen body = *open_ok;
  g_autoptr (GByteArray) bytes = NULL;

  if (self->state != KITH_SESSION_OPENING || kith_channel_is_dialer (self->channel))
    return;

  fill_in (self, &body);
  bytes = kith_body_open_ok_pack (&body);
  kith_session_queue (self, KITH_RECORD_OPEN_OK, bytes->data, bytes->len);
  set_state (self, body.pending ? KITH_SESSION_PENDING : KITH_SESSION_OPEN);
}

/**
 * kith_session_lift_pending:
 * @self: a pending session
 *
 * ACCEPT was sent or received: chat may flow.
 */
void
kith_session_lift_pending (KithSession *self)
{
  if (self->state == KITH_SESSION_PENDING)
    set_state (self, KITH_SESSION_OPEN);
}

static gboolean
receive_open (KithSession *self, const guint8 *body, gsize len)
{
  g_auto (KithBodyOpen) open = { 0 };

  if (self->state != KITH_SESSION_NEW || kith_channel_is_dialer (self->channel)
      || !kith_body_open_unpack (&open, body, len) || !check_bind (self, open.bind))
    return FALSE;

  memcpy (self->instance, open.instance, sizeof self->instance);
  set_state (self, KITH_SESSION_OPENING);
  if (self->events != NULL)
    self->events->open (self, &open, self->user_data);
  return TRUE;
}

static gboolean
receive_open_ok (KithSession *self, const guint8 *body, gsize len)
{
  g_auto (KithBodyOpen) open_ok = { 0 };

  if (self->state != KITH_SESSION_OPENING || !kith_channel_is_dialer (self->channel)
      || !kith_body_open_ok_unpack (&open_ok, body, len) || !check_bind (self, open_ok.bind))
    return FALSE;

  memcpy (self->instance, open_ok.instance, sizeof self->instance);
  set_state (self, open_ok.pending ? KITH_SESSION_PENDING : KITH_SESSION_OPEN);
  kith_session_rekey_start (self, TRUE);
  if (self->events != NULL)
    self->events->opened (self, &open_ok, self->user_data);
  return TRUE;
}

/* --- Receiving ------------------------------------------------------------------------------ */

static KithError
error_of_bye (KithByeReason reason)
{
  switch (reason)
    {
    case KITH_BYE_SHUTDOWN:
      return KITH_ERROR_SHUTDOWN;
    case KITH_BYE_NOT_CONTACT:
      return KITH_ERROR_NOT_CONTACT;
    case KITH_BYE_DUPLICATE:
      return KITH_ERROR_DUPLICATE;
    case KITH_BYE_BUSY:
      return KITH_ERROR_BUSY;
    case KITH_BYE_TIMEOUT:
      return KITH_ERROR_TIMEOUT;
    case KITH_BYE_PROTOCOL:
    case KITH_BYE_REKEY:
      break;
    }

  return KITH_ERROR_PROTOCOL;
}

static gboolean
receive_bye (KithSession *self, const guint8 *body, gsize len)
{
  KithByeReason reason;

  if (!kith_body_bye_unpack (&reason, body, len))
    return FALSE;

  kith_session_fail (self, error_of_bye (reason), "The peer said BYE");
  return TRUE;
}

static gboolean
receive_ping (KithSession *self, const guint8 *body, gsize len)
{
  guint64 token;

  if (!kith_body_ping_unpack (&token, body, len))
    return FALSE;

  send_ping (self, KITH_RECORD_PONG, token);
  return TRUE;
}

/* Records for the owner, in the states in which they may come. */
static gboolean
receive_for_owner (KithSession *self, KithRecordType type, const guint8 *body, gsize len)
{
  gboolean while_pending = type == KITH_RECORD_PROFILE || type == KITH_RECORD_ACCEPT;

  if (self->state != KITH_SESSION_OPEN && !(self->state == KITH_SESSION_PENDING && while_pending))
    return FALSE;
  if (type == KITH_RECORD_ACCEPT && !kith_channel_is_dialer (self->channel))
    return FALSE;

  return self->events == NULL || self->events->record (self, type, body, len, self->user_data);
}

/* Our BYE is on its way, and nothing that arrives counts any more; but keys that are about to
 * change have to, or what else arrives would seem forged and the BYE would be lost with it. */
static gboolean
receive_while_closing (KithSession *self, guint8 type, const guint8 *body, gsize len)
{
  if (type == KITH_RECORD_REKEY2 || type == KITH_RECORD_REKEY3)
    return kith_session_rekey_receive (self, (KithRecordType) type, body, len);

  return TRUE;
}

static gboolean
receive_record (KithSession *self, guint8 type, const guint8 *body, gsize len)
{
  gboolean established = self->state == KITH_SESSION_PENDING || self->state == KITH_SESSION_OPEN;

  if (self->state == KITH_SESSION_CLOSING)
    return receive_while_closing (self, type, body, len);

  switch ((KithRecordType) type)
    {
    case KITH_RECORD_OPEN:
      return receive_open (self, body, len);
    case KITH_RECORD_OPEN_OK:
      return receive_open_ok (self, body, len);
    case KITH_RECORD_BYE:
      return receive_bye (self, body, len);
    case KITH_RECORD_PING:
      return established && receive_ping (self, body, len);
    case KITH_RECORD_PONG:
      return established;
    case KITH_RECORD_REKEY_REQ:
    case KITH_RECORD_REKEY1:
    case KITH_RECORD_REKEY2:
    case KITH_RECORD_REKEY3:
      return established && kith_session_rekey_receive (self, (KithRecordType) type, body, len);
    case KITH_RECORD_PROFILE:
    case KITH_RECORD_ACCEPT:
    case KITH_RECORD_PAIR:
    case KITH_RECORD_MSG:
    case KITH_RECORD_ACK:
      return receive_for_owner (self, (KithRecordType) type, body, len);
    case KITH_RECORD_END:
      break;
    }

  return (type & KITH_RECORD_SKIPPABLE) != 0;
}

static gboolean
receive_fragment (KithSession *self, const KithFragment *fragment)
{
  const guint8 *body;
  gsize len;

  switch (kith_reassembler_add (self->reassembler, fragment, &body, &len))
    {
    case KITH_RECORD_RESULT_OK:
      return receive_record (self, fragment->type, body, len);
    case KITH_RECORD_RESULT_MORE:
      return TRUE;
    case KITH_RECORD_RESULT_BAD:
      break;
    }

  return FALSE;
}

static gboolean
frame (const guint8 *plaintext, gsize len, gpointer user_data)
{
  g_autoptr (KithSession) self = kith_session_ref (user_data);
  KithFrameParser parser;
  KithFragment fragment;
  KithRecordResult result;

  self->heard_us = now_us (self);
  self->n_unanswered = 0;
  kith_frame_parser_init (&parser, plaintext, len);

  while ((result = kith_frame_parser_next (&parser, &fragment)) == KITH_RECORD_RESULT_OK)
    {
      if (!receive_fragment (self, &fragment))
        {
          result = KITH_RECORD_RESULT_BAD;
          break;
        }
      if (self->state == KITH_SESSION_CLOSED)
        return FALSE;
    }

  if (result == KITH_RECORD_RESULT_BAD)
    {
      kith_session_break (self, "A record is not in order, or not now");
      return FALSE;
    }

  kith_session_rekey_if_due (self);
  return self->state != KITH_SESSION_CLOSED && !self->paused;
}

static void
ended (const GError *error, gpointer user_data)
{
  KithSession *self = user_data;

  if (self->state == KITH_SESSION_CLOSING)
    kith_session_fail (self, KITH_ERROR_CLOSED, "The session was closed here");
  else if (error != NULL && error->domain == KITH_ERROR)
    report_closed (self, error);
  else
    kith_session_fail (self, KITH_ERROR_PEER_CLOSED, "The connection was lost");
}

static const KithChannelEvents channel_events = { NULL, frame, drained, ended };

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
  g_queue_init (&self->out);
  memcpy (self->bind_exporter, kith_channel_get_exporter (channel), KITH_KEY_BYTES);
  self->started_us = self->heard_us = self->rekeyed_us = now_us (self);
  kith_channel_set_events (channel, &channel_events, self);
  set_state (self, KITH_SESSION_NEW);
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
  g_autoptr (GByteArray) body = NULL;

  if (self->state == KITH_SESSION_CLOSING || self->state == KITH_SESSION_CLOSED)
    return;

  body = kith_body_bye_pack (reason);
  kith_session_queue (self, KITH_RECORD_BYE, body->data, body->len);
  set_state (self, KITH_SESSION_CLOSING);
  if (self->paused)
    kith_session_set_reading (self, TRUE);
}

/**
 * kith_session_abort:
 * @self: a session
 *
 * Drops the connection at once and without a word, as a crash would. Nothing is reported.
 */
void
kith_session_abort (KithSession *self)
{
  self->reported = TRUE;
  set_state (self, KITH_SESSION_CLOSED);
  kith_channel_close (self->channel);
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
  g_queue_clear_full (&self->out, (GDestroyNotify) out_record_free);
  kith_secret_wipe (self->bind_exporter, sizeof self->bind_exporter);
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
 * kith_session_get_mode:
 * @self: a session
 *
 * Returns: how the dialer introduced itself
 */
KithMode
kith_session_get_mode (KithSession *self)
{
  return kith_channel_get_mode (self->channel);
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
  return (now_us (self) - self->started_us) / 1000;
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
  return (now_us (self) - self->heard_us) / 1000;
}

/**
 * kith_session_get_n_rekeys:
 * @self: a session
 *
 * Returns: how many times its keys were renewed
 */
guint32
kith_session_get_n_rekeys (KithSession *self)
{
  return self->n_rekeys;
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
 * Returns: (transfer full): the pair root
 */
KithSecret *
kith_session_derive_pair_root (KithSession *self, const guint8 r_mine[KITH_PAIR_BYTES],
                               const guint8 r_theirs[KITH_PAIR_BYTES])
{
  guint8 root[KITH_KEY_BYTES];
  KithSecret *secret;

  kith_pair_root (self->bind_exporter, kith_local_get_identity (local_of (self)),
                  kith_session_get_identity (self), r_mine, r_theirs, root);
  secret = kith_secret_new_from (root, sizeof root);
  kith_secret_wipe (root, sizeof root);
  kith_secret_wipe (self->bind_exporter, sizeof self->bind_exporter);
  return secret;
}
