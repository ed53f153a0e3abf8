/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include "cli/kith-cli-terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <glib-unix.h>
#include <readline/history.h>
#include <readline/readline.h>

#include "cli/kith-cli-call.h"
#include "cli/kith-cli-text.h"

#define LINE_MAX_BYTES (64 * 1024)

struct _KithCliInput
{
  KithCliApp *app; /* (unowned) */
  gboolean    interactive;
  guint       source;
  GString    *line;     /* (owned): what has come of the next one, when not interactive */
  gboolean    too_long; /* it is over the limit: drop it up to its end */
  char       *prompt;   /* (owned) */
  gboolean    in_line;  /* a line was entered: readline shows no prompt just now */
};

/* readline has one state for the whole process, and callbacks without user data. */
static KithCliInput *the_terminal;

/* --- Plain lines ---------------------------------------------------------------------------- */

static void
take_bytes (KithCliInput *self, const char *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    {
      if (bytes[i] != '\n')
        {
          if (self->line->len < LINE_MAX_BYTES)
            g_string_append_c (self->line, bytes[i]);
          else
            self->too_long = TRUE;
          continue;
        }

      kith_cli_app_handle_line (self->app, self->too_long ? "(too long)" : self->line->str);
      g_string_truncate (self->line, 0);
      self->too_long = FALSE;
    }
}

static gboolean
plain_cb (int fd, GIOCondition condition, gpointer user_data)
{
  KithCliInput *self = user_data;
  char buffer[4096];
  gssize len = read (fd, buffer, sizeof buffer);

  if (len < 0 && (errno == EINTR || errno == EAGAIN))
    return G_SOURCE_CONTINUE;

  if (len <= 0)
    {
      self->source = 0;
      if (self->line->len > 0)
        take_bytes (self, "\n", 1);
      kith_cli_app_quit (self->app, 0);
      return G_SOURCE_REMOVE;
    }

  take_bytes (self, buffer, (gsize) len);
  return G_SOURCE_CONTINUE;
}

/* --- Terminal ------------------------------------------------------------------------------- */

static gboolean
terminal_cb (int fd, GIOCondition condition, gpointer user_data)
{
  rl_callback_read_char ();
  return G_SOURCE_CONTINUE;
}

static void
line_cb (char *line)
{
  KithCliInput *self = the_terminal;

  if (self == NULL)
    return;

  if (line == NULL)
    {
      rl_callback_handler_remove ();
      g_clear_handle_id (&self->source, g_source_remove);
      fputs ("\n", stdout);
      kith_cli_app_quit (self->app, 0);
      return;
    }

  if (*line != '\0')
    add_history (line);
  self->in_line = TRUE;
  kith_cli_app_handle_line (self->app, line);
  self->in_line = FALSE;
  free (line);
}

/* Candidates for the word at the cursor: commands after a slash, else the names of people. */
static char *
candidate (const char *text, int state)
{
  static guint next;
  KithNode *node = kith_cli_app_get_node (the_terminal->app);
  GListModel *contacts = kith_node_get_contacts (node);
  char sigil = text[0] == '/' || text[0] == '@' ? text[0] : '\0';
  const char *prefix = sigil != '\0' ? text + 1 : text;
  guint n_commands;
  const KithCliCommand *commands = kith_cli_commands_get (&n_commands);

  if (state == 0)
    next = 0;

  while (sigil == '/' && next < n_commands)
    {
      const char *name = commands[next++].name;

      if (g_str_has_prefix (name, prefix))
        {
          g_autofree char *match = g_strconcat ("/", name, NULL);

          return strdup (match);
        }
    }

  while (sigil != '/' && next < g_list_model_get_n_items (contacts))
    {
      g_autoptr (KithContact) contact = g_list_model_get_item (contacts, next++);
      g_autofree char *name = kith_cli_text_safe (kith_contact_get_display_name (contact));

      if (g_ascii_strncasecmp (name, prefix, strlen (prefix)) == 0)
        {
          const char mark[2] = { sigil, '\0' };
          g_autofree char *match = strchr (name, ' ') == NULL
                                     ? g_strconcat (mark, name, NULL)
                                     : g_strconcat (mark, "\"", name, "\"", NULL);

          return strdup (match);
        }
    }

  return NULL;
}

static char **
complete_cb (const char *text, int start, int end)
{
  rl_attempted_completion_over = 1;
  return rl_completion_matches (text, candidate);
}

static void
open_terminal (KithCliInput *self)
{
  the_terminal = self;
  rl_readline_name = "kith-cli";
  rl_attempted_completion_function = complete_cb;
  rl_completer_word_break_characters = (char *) " \t\n";
  rl_catch_signals = 0;
  using_history ();
  stifle_history (500);
  rl_callback_handler_install (self->prompt, line_cb);
  self->source = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, terminal_cb, self);
}

/* Prints above the line that is being typed, and leaves that as it was. */
static void
print_above (KithCliInput *self, const char *text)
{
  char *typed = rl_copy_text (0, rl_end);
  int point = rl_point;

  rl_save_prompt ();
  rl_replace_line ("", 0);
  rl_redisplay ();
  fprintf (stdout, "\r\033[K%s\n", text);
  fflush (stdout);
  rl_restore_prompt ();
  rl_replace_line (typed, 0);
  rl_point = point;
  rl_on_new_line ();
  rl_redisplay ();
  free (typed);
}

/* --- Public --------------------------------------------------------------------------------- */

/**
 * kith_cli_input_print:
 * @self: (nullable): the way in
 * @text: what to print, without the line break at its end
 *
 * Prints to standard output. Ends the program when nobody reads that any more.
 */
void
kith_cli_input_print (KithCliInput *self, const char *text)
{
  if (self != NULL && self->interactive && self->source != 0 && !self->in_line)
    print_above (self, text);
  else if (fprintf (stdout, "%s\n", text) < 0 || fflush (stdout) != 0)
    {
      if (self != NULL)
        kith_cli_app_quit (self->app, 1);
    }
}

/**
 * kith_cli_input_set_prompt:
 * @self: the way in
 * @name: (nullable): whom plain text goes to
 */
void
kith_cli_input_set_prompt (KithCliInput *self, const char *name)
{
  g_autofree char *safe = kith_cli_text_safe (name != NULL ? name : "");

  g_free (self->prompt);
  self->prompt = g_strdup_printf ("%s> ", safe);
  if (self->interactive && self->source != 0)
    rl_set_prompt (self->prompt);
}

/**
 * kith_cli_input_new:
 * @app: the client
 * @interactive: whether somebody sits at a terminal
 *
 * Starts reading standard input.
 *
 * Returns: (transfer full): the way in
 */
KithCliInput *
kith_cli_input_new (KithCliApp *app, gboolean interactive)
{
  KithCliInput *self = g_new0 (KithCliInput, 1);

  self->app = app;
  self->interactive = interactive;
  self->line = g_string_new (NULL);
  self->prompt = g_strdup ("> ");
  if (interactive)
    open_terminal (self);
  else
    self->source = g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, plain_cb, self);

  return self;
}

/**
 * kith_cli_input_free:
 * @self: (transfer full): the way in
 *
 * Gives the terminal back as it was.
 */
void
kith_cli_input_free (KithCliInput *self)
{
  if (self->interactive && self->source != 0)
    {
      rl_callback_handler_remove ();
      fputs ("\r\033[K", stdout);
      fflush (stdout);
    }
  if (the_terminal == self)
    the_terminal = NULL;

  g_clear_handle_id (&self->source, g_source_remove);
  g_string_free (self->line, TRUE);
  g_free (self->prompt);
  g_free (self);
}
