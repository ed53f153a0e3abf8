/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-picture-header.h"

/* Pictures to test with. In data/ there are pictures of 32 times 8 pixels, red on the left and blue on the
 * right; those that move are first red, then blue. */

#define PICTURE_WIDTH 32
#define PICTURE_HEIGHT 8
#define N_PICTURE_FILES 8

typedef struct
{
  const char        *name;
  KithPictureFormat  format;
  guint              n_frames;
} PictureFile;

extern const PictureFile picture_files[N_PICTURE_FILES];

GBytes     *picture_load      (const char *name);

void        picture_put       (GByteArray *out,
                               const void *bytes,
                               gsize       len);
void        picture_put_be32  (GByteArray *out,
                               guint32     value);
void        picture_put_le32  (GByteArray *out,
                               guint32     value);
GByteArray *picture_make_png  (guint32     width,
                               guint32     height);
GByteArray *picture_make_jpeg (guint16     width,
                               guint16     height);
GByteArray *picture_make_gif  (guint       n_frames);
GByteArray *picture_make_webp (guint32     width,
                               guint32     height);
GByteArray *picture_make_text (const char *text);
GByteArray *picture_make_big  (void);
GByteArray *picture_make_noise (guint      width,
                                guint      height);
