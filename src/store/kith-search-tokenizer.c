/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-search-tokenizer.h"

#include "base/kith-error.h"

typedef int (*TokenFunc) (void *context, int flags, const char *token, int n, int start, int end);

/* Ours wraps one of unicode61 for everything between CJK characters. */
typedef struct
{
  fts5_tokenizer methods;
  Fts5Tokenizer *words;
} Tokenizer;

typedef struct
{
  void     *context;
  TokenFunc report;
  int       offset; /* of the run in the whole text, in bytes */
} Run;

/* Whether @c is written without spaces between words. */
static gboolean
stands_alone (gunichar c)
{
  return (c >= 0x2e80 && c <= 0x9fff) || (c >= 0xac00 && c <= 0xd7af) || (c >= 0xf900 && c <= 0xfaff)
         || (c >= 0xff66 && c <= 0xff9f) || (c >= 0x20000 && c <= 0x3ffff);
}

static int
tokenizer_create (void *user_data, const char **arguments, int n_arguments, Fts5Tokenizer **out)
{
  static const char *words_arguments[] = { "remove_diacritics", "2" };
  fts5_api *api = user_data;
  Tokenizer *self = g_new0 (Tokenizer, 1);
  void *words_data;
  int rc = api->xFindTokenizer (api, "unicode61", &words_data, &self->methods);

  if (rc == SQLITE_OK)
    rc = self->methods.xCreate (words_data, words_arguments, G_N_ELEMENTS (words_arguments),
                                &self->words);
  if (rc != SQLITE_OK)
    {
      g_free (self);
      return rc;
    }

  *out = (Fts5Tokenizer *) self;
  return SQLITE_OK;
}

static void
tokenizer_delete (Fts5Tokenizer *tokenizer)
{
  Tokenizer *self = (Tokenizer *) tokenizer;

  self->methods.xDelete (self->words);
  g_free (self);
}

static int
report_word (void *context, int flags, const char *token, int n, int start, int end)
{
  Run *run = context;

  return run->report (run->context, flags, token, n, run->offset + start, run->offset + end);
}

/* The character at @at, and its length; stored text is valid UTF-8, but SQLite may be given more. */
static int
decode (const char *at, int n, gunichar *c)
{
  gunichar decoded = g_utf8_get_char_validated (at, n);

  if (decoded == (gunichar) -1 || decoded == (gunichar) -2)
    {
      *c = 0xfffd;
      return 1;
    }

  *c = decoded;
  return g_utf8_skip[(guchar) *at];
}

static int
tokenizer_tokenize (Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int n,
                    TokenFunc report)
{
  Tokenizer *self = (Tokenizer *) tokenizer;
  Run run = { context, report, 0 };
  int start = 0;
  int rc = SQLITE_OK;

  for (int at = 0; at <= n && rc == SQLITE_OK;)
    {
      gunichar c = 0;
      int len = at < n ? decode (text + at, n - at, &c) : 1;
      gboolean is_cjk = at < n && stands_alone (c);

      if ((at == n || is_cjk) && at > start)
        {
          run.offset = start;
          rc = self->methods.xTokenize (self->words, &run, flags, text + start, at - start,
                                        report_word);
        }
      if (rc == SQLITE_OK && is_cjk)
        rc = report (context, 0, text + at, len, at, at + len);
      at += len;
      if (is_cjk)
        start = at;
    }

  return rc;
}

static fts5_api *
find_api (sqlite3 *handle)
{
  fts5_api *api = NULL;
  sqlite3_stmt *statement = NULL;

  if (sqlite3_prepare_v2 (handle, "SELECT fts5 (?1)", -1, &statement, NULL) == SQLITE_OK)
    {
      sqlite3_bind_pointer (statement, 1, &api, "fts5_api_ptr", NULL);
      sqlite3_step (statement);
    }
  sqlite3_finalize (statement);
  return api;
}

/**
 * kith_search_tokenizer_register:
 * @handle: a connection
 * @error: return location for a #GError: %KITH_ERROR_FAILED
 *
 * Returns: %FALSE when this SQLite has no full-text search
 */
gboolean
kith_search_tokenizer_register (sqlite3 *handle, GError **error)
{
  static const fts5_tokenizer methods = { tokenizer_create, tokenizer_delete, tokenizer_tokenize };
  fts5_api *api = find_api (handle);

  if (api != NULL
      && api->xCreateTokenizer (api, "kith", api, (fts5_tokenizer *) &methods, NULL) == SQLITE_OK)
    return TRUE;

  g_set_error_literal (error, KITH_ERROR, KITH_ERROR_FAILED,
                       "The SQLite library of this system has no full-text search (FTS5)");
  return FALSE;
}

/**
 * kith_search_tokenizer_make:
 * @handle: a connection that knows it
 * @methods: (out): how to use it, and to free it
 * @tokenizer: (out): the tokenizer
 *
 * Returns: %FALSE when there is no memory
 */
gboolean
kith_search_tokenizer_make (sqlite3 *handle, fts5_tokenizer *methods, Fts5Tokenizer **tokenizer)
{
  fts5_api *api = find_api (handle);
  void *data = NULL;

  return api != NULL && api->xFindTokenizer (api, "kith", &data, methods) == SQLITE_OK
         && methods->xCreate (data, NULL, 0, tokenizer) == SQLITE_OK;
}
