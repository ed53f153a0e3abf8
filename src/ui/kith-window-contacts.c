/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sentence.h"
#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "node/kith-node-history.h"
#include "ui/dialogs/kith-blocked-dialog.h"
#include "ui/dialogs/kith-contact-dialog.h"
#include "ui/dialogs/kith-transcript-dialog.h"
#include "ui/dialogs/kith-verify-dialog.h"
#include "ui/kith-question.h"

/* What the user does with a contact, each with a question when something would be lost. */

static KithContact *
find_contact (KithWindow *self, const char *id)
{
  return self->node != NULL ? kith_node_find_contact (self->node, id, NULL) : NULL;
}

static KithContact *
find_dialog_contact (KithWindow *self, GtkWidget *dialog)
{
  return find_contact (self, g_object_get_data (G_OBJECT (dialog), "id"));
}

static void
complain (KithWindow *self, const GError *error)
{
  g_autofree char *words = kith_explain_error (error);

  kith_window_toast (self, words);
}

/* A question about somebody, or a group, with this ID, who may be gone when it is answered. */
static AdwMessageDialog *
make_question (KithWindow *self, const char *id, const char *heading, const char *body,
               const char *response, const char *label)
{
  AdwMessageDialog *dialog = kith_question_new (GTK_WIDGET (self), heading, body, response, label,
                                                ADW_RESPONSE_DESTRUCTIVE);

  g_object_set_data_full (G_OBJECT (dialog), "id", g_strdup (id), g_free);

  return dialog;
}

/* --- Removing ------------------------------------------------------------------------------- */

static void
remove_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_remove_finish (KITH_NODE (source), result, &error))
    complain (self, error);
}

static void
remove_response_cb (GtkWidget *dialog, const char *response, KithWindow *self)
{
  GtkCheckButton *delete_button = g_object_get_data (G_OBJECT (dialog), "delete-button");
  KithContact *contact = find_dialog_contact (self, dialog);
  gboolean keep;

  if (!g_str_equal (response, "remove") || contact == NULL)
    return;

  keep = delete_button != NULL && !gtk_check_button_get_active (delete_button);
  kith_node_remove_async (self->node, contact, keep, NULL, remove_cb, g_object_ref (self));
}

static void
confirm_remove (KithWindow *self, KithContact *contact)
{
  const char *name = kith_contact_get_display_name (contact);
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;
  GtkWidget *button;

  if (kith_contact_get_relation (contact) == KITH_RELATION_MUTUAL)
    {
      heading = kith_sentence_make (_("Remove %s?"), name);
      dialog = make_question (self, kith_contact_get_id (contact), heading,
                              _("You cannot reach each other anymore until one of you asks again. What "
                                "you wrote stays under “Former Contacts” in the list, unless you delete "
                                "it."),
                              "remove", _("_Remove"));
      button = gtk_check_button_new_with_mnemonic (_("Also _delete the messages"));
      adw_message_dialog_set_extra_child (dialog, button);
      g_object_set_data (G_OBJECT (dialog), "delete-button", button);
    }
  else if (kith_contact_get_relation (contact) == KITH_RELATION_REMOVED)
    {
      /* Translators: the name of a person */
      heading = kith_sentence_make (_("Delete the Messages with %s?"), name);
      dialog = make_question (self, kith_contact_get_id (contact), heading,
                              _("All that you wrote to each other is deleted here. This cannot be "
                                "undone."),
                              "remove", _("_Delete"));
    }
  else
    {
      /* Translators: the name of a person */
      heading = kith_sentence_make (_("Take Back the Request to %s?"), name);
      dialog = make_question (self, kith_contact_get_id (contact), heading, _("What you wrote to them is deleted here."),
                              "remove", _("_Take Back"));
    }

  g_signal_connect_object (dialog, "response", G_CALLBACK (remove_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
remove_contact_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithContact *contact = find_contact (self, g_variant_get_string (parameter, NULL));

  if (contact != NULL)
    confirm_remove (self, contact);
}

/* --- Blocking ------------------------------------------------------------------------------- */

static void
block_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_set_blocked_finish (KITH_NODE (source), result, &error))
    complain (self, error);
}

static void
block_response_cb (GtkWidget *dialog, const char *response, KithWindow *self)
{
  KithContact *contact = find_dialog_contact (self, dialog);

  if (!g_str_equal (response, "block") || contact == NULL)
    return;

  kith_node_set_blocked_async (self->node, contact, TRUE, NULL, block_cb, g_object_ref (self));
}

static void
block_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithContact *contact = find_contact (self, g_variant_get_string (parameter, NULL));
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;

  if (contact == NULL)
    return;

  if (kith_contact_get_blocked (contact))
    {
      kith_node_set_blocked_async (self->node, contact, FALSE, NULL, block_cb, g_object_ref (self));
      return;
    }

  /* Translators: the name of a person */
  heading = kith_sentence_make (_("Block %s?"), kith_contact_get_display_name (contact));
  dialog = make_question (self, kith_contact_get_id (contact), heading,
                          _("They see you as offline and are not told. Nothing of what they write "
                            "reaches you. Your messages stay, and you can unblock them under "
                            "“Blocked People” in the main menu."),
                          /* Translators: a button: a person */
                          "block", _("_Block"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (block_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
blocked_people_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);

  if (kith_window_has_profile (self))
    gtk_window_present (GTK_WINDOW (kith_blocked_dialog_new (GTK_WINDOW (self), self->node)));
}

/* --- History -------------------------------------------------------------------------------- */

static void
clear_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kith_node_clear_history_finish (KITH_NODE (source), result, &error))
    complain (self, error);
  else
    kith_window_toast (self, _("Messages deleted"));
}

static void
clear_response_cb (GtkWidget *dialog, const char *response, KithWindow *self)
{
  KithConversation *conversation
      = kith_window_find_conversation (self, g_object_get_data (G_OBJECT (dialog), "id"));

  if (g_str_equal (response, "clear") && conversation != NULL)
    kith_node_clear_history_async (self->node, conversation, NULL, clear_cb, g_object_ref (self));
}

static void
clear_history_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  KithConversation *conversation = kith_window_find_conversation (self, id);
  g_autofree char *heading = NULL;
  AdwMessageDialog *dialog;

  if (conversation == NULL)
    return;

  if (kith_conversation_get_group (conversation) != NULL)
    {
      /* Translators: the name of a group */
      heading = kith_sentence_make (_("Delete All Messages in “%s”?"),
                                    kith_conversation_get_title (conversation));
      dialog = make_question (self, id, heading,
                              _("They are deleted on this computer. The others keep their own. This "
                                "cannot be undone."),
                              "clear", _("_Delete"));
    }
  else
    {
      /* Translators: the name of a person */
      heading = kith_sentence_make (_("Delete All Messages with %s?"),
                                    kith_conversation_get_title (conversation));
      dialog = make_question (self, id, heading,
                              _("They are deleted on this computer, also those that wait to be sent. "
                                "Your friend keeps their own. This cannot be undone."),
                              "clear", _("_Delete"));
    }
  g_signal_connect_object (dialog, "response", G_CALLBACK (clear_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
transcript_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithConversation *conversation
      = kith_window_find_conversation (self, g_variant_get_string (parameter, NULL));

  if (conversation != NULL)
    kith_window_present_transcript (self, kith_transcript_dialog_new (GTK_WINDOW (self), self->node,
                                                                      conversation));
}

/* --- Details -------------------------------------------------------------------------------- */

static void
asked_cb (GtkWidget *dialog, const char *action, KithWindow *self)
{
  const char *id = g_object_get_data (G_OBJECT (dialog), "contact-id");

  gtk_widget_activate_action (GTK_WIDGET (self), action, "s", id);
}

static void
contact_details_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  KithContact *contact = find_contact (self, id);
  GtkWidget *dialog;

  if (contact == NULL)
    return;

  dialog = kith_contact_dialog_new (GTK_WINDOW (self), self->node, contact);
  g_object_set_data_full (G_OBJECT (dialog), "contact-id", g_strdup (id), g_free);
  g_signal_connect_object (dialog, "asked", G_CALLBACK (asked_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
verify_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithContact *contact = find_contact (self, g_variant_get_string (parameter, NULL));

  if (contact != NULL)
    gtk_window_present (GTK_WINDOW (kith_verify_dialog_new (GTK_WINDOW (self), self->node, contact)));
}

/* Installs those "win.*" that have to do with a contact, each with its ID. */
void
kith_window_install_contact_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.contact-details", "s", contact_details_action);
  gtk_widget_class_install_action (widget_class, "win.verify", "s", verify_action);
  gtk_widget_class_install_action (widget_class, "win.remove-contact", "s", remove_contact_action);
  gtk_widget_class_install_action (widget_class, "win.block-contact", "s", block_action);
  gtk_widget_class_install_action (widget_class, "win.clear-history", "s", clear_history_action);
  gtk_widget_class_install_action (widget_class, "win.transcript", "s", transcript_action);
  gtk_widget_class_install_action (widget_class, "win.blocked-people", NULL, blocked_people_action);
}
