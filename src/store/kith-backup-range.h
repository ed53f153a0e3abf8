/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-backup-rows.h"

G_BEGIN_DECLS

/* Rows of a table by their numbers, past those that cannot be read: a damaged page takes its rows away from a backup,
 * and not the backup from the user. Store thread. */

#define KITH_BACKUP_NO_COLUMN (-1)

typedef struct
{
  const char *table;
  const char *sql;          /* gives the rows behind ?1, up to ?2, in order; without ?2 where the order is not by number */
  int         column;       /* that has the number, or KITH_BACKUP_NO_COLUMN: what comes behind damage is left out, too */
  KithBackupOrder by;
  gint64      from;
  gint64      to;
  const char *groups;       /* ?3 of @sql, where it has that */
  gint64      last_message; /* ?4 */
} KithBackupRange;

/* Whether an error says that something of @database cannot be read. Of one that is rescued a table may be gone as well. */
gboolean      kith_backup_is_lost       (KithDatabase          *database,
                                         const GError          *error);
/* (transfer none) (nullable): a statement for what is in @range, bound. Errors: those of the database. */
sqlite3_stmt *kith_backup_range_prepare (const KithBackupRange *range,
                                         const char            *sql,
                                         KithDatabase          *database,
                                         GError               **error);

/* Writes rows of @range, from its beginning. @slice: (inout): how much of them, and up to where they are done: where it
 * is full, it goes on with a range from its last. It ends at a damaged page as well, behind it. @is_incomplete: (out):
 * becomes %TRUE when rows could not be read, and is left alone else. Errors: those of kith_backup_put_rows(), but for
 * DAMAGED. */
gboolean      kith_backup_put_range     (KithDatabase          *database,
                                         KithBackupWriter      *writer,
                                         const KithBackupRange *range,
                                         KithBackupSlice       *slice,
                                         gboolean              *is_incomplete,
                                         GCancellable          *cancellable,
                                         GError               **error);

G_END_DECLS
