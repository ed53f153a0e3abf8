/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The index that makes searching quick.
 *
 * Messages are put into the index in batches, after they were committed and acknowledged: that is
 * several times as fast as one by one. search_mark says how far it has got.
 *
 * The newest stay out of it for a while, and are read by a search: they are edited and deleted most, and words leave the
 * index for good only when all of it is written anew.
 *
 * Messages that disappear are not in the index: their words could only be taken out of it for good by
 * writing all of it anew, each time that one of them goes. */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "base/kith-limits.h"
#include "store/kith-database-private.h"
#include "store/kith-store-private.h"

#define INDEX_MESSAGES 500

/* @n_kept_out: the newest that stay out of it; more of them, until they are worth a batch */
static gboolean
is_indexed (KithDatabase *database, guint n_kept_out)
{
  gint64 n_behind = kith_database_get_int (database,
                                           "SELECT (SELECT coalesce (max (number), 0) FROM message)"
                                           " - (SELECT number FROM search_mark)",
                                           0);

  return n_behind < (n_kept_out > 0 ? n_kept_out + INDEX_MESSAGES : 1);
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

/**
 * kith_store_index_some:
 * @database: a database, not in a transaction
 * @n_kept_out: how many of the newest messages stay out of the index: %KITH_LIMIT_SEARCH_RECENT, or 0 for none
 * @error: return location for a #GError: those of kith_database_exec()
 *
 * Puts a batch of messages into the index.
 *
 * Returns: whether there are more
 */
gboolean
kith_store_index_some (KithDatabase *database, guint n_kept_out, GError **error)
{
  g_autoptr (GError) local = NULL;

  if (is_indexed (database, n_kept_out))
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

  return !is_indexed (database, n_kept_out);
}
