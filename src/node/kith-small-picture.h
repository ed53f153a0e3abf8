/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Makes the small picture of a group out of a file of the user's. It is decoded in a process that can do
 * nothing else. Main thread. */

void     kith_small_picture_make_async  (const char          *path,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
GBytes  *kith_small_picture_make_finish (GAsyncResult        *result,
                                         GError             **error);
gboolean kith_small_picture_check       (GBytes              *picture);

G_END_DECLS
