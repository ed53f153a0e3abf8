/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-store"

#include "config.h"

#include "store/kith-search-words.h"

#include <string.h>

#include "base/kith-secret.h"
#include "store/kith-search-query.h"
#include "store/kith-search-tokenizer.h"

/* Where a word is, and what stands for it in the index. */
typedef struct
{
  gsize at; /* in Tokens.bytes */
  gsize len;
  gsize start;
  gsize end;
} Token;

typedef struct
{
  GString *bytes; /* (owned) */
  GArray  *list;  /* (owned) (element-type Token) */
} Tokens;

typedef struct
{
  Tokens   words;
  gboolean is_beginning; /* the last of them may go on */
} Phrase;

struct _KithSearchWords
{
  fts5_tokenizer  methods;
  Fts5Tokenizer  *tokenizer; /* (owned) */
  GArray         *phrases;   /* (owned) (element-type Phrase) */
  Tokens          found;     /* of the text that is looked at */
};

static void
tokens_init (Tokens *self)
{
  self->bytes = g_string_new (NULL);
  self->list = g_array_new (FALSE, FALSE, sizeof (Token));
}

static void
tokens_clear (Tokens *self)
{
  kith_secret_wipe (self->bytes->str, self->bytes->len);
  g_string_free (self->bytes, TRUE);
  g_array_unref (self->list);
}

static void
phrase_clear (gpointer phrase)
{
  tokens_clear (&((Phrase *) phrase)->words);
}

static int
take_token (void *context, int flags, const char *bytes, int n, int start, int end)
{
  Tokens *self = context;
  Token token = { self->bytes->len, (gsize) n, (gsize) start, (gsize) end };

  /* Another form of the word before: unicode61 has none. */
  if ((flags & FTS5_TOKEN_COLOCATED) != 0)
    return SQLITE_OK;

  g_string_append_len (self->bytes, bytes, n);
  g_array_append_val (self->list, token);
  return SQLITE_OK;
}

static void
tokenize (KithSearchWords *self, const char *text, gsize len, int flags, Tokens *out)
{
  kith_secret_wipe (out->bytes->str, out->bytes->len);
  g_string_set_size (out->bytes, len); /* so that it need not grow, which would leave a piece behind */
  g_string_truncate (out->bytes, 0);
  g_array_set_size (out->list, 0);
  self->methods.xTokenize (self->tokenizer, out, flags, text, (int) MIN (len, G_MAXINT), take_token);
}

static void
add_phrase (const char *text, gsize len, gboolean is_beginning, gpointer user_data)
{
  KithSearchWords *self = user_data;
  Phrase phrase = { .is_beginning = is_beginning };

  tokens_init (&phrase.words);
  tokenize (self, text, len, FTS5_TOKENIZE_QUERY, &phrase.words);
  if (phrase.words.list->len > 0)
    g_array_append_val (self->phrases, phrase);
  else
    phrase_clear (&phrase);
}

/**
 * kith_search_words_new:
 * @handle: a connection that knows the tokenizer
 * @text: what somebody typed, valid UTF-8
 *
 * Returns: (transfer full) (nullable): what to look for; %NULL when there is no word in it
 */
KithSearchWords *
kith_search_words_new (sqlite3 *handle, const char *text)
{
  g_autoptr (KithSearchWords) self = g_new0 (KithSearchWords, 1);

  self->phrases = g_array_new (FALSE, FALSE, sizeof (Phrase));
  g_array_set_clear_func (self->phrases, phrase_clear);
  tokens_init (&self->found);
  if (!kith_search_tokenizer_make (handle, &self->methods, &self->tokenizer))
    return NULL;

  kith_search_query_split (text, add_phrase, self);
  return self->phrases->len > 0 ? g_steal_pointer (&self) : NULL;
}

/**
 * kith_search_words_free:
 * @self: (transfer full): words
 */
void
kith_search_words_free (KithSearchWords *self)
{
  if (self->tokenizer != NULL)
    self->methods.xDelete (self->tokenizer);
  tokens_clear (&self->found);
  g_array_unref (self->phrases);
  g_free (self);
}

static gboolean
is_word (const Tokens *texts, guint at, const Tokens *wanted, guint nth, gboolean is_beginning)
{
  const Token *there = &g_array_index (texts->list, Token, at);
  const Token *word = &g_array_index (wanted->list, Token, nth);

  return (is_beginning ? there->len >= word->len : there->len == word->len)
         && memcmp (texts->bytes->str + there->at, wanted->bytes->str + word->at, word->len) == 0;
}

static gboolean
is_phrase_at (const Tokens *text, guint at, const Phrase *phrase)
{
  guint n = phrase->words.list->len;

  for (guint i = 0; i < n; i++)
    if (!is_word (text, at + i, &phrase->words, i, phrase->is_beginning && i + 1 == n))
      return FALSE;

  return TRUE;
}

/* Returns: whether it is there; @first: (out): its first word, by number */
static gboolean
find_phrase (const Tokens *text, const Phrase *phrase, guint *first)
{
  guint n = phrase->words.list->len;

  for (guint at = 0; at + n <= text->list->len; at++)
    if (is_phrase_at (text, at, phrase))
      {
        *first = at;
        return TRUE;
      }

  return FALSE;
}

/* The tokenizer makes small letters of ASCII, whatever the language is. @word: (array length=len): such ones */
static gboolean
has_ascii (const char *text, const char *word, gsize len)
{
  for (; *text != '\0'; text++)
    {
      gsize i = 0;

      while (i < len && g_ascii_tolower (text[i]) == word[i])
        i++;
      if (i == len)
        return TRUE;
    }

  return FALSE;
}

/* Most texts have not even the letters: to see that is much faster than to take them apart. */
static gboolean
may_have (const Tokens *words, const char *text)
{
  for (guint i = 0; i < words->list->len; i++)
    {
      const Token *word = &g_array_index (words->list, Token, i);

      if (!has_ascii (text, words->bytes->str + word->at, word->len))
        return FALSE;
    }

  return TRUE;
}

/* Letters of ASCII may be those of "é", too: only where a text has no others they have to be there. */
static gboolean
may_have_all (KithSearchWords *self, const char *text)
{
  if (!g_str_is_ascii (text))
    return TRUE;

  for (guint i = 0; i < self->phrases->len; i++)
    if (!may_have (&g_array_index (self->phrases, Phrase, i).words, text))
      return FALSE;

  return TRUE;
}

/**
 * kith_search_words_find:
 * @self: words
 * @text: valid UTF-8
 * @start: (out) (optional): where the first phrase begins in it, in bytes
 * @end: (out) (optional): where that ends
 *
 * Returns: whether all of them are in @text
 */
gboolean
kith_search_words_find (KithSearchWords *self, const char *text, gsize *start, gsize *end)
{
  if (!may_have_all (self, text))
    return FALSE;

  tokenize (self, text, strlen (text), FTS5_TOKENIZE_DOCUMENT, &self->found);
  for (guint i = self->phrases->len; i-- > 0;)
    {
      const Phrase *phrase = &g_array_index (self->phrases, Phrase, i);
      guint at = 0;

      if (!find_phrase (&self->found, phrase, &at))
        return FALSE;

      if (start != NULL)
        *start = g_array_index (self->found.list, Token, at).start;
      if (end != NULL)
        *end = g_array_index (self->found.list, Token, at + phrase->words.list->len - 1).end;
    }

  return TRUE;
}

/* Returns: how many words of the longest phrase that begins there, 0 when none does */
static guint
longest_at (KithSearchWords *self, guint at)
{
  guint longest = 0;

  for (guint i = 0; i < self->phrases->len; i++)
    {
      const Phrase *phrase = &g_array_index (self->phrases, Phrase, i);
      guint n = phrase->words.list->len;

      if (n > longest && at + n <= self->found.list->len && is_phrase_at (&self->found, at, phrase))
        longest = n;
    }

  return longest;
}

/**
 * kith_search_words_mark:
 * @self: words
 * @text: valid UTF-8
 *
 * Returns: (transfer full) (element-type guint): the beginning and the end of each place where one of the phrases is
 */
GArray *
kith_search_words_mark (KithSearchWords *self, const char *text)
{
  GArray *ranges = g_array_new (FALSE, FALSE, sizeof (guint));
  guint at = 0;

  tokenize (self, text, strlen (text), FTS5_TOKENIZE_DOCUMENT, &self->found);
  while (at < self->found.list->len)
    {
      guint n = longest_at (self, at);

      if (n > 0)
        {
          guint start = (guint) g_array_index (self->found.list, Token, at).start;
          guint end = (guint) g_array_index (self->found.list, Token, at + n - 1).end;

          g_array_append_val (ranges, start);
          g_array_append_val (ranges, end);
        }
      at += MAX (n, 1);
    }

  return ranges;
}
