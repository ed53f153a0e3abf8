/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-index.h"

/* The check of FTS5 itself looks at the structure alone, or at every message: here some belong into the
 * index and some do not yet, or never. */
#define FRESH                                                                                            \
  "CREATE VIRTUAL TABLE temp.fresh USING fts5 (text, tokenize = 'kith');"                                \
  "INSERT INTO temp.fresh (rowid, text) SELECT number, text FROM message"                                \
  " WHERE number <= (SELECT number FROM search_mark) AND ttl_s = 0;"                                     \
  "CREATE VIRTUAL TABLE temp.fresh_word USING fts5vocab ('temp', 'fresh', 'instance');"                  \
  "CREATE VIRTUAL TABLE temp.our_word USING fts5vocab ('main', 'message_text', 'instance');"

#define DROP                                                                                             \
  "DROP TABLE temp.fresh_word; DROP TABLE temp.our_word; DROP TABLE temp.fresh;"

#define WORDS(table) "SELECT term, doc, \"offset\" FROM temp." table

#define N_MISSING "SELECT count (*) FROM (" WORDS ("fresh_word") " EXCEPT " WORDS ("our_word") ")"
#define N_STRAY "SELECT count (*) FROM (" WORDS ("our_word") " EXCEPT " WORDS ("fresh_word") ")"

/* An index that has each word twice is the same as a set. */
#define N_TWICE "SELECT (SELECT count (*) FROM temp.our_word) - (SELECT count (*) FROM temp.fresh_word)"

/* How long each row is, and all of them together: what a word that is taken out and never was in makes
 * wrong. The sum of none is written in two ways. */
#define ROWS(table) "SELECT id, sz FROM " table "_docsize"
#define N_ROWS                                                                                           \
  "SELECT count (*) FROM (" ROWS ("main.message_text") " EXCEPT " ROWS ("temp.fresh") " UNION ALL"       \
  " SELECT * FROM (" ROWS ("temp.fresh") " EXCEPT " ROWS ("main.message_text") "))"
#define SUM(table) "(SELECT block FROM " table "_data WHERE id = 1)"
#define N_SUMS                                                                                           \
  "SELECT " SUM ("main.message_text") " IS NOT " SUM ("temp.fresh")                                      \
  " AND EXISTS (SELECT 1 FROM temp.fresh_docsize)"

static char *
compare (KithDatabase *database)
{
  static const struct
  {
    const char *sql;
    const char *what;
  } checks[] = {
    { N_MISSING, "words are missing" },
    { N_STRAY, "words are in no message" },
    { N_TWICE, "words are there twice" },
    { N_ROWS, "rows have another length" },
    { N_SUMS, "sum is wrong" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (checks); i++)
    {
      gint64 n = kith_database_get_int (database, checks[i].sql, -1);

      if (n != 0)
        return g_strdup_printf ("the search index: %" G_GINT64_FORMAT " %s", n, checks[i].what);
    }

  return NULL;
}

char *
kith_test_compare_index (KithDatabase *database)
{
  g_autoptr (GError) error = NULL;
  char *fault;

  if (!kith_database_exec (database, "INSERT INTO message_text (message_text) VALUES ('integrity-check')",
                           &error)
      || !kith_database_exec (database, FRESH, &error))
    return g_strdup_printf ("the search index: %s", error->message);

  fault = compare (database);
  if (!kith_database_exec (database, DROP, &error) && fault == NULL)
    fault = g_strdup_printf ("the search index: %s", error->message);
  return fault;
}
