/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Of a name of which nothing is left. */
#define KITH_FILE_NAMELESS "file"

/* Names of files that come from others (protocol 11). Any thread. */

char       *kith_file_name_sanitize      (const char *name);
char       *kith_file_path_sanitize      (const char *path);
char       *kith_file_name_with_number   (const char *name,
                                          guint       number);
const char *kith_file_name_get_extension (const char *name);
char       *kith_file_type_sanitize      (const char *type);

G_END_DECLS
