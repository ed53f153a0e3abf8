/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-picture-header.h"
#include "base/kith-picture-reply.h"

G_BEGIN_DECLS

typedef struct _KithPictureJob KithPictureJob;

/**
 * KithPictureSink:
 * @bytes: (array length=len): the next bytes of the answer
 * @len: how many
 * @user_data: of the job
 *
 * Takes the answer of a job.
 *
 * Returns: whether to go on
 */
typedef gboolean (*KithPictureSink) (const guint8 *bytes,
                                     gsize         len,
                                     gpointer      user_data);

/**
 * KithPictureJob:
 *
 * One picture on its way from a file to pixels of the wanted size.
 */
struct _KithPictureJob
{
  const guint8      *data;
  gsize              len;
  KithPictureHeader  header;
  KithPictureReply   reply;       /* @n_frames is how many are wanted at most */
  guint32            n_frames;    /* that were given out */
  KithPictureSink    sink;
  gpointer           user_data;
};

KithPictureVerdict kith_picture_job_run         (const guint8    *data,
                                                 gsize            len,
                                                 guint32          max_side,
                                                 guint32          max_frames,
                                                 KithPictureSink  sink,
                                                 gpointer         user_data);

/* For the decoders. Each gives out one frame at least, or returns FALSE. */
gboolean           kith_picture_job_wants_more  (const KithPictureJob *self);
gboolean           kith_picture_job_emit        (KithPictureJob  *self,
                                                 const guint8    *rgba,
                                                 guint32          width,
                                                 guint32          height,
                                                 guint32          delay_ms);
gboolean           kith_picture_decode_png      (KithPictureJob  *job);
gboolean           kith_picture_decode_jpeg     (KithPictureJob  *job);
gboolean           kith_picture_decode_webp     (KithPictureJob  *job);
gboolean           kith_picture_decode_gif      (KithPictureJob  *job);

G_END_DECLS
