/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-command-line.h"

#include <string.h>

static const char *
skip_spaces (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;

  return text;
}

/**
 * kith_line_take_word:
 * @rest: (inout): where to read; moved behind the word
 *
 * Takes the next word, or the next words in double quotes, so that names with spaces can be
 * given.
 *
 * Returns: (transfer full) (nullable): the word, %NULL at the end
 */
char *
kith_line_take_word (const char **rest)
{
  const char *start = skip_spaces (*rest);
  const char *end;

  if (*start == '\0')
    {
      *rest = start;
      return NULL;
    }

  end = *start == '"' ? strchr (start + 1, '"') : NULL;
  if (end != NULL)
    {
      *rest = skip_spaces (end + 1);
      return g_strndup (start + 1, (gsize) (end - start - 1));
    }

  for (end = start; *end != '\0' && !g_ascii_isspace (*end); end++)
    ;
  *rest = skip_spaces (end);
  return g_strndup (start, (gsize) (end - start));
}

/**
 * kith_line_parse:
 * @self: (out caller-allocates): what the line means
 * @text: a line as it was typed
 *
 * `//text` is a text that begins with a slash.
 */
void
kith_line_parse (KithLine *self, const char *text)
{
  const char *rest = skip_spaces (text);

  *self = (KithLine){ KITH_LINE_EMPTY, NULL, NULL };
  if (*rest == '\0')
    return;

  if (rest[0] == '/' && rest[1] == '/')
    {
      self->kind = KITH_LINE_TEXT;
      self->rest = g_strdup (rest + 1);
    }
  else if ((*rest == '/' || *rest == '@') && rest[1] != '\0' && !g_ascii_isspace (rest[1]))
    {
      self->kind = *rest == '/' ? KITH_LINE_COMMAND : KITH_LINE_MENTION;
      rest++;
      self->word = kith_line_take_word (&rest);
      self->rest = g_strdup (rest);
    }
  else
    {
      self->kind = KITH_LINE_TEXT;
      self->rest = g_strdup (text);
    }
}

/**
 * kith_line_clear:
 * @self: a line
 *
 * Frees what it owns.
 */
void
kith_line_clear (KithLine *self)
{
  g_free (self->word);
  g_free (self->rest);
  *self = (KithLine){ KITH_LINE_EMPTY, NULL, NULL };
}
