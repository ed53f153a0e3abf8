/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of the database is damaged: a backup has all that can be read, and says that it is not everything. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <gio/gio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-backup.h"
#include "store/kith-database.h"
#include "store/kith-page-cipher.h"

#define MESSAGES 3000
#define PEOPLE 20
#define ENTRIES 1000
#define BROADCASTS 300
#define PAGE_MESSAGES 80 /* more than a page has */

typedef struct
{
  char       *folder;     /* (owned) */
  char       *path;       /* (owned): of the database */
  char       *restored;   /* (owned): of the other */
  GFile      *file;       /* (owned) */
  KithSecret *key;        /* (owned) */
  KithSecret *passphrase; /* (owned) */
} Fixture;

/* Which pages are damaged, those of some tables in the order in which they lie in the file. */
typedef struct
{
  const char *tables; /* as SQL says them */
  const char *kind;   /* "leaf", "internal" or "overflow" */
  guint       from;   /* which of them; G_MAXUINT: the last */
  guint       every;  /* and each so many behind it; 0: no other */
} Damage;

static const Damage one = { "'message'", "leaf", 7, 0 };
static const Damage first = { "'message'", "leaf", 0, 0 };
static const Damage last = { "'message'", "leaf", G_MAXUINT, 0 };
static const Damage some = { "'message'", "leaf", 3, 5 };
static const Damage root = { "'message'", "internal", 0, 1 };
static const Damage history = { "'transfer','group_op','group_entry','group_content','group_edit','group_reaction',"
                                "'broadcast','broadcast_recipient'", "leaf", 0, 3 };
static const Damage offers = { "'transfer'", "leaf", 0, 2 };
static const Damage part = { "'transfer_content'", "leaf", 2, 0 };
static const Damage around = { "'message'", "leaf", 1, 2 };
static const Damage long_content = { "'group_content'", "overflow", 5, 0 };
static const Damage order = { "'message_order'", "leaf", 0, 0 };
static const Damage people = { "'contact'", "leaf", 0, 0 };

/* --- What there is --------------------------------------------------------------------------- */

static KithDatabase *
open_database (Fixture *self, const char *path)
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
  " next_seq, received_device, received_seq, read_seq, endpoints) " NUMBERS (PEOPLE)
  "SELECT randomblob (32), 1, 0, 0, 0, 0, 0, 0, 1, zeroblob (8), 0, 0, zeroblob (0) FROM n;"
  "INSERT INTO conversation (identity) SELECT identity FROM contact;"
  "INSERT INTO message (conversation, id, outgoing, seq, hlc, time_ms, state, sent_ms, delivered_ms, read_ms, text) "
  NUMBERS (MESSAGES) "SELECT 1 + i % " G_STRINGIFY (PEOPLE) ", randomblob (16), i % 4 = 0, i, i, i, 3, 1, 1, 1, 'text ' || i FROM n;"
  "INSERT INTO transfer (message, root, size, list_bytes, name, width, height, duration_ms, waveform, n_files, state, live,"
  " told, kept, mtime_us, done_bytes) SELECT number, randomblob (32), 3000, 0, 'name', 0, 0, 0, zeroblob (0), 0, 1, 1, 0, 1,"
  " 0, 0 FROM message WHERE outgoing <> 0;"
  "INSERT INTO transfer_content SELECT message, 0, randomblob (1000) FROM transfer;"
  "INSERT INTO transfer_content SELECT message, 1, randomblob (1000) FROM transfer;"
  "INSERT INTO transfer_content SELECT message, 2, randomblob (1000) FROM transfer;"
  "INSERT INTO chat_group (gid, membership, created_ms, name, topic, topic_hlc, tokens, state, mentions_only, restored)"
  " VALUES (randomblob (32), 2, 0, 'Ace', '', 0, zeroblob (0), randomblob (100), 0, 0);"
  "INSERT INTO conversation (identity) SELECT gid FROM chat_group;"
  "INSERT INTO group_op (chat_group, id, op, received_ms) " NUMBERS (ENTRIES)
  "SELECT 1, randomblob (32), randomblob (100), i FROM n;"
  "INSERT INTO group_entry (chat_group, author, seq, header, redacted) " NUMBERS (ENTRIES)
  "SELECT 1, zeroblob (32), i, randomblob (186), 0 FROM n;"
  "INSERT INTO group_content SELECT number, randomblob (64), randomblob (16),"
  " randomblob (CASE WHEN number % 20 = 0 THEN 20000 ELSE 100 END) FROM group_entry;"
  "INSERT INTO group_edit (chat_group, target, author, seq) " NUMBERS (ENTRIES)
  "SELECT 1, randomblob (16), zeroblob (32), i FROM n;"
  "INSERT INTO group_reaction (identity, message, author, emoji, hlc) " NUMBERS (ENTRIES)
  "SELECT (SELECT gid FROM chat_group), randomblob (16), randomblob (32), '👍', i FROM n;"
  "INSERT INTO broadcast " NUMBERS (BROADCASTS) "SELECT randomblob (16), i, hex (randomblob (50)) FROM n;"
  "INSERT INTO broadcast_recipient SELECT b.id, c.identity, randomblob (16) FROM broadcast b, contact c;"
  "COMMIT";

/* Always the same, which is made once. */
static void
make_database (Fixture *self)
{
  static GByteArray *made;
  g_autoptr (GError) error = NULL;
  KithDatabase *database;

  if (made != NULL)
    {
      kith_test_write_file (self->path, made);
      return;
    }

  database = open_database (self, self->path);
  kith_database_exec (database, contents, &error);
  g_assert_no_error (error);
  g_assert_true (kith_database_close (database, NULL));
  made = kith_test_read_file (self->path);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "kith.db", NULL);
  self->restored = g_build_filename (self->folder, "restored.db", NULL);
  self->file = g_file_new_build_filename (self->folder, "backup", NULL);
  self->key = kith_test_secret (1);
  self->passphrase = kith_test_secret ('x');
  make_database (self);
}

static void
tear_down (Fixture *self, gconstpointer data)
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
find_pages (Fixture *self, const Damage *damage)
{
  KithDatabase *database = open_database (self, self->path);
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

/* Returns: how many pages are damaged now */
static guint
damage_pages (Fixture *self, const Damage *damage)
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

/* --- What came of it ------------------------------------------------------------------------- */

/* Nothing is written to a damaged one any more, also then. */
static void
close_damaged (KithStore *store)
{
  g_autoptr (GAsyncResult) closed = NULL;

  kith_store_close_async (store, kith_test_result_cb, &closed);
  kith_store_close_finish (store, kith_test_await (&closed), NULL);
}

static gboolean
export (Fixture *self, gboolean *is_incomplete, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (KithStore) store = kith_store_open (self->path, self->key, error);
  gboolean is_done;

  g_assert_nonnull (store);
  kith_store_export_async (store, self->file, self->passphrase, NULL, NULL, NULL, kith_test_result_cb, &result);
  is_done = kith_store_export_finish (store, kith_test_await (&result), is_incomplete, error);
  close_damaged (store);
  return is_done;
}

/* (transfer full) */
static KithDatabase *
restore (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  kith_backup_import (self->file, self->passphrase, self->restored, self->key, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  return open_database (self, self->restored);
}

static gint64
count (KithDatabase *database, const char *what)
{
  g_autofree char *sql = g_strconcat ("SELECT count (*) FROM ", what, NULL);

  return kith_test_get_int (kith_database_get_handle (database), sql);
}

static void
assert_what_must_be_there (KithDatabase *database)
{
  g_assert_cmpint (count (database, "profile"), ==, 1);
  g_assert_cmpint (count (database, "contact"), ==, PEOPLE);
  g_assert_cmpint (count (database, "conversation"), ==, PEOPLE + 1);
  g_assert_cmpint (count (database, "chat_group"), ==, 1);
  g_assert_cmpint (count (database, "message WHERE text <> 'text ' || time_ms"), ==, 0);
}

static void
test_nothing (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = TRUE;

  g_assert_true (export (self, &is_incomplete, &error));
  g_assert_no_error (error);
  g_assert_false (is_incomplete);
}

/* Only the messages of those pages are lost. */
static void
test_messages (Fixture *self, gconstpointer data)
{
  guint n_pages = damage_pages (self, data);
  gboolean is_whole_table = data == &root;
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = FALSE;
  KithDatabase *database;
  gint64 n_lost;

  g_assert_true (export (self, &is_incomplete, &error));
  g_assert_no_error (error);
  g_assert_true (is_incomplete);

  database = restore (self);
  assert_what_must_be_there (database);
  n_lost = MESSAGES - count (database, "message");
  g_test_message ("%u pages with %d messages", n_pages, (int) n_lost);
  g_assert_cmpint (n_lost, >=, n_pages);
  g_assert_cmpint (n_lost, <=, is_whole_table ? MESSAGES : (gint64) n_pages * PAGE_MESSAGES);
  g_assert_cmpint (count (database, "group_content"), ==, ENTRIES);
  g_assert_true (kith_database_close (database, NULL));
}

/* Of the rest of the history as well. */
static void
test_history (Fixture *self, gconstpointer data)
{
  static const char *const tables[] = { "group_op", "group_entry", "group_content", "group_edit", "group_reaction" };
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = FALSE;
  KithDatabase *database;

  damage_pages (self, data);
  g_assert_true (export (self, &is_incomplete, &error));
  g_assert_no_error (error);
  g_assert_true (is_incomplete);

  database = restore (self);
  assert_what_must_be_there (database);
  g_assert_cmpint (count (database, "message"), ==, MESSAGES);
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_test_message ("%s: %d", tables[i], (int) count (database, tables[i]));
      g_assert_cmpint (count (database, tables[i]), >=, ENTRIES / 3);
      g_assert_cmpint (count (database, tables[i]), <, ENTRIES);
    }
  g_assert_cmpint (count (database, "broadcast"), >, 0);
  g_assert_cmpint (count (database, "broadcast"), <, BROADCASTS);
  g_assert_true (kith_database_close (database, NULL));
}

/* Of files there are all that can be read whole, and what is left of others is not taken for the file. */
static void
test_files (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = FALSE;
  KithDatabase *database;
  gint64 n_offered, n_kept;

  damage_pages (self, data);
  g_assert_true (export (self, &is_incomplete, &error));
  g_assert_no_error (error);
  g_assert_true (is_incomplete);

  database = restore (self);
  assert_what_must_be_there (database);
  n_offered = count (database, "transfer");
  n_kept = count (database, "transfer WHERE kept <> 0");
  g_test_message ("%d offered, %d kept", (int) n_offered, (int) n_kept);
  g_assert_cmpint (n_kept, >, 0);
  g_assert_cmpint (n_kept, <, MESSAGES / 4);
  g_assert_cmpint (count (database, "transfer t WHERE t.kept <> 0 AND t.size <>"
                                    " (SELECT total (length (c.data)) FROM transfer_content c WHERE c.message = t.message)"),
                   ==, 0);
  g_assert_true (kith_database_close (database, NULL));
}

/* A row that goes on in other pages is not written by half. */
static void
test_long_content (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = FALSE;
  KithDatabase *database;

  damage_pages (self, data);
  g_assert_true (export (self, &is_incomplete, &error));
  g_assert_no_error (error);
  g_assert_true (is_incomplete);

  database = restore (self);
  g_assert_cmpint (count (database, "group_content"), ==, ENTRIES - 1);
  g_assert_cmpint (count (database, "group_entry"), ==, ENTRIES);
  g_assert_true (kith_database_close (database, NULL));
}

/* There is no profile without them. */
static void
test_people (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  damage_pages (self, data);
  g_assert_false (export (self, NULL, &error));
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  g_assert_false (g_file_query_exists (self->file, NULL));
}

/* --- One conversation ------------------------------------------------------------------------ */

typedef struct
{
  guint n_rows;
  guint n_gaps;
} Read;

/* All that can be read of the first one, some at a time. */
static Read
read_conversation (Fixture *self, guint limit)
{
  KithDatabase *database = open_database (self, self->path);
  sqlite3_stmt *statement = kith_database_prepare (database, "SELECT identity FROM conversation WHERE id = 1", NULL);
  KithStoreCursor cursor = { 0 };
  gboolean has_more = TRUE;
  Read what = { 0 };
  g_autoptr (KithStore) store = NULL;

  g_assert_true (kith_database_step (database, statement, NULL));
  g_assert_true (kith_column_bytes (statement, 0, cursor.identity, sizeof cursor.identity));
  sqlite3_reset (statement);
  g_assert_true (kith_database_close (database, NULL));
  store = kith_store_open (self->path, self->key, NULL);
  while (has_more)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GPtrArray) rows = NULL;
      g_autoptr (GError) error = NULL;
      guint64 from = cursor.hlc;
      gboolean has_gap;

      kith_store_load_readable_async (store, &cursor, limit, NULL, kith_test_result_cb, &result);
      rows = kith_store_load_readable_finish (store, kith_test_await (&result), &cursor, &has_more, &has_gap, &error);
      g_assert_no_error (error);
      for (guint i = 0; i < rows->len; i++)
        {
          const KithStoreMessage *row = g_ptr_array_index (rows, i);
          g_autofree char *text = g_strdup_printf ("text %u", (guint) row->hlc);

          g_assert_cmpstr (row->text, ==, text);
          g_assert_cmpuint (row->hlc, >, from);
          from = row->hlc;
        }
      what.n_rows += rows->len;
      what.n_gaps += has_gap;
    }
  close_damaged (store);
  return what;
}

/* Each damaged page takes its own messages away, and that is noticed. */
static void
test_conversation (Fixture *self, gconstpointer data)
{
  const guint all = MESSAGES / PEOPLE;
  guint n_pages = damage_pages (self, data);
  Read many = read_conversation (self, 1000);
  Read few = read_conversation (self, 7);

  g_test_message ("%u pages: %u messages, %u gaps", n_pages, many.n_rows, many.n_gaps);
  g_assert_cmpuint (many.n_gaps, >, 0);
  g_assert_cmpuint (many.n_gaps, <=, n_pages);
  g_assert_cmpuint (few.n_gaps, ==, many.n_gaps);
  g_assert_cmpuint (few.n_rows, ==, many.n_rows);
  g_assert_cmpuint (all - many.n_rows, >, 0);
  g_assert_cmpuint (all - many.n_rows, <=, n_pages * (PAGE_MESSAGES / PEOPLE + 1));
}

/* Nothing is missing where nothing is damaged. */
static void
test_whole_conversation (Fixture *self, gconstpointer data)
{
  Read what = read_conversation (self, 100);

  g_assert_cmpuint (what.n_rows, ==, MESSAGES / PEOPLE);
  g_assert_cmpuint (what.n_gaps, ==, 0);
}

/* Of which nothing can be read at all: it ends. */
static void
test_lost_conversation (Fixture *self, gconstpointer data)
{
  Read what;

  damage_pages (self, data);
  what = read_conversation (self, 100);
  g_assert_cmpuint (what.n_rows, ==, 0);
  g_assert_cmpuint (what.n_gaps, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());

#define ADD(name, data, func) g_test_add ("/backup-damaged/" name, Fixture, data, set_up, func, tear_down)
  ADD ("nothing", NULL, test_nothing);
  ADD ("messages/one-page", &one, test_messages);
  ADD ("messages/first-page", &first, test_messages);
  ADD ("messages/last-page", &last, test_messages);
  ADD ("messages/some-pages", &some, test_messages);
  ADD ("messages/all", &root, test_messages);
  ADD ("history", &history, test_history);
  ADD ("files/offers", &offers, test_files);
  ADD ("files/part", &part, test_files);
  ADD ("files/messages", &around, test_files);
  ADD ("long-content", &long_content, test_long_content);
  ADD ("people", &people, test_people);
  ADD ("conversation/whole", NULL, test_whole_conversation);
  ADD ("conversation/one-page", &one, test_conversation);
  ADD ("conversation/first-page", &first, test_conversation);
  ADD ("conversation/last-page", &last, test_conversation);
  ADD ("conversation/some-pages", &some, test_conversation);
  ADD ("conversation/order", &order, test_lost_conversation);
  ADD ("conversation/all", &root, test_lost_conversation);
#undef ADD
  return g_test_run ();
}
