/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching in the newest messages, which are not in the index yet: nobody can tell the difference. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <string.h>

#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-store.h"
#include "store/kith-store-private.h"

static void
add_text (KithStore *store, guint8 who, guint number, const char *text)
{
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  KithStoreMessage row = kith_test_message (who, number, FALSE, text);

  kith_store_batch_add_message (batch, &row);
  kith_test_must_commit (store, batch);
}

/* (transfer full): what is marked as found */
static char *
dup_marked (const KithStoreHit *hit)
{
  GString *marked = g_string_new (NULL);

  for (guint i = 0; i < hit->n_ranges; i++)
    {
      const char *start = hit->snippet + hit->ranges[2 * i];

      g_string_append_printf (marked, "[%.*s]", (int) (hit->ranges[2 * i + 1] - hit->ranges[2 * i]), start);
    }
  return g_string_free (marked, FALSE);
}

/* The same messages are found by the same words, in the same order and with the same marks. */
static void
test_as_in_the_index (void)
{
  static const char *const texts[] = {
    "The quick brown fox", "Brown bread, café", "hyphen-ated, snake_case, don't", "Cafe\xcc\x81 ÉCOLE",
    "a1b2 c3", "ﬁsh and Größe", "", "... !", "fox quick", "我们在北京见面 at noon", "brown, browner, brownest",
  };
  static const char *const queries[] = {
    "bro fo", "brown", "\"quick brown\"", "\"brown quick\"", "\"quick bro", "CAFE", "ecole", "don't", "case",
    "\"snake case\"", "c3 a1", "b2", "grosse", "fish", "q", "\"q\"", "fox fox", "noon\"at\"", "京面", "none",
  };
  g_autoptr (KithStore) indexed = kith_store_new_in_memory ();
  g_autoptr (KithStore) recent = kith_store_new_in_memory ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      add_text (indexed, 1 + i % 2, i + 1, texts[i]);
      add_text (recent, 1 + i % 2, i + 1, texts[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (queries) * 2; i++)
    {
      const char *query = queries[i / 2];
      g_autoptr (GPtrArray) expected = kith_test_search (indexed, query, i % 2, NULL, 50);
      g_autoptr (GPtrArray) hits = kith_test_find (recent, query, i % 2, NULL, 50);

      g_test_message ("%s: %u", query, expected->len);
      g_assert_cmpuint (hits->len, ==, expected->len);
      for (guint j = 0; j < hits->len; j++)
        {
          g_autofree char *wanted = dup_marked (g_ptr_array_index (expected, j));
          g_autofree char *marked = dup_marked (g_ptr_array_index (hits, j));

          g_assert_cmpstr (marked, ==, wanted);
        }
    }
}

static void
assert_number (const KithStoreHit *hit, guint number)
{
  KithStoreMessage expected = kith_test_message (1, number, FALSE, "");

  g_assert_cmpmem (hit->message->id, sizeof hit->message->id, expected.id, sizeof expected.id);
}

/* Page after page, over the end of the index, which moves meanwhile. */
static void
test_over_the_border (void)
{
  const guint n = 3 * KITH_LIMIT_SEARCH_RECENT;
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (GPtrArray) page = NULL;
  guint expected = n;

  kith_test_add (store, 1, 1, n, FALSE);
  while (expected > 0)
    {
      const KithStoreHit *last = page != NULL ? g_ptr_array_index (page, page->len - 1) : NULL;
      GPtrArray *hits = kith_test_find (store, "text", 0, last != NULL ? last->message : NULL, 70);

      g_assert_cmpuint (hits->len, >, 0);
      for (guint i = 0; i < hits->len; i++)
        assert_number (g_ptr_array_index (hits, i), expected--);
      g_clear_pointer (&page, g_ptr_array_unref);
      page = hits;
      /* More come, and the index grows. */
      kith_test_add (store, 2, n + 100 * expected + 1, n + 100 * expected + 100, FALSE);
    }
}

typedef struct
{
  KithStore *store;
  gboolean   is_over;    /* what goes on beside it ... */
  gboolean   is_waiting; /* ... which still is to come back */
  guint      n_commits;
} Beside;

static void commit_beside (Beside *self);

static void
committed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Beside *self = user_data;

  g_assert_true (kith_store_commit_finish (KITH_STORE (source), result, NULL));
  self->n_commits++;
  commit_beside (self);
}

/* One after the other. */
static void
commit_beside (Beside *self)
{
  self->is_waiting = !self->is_over;
  if (self->is_waiting)
    kith_store_commit_async (self->store, kith_store_batch_new (), NULL, committed_cb, self);
}

/* Whoever writes the longest texts does not have others wait while all of them are read; nothing of them is left out.
 * @ttl_s: for those that never come into the index */
static void
test_long_texts (gconstpointer data)
{
  const guint n = 600;
  const guint n_rare = 30;
  const guint n_phases = 10; /* more than there are */
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  g_autoptr (KithStoreBatch) batch = kith_store_batch_new ();
  g_autofree char *long_text = g_malloc (KITH_LIMIT_MESSAGE_TEXT_BYTES + 1);
  g_autofree char *rare = NULL;
  g_autoptr (GPtrArray) hits = NULL;
  Beside beside = { .store = store };

  for (guint i = 0; i < KITH_LIMIT_MESSAGE_TEXT_BYTES; i++)
    long_text[i] = i % 8 == 7 ? ' ' : (char) ('a' + i % 8);
  long_text[KITH_LIMIT_MESSAGE_TEXT_BYTES] = '\0';
  rare = g_strconcat (long_text, "needle", NULL);
  for (guint i = 1; i <= n; i++)
    {
      KithStoreMessage row = kith_test_message (1, i, FALSE, i % n_rare == 0 ? rare : long_text);

      row.ttl_s = GPOINTER_TO_UINT (data);
      kith_store_batch_add_message (batch, &row);
    }
  kith_test_must_commit (store, batch);

  commit_beside (&beside);
  hits = kith_test_find (store, "needle", 0, NULL, n);
  beside.is_over = TRUE;
  g_assert_cmpuint (hits->len, ==, n / n_rare);
  for (guint i = 0; i < hits->len; i++)
    assert_number (g_ptr_array_index (hits, i), n - i * n_rare);
  g_assert_cmpuint (beside.n_commits, >, n_phases);
  while (beside.is_waiting)
    g_main_context_iteration (NULL, TRUE);
}

/* @data: how often the queue comes round before: each slice of a search is one round */
static gboolean
index_later_job (KithDatabase *database, GTask *task)
{
  guint *rounds = g_task_get_task_data (task);

  if (*rounds > 0)
    {
      (*rounds)--;
      return TRUE;
    }

  while (kith_store_index_some (database, 0, NULL))
    ;
  g_task_return_boolean (task, TRUE);
  return FALSE;
}

/* Whenever it is that the newest come into the index, each is found once. */
static void
test_indexed_meanwhile (void)
{
  const guint n = 20;

  for (guint rounds = 0; rounds < 6; rounds++)
    {
      g_autoptr (KithStore) store = kith_store_new_in_memory ();
      g_autoptr (GAsyncResult) found = NULL;
      g_autoptr (GAsyncResult) indexed = NULL;
      g_autoptr (GPtrArray) hits = NULL;
      g_autoptr (GError) error = NULL;
      GTask *task;

      kith_test_add (store, 1, 1, n, FALSE);
      task = g_task_new (store, NULL, kith_test_result_cb, &indexed);
      g_task_set_task_data (task, g_memdup2 (&rounds, sizeof rounds), g_free);
      kith_store_search_async (store, "text", NULL, NULL, 100, NULL, kith_test_result_cb, &found);
      kith_store_push (store, task, index_later_job);
      hits = kith_store_search_finish (store, kith_test_await (&found), &error);
      g_assert_no_error (error);
      kith_test_await (&indexed);
      g_assert_cmpuint (hits->len, ==, n);
      for (guint i = 0; i < n; i++)
        assert_number (g_ptr_array_index (hits, i), n - i);
    }
}

static gboolean
leave_gap_job (KithDatabase *database, GTask *task)
{
  GError *error = NULL;

  kith_database_exec (database, "UPDATE sqlite_sequence SET seq = 0xffffffffffff0 WHERE name = 'message'", &error);
  g_assert_no_error (error);
  g_task_return_boolean (task, TRUE);
  return FALSE;
}

/* A backup says which numbers its messages have: what is between them is not looked through. */
static void
test_gap (void)
{
  g_autoptr (KithStore) store = kith_store_new_in_memory ();
  GAsyncResult *done = NULL;

  add_text (store, 1, 1, "The quick brown fox");
  kith_store_push (store, g_task_new (NULL, NULL, kith_test_result_cb, &done), leave_gap_job);
  kith_test_await (&done);
  add_text (store, 1, 2, "Brown bread");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GPtrArray) words = kith_test_find (store, "brown", 1, NULL, 50);
      g_autoptr (GPtrArray) inside = kith_test_find (store, "row", 0, NULL, 50);

      g_assert_cmpuint (words->len, ==, 2);
      g_assert_cmpuint (inside->len, ==, 2);
      kith_test_index (store);
    }
}

int
main (int argc, char *argv[])
{
  if (!kith_init ())
    return 1;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/search-recent/as-in-the-index", test_as_in_the_index);
  g_test_add_func ("/search-recent/over-the-border", test_over_the_border);
  g_test_add_data_func ("/search-recent/long-texts", GUINT_TO_POINTER (0), test_long_texts);
  g_test_add_data_func ("/search-recent/long-texts-that-disappear", GUINT_TO_POINTER (3600), test_long_texts);
  g_test_add_func ("/search-recent/indexed-meanwhile", test_indexed_meanwhile);
  g_test_add_func ("/search-recent/gap", test_gap);
  return g_test_run ();
}
