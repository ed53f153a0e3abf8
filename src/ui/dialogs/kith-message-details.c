/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-message-details.h"

#include <glib/gi18n.h>

#include "ui/kith-format.h"
#include "ui/kith-state.h"

struct _KithMessageDetails
{
  AdwWindow parent_instance;

  GtkLabel *text_label;
  GtkListBox *list_box;

  KithMessage *message; /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithMessageDetails, kith_message_details, ADW_TYPE_WINDOW)

static void
add_row (KithMessageDetails *self, const char *icon_name, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (icon_name != NULL)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon_name));
  gtk_list_box_append (self->list_box, row);
}

static void
add_step (KithMessageDetails *self, KithMessageState state, const char *title, gint64 time_ms)
{
  g_autofree char *time = NULL;

  if (time_ms <= 0)
    return;

  time = kith_format_full_time (time_ms);
  add_row (self, kith_state_icon_name (state), title, time);
}

static void
add_state (KithMessageDetails *self, KithMessageState state, const char *title)
{
  add_step (self, state, title, kith_message_get_state_time_ms (self->message, state));
}

static void
fill_outgoing (KithMessageDetails *self)
{
  KithMessageState state = kith_message_get_state (self->message);
  g_autofree char *words = kith_state_dup_words (self->message);

  add_step (self, KITH_MESSAGE_QUEUED, _("Written"), kith_message_get_time_ms (self->message));
  add_state (self, KITH_MESSAGE_SENT, _("Sent"));
  add_state (self, KITH_MESSAGE_DELIVERED, _("Delivered"));
  add_state (self, KITH_MESSAGE_READ, _("Read"));

  if (state == KITH_MESSAGE_FAILED)
    add_row (self, kith_state_icon_name (state), words, "");
  else if (state == KITH_MESSAGE_QUEUED)
    add_row (self, kith_state_icon_name (state), words,
             _("It is sent when you are both online"));
}

static void
update (KithMessageDetails *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list_box, 0)) != NULL)
    gtk_list_box_remove (self->list_box, GTK_WIDGET (row));

  if (kith_message_is_outgoing (self->message))
    fill_outgoing (self);
  else
    add_step (self, KITH_MESSAGE_RECEIVED, _("Received"), kith_message_get_time_ms (self->message));
}

static void
kith_message_details_dispose (GObject *object)
{
  KithMessageDetails *self = KITH_MESSAGE_DETAILS (object);

  g_clear_object (&self->message);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_MESSAGE_DETAILS);

  G_OBJECT_CLASS (kith_message_details_parent_class)->dispose (object);
}

static void
kith_message_details_class_init (KithMessageDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_message_details_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-message-details.ui");
  gtk_widget_class_bind_template_child (widget_class, KithMessageDetails, text_label);
  gtk_widget_class_bind_template_child (widget_class, KithMessageDetails, list_box);
}

static void
kith_message_details_init (KithMessageDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * kith_message_details_new:
 * @parent: the window it belongs to
 * @message: what to tell about
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_message_details_new (GtkWindow *parent, KithMessage *message)
{
  KithMessageDetails *self = g_object_new (KITH_TYPE_MESSAGE_DETAILS, "transient-for", parent, NULL);
  g_autofree char *line = kith_format_one_line (kith_message_get_text (message));

  self->message = g_object_ref (message);
  gtk_label_set_text (self->text_label, line);
  g_signal_connect_object (message, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
