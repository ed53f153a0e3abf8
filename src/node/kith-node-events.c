/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of what a node tells. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-node-events.h"

static const char *const message_events[] = {
  [KITH_MESSAGE_EVENT_EDITED] = "edited",
  [KITH_MESSAGE_EVENT_DELETED] = "deleted",
  [KITH_MESSAGE_EVENT_REACTION] = "reaction",
  [KITH_MESSAGE_EVENT_GONE] = "gone",
  [KITH_MESSAGE_EVENT_CLEARED] = "cleared",
  [KITH_MESSAGE_EVENT_TIMER] = "timer",
  [KITH_MESSAGE_EVENT_MISSING] = "missing",
  [KITH_MESSAGE_EVENT_UNKNOWN] = "unknown",
};

static const char *const contact_changes[] = {
  [KITH_CONTACT_CHANGE_ADDED] = "added",
  [KITH_CONTACT_CHANGE_REQUESTED] = "requested",
  [KITH_CONTACT_CHANGE_ACCEPTED] = "accepted",
  [KITH_CONTACT_CHANGE_DECLINED] = "declined",
  [KITH_CONTACT_CHANGE_REMOVED] = "removed",
  [KITH_CONTACT_CHANGE_NAME] = "name",
  [KITH_CONTACT_CHANGE_ALIAS] = "alias",
  [KITH_CONTACT_CHANGE_NOTE] = "note",
  [KITH_CONTACT_CHANGE_FAVOURITE] = "favourite",
  [KITH_CONTACT_CHANGE_BLOCKED] = "blocked",
  [KITH_CONTACT_CHANGE_VERIFIED] = "verified",
  [KITH_CONTACT_CHANGE_PRESENCE] = "presence",
  [KITH_CONTACT_CHANGE_TYPING] = "typing",
};

static const char *const group_changes[] = {
  [KITH_GROUP_CHANGE_ADDED] = "added",
  [KITH_GROUP_CHANGE_REMOVED] = "removed",
  [KITH_GROUP_CHANGE_STATE] = "state",
  [KITH_GROUP_CHANGE_NAME] = "name",
  [KITH_GROUP_CHANGE_TOPIC] = "topic",
  [KITH_GROUP_CHANGE_PICTURE] = "picture",
  [KITH_GROUP_CHANGE_POLICY] = "policy",
  [KITH_GROUP_CHANGE_MEMBERS] = "members",
  [KITH_GROUP_CHANGE_ADMIN] = "admin",
  [KITH_GROUP_CHANGE_REQUESTS] = "requests",
  [KITH_GROUP_CHANGE_TRANSFER] = "transfer",
  [KITH_GROUP_CHANGE_SUCCESSION] = "succession",
  [KITH_GROUP_CHANGE_MISSING] = "missing",
  [KITH_GROUP_CHANGE_LINK] = "link",
};

static const char *const member_changes[] = {
  [KITH_MEMBER_CHANGE_JOINED] = "joined",
  [KITH_MEMBER_CHANGE_LEFT] = "left",
  [KITH_MEMBER_CHANGE_KICKED] = "kicked",
  [KITH_MEMBER_CHANGE_ADMIN] = "admin",
};

/* @i: (out): which of the @n names it is. Returns: whether it is one */
static gboolean
find (const char *const *names, gsize n, const char *name, guint *i)
{
  for (*i = 0; *i < n; (*i)++)
    if (g_strcmp0 (names[*i], name) == 0)
      return TRUE;

  return FALSE;
}

/**
 * kith_message_event_to_string:
 * @event: what became of a message
 *
 * Returns: (transfer none): its name, which is the detail of "message-event"; a static string
 */
const char *
kith_message_event_to_string (KithMessageEvent event)
{
  return message_events[event];
}

/**
 * kith_message_event_find:
 * @name: what came with "message-event"
 * @event: (out): which one that is; only where there is one of that name
 *
 * Returns: whether there is
 */
gboolean
kith_message_event_find (const char *name, KithMessageEvent *event)
{
  guint i;

  if (!find (message_events, G_N_ELEMENTS (message_events), name, &i))
    return FALSE;

  *event = (KithMessageEvent) i;
  return TRUE;
}

/**
 * kith_contact_change_to_string:
 * @change: what changed about a contact
 *
 * Returns: (transfer none): its name, which is the detail of "contact-changed"; a static string
 */
const char *
kith_contact_change_to_string (KithContactChange change)
{
  return contact_changes[change];
}

/**
 * kith_contact_change_find:
 * @name: what came with "contact-changed"
 * @change: (out): which one that is; only where there is one of that name
 *
 * Returns: whether there is
 */
gboolean
kith_contact_change_find (const char *name, KithContactChange *change)
{
  guint i;

  if (!find (contact_changes, G_N_ELEMENTS (contact_changes), name, &i))
    return FALSE;

  *change = (KithContactChange) i;
  return TRUE;
}

/**
 * kith_group_change_to_string:
 * @change: what changed about a group
 *
 * Returns: (transfer none): its name, which is the detail of "group-changed"; a static string
 */
const char *
kith_group_change_to_string (KithGroupChange change)
{
  return group_changes[change];
}

/**
 * kith_member_change_to_string:
 * @change: what became of a member
 *
 * Returns: (transfer none): its name, which is the detail of "member-changed"; a static string
 */
const char *
kith_member_change_to_string (KithMemberChange change)
{
  return member_changes[change];
}
