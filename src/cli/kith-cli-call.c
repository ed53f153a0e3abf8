/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands on their way, whether they came as a line of JSON, as words or from a shell. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-call.h"

#include <string.h>

#include "base/kith-error.h"
#include "base/kith-secret.h"
#include "cli/kith-cli-json.h"
#include "cli/kith-cli-text.h"
#include "node/kith-command-line.h"
#include "node/kith-explain.h"
#include "node/kith-node-groups.h"

struct _KithCliCall
{
  KithCliApp           *app;     /* (unowned) */
  const KithCliCommand *command; /* (nullable) */
  JsonNode             *id;      /* (owned) (nullable): to be given back with the reply */
  JsonObject           *args;    /* (owned) */
};

/* @args: (transfer full) */
static KithCliCall *
call_new (KithCliApp *app, const KithCliCommand *command, JsonObject *args)
{
  KithCliCall *self = g_new0 (KithCliCall, 1);

  self->app = app;
  self->command = command;
  self->args = args;
  kith_cli_app_call_began (app);
  return self;
}

static void
wipe_member (JsonObject *object, const char *name, JsonNode *node, gpointer user_data)
{
  const char *text = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_string (node) : NULL;

  /* It goes with the node, which others may only have of the id. */
  if (text != NULL && !g_str_equal (name, "id"))
    kith_secret_wipe ((char *) text, strlen (text));
}

static void
call_free (KithCliCall *self)
{
  g_clear_pointer (&self->id, json_node_unref);
  json_object_foreach_member (self->args, wipe_member, NULL);
  json_object_unref (self->args);
  g_free (self);
}

/* --- Arguments: of their kinds, for kith_cli_arguments_check() was asked ---------------------- */

/**
 * kith_cli_call_get_app:
 * @self: a call
 *
 * Returns: (transfer none): the client
 */
KithCliApp *
kith_cli_call_get_app (KithCliCall *self)
{
  return self->app;
}

/**
 * kith_cli_call_get_node:
 * @self: a call
 *
 * Returns: (transfer none): the node to do it with
 */
KithNode *
kith_cli_call_get_node (KithCliCall *self)
{
  return kith_cli_app_get_node (self->app);
}

/**
 * kith_cli_call_get_string:
 * @self: a call
 * @name: an argument that is a string
 *
 * Returns: (transfer none) (nullable): its value, %NULL when it was left out
 */
const char *
kith_cli_call_get_string (KithCliCall *self, const char *name)
{
  return json_object_get_string_member_with_default (self->args, name, NULL);
}

/**
 * kith_cli_call_get_int:
 * @self: a call
 * @name: an argument that is a number
 * @fallback: what counts when it was left out
 *
 * Returns: its value, not negative
 */
gint64
kith_cli_call_get_int (KithCliCall *self, const char *name, gint64 fallback)
{
  JsonNode *node = json_object_get_member (self->args, name);
  gint64 value = 0;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    return fallback;
  if (json_node_get_value_type (node) == G_TYPE_INT64)
    return json_node_get_int (node);

  g_ascii_string_to_signed (json_node_get_string (node), 10, 0, G_MAXINT64, &value, NULL);
  return value;
}

/**
 * kith_cli_call_means:
 * @self: a call
 * @name: an argument that is the id of another
 * @other: that may be it
 *
 * Returns: whether it is, or could be since no id was given
 */
gboolean
kith_cli_call_means (KithCliCall *self, const char *name, KithCliCall *other)
{
  JsonNode *id = json_object_get_member (self->args, name);

  if (id == NULL || JSON_NODE_HOLDS_NULL (id))
    return TRUE;

  return other->id != NULL && json_node_equal (id, other->id);
}

/* --- Answers -------------------------------------------------------------------------------- */

static void
answer_json (KithCliCall *self, JsonObject *reply)
{
  g_autofree char *line = kith_cli_json_to_line (reply);

  kith_cli_app_print (self->app, line);
}

static void
answer_people (KithCliCall *self, JsonObject *reply)
{
  g_autofree char *words = NULL;

  if (!json_object_get_boolean_member (reply, "ok"))
    {
      words = kith_cli_text_safe (json_object_get_string_member (reply, "message"));
      kith_cli_app_complain (self->app, words);
      return;
    }

  if (self->command != NULL && self->command->format != NULL)
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
  kith_cli_app_call_ended (app, ok);
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
 * kith_cli_call_reply_list:
 * @self: (transfer full): a call
 * @name: of the list in the reply
 * @items: what is listed
 * @describe: (scope call): makes an object of each; it gets the node of the call
 */
void
kith_cli_call_reply_list (KithCliCall *self, const char *name, GListModel *items,
                          KithCliDescribeFunc describe)
{
  JsonObject *reply = json_object_new ();

  json_object_set_array_member (reply, name,
                                kith_cli_json_list (items, describe, kith_cli_call_get_node (self)));
  kith_cli_call_reply (self, reply);
}

typedef struct
{
  KithCliCall *call;  /* (owned) */
  JsonObject  *reply; /* (owned) (nullable) */
} Stored;

static void
stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Stored *stored = user_data;
  g_autofree char *words = NULL;
  g_autoptr (GError) error = NULL;

  if (kith_node_await_writes_finish (KITH_NODE (source), result, &error))
    {
      kith_cli_call_reply (stored->call, stored->reply);
      return;
    }

  g_clear_pointer (&stored->reply, json_object_unref);
  words = kith_explain_warning (error);
  kith_cli_call_fail (stored->call, error, words);
}

/**
 * kith_cli_call_reply_stored:
 * @self: (transfer full): a call that was carried out
 * @reply: (transfer full) (nullable): the fields of its reply
 *
 * Answers when what the call changed is on the disk: what was answered outlasts a crash. What cannot be stored
 * counts until the end of the run; so says the answer.
 */
void
kith_cli_call_reply_stored (KithCliCall *self, JsonObject *reply)
{
  Stored *stored = g_new0 (Stored, 1);

  stored->call = self;
  stored->reply = reply;
  kith_node_await_writes_async (kith_cli_call_get_node (self), stored_cb, stored);
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

/**
 * kith_cli_call_fail_locked:
 * @self: (transfer full): a call that needs a node
 */
void
kith_cli_call_fail_locked (KithCliCall *self)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_LOCKED, "The profile is locked");

  kith_cli_call_fail (self, error, NULL);
}

/* --- Running -------------------------------------------------------------------------------- */

static void
run (KithCliCall *call)
{
  g_autofree char *wrong = kith_cli_arguments_check (call->command->arguments, call->args);

  if (!call->command->when_locked && kith_cli_call_get_node (call) == NULL)
    kith_cli_call_fail_locked (call);
  else if (wrong != NULL)
    kith_cli_call_fail_invalid (call, wrong);
  else
    call->command->handle (call);
}

/**
 * kith_cli_call_refuse_line:
 * @app: the client
 * @words: what is wrong
 *
 * Answers a line that cannot be read as a command. Nothing is changed.
 */
void
kith_cli_call_refuse_line (KithCliApp *app, const char *words)
{
  kith_cli_call_fail_invalid (call_new (app, NULL, json_object_new ()), words);
}

/**
 * kith_cli_call_refuse_argv:
 * @app: the client
 * @error: why the command of the command line could not even be begun
 * @words: (nullable): the same for people; by default as kith_explain_error() has it
 *
 * Answers in its place.
 */
void
kith_cli_call_refuse_argv (KithCliApp *app, const GError *error, const char *words)
{
  kith_cli_call_fail (call_new (app, NULL, json_object_new ()), error, words);
}

/* What comes back with the reply: a number or a string, as it was given. */
static gboolean
take_id (KithCliCall *self)
{
  JsonNode *id = json_object_get_member (self->args, "id");
  GType type = id != NULL ? json_node_get_value_type (id) : G_TYPE_INVALID;

  if (id == NULL || JSON_NODE_HOLDS_NULL (id))
    return TRUE;
  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE && type != G_TYPE_STRING)
    return FALSE;
  if (type == G_TYPE_STRING && !g_utf8_validate (json_node_get_string (id), -1, NULL))
    return FALSE;

  self->id = json_node_copy (id);
  return TRUE;
}

static const char *
get_command_name (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "cmd");

  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING ? json_node_get_string (node)
                                                                          : NULL;
}

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
  JsonObject *object = kith_cli_json_parse (line);
  KithCliCall *call;
  const char *name;

  if (object == NULL)
    {
      kith_cli_call_refuse_line (app, "That is not a JSON object, or it has a NUL character in it");
      return;
    }

  call = call_new (app, NULL, object);
  name = get_command_name (object);
  if (!take_id (call))
    {
      kith_cli_call_fail_invalid (call, "“id” has to be a number or a string");
      return;
    }

  call->command = name != NULL ? kith_cli_commands_find (name) : NULL;
  if (call->command == NULL)
    kith_cli_call_fail_invalid (call, "There is no such command");
  else
    run (call);
}

static void
complain_usage (KithCliApp *app, const KithCliCommand *command, const char *word)
{
  g_autofree char *usage = command != NULL ? kith_cli_arguments_usage (command->arguments) : NULL;
  g_autofree char *words = command != NULL
                             ? g_strdup_printf ("Usage: /%s %s", command->name, usage)
                             : g_strdup_printf ("There is no command /%s. /help lists them.", word);
  g_autofree char *safe = kith_cli_text_safe (words);

  kith_cli_app_complain (app, safe);
}

/* What a group is to be called, or is about, may begin with the name of another. */
static gboolean
takes_free_words (const KithCliCommand *command)
{
  const char *second = command->arguments[1].name;

  return g_strcmp0 (second, "name") == 0 || g_strcmp0 (second, "topic") == 0;
}

/* In the conversation of a group its name can be left out. (transfer full) */
static char *
with_group (KithCliApp *app, const KithCliCommand *command, const char *rest)
{
  KithConversation *conversation = kith_cli_app_get_conversation (app);
  KithGroup *group = conversation != NULL ? kith_conversation_get_group (conversation) : NULL;
  const char *p = rest;
  g_autofree char *first = NULL;

  if (group == NULL || g_strcmp0 (command->arguments[0].name, "group") != 0)
    return g_strdup (rest);

  first = kith_line_take_word (&p);
  if (first != NULL && !takes_free_words (command)
      && kith_node_find_group (kith_cli_app_get_node (app), first, NULL) != NULL)
    return g_strdup (rest);

  return g_strconcat (kith_group_get_id (group), " ", rest, NULL);
}

static gboolean
has_passphrase (const KithCliArgument *list)
{
  for (gsize i = 0; i < KITH_CLI_ARGUMENTS_MAX && list[i].name != NULL; i++)
    if (g_str_equal (list[i].name, "passphrase"))
      return TRUE;

  return FALSE;
}

/**
 * kith_cli_call_is_secret:
 * @text: a line that somebody typed
 *
 * Returns: whether there may be a passphrase in it, so that it is not offered to the next who types
 */
gboolean
kith_cli_call_is_secret (const char *text)
{
  g_auto (KithLine) line = { 0 };
  const char *rest = "";
  g_autofree char *name = NULL;
  const KithCliCommand *command;

  kith_line_parse (&line, text);
  if (line.kind != KITH_LINE_COMMAND)
    return FALSE;

  rest = line.rest;
  name = kith_line_complete_command (line.word, &rest);
  command = kith_cli_commands_find (name);
  /* "passphrase" is what friends are told, and asks for its text by that name. */
  return command != NULL && (has_passphrase (command->arguments) || g_str_equal (name, "passphrase"));
}

/**
 * kith_cli_call_run_words:
 * @app: the client
 * @word: the name of a command
 * @rest: what follows it
 *
 * Runs a command that somebody typed, or says how it is used.
 */
void
kith_cli_call_run_words (KithCliApp *app, const char *word, const char *rest)
{
  g_autoptr (JsonObject) args = json_object_new ();
  g_autofree char *name = kith_line_complete_command (word, &rest);
  const KithCliCommand *command = kith_cli_commands_find (name);
  char *line = command != NULL ? with_group (app, command, rest) : NULL;

  if (command == NULL || !kith_cli_arguments_read_line (command->arguments, line, args))
    complain_usage (app, command, word);
  else
    run (call_new (app, command, g_steal_pointer (&args)));
  kith_secret_free_text (line);
}

/**
 * kith_cli_call_run_argv:
 * @app: the client
 * @argv: (array zero-terminated=1): a command and its arguments, as the shell has split them
 *
 * Returns: %FALSE when that is not how a command is used; the user was told
 */
gboolean
kith_cli_call_run_argv (KithCliApp *app, char **argv)
{
  g_autoptr (JsonObject) args = json_object_new ();
  const char *word = argv[0][0] == '/' ? argv[0] + 1 : argv[0];
  const KithCliCommand *command = kith_cli_commands_find (word);

  if (command == NULL || !kith_cli_arguments_read_argv (command->arguments, argv + 1, args))
    {
      complain_usage (app, command, word);
      return FALSE;
    }

  run (call_new (app, command, g_steal_pointer (&args)));
  return TRUE;
}

/**
 * kith_cli_call_run_send:
 * @app: the client
 * @to: the alias, name or ID of somebody, whatever characters it has
 * @text: a message to them
 */
void
kith_cli_call_run_send (KithCliApp *app, const char *to, const char *text)
{
  JsonObject *args = json_object_new ();

  json_object_set_string_member (args, "to", to);
  json_object_set_string_member (args, "text", text);
  run (call_new (app, kith_cli_commands_find ("send"), args));
}
