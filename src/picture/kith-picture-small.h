/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "picture/kith-picture-job.h"

G_BEGIN_DECLS

KithPictureVerdict kith_picture_small_run (const guint8    *data,
                                           gsize            len,
                                           KithPictureSink  sink,
                                           gpointer         user_data);

G_END_DECLS
