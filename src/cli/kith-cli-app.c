/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-app-private.h"

#include <glib-unix.h>

#include "base/kith-error.h"
#include "cli/kith-cli-call.h"
#include "cli/kith-cli-format.h"
#include "cli/kith-cli-json.h"
#include "cli/kith-cli-terminal.h"
#include "node/kith-command-line.h"
#include "node/kith-explain.h"
#include "node/kith-node-events.h"

#define LAST_ANSWERS_MS 300

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

/* Whom plain text goes to. (transfer none) (nullable) */
KithConversation *
kith_cli_app_get_conversation (KithCliApp *self)
{
  return self->conversation;
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

  /* Programs learn from "group" and "member" what happened in a group. */
  if (kith_message_get_kind (message) == KITH_MESSAGE_EVENT ? self->options->style != KITH_CLI_PEOPLE
                                                            : kith_message_is_outgoing (message))
    return;

  event = kith_cli_json_message (message);
  json_object_set_string_member (event, "conversation", kith_conversation_get_key_text (conversation));
  if (kith_conversation_get_group (conversation) != NULL)
    json_object_set_string_member (event, "group_name", kith_conversation_get_title (conversation));
  kith_cli_app_emit (self, "message", event);

  if (self->options->style == KITH_CLI_PEOPLE && conversation == self->conversation)
    kith_node_mark_read (node, conversation);
}

static void
message_changed_cb (KithNode *node, KithConversation *conversation, KithMessage *message,
                    KithCliApp *self)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "message", kith_message_get_id (message));
  json_object_set_string_member (event, "who", kith_conversation_get_key_text (conversation));
  json_object_set_string_member (event, "state",
                                 kith_message_state_to_string (kith_message_get_state (message)));
  if (kith_message_get_reason (message) != NULL)
    {
      json_object_set_string_member (event, "reason", kith_message_get_reason (message));
      json_object_set_string_member (event, "reason_code", kith_message_get_reason_code (message));
    }
  kith_cli_app_emit (self, "receipt", event);
}

/* What became of a message that was there already. */
static void
message_event_cb (KithNode *node, KithConversation *conversation, const char *what, const char *id,
                  KithContact *who, const char *text, KithCliApp *self)
{
  g_autoptr (JsonObject) event = json_object_new ();
  KithMessageEvent kind;

  if (!kith_message_event_find (what, &kind))
    return;

  json_object_set_string_member (event, "conversation", kith_conversation_get_key_text (conversation));
  json_object_set_string_member (event, "with",
                                 who != NULL ? kith_contact_get_display_name (who)
                                             : kith_conversation_get_title (conversation));
  json_object_set_string_member (event, "from", who != NULL ? kith_contact_get_id (who) : "me");
  json_object_set_string_member (event, "message", id);
  switch (kind)
    {
    case KITH_MESSAGE_EVENT_EDITED:
      json_object_set_string_member (event, "text", text);
      kith_cli_app_emit (self, "message-edited", g_steal_pointer (&event));
      break;
    case KITH_MESSAGE_EVENT_DELETED:
      kith_cli_app_emit (self, "message-deleted", g_steal_pointer (&event));
      break;
    case KITH_MESSAGE_EVENT_REACTION:
      json_object_set_string_member (event, "emoji", text);
      kith_cli_app_emit (self, "reaction", g_steal_pointer (&event));
      break;
    case KITH_MESSAGE_EVENT_GONE:
      kith_cli_app_emit (self, "message-gone", g_steal_pointer (&event));
      break;
    case KITH_MESSAGE_EVENT_MISSING:
      kith_cli_app_emit (self, "missing", g_steal_pointer (&event));
      break;
    case KITH_MESSAGE_EVENT_UNKNOWN:
      kith_cli_app_emit (self, "unknown-message", g_steal_pointer (&event));
      break;
    case KITH_MESSAGE_EVENT_TIMER:
      json_object_set_int_member (event, "ttl_s", kith_conversation_get_ttl_s (conversation));
      kith_cli_app_emit (self, "timer", g_steal_pointer (&event));
      break;
    case KITH_MESSAGE_EVENT_CLEARED: /* the command that does it has an answer */
      break;
    }
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
emit_typing (KithCliApp *self, KithContact *contact)
{
  JsonObject *event = json_object_new ();

  json_object_set_string_member (event, "id", kith_contact_get_id (contact));
  json_object_set_string_member (event, "name", kith_contact_get_display_name (contact));
  json_object_set_boolean_member (event, "on", kith_contact_get_typing (contact));
  kith_cli_app_emit (self, "typing", event);
}

static void
contact_changed_cb (KithNode *node, KithContact *contact, const char *change, KithCliApp *self)
{
  KithContactChange kind;
  JsonObject *event;

  if (!kith_contact_change_find (change, &kind))
    return;

  if (kind == KITH_CONTACT_CHANGE_PRESENCE)
    {
      emit_presence (self, contact);
      return;
    }

  if (kind == KITH_CONTACT_CHANGE_TYPING)
    {
      emit_typing (self, contact);
      return;
    }

  if (kind == KITH_CONTACT_CHANGE_REMOVED && self->conversation != NULL
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
  g_autofree char *words = kith_explain_warning (error);

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

/**
 * kith_cli_app_take_node:
 * @self: the client
 * @node: (nullable): what it works with from now on; %NULL while the profile is locked
 */
void
kith_cli_app_take_node (KithCliApp *self, KithNode *node)
{
  if (self->node != NULL)
    {
      g_clear_pointer (&self->watch, kith_cli_watch_free);
      g_signal_handlers_disconnect_by_data (self->node, self);
      kith_cli_app_set_conversation (self, NULL);
      /* Whoever is at the terminal next may go up through the lines. */
      if (self->input != NULL)
        kith_cli_input_forget (self->input);
    }
  g_set_object (&self->node, node);
  kith_cli_app_update_auto_lock (self);
  if (node == NULL)
    return;

  g_signal_connect (self->node, "message-added", G_CALLBACK (message_added_cb), self);
  g_signal_connect (self->node, "message-changed", G_CALLBACK (message_changed_cb), self);
  g_signal_connect (self->node, "message-event", G_CALLBACK (message_event_cb), self);
  g_signal_connect (self->node, "request-added", G_CALLBACK (request_added_cb), self);
  g_signal_connect (self->node, "contact-changed", G_CALLBACK (contact_changed_cb), self);
  g_signal_connect (self->node, "warning", G_CALLBACK (warning_cb), self);
  g_signal_connect (self->node, "notify::listening", G_CALLBACK (listening_cb), self);
  /* Who reads the output of one command is not interested in how the network is doing. */
  if (self->options->style == KITH_CLI_JSON || self->options->command == NULL)
    self->watch = kith_cli_watch_new (self, self->node);
}

/**
 * kith_cli_app_warn:
 * @self: the client
 * @error: what the user should know of
 * @words: (nullable): the same in words
 */
void
kith_cli_app_warn (KithCliApp *self, const GError *error, const char *words)
{
  g_autofree char *explained = words != NULL ? g_strdup (words) : kith_explain_error (error);

  emit_warning (self, error, explained);
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
        kith_cli_call_run_send (self, kith_conversation_get_key_text (self->conversation), line.rest);
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
  kith_cli_app_went_on (self);
}

void
kith_cli_app_call_ended (KithCliApp *self, gboolean ok)
{
  self->n_calls--;
  kith_cli_app_went_on (self);
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
end_soon (KithCliApp *self)
{
  if (self->n_calls == 0)
    end (self);
  else
    self->end_timer = g_timeout_add (LAST_ANSWERS_MS, end_cb, self);
}

static void
shut_down_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  kith_node_shutdown_finish (KITH_NODE (source), result, NULL);
  end_soon (user_data);
}

static void
locked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!kith_profile_folder_lock_finish (KITH_PROFILE_FOLDER (source), result, &error))
    g_printerr ("%s\n", error->message);
  end_soon (user_data);
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
  /* Making the key cannot be cancelled, and nothing is open yet: the thread that does it goes with the program. */
  if (self->is_trying)
    end_soon (self);
  else if (self->folder != NULL)
    kith_profile_folder_end_async (self->folder, locked_cb, self);
  else if (self->node != NULL)
    kith_node_shutdown_async (self->node, shut_down_cb, self);
  else
    g_main_loop_quit (self->loop);
}
