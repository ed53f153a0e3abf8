/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arguments of a command: from a line, from a shell or from a program, they become the same
 * JSON object. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-arguments.h"

#include "base/kith-secret.h"
#include "node/kith-command-line.h"

/* A name in quotes is the name; one that only begins with a quote is taken as it is. White space
 * at the end, which completion leaves there, belongs to neither. */
static char *
read_name (const char *line)
{
  const char *rest = line;
  g_autofree char *word = *line == '"' ? kith_line_take_word (&rest) : NULL;

  return word != NULL && *rest == '\0' ? g_steal_pointer (&word) : g_strchomp (g_strdup (line));
}

static gboolean
is_word (const KithCliArgument *argument)
{
  return argument->kind == KITH_CLI_WORD || argument->kind == KITH_CLI_NUMBER || argument->kind == KITH_CLI_ID;
}

static char *
read_argument (const KithCliArgument *argument, const char **line)
{
  char *value;

  if (**line == '\0')
    return NULL;
  if (is_word (argument))
    return kith_line_take_word (line);

  value = argument->kind == KITH_CLI_NAME ? read_name (*line) : g_strdup (*line);
  *line = "";
  return value;
}

/**
 * kith_cli_arguments_read_line:
 * @list: what a command takes
 * @line: what follows the command on its line, without white space in front
 * @out: where to add the arguments, as strings
 *
 * Returns: %FALSE when one is missing, or something is left over
 */
gboolean
kith_cli_arguments_read_line (const KithCliArgument *list, const char *line, JsonObject *out)
{
  for (; list->name != NULL; list++)
    {
      char *value = read_argument (list, &line);
      gboolean is_there = value != NULL;

      if (is_there)
        json_object_set_string_member (out, list->name, value);
      kith_secret_free_text (value);
      if (!is_there && !list->optional)
        return FALSE;
    }

  return *line == '\0';
}

/**
 * kith_cli_arguments_read_argv:
 * @list: what a command takes
 * @argv: (array zero-terminated=1): what follows the command, as the shell has split it
 * @out: where to add the arguments, as strings
 *
 * Returns: %FALSE when one is missing, or something is left over
 */
gboolean
kith_cli_arguments_read_argv (const KithCliArgument *list, char **argv, JsonObject *out)
{
  for (; list->name != NULL; list++)
    {
      if (*argv == NULL && !list->optional)
        return FALSE;
      if (*argv == NULL)
        continue;

      if (is_word (list))
        {
          json_object_set_string_member (out, list->name, *argv++);
        }
      else
        {
          g_autofree char *rest = g_strjoinv (" ", argv);

          json_object_set_string_member (out, list->name, rest);
          argv += g_strv_length (argv);
        }
    }

  return *argv == NULL;
}

static gboolean
is_number (JsonNode *node)
{
  guint64 value;

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node) >= 0;

  return json_node_get_value_type (node) == G_TYPE_STRING
         && g_ascii_string_to_unsigned (json_node_get_string (node), 10, 0, G_MAXINT64, &value, NULL);
}

/* As that which comes back with each reply. */
static gboolean
is_id (JsonNode *node)
{
  GType type = json_node_get_value_type (node);

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE || type == G_TYPE_STRING;
}

/**
 * kith_cli_arguments_check:
 * @list: what a command takes
 * @arguments: what it was given; untrusted. Others than those of the list are of no account.
 *
 * What is there has to be of its kind: a command must never run with an argument left out that
 * was only written wrongly.
 *
 * Returns: (transfer full) (nullable): what is wrong; %NULL when all is well
 */
char *
kith_cli_arguments_check (const KithCliArgument *list, JsonObject *arguments)
{
  for (; list->name != NULL; list++)
    {
      JsonNode *node = json_object_get_member (arguments, list->name);

      if (node == NULL || JSON_NODE_HOLDS_NULL (node))
        {
          if (!list->optional)
            return g_strdup_printf ("“%s” is missing", list->name);
        }
      else if (list->kind == KITH_CLI_NUMBER)
        {
          if (!is_number (node))
            return g_strdup_printf ("“%s” has to be a number", list->name);
        }
      else if (list->kind == KITH_CLI_ID)
        {
          if (!is_id (node))
            return g_strdup_printf ("“%s” has to be a number or a string", list->name);
        }
      else if (json_node_get_value_type (node) != G_TYPE_STRING)
        return g_strdup_printf ("“%s” has to be a string", list->name);
      else if (!g_utf8_validate (json_node_get_string (node), -1, NULL))
        return g_strdup_printf ("“%s” is not valid UTF-8", list->name);
    }

  return NULL;
}

/**
 * kith_cli_arguments_usage:
 * @list: what a command takes
 *
 * Returns: (transfer full): the names; what may be missing stands in brackets
 */
char *
kith_cli_arguments_usage (const KithCliArgument *list)
{
  GString *out = g_string_new (NULL);

  for (; list->name != NULL; list++)
    g_string_append_printf (out, "%s%s%s%s%s", out->len > 0 ? " " : "", list->optional ? "[" : "",
                            list->name, is_word (list) ? "" : "…",
                            list->optional ? "]" : "");

  return g_string_free (out, FALSE);
}
