/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a picture says of itself, read without decoding one pixel: protocol 12. Pure and bounded; the
 * bytes come from anybody. */

typedef enum
{
  KITH_PICTURE_OTHER,
  KITH_PICTURE_PNG,
  KITH_PICTURE_JPEG,
  KITH_PICTURE_WEBP,
  KITH_PICTURE_GIF,
} KithPictureFormat;

/**
 * KithPictureVerdict:
 * @KITH_PICTURE_FINE: within all limits
 * @KITH_PICTURE_NOT_KNOWN: none of the formats that are shown
 * @KITH_PICTURE_DAMAGED: the bytes make no sense
 * @KITH_PICTURE_TOO_BIG: too many bytes or pixels
 * @KITH_PICTURE_TOO_LONG: too many frames
 * @KITH_PICTURE_NOT_DECODED: the process that decodes it ended without an answer, or could not
 *   protect itself and us from the picture
 */
typedef enum
{
  KITH_PICTURE_FINE,
  KITH_PICTURE_NOT_KNOWN,
  KITH_PICTURE_DAMAGED,
  KITH_PICTURE_TOO_BIG,
  KITH_PICTURE_TOO_LONG,
  KITH_PICTURE_NOT_DECODED,
} KithPictureVerdict;

typedef struct
{
  KithPictureFormat format;
  guint32           width;       /* as it is stored, in pixels */
  guint32           height;
  guint32           n_frames;    /* at least 1 */
  guint8            orientation; /* kith-picture-exif.h */
} KithPictureHeader;

KithPictureFormat  kith_picture_find_format         (const guint8            *data,
                                                     gsize                    len);
KithPictureVerdict kith_picture_header_read         (KithPictureHeader       *self,
                                                     const guint8            *data,
                                                     gsize                    len);
void               kith_picture_header_get_size     (const KithPictureHeader *self,
                                                     guint32                 *width,
                                                     guint32                 *height);
const char        *kith_picture_format_get_type     (KithPictureFormat        format);
const char *const *kith_picture_get_types           (void);

G_END_DECLS
