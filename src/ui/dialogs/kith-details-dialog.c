/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/dialogs/kith-details-dialog.h"

#include <glib/gi18n.h>

#include "node/kith-node-messages.h"
#include "ui/kith-decoration.h"
#include "ui/kith-format.h"
#include "ui/kith-keys.h"
#include "ui/kith-markup.h"
#include "ui/kith-receipt-list.h"
#include "ui/kith-state.h"

struct _KithDetailsDialog
{
  AdwWindow parent_instance;

  GtkLabel *text_label;
  GtkListBox *list_box;
  KithReceiptList *receipt_list;

  KithNode *node;                 /* (owned) (nullable) */
  KithConversation *conversation; /* (owned) (nullable) */
  KithMessage *message;           /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (KithDetailsDialog, kith_details_dialog, ADW_TYPE_WINDOW)

static void
add_row (KithDetailsDialog *self, const char *icon_name, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (icon_name != NULL)
    adw_action_row_add_prefix (ADW_ACTION_ROW (row), kith_decoration_new (icon_name));
  gtk_list_box_append (self->list_box, row);
}

static const char *
get_title (KithDetailsDialog *self, KithMessageState state)
{
  switch (state)
    {
    case KITH_MESSAGE_RECEIVED:
      /* Translators: state of a message */
      return _("Received");
    case KITH_MESSAGE_QUEUED:
      /* Translators: time of a message */
      return _("Written");
    case KITH_MESSAGE_SENT:
      /* Translators: state and time of a message */
      return _("Sent");
    case KITH_MESSAGE_DELIVERED:
      /* Translators: state and time of a message */
      return _("Delivered");
    case KITH_MESSAGE_READ:
      return kith_message_is_outgoing (self->message) ? _("Read") : _("Read by you");
    case KITH_MESSAGE_FAILED:
      return _("Not sent");
    }

  g_return_val_if_reached ("");
}

static void
add_time (KithDetailsDialog *self, const char *icon_name, const char *title, gint64 time_ms)
{
  g_autofree char *time = time_ms > 0 ? kith_format_full_time (time_ms) : g_strdup ("");

  add_row (self, icon_name, title, time);
}

/* What was tried since it was written, for one that waits. */
static void
add_tries (KithDetailsDialog *self, GListModel *tries)
{
  for (guint i = 0; i < g_list_model_get_n_items (tries); i++)
    {
      g_autoptr (KithFinding) finding = g_list_model_get_item (tries, i);
      gint64 time_ms = kith_finding_get_time_ms (finding);
      g_autofree char *time = time_ms > 0 ? kith_format_full_time (time_ms) : g_strdup ("");
      g_autofree char *words = g_strstrip (
          g_strdup_printf ("%s %s\n%s", kith_finding_get_detail (finding),
                           kith_finding_get_advice (finding), time));

      add_row (self, NULL, kith_finding_get_title (finding), words);
    }
}

static void
update (KithDetailsDialog *self)
{
  g_autoptr (KithMessageDetails) details
      = kith_node_dup_message_details (self->node, self->conversation, self->message);
  KithGroup *group = kith_conversation_get_group (self->conversation);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list_box, 0)) != NULL)
    gtk_list_box_remove (self->list_box, GTK_WIDGET (row));

  for (guint i = 0; i < details->steps->len; i++)
    {
      const KithMessageStep *step = &g_array_index (details->steps, KithMessageStep, i);

      add_time (self, kith_state_icon_name (step->state), get_title (self, step->state), step->time_ms);
    }

  if (kith_message_get_edited_ms (self->message) > 0)
    /* Translators: time of a message */
    add_time (self, "document-edit-symbolic", _("Edited"), kith_message_get_edited_ms (self->message));
  if (details->reason != NULL)
    add_row (self, NULL, _("Why it was not sent"), details->reason);
  if (kith_message_get_state (self->message) == KITH_MESSAGE_QUEUED)
    add_row (self, NULL, _("Waits to be sent"),
             group != NULL ? _("It goes out as soon as any other member is online.")
                           : _("It goes out when you are both online."));
  if (kith_message_get_expires_ms (self->message) > 0)
    /* Translators: time of a message: it is deleted then */
    add_time (self, NULL, _("Disappears"), kith_message_get_expires_ms (self->message));
  add_tries (self, details->tries);
}

static void
kith_details_dialog_dispose (GObject *object)
{
  KithDetailsDialog *self = KITH_DETAILS_DIALOG (object);

  if (self->receipt_list != NULL)
    kith_receipt_list_clear (self->receipt_list);
  g_clear_object (&self->message);
  g_clear_object (&self->conversation);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_DETAILS_DIALOG);

  G_OBJECT_CLASS (kith_details_dialog_parent_class)->dispose (object);
}

static void
kith_details_dialog_class_init (KithDetailsDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_details_dialog_dispose;

  g_type_ensure (KITH_TYPE_RECEIPT_LIST);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/dialogs/kith-details-dialog.ui");
  kith_keys_bind_close (widget_class);
  gtk_widget_class_bind_template_child (widget_class, KithDetailsDialog, text_label);
  gtk_widget_class_bind_template_child (widget_class, KithDetailsDialog, list_box);
  gtk_widget_class_bind_template_child (widget_class, KithDetailsDialog, receipt_list);
}

static void
kith_details_dialog_init (KithDetailsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* Of what has disappeared nothing stays to be read. */
static void
gone_cb (KithDetailsDialog *self, KithConversation *conversation, const char *event, const char *id)
{
  if (self->message != NULL && conversation == self->conversation
      && (id == NULL || g_str_equal (id, kith_message_get_id (self->message))))
    gtk_window_destroy (GTK_WINDOW (self));
}

/**
 * kith_details_dialog_new:
 * @parent: the window it belongs to
 * @node: whose it is
 * @conversation: where it stands
 * @message: what to tell about
 *
 * Returns: (transfer none): a dialog, to be presented
 */
GtkWidget *
kith_details_dialog_new (GtkWindow *parent, KithNode *node, KithConversation *conversation,
                         KithMessage *message)
{
  KithDetailsDialog *self = g_object_new (KITH_TYPE_DETAILS_DIALOG, "transient-for", parent, NULL);
  g_autofree char *line = kith_markup_dup_line (kith_message_get_text (message));
  KithGroup *group = kith_conversation_get_group (conversation);

  self->node = g_object_ref (node);
  self->conversation = g_object_ref (conversation);
  self->message = g_object_ref (message);
  gtk_label_set_text (self->text_label, line);
  g_signal_connect_object (message, "notify", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "message-event::gone", G_CALLBACK (gone_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "message-event::cleared", G_CALLBACK (gone_cb), self, G_CONNECT_SWAPPED);
  update (self);

  /* In a group each of them has it at another time. */
  if (group != NULL && kith_message_is_outgoing (message))
    kith_receipt_list_set_message (self->receipt_list, node, group, message);
  else
    gtk_widget_set_visible (GTK_WIDGET (self->receipt_list), FALSE);

  return GTK_WIDGET (self);
}
