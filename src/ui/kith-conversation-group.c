/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-conversation-view-private.h"

#include <glib/gi18n.h>

#include "ui/kith-sentence.h"
#include "ui/kith-state.h"

/* The view of a group's conversation: who is there, what stands in the way, and what the admin has to
 * decide. */

static KithGroup *
get_group (KithConversationView *self)
{
  return kith_conversation_get_group (self->conversation);
}

static const char *
get_admin_name (KithGroup *group)
{
  KithMember *admin = kith_group_get_admin (group);

  return admin != NULL ? kith_member_get_name (admin) : _("The admin");
}

/* --- What stands in the way ----------------------------------------------------------------- */

/* When we are not in it, that alone counts. Returns: whether there was something to say */
static gboolean
show_outside (KithConversationView *self, KithGroup *group)
{
  const char *words = NULL;

  switch (kith_group_get_state (group))
    {
    case KITH_MEMBERSHIP_ASKING:
      kith_notice_bar_show (self->notice_bar,
                            _("The admin has not let you in yet. You need not wait for that here."),
                            _("Take Back"), "conversation.leave");
      return TRUE;
    case KITH_MEMBERSHIP_LEFT:
      words = _("You have left this group. What was written until then stays here to be read.");
      break;
    case KITH_MEMBERSHIP_KICKED:
      words = _("You were removed from this group. What was written until then stays here to be read.");
      break;
    case KITH_MEMBERSHIP_REFUSED:
      words = _("The admin did not let you in.");
      break;
    case KITH_MEMBERSHIP_INVITED:
    case KITH_MEMBERSHIP_MEMBER:
    case KITH_MEMBERSHIP_FROZEN:
    case KITH_MEMBERSHIP_SPLIT:
      return FALSE;
    }

  kith_notice_bar_show (self->notice_bar, words, _("Delete…"), "conversation.delete-group");
  return TRUE;
}

/* Whether we have said already who should become admin. */
static KithMember *
find_endorsed (KithGroup *group)
{
  GListModel *members = kith_group_get_members (group);

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (KithMember) member = g_list_model_get_item (members, i);

      if (kith_member_get_endorsed (member))
        return member; /* the list holds it */
    }

  return NULL;
}

static void
show_endorsed (KithConversationView *self, KithMember *member)
{
  g_autofree char *words = NULL;

  if (kith_member_is_self (member))
    words = g_strdup (_("You proposed yourself as admin. When enough members agree, you can take over."));
  else
    /* Translators: the name of a member of a group */
    words = kith_sentence_make (_("You proposed %s as admin. When enough members agree, they can take "
                                  "over."), kith_member_get_name (member));
  kith_notice_bar_show (self->notice_bar, words, NULL, NULL);
}

/* Who decides has to be decided. */
static gboolean
show_succession (KithConversationView *self, KithGroup *group)
{
  KithMember *asked = kith_group_get_transfer_to (group);
  KithMember *endorsed = kith_group_get_can_endorse (group) ? find_endorsed (group) : NULL;
  guint days = kith_group_get_policy (group)->vanish_days;
  g_autofree char *words = NULL;

  if (asked != NULL && kith_member_is_self (asked))
    {
      /* Translators: the name of a member of a group */
      words = kith_sentence_make (_("%s asks you to become the admin of this group."), get_admin_name (group));
      kith_notice_bar_show (self->notice_bar, words, _("Become Admin"), "conversation.accept-admin");
      /* Translators: a button: a request, an invitation or a file */
      kith_notice_bar_offer_refusal (self->notice_bar, _("Decline"), "conversation.decline-admin");
      return TRUE;
    }

  if (kith_group_get_can_claim (group))
    {
      kith_notice_bar_show (self->notice_bar, _("Enough members want you to be the admin."),
                            _("Become Admin…"), "conversation.claim-admin");
      return TRUE;
    }

  if (endorsed != NULL)
    {
      show_endorsed (self, endorsed);
      return TRUE;
    }

  if (!kith_group_get_can_endorse (group))
    return FALSE;

  if (kith_group_get_state (group) == KITH_MEMBERSHIP_FROZEN)
    words = g_strdup (_("The admin’s decisions contradict each other, so nobody joins or is removed. "
                        "Members can choose another admin."));
  else
    words = kith_sentence_make (g_dngettext (GETTEXT_PACKAGE,
                                             /* Translators: the name of the admin, how many days */
                                             "There was no sign of %s for %u day. Members can choose "
                                             "another admin.",
                                             "There was no sign of %s for %u days. Members can choose "
                                             "another admin.", days), get_admin_name (group), days);
  /* Translators: a button: somebody as admin of a group */
  kith_notice_bar_show (self->notice_bar, words, _("Propose…"), "conversation.propose-admin");
  return TRUE;
}

static gboolean
show_trouble (KithConversationView *self, KithGroup *group)
{
  const char *words = NULL;

  if (kith_group_get_state (group) == KITH_MEMBERSHIP_SPLIT)
    words = _("This group has split: some members follow other decisions than you do. What you write "
              "reaches those on your side.");
  else if (kith_group_get_state (group) == KITH_MEMBERSHIP_FROZEN)
    words = _("The admin’s decisions contradict each other, so nobody joins or is removed for now. You "
              "can go on writing.");
  else if (kith_group_get_needs_key (group))
    words = _("This profile was restored from a backup. What you write here waits until the admin has "
              "seen that.");
  if (words == NULL)
    return FALSE;

  kith_notice_bar_show (self->notice_bar, words, NULL, NULL);
  return TRUE;
}

static gboolean
show_requests (KithConversationView *self, KithGroup *group)
{
  GListModel *requests = kith_group_get_requests (group);
  guint n = kith_group_is_admin (group) ? g_list_model_get_n_items (requests) : 0;
  g_autofree char *words = NULL;

  if (n == 0)
    return FALSE;

  if (n == 1)
    {
      g_autoptr (KithJoinRequest) request = g_list_model_get_item (requests, 0);

      /* Translators: the name of a person; a group */
      words = kith_sentence_make (_("%s asks to join"), kith_join_request_get_name (request));
    }
  else
    /* Translators: how many people; a group */
    words = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u person asks to join",
                                          "%u people ask to join", n), n);
  /* Translators: a button: what a note is about */
  kith_notice_bar_show (self->notice_bar, words, _("Show"), "conversation.details");
  return TRUE;
}

/* Returns: (transfer full): "2 messages from Ann are missing. Carol has them." */
static char *
dup_missing_from (const KithGroupMissing *missing)
{
  const char *author = kith_contact_get_display_name (missing->author);
  guint n = missing->n;

  if (missing->holder == NULL)
    /* Translators: how many, who wrote them */
    return kith_sentence_make (g_dngettext (GETTEXT_PACKAGE, "%u message from %s is missing.",
                                            "%u messages from %s are missing.", n), n, author);

  /* Translators: how many, who wrote them, somebody else */
  return kith_sentence_make (g_dngettext (GETTEXT_PACKAGE, "%u message from %s is missing. %s has it.",
                                          "%u messages from %s are missing. %s has them.", n),
                             n, author, kith_contact_get_display_name (missing->holder));
}

static void
show_missing (KithConversationView *self, KithGroup *group)
{
  GPtrArray *missing = kith_group_get_missing (group);
  g_autofree char *words = NULL;
  guint n = 0;

  for (guint i = 0; i < missing->len; i++)
    n += ((const KithGroupMissing *) g_ptr_array_index (missing, i))->n;

  if (missing->len == 0)
    {
      kith_notice_bar_hide (self->notice_bar);
      return;
    }

  if (missing->len == 1)
    words = dup_missing_from (g_ptr_array_index (missing, 0));
  else
    /* Translators: how many messages of a group did not arrive */
    words = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u message from several people is missing.",
                                          "%u messages from several people are missing.", n),
                             n);
  kith_notice_bar_show (self->notice_bar, words, NULL, NULL);
}

/* One thing at a time, the one that weighs most. */
static void
update_notice (KithConversationView *self, KithGroup *group)
{
  if (!show_outside (self, group) && !show_succession (self, group) && !show_trouble (self, group)
      && !show_requests (self, group))
    show_missing (self, group);
}

void
kith_conversation_view_update_group (KithConversationView *self)
{
  KithGroup *group = get_group (self);
  gboolean is_member = kith_group_is_member (group);
  gboolean is_asking = kith_group_get_state (group) == KITH_MEMBERSHIP_ASKING;
  gboolean is_at_notice = kith_conversation_view_is_at_notice (self);
  g_autofree char *presence = kith_state_dup_group (group);

  gtk_widget_set_visible (self->verified_image, FALSE);
  kith_conversation_view_enable (self, "conversation.invite", is_member);
  kith_conversation_view_enable (self, "conversation.group-link", is_member);
  kith_conversation_view_enable (self, "conversation.leave", is_member || is_asking);
  kith_conversation_view_enable (self, "conversation.delete-group", !is_member && !is_asking);
  kith_conversation_view_show (self, presence, is_member);
  update_notice (self, group);
  kith_conversation_view_leave_notice (self, is_at_notice);
}

/* --- Following ------------------------------------------------------------------------------ */

static void
group_changed_cb (KithConversationView *self)
{
  /* One who was in it may still be heard of when something else is shown. */
  if (self->conversation != NULL && get_group (self) != NULL)
    kith_conversation_view_update_group (self);
}

/* Who is online is said by each of them. */
static void
members_changed_cb (KithConversationView *self, guint position, guint removed, guint added,
                    GListModel *members)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (KithMember) member = g_list_model_get_item (members, i);

      /* One that has moved is followed already. */
      g_signal_handlers_disconnect_by_data (member, self);
      g_signal_connect_object (member, "notify::online", G_CALLBACK (group_changed_cb), self,
                               G_CONNECT_SWAPPED);
    }
  group_changed_cb (self);
}

static void
leave_members (KithConversationView *self)
{
  GListModel *members = g_signal_group_dup_target (self->member_signals);

  for (guint i = 0; members != NULL && i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (KithMember) member = g_list_model_get_item (members, i);

      g_signal_handlers_disconnect_by_data (member, self);
    }
  g_clear_object (&members);
}

void
kith_conversation_view_init_group (KithConversationView *self)
{
  self->group_signals = g_signal_group_new (KITH_TYPE_GROUP);
  g_signal_group_connect_swapped (self->group_signals, "notify", G_CALLBACK (group_changed_cb), self);
  self->member_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->member_signals, "items-changed",
                                  G_CALLBACK (members_changed_cb), self);
  self->request_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->request_signals, "items-changed",
                                  G_CALLBACK (group_changed_cb), self);
}

/* @group: (nullable): the one whose conversation is shown from now on */
void
kith_conversation_view_follow_group (KithConversationView *self, KithGroup *group)
{
  GListModel *members = group != NULL ? kith_group_get_members (group) : NULL;

  leave_members (self);
  g_signal_group_set_target (self->group_signals, group);
  g_signal_group_set_target (self->member_signals, members);
  g_signal_group_set_target (self->request_signals, group != NULL ? kith_group_get_requests (group) : NULL);
  if (members != NULL)
    members_changed_cb (self, 0, 0, g_list_model_get_n_items (members), members);
}

/* --- Actions -------------------------------------------------------------------------------- */

/* What the bars and the menu offer; the window does it, for any group. */
static const struct
{
  const char *name;
  const char *window_action;
} actions[] = {
  { "conversation.invite", "win.invite-to-group" },
  { "conversation.group-link", "win.group-link" },
  { "conversation.leave", "win.leave-group" },
  { "conversation.delete-group", "win.delete-group" },
  { "conversation.accept-admin", "win.accept-admin" },
  { "conversation.decline-admin", "win.decline-admin" },
  { "conversation.claim-admin", "win.claim-admin" },
  { "conversation.propose-admin", "win.propose-admin" },
};

static void
group_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KithConversationView *self = KITH_CONVERSATION_VIEW (widget);

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    if (g_str_equal (name, actions[i].name) && self->conversation != NULL && get_group (self) != NULL)
      gtk_widget_activate_action (widget, actions[i].window_action, "s",
                                  kith_group_get_id (get_group (self)));
}

/* Installs those "conversation.*" that only a group has. */
void
kith_conversation_view_install_group (GtkWidgetClass *widget_class)
{
  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, NULL, group_action);
}
