/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-secret.h"

G_BEGIN_DECLS

/* The file of a backup: a wrapped key (kith-key-wrap.h, magic "KITHBAK"), then one stream of
 * libsodium's secretstream in chunks of 64 KiB of plaintext, the last of them marked as final. So a
 * file that was cut, or in which chunks were swapped, is noticed. Any one thread at a time; reads
 * and writes block. */

#define KITH_BACKUP_MAGIC "KITHBAK"

typedef struct _KithBackupWriter KithBackupWriter;
typedef struct _KithBackupReader KithBackupReader;

/* @passphrase must not be NULL. Slow, as kith_key_wrap_seal(), with its errors. (transfer full) (nullable) */
KithBackupWriter *kith_backup_writer_new    (KithSecret        *passphrase,
                                             GError           **error);
/* Comes first, once. Errors of this and of all writing: those of kith_store_set_file_error(). */
gboolean          kith_backup_writer_begin  (KithBackupWriter  *self,
                                             GOutputStream     *stream,
                                             GError           **error);
void              kith_backup_writer_free   (KithBackupWriter  *self);
/* Errors: as of kith_backup_writer_begin(). */
gboolean          kith_backup_writer_write  (KithBackupWriter  *self,
                                             const void        *data,
                                             gsize              len,
                                             GError           **error);
/* Writes the final chunk; the caller closes the stream. Errors: as of kith_backup_writer_begin(). */
gboolean          kith_backup_writer_finish (KithBackupWriter  *self,
                                             GError           **error);

/* @size: (out): bytes, 0 when nobody knows. Errors: those of kith_store_set_file_error(). (transfer full) (nullable) */
GFileInputStream *kith_backup_open          (GFile             *file,
                                             guint64           *size,
                                             GError           **error);
/* (transfer full) (nullable). Errors: NOT_A_BACKUP, WRONG_PASSPHRASE, NEWER_VERSION, DAMAGED, DISK,
 * NO_MEMORY. */
KithBackupReader *kith_backup_reader_new    (GInputStream      *stream,
                                             KithSecret        *passphrase,
                                             GError           **error);
void              kith_backup_reader_free   (KithBackupReader  *self);
/* Exactly @len bytes; DAMAGED when there are not so many. */
gboolean          kith_backup_reader_read   (KithBackupReader  *self,
                                             void              *data,
                                             gsize              len,
                                             GError           **error);
/* Reads on to the end of a chunk, whatever is in it; DAMAGED also behind the last one. */
gboolean          kith_backup_reader_skip   (KithBackupReader  *self,
                                             GError           **error);
/* Whether everything was read, up to the mark of the end. */
gboolean          kith_backup_reader_is_at_end (KithBackupReader *self);
guint64           kith_backup_reader_get_n_read (KithBackupReader *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithBackupWriter, kith_backup_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithBackupReader, kith_backup_reader_free)

G_END_DECLS
