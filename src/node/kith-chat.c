/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Conversations, with one contact or of a group: rows as what the faces see. */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-chat.h"

#include <string.h>

#include "base/kith-error.h"
#include "node/kith-failure.h"
#include "node/kith-group-host.h"
#include "node/kith-node-private.h"
#include "node/kith-transfers.h"

static void
chat_clear (gpointer data)
{
  KithChat *self = data;

  g_clear_object (&self->conversation);
}

/**
 * kith_chat_new: (skip)
 * @node: the node that owns it
 * @conversation: (transfer none): what the faces see of it
 *
 * Returns: (transfer full): a chat; whose it is has to be set
 */
KithChat *
kith_chat_new (KithNode *node, KithConversation *conversation)
{
  KithChat *self = g_rc_box_new0 (KithChat);

  self->node = node;
  self->conversation = g_object_ref (conversation);
  memcpy (self->key, kith_conversation_get_key (conversation), sizeof self->key);
  return self;
}

/**
 * kith_chat_ref: (skip)
 * @self: a chat
 *
 * Returns: (transfer full): @self
 */
KithChat *
kith_chat_ref (KithChat *self)
{
  return g_rc_box_acquire (self);
}

/**
 * kith_chat_unref: (skip)
 * @self: (transfer full): a chat
 */
void
kith_chat_unref (KithChat *self)
{
  g_rc_box_release_full (self, chat_clear);
}

KithChat *
kith_node_lookup_chat (KithNode *node, const guint8 *key)
{
  KithPeer *peer = kith_node_lookup_peer (node, key);
  KithGroupHost *group = peer == NULL ? kith_node_lookup_group (node, key) : NULL;

  if (peer != NULL)
    return peer->chat;

  return group != NULL ? kith_group_host_get_chat (group) : NULL;
}

KithChat *
kith_node_chat_for_task (KithNode *node, KithConversation *conversation, GTask *task)
{
  KithChat *chat = kith_node_lookup_chat (node, kith_conversation_get_key (conversation));

  if (chat == NULL)
    g_task_return_new_error (task, KITH_ERROR, KITH_ERROR_NOT_FOUND,
                             "This conversation is not there any more");

  return chat;
}

/* --- Rows and models ------------------------------------------------------------------------ */

KithContact *
kith_chat_get_sender (KithChat *self, gboolean outgoing, const guint8 *author)
{
  if (outgoing)
    return NULL;
  if (self->peer != NULL)
    return self->peer->contact;

  return author != NULL ? kith_node_get_somebody (self->node, author) : NULL;
}

/* What is unknown has taken the place of one that is missing, and counts as none. */
static gboolean
is_unknown (const KithStoreMessage *row)
{
  return row->kind == KITH_STORE_KIND_MISSING
         && g_strcmp0 (row->reason, KITH_FAILURE_UNKNOWN) == 0;
}

static KithMessageKind
kind_of (const KithStoreMessage *row)
{
  if (row->kind == KITH_STORE_KIND_TIMER)
    return KITH_MESSAGE_TIMER;
  if (is_unknown (row))
    return KITH_MESSAGE_UNKNOWN;

  if (row->kind == KITH_STORE_KIND_MISSING)
    return KITH_MESSAGE_MISSING;

  return row->file != NULL ? KITH_MESSAGE_FILE : KITH_MESSAGE_TEXT;
}

static void
fill_reactions (KithChat *self, KithMessage *message, const KithStoreMessage *row)
{
  kith_message_set_reaction (message, NULL, row->my_reaction);
  if (self->peer != NULL)
    kith_message_set_reaction (message, self->peer->contact, row->their_reaction);

  for (guint i = 0; row->reactions != NULL && i < row->reactions->len; i++)
    {
      const KithStoreReaction *reaction = g_ptr_array_index (row->reactions, i);

      kith_message_set_reaction (message, kith_node_get_somebody (self->node, reaction->author),
                                 reaction->emoji);
    }
}

static void
fill_content (KithChat *self, KithMessage *message, const KithStoreMessage *row)
{
  kith_message_set_ttl (message, row->ttl_s, row->expires_ms);
  kith_message_set_n_missing (message, row->n_missing);
  kith_message_set_mention (message, row->mention);
  kith_message_set_late (message, row->late);
  if (row->deletion != KITH_STORE_KEPT)
    {
      kith_message_set_deleted (message);
      return;
    }

  kith_message_set_text (message, row->text != NULL ? row->text : "", row->edited_ms);
  if (row->file != NULL)
    kith_message_set_transfer (message, kith_transfers_present (self, row));
  fill_reactions (self, message, row);
  if (row->has_reply_to)
    kith_chat_show_quote (self, message, row);
}

static void
fill_event (KithChat *self, KithMessage *message, const KithStoreMessage *row)
{
  KithContact *who = row->has_event_who ? kith_node_get_somebody (self->node, row->event_who) : NULL;
  KithContact *by = row->has_event_by ? kith_node_get_somebody (self->node, row->event_by) : NULL;

  kith_message_set_event (message, row->event, who, by, row->text);
}

/**
 * kith_chat_make_message: (skip)
 * @self: a chat
 * @row: one of its messages
 *
 * Returns: (transfer full): what the faces see of it
 */
KithMessage *
kith_chat_make_message (KithChat *self, const KithStoreMessage *row)
{
  KithContact *sender =
    kith_chat_get_sender (self, row->outgoing, row->has_author ? row->author : NULL);
  KithMessage *message = kith_message_new (row->id, sender, row->hlc, row->time_ms,
                                           row->text != NULL ? row->text : "");

  kith_message_set_broadcast (message, row->broadcast);
  kith_message_set_kind (message, kind_of (row));
  fill_content (self, message, row);
  if (row->event != NULL)
    fill_event (self, message, row);
  if (row->sent_ms != 0)
    kith_message_set_state (message, KITH_MESSAGE_SENT, row->sent_ms);
  if (row->delivered_ms != 0)
    kith_message_set_state (message, KITH_MESSAGE_DELIVERED, row->delivered_ms);
  if (row->outgoing && row->read_ms != 0)
    kith_message_set_state (message, KITH_MESSAGE_READ, row->read_ms);
  if (row->reason != NULL && !is_unknown (row))
    kith_message_set_failed (message, row->reason, kith_failure_get_words (row->reason), row->time_ms);

  return message;
}

void
kith_chat_restore (KithChat *self, const KithStoreConversation *row)
{
  g_autoptr (KithMessage) last = NULL;

  if (row->last != NULL)
    {
      self->node->hlc.last = MAX (self->node->hlc.last, row->last->hlc);
      last = kith_chat_make_message (self, row->last);
    }

  self->options = row->options;
  self->node->hlc.last = MAX (self->node->hlc.last, row->options.ttl_hlc);
  kith_chat_show_options (self);
  kith_conversation_restore (self->conversation, last, row->n_unread);
  kith_conversation_set_draft (self->conversation, row->draft);
  if (row->n_unread > 0)
    self->unread_number = row->last_number;
  kith_node_raise_conversation (self->node, self->conversation);
}
