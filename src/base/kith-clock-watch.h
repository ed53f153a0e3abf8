/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Calls @callback whenever the clock of the machine is set, and when the machine wakes up.
 * (transfer full) (nullable): attached to the main context of the thread; NULL where the system cannot
 * tell. To be given back with kith_source_clear(). */
GSource *kith_clock_watch_new (GSourceFunc callback,
                               gpointer    user_data);

G_END_DECLS
