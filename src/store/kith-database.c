/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-database.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-same-file.h"
#include "base/kith-sync.h"
#include "store/kith-cipher-vfs.h"
#include "store/kith-damaged-log.h"
#include "store/kith-database-private.h"
#include "store/kith-page-cipher.h"
#include "store/kith-search-match.h"
#include "store/kith-search-tokenizer.h"
#include "store/kith-sqlite-memory.h"
#include "store/kith-store-errors.h"
#include "store/kith-vault.h"

/* In this order: the log is not opened before everything else is in its place. */
static const char pragmas[] = "PRAGMA locking_mode = EXCLUSIVE;"
                              "PRAGMA temp_store = MEMORY;"
                              "PRAGMA journal_mode = MEMORY;"
                              "PRAGMA journal_mode = WAL;"
                              "PRAGMA secure_delete = ON;"
                              "PRAGMA synchronous = FULL;"
                              "PRAGMA cache_size = -16000;"
                              "PRAGMA wal_autocheckpoint = 1000;"
                              "PRAGMA journal_size_limit = 16777216;"
                              "PRAGMA foreign_keys = ON;"
                              "PRAGMA trusted_schema = OFF;"
                              "PRAGMA cell_size_check = ON;";

/* --- Errors --------------------------------------------------------------------------------- */

static gboolean
is_disk_gone (KithDatabase *self)
{
  return self->vfs != NULL && kith_cipher_vfs_has_failed (self->vfs) && !kith_cipher_vfs_is_damaged (self->vfs);
}

static KithError
code_for (KithDatabase *self, int rc)
{
  switch (rc & 0xff)
    {
    case SQLITE_FULL:
      return KITH_ERROR_DISK_FULL;
    case SQLITE_NOTADB:
      return self->vfs != NULL && kith_cipher_vfs_is_wrong_key (self->vfs) ? KITH_ERROR_WRONG_VAULT
                                                                           : KITH_ERROR_DAMAGED;
    case SQLITE_CORRUPT:
      return is_disk_gone (self) ? KITH_ERROR_DISK : KITH_ERROR_DAMAGED;
    case SQLITE_IOERR:
      /* A disk that fails or is gone makes nothing damaged that was not. */
      if (rc == SQLITE_IOERR_READ || rc == SQLITE_IOERR_CORRUPTFS)
        return KITH_ERROR_DISK;
      return self->vfs != NULL && kith_cipher_vfs_is_damaged (self->vfs) ? KITH_ERROR_DAMAGED
                                                                         : KITH_ERROR_DISK;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      return KITH_ERROR_DISK;
    case SQLITE_PERM:
      return KITH_ERROR_PERMISSION;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return KITH_ERROR_PROFILE_IN_USE;
    case SQLITE_INTERRUPT:
      return KITH_ERROR_CANCELLED;
    default:
      return KITH_ERROR_FAILED;
    }
}

/**
 * kith_database_set_error:
 * @self: a database
 * @error: return location for a #GError: %KITH_ERROR_DISK_FULL; %KITH_ERROR_DISK (it fails, is gone or may only be read);
 *   %KITH_ERROR_DAMAGED; %KITH_ERROR_WRONG_VAULT (its key opens nothing); %KITH_ERROR_PERMISSION;
 *   %KITH_ERROR_PROFILE_IN_USE (somebody else works with it); %KITH_ERROR_CANCELLED (a search was interrupted); else
 *   %KITH_ERROR_FAILED
 *
 * Says what SQLite last complained about.
 */
void
kith_database_set_error (KithDatabase *self, GError **error)
{
  int rc = sqlite3_extended_errcode (self->handle);
  KithError code = code_for (self, rc);

  /* The only virtual table that there is. */
  if (rc == SQLITE_CORRUPT_VTAB)
    self->is_index_damaged = TRUE;
  g_set_error (error, KITH_ERROR, (gint) code, "The database says: %s (%d)",
               sqlite3_errmsg (self->handle), rc);
}

/* --- Opening and closing -------------------------------------------------------------------- */

static void
statement_free (gpointer statement)
{
  sqlite3_finalize (statement);
}

static void
destroy (KithDatabase *self)
{
  g_clear_pointer (&self->statements, g_hash_table_unref);
  if (self->handle != NULL)
    sqlite3_close (self->handle);
  g_clear_pointer (&self->vfs, kith_cipher_vfs_free);
  g_clear_pointer (&self->key, kith_secret_unref);
  g_free (self->path);
  g_free (self->base_vfs);
  g_free (self);
}

static gboolean
make_vfs (KithDatabase *self, GError **error)
{
  g_autoptr (KithSecret) page_key = kith_vault_derive (self->key, "kith1 db-page");
  g_autoptr (KithSecret) frame_key = kith_vault_derive (self->key, "kith1 db-frame");

  self->vfs = kith_cipher_vfs_new (page_key, frame_key, self->base_vfs);
  if (self->vfs != NULL)
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_FAILED, "The database layer is not there");
  return FALSE;
}

int
kith_database_configure (sqlite3 *handle, gboolean is_encrypted)
{
  int reserved = KITH_PAGE_RESERVED_BYTES;

  sqlite3_extended_result_codes (handle, 1);
  sqlite3_limit (handle, SQLITE_LIMIT_ATTACHED, 0); /* a key is for one file */
  sqlite3_db_config (handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  /* What cannot be used is left as it is. */
  sqlite3_db_config (handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (is_encrypted)
    sqlite3_file_control (handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);

  return sqlite3_exec (handle, pragmas, NULL, NULL, NULL);
}

/* The schema counts as far as it can be read, and so does a file that is shorter than it should be. Where not all of it can
 * be, the first statement that needs it fails, and those after that do with what there is. */
static int
configure_to_rescue (sqlite3 *handle)
{
  sqlite3_extended_result_codes (handle, 1);
  sqlite3_limit (handle, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (handle, SQLITE_DBCONFIG_WRITABLE_SCHEMA, 1, NULL);
  sqlite3_exec (handle, "PRAGMA locking_mode = EXCLUSIVE", NULL, NULL, NULL);
  sqlite3_exec (handle, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
  return sqlite3_exec (handle,
                       "PRAGMA temp_store = MEMORY;"
                       "PRAGMA cache_size = -16000;"
                       "PRAGMA cell_size_check = ON;",
                       NULL, NULL, NULL);
}

static gboolean
open_handle (KithDatabase *self, const char *path, GError **error)
{
  int flags = self->is_to_rescue ? SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
                                 : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const char *vfs = self->vfs != NULL ? kith_cipher_vfs_get_name (self->vfs) : NULL;

  if (sqlite3_open_v2 (path != NULL ? path : ":memory:", &self->handle, flags, vfs) != SQLITE_OK)
    {
      kith_database_set_error (self, error);
      return FALSE;
    }

  if ((self->is_to_rescue ? configure_to_rescue (self->handle)
                          : kith_database_configure (self->handle, self->vfs != NULL))
      != SQLITE_OK)
    {
      kith_database_set_error (self, error);
      return FALSE;
    }

  kith_search_match_register (self->handle);
  return kith_search_tokenizer_register (self->handle, error);
}

/* What cannot be opened may be opened by other means, or by another program: what was committed may be in the log alone. */
static void
give_up (KithDatabase *self)
{
  gboolean is_damaged = self->vfs != NULL && kith_cipher_vfs_is_damaged (self->vfs);
  g_autofree char *path = g_strdup (self->path);

  destroy (self);
  if (is_damaged)
    kith_damaged_log_keep (path);
}

static void
note_place (KithDatabase *self)
{
  if (self->path != NULL && stat (self->path, &self->place) != 0)
    self->place = (struct stat){ 0 };
}

/* (transfer full) */
static KithDatabase *
database_new (const char *path, KithSecret *key, const char *base_vfs)
{
  KithDatabase *self = g_new0 (KithDatabase, 1);

  if (!kith_sqlite_memory_is_wiped ())
    g_warning ("A library used SQLite before Kith: what is freed by it is not wiped");
  self->path = g_strdup (path);
  self->base_vfs = g_strdup (base_vfs);
  self->key = key != NULL ? kith_secret_ref (key) : NULL;
  self->statements = g_hash_table_new_full (NULL, NULL, NULL, statement_free);
  return self;
}

static KithDatabase *
connect_to (const char *path, KithSecret *key, const char *base_vfs, GError **error)
{
  KithDatabase *self = database_new (path, key, base_vfs);

  if ((path == NULL || make_vfs (self, error)) && open_handle (self, path, error))
    {
      note_place (self);
      return self;
    }

  give_up (self);
  return NULL;
}

static void
remove_with_log (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);

  g_unlink (path);
  g_unlink (log);
}

/* SQLite gives the log the permissions of the file. */
static gboolean
make_private (const char *path, GError **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd >= 0)
    {
      close (fd);
      return TRUE;
    }

  kith_store_set_errno_error (error, errno);
  return FALSE;
}

static gboolean
fill (const char *path, KithSecret *key, const char *base_vfs, guint version, GError **error)
{
  KithDatabase *self = connect_to (path, key, base_vfs, error);

  if (self == NULL)
    return FALSE;
  if (kith_database_migrate (self, version, TRUE, error))
    return kith_database_close (self, error);

  destroy (self);
  return FALSE;
}

/* An empty log is all that can be of that name already. */
static gboolean
give_name (const char *temporary, const char *path, GError **error)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);

  g_unlink (log);
  if (g_rename (temporary, path) == 0)
    return TRUE;

  kith_store_set_errno_error (error, errno);
  return FALSE;
}

/* A new database is there as a whole or not at all. */
static gboolean
create (const char *path, KithSecret *key, const char *base_vfs, guint version, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);

  remove_with_log (temporary);
  if (!make_private (temporary, error) || !fill (temporary, key, base_vfs, version, error)
      || !give_name (temporary, path, error))
    {
      remove_with_log (temporary);
      return FALSE;
    }

  if (kith_sync_folder_of (path))
    return TRUE;

  kith_store_set_errno_error (error, errno);
  return FALSE;
}

/* Commits that were not yet in the database would be lost with it. */
static gboolean
has_lone_log (const char *path)
{
  g_autofree char *log = g_strconcat (path, "-wal", NULL);
  GStatBuf info;

  return g_stat (log, &info) == 0 && info.st_size > 0;
}

static KithDatabase *
open_at (const char *path, KithSecret *key, const char *base_vfs, guint version, KithDatabaseMigrating migrating,
         gpointer user_data, GError **error)
{
  KithDatabase *self;

  if (path != NULL && !g_file_test (path, G_FILE_TEST_EXISTS) && has_lone_log (path))
    {
      kith_damaged_log_keep (path);
      g_set_error_literal (error, KITH_ERROR, KITH_ERROR_DAMAGED,
                           "The database is gone, and its log is still there");
      return NULL;
    }
  if (path != NULL && !g_file_test (path, G_FILE_TEST_EXISTS)
      && !create (path, key, base_vfs, version, error))
    return NULL;

  self = connect_to (path, key, base_vfs, error);
  if (self == NULL)
    return NULL;

  self->migrating = migrating;
  self->migrating_data = user_data;
  /* Recovered commits go into the file at once: a log never spans two openings. */
  if (kith_database_migrate (self, version, TRUE, error)
      && (path == NULL || kith_database_checkpoint (self, error)))
    {
      if (path != NULL)
        kith_damaged_log_drop (path);
      return self;
    }

  give_up (self);
  return NULL;
}

KithDatabase *
kith_database_open_full (const char *path, KithSecret *key, const char *base_vfs, guint version,
                         GError **error)
{
  return open_at (path, key, base_vfs, version, NULL, NULL, error);
}

KithDatabase *
kith_database_open_told (const char *path, KithSecret *key, KithDatabaseMigrating migrating, gpointer user_data,
                         GError **error)
{
  return open_at (path, key, NULL, kith_database_get_latest_version (), migrating, user_data, error);
}

KithDatabase *
kith_database_open (const char *path, KithSecret *key, GError **error)
{
  return kith_database_open_full (path, key, NULL, kith_database_get_latest_version (), error);
}

/* --- What is left of a damaged one ---------------------------------------------------------- */

/* (transfer full) (nullable): a new one in memory, laid out as on the disk */
static KithDatabase *
make_model (guint version, GError **error)
{
  KithDatabase *self = connect_to (NULL, NULL, NULL, error);
  int reserved = KITH_PAGE_RESERVED_BYTES;

  if (self == NULL)
    return NULL;

  sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
  if (kith_database_migrate (self, version, FALSE, error))
    return self;

  destroy (self);
  return NULL;
}

/* Its pages. (transfer full) (nullable) */
static GBytes *
make_model_pages (guint version, GError **error)
{
  KithDatabase *self = make_model (version, error);
  sqlite3_int64 size = 0;
  guint8 *data;

  if (self == NULL)
    return NULL;

  data = sqlite3_serialize (self->handle, "main", &size, 0);
  destroy (self);
  if (data != NULL)
    return g_bytes_new_with_free_func (data, (gsize) size, sqlite3_free, data);

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_NO_MEMORY, "There is not enough memory");
  return NULL;
}

/* @is_schema_lost: whether its first page is not to be used */
static KithDatabase *
connect_to_rescue (const char *path, KithSecret *key, guint version, gboolean is_schema_lost, GError **error)
{
  g_autoptr (GBytes) model = make_model_pages (version, error);
  KithDatabase *self;

  if (model == NULL)
    return NULL;

  self = database_new (path, key, NULL);
  self->is_to_rescue = TRUE;
  self->version = version;
  if (make_vfs (self, error))
    {
      kith_cipher_vfs_rescue (self->vfs, model, is_schema_lost);
      if (open_handle (self, path, error))
        return self;
    }

  destroy (self);
  return NULL;
}

/* The same without its first page. @self: (transfer full) */
static KithDatabase *
connect_again (KithDatabase *self, guint version, GError **error)
{
  g_autofree char *path = g_strdup (self->path);
  g_autoptr (KithSecret) key = kith_secret_ref (self->key);

  destroy (self);
  return connect_to_rescue (path, key, version, TRUE, error);
}

/* All of it, and not what was known when it began to fail. */
static gboolean
read_schema (KithDatabase *self, GError **error)
{
  gint64 n;

  return kith_database_read_int (self, "SELECT count (*) FROM sqlite_schema", &n, error);
}

/* @version: (out): 0 where the page that has it cannot be read */
static gboolean
read_version (KithDatabase *self, guint *version, GError **error)
{
  gint64 value;

  if (!kith_database_read_int (self, "PRAGMA user_version", &value, error))
    return FALSE;

  *version = (guint) CLAMP (value, 0, G_MAXUINT);
  if (*version <= kith_database_get_latest_version ())
    return TRUE;

  g_set_error (error, KITH_ERROR, KITH_ERROR_NEWER_VERSION, "The database has version %u", *version);
  return FALSE;
}

/* What it says of its tables, as far as that can be read. (transfer full) */
static GHashTable *
read_tables (KithDatabase *self)
{
  GHashTable *tables = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_stmt *statement
    = kith_database_prepare (self, "SELECT name || ' ' || sql FROM sqlite_schema WHERE type = 'table'", NULL);

  while (statement != NULL && kith_database_step (self, statement, NULL))
    g_hash_table_add (tables, kith_column_text (statement, 0));
  if (statement != NULL)
    sqlite3_reset (statement);
  return tables;
}

static gboolean
has_tables_of (GHashTable *tables, guint version)
{
  KithDatabase *model = make_model (version, NULL);
  g_autoptr (GHashTable) known = NULL;
  GHashTableIter iter;
  gpointer table;

  if (model == NULL)
    return FALSE;

  known = read_tables (model);
  destroy (model);
  g_hash_table_iter_init (&iter, tables);
  while (g_hash_table_iter_next (&iter, &table, NULL))
    if (!g_hash_table_contains (known, table))
      return FALSE;

  return TRUE;
}

/* The latest of which all tables may be that can be read. */
static guint
guess_version (KithDatabase *self)
{
  g_autoptr (GHashTable) tables = read_tables (self);

  for (guint version = kith_database_get_latest_version (); version > 0; version--)
    if (has_tables_of (tables, version))
      return version;

  return kith_database_get_latest_version ();
}

/* Its rows are those of its version, also where it was to be brought up to date. */
KithDatabase *
kith_database_open_to_rescue (const char *path, KithSecret *key, GError **error)
{
  guint latest = kith_database_get_latest_version ();
  KithDatabase *self = connect_to_rescue (path, key, latest, FALSE, error);
  guint version = 0;

  if (self == NULL)
    return NULL;
  if (!read_version (self, &version, error))
    {
      destroy (self);
      return NULL;
    }

  if (!read_schema (self, NULL))
    self = connect_again (self, version > 0 ? version : latest, error);
  if (self != NULL && version == 0)
    {
      version = guess_version (self);
      if (version < latest)
        self = connect_again (self, version, error);
    }
  if (self == NULL)
    return NULL;

  self->version = version;
  if (read_schema (self, error))
    return self;

  destroy (self);
  return NULL;
}

guint
kith_database_get_version (KithDatabase *self)
{
  return self->is_to_rescue ? self->version : kith_database_get_latest_version ();
}

gboolean
kith_database_is_to_rescue (KithDatabase *self)
{
  return self->is_to_rescue;
}

gboolean
kith_database_is_log_cut (KithDatabase *self)
{
  return self->vfs != NULL && kith_cipher_vfs_is_log_cut (self->vfs);
}

void
kith_database_empty_log_soon (KithDatabase *self)
{
  self->must_empty_log = self->path != NULL;
}

void
kith_database_forget_soon (KithDatabase *self, gint64 number)
{
  kith_database_empty_log_soon (self);
  /* That they are to go is said again as long as they are there: what said it first may have been rolled back. */
  if (self->path == NULL || (number > self->copied_number && !self->must_drop_copies))
    return;

  self->must_drop_copies = TRUE;
  kith_database_leave_no_copies (self);
}

gboolean
kith_database_must_empty_log (KithDatabase *self)
{
  return self->must_empty_log;
}

gboolean
kith_database_checkpoint (KithDatabase *self, GError **error)
{
  if (self->path != NULL
      && sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL)
         != SQLITE_OK)
    {
      kith_database_set_error (self, error);
      return FALSE;
    }

  if (self->must_drop_copies)
    kith_database_drop_copies (self);
  self->must_drop_copies = FALSE;
  self->must_empty_log = FALSE;
  return TRUE;
}

/* Whether another one, or none, has come into its place: of that the log is not ours. */
static gboolean
has_moved (KithDatabase *self)
{
  struct stat there;

  return stat (self->path, &there) != 0 || !kith_same_file (&there, &self->place);
}

gboolean
kith_database_close (KithDatabase *self, GError **error)
{
  gboolean is_done = self->is_to_rescue || kith_database_checkpoint (self, error);
  gboolean has_log = self->path != NULL && !self->is_to_rescue && !has_moved (self);
  g_autofree char *log = has_log ? g_strconcat (self->path, "-wal", NULL) : NULL;

  destroy (self);
  /* It is empty now. */
  if (is_done && log != NULL)
    g_unlink (log);
  return is_done;
}

sqlite3 *
kith_database_get_handle (KithDatabase *self)
{
  return self->handle;
}
