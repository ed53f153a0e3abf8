/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store.h"

G_DEFINE_ABSTRACT_TYPE (KithStore, kith_store, G_TYPE_OBJECT)

static void
kith_store_class_init (KithStoreClass *klass)
{
}

static void
kith_store_init (KithStore *self)
{
}

/**
 * kith_store_commit_async:
 * @self: a store
 * @batch: (transfer full): what to write, as a whole or not at all
 * @cancellable: (nullable): to give up before it is written
 * @callback: called after the commit
 * @user_data: given to it
 */
void
kith_store_commit_async (KithStore *self, KithStoreBatch *batch, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  KITH_STORE_GET_CLASS (self)->commit_async (self, batch, cancellable, callback, user_data);
}

/**
 * kith_store_commit_finish:
 * @self: a store
 * @result: the result
 * @error: return location for a #GError
 *
 * Returns: whether it is written
 */
gboolean
kith_store_commit_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return KITH_STORE_GET_CLASS (self)->commit_finish (self, result, error);
}

/**
 * kith_store_load_async:
 * @self: a store
 * @cancellable: (nullable): to give up
 * @callback: called when it is read
 * @user_data: given to it
 *
 * Reads what a node needs at its start.
 */
void
kith_store_load_async (KithStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                       gpointer user_data)
{
  KITH_STORE_GET_CLASS (self)->load_async (self, cancellable, callback, user_data);
}

/**
 * kith_store_load_finish:
 * @self: a store
 * @result: the result
 * @error: return location for a #GError
 *
 * Returns: (transfer full): what there is
 */
KithStoreSnapshot *
kith_store_load_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return KITH_STORE_GET_CLASS (self)->load_finish (self, result, error);
}

/**
 * kith_store_load_messages_async:
 * @self: a store
 * @before: (transfer none): the place before which to read
 * @limit: how many at most
 * @cancellable: (nullable): to give up
 * @callback: called when they are read
 * @user_data: given to it
 *
 * Reads a page of a conversation.
 */
void
kith_store_load_messages_async (KithStore *self, const KithStoreCursor *before, guint limit,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  KITH_STORE_GET_CLASS (self)->load_messages_async (self, before, limit, cancellable, callback,
                                                    user_data);
}

/**
 * kith_store_load_messages_finish:
 * @self: a store
 * @result: the result
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (element-type KithStoreMessage): the messages, oldest first
 */
GPtrArray *
kith_store_load_messages_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return KITH_STORE_GET_CLASS (self)->load_messages_finish (self, result, error);
}
