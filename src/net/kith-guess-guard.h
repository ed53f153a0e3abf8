/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-endpoint.h"
#include "base/kith-env.h"

G_BEGIN_DECLS

/**
 * KithGuessGuard:
 *
 * Keeps strangers from guessing the passphrase (protocol 3.3): after some wrong ones a prefix is
 * refused, longer each time, and all together may be wrong only so often. Bounded memory; pure but
 * for the env.
 */
typedef struct _KithGuessGuard KithGuessGuard;

KithGuessGuard *kith_guess_guard_new       (const KithEnv      *env);
void            kith_guess_guard_free      (KithGuessGuard     *self);
gboolean        kith_guess_guard_may_try   (KithGuessGuard     *self,
                                            const KithEndpoint *remote);
void            kith_guess_guard_failed    (KithGuessGuard     *self,
                                            const KithEndpoint *remote);
void            kith_guess_guard_succeeded (KithGuessGuard     *self,
                                            const KithEndpoint *remote);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGuessGuard, kith_guess_guard_free)

G_END_DECLS
