/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-picture.h"

G_BEGIN_DECLS

#define KITH_TYPE_PICTURE_AREA (kith_picture_area_get_type ())
G_DECLARE_FINAL_TYPE (KithPictureArea, kith_picture_area, KITH, PICTURE_AREA, GtkWidget)

#define KITH_PICTURE_AREA_PIXELS 320 /* the longest side in a conversation */

GtkWidget *kith_picture_area_new          (void);
void       kith_picture_area_reserve      (KithPictureArea *self,
                                           guint            width,
                                           guint            height);
void       kith_picture_area_set_picture  (KithPictureArea *self,
                                           KithPicture     *picture);
gboolean   kith_picture_area_has_picture  (KithPictureArea *self);
gboolean   kith_picture_area_is_animated  (KithPictureArea *self);
void       kith_picture_area_set_playing  (KithPictureArea *self,
                                           gboolean         playing);
gboolean   kith_picture_area_get_playing  (KithPictureArea *self);

G_END_DECLS
