/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-row-name.h"

/**
 * kith_row_name_set:
 * @widget: what stands in a row of a list
 * @name: all of it in words
 *
 * Names @widget, and the row around it, which has the focus.
 */
void
kith_row_name_set (GtkWidget *widget, const char *name)
{
  GtkWidget *row = gtk_widget_get_parent (widget);

  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  while (row != NULL
         && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (row)) != GTK_ACCESSIBLE_ROLE_LIST_ITEM)
    row = gtk_widget_get_parent (row);
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}
