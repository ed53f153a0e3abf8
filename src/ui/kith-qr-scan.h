/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Reads QR codes from pictures. A picture is not trusted: kith-picture decodes it. The code is looked for
 * in a worker thread. Call in the main thread. */

void   kith_qr_scan_file_async    (GFile               *file,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);
void   kith_qr_scan_bytes_async   (GBytes              *picture,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);
void   kith_qr_scan_texture_async (GdkTexture          *texture,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);
char **kith_qr_scan_finish        (GAsyncResult        *result,
                                   GError             **error);

G_END_DECLS
