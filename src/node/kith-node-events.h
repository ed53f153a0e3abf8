/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a node tells with "message-event", "contact-changed", "group-changed" and "member-changed": each has one name,
 * which is the detail of the signal and comes with it. What they mean: kith-node.h and kith-node-groups.h */

typedef enum
{
  KITH_MESSAGE_EVENT_EDITED,
  KITH_MESSAGE_EVENT_DELETED,
  KITH_MESSAGE_EVENT_REACTION,
  KITH_MESSAGE_EVENT_GONE,
  KITH_MESSAGE_EVENT_CLEARED,
  KITH_MESSAGE_EVENT_TIMER,
  KITH_MESSAGE_EVENT_MISSING,
  KITH_MESSAGE_EVENT_UNKNOWN,
} KithMessageEvent;

#define KITH_MESSAGE_EVENT_LAST KITH_MESSAGE_EVENT_UNKNOWN

typedef enum
{
  KITH_CONTACT_CHANGE_ADDED,
  KITH_CONTACT_CHANGE_REQUESTED,
  KITH_CONTACT_CHANGE_ACCEPTED,
  KITH_CONTACT_CHANGE_DECLINED,
  KITH_CONTACT_CHANGE_REMOVED,
  KITH_CONTACT_CHANGE_NAME,
  KITH_CONTACT_CHANGE_ALIAS,
  KITH_CONTACT_CHANGE_NOTE,
  KITH_CONTACT_CHANGE_FAVOURITE,
  KITH_CONTACT_CHANGE_BLOCKED,
  KITH_CONTACT_CHANGE_VERIFIED,
  KITH_CONTACT_CHANGE_PRESENCE,
  KITH_CONTACT_CHANGE_TYPING,
} KithContactChange;

typedef enum
{
  KITH_GROUP_CHANGE_ADDED,
  KITH_GROUP_CHANGE_REMOVED,
  KITH_GROUP_CHANGE_STATE,
  KITH_GROUP_CHANGE_NAME,
  KITH_GROUP_CHANGE_TOPIC,
  KITH_GROUP_CHANGE_PICTURE,
  KITH_GROUP_CHANGE_POLICY,
  KITH_GROUP_CHANGE_MEMBERS,
  KITH_GROUP_CHANGE_ADMIN,
  KITH_GROUP_CHANGE_REQUESTS,
  KITH_GROUP_CHANGE_TRANSFER,
  KITH_GROUP_CHANGE_SUCCESSION,
  KITH_GROUP_CHANGE_MISSING,
  KITH_GROUP_CHANGE_LINK,
} KithGroupChange;

typedef enum
{
  KITH_MEMBER_CHANGE_JOINED,
  KITH_MEMBER_CHANGE_LEFT,
  KITH_MEMBER_CHANGE_KICKED,
  KITH_MEMBER_CHANGE_ADMIN,
} KithMemberChange;

const char *kith_message_event_to_string  (KithMessageEvent  event);
gboolean    kith_message_event_find       (const char       *name,
                                           KithMessageEvent *event);
const char *kith_contact_change_to_string (KithContactChange change);
gboolean    kith_contact_change_find      (const char        *name,
                                           KithContactChange *change);
const char *kith_group_change_to_string   (KithGroupChange   change);
const char *kith_member_change_to_string  (KithMemberChange  change);

G_END_DECLS
