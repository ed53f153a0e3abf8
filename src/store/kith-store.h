/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-secret.h"
#include "store/kith-store-batch.h"
#include "store/kith-store-rows.h"

G_BEGIN_DECLS

/* Where everything that outlives a session is kept: one SQLite database, on disk (encrypted) or in
 * memory, and one thread that alone works with it.
 *
 * A write is a #KithStoreBatch: a list of typed operations which is committed as a whole or not
 * at all. Callers hear after the commit and not before (architecture, truth 2). Calls are carried
 * out in the order in which they were made; batches that wait are committed together. Every call is
 * answered on the main context of the caller.
 *
 * Errors of all calls: CLOSED, DISK_FULL, DISK, DAMAGED (a page that is needed cannot be read), FAILED,
 * G_IO_ERROR_CANCELLED. After an error nothing of a batch was committed. What else there is stands at the
 * call. */

#define KITH_TYPE_STORE (kith_store_get_type ())
G_DECLARE_FINAL_TYPE (KithStore, kith_store, KITH, STORE, GObject)

/* All is gone when it is closed or finalized; nothing is written anywhere. When there is no memory for it
 * every call fails with the reason. */
KithStore         *kith_store_new_in_memory        (void);

/* Opens the database at @path, which is made when it is not there, with a key of 32 bytes. Takes
 * time: not for the main thread. Errors: those of kith_database_open(). */
KithStore         *kith_store_open                 (const char *path, KithSecret *key,
                                                    GError **error);

/* Called in the thread that opens a database of an earlier version of Kith, before it is brought to this one. */
typedef void (*KithStorePreparing) (gpointer user_data);

/* (transfer full) (nullable): as kith_store_open(), with the same errors */
KithStore         *kith_store_open_told            (const char *path, KithSecret *key,
                                                    KithStorePreparing preparing, gpointer user_data,
                                                    GError **error);

/* What is left of a damaged one, which is only read: for a backup of that (kith-backup.h) and nothing else. As above;
 * errors: those of kith_database_open_to_rescue(). */
KithStore         *kith_store_open_to_rescue       (const char *path, KithSecret *key,
                                                    GError **error);

/* (transfer full): every call of it fails with CLOSED */
KithStore         *kith_store_new_closed           (void);

/* Closes the database after every earlier call; later calls fail with CLOSED. The keys are wiped
 * when it completes, also with an error: then the log could not be emptied, and nothing is lost. */
void               kith_store_close_async          (KithStore *self, GAsyncReadyCallback callback,
                                                    gpointer user_data);
gboolean           kith_store_close_finish         (KithStore *self, GAsyncResult *result,
                                                    GError **error);

/* Commits @batch (transfer full). After success kith_store_batch_was_new() tells, for each
 * add_message operation, whether the message was new or already known. More errors: INVALID (an
 * operation that is not possible). */
void               kith_store_commit_async         (KithStore *self, KithStoreBatch *batch,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
/* As kith_store_commit_async(), which finishes it too, but it waits for up to 100 ms for something else
 * to be asked of the store, to share its transaction: for what a crash may take back. The order of all
 * calls is kept, and whatever is asked for next does not wait. */
void               kith_store_commit_lazily_async  (KithStore *self, KithStoreBatch *batch,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
gboolean           kith_store_commit_finish        (KithStore *self, GAsyncResult *result,
                                                    GError **error);

/* Everything a node needs at start. (transfer full) */
void               kith_store_load_async           (KithStore *self, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
KithStoreSnapshot *kith_store_load_finish          (KithStore *self, GAsyncResult *result,
                                                    GError **error);

/* Up to @limit messages of a conversation on one side of @cursor, oldest first.
 * (transfer full) (element-type KithStoreMessage) */
void               kith_store_load_messages_async  (KithStore *self, const KithStoreCursor *cursor,
                                                    KithStoreSide side, guint limit,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
GPtrArray         *kith_store_load_messages_finish (KithStore *self, GAsyncResult *result,
                                                    GError **error);

/* Up to @limit messages behind @cursor, oldest first, past what a damaged page keeps from being read. */
void               kith_store_load_readable_async  (KithStore *self, const KithStoreCursor *cursor,
                                                    guint limit, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
/* @next: (out): where to go on; @has_more: (out): whether there may be something; @has_gap: (out): whether something
 * between the last of them and @next could not be read. (transfer full) (element-type KithStoreMessage) */
GPtrArray         *kith_store_load_readable_finish (KithStore *self, GAsyncResult *result,
                                                    KithStoreCursor *next, gboolean *has_more,
                                                    gboolean *has_gap, GError **error);

/* The message with an id in a conversation; NOT_FOUND when there is none. The sender chooses the id:
 * where none is named with @identity (nullable), several conversations may have it: AMBIGUOUS.
 * (transfer full) */
void               kith_store_find_message_async   (KithStore *self, const guint8 *identity,
                                                    const guint8 id[KITH_STORE_MESSAGE_ID_BYTES],
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
KithStoreMessage  *kith_store_find_message_finish  (KithStore *self, GAsyncResult *result,
                                                    GError **error);

/* The first message in a conversation that was received and not seen: it is put into a page with
 * KITH_STORE_FROM by its place. NULL without an error when there is none. (transfer full) */
void               kith_store_first_unread_async   (KithStore *self,
                                                    const guint8 identity[KITH_STORE_IDENTITY_BYTES],
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
KithStoreMessage  *kith_store_first_unread_finish  (KithStore *self, GAsyncResult *result,
                                                    GError **error);

/* The messages of ours with numbers from @from to @to, oldest first, of the newest
 * KITH_LIMIT_RESEND_LOOK_BACK. (transfer full) (element-type KithStoreMessage) */
void               kith_store_load_numbers_async   (KithStore *self,
                                                    const guint8 identity[KITH_STORE_IDENTITY_BYTES],
                                                    guint64 from, guint64 to,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
GPtrArray         *kith_store_load_numbers_finish  (KithStore *self, GAsyncResult *result,
                                                    GError **error);

/* Deletes the content of what is due. Finishes with when the next is due, in ms since 1970; 0 when
 * nothing disappears. */
void               kith_store_expire_async         (KithStore *self, gint64 now_ms,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
gboolean           kith_store_expire_finish        (KithStore *self, GAsyncResult *result,
                                                    gint64 *next_ms, GError **error);

/* Where @text occurs, in one conversation, or in all when @identity is NULL: first the messages with its words,
 * newest first, then those that have it inside of a word, newest first. @before: go on after this message,
 * the last of an earlier answer, by its conversation and id; NULL from the beginning. No answer has hits of both, so that a short one is
 * not the last: one without hits is. Long scans are done in pieces between other calls.
 * More errors: INVALID (nothing to search for, too much, or no UTF-8).
 * (transfer full) (element-type KithStoreHit) */
void               kith_store_search_async         (KithStore *self, const char *text,
                                                    const guint8 *identity,
                                                    const KithStoreCursor *before, guint limit,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
GPtrArray         *kith_store_search_finish        (KithStore *self, GAsyncResult *result,
                                                    GError **error);

G_END_DECLS
