/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page of the database is damaged: a backup has all that can be read, and says that it is not everything. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <gio/gio.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "kith-test-damaged.h"
#include "kith-test-store.h"
#include "store/kith-backup.h"
#include "store/kith-key-wrap.h"

#define PAGE_MESSAGES 80 /* more than a page has */

static const KithTestDamage one = { "'message'", "leaf", 7, 0 };
static const KithTestDamage first = { "'message'", "leaf", 0, 0 };
static const KithTestDamage last = { "'message'", "leaf", G_MAXUINT, 0 };
static const KithTestDamage some = { "'message'", "leaf", 3, 5 };
static const KithTestDamage root = { "'message'", "internal", 0, 1 };
static const KithTestDamage history = { "'transfer','group_op','group_entry','group_content','group_edit','group_reaction',"
                                "'broadcast','broadcast_recipient'", "leaf", 0, 3 };
static const KithTestDamage offers = { "'transfer'", "leaf", 0, 2 };
static const KithTestDamage part = { "'transfer_content'", "leaf", 2, 0 };
static const KithTestDamage around = { "'message'", "leaf", 1, 2 };
static const KithTestDamage long_content = { "'group_content'", "overflow", 5, 0 };
static const KithTestDamage order = { "'message_order'", "leaf", 0, 0 };
static const KithTestDamage people = { "'contact'", "leaf", 0, 0 };

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
export (KithTestDamaged *self, gboolean *is_incomplete, GError **error)
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

static void
assert_what_must_be_there (KithDatabase *database)
{
  g_assert_cmpint (kith_test_damaged_count (database, "profile"), ==, 1);
  g_assert_cmpint (kith_test_damaged_count (database, "contact"), ==, KITH_TEST_DAMAGED_PEOPLE);
  g_assert_cmpint (kith_test_damaged_count (database, "conversation"), ==, KITH_TEST_DAMAGED_PEOPLE + 1);
  g_assert_cmpint (kith_test_damaged_count (database, "chat_group"), ==, 1);
  g_assert_cmpint (kith_test_damaged_count (database, "message WHERE text <> 'text ' || time_ms"), ==, 0);
}

static void
test_nothing (KithTestDamaged *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = TRUE;

  g_assert_true (export (self, &is_incomplete, &error));
  g_assert_no_error (error);
  g_assert_false (is_incomplete);
}

/* Only the messages of those pages are lost. */
static void
test_messages (KithTestDamaged *self, gconstpointer data)
{
  guint n_pages = kith_test_damaged_pages (self, data);
  gboolean is_whole_table = data == &root;
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = FALSE;
  KithDatabase *database;
  gint64 n_lost;

  g_assert_true (export (self, &is_incomplete, &error));
  g_assert_no_error (error);
  g_assert_true (is_incomplete);

  database = kith_test_damaged_restore (self);
  assert_what_must_be_there (database);
  n_lost = KITH_TEST_DAMAGED_MESSAGES - kith_test_damaged_count (database, "message");
  g_test_message ("%u pages with %d messages", n_pages, (int) n_lost);
  g_assert_cmpint (n_lost, >=, n_pages);
  g_assert_cmpint (n_lost, <=, is_whole_table ? KITH_TEST_DAMAGED_MESSAGES : (gint64) n_pages * PAGE_MESSAGES);
  g_assert_cmpint (kith_test_damaged_count (database, "group_content"), ==, KITH_TEST_DAMAGED_ENTRIES);
  g_assert_true (kith_database_close (database, NULL));
}

/* Of the rest of the history as well. */
static void
test_history (KithTestDamaged *self, gconstpointer data)
{
  static const char *const tables[] = { "group_op", "group_entry", "group_content", "group_edit", "group_reaction" };
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = FALSE;
  KithDatabase *database;

  kith_test_damaged_pages (self, data);
  g_assert_true (export (self, &is_incomplete, &error));
  g_assert_no_error (error);
  g_assert_true (is_incomplete);

  database = kith_test_damaged_restore (self);
  assert_what_must_be_there (database);
  g_assert_cmpint (kith_test_damaged_count (database, "message"), ==, KITH_TEST_DAMAGED_MESSAGES);
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_test_message ("%s: %d", tables[i], (int) kith_test_damaged_count (database, tables[i]));
      g_assert_cmpint (kith_test_damaged_count (database, tables[i]), >=, KITH_TEST_DAMAGED_ENTRIES / 3);
      g_assert_cmpint (kith_test_damaged_count (database, tables[i]), <, KITH_TEST_DAMAGED_ENTRIES);
    }
  g_assert_cmpint (kith_test_damaged_count (database, "broadcast"), >, 0);
  g_assert_cmpint (kith_test_damaged_count (database, "broadcast"), <, KITH_TEST_DAMAGED_BROADCASTS);
  g_assert_true (kith_database_close (database, NULL));
}

/* Of files there are all that can be read whole, and what is left of others is not taken for the file. */
static void
test_files (KithTestDamaged *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = FALSE;
  KithDatabase *database;
  gint64 n_offered, n_kept;

  kith_test_damaged_pages (self, data);
  g_assert_true (export (self, &is_incomplete, &error));
  g_assert_no_error (error);
  g_assert_true (is_incomplete);

  database = kith_test_damaged_restore (self);
  assert_what_must_be_there (database);
  n_offered = kith_test_damaged_count (database, "transfer");
  n_kept = kith_test_damaged_count (database, "transfer WHERE kept <> 0");
  g_test_message ("%d offered, %d kept", (int) n_offered, (int) n_kept);
  g_assert_cmpint (n_kept, >, 0);
  g_assert_cmpint (n_kept, <, KITH_TEST_DAMAGED_MESSAGES / 4);
  g_assert_cmpint (kith_test_damaged_count (database, "transfer t WHERE t.kept <> 0 AND t.size <>"
                                    " (SELECT total (length (c.data)) FROM transfer_content c WHERE c.message = t.message)"),
                   ==, 0);
  g_assert_true (kith_database_close (database, NULL));
}

/* A row that goes on in other pages is not written by half. */
static void
test_long_content (KithTestDamaged *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gboolean is_incomplete = FALSE;
  KithDatabase *database;

  kith_test_damaged_pages (self, data);
  g_assert_true (export (self, &is_incomplete, &error));
  g_assert_no_error (error);
  g_assert_true (is_incomplete);

  database = kith_test_damaged_restore (self);
  g_assert_cmpint (kith_test_damaged_count (database, "group_content"), ==, KITH_TEST_DAMAGED_ENTRIES - 1);
  g_assert_cmpint (kith_test_damaged_count (database, "group_entry"), ==, KITH_TEST_DAMAGED_ENTRIES);
  g_assert_true (kith_database_close (database, NULL));
}

/* There is no profile without them. */
static void
test_people (KithTestDamaged *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  kith_test_damaged_pages (self, data);
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
read_conversation (KithTestDamaged *self, guint limit)
{
  KithDatabase *database = kith_test_damaged_open (self, self->path);
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
test_conversation (KithTestDamaged *self, gconstpointer data)
{
  const guint all = KITH_TEST_DAMAGED_MESSAGES / KITH_TEST_DAMAGED_PEOPLE;
  guint n_pages = kith_test_damaged_pages (self, data);
  Read many = read_conversation (self, 1000);
  Read few = read_conversation (self, 7);

  g_test_message ("%u pages: %u messages, %u gaps", n_pages, many.n_rows, many.n_gaps);
  g_assert_cmpuint (many.n_gaps, >, 0);
  g_assert_cmpuint (many.n_gaps, <=, n_pages);
  g_assert_cmpuint (few.n_gaps, ==, many.n_gaps);
  g_assert_cmpuint (few.n_rows, ==, many.n_rows);
  g_assert_cmpuint (all - many.n_rows, >, 0);
  g_assert_cmpuint (all - many.n_rows, <=, n_pages * (PAGE_MESSAGES / KITH_TEST_DAMAGED_PEOPLE + 1));
}

/* Nothing is missing where nothing is damaged. */
static void
test_whole_conversation (KithTestDamaged *self, gconstpointer data)
{
  Read what = read_conversation (self, 100);

  g_assert_cmpuint (what.n_rows, ==, KITH_TEST_DAMAGED_MESSAGES / KITH_TEST_DAMAGED_PEOPLE);
  g_assert_cmpuint (what.n_gaps, ==, 0);
}

/* Of which nothing can be read at all: it ends. */
static void
test_lost_conversation (KithTestDamaged *self, gconstpointer data)
{
  Read what;

  kith_test_damaged_pages (self, data);
  what = read_conversation (self, 100);
  g_assert_cmpuint (what.n_rows, ==, 0);
  g_assert_cmpuint (what.n_gaps, ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_true (kith_init ());
  kith_key_wrap_make_it_cheap ();

#define ADD(name, data, func) g_test_add ("/backup-damaged/" name, KithTestDamaged, data, kith_test_damaged_set_up, func, kith_test_damaged_tear_down)
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
