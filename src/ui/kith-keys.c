/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-keys.h"

/* Where C is no letter of the layout in use, the key that has it in another one counts, as in all of GTK. */
static gboolean
matches (GtkEventControllerKey *controller, guint keyval, GdkModifierType modifiers)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));

  return event != NULL && gdk_event_get_event_type (event) == GDK_KEY_PRESS
         && gdk_key_event_matches (event, keyval, modifiers) != GDK_KEY_MATCH_NONE;
}

/**
 * kith_keys_is_copy:
 * @controller: a controller, in its "key-pressed"
 *
 * Returns: whether the keys that are pressed copy something
 */
gboolean
kith_keys_is_copy (GtkEventControllerKey *controller)
{
  g_return_val_if_fail (GTK_IS_EVENT_CONTROLLER_KEY (controller), FALSE);

  return matches (controller, GDK_KEY_c, GDK_CONTROL_MASK);
}

/**
 * kith_keys_is_paste:
 * @controller: a controller, in its "key-pressed"
 *
 * Returns: whether the keys that are pressed paste something
 */
gboolean
kith_keys_is_paste (GtkEventControllerKey *controller)
{
  g_return_val_if_fail (GTK_IS_EVENT_CONTROLLER_KEY (controller), FALSE);

  return matches (controller, GDK_KEY_v, GDK_CONTROL_MASK)
         || matches (controller, GDK_KEY_V, GDK_CONTROL_MASK | GDK_SHIFT_MASK)
         || matches (controller, GDK_KEY_Insert, GDK_SHIFT_MASK);
}

/* --- Shift ---------------------------------------------------------------------------------- */

/* In another layout GTK looks for the small letter on a key, and with Shift that has the capital one. */
static gboolean
is_missed_by_gtk (GdkEvent *event, const char *accel)
{
  GdkModifierType modifiers;
  guint keyval;

  return gtk_accelerator_parse (accel, &keyval, &modifiers) && (modifiers & GDK_SHIFT_MASK) != 0
         && gdk_keyval_to_upper (keyval) != keyval
         && gdk_key_event_matches (event, gdk_keyval_to_upper (keyval), modifiers) == GDK_KEY_MATCH_PARTIAL;
}

/* Returns: (transfer full) (nullable): the action, in detail, of an application that @event stands for */
static char *
find_missed_action (GtkApplication *application, GdkEvent *event)
{
  g_auto (GStrv) actions = gtk_application_list_action_descriptions (application);

  for (char **action = actions; *action != NULL; action++)
    {
      g_auto (GStrv) accels = gtk_application_get_accels_for_action (application, *action);

      for (char **accel = accels; *accel != NULL; accel++)
        if (is_missed_by_gtk (event, *accel))
          return g_strdup (*action);
    }

  return NULL;
}

static gboolean
shifted_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType modifiers,
            GtkWindow *window)
{
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));
  GtkApplication *application = gtk_window_get_application (window);
  g_autofree char *action = NULL;
  g_autofree char *name = NULL;
  g_autoptr (GVariant) target = NULL;

  /* A key with a Latin letter means that letter. */
  if (event == NULL || application == NULL || (modifiers & GDK_SHIFT_MASK) == 0 || (modifiers & GDK_CONTROL_MASK) == 0
      || gdk_keyval_to_unicode (keyval) < 0x80)
    return GDK_EVENT_PROPAGATE;

  action = find_missed_action (application, event);
  if (action == NULL || !g_action_parse_detailed_name (action, &name, &target, NULL))
    return GDK_EVENT_PROPAGATE;

  return gtk_widget_activate_action_variant (GTK_WIDGET (window), name, target);
}

/**
 * kith_keys_complete_accels:
 * @window: a window of an application
 *
 * Lets the keys of the application that have Shift in them mean something in a layout without Latin letters too.
 */
void
kith_keys_complete_accels (GtkWindow *window)
{
  GtkEventController *controller;

  g_return_if_fail (GTK_IS_WINDOW (window));

  controller = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_object (controller, "key-pressed", G_CALLBACK (shifted_cb), window, 0);
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
}

/* --- Back ----------------------------------------------------------------------------------- */

/**
 * kith_keys_bind_close:
 * @widget_class: the class of a window that stands before another one
 *
 * Binds Escape, which closes it as the button in its title bar does.
 */
void
kith_keys_bind_close (GtkWidgetClass *widget_class)
{
  g_return_if_fail (GTK_IS_WIDGET_CLASS (widget_class));

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

/**
 * kith_keys_bind_back:
 * @widget_class: the class of a page that one can leave
 * @callback: has to ask kith_keys_is_back() first
 *
 * Binds Escape, and Alt with the arrows: only one of them leads back, by the direction of the widget.
 */
void
kith_keys_bind_back (GtkWidgetClass *widget_class, GtkShortcutFunc callback)
{
  g_return_if_fail (GTK_IS_WIDGET_CLASS (widget_class));
  g_return_if_fail (callback != NULL);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, callback, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Left, GDK_ALT_MASK, callback, "i", GTK_TEXT_DIR_LTR);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Right, GDK_ALT_MASK, callback, "i", GTK_TEXT_DIR_RTL);
}

/**
 * kith_keys_is_back:
 * @widget: the page
 * @arguments: (nullable): those of the callback
 *
 * Returns: whether the keys of a binding of kith_keys_bind_back() lead back here
 */
gboolean
kith_keys_is_back (GtkWidget *widget, GVariant *arguments)
{
  GtkTextDirection direction;

  g_return_val_if_fail (GTK_IS_WIDGET (widget), FALSE);

  direction = gtk_widget_get_direction (widget);

  return arguments == NULL || g_variant_get_int32 (arguments) == (int) direction;
}
