/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the user wants a conversation to be treated. */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-conversation-private.h"

/**
 * kith_conversation_get_ttl_s:
 * @self: a conversation
 *
 * Returns: for how many seconds new messages are kept after reading; 0 = for good
 */
guint32
kith_conversation_get_ttl_s (KithConversation *self)
{
  return self->options.ttl_s;
}

/**
 * kith_conversation_get_muted_until_ms:
 * @self: a conversation
 *
 * Returns: until when nothing is said about new messages, in ms since 1970; 0 = it is not muted
 */
gint64
kith_conversation_get_muted_until_ms (KithConversation *self)
{
  return self->options.muted_until_ms;
}

/**
 * kith_conversation_is_muted:
 * @self: a conversation
 * @now_ms: the time, in ms since 1970
 *
 * Returns: whether nothing is said about new messages now
 */
gboolean
kith_conversation_is_muted (KithConversation *self, gint64 now_ms)
{
  return self->options.muted_until_ms > now_ms;
}

/**
 * kith_conversation_get_pinned:
 * @self: a conversation
 *
 * Returns: whether it stands above the others
 */
gboolean
kith_conversation_get_pinned (KithConversation *self)
{
  return self->options.pinned;
}

/**
 * kith_conversation_get_archived:
 * @self: a conversation
 *
 * Returns: whether it was put away
 */
gboolean
kith_conversation_get_archived (KithConversation *self)
{
  return self->options.archived;
}

/**
 * kith_conversation_get_marked_unread:
 * @self: a conversation
 *
 * Returns: whether the user wants to come back to it
 */
gboolean
kith_conversation_get_marked_unread (KithConversation *self)
{
  return self->options.marked_unread;
}

/**
 * kith_conversation_set_options:
 * @self: a conversation
 * @options: how it is treated from now on
 */
void
kith_conversation_set_options (KithConversation *self, const KithConversationOptions *options)
{
  KithConversationOptions old = self->options;

  self->options = *options;
  if (old.ttl_s != options->ttl_s)
    kith_conversation_notify (self, PROP_TTL_S);
  if (old.muted_until_ms != options->muted_until_ms)
    kith_conversation_notify (self, PROP_MUTED_UNTIL);
  if (old.pinned != options->pinned)
    kith_conversation_notify (self, PROP_PINNED);
  if (old.archived != options->archived)
    kith_conversation_notify (self, PROP_ARCHIVED);
  if (old.marked_unread != options->marked_unread)
    kith_conversation_notify (self, PROP_MARKED_UNREAD);
}
