/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-message-factory.h"

#include "model/kith-timeline-item.h"
#include "ui/kith-divider-row.h"
#include "ui/kith-message-row.h"

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  /* Nothing is ever selected, but GTK 4.8 gives the focus to no row that cannot be. */
  gtk_list_item_set_activatable (list_item, FALSE);
}

/* Some messages are lines across the conversation. */
static gboolean
is_message (KithTimelineItem *item)
{
  return kith_timeline_item_get_kind (item) == KITH_TIMELINE_MESSAGE
         && !kith_message_is_line (kith_timeline_item_get_message (item));
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, KithMessageView *view)
{
  KithTimelineItem *item = gtk_list_item_get_item (list_item);
  GType type = is_message (item) ? KITH_TYPE_MESSAGE_ROW : KITH_TYPE_DIVIDER_ROW;
  GtkWidget *child = gtk_list_item_get_child (list_item);

  if (child == NULL || G_OBJECT_TYPE (child) != type)
    {
      child = g_object_new (type, NULL);
      gtk_list_item_set_child (list_item, child);
      /* A click leaves the cursor in the composer. */
      gtk_widget_set_focus_on_click (gtk_widget_get_parent (child), FALSE);
    }

  if (is_message (item))
    kith_message_row_set_item (KITH_MESSAGE_ROW (child), item, kith_message_view_get_group (view));
  else
    kith_divider_row_set_item (KITH_DIVIDER_ROW (child), item);

  /* Else each would be said to be "not selected". */
  gtk_accessible_reset_state (GTK_ACCESSIBLE (gtk_widget_get_parent (child)), GTK_ACCESSIBLE_STATE_SELECTED);
}

static void
unbind_cb (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer user_data)
{
  GtkWidget *child = gtk_list_item_get_child (list_item);

  if (KITH_IS_MESSAGE_ROW (child))
    kith_message_row_set_item (KITH_MESSAGE_ROW (child), NULL, NULL);
  else if (KITH_IS_DIVIDER_ROW (child))
    kith_divider_row_set_item (KITH_DIVIDER_ROW (child), NULL);
}

/**
 * kith_message_factory_new:
 * @view: (unowned): where the rows stand
 *
 * Returns: (transfer full): makes a row for each #KithTimelineItem of a list view
 */
GtkListItemFactory *
kith_message_factory_new (KithMessageView *view)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), view);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), NULL);

  return factory;
}
