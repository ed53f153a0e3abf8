/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user has not seen yet of a conversation. */
#define G_LOG_DOMAIN "kith-model"

#include "config.h"

#include "model/kith-conversation-private.h"

#include <string.h>

#include "base/kith-limits.h"

/**
 * kith_conversation_get_unread:
 * @self: a conversation
 *
 * Returns: how many messages the user has not seen
 */
guint
kith_conversation_get_unread (KithConversation *self)
{
  return self->n_unread;
}

/**
 * kith_conversation_get_first_unread:
 * @self: a conversation
 *
 * Returns: (transfer none) (nullable): the message above which the unread line stands
 */
KithMessage *
kith_conversation_get_first_unread (KithConversation *self)
{
  return self->first_unread;
}

void
kith_conversation_set_first_unread (KithConversation *self, KithMessage *message)
{
  if (g_set_object (&self->first_unread, message))
    kith_conversation_notify (self, PROP_FIRST_UNREAD);
}

void
kith_conversation_set_n_unread (KithConversation *self, guint n_unread)
{
  if (self->n_unread == n_unread)
    return;

  self->n_unread = n_unread;
  kith_conversation_notify (self, PROP_UNREAD);
}

/**
 * kith_conversation_clear_unread_line:
 * @self: a conversation
 *
 * Takes the unread line away; the face calls it when the user leaves the conversation or writes.
 */
void
kith_conversation_clear_unread_line (KithConversation *self)
{
  if (self->first_unread == NULL)
    return;

  g_clear_object (&self->first_unread);
  kith_conversation_notify (self, PROP_FIRST_UNREAD);
}

/* No reference, and not too many: what nobody looks at for a long time shall not fill the memory. */
void
kith_conversation_note_unread (KithConversation *self, KithMessage *message)
{
  KithUnread unread = { .ttl_s = kith_message_get_ttl_s (message) };

  memcpy (unread.id, kith_message_get_id_bytes (message), sizeof unread.id);
  g_array_append_val (self->unread, unread);
  if (self->unread->len <= 2 * KITH_LIMIT_WINDOW_MESSAGES)
    return;

  g_array_remove_range (self->unread, 0, KITH_LIMIT_WINDOW_MESSAGES);
  self->dropped = TRUE;
}

/**
 * kith_conversation_take_unread:
 * @self: a conversation
 * @is_all: (out) (optional): %FALSE when more came since the start than are kept
 *
 * The user has seen all of it. The unread line stays.
 *
 * Returns: (transfer full) (element-type KithUnread): the newest of those that came since the
 *   start and were not seen before
 */
GArray *
kith_conversation_take_unread (KithConversation *self, gboolean *is_all)
{
  GArray *taken = self->unread;

  if (is_all != NULL)
    *is_all = !self->dropped;
  self->dropped = FALSE;
  self->unread = g_array_new (FALSE, FALSE, sizeof (KithUnread));
  kith_conversation_set_n_unread (self, 0);
  return taken;
}

static gboolean
take_unread_id (KithConversation *self, const guint8 *id)
{
  for (guint i = 0; i < self->unread->len; i++)
    if (memcmp (g_array_index (self->unread, KithUnread, i).id, id, KITH_MESSAGE_ID_BYTES) == 0)
      {
        g_array_remove_index (self->unread, i);
        return TRUE;
      }

  return FALSE;
}

/**
 * kith_conversation_forget_unread:
 * @self: a conversation
 * @id: of a message that has nothing to be read any more
 * @was_unread: whether it is known to have been unread; so may one be that was there at the start
 *
 * Takes it out of those that were not seen.
 */
void
kith_conversation_forget_unread (KithConversation *self, const guint8 id[KITH_MESSAGE_ID_BYTES],
                                 gboolean was_unread)
{
  if (self->first_unread != NULL
      && memcmp (kith_message_get_id_bytes (self->first_unread), id, KITH_MESSAGE_ID_BYTES) == 0)
    kith_conversation_set_first_unread (self, NULL);

  if ((take_unread_id (self, id) || was_unread) && self->n_unread > 0)
    kith_conversation_set_n_unread (self, self->n_unread - 1);
}
