/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithIdleTimer:
 *
 * Says when somebody has been away for a while, the time counted in which the computer slept: it is over at
 * once when that wakes up. Main thread.
 */
typedef struct _KithIdleTimer KithIdleTimer;

/* @func: called each time it is over; it runs again after the next set_ms() or restart(). (transfer full) */
KithIdleTimer *kith_idle_timer_new     (void         (*func) (gpointer user_data),
                                        gpointer       user_data);
void           kith_idle_timer_free    (KithIdleTimer *self);
/* How long is long, counted from the last touch(); 0 = never. */
void           kith_idle_timer_set_ms  (KithIdleTimer *self,
                                        gint64         ms);
/* Somebody is there. Costs next to nothing. */
void           kith_idle_timer_touch   (KithIdleTimer *self);
/* As touch(), after it was over. */
void           kith_idle_timer_restart (KithIdleTimer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithIdleTimer, kith_idle_timer_free)

G_END_DECLS
