/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <sys/stat.h>

G_BEGIN_DECLS

gboolean kith_same_file (const struct stat *a,
                         const struct stat *b);

G_END_DECLS
