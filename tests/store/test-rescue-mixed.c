/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A damaged database of an older version, or one whose tables do not lie where they do in a new one, or whose pages are of
 * different times: whatever comes of it was there once, in the same table, and can be restored. KITH_TEST_LONG=1: of more
 * pages, and more mixtures. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-damaged.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"
#include "store/kith-page-cipher.h"

#define OLD_VERSION 3
#define N_MIXED 10
#define LONG_FACTOR 5

/* What makes a row what it is, of each table: the rest is made anew when it is restored. */
static const char *const looks[] = {
  "SELECT 'contact', hex (identity), note FROM contact WHERE relation <> 3",
  "SELECT 'conversation', id, hex (identity) FROM conversation",
  "SELECT 'message', hex (id), conversation, outgoing, text FROM message",
  "SELECT 'broadcast', hex (id), text FROM broadcast",
  "SELECT 'recipient', hex (broadcast), hex (identity) FROM broadcast_recipient",
  "SELECT 'act', hex (id), hex (target) FROM act",
  "SELECT 'group', hex (gid), name FROM chat_group",
  "SELECT 'op', hex (id), hex (op) FROM group_op",
  "SELECT 'entry', hex (author), hex (header) FROM group_entry",
  "SELECT 'reaction', hex (message), hex (author), emoji FROM group_reaction",
  "SELECT 'transfer', hex (root), name FROM transfer",
};

#define NUMBERS(n) "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " #n ") "

static const char rows_old[] =
  "INSERT INTO profile VALUES (1, 'Me', randomblob (32), randomblob (32), zeroblob (159));"
  "INSERT INTO contact (identity, relation, note, verified, blocked, favourite, added_ms, last_seen_ms, pair_root_ms,"
  " next_seq, received_device, received_seq, read_seq, endpoints) " NUMBERS (20)
  "SELECT randomblob (32), 1, 'note ' || i, 0, 0, 0, 0, 0, 0, 1, zeroblob (8), 0, 0, zeroblob (0) FROM n;"
  "INSERT INTO conversation (identity) SELECT identity FROM contact;"
  "INSERT INTO message (conversation, id, outgoing, seq, hlc, time_ms, state, sent_ms, delivered_ms, read_ms, text) "
  NUMBERS (400) "SELECT 1 + i % 20, randomblob (16), i % 4 = 0, i, i, i, 3, 1, 1, 1, 'text ' || i FROM n;"
  "INSERT INTO broadcast " NUMBERS (50) "SELECT randomblob (16), i, hex (randomblob (50)) FROM n;"
  "INSERT INTO broadcast_recipient SELECT b.id, c.identity, randomblob (16) FROM broadcast b, contact c;";

static const char rows_new[] =
  "INSERT INTO act (conversation, id, kind, target, seq, hlc, time_ms, text) " NUMBERS (40)
  "SELECT 1, randomblob (16), 3, randomblob (16), i, i, i, '' FROM n;"
  "INSERT INTO chat_group (gid, membership, created_ms, name, topic, topic_hlc, tokens, state, mentions_only, restored)"
  " VALUES (randomblob (32), 2, 0, 'Ace', '', 0, zeroblob (0), randomblob (100), 0, 0);"
  "INSERT INTO conversation (identity) SELECT gid FROM chat_group;"
  "INSERT INTO group_op (chat_group, id, op, received_ms) " NUMBERS (200)
  "SELECT 1, randomblob (32), randomblob (100), i FROM n;"
  "INSERT INTO group_entry (chat_group, author, seq, header, redacted) " NUMBERS (200)
  "SELECT 1, randomblob (32), i, randomblob (186), 0 FROM n;"
  "INSERT INTO group_content SELECT number, randomblob (64), randomblob (16), randomblob (100) FROM group_entry;"
  "INSERT INTO group_reaction (identity, message, author, emoji, hlc) " NUMBERS (200)
  "SELECT (SELECT gid FROM chat_group), randomblob (16), randomblob (32), '👍', i FROM n;"
  "INSERT INTO transfer (message, root, size, list_bytes, name, width, height, duration_ms, waveform, n_files, state, live,"
  " told, kept, mtime_us, done_bytes) SELECT number, randomblob (32), 3000, 0, 'name', 0, 0, 0, zeroblob (0), 0, 1, 1, 0, 0,"
  " 0, 0 FROM message WHERE outgoing <> 0;";

/* What was there goes, and what comes takes its pages. */
static const char turn_over[] =
  "DELETE FROM message WHERE number % 200 < 150;"
  "DELETE FROM broadcast_recipient; DELETE FROM broadcast;"
  "INSERT INTO group_op (chat_group, id, op, received_ms) " NUMBERS (500)
  "SELECT 1, randomblob (32), randomblob (300), i FROM n;"
  "INSERT INTO group_entry (chat_group, author, seq, header, redacted) " NUMBERS (500)
  "SELECT 1, randomblob (32), i, randomblob (186), 0 FROM n;"
  "INSERT INTO contact (identity, relation, note, verified, blocked, favourite, added_ms, last_seen_ms, pair_root_ms,"
  " next_seq, received_device, received_seq, read_seq, endpoints) " NUMBERS (50)
  "SELECT randomblob (32), 1, 'later ' || i, 0, 0, 0, 0, 0, 0, 1, zeroblob (8), 0, 0, zeroblob (0) FROM n;"
  "INSERT OR IGNORE INTO conversation (identity) SELECT identity FROM contact;"
  "INSERT INTO message (conversation, id, outgoing, seq, hlc, time_ms, state, sent_ms, delivered_ms, read_ms, text) "
  NUMBERS (800) "SELECT 1 + i % 20, randomblob (16), 0, i, i, i, 3, 1, 1, 1, 'later text ' || i FROM n;";

static gboolean
is_long (void)
{
  return g_strcmp0 (g_getenv ("KITH_TEST_LONG"), "1") == 0;
}

/* --- Rows ------------------------------------------------------------------------------------ */

static void
look (KithDatabase *database, const char *sql, GHashTable *rows)
{
  sqlite3_stmt *statement = NULL;

  /* One of an older version does not have all tables. */
  if (sqlite3_prepare_v2 (kith_database_get_handle (database), sql, -1, &statement, NULL) != SQLITE_OK)
    return;

  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      GString *row = g_string_new (NULL);

      for (int i = 0; i < sqlite3_column_count (statement); i++)
        g_string_append_printf (row, "%s|", (const char *) sqlite3_column_text (statement, i));
      g_hash_table_add (rows, g_string_free (row, FALSE));
    }
  sqlite3_finalize (statement);
}

static void
look_at_all (KithDatabase *database, GHashTable *rows)
{
  for (gsize i = 0; i < G_N_ELEMENTS (looks); i++)
    look (database, looks[i], rows);
}

/* (transfer full) */
static GHashTable *
rows_new_set (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static guint
assert_known (GHashTable *rows, GHashTable *known)
{
  GHashTableIter iter;
  gpointer row;

  g_hash_table_iter_init (&iter, rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    if (!g_hash_table_contains (known, row))
      g_error ("Nobody ever wrote %s", (const char *) row);

  return g_hash_table_size (rows);
}

/* --- Databases ------------------------------------------------------------------------------- */

static KithDatabase *
open_as (KithTestDamaged *self, guint version)
{
  g_autoptr (GError) error = NULL;
  KithDatabase *database = kith_database_open_full (self->path, self->key, NULL, version, &error);

  g_assert_no_error (error);
  return database;
}

static void
change (KithDatabase *database, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (kith_database_exec (database, "BEGIN", NULL));
  kith_database_exec (database, sql, &error);
  g_assert_no_error (error);
  g_assert_true (kith_database_exec (database, "COMMIT", NULL));
}

/* One that was made by @version, and has had rows since then. */
static void
make_old (KithTestDamaged *self, guint version)
{
  KithDatabase *database;

  g_assert_cmpint (g_unlink (self->path), ==, 0);
  database = open_as (self, version);
  change (database, rows_old);
  g_assert_true (kith_database_close (database, NULL));
}

static GByteArray *
keep (KithTestDamaged *self, GHashTable *rows)
{
  KithDatabase *database = open_as (self, kith_database_get_latest_version ());

  look_at_all (database, rows);
  g_assert_true (kith_database_close (database, NULL));
  return kith_test_read_file (self->path);
}

/* --- Rescuing -------------------------------------------------------------------------------- */

/* Returns: whether there is a backup now */
static gboolean
rescue (KithTestDamaged *self, gboolean *is_incomplete)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GAsyncResult) closed = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KithStore) store = kith_store_open_to_rescue (self->path, self->key, &error);

  if (store != NULL)
    {
      kith_store_export_async (store, self->file, self->passphrase, NULL, NULL, NULL, kith_test_result_cb, &result);
      kith_store_export_finish (store, kith_test_await (&result), is_incomplete, &error);
      kith_store_close_async (store, kith_test_result_cb, &closed);
      g_assert_true (kith_store_close_finish (store, kith_test_await (&closed), NULL));
    }
  if (error != NULL)
    g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  return error == NULL;
}

/* Returns: how many rows came of it, all of which are @known */
static guint
restore (KithTestDamaged *self, GHashTable *known)
{
  g_autoptr (GHashTable) rows = rows_new_set ();
  KithDatabase *database = kith_test_damaged_restore (self);

  look_at_all (database, rows);
  g_assert_true (kith_database_close (database, NULL));
  g_unlink (self->restored);
  return assert_known (rows, known);
}

static void
flip (KithTestDamaged *self, GByteArray *bytes, gsize page)
{
  bytes->data[page * KITH_PAGE_BYTES + 200] ^= 1;
  kith_test_write_file (self->path, bytes);
  bytes->data[page * KITH_PAGE_BYTES + 200] ^= 1;
}

/* Every third page in its turn, or some of these. */
static void
damage_each (KithTestDamaged *self, GByteArray *bytes, GHashTable *known)
{
  gsize every = is_long () ? 3 : 3 * LONG_FACTOR;

  for (gsize page = 0; page < bytes->len / KITH_PAGE_BYTES; page += every)
    {
      gboolean is_incomplete = FALSE;
      guint n;

      flip (self, bytes, page);
      if (!rescue (self, &is_incomplete))
        continue;

      n = restore (self, known);
      g_assert_cmpuint (n, >, 0);
      if (!is_incomplete)
        g_assert_cmpuint (n, ==, g_hash_table_size (known));
    }
}

/* --- Tests ----------------------------------------------------------------------------------- */

/* Its tables lie where there was room, and not where they do in a new one. */
static void
test_migrated (KithTestDamaged *self, gconstpointer data)
{
  g_autoptr (GHashTable) known = rows_new_set ();
  g_autoptr (GByteArray) bytes = NULL;
  KithDatabase *database;

  make_old (self, OLD_VERSION);
  database = open_as (self, kith_database_get_latest_version ());
  change (database, rows_new);
  g_assert_true (kith_database_close (database, NULL));
  bytes = keep (self, known);
  damage_each (self, bytes, known);
}

static void
test_older (KithTestDamaged *self, gconstpointer data)
{
  guint version = GPOINTER_TO_UINT (data);
  g_autoptr (GHashTable) known = rows_new_set ();
  g_autoptr (GByteArray) bytes = NULL;
  KithDatabase *database;

  make_old (self, version);
  database = open_as (self, version);
  look_at_all (database, known);
  g_assert_true (kith_database_close (database, NULL));
  bytes = kith_test_read_file (self->path);
  damage_each (self, bytes, known);
}

/* As a disk leaves it that has lost some of what was written: each page is authentic. */
static void
test_mixed (KithTestDamaged *self, gconstpointer data)
{
  g_autoptr (GHashTable) known = rows_new_set ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  g_autoptr (GByteArray) before = NULL;
  g_autoptr (GByteArray) after = NULL;
  KithDatabase *database;
  guint n_mixed = is_long () ? N_MIXED * LONG_FACTOR : N_MIXED;
  guint n_restored = 0;

  make_old (self, kith_database_get_latest_version ());
  database = open_as (self, kith_database_get_latest_version ());
  change (database, rows_new);
  g_assert_true (kith_database_close (database, NULL));
  before = keep (self, known);
  database = open_as (self, kith_database_get_latest_version ());
  change (database, turn_over);
  g_assert_true (kith_database_close (database, NULL));
  after = keep (self, known);

  for (guint i = 0; i < n_mixed; i++)
    {
      g_autoptr (GByteArray) mixed = g_byte_array_new ();
      gboolean is_incomplete = FALSE;

      g_byte_array_append (mixed, after->data, after->len);
      for (gsize at = 0; at < MIN (before->len, after->len); at += KITH_PAGE_BYTES)
        if (g_rand_int_range (rand, 0, 4) == 0)
          memcpy (mixed->data + at, before->data + at, KITH_PAGE_BYTES);
      kith_test_write_file (self->path, mixed);
      if (rescue (self, &is_incomplete))
        {
          restore (self, known);
          n_restored++;
        }
    }
  g_assert_cmpuint (n_restored, >, n_mixed / 2);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  kith_key_wrap_make_it_cheap ();

#define ADD(name, data, func) \
  g_test_add ("/rescue-mixed/" name, KithTestDamaged, data, kith_test_damaged_set_up, func, kith_test_damaged_tear_down)
  ADD ("migrated", NULL, test_migrated);
  ADD ("older/last", GUINT_TO_POINTER (kith_database_get_latest_version () - 1), test_older);
  ADD ("older/much", GUINT_TO_POINTER (OLD_VERSION), test_older);
  ADD ("mixed", NULL, test_mixed);
#undef ADD
  return g_test_run ();
}
