/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <locale.h>

#include <glib/gi18n.h>

#include "base/kith-error.h"
#include "base/kith-init.h"
#include "base/kith-limits.h"
#include "kith-test-layout.h"
#include "kith-test-town.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/dialogs/kith-forward-dialog.h"
#include "ui/dialogs/kith-group-dialog.h"
#include "ui/dialogs/kith-group-link-dialog.h"
#include "ui/dialogs/kith-group-people-dialog.h"
#include "ui/dialogs/kith-join-dialog.h"
#include "ui/dialogs/kith-nearby-dialog.h"
#include "ui/dialogs/kith-preferences.h"
#include "ui/dialogs/kith-restore-dialog.h"
#include "ui/dialogs/kith-transcript-dialog.h"
#include "ui/dialogs/kith-verify-dialog.h"
#include "ui/kith-window-private.h"

/* The window and its dialogs on a narrow, a middling and a wide screen: nothing sticks out, no words of ours are cut,
 * every button can be reached, and GTK warns of nothing. In the language (LANGUAGE, KITH_LOCALEDIR), the scale
 * (GDK_SCALE) and with the size of text (KITH_SIZES_TEXT, percent) of the environment; KITH_SIZES_PICTURES is a folder for
 * what it looked like. */

#define HEIGHT 640
#define N_PEOPLE 1000
#define N_MESSAGES 10000

static const int widths[] = { 360, 700, 1200 };
static const int dialog_widths[] = { 360, 700 };

static KithApplication *application;
static int text_percent = 100;

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

static void
look_at_all_widths (GtkWindow *window, Town *town, const char *where)
{
  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      layout_resize (window, widths[i], HEIGHT);
      look (window, town, where, widths[i]);
    }
}

static void
look_at_dialog (GtkWindow *dialog, Town *town, const char *where)
{
  gtk_window_present (dialog);
  for (guint i = 0; i < G_N_ELEMENTS (dialog_widths); i++)
    {
      layout_resize (dialog, dialog_widths[i], HEIGHT);
      look (dialog, town, where, dialog_widths[i]);
    }
}

static KithWindow *
open_window (Town *town)
{
  KithWindow *window;

  kith_node_set_setting_int (town->scene.node, KITH_SETTING_TEXT_SIZE, text_percent);
  window = town_make_window (town, application);
  gtk_window_present (GTK_WINDOW (window));

  return window;
}

static void
close_window (KithWindow *window)
{
  kith_window_set_node (window, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* --- Before there is anything --------------------------------------------------------------- */

static void
test_first_run (void)
{
  static const char *const pages[] = { "loading", "welcome", "setup", "lock" };
  static const char name[] = "Of the Society for Old Windmills";
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  Town town = { .words = words };
  g_autofree char *folder = g_dir_make_tmp ("kith-sizes-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "profile", NULL);
  g_autoptr (KithProfileFolder) profile = kith_profile_folder_open (path, NULL);
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_WRONG_VAULT, "It is another one");
  KithWindow *window = kith_application_add_window (application);
  GtkWidget *restore;

  g_assert_nonnull (profile);
  g_ptr_array_add (words, (gpointer) name);
  gtk_window_present (GTK_WINDOW (window));
  kith_lock_page_set_folder (window->lock_page, profile, name);
  kith_setup_page_set_folder (window->setup_page, profile);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      gtk_stack_set_visible_child_name (window->stack, pages[i]);
      look_at_all_widths (GTK_WINDOW (window), &town, pages[i]);
    }
  kith_window_choose_profile (window);
  look_at_all_widths (GTK_WINDOW (window), &town, "profiles");
  kith_window_show_trouble (window, error);
  look_at_all_widths (GTK_WINDOW (window), NULL, "trouble");

  restore = kith_restore_dialog_new (GTK_WINDOW (window), profile);
  look_at_dialog (GTK_WINDOW (restore), NULL, "restore");
  gtk_window_destroy (GTK_WINDOW (restore));

  kith_lock_page_set_folder (window->lock_page, NULL, NULL);
  kith_setup_page_set_folder (window->setup_page, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
  kith_profile_folder_release (profile);
}

static void
test_empty (void)
{
  g_auto (Scene) scene;
  Town town = { 0 };
  KithWindow *window;

  scene_init (&scene);
  town.scene = scene;
  window = open_window (&town);
  look_at_all_widths (GTK_WINDOW (window), NULL, "empty");
  kith_window_open (window, NULL);
  adw_leaflet_set_visible_child_name (window->leaflet, "content");
  look_at_all_widths (GTK_WINDOW (window), NULL, "empty-content");
  close_window (window);
}

/* --- The conversations ---------------------------------------------------------------------- */

/* What is open beside the list, or in its place. */
static void
look_at_item (KithWindow *window, Town *town, GObject *item, const char *where)
{
  kith_window_open (window, item);
  look_at_all_widths (GTK_WINDOW (window), town, where);
}

static GtkWidget *
get_part (GtkWidget *widget, GType type, const char *name)
{
  return GTK_WIDGET (gtk_widget_get_template_child (widget, type, name));
}

static void
search (KithWindow *window, const char *text, const char *page)
{
  GtkWidget *sidebar = GTK_WIDGET (window->sidebar);
  GtkStack *stack = GTK_STACK (get_part (sidebar, KITH_TYPE_SIDEBAR, "stack"));

  kith_window_search (window);
  gtk_editable_set_text (GTK_EDITABLE (get_part (sidebar, KITH_TYPE_SIDEBAR, "search_entry")), text);
  wait_for (g_str_equal (gtk_stack_get_visible_child_name (stack), page));
}

static void
look_at_searches (KithWindow *window, Town *town)
{
  g_autofree char *too_long = g_strnfill (2 * KITH_LIMIT_SEARCH_TEXT_BYTES, 'x');
  GtkWidget *bar = get_part (GTK_WIDGET (window->sidebar), KITH_TYPE_SIDEBAR, "search_bar");

  search (window, "nobody at all", "no-results");
  look_at_all_widths (GTK_WINDOW (window), town, "search-nothing");
  search (window, too_long, "search-failed");
  look_at_all_widths (GTK_WINDOW (window), town, "search-failed");
  search (window, "a", "list");
  look_at_all_widths (GTK_WINDOW (window), town, "search");
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (bar), FALSE);
}

static void
test_talk (void)
{
  Town town;
  KithWindow *window;

  town_init (&town);
  town_add_long (&town);
  window = open_window (&town);
  kith_window_back (window);
  look_at_all_widths (GTK_WINDOW (window), &town, "list");
  look_at_searches (window, &town);
  g_object_set (window->sidebar, "filter", "archived", NULL);
  look_at_all_widths (GTK_WINDOW (window), &town, "list-filtered");
  g_object_set (window->sidebar, "filter", "all", NULL);

  look_at_item (window, &town, G_OBJECT (town.talk), "talk");
  kith_conversation_view_search (window->conversation_view);
  look_at_all_widths (GTK_WINDOW (window), &town, "talk-search");
  look_at_item (window, &town, G_OBJECT (town.group), "group");
  look_at_item (window, &town, G_OBJECT (town.invitation), "invitation");
  look_at_item (window, &town, G_OBJECT (town.request), "request");
  close_window (window);
  town_clear (&town);
}

static void
test_crowd (void)
{
  Town town;
  KithWindow *window;

  town_init (&town);
  town_add_crowd (&town, N_PEOPLE, N_MESSAGES);
  window = open_window (&town);
  kith_window_back (window);
  look_at_all_widths (GTK_WINDOW (window), &town, "many-people");
  look_at_item (window, &town, G_OBJECT (town.talk), "many-messages");
  close_window (window);
  town_clear (&town);
}

/* --- Dialogs -------------------------------------------------------------------------------- */

static GtkWindow *
find_dialog (GtkWindow *parent)
{
  g_autoptr (GList) windows = gtk_window_list_toplevels ();

  for (GList *l = windows; l != NULL; l = l->next)
    if (gtk_window_get_transient_for (l->data) == parent && gtk_widget_get_visible (l->data))
      return l->data;

  return NULL;
}

/* @dialog: (transfer full) */
static void
look_at_new (GtkWidget *dialog, Town *town, const char *where)
{
  look_at_dialog (GTK_WINDOW (dialog), town, where);
  gtk_window_destroy (GTK_WINDOW (dialog));
}

/* While the four words are compared there is the most to press. */
static void
look_at_words (GtkWindow *parent, Town *town)
{
  g_autoptr (KithComparison) comparison = kith_comparison_new (town->amara, KITH_COMPARISON_WORDS);
  GtkWidget *dialog = kith_verify_dialog_new (parent, town->scene.node, town->amara);

  kith_comparison_take_words (comparison, g_strdup ("harbor silver window orange"));
  g_signal_emit_by_name (town->scene.node, "words-changed", comparison);
  look_at_new (dialog, town, "verify-words");
}

/* Those that have no action of their own. */
static void
look_at_made (KithWindow *window, Town *town)
{
  GtkWindow *parent = GTK_WINDOW (window);
  KithNode *node = town->scene.node;
  KithGroup *group = kith_conversation_get_group (town->group);

  look_at_new (kith_nearby_dialog_new (parent, node), town, "nearby");
  look_at_new (kith_transcript_dialog_new (parent, node, town->talk), town, "transcript");
  look_at_new (kith_group_dialog_new (parent, node, group), town, "group-details");
  look_at_new (kith_forward_dialog_new (parent, node, "Shall we meet at the lake?"), town, "forward");
  look_at_new (kith_join_dialog_new (parent, node), town, "join");
  look_at_new (kith_group_people_dialog_new (parent, node, group, NULL), town, "group-people");
  look_at_new (kith_group_link_dialog_new (parent, node, group), town, "group-link");
  look_at_new (kith_verify_dialog_new (parent, node, town->amara), town, "verify");
  look_at_words (parent, town);
}

static void
test_dialogs (void)
{
  static const struct
  {
    const char *action;
    const char *target; /* (nullable) */
  } actions[] = {
    { "win.add-friend", NULL }, { "win.blocked-people", NULL }, { "win.broadcasts", NULL }, { "win.connect", NULL },
    { "win.connection", NULL }, { "win.invite", NULL }, { "win.jump", NULL }, { "win.message-several", "" },
    { "win.my-address", NULL }, { "win.new-group", NULL }, { "win.profile", NULL },
    { "app.help", "" }, { "app.help", "backup" }, { "conversation.details", NULL },
  };
  Town town;
  KithWindow *window;
  GtkWidget *view;

  town_init (&town);
  town_add_long (&town);
  window = open_window (&town);
  layout_resize (GTK_WINDOW (window), widths[2], HEIGHT);
  kith_window_open (window, G_OBJECT (town.talk));
  view = GTK_WIDGET (window->conversation_view);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      GtkWindow *dialog;

      g_assert_true (gtk_widget_activate_action (view, actions[i].action, actions[i].target != NULL ? "s" : NULL,
                                                 actions[i].target));
      wait_for ((dialog = find_dialog (GTK_WINDOW (window))) != NULL);
      look_at_dialog (dialog, &town, actions[i].action);
      gtk_window_destroy (dialog);
    }

  look_at_made (window, &town);
  close_window (window);
  town_clear (&town);
}

/* Each page of the preferences, which scrolls. */
static void
test_preferences (void)
{
  static const char *const pages[]
      = { "profile", "privacy", "security", "network", "notifications", "appearance", "storage" };
  Town town;
  KithWindow *window;
  GtkWidget *preferences;

  town_init (&town);
  window = open_window (&town);
  preferences = kith_preferences_new (GTK_WINDOW (window), NULL, town.scene.node);
  look_at_dialog (GTK_WINDOW (preferences), &town, "preferences");
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *where = g_strdup_printf ("preferences-%s", pages[i]);

      kith_preferences_show_page (KITH_PREFERENCES (preferences), pages[i]);
      look_at_dialog (GTK_WINDOW (preferences), &town, where);
    }
  gtk_window_destroy (GTK_WINDOW (preferences));
  close_window (window);
  town_clear (&town);
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

int
main (int argc, char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions (); /* all that is wrong is to be told */
  if (!kith_init ())
    return 1;
  set_up_language ();
  application = kith_application_new ();
  if (!g_application_register (G_APPLICATION (application), NULL, NULL))
    return 1;
  set_up_text ();
  /* As GNOME has it. */
  g_object_set (gtk_settings_get_default (), "gtk-decoration-layout", ":close", NULL);

  g_test_add_func ("/sizes/first-run", test_first_run);
  g_test_add_func ("/sizes/empty", test_empty);
  g_test_add_func ("/sizes/talk", test_talk);
  g_test_add_func ("/sizes/crowd", test_crowd);
  g_test_add_func ("/sizes/dialogs", test_dialogs);
  g_test_add_func ("/sizes/preferences", test_preferences);
  status = g_test_run ();
  g_object_unref (application);

  return status;
}
