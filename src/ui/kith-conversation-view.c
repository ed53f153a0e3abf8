/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-view-private.h"

#include <glib/gi18n.h>

#include "ui/kith-chooser.h"
#include "ui/kith-conversation-menu.h"
#include "ui/kith-format.h"
#include "ui/kith-sentence.h"
#include "ui/kith-state.h"

/* "Last seen" words grow old. */
#define REFRESH_S 60

enum
{
  PROP_0,
  PROP_FOLDED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (KithConversationView, kith_conversation_view, ADW_TYPE_BIN)

/* The window it stands in, if any yet. */
GtkWindow *
kith_conversation_view_get_window (KithConversationView *self)
{
  return GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
}

static KithContact *
get_contact (KithConversationView *self)
{
  return kith_conversation_get_contact (self->conversation);
}

static void
update_notice (KithConversationView *self)
{
  KithContact *contact = get_contact (self);
  KithPresence presence = kith_contact_get_presence (contact);
  const char *name = kith_contact_get_display_name (contact);
  g_autofree char *words = NULL;

  if (kith_contact_get_blocked (contact))
    {
      /* Translators: the name of a person */
      words = kith_sentence_make (_("You have blocked %s. They see you as offline, and nothing of what "
                                    "they write reaches you."), name);
      kith_notice_bar_show (self->notice_bar, words, _("Unblock"), "conversation.unblock");
      return;
    }

  switch (kith_contact_get_relation (contact))
    {
    case KITH_RELATION_REQUESTED:
      /* Translators: the name of a person */
      words = kith_sentence_make (_("%s has not answered your request yet. What you write now is sent "
                                    "as soon as they accept."), name);
      kith_notice_bar_show (self->notice_bar, words, _("Take Back Request"), "conversation.remove");
      return;

    case KITH_RELATION_DECLINED:
      /* Translators: the name of a person */
      words = kith_sentence_make (_("%s declined your request."), name);
      kith_notice_bar_show (self->notice_bar, words, _("Ask Again"), "conversation.ask-again");
      return;

    case KITH_RELATION_REMOVED:
      /* Translators: the name of a person */
      words = kith_sentence_make (_("%s is not among your contacts anymore. This is what you wrote to "
                                    "each other."), name);
      /* Translators: a button: the messages with somebody */
      kith_notice_bar_show (self->notice_bar, words, _("Delete"), "conversation.remove");
      return;

    case KITH_RELATION_MUTUAL:
    case KITH_RELATION_MEMBER: /* has no conversation */
      break;
    }

  /* Translators: the name of a person */
  words = kith_sentence_make (_("%s is offline. What you write is sent when you are both online."), name);
  if (presence == KITH_PRESENCE_OFFLINE
      /* While it is tried again and again by itself, that is nothing new, to say or to look at. */
      || (presence == KITH_PRESENCE_CONNECTING && kith_notice_bar_says (self->notice_bar, words)))
    {
      kith_notice_bar_show (self->notice_bar, words, _("Try Now"), "conversation.reconnect");
      return;
    }

  kith_notice_bar_hide (self->notice_bar);
}

/* Says for how long new messages are kept, while it is not for good. Returns: (transfer full): what the
 * header is called with it. */
static char *
update_timer (KithConversationView *self, const char *name, const char *presence)
{
  guint32 ttl_s = kith_conversation_get_ttl_s (self->conversation);
  gboolean is_group = kith_conversation_get_group (self->conversation) != NULL;
  const char *details = is_group ? _("Group details") : _("Contact details");
  g_autofree char *span = kith_format_duration (ttl_s);
  g_autofree char *words = NULL;

  gtk_widget_set_visible (self->timer_box, ttl_s > 0);
  gtk_label_set_text (self->timer_label, span);
  if (ttl_s == 0)
    /* Translators: name, presence, "Contact details" */
    return g_strdup_printf (_("%s, %s. %s"), name, presence, details);

  /* Translators: a time span such as "1 hour" */
  words = g_strdup_printf (_("New messages disappear %s after they were read"), span);
  gtk_widget_set_tooltip_text (self->timer_box, words);

  /* Translators: name, presence, "New messages disappear 1 hour after they were read", "Contact details" */
  return g_strdup_printf (_("%s, %s. %s. %s"), name, presence, words, details);
}

/* GTK does not tell what it was told: see kith_conversation_view_is_enabled(). */
void
kith_conversation_view_enable (KithConversationView *self, const char *action, gboolean enabled)
{
  g_object_set_data (G_OBJECT (self), action, GINT_TO_POINTER (!enabled));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, enabled);
}

/* What is the same with a contact and in a group. */
void
kith_conversation_view_show (KithConversationView *self, const char *presence, gboolean can_write)
{
  const char *name = kith_conversation_get_title (self->conversation);
  g_autofree char *label = update_timer (self, name, presence);

  gtk_label_set_text (self->title_label, name);
  gtk_label_set_text (self->presence_label, presence);
  kith_conversation_view_show_composer (self, can_write);
  kith_message_view_set_can_write (self->message_view, can_write);
  kith_conversation_view_enable (self, "conversation.timer", can_write);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conversation.answer", can_write);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conversation.edit", can_write);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conversation.send-files", can_write);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conversation.send-folder", can_write);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "conversation.record", can_write);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->title_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
update_contact (KithConversationView *self)
{
  KithContact *contact = get_contact (self);
  KithRelation relation = kith_contact_get_relation (contact);
  gboolean can_write = (relation == KITH_RELATION_MUTUAL || relation == KITH_RELATION_REQUESTED)
                       && !kith_contact_get_blocked (contact);
  gboolean is_at_notice = kith_conversation_view_is_at_notice (self);
  g_autofree char *presence = kith_state_dup_presence (contact);

  gtk_widget_set_visible (self->verified_image, kith_contact_get_verified (contact) != KITH_VERIFIED_NOT);
  kith_conversation_view_enable (self, "conversation.block",
                                 relation != KITH_RELATION_REMOVED && !kith_contact_get_blocked (contact));
  kith_conversation_view_enable (self, "conversation.unblock", kith_contact_get_blocked (contact));
  kith_conversation_view_enable (self, "conversation.reconnect",
                                 relation == KITH_RELATION_MUTUAL
                                     && kith_contact_get_presence (contact) != KITH_PRESENCE_ONLINE);
  kith_conversation_view_show (self, presence, can_write);
  update_notice (self);
  kith_conversation_view_leave_notice (self, is_at_notice);
}

static void
update_view (KithConversationView *self)
{
  if (kith_conversation_get_group (self->conversation) != NULL)
    kith_conversation_view_update_group (self);
  else
    update_contact (self);
}

/* --- Dates ---------------------------------------------------------------------------------- */

static void
jump_to_date_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  g_autoptr (GDateTime) date = NULL;

  if (self->conversation == NULL)
    return;

  /* The last day there is something to see. */
  date = g_date_time_new_from_unix_local (
      kith_conversation_get_last_activity_ms (self->conversation) / 1000);
  if (date != NULL)
    gtk_calendar_select_day (self->calendar, date);
  gtk_popover_popup (self->date_popover);
  gtk_widget_grab_focus (GTK_WIDGET (self->calendar));
}

static void
date_chosen_cb (KithConversationView *self)
{
  g_autoptr (GDateTime) date = gtk_calendar_get_date (self->calendar);
  g_autoptr (GDateTime) start = g_date_time_new_local (
      g_date_time_get_year (date), g_date_time_get_month (date),
      g_date_time_get_day_of_month (date), 0, 0, 0);

  gtk_popover_popdown (self->date_popover);
  if (self->conversation != NULL && start != NULL)
    kith_message_view_jump_to_time (self->message_view, g_date_time_to_unix (start) * 1000);
}

/* --- Object and actions --------------------------------------------------------------------- */

static gboolean
refresh_cb (gpointer user_data)
{
  KithConversationView *self = user_data;

  if (self->conversation != NULL)
    update_view (self);

  return G_SOURCE_CONTINUE;
}

/* What was just sent stands there. */
void
kith_conversation_view_show_end (KithConversationView *self)
{
  kith_conversation_clear_unread_line (self->conversation);
  kith_message_view_scroll_to_end (self->message_view);
}

/* Whom it is with, or whose it is. */
static void
activate_for_key (GtkWidget *widget, const char *action)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);

  gtk_widget_activate_action (widget, action, "s",
                              kith_conversation_get_key_text (self->conversation));
}

/* As it is when the menu opens. */
static void
fill_menu (KithConversationView *self)
{
  gboolean is_group = self->conversation != NULL && kith_conversation_get_group (self->conversation) != NULL;

  if (self->conversation != NULL)
    kith_conversation_menu_fill (is_group ? self->group_treatment_menu : self->treatment_menu, self->conversation);
}

static void
details_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);

  activate_for_key (widget, kith_conversation_get_group (self->conversation) != NULL
                                ? "win.group-details" : "win.contact-details");
}

static void
remove_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  activate_for_key (widget, "win.remove-contact");
}

static void
block_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  activate_for_key (widget, "win.block-contact");
}

static void
clear_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  activate_for_key (widget, "win.clear-history");
}

static void
transcript_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  activate_for_key (widget, "win.transcript");
}

static void
reconnect_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);

  kith_node_reconnect (self->node, get_contact (self));
}

static void
ask_again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);
  const char *address = kith_contact_get_address (get_contact (self));

  gtk_widget_activate_action (widget, "win.connect-to", "s", address != NULL ? address : "");
}

static void
kith_conversation_view_get_property (GObject *object, guint prop_id, GValue *value,
                                     GParamSpec *pspec)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      g_value_set_boolean (value, self->folded);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_conversation_view_set_property (GObject *object, guint prop_id, const GValue *value,
                                     GParamSpec *pspec)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (object);

  switch (prop_id)
    {
    case PROP_FOLDED:
      if (self->folded == g_value_get_boolean (value))
        return;
      self->folded = g_value_get_boolean (value);
      kith_notice_bar_set_narrow (self->notice_bar, self->folded);
      kith_notice_bar_set_narrow (self->words_bar, self->folded);
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
kith_conversation_view_dispose (GObject *object)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (object);

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  if (self->date_popover != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->date_popover));
  g_clear_object (&self->contact_signals);
  g_clear_object (&self->timer_signals);
  g_clear_object (&self->group_signals);
  g_clear_object (&self->member_signals);
  g_clear_object (&self->request_signals);
  g_clear_object (&self->node_signals);
  g_clear_object (&self->conversation);
  g_clear_object (&self->node);
  gtk_widget_dispose_template (GTK_WIDGET (self), KITH_TYPE_CONVERSATION_VIEW);

  G_OBJECT_CLASS (kith_conversation_view_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  g_type_ensure (KITH_TYPE_AVATAR);
  g_type_ensure (KITH_TYPE_COMPOSER);
  g_type_ensure (KITH_TYPE_HIT_LIST);
  g_type_ensure (KITH_TYPE_MESSAGE_VIEW);
  g_type_ensure (KITH_TYPE_NOTICE_BAR);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/chat/kith/Kith/kith-conversation-view.ui");
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, title_button);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, avatar);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, title_label);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, verified_image);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, presence_label);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, timer_box);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, timer_label);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, notice_bar);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, words_bar);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, search_bar);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, hits);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, hit_list);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, header_bar);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, menu_button);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, treatment_menu);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, group_treatment_menu);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, menu);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, group_menu);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, date_popover);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, calendar);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, message_view);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, composer_clamp);
  gtk_widget_class_bind_template_child (widget_class, KithConversationView, composer);
  gtk_widget_class_bind_template_callback (widget_class, kith_conversation_view_show_end);
  gtk_widget_class_bind_template_callback (widget_class, date_chosen_cb);
}

static void
kith_conversation_view_class_init (KithConversationViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kith_conversation_view_get_property;
  object_class->set_property = kith_conversation_view_set_property;
  object_class->dispose = kith_conversation_view_dispose;

  properties[PROP_FOLDED] = g_param_spec_boolean (
      "folded", NULL, NULL, FALSE,
      G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  bind_template (widget_class);
  kith_conversation_view_bind_search (widget_class);
  kith_conversation_view_install_messages (widget_class);
  kith_conversation_view_install_timer (widget_class);
  kith_conversation_view_install_group (widget_class);
  kith_conversation_view_install_files (widget_class);
  kith_conversation_view_install_sending (widget_class);
  kith_conversation_view_install_words (widget_class);
  kith_conversation_view_bind_focus (widget_class);

  gtk_widget_class_install_action (widget_class, "conversation.details", NULL, details_action);
  gtk_widget_class_install_action (widget_class, "conversation.remove", NULL, remove_action);
  gtk_widget_class_install_action (widget_class, "conversation.block", NULL, block_action);
  gtk_widget_class_install_action (widget_class, "conversation.unblock", NULL, block_action);
  gtk_widget_class_install_action (widget_class, "conversation.clear", NULL, clear_action);
  gtk_widget_class_install_action (widget_class, "conversation.transcript", NULL,
                                   transcript_action);
  gtk_widget_class_install_action (widget_class, "conversation.jump-to-date", NULL,
                                   jump_to_date_action);
  gtk_widget_class_install_action (widget_class, "conversation.reconnect", NULL, reconnect_action);
  gtk_widget_class_install_action (widget_class, "conversation.ask-again", NULL, ask_again_action);
}

static void
kith_conversation_view_init (KithConversationView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  kith_conversation_view_init_sending (self);
  g_signal_connect_object (self->composer, "written", G_CALLBACK (kith_message_view_note_writing), self->message_view,
                           G_CONNECT_SWAPPED);
  gtk_search_bar_connect_entry (self->search_bar, self->search_entry);
  gtk_widget_set_parent (GTK_WIDGET (self->date_popover), GTK_WIDGET (self->menu_button));
  self->contact_signals = g_signal_group_new (KITH_TYPE_CONTACT);
  g_signal_group_connect_swapped (self->contact_signals, "notify",
                                  G_CALLBACK (update_view), self);
  self->timer_signals = g_signal_group_new (KITH_TYPE_CONVERSATION);
  g_signal_group_connect_swapped (self->timer_signals, "notify::ttl-s",
                                  G_CALLBACK (update_view), self);
  kith_conversation_view_init_group (self);
  self->node_signals = g_signal_group_new (KITH_TYPE_NODE);
  g_signal_group_connect_swapped (self->node_signals, "words-changed",
                                  G_CALLBACK (kith_conversation_view_update_words), self);
  self->refresh_id = g_timeout_add_seconds (REFRESH_S, refresh_cb, self);
}

/**
 * kith_conversation_view_set_conversation:
 * @self: a view
 * @node: (nullable): whose conversation it is; without one nothing is kept of what was written in any
 * @conversation: (nullable): what to show
 */
void
kith_conversation_view_set_conversation (KithConversationView *self, KithNode *node,
                                         KithConversation *conversation)
{
  g_autoptr (KithConversation) left = NULL;

  g_return_if_fail (KITH_IS_CONVERSATION_VIEW (self));

  if (self->conversation == conversation && self->node == node)
    return;

  left = g_steal_pointer (&self->conversation);
  /* It stands for the conversation it was opened in, and names what is in it. */
  kith_chooser_close (GTK_WIDGET (self));
  gtk_editable_set_text (self->search_entry, "");
  gtk_search_bar_set_search_mode (self->search_bar, FALSE);
  kith_hit_list_clear (self->hit_list);
  gtk_popover_popdown (self->date_popover);
  g_set_object (&self->node, node);
  g_set_object (&self->conversation, conversation);

  g_signal_group_set_target (self->contact_signals, NULL);
  g_signal_group_set_target (self->timer_signals, conversation);
  kith_conversation_view_follow_group (
      self, conversation != NULL ? kith_conversation_get_group (conversation) : NULL);
  g_signal_group_set_target (self->node_signals, node);
  kith_message_view_set_conversation (self->message_view, node, conversation);
  kith_composer_set_conversation (self->composer, node, conversation);
  kith_conversation_view_update_words (self);

  /* The line has done its work once the user leaves what they have read. */
  if (left != NULL && kith_conversation_get_unread (left) == 0)
    kith_conversation_clear_unread_line (left);

  if (conversation == NULL)
    {
      gtk_label_set_text (self->title_label, "");
      gtk_label_set_text (self->presence_label, "");
      kith_notice_bar_hide (self->notice_bar);
      gtk_menu_button_set_menu_model (self->menu_button, NULL);
      kith_avatar_set_contact (self->avatar, NULL);
      return;
    }

  if (kith_conversation_get_group (conversation) != NULL)
    {
      kith_avatar_set_group (self->avatar, kith_conversation_get_group (conversation));
      gtk_menu_button_set_menu_model (self->menu_button, self->group_menu);
    }
  else
    {
      g_signal_group_set_target (self->contact_signals, get_contact (self));
      kith_avatar_set_contact (self->avatar, get_contact (self));
      gtk_menu_button_set_menu_model (self->menu_button, self->menu);
    }
  /* The button makes a popover for each model. */
  fill_menu (self);
  g_signal_connect_object (gtk_menu_button_get_popover (self->menu_button), "show", G_CALLBACK (fill_menu), self,
                           G_CONNECT_SWAPPED);
  update_view (self);
}

/**
 * kith_conversation_view_get_conversation:
 * @self: a view
 *
 * Returns: (transfer none) (nullable): what it shows
 */
KithConversation *
kith_conversation_view_get_conversation (KithConversationView *self)
{
  g_return_val_if_fail (KITH_IS_CONVERSATION_VIEW (self), NULL);

  return self->conversation;
}

/**
 * kith_conversation_view_give_back:
 * @self: a view
 * @conversation: where @words belong
 * @words: what the user entered there, and could not be done
 *
 * Puts @words into its composer, unless something else is written there already.
 */
void
kith_conversation_view_give_back (KithConversationView *self, KithConversation *conversation,
                                  const char *words)
{
  g_return_if_fail (KITH_IS_CONVERSATION_VIEW (self));

  kith_composer_give_back (self->composer, conversation, words);
}

/**
 * kith_conversation_view_get_menu:
 * @self: a view
 *
 * Returns: (transfer none) (nullable): all that can be done with the conversation that it shows
 */
GMenuModel *
kith_conversation_view_get_menu (KithConversationView *self)
{
  g_return_val_if_fail (KITH_IS_CONVERSATION_VIEW (self), NULL);

  fill_menu (self);

  return self->conversation != NULL ? gtk_menu_button_get_menu_model (self->menu_button) : NULL;
}

/**
 * kith_conversation_view_is_enabled:
 * @self: a view
 * @action: one of its menu
 *
 * Returns: whether that can be done now
 */
gboolean
kith_conversation_view_is_enabled (KithConversationView *self, const char *action)
{
  g_return_val_if_fail (KITH_IS_CONVERSATION_VIEW (self), FALSE);

  return g_object_get_data (G_OBJECT (self), action) == NULL;
}

/**
 * kith_conversation_view_jump_to_message:
 * @self: a view
 * @message: a message of the conversation that it shows
 * @arrival: where the keyboard is then
 *
 * Brings it into view and makes it stand out for a moment.
 */
void
kith_conversation_view_jump_to_message (KithConversationView *self, KithMessage *message, KithArrival arrival)
{
  g_return_if_fail (KITH_IS_CONVERSATION_VIEW (self));

  if (self->conversation != NULL)
    kith_message_view_jump_to_message (self->message_view, message, arrival);
}
