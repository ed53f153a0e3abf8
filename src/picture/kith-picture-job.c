/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-picture"

#include "config.h"

#include "picture/kith-picture-job.h"

#include <math.h>

#include "base/kith-bytes.h"
#include "base/kith-limits.h"
#include "base/kith-picture-exif.h"
#include "picture/kith-picture-scale.h"

/* How big the frames get: within a square of @max_side, and all of them within the limit. */
static void
choose_size (KithPictureReply *reply, guint32 max_side)
{
  double width = reply->width, height = reply->height;
  double factor = MIN (1.0, max_side / MAX (width, height));

  if (reply->n_frames > 1)
    {
      double most = (double) KITH_LIMIT_ANIMATION_BYTES / KITH_PICTURE_PIXEL_BYTES / reply->n_frames;

      factor = MIN (factor, KITH_LIMIT_ANIMATION_SIDE_PIXELS / MAX (width, height));
      factor = MIN (factor, sqrt (most / (width * height)));
    }

  reply->frame_width = (guint32) MAX (1, width * factor);
  reply->frame_height = (guint32) MAX (1, height * factor);
}

static gboolean
decode (KithPictureJob *self)
{
  switch (self->header.format)
    {
    case KITH_PICTURE_PNG:
      return kith_picture_decode_png (self);
    case KITH_PICTURE_JPEG:
      return kith_picture_decode_jpeg (self);
    case KITH_PICTURE_WEBP:
      return kith_picture_decode_webp (self);
    case KITH_PICTURE_GIF:
      return kith_picture_decode_gif (self);
    case KITH_PICTURE_OTHER:
      break;
    }

  return FALSE;
}

static gboolean
emit_reply (KithPictureJob *self)
{
  guint8 bytes[KITH_PICTURE_REPLY_BYTES];

  kith_picture_reply_encode (&self->reply, bytes);

  return self->sink (bytes, sizeof bytes, self->user_data);
}

/**
 * kith_picture_job_run:
 * @data: (array length=len): a whole picture, of anybody
 * @len: its length in bytes
 * @max_side: neither side of what comes out is longer, in pixels, at least 1
 * @max_frames: how many frames are wanted of an animation, at least 1
 * @sink: gets the answer: base/kith-picture-reply.h
 * @user_data: for @sink
 *
 * Judges and decodes a picture.
 *
 * Returns: what the answer begins with
 */
KithPictureVerdict
kith_picture_job_run (const guint8 *data, gsize len, guint32 max_side, guint32 max_frames,
                      KithPictureSink sink, gpointer user_data)
{
  KithPictureJob self = { .data = data, .len = len, .sink = sink, .user_data = user_data };

  self.reply.verdict = kith_picture_header_read (&self.header, data, len);
  if (self.reply.verdict == KITH_PICTURE_FINE)
    {
      kith_picture_header_get_size (&self.header, &self.reply.width, &self.reply.height);
      self.reply.n_frames = MIN (self.header.n_frames, max_frames);
      choose_size (&self.reply, max_side);
      if (decode (&self))
        return KITH_PICTURE_FINE;
      self.reply.verdict = KITH_PICTURE_DAMAGED;
    }

  /* An answer that has begun just ends. */
  if (self.n_frames == 0)
    emit_reply (&self);

  return self.reply.verdict;
}

/**
 * kith_picture_job_wants_more:
 * @self: a job
 *
 * Returns: whether another frame is wanted
 */
gboolean
kith_picture_job_wants_more (const KithPictureJob *self)
{
  return self->n_frames < self->reply.n_frames;
}

/**
 * kith_picture_job_emit:
 * @self: a job
 * @rgba: the pixels of the next frame, not multiplied with their alpha
 * @width: as wide as the header says, or less when the decoder made it smaller
 * @height: likewise
 * @delay_ms: how long it stays
 *
 * Gives a frame out, in the size and the way up that it is shown.
 *
 * Returns: whether to go on
 */
gboolean
kith_picture_job_emit (KithPictureJob *self, const guint8 *rgba, guint32 width, guint32 height,
                       guint32 delay_ms)
{
  gboolean lies = self->header.orientation >= KITH_PICTURE_SIDEWAYS;
  guint32 new_width = lies ? self->reply.frame_height : self->reply.frame_width;
  guint32 new_height = lies ? self->reply.frame_width : self->reply.frame_height;
  g_autofree guint8 *frame = NULL;
  guint8 delay[4];
  KithWriter writer;

  if (width < new_width || height < new_height || !kith_picture_job_wants_more (self))
    return FALSE;
  if (self->n_frames == 0 && !emit_reply (self))
    return FALSE;

  frame = kith_picture_scale (rgba, width, height, new_width, new_height);
  if (self->header.orientation != KITH_PICTURE_UPRIGHT)
    {
      guint8 *turned = kith_picture_turn (frame, new_width, new_height, self->header.orientation);

      g_free (frame);
      frame = turned;
    }

  self->n_frames++;
  kith_writer_init (&writer, delay, sizeof delay);
  kith_writer_u32 (&writer, delay_ms);

  return self->sink (delay, sizeof delay, self->user_data)
         && self->sink (frame, kith_picture_reply_frame_size (&self->reply), self->user_data);
}
