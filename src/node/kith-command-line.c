/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-command-line.h"

#include "model/kith-group.h"

#define HISTORY_MAX_DAYS 36500

static const char *
skip_spaces (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;

  return text;
}

/* Reads what stands in double quotes; a backslash goes before a quote or a backslash of the text.
 *
 * Returns: (nullable): what follows, %NULL when the quotes do not end */
static const char *
read_quoted (const char *start, GString *out)
{
  for (const char *p = start + 1; *p != '\0'; p++)
    {
      if (*p == '"')
        return p + 1;
      if (*p == '\\' && (p[1] == '"' || p[1] == '\\'))
        p++;
      g_string_append_c (out, *p);
    }

  return NULL;
}

/**
 * kith_line_take_word:
 * @rest: (inout): where to read; moved behind the word
 *
 * Takes the next word, or what stands in double quotes, so that names with spaces can be given.
 * Within quotes `\"` is a quote and `\\` a backslash. Quotes that do not end are part of a word.
 *
 * Returns: (transfer full) (nullable): the word, %NULL at the end
 */
char *
kith_line_take_word (const char **rest)
{
  const char *start = skip_spaces (*rest);
  const char *end;

  *rest = start;
  if (*start == '\0')
    return NULL;

  if (*start == '"')
    {
      g_autoptr (GString) quoted = g_string_new (NULL);

      end = read_quoted (start, quoted);
      if (end != NULL)
        {
          *rest = skip_spaces (end);
          return g_string_free (g_steal_pointer (&quoted), FALSE);
        }
    }

  for (end = start; *end != '\0' && !g_ascii_isspace (*end); end++)
    ;
  *rest = skip_spaces (end);
  return g_strndup (start, (gsize) (end - start));
}

/**
 * kith_line_quote_word:
 * @word: a word, such as the name of somebody
 *
 * Writes a word so that kith_line_take_word() reads it again, whatever is in it.
 *
 * Returns: (transfer full): the word, in double quotes where it needs them
 */
char *
kith_line_quote_word (const char *word)
{
  g_autoptr (GString) out = NULL;
  gboolean plain = *word != '\0' && *word != '"';

  for (const char *p = word; plain && *p != '\0'; p++)
    plain = !g_ascii_isspace (*p);
  if (plain)
    return g_strdup (word);

  out = g_string_new ("\"");
  for (const char *p = word; *p != '\0'; p++)
    {
      if (*p == '"' || *p == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '"');
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * kith_line_parse:
 * @self: (out caller-allocates): what the line means
 * @text: a line as it was typed
 *
 * `//text` is a text that begins with a slash, `@@text` one that begins with @.
 */
void
kith_line_parse (KithLine *self, const char *text)
{
  const char *rest = skip_spaces (text);

  *self = (KithLine){ KITH_LINE_EMPTY, NULL, NULL };
  if (*rest == '\0')
    return;

  if ((rest[0] == '/' || rest[0] == '@') && rest[1] == rest[0])
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
 * kith_line_complete_command:
 * @word: the command of a line
 * @rest: (inout): what follows it; moved behind the second word of "group new"
 *
 * "group new" is "group-new", and there are short words for what is typed often.
 *
 * Returns: (transfer full): the command by its full name
 */
char *
kith_line_complete_command (const char *word, const char **rest)
{
  if (g_str_equal (word, "admin"))
    return g_strdup ("transfer-admin");
  if (g_str_equal (word, "whoadmin"))
    return g_strdup ("who-admin");
  if (g_str_equal (word, "group"))
    {
      g_autofree char *second = kith_line_take_word (rest);

      return g_strconcat ("group-", second != NULL ? second : "", NULL);
    }

  return g_strdup (word);
}

/**
 * kith_line_parse_history:
 * @word: "none", "all", or a number of days
 * @days: (out): what newcomers of a group get to read, as in #KithGroupRules
 *
 * Returns: %FALSE when @word is none of these
 */
gboolean
kith_line_parse_history (const char *word, guint32 *days)
{
  guint64 number;

  if (g_str_equal (word, "none"))
    *days = KITH_GROUP_HISTORY_NONE;
  else if (g_str_equal (word, "all"))
    *days = KITH_GROUP_HISTORY_ALL;
  else if (g_ascii_string_to_unsigned (word, 10, 0, HISTORY_MAX_DAYS, &number, NULL))
    *days = (guint32) number;
  else
    return FALSE;

  return TRUE;
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
