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
         || matches (controller, GDK_KEY_v, GDK_CONTROL_MASK | GDK_SHIFT_MASK)
         || matches (controller, GDK_KEY_Insert, GDK_SHIFT_MASK);
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
