/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Which files of a folder are a profile. Main thread, or any that may wait for the disk. */

gboolean kith_own_files_is_vault (const char *name);
gboolean kith_own_files_is_ours  (const char *name);
gboolean kith_own_files_is_aside (const char *name);
gboolean kith_own_files_has      (const char *folder,
                                  GFile      *file);

G_END_DECLS
