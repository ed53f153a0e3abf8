/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-query.h"

/**
 * kith_store_ask:
 * @self: a store
 * @tag: the function that was called, to tell its task from others
 * @query: (nullable): what the job has to know, which is copied as it is
 * @query_len: how many bytes that is
 * @run: the job; the copy is its task's data
 * @cancellable: (nullable): to give up
 * @callback: called on the main loop
 * @user_data: for @callback
 *
 * Has the store thread answer a question.
 */
void
kith_store_ask (KithStore *self, gpointer tag, gconstpointer query, gsize query_len,
                KithStoreJobFunc run, GCancellable *cancellable, GAsyncReadyCallback callback,
                gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, g_memdup2 (query, query_len), g_free);
  kith_store_push (self, task, run);
}

/**
 * kith_store_read_rows:
 * @database: the database
 * @statement: (nullable): a statement that is bound; %NULL when it could not be prepared
 * @read: makes a row
 * @rows: what they are appended to
 * @error: return location for a #GError: those of kith_database_step()
 *
 * Returns: %FALSE on an error; without a statement that is said already
 */
gboolean
kith_store_read_rows (KithDatabase *database, sqlite3_stmt *statement, KithStoreReadFunc read,
                      GPtrArray *rows, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (statement == NULL)
    return FALSE;

  while (kith_database_step (database, statement, &local))
    g_ptr_array_add (rows, read (statement));

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * kith_store_answer:
 * @task: who asked
 * @answer: (transfer full) (nullable): what they get, if there is no error
 * @answer_free: frees @answer
 * @error: (transfer full) (nullable): why they get none
 *
 * Answers a task, once.
 */
void
kith_store_answer (GTask *task, gpointer answer, GDestroyNotify answer_free, GError *error)
{
  if (error == NULL)
    {
      g_task_return_pointer (task, answer, answer_free);
      return;
    }

  if (answer != NULL)
    answer_free (answer);
  g_task_return_error (task, error);
}

/**
 * kith_store_answer_rows:
 * @database: the database
 * @task: who asked
 * @statement: (nullable): a statement that is bound
 * @read: makes a row
 * @row_free: frees a row
 * @error: (transfer full) (nullable): why there is no statement
 *
 * Answers a task with a #GPtrArray of all rows.
 */
void
kith_store_answer_rows (KithDatabase *database, GTask *task, sqlite3_stmt *statement,
                        KithStoreReadFunc read, GDestroyNotify row_free, GError *error)
{
  GPtrArray *rows = g_ptr_array_new_with_free_func (row_free);

  kith_store_read_rows (database, statement, read, rows, &error);
  kith_store_answer (task, rows, (GDestroyNotify) g_ptr_array_unref, error);
}
