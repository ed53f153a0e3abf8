/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-view-private.h"

#include <glib/gi18n.h>

#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"
#include "ui/dialogs/kith-forward-dialog.h"
#include "ui/dialogs/kith-details-dialog.h"
#include "ui/dialogs/kith-text-dialog.h"
#include "ui/kith-question.h"
#include "ui/kith-sentence.h"
#include "ui/kith-toast.h"

/* What is done with one message: actions whose target is its id. */

/* The message may be gone meanwhile; another conversation may have one of the same id. */
static KithMessage *
find_message (KithConversationView *self, GVariant *parameter)
{
  if (self->conversation == NULL)
    return NULL;

  return kith_conversation_find_message (self->conversation, g_variant_get_string (parameter, NULL));
}

static void
forward_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithMessage *message = find_message (self, parameter);

  if (message != NULL)
    gtk_window_present (GTK_WINDOW (kith_forward_dialog_new (kith_conversation_view_get_window (self),
                                                             self->node, self->conversation, message)));
}

/* All of it, also where the row shows the beginning, to select from. */
static void
show_text_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithMessage *message = find_message (self, parameter);

  if (message != NULL && !kith_message_is_deleted (message))
    gtk_window_present (GTK_WINDOW (kith_text_dialog_new (kith_conversation_view_get_window (self),
                                                          self->node, self->conversation, message)));
}

static void
message_details_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithMessage *message = find_message (self, parameter);

  if (message != NULL)
    gtk_window_present (GTK_WINDOW (kith_details_dialog_new (kith_conversation_view_get_window (self),
                                                             self->node, self->conversation, message)));
}

static void
answer_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithMessage *message = find_message (self, parameter);

  if (message != NULL && gtk_widget_get_visible (self->composer_clamp))
    kith_composer_answer (self->composer, message);
}

static void
edit_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithMessage *message = find_message (self, parameter);

  if (message != NULL && gtk_widget_get_visible (self->composer_clamp))
    kith_composer_edit (self->composer, message);
}

/* The message that is answered need not be loaded. */
static void
fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithConversationView) self = user_data;
  g_autoptr (KithMessage) message = NULL;
  KithConversation *conversation = NULL;

  message = kith_node_fetch_message_finish (KITH_NODE (source), result, &conversation, NULL);
  if (message != NULL && self->conversation == conversation)
    kith_message_view_jump_to_message (self->message_view, message, KITH_ARRIVAL_FOCUS);
}

static void
jump_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);

  if (self->node != NULL)
    kith_node_fetch_message_async (self->node, self->conversation, g_variant_get_string (parameter, NULL),
                                   NULL, fetched_cb, g_object_ref (self));
}

/* --- Changing ------------------------------------------------------------------------------- */

static void
reacted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithConversationView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_react_finish (KITH_NODE (source), result, &error))
    kith_toast_say_error (GTK_WIDGET (self), error);
}

static void
react_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  const char *id, *emoji;

  g_variant_get (parameter, "(&s&s)", &id, &emoji);
  if (self->node != NULL)
    kith_node_react_async (self->node, self->conversation, id, emoji, NULL, reacted_cb,
                           g_object_ref (self));
}

static void
cancelled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithConversationView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_cancel_message_finish (KITH_NODE (source), result, &error))
    kith_toast_say_error (GTK_WIDGET (self), error);
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);

  if (self->node != NULL)
    kith_node_cancel_message_async (self->node, self->conversation,
                                    g_variant_get_string (parameter, NULL), NULL, cancelled_cb,
                                    g_object_ref (self));
}

static void
retried_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithConversationView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_retry_message_finish (KITH_NODE (source), result, &error))
    kith_toast_say_error (GTK_WIDGET (self), error);
}

static void
retry_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);

  if (self->node != NULL)
    kith_node_retry_message_async (self->node, self->conversation, g_variant_get_string (parameter, NULL),
                                   NULL, retried_cb, g_object_ref (self));
}

/* --- Deleting ------------------------------------------------------------------------------- */

static void
deleted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithConversationView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_delete_message_finish (KITH_NODE (source), result, &error))
    kith_toast_say_error (GTK_WIDGET (self), error);
  else if (self->conversation != NULL && !gtk_widget_get_visible (self->composer_clamp)
           && kith_conversation_view_is_focus_free (self))
    kith_conversation_view_focus_composer (self); /* among those that are left */
}

static void
delete_response_cb (AdwMessageDialog *dialog, const char *response, KithConversationView *self)
{
  const char *id = g_object_get_data (G_OBJECT (dialog), "message");
  KithConversation *conversation = g_object_get_data (G_OBJECT (dialog), "conversation");
  gboolean here = g_str_equal (response, "here");

  if (self->node != NULL && (here || g_str_equal (response, "both")))
    kith_node_delete_message_async (self->node, conversation, id, here ? KITH_DELETE_HERE : KITH_DELETE_FOR_BOTH, NULL,
                                    deleted_cb, g_object_ref (self));

  /* The row that had the focus goes; but something else may have been opened meanwhile. */
  if (!g_str_equal (response, "cancel") && self->conversation == conversation)
    kith_conversation_view_focus_composer (self);
}

/* What was handed over cannot be fetched back: says so. */
static char *
dup_group_delete_words (KithMessage *message)
{
  if (!kith_message_is_outgoing (message) || kith_message_is_deleted (message))
    return g_strdup (_("It is deleted on this computer. The others keep it."));
  if (kith_message_get_state (message) == KITH_MESSAGE_QUEUED)
    return g_strdup (_("Nobody has it yet. “For All” takes it back before anybody sees it."));

  return g_strdup (_("“For All” asks the programs of all members to delete it as well. It may already "
                     "have been read, or kept."));
}

static char *
dup_delete_words (KithConversationView *self, KithMessage *message)
{
  const char *name = kith_conversation_get_title (self->conversation);

  if (kith_conversation_get_group (self->conversation) != NULL)
    return dup_group_delete_words (message);

  if (!kith_message_is_outgoing (message) || kith_message_is_deleted (message))
    /* Translators: the name of a person */
    return kith_sentence_make (_("It is deleted on this computer. %s keeps it."), name);

  switch (kith_message_get_state (message))
    {
    case KITH_MESSAGE_QUEUED:
    case KITH_MESSAGE_FAILED:
      /* Translators: the name of a person */
      return kith_sentence_make (_("It has not been sent, and will not be. %s never sees it."), name);
    case KITH_MESSAGE_READ:
      /* Translators: the name of a person. “For Both” is a choice */
      return kith_sentence_make (_("“For Both” asks the program of %s to delete it as well. They have read "
                                   "it already, and may have kept it."), name);
    case KITH_MESSAGE_RECEIVED:
    case KITH_MESSAGE_SENT:
    case KITH_MESSAGE_DELIVERED:
      break;
    }

  /* Translators: the name of a person. “For Both” is a choice */
  return kith_sentence_make (_("“For Both” asks the program of %s to delete it as well. It may already have "
                               "been read, or kept."), name);
}

static void
delete_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  KithMessage *message = find_message (self, parameter);
  g_autofree char *words = NULL;
  AdwMessageDialog *dialog;

  if (message == NULL)
    return;

  words = dup_delete_words (self, message);
  dialog = kith_question_new (widget, _("Delete This Message?"), words, "here", _("_Only Here"),
                              ADW_RESPONSE_DESTRUCTIVE);
  if (kith_message_is_outgoing (message) && !kith_message_is_deleted (message))
    {
      adw_message_dialog_add_response (dialog, "both",
                                       kith_conversation_get_group (self->conversation) != NULL
                                           ? _("_For All") : _("_For Both"));
      adw_message_dialog_set_response_appearance (dialog, "both", ADW_RESPONSE_DESTRUCTIVE);
    }
  g_object_set_data_full (G_OBJECT (dialog), "message", g_strdup (kith_message_get_id (message)), g_free);
  g_object_set_data_full (G_OBJECT (dialog), "conversation", g_object_ref (self->conversation), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (delete_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
write_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kith_conversation_view_focus_composer (KITH_CONVERSATION_VIEW (widget));
}

static const struct
{
  const char *name;
  const char *type;
  GtkWidgetActionActivateFunc activate;
} actions[] = {
  { "conversation.write", NULL, write_action },
  { "conversation.answer", "s", answer_action },
  { "conversation.edit", "s", edit_action },
  { "conversation.jump-to-message", "s", jump_action },
  { "conversation.react", "(ss)", react_action },
  { "conversation.cancel", "s", cancel_action },
  { "conversation.retry", "s", retry_action },
  { "conversation.delete", "s", delete_action },
  { "conversation.forward", "s", forward_action },
  { "conversation.show-text", "s", show_text_action },
  { "conversation.message-details", "s", message_details_action },
};

/* Installs those "conversation.*" that have to do with a message. */
void
kith_conversation_view_install_messages (GtkWidgetClass *widget_class)
{
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].type,
                                     actions[i].activate);
}
