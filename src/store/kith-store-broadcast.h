/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store.h"

G_BEGIN_DECLS

/* One text of ours that went to several people, each in private: who got which message, and how far
 * these have come. */

typedef struct
{
  guint8   identity[KITH_STORE_IDENTITY_BYTES];
  guint8   message[KITH_STORE_MESSAGE_ID_BYTES];
  /* Of the message, when it is read: */
  gboolean kept;  /* it was not deleted since */
  guint    state;
  gint64   sent_ms, delivered_ms, read_ms;
} KithStoreRecipient;

struct _KithStoreBroadcast
{
  guint8  id[KITH_STORE_MESSAGE_ID_BYTES];
  gint64  time_ms;
  char   *text;
  GArray *recipients;  /* (element-type KithStoreRecipient); empty in a list */
  guint   n_recipients, n_delivered, n_read; /* when it is read */
};

KithStoreBroadcast *kith_store_broadcast_new          (void);
KithStoreBroadcast *kith_store_broadcast_copy         (const KithStoreBroadcast *self);
void                kith_store_broadcast_free         (KithStoreBroadcast       *self);

/* The last @limit, newest first. Errors: those of all calls of kith-store.h. (transfer full) (element-type KithStoreBroadcast) */
void                kith_store_load_broadcasts_async  (KithStore            *self,
                                                       guint                 limit,
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
GPtrArray          *kith_store_load_broadcasts_finish (KithStore            *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);

/* One with its recipients; NOT_FOUND when there is none. (transfer full) */
void                kith_store_load_broadcast_async   (KithStore            *self,
                                                       const guint8          id[KITH_STORE_MESSAGE_ID_BYTES],
                                                       GCancellable         *cancellable,
                                                       GAsyncReadyCallback   callback,
                                                       gpointer              user_data);
KithStoreBroadcast *kith_store_load_broadcast_finish  (KithStore            *self,
                                                       GAsyncResult         *result,
                                                       GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreBroadcast, kith_store_broadcast_free)

G_END_DECLS
