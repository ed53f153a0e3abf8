/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes the pictures of the metainfo and the README anew: Kith as somebody has it who uses it. From the source:
 *
 * SCREEN=2400x1600x24 GDK_SCALE=2 tests/ui/desktop.sh build/tests/ui/screenshots data/screenshots
 *
 * usage: screenshots FOLDER */
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

int
main (int argc, char *argv[])
{
  g_autoptr (KithApplication) application = NULL;
  KithWindow *window;
  Town town;

  if (argc != 2 || !kith_init ())
    return EXIT_FAILURE;

  application = kith_application_new ();
  if (!g_application_register (G_APPLICATION (application), NULL, NULL))
    return EXIT_FAILURE;
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":close", NULL);

  town_init (&town);
  window = town_make_window (&town, application);
  save_all (&town, window, argv[1]);
  kith_window_set_node (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  town_clear (&town);

  return EXIT_SUCCESS;
}
