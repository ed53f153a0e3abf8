/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Timers that their owner holds as a source, in the main context of its thread; and sources of which a main context
 * has one for all. */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-source.h"

typedef struct
{
  GMainContext *context; /* (unowned): it outlives its sources */
  GSourceFuncs *funcs;
  GSource      *source;  /* (unowned): the context's */
} Shared;

static GMutex mutex;
static GArray *all_shared; /* (owned) (nullable) Shared; under the mutex */

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

static GSource *
find_shared (GMainContext *context, GSourceFuncs *funcs)
{
  for (guint i = 0; all_shared != NULL && i < all_shared->len; i++)
    {
      const Shared *shared = &g_array_index (all_shared, Shared, i);

      if (shared->context == context && shared->funcs == funcs)
        return shared->source;
    }

  return NULL;
}

/**
 * kith_source_get_shared:
 * @funcs: what kind of source; its finalize() calls kith_source_forget_shared()
 * @make: (transfer full): makes one
 *
 * Looks up the one source of a kind that the thread-default main context has; made and attached when it
 * is first asked for, it stays as long as the context.
 *
 * Returns: (transfer none): the source
 */
GSource *
kith_source_get_shared (GSourceFuncs *funcs, GSource *(*make) (void))
{
  GMainContext *context = g_main_context_get_thread_default ();
  GSource *source;

  if (context == NULL)
    context = g_main_context_default ();

  g_mutex_lock (&mutex);
  source = find_shared (context, funcs);
  if (source == NULL)
    {
      Shared shared = { context, funcs, make () };

      if (all_shared == NULL)
        all_shared = g_array_new (FALSE, FALSE, sizeof shared);
      g_array_append_val (all_shared, shared);
      source = shared.source;
      g_source_attach (source, context);
      g_source_unref (source);
    }
  g_mutex_unlock (&mutex);
  return source;
}

/**
 * kith_source_forget_shared:
 * @source: a source from kith_source_get_shared(), which is being finalized
 */
void
kith_source_forget_shared (GSource *source)
{
  g_mutex_lock (&mutex);
  for (guint i = 0; i < all_shared->len; i++)
    if (g_array_index (all_shared, Shared, i).source == source)
      {
        g_array_remove_index_fast (all_shared, i);
        break;
      }
  g_mutex_unlock (&mutex);
}
