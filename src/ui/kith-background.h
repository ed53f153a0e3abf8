/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

/* Going on without a window, and being started when the user logs in; in a sandbox both are asked of
 * the desktop. @profile_path is that of the profile whose process this is, NULL for none. */

gboolean kith_background_can_autostart        (const char          *profile_path);
gboolean kith_background_get_autostart        (KithNode            *node);
void     kith_background_set_autostart_async  (KithNode            *node,
                                               const char          *profile_path,
                                               gboolean             autostart,
                                               GAsyncReadyCallback  callback,
                                               gpointer             user_data);
gboolean kith_background_set_autostart_finish (KithNode            *node,
                                               GAsyncResult        *result,
                                               GError             **error);
void     kith_background_announce             (KithNode            *node,
                                               const char          *profile_path);
void     kith_background_forget               (const char          *profile_path);

G_END_DECLS
