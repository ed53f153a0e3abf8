/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-view-private.h"

#include "ui/dialogs/kith-forward-dialog.h"
#include "ui/dialogs/kith-message-details.h"

/* What is done with one message: actions whose target is its id. */

/* The message may be gone meanwhile. */
static KithMessage *
find_message (KithConversationView *self, GVariant *parameter)
{
  if (self->node == NULL)
    return NULL;

  return kith_node_find_message (self->node, g_variant_get_string (parameter, NULL), NULL);
}

static GtkWindow *
get_window (KithConversationView *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static void
forward_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithMessage *message = find_message (self, parameter);

  if (message != NULL)
    gtk_window_present (GTK_WINDOW (kith_forward_dialog_new (get_window (self), self->node,
                                                             kith_message_get_text (message))));
}

static void
message_details_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithMessage *message = find_message (self, parameter);

  if (message != NULL)
    gtk_window_present (GTK_WINDOW (kith_message_details_new (get_window (self), message)));
}

/* Installs those "conversation.*" that have to do with a message. */
void
kith_conversation_view_install_messages (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "conversation.forward", "s", forward_action);
  gtk_widget_class_install_action (widget_class, "conversation.message-details", "s",
                                   message_details_action);
}
