/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-picture-reply.h"

#include "base/kith-bytes.h"
#include "base/kith-limits.h"

#define MAGIC 0x4b504331 /* "KPC1" */

/**
 * kith_picture_reply_encode:
 * @self: a reply
 * @out: (out caller-allocates): its bytes
 */
void
kith_picture_reply_encode (const KithPictureReply *self, guint8 out[KITH_PICTURE_REPLY_BYTES])
{
  KithWriter writer;

  kith_writer_init (&writer, out, KITH_PICTURE_REPLY_BYTES);
  kith_writer_u32 (&writer, MAGIC);
  kith_writer_u32 (&writer, self->verdict);
  kith_writer_u32 (&writer, self->width);
  kith_writer_u32 (&writer, self->height);
  kith_writer_u32 (&writer, self->frame_width);
  kith_writer_u32 (&writer, self->frame_height);
  kith_writer_u32 (&writer, self->n_frames);
  g_assert (!writer.failed && writer.len == KITH_PICTURE_REPLY_BYTES);
}

static gboolean
is_side (guint32 pixels)
{
  return pixels > 0 && pixels <= KITH_LIMIT_SHOWN_PICTURE_SIDE_PIXELS;
}

static gboolean
is_within_limits (const KithPictureReply *self)
{
  guint64 frame_pixels = (guint64) self->frame_width * self->frame_height;

  return is_side (self->width) && is_side (self->height) && is_side (self->frame_width)
         && is_side (self->frame_height) && frame_pixels <= KITH_LIMIT_SHOWN_PICTURE_PIXELS
         && self->n_frames > 0 && self->n_frames <= KITH_LIMIT_SHOWN_PICTURE_FRAMES
         && (self->n_frames == 1
             || frame_pixels * self->n_frames * KITH_PICTURE_PIXEL_BYTES <= KITH_LIMIT_ANIMATION_BYTES);
}

/**
 * kith_picture_reply_parse:
 * @self: (out caller-allocates): what it says
 * @data: what the process wrote
 *
 * Returns: whether it is a reply within the limits: a refusal, or frames that fit
 */
gboolean
kith_picture_reply_parse (KithPictureReply *self, const guint8 data[KITH_PICTURE_REPLY_BYTES])
{
  KithReader reader;
  guint32 magic, verdict;

  kith_reader_init (&reader, data, KITH_PICTURE_REPLY_BYTES);
  magic = kith_reader_u32 (&reader);
  verdict = kith_reader_u32 (&reader);
  self->width = kith_reader_u32 (&reader);
  self->height = kith_reader_u32 (&reader);
  self->frame_width = kith_reader_u32 (&reader);
  self->frame_height = kith_reader_u32 (&reader);
  self->n_frames = kith_reader_u32 (&reader);
  if (magic != MAGIC || verdict > KITH_PICTURE_NOT_DECODED)
    return FALSE;

  self->verdict = (KithPictureVerdict) verdict;

  return self->verdict != KITH_PICTURE_FINE || is_within_limits (self);
}

/**
 * kith_picture_reply_frame_size:
 * @self: a reply that was parsed
 *
 * Returns: how many bytes the pixels of one frame have
 */
gsize
kith_picture_reply_frame_size (const KithPictureReply *self)
{
  return (gsize) self->frame_width * self->frame_height * KITH_PICTURE_PIXEL_BYTES;
}
