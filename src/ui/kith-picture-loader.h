/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-picture.h"

G_BEGIN_DECLS

#define KITH_TYPE_PICTURE_LOADER (kith_picture_loader_get_type ())
G_DECLARE_FINAL_TYPE (KithPictureLoader, kith_picture_loader, KITH, PICTURE_LOADER, GObject)

/* Gets pictures from files to the screen: few processes at a time, the newest wish first, and those
 * that were shown last kept in memory. Main thread. */

KithPictureLoader *kith_picture_loader_get_default (void);
KithPictureLoader *kith_picture_loader_new         (gsize                cache_bytes);
KithPicture       *kith_picture_loader_look_up     (KithPictureLoader   *self,
                                                    const char          *path,
                                                    guint                max_side,
                                                    guint                max_frames);
void               kith_picture_loader_load_async  (KithPictureLoader   *self,
                                                    const char          *path,
                                                    guint                max_side,
                                                    guint                max_frames,
                                                    GCancellable        *cancellable,
                                                    GAsyncReadyCallback  callback,
                                                    gpointer             user_data);
KithPicture       *kith_picture_loader_load_finish (KithPictureLoader   *self,
                                                    GAsyncResult        *result,
                                                    GError             **error);
void               kith_picture_loader_forget      (KithPictureLoader   *self);

G_END_DECLS
