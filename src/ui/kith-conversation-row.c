/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-row.h"

#include <glib/gi18n.h>

#include "ui/kith-avatar.h"
#include "ui/kith-day.h"
#include "ui/kith-format.h"
#include "ui/kith-markup.h"
#include "ui/kith-message-words.h"
#include "ui/kith-row-name.h"
#include "ui/kith-sentence.h"
#include "ui/kith-state.h"

#define UNREAD_MAX_SHOWN 99

struct _KithConversationRow
{
  AdwBin parent_instance;

  KithAvatar *avatar;
  GtkLabel *title_label;
  GtkWidget *favourite_image;
  GtkWidget *verified_image;
  GtkWidget *muted_image;
  GtkWidget *pinned_image;
  GtkWidget *unread_dot;
  GtkLabel *time_label;
  GtkImage *state_image;
  GtkLabel *preview_label;
  GtkWidget *mention_label;
  GtkLabel *unread_label;

  KithConversation *conversation; /* (owned) (nullable) either this */
  KithRequest *request;           /* (owned) (nullable) or this */
  GSignalGroup *message_signals;  /* (owned) on the last message */
  gboolean is_open;
};

G_DEFINE_FINAL_TYPE (KithConversationRow, kith_conversation_row, ADW_TYPE_BIN)

static void
set_class (GtkWidget *widget, const char *name, gboolean set)
{
  if (set)
    gtk_widget_add_css_class (widget, name);
  else
    gtk_widget_remove_css_class (widget, name);
}

static void
update_time (KithConversationRow *self)
{
  gint64 time_ms = self->conversation != NULL ? kith_conversation_get_last_activity_ms (self->conversation)
                   : self->request != NULL    ? kith_request_get_time_ms (self->request)
                                              : 0;
  g_autofree char *time = NULL;

  if (time_ms > 0)
    time = kith_format_list_time (time_ms, kith_format_now_ms ());
  gtk_label_set_text (self->time_label, time != NULL ? time : "");
}

/* Returns: (transfer full): whether they can be talked to now, or who is there */
static char *
dup_standing (KithConversation *conversation)
{
  KithGroup *group = kith_conversation_get_group (conversation);

  return group != NULL ? kith_state_dup_group (group)
                       : kith_state_dup_presence (kith_conversation_get_contact (conversation));
}

static gboolean
is_typing (KithConversation *conversation)
{
  KithContact *contact = kith_conversation_get_contact (conversation);

  return contact != NULL && kith_contact_get_typing (contact);
}

/* Whether there is a question to the user that goes before all that is written there. */
static gboolean
is_invited (KithConversation *conversation)
{
  KithGroup *group = kith_conversation_get_group (conversation);

  return group != NULL && kith_group_get_state (group) == KITH_MEMBERSHIP_INVITED;
}

/* Where several people write, with who it was. @line: (transfer full) */
static char *
add_sender (KithConversation *conversation, KithMessage *message, char *line)
{
  g_autofree char *text = line;

  if (kith_conversation_get_group (conversation) == NULL || kith_message_get_sender (message) == NULL)
    return g_steal_pointer (&text);

  /* Translators: who wrote it, what */
  return kith_sentence_make (_("%s: %s"),
                             kith_contact_get_display_name (kith_message_get_sender (message)), text);
}

/* What stands below the name: the draft, the last message, or how things stand. */
static char *
dup_preview (KithConversationRow *self, const char **icon_name)
{
  const char *draft = kith_conversation_get_draft (self->conversation);
  guint recorded_ms = kith_conversation_get_recorded_ms (self->conversation);
  KithMessage *last = kith_conversation_get_last_message (self->conversation);
  g_autofree char *line = NULL;

  *icon_name = NULL;

  if (is_typing (self->conversation))
    /* Translators: a person is, at the moment */
    return g_strdup (_("Writing…"));

  /* That of the conversation that is open stands in the composer. */
  if ((draft != NULL || recorded_ms > 0) && !self->is_open)
    {
      line = recorded_ms > 0 ? kith_message_words_dup_voice (recorded_ms) : kith_markup_dup_line (draft);
      /* Translators: a text that was begun and not sent yet */
      return kith_sentence_make (_("Draft: %s"), line);
    }

  if (last == NULL || is_invited (self->conversation))
    return dup_standing (self->conversation);

  line = kith_message_words_dup_line (last);
  if (kith_message_is_deleted (last))
    return g_steal_pointer (&line);
  if (!kith_message_is_outgoing (last))
    return add_sender (self->conversation, last, g_steal_pointer (&line));

  *icon_name = kith_state_icon_name (kith_message_get_state (last));

  /* Translators: the user's own last message */
  return kith_sentence_make (_("You: %s"), line);
}

/* As a screen reader says it: the small pictures have no voice of their own. */
static char *
dup_presence (KithConversation *conversation, gboolean muted, gboolean pinned)
{
  KithContact *contact = kith_conversation_get_contact (conversation);
  g_autofree char *presence = dup_standing (conversation);
  const char *words[7];
  guint n = 0;

  if (contact == NULL)
    words[n++] = _("Group");
  words[n++] = presence;
  if (contact != NULL && kith_contact_get_favourite (contact))
    words[n++] = _("Favorite");
  if (contact != NULL && kith_contact_get_verified (contact) != KITH_VERIFIED_NOT)
    /* Translators: said of a person: it is who one believes */
    words[n++] = _("Verified");
  if (muted)
    /* Translators: said of a conversation: nobody is told of its messages */
    words[n++] = _("Muted");
  if (pinned)
    /* Translators: said of a conversation: it is at the top of the list */
    words[n++] = _("Pinned");
  words[n] = NULL;

  return kith_format_list (words);
}

/* Returns: (transfer full) (nullable): what is new, as a screen reader says it */
static char *
dup_unread (KithConversation *conversation)
{
  KithGroup *group = kith_conversation_get_group (conversation);
  guint n = kith_conversation_get_unread (conversation);
  g_autofree char *count = g_strdup_printf (
      /* Translators: how many messages of a conversation */
      g_dngettext (GETTEXT_PACKAGE, "%u unread message", "%u unread messages", n), n);

  if (n > 0 && group != NULL && kith_group_get_unread_mentions (group) > 0)
    /* Translators: "2 unread messages"; at least one has the user's name in it */
    return g_strdup_printf (_("%s, mentions you"), count);
  if (n > 0)
    return g_steal_pointer (&count);

  return kith_conversation_get_marked_unread (conversation) ? g_strdup (_("Marked as Unread"))
                                                            : NULL;
}

static void
update_marks (KithConversationRow *self, gboolean muted)
{
  KithContact *contact = kith_conversation_get_contact (self->conversation);
  KithGroup *group = kith_conversation_get_group (self->conversation);
  guint unread = kith_conversation_get_unread (self->conversation);
  gboolean marked = kith_conversation_get_marked_unread (self->conversation);
  g_autofree char *count = g_strdup_printf (unread > UNREAD_MAX_SHOWN ? "%u+" : "%u",
                                            MIN (unread, UNREAD_MAX_SHOWN));

  gtk_widget_set_visible (self->favourite_image,
                          contact != NULL && kith_contact_get_favourite (contact));
  gtk_widget_set_visible (self->verified_image,
                          contact != NULL
                              && kith_contact_get_verified (contact) != KITH_VERIFIED_NOT);
  gtk_widget_set_visible (self->mention_label,
                          group != NULL && kith_group_get_unread_mentions (group) > 0);
  gtk_widget_set_visible (self->muted_image, muted);
  gtk_widget_set_visible (self->pinned_image, kith_conversation_get_pinned (self->conversation));
  gtk_widget_set_visible (self->unread_dot,
                          unread == 0 && (marked || is_invited (self->conversation)));
  gtk_widget_set_visible (GTK_WIDGET (self->unread_label), unread > 0);
  gtk_label_set_text (self->unread_label, count);
  set_class (GTK_WIDGET (self), "unread", unread > 0 || marked || is_invited (self->conversation));
  set_class (GTK_WIDGET (self), "muted", muted);
}

/* Returns: (transfer full): the preview, with what the small picture before it says */
static char *
dup_spoken_preview (KithConversationRow *self, const char *preview, gboolean has_state)
{
  KithMessage *last = kith_conversation_get_last_message (self->conversation);
  const char *words[] = { preview, has_state ? kith_state_get_words (kith_message_get_state (last)) : NULL,
                          NULL };

  return kith_format_list (words);
}

static void
update_conversation (KithConversationRow *self)
{
  gboolean muted = kith_conversation_is_muted (self->conversation, kith_format_now_ms ());
  g_autofree char *presence
      = dup_presence (self->conversation, muted, kith_conversation_get_pinned (self->conversation));
  g_autofree char *unread = dup_unread (self->conversation);
  g_autofree char *preview = NULL;
  g_autofree char *spoken = NULL;
  g_autofree char *name = NULL;
  const char *icon_name;

  g_signal_group_set_target (self->message_signals,
                             kith_conversation_get_last_message (self->conversation));
  preview = dup_preview (self, &icon_name);
  spoken = dup_spoken_preview (self, preview, icon_name != NULL);

  gtk_label_set_text (self->title_label, kith_conversation_get_title (self->conversation));
  gtk_label_set_text (self->preview_label, preview);
  update_marks (self, muted);
  update_time (self);

  gtk_widget_set_visible (GTK_WIDGET (self->state_image), icon_name != NULL);
  gtk_image_set_from_icon_name (self->state_image, icon_name);
  set_class (GTK_WIDGET (self->state_image), "read",
             g_strcmp0 (icon_name, "kith-read-symbolic") == 0);
  set_class (GTK_WIDGET (self->state_image), "failed",
             g_strcmp0 (icon_name, "kith-failed-symbolic") == 0);

  if (unread != NULL)
    /* Translators: name, presence, number of unread messages, beginning of the last one */
    name = g_strdup_printf (_("%s, %s, %s, %s"), kith_conversation_get_title (self->conversation),
                            presence, unread, spoken);
  else
    /* Translators: name, presence, beginning of the last message */
    name = g_strdup_printf (_("%s, %s, %s"), kith_conversation_get_title (self->conversation),
                            presence, spoken);
  kith_row_name_set (GTK_WIDGET (self), name);
}

/* A request has none; the row may have shown a conversation before. */
static void
clear_marks (KithConversationRow *self)
{
  GtkWidget *marks[] = {
    self->favourite_image, self->verified_image, self->muted_image, self->pinned_image,
    self->unread_dot, self->mention_label, GTK_WIDGET (self->state_image),
    GTK_WIDGET (self->unread_label),
  };

  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    gtk_widget_set_visible (marks[i], FALSE);
  set_class (GTK_WIDGET (self), "unread", FALSE);
  set_class (GTK_WIDGET (self), "muted", FALSE);
}

static void
update_request (KithConversationRow *self)
{
  const char *own_name = kith_request_get_name (self->request);
  const char *title = *own_name != '\0' ? own_name : _("Somebody without a name");
  g_autofree char *text = kith_markup_dup_line (kith_request_get_text (self->request));
  /* Translators: the name of a person who would like to be a contact */
  g_autofree char *request = g_strdup_printf (_("Request from %s"), title);
  const char *words[] = { request, *text != '\0' ? text : NULL, NULL };
  g_autofree char *name = kith_format_list (words);

  clear_marks (self);
  gtk_label_set_text (self->title_label, title);
  gtk_label_set_text (self->preview_label,
                      *text != '\0' ? text : _("Would like to chat with you"));
  update_time (self);
  kith_avatar_set_name (self->avatar, own_name);
  kith_row_name_set (GTK_WIDGET (self), name);
}

/* Lets go of the item, and shows nothing of it that the next one may not have. */
static void
drop_item (KithConversationRow *self)
{
  if (self->conversation != NULL)
    {
      KithContact *contact = kith_conversation_get_contact (self->conversation);
      KithGroup *group = kith_conversation_get_group (self->conversation);

      g_signal_handlers_disconnect_by_data (self->conversation, self);
      g_signal_handlers_disconnect_by_data (group != NULL ? G_OBJECT (group) : G_OBJECT (contact), self);
    }
  if (self->request != NULL)
    g_signal_handlers_disconnect_by_data (self->request, self);

  g_signal_group_set_target (self->message_signals, NULL);
  g_clear_object (&self->conversation);
  g_clear_object (&self->request);
}

static void
kith_conversation_row_dispose (GObject *object)
{
  KithConversationRow *self = KITH_CONVERSATION_ROW (object);

  if (self->message_signals != NULL)
    drop_item (self);
  g_clear_object (&self->message_signals);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_CONVERSATION_ROW);

  G_OBJECT_CLASS (kith_conversation_row_parent_class)->dispose (object);
}

static void
kith_conversation_row_class_init (KithConversationRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kith_conversation_row_dispose;

  g_type_ensure (KITH_TYPE_AVATAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/kith-conversation-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, avatar);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, title_label);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, favourite_image);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, verified_image);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, muted_image);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, pinned_image);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, unread_dot);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, time_label);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, state_image);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, preview_label);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, mention_label);
  gtk_widget_class_bind_template_child (widget_class, KithConversationRow, unread_label);
}

static void
kith_conversation_row_init (KithConversationRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  /* It comes further, is edited, or is taken back. */
  self->message_signals = g_signal_group_new (KITH_TYPE_MESSAGE);
  g_signal_group_connect_swapped (self->message_signals, "notify::state",
                                  G_CALLBACK (update_conversation), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::text",
                                  G_CALLBACK (update_conversation), self);
  g_signal_group_connect_swapped (self->message_signals, "notify::deleted",
                                  G_CALLBACK (update_conversation), self);
  g_signal_connect_object (kith_day_get_default (), "changed", G_CALLBACK (update_time), self, G_CONNECT_SWAPPED);
}

static void
set_conversation (KithConversationRow *self, KithConversation *conversation)
{
  KithContact *contact = kith_conversation_get_contact (conversation);
  KithGroup *group = kith_conversation_get_group (conversation);

  self->conversation = g_object_ref (conversation);
  if (group != NULL)
    kith_avatar_set_group (self->avatar, group);
  else
    kith_avatar_set_contact (self->avatar, contact);
  g_signal_connect_object (conversation, "notify", G_CALLBACK (update_conversation), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (group != NULL ? G_OBJECT (group) : G_OBJECT (contact), "notify",
                           G_CALLBACK (update_conversation), self, G_CONNECT_SWAPPED);
  update_conversation (self);
}

static void
set_request (KithConversationRow *self, KithRequest *request)
{
  self->request = g_object_ref (request);
  kith_avatar_set_contact (self->avatar, NULL);
  g_signal_connect_object (request, "notify", G_CALLBACK (update_request), self,
                           G_CONNECT_SWAPPED);
  update_request (self);
}

/**
 * kith_conversation_row_set_item:
 * @self: a row, in the list where it belongs
 * @item: (nullable): a #KithConversation or a #KithRequest to follow from now on
 */
void
kith_conversation_row_set_item (KithConversationRow *self, GObject *item)
{
  g_return_if_fail (KITH_IS_CONVERSATION_ROW (self));

  drop_item (self);
  if (KITH_IS_CONVERSATION (item))
    set_conversation (self, KITH_CONVERSATION (item));
  else if (KITH_IS_REQUEST (item))
    set_request (self, KITH_REQUEST (item));
}

/**
 * kith_conversation_row_set_open:
 * @self: a row
 * @is_open: whether the conversation stands beside the list
 */
void
kith_conversation_row_set_open (KithConversationRow *self, gboolean is_open)
{
  g_return_if_fail (KITH_IS_CONVERSATION_ROW (self));

  if (self->is_open == is_open)
    return;

  self->is_open = is_open;
  if (self->conversation != NULL)
    update_conversation (self);
}
