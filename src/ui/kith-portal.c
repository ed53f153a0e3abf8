/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-portal.h"

#include <glib/gi18n.h>

#define PORTAL_NAME "org.freedesktop.portal.Desktop"
#define PORTAL_PATH "/org/freedesktop/portal/desktop"
#define PORTAL_BACKGROUND "org.freedesktop.portal.Background"
#define PORTAL_REQUEST "org.freedesktop.portal.Request"
#define REQUEST_PREFIX PORTAL_PATH "/request/"

/* The user's answer to a request comes as a signal of an object whose path is known beforehand, so that
 * none is missed. */
typedef struct
{
  GDBusConnection *bus; /* (owned) */
  guint response_id;
  gboolean is_answered;
  gboolean says_autostart; /* the answer told of it */
  gboolean autostart;
} Request;

static void
request_free (Request *request)
{
  if (request->response_id != 0)
    g_dbus_connection_signal_unsubscribe (request->bus, request->response_id);
  g_object_unref (request->bus);
  g_free (request);
}

/**
 * kith_portal_is_sandboxed:
 *
 * Returns: whether the program runs in a Flatpak, and has to ask for what others simply do
 */
gboolean
kith_portal_is_sandboxed (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
}

/**
 * kith_portal_is_asked_to_open:
 *
 * Returns: whether the desktop starts what opens a file or a link, and not this process: in a sandbox, and where
 *   the user wants it so of every program of GTK
 */
gboolean
kith_portal_is_asked_to_open (void)
{
  return kith_portal_is_sandboxed () || g_strcmp0 (g_getenv ("GTK_USE_PORTAL"), "1") == 0;
}

/* Whether this is the first answer, from here on the only one. */
static gboolean
take_answer (GTask *task)
{
  Request *request = g_task_get_task_data (task);

  if (request->is_answered)
    return FALSE;

  request->is_answered = TRUE;
  g_dbus_connection_signal_unsubscribe (request->bus, request->response_id);
  request->response_id = 0;

  return TRUE;
}

static void
response_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
             const char *signal, GVariant *parameters, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);
  Request *request = g_task_get_task_data (task);
  g_autoptr (GVariant) results = NULL;
  gboolean background = FALSE;
  guint32 response = 1;

  if (!take_answer (task))
    return;

  if (g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(ua{sv})")))
    {
      g_variant_get (parameters, "(u@a{sv})", &response, &results);
      g_variant_lookup (results, "background", "b", &background);
      request->says_autostart = g_variant_lookup (results, "autostart", "b", &request->autostart);
    }

  if (response == 0 && background)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                             "%s", _("The desktop does not allow it"));
}

static void
called_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                               &error);

  if (answer == NULL && take_answer (task))
    g_task_return_error (task, g_steal_pointer (&error));
}

static char *
dup_request_path (GDBusConnection *bus, const char *token)
{
  g_autofree char *sender = g_strdelimit (
      g_strdup (g_dbus_connection_get_unique_name (bus) + 1), ".", '_');

  return g_strconcat (REQUEST_PREFIX, sender, "/", token, NULL);
}

/**
 * kith_portal_request_background_async:
 * @bus: the session bus
 * @reason: why, in words for the user
 * @command_line: what starts the program when the user logs in, %NULL-terminated
 * @autostart: whether that is wanted
 * @callback: to call when the user has answered
 * @user_data: for @callback
 *
 * Asks to go on without a window, and to be started with the session or not.
 */
void
kith_portal_request_background_async (GDBusConnection *bus, const char *reason,
                                      const char *const *command_line, gboolean autostart,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  static guint n_requests;
  GTask *task = g_task_new (bus, NULL, callback, user_data);
  g_autofree char *token = g_strdup_printf ("kith%u", ++n_requests);
  g_autofree char *path = dup_request_path (bus, token);
  Request *request = g_new0 (Request, 1);
  GVariantBuilder options;

  g_task_set_source_tag (task, kith_portal_request_background_async);
  request->bus = g_object_ref (bus);
  g_task_set_task_data (task, request, (GDestroyNotify) request_free);
  request->response_id = g_dbus_connection_signal_subscribe (
      bus, PORTAL_NAME, PORTAL_REQUEST, "Response", path, NULL, G_DBUS_SIGNAL_FLAGS_NONE,
      response_cb, g_object_ref (task), g_object_unref);

  g_variant_builder_init (&options, G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&options, "{sv}", "handle_token", g_variant_new_string (token));
  g_variant_builder_add (&options, "{sv}", "reason", g_variant_new_string (reason));
  g_variant_builder_add (&options, "{sv}", "autostart", g_variant_new_boolean (autostart));
  g_variant_builder_add (&options, "{sv}", "commandline", g_variant_new_strv (command_line, -1));
  g_dbus_connection_call (bus, PORTAL_NAME, PORTAL_PATH, PORTAL_BACKGROUND, "RequestBackground",
                          g_variant_new ("(sa{sv})", "", &options), G_VARIANT_TYPE ("(o)"),
                          G_DBUS_CALL_FLAGS_NONE, -1, NULL, called_cb, task);
}

/**
 * kith_portal_request_background_finish:
 * @bus: the session bus
 * @result: what the callback got
 * @autostart: (inout) (optional): whether the program is started with the session; also set together with an
 *   error when the desktop has told, and else left as it is
 * @error: return location; G_IO_ERROR_PERMISSION_DENIED when the user, or the system, said no
 *
 * Returns: whether the program may go on without a window
 */
gboolean
kith_portal_request_background_finish (GDBusConnection *bus, GAsyncResult *result,
                                       gboolean *autostart, GError **error)
{
  Request *request;

  g_return_val_if_fail (g_task_is_valid (result, bus), FALSE);

  request = g_task_get_task_data (G_TASK (result));
  if (autostart != NULL && (request->says_autostart || !g_task_had_error (G_TASK (result))))
    *autostart = request->autostart;

  return g_task_propagate_boolean (G_TASK (result), error);
}
