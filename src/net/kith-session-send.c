/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4: records on their way out, many to a frame, many frames to a write. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-session-private.h"

#include "base/kith-limits.h"
#include "base/kith-secret.h"

#define CHANNEL_TALK 0
#define CHANNEL_BULK 1

/* --- Sending -------------------------------------------------------------------------------- */

/* Pieces of files go on a channel of their own, so that a message need not wait for the rest of one. */
static gboolean
is_bulk (KithRecordType type)
{
  return type == KITH_RECORD_FILE_CHUNK || type == KITH_RECORD_FILE_LEAVES;
}

/**
 * kith_out_record_free: (skip)
 * @record: (transfer full): a record; what it says is wiped, but for pieces of files, which are on the disk
 */
void
kith_out_record_free (KithOutRecord *record)
{
  if (!is_bulk (record->type))
    kith_secret_wipe (record->body->data, record->body->len);
  g_byte_array_unref (record->body);
  g_free (record);
}

/* A frame ends behind a record that changes the key. */
static gboolean
ends_frame (KithRecordType type)
{
  return type == KITH_RECORD_REKEY2 || type == KITH_RECORD_REKEY3;
}

static gsize
add_waiting (GQueue *queue, gsize len)
{
  for (GList *link = queue->head; link != NULL && len < KITH_LIMIT_FRAME_PLAINTEXT_BYTES;
       link = link->next)
    {
      const KithOutRecord *record = link->data;

      len += KITH_RECORD_HEADER_BYTES + record->body->len - record->offset;
    }

  return len;
}

/* How much the next frame will hold at most. */
static gsize
next_frame_bytes (KithSession *self)
{
  return MIN (add_waiting (&self->bulk, add_waiting (&self->out, 0)), KITH_LIMIT_FRAME_PLAINTEXT_BYTES);
}

typedef struct
{
  guint8        *at;
  gsize          room;
  gsize          len;
  KithRecordType last; /* the last record that is complete */
} Frame;

/* Moves records of a queue into a frame. Returns: whether there may be room for more */
static gboolean
fill_frame (Frame *frame, GQueue *queue, gsize *queue_bytes, guint16 channel)
{
  while (!g_queue_is_empty (queue) && !ends_frame (frame->last))
    {
      KithOutRecord *record = g_queue_peek_head (queue);
      gsize before = record->offset;
      gsize written = kith_record_write (frame->at + frame->len, frame->room - frame->len,
                                         (guint8) record->type, channel, record->body->data,
                                         record->body->len, &record->offset);

      if (written == 0)
        return FALSE;

      frame->len += written;
      *queue_bytes -= record->offset - before;
      if (record->offset < record->body->len)
        return FALSE;

      frame->last = record->type;
      *queue_bytes -= KITH_RECORD_HEADER_BYTES;
      kith_out_record_free (g_queue_pop_head (queue));
    }

  return !ends_frame (frame->last);
}

/* Fills one frame with what is queued. */
static gboolean
send_frame (KithSession *self)
{
  Frame frame = { .last = KITH_RECORD_END };

  frame.at = kith_channel_begin_frame (self->channel, next_frame_bytes (self), &frame.room);
  if (fill_frame (&frame, &self->out, &self->out_bytes, CHANNEL_TALK))
    fill_frame (&frame, &self->bulk, &self->bulk_bytes, CHANNEL_BULK);
  if (!kith_channel_end_frame (self->channel, frame.len))
    return FALSE;

  kith_session_rekey_sent (self, frame.last);
  return TRUE;
}

static gboolean
is_all_out (KithSession *self)
{
  return g_queue_is_empty (&self->out) && g_queue_is_empty (&self->bulk);
}

static void
flush (KithSession *self)
{
  while (!is_all_out (self)
         && kith_channel_get_queued (self->channel) < KITH_LIMIT_OUT_LOW_WATER_BYTES)
    if (!send_frame (self))
      {
        kith_session_fail (self, KITH_ERROR_PROTOCOL, "The keys are used up");
        return;
      }

  if (!is_all_out (self))
    return;

  if (self->state == KITH_SESSION_CLOSING)
    kith_channel_finish (self->channel);
}

/* Whoever was refused hears of it when there is room. */
static void
report_room (KithSession *self)
{
  if (self->bulk_refused && self->events != NULL && kith_session_has_bulk_room (self))
    {
      self->bulk_refused = FALSE;
      self->events->drained (self, self->user_data);
    }
}

/**
 * kith_session_flush: (skip)
 * @ready: unused
 * @user_data: the session
 *
 * All that was said in a turn of the loop goes out.
 */
void
kith_session_flush (GIOCondition ready, gpointer user_data)
{
  g_autoptr (KithSession) self = kith_session_ref (user_data);

  flush (self);
  if (self->state != KITH_SESSION_CLOSED)
    {
      report_room (self);
      kith_session_rekey_if_due (self);
    }
}

/* What is urgent makes all of it urgent: it goes first. */
static void
schedule_flush (KithSession *self, gboolean bulk)
{
  if (!bulk || kith_watch_get_raised (self->flusher) == 0)
    kith_watch_set_bulk (self->flusher, bulk);
  kith_watch_raise (self->flusher, G_IO_OUT);
}

/* @body: (transfer full) */
static void
queue_bytes (KithSession *self, KithRecordType type, GByteArray *body)
{
  gboolean bulk = is_bulk (type);
  KithOutRecord *record = g_new0 (KithOutRecord, 1);

  record->type = type;
  record->body = body;
  g_queue_push_tail (bulk ? &self->bulk : &self->out, record);
  *(bulk ? &self->bulk_bytes : &self->out_bytes) += KITH_RECORD_HEADER_BYTES + body->len;
  schedule_flush (self, bulk);
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
  GByteArray *copy;

  if (self->state == KITH_SESSION_CLOSED)
    return;

  copy = g_byte_array_sized_new ((guint) len);
  if (len > 0)
    g_byte_array_append (copy, body, (guint) len);
  queue_bytes (self, type, copy);
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
 * @type: any but those of the opening, the keepalive, the rekey and the end
 * @body: (array length=len): its body
 * @len: its length in bytes
 *
 * For tests and for measuring alone: the program hands over what it has packed, with kith_session_send_bytes().
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
  if (!kith_session_is_writable (self))
    {
      g_byte_array_unref (body);
      return FALSE;
    }

  queue_bytes (self, type, body);
  kith_session_mark_traffic (self);
  return TRUE;
}

/**
 * kith_session_has_bulk_room:
 * @self: a session
 *
 * Pieces of files wait behind all else, and only few of them in the session: what a person writes
 * meanwhile overtakes those that do.
 *
 * Returns: whether a piece of a file may be queued with kith_session_send_bytes(). When not,
 *   `drained` tells when it may
 */
gboolean
kith_session_has_bulk_room (KithSession *self)
{
  if (kith_session_is_writable (self)
      && self->bulk_bytes + kith_channel_get_queued (self->channel) < KITH_LIMIT_OUT_LOW_WATER_BYTES)
    return TRUE;

  self->bulk_refused = TRUE;
  return FALSE;
}

/**
 * kith_session_drop_bulk: (skip)
 * @self: a session that is closing
 */
void
kith_session_drop_bulk (KithSession *self)
{
  g_queue_clear_full (&self->bulk, (GDestroyNotify) kith_out_record_free);
  self->bulk_bytes = 0;
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
    {
      self->bulk_refused = FALSE;
      self->events->drained (self, self->user_data);
    }
}
