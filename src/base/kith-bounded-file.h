/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GBytes *kith_bounded_file_read        (const char          *path,
                                       gsize                max_bytes,
                                       GError             **error);
GBytes *kith_bounded_file_read_head   (const char          *path,
                                       gsize                max_bytes,
                                       GError             **error);
void    kith_bounded_file_read_async  (const char          *path,
                                       gsize                max_bytes,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data);
GBytes *kith_bounded_file_read_finish (GAsyncResult        *result,
                                       GError             **error);

G_END_DECLS
