/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4 and 4.1: OPEN, and what may arrive in which state. States: kith-session-private.h. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-session-private.h"

#include <string.h>

#include "base/kith-limits.h"
#include "base/kith-secret.h"

/* --- OPEN ----------------------------------------------------------------------------------- */

static void
own_bind (KithSession *self, guint8 bind[KITH_BIND_BYTES])
{
  const guint8 *mine = kith_local_get_identity (kith_session_get_local (self));
  const guint8 *theirs = kith_session_get_identity (self);
  gboolean dialer = kith_channel_is_dialer (self->channel);

  kith_pair_bind (self->bind_exporter, dialer ? mine : theirs, dialer ? theirs : mine, bind);
}

static gboolean
check_bind (KithSession *self, const guint8 *theirs)
{
  guint8 bind[KITH_BIND_BYTES];

  own_bind (self, bind);
  return kith_secret_equal_memory (bind, theirs, sizeof bind);
}

static void
fill_in (KithSession *self, KithBodyOpen *body)
{
  own_bind (self, body->bind);
  memcpy (body->instance, kith_local_get_instance (kith_session_get_local (self)),
          KITH_INSTANCE_BYTES);
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
  self->purpose = body.purpose;
  bytes = kith_body_open_pack (&body);
  kith_session_queue (self, KITH_RECORD_OPEN, bytes->data, bytes->len);
  kith_session_set_state (self, KITH_SESSION_OPENING);
}

/**
 * kith_session_accept_open:
 * @self: a session whose `open` was heard
 * @open_ok: pending, and unless pending name and endpoints; with pending and a text it is us who ask.
 *   The rest is filled in here
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
  self->asks = body.pending && body.text != NULL;
  bytes = kith_body_open_ok_pack (&body);
  kith_session_queue (self, KITH_RECORD_OPEN_OK, bytes->data, bytes->len);
  kith_session_set_state (self, body.pending ? KITH_SESSION_PENDING : KITH_SESSION_OPEN);
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
    kith_session_set_state (self, KITH_SESSION_OPEN);
}

static gboolean
receive_open (KithSession *self, const guint8 *body, gsize len)
{
  g_auto (KithBodyOpen) open = { 0 };

  if (self->state != KITH_SESSION_NEW || kith_channel_is_dialer (self->channel)
      || !kith_body_open_unpack (&open, body, len) || !check_bind (self, open.bind))
    return FALSE;

  memcpy (self->instance, open.instance, sizeof self->instance);
  self->purpose = open.purpose;
  kith_session_set_state (self, KITH_SESSION_OPENING);
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
  kith_session_set_state (self, open_ok.pending ? KITH_SESSION_PENDING : KITH_SESSION_OPEN);
  kith_session_rekey_start (self, TRUE);
  if (self->events != NULL && kith_session_is_open (self))
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
    case KITH_BYE_GARBLED:
      return KITH_ERROR_GARBLED_THERE;
    case KITH_BYE_PROTOCOL:
      return KITH_ERROR_NOT_UNDERSTOOD;
    case KITH_BYE_OTHER_DEVICE:
      return KITH_ERROR_OTHER_DEVICE;
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

  /* Whoever asks without reading the answers gets no more of them: our queue stays bounded. */
  if (g_queue_get_length (&self->out) < KITH_LIMIT_QUEUED_PONGS)
    kith_session_send_ping (self, KITH_RECORD_PONG, token);
  return TRUE;
}

/* Records for the owner, in the states in which they may come. */
static gboolean
receive_for_owner (KithSession *self, KithRecordType type, const guint8 *body, gsize len)
{
  gboolean while_pending = type == KITH_RECORD_PROFILE || type == KITH_RECORD_ACCEPT
                           || kith_record_is_group ((guint8) type);

  if (self->state != KITH_SESSION_OPEN && !(self->state == KITH_SESSION_PENDING && while_pending))
    return FALSE;
  if (type == KITH_RECORD_ACCEPT && !kith_channel_is_dialer (self->channel) && !self->asks)
    return FALSE;

  kith_session_mark_traffic (self);
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
    case KITH_RECORD_ENDPOINTS:
    case KITH_RECORD_DIAL_BACK:
    case KITH_RECORD_DIAL_BACK_RESULT:
    case KITH_RECORD_MSG:
    case KITH_RECORD_ACK:
    case KITH_RECORD_RESEND:
    case KITH_RECORD_TYPING:
    case KITH_RECORD_PRESENCE:
    case KITH_RECORD_SAS_COMMIT:
    case KITH_RECORD_SAS_REPLY:
    case KITH_RECORD_SAS_REVEAL:
    case KITH_RECORD_FILE_GET:
    case KITH_RECORD_FILE_LEAVES:
    case KITH_RECORD_FILE_CHUNK:
    case KITH_RECORD_FILE_STATE:
    case KITH_RECORD_GROUP_HELLO:
    case KITH_RECORD_GROUP_OPS:
    case KITH_RECORD_GROUP_VECTOR:
    case KITH_RECORD_GROUP_WANT:
    case KITH_RECORD_GROUP_ENTRIES:
    case KITH_RECORD_GROUP_PROOF:
    case KITH_RECORD_GROUP_ENDORSE:
    case KITH_RECORD_GROUP_STATUS:
    case KITH_RECORD_GROUP_JOIN:
    case KITH_RECORD_GROUP_PEERS:
    case KITH_RECORD_GROUP_SECRET:
    case KITH_RECORD_GROUP_SHARED:
    case KITH_RECORD_GROUP_ANSWER:
    case KITH_RECORD_GROUP_FILES:
    case KITH_RECORD_GROUP_PICTURE:
      return receive_for_owner (self, (KithRecordType) type, body, len);
    case KITH_RECORD_END:
      break;
    }

  return (type & KITH_RECORD_SKIPPABLE) != 0;
}

/* Nothing that is refused or skipped in the end is collected until then: of people who have not even said OPEN
 * there may be many (4). */
static gboolean
may_begin (KithSession *self, const KithFragment *fragment)
{
  if (self->state != KITH_SESSION_NEW && self->state != KITH_SESSION_OPENING)
    return TRUE;

  return fragment->type == KITH_RECORD_OPEN || fragment->type == KITH_RECORD_OPEN_OK
         || fragment->type == KITH_RECORD_BYE
         || ((fragment->type & KITH_RECORD_SKIPPABLE) != 0 && !fragment->more);
}

static gboolean
receive_fragment (KithSession *self, const KithFragment *fragment)
{
  const guint8 *body;
  gsize len;

  if (!may_begin (self, fragment))
    return FALSE;

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

/**
 * kith_session_frame: (skip)
 * @plaintext: (array length=len): a decrypted frame; authentic, and still the peer's words
 * @len: its length in bytes
 * @user_data: the session
 *
 * Returns: whether the next frame may follow
 */
gboolean
kith_session_frame (const guint8 *plaintext, gsize len, gpointer user_data)
{
  g_autoptr (KithSession) self = kith_session_ref (user_data);
  KithFrameParser parser;
  KithFragment fragment;
  KithRecordResult result;

  self->heard_us = kith_session_now_us (self);
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
