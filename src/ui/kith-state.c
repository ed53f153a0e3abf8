/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-ui"

#include "config.h"

#include "ui/kith-state.h"

#include <glib/gi18n.h>

#include "ui/kith-event-words.h"
#include "ui/kith-format.h"
#include "ui/kith-sentence.h"

/**
 * kith_state_icon_name:
 * @state: the state of a message
 *
 * Returns: (transfer none) (nullable): the icon for it; none for what others wrote
 */
const char *
kith_state_icon_name (KithMessageState state)
{
  switch (state)
    {
    case KITH_MESSAGE_RECEIVED:
      return NULL;
    case KITH_MESSAGE_QUEUED:
      return "kith-queued-symbolic";
    case KITH_MESSAGE_SENT:
      return "kith-sent-symbolic";
    case KITH_MESSAGE_DELIVERED:
      return "kith-delivered-symbolic";
    case KITH_MESSAGE_READ:
      return "kith-read-symbolic";
    case KITH_MESSAGE_FAILED:
      return "kith-failed-symbolic";
    }

  g_return_val_if_reached (NULL);
}

/**
 * kith_state_get_words:
 * @state: a state
 *
 * Returns: (transfer none): it in words, "Delivered"
 */
const char *
kith_state_get_words (KithMessageState state)
{
  switch (state)
    {
    case KITH_MESSAGE_RECEIVED:
      return _("Received");
    case KITH_MESSAGE_QUEUED:
      return _("Waiting to be sent");
    case KITH_MESSAGE_SENT:
      return _("Sent");
    case KITH_MESSAGE_DELIVERED:
      return _("Delivered");
    case KITH_MESSAGE_READ:
      /* Translators: a message was read */
      return _("Read");
    case KITH_MESSAGE_FAILED:
      return _("Not sent");
    }

  g_return_val_if_reached (NULL);
}

/**
 * kith_state_dup_words:
 * @message: a message
 *
 * Returns: (transfer full): its state in words, "Delivered"
 */
char *
kith_state_dup_words (KithMessage *message)
{
  const char *words = kith_state_get_words (kith_message_get_state (message));

  if (kith_message_get_reason (message) == NULL)
    return g_strdup (words);

  /* Translators: "Not sent", and why */
  return g_strdup_printf (_("%s: %s"), words, kith_message_get_reason (message));
}

/**
 * kith_state_dup_presence:
 * @contact: a contact
 *
 * Returns: (transfer full): whether they can be talked to now, in words
 */
char *
kith_state_dup_presence (KithContact *contact)
{
  switch (kith_contact_get_relation (contact))
    {
    case KITH_RELATION_REQUESTED:
      return g_strdup (_("Waiting for an answer"));
    case KITH_RELATION_REMOVED:
      return g_strdup (_("Not a contact anymore"));
    case KITH_RELATION_DECLINED:
      return g_strdup (_("Declined your request"));
    case KITH_RELATION_MUTUAL:
    case KITH_RELATION_MEMBER:
      break;
    }

  switch (kith_contact_get_presence (contact))
    {
    case KITH_PRESENCE_ONLINE:
      /* In the place of the other word: nothing moves when somebody begins to write. */
      return g_strdup (kith_contact_get_typing (contact) ? _("Writing…") : _("Online"));
    case KITH_PRESENCE_CONNECTING:
      /* Translators: a state: to a person */
      return g_strdup (_("Connecting…"));
    case KITH_PRESENCE_OFFLINE:
      break;
    }

  return kith_format_last_seen (kith_contact_get_last_seen_ms (contact), kith_format_now_ms ());
}

static guint
count_online (KithGroup *group)
{
  GListModel *members = kith_group_get_members (group);
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (KithMember) member = g_list_model_get_item (members, i);

      if (kith_member_get_online (member))
        n++;
    }

  return n;
}

static char *
dup_members (KithGroup *group)
{
  guint n = kith_group_get_n_members (group);
  guint n_online = count_online (group);
  g_autofree char *members = NULL;

  if (n <= 1)
    return g_strdup (_("Only you"));

  members = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u member", "%u members", n), n);
  /* Translators: "5 members", and how many of them are online, the user among them */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s, %u online", "%s, %u online", n_online),
                          members, n_online);
}

/**
 * kith_state_dup_group:
 * @group: a group
 *
 * Returns: (transfer full): who is in it, or what keeps us out, in words
 */
char *
kith_state_dup_group (KithGroup *group)
{
  KithContact *inviter = kith_group_get_inviter (group);

  switch (kith_group_get_state (group))
    {
    case KITH_MEMBERSHIP_INVITED:
      return inviter != NULL
                 /* Translators: the name of a person; to a group */
                 ? kith_sentence_make (_("%s invites you"), kith_contact_get_display_name (inviter))
                 : g_strdup (_("You are invited"));
    case KITH_MEMBERSHIP_ASKING:
      return g_strdup (_("Waiting for the admin"));
    case KITH_MEMBERSHIP_LEFT:
      return g_strdup (_("You have left"));
    case KITH_MEMBERSHIP_KICKED:
      return g_strdup (_("You were removed"));
    case KITH_MEMBERSHIP_REFUSED:
      return g_strdup (_("You were not let in"));
    case KITH_MEMBERSHIP_MEMBER:
    case KITH_MEMBERSHIP_FROZEN:
    case KITH_MEMBERSHIP_SPLIT:
      break;
    }

  return dup_members (group);
}

static char *
dup_timer_words (KithMessage *message)
{
  KithContact *sender = kith_message_get_sender (message);
  const char *name = sender != NULL ? kith_contact_get_display_name (sender) : NULL;
  guint32 ttl_s = kith_message_get_ttl_s (message);
  g_autofree char *span = kith_format_duration (ttl_s);

  if (ttl_s == 0 && name == NULL)
    return g_strdup (_("You let new messages stay"));
  if (ttl_s == 0)
    /* Translators: the name of a person */
    return kith_sentence_make (_("%s lets new messages stay"), name);
  if (name == NULL)
    /* Translators: a time span such as "1 hour" */
    return g_strdup_printf (_("You let new messages disappear %s after they were read"), span);

  /* Translators: who set it, a time span such as "1 hour" */
  return kith_sentence_make (_("%s lets new messages disappear %s after they were read"), name, span);
}

/**
 * kith_state_dup_line:
 * @message: a message that is a line across the conversation
 *
 * Returns: (transfer full): what it says
 */
char *
kith_state_dup_line (KithMessage *message)
{
  guint n = kith_message_get_n_missing (message);

  if (kith_message_get_kind (message) == KITH_MESSAGE_TIMER)
    return dup_timer_words (message);
  if (kith_message_get_kind (message) == KITH_MESSAGE_UNKNOWN)
    return g_strdup (_("A message that this version cannot show. Update Kith to see such messages."));
  if (kith_message_get_kind (message) == KITH_MESSAGE_EVENT)
    return kith_event_dup_words (message);

  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u message is missing",
                                       "%u messages are missing", n), n);
}

/**
 * kith_state_dup_verified:
 * @contact: a contact
 *
 * Returns: (transfer full): whether, how and when the user has made sure of them
 */
char *
kith_state_dup_verified (KithContact *contact)
{
  gint64 time_ms = kith_contact_get_verified_ms (contact);
  g_autofree char *day = kith_format_date (time_ms);
  const char *way = NULL;

  switch (kith_contact_get_verified (contact))
    {
    case KITH_VERIFIED_NOT:
      return g_strdup (_("Not verified"));
    case KITH_VERIFIED_NUMBER:
      way = _("Verified by the number");
      break;
    case KITH_VERIFIED_CODE:
      way = _("Verified by the QR code");
      break;
    case KITH_VERIFIED_WORDS:
      way = _("Verified by words");
      break;
    }

  /* Translators: how somebody was verified, and on which day */
  return time_ms != 0 ? g_strdup_printf (_("%s, %s"), way, day) : g_strdup (way);
}

/**
 * kith_state_dup_time:
 * @message: a message
 *
 * Returns: (transfer full): the time of day when it was written, and what became of it since
 */
char *
kith_state_dup_time (KithMessage *message)
{
  g_autofree char *clock = kith_format_clock (kith_message_get_time_ms (message));

  if (kith_message_get_edited_ms (message) > 0 && !kith_message_is_deleted (message))
    /* Translators: the time of day when a message was written, which was changed later */
    return g_strdup_printf (_("edited %s"), clock);
  if (kith_message_get_late (message))
    /* Translators: the time of day when a message was written, which arrived long after that */
    return g_strdup_printf (_("%s, arrived late"), clock);

  return g_steal_pointer (&clock);
}
