/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching: what is found, and that the index is in order whatever is deleted. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-index.h"
#include "kith-test-database.h"
#include "kith-test-store.h"
#include "store/kith-store-private.h"
#include "store/kith-vault.h"

/* --- In a store ----------------------------------------------------------------------------- */

static void
add_text (KithStore *store, guint8 who, guint number, const char *text)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (who, number, FALSE, text);

  kith_store_batch_add_message (batch, &row);
  kith_test_must_commit (store, batch);
}

static guint
count_hits (KithStore *store, const char *text, guint8 who)
{
  g_autoptr (GPtrArray) hits = kith_test_search (store, text, who, NULL, 100);

  return hits->len;
}

static void
test_words (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();

  add_text (store, 1, 1, "The quick brown fox");
  add_text (store, 2, 2, "Brown bread, café");
  add_text (store, 1, 3, "我们在北京见面 at noon");
  add_text (store, 1, 4, "bad \xf0 bytes");
  add_text (store, 1, 5, "hyphen-ated, snake_case, don't");

  g_assert_cmpuint (count_hits (store, "brown", 0), ==, 2);
  g_assert_cmpuint (count_hits (store, "brown", 1), ==, 1);
  g_assert_cmpuint (count_hits (store, "bro fo", 0), ==, 1);
  g_assert_cmpuint (count_hits (store, "\"brown quick\"", 0), ==, 0);
  g_assert_cmpuint (count_hits (store, "CAFE", 0), ==, 1);
  g_assert_cmpuint (count_hits (store, "京见", 0), ==, 1);
  g_assert_cmpuint (count_hits (store, "京面", 0), ==, 0);
  g_assert_cmpuint (count_hits (store, "面 noon", 0), ==, 1);
  g_assert_cmpuint (count_hits (store, "bytes", 0), ==, 1);
  g_assert_cmpuint (count_hits (store, "yphe", 0), ==, 1);
  g_assert_cmpuint (count_hits (store, "ake_ca", 0), ==, 1);
  g_assert_cmpuint (count_hits (store, ", ", 0), ==, 2);
  g_assert_cmpuint (count_hits (store, "\xcc\x81", 0), ==, 0);
}

/* The wide space parts words as any other; in a phrase it stands for itself, as in the index. */
static void
test_wide_space (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();

  add_text (store, 1, 1, "太郎は田中と東京へ");
  add_text (store, 1, 2, "田中　花子");
  g_assert_cmpuint (count_hits (store, "田中", 0), ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpuint (count_hits (store, "田中　太郎", 0), ==, 1);
      g_assert_cmpuint (count_hits (store, "田中　", 0), ==, 2);
      g_assert_cmpuint (count_hits (store, "　田中\u00a0", 0), ==, 2);
      g_assert_cmpuint (count_hits (store, "東\u2003京　\"田中　花子\"", 0), ==, 0);
      g_assert_cmpuint (count_hits (store, "花子　\"田中　花\"", 0), ==, 1);
      kith_test_index (store);
    }
}

/* (transfer full) (element-type KithStoreHit): page after page, until one has none; each hit once */
static GPtrArray *
search_all (KithStore *store, const char *text, guint page_hits)
{
  GPtrArray *all = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_hit_free);
  g_autoptr (GHashTable) ids = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                                      (GDestroyNotify) g_bytes_unref, NULL);

  for (;;)
    {
      const KithStoreHit *last = all->len > 0 ? g_ptr_array_index (all, all->len - 1) : NULL;
      g_autoptr (GPtrArray) hits =
        kith_test_search (store, text, 0, last != NULL ? last->message : NULL, page_hits);

      g_assert_cmpuint (hits->len, <=, page_hits);
      if (hits->len == 0)
        return all;

      for (guint i = 0; i < hits->len; i++)
        {
          const KithStoreHit *hit = g_ptr_array_index (hits, i);

          g_assert_true (g_hash_table_add (ids, g_bytes_new (hit->message->id, sizeof hit->message->id)));
        }
      g_ptr_array_extend_and_steal (all, g_steal_pointer (&hits));
    }
}

/* Page after page nothing is missed and nothing comes twice, and there is an end. */
static void
assert_pages (KithStore *store, const char *text, guint expected)
{
  g_autoptr (GPtrArray) hits = search_all (store, text, 7);

  g_assert_cmpuint (hits->len, ==, expected);
}

static void
test_pages (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();

  kith_test_add (store, 1, 1, 50, FALSE);
  assert_pages (store, "text", 50);
  assert_pages (store, "ext", 50);
  assert_pages (store, "ext 4", 11);
  assert_pages (store, "none of it", 0);
}

static void
assert_texts (GPtrArray *hits, const char *const *texts)
{
  g_assert_cmpuint (hits->len, ==, g_strv_length ((char **) texts));
  for (guint i = 0; i < hits->len; i++)
    g_assert_cmpstr (((KithStoreHit *) g_ptr_array_index (hits, i))->message->text, ==, texts[i]);
}

/* What is inside of words is found whatever words there are, behind them. */
static void
test_inside_too (void)
{
  static const char *const ness[] = { "ness", "Loch Nessie", "a harness", "happiness", NULL };
  static const char *const two[] = { "Brown fox", "a brownfox", NULL };
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (GPtrArray) words = NULL;
  g_autoptr (GPtrArray) phrase = NULL;

  add_text (store, 1, 1, "happiness");
  add_text (store, 2, 2, "Loch Nessie");
  add_text (store, 1, 3, "a harness");
  add_text (store, 1, 4, "ness");
  add_text (store, 1, 5, "a brownfox");
  add_text (store, 1, 6, "Brown fox");
  for (guint page = 1; page < 6; page++)
    {
      g_autoptr (GPtrArray) hits = search_all (store, "ness", page);
      g_autoptr (GPtrArray) more = search_all (store, "rown", page);

      assert_texts (hits, ness);
      g_assert_cmpuint (more->len, ==, 2);
    }

  words = search_all (store, "brown", 1);
  assert_texts (words, two);
  phrase = search_all (store, "brown fox", 5);
  g_assert_cmpuint (phrase->len, ==, 1);
}

/* --- What disappears ------------------------------------------------------------------------- */

static void
add_vanishing (KithStore *store, guint8 who, guint number, const char *text)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (who, number, FALSE, text);

  row.ttl_s = 60;
  kith_store_batch_add_message (batch, &row);
  kith_test_must_commit (store, batch);
}

/* Among the others, in their order, with what was found marked. */
static void
test_vanishing (void)
{
  static const char *const brown[] = { "5 Brown", "4 a brown bear", "3 brown", "2 all browned", "1 brown",
                                       "6 unbrown", "0 umbrown", NULL };
  g_autoptr (KithStore) store = kith_store_new_in_memory ();

  add_vanishing (store, 1, 10, "0 umbrown");
  add_text (store, 1, 1, "1 brown");
  add_vanishing (store, 1, 2, "2 all browned");
  add_text (store, 2, 3, "3 brown");
  add_vanishing (store, 2, 4, "4 a brown bear");
  add_text (store, 1, 5, "5 Brown");
  add_text (store, 1, 6, "6 unbrown");
  for (guint page = 1; page < 8; page++)
    {
      g_autoptr (GPtrArray) hits = search_all (store, "brown", page);
      const KithStoreHit *bear = g_ptr_array_index (hits, 1);

      assert_texts (hits, brown);
      g_assert_cmpuint (bear->n_ranges, ==, 1);
      g_assert_cmpint (strncmp (bear->snippet + bear->ranges[0], "brown", 5), ==, 0);
      g_assert_cmpuint (bear->ranges[1] - bear->ranges[0], ==, 5);
    }
  g_assert_cmpuint (count_hits (store, "brown", 2), ==, 2);
  g_assert_cmpuint (count_hits (store, "bear", 1), ==, 0);
}

/* Found by the same rules as what is in the index. */
static void
test_vanishing_as_words (void)
{
  static const char *const texts[] = {
    "The quick brown fox", "Brown bread, café", "我们在北京见面 at noon", "hyphen-ated, snake_case, don't",
    "Cafe\xcc\x81 ÉCOLE", "カタカナ word 漢字", "a1b2 c3", "ﬁsh and Größe", "", "... !", "fox quick",
  };
  static const char *const queries[] = {
    "bro fo", "\"quick brown\"", "\"brown quick\"", "\"quick bro", "CAFE", "ecole", "京见", "京面", "面 noon",
    "snake", "don't", "case", "\"snake case\"", "カナ", "漢字 word", "字 カ", "c3 a1", "b2", "grosse", "größe",
    "fish", "q", "\"q\"", "fox fox", "noon\"at\"", "a* b", "text:x", "- -", "京 京",
  };
  g_autoptr (KithStore) indexed = kith_store_new_in_memory ();
  g_autoptr (KithStore) vanishing = kith_store_new_in_memory ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      add_text (indexed, 1, i + 1, texts[i]);
      add_vanishing (vanishing, 1, i + 1, texts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (queries); i++)
    {
      g_autoptr (GPtrArray) expected = search_all (indexed, queries[i], 3);
      g_autoptr (GPtrArray) hits = search_all (vanishing, queries[i], 3);
      g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (NULL);

      g_test_message ("%s: %u", queries[i], expected->len);
      for (guint j = 0; j < expected->len; j++)
        g_ptr_array_add (found, ((KithStoreHit *) g_ptr_array_index (expected, j))->message->text);
      g_ptr_array_add (found, NULL);
      assert_texts (hits, (const char *const *) found->pdata);
    }
}

/* More than one slice of each. */
static void
test_many_vanishing (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GPtrArray) hits = NULL;

  for (guint i = 1; i <= 15000; i++)
    {
      KithStoreMessage row =
        kith_test_message (1, i, FALSE, i % 500 == 0 ? "needle" : i % 500 == 250 ? "pinneedle" : "hay");

      row.ttl_s = i % 3 != 0 || i < 5000 ? 60 : 0;
      kith_store_batch_add_message (batch, &row);
    }
  kith_test_must_commit (store, batch);
  hits = search_all (store, "needle", 7);
  g_assert_cmpuint (hits->len, ==, 60);
  for (guint i = 0; i < 60; i++)
    {
      KithStoreMessage expected = kith_test_message (1, 15000 - i % 30 * 500 - (i < 30 ? 0 : 250), FALSE, "");
      const KithStoreHit *hit = g_ptr_array_index (hits, i);

      g_assert_cmpmem (hit->message->id, sizeof hit->message->id, expected.id, sizeof expected.id);
    }
}

/* To go on after a message that is gone is not to begin anew. */
static void
test_page_after_what_is_gone (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  KithStoreMessage gone = kith_test_message (9, 999, FALSE, "text");
  g_autoptr (GPtrArray) hits = NULL;

  kith_test_add (store, 1, 1, 20, FALSE);
  hits = kith_test_search (store, "text", 0, &gone, 7);
  g_assert_cmpuint (hits->len, ==, 0);
}

/* Who writes chooses the id: one that stands in two conversations is two places. */
static void
test_page_after_one_id_of_two (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) one = kith_store_batch_new ();
  g_autoptr (KithStoreBatch) other = kith_store_batch_new ();
  KithStoreMessage first = kith_test_message (1, 1, FALSE, "text");
  KithStoreMessage last = kith_test_message (2, 2, FALSE, "text");
  g_autoptr (GPtrArray) hits = NULL;

  memcpy (last.id, first.id, sizeof last.id);
  kith_store_batch_add_message (one, &first);
  kith_test_must_commit (store, one);
  kith_test_add (store, 1, 3, 20, FALSE);
  kith_store_batch_add_message (other, &last);
  kith_test_must_commit (store, other);

  hits = kith_test_search (store, "text", 0, &first, 7);
  g_assert_cmpuint (hits->len, ==, 0);
}

static void
test_cancelled (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kith_test_add (store, 1, 1, 2000, FALSE);
  kith_store_search_async (store, "nowhere", NULL, NULL, 10, cancellable, kith_test_result_cb, &result);
  g_cancellable_cancel (cancellable);
  g_assert_null (kith_store_search_finish (store, kith_test_await (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_hits (store, "text", 0), ==, 100);
}

static void
test_invalid (void)
{
  static const char *const texts[] = { "", "  ", "\xff" };
  g_autoptr (KithStore) store = kith_store_new_in_memory ();

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      kith_store_search_async (store, texts[i], NULL, NULL, 10, NULL, kith_test_result_cb, &result);
      g_assert_null (kith_store_search_finish (store, kith_test_await (&result), &error));
      g_assert_error (error, KITH_ERROR, KITH_ERROR_INVALID);
    }
}

/* --- The index and what is deleted ----------------------------------------------------------- */

#define WORD "zebrafinch"

typedef struct
{
  char         *folder;   /* (owned) */
  char         *path;     /* (owned) */
  KithSecret   *key;      /* (owned) */
  KithDatabase *database; /* (owned) */
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  self->folder = kith_test_folder_new ();
  self->path = g_build_filename (self->folder, "kith.db", NULL);
  self->key = kith_test_secret (1);
  self->database = kith_database_open (self->path, self->key, NULL);
  g_assert_nonnull (self->database);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_assert_true (kith_database_close (self->database, NULL));
  kith_secret_unref (self->key);
  g_free (self->path);
  kith_test_folder_free (self->folder);
}

static void
apply (Fixture *self, KithStoreBatch *batch)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (kith_database_exec (self->database, "BEGIN", NULL));
  kith_store_apply (self->database, batch, &error);
  g_assert_no_error (error);
  g_assert_true (kith_database_exec (self->database, "COMMIT", NULL));
}

static void
add (Fixture *self, guint8 who, guint from, guint to, const char *word)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();

  for (guint i = from; i <= to; i++)
    {
      g_autofree char *text = g_strdup_printf ("%s number%u", word, i);
      KithStoreMessage row = kith_test_message (who, i, FALSE, text);

      kith_store_batch_add_message (batch, &row);
    }
  apply (self, batch);
}

static void
clear (Fixture *self, guint8 who)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  guint8 identity[KITH_STORE_IDENTITY_BYTES];

  kith_test_identity (who, identity);
  kith_store_batch_clear_messages (batch, identity);
  apply (self, batch);
}

static void
index_all (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  while (kith_store_index_some (self->database, 0, &error))
    ;
  g_assert_no_error (error);
}

static void
sweep_all (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  while (kith_store_sweep (self->database, &error))
    ;
  g_assert_no_error (error);
}

static void
assert_in_order (Fixture *self)
{
  g_autofree char *fault = kith_test_compare_index (self->database);

  g_assert_cmpstr (fault, ==, NULL);
}

/* Each of what assert_in_order() is for is seen by it. The last row is not in the index yet. */
static const char *const index_faults[] = {
  "INSERT INTO message_text (message_text, rowid, text) VALUES ('delete', 2, 'never there')",
  "INSERT INTO message_text (message_text, rowid, text) VALUES ('delete', 11, 'later')",
  "UPDATE message SET text = 'something else' WHERE number = 2",
  "INSERT INTO message_text (rowid, text) VALUES (2, 'twice')",
  "UPDATE message SET ttl_s = 60 WHERE number = 2",
  "UPDATE search_mark SET number = 11",
};

static void
test_index_is_compared (Fixture *self, gconstpointer data)
{
  g_autofree char *fault = NULL;

  add (self, 1, 1, 10, "word");
  index_all (self);
  add (self, 1, 11, 12, "later");
  assert_in_order (self);
  g_assert_true (kith_database_exec (self->database, data, NULL));
  fault = kith_test_compare_index (self->database);
  g_test_message ("%s: %s", (const char *) data, fault);
  g_assert_nonnull (fault);
}

/* Cleared before, while, and after they came into the index. */
static void
test_index_and_deletion (Fixture *self, gconstpointer data)
{
  add (self, 1, 1, 700, "early");
  g_assert_true (kith_store_index_some (self->database, 0, NULL)); /* some, not all */
  clear (self, 1);
  sweep_all (self);
  assert_in_order (self);

  add (self, 1, 1001, 1100, "late");
  clear (self, 1);
  sweep_all (self);
  index_all (self);
  assert_in_order (self);

  add (self, 1, 2001, 2900, "kept");
  add (self, 2, 3001, 3900, "gone");
  index_all (self);
  clear (self, 2);
  index_all (self);
  sweep_all (self);
  assert_in_order (self);
  g_assert_cmpint (kith_database_get_int (self->database,
                                          "SELECT count (*) FROM message_text WHERE message_text"
                                          " MATCH 'kept'", -1), ==, 900);
  g_assert_cmpint (kith_database_get_int (self->database,
                                          "SELECT count (*) FROM message_text WHERE message_text"
                                          " MATCH 'gone'", -1), ==, 0);
}

static gboolean
is_on_disk (Fixture *self, const char *word)
{
  g_autoptr (GByteArray) bytes = kith_test_read_file (self->path);
  g_autoptr (KithSecret) page_key = kith_vault_derive (self->key, "kith1 db-page");
  g_autoptr (KithSecret) frame_key = kith_vault_derive (self->key, "kith1 db-frame");
  KithPageCipher cipher;
  gboolean is_there = FALSE;

  kith_page_cipher_init (&cipher, page_key, frame_key);
  for (guint i = 0; (i + 1) * KITH_PAGE_BYTES <= bytes->len; i++)
    {
      guint8 *page = bytes->data + (gsize) i * KITH_PAGE_BYTES;

      g_assert_true (kith_page_cipher_open_page (&cipher, page, i + 1));
      is_there = is_there || memmem (page, KITH_PAGE_BYTES, word, strlen (word)) != NULL;
    }
  kith_page_cipher_clear (&cipher);
  return is_there;
}

/* Nothing of a text that was cleared is left, in the rows or in the index. */
static void
test_nothing_is_left (Fixture *self, gconstpointer data)
{
  add (self, 1, 1, 600, "stays");
  add (self, 2, 1001, 1600, WORD);
  index_all (self);
  g_assert_true (kith_database_checkpoint (self->database, NULL));
  g_assert_true (is_on_disk (self, WORD));
  clear (self, 2);
  sweep_all (self);
  g_assert_true (kith_database_checkpoint (self->database, NULL));
  g_assert_false (is_on_disk (self, WORD));
  g_assert_false (is_on_disk (self, "number1500"));
  g_assert_true (is_on_disk (self, "stays"));
  assert_in_order (self);
}

/* --- A damaged index ------------------------------------------------------------------------- */

/* Something went wrong below SQLite, once: the words of the index are not what they were. */
static void
damage_index (Fixture *self)
{
  sqlite3 *handle = kith_database_get_handle (self->database);

  index_all (self);
  g_assert_cmpint (sqlite3_db_config (handle, SQLITE_DBCONFIG_DEFENSIVE, 0, NULL), ==, SQLITE_OK);
  g_assert_true (kith_database_exec (self->database,
                                     "UPDATE message_text_data SET block = X'00FFFFFFFF0102'"
                                     " WHERE id > 10", NULL));
  g_assert_true (kith_database_close (self->database, NULL));
  self->database = kith_database_open (self->path, self->key, NULL);
  g_assert_nonnull (self->database);
}

static KithStore *
open_store (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  KithStore *store;

  g_assert_true (kith_database_close (self->database, NULL));
  store = kith_store_open (self->path, self->key, &error);
  g_assert_no_error (error);
  return store;
}

static void
take_back (Fixture *self, KithStore *store)
{
  kith_test_close (store);
  self->database = kith_database_open (self->path, self->key, NULL);
  g_assert_nonnull (self->database);
  index_all (self);
  assert_in_order (self);
}

/* A change of message @number of conversation 2, with @text or to be deleted. */
static void
change_one (Fixture *self, guint number, const char *text)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (2, number, FALSE, "");
  KithStoreChange change = { .hlc = 1, .time_ms = 1, .text = (char *) text, .deletion = KITH_STORE_DELETED };

  memcpy (change.identity, row.identity, sizeof change.identity);
  memcpy (change.id, row.id, sizeof change.id);
  if (text != NULL)
    kith_store_batch_edit_message (batch, &change);
  else
    kith_store_batch_delete_message (batch, &change);
  apply (self, batch);
}

/* One that disappears, between the others. */
static void
add_fleeting (Fixture *self, guint number, const char *text)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (2, number, FALSE, text);

  row.ttl_s = 30;
  row.expires_ms = 100;
  kith_store_batch_add_message (batch, &row);
  apply (self, batch);
}

static void
expire (Fixture *self)
{
  g_autoptr (KithStore) store = open_store (self);
  g_autoptr (GAsyncResult) expired = NULL;
  g_autoptr (GError) error = NULL;
  gint64 next_ms;

  kith_store_expire_async (store, 200, kith_test_result_cb, &expired);
  g_assert_true (kith_store_expire_finish (store, kith_test_await (&expired), &next_ms, &error));
  g_assert_no_error (error);
  take_back (self, store);
}

/* The same of single ones: edited, deleted, disappeared; nothing of their text is in any
 * page of the file. */
static void
test_nothing_is_left_of_one (Fixture *self, gconstpointer data)
{
  static const char *const words[] = { "zebraedited", "zebradeleted", "zebrafleeting" };

  add (self, 1, 1, 600, "stays");
  add (self, 2, 1001, 1001, words[0]);
  add (self, 2, 1002, 1002, words[1]);
  add_fleeting (self, 1003, words[2]);
  add (self, 1, 2001, 2600, "stays");
  index_all (self);
  g_assert_true (kith_database_checkpoint (self->database, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_true (is_on_disk (self, words[i]));

  change_one (self, 1001, "mended");
  change_one (self, 1002, NULL);
  expire (self);
  sweep_all (self);
  g_assert_true (kith_database_checkpoint (self->database, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_false (is_on_disk (self, words[i]));
  /* Of a word of the index another may have the beginning: what is left of it begins where they differ. */
  g_assert_false (is_on_disk (self, "raedited"));
  g_assert_false (is_on_disk (self, "radeleted"));
  g_assert_true (is_on_disk (self, "mended"));
  g_assert_true (is_on_disk (self, "stays"));
  assert_in_order (self);
}

static void
index_older (Fixture *self)
{
  g_autoptr (GError) error = NULL;

  while (kith_store_index_some (self->database, KITH_LIMIT_SEARCH_RECENT, &error))
    ;
  g_assert_no_error (error);
}

static gint64
index_changes (Fixture *self)
{
  return kith_database_get_int (self->database, "SELECT sum (length (block)) + max (id) FROM message_text_data", -1);
}

/* The newest come into the index late: whoever mends or deletes one of them leaves it as it is, and nothing of the text. */
static void
test_nothing_is_left_of_recent (Fixture *self, gconstpointer data)
{
  static const char *const words[] = { "zebraedited", "zebradeleted" };
  gint64 before;

  add (self, 1, 1, 2000, "stays");
  add (self, 2, 3001, 3001, words[0]);
  add (self, 2, 3002, 3002, words[1]);
  index_older (self);
  g_assert_true (kith_database_checkpoint (self->database, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_true (is_on_disk (self, words[i]));

  before = index_changes (self);
  change_one (self, 3001, "mended");
  change_one (self, 3002, NULL);
  g_assert_cmpint (kith_database_get_int (self->database, "SELECT count (*) FROM conversation"
                                                          " WHERE identity IS NULL", -1), ==, 0);
  g_assert_cmpint (index_changes (self), ==, before);
  g_assert_true (kith_database_checkpoint (self->database, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_false (is_on_disk (self, words[i]));
  assert_in_order (self);
  index_all (self);
  assert_in_order (self);
}

/* Who searches finds everything, as if nothing had been. */
static void
test_damaged_search (Fixture *self, gconstpointer data)
{
  g_autoptr (KithStore) store = NULL;
  g_autoptr (GPtrArray) hits = NULL;

  add (self, 1, 1, 1200, "zebra");
  damage_index (self);
  store = open_store (self);
  hits = kith_test_search (store, "zebra number7", 0, NULL, 2000);
  g_assert_cmpuint (hits->len, ==, 111);
  take_back (self, store);
}

/* What is deleted is taken out of the index as well: that must not fail because of it. */
static void
test_damaged_delete (Fixture *self, gconstpointer data)
{
  g_autoptr (KithStore) store = NULL;
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autoptr (GPtrArray) hits = NULL;
  KithStoreMessage row = kith_test_message (1, 7, FALSE, "");
  KithStoreChange change = { .deletion = KITH_STORE_DELETED };

  add (self, 1, 1, 1200, "zebra");
  damage_index (self);
  store = open_store (self);
  kith_test_identity (1, change.identity);
  memcpy (change.id, row.id, sizeof change.id);
  kith_store_batch_delete_message (batch, &change);
  kith_test_must_commit (store, batch);
  hits = kith_test_search (store, "number7", 0, NULL, 2000);
  g_assert_cmpuint (hits->len, ==, 110);
  take_back (self, store);
}

/* What is cleared goes when nothing else is to be done, and new messages go on being found. */
static void
test_damaged_sweep (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add (self, 1, 1, 1200, "zebra");
  damage_index (self);
  clear (self, 1);
  add (self, 2, 2001, 2100, "okapi");
  while (kith_store_sweep (self->database, &error))
    ;
  g_assert_error (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  g_assert_true (kith_store_mend_index (self->database));
  g_assert_false (kith_store_mend_index (self->database));
  index_all (self);
  sweep_all (self);
  assert_in_order (self);
  g_assert_cmpint (kith_database_get_int (self->database,
                                          "SELECT count (*) FROM message_text WHERE message_text"
                                          " MATCH 'okapi'", -1), ==, 100);
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search/words", test_words);
  g_test_add_func ("/search/wide-space", test_wide_space);
  g_test_add_func ("/search/pages", test_pages);
  g_test_add_func ("/search/inside-too", test_inside_too);
  g_test_add_func ("/search/vanishing", test_vanishing);
  g_test_add_func ("/search/vanishing-as-words", test_vanishing_as_words);
  g_test_add_func ("/search/many-vanishing", test_many_vanishing);
  g_test_add_func ("/search/page-after-what-is-gone", test_page_after_what_is_gone);
  g_test_add_func ("/search/page-after-one-id-of-two", test_page_after_one_id_of_two);
  g_test_add_func ("/search/cancelled", test_cancelled);
  g_test_add_func ("/search/invalid", test_invalid);
  g_test_add ("/search/index-and-deletion", Fixture, NULL, set_up, test_index_and_deletion, tear_down);
  for (gsize i = 0; i < G_N_ELEMENTS (index_faults); i++)
    {
      g_autofree char *name = g_strdup_printf ("/search/index-is-compared/%" G_GSIZE_FORMAT, i);

      g_test_add (name, Fixture, index_faults[i], set_up, test_index_is_compared, tear_down);
    }
  g_test_add ("/search/damaged/search", Fixture, NULL, set_up, test_damaged_search, tear_down);
  g_test_add ("/search/damaged/delete", Fixture, NULL, set_up, test_damaged_delete, tear_down);
  g_test_add ("/search/damaged/sweep", Fixture, NULL, set_up, test_damaged_sweep, tear_down);
  g_test_add ("/search/nothing-is-left", Fixture, NULL, set_up, test_nothing_is_left, tear_down);
  g_test_add ("/search/nothing-is-left-of-recent", Fixture, NULL, set_up, test_nothing_is_left_of_recent, tear_down);
  g_test_add ("/search/nothing-is-left-of-one", Fixture, NULL, set_up, test_nothing_is_left_of_one, tear_down);
  return g_test_run ();
}
