/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the pictures of the metainfo and the README anew: Kith as somebody has it who uses it. From the source, in a
 * network of its own, which has an address for documentation (RFC 5737) to listen at:
 *
 * unshare -rn bash -c 'ip link set lo up; ip address add 192.0.2.7/24 dev lo; SCREEN=2400x1600x24 GDK_SCALE=2 \
 *   tests/ui/desktop.sh build/tests/ui/screenshots data/screenshots 192.0.2.7'
 *
 * usage: screenshots FOLDER [ADDRESS] */
#include "config.h"

#include <stdlib.h>

#include "base/kith-init.h"
#include "kith-test-layout.h"
#include "kith-test-town.h"
#include "ui/dialogs/kith-group-dialog.h"
#include "ui/kith-window-private.h"

#define WIDTH 960
#define HEIGHT 640
#define NARROW 360
#define DIALOG_WIDTH 460

static void
save (GtkWindow *window, const char *folder, const char *name, int width)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  layout_resize (window, width, HEIGHT);
  layout_save (window, path);
}

static void
save_all (Town *town, KithWindow *window, const char *folder)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  GtkWidget *dialog;

  gtk_window_present (GTK_WINDOW (window));
  /* It is not in memory to those who look at it. */
  kith_sidebar_set_in_memory (window->sidebar, FALSE);
  kith_window_open (window, G_OBJECT (town->talk));
  save (GTK_WINDOW (window), folder, "conversation.png", WIDTH);
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_DARK);
  save (GTK_WINDOW (window), folder, "conversation-dark.png", WIDTH);
  adw_style_manager_set_color_scheme (manager, ADW_COLOR_SCHEME_FORCE_LIGHT);
  save (GTK_WINDOW (window), folder, "narrow.png", NARROW);

  dialog = kith_group_dialog_new (GTK_WINDOW (window), town->scene.node, kith_conversation_get_group (town->group));
  gtk_window_present (GTK_WINDOW (dialog));
  save (GTK_WINDOW (dialog), folder, "group.png", DIALOG_WIDTH);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* Where it listens stands in the window. */
static gboolean
listen_at (Town *town, const char *address)
{
  g_autoptr (GError) error = NULL;

  if (address == NULL || kith_node_listen (town->scene.node, address, 0, FALSE, &error))
    return TRUE;

  g_printerr ("Cannot listen at %s: %s\n", address, error->message);

  return FALSE;
}

int
main (int argc, char *argv[])
{
  g_autoptr (KithApplication) application = NULL;
  KithWindow *window;
  gboolean is_done;
  Town town;

  if (argc < 2 || argc > 3 || !kith_init ())
    return EXIT_FAILURE;

  application = kith_application_new ();
  if (!g_application_register (G_APPLICATION (application), NULL, NULL))
    return EXIT_FAILURE;
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":close", NULL);

  town_init (&town);
  window = town_make_window (&town, application);
  is_done = listen_at (&town, argv[2]);
  if (is_done)
    save_all (&town, window, argv[1]);
  kith_window_set_node (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  town_clear (&town);

  return is_done ? EXIT_SUCCESS : EXIT_FAILURE;
}
