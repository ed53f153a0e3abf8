/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-broadcast.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

/* One text to several people, each in private. Main thread. Protocol 8. */

/* @contacts: (nullable) (element-type KithContact): who gets it, at most
 * KITH_LIMIT_BROADCAST_RECIPIENTS; NULL = everybody who is shown as online. All messages are
 * committed to the outbox together with the broadcast or none is; then they are messages like
 * others. Errors: INVALID (the text, or nobody is given), TOO_BIG, NOT_FOUND (nobody is online),
 * NOT_CONTACT (one of them is none, or blocked: nothing was sent), BUSY, those of the store. */
void           kith_node_broadcast_async         (KithNode            *self,
                                                  GPtrArray           *contacts,
                                                  const char          *text,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
/* (transfer full): with its recipients. Errors: as above. */
KithBroadcast *kith_node_broadcast_finish        (KithNode            *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* The newest KITH_LIMIT_BROADCASTS_SHOWN, newest first, with how far they have come. Errors: those of the store.
 * (transfer full) (element-type KithBroadcast) */
void           kith_node_load_broadcasts_async   (KithNode            *self,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
GPtrArray     *kith_node_load_broadcasts_finish  (KithNode            *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* One with its recipients, by its id (32 hex digits). Errors: NOT_FOUND, those of the store.
 * (transfer full) */
void           kith_node_load_broadcast_async    (KithNode            *self,
                                                  const char          *id,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
KithBroadcast *kith_node_load_broadcast_finish   (KithNode            *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

/* Takes it off the list of broadcasts. Its messages stay in their conversations. Errors: those of the store. */
void           kith_node_delete_broadcast_async  (KithNode            *self,
                                                  KithBroadcast       *broadcast,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
gboolean       kith_node_delete_broadcast_finish (KithNode            *self,
                                                  GAsyncResult        *result,
                                                  GError             **error);

G_END_DECLS
