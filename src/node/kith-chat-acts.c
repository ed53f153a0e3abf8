/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user does in a conversation, handed to the messenger of the contact or to the group. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-chat.h"

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "node/kith-group-host.h"
#include "node/kith-messenger.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers.h"

static gboolean
may_write_to_peer (KithPeer *peer, GTask *task)
{
  if (peer->row->relation == KITH_RELATION_REMOVED)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_CONTACT, "This contact was removed");
  else if (peer->n_sending >= KITH_LIMIT_STORE_QUEUE)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_BUSY, "The store is behind");
  else
    return TRUE;

  return FALSE;
}

gboolean
kith_chat_may_write (KithChat *self, GTask *task)
{
  if (self->removed)
    {
      g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND,
                               "This conversation is not there any more");
      return FALSE;
    }

  return self->peer != NULL ? may_write_to_peer (self->peer, task)
                            : kith_group_host_may_write (self->group, task);
}

void
kith_chat_send (KithChat *self, char *text, const guint8 *reply_to, gint64 ttl_s, GTask *task)
{
  if (self->peer != NULL)
    kith_messenger_send (self->peer, text, reply_to, ttl_s, task);
  else
    kith_group_host_send (self->group, text, reply_to, ttl_s, task);
}

void
kith_chat_act (KithChat *self, KithStoreKind kind, const guint8 *target, const char *text, GTask *task)
{
  if (self->peer != NULL)
    kith_messenger_act (self->peer, kind, target, text, task);
  else
    kith_group_host_act (self->group, kind, target, text, task);
}

void
kith_chat_forget (KithChat *self, const guint8 *id, gboolean outgoing, GTask *task)
{
  if (self->peer != NULL)
    kith_messenger_forget (self->peer, id, outgoing, task);
  else
    kith_group_host_forget (self->group, id, outgoing, task);
}

void
kith_chat_mark_read (KithChat *self)
{
  if (self->peer != NULL)
    kith_messenger_mark_read (self->peer);
  else
    kith_group_host_mark_read (self->group);
}

void
kith_chat_forget_messages (KithChat *self)
{
  self->unread_number = 0;
  kith_transfers_chat_dropped (self);
  if (self->peer != NULL)
    kith_messenger_forget_messages (self->peer);
  else
    kith_group_host_forget_messages (self->group);
  kith_node_emit_message_event (self->node, self->conversation, KITH_MESSAGE_EVENT_CLEARED, NULL, NULL, NULL);
}
