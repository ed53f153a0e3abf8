/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands on their way, whether they came as a line of JSON or as words. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-call.h"

#include <string.h>

#include "base/kith-error.h"
#include "cli/kith-cli-text.h"
#include "node/kith-command-line.h"
#include "node/kith-explain.h"

struct _KithCliCall
{
  KithCliApp           *app;     /* (unowned) */
  const KithCliCommand *command; /* (nullable) */
  JsonNode             *id;      /* (owned) (nullable): to be given back with the reply */
  JsonObject           *args;    /* (owned) */
};

static KithCliCall *
call_new (KithCliApp *app, const KithCliCommand *command, JsonObject *args)
{
  KithCliCall *self = g_new0 (KithCliCall, 1);

  self->app = app;
  self->command = command;
  self->args = json_object_ref (args);
  return self;
}

static void
call_free (KithCliCall *self)
{
  g_clear_pointer (&self->id, json_node_unref);
  json_object_unref (self->args);
  g_free (self);
}

/* --- Arguments ------------------------------------------------------------------------------ */

KithCliApp *
kith_cli_call_get_app (KithCliCall *self)
{
  return self->app;
}

KithNode *
kith_cli_call_get_node (KithCliCall *self)
{
  return kith_cli_app_get_node (self->app);
}

const KithCliCommand *
kith_cli_call_get_command (KithCliCall *self)
{
  return self->command;
}

/**
 * kith_cli_call_get_string:
 * @self: a call
 * @name: an argument
 *
 * Returns: (transfer none) (nullable): its value, %NULL when it is missing or no string
 */
const char *
kith_cli_call_get_string (KithCliCall *self, const char *name)
{
  JsonNode *node = json_object_get_member (self->args, name);

  if (node == NULL || json_node_get_value_type (node) != G_TYPE_STRING)
    return NULL;

  return json_node_get_string (node);
}

/**
 * kith_cli_call_get_int:
 * @self: a call
 * @name: an argument
 * @fallback: what a missing one counts as
 *
 * Takes numbers, and digits from people.
 *
 * Returns: its value; -1 when it is no whole number
 */
gint64
kith_cli_call_get_int (KithCliCall *self, const char *name, gint64 fallback)
{
  JsonNode *node = json_object_get_member (self->args, name);
  gint64 value;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);
  if (json_node_get_value_type (node) != G_TYPE_STRING
      || !g_ascii_string_to_signed (json_node_get_string (node), 10, 0, G_MAXINT64, &value, NULL))
    return -1;

  return value;
}

/* --- Answers -------------------------------------------------------------------------------- */

static void
answer_json (KithCliCall *self, JsonObject *reply)
{
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *line = NULL;

  json_node_set_object (root, reply);
  line = json_to_string (root, FALSE);
  kith_cli_app_print (self->app, line);
}

static void
answer_people (KithCliCall *self, JsonObject *reply)
{
  g_autofree char *words = NULL;

  if (!json_object_get_boolean_member (reply, "ok"))
    words = kith_cli_text_safe (json_object_get_string_member (reply, "message"));
  else if (self->command != NULL && self->command->format != NULL)
    words = self->command->format (self, reply);

  if (words != NULL && *words != '\0')
    kith_cli_app_print (self->app, words);
}

/* Answers and frees the call. @reply: (transfer full) */
static void
answer (KithCliCall *self, JsonObject *reply, gboolean ok)
{
  KithCliApp *app = self->app;

  json_object_set_member (reply, "reply",
                          self->id != NULL ? json_node_copy (self->id) : json_node_new (JSON_NODE_NULL));
  json_object_set_boolean_member (reply, "ok", ok);
  if (kith_cli_app_get_style (app) == KITH_CLI_JSON)
    answer_json (self, reply);
  else
    answer_people (self, reply);

  json_object_unref (reply);
  call_free (self);
  kith_cli_app_answered (app, ok);
}

/**
 * kith_cli_call_reply:
 * @self: (transfer full): a call
 * @reply: (transfer full) (nullable): the fields of its reply
 */
void
kith_cli_call_reply (KithCliCall *self, JsonObject *reply)
{
  answer (self, reply != NULL ? reply : json_object_new (), TRUE);
}

/**
 * kith_cli_call_fail:
 * @self: (transfer full): a call
 * @error: what went wrong
 * @words: (nullable): the same for people; by default as kith_explain_error() has it
 */
void
kith_cli_call_fail (KithCliCall *self, const GError *error, const char *words)
{
  JsonObject *reply = json_object_new ();
  g_autofree char *explained = words != NULL ? g_strdup (words) : kith_explain_error (error);

  json_object_set_string_member (reply, "error", kith_error_name_from_gerror (error));
  json_object_set_string_member (reply, "message", explained);
  answer (self, reply, FALSE);
}

/**
 * kith_cli_call_fail_invalid:
 * @self: (transfer full): a call
 * @words: what is wrong with it
 */
void
kith_cli_call_fail_invalid (KithCliCall *self, const char *words)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_INVALID, words);

  kith_cli_call_fail (self, error, words);
}

/* --- From JSON ------------------------------------------------------------------------------ */

/**
 * kith_cli_call_run_json:
 * @app: the client
 * @line: a line from a program; untrusted
 *
 * Runs the command in it; a line that is none gets an error reply and changes nothing.
 */
void
kith_cli_call_run_json (KithCliApp *app, const char *line)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonObject) nothing = json_object_new ();
  JsonObject *args;
  const KithCliCommand *command = NULL;
  KithCliCall *call;
  const char *name;

  if (!g_utf8_validate (line, -1, NULL) || !json_parser_load_from_data (parser, line, -1, NULL)
      || json_parser_get_root (parser) == NULL
      || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      kith_cli_call_fail_invalid (call_new (app, NULL, nothing), "That is not a JSON object");
      return;
    }

  args = json_node_get_object (json_parser_get_root (parser));
  call = call_new (app, NULL, args);
  if (json_object_has_member (args, "id"))
    call->id = json_node_copy (json_object_get_member (args, "id"));

  name = kith_cli_call_get_string (call, "cmd");
  command = name != NULL ? kith_cli_commands_find (name) : NULL;
  if (command == NULL)
    {
      kith_cli_call_fail_invalid (call, "There is no such command");
      return;
    }

  call->command = command;
  command->handle (call);
}

/* --- From words ----------------------------------------------------------------------------- */

/* Reads the arguments off a line by the names in the command's table entry. */
static gboolean
read_words (const KithCliCommand *command, const char *rest, JsonObject *args)
{
  g_auto (GStrv) names = g_strsplit (command->arguments, " ", -1);

  for (char **name = names; *name != NULL && **name != '\0'; name++)
    {
      gsize len = strlen (*name);
      gboolean is_rest = (*name)[len - 1] == '*';
      gboolean optional;
      g_autofree char *value = NULL;

      if (is_rest)
        (*name)[--len] = '\0';
      optional = (*name)[len - 1] == '?';
      if (optional)
        (*name)[--len] = '\0';

      value = is_rest ? g_strdup (*rest != '\0' ? rest : NULL) : kith_line_take_word (&rest);
      if (value == NULL && !optional)
        return FALSE;
      if (value != NULL)
        json_object_set_string_member (args, *name, value);
      if (is_rest)
        rest = "";
    }

  return *rest == '\0';
}

/**
 * kith_cli_call_run_words:
 * @app: the client
 * @word: the name of a command
 * @rest: what follows it
 *
 * Runs a command that somebody typed.
 *
 * Returns: %FALSE when it does not exist or its arguments do not fit; the user was told
 */
gboolean
kith_cli_call_run_words (KithCliApp *app, const char *word, const char *rest)
{
  g_autoptr (JsonObject) args = json_object_new ();
  const KithCliCommand *command = kith_cli_commands_find (word);
  g_autofree char *words = NULL;

  if (command == NULL)
    words = g_strdup_printf ("There is no command /%s. /help lists them.", word);
  else if (!read_words (command, rest, args))
    words = g_strdup_printf ("Usage: /%s %s", command->name, command->arguments);

  if (words != NULL)
    {
      g_autofree char *safe = kith_cli_text_safe (words);

      kith_cli_app_print (app, safe);
      return FALSE;
    }

  command->handle (call_new (app, command, args));
  return TRUE;
}
