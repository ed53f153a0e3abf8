/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The one thing in a camera's data that a picture is not shown rightly without: which way up it is. */

#define KITH_PICTURE_EXIF_BYTES 26

/* Which way up, as EXIF numbers it: 1 is as it is stored, 5 to 8 lie on their side. */
#define KITH_PICTURE_UPRIGHT 1
#define KITH_PICTURE_SIDEWAYS 5

guint8 kith_picture_exif_read  (const guint8 *tiff,
                                gsize         len);
void   kith_picture_exif_write (guint8        out[KITH_PICTURE_EXIF_BYTES],
                                guint8        orientation);

G_END_DECLS
