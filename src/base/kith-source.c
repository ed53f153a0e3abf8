/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timers that their owner holds as a source, in the main context of its thread. */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-source.h"

/**
 * kith_source_start:
 * @source: (inout): where the timer is held; one that is there already is stopped
 * @ms: after how many milliseconds it fires
 * @func: what it calls
 * @user_data: (unowned): given to @func
 *
 * Starts a timer in the thread-default main context. Whoever holds it clears it with
 * kith_source_clear(), also after it has fired for the last time.
 */
void
kith_source_start (GSource **source, guint ms, GSourceFunc func, gpointer user_data)
{
  kith_source_clear (source);
  *source = g_timeout_source_new (ms);
  g_source_set_callback (*source, func, user_data, NULL);
  g_source_attach (*source, g_main_context_get_thread_default ());
}

/**
 * kith_source_clear:
 * @source: (inout) (nullable contents): a source that is held, or %NULL
 *
 * Stops it and lets go of it. From within its own callback as well, which then returns
 * %G_SOURCE_REMOVE.
 */
void
kith_source_clear (GSource **source)
{
  if (*source == NULL)
    return;

  g_source_destroy (*source);
  g_clear_pointer (source, g_source_unref);
}
