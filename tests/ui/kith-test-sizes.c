/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-sizes.h"

#include <locale.h>

#include <glib/gi18n.h>

#include "base/kith-init.h"
#include "kith-test-layout.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-window.h"

static const int widths[] = { 360, 700, SIZES_WIDEST };

KithApplication *sizes_application;
static int text_percent = 100;
static int only_width; /* 0: all of them */

/* --- Looking -------------------------------------------------------------------------------- */

static gboolean
may_cut_cb (const char *text, gpointer user_data)
{
  /* Of titles and the like that are twice as large the end may be missing, but nothing may stick out. */
  return text_percent > 100 || (user_data != NULL && town_has_words (user_data, text));
}

/* @town: (nullable): whose words may be cut */
static void
look (GtkWindow *window, Town *town, const char *where, int width)
{
  const char *folder = g_getenv ("KITH_SIZES_PICTURES");
  g_autofree char *faults = layout_find_faults (window, width, may_cut_cb, town);

  if (folder != NULL)
    {
      g_autofree char *path = g_strdup_printf ("%s/%s-%d.png", folder, where, width);

      layout_save (window, path);
    }
  if (faults == NULL)
    return;

  g_test_message ("%s, %d wide: %s", where, width, faults);
  g_test_fail ();
}

void
sizes_look_at_window (GtkWindow *window, Town *town, const char *where)
{
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      if (only_width != 0 && widths[i] != only_width)
        continue;

      layout_resize (window, widths[i], SIZES_HEIGHT);
      look (window, town, where, widths[i]);
    }
}

void
sizes_look_at_dialog (GtkWindow *dialog, Town *town, const char *where)
{
  gtk_window_present (dialog);
  sizes_look_at_window (dialog, town, where);
}

KithWindow *
sizes_open_window (Town *town)
{
  KithWindow *window;

  kith_node_set_setting_int (town->scene.node, KITH_SETTING_TEXT_SIZE, text_percent);
  window = town_make_window (town, sizes_application);
  gtk_window_present (GTK_WINDOW (window));

  return window;
}

void
sizes_close_window (KithWindow *window)
{
  kith_window_set_node (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- The whole ------------------------------------------------------------------------------ */

static void
set_up_language (void)
{
  const char *folder = g_getenv ("KITH_LOCALEDIR");
  const char *language = g_getenv ("LANGUAGE");

  setlocale (LC_ALL, "");
  if (folder == NULL)
    return;

  bindtextdomain (GETTEXT_PACKAGE, folder);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_assert_cmpstr (_("Preferences"), !=, "Preferences");
  if (g_strcmp0 (language, "ar") == 0)
    gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
}

/* As long as there is no profile that says it. */
static void
set_up_text (void)
{
  const char *text = g_getenv ("KITH_SIZES_TEXT");
  int dpi;

  if (text == NULL)
    return;

  text_percent = (int) g_ascii_strtoll (text, NULL, 10);
  g_object_get (gtk_settings_get_default (), "gtk-xft-dpi", &dpi, NULL);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", dpi * text_percent / 100, NULL);
}

gboolean
sizes_start (int *argc, char ***argv)
{
  const char *width = g_getenv ("KITH_SIZES_WIDTH");

  g_test_init (argc, argv, NULL);
  g_test_set_nonfatal_assertions (); /* all that is wrong is to be told */
  if (!kith_init ())
    return FALSE;
  set_up_language ();
  sizes_application = kith_application_new ();
  if (!g_application_register (G_APPLICATION (sizes_application), NULL, NULL))
    return FALSE;
  set_up_text ();
  if (width != NULL)
    only_width = (int) g_ascii_strtoll (width, NULL, 10);
  /* As GNOME has it. */
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":close", NULL);

  return TRUE;
}

int
sizes_run (void)
{
  int status = g_test_run ();

  g_clear_object (&sizes_application);

  return status;
}
