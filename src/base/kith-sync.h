/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean kith_sync_file      (const char *path);
gboolean kith_sync_folder_of (const char *path);

G_END_DECLS
