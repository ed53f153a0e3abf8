/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-divider-row.h"

#include <glib/gi18n.h>

#include "ui/kith-format.h"
#include "ui/kith-sentence.h"
#include "ui/kith-state.h"

struct _KithDividerRow
{
  GtkWidget parent_instance;

  GtkWidget *left;
  GtkLabel *label;
  GtkWidget *right;

  KithTimelineItem *item; /* (owned) (nullable) */
  GSignalGroup *signals;  /* (owned) on item */
  GSignalGroup *message_signals; /* (owned) on its message, when that is the line */
};

G_DEFINE_FINAL_TYPE (KithDividerRow, kith_divider_row, GTK_TYPE_WIDGET)

static char *
dup_words (KithTimelineItem *item)
{
  switch (kith_timeline_item_get_kind (item))
    {
    case KITH_TIMELINE_MESSAGE:
      return kith_state_dup_line (kith_timeline_item_get_message (item));
    case KITH_TIMELINE_UNREAD:
      return g_strdup (_("New messages"));
    case KITH_TIMELINE_DAY:
      break;
    }

  return kith_format_day (kith_timeline_item_get_time_ms (item), kith_format_now_ms ());
}

static void
update (KithDividerRow *self)
{
  gboolean unread = kith_timeline_item_get_kind (self->item) == KITH_TIMELINE_UNREAD;
  g_autofree char *words = dup_words (self->item);
  g_autofree char *spoken = kith_sentence_dup_spoken (words);

  gtk_label_set_text (self->label, words);
  gtk_widget_set_visible (self->left, unread);
  gtk_widget_set_visible (self->right, unread);
  gtk_widget_set_halign (GTK_WIDGET (self), unread ? GTK_ALIGN_FILL : GTK_ALIGN_CENTER);

  if (unread)
    gtk_widget_add_css_class (GTK_WIDGET (self), "unread");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "unread");

  if (gtk_widget_get_parent (GTK_WIDGET (self)) != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_parent (GTK_WIDGET (self))),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void
kith_divider_row_dispose (GObject *object)
{
  KithDividerRow *self = KITH_DIVIDER_ROW (object);

  g_clear_object (&self->signals);
  g_clear_object (&self->message_signals);
  g_clear_object (&self->item);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_DIVIDER_ROW);

  G_OBJECT_CLASS (kith_divider_row_parent_class)->dispose (object);
}

static void
kith_divider_row_class_init (KithDividerRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_divider_row_dispose;

  gtk_widget_class_set_css_name (widget_class, "kithdivider");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class, "/chat/kith/Kith/kith-divider-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KithDividerRow, left);
  gtk_widget_class_bind_template_child (widget_class, KithDividerRow, label);
  gtk_widget_class_bind_template_child (widget_class, KithDividerRow, right);
}

static void
kith_divider_row_init (KithDividerRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  /* Notified when another day begins. */
  self->signals = g_signal_group_new (KITH_TYPE_TIMELINE_ITEM);
  g_signal_group_connect_swapped (self->signals, "notify::message", G_CALLBACK (update), self);
  self->message_signals = g_signal_group_new (KITH_TYPE_MESSAGE);
  g_signal_group_connect_swapped (self->message_signals, "notify::n-missing", G_CALLBACK (update),
                                  self);
}

/**
 * kith_divider_row_get_message:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): the message that is the line, if it is one
 */
KithMessage *
kith_divider_row_get_message (KithDividerRow *self)
{
  g_return_val_if_fail (KITH_IS_DIVIDER_ROW (self), NULL);

  return self->item != NULL && kith_timeline_item_get_kind (self->item) == KITH_TIMELINE_MESSAGE
             ? kith_timeline_item_get_message (self->item) : NULL;
}

/**
 * kith_divider_row_set_item:
 * @self: a row
 * @item: (nullable): a row of a timeline that is a line across the conversation
 */
void
kith_divider_row_set_item (KithDividerRow *self, KithTimelineItem *item)
{
  g_return_if_fail (KITH_IS_DIVIDER_ROW (self));

  if (!g_set_object (&self->item, item))
    return;

  g_signal_group_set_target (self->signals, item);
  g_signal_group_set_target (self->message_signals,
                             item != NULL && kith_timeline_item_get_kind (item) == KITH_TIMELINE_MESSAGE
                                 ? kith_timeline_item_get_message (item) : NULL);
  if (item != NULL)
    update (self);
}
