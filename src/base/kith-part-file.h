/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What is called so is being written, or a killed program left it. */
#define KITH_PART_FILE_PREFIX "kith-"
#define KITH_PART_FILE_SUFFIX ".unfinished"

/* A file that gets its name when all is written, where there are none without one (kith-unnamed-file.h). It is locked as
 * long as it is open; one that is not was left by a killed program, and the next one in the same folder removes it.
 * Both calls block. */

/* Returns: a descriptor to write to, of a private file in the folder of @path; -1 where that is not possible.
 * @part: (out) (transfer full): what it is called until then */
int      kith_part_file_open (const char  *path,
                              char       **part);
/* Waits until it is on the disk, and puts it in the place of what is called @path; if that fails nothing of it is
 * left. @fd stays open. Errors: of G_IO_ERROR. */
gboolean kith_part_file_name (int          fd,
                              const char  *part,
                              const char  *path,
                              GError     **error);

G_END_DECLS
