/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-database.h"
#include "store/kith-store-broadcast.h"
#include "store/kith-store-group.h"
#include "store/kith-store.h"

G_BEGIN_DECLS

/* For the files of store/, all on the store thread:
 *   kith-store.c         the thread, its queue, groups of commits, what is done when idle
 *   kith-store-write.c   operations of a batch as SQL
 *   kith-store-change.c  edits, deletion, reactions, what disappears
 *   kith-store-query.c   how those who ask get their rows
 *   kith-store-snapshot.c  what is read at the start
 *   kith-store-read.c    messages: pages, and single ones; kith-store-readable.c pages past what is damaged
 *   kith-store-search.c  the index and searching
 *   kith-store-broadcast.c  what went to several
 *   kith-store-transfer.c   files that are offered, kith-store-received.c those that have come
 *   kith-store-group.c   groups, kith-store-group-read.c their chains and logs
 *   kith-backup-export.c everything, row by row (kith-backup-rows.c), for backups, kith-backup-import.c back */

/* One call. run() answers the task and returns FALSE, or returns TRUE to go on later, after the
 * other calls that wait. Or it keeps the task for a worker thread, returns FALSE, and that one hands it over once more:
 * what may hang is not done here. */
typedef struct _KithStoreJob KithStoreJob;
typedef gboolean (*KithStoreJobFunc) (KithDatabase *database, GTask *task);

/* A job that goes on later may find the store closed, or itself cancelled: this answers its task instead, then or
 * later. @error: (transfer full) */
typedef void (*KithStoreStopFunc) (GTask *task, GError *error);

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
gboolean           kith_store_add_act          (KithDatabase     *database,
                                                const KithStoreMessage *row,
                                                GError          **error);
gboolean           kith_store_act_arrived      (KithDatabase     *database,
                                                const KithStoreMessage *row,
                                                GError          **error);
gboolean           kith_store_edit_message     (KithDatabase     *database,
                                                const KithStoreChange *change,
                                                gboolean         *had_effect,
                                                GError          **error);
gboolean           kith_store_delete_message   (KithDatabase     *database,
                                                const KithStoreChange *change,
                                                gboolean         *had_effect,
                                                gboolean         *was_unread,
                                                GError          **error);
gboolean           kith_store_react            (KithDatabase     *database,
                                                const KithStoreChange *change,
                                                gboolean         *had_effect,
                                                GError          **error);
gboolean           kith_store_queue_again      (KithDatabase     *database,
                                                const KithStoreMessage *row,
                                                GError          **error);
gboolean           kith_store_put_missing      (KithDatabase     *database,
                                                const KithStoreMessage *row,
                                                GError          **error);
gint64             kith_store_get_next_expiry  (KithDatabase     *database);
gboolean           kith_store_put_options      (KithDatabase     *database,
                                                const KithStoreTreatment *treatment,
                                                GError          **error);
/* Deletes a little of what was cleared. Returns: whether there is more. */
gboolean           kith_store_sweep            (KithDatabase     *database,
                                                GError          **error);

/* Makes a new installation of what is there (protocol 2): what it may have said since, here or elsewhere, under the
 * numbers and keys that it has, is never contradicted. In a transaction; it may take seconds. */
gboolean           kith_store_begin_anew       (KithDatabase     *database,
                                                GError          **error);

/* Deletes a little of what is kept of the files of @messages, an SQL SELECT of numbers with the parameters ?1 and
 * ?2. The pages are overwritten, and all of that stands in the log: of what goes in numbers this goes first, and the
 * rows when nothing was left to do. */
#define kith_store_delete_contents(database, error, messages, ...)                                        \
  kith_database_run (database, error,                                                                     \
                     "DELETE FROM transfer_content WHERE (message, part) IN (SELECT message, part"        \
                     " FROM transfer_content WHERE message IN (" messages ")"                             \
                     " LIMIT " G_STRINGIFY (KITH_STORE_CONTENT_ROWS) ")",                                 \
                     "ii", __VA_ARGS__)
/* Each KITH_STORE_CONTENT_BYTES at most. */
#define KITH_STORE_CONTENT_ROWS 8
#define KITH_STORE_CONTENT_BYTES (512 * 1024)

gboolean           kith_store_add_transfer     (KithDatabase     *database,
                                                const KithStoreMessage *message,
                                                GError          **error);
gboolean           kith_store_put_transfer     (KithDatabase     *database,
                                                const KithStoreMessage *message,
                                                GError          **error);
KithStoreTransfer *kith_store_read_transfer    (sqlite3_stmt     *statement,
                                                int               at);

KithStoreSnapshot *kith_store_read_snapshot    (KithDatabase     *database,
                                                GError          **error);
/* The columns that kith_store_read_message() takes from a row, in its order; @reactions: of members of a group, as SQL. */
#define KITH_STORE_MESSAGE_COLUMNS_WITH(reactions) \
  "m.id, c.identity, m.outgoing, m.seq, m.hlc, m.time_ms, m.state, m.sent_ms, m.delivered_ms, " \
  "m.read_ms, m.reason, m.text, m.broadcast, m.kind, m.reply_to, m.edited_ms, m.deleted, m.ttl_s, " \
  "m.expires_ms, m.n_missing, m.my_reaction, m.their_reaction, m.author, m.author_key, m.event, " \
  "m.event_who, m.event_by, m.mention, m.late, " reactions ", t.root, t.size, t.list_bytes, t.name, " \
  "t.media_type, t.width, t.height, t.duration_ms, t.waveform, t.n_files, t.state, t.live, t.told, " \
  "t.kept, t.path, t.mtime_us, t.target, t.done_bytes, t.error"
#define KITH_STORE_MESSAGE_COLUMNS \
  KITH_STORE_MESSAGE_COLUMNS_WITH ("CASE WHEN m.author IS NULL THEN NULL ELSE" \
                                   " (SELECT group_concat (hex (r.author) || r.emoji, char (10)) FROM group_reaction r" \
                                   " WHERE r.identity = c.identity AND r.message = m.id AND r.emoji <> '') END")
#define KITH_STORE_MESSAGE_N_COLUMNS 49
/* What has to be joined to m for them. */
#define KITH_STORE_WITH_TRANSFER " LEFT JOIN transfer t ON t.message = m.number"
#define KITH_STORE_MESSAGES \
  "message m JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER
/* (transfer full) (nullable): up to @limit rows on a side of @cursor, in the order of the conversation */
GPtrArray         *kith_store_read_page        (KithDatabase     *database,
                                                const KithStoreCursor *cursor,
                                                KithStoreSide     side,
                                                guint             limit,
                                                GError          **error);
/* (transfer full): a KithStoreMessage, in the manner of a KithStoreReadFunc */
gpointer           kith_store_read_message     (sqlite3_stmt     *statement);

gboolean           kith_store_erase_group_contents (KithDatabase *database,
                                                const guint8     *gid,
                                                GError          **error);
gboolean           kith_store_apply_group      (KithDatabase     *database,
                                                const KithStoreGroupAct *act,
                                                gboolean         *had_effect,
                                                GError          **error);
gboolean           kith_store_read_groups      (KithDatabase     *database,
                                                GPtrArray        *groups,
                                                GError          **error);
gboolean           kith_store_put_broadcast    (KithDatabase     *database,
                                                const KithStoreBroadcast *row,
                                                GError          **error);
gboolean           kith_store_delete_broadcast (KithDatabase     *database,
                                                const guint8     *id,
                                                GError          **error);
gboolean           kith_store_forget_broadcasts (KithDatabase *database,
                                                const guint8     *identity,
                                                GError          **error);

gboolean           kith_store_index_some       (KithDatabase     *database,
                                                guint             n_kept_out,
                                                GError          **error);
gboolean           kith_store_mend_index       (KithDatabase     *database);

G_END_DECLS
