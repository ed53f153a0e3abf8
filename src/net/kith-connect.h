/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-endpoint.h"

G_BEGIN_DECLS

void     kith_connect_async  (const KithEndpoint  *endpoint,
                              GProxyResolver      *proxy,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data);
GSocket *kith_connect_finish (GAsyncResult        *result,
                              GError             **error);

G_END_DECLS
