/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-endpoint.h"
#include "base/kith-env.h"

G_BEGIN_DECLS

/**
 * KithLanGuard:
 *
 * How many beacons are looked at (protocol 7.6): so many a second, and so many of one address.
 * Bounded memory; pure but for the env.
 */
typedef struct _KithLanGuard KithLanGuard;

KithLanGuard *kith_lan_guard_new   (const KithEnv      *env);
void          kith_lan_guard_free  (KithLanGuard       *self);
gboolean      kith_lan_guard_admit (KithLanGuard       *self,
                                    const KithEndpoint *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithLanGuard, kith_lan_guard_free)

G_END_DECLS
