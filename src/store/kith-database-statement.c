/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Statements: what is bound to them, and what their rows say. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include <string.h>

#include "store/kith-database-private.h"

/**
 * kith_database_exec:
 * @self: a database
 * @sql: statements
 * @error: return location for a #GError: those of kith_database_set_error()
 *
 * Returns: whether all of them succeeded
 */
gboolean
kith_database_exec (KithDatabase *self, const char *sql, GError **error)
{
  if (sqlite3_exec (self->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  kith_database_set_error (self, error);
  return FALSE;
}

/**
 * kith_database_prepare:
 * @self: a database
 * @sql: a literal: statements are kept by its address
 * @error: return location for a #GError: those of kith_database_set_error()
 *
 * Returns: (transfer none) (nullable): the statement, reset
 */
sqlite3_stmt *
kith_database_prepare (KithDatabase *self, const char *sql, GError **error)
{
  sqlite3_stmt *statement = g_hash_table_lookup (self->statements, sql);

  if (statement != NULL)
    return statement;

  if (sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)
      != SQLITE_OK)
    {
      kith_database_set_error (self, error);
      return NULL;
    }

  g_hash_table_insert (self->statements, (gpointer) sql, statement);
  return statement;
}

static int
bind_bytes (sqlite3_stmt *statement, int column, const guint8 *bytes, gsize len)
{
  if (bytes == NULL)
    return sqlite3_bind_null (statement, column);

  return sqlite3_bind_blob64 (statement, column, bytes, len, SQLITE_STATIC);
}

static void
bind (sqlite3_stmt *statement, const char *types, va_list arguments)
{
  for (int i = 0; types[i] != '\0'; i++)
    switch (types[i])
      {
      case 'i':
        sqlite3_bind_int64 (statement, i + 1, va_arg (arguments, gint64));
        break;
      case 't':
        sqlite3_bind_text (statement, i + 1, va_arg (arguments, const char *), -1, SQLITE_STATIC);
        break;
      case 'b':
        {
          const guint8 *bytes = va_arg (arguments, const guint8 *);

          bind_bytes (statement, i + 1, bytes, va_arg (arguments, gsize));
          break;
        }
      case 'k':
        {
          KithSecret *secret = va_arg (arguments, KithSecret *);

          bind_bytes (statement, i + 1, secret != NULL ? kith_secret_get_data (secret) : NULL,
                      secret != NULL ? kith_secret_get_len (secret) : 0);
          break;
        }
      default:
        g_assert_not_reached ();
      }
}

/**
 * kith_statement_bind: (skip)
 * @statement: a statement, reset
 * @types: the types of the parameters
 * @...: the parameters
 */
void
kith_statement_bind (sqlite3_stmt *statement, const char *types, ...)
{
  va_list arguments;

  va_start (arguments, types);
  bind (statement, types, arguments);
  va_end (arguments);
}

/**
 * kith_database_step:
 * @self: a database
 * @statement: a statement
 * @error: return location for a #GError: those of kith_database_set_error()
 *
 * Returns: %TRUE when there is a row; %FALSE at the end, or with @error set
 */
gboolean
kith_database_step (KithDatabase *self, sqlite3_stmt *statement, GError **error)
{
  int rc = sqlite3_step (statement);

  if (rc == SQLITE_ROW)
    return TRUE;

  if (rc != SQLITE_DONE)
    kith_database_set_error (self, error);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return FALSE;
}

/**
 * kith_statement_bool:
 * @value: whether
 *
 * Returns: 1 or 0 to bind, whatever stands for true in @value
 */
gint64
kith_statement_bool (gboolean value)
{
  return value ? 1 : 0;
}

/**
 * kith_database_run: (skip)
 * @self: a database
 * @error: return location for a #GError: those of kith_database_set_error()
 * @sql: a literal
 * @types: the types of the parameters
 * @...: the parameters
 *
 * Returns: whether it succeeded
 */
gboolean
kith_database_run (KithDatabase *self, GError **error, const char *sql, const char *types, ...)
{
  sqlite3_stmt *statement = kith_database_prepare (self, sql, error);
  g_autoptr (GError) local = NULL;
  va_list arguments;

  if (statement == NULL)
    return FALSE;

  va_start (arguments, types);
  bind (statement, types, arguments);
  va_end (arguments);
  while (kith_database_step (self, statement, &local))
    ;

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * kith_database_get_int:
 * @self: a database
 * @sql: a literal
 * @fallback: a value
 *
 * Returns: the first column of the first row, @fallback when there is none
 */
gint64
kith_database_get_int (KithDatabase *self, const char *sql, gint64 fallback)
{
  sqlite3_stmt *statement = kith_database_prepare (self, sql, NULL);
  gint64 value = fallback;

  if (statement == NULL)
    return fallback;

  if (kith_database_step (self, statement, NULL))
    value = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return value;
}

/**
 * kith_database_read_int:
 * @self: a database
 * @sql: a literal that gives one row
 * @value: (out): the first column of it
 * @error: return location for a #GError: those of kith_database_set_error()
 *
 * As kith_database_get_int(), where it matters whether that was read.
 *
 * Returns: %FALSE on an error
 */
gboolean
kith_database_read_int (KithDatabase *self, const char *sql, gint64 *value, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (self, sql, error);
  g_autoptr (GError) local = NULL;

  *value = 0;
  if (statement == NULL)
    return FALSE;

  if (kith_database_step (self, statement, &local))
    *value = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/**
 * kith_database_had_changes:
 * @self: a database
 *
 * Returns: whether the last INSERT, UPDATE or DELETE touched any row
 */
gboolean
kith_database_had_changes (KithDatabase *self)
{
  return sqlite3_changes (self->handle) > 0;
}

/* --- What stands in a row ------------------------------------------------------------------- */

/**
 * kith_column_bytes:
 * @statement: a statement on a row
 * @column: a column
 * @out: (out): its bytes
 * @len: how many there have to be
 *
 * Returns: %FALSE when there are not so many
 */
gboolean
kith_column_bytes (sqlite3_stmt *statement, int column, guint8 *out, gsize len)
{
  const void *bytes = sqlite3_column_blob (statement, column);

  if (bytes == NULL || (gsize) sqlite3_column_bytes (statement, column) != len)
    return FALSE;

  memcpy (out, bytes, len);
  return TRUE;
}

/**
 * kith_column_uint:
 * @statement: a statement on a row
 * @column: a column
 *
 * Returns: its number, from 0 to %G_MAXUINT
 */
guint
kith_column_uint (sqlite3_stmt *statement, int column)
{
  return (guint) CLAMP (sqlite3_column_int64 (statement, column), 0, G_MAXUINT);
}

/**
 * kith_column_uint64:
 * @statement: a statement on a row
 * @column: a column
 *
 * Returns: its number, from 0 to %G_MAXINT64
 */
guint64
kith_column_uint64 (sqlite3_stmt *statement, int column)
{
  return (guint64) MAX (sqlite3_column_int64 (statement, column), 0);
}

/**
 * kith_column_bool:
 * @statement: a statement on a row
 * @column: a column
 *
 * Returns: whether it is neither 0 nor NULL
 */
gboolean
kith_column_bool (sqlite3_stmt *statement, int column)
{
  return sqlite3_column_int64 (statement, column) != 0;
}

/**
 * kith_column_text:
 * @statement: a statement on a row
 * @column: a column
 *
 * Returns: (transfer full) (nullable): its text
 */
char *
kith_column_text (sqlite3_stmt *statement, int column)
{
  return g_strdup ((const char *) sqlite3_column_text (statement, column));
}

/**
 * kith_column_secret:
 * @statement: a statement on a row
 * @column: a column
 *
 * Returns: (transfer full) (nullable): its bytes
 */
KithSecret *
kith_column_secret (sqlite3_stmt *statement, int column)
{
  const void *bytes = sqlite3_column_blob (statement, column);

  return bytes != NULL
           ? kith_secret_new_from (bytes, (gsize) sqlite3_column_bytes (statement, column))
           : NULL;
}
