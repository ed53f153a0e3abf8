/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define KITH_TYPE_DAY (kith_day_get_type ())
G_DECLARE_FINAL_TYPE (KithDay, kith_day, KITH, DAY, GObject)

/* Which day it is here. Main thread. Signal: "changed" (), when what was today is not any more: at midnight, after a
 * sleep, when the clock was set. */

KithDay *kith_day_get_default (void);
/* What time does by itself; for tests. */
void     kith_day_check       (KithDay *self,
                               gint64   now_ms);

G_END_DECLS
