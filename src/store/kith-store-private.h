/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-database.h"
#include "store/kith-store-broadcast.h"
#include "store/kith-store.h"

G_BEGIN_DECLS

/* For the files of store/, all on the store thread:
 *   kith-store.c         the thread, its queue, groups of commits, what is done when idle
 *   kith-store-write.c   operations of a batch as SQL
 *   kith-store-read.c    the snapshot and pages
 *   kith-store-search.c  the index and searching
 *   kith-store-broadcast.c  what went to several
 *   kith-store-dump.c    everything, row by row, for backups */

/* One call. run() answers the task and returns FALSE, or returns TRUE to go on later, after the
 * other calls that wait. */
typedef struct _KithStoreJob KithStoreJob;
typedef gboolean (*KithStoreJobFunc) (KithDatabase *database, GTask *task);

/* A job that goes on later may find the store closed, or itself cancelled: this is called with the
 * task's data before the task is answered. */
typedef void (*KithStoreStopFunc) (gpointer task_data);

/* @task: (transfer full): its source object is the store. The task's data is the job's. */
void               kith_store_push             (KithStore        *self,
                                                GTask            *task,
                                                KithStoreJobFunc  run);
void               kith_store_push_long        (KithStore        *self,
                                                GTask            *task,
                                                KithStoreJobFunc  run,
                                                KithStoreStopFunc stop);

gboolean           kith_store_apply            (KithDatabase     *database,
                                                KithStoreBatch   *batch,
                                                GError          **error);
/* Deletes a little of what was cleared. Returns: whether there is more. */
gboolean           kith_store_sweep            (KithDatabase     *database,
                                                gboolean         *did_something,
                                                GError          **error);

KithStoreSnapshot *kith_store_read_snapshot    (KithDatabase     *database,
                                                GError          **error);
/* The columns that kith_store_read_message() takes from a row, in its order. */
#define KITH_STORE_MESSAGE_COLUMNS \
  "m.id, c.identity, m.outgoing, m.seq, m.hlc, m.time_ms, m.state, m.sent_ms, m.delivered_ms, " \
  "m.read_ms, m.reason, m.text, m.broadcast"
#define KITH_STORE_MESSAGE_N_COLUMNS 13
KithStoreMessage  *kith_store_read_message     (sqlite3_stmt     *statement);

gboolean           kith_store_put_broadcast    (KithDatabase     *database,
                                                const KithStoreBroadcast *row,
                                                GError          **error);
gboolean           kith_store_delete_broadcast (KithDatabase     *database,
                                                const guint8     *id,
                                                GError          **error);

/* Puts a batch of messages into the index. Returns: whether there are more. */
gboolean           kith_store_index_some       (KithDatabase     *database,
                                                GError          **error);
gboolean           kith_store_is_indexed       (KithDatabase     *database);

G_END_DECLS
