/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A file that gets its name when all is written. Until then nothing of it outlives the program, however that
 * ends. Both calls block. */

/* Returns: a descriptor to write to and to read from, of a private file in the folder of @path; -1 where that is not
 * possible: not every file system can, and not every folder may be written */
int      kith_unnamed_file_open (const char  *path);
/* Waits until it is on the disk, and puts it in the place of what is called @path: a copy of it, where the system gives
 * no name to such a file. @fd stays open. Errors: of G_IO_ERROR. */
gboolean kith_unnamed_file_name (int          fd,
                                 const char  *path,
                                 GError     **error);

G_END_DECLS
