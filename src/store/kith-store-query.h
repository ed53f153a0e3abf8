/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store-private.h"

G_BEGIN_DECLS

/* For the files of store/ that read: from the call of somebody who wants rows to the rows they get. The
 * first is called on the main loop, the others on the store thread. */

/* Makes a row of what a statement stands on. */
typedef gpointer (*KithStoreReadFunc) (sqlite3_stmt *statement);

void     kith_store_ask         (KithStore           *self,
                                 gpointer             tag,
                                 gconstpointer        query,
                                 gsize                query_len,
                                 KithStoreJobFunc     run,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data);
gboolean kith_store_read_rows   (KithDatabase        *database,
                                 sqlite3_stmt        *statement,
                                 KithStoreReadFunc    read,
                                 GPtrArray           *rows,
                                 GError             **error);
void     kith_store_answer      (GTask               *task,
                                 gpointer             answer,
                                 GDestroyNotify       answer_free,
                                 GError              *error);
void     kith_store_answer_rows (KithDatabase        *database,
                                 GTask               *task,
                                 sqlite3_stmt        *statement,
                                 KithStoreReadFunc    read,
                                 GDestroyNotify       row_free,
                                 GError              *error);

G_END_DECLS
