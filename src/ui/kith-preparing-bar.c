/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-preparing-bar.h"

#include "node/kith-node-files.h"
#include "ui/kith-file-card.h"
#include "ui/kith-list-focus.h"
#include "ui/kith-row-name.h"

/* The files on their way into a conversation that are no messages yet: all of a file is read before it
 * is offered. Stands above the composer, and is not there most of the time. */
struct _KithPreparingBar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkListBox *list_box;

  KithNode *node;                 /* (owned) (nullable) */
  KithConversation *conversation; /* (owned) (nullable) */
  GSignalGroup *signals;          /* (owned) on node */
  GtkFilter *filter;              /* (owned) */
};

G_DEFINE_FINAL_TYPE (KithPreparingBar, kith_preparing_bar, GTK_TYPE_WIDGET)

static gboolean
is_shown (gpointer item, gpointer user_data)
{
  KithPreparingBar *self = user_data;
  KithTransfer *transfer = item;
  KithTransferState state = kith_transfer_get_state (transfer);

  return kith_transfer_get_conversation (transfer) == self->conversation
         && kith_transfer_get_message_id (transfer) == NULL
         && (state == KITH_TRANSFER_PREPARING || state == KITH_TRANSFER_FAILED);
}

static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  GtkWidget *card = g_object_new (KITH_TYPE_FILE_CARD, NULL);
  GtkWidget *row = gtk_list_box_row_new ();

  kith_file_card_set_transfer (KITH_FILE_CARD (card), item);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), card);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  kith_row_name_set (card, kith_transfer_get_name (item));

  return row;
}

static void
update_visible (KithPreparingBar *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), gtk_list_box_get_row_at_index (self->list_box, 0) != NULL);
}

static void
changed_cb (KithPreparingBar *self, KithTransfer *transfer, const char *change)
{
  if (g_str_equal (change, "progress"))
    return;

  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_visible (self);
}

static void
kith_preparing_bar_dispose (GObject *object)
{
  KithPreparingBar *self = KITH_PREPARING_BAR (object);

  if (self->list_box != NULL)
    kith_list_focus_bind_model (self->list_box, NULL, NULL, NULL);
  g_clear_object (&self->signals);
  g_clear_object (&self->filter);
  g_clear_object (&self->conversation);
  g_clear_object (&self->node);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  self->list_box = NULL;

  G_OBJECT_CLASS (kith_preparing_bar_parent_class)->dispose (object);
}

static void
kith_preparing_bar_class_init (KithPreparingBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_preparing_bar_dispose;

  gtk_widget_class_set_css_name (widget_class, "kithpreparing");
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
kith_preparing_bar_init (KithPreparingBar *self)
{
  self->list_box = GTK_LIST_BOX (gtk_list_box_new ());
  gtk_list_box_set_selection_mode (self->list_box, GTK_SELECTION_NONE);
  self->box = gtk_scrolled_window_new ();
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (self->box), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (self->box), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (self->box), 160);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->box), GTK_WIDGET (self->list_box));
  gtk_widget_set_parent (self->box, GTK_WIDGET (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);

  self->filter = GTK_FILTER (gtk_custom_filter_new (is_shown, self, NULL));
  self->signals = g_signal_group_new (KITH_TYPE_NODE);
  g_signal_group_connect_swapped (self->signals, "transfer-changed", G_CALLBACK (changed_cb), self);
  g_signal_group_connect_swapped (self->signals, "transfer-added", G_CALLBACK (update_visible), self);
}

/**
 * kith_preparing_bar_set_conversation:
 * @self: a bar
 * @node: (nullable): who sends
 * @conversation: (nullable): where to
 */
void
kith_preparing_bar_set_conversation (KithPreparingBar *self, KithNode *node,
                                     KithConversation *conversation)
{
  g_return_if_fail (KITH_IS_PREPARING_BAR (self));

  g_set_object (&self->conversation, conversation);
  if (g_set_object (&self->node, node))
    {
      g_autoptr (GtkFilterListModel) shown = NULL;

      g_signal_group_set_target (self->signals, node);
      if (node != NULL)
        shown = gtk_filter_list_model_new (g_object_ref (kith_node_get_transfers (node)),
                                           g_object_ref (self->filter));
      kith_list_focus_bind_model (self->list_box, G_LIST_MODEL (shown), create_row, self);
    }
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  update_visible (self);
}
