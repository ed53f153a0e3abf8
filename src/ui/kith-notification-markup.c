/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-notification-markup.h"

#include "ui/kith-portal.h"

#define BACKEND "GNOTIFICATION_BACKEND" /* which one GLib is to use, instead of the best that is there */
#define GTK_NAME "org.gtk.Notifications"
#define DESKTOP_NAME "org.freedesktop.Notifications"
#define DESKTOP_PATH "/org/freedesktop/Notifications"

static gboolean is_asked;
/* Until it has answered: what is shown with an "&amp;" does no harm. */
static gboolean is_markup = TRUE;

static void
capabilities_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  g_autofree const char **capabilities = NULL;

  if (answer == NULL)
    return;

  g_variant_get (answer, "(^a&s)", &capabilities);
  is_markup = g_strv_contains (capabilities, "body-markup");
}

static void
ask_for_capabilities (GDBusConnection *bus)
{
  g_dbus_connection_call (bus, DESKTOP_NAME, DESKTOP_PATH, DESKTOP_NAME, "GetCapabilities", NULL,
                          G_VARIANT_TYPE ("(as)"), G_DBUS_CALL_FLAGS_NONE, -1, NULL,
                          capabilities_cb, NULL);
}

static void
owner_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GDBusConnection *bus = G_DBUS_CONNECTION (source);
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (bus, result, NULL);
  gboolean has_owner = FALSE;

  if (answer != NULL)
    g_variant_get (answer, "(b)", &has_owner);
  if (has_owner)
    is_markup = FALSE;
  else
    ask_for_capabilities (bus);
}

/**
 * kith_notification_markup_ask:
 * @bus: (nullable): the session's, over which notifications go
 *
 * Finds out which service GLib sends notifications to, once, and what it does with them.
 */
void
kith_notification_markup_ask (GDBusConnection *bus)
{
  const char *backend = g_getenv (BACKEND);

  if (is_asked || bus == NULL)
    return;

  is_asked = TRUE;
  /* Those of the portal and of GNOME are text. */
  if (g_strcmp0 (backend, "freedesktop") == 0)
    ask_for_capabilities (bus);
  else if (backend != NULL || kith_portal_is_asked_to_open ())
    is_markup = FALSE;
  else
    g_dbus_connection_call (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
                            "NameHasOwner", g_variant_new ("(s)", GTK_NAME), G_VARIANT_TYPE ("(b)"),
                            G_DBUS_CALL_FLAGS_NONE, -1, NULL, owner_cb, NULL);
}

/**
 * kith_notification_markup_dup:
 * @body: text
 *
 * Returns: (transfer full): the body of a notification that is shown as @body
 */
char *
kith_notification_markup_dup (const char *body)
{
  return is_markup ? g_markup_escape_text (body, -1) : g_strdup (body);
}
