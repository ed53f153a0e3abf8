/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-damaged.h"

#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-backup.h"
#include "store/kith-page-cipher.h"

KithDatabase *
kith_test_damaged_open (KithTestDamaged *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  KithDatabase *database = kith_database_open (path, self->key, &error);

  g_assert_no_error (error);
  return database;
}

#define NUMBERS(n) "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " G_STRINGIFY (n) ") "

static const char contents[] =
  "BEGIN;"
  "INSERT INTO profile VALUES (1, 'Me', randomblob (32), randomblob (32), zeroblob (159));"
  "INSERT INTO contact (identity, relation, verified, blocked, favourite, added_ms, last_seen_ms, pair_root_ms,"
  " next_seq, received_device, received_seq, read_seq, endpoints) " NUMBERS (KITH_TEST_DAMAGED_PEOPLE)
  "SELECT randomblob (32), 1, 0, 0, 0, 0, 0, 0, 1, zeroblob (8), 0, 0, zeroblob (0) FROM n;"
  "INSERT INTO conversation (identity) SELECT identity FROM contact;"
  "INSERT INTO message (conversation, id, outgoing, seq, hlc, time_ms, state, sent_ms, delivered_ms, read_ms, text) "
  NUMBERS (KITH_TEST_DAMAGED_MESSAGES) "SELECT 1 + i % " G_STRINGIFY (KITH_TEST_DAMAGED_PEOPLE) ", randomblob (16), i % 4 = 0, i, i, i, 3, 1, 1, 1, 'text ' || i FROM n;"
  "INSERT INTO transfer (message, root, size, list_bytes, name, width, height, duration_ms, waveform, n_files, state, live,"
  " told, kept, mtime_us, done_bytes) SELECT number, randomblob (32), 3000, 0, 'name', 0, 0, 0, zeroblob (0), 0, 1, 1, 0, 1,"
  " 0, 0 FROM message WHERE outgoing <> 0;"
  "INSERT INTO transfer_content SELECT message, 0, randomblob (1000) FROM transfer;"
  "INSERT INTO transfer_content SELECT message, 1, randomblob (1000) FROM transfer;"
  "INSERT INTO transfer_content SELECT message, 2, randomblob (1000) FROM transfer;"
  "INSERT INTO chat_group (gid, membership, created_ms, name, topic, topic_hlc, tokens, state, mentions_only, restored)"
  " VALUES (randomblob (32), 2, 0, 'Ace', '', 0, zeroblob (0), randomblob (100), 0, 0);"
  "INSERT INTO conversation (identity) SELECT gid FROM chat_group;"
  "INSERT INTO group_op (chat_group, id, op, received_ms) " NUMBERS (KITH_TEST_DAMAGED_ENTRIES)
  "SELECT 1, randomblob (32), randomblob (100), i FROM n;"
  "INSERT INTO group_entry (chat_group, author, seq, header, redacted) " NUMBERS (KITH_TEST_DAMAGED_ENTRIES)
  "SELECT 1, zeroblob (32), i, randomblob (186), 0 FROM n;"
  "INSERT INTO group_content SELECT number, randomblob (64), randomblob (16),"
  " randomblob (CASE WHEN number % 20 = 0 THEN 20000 ELSE 100 END) FROM group_entry;"
  "INSERT INTO group_edit (chat_group, target, author, seq) " NUMBERS (KITH_TEST_DAMAGED_ENTRIES)
  "SELECT 1, randomblob (16), zeroblob (32), i FROM n;"
  "INSERT INTO group_reaction (identity, message, author, emoji, hlc) " NUMBERS (KITH_TEST_DAMAGED_ENTRIES)
  "SELECT (SELECT gid FROM chat_group), randomblob (16), randomblob (32), '👍', i FROM n;"
  "INSERT INTO broadcast " NUMBERS (KITH_TEST_DAMAGED_BROADCASTS) "SELECT randomblob (16), i, hex (randomblob (50)) FROM n;"
  "INSERT INTO broadcast_recipient SELECT b.id, c.identity, randomblob (16) FROM broadcast b, contact c;"
  "COMMIT";

/* Always the same, which is made once. */
static void
make_database (KithTestDamaged *self)
{
  static GByteArray *made;
  g_autoptr (GError) error = NULL;
  KithDatabase *database;

  if (made != NULL)
    {
      kith_test_write_file (self->path, made);
      return;
    }

  database = kith_test_damaged_open (self, self->path);
  kith_database_exec (database, contents, &error);
  g_assert_no_error (error);
  g_assert_true (kith_database_close (database, NULL));
  made = kith_test_read_file (self->path);
}

void
kith_test_damaged_set_up (KithTestDamaged *self, gconstpointer data)
{
  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "kith.db", NULL);
  self->restored = g_build_filename (self->folder, "restored.db", NULL);
  self->file = g_file_new_build_filename (self->folder, "backup", NULL);
  self->key = kith_test_secret (1);
  self->passphrase = kith_test_secret ('x');
  make_database (self);
}

void
kith_test_damaged_tear_down (KithTestDamaged *self, gconstpointer data)
{
  kith_secret_unref (self->passphrase);
  kith_secret_unref (self->key);
  g_object_unref (self->file);
  g_free (self->restored);
  g_free (self->path);
  kith_test_folder_free (self->folder);
}

/* (element-type int): the numbers of the pages that @damage is about */
static GArray *
find_pages (KithTestDamaged *self, const KithTestDamage *damage)
{
  KithDatabase *database = kith_test_damaged_open (self, self->path);
  g_autofree char *sql = g_strdup_printf ("SELECT pageno FROM dbstat WHERE name IN (%s) AND pagetype = '%s'"
                                          " ORDER BY pageno", damage->tables, damage->kind);
  GArray *pages = g_array_new (FALSE, FALSE, sizeof (int));
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (kith_database_get_handle (database), sql, -1, &statement, NULL), ==, SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      int page = sqlite3_column_int (statement, 0);

      g_array_append_val (pages, page);
    }
  sqlite3_finalize (statement);
  g_assert_true (kith_database_close (database, NULL));
  g_assert_cmpuint (pages->len, >, 0);
  return pages;
}

guint
kith_test_damaged_pages (KithTestDamaged *self, const KithTestDamage *damage)
{
  g_autoptr (GArray) pages = find_pages (self, damage);
  g_autoptr (GByteArray) bytes = kith_test_read_file (self->path);
  guint from = MIN (damage->from, pages->len - 1);
  guint n = 0;

  for (guint i = from; i < pages->len; i += damage->every > 0 ? damage->every : pages->len)
    {
      bytes->data[(g_array_index (pages, int, i) - 1) * KITH_PAGE_BYTES + 100] ^= 1;
      n++;
    }
  kith_test_write_file (self->path, bytes);
  return n;
}

KithDatabase *
kith_test_damaged_restore (KithTestDamaged *self)
{
  g_autoptr (GError) error = NULL;

  kith_backup_import (self->file, self->passphrase, self->restored, self->key, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return kith_test_damaged_open (self, self->restored);
}

gint64
kith_test_damaged_count (KithDatabase *database, const char *what)
{
  g_autofree char *sql = g_strconcat ("SELECT count (*) FROM ", what, NULL);

  return kith_test_get_int (kith_database_get_handle (database), sql);
}
