/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "proto/kith-file-tree.h"

G_BEGIN_DECLS

/**
 * KithFileSource:
 *
 * What we send (protocol 11): a file, bytes, or a folder as one whole, which begins with the list of
 * what is in it. Reference counted. Everything else blocks and belongs on a worker thread, one
 * call at a time. Errors: NOT_FOUND, PERMISSION, INVALID (neither a file nor a folder), TOO_BIG, DISK,
 * CANCELLED; DAMAGED when it is not what it was when it was opened.
 */
typedef struct _KithFileSource KithFileSource;

/* @done_bytes: so far. Called on the worker thread. */
typedef void (*KithFileProgressFunc) (guint64 done_bytes, gpointer user_data);

KithFileSource *kith_file_source_new_for_path   (const char            *path);
KithFileSource *kith_file_source_new_for_bytes  (GBytes                *bytes);
KithFileSource *kith_file_source_ref            (KithFileSource        *self);
void            kith_file_source_unref          (KithFileSource        *self);

gboolean        kith_file_source_open           (KithFileSource        *self,
                                                 GCancellable          *cancellable,
                                                 GError               **error);
GByteArray     *kith_file_source_hash           (KithFileSource        *self,
                                                 guint8                 root[KITH_HASH_BYTES],
                                                 KithFileProgressFunc   progress,
                                                 gpointer               user_data,
                                                 GCancellable          *cancellable,
                                                 GError               **error);
gboolean        kith_file_source_read           (KithFileSource        *self,
                                                 guint64                offset,
                                                 guint8                *buffer,
                                                 gsize                  len,
                                                 GError               **error);

void            kith_file_source_rest           (KithFileSource        *self);

/* After kith_file_source_open(). */
guint64         kith_file_source_get_size       (KithFileSource        *self);
guint32         kith_file_source_get_list_bytes (KithFileSource        *self);
guint           kith_file_source_get_n_files    (KithFileSource        *self);
gint64          kith_file_source_get_mtime_us   (KithFileSource        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithFileSource, kith_file_source_unref)

G_END_DECLS
