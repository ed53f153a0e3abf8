/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "ui/kith-picture.h"

G_BEGIN_DECLS

void         kith_picture_process_run_async  (GBytes              *file,
                                              guint                max_side,
                                              guint                max_frames,
                                              GCancellable        *cancellable,
                                              GAsyncReadyCallback  callback,
                                              gpointer             user_data);
KithPicture *kith_picture_process_run_finish (GAsyncResult        *result,
                                              GError             **error);

G_END_DECLS
