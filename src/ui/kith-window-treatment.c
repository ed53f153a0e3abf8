/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-window-private.h"

#include <glib/gi18n.h>

#include "node/kith-explain.h"
#include "node/kith-node-history.h"
#include "node/kith-node-messages.h"
#include "node/kith-settings.h"
#include "ui/kith-format.h"

/* How the user has a conversation treated: pinned, muted, archived, marked as unread. */

/* How late a conversation may be heard again. */
#define MUTE_CHECK_S 30

static void
set_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KithWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *words = NULL;

  if (kith_node_set_conversation_finish (KITH_NODE (source), result, &error))
    return;

  words = kith_explain_error (error);
  kith_window_toast (self, words);
}

/* What is put away or kept for later is closed: it would stay in the list, or be read at once. */
static void
leave (KithWindow *self, KithConversation *conversation)
{
  if (kith_conversation_view_get_conversation (self->conversation_view) != conversation)
    return;

  kith_window_open (self, NULL);
  kith_node_set_setting (self->node, KITH_SETTING_CONVERSATION, "");
}

/* --- Actions -------------------------------------------------------------------------------- */

static void
pin_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithConversation *conversation
      = kith_window_find_conversation (self, g_variant_get_string (parameter, NULL));

  if (conversation != NULL)
    kith_node_set_conversation_pinned_async (self->node, conversation,
                                             !kith_conversation_get_pinned (conversation), NULL,
                                             set_cb, g_object_ref (self));
}

/* What is read is marked for later; all else was read, also what was not looked at. */
static void
mark_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithConversation *conversation
      = kith_window_find_conversation (self, g_variant_get_string (parameter, NULL));

  if (conversation == NULL)
    return;

  if (kith_conversation_get_unread (conversation) > 0
      || kith_conversation_get_marked_unread (conversation))
    {
      kith_node_mark_read (self->node, conversation);
      return;
    }

  leave (self, conversation);
  kith_node_set_conversation_marked_unread_async (self->node, conversation, TRUE, NULL, set_cb,
                                                  g_object_ref (self));
}

/* For so many seconds; 0 = not, negative = until the user takes it back. */
static void
mute_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithConversation *conversation;
  const char *id;
  gint64 until_ms;
  int time_s;

  g_variant_get (parameter, "(&si)", &id, &time_s);
  conversation = kith_window_find_conversation (self, id);
  if (conversation == NULL)
    return;

  if (time_s < 0)
    until_ms = G_MAXINT64;
  else
    until_ms = time_s > 0 ? kith_format_now_ms () + time_s * (gint64) 1000 : 0;
  kith_node_set_conversation_muted_async (self->node, conversation, until_ms, NULL, set_cb,
                                          g_object_ref (self));
}

static void
archive_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  KithConversation *conversation = kith_window_find_conversation (self, id);
  gboolean archive;

  if (conversation == NULL)
    return;

  archive = !kith_conversation_get_archived (conversation);
  if (archive)
    {
      leave (self, conversation);
      /* Translators: a conversation was taken away from the list */
      kith_window_toast_with_button (self, _("Archived"),
                                     /* Translators: a button: what was just done */
                                     _("Undo"), "win.unarchive-conversation", id);
    }
  kith_node_set_conversation_archived_async (self->node, conversation, archive, NULL, set_cb,
                                             g_object_ref (self));
}

/* A message may have brought it back before. */
static void
unarchive_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithWindow *self = KITH_WINDOW (widget);
  KithConversation *conversation
      = kith_window_find_conversation (self, g_variant_get_string (parameter, NULL));

  if (conversation != NULL && kith_conversation_get_archived (conversation))
    kith_node_set_conversation_archived_async (self->node, conversation, FALSE, NULL, set_cb,
                                               g_object_ref (self));
}

/* The user has come back to what they had marked for later. Who wrote is told of what was read when
 * it was seen, and not before. */
void
kith_window_unmark (KithWindow *self, KithConversation *conversation)
{
  if (kith_conversation_get_marked_unread (conversation))
    kith_node_set_conversation_marked_unread_async (self->node, conversation, FALSE, NULL, set_cb,
                                                    g_object_ref (self));
}

/* --- What happens by itself ----------------------------------------------------------------- */

/* A new message brings a conversation back from the archive, or nobody would find it there. One
 * that is muted as well stays: the user has said twice that it is of no interest now. */
static void
message_added_cb (KithWindow *self, KithConversation *conversation, KithMessage *message)
{
  if (kith_message_is_outgoing (message) || kith_message_is_line (message)
      || !kith_conversation_get_archived (conversation)
      || kith_conversation_is_muted (conversation, kith_format_now_ms ()))
    return;

  kith_node_set_conversation_archived_async (self->node, conversation, FALSE, NULL, set_cb,
                                             g_object_ref (self));
}

/* It is tried again at the next look, and nobody asked for it just now. */
static void
unmuted_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!kith_node_set_conversation_finish (KITH_NODE (source), result, &error))
    g_debug ("Not unmuted: %s", error->message);
}

static gboolean mute_check_cb (gpointer user_data);

/* Looks again when the next one ends, and now and then at what was muted meanwhile. */
static void
schedule_mute_check (KithWindow *self, gint64 next_ms)
{
  gint64 wait_ms = CLAMP (next_ms, 0, MUTE_CHECK_S * 1000);

  self->mute_check_id = g_timeout_add ((guint) wait_ms, mute_check_cb, self);
}

/* What was muted for a time is unmuted then, so that all who show it hear of it. */
static gboolean
mute_check_cb (gpointer user_data)
{
  KithWindow *self = user_data;
  GListModel *conversations = kith_node_get_conversations (self->node);
  gint64 now_ms = kith_format_now_ms ();
  gint64 next_ms = G_MAXINT64;

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);
      gint64 until_ms = kith_conversation_get_muted_until_ms (conversation);

      if (kith_conversation_is_muted (conversation, now_ms))
        next_ms = MIN (next_ms, until_ms - now_ms);
      else if (until_ms != 0)
        kith_node_set_conversation_muted_async (self->node, conversation, 0, NULL, unmuted_cb, NULL);
    }

  schedule_mute_check (self, next_ms);

  return G_SOURCE_REMOVE;
}

/* Lets what happens to a conversation change how it is treated. */
void
kith_window_follow_treatment (KithWindow *self)
{
  g_signal_connect_object (self->node, "message-added", G_CALLBACK (message_added_cb), self,
                           G_CONNECT_SWAPPED);
  schedule_mute_check (self, 0);
}

/* Installs those "win.*" that have to do with it, each with the ID of the contact. */
void
kith_window_install_treatment_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.pin-conversation", "s", pin_action);
  gtk_widget_class_install_action (widget_class, "win.mark-conversation", "s", mark_action);
  gtk_widget_class_install_action (widget_class, "win.mute-conversation", "(si)", mute_action);
  gtk_widget_class_install_action (widget_class, "win.archive-conversation", "s", archive_action);
  gtk_widget_class_install_action (widget_class, "win.unarchive-conversation", "s", unarchive_action);
}
