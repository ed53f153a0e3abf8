/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-focus.h"

/**
 * kith_focus_get:
 * @widget: any widget
 *
 * Returns: (transfer none) (nullable): what has the focus in its window, NULL when nothing has or when it is in none
 */
GtkWidget *
kith_focus_get (GtkWidget *widget)
{
  GtkRoot *root = gtk_widget_get_root (widget);

  return root != NULL ? gtk_root_get_focus (root) : NULL;
}

/**
 * kith_focus_is_in:
 * @widget: any widget
 *
 * Returns: whether it has the focus, or something inside of it
 */
gboolean
kith_focus_is_in (GtkWidget *widget)
{
  GtkWidget *focus = kith_focus_get (widget);

  return focus != NULL && (focus == widget || gtk_widget_is_ancestor (focus, widget));
}
