/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-error.h"
#include "net/kith-entry.h"
#include "net/kith-session.h"

G_BEGIN_DECLS

typedef enum
{
  KITH_DIALER_NOT_DECIDED, /* not begun, or another was faster */
  KITH_DIALER_REACHED,
  KITH_DIALER_FAILED,
} KithDialerOutcome;

typedef struct
{
  KithEndpoint      endpoint;
  KithDialerOutcome outcome;
  KithError         error; /* of %KITH_DIALER_FAILED */
} KithDialerTry;

void         kith_dialer_dial_async  (KithLocal           *local,
                                      const KithEndpoint  *endpoints,
                                      guint                n_endpoints,
                                      const guint8        *expected,
                                      const KithEntry     *entry,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);
KithSession *kith_dialer_dial_finish (GAsyncResult        *result,
                                      GError             **error);
const KithDialerTry *
             kith_dialer_dial_get_tries (GAsyncResult     *result,
                                         guint            *n);

G_END_DECLS
