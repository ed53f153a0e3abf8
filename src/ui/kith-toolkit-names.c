/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-toolkit-names.h"

#include <adwaita.h>
#include <glib/gi18n.h>

/* GTK 4.8 calls what has no name by its class: "GtkListBox", and a button with a mnemonic "_Remove Remove".
 * libadwaita 1.2 does not say what is chosen in a row, nor whether the switch in it is on. */

#define KEY "kith-toolkit-names"

/* Returns: whether that was not yet done, and now is */
static gboolean
mark_done (GtkWidget *widget)
{
  if (g_object_get_data (G_OBJECT (widget), KEY) != NULL)
    return FALSE;

  g_object_set_data (G_OBJECT (widget), KEY, widget);

  return TRUE;
}

static void
set_name (GtkWidget *widget, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
set_description (GtkWidget *widget, const char *words)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

/* The switch of a row has the title of the row for a label, and is in that relation with it: the same words as a
 * name of its own would be read twice. */
static void
name_once (GtkWidget *widget)
{
  if (gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY)
      && gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL))
    gtk_accessible_reset_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

static gboolean
has_name (GtkWidget *widget)
{
  return gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

/* --- Buttons and menus ---------------------------------------------------------------------- */

static const struct
{
  const char *icon_name;
  const char *name;
} buttons[] = {
  { "window-close-symbolic", N_("Close") },
  { "edit-find-symbolic", N_("Search") },
};

static void
name_button (GtkWidget *button)
{
  const char *tooltip = gtk_widget_get_tooltip_text (button);
  const char *icon_name = gtk_button_get_icon_name (GTK_BUTTON (button));

  if (tooltip != NULL)
    set_name (button, tooltip);

  for (guint i = 0; tooltip == NULL && i < G_N_ELEMENTS (buttons); i++)
    if (g_strcmp0 (icon_name, buttons[i].icon_name) == 0)
      set_name (button, _(buttons[i].name));
}

/* As that of the version in the window "About". */
static void
name_by_child (GtkWidget *button)
{
  GtkWidget *child = gtk_button_get_child (GTK_BUTTON (button));

  if (GTK_IS_LABEL (child) && !has_name (button) && mark_done (button))
    set_name (button, gtk_label_get_text (GTK_LABEL (child)));
}

/* The program's own, which no word stands beside. */
static void
name_icon (GtkWidget *image)
{
  if (g_strcmp0 (gtk_image_get_icon_name (GTK_IMAGE (image)), KITH_APPLICATION_ID) == 0 && !has_name (image))
    set_name (image, g_get_application_name ());
}

static void
complete_button (GtkWidget *button)
{
  if (gtk_button_get_icon_name (GTK_BUTTON (button)) == NULL)
    name_by_child (button);
  if (gtk_button_get_icon_name (GTK_BUTTON (button)) == NULL || has_name (button) || !mark_done (button))
    return;

  name_button (button);
  g_signal_connect (button, "notify::tooltip-text", G_CALLBACK (name_button), NULL);
}

/* What a button with a mnemonic shows names it: its own name has the underscore in it, and would be read as
 * well. */
static void
drop_mnemonic (GtkWidget *button)
{
  if (gtk_button_get_use_underline (GTK_BUTTON (button))
      && gtk_test_accessible_has_relation (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_RELATION_LABELLED_BY))
    gtk_accessible_reset_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL);
}

static void
complete_text_button (GtkWidget *button)
{
  if (!mark_done (button))
    return;

  drop_mnemonic (button);
  g_signal_connect (button, "notify::label", G_CALLBACK (drop_mnemonic), NULL);
}

/* A menu is called as what it comes from. */
static void
name_menu (GtkWidget *button)
{
  GtkPopover *popover = gtk_menu_button_get_popover (GTK_MENU_BUTTON (button));
  const char *words = gtk_widget_get_tooltip_text (button);

  if (words == NULL)
    words = gtk_menu_button_get_label (GTK_MENU_BUTTON (button));
  if (popover != NULL && words != NULL && !has_name (GTK_WIDGET (popover)))
    set_name (GTK_WIDGET (popover), words);
}

static void
complete_menu_button (GtkWidget *button)
{
  if (!mark_done (button))
    return;

  name_menu (button);
  g_signal_connect (button, "notify::popover", G_CALLBACK (name_menu), NULL);
}

/* The pages of a stack stand between what is in them and the window, and are nothing to be told of. */
static void
complete_stack (GtkStack *stack)
{
  g_autoptr (GListModel) pages = G_LIST_MODEL (gtk_stack_get_pages (stack));

  for (guint i = 0; i < g_list_model_get_n_items (pages); i++)
    {
      g_autoptr (GObject) page = g_list_model_get_item (pages, i);
      const char *title = gtk_stack_page_get_title (GTK_STACK_PAGE (page));

      gtk_accessible_update_property (GTK_ACCESSIBLE (page), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      title != NULL ? title : "", -1);
    }
}

/* --- Rows ----------------------------------------------------------------------------------- */

static void
describe_choice (AdwComboRow *row)
{
  gpointer item = adw_combo_row_get_selected_item (row);

  if (GTK_IS_STRING_OBJECT (item))
    set_description (GTK_WIDGET (row), gtk_string_object_get_string (item));
}

static void
describe_switch (GtkWidget *row)
{
  GtkWidget *widget = adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row));

  if (GTK_IS_SWITCH (widget))
    set_description (row, gtk_switch_get_active (GTK_SWITCH (widget)) ? C_("switch", "On")
                                                                      : C_("switch", "Off"));
}

/**
 * kith_toolkit_names_describe:
 * @widget: what may have been described by other words for a while
 *
 * Describes what says in its description what is chosen, or whether it is on.
 *
 * Returns: whether it is one of these
 */
gboolean
kith_toolkit_names_describe (GtkWidget *widget)
{
  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);

  if (ADW_IS_COMBO_ROW (widget))
    describe_choice (ADW_COMBO_ROW (widget));
  else if (ADW_IS_ACTION_ROW (widget)
           && GTK_IS_SWITCH (adw_action_row_get_activatable_widget (ADW_ACTION_ROW (widget))))
    describe_switch (widget);
  else
    return FALSE;

  return TRUE;
}

/* What has the focus is the row. */
static void
complete_row (GtkWidget *row)
{
  GtkWidget *widget = adw_action_row_get_activatable_widget (ADW_ACTION_ROW (row));

  if (ADW_IS_COMBO_ROW (row) && mark_done (row))
    {
      describe_choice (ADW_COMBO_ROW (row));
      g_signal_connect (row, "notify::selected-item", G_CALLBACK (describe_choice), NULL);
    }
  else if (GTK_IS_SWITCH (widget) && mark_done (row))
    {
      describe_switch (row);
      g_signal_connect_object (widget, "notify::active", G_CALLBACK (describe_switch), row,
                               G_CONNECT_SWAPPED);
    }
}

/* --- All of a window ------------------------------------------------------------------------ */

/* It is a row with two lists in it: its head, and what it opens to. */
static void
complete_expander (GtkWidget *row, const char *title)
{
  if (!has_name (row) && title != NULL && mark_done (row))
    set_name (row, title);
}

/* A list in a group without a title has the name of the page, one in a row that of the row. */
static void
complete_list (GtkWidget *list, const char *title)
{
  GtkWidget *row = gtk_widget_get_ancestor (list, ADW_TYPE_EXPANDER_ROW);
  GtkWidget *group = row == NULL ? gtk_widget_get_ancestor (list, ADW_TYPE_PREFERENCES_GROUP) : NULL;
  const char *name = group != NULL ? adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (group)) : NULL;

  if ((name == NULL || *name == '\0') && title != NULL && !has_name (list) && mark_done (list))
    set_name (list, title);
}

static const char *
find_title (GtkWidget *widget, const char *title)
{
  const char *own = ADW_IS_PREFERENCES_PAGE (widget) ? adw_preferences_page_get_title (ADW_PREFERENCES_PAGE (widget))
                    : ADW_IS_STATUS_PAGE (widget)    ? adw_status_page_get_title (ADW_STATUS_PAGE (widget))
                    : ADW_IS_EXPANDER_ROW (widget)
                        ? adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget))
                        : NULL;

  return own != NULL && *own != '\0' ? own : title;
}

static void
visit (GtkWidget *widget, const char *title)
{
  title = find_title (widget, title);
  if (GTK_IS_MENU_BUTTON (widget))
    complete_menu_button (widget);
  else if (GTK_IS_BUTTON (widget) && gtk_button_get_label (GTK_BUTTON (widget)) != NULL)
    complete_text_button (widget);
  else if (GTK_IS_BUTTON (widget))
    complete_button (widget);
  else if (GTK_IS_LIST_BOX (widget))
    complete_list (widget, title);
  else if (ADW_IS_EXPANDER_ROW (widget))
    complete_expander (widget, title);
  else if (ADW_IS_ACTION_ROW (widget))
    complete_row (widget);
  else if (GTK_IS_SWITCH (widget))
    name_once (widget);
  else if (GTK_IS_IMAGE (widget))
    name_icon (widget);
  else if (GTK_IS_STACK (widget))
    complete_stack (GTK_STACK (widget));

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    visit (child, title);
}

/**
 * kith_toolkit_names_complete:
 * @widget: what was made after its window came up
 *
 * Gives names to what has none in it.
 */
void
kith_toolkit_names_complete (GtkWidget *widget)
{
  GtkRoot *root;

  g_return_if_fail (GTK_IS_WIDGET (widget));

  root = gtk_widget_get_root (widget);
  visit (widget, GTK_IS_WINDOW (root) ? gtk_window_get_title (GTK_WINDOW (root)) : NULL);
}

static void
mapped_cb (GtkWidget *window)
{
  visit (window, gtk_window_get_title (GTK_WINDOW (window)));
}

static void
windows_changed_cb (GListModel *windows, guint position, guint removed, guint added)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWidget) window = g_list_model_get_item (windows, i);

      g_signal_connect (window, "map", G_CALLBACK (mapped_cb), NULL);
    }
}

/**
 * kith_toolkit_names_complete_windows:
 *
 * From now on, gives names to what has none in each window that comes up, dialogs among them. What stands in it
 * later, such as the rows of a list, names itself. Once for a process.
 */
void
kith_toolkit_names_complete_windows (void)
{
  g_signal_connect (gtk_window_get_toplevels (), "items-changed", G_CALLBACK (windows_changed_cb), NULL);
}
