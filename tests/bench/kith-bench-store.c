/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-bench"

#include "config.h"

#include "kith-bench-store.h"

#include "kith-bench-text.h"
#include "store/kith-search-match.h"
#include "store/kith-search-tokenizer.h"
#include "store/kith-store-private.h"

#define CONVERSATIONS 100

#define PAGE 50
#define HITS 50
#define UNREAD_OF 50 /* one of so many that came is unread */

/* --- SQLite --------------------------------------------------------------------------------- */

void
kith_bench_store_exec (KithBenchStore *self, const char *sql)
{
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (self->db));
}

static sqlite3_stmt *
prepare (KithBenchStore *self, const char *sql)
{
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (self->db, sql, -1, &statement, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (self->db));
  return statement;
}

/* Returns: how many rows there were */
static guint
read_rows (sqlite3_stmt *statement)
{
  guint n = 0;

  while (sqlite3_step (statement) == SQLITE_ROW)
    {
      sqlite3_column_text (statement, sqlite3_column_count (statement) - 1);
      n++;
    }
  sqlite3_reset (statement);
  return n;
}

void
kith_bench_store_open (KithBenchStore *self)
{
  g_autoptr (GError) error = NULL;
  const char *vfs = self->vfs == NULL ? NULL : kith_cipher_vfs_get_name (self->vfs);
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;

  if (sqlite3_open_v2 (self->path, &self->db, flags, vfs) != SQLITE_OK)
    g_error ("Opening: %s", sqlite3_errmsg (self->db));
  if (kith_database_configure (self->db, self->vfs != NULL) != SQLITE_OK)
    g_error ("Opening: %s", sqlite3_errmsg (self->db));
  kith_search_match_register (self->db);
  if (!kith_search_tokenizer_register (self->db, &error))
    g_error ("%s", error->message);
  self->reads = (KithDatabase){
    .handle = self->db,
    .statements = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) sqlite3_finalize),
  };
}

void
kith_bench_store_close (KithBenchStore *self)
{
  g_clear_pointer (&self->reads.statements, g_hash_table_unref);
  g_assert_cmpint (sqlite3_close (self->db), ==, SQLITE_OK);
}

static void
note_time (GArray *samples_us, gint64 began_us)
{
  gint64 took_us = g_get_monotonic_time () - began_us;

  g_array_append_val (samples_us, took_us);
}

/* --- Work ----------------------------------------------------------------------------------- */

static void
add_message (KithBenchStore *self, sqlite3_stmt *statement)
{
  const char *text = g_ptr_array_index (self->texts, (guint) self->n_messages % self->texts->len);
  gint64 number = ++self->n_messages;
  guint32 id[4];

  for (guint i = 0; i < G_N_ELEMENTS (id); i++)
    id[i] = g_rand_int (self->rand);
  sqlite3_bind_int64 (statement, 1, kith_bench_zipf (self->rand, CONVERSATIONS));
  sqlite3_bind_blob (statement, 2, id, sizeof id, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (statement, 3, number % 2);
  sqlite3_bind_int64 (statement, 4, number);
  sqlite3_bind_int64 (statement, 5, number << 16);
  sqlite3_bind_int64 (statement, 6, 1700000000000 + number * 1000);
  sqlite3_bind_text (statement, 7, text, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 8, number % UNREAD_OF == 0 ? 0 : 1700000000000 + number * 1000);
  if (sqlite3_step (statement) != SQLITE_DONE)
    g_error ("Adding: %s", sqlite3_errmsg (self->db));
  sqlite3_reset (statement);
}

/* The words of the message that came last. */
static void
index_last (KithBenchStore *self, sqlite3_stmt *statement)
{
  const char *text = g_ptr_array_index (self->texts, (guint) (self->n_messages - 1) % self->texts->len);

  sqlite3_bind_int64 (statement, 1, self->n_messages);
  sqlite3_bind_text (statement, 2, text, -1, SQLITE_STATIC);
  if (sqlite3_step (statement) != SQLITE_DONE)
    g_error ("Indexing: %s", sqlite3_errmsg (self->db));
  sqlite3_reset (statement);
}

/* @n messages in transactions of @batch; @words: (nullable): puts one into the index */
static void
add_messages (KithBenchStore *self, guint n, guint batch, sqlite3_stmt *words, GArray *samples_us)
{
  sqlite3_stmt *statement =
    prepare (self, "INSERT INTO message (conversation, id, outgoing, seq, hlc, time_ms, state,"
                    " sent_ms, delivered_ms, read_ms, text)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, 3, ?6, ?6, ?8, ?7)");

  for (guint i = 0; i < n;)
    {
      gint64 began_us = g_get_monotonic_time ();

      kith_bench_store_exec (self, "BEGIN");
      for (guint j = 0; j < batch && i < n; i++, j++)
        {
          add_message (self, statement);
          if (words != NULL)
            index_last (self, words);
        }
      kith_bench_store_exec (self, "COMMIT");
      note_time (samples_us, began_us);
    }
  sqlite3_finalize (statement);
}

void
kith_bench_add_batches (KithBenchStore *self, guint n, GArray *samples_us)
{
  add_messages (self, n, KITH_BENCH_BATCH, NULL, samples_us);
}

void
kith_bench_add_singly (KithBenchStore *self, guint n, GArray *samples_us)
{
  add_messages (self, n, 1, NULL, samples_us);
}

void
kith_bench_add_indexed (KithBenchStore *self, guint n, GArray *samples_us)
{
  sqlite3_stmt *words = prepare (self, "INSERT INTO message_text (rowid, text) VALUES (?1, ?2)");

  add_messages (self, n, 1, words, samples_us);
  sqlite3_finalize (words);
}

void
kith_bench_index (KithBenchStore *self, guint n, GArray *samples_us)
{
  g_autofree char *sql = g_strdup_printf (
    "BEGIN; INSERT INTO message_text (rowid, text) SELECT number, text FROM message"
    " WHERE number > (SELECT number FROM search_mark) ORDER BY number LIMIT %d;"
    "UPDATE search_mark SET number = number + %d; COMMIT",
    KITH_BENCH_INDEX_BATCH, KITH_BENCH_INDEX_BATCH);

  for (guint i = 0; i < n; i += KITH_BENCH_INDEX_BATCH)
    {
      gint64 began_us = g_get_monotonic_time ();

      kith_bench_store_exec (self, sql);
      note_time (samples_us, began_us);
    }
}

/* The page at the end of a conversation when @is_latest, any other when not; as the store reads it.
 * Returns: which conversation */
static guint
read_page (KithBenchStore *self, gboolean is_latest)
{
  gint64 before = is_latest ? self->n_messages + 1
                            : (gint64) (g_rand_double (self->rand) * (double) self->n_messages);
  guint conversation = kith_bench_zipf (self->rand, CONVERSATIONS);
  g_autofree char *identity = g_strdup_printf ("%032u", conversation);
  KithStoreCursor cursor = { .hlc = (guint64) before << 16 };
  g_autoptr (GPtrArray) rows = NULL;

  memcpy (cursor.identity, identity, sizeof cursor.identity);
  rows = kith_store_read_page (&self->reads, &cursor, KITH_STORE_BEFORE, PAGE, NULL);
  if (rows == NULL)
    g_error ("Reading: %s", sqlite3_errmsg (self->db));
  return conversation;
}

void
kith_bench_open_and_read (KithBenchStore *self, guint n, GArray *samples_us)
{
  kith_bench_store_close (self);
  for (guint i = 0; i < n; i++)
    {
      gint64 began_us = g_get_monotonic_time ();

      kith_bench_store_open (self);
      read_page (self, TRUE);
      note_time (samples_us, began_us);
      kith_bench_store_close (self);
    }
  kith_bench_store_open (self);
}

static void
read_pages (KithBenchStore *self, guint n, gboolean is_latest, GArray *samples_us)
{
  sqlite3_stmt *unread =
    prepare (self, "SELECT count(*) FROM message WHERE conversation = ?1 AND outgoing = 0 AND read_ms = 0");

  for (guint i = 0; i < n; i++)
    {
      gint64 began_us = g_get_monotonic_time ();

      guint conversation = read_page (self, is_latest);

      if (is_latest)
        {
          sqlite3_bind_int64 (unread, 1, conversation);
          read_rows (unread);
        }
      note_time (samples_us, began_us);
    }
  sqlite3_finalize (unread);
}

void
kith_bench_read_latest (KithBenchStore *self, guint n, GArray *samples_us)
{
  read_pages (self, n, TRUE, samples_us);
}

void
kith_bench_read_any (KithBenchStore *self, guint n, GArray *samples_us)
{
  read_pages (self, n, FALSE, samples_us);
}

/* (transfer full): as FTS5 wants it */
static char *
new_query (KithBenchStore *self, KithBenchQuery kind)
{
  g_autofree char *words = kith_bench_query (self->rand, self->texts, kind);

  return g_strdup_printf (kind == KITH_BENCH_BEGINNING ? "\"%s\" *" : "\"%s\"", words);
}

static void
search (KithBenchStore *self, KithBenchQuery kind, guint n, GArray *samples_us)
{
  sqlite3_stmt *statement =
    prepare (self, "SELECT " KITH_STORE_MESSAGE_COLUMNS ", snippet (message_text, 0, char (2), char (3), '…', 24)"
                    " FROM message_text CROSS JOIN message m ON m.number = message_text.rowid"
                    " CROSS JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER
                    " WHERE message_text MATCH ?1 AND c.identity IS NOT NULL AND m.deleted = 0"
                    " ORDER BY message_text.rowid DESC LIMIT ?2");

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *query = new_query (self, kind);
      gint64 began_us = g_get_monotonic_time ();

      sqlite3_bind_text (statement, 1, query, -1, SQLITE_STATIC);
      sqlite3_bind_int (statement, 2, HITS);
      read_rows (statement);
      note_time (samples_us, began_us);
    }
  sqlite3_finalize (statement);
}

void
kith_bench_search_word (KithBenchStore *self, guint n, GArray *samples_us)
{
  search (self, KITH_BENCH_WORD, n, samples_us);
}

void
kith_bench_search_phrase (KithBenchStore *self, guint n, GArray *samples_us)
{
  search (self, KITH_BENCH_PHRASE, n, samples_us);
}

void
kith_bench_search_beginning (KithBenchStore *self, guint n, GArray *samples_us)
{
  search (self, KITH_BENCH_BEGINNING, n, samples_us);
}

void
kith_bench_scan (KithBenchStore *self, guint n, GArray *samples_us)
{
  sqlite3_stmt *statement =
    prepare (self, "SELECT " KITH_STORE_MESSAGE_COLUMNS ", m.text FROM message m"
                    " CROSS JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER
                    " WHERE kith_contains (m.text, 'nowhere') AND c.identity IS NOT NULL AND m.deleted = 0"
                    " ORDER BY m.number DESC");

  for (guint i = 0; i < n; i++)
    {
      gint64 began_us = g_get_monotonic_time ();

      read_rows (statement);
      note_time (samples_us, began_us);
    }
  sqlite3_finalize (statement);
}
