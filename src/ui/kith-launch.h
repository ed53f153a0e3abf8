/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Another profile is another process: its keys are in no memory of ours. */

char    *kith_launch_dup_program (void);
gboolean kith_launch_profile     (const char *path,
                                  gboolean    restore,
                                  GError    **error);

G_END_DECLS
