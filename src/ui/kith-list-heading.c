/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-list-heading.h"

/**
 * kith_list_heading_new:
 * @words: what the part is
 * @count: how many want attention; 0 shows none
 *
 * Returns: (transfer floating): a heading
 */
GtkWidget *
kith_list_heading_new (const char *words, guint count)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *label = gtk_label_new (words);

  gtk_widget_add_css_class (box, "list-heading");
  gtk_widget_add_css_class (label, "heading");
  gtk_box_append (GTK_BOX (box), label);

  if (count > 0)
    {
      g_autofree char *text = g_strdup_printf ("%u", count);
      GtkWidget *badge = gtk_label_new (text);

      gtk_widget_add_css_class (badge, "badge");
      gtk_widget_add_css_class (badge, "numeric");
      gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
      gtk_box_append (GTK_BOX (box), badge);
    }

  return box;
}
