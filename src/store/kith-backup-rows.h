/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-backup-file.h"
#include "store/kith-database.h"

G_BEGIN_DECLS

/* Rows of a table in the form of a backup (kith-backup.h). Store thread. */

#define KITH_BACKUP_SLICE_BYTES (4 * 1024 * 1024)

/* How much of a table may be written at once. */
typedef struct
{
  guint    max_rows;
  gint64   last;    /* the number of the last row */
  guint    n_rows;
  gsize    n_bytes;
  gboolean is_full; /* there may be more rows */
} KithBackupSlice;

/* What stands between the rows. Errors: those of the writer. */
gboolean kith_backup_put_byte (KithBackupWriter *writer,
                               guint8            byte,
                               GError          **error);
/* The same, most significant byte first. */
gboolean kith_backup_put_u32  (KithBackupWriter *writer,
                               guint32           value,
                               GError          **error);
/* Writes the rows of a bound statement, with their head. @statement: (nullable): none after an error, which is left as it
 * is; @slice: (inout) (nullable): how much of them, by the numbers in the first column; else all. Errors: those of
 * the database and the writer, TOO_BIG, G_IO_ERROR_CANCELLED. */
gboolean kith_backup_put_rows (KithDatabase     *database,
                               KithBackupWriter *writer,
                               const char       *table,
                               sqlite3_stmt     *statement,
                               KithBackupSlice  *slice,
                               GCancellable     *cancellable,
                               GError          **error);

G_END_DECLS
