/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "node/kith-file-source.h"

G_BEGIN_DECLS

/**
 * KithFileSink:
 *
 * Where a file or folder of somebody else is written (protocol 11): first under a hidden name that
 * nobody can guess, in the folder where it will end, then under its own. Nothing that exists is
 * ever opened, followed or replaced. Reference counted. Everything else blocks and belongs on a worker
 * thread, one call at a time. Errors: DISK_FULL, PERMISSION, NOT_FOUND (the folder), EXISTS, DISK,
 * CANCELLED; PROTOCOL when what came makes no sense.
 */
typedef struct _KithFileSink KithFileSink;

KithFileSink *kith_file_sink_new     (const char            *partial,
                                      guint64                size,
                                      guint32                list_bytes);
KithFileSink *kith_file_sink_ref     (KithFileSink          *self);
void          kith_file_sink_unref   (KithFileSink          *self);

gboolean      kith_file_sink_open    (KithFileSink          *self,
                                      GError               **error);
gboolean      kith_file_sink_check   (KithFileSink          *self,
                                      const guint8          *leaves,
                                      guint32               *n_good,
                                      KithFileProgressFunc   progress,
                                      gpointer               user_data,
                                      GCancellable          *cancellable,
                                      GError               **error);
gboolean      kith_file_sink_write   (KithFileSink          *self,
                                      guint64                offset,
                                      const guint8          *data,
                                      gsize                  len,
                                      GError               **error);
char         *kith_file_sink_finish  (KithFileSink          *self,
                                      const char            *name,
                                      GError               **error);
gboolean      kith_file_sink_replace (KithFileSink          *self,
                                      const char            *name,
                                      GError               **error);
guint         kith_file_sink_get_n_files (KithFileSink      *self);

void          kith_file_sink_remove  (const char            *partial);
gboolean      kith_file_sink_has_room (const char           *folder,
                                       guint64               bytes,
                                       GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithFileSink, kith_file_sink_unref)

G_END_DECLS
