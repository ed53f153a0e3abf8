/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What a sandbox asks of the desktop (org.freedesktop.portal.Background). Main thread only. */

gboolean kith_portal_is_sandboxed              (void);
gboolean kith_portal_is_asked_to_open          (void);
void     kith_portal_request_background_async  (GDBusConnection      *bus,
                                                const char           *reason,
                                                const char *const    *command_line,
                                                gboolean              autostart,
                                                GAsyncReadyCallback   callback,
                                                gpointer              user_data);
gboolean kith_portal_request_background_finish (GDBusConnection      *bus,
                                                GAsyncResult         *result,
                                                gboolean             *autostart,
                                                GError              **error);

G_END_DECLS
