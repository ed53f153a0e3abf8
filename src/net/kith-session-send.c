/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4: records on their way out, many to a frame, many frames to a write. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-session-private.h"

#include "base/kith-limits.h"
#include "base/kith-source.h"

/* --- Sending -------------------------------------------------------------------------------- */

/**
 * kith_out_record_free: (skip)
 * @record: (transfer full): a record
 */
void
kith_out_record_free (KithOutRecord *record)
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

/* How much the next frame will hold at most. */
static gsize
next_frame_bytes (KithSession *self)
{
  gsize len = 0;

  for (GList *link = self->out.head; link != NULL && len < KITH_LIMIT_FRAME_PLAINTEXT_BYTES;
       link = link->next)
    {
      const KithOutRecord *record = link->data;

      len += KITH_RECORD_HEADER_BYTES + record->body->len - record->offset;
    }

  return MIN (len, KITH_LIMIT_FRAME_PLAINTEXT_BYTES);
}

static void
pop_record (KithSession *self)
{
  KithOutRecord *record = g_queue_pop_head (&self->out);

  self->out_bytes -= KITH_RECORD_HEADER_BYTES;
  kith_out_record_free (record);
}

/* Fills one frame with what is queued. */
static gboolean
send_frame (KithSession *self)
{
  gsize room;
  guint8 *frame = kith_channel_begin_frame (self->channel, next_frame_bytes (self), &room);
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
      pop_record (self);
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

  kith_source_clear (&self->flush_source);
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
  self->out_bytes += KITH_RECORD_HEADER_BYTES + len;

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
  kith_session_mark_traffic (self);
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

/**
 * kith_session_drained: (skip)
 * @user_data: the session
 *
 * The channel has room again.
 */
void
kith_session_drained (gpointer user_data)
{
  g_autoptr (KithSession) self = kith_session_ref (user_data);

  flush (self);
  if (self->events != NULL && kith_session_is_writable (self))
    self->events->drained (self, self->user_data);
}
