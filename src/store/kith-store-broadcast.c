/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-broadcast.h"

#include "base/kith-error.h"
#include "base/kith-secret.h"
#include "store/kith-store-query.h"

#define ID_BYTES ((gsize) KITH_STORE_MESSAGE_ID_BYTES)
#define WITH_MESSAGES                                                                              \
  " JOIN broadcast_recipient r ON r.broadcast = b.id"                                              \
  " LEFT JOIN conversation c ON c.identity = r.identity"                                           \
  " LEFT JOIN message m ON m.id = r.message AND m.conversation = c.id AND m.outgoing = 1"

/**
 * kith_store_broadcast_new:
 *
 * Returns: (transfer full): an empty row
 */
KithStoreBroadcast *
kith_store_broadcast_new (void)
{
  KithStoreBroadcast *self = g_new0 (KithStoreBroadcast, 1);

  self->recipients = g_array_new (FALSE, TRUE, sizeof (KithStoreRecipient));
  return self;
}

/**
 * kith_store_broadcast_copy:
 * @self: a row
 *
 * Returns: (transfer full): a copy
 */
KithStoreBroadcast *
kith_store_broadcast_copy (const KithStoreBroadcast *self)
{
  KithStoreBroadcast *copy = g_memdup2 (self, sizeof *self);

  copy->text = g_strdup (self->text);
  copy->recipients = g_array_copy (self->recipients);
  return copy;
}

/**
 * kith_store_broadcast_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_broadcast_free (KithStoreBroadcast *self)
{
  if (self == NULL)
    return;

  kith_secret_free_text (self->text);
  g_array_unref (self->recipients);
  g_free (self);
}

/* --- Writing -------------------------------------------------------------------------------- */

gboolean
kith_store_put_broadcast (KithDatabase *database, const KithStoreBroadcast *row, GError **error)
{
  if (!kith_database_run (database, error,
                          "INSERT INTO broadcast (id, time_ms, text) VALUES (?1, ?2, ?3)", "bit",
                          row->id, ID_BYTES, row->time_ms, row->text))
    return FALSE;

  for (guint i = 0; i < row->recipients->len; i++)
    {
      const KithStoreRecipient *recipient = &g_array_index (row->recipients, KithStoreRecipient, i);

      if (!kith_database_run (database, error,
                              "INSERT INTO broadcast_recipient (broadcast, identity, message)"
                              " VALUES (?1, ?2, ?3)",
                              "bbb", row->id, ID_BYTES, recipient->identity,
                              (gsize) KITH_STORE_IDENTITY_BYTES, recipient->message, ID_BYTES))
        return FALSE;
    }

  return TRUE;
}

gboolean
kith_store_delete_broadcast (KithDatabase *database, const guint8 *id, GError **error)
{
  return kith_database_run (database, error, "DELETE FROM broadcast_recipient WHERE broadcast = ?1",
                            "b", id, ID_BYTES)
         && kith_database_run (database, error, "DELETE FROM broadcast WHERE id = ?1", "b", id,
                               ID_BYTES);
}

/* Those to somebody whose conversation was given up, as far as nothing else is left of them: the text would
 * be another copy. */
gboolean
kith_store_forget_broadcasts (KithDatabase *database, const guint8 *identity, GError **error)
{
  return kith_database_run (database, error,
                            "DELETE FROM broadcast WHERE id IN"
                            " (SELECT broadcast FROM broadcast_recipient WHERE identity = ?1)"
                            " AND NOT EXISTS (SELECT 1 FROM broadcast_recipient r"
                            " JOIN message m ON m.id = r.message"
                            " JOIN conversation c ON c.id = m.conversation AND c.identity = r.identity"
                            " WHERE r.broadcast = broadcast.id AND m.outgoing <> 0 AND m.deleted = 0)",
                            "b", identity, (gsize) KITH_STORE_IDENTITY_BYTES)
         && kith_database_run (database, error,
                               "DELETE FROM broadcast_recipient"
                               " WHERE broadcast NOT IN (SELECT id FROM broadcast)",
                               "");
}

/* --- Reading -------------------------------------------------------------------------------- */

static KithStoreBroadcast *
read_broadcast (sqlite3_stmt *statement)
{
  KithStoreBroadcast *row = kith_store_broadcast_new ();

  kith_column_bytes (statement, 0, row->id, sizeof row->id);
  row->time_ms = sqlite3_column_int64 (statement, 1);
  row->text = kith_column_text (statement, 2);
  return row;
}

static gpointer
read_counted (sqlite3_stmt *statement)
{
  KithStoreBroadcast *row = read_broadcast (statement);

  row->n_recipients = kith_column_uint (statement, 3);
  row->n_delivered = kith_column_uint (statement, 4);
  row->n_read = kith_column_uint (statement, 5);
  return row;
}

static gboolean
load_list_job (KithDatabase *database, GTask *task)
{
  const gint64 *limit = g_task_get_task_data (task);
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT b.id, b.time_ms, b.text, count (*), sum (coalesce (m.delivered_ms, 0) <> 0),"
    " sum (coalesce (m.read_ms, 0) <> 0)"
    " FROM (SELECT * FROM broadcast ORDER BY time_ms DESC LIMIT ?1) b" WITH_MESSAGES
    " GROUP BY b.id ORDER BY b.time_ms DESC, b.id",
    &error);

  if (statement != NULL)
    kith_statement_bind (statement, "i", *limit);
  kith_store_answer_rows (database, task, statement, read_counted,
                          (GDestroyNotify) kith_store_broadcast_free, error);
  return FALSE;
}

void
kith_store_load_broadcasts_async (KithStore *self, guint limit, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data)
{
  const gint64 rows = limit;

  kith_store_ask (self, kith_store_load_broadcasts_async, &rows, sizeof rows, load_list_job,
                  cancellable, callback, user_data);
}

GPtrArray *
kith_store_load_broadcasts_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
take_recipient (KithStoreBroadcast *row, sqlite3_stmt *statement)
{
  KithStoreRecipient recipient = { .kept = sqlite3_column_type (statement, 5) != SQLITE_NULL };

  kith_column_bytes (statement, 3, recipient.identity, sizeof recipient.identity);
  kith_column_bytes (statement, 4, recipient.message, sizeof recipient.message);
  recipient.state = kith_column_uint (statement, 5);
  recipient.sent_ms = sqlite3_column_int64 (statement, 6);
  recipient.delivered_ms = sqlite3_column_int64 (statement, 7);
  recipient.read_ms = sqlite3_column_int64 (statement, 8);
  g_array_append_val (row->recipients, recipient);
  row->n_recipients++;
  row->n_delivered += recipient.delivered_ms != 0 ? 1 : 0;
  row->n_read += recipient.read_ms != 0 ? 1 : 0;
}

static gboolean
load_one_job (KithDatabase *database, GTask *task)
{
  g_autoptr (KithStoreBroadcast) row = NULL;
  GError *error = NULL;
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT b.id, b.time_ms, b.text, r.identity, r.message, m.state, m.sent_ms, m.delivered_ms,"
    " m.read_ms FROM broadcast b" WITH_MESSAGES " WHERE b.id = ?1",
    &error);

  if (statement != NULL)
    kith_statement_bind (statement, "b", g_task_get_task_data (task), ID_BYTES);
  while (statement != NULL && kith_database_step (database, statement, &error))
    {
      if (row == NULL)
        row = read_broadcast (statement);
      take_recipient (row, statement);
    }

  if (error == NULL && row == NULL)
    error = g_error_new_literal (KITH_ERROR, KITH_ERROR_NOT_FOUND, "There is no such broadcast");
  kith_store_answer (task, g_steal_pointer (&row), (GDestroyNotify) kith_store_broadcast_free,
                     error);
  return FALSE;
}

void
kith_store_load_broadcast_async (KithStore *self, const guint8 id[KITH_STORE_MESSAGE_ID_BYTES],
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kith_store_load_broadcast_async);
  g_task_set_task_data (task, g_memdup2 (id, KITH_STORE_MESSAGE_ID_BYTES), g_free);
  kith_store_push (self, task, load_one_job);
}

KithStoreBroadcast *
kith_store_load_broadcast_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
