/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Other processes. Another profile is one: its keys are in no memory of ours. */

char    *kith_launch_dup_program (void);
gboolean kith_launch_profile     (const char         *path,
                                  gboolean            restore,
                                  GError            **error);

/* What opens files and links. */
void     kith_launch_uri_async   (GtkWindow          *window,
                                  const char         *uri,
                                  GAsyncReadyCallback callback,
                                  gpointer            user_data);
gboolean kith_launch_uri_finish  (GtkWindow          *window,
                                  GAsyncResult       *result,
                                  GError            **error);

G_END_DECLS
