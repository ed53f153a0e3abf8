/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KITH_TYPE_PICTURE (kith_picture_get_type ())
G_DECLARE_FINAL_TYPE (KithPicture, kith_picture, KITH, PICTURE, GObject)

/* A picture that was decoded: one frame, or those of an animation, in the size that was asked for. It
 * does not change once it is given out. */

KithPicture *kith_picture_new           (guint        width,
                                         guint        height);
void         kith_picture_add_frame     (KithPicture *self,
                                         GdkTexture  *frame,
                                         guint        delay_ms);
guint        kith_picture_get_width     (KithPicture *self);
guint        kith_picture_get_height    (KithPicture *self);
guint        kith_picture_get_n_frames  (KithPicture *self);
GdkTexture  *kith_picture_get_frame     (KithPicture *self,
                                         guint        index);
guint        kith_picture_get_delay_ms  (KithPicture *self,
                                         guint        index);
gsize        kith_picture_get_bytes     (KithPicture *self);

G_END_DECLS
