/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-picture"

#include "config.h"

#include "picture/kith-picture-job.h"

#include <png.h>

/**
 * kith_picture_decode_png:
 * @job: a job whose header was judged
 *
 * Returns: whether a frame was given out
 */
gboolean
kith_picture_decode_png (KithPictureJob *job)
{
  png_image image = { .version = PNG_IMAGE_VERSION };
  g_autofree guint8 *rgba = NULL;

  if (png_image_begin_read_from_memory (&image, job->data, job->len) == 0)
    return FALSE;

  /* It is libpng that has to agree with what was judged. */
  image.format = PNG_FORMAT_RGBA;
  if (image.width != job->header.width || image.height != job->header.height)
    {
      png_image_free (&image);
      return FALSE;
    }

  rgba = g_malloc (PNG_IMAGE_SIZE (image));
  if (png_image_finish_read (&image, NULL, rgba, 0, NULL) == 0)
    return FALSE;

  return kith_picture_job_emit (job, rgba, image.width, image.height, 0);
}
