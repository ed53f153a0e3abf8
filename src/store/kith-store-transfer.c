/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are offered by messages. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-store-transfer.h"

#include <string.h>

#include "base/kith-error.h"
#include "store/kith-store-query.h"

/* Of a content, in a row each. */
#define PART_BYTES KITH_STORE_CONTENT_BYTES

#define IDENTITY(identity) (identity), (gsize) KITH_STORE_IDENTITY_BYTES
#define ID(id) (id), (gsize) KITH_STORE_MESSAGE_ID_BYTES
#define NUMBER \
  "(SELECT number FROM message WHERE id = ?1 AND outgoing = ?2 AND conversation =" \
  " (SELECT id FROM conversation WHERE identity = ?3))"

/* --- Rows ----------------------------------------------------------------------------------- */

/**
 * kith_store_transfer_copy:
 * @self: (nullable): a row
 *
 * Returns: (transfer full) (nullable): a copy
 */
KithStoreTransfer *
kith_store_transfer_copy (const KithStoreTransfer *self)
{
  KithStoreTransfer *copy = self != NULL ? g_memdup2 (self, sizeof *self) : NULL;

  if (copy == NULL)
    return NULL;

  copy->name = g_strdup (self->name);
  copy->media_type = g_strdup (self->media_type);
  copy->path = g_strdup (self->path);
  copy->target = g_strdup (self->target);
  copy->error = g_strdup (self->error);
  copy->content = self->content != NULL ? g_bytes_ref (self->content) : NULL;
  return copy;
}

/**
 * kith_store_transfer_free:
 * @self: (transfer full) (nullable): a row
 */
void
kith_store_transfer_free (KithStoreTransfer *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->media_type);
  g_free (self->path);
  g_free (self->target);
  g_free (self->error);
  g_clear_pointer (&self->content, g_bytes_unref);
  g_free (self);
}

/* Paths are bytes: they may hold anything but a NUL. */
static char *
column_path (sqlite3_stmt *statement, int column)
{
  const char *data = sqlite3_column_blob (statement, column);

  return data != NULL ? g_strndup (data, (gsize) sqlite3_column_bytes (statement, column)) : NULL;
}

/* (transfer full) (nullable): those of KITH_STORE_MESSAGE_COLUMNS from @at on */
KithStoreTransfer *
kith_store_read_transfer (sqlite3_stmt *statement, int at)
{
  KithStoreTransfer *row;

  if (sqlite3_column_type (statement, at) == SQLITE_NULL)
    return NULL;

  row = g_new0 (KithStoreTransfer, 1);
  kith_column_bytes (statement, at, row->root, sizeof row->root);
  row->size = (guint64) sqlite3_column_int64 (statement, at + 1);
  row->list_bytes = kith_column_uint (statement, at + 2);
  row->name = kith_column_text (statement, at + 3);
  row->media_type = kith_column_text (statement, at + 4);
  row->width = kith_column_uint (statement, at + 5);
  row->height = kith_column_uint (statement, at + 6);
  row->duration_ms = kith_column_uint (statement, at + 7);
  row->n_waveform = (guint) MIN ((gsize) sqlite3_column_bytes (statement, at + 8), sizeof row->waveform);
  if (row->n_waveform > 0)
    memcpy (row->waveform, sqlite3_column_blob (statement, at + 8), row->n_waveform);
  row->n_files = kith_column_uint (statement, at + 9);
  row->state = kith_column_uint (statement, at + 10);
  row->live = kith_column_bool (statement, at + 11);
  row->told = kith_column_bool (statement, at + 12);
  row->kept = kith_column_bool (statement, at + 13);
  row->path = column_path (statement, at + 14);
  row->mtime_us = sqlite3_column_int64 (statement, at + 15);
  row->target = column_path (statement, at + 16);
  row->done_bytes = (guint64) sqlite3_column_int64 (statement, at + 17);
  row->error = kith_column_text (statement, at + 18);
  return row;
}

/* --- Writing -------------------------------------------------------------------------------- */

static gsize
path_len (const char *path)
{
  return path != NULL ? strlen (path) : 0;
}

static gboolean
add_content (KithDatabase *database, const KithStoreMessage *message, GError **error)
{
  gsize len;
  const guint8 *data = g_bytes_get_data (message->file->content, &len);

  for (gsize i = 0; i == 0 || i * PART_BYTES < len; i++)
    if (!kith_database_run (database, error,
                            "INSERT INTO transfer_content (message, part, data)"
                            " VALUES (" NUMBER ", ?4, coalesce (?5, zeroblob (0)))",
                            "bibib", ID (message->id), kith_statement_bool (message->outgoing),
                            IDENTITY (message->identity), (gint64) i, data + i * PART_BYTES,
                            MIN (len - i * PART_BYTES, PART_BYTES)))
      return FALSE;

  return TRUE;
}

/* Of a message that was just added. */
gboolean
kith_store_add_transfer (KithDatabase *database, const KithStoreMessage *message, GError **error)
{
  const KithStoreTransfer *row = message->file;

  if (!kith_database_run (
    database, error,
    "INSERT INTO transfer (message, root, size, list_bytes, name, media_type, width, height,"
    " duration_ms, waveform, n_files, state, live, told, kept, path, mtime_us, target, done_bytes, error)"
    " VALUES (" NUMBER ", ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, coalesce (?12, zeroblob (0)), ?13, ?14, ?15,"
    " ?16, ?17, ?18, ?19, ?20, ?21, ?22)",
    "bibbiittiiibiiiiibibit", ID (message->id), kith_statement_bool (message->outgoing),
    IDENTITY (message->identity), row->root, sizeof row->root, (gint64) row->size,
    (gint64) row->list_bytes, row->name, row->media_type, (gint64) row->width, (gint64) row->height,
    (gint64) row->duration_ms, row->waveform, (gsize) row->n_waveform, (gint64) row->n_files,
    (gint64) row->state, kith_statement_bool (row->live), kith_statement_bool (row->told),
    kith_statement_bool (row->kept), row->path,
    path_len (row->path), row->mtime_us, row->target, path_len (row->target), (gint64) row->done_bytes,
    row->error))
    return FALSE;

  return row->content == NULL || add_content (database, message, error);
}

gboolean
kith_store_put_transfer (KithDatabase *database, const KithStoreMessage *message, GError **error)
{
  const KithStoreTransfer *row = message->file;

  return kith_database_run (
    database, error,
    "UPDATE transfer SET n_files = ?4, state = ?5, live = ?6, told = ?7, path = ?8, mtime_us = ?9,"
    " target = ?10, done_bytes = ?11, error = ?12 WHERE message = " NUMBER,
    "bibiiiibibit", ID (message->id), kith_statement_bool (message->outgoing),
    IDENTITY (message->identity), (gint64) row->n_files, (gint64) row->state,
    kith_statement_bool (row->live), kith_statement_bool (row->told), row->path,
    path_len (row->path), row->mtime_us, row->target, path_len (row->target), (gint64) row->done_bytes,
    row->error);
}

/* --- Reading -------------------------------------------------------------------------------- */

static gboolean
content_job (KithDatabase *database, GTask *task)
{
  const KithStoreMark *key = g_task_get_task_data (task);
  g_autoptr (GByteArray) content = g_byte_array_new ();
  GError *error = NULL;
  gboolean is_there = FALSE;
  sqlite3_stmt *statement =
    kith_database_prepare (database,
                           "SELECT data FROM transfer_content WHERE message = " NUMBER " ORDER BY part",
                           &error);

  if (statement != NULL)
    kith_statement_bind (statement, "bib", ID (key->id), (gint64) 1, IDENTITY (key->identity));
  while (statement != NULL && kith_database_step (database, statement, &error))
    {
      is_there = TRUE;
      g_byte_array_append (content, sqlite3_column_blob (statement, 0),
                           (guint) sqlite3_column_bytes (statement, 0));
    }

  if (error == NULL && !is_there)
    error = g_error_new_literal (KITH_ERROR, KITH_ERROR_NOT_FOUND, "The content is not kept");
  kith_store_answer (task, g_byte_array_free_to_bytes (g_steal_pointer (&content)),
                     (GDestroyNotify) g_bytes_unref, error);
  return FALSE;
}

void
kith_store_load_content_async (KithStore *self, const KithStoreMessage *message,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  KithStoreMark key = { .draft = NULL };

  memcpy (key.identity, message->identity, sizeof key.identity);
  memcpy (key.id, message->id, sizeof key.id);
  kith_store_ask (self, kith_store_load_content_async, &key, sizeof key, content_job, cancellable,
                  callback, user_data);
}

GBytes *
kith_store_load_content_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
