/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-sentence.h"
#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "node/kith-node-history.h"
#include "node/kith-settings.h"
#include "ui/kith-background.h"
#include "ui/kith-format.h"
#include "ui/kith-notification-name.h"
#include "ui/kith-notification-target.h"
#include "ui/kith-task-panel.h"

/* What the window says while nobody looks at it: how much is unread; and life without a window. */

#define ASK (-1)

/* --- The title ------------------------------------------------------------------------------ */

/* What is muted calls for nobody. */
static guint
count_unread (KithWindow *self)
{
  GListModel *conversations = kith_node_get_conversations (self->node);
  gint64 now_ms = kith_format_now_ms ();
  guint n_unread = 0;

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);

      if (!kith_conversation_is_muted (conversation, now_ms))
        n_unread += kith_conversation_get_unread (conversation);
    }

  return n_unread;
}

static gboolean
title_cb (gpointer user_data)
{
  KithWindow *self = user_data;

  self->title_id = 0;
  if (self->node != NULL)
    kith_window_update_title (self);

  return G_SOURCE_REMOVE;
}

static void
unread_changed_cb (KithWindow *self)
{
  if (self->title_id == 0)
    self->title_id = g_idle_add (title_cb, self);
}

static void
conversations_changed_cb (KithWindow *self, guint position, guint removed, guint added,
                          GListModel *conversations)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);

      /* One that has moved is connected already. */
      g_signal_handlers_disconnect_by_func (conversation, unread_changed_cb, self);
      g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (unread_changed_cb), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (conversation, "notify::muted-until", G_CALLBACK (unread_changed_cb),
                               self, G_CONNECT_SWAPPED);
    }

  unread_changed_cb (self);
}

/* Says in the title whose window it is, and how many messages are unread. */
void
kith_window_update_title (KithWindow *self)
{
  KithProfile *profile = kith_node_get_profile (self->node);
  guint n_unread = count_unread (self);
  g_autofree char *title = NULL;
  g_autofree char *spoken = NULL;

  if (profile == NULL)
    return;

  if (n_unread > 0)
    /* Translators: the title of the window: how many messages are unread, the user's name */
    title = kith_sentence_make (_("(%u) %s – Kith"), n_unread, kith_profile_get_name (profile));
  else
    /* Translators: the title of the window: the user's name */
    title = kith_sentence_make (_("%s – Kith"), kith_profile_get_name (profile));

  /* It takes the title for its name, with what isolates. */
  spoken = kith_sentence_dup_spoken (title);
  gtk_window_set_title (GTK_WINDOW (self), title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* Keeps the title of the window in step with its node. */
void
kith_window_follow_unread (KithWindow *self)
{
  GListModel *conversations = kith_node_get_conversations (self->node);

  g_signal_connect_object (conversations, "items-changed", G_CALLBACK (conversations_changed_cb),
                           self, G_CONNECT_SWAPPED);
  conversations_changed_cb (self, 0, 0, g_list_model_get_n_items (conversations), conversations);
}

/* --- What a notification leads to ----------------------------------------------------------- */

/* Opens what had to wait for the profile, if it means something there. */
void
kith_window_take_target (KithWindow *self)
{
  g_autofree char *name = NULL;
  g_autofree char *id = NULL;
  g_autofree char *message_id = NULL;

  if (!kith_window_has_profile (self) || self->pending_target == NULL)
    return;

  name = g_steal_pointer (&self->pending_target);
  if (!kith_notification_name_find (name, self->node, &id, &message_id))
    return;

  kith_window_open_id (self, id);
  if (*message_id != '\0')
    kith_window_open_message (self, message_id);
}

/**
 * kith_window_open_when_ready:
 * @self: a window
 * @notification: name of one that was clicked
 *
 * Opens what it told of now, or when the profile is unlocked; nothing when the profile does not know it.
 */
void
kith_window_open_when_ready (KithWindow *self, const char *notification)
{
  g_return_if_fail (KITH_IS_WINDOW (self));
  g_return_if_fail (notification != NULL);

  g_free (self->pending_target);
  self->pending_target = g_strdup (notification);
  kith_window_take_target (self);
}

/* --- Without a window ----------------------------------------------------------------------- */

static void
hide (KithWindow *self)
{
  kith_window_save_state (self);
  if (!kith_task_panel_is_any_running ())
    kith_window_close_dialogs (GTK_WINDOW (self));
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  kith_background_announce (self->node, self->profile_path);
}

static void
response_cb (KithWindow *self, const char *response)
{
  gboolean keep = g_str_equal (response, "keep");

  /* It may have been locked while the question stood there. */
  if (self->node == NULL || (!keep && !g_str_equal (response, "quit")))
    return;

  kith_node_set_setting_int (self->node, KITH_SETTING_BACKGROUND, keep);
  if (keep)
    hide (self);
  else
    kith_window_quit (self);
}

static void
ask (KithWindow *self)
{
  GtkWidget *dialog = adw_message_dialog_new (
      GTK_WINDOW (self), _("Keep Kith Running?"),
      _("While Kith is not running nobody can reach you, and nothing arrives: no server keeps your "
        "messages for you. It can run without a window, until you choose Quit in the main menu.\n\n"
        "You can change this in the preferences."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "quit",
                                    _("_Quit"), "keep", _("_Keep Running"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "keep",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "keep");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (response_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* The window is to be closed. Returns whether that is not the end: it goes on without one, or the user
 * is asked. What is locked, or kept nowhere, has nothing to go on for. */
gboolean
kith_window_go_to_background (KithWindow *self)
{
  int choice;

  if (self->folder == NULL || !kith_window_has_profile (self))
    return FALSE;

  choice = kith_node_get_setting (self->node, KITH_SETTING_BACKGROUND) != NULL
               ? kith_node_get_setting_int (self->node, KITH_SETTING_BACKGROUND)
               : ASK;
  if (choice == ASK && g_list_model_get_n_items (kith_node_get_contacts (self->node)) == 0)
    return FALSE;

  if (choice == ASK)
    ask (self);
  else if (choice != 0)
    hide (self);

  return choice != 0;
}

static char *
dup_waiting_name (KithWindow *self)
{
  return kith_notification_name_dup (self->node, "waiting");
}

/* Kith ends: a word about what stays behind. */
void
kith_window_tell_waiting (KithWindow *self)
{
  guint n_waiting = self->folder != NULL && self->node != NULL
                        ? kith_node_get_n_waiting (self->node) : 0;
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *body = NULL;
  g_autofree char *name = NULL;

  if (n_waiting == 0 || kith_node_get_setting_int (self->node, KITH_SETTING_NOTIFY) == 0)
    return;

  body = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE,
                   /* Translators: how many messages have not been sent */
                   "%u message still waits. It is sent when Kith runs again and the other one is online.",
                   "%u messages still wait. They are sent when Kith runs again and the others are "
                   "online.", n_waiting), n_waiting);
  notification = g_notification_new (_("Not Everything Is Sent"));
  g_notification_set_body (notification, body);
  name = dup_waiting_name (self);
  kith_notification_target_set (notification, g_application_get_default (), name);
  g_application_send_notification (g_application_get_default (), name, notification);
}

/* Kith runs again: what was said when it ended is of no use any more. Over org.freedesktop.Notifications only
 * the process that has sent one can take it back: there it stays until the user does. */
void
kith_window_withdraw_waiting (KithWindow *self)
{
  GtkApplication *application = gtk_window_get_application (GTK_WINDOW (self));
  g_autofree char *name = NULL;

  if (self->folder == NULL || application == NULL)
    return;

  name = dup_waiting_name (self);
  g_application_withdraw_notification (G_APPLICATION (application), name);
}

static void
page_changed_cb (KithWindow *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  if (g_str_equal (page, "loading"))
    return;

  /* All but the conversations wait for the user: for a passphrase, a name, or what to do. */
  g_signal_handlers_disconnect_by_func (self->stack, page_changed_cb, self);
  if (!g_str_equal (page, "chat"))
    gtk_window_present (GTK_WINDOW (self));
}

/**
 * kith_window_start_hidden:
 * @self: a window that was not presented
 *
 * Leaves it so, unless there is something that the user has to do first.
 */
void
kith_window_start_hidden (KithWindow *self)
{
  g_return_if_fail (KITH_IS_WINDOW (self));

  g_signal_connect_object (self->stack, "notify::visible-child-name", G_CALLBACK (page_changed_cb),
                           self, G_CONNECT_SWAPPED);
  page_changed_cb (self);
}
