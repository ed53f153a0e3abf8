/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-partials.h"

#include "base/kith-source.h"
#include "node/kith-file-sink.h"

typedef struct
{
  KithPartials *partials; /* (owned) */
  GSource      *timer;    /* (owned) (nullable) */
  void        (*done) (gpointer user_data);
  gpointer      user_data;
} Waiting;

struct _KithPartials
{
  grefcount  ref_count;
  guint      n_left;  /* that are being deleted, or will be */
  GPtrArray *held;    /* (owned) (nullable): (element-type filename), not to be deleted yet */
  GList     *waiting; /* (owned) (element-type Waiting), each (owned); they hold a reference */
};

/**
 * kith_partials_new: (skip)
 *
 * Returns: (transfer full): without any
 */
KithPartials *
kith_partials_new (void)
{
  KithPartials *self = g_new0 (KithPartials, 1);

  g_ref_count_init (&self->ref_count);
  return self;
}

/**
 * kith_partials_ref: (skip)
 * @self: some
 *
 * Returns: (transfer full): @self
 */
KithPartials *
kith_partials_ref (KithPartials *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * kith_partials_unref: (skip)
 * @self: (transfer full): some
 */
void
kith_partials_unref (KithPartials *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->held, g_ptr_array_unref);
  g_free (self);
}

/* @waiting: (transfer full): one that waits */
static void
tell (Waiting *waiting)
{
  waiting->partials->waiting = g_list_remove (waiting->partials->waiting, waiting);
  kith_source_clear (&waiting->timer);
  waiting->done (waiting->user_data);
  kith_partials_unref (waiting->partials);
  g_free (waiting);
}

static void
tell_if_done (KithPartials *self)
{
  G_GNUC_UNUSED g_autoptr (KithPartials) keep = kith_partials_ref (self);

  while (self->n_left == 0 && self->waiting != NULL)
    tell (self->waiting->data);
}

/* --- Deleting ------------------------------------------------------------------------------- */

static void
removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithPartials) self = user_data;

  kith_partials_end (self);
}

static void
remove_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  kith_file_sink_remove (data);
  g_task_return_boolean (task, TRUE);
}

/**
 * kith_partials_remove: (skip)
 * @self: some
 * @path: (transfer full) (type filename): one that nobody wants any more, and that no worker thread has
 *
 * Deletes it, or notes that it has to be.
 */
void
kith_partials_remove (KithPartials *self, char *path)
{
  g_autoptr (GTask) task = NULL;

  if (self->held != NULL)
    {
      g_ptr_array_add (self->held, path);
      return;
    }

  kith_partials_begin (self);
  task = g_task_new (NULL, NULL, removed_cb, kith_partials_ref (self));
  g_task_set_task_data (task, path, g_free);
  g_task_run_in_thread (task, remove_thread);
}

/**
 * kith_partials_hold: (skip)
 * @self: some
 *
 * Something else has to go first: from now on they are only noted.
 */
void
kith_partials_hold (KithPartials *self)
{
  if (self->held == NULL)
    self->held = g_ptr_array_new_with_free_func (g_free);
}

/**
 * kith_partials_is_held: (skip)
 * @self: some
 *
 * Returns: whether they are only noted
 */
gboolean
kith_partials_is_held (KithPartials *self)
{
  return self->held != NULL;
}

/**
 * kith_partials_take: (skip)
 * @self: some, which are held
 *
 * Returns: (transfer full) (element-type filename): those that were noted
 */
GPtrArray *
kith_partials_take (KithPartials *self)
{
  GPtrArray *held = g_steal_pointer (&self->held);

  kith_partials_hold (self);
  return held;
}

/* --- Waiting -------------------------------------------------------------------------------- */

void
kith_partials_begin (KithPartials *self)
{
  self->n_left++;
}

void
kith_partials_end (KithPartials *self)
{
  self->n_left--;
  tell_if_done (self);
}

/* What is begun goes on behind that, and whatever it needs is its own. */
static gboolean
waited_too_long_cb (gpointer user_data)
{
  Waiting *waiting = user_data;

  g_info ("What is left of files takes too long to delete: %u", waiting->partials->n_left);
  tell (waiting);
  return G_SOURCE_REMOVE;
}

/**
 * kith_partials_await: (skip)
 * @self: some
 * @timeout_ms: how long it may take at most, 0 for as long as it takes
 * @done: called once: when none is left that was given up, or not noted at least, also at once; or after @timeout_ms
 * @user_data: given to @done
 *
 * A disk that hangs may never answer. Main thread.
 */
void
kith_partials_await (KithPartials *self, guint timeout_ms, void (*done) (gpointer user_data), gpointer user_data)
{
  Waiting *waiting = g_new0 (Waiting, 1);

  waiting->partials = kith_partials_ref (self);
  waiting->done = done;
  waiting->user_data = user_data;
  self->waiting = g_list_append (self->waiting, waiting);
  if (timeout_ms > 0)
    kith_source_start (&waiting->timer, timeout_ms, waited_too_long_cb, waiting);
  tell_if_done (self);
}
