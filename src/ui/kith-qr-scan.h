/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads QR codes from pictures. A picture is not trusted: its size is judged before it is decoded,
 * only plain formats are, and it happens in a worker thread. Call in the main thread. */

void   kith_qr_scan_file_async  (GFile               *file,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);
void   kith_qr_scan_bytes_async (GBytes              *picture,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);
char **kith_qr_scan_finish      (GAsyncResult        *result,
                                 GError             **error);

G_END_DECLS
