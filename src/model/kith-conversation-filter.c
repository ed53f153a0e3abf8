/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which conversations the user looks at, in the window and in kith-cli. */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-conversation-filter.h"

static const char *const names[] = {
  [KITH_FILTER_ALL] = "all",
  [KITH_FILTER_FAVOURITES] = "favourites",
  [KITH_FILTER_GROUPS] = "groups",
  [KITH_FILTER_UNREAD] = "unread",
  [KITH_FILTER_ONLINE] = "online",
  [KITH_FILTER_LAST_HOUR] = "lasthour",
  [KITH_FILTER_ARCHIVED] = "archived",
  [KITH_FILTER_REMOVED] = "removed",
};

/**
 * kith_conversation_filter_get_name:
 * @filter: a filter
 *
 * Returns: (transfer none): its name, for settings, actions and commands
 */
const char *
kith_conversation_filter_get_name (KithConversationFilter filter)
{
  g_return_val_if_fail (filter <= KITH_FILTER_LAST, names[KITH_FILTER_ALL]);

  return names[filter];
}

/**
 * kith_conversation_filter_find:
 * @name: what may be the name of a filter; untrusted
 * @filter: (out): the filter; %KITH_FILTER_ALL where there is none of that name
 *
 * Returns: whether there is
 */
gboolean
kith_conversation_filter_find (const char *name, KithConversationFilter *filter)
{
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_strcmp0 (names[i], name) == 0)
      {
        *filter = (KithConversationFilter) i;
        return TRUE;
      }

  *filter = KITH_FILTER_ALL;
  return FALSE;
}

/* A group is no contact that could be a favourite or online: of it there is only what was written.
 * @contact: (nullable) */
static gboolean
passes_people (KithContact *contact, KithConversationFilter filter, gint64 now_ms)
{
  switch (filter)
    {
    case KITH_FILTER_FAVOURITES:
      return contact != NULL && kith_contact_get_favourite (contact);
    case KITH_FILTER_ONLINE:
      return contact != NULL && kith_contact_get_presence (contact) == KITH_PRESENCE_ONLINE;
    case KITH_FILTER_LAST_HOUR:
      return contact != NULL && kith_contact_is_of_last_hour (contact, now_ms);
    case KITH_FILTER_ALL:
    case KITH_FILTER_GROUPS:
    case KITH_FILTER_UNREAD:
    case KITH_FILTER_ARCHIVED:
    case KITH_FILTER_REMOVED:
      break;
    }

  return TRUE;
}

/**
 * kith_conversation_passes:
 * @self: a conversation
 * @filter: which ones the user looks at
 * @now_ms: the time, in ms since 1970
 *
 * Returns: whether this is one of them
 */
gboolean
kith_conversation_passes (KithConversation *self, KithConversationFilter filter, gint64 now_ms)
{
  KithContact *contact = kith_conversation_get_contact (self);
  gboolean removed = contact != NULL && kith_contact_get_relation (contact) == KITH_RELATION_REMOVED;
  gboolean archived = kith_conversation_get_archived (self);

  if (contact != NULL && kith_contact_get_blocked (contact) && !removed)
    return FALSE;
  if (removed || filter == KITH_FILTER_REMOVED)
    return removed && filter == KITH_FILTER_REMOVED;
  if (archived || filter == KITH_FILTER_ARCHIVED)
    return archived && filter == KITH_FILTER_ARCHIVED;
  if (filter == KITH_FILTER_GROUPS)
    return kith_conversation_get_group (self) != NULL;
  if (filter == KITH_FILTER_UNREAD)
    return kith_conversation_get_unread (self) > 0 || kith_conversation_get_marked_unread (self);

  return passes_people (contact, filter, now_ms);
}
