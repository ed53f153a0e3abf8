/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-secret.h"
#include "kith-test-disk.h"

G_BEGIN_DECLS

/* What targets have in common that feed a backup: it is sealed, and imported to a disk in memory. */

/* (transfer none): as long as the program runs, and cheap to get a key from */
KithSecret   *kith_fuzz_backup_get_passphrase (void);
/* (transfer full): a backup with that in it */
GBytes       *kith_fuzz_backup_seal           (gconstpointer  data,
                                               gsize          size);
/* (transfer full): the name of a file in memory that has @data; @fd is to be closed */
char         *kith_fuzz_put_file              (gconstpointer  data,
                                               gsize          size,
                                               int           *fd);
/* (transfer full): a disk on which an import of @data finds the empty database that it would make first, which takes
 * longer than the rest. Until kith_fuzz_backup_end_disk() SQLite has no other. @path: where it will be */
KithTestDisk *kith_fuzz_backup_begin_disk     (const char    *path,
                                               KithSecret    *key,
                                               const guint8  *data,
                                               gsize          size);
/* @disk: (transfer full): every connection to it has to be closed */
void          kith_fuzz_backup_end_disk       (KithTestDisk  *disk);
/* Seals @data, and imports that. Returns: whether it was taken */
gboolean      kith_fuzz_backup_import         (const char    *path,
                                               KithSecret    *key,
                                               const guint8  *data,
                                               gsize          size);

G_END_DECLS
