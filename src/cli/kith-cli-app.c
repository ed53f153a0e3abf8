/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-app.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <glib-unix.h>

#include "base/kith-error.h"
#include "cli/kith-cli-call.h"
#include "cli/kith-cli-format.h"
#include "cli/kith-cli-json.h"
#include "cli/kith-cli-terminal.h"
#include "cli/kith-cli-text.h"
#include "node/kith-command-line.h"
#include "node/kith-explain.h"

#define LAST_ANSWERS_MS 300

struct _KithCliApp
{
  const KithCliOptions *options;      /* (unowned) */
  KithNode             *node;         /* (owned) */
  KithCliInput         *input;        /* (owned) (nullable) */
  KithConversation     *conversation; /* (owned) (nullable): whom plain text goes to */
  GMainLoop            *loop;         /* (owned) */
  GCancellable         *cancellable;  /* (owned): of what goes on until the end */
  guint                 signals[3];
  guint                 end_timer;
  guint                 n_calls;      /* commands that are not answered yet */
  gboolean              input_ended;
  gboolean              quitting;
  int                   exit_code;
};

KithNode *
kith_cli_app_get_node (KithCliApp *self)
{
  return self->node;
}

KithCliStyle
kith_cli_app_get_style (KithCliApp *self)
{
  return self->options->style;
}

/* Text that goes to somebody is about to be read by us, too. */
void
kith_cli_app_set_conversation (KithCliApp *self, KithConversation *conversation)
{
  g_set_object (&self->conversation, conversation);
  if (self->options->style == KITH_CLI_PEOPLE && conversation != NULL)
    kith_node_mark_read (self->node, conversation);
  if (self->input != NULL)
    kith_cli_input_set_prompt (self->input, conversation != NULL
                                              ? kith_conversation_get_title (conversation)
                                              : NULL);
}

/**
 * kith_cli_app_get_cancellable:
 * @self: the client
 *
 * Returns: (transfer none): what is cancelled when the client ends
 */
GCancellable *
kith_cli_app_get_cancellable (KithCliApp *self)
{
  return self->cancellable;
}

/* --- Out ------------------------------------------------------------------------------------ */

void
kith_cli_app_print (KithCliApp *self, const char *text)
{
  kith_cli_input_print (self->input, text);
}

/**
 * kith_cli_app_complain:
 * @self: the client
 * @text: what went wrong, for people
 *
 * With one command that goes to standard error, as other programs do it.
 */
void
kith_cli_app_complain (KithCliApp *self, const char *text)
{
  if (self->options->command != NULL)
    g_printerr ("%s\n", text);
  else
    kith_cli_app_print (self, text);
}

void
kith_cli_app_emit (KithCliApp *self, const char *name, JsonObject *event)
{
  g_autofree char *text = NULL;

  json_object_set_string_member (event, "event", name);
  if (self->options->style == KITH_CLI_JSON)
    text = kith_cli_json_to_line (event);
  else if (!self->options->quiet)
    text = kith_cli_format_event (name, event);

  if (text != NULL && *text != '\0')
    kith_cli_app_print (self, text);
  json_object_unref (event);
}

/* --- Events of the node --------------------------------------------------------------------- */

static void
message_added_cb (KithNode *node, KithConversation *conversation, KithMessage *message,
                  KithCliApp *self)
{
  JsonObject *event;

  if (kith_message_is_outgoing (message))
    return;

  event = kith_cli_json_message (message);
  json_object_set_string_member (event, "conversation",
                                 kith_contact_get_id (kith_conversation_get_contact (conversation)));
  kith_cli_app_emit (self, "message", event);

  if (self->options->style == KITH_CLI_PEOPLE && conversation == self->conversation)
    kith_node_mark_read (node, conversation);
}

static void
message_changed_cb (KithNode *node, KithConversation *conversation, KithMessage *message,
                    KithCliApp *self)
{
  KithContact *contact = kith_conversation_get_contact (conversation);
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "message", kith_message_get_id (message));
  json_object_set_string_member (event, "who", kith_contact_get_id (contact));
  json_object_set_string_member (event, "state",
                                 kith_message_state_to_string (kith_message_get_state (message)));
  if (kith_message_get_reason (message) != NULL)
    json_object_set_string_member (event, "reason", kith_message_get_reason (message));
  kith_cli_app_emit (self, "receipt", event);
}

static void
request_added_cb (KithNode *node, KithRequest *request, KithCliApp *self)
{
  kith_cli_app_emit (self, "request", kith_cli_json_request (request));
}

static void
emit_presence (KithCliApp *self, KithContact *contact)
{
  KithPresence presence = kith_contact_get_presence (contact);
  gboolean was_online = g_object_get_data (G_OBJECT (contact), "kith-cli-online") != NULL;
  gboolean is_online = presence == KITH_PRESENCE_ONLINE;
  JsonObject *event;

  if (was_online == is_online)
    return;

  g_object_set_data (G_OBJECT (contact), "kith-cli-online", is_online ? contact : NULL);
  event = json_object_new ();
  json_object_set_string_member (event, "id", kith_contact_get_id (contact));
  json_object_set_string_member (event, "name", kith_contact_get_display_name (contact));
  kith_cli_app_emit (self, is_online ? "peer-online" : "peer-offline", event);
}

static void
contact_changed_cb (KithNode *node, KithContact *contact, const char *change, KithCliApp *self)
{
  JsonObject *event;

  if (g_str_equal (change, "presence"))
    {
      emit_presence (self, contact);
      return;
    }

  if (g_str_equal (change, "removed") && self->conversation != NULL
      && kith_conversation_get_contact (self->conversation) == contact)
    kith_cli_app_set_conversation (self, NULL);

  event = json_object_new ();
  json_object_set_string_member (event, "id", kith_contact_get_id (contact));
  json_object_set_string_member (event, "name", kith_contact_get_display_name (contact));
  json_object_set_string_member (event, "change", change);
  kith_cli_app_emit (self, "contact", event);
}

static void
emit_warning (KithCliApp *self, const GError *error, const char *words)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "error", kith_error_name_from_gerror (error));
  json_object_set_string_member (event, "message", words);
  kith_cli_app_emit (self, "warning", event);
}

static void
warning_cb (KithNode *node, const GError *error, KithCliApp *self)
{
  g_autofree char *words = kith_explain_error (error);

  emit_warning (self, error, words);
}

static void
listening_cb (KithNode *node, GParamSpec *pspec, KithCliApp *self)
{
  JsonObject *event;

  /* People are told where they can be reached when all is ready. */
  if (self->options->style == KITH_CLI_PEOPLE && self->input == NULL)
    return;

  event = json_object_new ();
  json_object_set_array_member (event, "listening", kith_cli_json_listening (node));
  kith_cli_app_emit (self, "listening", event);
}

static void
watch_node (KithCliApp *self)
{
  g_signal_connect (self->node, "message-added", G_CALLBACK (message_added_cb), self);
  g_signal_connect (self->node, "message-changed", G_CALLBACK (message_changed_cb), self);
  g_signal_connect (self->node, "request-added", G_CALLBACK (request_added_cb), self);
  g_signal_connect (self->node, "contact-changed", G_CALLBACK (contact_changed_cb), self);
  g_signal_connect (self->node, "warning", G_CALLBACK (warning_cb), self);
  g_signal_connect (self->node, "notify::listening", G_CALLBACK (listening_cb), self);
}

/* --- In ------------------------------------------------------------------------------------- */

static void
handle_words (KithCliApp *self, const char *text)
{
  g_auto (KithLine) line = { 0 };

  kith_line_parse (&line, text);
  switch (line.kind)
    {
    case KITH_LINE_EMPTY:
      break;
    case KITH_LINE_COMMAND:
      kith_cli_call_run_words (self, line.word, line.rest);
      break;
    case KITH_LINE_MENTION:
      if (*line.rest == '\0')
        kith_cli_app_print (self, "Usage: @name text");
      else
        kith_cli_call_run_send (self, line.word, line.rest);
      break;
    case KITH_LINE_TEXT:
      if (self->conversation == NULL)
        kith_cli_app_print (self, "Nobody is chosen: /chat NAME first, or @NAME text. /help lists all.");
      else
        kith_cli_call_run_send (self, kith_contact_get_id (kith_conversation_get_contact (self->conversation)),
                                line.rest);
      break;
    }
}

/**
 * kith_cli_app_refuse_line:
 * @self: the client
 * @words: why
 *
 * For a line that cannot be one: it is not text, or too long. Nothing of it is done or sent.
 */
void
kith_cli_app_refuse_line (KithCliApp *self, const char *words)
{
  if (self->quitting)
    return;

  if (self->options->style == KITH_CLI_JSON)
    kith_cli_call_refuse_line (self, words);
  else
    kith_cli_app_complain (self, words);
}

/**
 * kith_cli_app_handle_line:
 * @self: the client
 * @line: a line that came in; untrusted
 */
void
kith_cli_app_handle_line (KithCliApp *self, const char *line)
{
  if (self->quitting || *line == '\0')
    return;

  if (!g_utf8_validate (line, -1, NULL))
    kith_cli_app_refuse_line (self, "That is not valid UTF-8");
  else if (self->options->style == KITH_CLI_JSON)
    kith_cli_call_run_json (self, line);
  else
    handle_words (self, line);
}

static void
end (KithCliApp *self)
{
  if (self->options->style == KITH_CLI_JSON)
    kith_cli_app_emit (self, "bye", json_object_new ());
  g_main_loop_quit (self->loop);
}

static gboolean
end_cb (gpointer user_data)
{
  KithCliApp *self = user_data;

  self->end_timer = 0;
  end (self);
  return G_SOURCE_REMOVE;
}

void
kith_cli_app_call_began (KithCliApp *self)
{
  self->n_calls++;
}

void
kith_cli_app_call_ended (KithCliApp *self, gboolean ok)
{
  self->n_calls--;
  if (self->end_timer != 0 && self->n_calls == 0)
    {
      g_clear_handle_id (&self->end_timer, g_source_remove);
      end (self);
    }
  else if (self->options->command != NULL)
    kith_cli_app_quit (self, ok ? 0 : 1);
  else if (self->input_ended && self->n_calls == 0)
    kith_cli_app_quit (self, 0);
}

/**
 * kith_cli_app_end_input:
 * @self: the client
 *
 * No line comes any more: ends when all commands are answered.
 */
void
kith_cli_app_end_input (KithCliApp *self)
{
  self->input_ended = TRUE;
  if (self->n_calls == 0)
    kith_cli_app_quit (self, 0);
}

/* --- Life ----------------------------------------------------------------------------------- */

/* What was cancelled is answered in the next turns of the loop; the timer is for what is not. */
static void
shut_down_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliApp *self = user_data;

  kith_node_shutdown_finish (KITH_NODE (source), result, NULL);
  if (self->n_calls == 0)
    end (self);
  else
    self->end_timer = g_timeout_add (LAST_ANSWERS_MS, end_cb, self);
}

/**
 * kith_cli_app_quit:
 * @self: the client
 * @exit_code: what the program ends with
 *
 * Answers what is under way, says BYE to everybody, then ends: within two seconds.
 */
void
kith_cli_app_quit (KithCliApp *self, int exit_code)
{
  if (self->quitting)
    return;

  self->quitting = TRUE;
  self->exit_code = exit_code;
  g_cancellable_cancel (self->cancellable);
  kith_node_shutdown_async (self->node, shut_down_cb, self);
}

static gboolean
signal_cb (gpointer user_data)
{
  kith_cli_app_quit (user_data, 0);
  return G_SOURCE_CONTINUE;
}

static void
run_command (KithCliApp *self)
{
  /* Who accepts such a request would wait for somebody who never comes back. */
  if (self->options->style == KITH_CLI_PEOPLE && !self->options->quiet
      && g_str_equal (self->options->command[0], "connect"))
    g_printerr ("Nothing is written to the disk: who you are now is gone when this command ends.\n");
  if (!kith_cli_call_run_argv (self, self->options->command))
    kith_cli_app_quit (self, 2);
}

/* See https://no-color.org. */
static gboolean
can_paint (void)
{
  const char *terminal = g_getenv ("TERM");
  const char *no_color = g_getenv ("NO_COLOR");

  return isatty (STDOUT_FILENO) && (no_color == NULL || *no_color == '\0') && terminal != NULL
         && !g_str_equal (terminal, "dumb");
}

static void
emit_ready (KithCliApp *self)
{
  KithProfile *profile = kith_node_get_profile (self->node);
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "id", kith_profile_get_id (profile));
  json_object_set_string_member (event, "name", kith_profile_get_name (profile));
  json_object_set_array_member (event, "listening", kith_cli_json_listening (self->node));
  kith_cli_app_emit (self, "ready", event);
}

static void
begin (KithCliApp *self)
{
  const KithCliOptions *options = self->options;
  g_autoptr (GError) error = NULL;

  watch_node (self);
  if (options->listen
      && !kith_node_listen (self->node, options->listen_address, options->listen_port,
                            !options->listen_exact, &error))
    {
      g_autofree char *words = kith_explain_listen (error, options->listen_address, options->listen_port);

      if (options->style == KITH_CLI_JSON)
        emit_warning (self, error, words);
      else
        g_printerr ("%s\n", words);
    }

  if (options->command != NULL)
    {
      run_command (self);
      return;
    }

  kith_cli_text_set_painting (options->style == KITH_CLI_PEOPLE && can_paint ());
  self->input = kith_cli_input_new (self, options->style == KITH_CLI_PEOPLE && isatty (STDIN_FILENO)
                                            && isatty (STDOUT_FILENO));
  emit_ready (self);
  if (options->style == KITH_CLI_PEOPLE && !options->quiet)
    {
      kith_cli_call_run_words (self, "status", "");
      kith_cli_app_print (self, "/connect ADDRESS PORT reaches a friend, /help lists the commands.");
    }
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliApp *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_create_profile_finish (KITH_NODE (source), result, &error))
    {
      g_autofree char *words = kith_explain_error (error);

      g_printerr ("%s\n", words);
      kith_cli_app_quit (self, 2);
      return;
    }

  begin (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliApp *self = user_data;
  KithNode *node = KITH_NODE (source);
  const char *name = self->options->name != NULL ? self->options->name : g_get_real_name ();
  g_autoptr (GError) error = NULL;

  if (!kith_node_open_finish (node, result, &error))
    {
      g_printerr ("%s\n", error->message);
      kith_cli_app_quit (self, 1);
      return;
    }

  if (self->options->name == NULL && g_str_equal (name, "Unknown"))
    name = g_get_user_name ();
  kith_node_create_profile_async (node, name, NULL, created_cb, self);
}

/**
 * kith_cli_app_run:
 * @options: what to do
 *
 * Runs the client to its end.
 *
 * Returns: the exit code of the program
 */
int
kith_cli_app_run (const KithCliOptions *options)
{
  KithCliApp self = { .options = options };
  static const int quit_signals[] = { SIGINT, SIGTERM, SIGHUP };

  self.node = kith_node_new_in_memory ();
  self.cancellable = g_cancellable_new ();
  self.loop = g_main_loop_new (NULL, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (quit_signals); i++)
    self.signals[i] = g_unix_signal_add (quit_signals[i], signal_cb, &self);

  kith_node_open_async (self.node, NULL, opened_cb, &self);
  g_main_loop_run (self.loop);

  for (gsize i = 0; i < G_N_ELEMENTS (quit_signals); i++)
    g_source_remove (self.signals[i]);
  g_clear_pointer (&self.input, kith_cli_input_free);
  g_signal_handlers_disconnect_by_data (self.node, &self);
  g_clear_object (&self.conversation);
  g_clear_object (&self.cancellable);
  g_clear_object (&self.node);
  g_main_loop_unref (self.loop);
  return self.exit_code;
}
