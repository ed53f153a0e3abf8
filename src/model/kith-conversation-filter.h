/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-conversation.h"

G_BEGIN_DECLS

/**
 * KithConversationFilter:
 * @KITH_FILTER_ALL: "all": of contacts and groups
 * @KITH_FILTER_FAVOURITES: "favourites": of contacts that are
 * @KITH_FILTER_GROUPS: "groups"
 * @KITH_FILTER_UNREAD: "unread": with something unread, or marked as that
 * @KITH_FILTER_ONLINE: "online": of contacts who are
 * @KITH_FILTER_LAST_HOUR: "lasthour": of contacts who are, or were within the last hour
 * @KITH_FILTER_ARCHIVED: "archived": what is in none of the others
 * @KITH_FILTER_REMOVED: "removed": of people who are contacts no more; they are in none of the others
 *
 * Which conversations the user looks at. With people who are blocked there is none, but for former contacts.
 */
typedef enum
{
  KITH_FILTER_ALL,
  KITH_FILTER_FAVOURITES,
  KITH_FILTER_GROUPS,
  KITH_FILTER_UNREAD,
  KITH_FILTER_ONLINE,
  KITH_FILTER_LAST_HOUR,
  KITH_FILTER_ARCHIVED,
  KITH_FILTER_REMOVED,
} KithConversationFilter;

#define KITH_FILTER_LAST KITH_FILTER_REMOVED

const char *kith_conversation_filter_get_name (KithConversationFilter  filter);
gboolean    kith_conversation_filter_find     (const char             *name,
                                               KithConversationFilter *filter);
gboolean    kith_conversation_passes          (KithConversation       *self,
                                               KithConversationFilter  filter,
                                               gint64                  now_ms);

G_END_DECLS
