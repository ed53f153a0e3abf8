/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-backup-file.h"
#include "store/kith-database.h"

G_BEGIN_DECLS

/* Rows of a table in the form of a backup (kith-backup.h). Store thread. */

#define KITH_BACKUP_SLICE_BYTES (4 * 1024 * 1024)

/* What rows are told apart by, and stand in order by: numbers, or bytes or a text of which the beginning counts as one. */
typedef enum
{
  KITH_BACKUP_BY_NUMBER,
  KITH_BACKUP_BY_BYTES,
  KITH_BACKUP_BY_TEXT,
} KithBackupOrder;

#define KITH_BACKUP_PREFIX_BYTES 7
#define KITH_BACKUP_LAST_PREFIX (((gint64) 1 << (8 * KITH_BACKUP_PREFIX_BYTES)) - 1)

/* How much of a table may be written at once. */
typedef struct
{
  int      column;  /* that has the numbers */
  KithBackupOrder by;
  guint    max_rows;
  gsize    max_bytes;
  gint64   last;    /* (inout): the number of the last row that was written, before that of the one it follows */
  guint    n_rows;
  gsize    n_bytes;
  gboolean is_full; /* there may be more rows */
} KithBackupSlice;

/* What stands between the rows. Errors: those of the writer. */
gboolean kith_backup_put_byte (KithBackupWriter *writer,
                               guint8            byte,
                               GError          **error);
/* The same, most significant byte first, with the same errors. */
gboolean kith_backup_put_u32  (KithBackupWriter *writer,
                               guint32           value,
                               GError          **error);
/* Writes the rows of a bound statement, with their head. @statement: (nullable): none after an error, which is left as it
 * is; @slice: (inout) (nullable): how much of them, by their numbers; else all. Errors: those of the database, after which
 * the rows up to @slice's last are written and nothing of another; DAMAGED also where numbers go back; those of the
 * writer, TOO_BIG, G_IO_ERROR_CANCELLED. */
gboolean kith_backup_put_rows (KithDatabase     *database,
                               KithBackupWriter *writer,
                               const char       *table,
                               sqlite3_stmt     *statement,
                               KithBackupSlice  *slice,
                               GCancellable     *cancellable,
                               GError          **error);

G_END_DECLS
