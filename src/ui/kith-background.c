/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-background.h"

#include <glib/gi18n.h>

#include "node/kith-autostart.h"
#include "node/kith-node-history.h"
#include "node/kith-profile-folder.h"
#include "node/kith-settings.h"
#include "ui/kith-launch.h"
#include "ui/kith-portal.h"

#define PROGRAM "kith"

static const char *
get_application_id (void)
{
  return g_application_get_application_id (g_application_get_default ());
}

static GDBusConnection *
get_bus (void)
{
  return g_application_get_dbus_connection (g_application_get_default ());
}

/* The name when the shell finds this program under it, else where it is. */
static char *
dup_program (void)
{
  g_autofree char *self = kith_launch_dup_program ();
  g_autofree char *found = g_find_program_in_path (PROGRAM);

  return g_strdup (self == NULL || g_strcmp0 (self, found) == 0 ? PROGRAM : self);
}

/**
 * kith_background_can_autostart:
 * @profile_path: (nullable): the folder of the profile
 *
 * Returns: whether it may be started with the session: one that is carried about, or that is nowhere,
 *   leaves nothing behind on this computer
 */
gboolean
kith_background_can_autostart (const char *profile_path)
{
  g_autofree char *root = kith_profile_folder_dup_root ();
  g_autoptr (GFile) parent = g_file_new_for_path (root);
  g_autoptr (GFile) folder = profile_path != NULL ? g_file_new_for_path (profile_path) : NULL;

  return folder != NULL && g_file_has_prefix (folder, parent) && get_application_id () != NULL;
}

/**
 * kith_background_get_autostart:
 * @node: whose
 *
 * Returns: whether it is started with the session
 */
gboolean
kith_background_get_autostart (KithNode *node)
{
  if (kith_portal_is_sandboxed ())
    return kith_node_get_setting_int (node, KITH_SETTING_START_AT_LOGIN) != 0;

  return kith_autostart_is_on (get_application_id ());
}

static void
requested_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KithNode *node = g_task_get_source_object (task);
  gboolean wanted = g_task_get_task_data (task) != NULL;
  gboolean autostart = !wanted;
  g_autoptr (GError) error = NULL;

  /* Who may not go on without a window can still be no longer started. */
  if (!kith_portal_request_background_finish (G_DBUS_CONNECTION (source), result, &autostart, &error)
      && (wanted || autostart))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  kith_node_set_setting_int (node, KITH_SETTING_START_AT_LOGIN, autostart);
  if (autostart == wanted)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                             "%s", _("The desktop does not start it"));
}

static void
request (const char *profile_path, gboolean autostart, GAsyncReadyCallback callback,
         gpointer user_data)
{
  const char *const command_line[] = { PROGRAM, "--background", "--profile", profile_path, NULL };

  kith_portal_request_background_async (get_bus (), _("Messages arrive while its window is closed."),
                                        command_line, autostart, callback, user_data);
}

/**
 * kith_background_set_autostart_async:
 * @node: whose
 * @profile_path: the folder of its profile, which kith_background_can_autostart()
 * @autostart: whether it is to be started with the session
 * @callback: to call when it is, or not
 * @user_data: for @callback
 *
 * In a sandbox the desktop may ask the user.
 */
void
kith_background_set_autostart_async (KithNode *node, const char *profile_path, gboolean autostart,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (node, NULL, callback, user_data);
  g_autofree char *program = NULL;
  GError *error = NULL;

  g_task_set_source_tag (task, kith_background_set_autostart_async);
  if (kith_portal_is_sandboxed () && get_bus () != NULL)
    {
      g_task_set_task_data (task, GINT_TO_POINTER (autostart), NULL);
      request (profile_path, autostart, requested_cb, g_steal_pointer (&task));
      return;
    }

  program = dup_program ();
  if (autostart ? kith_autostart_add (get_application_id (), program, profile_path, &error)
                : kith_autostart_remove (get_application_id (), &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * kith_background_set_autostart_finish:
 * @node: whose
 * @result: what the callback got
 * @error: return location, of the domain G_IO_ERROR or G_FILE_ERROR
 *
 * Returns: whether it is as asked for
 */
gboolean
kith_background_set_autostart_finish (KithNode *node, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, node), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
announced_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!kith_portal_request_background_finish (G_DBUS_CONNECTION (source), result, NULL, &error))
    g_message ("The desktop may end Kith while it has no window: %s", error->message);
}

/**
 * kith_background_announce:
 * @node: whose
 * @profile_path: the folder of its profile
 *
 * Tells the desktop that the program goes on without a window, where it has to be told.
 */
void
kith_background_announce (KithNode *node, const char *profile_path)
{
  if (kith_portal_is_sandboxed () && get_bus () != NULL)
    request (profile_path, kith_background_get_autostart (node), announced_cb, NULL);
}

static void
forgotten_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean autostart = FALSE;

  kith_portal_request_background_finish (G_DBUS_CONNECTION (source), result, &autostart, NULL);
  if (autostart)
    g_message ("The desktop goes on starting a profile that is gone");
}

/**
 * kith_background_forget:
 * @profile_path: the folder of a profile that was erased
 *
 * Has the desktop start it no longer, where only it knows that: elsewhere that went with the profile.
 */
void
kith_background_forget (const char *profile_path)
{
  if (kith_portal_is_sandboxed () && get_bus () != NULL && kith_background_can_autostart (profile_path))
    request (profile_path, FALSE, forgotten_cb, NULL);
}
