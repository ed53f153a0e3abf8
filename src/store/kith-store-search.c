/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching.
 *
 * First come the messages that have the words and phrases, newest first: from the index, and of the newest and those
 * that disappear, which are not in it, by reading them. When there are no more, those come that have the
 * text inside of a word, newest first, by reading all messages. To which of the two a message belongs can
 * be told from the message alone, so that an answer can go on where the one before ended: none has hits of
 * both. All reading is done a slice at a time. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "base/kith-text.h"
#include "store/kith-database-private.h"
#include "store/kith-search-match.h"
#include "store/kith-search-query.h"
#include "store/kith-search-words.h"
#include "store/kith-store-private.h"

#define SLICE_MESSAGES_MIN 100   /* read, at least and at most */
#define SLICE_MESSAGES_MAX 10000
#define SLICE_US 15000           /* longer than this, and the next slice is a shorter one */
#define SLICE_WORDS 50000        /* looked up in the index */
#define SLICE_VANISHING 2000     /* read that disappear */
#define PROGRESS_STEPS 20000     /* of SQLite's machine, between two looks whether to stop */

typedef enum
{
  PHASE_INDEX,     /* more messages belong into it */
  PHASE_RECENT,    /* the newest, which are not in it yet */
  PHASE_WORDS,     /* in the index */
  PHASE_VANISHING, /* what never comes into it */
  PHASE_INSIDE,
} Phase;

typedef struct
{
  char            *text;   /* (owned): as it was typed */
  char            *query;  /* (owned) (nullable): for FTS5 */
  char            *folded; /* (owned): for looking inside */
  KithSearchWords *words;  /* (owned) (nullable) */
  gboolean         has_identity;
  guint8           identity[KITH_STORE_IDENTITY_BYTES];
  gboolean         has_before;
  KithStoreCursor  before;
  guint            limit;
  Phase            phase;
  gint64           start; /* where the words begin: only rows with a lower number */
  gint64           below; /* how far it has got */
  gint64           slice; /* messages that are looked into next */
  GPtrArray       *hits;  /* (owned) KithStoreHit */
  GArray          *numbers; /* (owned) (element-type gint64): of their rows */
} Search;

static void
search_free (Search *search)
{
  kith_secret_free_text (search->text);
  kith_secret_free_text (search->query);
  kith_secret_free_text (search->folded);
  g_clear_pointer (&search->words, kith_search_words_free);
  g_clear_pointer (&search->hits, g_ptr_array_unref);
  g_array_unref (search->numbers);
  g_free (search);
}

static int
stop_if_cancelled (void *cancellable)
{
  return g_cancellable_is_cancelled (cancellable);
}

static const guint8 *
identity_or_null (const Search *search)
{
  return search->has_identity ? search->identity : NULL;
}

/* @snippet: (transfer full) */
static void
add_hit (Search *search, sqlite3_stmt *statement, char *snippet, const guint *ranges, guint n_ranges)
{
  KithStoreHit *hit = g_new0 (KithStoreHit, 1);
  gint64 number = sqlite3_column_int64 (statement, KITH_STORE_MESSAGE_N_COLUMNS);

  hit->message = kith_store_read_message (statement);
  hit->snippet = snippet;
  hit->ranges = g_memdup2 (ranges, (gsize) n_ranges * 2 * sizeof *ranges);
  hit->n_ranges = n_ranges;
  g_ptr_array_add (search->hits, hit);
  g_array_append_val (search->numbers, number);
}

static gboolean
is_full (const Search *search)
{
  return search->hits->len >= search->limit;
}

/* --- Where it begins ------------------------------------------------------------------------ */

/* The row before which to go on, 0 when it is gone: to begin anew would never come to an end. */
static gint64
find_before (KithDatabase *database, Search *search, gboolean *is_word)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT number, text, deleted FROM message WHERE id = ?1"
    " AND conversation = (SELECT id FROM conversation WHERE identity = ?2) ORDER BY number DESC LIMIT 1",
    NULL);
  gint64 number = 0;

  if (statement == NULL)
    return number;

  kith_statement_bind (statement, "bb", search->before.id, sizeof search->before.id, search->before.identity,
                       sizeof search->before.identity);
  if (kith_database_step (database, statement, NULL))
    {
      g_autoptr (KithSecretText) text = kith_column_text (statement, 1);

      number = sqlite3_column_int64 (statement, 0);
      /* Of what is gone meanwhile nobody knows any more: better a hit twice than one left out. */
      if (sqlite3_column_int (statement, 2) == 0)
        *is_word = text != NULL && search->words != NULL
                   && kith_search_words_find (search->words, text, NULL, NULL);
      sqlite3_reset (statement);
    }
  return number;
}

static gint64
above_newest (KithDatabase *database)
{
  return kith_database_get_int (database, "SELECT max (number) FROM message", 0) + 1;
}

static void
begin (KithDatabase *database, Search *search)
{
  gboolean is_word = search->query != NULL;
  gint64 below = search->has_before ? find_before (database, search, &is_word) : above_newest (database);

  search->phase = is_word || below == 0 ? PHASE_RECENT : PHASE_INSIDE;
  search->below = search->start = below;
}

/* Behind the newest message that is older than @below, 0 when there is none. Numbers of what a backup had may lie as far
 * apart as they like: slices of nothing would never come to an end. */
static gint64
skip_gap (KithDatabase *database, gint64 below)
{
  sqlite3_stmt *statement =
    kith_database_prepare (database, "SELECT max (number) + 1 FROM message WHERE number < ?1", NULL);

  if (statement == NULL)
    return below;

  kith_statement_bind (statement, "i", below);
  if (!kith_database_step (database, statement, NULL))
    return below;

  below = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return below;
}

/* --- Words ---------------------------------------------------------------------------------- */

static void
take_word_hit (Search *search, sqlite3_stmt *statement)
{
  char *found = kith_column_text (statement, KITH_STORE_MESSAGE_N_COLUMNS + 1);
  char *snippet = found != NULL ? found : g_strdup (""); /* no memory, or a damaged index */
  g_autoptr (GArray) ranges = kith_search_take_marks (snippet);

  add_hit (search, statement, snippet, (const guint *) (gpointer) ranges->data, ranges->len / 2);
}

static gboolean
find_words (KithDatabase *database, Search *search, gint64 from, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " KITH_STORE_MESSAGE_COLUMNS
    ", m.number, snippet (message_text, 0, char (2), char (3), '…', 24)"
    " FROM message_text CROSS JOIN message m ON m.number = message_text.rowid"
    " CROSS JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER
    " WHERE message_text MATCH ?1 AND message_text.rowid < ?2 AND c.identity IS NOT NULL"
    " AND (?3 IS NULL OR c.identity = ?3) AND message_text.rowid >= ?5 AND m.deleted = 0"
    " ORDER BY message_text.rowid DESC LIMIT ?4",
    error);
  g_autoptr (GError) local = NULL;

  if (statement == NULL)
    return FALSE;

  kith_statement_bind (statement, "tibii", search->query, search->below, identity_or_null (search),
                       (gsize) KITH_STORE_IDENTITY_BYTES, (gint64) (search->limit - search->hits->len),
                       from);
  while (kith_database_step (database, statement, &local))
    take_word_hit (search, statement);

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Everywhere the index alone finds the newest; in one conversation a common word may be in a million
 * messages of the others, so that is done in slices. */
static gboolean
run_words (KithDatabase *database, Search *search, GError **error)
{
  gint64 from;

  if (search->has_identity)
    search->below = skip_gap (database, search->below);
  from = search->has_identity ? MAX (search->below - SLICE_WORDS, 0) : 0;
  if (search->below > 0 && search->query != NULL && !find_words (database, search, from, error))
    return FALSE;

  search->below = from;
  if (from == 0 || is_full (search))
    {
      search->phase = PHASE_VANISHING;
      search->below = search->start;
    }
  return TRUE;
}

/* --- Words of what is not in the index ------------------------------------------------------ */

/* All places of them are marked, as the index does it. */
static void
take_if_words (Search *search, sqlite3_stmt *statement)
{
  const char *text = (const char *) sqlite3_column_text (statement, KITH_STORE_MESSAGE_N_COLUMNS + 1);
  g_autoptr (GArray) ranges = NULL;
  char *snippet;
  gsize start = 0;
  gsize end = 0;
  guint range[2];

  if (text == NULL || !kith_search_words_find (search->words, text, &start, &end))
    return;

  snippet = kith_search_snippet_new (text, start, end, range);
  ranges = kith_search_words_mark (search->words, snippet);
  if (ranges->len == 0)
    g_array_append_vals (ranges, range, 2);
  add_hit (search, statement, snippet, (const guint *) (gpointer) ranges->data, ranges->len / 2);
}

/* Looks for the words in the texts of @statement, the newest first, until the answer is full (if it is to end then), or
 * it was much to read: whoever writes to us decides how long texts are, and commits wait meanwhile.
 *
 * Returns: the lowest number that was read; 0 when it was all of them */
static gint64
read_texts (KithDatabase *database, Search *search, sqlite3_stmt *statement, gboolean until_full, GError **error)
{
  gsize n_bytes = 0;
  gint64 number = 0;

  while (!(until_full && is_full (search)))
    {
      if (!kith_database_step (database, statement, error))
        return 0;

      number = sqlite3_column_int64 (statement, KITH_STORE_MESSAGE_N_COLUMNS);
      n_bytes += (gsize) sqlite3_column_bytes (statement, KITH_STORE_MESSAGE_N_COLUMNS + 1);
      take_if_words (search, statement);
      if (n_bytes >= KITH_LIMIT_SEARCH_SLICE_BYTES)
        break;
    }

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return number;
}

/* All of them are newer than what is in the index: they come first. A batch that comes into it between two slices must
 * not be found twice. */
static gboolean
find_recent (KithDatabase *database, Search *search, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " KITH_STORE_MESSAGE_COLUMNS ", m.number, m.text"
    " FROM message m CROSS JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER
    " WHERE m.number > ?1 AND m.number < ?2 AND m.ttl_s = 0"
    " AND c.identity IS NOT NULL AND (?3 IS NULL OR c.identity = ?3) AND m.deleted = 0"
    " ORDER BY m.number DESC",
    error);
  gint64 mark = kith_database_get_int (database, "SELECT number FROM search_mark", 0);
  g_autoptr (GError) local = NULL;
  gint64 number;

  if (statement == NULL)
    return FALSE;

  kith_statement_bind (statement, "iib", mark, search->below, identity_or_null (search),
                       (gsize) KITH_STORE_IDENTITY_BYTES);
  number = read_texts (database, search, statement, TRUE, &local);
  if (local != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  /* The next slice goes on there, unless that is in the index by then. */
  if (number > 0 && !is_full (search))
    search->below = number;
  else
    {
      search->below = MIN (search->below, mark + 1);
      search->phase = PHASE_WORDS;
    }
  return TRUE;
}

static gboolean
run_recent (KithDatabase *database, Search *search, GError **error)
{
  if (search->words != NULL)
    return find_recent (database, search, error);

  search->phase = PHASE_WORDS;
  return TRUE;
}

/* Where the slice of the next @SLICE_VANISHING ends that disappear. */
static gint64
end_of_slice (KithDatabase *database, gint64 below)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT number FROM message INDEXED BY message_vanishing WHERE ttl_s <> 0 AND deleted = 0 AND number < ?1"
    " ORDER BY number DESC LIMIT 1 OFFSET ?2",
    NULL);
  gint64 number = 0;

  if (statement == NULL)
    return 0;

  kith_statement_bind (statement, "ii", below, (gint64) SLICE_VANISHING - 1);
  if (kith_database_step (database, statement, NULL))
    number = sqlite3_column_int64 (statement, 0);
  sqlite3_reset (statement);
  return number;
}

/* @from: (inout): where the slice ends; higher when it was much to read */
static gboolean
find_vanishing (KithDatabase *database, Search *search, gint64 *from, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " KITH_STORE_MESSAGE_COLUMNS ", m.number, m.text"
    " FROM message m INDEXED BY message_vanishing CROSS JOIN conversation c ON c.id = m.conversation"
    KITH_STORE_WITH_TRANSFER
    " WHERE m.ttl_s <> 0 AND m.number < ?1 AND m.number >= ?2"
    " AND c.identity IS NOT NULL AND (?3 IS NULL OR c.identity = ?3) AND m.deleted = 0"
    " ORDER BY m.number DESC",
    error);
  g_autoptr (GError) local = NULL;
  gint64 number;

  if (statement == NULL)
    return FALSE;

  kith_statement_bind (statement, "iib", search->below, *from, identity_or_null (search),
                       (gsize) KITH_STORE_IDENTITY_BYTES);
  number = read_texts (database, search, statement, FALSE, &local);
  *from = MAX (*from, number);
  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* The hits, newest first, and not more than were asked for. There are few. */
static void
put_in_order (Search *search)
{
  gint64 *numbers = (gint64 *) (gpointer) search->numbers->data;

  for (guint i = 1; i < search->hits->len; i++)
    for (guint j = i; j > 0 && numbers[j - 1] < numbers[j]; j--)
      {
        gint64 number = numbers[j];
        gpointer hit = search->hits->pdata[j];

        numbers[j] = numbers[j - 1];
        numbers[j - 1] = number;
        search->hits->pdata[j] = search->hits->pdata[j - 1];
        search->hits->pdata[j - 1] = hit;
      }

  if (search->hits->len > search->limit)
    {
      g_ptr_array_set_size (search->hits, (gint) search->limit);
      g_array_set_size (search->numbers, search->limit);
    }
}

/* What is older than a full answer is for the next one. */
static gint64
oldest_wanted (Search *search)
{
  return is_full (search) ? g_array_index (search->numbers, gint64, search->limit - 1) + 1 : 0;
}

/* Returns: whether there is more to do */
static gboolean
run_vanishing (KithDatabase *database, Search *search, GError **error)
{
  gint64 oldest = oldest_wanted (search);
  gint64 from = MAX (end_of_slice (database, search->below), oldest);

  if (search->below > from && search->words != NULL && !find_vanishing (database, search, &from, error))
    return FALSE;

  put_in_order (search);
  search->below = from;
  if (from > oldest_wanted (search))
    return TRUE;
  if (search->hits->len > 0 || (search->has_before && search->start == 0))
    return FALSE;

  search->phase = PHASE_INSIDE;
  search->below = above_newest (database);
  return TRUE;
}

/* --- Inside of words ------------------------------------------------------------------------ */

/* Those with the words have come before. */
static gboolean
is_only_inside (Search *search, const char *text, gsize *start, gsize *end)
{
  return kith_search_find (text, search->folded, start, end)
         && (search->words == NULL || !kith_search_words_find (search->words, text, NULL, NULL));
}

static void
take_if_inside (Search *search, sqlite3_stmt *statement)
{
  const char *text = (const char *) sqlite3_column_text (statement, KITH_STORE_MESSAGE_N_COLUMNS + 1);
  gsize start = 0;
  gsize end = 0;
  guint range[2];

  if (text != NULL && is_only_inside (search, text, &start, &end))
    add_hit (search, statement, kith_search_snippet_new (text, start, end, range), range, 1);
}

/* Whoever writes to us decides how long texts are, and commits wait for each slice. */
static void
adapt_slice (Search *search, gint64 took_us)
{
  gint64 wanted = took_us > SLICE_US ? search->slice / 2 : took_us < SLICE_US / 2 ? search->slice * 2 : search->slice;

  search->slice = CLAMP (wanted, SLICE_MESSAGES_MIN, SLICE_MESSAGES_MAX);
}

/* Looks through one slice. Returns: whether there is more to do */
static gboolean
run_inside (KithDatabase *database, Search *search, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " KITH_STORE_MESSAGE_COLUMNS ", m.number, m.text"
    " FROM message m CROSS JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER
    " WHERE m.number < ?1 AND m.number >= ?2 AND kith_contains (m.text, ?3)"
    " AND c.identity IS NOT NULL AND (?4 IS NULL OR c.identity = ?4) AND m.deleted = 0"
    " ORDER BY m.number DESC",
    error);
  gint64 began_us = g_get_monotonic_time ();
  g_autoptr (GError) local = NULL;
  gint64 from;

  if (statement == NULL)
    return FALSE;

  search->below = skip_gap (database, search->below);
  from = MAX (search->below - search->slice, 0);
  kith_statement_bind (statement, "iitb", search->below, from, search->folded,
                       identity_or_null (search), (gsize) KITH_STORE_IDENTITY_BYTES);
  while (!is_full (search) && kith_database_step (database, statement, &local))
    take_if_inside (search, statement);

  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  search->below = from;
  adapt_slice (search, g_get_monotonic_time () - began_us);
  if (local == NULL)
    return from > 0 && !is_full (search);

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* --- A search ------------------------------------------------------------------------------- */

/* Returns: whether there is more to do */
static gboolean
run_phase (KithDatabase *database, Search *search, GError **error)
{
  switch (search->phase)
    {
    case PHASE_INDEX:
      if (!kith_store_index_some (database, KITH_LIMIT_SEARCH_RECENT, error))
        begin (database, search);
      return TRUE;
    case PHASE_RECENT:
      return run_recent (database, search, error);
    case PHASE_WORDS:
      return run_words (database, search, error);
    case PHASE_VANISHING:
      return run_vanishing (database, search, error);
    case PHASE_INSIDE:
      return run_inside (database, search, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static gboolean
search_job (KithDatabase *database, GTask *task)
{
  Search *search = g_task_get_task_data (task);
  sqlite3 *handle = kith_database_get_handle (database);
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;
  gboolean has_more;

  if (search->words == NULL && search->query != NULL)
    search->words = kith_search_words_new (handle, search->text);
  if (cancellable != NULL)
    sqlite3_progress_handler (handle, PROGRESS_STEPS, stop_if_cancelled, cancellable);
  has_more = run_phase (database, search, &error);
  sqlite3_progress_handler (handle, 0, NULL, NULL);

  /* From the beginning: what was found so far stands in the same order. */
  if (error != NULL && kith_store_mend_index (database))
    {
      g_clear_error (&error);
      g_ptr_array_set_size (search->hits, 0);
      g_array_set_size (search->numbers, 0);
      search->phase = PHASE_INDEX;
      has_more = TRUE;
    }

  if (error != NULL)
    g_task_return_error (task, error);
  else if (!has_more)
    g_task_return_pointer (task, g_steal_pointer (&search->hits),
                           (GDestroyNotify) g_ptr_array_unref);
  return error == NULL && has_more;
}

void
kith_store_search_async (KithStore *self, const char *text, const guint8 *identity,
                         const KithStoreCursor *before, guint limit, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (KithSecretText) trimmed = kith_text_trim (g_strdup (text));
  Search *search;

  g_task_set_source_tag (task, kith_store_search_async);
  if (*trimmed == '\0' || strlen (trimmed) > KITH_LIMIT_SEARCH_TEXT_BYTES
      || !g_utf8_validate (trimmed, -1, NULL))
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_INVALID,
                               "There is nothing to search for, or too much");
      g_object_unref (task);
      return;
    }

  search = g_new0 (Search, 1);
  search->query = kith_search_query_new (trimmed);
  search->folded = kith_search_fold (trimmed);
  search->text = g_steal_pointer (&trimmed);
  search->numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  search->limit = MAX (limit, 1);
  search->slice = SLICE_MESSAGES_MAX / 10;
  search->hits = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_hit_free);
  if (identity != NULL)
    {
      search->has_identity = TRUE;
      memcpy (search->identity, identity, sizeof search->identity);
    }
  if (before != NULL)
    {
      search->has_before = TRUE;
      search->before = *before;
    }
  g_task_set_task_data (task, search, (GDestroyNotify) search_free);
  kith_store_push (self, task, search_job);
}

GPtrArray *
kith_store_search_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
