/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-picture"

#include "config.h"

#include "picture/kith-picture-job.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include "base/kith-picture-exif.h"

/* A progressive picture may ask for any number of passes over all its pixels. */
#define MAX_SCANS 256

typedef struct
{
  struct jpeg_decompress_struct decoder;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf out;
  guint8 *rgba; /* (owned) (nullable) */
  gboolean is_decoded;
} Decoder;

/* What libjpeg calls when it cannot go on must not return. */
static void G_GNUC_NORETURN
error_exit_cb (j_common_ptr common)
{
  Decoder *self = common->client_data;

  longjmp (self->out, 1);
}

static void
say_nothing_cb (j_common_ptr common)
{
}

static void
progress_cb (j_common_ptr common)
{
  Decoder *self = common->client_data;

  if (self->decoder.input_scan_number > MAX_SCANS)
    longjmp (self->out, 1);
}

/* Eighths are for free: libjpeg leaves frequencies out. */
static void
choose_size (Decoder *self, const KithPictureJob *job)
{
  gboolean lies = job->header.orientation >= KITH_PICTURE_SIDEWAYS;
  guint32 width = lies ? job->reply.frame_height : job->reply.frame_width;
  guint32 height = lies ? job->reply.frame_width : job->reply.frame_height;

  self->decoder.scale_denom = 8;
  for (self->decoder.scale_num = 1; self->decoder.scale_num < 8; self->decoder.scale_num *= 2)
    {
      jpeg_calc_output_dimensions (&self->decoder);
      if (self->decoder.output_width >= width && self->decoder.output_height >= height)
        return;
    }
}

/* Ink on paper; Adobe's programs store how much of it there is not. */
static void
turn_cmyk (guint8 *pixels, gsize n_pixels, gboolean is_inverted)
{
  guint8 flip = is_inverted ? 0 : 255;

  for (gsize i = 0; i < n_pixels; i++)
    {
      guint8 *p = pixels + i * KITH_PICTURE_PIXEL_BYTES;

      for (guint c = 0; c < 3; c++)
        p[c] = (guint8) ((p[c] ^ flip) * (p[3] ^ flip) / 255);
      p[3] = 255;
    }
}

static void
decode (Decoder *self, const KithPictureJob *job)
{
  gboolean is_cmyk;
  gsize stride;

  jpeg_mem_src (&self->decoder, job->data, job->len);
  jpeg_read_header (&self->decoder, TRUE);
  if (self->decoder.image_width != job->header.width
      || self->decoder.image_height != job->header.height)
    longjmp (self->out, 1);

  is_cmyk = self->decoder.num_components == 4;
  self->decoder.out_color_space = is_cmyk ? JCS_CMYK : JCS_EXT_RGBA;
  choose_size (self, job);
  jpeg_start_decompress (&self->decoder);

  stride = (gsize) self->decoder.output_width * KITH_PICTURE_PIXEL_BYTES;
  self->rgba = g_malloc0 (stride * self->decoder.output_height);
  while (self->decoder.output_scanline < self->decoder.output_height)
    {
      guint8 *row = self->rgba + self->decoder.output_scanline * stride;

      jpeg_read_scanlines (&self->decoder, &row, 1);
    }
  if (is_cmyk)
    turn_cmyk (self->rgba, (gsize) self->decoder.output_width * self->decoder.output_height,
               self->decoder.saw_Adobe_marker);
}

/**
 * kith_picture_decode_jpeg:
 * @job: a job whose header was judged
 *
 * Returns: whether a frame was given out
 */
gboolean
kith_picture_decode_jpeg (KithPictureJob *job)
{
  /* Not on the stack: what changes there is not kept by a jump. */
  Decoder *self = g_new0 (Decoder, 1);
  gboolean is_good;

  self->decoder.err = jpeg_std_error (&self->errors);
  self->errors.error_exit = error_exit_cb;
  self->errors.output_message = say_nothing_cb;
  self->decoder.client_data = self;
  if (setjmp (self->out) == 0)
    {
      jpeg_create_decompress (&self->decoder);
      self->progress.progress_monitor = progress_cb;
      self->decoder.progress = &self->progress;
      decode (self, job);
      self->is_decoded = TRUE;
    }

  is_good = self->is_decoded
            && kith_picture_job_emit (job, self->rgba, self->decoder.output_width,
                                      self->decoder.output_height, 0);
  jpeg_destroy_decompress (&self->decoder);
  g_free (self->rgba);
  g_free (self);

  return is_good;
}
