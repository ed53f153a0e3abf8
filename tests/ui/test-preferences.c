/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The preferences by themselves: what was set before, and what is searched for in them. */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include <adwaita.h>

#include "base/kith-init.h"
#include "kith-test-scene.h"
#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/dialogs/kith-bootstrap-row.h"
#include "ui/dialogs/kith-preferences-pages.h"
#include "ui/dialogs/kith-preferences.h"
#include "ui/kith-focus.h"
#include "ui/kith-toolkit-names.h"

static AdwComboRow *
find_combo (GtkWidget *widget, const char *title)
{
  if (ADW_IS_COMBO_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return ADW_COMBO_ROW (widget);

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      AdwComboRow *found = find_combo (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static int
get_lock_minutes (KithNode *node)
{
  return kith_node_get_setting_int (node, KITH_SETTING_AUTO_LOCK_MINUTES);
}

/* What was stored before there was a choice stays until another is made. */
static void
test_lock_choice (void)
{
  g_auto (Scene) scene;
  GtkWidget *preferences;
  AdwComboRow *row;

  scene_init (&scene);
  kith_node_set_setting_int (scene.node, KITH_SETTING_AUTO_LOCK_MINUTES, 90);
  preferences = kith_preferences_new (NULL, NULL, scene.node);
  row = find_combo (preferences, "Lock Automatically");
  g_assert_nonnull (row);
  g_assert_cmpstr (gtk_string_object_get_string (adw_combo_row_get_selected_item (row)), ==, "90 minutes");
  g_assert_cmpint (get_lock_minutes (scene.node), ==, 90);
  adw_combo_row_set_selected (row, 5);
  g_assert_cmpstr (gtk_string_object_get_string (adw_combo_row_get_selected_item (row)), ==, "1 hour");
  g_assert_cmpint (get_lock_minutes (scene.node), ==, 60);
  adw_combo_row_set_selected (row, 0);
  g_assert_cmpint (get_lock_minutes (scene.node), ==, 0);
  gtk_window_destroy (GTK_WINDOW (preferences));

  preferences = kith_preferences_new (NULL, NULL, scene.node);
  row = find_combo (preferences, "Lock Automatically");
  g_assert_cmpuint (adw_combo_row_get_selected (row), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (adw_combo_row_get_model (row)), ==, 6);
  gtk_window_destroy (GTK_WINDOW (preferences));
}

static guint
count_rows (GtkListBox *list)
{
  guint n = 0;

  while (gtk_list_box_get_row_at_index (list, (int) n) != NULL)
    n++;

  return n;
}

/* What is searched for is found on whatever page it stands, and led to. */
static void
test_search (void)
{
  g_auto (Scene) scene;
  GtkWidget *preferences, *pages;
  GtkEditable *entry;
  GtkListBox *found;
  GtkStack *stack;

  scene_init (&scene);
  preferences = kith_preferences_new (NULL, NULL, scene.node);
  pages = scene_find (preferences, KITH_TYPE_PREFERENCES_PAGES, NULL);
  entry = GTK_EDITABLE (gtk_widget_get_template_child (pages, KITH_TYPE_PREFERENCES_PAGES, "search_entry"));
  found = GTK_LIST_BOX (gtk_widget_get_template_child (pages, KITH_TYPE_PREFERENCES_PAGES, "found_box"));
  stack = GTK_STACK (gtk_widget_get_template_child (pages, KITH_TYPE_PREFERENCES_PAGES, "stack"));
  gtk_window_present (GTK_WINDOW (preferences));
  g_assert_cmpstr (gtk_stack_get_visible_child_name (stack), ==, "profile");

  gtk_editable_set_text (entry, "READ rec");
  wait_for (count_rows (found) == 1);
  g_signal_emit_by_name (entry, "activate");
  g_assert_cmpstr (gtk_stack_get_visible_child_name (stack), ==, "privacy");

  /* Without a folder there is nothing of a passphrase to be seen. */
  gtk_editable_set_text (entry, "Remove the Passphrase");
  wait_for (count_rows (found) == 0);
  gtk_editable_set_text (entry, "spelling");
  wait_for (count_rows (found) == 1);
  g_signal_emit_by_name (gtk_list_box_get_row_at_index (found, 0), "activate");
  g_assert_cmpstr (gtk_stack_get_visible_child_name (stack), ==, "appearance");

  kith_preferences_show_page (KITH_PREFERENCES (preferences), "storage");
  g_assert_cmpstr (gtk_stack_get_visible_child_name (stack), ==, "storage");
  gtk_window_destroy (GTK_WINDOW (preferences));
}

/* Returns: (nullable): the row below @widget that is called @title */
static GtkWidget *
find_row (GtkWidget *widget, const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (widget)
      && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), title) == 0)
    return widget;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

/* Whether all of @row is where it can be seen. */
static gboolean
is_in_view (GtkWidget *row)
{
  GtkWidget *view = gtk_widget_get_ancestor (row, GTK_TYPE_SCROLLED_WINDOW);
  int height = gtk_widget_get_height (view);
  graphene_rect_t area;

  return gtk_widget_get_mapped (row) && gtk_widget_compute_bounds (row, view, &area) && area.size.height > 20
         && area.origin.y >= 0 && area.origin.y + area.size.height <= (float) height;
}

static gboolean
is_called (GtkWidget *widget, const char *name)
{
  g_autofree char *other = gtk_test_accessible_check_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                                               name);

  return other == NULL;
}

/* What is closed opens for what is found in it, which is scrolled to. */
static void
test_search_inside (void)
{
  g_auto (Scene) scene;
  GtkWidget *preferences, *pages, *expander, *row;
  GtkEditable *entry;
  GtkListBox *found;

  scene_init (&scene);
  preferences = kith_preferences_new (NULL, NULL, scene.node);
  pages = scene_find (preferences, KITH_TYPE_PREFERENCES_PAGES, NULL);
  entry = GTK_EDITABLE (gtk_widget_get_template_child (pages, KITH_TYPE_PREFERENCES_PAGES, "search_entry"));
  found = GTK_LIST_BOX (gtk_widget_get_template_child (pages, KITH_TYPE_PREFERENCES_PAGES, "found_box"));
  gtk_window_set_default_size (GTK_WINDOW (preferences), 820, 300);
  gtk_window_present (GTK_WINDOW (preferences));
  expander = scene_find (preferences, KITH_TYPE_BOOTSTRAP_ROW, NULL);
  row = find_row (expander, "Add a Host and Port");
  kith_toolkit_names_complete (preferences);
  g_assert_true (is_called (expander, "Where to Enter the Directory"));
  g_assert_true (is_called (scene_find (expander, GTK_TYPE_LIST_BOX, NULL), "Where to Enter the Directory"));

  /* Its head has the same title, and is no setting more. */
  gtk_editable_set_text (entry, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (expander)));
  wait_for (count_rows (found) == 1);
  g_signal_emit_by_name (entry, "activate");
  wait_for (kith_focus_is_in (expander) && is_in_view (expander));
  g_assert_false (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (expander)));

  kith_preferences_show_page (KITH_PREFERENCES (preferences), "storage");
  gtk_editable_set_text (entry, adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)));
  wait_for (count_rows (found) > 0);
  for (int i = 0; i < (int) count_rows (found); i++)
    if (g_object_get_data (G_OBJECT (gtk_list_box_get_row_at_index (found, i)), "found") == row)
      {
        g_signal_emit_by_name (gtk_list_box_get_row_at_index (found, i), "activate");
        break;
      }
  g_assert_true (adw_expander_row_get_expanded (ADW_EXPANDER_ROW (expander)));
  g_assert_true (kith_focus_is_in (row));
  wait_for (is_in_view (row));
  g_assert_true (kith_focus_is_in (row));
  gtk_window_destroy (GTK_WINDOW (preferences));
}

/* What is found is what there is, also when that changes while it is searched for. */
static void
test_search_follows (void)
{
  g_auto (Scene) scene;
  GtkWidget *preferences, *pages, *row;
  GtkEditable *entry;
  GtkListBox *found;

  scene_init (&scene);
  preferences = kith_preferences_new (NULL, NULL, scene.node);
  pages = scene_find (preferences, KITH_TYPE_PREFERENCES_PAGES, NULL);
  entry = GTK_EDITABLE (gtk_widget_get_template_child (pages, KITH_TYPE_PREFERENCES_PAGES, "search_entry"));
  found = GTK_LIST_BOX (gtk_widget_get_template_child (pages, KITH_TYPE_PREFERENCES_PAGES, "found_box"));
  row = find_row (preferences, "Read Receipts");
  g_assert_nonnull (row);
  gtk_window_present (GTK_WINDOW (preferences));

  gtk_editable_set_text (entry, "read rec");
  wait_for (count_rows (found) == 1);
  gtk_widget_set_visible (row, FALSE);
  wait_for (count_rows (found) == 0);
  gtk_widget_set_visible (row, TRUE);
  wait_for (count_rows (found) == 1);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), "Ticks");
  wait_for (count_rows (found) == 0);

  /* What comes, too. */
  gtk_editable_set_text (entry, "brand new");
  wait_for (count_rows (found) == 0);
  gtk_list_box_append (GTK_LIST_BOX (gtk_widget_get_ancestor (row, GTK_TYPE_LIST_BOX)),
                       g_object_new (ADW_TYPE_ACTION_ROW, "title", "A Brand New Row", NULL));
  wait_for (count_rows (found) == 1);
  gtk_window_destroy (GTK_WINDOW (preferences));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!kith_init ())
    return 1;
  adw_init ();

  g_test_add_func ("/preferences/lock-choice", test_lock_choice);
  g_test_add_func ("/preferences/search", test_search);
  g_test_add_func ("/preferences/search-inside", test_search_inside);
  g_test_add_func ("/preferences/search-follows", test_search_follows);

  return g_test_run ();
}
