/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-launch.h"

#include <string.h>

#include "ui/kith-own-environment.h"
#include "ui/kith-portal.h"

#define REPLACED " (deleted)" /* what the kernel says of a program when a newer one stands in its place */

/* What this process was told, for good. */
static char **network_options; /* (owned) (nullable) */
static char *listen_place;     /* (owned) (nullable): address and port */
static char *user_name;        /* (owned) (nullable) */

/**
 * kith_launch_dup_program:
 *
 * Returns: (transfer full) (nullable): where this program stands, also after it was upgraded
 */
char *
kith_launch_dup_program (void)
{
  char *program = g_file_read_link ("/proc/self/exe", NULL);

  if (program != NULL && g_str_has_suffix (program, REPLACED)
      && !g_file_test (program, G_FILE_TEST_EXISTS))
    program[strlen (program) - strlen (REPLACED)] = '\0';

  return program;
}

/**
 * kith_launch_set_options:
 * @network: (nullable): the options about the network, as they stand on a command line
 * @listen: (nullable): of --listen
 * @name: (nullable): of --name
 *
 * What this process was told, and others that it starts are to be told as well: whoever starts Kith behind a proxy does
 * not want to be online without it after choosing a profile. To be called once, in the main thread.
 */
void
kith_launch_set_options (const char *const *network, const char *listen, const char *name)
{
  g_return_if_fail (network_options == NULL && listen_place == NULL && user_name == NULL);

  network_options = g_strdupv ((char **) network);
  listen_place = g_strdup (listen);
  user_name = g_strdup (name);
}

/* Two processes cannot have one port; but what is not to be reached from elsewhere is not. */
static char *
dup_listen_place (KithLaunchFlags flags)
{
  const char *colon = strrchr (listen_place, ':');

  if ((flags & KITH_LAUNCH_INSTEAD) || colon == NULL)
    return g_strdup (listen_place);

  return g_strdup_printf ("%.*s:0", (int) (colon - listen_place), listen_place);
}

static void
add_option (GStrvBuilder *words, const char *option, const char *value)
{
  g_strv_builder_add_many (words, option, value, NULL);
}

/* (transfer full): the words of a command line */
static GStrv
dup_command (const char *path, KithLaunchFlags flags, const char *link)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_autofree char *program = kith_launch_dup_program ();

  g_strv_builder_add (words, program != NULL ? program : "kith");
  add_option (words, "--profile", path);
  if (network_options != NULL)
    g_strv_builder_addv (words, (const char **) network_options);
  if (listen_place != NULL)
    {
      g_autofree char *place = dup_listen_place (flags);

      add_option (words, "--listen", place);
    }
  if (user_name != NULL && (flags & KITH_LAUNCH_FIRST))
    add_option (words, "--name", user_name);
  if (flags & KITH_LAUNCH_RESTORE)
    g_strv_builder_add (words, "--restore");
  if (link != NULL)
    add_option (words, "--", link);
  return g_strv_builder_end (words);
}

/**
 * kith_launch_profile:
 * @path: the folder of a profile
 * @flags: what it is for
 * @link: (nullable): to be opened there
 * @error: return location for what g_subprocess_launcher_spawnv() says
 *
 * Returns: whether a process for it was started
 */
gboolean
kith_launch_profile (const char *path, KithLaunchFlags flags, const char *link, GError **error)
{
  g_auto (GStrv) command = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) process = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  kith_own_environment_keep_from (launcher);
  command = dup_command (path, flags, link);
  process = g_subprocess_launcher_spawnv (launcher, (const char *const *) command, error);

  return process != NULL;
}

/* --- What opens files and links ------------------------------------------------------------- */

static void
shown_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (gtk_show_uri_full_finish (GTK_WINDOW (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (g_app_info_launch_default_for_uri_finish (result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * kith_launch_uri_async:
 * @window: the window that it is opened from
 * @uri: the address of a file, a folder or a page
 * @callback: called when a program for it was started, or none
 * @user_data: for @callback
 *
 * The desktop chooses the program; through a portal it may ask which. The program keeps what it always keeps, where it
 * always does, whatever this process may not.
 */
void
kith_launch_uri_async (GtkWindow *window, const char *uri, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (window, NULL, callback, user_data);
  g_autoptr (GdkAppLaunchContext) context = NULL;

  g_task_set_source_tag (task, kith_launch_uri_async);
  if (kith_portal_is_asked_to_open ())
    {
      gtk_show_uri_full (window, uri, GDK_CURRENT_TIME, NULL, shown_cb, task);
      return;
    }

  context = gdk_display_get_app_launch_context (gtk_widget_get_display (GTK_WIDGET (window)));
  kith_own_environment_keep_from_app (G_APP_LAUNCH_CONTEXT (context));
  g_app_info_launch_default_for_uri_async (uri, G_APP_LAUNCH_CONTEXT (context), NULL, started_cb, task);
}

/**
 * kith_launch_uri_finish:
 * @window: the window that it was opened from
 * @result: what the callback got
 * @error: return location; G_IO_ERROR_CANCELLED when the user was asked, and wants no program
 *
 * Returns: whether a program was started
 */
gboolean
kith_launch_uri_finish (GtkWindow *window, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, window), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
