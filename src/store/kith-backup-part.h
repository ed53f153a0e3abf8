/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KithBackupPart:
 *
 * A backup that is being written: a file without a name, which is gone when the program is, or, where there are none
 * such, one called FILE.XXXXXX.part beside the file that it will be. That is locked as long as it is needed; those that
 * a killed program left are not, and the next backup to the same file removes them. One thread at a time; all block.
 */
typedef struct _KithBackupPart KithBackupPart;

/* (transfer full) (nullable): open for this user alone. Errors: DISK, DISK_FULL, PERMISSION, NOT_FOUND. */
KithBackupPart *kith_backup_part_new        (GFile           *file,
                                             GError         **error);
/* Without kith_backup_part_name() nothing of it is left. */
void            kith_backup_part_free       (KithBackupPart  *self);

/* Some more of it; now and then it waits until that is on the disk. Errors: DISK, DISK_FULL, G_IO_ERROR_CANCELLED. */
gboolean        kith_backup_part_write      (KithBackupPart  *self,
                                             const void      *data,
                                             gsize            len,
                                             GCancellable    *cancellable,
                                             GError         **error);
/* (transfer none): where all that was written can be read again */
GFile          *kith_backup_part_get_file   (KithBackupPart  *self);
/* Waits until all is on the disk. Nothing is written any more. Errors: DISK, DISK_FULL. */
gboolean        kith_backup_part_close      (KithBackupPart  *self,
                                             GError         **error);
/* Puts it, closed, in the place of the file. Errors: those of kith_store_set_file_error(). */
gboolean        kith_backup_part_name       (KithBackupPart  *self,
                                             GError         **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithBackupPart, kith_backup_part_free)

G_END_DECLS
