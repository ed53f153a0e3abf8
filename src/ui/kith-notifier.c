/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-notifier-private.h"

#include <glib/gi18n.h>

#include "node/kith-node-groups.h"
#include "node/kith-node-history.h"
#include "node/kith-node-verify.h"
#include "node/kith-settings.h"
#include "ui/kith-format.h"
#include "ui/kith-message-words.h"
#include "ui/kith-notification-markup.h"
#include "ui/kith-notification-name.h"
#include "ui/kith-notification-target.h"
#include "ui/kith-sentence.h"

G_DEFINE_FINAL_TYPE (KithNotifier, kith_notifier, G_TYPE_OBJECT)

static const char *
get_own_id (KithNotifier *self)
{
  KithProfile *profile = kith_node_get_profile (self->node);

  return profile != NULL ? kith_profile_get_id (profile) : "";
}

char *
kith_notifier_dup_id (KithNotifier *self, const char *what)
{
  return kith_notification_name_dup (self->node, what);
}

/* @message_id is "" when there is none to go to. */
void
kith_notifier_show (KithNotifier *self, const char *notification_id, const char *title, const char *body,
      const char *open_id, const char *message_id)
{
  g_autoptr (GNotification) notification = g_notification_new (title);
  g_autofree char *escaped = kith_notification_markup_dup (body);

  g_notification_set_body (notification, escaped);
  g_notification_set_category (notification, "im.received");
  kith_notification_target_set (notification, self->application, notification_id);
  kith_notification_name_remember (notification_id, get_own_id (self), open_id, message_id);
  g_application_send_notification (self->application, notification_id, notification);
  g_hash_table_replace (self->shown, g_strdup (notification_id), g_strdup (message_id));
}

/* One that is taken back. */
typedef struct
{
  KithNotifier *self; /* (owned) */
  char *id;           /* (owned) */
} Withdrawal;

static void
withdraw_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Withdrawal *withdrawal = user_data;
  g_autoptr (GVariant) answer = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result,
                                                               NULL);

  if (answer != NULL && !g_hash_table_contains (withdrawal->self->shown, withdrawal->id))
    g_application_withdraw_notification (withdrawal->self->application, withdrawal->id);

  g_object_unref (withdrawal->self);
  g_free (withdrawal->id);
  g_free (withdrawal);
}

/* GLib takes back only what org.freedesktop.Notifications has said to be there: when that answers this, it has answered
 * what was sent before. */
static void
withdraw_again (KithNotifier *self, const char *notification_id)
{
  GDBusConnection *bus = g_application_get_dbus_connection (self->application);
  Withdrawal *withdrawal;

  if (bus == NULL)
    return;

  withdrawal = g_new0 (Withdrawal, 1);
  withdrawal->self = g_object_ref (self);
  withdrawal->id = g_strdup (notification_id);
  g_dbus_connection_call (bus, "org.freedesktop.Notifications", "/org/freedesktop/Notifications",
                          "org.freedesktop.Notifications", "GetServerInformation", NULL, NULL,
                          G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, withdraw_again_cb, withdrawal);
}

void
kith_notifier_withdraw (KithNotifier *self, const char *notification_id)
{
  g_application_withdraw_notification (self->application, notification_id);
  if (g_hash_table_remove (self->shown, notification_id))
    withdraw_again (self, notification_id);
}

static void
unread_changed_cb (KithNotifier *self, GParamSpec *pspec, KithConversation *conversation)
{
  g_autofree char *id = NULL;

  if (kith_conversation_get_unread (conversation) > 0 || self->node == NULL)
    return;

  id = kith_notifier_dup_id (self, kith_conversation_get_key_text (conversation));
  kith_notifier_withdraw (self, id);
  g_signal_handlers_disconnect_by_func (conversation, unread_changed_cb, self);
}

static void
await_read (KithNotifier *self, KithConversation *conversation)
{
  g_signal_handlers_disconnect_by_func (conversation, unread_changed_cb, self);
  g_signal_connect_object (conversation, "notify::unread", G_CALLBACK (unread_changed_cb), self,
                           G_CONNECT_SWAPPED);
}

gboolean
kith_notifier_is_set (KithNotifier *self, const char *setting)
{
  return kith_node_get_setting_int (self->node, setting) != 0;
}

/* What was written, unless others may read along: the desktop keeps notifications where it likes, and
 * shows them on its lock screen. */
static char *
dup_body (KithNotifier *self, KithConversation *conversation, KithMessage *message)
{
  guint unread = MAX (1, kith_conversation_get_unread (conversation));
  g_autofree char *count = g_strdup_printf (
      g_dngettext (GETTEXT_PACKAGE, "%u new message", "%u new messages", unread), unread);
  g_autofree char *line = NULL;

  if (!kith_notifier_is_set (self, KITH_SETTING_NOTIFY_TEXT))
    return g_steal_pointer (&count);

  line = kith_message_words_dup_line (message);
  if (unread == 1)
    return g_steal_pointer (&line);

  /* Translators: "2 new messages", the last one of them */
  return kith_sentence_make (_("%s: %s"), count, line);
}

/* Returns: (transfer full): who writes, and where when that is a group */
static char *
dup_title (KithConversation *conversation, KithMessage *message)
{
  const char *title = kith_conversation_get_title (conversation);

  if (kith_conversation_get_group (conversation) == NULL || kith_message_get_sender (message) == NULL)
    return g_strdup (title);

  /* Translators: who writes, in which group */
  return kith_sentence_make (_("%s in %s"),
                             kith_contact_get_display_name (kith_message_get_sender (message)), title);
}

/* A name is not called in vain: where only mentions count, they count. */
static gboolean
is_of_interest (KithConversation *conversation, KithMessage *message)
{
  KithGroup *group = kith_conversation_get_group (conversation);

  if (kith_message_is_outgoing (message) || kith_message_is_line (message)
      || kith_conversation_is_muted (conversation, kith_format_now_ms ()))
    return FALSE;

  return group == NULL || !kith_group_get_mentions_only (group) || kith_message_get_mention (message);
}

/* Whether the user is to be told of a message, which they do not see. */
static gboolean
is_to_be_shown (KithNotifier *self, KithConversation *conversation, KithMessage *message)
{
  return is_of_interest (conversation, message) && kith_notifier_is_set (self, KITH_SETTING_NOTIFY)
         && !kith_window_is_showing (self->window, G_OBJECT (conversation));
}

static void
message_added_cb (KithNotifier *self, KithConversation *conversation, KithMessage *message)
{
  const char *key = kith_conversation_get_key_text (conversation);
  g_autofree char *id = NULL;
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;

  if (!is_to_be_shown (self, conversation, message))
    return;

  id = kith_notifier_dup_id (self, key);
  title = dup_title (conversation, message);
  body = dup_body (self, conversation, message);
  kith_notifier_show (self, id, title, body, key, kith_message_get_id (message));

  await_read (self, conversation);
}

/* The same place says what it says now: a new one would tell of it twice. */
static void
message_edited_cb (KithNotifier *self, KithConversation *conversation, const char *event,
                   const char *message_id, KithContact *who, const char *text)
{
  const char *key = kith_conversation_get_key_text (conversation);
  g_autofree char *id = kith_notifier_dup_id (self, key);
  KithMessage *message = NULL;
  g_autofree char *title = NULL;
  g_autofree char *body = NULL;

  if (g_strcmp0 (g_hash_table_lookup (self->shown, id), message_id) == 0)
    message = kith_conversation_get_last_message (conversation);
  if (message == NULL || !g_str_equal (kith_message_get_id (message), message_id))
    return;
  if (!is_to_be_shown (self, conversation, message))
    {
      kith_notifier_withdraw (self, id);
      return;
    }

  title = dup_title (conversation, message);
  body = dup_body (self, conversation, message);
  kith_notifier_show (self, id, title, body, key, message_id);
}

/* What was taken back, or has disappeared, does not stay on the desktop. */
static void
message_gone_cb (KithNotifier *self, KithConversation *conversation, const char *event,
                 const char *message_id)
{
  g_autofree char *id = kith_notifier_dup_id (self, kith_conversation_get_key_text (conversation));

  if (g_strcmp0 (g_hash_table_lookup (self->shown, id), message_id) == 0)
    kith_notifier_withdraw (self, id);
}

/* The window itself says it then. */
gboolean
kith_notifier_is_attended (KithNotifier *self)
{
  return gtk_widget_get_mapped (GTK_WIDGET (self->window))
         && gtk_window_is_active (GTK_WINDOW (self->window));
}

static void
request_added_cb (KithNotifier *self, KithRequest *request)
{
  g_autofree char *id = NULL;

  if (kith_notifier_is_attended (self) || !kith_notifier_is_set (self, KITH_SETTING_NOTIFY))
    return;

  /* One notification for all of them, and none of a stranger's words in it (protocol 6.3). */
  id = kith_notifier_dup_id (self, "requests");
  kith_notifier_show (self, id, _("Somebody would like to chat with you"),
        kith_request_get_name_taken (request)
            ? _("They go by a name that you know, but are somebody else, or have a new identity.")
            : _("Open Kith to see who it is, and to accept or decline."),
        kith_request_get_id (request), "");
}

static void
request_removed_cb (KithNotifier *self)
{
  g_autofree char *id = NULL;

  if (g_list_model_get_n_items (kith_node_get_requests (self->node)) > 0)
    return;

  id = kith_notifier_dup_id (self, "requests");
  kith_notifier_withdraw (self, id);
}

/* It has to be answered within a minute. */
static void
words_changed_cb (KithNotifier *self, KithComparison *comparison)
{
  KithContact *contact = kith_comparison_get_contact (comparison);
  g_autofree char *what = g_strdup_printf ("words-%s", kith_contact_get_id (contact));
  g_autofree char *id = kith_notifier_dup_id (self, what);
  gboolean asked = kith_comparison_get_state (comparison) == KITH_COMPARISON_ASKED;

  if (!asked)
    kith_notifier_withdraw (self, id);
  else if (kith_notifier_is_set (self, KITH_SETTING_NOTIFY)
           && !kith_window_is_showing (
               self->window, G_OBJECT (kith_node_get_conversation (self->node, contact))))
    kith_notifier_show (self, id, kith_contact_get_display_name (contact),
          _("Would like to compare words with you now."), kith_contact_get_id (contact), "");
}

/* --- The node ------------------------------------------------------------------------------- */

static void
withdraw_all (KithNotifier *self)
{
  g_autofree gpointer *ids = g_hash_table_get_keys_as_array (self->shown, NULL);

  for (gpointer *id = ids; *id != NULL; id++)
    {
      g_autofree char *copy = g_strdup (*id);

      kith_notifier_withdraw (self, copy);
    }
}

/* A process that was killed has left its notifications where they were. */
static void
follow_unread (KithNotifier *self)
{
  GListModel *conversations = kith_node_get_conversations (self->node);

  for (guint i = 0; i < g_list_model_get_n_items (conversations); i++)
    {
      g_autoptr (KithConversation) conversation = g_list_model_get_item (conversations, i);

      if (kith_conversation_get_unread (conversation) > 0)
        await_read (self, conversation);
    }
}

/* A locked profile says nothing, and takes back what it has said. */
static void
node_changed_cb (KithNotifier *self)
{
  KithNode *node = kith_window_get_node (self->window);

  if (self->node != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->node, self);
      kith_notification_name_forget (get_own_id (self));
    }
  withdraw_all (self);
  g_hash_table_remove_all (self->asking);
  g_hash_table_remove_all (self->answers);
  g_set_object (&self->node, node);
  if (node == NULL)
    return;

  g_signal_connect_object (node, "message-added", G_CALLBACK (message_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "message-event::edited", G_CALLBACK (message_edited_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "message-event::deleted", G_CALLBACK (message_gone_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "message-event::gone", G_CALLBACK (message_gone_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "request-added", G_CALLBACK (request_added_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "request-removed", G_CALLBACK (request_removed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (node, "words-changed", G_CALLBACK (words_changed_cb), self,
                           G_CONNECT_SWAPPED);
  kith_notifier_follow_groups (self);
  kith_notifier_follow_answers (self);
  follow_unread (self);
}

static void
kith_notifier_finalize (GObject *object)
{
  KithNotifier *self = KITH_NOTIFIER (object);

  g_clear_object (&self->node);
  g_hash_table_unref (self->shown);
  g_hash_table_unref (self->asking);
  g_hash_table_unref (self->answers);

  G_OBJECT_CLASS (kith_notifier_parent_class)->finalize (object);
}

static void
kith_notifier_class_init (KithNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kith_notifier_finalize;
}

static void
kith_notifier_init (KithNotifier *self)
{
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->asking = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->answers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * kith_notifier_new:
 * @application: who sends the notifications
 * @window: whose node to follow; has to outlive the notifier
 *
 * Returns: (transfer full): a notifier
 */
KithNotifier *
kith_notifier_new (GApplication *application, KithWindow *window)
{
  KithNotifier *self = g_object_new (KITH_TYPE_NOTIFIER, NULL);

  self->application = application;
  self->window = window;
  kith_notification_markup_ask (g_application_get_dbus_connection (application));
  g_signal_connect_object (window, "notify::node", G_CALLBACK (node_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (window, "notify::is-active", G_CALLBACK (kith_notifier_forget_answers), self,
                           G_CONNECT_SWAPPED);

  return self;
}
