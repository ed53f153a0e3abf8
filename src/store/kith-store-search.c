/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching, and the index that makes it quick.
 *
 * Messages are put into the index in batches, after they were committed and acknowledged: that is
 * several times as fast as one by one. search_mark says how far it has got; a search first brings
 * it up to date. Words and phrases come from the index. What no word begins with is looked for
 * inside of words, by reading the messages from the newest on, a slice at a time.
 *
 * Messages that disappear are not in the index: their words could only be taken out of it for good by
 * writing all of it anew, each time that one of them goes. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "store/kith-database-private.h"
#include "store/kith-search-match.h"
#include "store/kith-search-query.h"
#include "store/kith-store-private.h"

#define INDEX_MESSAGES 500
#define SLICE_MESSAGES 10000 /* read */
#define SLICE_WORDS 50000    /* looked up in the index */
#define PROGRESS_STEPS 20000 /* of SQLite's machine, between two looks whether to stop */

/* --- The index ------------------------------------------------------------------------------ */

static gboolean
is_indexed (KithDatabase *database)
{
  return kith_database_get_int (database,
                                "SELECT (SELECT number FROM search_mark)"
                                " >= (SELECT coalesce (max (number), 0) FROM message)",
                                1)
         != 0;
}

static gboolean
index_batch (KithDatabase *database, GError **error)
{
  gint64 from = kith_database_get_int (database, "SELECT number FROM search_mark", 0);
  gint64 to;

  if (!kith_database_exec (database, "BEGIN IMMEDIATE", error)
      || !kith_database_run (database, error,
                             "INSERT INTO message_text (rowid, text) SELECT number, text"
                             " FROM (SELECT number, text, ttl_s FROM message WHERE number > ?1"
                             " ORDER BY number LIMIT ?2) WHERE ttl_s = 0",
                             "ii", from, (gint64) INDEX_MESSAGES)
      || !kith_database_run (database, error,
                             "UPDATE search_mark SET number = (SELECT max (number) FROM (SELECT"
                             " number FROM message WHERE number > ?1 ORDER BY number LIMIT ?2))",
                             "ii", from, (gint64) INDEX_MESSAGES))
    return FALSE;

  to = kith_database_get_int (database, "SELECT number FROM search_mark", 0);
  return to > from && kith_database_exec (database, "COMMIT", error);
}

static void
roll_back (KithDatabase *database)
{
  if (!sqlite3_get_autocommit (kith_database_get_handle (database)))
    kith_database_exec (database, "ROLLBACK", NULL);
}

/**
 * kith_store_mend_index:
 * @database: a database, not in a transaction
 *
 * Empties the search index when SQLite has found it damaged. Everything in it comes from the messages: it
 * is built again as if they were new. Not again and again, should that not help.
 *
 * Returns: whether what failed because of it may be tried once more
 */
gboolean
kith_store_mend_index (KithDatabase *database)
{
  g_autoptr (GError) error = NULL;

  /* When a page is not what was written it is not for us to write anything. */
  if (!database->is_index_damaged || database->n_mended >= KITH_LIMIT_INDEX_MENDED
      || (database->vfs != NULL && kith_cipher_vfs_is_damaged (database->vfs)))
    return FALSE;

  database->is_index_damaged = FALSE;
  database->n_mended++;
  g_message ("The search index is damaged, and is built anew");
  if (kith_database_exec (database,
                          "BEGIN IMMEDIATE;"
                          "INSERT INTO message_text (message_text) VALUES ('delete-all');"
                          "UPDATE search_mark SET number = 0;"
                          "COMMIT", &error))
    return TRUE;

  g_warning ("The search index cannot be built anew: %s", error->message);
  roll_back (database);
  return FALSE;
}

gboolean
kith_store_index_some (KithDatabase *database, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (is_indexed (database))
    return FALSE;

  if (!index_batch (database, &local))
    {
      roll_back (database);
      if (kith_store_mend_index (database))
        return TRUE;

      if (local != NULL)
        g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }

  return !is_indexed (database);
}

/* --- A search ------------------------------------------------------------------------------- */

typedef enum
{
  PHASE_INDEX,
  PHASE_WORDS,
  PHASE_INSIDE,
} Phase;

typedef struct
{
  char      *query;     /* (owned) (nullable): for FTS5 */
  char      *folded;    /* (owned): for looking inside */
  gboolean   has_identity;
  guint8     identity[KITH_STORE_IDENTITY_BYTES];
  gboolean   has_before;
  guint8     before_id[KITH_STORE_MESSAGE_ID_BYTES];
  guint      limit;
  Phase      phase;
  gint64     below;     /* only rows with a lower number */
  GPtrArray *hits;      /* (owned) KithStoreHit */
} Search;

static void
search_free (Search *search)
{
  g_free (search->query);
  g_free (search->folded);
  g_clear_pointer (&search->hits, g_ptr_array_unref);
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

/* The row before which to go on. Before one that is gone there is nothing: to begin anew would never
 * come to an end. */
static gint64
number_of (KithDatabase *database, const guint8 *id)
{
  sqlite3_stmt *statement =
    kith_database_prepare (database, "SELECT max (number) FROM message WHERE id = ?1", NULL);
  gint64 number = 0;

  if (statement == NULL)
    return number;

  kith_statement_bind (statement, "b", id, (gsize) KITH_STORE_MESSAGE_ID_BYTES);
  if (kith_database_step (database, statement, NULL))
    {
      number = sqlite3_column_int64 (statement, 0);
      sqlite3_reset (statement);
    }
  return number;
}

static void
add_hit (Search *search, KithStoreMessage *message, char *snippet, const guint *ranges,
         guint n_ranges)
{
  KithStoreHit *hit = g_new0 (KithStoreHit, 1);

  hit->message = message;
  hit->snippet = snippet;
  hit->ranges = g_memdup2 (ranges, (gsize) n_ranges * 2 * sizeof *ranges);
  hit->n_ranges = n_ranges;
  g_ptr_array_add (search->hits, hit);
}

static void
take_word_hit (Search *search, sqlite3_stmt *statement)
{
  char *found = kith_column_text (statement, KITH_STORE_MESSAGE_N_COLUMNS);
  char *snippet = found != NULL ? found : g_strdup (""); /* no memory, or a damaged index */
  g_autoptr (GArray) ranges = kith_search_take_marks (snippet);

  add_hit (search, kith_store_read_message (statement), snippet,
           (const guint *) (gpointer) ranges->data, ranges->len / 2);
}

static gboolean
find_words (KithDatabase *database, Search *search, gint64 below, gint64 from, guint limit,
            GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " KITH_STORE_MESSAGE_COLUMNS
    ", snippet (message_text, 0, char (2), char (3), '…', 24)"
    " FROM message_text CROSS JOIN message m ON m.number = message_text.rowid"
    " CROSS JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER
    " WHERE message_text MATCH ?1 AND message_text.rowid < ?2 AND c.identity IS NOT NULL"
    " AND (?3 IS NULL OR c.identity = ?3) AND message_text.rowid >= ?5 AND m.deleted = 0"
    " ORDER BY message_text.rowid DESC LIMIT ?4",
    error);
  g_autoptr (GError) local = NULL;

  if (statement == NULL)
    return FALSE;

  kith_statement_bind (statement, "tibii", search->query, below, identity_or_null (search),
                       (gsize) KITH_STORE_IDENTITY_BYTES, (gint64) limit, from);
  while (kith_database_step (database, statement, &local))
    take_word_hit (search, statement);

  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Whether words are found at all: if so, nothing is looked for inside of others. */
static gboolean
has_words (KithDatabase *database, Search *search, gboolean *has, GError **error)
{
  gboolean is_done = find_words (database, search, G_MAXINT64, 0, 1, error);

  *has = search->hits->len > 0;
  g_ptr_array_set_size (search->hits, 0);
  return is_done;
}

static gint64
start_of (KithDatabase *database, Search *search)
{
  gint64 newest = kith_database_get_int (database, "SELECT max (number) FROM message", 0);
  gint64 below = search->has_before ? number_of (database, search->before_id) : G_MAXINT64;

  return MIN (below, newest + 1);
}

/* Everywhere the index alone finds the newest; in one conversation a common word may be in a million
 * messages of the others, so that is done in slices. Returns: whether there is more to do */
static gboolean
run_words (KithDatabase *database, Search *search, GError **error)
{
  gboolean has = FALSE;
  gint64 from;

  if (search->query != NULL && search->below > 0)
    {
      from = search->has_identity ? MAX (search->below - SLICE_WORDS, 0) : 0;
      if (!find_words (database, search, search->below, from, search->limit - search->hits->len, error))
        return FALSE;
      search->below = from;
      if (from > 0 && search->hits->len < search->limit)
        return TRUE;
    }

  if (search->hits->len > 0)
    return FALSE;
  if (search->query != NULL && search->has_before && (!has_words (database, search, &has, error) || has))
    return FALSE;

  search->phase = PHASE_INSIDE;
  search->below = start_of (database, search);
  return search->below > 0;
}

static void
take_inside_hit (Search *search, sqlite3_stmt *statement)
{
  KithStoreMessage *message = kith_store_read_message (statement);
  gsize start = 0;
  gsize end = 0;
  guint range[2];

  kith_search_find (message->text, search->folded, &start, &end);
  add_hit (search, message, kith_search_snippet_new (message->text, start, end, range), range, 1);
}

/* Looks through one slice. At the end search->below is 0. */
static gboolean
run_inside (KithDatabase *database, Search *search, GError **error)
{
  sqlite3_stmt *statement = kith_database_prepare (
    database,
    "SELECT " KITH_STORE_MESSAGE_COLUMNS
    " FROM message m CROSS JOIN conversation c ON c.id = m.conversation" KITH_STORE_WITH_TRANSFER
    " WHERE m.number < ?1 AND m.number >= ?2 AND kith_contains (m.text, ?3)"
    " AND c.identity IS NOT NULL AND (?4 IS NULL OR c.identity = ?4) AND m.deleted = 0"
    " ORDER BY m.number DESC LIMIT ?5",
    error);
  g_autoptr (GError) local = NULL;
  gint64 from;

  if (statement == NULL)
    return FALSE;

  from = MAX (search->below - SLICE_MESSAGES, 0);
  kith_statement_bind (statement, "iitbi", search->below, from, search->folded,
                       identity_or_null (search), (gsize) KITH_STORE_IDENTITY_BYTES,
                       (gint64) (search->limit - search->hits->len));
  while (kith_database_step (database, statement, &local))
    take_inside_hit (search, statement);

  search->below = from;
  if (local == NULL)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local));
  return FALSE;
}

/* Returns: whether there is more to do */
static gboolean
run_phase (KithDatabase *database, Search *search, GError **error)
{
  switch (search->phase)
    {
    case PHASE_INDEX:
      if (kith_store_index_some (database, error))
        return TRUE;
      search->phase = PHASE_WORDS;
      search->below = start_of (database, search);
      return TRUE;
    case PHASE_WORDS:
      return run_words (database, search, error);
    case PHASE_INSIDE:
      return run_inside (database, search, error) && search->below > 0
             && search->hits->len < search->limit;
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

  if (cancellable != NULL)
    sqlite3_progress_handler (handle, PROGRESS_STEPS, stop_if_cancelled, cancellable);
  has_more = run_phase (database, search, &error);
  sqlite3_progress_handler (handle, 0, NULL, NULL);

  /* From the beginning: what was found so far stands in the same order. */
  if (error != NULL && kith_store_mend_index (database))
    {
      g_clear_error (&error);
      g_ptr_array_set_size (search->hits, 0);
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
                         const guint8 *before_id, guint limit, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  g_autofree char *trimmed = g_strstrip (g_strdup (text));
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
  search->limit = MAX (limit, 1);
  search->hits = g_ptr_array_new_with_free_func ((GDestroyNotify) kith_store_hit_free);
  if (identity != NULL)
    {
      search->has_identity = TRUE;
      memcpy (search->identity, identity, sizeof search->identity);
    }
  if (before_id != NULL)
    {
      search->has_before = TRUE;
      memcpy (search->before_id, before_id, sizeof search->before_id);
    }
  g_task_set_task_data (task, search, (GDestroyNotify) search_free);
  kith_store_push (self, task, search_job);
}

GPtrArray *
kith_store_search_finish (KithStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
