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

#include "base/kith-limits.h"
#include "base/kith-secret.h"
#include "cli/kith-cli-call.h"
#include "cli/kith-cli-completion.h"
#include "cli/kith-cli-text.h"


struct _KithCliInput
{
  KithCliApp *app; /* (unowned) */
  gboolean    interactive;
  guint       source;
  GString    *line;     /* (owned): what has come of the next one, when not interactive */
  gboolean    too_long; /* it is over the limit: drop it up to its end */
  char       *prompt;   /* (owned) */
  GPtrArray  *candidates; /* (owned) (nullable): what the word at the cursor can become */
  gboolean    in_line;  /* a line was entered: readline shows no prompt just now */
};

/* readline has one state for the whole process, and callbacks without user data. */
static KithCliInput *the_terminal;

/* --- Plain lines ---------------------------------------------------------------------------- */

static void
take_line (KithCliInput *self)
{
  GString *line = self->line;

  if (line->len > 0 && line->str[line->len - 1] == '\r')
    g_string_truncate (line, line->len - 1);

  if (self->too_long)
    kith_cli_app_refuse_line (self->app, "That line is too long: 64 KiB at most");
  else if (strlen (line->str) != line->len)
    kith_cli_app_refuse_line (self->app, "That line has a NUL character in it");
  else
    kith_cli_app_handle_line (self->app, line->str);

  /* It may have had a passphrase in it. */
  kith_secret_wipe (line->str, line->len + 1);
  g_string_truncate (line, 0);
  self->too_long = FALSE;
}

static void
take_bytes (KithCliInput *self, const char *bytes, gsize len)
{
  for (gsize i = 0; i < len; i++)
    {
      if (bytes[i] == '\n')
        take_line (self);
      else if (self->line->len < KITH_LIMIT_LINE_BYTES)
        g_string_append_c (self->line, bytes[i]);
      else
        self->too_long = TRUE;
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
        take_line (self);
      kith_cli_app_end_input (self->app);
      return G_SOURCE_REMOVE;
    }

  take_bytes (self, buffer, (gsize) len);
  kith_secret_wipe (buffer, sizeof buffer);
  return G_SOURCE_CONTINUE;
}

/* --- Terminal ------------------------------------------------------------------------------- */

static gboolean
terminal_cb (int fd, GIOCondition condition, gpointer user_data)
{
  KithCliInput *self = user_data;

  kith_cli_app_seen (self->app);
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

  /* Who is asked for a passphrase may mistype the command. */
  if (*line != '\0' && kith_cli_app_get_node (self->app) != NULL && !kith_cli_call_is_secret (line))
    add_history (line);
  self->in_line = TRUE;
  kith_cli_app_handle_line (self->app, line);
  self->in_line = FALSE;
  kith_secret_wipe (line, strlen (line));
  free (line);
}

/* readline asks for one after the other, and frees them. */
static char *
candidate_cb (const char *text, int state)
{
  KithCliInput *self = the_terminal;

  return (guint) state < self->candidates->len ? strdup (g_ptr_array_index (self->candidates, (guint) state))
                                               : NULL;
}

/* The first of several is what they have in common, and takes the place of what was typed. Names of which
 * only a later word begins so may have less in common than that. */
static void
keep_typed (char **matches, const char *text)
{
  g_autofree char *typed = g_utf8_casefold (text, -1);
  g_autofree char *valid = NULL;
  g_autofree char *common = NULL;

  if (matches == NULL || matches[1] == NULL)
    return;

  valid = g_utf8_make_valid (matches[0], -1);
  common = g_utf8_casefold (valid, -1);
  if (g_str_has_prefix (common, typed))
    return;

  free (matches[0]);
  matches[0] = strdup (text);
}

static char **
complete_cb (const char *text, int start, int end)
{
  KithCliInput *self = the_terminal;
  char **matches;

  g_clear_pointer (&self->candidates, g_ptr_array_unref);
  self->candidates = kith_cli_complete (kith_cli_app_get_node (self->app), rl_line_buffer, (gsize) start,
                                        (gsize) end);
  rl_attempted_completion_over = 1;
  matches = rl_completion_matches (text, candidate_cb);
  keep_typed (matches, text);
  return matches;
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
print_above (const char *text)
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
    print_above (text);
  else if (fprintf (stdout, "%s\n", text) < 0 || fflush (stdout) != 0)
    {
      if (self != NULL)
        kith_cli_app_quit (self->app, 1);
    }
}

/**
 * kith_cli_input_forget:
 * @self: the way in
 *
 * Nobody gets back a line that was entered until now.
 */
void
kith_cli_input_forget (KithCliInput *self)
{
  HIST_ENTRY **lines = self->interactive ? history_list () : NULL;

  for (gsize i = 0; lines != NULL && lines[i] != NULL; i++)
    kith_secret_wipe (lines[i]->line, strlen (lines[i]->line));
  if (self->interactive)
    clear_history ();
}

/* readline has to be told what takes no place on the screen. */
static char *
prompt_from (const char *painted)
{
  GString *out = g_string_new (painted);

  g_string_append (out, "> ");
  g_string_replace (out, "\033[1m", "\001\033[1m\002", 0);
  g_string_replace (out, "\033[0m", "\001\033[0m\002", 0);
  return g_string_free (out, FALSE);
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
  g_autofree char *painted = kith_cli_text_paint (KITH_CLI_PAINT_NAME, safe);

  g_free (self->prompt);
  self->prompt = prompt_from (painted);
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
  self->line = g_string_sized_new (KITH_LIMIT_LINE_BYTES + 1); /* growing would leave copies behind */
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
  g_clear_pointer (&self->candidates, g_ptr_array_unref);
  kith_secret_wipe (self->line->str, self->line->allocated_len);
  g_string_free (self->line, TRUE);
  g_free (self->prompt);
  g_free (self);
}
