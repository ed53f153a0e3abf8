/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people write, as it comes into the model and is looked for: names, texts, names of files, what is
 * searched, lines that are typed, addresses. The first byte says which. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "base/kith-endpoint.h"
#include "base/kith-limits.h"
#include "base/kith-text.h"
#include "kith-fuzz.h"
#include "node/kith-command-line.h"
#include "proto/kith-file-name.h"
#include "store/kith-database.h"
#include "store/kith-search-match.h"
#include "store/kith-search-query.h"

static gboolean
is_shown (const char *text)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    if (g_unichar_iscntrl (g_utf8_get_char (at)))
      return FALSE;

  return g_utf8_validate (text, -1, NULL);
}

/* --- Names and texts ------------------------------------------------------------------------ */

static void
try_name (const char *text)
{
  g_autofree char *name = kith_text_sanitize_name (text);
  g_autofree char *again = name != NULL ? kith_text_sanitize_name (name) : NULL;
  g_autofree char *folded = name != NULL ? kith_text_fold_name (name) : NULL;

  if (name == NULL)
    return;

  kith_fuzz_check (*name != '\0' && strlen (name) <= KITH_LIMIT_NAME_BYTES && is_shown (name));
  kith_fuzz_check (g_strcmp0 (again, name) == 0);
  kith_fuzz_check (g_utf8_validate (folded, -1, NULL));
}

static void
try_words (const char *text)
{
  g_autofree char *normal = kith_text_normalize (text);
  g_autofree char *again = kith_text_normalize (normal);
  g_autofree char *request = kith_text_sanitize_request (text);
  g_autofree char *message = kith_text_validate_message (text, NULL);
  g_autofree char *same = message != NULL ? kith_text_validate_message (message, NULL) : NULL;

  kith_fuzz_check (g_utf8_validate (normal, -1, NULL) && g_strcmp0 (normal, again) == 0);
  kith_fuzz_check (is_shown (request)
                   && g_utf8_strlen (request, -1) <= KITH_LIMIT_REQUEST_TEXT_CHARS);
  if (message != NULL)
    kith_fuzz_check (g_utf8_validate (message, -1, NULL)
                     && strlen (message) <= KITH_LIMIT_MESSAGE_TEXT_BYTES
                     && g_strcmp0 (message, same) == 0);
  if (kith_text_is_reaction (text))
    kith_fuzz_check (g_utf8_validate (text, -1, NULL) && strlen (text) <= KITH_LIMIT_REACTION_BYTES);
}

/* --- Files ---------------------------------------------------------------------------------- */

static void
check_file_name (const char *name)
{
  g_autofree char *again = kith_file_name_sanitize (name);
  g_autofree char *numbered = kith_file_name_with_number (name, 2);

  kith_fuzz_check (*name != '\0' && *name != '.' && strpbrk (name, "/\\") == NULL);
  kith_fuzz_check (strlen (name) <= KITH_LIMIT_FILE_NAME_BYTES && is_shown (name));
  kith_fuzz_check (g_strcmp0 (again, name) == 0);
  kith_fuzz_check (strpbrk (numbered, "/\\") == NULL && *numbered != '.'
                   && g_utf8_validate (numbered, -1, NULL)
                   && strlen (numbered) <= KITH_LIMIT_FILE_NAME_BYTES);
}

static void
try_file (const char *text)
{
  g_autofree char *name = kith_file_name_sanitize (text);
  g_autofree char *path = kith_file_path_sanitize (text);
  g_autofree char *type = kith_file_type_sanitize (text);
  g_auto (GStrv) parts = g_strsplit (path != NULL ? path : "", "/", -1);

  if (name != NULL)
    check_file_name (name);
  for (char **part = parts; *part != NULL; part++)
    check_file_name (*part);
  kith_fuzz_check (type == NULL || is_shown (type));
}

/* --- Searching ------------------------------------------------------------------------------ */

/* A real index, with one message. */
static KithDatabase *
get_database (void)
{
  static KithDatabase *database;

  if (database == NULL)
    {
      database = kith_database_open (NULL, NULL, NULL);
      kith_fuzz_check (database != NULL
                       && kith_database_exec (database,
                                              "CREATE TABLE fuzz (number INTEGER PRIMARY KEY, text TEXT);"
                                              "CREATE VIRTUAL TABLE fuzz_text USING fts5 (text,"
                                              " content = 'fuzz', content_rowid = 'number',"
                                              " tokenize = 'kith', prefix = '2 3')",
                                              NULL));
    }
  return database;
}

static void
check_ranges (const char *text, const guint *ranges, guint n)
{
  for (guint i = 0; i < n; i++)
    kith_fuzz_check (ranges[i] <= strlen (text) && (i == 0 || ranges[i] >= ranges[i - 1])
                     && g_utf8_validate (text, (gssize) ranges[i], NULL));
}

static void
take_snippet (sqlite3_stmt *statement)
{
  g_autofree char *snippet = g_strdup ((const char *) sqlite3_column_text (statement, 0));
  g_autoptr (GArray) ranges = NULL;

  if (snippet == NULL)
    return;

  ranges = kith_search_take_marks (snippet);
  kith_fuzz_check (ranges->len % 2 == 0);
  check_ranges (snippet, (const guint *) (gpointer) ranges->data, ranges->len);
}

/* What anybody wrote is in the index; what anybody looks for is never an error. */
static void
try_index (const char *text, const char *wanted)
{
  KithDatabase *database = get_database ();
  g_autofree char *query = kith_search_query_new (wanted);
  sqlite3_stmt *statement;

  kith_fuzz_check (kith_database_exec (database, "BEGIN", NULL));
  kith_fuzz_check (kith_database_run (database, NULL, "INSERT INTO fuzz VALUES (1, ?)", "t", text)
                   && kith_database_run (database, NULL,
                                         "INSERT INTO fuzz_text (rowid, text) VALUES (1, ?)", "t", text));
  if (query != NULL)
    {
      g_autoptr (GError) error = NULL;

      statement = kith_database_prepare (database,
                                         "SELECT snippet (fuzz_text, 0, char (2), char (3), '…', 12)"
                                         " FROM fuzz_text WHERE fuzz_text MATCH ?",
                                         NULL);
      kith_statement_bind (statement, "t", query);
      while (kith_database_step (database, statement, &error))
        take_snippet (statement);
      if (error != NULL)
        g_error ("%s", error->message);
    }
  kith_fuzz_check (kith_database_run (database, NULL, "SELECT kith_contains (?, ?)", "tt", text, wanted));
  kith_fuzz_check (kith_database_exec (database, "ROLLBACK", NULL));
}

static void
try_find (const char *text, const char *wanted)
{
  g_autofree char *folded = kith_search_fold (wanted);
  g_autofree char *snippet = NULL;
  gsize start;
  gsize end;
  guint range[2];

  kith_fuzz_check (g_utf8_validate (folded, -1, NULL));
  if (!kith_search_find (text, folded, &start, &end))
    return;

  kith_fuzz_check (start <= end && end <= strlen (text));
  kith_fuzz_check (g_utf8_validate (text, (gssize) start, NULL) && g_utf8_validate (text, (gssize) end, NULL));
  snippet = kith_search_snippet_new (text, start, end, range);
  check_ranges (snippet, range, 2);
  kith_fuzz_check (range[1] - range[0] == end - start && strpbrk (snippet, "\n\t") == NULL);
}

/* What is looked for, up to the first line break, and in what: both were checked when they came. */
static void
try_search (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\n", 2);

  if (!g_utf8_validate (text, -1, NULL) || parts[0] == NULL)
    return;

  try_index (parts[1] != NULL ? parts[1] : parts[0], parts[0]);
  try_find (parts[1] != NULL ? parts[1] : parts[0], parts[0]);
}

/* --- Lines and addresses -------------------------------------------------------------------- */

static void
try_line (const char *text)
{
  g_auto (KithLine) line = { 0 };
  const char *rest = text;
  guint32 days;

  if (!g_utf8_validate (text, -1, NULL))
    return;

  kith_line_parse (&line, text);
  if (line.kind == KITH_LINE_COMMAND)
    {
      const char *after = line.rest;
      g_autofree char *name = kith_line_complete_command (line.word, &after);

      kith_fuzz_check (name != NULL && after != NULL);
    }
  while (*rest != '\0')
    {
      const char *before = rest;
      g_autofree char *word = kith_line_take_word (&rest);
      g_autofree char *quoted = word != NULL ? kith_line_quote_word (word) : NULL;

      kith_fuzz_check (rest >= before && rest <= text + strlen (text));
      if (word == NULL || rest == before)
        break;
      kith_fuzz_check (g_utf8_validate (word, -1, NULL) && g_utf8_validate (quoted, -1, NULL));
    }
  kith_line_parse_history (text, &days);
}

static void
try_address (const char *text)
{
  KithEndpoint first;
  KithEndpoint second;

  if (kith_endpoint_parse (&first, text, 5484))
    {
      g_autofree char *address = kith_endpoint_dup_address (&first);
      g_autofree char *whole = kith_endpoint_dup_text (&first);

      kith_fuzz_check (kith_endpoint_parse (&second, address, 5484) && kith_endpoint_equal (&first, &second));
      kith_fuzz_check (g_str_is_ascii (whole));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static void (*const tries[]) (const char *text) = {
    try_name, try_words, try_file, try_search, try_line, try_address,
  };
  g_autofree char *text = NULL;

  if (size == 0)
    return 0;

  text = g_strndup ((const char *) data + 1, size - 1);
  tries[data[0] % G_N_ELEMENTS (tries)] (text);
  return 0;
}
