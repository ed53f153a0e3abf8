/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-secret.h"
#include "store/kith-store-rows.h"

G_BEGIN_DECLS

/* Where everything that outlives a session is kept.
 *
 * A write is a #KithStoreBatch: a list of typed operations which is committed as a whole or not
 * at all. Callers hear after the commit and not before (architecture, truth 2). Batches are
 * committed in the order in which they were handed over. Every call is made from, and answered on,
 * the main context of the caller; an implementation may work on a thread of its own. */

#define KITH_TYPE_STORE (kith_store_get_type ())
G_DECLARE_DERIVABLE_TYPE (KithStore, kith_store, KITH, STORE, GObject)

struct _KithStoreClass
{
  GObjectClass parent_class;

  void               (*commit_async)         (KithStore *self, KithStoreBatch *batch,
                                              GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
  gboolean           (*commit_finish)        (KithStore *self, GAsyncResult *result,
                                              GError **error);
  void               (*load_async)           (KithStore *self, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
  KithStoreSnapshot *(*load_finish)          (KithStore *self, GAsyncResult *result,
                                              GError **error);
  void               (*load_messages_async)  (KithStore *self, const KithStoreCursor *before,
                                              guint limit, GCancellable *cancellable,
                                              GAsyncReadyCallback callback, gpointer user_data);
  GPtrArray         *(*load_messages_finish) (KithStore *self, GAsyncResult *result,
                                              GError **error);
  gpointer           padding[8];
};

/* Commits @batch (transfer full). After success kith_store_batch_was_new() tells, for each
 * add_message operation, whether the message was new or already known. */
void               kith_store_commit_async         (KithStore *self, KithStoreBatch *batch,
                                                    GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
gboolean           kith_store_commit_finish        (KithStore *self, GAsyncResult *result,
                                                    GError **error);

/* Everything a node needs at start: profile (NULL in a new store), contacts, devices, requests,
 * the outbox (every outgoing message not yet delivered and not failed), and for each
 * conversation its newest messages. (transfer full) */
void               kith_store_load_async           (KithStore *self, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
KithStoreSnapshot *kith_store_load_finish          (KithStore *self, GAsyncResult *result,
                                                    GError **error);

/* Up to @limit messages of a conversation older than @before, oldest first.
 * (transfer full) (element-type KithStoreMessage) */
void               kith_store_load_messages_async  (KithStore *self, const KithStoreCursor *before,
                                                    guint limit, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback,
                                                    gpointer user_data);
GPtrArray         *kith_store_load_messages_finish (KithStore *self, GAsyncResult *result,
                                                    GError **error);

G_END_DECLS
