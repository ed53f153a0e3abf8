/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which files have come, for those who want to make room. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-received.h"

#include "base/kith-limits.h"
#include "store/kith-backup.h"
#include "store/kith-store-private.h"
#include "store/kith-store-query.h"

/* No place comes from a backup: what is there was put by this computer, or found by its hash after a restore. */
#define LAST_OF_BACKUP \
  "coalesce ((SELECT CAST (value AS INTEGER) FROM setting WHERE key = '" KITH_BACKUP_LAST "'), 0)"
#define PLACES                                                                            \
  "SELECT t.path, t.size, m.time_ms, t.state, t.list_bytes FROM transfer t"               \
  " JOIN message m ON m.number = t.message WHERE m.outgoing = 0 AND t.path IS NOT NULL"

/**
 * kith_store_received_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_received_free (KithStoreReceived *self)
{
  if (self == NULL)
    return;

  g_free (self->path);
  g_free (self);
}

static gpointer
read_row (sqlite3_stmt *statement)
{
  KithStoreReceived *row = g_new0 (KithStoreReceived, 1);
  const char *path = sqlite3_column_blob (statement, 0);

  /* Paths are bytes: they may hold anything but a NUL. */
  row->path = g_strndup (path != NULL ? path : "", (gsize) sqlite3_column_bytes (statement, 0));
  row->size = kith_column_uint64 (statement, 1);
  row->time_ms = sqlite3_column_int64 (statement, 2);
  row->state = kith_column_uint (statement, 3);
  row->is_folder = sqlite3_column_int64 (statement, 4) > 0;

  return row;
}

static gboolean
received_job (KithDatabase *database, GTask *task)
{
  const guint *state = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
      database,
      PLACES " AND m.deleted = 0 AND t.list_bytes = 0 AND t.state = ?1 ORDER BY m.time_ms LIMIT ?2",
      &error);

  if (statement != NULL)
    kith_statement_bind (statement, "ii", (gint64) *state, (gint64) KITH_LIMIT_RECEIVED_FILES_LISTED);
  kith_store_answer_rows (database, task, statement, read_row,
                          (GDestroyNotify) kith_store_received_free, error);

  return FALSE;
}

/**
 * kith_store_load_received_async:
 * @self: a store
 * @state: the state of a transfer that is done
 * @cancellable: (nullable): to give up
 * @callback: called on the main loop
 * @user_data: for @callback
 *
 * Looks for the files that have come.
 */
void
kith_store_load_received_async (KithStore *self, guint state, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  kith_store_ask (self, kith_store_load_received_async, &state, sizeof state, received_job,
                  cancellable, callback, user_data);
}

GPtrArray *
kith_store_load_received_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
places_job (KithDatabase *database, GTask *task)
{
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (database, PLACES, &error);

  kith_store_answer_rows (database, task, statement, read_row,
                          (GDestroyNotify) kith_store_received_free, error);

  return FALSE;
}

/**
 * kith_store_load_places_async:
 * @self: a store
 * @callback: called on the main loop
 * @user_data: for @callback
 *
 * Looks for all that was put somewhere for others, in whatever state it is.
 */
void
kith_store_load_places_async (KithStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  kith_store_ask (self, kith_store_load_places_async, NULL, 0, places_job, NULL, callback, user_data);
}

GPtrArray *
kith_store_load_places_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
lost_job (KithDatabase *database, GTask *task)
{
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
      database,
      "SELECT " KITH_STORE_MESSAGE_COLUMNS " FROM transfer t CROSS JOIN message m ON m.number = t.message"
      " JOIN conversation c ON c.id = m.conversation"
      " WHERE t.path IS NULL AND t.state = " G_STRINGIFY (KITH_STORE_TRANSFER_DONE) " AND m.outgoing = 0"
      " AND m.deleted = 0 AND c.identity IS NOT NULL AND t.message <= " LAST_OF_BACKUP
      " ORDER BY t.message DESC LIMIT ?1",
      &error);

  if (statement != NULL)
    kith_statement_bind (statement, "i", (gint64) KITH_LIMIT_RECEIVED_FILES_LISTED);
  kith_store_answer_rows (database, task, statement, kith_store_read_message,
                          (GDestroyNotify) kith_store_message_free, error);

  return FALSE;
}

/**
 * kith_store_load_lost_async:
 * @self: a store
 * @cancellable: (nullable): to give up
 * @callback: called on the main loop
 * @user_data: for @callback
 *
 * Looks for the files of which a backup cannot say where they are.
 */
void
kith_store_load_lost_async (KithStore *self, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  kith_store_ask (self, kith_store_load_lost_async, NULL, 0, lost_job, cancellable, callback, user_data);
}

GPtrArray *
kith_store_load_lost_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
