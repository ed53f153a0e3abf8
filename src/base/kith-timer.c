/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A binary heap of timers behind a source.
 *
 * The source says in prepare() when the first is due: g_source_set_ready_time() would wake the loop with a system
 * call for each timer that comes or goes. */
#define G_LOG_DOMAIN "kith-base"

#include "config.h"

#include "base/kith-timer.h"

#include "base/kith-source.h"

typedef struct
{
  GSource    source;
  GPtrArray *timers; /* (owned) (element-type KithTimer): what waits; none is due before its parent, (i - 1) / 2 */
  guint64    n_started;
} Heap;

struct _KithTimer
{
  grefcount   ref_count; /* its owner, and who calls it */
  Heap       *heap;      /* (unowned) (nullable): where it waits */
  guint       index;     /* in it */
  guint       ms;
  gint64      due_us;    /* monotonic */
  guint64     number;    /* of all that were started */
  GSourceFunc func;      /* (nullable) when it was cleared */
  gpointer    user_data;
};

/* --- The heap ------------------------------------------------------------------------------- */

static gboolean
is_before (const KithTimer *a, const KithTimer *b)
{
  return a->due_us != b->due_us ? a->due_us < b->due_us : a->number < b->number;
}

static void
put (Heap *self, guint index, KithTimer *timer)
{
  self->timers->pdata[index] = timer;
  timer->index = index;
}

/* Finds the place for @timer from that of @index upwards, then downwards. */
static void
sift (Heap *self, guint index, KithTimer *timer)
{
  while (index > 0 && is_before (timer, self->timers->pdata[(index - 1) / 2]))
    {
      put (self, index, self->timers->pdata[(index - 1) / 2]);
      index = (index - 1) / 2;
    }

  for (guint child = 2 * index + 1; child < self->timers->len; child = 2 * index + 1)
    {
      if (child + 1 < self->timers->len
          && is_before (self->timers->pdata[child + 1], self->timers->pdata[child]))
        child++;
      if (!is_before (self->timers->pdata[child], timer))
        break;

      put (self, index, self->timers->pdata[child]);
      index = child;
    }

  put (self, index, timer);
}

static void
insert (Heap *self, KithTimer *timer, gint64 now_us)
{
  timer->heap = self;
  timer->due_us = now_us + (gint64) timer->ms * 1000;
  timer->number = self->n_started++;
  g_ptr_array_add (self->timers, timer);
  sift (self, self->timers->len - 1, timer);
}

static void
take_out (KithTimer *timer)
{
  GPtrArray *timers = timer->heap->timers;
  KithTimer *last = g_ptr_array_steal_index_fast (timers, timers->len - 1);

  if (last != timer)
    sift (timer->heap, timer->index, last);
  timer->heap = NULL;
}

static KithTimer *
peek (Heap *self)
{
  return self->timers->len > 0 ? self->timers->pdata[0] : NULL;
}

/* --- The source ----------------------------------------------------------------------------- */

static void
release (KithTimer *timer)
{
  if (g_ref_count_dec (&timer->ref_count))
    g_free (timer);
}

static gboolean
prepare (GSource *source, int *timeout_ms)
{
  const KithTimer *first = peek ((Heap *) source);
  gint64 left_us;

  *timeout_ms = -1;
  if (first == NULL)
    return FALSE;

  left_us = MAX (first->due_us - g_source_get_time (source), 0);
  *timeout_ms = (int) MIN ((left_us + 999) / 1000, G_MAXINT);
  return left_us == 0;
}

static gboolean
check (GSource *source)
{
  const KithTimer *first = peek ((Heap *) source);

  return first != NULL && first->due_us <= g_source_get_time (source);
}

/* Fires what is due, but for what was started meanwhile. A callback may clear any of the others, start new ones, and
 * turn the loop itself. */
static gboolean
dispatch (GSource *source, GSourceFunc callback, gpointer user_data)
{
  Heap *self = (Heap *) source;
  gint64 now_us = g_source_get_time (source);
  guint64 n_started = self->n_started;
  KithTimer *timer;

  while ((timer = peek (self)) != NULL && timer->due_us <= now_us && timer->number < n_started)
    {
      g_ref_count_inc (&timer->ref_count);
      take_out (timer);
      if (timer->func (timer->user_data) && timer->func != NULL)
        insert (self, timer, now_us);
      release (timer);
    }

  return G_SOURCE_CONTINUE;
}

/* The main context is gone: what waits will never fire. */
static void
finalize (GSource *source)
{
  Heap *self = (Heap *) source;

  kith_source_forget_shared (source);
  for (guint i = 0; i < self->timers->len; i++)
    ((KithTimer *) self->timers->pdata[i])->heap = NULL;
  g_ptr_array_unref (self->timers);
}

static GSourceFuncs funcs = { prepare, check, dispatch, finalize, NULL, NULL };

static GSource *
heap_new (void)
{
  GSource *source = g_source_new (&funcs, sizeof (Heap));

  ((Heap *) source)->timers = g_ptr_array_new ();
  g_source_set_static_name (source, "kith-timers");
  g_source_set_can_recurse (source, TRUE);
  return source;
}

/* --- Public --------------------------------------------------------------------------------- */

/**
 * kith_timer_start:
 * @timer: (inout) (nullable contents): where the timer is held; one that is there already is cleared
 * @ms: after how many milliseconds it fires
 * @func: what it calls, again and again while that returns %G_SOURCE_CONTINUE
 * @user_data: (unowned): given to @func
 *
 * Starts a timer in the thread-default main context. Whoever holds it clears it with
 * kith_timer_clear(), also after it has fired for the last time.
 */
void
kith_timer_start (KithTimer **timer, guint ms, GSourceFunc func, gpointer user_data)
{
  Heap *heap = (Heap *) kith_source_get_shared (&funcs, heap_new);

  kith_timer_clear (timer);
  *timer = g_new0 (KithTimer, 1);
  g_ref_count_init (&(*timer)->ref_count);
  (*timer)->ms = ms;
  (*timer)->func = func;
  (*timer)->user_data = user_data;
  insert (heap, *timer, g_get_monotonic_time ());
}

/**
 * kith_timer_clear:
 * @timer: (inout) (nullable contents): a timer that is held, or %NULL
 *
 * Stops it and lets go of it: it does not fire any more, even if it is due. From within its own callback as well,
 * whatever that returns then.
 */
void
kith_timer_clear (KithTimer **timer)
{
  KithTimer *self = g_steal_pointer (timer);

  if (self == NULL)
    return;

  self->func = NULL;
  if (self->heap != NULL)
    take_out (self);
  release (self);
}
