/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint8 *kith_picture_scale (const guint8 *rgba,
                            guint32       width,
                            guint32       height,
                            guint32       new_width,
                            guint32       new_height);
guint8 *kith_picture_turn  (const guint8 *rgba,
                            guint32       width,
                            guint32       height,
                            guint8        orientation);

G_END_DECLS
