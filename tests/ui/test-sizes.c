/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pages of the window in all sizes: see kith-test-sizes.h. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "kith-test-sizes.h"
#include "ui/dialogs/kith-restore-dialog.h"
#include "ui/kith-window-private.h"

#define N_PEOPLE 1000
#define N_MESSAGES 10000

/* --- Before there is anything --------------------------------------------------------------- */

static void
test_first_run (void)
{
  static const char name[] = "Of the Society for Old Windmills";
  g_autoptr (GPtrArray) words = g_ptr_array_new ();
  Town town = { .words = words };
  g_autofree char *folder = g_dir_make_tmp ("kith-sizes-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "profile", NULL);
  g_autoptr (KithProfileFolder) profile = kith_profile_folder_open (path, NULL);
  g_autoptr (GError) error = g_error_new_literal (KITH_ERROR, KITH_ERROR_WRONG_VAULT, "It is another one");
  KithWindow *window = kith_application_add_window (sizes_application);
  GtkWidget *restore;

  g_assert_nonnull (profile);
  g_ptr_array_add (words, (gpointer) name);
  gtk_window_present (GTK_WINDOW (window));
  sizes_look_at_window (GTK_WINDOW (window), &town, "loading");
  kith_window_show_welcome (window);
  sizes_look_at_window (GTK_WINDOW (window), &town, "welcome");
  kith_window_show_setup (window);
  kith_setup_page_set_folder (window->setup_page, profile);
  sizes_look_at_window (GTK_WINDOW (window), &town, "setup");
  kith_window_show_lock (window);
  kith_lock_page_set_folder (window->lock_page, profile, name);
  sizes_look_at_window (GTK_WINDOW (window), &town, "lock");
  kith_window_choose_profile (window);
  sizes_look_at_window (GTK_WINDOW (window), &town, "profiles");
  kith_window_show_trouble (window, error);
  sizes_look_at_window (GTK_WINDOW (window), NULL, "trouble");

  restore = kith_restore_dialog_new (GTK_WINDOW (window), profile);
  sizes_look_at_dialog (GTK_WINDOW (restore), NULL, "restore");
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
  window = sizes_open_window (&town);
  sizes_look_at_window (GTK_WINDOW (window), NULL, "empty");
  kith_window_open (window, NULL);
  adw_leaflet_set_visible_child_name (window->leaflet, "content");
  sizes_look_at_window (GTK_WINDOW (window), NULL, "empty-content");
  sizes_close_window (window);
}

/* --- The conversations ---------------------------------------------------------------------- */

/* What is open beside the list, or in its place. */
static void
look_at_item (KithWindow *window, Town *town, GObject *item, const char *where)
{
  kith_window_open (window, item);
  sizes_look_at_window (GTK_WINDOW (window), town, where);
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
  sizes_look_at_window (GTK_WINDOW (window), town, "search-nothing");
  search (window, too_long, "search-failed");
  sizes_look_at_window (GTK_WINDOW (window), town, "search-failed");
  search (window, "a", "list");
  sizes_look_at_window (GTK_WINDOW (window), town, "search");
  gtk_search_bar_set_search_mode (GTK_SEARCH_BAR (bar), FALSE);
}

static void
test_talk (void)
{
  Town town;
  KithWindow *window;

  town_init (&town);
  town_add_long (&town);
  window = sizes_open_window (&town);
  kith_window_back (window);
  sizes_look_at_window (GTK_WINDOW (window), &town, "list");
  look_at_searches (window, &town);
  g_object_set (window->sidebar, "filter", "archived", NULL);
  sizes_look_at_window (GTK_WINDOW (window), &town, "list-filtered");
  g_object_set (window->sidebar, "filter", "all", NULL);

  look_at_item (window, &town, G_OBJECT (town.talk), "talk");
  kith_conversation_view_search (window->conversation_view);
  sizes_look_at_window (GTK_WINDOW (window), &town, "talk-search");
  look_at_item (window, &town, G_OBJECT (town.group), "group");
  look_at_item (window, &town, G_OBJECT (town.invitation), "invitation");
  look_at_item (window, &town, G_OBJECT (town.request), "request");
  sizes_close_window (window);
  town_clear (&town);
}

static void
test_crowd (void)
{
  Town town;
  KithWindow *window;

  town_init (&town);
  town_add_crowd (&town, N_PEOPLE, N_MESSAGES);
  window = sizes_open_window (&town);
  kith_window_back (window);
  sizes_look_at_window (GTK_WINDOW (window), &town, "many-people");
  look_at_item (window, &town, G_OBJECT (town.talk), "many-messages");
  sizes_close_window (window);
  town_clear (&town);
}

int
main (int argc, char *argv[])
{
  if (!sizes_start (&argc, &argv))
    return 1;

  g_test_add_func ("/sizes/first-run", test_first_run);
  g_test_add_func ("/sizes/empty", test_empty);
  g_test_add_func ("/sizes/talk", test_talk);
  g_test_add_func ("/sizes/crowd", test_crowd);

  return sizes_run ();
}
