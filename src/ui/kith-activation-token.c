/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-activation-token.h"

#define NAME "org.freedesktop.Notifications"
#define PATH "/org/freedesktop/Notifications"

static char *token; /* (owned) (nullable) the newest */

static void
token_cb (GDBusConnection *bus, const char *sender, const char *path, const char *interface,
          const char *signal, GVariant *parameters, gpointer user_data)
{
  if (!g_variant_is_of_type (parameters, G_VARIANT_TYPE ("(us)")))
    return;

  g_free (token);
  g_variant_get_child (parameters, 1, "s", &token);
}

/**
 * kith_activation_token_listen:
 * @bus: (nullable): the session's
 *
 * To be called once, before there is a notification: what comes is dispatched in the order in which one asked for it.
 */
void
kith_activation_token_listen (GDBusConnection *bus)
{
  if (bus != NULL)
    g_dbus_connection_signal_subscribe (bus, NAME, NAME, "ActivationToken", PATH, NULL,
                                        G_DBUS_SIGNAL_FLAGS_NONE, token_cb, NULL, NULL);
}

/**
 * kith_activation_token_use:
 * @window: a window that is about to be presented
 *
 * A token is good for one window.
 */
void
kith_activation_token_use (GtkWindow *window)
{
  g_autofree char *newest = g_steal_pointer (&token);

  g_return_if_fail (GTK_IS_WINDOW (window));

  if (newest != NULL && *newest != '\0')
    gtk_window_set_startup_id (window, newest);
}
