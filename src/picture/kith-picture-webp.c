/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-picture"

#include "config.h"

#include "picture/kith-picture-job.h"

#include <webp/decode.h>
#include <webp/demux.h>

static gboolean
decode_still (KithPictureJob *job)
{
  guint32 width = job->header.width, height = job->header.height;
  gsize size = (gsize) width * height * KITH_PICTURE_PIXEL_BYTES;
  g_autofree guint8 *rgba = NULL;
  int found_width, found_height;

  if (!WebPGetInfo (job->data, job->len, &found_width, &found_height)
      || (guint32) found_width != width || (guint32) found_height != height)
    return FALSE;

  rgba = g_malloc (size);
  if (WebPDecodeRGBAInto (job->data, job->len, rgba, size, (int) width * KITH_PICTURE_PIXEL_BYTES)
      == NULL)
    return FALSE;

  return kith_picture_job_emit (job, rgba, width, height, 0);
}

static gboolean
decode_frames (KithPictureJob *job, WebPAnimDecoder *decoder)
{
  gboolean is_good = FALSE;
  int shown_ms = 0;
  WebPAnimInfo info;

  if (!WebPAnimDecoderGetInfo (decoder, &info) || info.canvas_width != job->header.width
      || info.canvas_height != job->header.height)
    return FALSE;

  while (kith_picture_job_wants_more (job) && WebPAnimDecoderHasMoreFrames (decoder))
    {
      guint8 *rgba;
      int until_ms;

      if (!WebPAnimDecoderGetNext (decoder, &rgba, &until_ms))
        break;
      if (!kith_picture_job_emit (job, rgba, info.canvas_width, info.canvas_height,
                                  (guint32) MAX (0, until_ms - shown_ms)))
        return FALSE;
      is_good = TRUE;
      shown_ms = until_ms;
    }

  return is_good;
}

/**
 * kith_picture_decode_webp:
 * @job: a job whose header was judged
 *
 * Returns: whether a frame was given out
 */
gboolean
kith_picture_decode_webp (KithPictureJob *job)
{
  WebPData data = { job->data, job->len };
  WebPBitstreamFeatures features;
  WebPAnimDecoderOptions options;
  WebPAnimDecoder *decoder;
  gboolean is_good;

  if (WebPGetFeatures (job->data, job->len, &features) != VP8_STATUS_OK)
    return FALSE;
  if (!features.has_animation)
    return decode_still (job);

  WebPAnimDecoderOptionsInit (&options);
  options.color_mode = MODE_RGBA;
  options.use_threads = 0;
  decoder = WebPAnimDecoderNew (&data, &options);
  if (decoder == NULL)
    return FALSE;

  is_good = decode_frames (job, decoder);
  WebPAnimDecoderDelete (decoder);

  return is_good;
}
