/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-picture-header.h"

G_BEGIN_DECLS

/* What the process that decodes pictures answers on its standard output: this, then for each frame how
 * long it stays (32 bits, in ms) and its pixels: red, green, blue, alpha, multiplied with alpha, without
 * gaps. There may be fewer frames than it announces. Its asker believes nothing of it. */

#define KITH_PICTURE_REPLY_BYTES 28
#define KITH_PICTURE_PIXEL_BYTES 4

typedef struct
{
  KithPictureVerdict verdict;
  guint32            width;       /* of the picture, the right way up, in pixels */
  guint32            height;
  guint32            frame_width; /* of what comes */
  guint32            frame_height;
  guint32            n_frames;
} KithPictureReply;

void     kith_picture_reply_encode     (const KithPictureReply *self,
                                        guint8                  out[KITH_PICTURE_REPLY_BYTES]);
gboolean kith_picture_reply_parse      (KithPictureReply       *self,
                                        const guint8            data[KITH_PICTURE_REPLY_BYTES]);
gsize    kith_picture_reply_frame_size (const KithPictureReply *self);

G_END_DECLS
