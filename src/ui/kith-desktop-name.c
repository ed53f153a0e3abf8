/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-desktop-name.h"

#ifdef GDK_WINDOWING_WAYLAND
#include <gdk/wayland/gdkwayland.h>
#endif

#include "ui/kith-own-environment.h"
#include "ui/kith-portal.h"

#define BACKEND "GNOTIFICATION_BACKEND" /* GLib asks for it with the first notification */

/**
 * kith_desktop_name_dup_for_nobody:
 *
 * Returns: (transfer full): the ID of an application that nobody else will have
 */
char *
kith_desktop_name_dup_for_nobody (void)
{
  g_autofree char *name = g_uuid_string_random ();

  return g_strconcat (KITH_APPLICATION_ID ".E", g_strdelimit (name, "-", '_'), NULL);
}

/**
 * kith_desktop_name_use_for_notifications:
 *
 * Lets this process show notifications over org.freedesktop.Notifications. GNOME Shell keeps those that come over
 * org.gtk.Notifications on the disk, as they are, and drops those from an ID of which there is no desktop file. From a
 * sandbox there is a portal and nothing else. To be called before there is another thread.
 */
void
kith_desktop_name_use_for_notifications (void)
{
  if (kith_portal_is_sandboxed () || g_getenv (BACKEND) != NULL)
    return;

  kith_own_environment_set (BACKEND, "freedesktop");
}

static void
mapped_cb (GtkWidget *window)
{
#ifdef GDK_WINDOWING_WAYLAND
  GdkSurface *surface = gtk_native_get_surface (GTK_NATIVE (window));

  if (GDK_IS_WAYLAND_TOPLEVEL (surface))
    gdk_wayland_toplevel_set_application_id (GDK_TOPLEVEL (surface), KITH_APPLICATION_ID);
#endif
}

/**
 * kith_desktop_name_use_for_window:
 * @window: a window that is not yet shown
 *
 * Wayland tells windows by the ID of the application. For X, StartupWMClass stands in the desktop file.
 */
void
kith_desktop_name_use_for_window (GtkWidget *window)
{
  g_return_if_fail (GTK_IS_WINDOW (window));

  /* There is nothing to set it on before, and GTK sets its own first. */
  g_signal_connect_after (window, "map", G_CALLBACK (mapped_cb), NULL);
}
