/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-session.h"

G_BEGIN_DECLS

void         kith_dialer_dial_async  (KithLocal           *local,
                                      const KithEndpoint  *endpoints,
                                      guint                n_endpoints,
                                      const guint8        *expected,
                                      const guint8        *knock_key,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
KithSession *kith_dialer_dial_finish (GAsyncResult        *result,
                                      GError             **error);

G_END_DECLS
