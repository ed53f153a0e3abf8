/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "store/kith-store.h"

G_BEGIN_DECLS

/* Errors of all calls: those of kith-store.h. */

/* A file that somebody sent, where it was put when it had come, or is being put. */
typedef struct
{
  char    *path;    /* (owned) */
  guint64  size;
  gint64   time_ms; /* of its message */
  guint    state;   /* the node's number for it */
  gboolean is_folder;
} KithStoreReceived;

void       kith_store_received_free        (KithStoreReceived *self);

/* Those in @state, the oldest first, KITH_LIMIT_RECEIVED_FILES_LISTED at most; no folders, and nothing that
 * came from a backup, here or below: what lies there may be another's. (transfer full) (element-type KithStoreReceived) */
void       kith_store_load_received_async  (KithStore *self, guint state, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kith_store_load_received_finish (KithStore *self, GAsyncResult *result, GError **error);

/* All of them, in any state, and folders. (transfer full) (element-type KithStoreReceived) */
void       kith_store_load_places_async    (KithStore *self, GAsyncReadyCallback callback,
                                            gpointer user_data);
GPtrArray *kith_store_load_places_finish   (KithStore *self, GAsyncResult *result, GError **error);

/* What had come when a backup was made and has no place since that was restored, the newest first,
 * KITH_LIMIT_RECEIVED_FILES_LISTED at most. (transfer full) (element-type KithStoreMessage) */
void       kith_store_load_lost_async      (KithStore *self, GCancellable *cancellable,
                                            GAsyncReadyCallback callback, gpointer user_data);
GPtrArray *kith_store_load_lost_finish     (KithStore *self, GAsyncResult *result, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreReceived, kith_store_received_free)

G_END_DECLS
