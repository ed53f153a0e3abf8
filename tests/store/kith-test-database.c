/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-database.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "store/kith-database-private.h"

/* Little enough that transactions of some hundred messages spill. */
#define CACHE_SIZE "PRAGMA cache_size=-2000"

#define SCHEMA                                                                                     \
  "CREATE TABLE message (id INTEGER PRIMARY KEY, conversation INTEGER NOT NULL,"                   \
  "  time_ms INTEGER NOT NULL, text TEXT NOT NULL);"                                               \
  "CREATE INDEX message_by_time ON message (conversation, time_ms, id);"                           \
  "CREATE TABLE progress (messages INTEGER NOT NULL);"                                             \
  "INSERT INTO progress VALUES (0);"                                                               \
  "CREATE VIRTUAL TABLE word USING fts5 (text, content='message', content_rowid='id');"

#define WORD_CHECK "INSERT INTO word (word, rank) VALUES ('integrity-check', 1)"

#define INDEX_NEW_MESSAGES                                                                         \
  "INSERT INTO word (rowid, text)"                                                                 \
  "  SELECT id, text FROM message WHERE id > (SELECT messages FROM progress);"                     \
  "UPDATE progress SET messages = (SELECT max(id) FROM message);"

/* --- Files ---------------------------------------------------------------------------------- */

char *
kith_test_folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("kith-store-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

void
kith_test_folder_free (char *folder)
{
  GDir *dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_dir_close (dir);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

/* Returns: (transfer full) (nullable): the bytes, %NULL when there is no such file */
GByteArray *
kith_test_read_file (const char *path)
{
  char *data;
  gsize len;

  if (!g_file_get_contents (path, &data, &len, NULL))
    return NULL;

  return g_byte_array_new_take ((guint8 *) data, len);
}

/* @bytes: (nullable): %NULL for no file */
void
kith_test_write_file (const char *path, GByteArray *bytes)
{
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  if (bytes != NULL)
    g_file_set_contents_full (path, (const char *) bytes->data, (gssize) bytes->len,
                              G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

gboolean
kith_test_is_long (void)
{
  return g_strcmp0 (g_getenv ("KITH_TEST_LONG"), "1") == 0;
}

/* --- The database --------------------------------------------------------------------------- */

static KithSecret *
key_new (guint8 number, guint8 purpose)
{
  guint8 bytes[KITH_PAGE_KEY_BYTES] = { number, purpose };

  return kith_secret_new_from (bytes, sizeof bytes);
}

/* @folder: (nullable): %NULL for a disk in memory */
KithTestDatabase *
kith_test_database_new (const char *folder, const char *name, const char *base)
{
  KithTestDatabase *self = g_new0 (KithTestDatabase, 1);

  self->path = folder == NULL ? g_strdup (name) : g_build_filename (folder, name, NULL);
  self->wal_path = g_strconcat (self->path, "-wal", NULL);
  self->base = g_strdup (base);
  self->key = 1;
  return self;
}

void
kith_test_database_free (KithTestDatabase *self)
{
  kith_test_database_close (self);
  g_clear_pointer (&self->vfs, kith_cipher_vfs_free);
  g_free (self->path);
  g_free (self->wal_path);
  g_free (self->base);
  g_free (self);
}

/* Returns: an extended result code. Whatever it is, self->vfs can be asked why. */
int
kith_test_database_try_open (KithTestDatabase *self)
{
  g_autoptr (KithSecret) page_key = key_new (self->key, 1);
  g_autoptr (KithSecret) frame_key = key_new (self->key, 2);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  int rc;

  kith_test_database_close (self);
  g_clear_pointer (&self->vfs, kith_cipher_vfs_free);
  self->vfs = kith_cipher_vfs_new (page_key, frame_key, self->base);
  g_assert_nonnull (self->vfs);

  rc = sqlite3_open_v2 (self->path, &self->db, flags, kith_cipher_vfs_get_name (self->vfs));
  if (rc == SQLITE_OK)
    {
      rc = kith_database_configure (self->db, TRUE);
      sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
      /* For VACUUM, which works on one, and which the store never does. */
      sqlite3_limit (self->db, SQLITE_LIMIT_ATTACHED, 1);
    }
  if (rc == SQLITE_OK)
    rc = kith_test_try (self->db, CACHE_SIZE);
  if (rc == SQLITE_OK)
    rc = kith_test_try (self->db, "SELECT count(*) FROM sqlite_master");
  if (rc != SQLITE_OK)
    kith_test_database_close (self);
  return rc;
}

void
kith_test_database_open (KithTestDatabase *self)
{
  g_assert_cmpint (kith_test_database_try_open (self), ==, SQLITE_OK);
}

void
kith_test_database_close (KithTestDatabase *self)
{
  if (self->db != NULL)
    g_assert_cmpint (sqlite3_close (self->db), ==, SQLITE_OK);
  self->db = NULL;
}

void
kith_test_database_abandon (KithTestDatabase *self)
{
  if (self->db != NULL)
    sqlite3_db_config (self->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  kith_test_database_close (self);
}

void
kith_test_database_copy (KithTestDatabase *self, KithTestDatabase *to)
{
  g_autoptr (GByteArray) db = kith_test_read_file (self->path);
  g_autoptr (GByteArray) wal = kith_test_read_file (self->wal_path);

  kith_test_write_file (to->path, db);
  kith_test_write_file (to->wal_path, wal);
}

void
kith_test_database_init_cipher (KithTestDatabase *self, KithPageCipher *cipher)
{
  g_autoptr (KithSecret) page_key = key_new (self->key, 1);
  g_autoptr (KithSecret) frame_key = key_new (self->key, 2);

  kith_page_cipher_init (cipher, page_key, frame_key);
}

/* --- Statements ----------------------------------------------------------------------------- */

int
kith_test_try (sqlite3 *db, const char *sql)
{
  return sqlite3_exec (db, sql, NULL, NULL, NULL);
}

void
kith_test_exec (sqlite3 *db, const char *sql)
{
  if (kith_test_try (db, sql) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
}

/* Returns: the first number, -1 when there is none */
gint64
kith_test_get_int (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;
  gint64 value = -1;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) == SQLITE_OK
      && sqlite3_step (statement) == SQLITE_ROW)
    value = sqlite3_column_int64 (statement, 0);
  sqlite3_finalize (statement);
  return value;
}

/* --- Messages ------------------------------------------------------------------------------- */

void
kith_test_create_schema (sqlite3 *db)
{
  kith_test_exec (db, "BEGIN;" SCHEMA "COMMIT");
}

static char *
get_text (gint64 id)
{
  guint32 mix = (guint32) id * 2654435761u;

  return g_strdup_printf ("PLAINTEXT message %" G_GINT64_FORMAT " word%u other%u zebra%u %.*s", id,
                          mix % 977, mix % 3001, mix % 51, (int) (mix % 64),
                          "and then it went on and on for quite a while until it was over");
}

static int
add_message (sqlite3 *db, sqlite3_stmt *statement, gint64 id)
{
  g_autofree char *text = get_text (id);

  sqlite3_bind_int64 (statement, 1, id);
  sqlite3_bind_int64 (statement, 2, id % 20);
  sqlite3_bind_int64 (statement, 3, id * 1000);
  sqlite3_bind_text (statement, 4, text, -1, SQLITE_TRANSIENT);
  sqlite3_step (statement);
  return sqlite3_reset (statement);
}

int
kith_test_try_add_messages (sqlite3 *db, guint n)
{
  gint64 last = kith_test_count (db);
  sqlite3_stmt *statement = NULL;
  int rc = sqlite3_prepare_v2 (db, "INSERT INTO message VALUES (?, ?, ?, ?)", -1, &statement, NULL);

  g_assert_cmpint (last, >=, 0);
  if (rc == SQLITE_OK)
    rc = kith_test_try (db, "BEGIN");
  for (guint i = 0; i < n && rc == SQLITE_OK; i++)
    rc = add_message (db, statement, ++last);
  sqlite3_finalize (statement);
  if (rc == SQLITE_OK)
    rc = kith_test_try (db, INDEX_NEW_MESSAGES "COMMIT");
  return rc;
}

gint64
kith_test_add_messages (sqlite3 *db, guint n)
{
  if (kith_test_try_add_messages (db, n) != SQLITE_OK)
    g_error ("Adding messages: %s", sqlite3_errmsg (db));
  return kith_test_count (db);
}

gint64
kith_test_count (sqlite3 *db)
{
  return kith_test_get_int (db, "SELECT coalesce(max(id), 0) FROM message");
}

/* --- Looking for faults --------------------------------------------------------------------- */

static gboolean
passes_integrity_check (sqlite3 *db)
{
  sqlite3_stmt *statement = NULL;
  gboolean ok;

  if (sqlite3_prepare_v2 (db, "PRAGMA integrity_check", -1, &statement, NULL) != SQLITE_OK)
    return FALSE;

  ok = sqlite3_step (statement) == SQLITE_ROW
       && g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), "ok") == 0;
  sqlite3_finalize (statement);
  return ok;
}

char *
kith_test_find_wrong_message (sqlite3 *db)
{
  const char *sql = "SELECT id, conversation, time_ms, text FROM message NOT INDEXED ORDER BY id";
  sqlite3_stmt *statement = NULL;
  char *fault = NULL;
  gint64 expected = 0;
  int rc;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    return g_strdup (sqlite3_errmsg (db));

  while ((rc = sqlite3_step (statement)) == SQLITE_ROW && fault == NULL)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      g_autofree char *text = get_text (id);

      if (id != ++expected || sqlite3_column_int64 (statement, 1) != id % 20
          || g_strcmp0 ((const char *) sqlite3_column_text (statement, 3), text) != 0)
        fault = g_strdup_printf ("message %" G_GINT64_FORMAT " is wrong", expected);
    }
  if (fault == NULL && rc != SQLITE_DONE)
    fault = g_strdup_printf ("reading messages: %s", sqlite3_errmsg (db));
  sqlite3_finalize (statement);
  return fault;
}

char *
kith_test_find_fault (sqlite3 *db, gint64 acknowledged)
{
  gint64 count = kith_test_count (db);

  if (!passes_integrity_check (db))
    return g_strdup_printf ("integrity check: %s", sqlite3_errmsg (db));
  if (kith_test_try (db, WORD_CHECK) != SQLITE_OK)
    return g_strdup_printf ("integrity check of the word index: %s", sqlite3_errmsg (db));
  if (count < acknowledged)
    return g_strdup_printf ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " are there", count,
                            acknowledged);
  if (kith_test_get_int (db, "SELECT messages FROM progress") != count)
    return g_strdup ("half a transaction is there");

  return kith_test_find_wrong_message (db);
}
