/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "store/kith-store.h"

G_BEGIN_DECLS

/* What we send and what exists nowhere but in the store. NOT_FOUND when there is none. (transfer full) */
void    kith_store_load_content_async  (KithStore *self, const KithStoreMessage *message,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data);
GBytes *kith_store_load_content_finish (KithStore *self, GAsyncResult *result, GError **error);

G_END_DECLS
