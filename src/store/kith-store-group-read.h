/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store-group.h"
#include "store/kith-store.h"

G_BEGIN_DECLS

/* Reading the chain and the logs of a group. Errors of all calls: those of kith-store.h. */

/* All its operations, in the order in which they came.
 * (transfer full) (element-type KithStoreGroupOp) */
void       kith_store_load_group_ops_async     (KithStore *self,
                                                const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kith_store_load_group_ops_finish    (KithStore *self, GAsyncResult *result,
                                                GError **error);

/* Headers, by author and number, after @after (nullable: from the first): @limit at most, fewer only
 * at the end. Signatures, salts and contents are left out.
 * (transfer full) (element-type KithStoreGroupEntry) */
void       kith_store_load_group_headers_async (KithStore *self,
                                                const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                                const KithStoreGroupEntry *after, guint limit,
                                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kith_store_load_group_headers_finish(KithStore *self, GAsyncResult *result,
                                                GError **error);

/* Up to @n entries of @author from @from_seq on, whole. (transfer full) (element-type
 * KithStoreGroupEntry) */
void       kith_store_load_group_entries_async (KithStore *self,
                                                const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                                const guint8 author[KITH_STORE_GROUP_ID_BYTES],
                                                guint64 from_seq, guint n,
                                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kith_store_load_group_entries_finish(KithStore *self, GAsyncResult *result,
                                                GError **error);

/* Messages of ours in the group that not everybody has read, the newest @limit, oldest first.
 * (transfer full) (element-type KithStoreMessage) */
void       kith_store_load_group_unread_async  (KithStore *self,
                                                const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                                guint limit, GAsyncReadyCallback callback,
                                                gpointer user_data);
GPtrArray *kith_store_load_group_unread_finish (KithStore *self, GAsyncResult *result,
                                                GError **error);

/* Messages that are shown of what was written with the key @author from @from_seq on, the newest
 * @limit. (transfer full) (element-type KithStoreMessage) */
void       kith_store_load_group_written_async (KithStore *self,
                                                const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                                const guint8 author[KITH_STORE_GROUP_ID_BYTES],
                                                guint64 from_seq, guint limit,
                                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kith_store_load_group_written_finish(KithStore *self, GAsyncResult *result,
                                                GError **error);

/* Entries of @author that edit or delete the message @id of theirs, and came before it, whole.
 * (transfer full) (element-type KithStoreGroupEntry) */
void       kith_store_load_group_acts_async    (KithStore *self,
                                                const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                                const guint8 id[KITH_STORE_MESSAGE_ID_BYTES],
                                                const guint8 author[KITH_STORE_GROUP_ID_BYTES],
                                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kith_store_load_group_acts_finish   (KithStore *self, GAsyncResult *result,
                                                GError **error);

/* Texts of ours that wait to become entries, oldest first.
 * (transfer full) (element-type KithStoreMessage) */
void       kith_store_load_group_pending_async (KithStore *self,
                                                const guint8 gid[KITH_STORE_GROUP_ID_BYTES],
                                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kith_store_load_group_pending_finish(KithStore *self, GAsyncResult *result,
                                                GError **error);

/* Contacts with the @relation whom nothing that is kept mentions, no message, line or invitation, and of
 * whom the user has noted nothing. (transfer full) (element-type guint8[32]): identity keys */
void       kith_store_load_strangers_async     (KithStore *self, guint relation,
                                                GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kith_store_load_strangers_finish    (KithStore *self, GAsyncResult *result,
                                                GError **error);

G_END_DECLS
