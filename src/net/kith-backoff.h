/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-env.h"

G_BEGIN_DECLS

/* How long to wait before the next dial: 5 s, 10 s, 20 s ... 10 min, each give or take 30 %
 * (protocol 3). Plain data. */
typedef struct
{
  guint n_failures;
} KithBackoff;

void  kith_backoff_reset (KithBackoff   *self);
guint kith_backoff_next_ms (KithBackoff   *self,
                            const KithEnv *env);

G_END_DECLS
