/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-transfer.h"
#include "node/kith-node.h"
#include "ui/kith-picture.h"

G_BEGIN_DECLS

#define KITH_TYPE_PICTURE_LOADER (kith_picture_loader_get_type ())
G_DECLARE_FINAL_TYPE (KithPictureLoader, kith_picture_loader, KITH, PICTURE_LOADER, GObject)

/* Gets pictures from files to the screen: few processes at a time, the newest wish first, and those
 * that were shown last kept in memory. Main thread. */

/**
 * KithPictureSource:
 *
 * Where a picture comes from: a file that was sent or received, or a path, or bytes.
 */
typedef struct
{
  KithNode     *node;     /* (owned) (nullable): with ... */
  KithTransfer *transfer; /* (owned) (nullable) ... that, or ... */
  char         *path;     /* (owned) (nullable) (type filename) ... that, or ... */
  GBytes       *bytes;    /* (owned) (nullable) ... these, which are not kept */
} KithPictureSource;

KithPictureLoader *kith_picture_loader_get_default (void);
KithPictureLoader *kith_picture_loader_new         (gsize                cache_bytes);
KithPicture       *kith_picture_loader_look_up     (KithPictureLoader   *self,
                                                    const KithPictureSource *source,
                                                    guint                max_side,
                                                    guint                max_frames);
void               kith_picture_loader_load_async  (KithPictureLoader   *self,
                                                    const KithPictureSource *source,
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
