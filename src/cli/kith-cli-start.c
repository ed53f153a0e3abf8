/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The beginning of the client: which profile, its passphrase, a name; and its end. */
#define G_LOG_DOMAIN "kith-cli"

#include "config.h"

#include <signal.h>
#include <unistd.h>

#include <glib-unix.h>

#include "base/kith-error.h"
#include "cli/kith-cli-app-private.h"
#include "cli/kith-cli-call.h"
#include "cli/kith-cli-json.h"
#include "cli/kith-cli-passphrase.h"
#include "cli/kith-cli-text.h"
#include "cli/kith-cli-work.h"
#include "node/kith-explain.h"

enum
{
  EXIT_DONE = 0,
  EXIT_FAILED = 1,
  EXIT_USAGE = 2,
  EXIT_LOCKED = 3,
  EXIT_IN_USE = 4,
};

/* A command that was asked for on the command line is not done when it is interrupted. */
static gboolean
signal_cb (gpointer user_data)
{
  KithCliApp *self = user_data;

  kith_cli_app_quit (self, self->options->command != NULL ? EXIT_FAILED : EXIT_DONE);
  return G_SOURCE_CONTINUE;
}

/* At a terminal Ctrl+C ends what takes so long, and where nothing does, the program. */
static gboolean
interrupt_cb (gpointer user_data)
{
  KithCliApp *self = user_data;

  if (self->options->style == KITH_CLI_PEOPLE && self->options->command == NULL && !self->quitting
      && kith_cli_app_cancel_works (self))
    return G_SOURCE_CONTINUE;

  return signal_cb (self);
}

/* Whether it will be no better at the next try. */
static gboolean
is_damage (const GError *error)
{
  KithError code = kith_error_code_from_gerror (error);

  return code == KITH_ERROR_DAMAGED || code == KITH_ERROR_WRONG_VAULT;
}

static void
complain (const GError *error)
{
  g_autofree char *words = kith_explain_error (error);
  g_autofree char *safe = kith_cli_text_safe (error->message);

  g_printerr ("%s\n", words);
  if (error->domain == KITH_ERROR)
    g_printerr ("(%s)\n", safe);
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_NO_VAULT))
    g_printerr ("If it is lost, say --start-anew to start anew: the old messages stay there, in kith.db.without-vault.\n");
  if (is_damage (error))
    g_printerr ("A backup is restored with --profile ANOTHER-FOLDER import FILE; what is here goes with erase everything.\n");
}

static int
exit_code_for (const GError *error)
{
  KithError code = kith_error_code_from_gerror (error);

  if (code == KITH_ERROR_WRONG_PASSPHRASE || code == KITH_ERROR_PAUSED || code == KITH_ERROR_LOCKED)
    return EXIT_LOCKED;

  return code == KITH_ERROR_PROFILE_IN_USE ? EXIT_IN_USE : EXIT_FAILED;
}

static gboolean
is_command (KithCliApp *self, const char *name)
{
  char **command = self->options->command;

  return command != NULL && command[0] != NULL && g_str_equal (command[0], name);
}

/* There is no profile to work with. */
static void
fail (KithCliApp *self, const GError *error)
{
  if (is_command (self, "import"))
    {
      kith_cli_app_refuse_import (self, error, exit_code_for (error));
      return;
    }

  complain (error);
  if (g_error_matches (error, KITH_ERROR, KITH_ERROR_DAMAGED))
    g_printerr ("%s\n", self->folder != NULL ? "What can be read of it is saved with export FILE."
                                             : "Its key cannot be read, so nothing of it can be saved.");
  kith_cli_app_quit (self, exit_code_for (error));
}

/* --- Ready ---------------------------------------------------------------------------------- */

static void
run_command (KithCliApp *self)
{
  /* Who accepts such a request would wait for somebody who never comes back. */
  if (self->options->style == KITH_CLI_PEOPLE && !self->options->quiet && self->folder == NULL
      && (is_command (self, "connect") || is_command (self, "join")))
    g_printerr ("Nothing is written to the disk: who you are now is gone when this command ends.\n");
  if (!kith_cli_call_run_argv (self, self->options->command))
    kith_cli_app_quit (self, EXIT_USAGE);
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
listen_as_told (KithCliApp *self)
{
  const KithCliOptions *options = self->options;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (!options->listen
      || kith_node_listen (self->node, options->listen_address, options->listen_port,
                           !options->listen_exact, &error))
    return;

  words = kith_explain_listen (error, options->listen_address, options->listen_port);
  if (options->style == KITH_CLI_JSON)
    kith_cli_app_warn (self, error, words);
  else
    g_printerr ("%s\n", words);
}

/* What cannot be put in force would let connections around the proxy that was asked for. */
static gboolean
go_online_as_told (KithCliApp *self)
{
  g_autoptr (GError) error = NULL;

  if (!kith_network_override_put_in_force (&self->options->network, self->node, &error))
    {
      g_printerr ("%s\n", error->message);
      kith_cli_app_quit (self, EXIT_USAGE);
      return FALSE;
    }

  listen_as_told (self);
  kith_node_go_online (self->node);
  return TRUE;
}

static void
begin_input (KithCliApp *self)
{
  gboolean is_people = self->options->style == KITH_CLI_PEOPLE;

  if (self->input != NULL)
    return;

  kith_cli_text_set_painting (is_people && can_paint ());
  self->input = kith_cli_input_new (self, is_people && isatty (STDIN_FILENO) && isatty (STDOUT_FILENO));
}

/* Once. Who reads the output of one command gets nothing else in between. */
static void
tell_if_older (KithCliApp *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (!kith_node_is_older_copy (self->node))
    return;

  kith_node_forget_older_copy (self->node);
  g_set_error_literal (&error, KITH_ERROR, KITH_ERROR_OLDER_COPY, "An older copy was put back");
  words = kith_explain_error (error);
  if (self->options->style == KITH_CLI_PEOPLE && self->options->command != NULL)
    g_printerr ("%s\n", words);
  else
    kith_cli_app_warn (self, error, words);
}

static void
begin (KithCliApp *self)
{
  gboolean is_first = !self->has_begun;

  self->has_begun = TRUE;
  if (!go_online_as_told (self))
    return;

  if (self->options->command != NULL)
    {
      tell_if_older (self);
      run_command (self);
      return;
    }

  begin_input (self);
  emit_ready (self);
  tell_if_older (self);
  if (is_first && self->options->style == KITH_CLI_PEOPLE && !self->options->quiet)
    {
      kith_cli_call_run_words (self, "status", "");
      kith_cli_app_print (self, "/invite makes a link for a friend, /add LINK uses one, /help lists the commands.");
    }
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliApp *self = user_data;
  g_autoptr (GError) error = NULL;

  if (kith_node_create_profile_finish (KITH_NODE (source), result, &error))
    {
      begin (self);
      return;
    }

  complain (error);
  kith_cli_app_quit (self, EXIT_USAGE);
}

/* The node is open. */
static void
take_node (KithCliApp *self, KithNode *node)
{
  const char *name = self->options->name != NULL ? self->options->name : g_get_real_name ();

  kith_cli_app_take_node (self, node);
  if (kith_node_get_profile (node) != NULL)
    {
      begin (self);
      return;
    }

  if (self->options->name == NULL && g_str_equal (name, "Unknown"))
    name = g_get_user_name ();
  kith_node_create_profile_async (node, name, NULL, created_cb, self);
}

/**
 * kith_cli_app_node_changed:
 * @self: the client
 *
 * The profile was unlocked or locked.
 */
void
kith_cli_app_node_changed (KithCliApp *self)
{
  KithNode *node = kith_profile_folder_get_node (self->folder);

  if (node == self->node)
    return;

  if (node != NULL && kith_cli_app_lock_again (self))
    {
      begin_input (self);
      return;
    }
  if (node != NULL)
    {
      take_node (self, node);
      return;
    }

  kith_cli_app_take_node (self, NULL);
  if (!self->quitting)
    kith_cli_app_emit (self, "locked", json_object_new ());
}

gboolean
kith_cli_app_was_restored (KithCliApp *self)
{
  return self->was_restored;
}

KithProfileFolder *
kith_cli_app_get_folder (KithCliApp *self)
{
  return self->folder;
}

/* --- In memory ------------------------------------------------------------------------------ */

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliApp *self = user_data;
  g_autoptr (KithNode) node = KITH_NODE (source);
  g_autoptr (GError) error = NULL;

  if (kith_node_open_finish (node, result, &error))
    {
      take_node (self, node);
      return;
    }

  complain (error);
  kith_cli_app_quit (self, EXIT_FAILED);
}

/* --- On the disk ---------------------------------------------------------------------------- */

static void
unlocked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KithCliApp *self = user_data;
  g_autoptr (GError) error = NULL;

  self->is_trying = FALSE;
  /* Which of the calls it was makes no difference to how it ended. */
  if (kith_profile_folder_unlock_finish (self->folder, result, &error))
    {
      kith_cli_passphrase_free (g_steal_pointer (&self->damaged_passphrase));
      if (!self->quitting)
        kith_cli_app_node_changed (self);
      return;
    }

  /* What cannot be read can go all the same, and what can be read can be kept. */
  self->is_damaged = g_error_matches (error, KITH_ERROR, KITH_ERROR_DAMAGED);
  if (!self->quitting && (is_command (self, "erase") ? is_damage (error) : is_command (self, "export") && self->is_damaged))
    run_command (self);
  else
    fail (self, error);
}

/* @passphrase: (out) (transfer full): the next line of --passphrase-fd. One that does not come must not leave
 * anything without a passphrase, nor count as a wrong one.
 * Returns: %FALSE after the program was told to end */
static gboolean
read_given (KithCliApp *self, char **passphrase)
{
  *passphrase = kith_cli_passphrase_read (self->options->passphrase_fd);
  if (*passphrase != NULL)
    return TRUE;

  g_printerr ("No passphrase came from --passphrase-fd: an empty line says that there is none.\n");
  kith_cli_app_quit (self, EXIT_USAGE);
  return FALSE;
}

/**
 * kith_cli_app_can_ask:
 * @self: the client
 *
 * Returns: whether there is somebody to ask: programs are not
 */
gboolean
kith_cli_app_can_ask (KithCliApp *self)
{
  return self->options->style != KITH_CLI_JSON && kith_cli_passphrase_can_ask ();
}

/**
 * kith_cli_app_choose_passphrase:
 * @self: the client
 * @prompt: what to say
 * @passphrase: (out) (transfer full) (nullable): what was typed twice; %NULL where nobody can be asked
 * @error: return location for a #GError; see kith_cli_passphrase_choose()
 *
 * Returns: %FALSE when nothing was chosen
 */
gboolean
kith_cli_app_choose_passphrase (KithCliApp *self, const char *prompt, char **passphrase, GError **error)
{
  *passphrase = NULL;
  return !kith_cli_app_can_ask (self)
         || kith_cli_passphrase_choose (prompt, self->cancellable, passphrase, error);
}

/* (transfer full) (nullable): for a new vault.
 * Returns: %FALSE after the program was told to end */
static gboolean
get_new_passphrase (KithCliApp *self, char **passphrase)
{
  g_autoptr (GError) error = NULL;

  if (self->options->passphrase_fd >= 0)
    return read_given (self, passphrase);
  if (kith_cli_app_choose_passphrase (self, "A passphrase for what Kith keeps on this disk (empty for none): ",
                                      passphrase, &error))
    return TRUE;

  if (!self->quitting)
    g_printerr ("%s.\n", error->message);
  kith_cli_app_quit (self, EXIT_USAGE);
  return FALSE;
}

static void
warn_of_no_passphrase (KithCliApp *self, const char *passphrase)
{
  if ((passphrase == NULL || *passphrase == '\0') && !self->options->quiet)
    g_printerr ("%s\n", KITH_CLI_NO_PASSPHRASE);
}

static void
create (KithCliApp *self)
{
  char *passphrase;

  if (get_new_passphrase (self, &passphrase))
    {
      warn_of_no_passphrase (self, passphrase);
      kith_profile_folder_create_async (self->folder, passphrase, NULL, unlocked_cb, self);
    }
  kith_cli_passphrase_free (passphrase);
}

/* The passphrase of a backup is none for the profile that is there. */
static void
refuse_restore (KithCliApp *self)
{
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_EXISTS, "There is a profile already");

  fail (self, error);
}

static void
restore (KithCliApp *self)
{
  char **command = self->options->command;
  char *backup_passphrase = NULL;
  char *passphrase = NULL;
  g_autoptr (GFile) file = NULL;

  if (command[1] == NULL)
    {
      g_printerr ("Usage: import FILE\n");
      kith_cli_app_quit (self, EXIT_USAGE);
      return;
    }

  file = g_file_new_for_commandline_arg (command[1]);
  if (self->options->passphrase_fd >= 0)
    {
      if (!read_given (self, &backup_passphrase))
        return;
    }
  else if (kith_cli_passphrase_can_ask ())
    {
      backup_passphrase = kith_cli_passphrase_ask ("The passphrase of the backup: ", self->cancellable);
      if (backup_passphrase == NULL)
        {
          kith_cli_app_quit (self, EXIT_USAGE);
          return;
        }
    }
  if (get_new_passphrase (self, &passphrase))
    {
      warn_of_no_passphrase (self, passphrase);
      self->was_restored = TRUE;
      self->restoring = (KithCliProgress){ .app = self, .what = "import" };
      kith_profile_folder_restore_async (self->folder, file, backup_passphrase, passphrase,
                                         kith_cli_progress_cb, &self->restoring, self->cancellable,
                                         unlocked_cb, self);
    }
  kith_cli_passphrase_free (backup_passphrase);
  kith_cli_passphrase_free (passphrase);
}

/* Somebody has to say "unlock" first. */
static void
wait_locked (KithCliApp *self)
{
  if (self->options->command != NULL)
    {
      g_printerr ("The profile is locked. Its passphrase comes from a terminal, or from "
                  "--passphrase-fd.\n");
      kith_cli_app_quit (self, EXIT_LOCKED);
      return;
    }

  begin_input (self);
  kith_cli_app_emit (self, "locked", json_object_new ());
}

static void
unlock (KithCliApp *self)
{
  char *passphrase = NULL;

  if (!kith_profile_folder_get_has_passphrase (self->folder))
    passphrase = NULL;
  else if (self->options->passphrase_fd >= 0)
    {
      if (!read_given (self, &passphrase))
        return;
    }
  else if (self->options->style == KITH_CLI_PEOPLE && kith_cli_passphrase_can_ask ())
    {
      passphrase = kith_cli_passphrase_ask ("Passphrase: ", self->cancellable);
      if (passphrase == NULL)
        {
          kith_cli_app_quit (self, EXIT_LOCKED);
          return;
        }
    }
  else
    {
      wait_locked (self);
      return;
    }

  self->is_trying = passphrase != NULL;
  if (is_command (self, "export"))
    self->damaged_passphrase = g_strdup (passphrase);
  kith_profile_folder_unlock_async (self->folder, passphrase, NULL, unlocked_cb, self);
  kith_cli_passphrase_free (passphrase);
}

/* (transfer full) (nullable) */
static KithProfileFolder *
open_path (KithCliApp *self, const char *path, GError **error)
{
  KithProfileFolder *folder;
  GError *local = NULL;

  if (is_command (self, "erase"))
    return kith_profile_folder_open_to_erase (path, error);

  folder = kith_profile_folder_open (path, &local);
  if (folder == NULL && self->options->start_anew && g_error_matches (local, KITH_ERROR, KITH_ERROR_NO_VAULT))
    {
      g_clear_error (&local);
      return kith_profile_folder_put_aside (path, error) ? kith_profile_folder_open (path, error) : NULL;
    }

  if (folder == NULL)
    g_propagate_error (error, local);
  return folder;
}

/* Who finds nothing where a profile was has to know why. */
static void
tell_rest (KithCliApp *self)
{
  KithProfileRest rest = kith_profile_folder_get_rest (self->folder);

  if (rest == KITH_PROFILE_REST_GONE && !self->options->quiet)
    g_printerr ("Erasing was interrupted here. What was left is deleted now.\n");
  if (rest == KITH_PROFILE_REST_STAYS)
    g_printerr ("Erasing was interrupted here. Some files cannot be deleted yet; nobody can read them.\n");
}

static gboolean
open_folder (KithCliApp *self, GError **error)
{
  g_autofree char *path = g_strdup (self->options->profile);

  if (path == NULL)
    path = kith_profile_folder_dup_default ();
  self->folder = open_path (self, path, error);
  if (self->folder == NULL)
    return FALSE;

  tell_rest (self);
  kith_cli_app_watch_folder (self);
  return TRUE;
}

static gboolean
start (KithCliApp *self)
{
  g_autoptr (GError) error = NULL;

  if (self->options->ephemeral)
    kith_node_open_async (kith_node_new_in_memory (), NULL, opened_cb, self);
  else if (!open_folder (self, &error))
    {
      fail (self, error);
      return FALSE;
    }
  else if (kith_profile_folder_get_state (self->folder) == KITH_PROFILE_NEW && is_command (self, "import"))
    restore (self);
  else if (is_command (self, "import"))
    refuse_restore (self);
  else if (kith_profile_folder_get_state (self->folder) != KITH_PROFILE_NEW)
    unlock (self);
  else
    create (self);

  return TRUE;
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
  static const GSourceFunc on_quit[] = { interrupt_cb, signal_cb, signal_cb };

  self.cancellable = g_cancellable_new ();
  self.works = g_ptr_array_new ();
  self.loop = g_main_loop_new (NULL, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (quit_signals); i++)
    self.signals[i] = g_unix_signal_add (quit_signals[i], on_quit[i], &self);

  if (start (&self) && !self.quitting)
    g_main_loop_run (self.loop);
  else if (self.quitting && self.folder != NULL)
    g_main_loop_run (self.loop);

  for (gsize i = 0; i < G_N_ELEMENTS (quit_signals); i++)
    g_source_remove (self.signals[i]);
  if (self.folder != NULL)
    g_signal_handlers_disconnect_by_data (self.folder, &self);
  kith_cli_app_take_node (&self, NULL);
  g_clear_pointer (&self.idle, kith_idle_timer_free);
  g_clear_pointer (&self.sleep, kith_sleep_watch_free);
  g_clear_pointer (&self.input, kith_cli_input_free);
  g_clear_object (&self.conversation);
  g_clear_object (&self.cancellable);
  g_ptr_array_unref (self.works);
  kith_cli_passphrase_free (self.damaged_passphrase);
  /* Nobody else may open it while a passphrase is still being tried. */
  if (self.folder != NULL && !self.is_trying)
    kith_profile_folder_release (self.folder);
  g_clear_object (&self.folder);
  g_main_loop_unref (self.loop);
  return self.exit_code;
}
