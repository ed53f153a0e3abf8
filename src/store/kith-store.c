/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store thread. It takes calls from a queue, in order; batches that wait are committed in one
 * transaction. Should one of them not be possible, it is done again with a savepoint for each, so that
 * it does not take the others with it. When nothing waits it puts new messages into the search index, deletes what
 * was cleared, and empties the log. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "store/kith-generation.h"
#include "store/kith-store-private.h"

#define LAZY_US (100 * G_TIME_SPAN_MILLISECOND)
#define CHORES_AFTER_US (300 * G_TIME_SPAN_MILLISECOND)
#define CHORES_AT_LEAST_US (2 * G_TIME_SPAN_SECOND)
#define CHECKPOINT_AFTER_US (5 * G_TIME_SPAN_SECOND)

struct _KithStoreJob
{
  GTask            *task; /* (owned) (nullable): NULL = end the thread */
  KithStoreJobFunc  run;  /* NULL for a commit */
  KithStoreStopFunc stop; /* (nullable) */
  gboolean          is_lazy; /* a commit that waits a little for others */
};

/* What the thread works with. It frees it at its end, so that the store may go before that. */
typedef struct
{
  GAsyncQueue  *queue;    /* (owned): KithStoreJob */
  KithStoreJob *held;     /* (owned) (nullable): taken out of the queue, next in turn */
  KithDatabase *database; /* (owned) (nullable) when closed */
  KithGeneration *generation; /* (owned) (nullable) in memory, or when closed */
  GError       *why;      /* (owned) (nullable): why it could not be opened */
  gboolean      has_chores;
  gint64        chores_us; /* when they were last done */
  gboolean      has_log;  /* something was written since the last checkpoint */
} Worker;

struct _KithStore
{
  GObject      parent_instance;
  GAsyncQueue *queue;  /* (owned) */
  GThread     *thread; /* (owned) */
};

G_DEFINE_FINAL_TYPE (KithStore, kith_store, G_TYPE_OBJECT)

static void
job_free (KithStoreJob *job)
{
  g_clear_object (&job->task);
  g_free (job);
}

/* --- Commits -------------------------------------------------------------------------------- */

typedef struct
{
  KithStoreJob *job;
  GError       *error; /* (owned) (nullable) */
} Commit;

static void
commit_clear (gpointer data)
{
  Commit *commit = data;

  job_free (commit->job);
  g_clear_error (&commit->error);
}

static gboolean
is_commit (KithStoreJob *job)
{
  return job->task != NULL && job->run == NULL;
}

/* (nullable): the next job; while @is_lazy until @end_us, else only what is there already */
static KithStoreJob *
pop_next (Worker *self, gboolean is_lazy, gint64 end_us)
{
  gint64 left_us = is_lazy ? end_us - g_get_monotonic_time () : 0;

  if (left_us > 0)
    return g_async_queue_timeout_pop (self->queue, (guint64) left_us);

  return g_async_queue_try_pop (self->queue);
}

/* (transfer full) (element-type Commit): @first, and the commits that wait directly behind it */
static GArray *
gather_commits (Worker *self, KithStoreJob *first)
{
  GArray *commits = g_array_new (FALSE, TRUE, sizeof (Commit));
  gint64 end_us = g_get_monotonic_time () + LAZY_US;
  Commit commit = { .job = first };
  gboolean is_lazy = first->is_lazy;

  g_array_set_clear_func (commits, commit_clear);
  g_array_append_val (commits, commit);
  while (commits->len < KITH_LIMIT_STORE_BATCHES_PER_COMMIT)
    {
      KithStoreJob *next = pop_next (self, is_lazy, end_us);

      if (next == NULL)
        break;
      if (!is_commit (next))
        {
          self->held = next;
          break;
        }
      commit.job = next;
      is_lazy = is_lazy && next->is_lazy;
      g_array_append_val (commits, commit);
    }

  return commits;
}

/* Errors such as a full disk end the whole transaction. */
static gboolean
is_in_transaction (KithDatabase *database)
{
  return !sqlite3_get_autocommit (kith_database_get_handle (database));
}

static gboolean
is_cancelled (Commit *commit)
{
  return g_cancellable_set_error_if_cancelled (g_task_get_cancellable (commit->job->task),
                                               &commit->error);
}

/* Nearly always all are possible, and a savepoint for each would cost as much as what it guards.
 * Returns: %FALSE when one of them is not; nothing was changed then */
static gboolean
apply_together (KithDatabase *database, GArray *commits)
{
  for (guint i = 0; i < commits->len; i++)
    {
      Commit *commit = &g_array_index (commits, Commit, i);

      if (is_cancelled (commit)
          || kith_store_apply (database, g_task_get_task_data (commit->job->task), NULL))
        continue;

      for (guint j = 0; j < i; j++)
        g_clear_error (&g_array_index (commits, Commit, j).error);
      if (is_in_transaction (database))
        kith_database_exec (database, "ROLLBACK", NULL);
      return FALSE;
    }

  return TRUE;
}

static void
apply_one (KithDatabase *database, Commit *commit)
{
  if (is_cancelled (commit))
    return;

  if (kith_database_exec (database, "SAVEPOINT batch", &commit->error)
      && kith_store_apply (database, g_task_get_task_data (commit->job->task), &commit->error)
      && kith_database_exec (database, "RELEASE batch", &commit->error))
    return;

  if (is_in_transaction (database))
    kith_database_exec (database, "ROLLBACK TO batch; RELEASE batch", NULL);
}

static gboolean
apply_each (KithDatabase *database, GArray *commits, GError **error)
{
  if (!kith_database_exec (database, "BEGIN IMMEDIATE", error))
    return FALSE;

  for (guint i = 0; i < commits->len; i++)
    {
      Commit *commit = &g_array_index (commits, Commit, i);

      apply_one (database, commit);
      if (is_in_transaction (database))
        continue;

      g_propagate_error (error, g_error_copy (commit->error));
      return FALSE;
    }

  return TRUE;
}

static gboolean
apply_all (KithDatabase *database, GArray *commits, GError **error)
{
  if (!kith_database_exec (database, "BEGIN IMMEDIATE", error))
    return FALSE;
  if (!apply_together (database, commits))
    {
      /* Of a damaged index each would fail that deletes or edits. */
      kith_store_mend_index (database);
      if (!apply_each (database, commits, error))
        return FALSE;
    }

  if (kith_database_exec (database, "COMMIT", error))
    return TRUE;

  if (is_in_transaction (database))
    kith_database_exec (database, "ROLLBACK", NULL);
  return FALSE;
}

static void
set_closed_error (Worker *self, GError **error)
{
  if (self->why != NULL)
    g_propagate_error (error, g_error_copy (self->why));
  else
    g_set_error_literal (error, KITH_ERROR, KITH_ERROR_CLOSED, "The store is closed");
}

/* What became of one, on its way to whoever asked. */
typedef struct
{
  GTask  *task;  /* (owned) */
  GError *error; /* (owned) (nullable) */
} Answer;

static void
answer_free (gpointer data)
{
  Answer *self = data;

  g_object_unref (self->task);
  g_clear_error (&self->error);
  g_free (self);
}

/* What is answered may turn the loop itself, and wait for the next of them. */
static gboolean
answer_cb (gpointer user_data)
{
  GQueue *answers = user_data;
  Answer *answer;

  while ((answer = g_queue_pop_head (answers)) != NULL)
    {
      if (answer->error != NULL)
        g_task_return_error (answer->task, g_steal_pointer (&answer->error));
      else
        g_task_return_boolean (answer->task, TRUE);
      answer_free (answer);
    }

  return G_SOURCE_REMOVE;
}

static void
answers_free (gpointer data)
{
  g_queue_free_full (data, answer_free);
}

/* (transfer full): together, as they were committed: to wake a thread for each costs more than to write it. */
static void
send_answers (GQueue *answers, GMainContext *context)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_can_recurse (source, TRUE);
  g_source_set_static_name (source, "kith-store-commits");
  g_source_set_callback (source, answer_cb, answers, answers_free);
  g_source_attach (source, context);
}

/* @all: (nullable): why none was possible */
static void
answer_commits (GArray *commits, const GError *all)
{
  GMainContext *context = NULL;
  GQueue *answers = NULL;

  for (guint i = 0; i < commits->len; i++)
    {
      Commit *commit = &g_array_index (commits, Commit, i);
      Answer *answer = g_new0 (Answer, 1);

      answer->error = all != NULL ? g_error_copy (all) : g_steal_pointer (&commit->error);
      answer->task = g_steal_pointer (&commit->job->task);
      if (answers != NULL && g_task_get_context (answer->task) != context)
        send_answers (g_steal_pointer (&answers), context);
      if (answers == NULL)
        answers = g_queue_new ();
      context = g_task_get_context (answer->task);
      g_queue_push_tail (answers, answer);
    }

  if (answers != NULL)
    send_answers (answers, context);
}

static void
run_commits (Worker *self, KithStoreJob *first)
{
  g_autoptr (GArray) commits = gather_commits (self, first);
  g_autoptr (GError) all = NULL;

  if (self->database == NULL)
    set_closed_error (self, &all);
  else
    apply_all (self->database, commits, &all);

  answer_commits (commits, all);
  if (all != NULL)
    return;

  self->has_log = TRUE;
  self->has_chores = TRUE;
}

/* --- The thread ----------------------------------------------------------------------------- */

static gboolean close_job (KithDatabase *database, GTask *task);

/* The database is closed here, because nothing may use it afterwards. */
static void
close_database (Worker *self, GTask *task)
{
  GError *error = NULL;
  gboolean is_done = TRUE;

  if (self->generation != NULL)
    kith_generation_raise (self->generation, self->database);
  g_clear_pointer (&self->generation, kith_generation_free);
  if (self->database != NULL)
    is_done = kith_database_close (g_steal_pointer (&self->database), &error);
  self->has_chores = FALSE;
  self->has_log = FALSE;
  if (task == NULL)
    g_clear_error (&error);
  else if (is_done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
set_closed_or_cancelled_error (Worker *self, GTask *task, GError **error)
{
  if (self->database == NULL)
    set_closed_error (self, error);
  else
    g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), error);
}

/* What it changed stands in the log, as what commits change does.
 * Returns: whether it goes on later */
static gboolean
run_once (Worker *self, KithStoreJob *job)
{
  sqlite3 *handle = kith_database_get_handle (self->database);
  int before = sqlite3_total_changes (handle);
  gboolean goes_on = job->run (self->database, job->task);
  gboolean has_changed = sqlite3_total_changes (handle) != before;

  self->has_log = self->has_log || has_changed;
  self->has_chores = self->has_chores || has_changed;
  return goes_on;
}

static void
run_job (Worker *self, KithStoreJob *job)
{
  GError *error = NULL;

  if (job->run == close_job)
    {
      close_database (self, job->task);
      job_free (job);
      return;
    }

  set_closed_or_cancelled_error (self, job->task, &error);
  if (error == NULL && run_once (self, job))
    {
      g_async_queue_push (self->queue, job);
      return;
    }

  if (error != NULL && job->stop != NULL)
    job->stop (job->task, error);
  else if (error != NULL)
    g_task_return_error (job->task, error);
  job_free (job);
}

static KithStoreJob *
next_job (Worker *self)
{
  if (self->held != NULL)
    return g_steal_pointer (&self->held);
  if (self->has_chores)
    return g_async_queue_timeout_pop (self->queue, CHORES_AFTER_US);
  if (self->has_log)
    return g_async_queue_timeout_pop (self->queue, CHECKPOINT_AFTER_US);

  return g_async_queue_pop (self->queue);
}

static void
report_chore (const GError *error)
{
  if (error != NULL)
    g_info ("Housekeeping has to wait: %s", error->message);
}

/* A little at a time: a call may come in between. */
static void
do_chores (Worker *self)
{
  g_autoptr (GError) error = NULL;
  gboolean is_swept = FALSE;

  self->chores_us = g_get_monotonic_time ();
  if (self->generation != NULL)
    kith_generation_raise_now_and_then (self->generation, self->database);

  if (self->has_chores)
    {
      gboolean has_more = kith_store_index_some (self->database, KITH_LIMIT_SEARCH_RECENT, &error);

      if (error == NULL)
        is_swept = !kith_store_sweep (self->database, &error) && error == NULL;
      if (error != NULL && kith_store_mend_index (self->database))
        {
          g_clear_error (&error);
          has_more = TRUE;
        }
      self->has_log = TRUE;
      self->has_chores = (has_more || !is_swept) && error == NULL;
      if (is_swept && kith_database_must_empty_log (self->database))
        kith_database_checkpoint (self->database, &error);
    }
  else
    {
      self->has_log = FALSE;
      kith_database_checkpoint (self->database, &error);
    }

  report_chore (error);
}

static gpointer
thread_main (gpointer data)
{
  Worker *self = data;
  gboolean is_over = FALSE;

  while (!is_over)
    {
      KithStoreJob *job = next_job (self);

      if (job == NULL)
        do_chores (self);
      else if (job->task == NULL)
        {
          is_over = TRUE;
          job_free (job);
        }
      else if (is_commit (job))
        run_commits (self, job);
      else
        run_job (self, job);

      /* Traffic that never pauses must not put them off for ever. */
      if (self->has_chores && g_get_monotonic_time () - self->chores_us > CHORES_AT_LEAST_US)
        do_chores (self);
    }

  close_database (self, NULL);
  g_clear_error (&self->why);
  g_async_queue_unref (self->queue);
  g_free (self);
  return NULL;
}

/* --- Object --------------------------------------------------------------------------------- */

static void
push_job (KithStore *self, const KithStoreJob *job)
{
  g_async_queue_push (self->queue, g_memdup2 (job, sizeof *job));
}

void
kith_store_push (KithStore *self, GTask *task, KithStoreJobFunc run)
{
  push_job (self, &(KithStoreJob){ .task = task, .run = run });
}

void
kith_store_push_long (KithStore *self, GTask *task, KithStoreJobFunc run, KithStoreStopFunc stop)
{
  push_job (self, &(KithStoreJob){ .task = task, .run = run, .stop = stop });
}

/* The last reference may go with a task that the thread itself lets go of. */
static void
kith_store_finalize (GObject *object)
{
  KithStore *self = KITH_STORE (object);

  push_job (self, &(KithStoreJob){ .task = NULL });
  if (self->thread == g_thread_self ())
    g_thread_unref (self->thread);
  else
    g_thread_join (self->thread);
  g_async_queue_unref (self->queue);

  G_OBJECT_CLASS (kith_store_parent_class)->finalize (object);
}

static void
kith_store_class_init (KithStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_store_finalize;
}

static void
kith_store_init (KithStore *self)
{
  self->queue = g_async_queue_new ();
}

/* @database: (transfer full) (nullable); @generation: (transfer full) (nullable): of one on the disk; @why: (transfer
 * full) (nullable): without one */
static KithStore *
start (KithDatabase *database, KithGeneration *generation, GError *why)
{
  KithStore *self = g_object_new (KITH_TYPE_STORE, NULL);
  Worker *worker = g_new0 (Worker, 1);

  worker->queue = g_async_queue_ref (self->queue);
  worker->database = database;
  worker->generation = generation;
  worker->why = why;
  /* What an earlier run left. */
  worker->has_chores = database != NULL && !kith_database_is_to_rescue (database);
  self->thread = g_thread_new ("kith-store", thread_main, worker);
  return self;
}

/**
 * kith_store_new_in_memory:
 *
 * Returns: (transfer full): an empty store; when it cannot be made every call of it fails and says why
 */
KithStore *
kith_store_new_in_memory (void)
{
  GError *why = NULL;
  KithDatabase *database = kith_database_open (NULL, NULL, &why);

  return start (database, NULL, why);
}

/**
 * kith_store_new_closed:
 *
 * Returns: (transfer full): a store that is closed already, in the place of one that must not be used any more
 */
KithStore *
kith_store_new_closed (void)
{
  return start (NULL, NULL, NULL);
}

/**
 * kith_store_open:
 * @path: the database
 * @key: 32 bytes
 * @error: return location for a #GError: those of kith_database_open()
 *
 * Returns: (transfer full) (nullable): the store
 */
KithStore *
kith_store_open (const char *path, KithSecret *key, GError **error)
{
  return kith_store_open_told (path, key, NULL, NULL, error);
}

KithStore *
kith_store_open_told (const char *path, KithSecret *key, KithStorePreparing preparing, gpointer user_data,
                      GError **error)
{
  KithDatabase *database = kith_database_open_told (path, key, preparing, user_data, error);
  KithGeneration *generation;

  if (database == NULL)
    return NULL;

  generation = kith_generation_new (path, key);
  kith_generation_raise (generation, database);
  return start (database, generation, NULL);
}

/**
 * kith_store_open_to_rescue:
 * @path: the database
 * @key: 32 bytes
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): a store of what can be read, to which nothing is written
 */
KithStore *
kith_store_open_to_rescue (const char *path, KithSecret *key, GError **error)
{
  KithDatabase *database = kith_database_open_to_rescue (path, key, error);

  return database != NULL ? start (database, NULL, NULL) : NULL;
}

/* --- Calls ---------------------------------------------------------------------------------- */

static gboolean
close_job (KithDatabase *database, GTask *task)
{
  return FALSE;
}

void
kith_store_close_async (KithStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, kith_store_close_async);
  push_job (self, &(KithStoreJob){ .task = task, .run = close_job });
}

gboolean
kith_store_close_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
push_commit (KithStore *self, KithStoreBatch *batch, gboolean is_lazy, GTask *task)
{
  g_task_set_source_tag (task, kith_store_commit_async);
  /* Once committed it is committed, and the caller must know. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, batch, (GDestroyNotify) kith_store_batch_unref);
  push_job (self, &(KithStoreJob){ .task = task, .is_lazy = is_lazy });
}

void
kith_store_commit_async (KithStore *self, KithStoreBatch *batch, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  push_commit (self, batch, FALSE, g_task_new (self, cancellable, callback, user_data));
}

void
kith_store_commit_lazily_async (KithStore *self, KithStoreBatch *batch,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  push_commit (self, batch, TRUE, g_task_new (self, NULL, callback, user_data));
}

gboolean
kith_store_commit_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
