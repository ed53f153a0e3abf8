/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-launch.h"

#include <string.h>

#include "ui/kith-own-environment.h"
#include "ui/kith-portal.h"

#define REPLACED " (deleted)" /* what the kernel says of a program when a newer one stands in its place */

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
 * kith_launch_profile:
 * @path: the folder of a profile
 * @restore: whether to offer at once to restore it from a backup
 * @error: return location
 *
 * Returns: whether a process for it was started
 */
gboolean
kith_launch_profile (const char *path, gboolean restore, GError **error)
{
  g_autofree char *self = kith_launch_dup_program ();
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GSubprocess) process = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  kith_own_environment_keep_from (launcher);
  process = g_subprocess_launcher_spawn (launcher, error, self != NULL ? self : "kith", "--profile", path,
                                         restore ? "--restore" : NULL, NULL);

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
