/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-entry-state.h"

#include "ui/kith-announce.h"

#define KEY "kith-entry-complaint"

/* The words stand apart from the entry: who hears it is led from one to the other. Not by
 * GTK_ACCESSIBLE_RELATION_ERROR_MESSAGE: GTK 4.8 takes one widget for it, later ones a list. */
static void
set_shown_by (GtkWidget *entry, GtkWidget *shown_by)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (entry);

  if (shown_by != NULL)
    gtk_accessible_update_relation (accessible, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY, shown_by, NULL, -1);
  else
    gtk_accessible_reset_relation (accessible, GTK_ACCESSIBLE_RELATION_DESCRIBED_BY);
}

/* As an error box does. */
static gboolean
says_itself (GtkWidget *shown_by)
{
  return shown_by != NULL
         && gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (shown_by)) == GTK_ACCESSIBLE_ROLE_ALERT;
}

/**
 * kith_entry_state_complain:
 * @entry: an entry, or the row that is one
 * @complaint: (nullable): why what stands in it cannot be; plain text. %NULL when it can
 * @shown_by: (nullable): what shows these words, in the same window; lives as long as @entry
 *
 * Marks the entry, and lets a screen reader say the words when they are others than before.
 */
void
kith_entry_state_complain (GtkWidget *entry, const char *complaint, GtkWidget *shown_by)
{
  gboolean wrong = complaint != NULL;
  gboolean is_new = g_strcmp0 (complaint, g_object_get_data (G_OBJECT (entry), KEY)) != 0;

  if (wrong)
    gtk_widget_add_css_class (entry, "error");
  else
    gtk_widget_remove_css_class (entry, "error");

  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  set_shown_by (entry, wrong ? shown_by : NULL);

  g_object_set_data_full (G_OBJECT (entry), KEY, g_strdup (complaint), g_free);
  if (wrong && is_new && !says_itself (shown_by))
    kith_announce (entry, complaint);
}
