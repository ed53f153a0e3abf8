/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-dialog-actions.h"

#define HELP_ACTION "app.help"
#define LOCK_ACTION "win.lock"

/* Also before a dialog one wants to be gone at once; the dialog goes with the rest. */
static gboolean
lock_cb (GtkWidget *widget, GVariant *arguments, gpointer user_data)
{
  GtkWindow *window = GTK_WINDOW (widget);

  while (gtk_window_get_transient_for (window) != NULL)
    window = gtk_window_get_transient_for (window);

  return gtk_widget_activate_action (GTK_WIDGET (window), LOCK_ACTION, NULL);
}

static void
share (GtkApplication *application, GtkWindow *window)
{
  GtkEventController *controller;

  if (GTK_IS_APPLICATION_WINDOW (window))
    return;

  gtk_widget_insert_action_group (GTK_WIDGET (window), "app", G_ACTION_GROUP (application));
  controller = gtk_shortcut_controller_new ();
  gtk_shortcut_controller_set_scope (GTK_SHORTCUT_CONTROLLER (controller), GTK_SHORTCUT_SCOPE_GLOBAL);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new_with_arguments (gtk_keyval_trigger_new (GDK_KEY_F1, 0), gtk_named_action_new (HELP_ACTION), "s", ""));
  if (!GTK_IS_FILE_CHOOSER_DIALOG (window)) /* there it asks for a path */
    gtk_shortcut_controller_add_shortcut (
        GTK_SHORTCUT_CONTROLLER (controller),
        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_l, GDK_CONTROL_MASK), gtk_callback_action_new (lock_cb, NULL, NULL)));
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
}

static void
toplevels_changed_cb (GtkApplication *application, guint position, guint n_removed, guint n_added,
                      GListModel *toplevels)
{
  for (guint i = 0; i < n_added; i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, position + i);

      share (application, window);
    }
}

/**
 * kith_dialog_actions_share:
 * @application: an application that has "app.help" with a page as parameter
 *
 * From now on every dialog has the actions of the application too, and F1; Ctrl+L locks from there as well.
 */
void
kith_dialog_actions_share (GtkApplication *application)
{
  g_return_if_fail (GTK_IS_APPLICATION (application));

  g_signal_connect_object (gtk_window_get_toplevels (), "items-changed",
                           G_CALLBACK (toplevels_changed_cb), application, G_CONNECT_SWAPPED);
}

/* The one in use, whatever it belongs to. */
static GtkWindow *
find_active (GtkApplication *application)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (gtk_window_is_active (window))
        return window;
    }

  return gtk_application_get_active_window (application);
}

/* Returns: (nullable): the dialog that keeps the user from this window */
static GtkWindow *
find_modal (GtkWindow *parent)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (gtk_window_get_transient_for (window) == parent && gtk_window_get_modal (window)
          && gtk_widget_get_visible (GTK_WIDGET (window)))
        return window;
    }

  return NULL;
}

/**
 * kith_dialog_actions_front:
 * @application: an application
 *
 * Returns: (transfer none) (nullable): the window or dialog that the user can use now
 */
GtkWindow *
kith_dialog_actions_front (GtkApplication *application)
{
  GtkWindow *front, *next;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);

  front = find_active (application);
  while (front != NULL && (next = find_modal (front)) != NULL)
    front = next;

  return front;
}
