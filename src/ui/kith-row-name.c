/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-row-name.h"

#include "ui/kith-sentence.h"

/**
 * kith_row_name_set:
 * @widget: what stands in a row of a list
 * @name: all of it in words
 *
 * Names the row around @widget, which has the focus; or @widget, where it stands by itself.
 */
void
kith_row_name_set (GtkWidget *widget, const char *name)
{
  GtkWidget *row = gtk_widget_get_parent (widget);
  g_autofree char *spoken = kith_sentence_dup_spoken (name);

  while (row != NULL
         && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (row)) != GTK_ACCESSIBLE_ROLE_LIST_ITEM)
    row = gtk_widget_get_parent (row);

  /* Not both: all that is in the row would be said to be in something of that name. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (row != NULL ? row : widget),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}
