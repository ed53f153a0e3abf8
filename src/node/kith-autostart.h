/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Whether Kith starts when the user logs in: a file among the desktop's autostart files, which is gone
 * when it is switched off. One for each profile, named like its application ID. */

gboolean kith_autostart_is_on     (const char  *application_id);
gboolean kith_autostart_add       (const char  *application_id,
                                   const char  *program,
                                   const char  *profile_path,
                                   GError     **error);
gboolean kith_autostart_remove    (const char  *application_id,
                                   GError     **error);
char    *kith_autostart_dup_exec  (const char  *program,
                                   const char  *profile_path);

G_END_DECLS
