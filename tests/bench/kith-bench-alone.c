/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include "kith-bench-alone.h"

#include <sodium.h>
#include <sqlite3.h>

#include "kith-bench-figure.h"

#define ENTRY_BYTES 200
#define CONTENT_BYTES 42
#define KEY_BYTES 32

double
kith_bench_check_signatures (guint n)
{
  guint8 public_key[crypto_sign_PUBLICKEYBYTES], secret_key[crypto_sign_SECRETKEYBYTES];
  guint8 signature[crypto_sign_BYTES], bytes[ENTRY_BYTES] = { 0 };
  double us;

  crypto_sign_keypair (public_key, secret_key);
  crypto_sign_detached (signature, NULL, bytes, sizeof bytes, secret_key);
  us = kith_bench_cpu_us ();
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (crypto_sign_verify_detached (signature, bytes, sizeof bytes, public_key), ==, 0);
  us = kith_bench_cpu_us () - us;
  sodium_memzero (secret_key, sizeof secret_key);
  return us / n;
}

/* --- Rows ----------------------------------------------------------------------------------- */

/* What can be found: an entry by its author and number, a message by its id and by its time. */
static const char tables[] =
  "CREATE TABLE entry (author BLOB, seq INTEGER, header BLOB, signature BLOB, content BLOB,"
  " PRIMARY KEY (author, seq)) WITHOUT ROWID;"
  "CREATE TABLE message (number INTEGER PRIMARY KEY, id BLOB, hlc INTEGER, text TEXT);"
  "CREATE UNIQUE INDEX message_id ON message (id);"
  "CREATE INDEX message_time ON message (hlc);";

static void
run (sqlite3 *db, const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
}

static sqlite3_stmt *
prepare (sqlite3 *db, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
  return statement;
}

static void
step (sqlite3 *db, sqlite3_stmt *statement)
{
  if (sqlite3_step (statement) != SQLITE_DONE)
    g_error ("Writing: %s", sqlite3_errmsg (db));
  sqlite3_reset (statement);
}

static void
write_entry (sqlite3 *db, sqlite3_stmt *entry, sqlite3_stmt *message, gint64 seq)
{
  guint8 bytes[ENTRY_BYTES];
  static const guint8 author[KEY_BYTES];

  randombytes_buf (bytes, sizeof bytes);
  sqlite3_bind_blob (entry, 1, author, sizeof author, SQLITE_STATIC);
  sqlite3_bind_int64 (entry, 2, seq);
  sqlite3_bind_blob (entry, 3, bytes, sizeof bytes, SQLITE_STATIC);
  sqlite3_bind_blob (entry, 4, bytes, crypto_sign_BYTES, SQLITE_STATIC);
  sqlite3_bind_blob (entry, 5, bytes, CONTENT_BYTES, SQLITE_STATIC);
  step (db, entry);
  sqlite3_bind_blob (message, 1, bytes, 16, SQLITE_STATIC);
  sqlite3_bind_int64 (message, 2, seq);
  sqlite3_bind_text (message, 3, "This is one message of a long history", -1, SQLITE_STATIC);
  step (db, message);
}

double
kith_bench_write_entries (guint n, guint batch)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *entry, *message;
  double us;

  g_assert_cmpint (sqlite3_open (":memory:", &db), ==, SQLITE_OK);
  run (db, tables);
  entry = prepare (db, "INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5)");
  message = prepare (db, "INSERT INTO message (id, hlc, text) VALUES (?1, ?2, ?3)");
  us = kith_bench_cpu_us ();
  for (guint i = 0; i < n; i++)
    {
      if (i % batch == 0)
        run (db, "BEGIN");
      write_entry (db, entry, message, i + 1);
      if (i % batch == batch - 1 || i == n - 1)
        run (db, "COMMIT");
    }
  us = kith_bench_cpu_us () - us;
  sqlite3_finalize (entry);
  sqlite3_finalize (message);
  sqlite3_close (db);
  return us / n;
}
