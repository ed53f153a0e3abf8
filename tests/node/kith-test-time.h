/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-env.h"

G_BEGIN_DECLS

/* Days that pass in a moment: a test that is linked with this has timeouts (g_timeout_source_new(),
 * KithTimer) that follow the clock of a fake env, so that they come in the right order and at the right time. */

void    test_time_use          (KithFakeEnv *env);
void    test_time_pass         (gint64       us);
guint64 test_time_get_n_fired  (void);
guint   test_time_get_n_timers (void);

G_END_DECLS
