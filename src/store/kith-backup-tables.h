/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-backup-rows.h"

G_BEGIN_DECLS

/**
 * KithBackupTables:
 *
 * How far a backup has come with the tables of a database. One thread at a time; what touches the database, on the
 * store thread.
 */
typedef struct _KithBackupTables KithBackupTables;

/* (transfer full) */
KithBackupTables *kith_backup_tables_new          (void);
void              kith_backup_tables_free         (KithBackupTables  *self);

/* Writes some more rows: about KITH_BACKUP_SLICE_BYTES, and what belongs to the last of them; the first time the
 * schema's version before that. Errors: those of kith_backup_put_rows(); it is not to be gone on with then. */
gboolean          kith_backup_tables_put_slice    (KithBackupTables  *self,
                                                   KithDatabase      *database,
                                                   KithBackupWriter  *writer,
                                                   GCancellable      *cancellable,
                                                   GError           **error);
/* Whether all of them are written. */
gboolean          kith_backup_tables_is_done      (KithBackupTables  *self);
/* Whether rows of the history could not be read, and are not in it. */
gboolean          kith_backup_tables_is_incomplete (KithBackupTables *self);
/* 0 to 1, about; never less than before. */
double            kith_backup_tables_get_fraction (KithBackupTables  *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithBackupTables, kith_backup_tables_free)

G_END_DECLS
