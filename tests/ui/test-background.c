/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "node/kith-autostart.h"
#include "ui/kith-portal.h"

#define ID "chat.kith.Kith.Test"
#define DEADLINE_S 20

/* --- The autostart file --------------------------------------------------------------------- */

static void
test_exec (void)
{
  static const char *const cases[][3] = {
    { "kith", "/home/ann/kith/default", "\"kith\" --background --profile \"/home/ann/kith/default\"" },
    { "/opt/my kith", "/a b/100%", "\"/opt/my kith\" --background --profile \"/a b/100%%\"" },
    { "kith", "/\"`$\\", "\"kith\" --background --profile \"/\\\"\\`\\$\\\\\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *exec = kith_autostart_dup_exec (cases[i][0], cases[i][1]);

      g_assert_cmpstr (exec, ==, cases[i][2]);
    }
}

static void
test_file (void)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "autostart", ID ".desktop", NULL);
  g_autoptr (GKeyFile) entry = g_key_file_new ();
  g_autofree char *exec = NULL;
  GError *error = NULL;

  /* There is nothing to be removed. */
  g_assert_true (kith_autostart_remove (ID, &error));
  g_assert_no_error (error);
  g_assert_false (kith_autostart_is_on (ID));

  g_assert_true (kith_autostart_add (ID, "kith", "/p \\ $x", &error));
  g_assert_no_error (error);
  g_assert_true (kith_autostart_is_on (ID));
  g_assert_true (g_key_file_load_from_file (entry, path, G_KEY_FILE_NONE, &error));
  exec = g_key_file_get_string (entry, "Desktop Entry", "Exec", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (exec, ==, "\"kith\" --background --profile \"/p \\\\ \\$x\"");

  g_assert_true (kith_autostart_remove (ID, &error));
  g_assert_false (kith_autostart_is_on (ID));
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* A folder that cannot be written to is an error and nothing worse. */
static void
test_no_folder (void)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "autostart", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (g_get_user_config_dir (), 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, "a file", -1, NULL));
  g_assert_false (kith_autostart_add (ID, "kith", "/p", &error));
  g_assert_nonnull (error);
}

/* --- The portal ----------------------------------------------------------------------------- */

static const char portal_xml[] =
    "<node><interface name='org.freedesktop.portal.Background'>"
    "<method name='RequestBackground'><arg type='s' direction='in'/><arg type='a{sv}' direction='in'/>"
    "<arg type='o' direction='out'/></method></interface></node>";

typedef struct
{
  GTestDBus *daemon;
  GDBusConnection *portal;
  GDBusConnection *bus;
  guint object_id;

  /* What the desktop answers. */
  const char *error_name; /* (nullable) */
  const char *answer;

  /* What Kith asked. */
  gboolean asked_autostart;
  char *asked_command;

  GAsyncResult *result;
} Portal;

static void
call_cb (GDBusConnection *connection, const char *sender, const char *path, const char *interface,
         const char *method, GVariant *parameters, GDBusMethodInvocation *invocation,
         gpointer user_data)
{
  Portal *portal = user_data;
  g_autoptr (GVariant) options = g_variant_get_child_value (parameters, 1);
  g_autofree const char **command = NULL;
  g_autofree char *name = g_strdelimit (g_strdup (sender + 1), ".", '_');
  g_autofree char *handle = NULL;
  const char *token;

  if (portal->error_name != NULL)
    {
      g_dbus_method_invocation_return_dbus_error (invocation, portal->error_name, "No");
      return;
    }

  g_assert_true (g_variant_lookup (options, "handle_token", "&s", &token));
  g_assert_true (g_variant_lookup (options, "autostart", "b", &portal->asked_autostart));
  g_assert_true (g_variant_lookup (options, "commandline", "^a&s", &command));
  portal->asked_command = g_strjoinv (" ", (char **) command);

  handle = g_strdup_printf ("/org/freedesktop/portal/desktop/request/%s/%s", name, token);
  g_dbus_method_invocation_return_value (invocation, g_variant_new ("(o)", handle));
  g_dbus_connection_emit_signal (connection, sender, handle, "org.freedesktop.portal.Request",
                                 "Response", g_variant_new_parsed (portal->answer), NULL);
}

static const GDBusInterfaceVTable vtable = { .method_call = call_cb };

static GDBusConnection *
connect_bus (Portal *portal)
{
  return g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (portal->daemon),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, NULL);
}

static void
set_up (Portal *portal, gconstpointer data)
{
  g_autoptr (GDBusNodeInfo) info = g_dbus_node_info_new_for_xml (portal_xml, NULL);
  g_autoptr (GVariant) owned = NULL;

  portal->daemon = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (portal->daemon);
  portal->portal = connect_bus (portal);
  portal->bus = connect_bus (portal);
  portal->object_id = g_dbus_connection_register_object (
      portal->portal, "/org/freedesktop/portal/desktop", info->interfaces[0], &vtable, portal, NULL,
      NULL);
  g_assert_cmpuint (portal->object_id, !=, 0);
  owned = g_dbus_connection_call_sync (
      portal->portal, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", "org.freedesktop.portal.Desktop", 0), NULL,
      G_DBUS_CALL_FLAGS_NONE, -1, NULL, NULL);
  g_assert_nonnull (owned);
}

static void
tear_down (Portal *portal, gconstpointer data)
{
  g_dbus_connection_unregister_object (portal->portal, portal->object_id);
  g_dbus_connection_close_sync (portal->portal, NULL, NULL);
  g_dbus_connection_close_sync (portal->bus, NULL, NULL);
  g_clear_object (&portal->portal);
  g_clear_object (&portal->bus);
  g_clear_object (&portal->result);
  g_clear_pointer (&portal->asked_command, g_free);
  g_test_dbus_down (portal->daemon);
  g_clear_object (&portal->daemon);
}

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Portal *portal = user_data;

  g_assert_null (portal->result);
  portal->result = g_object_ref (result);
  g_main_context_wakeup (NULL);
}

static gboolean G_GNUC_NORETURN
too_late_cb (gpointer user_data)
{
  g_test_message ("No answer in time");
  g_abort ();
}

static gboolean
request (Portal *portal, gboolean autostart, gboolean *granted, GError **error)
{
  static const char *const command[] = { "kith", "--background", NULL };
  guint deadline_id = g_timeout_add_seconds (DEADLINE_S, too_late_cb, NULL);

  kith_portal_request_background_async (portal->bus, "Because", command, autostart, answered_cb, portal);
  while (portal->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline_id);

  return kith_portal_request_background_finish (portal->bus, portal->result, granted, error);
}

static void
test_allowed (Portal *portal, gconstpointer data)
{
  gboolean autostart = FALSE;
  g_autoptr (GError) error = NULL;

  portal->answer = "(uint32 0, {'background': <true>, 'autostart': <true>})";
  g_assert_true (request (portal, TRUE, &autostart, &error));
  g_assert_no_error (error);
  g_assert_true (autostart);
  g_assert_true (portal->asked_autostart);
  g_assert_cmpstr (portal->asked_command, ==, "kith --background");
}

static void
test_refused (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  portal->answer = data;
  g_assert_false (request (portal, FALSE, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_assert_false (portal->asked_autostart);
}

/* A desktop without this portal. */
static void
test_missing (Portal *portal, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  portal->error_name = "org.freedesktop.DBus.Error.UnknownMethod";
  g_assert_false (request (portal, FALSE, NULL, &error));
  g_assert_nonnull (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/background/exec", test_exec);
  g_test_add_func ("/background/file", test_file);
  g_test_add_func ("/background/no-folder", test_no_folder);
  g_test_add ("/background/allowed", Portal, NULL, set_up, test_allowed, tear_down);
  g_test_add ("/background/refused", Portal, "(uint32 1, @a{sv} {})", set_up, test_refused, tear_down);
  g_test_add ("/background/strange", Portal, "('what?',)", set_up, test_refused, tear_down);
  g_test_add ("/background/missing", Portal, NULL, set_up, test_missing, tear_down);

  return g_test_run ();
}
