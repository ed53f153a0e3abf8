/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store.h"

G_BEGIN_DECLS

/* Everything there is in one encrypted file, and back. What is in it: the schema's version, then
 * for each table its name, the names of its columns, and its rows:
 *
 *   u32 version | ('T' | name | u16 n | n names | ('R' | n values)*)* | 'E'
 *   name: u8 length | bytes; value: u8 SQLite type | u64 or u32 length and bytes or nothing
 *
 * A restored store is made with the schema of the backup, filled, and brought up to date. It is a
 * new installation (protocol 2): what it writes is numbered anew, and the setting
 * KITH_BACKUP_RESTORED tells the node to make a new device. */

#define KITH_BACKUP_RESTORED "restored"

/* The setting with the number of the last message that came from a backup: files that came with those are looked for.
 * Places of a backup are dropped; what is found by its hash where files are put, or accepted anew, counts as received
 * here, and goes when received files are erased. */
#define KITH_BACKUP_LAST "restored-last"

/* The setting with which a backup begins that was rescued from a damaged database: people may be missing of whom something
 * is there, and rows that break the rules of their table are left out, as pages that do not belong together have them. A
 * store does not get it. */
#define KITH_BACKUP_RESCUED "rescued"

/* Why a file that was offered from a place of the old computer is not offered any more: KITH_ERROR_NOT_FOUND. */
#define KITH_BACKUP_FILE_LOST "not-found"

/* @fraction: 0 to 1. On the thread that does the work. */
typedef void (*KithBackupProgressFunc) (double fraction, gpointer user_data);

/* Writes a backup while the store goes on. It gets its name when all of it was read again (kith_backup_check(),
 * kith-backup-part.h): an older file of that name is there as long. It contains what was committed when it began, as it
 * is when its turn comes; groups that go meanwhile go without their logs. Of what is written a slice is in memory, however
 * much there is (kith-backup-tables.c). No half file is left behind. @progress runs on a worker thread. Only worker threads touch the file: while its disk hangs the store goes on,
 * and can be closed, and the call is answered when the disk does. What was cancelled has no secrets then but those that
 * the thread which hangs works with. */
void     kith_store_export_async  (KithStore              *self,
                                   GFile                  *file,
                                   KithSecret             *passphrase,
                                   KithBackupProgressFunc  progress,
                                   gpointer                progress_data,
                                   GCancellable           *cancellable,
                                   GAsyncReadyCallback     callback,
                                   gpointer                user_data);
/* @is_incomplete: (out) (optional): whether messages, files or what belongs to groups could not be read, and are not in it: the
 * database is damaged. Errors: those of all calls of kith-store.h, DAMAGED only when people, groups or conversations
 * cannot be read; those of kith_backup_part_new() and kith_backup_check(); NO_MEMORY (for the passphrase); TOO_BIG. */
gboolean kith_store_export_finish (KithStore              *self,
                                   GAsyncResult           *result,
                                   gboolean               *is_incomplete,
                                   GError                **error);

/* Makes a database at @path, with @key, from a backup. Blocks for as long as it takes. On failure
 * nothing is left at @path. Errors: those of kith_backup_open() and kith_backup_reader_new(), NEWER_VERSION also of what
 * is in it, DAMAGED also when that makes no sense, those of kith_database_open(), G_IO_ERROR_CANCELLED. */
gboolean kith_backup_import       (GFile                  *file,
                                   KithSecret             *passphrase,
                                   const char             *path,
                                   KithSecret             *key,
                                   KithBackupProgressFunc  progress,
                                   gpointer                progress_data,
                                   GCancellable           *cancellable,
                                   GError                **error);

/* Reads all of a backup that was just written, from the disk. Blocks for as long as it takes. Errors:
 * NOT_A_BACKUP (it is not what was written), DISK, FAILED (not enough memory), G_IO_ERROR_CANCELLED. */
gboolean kith_backup_check        (GFile                  *file,
                                   KithSecret             *passphrase,
                                   KithBackupProgressFunc  progress,
                                   gpointer                progress_data,
                                   GCancellable           *cancellable,
                                   GError                **error);

G_END_DECLS
