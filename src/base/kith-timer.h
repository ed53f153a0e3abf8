/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithTimer:
 *
 * One of many timers: of sessions, of connections, of people. All of a main context wait in one heap behind one
 * source, so that thousands that are not due cost the loop nothing, which looks at each source in each turn.
 *
 * It behaves as g_timeout_add() does: its time is counted from when it was started, and if it repeats from the turn
 * in which it fired, so that what was missed is not made up for. Those that are due at once fire in the order
 * of their times, those of the same time in the order in which they were started. Whoever starts one from a timer
 * hears of it in the next turn at the earliest.
 *
 * A timer belongs to whoever holds it, in the thread that started it.
 */
typedef struct _KithTimer KithTimer;

void kith_timer_start (KithTimer  **timer,
                       guint        ms,
                       GSourceFunc  func,
                       gpointer     user_data);
void kith_timer_clear (KithTimer  **timer);

G_END_DECLS
