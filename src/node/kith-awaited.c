/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-awaited.h"

#include <string.h>

#include "base/kith-limits.h"
#include "model/kith-model-ids.h"

/* @taken: (out) (optional). Returns: whether there was anything at @link */
static gboolean
take_link (KithAwaitedQueue *self, GList *link, KithAwaited *taken)
{
  KithAwaited *awaited;

  if (link == NULL)
    return FALSE;

  awaited = link->data;
  g_hash_table_remove (self->links, awaited->id);
  g_queue_delete_link (&self->messages, link);
  if (taken != NULL)
    *taken = *awaited;
  g_free (awaited);
  return TRUE;
}

/* (nullable): what a message with this number stands behind; nearly always that is the last */
static GList *
find_place (KithAwaitedQueue *self, guint64 seq)
{
  GList *link = self->messages.tail;

  while (link != NULL && ((KithAwaited *) link->data)->seq > seq)
    link = link->prev;
  return link;
}

static KithAwaited *
awaited_new (const KithStoreMessage *row)
{
  KithAwaited *awaited = g_new0 (KithAwaited, 1);

  memcpy (awaited->id, row->id, sizeof awaited->id);
  awaited->seq = row->seq;
  awaited->hlc = row->hlc;
  awaited->time_ms = row->time_ms;
  awaited->sent_ms = row->sent_ms;
  awaited->delivered_ms = row->delivered_ms;
  awaited->kind = row->kind;
  awaited->broadcast = row->broadcast;
  return awaited;
}

static gboolean
is_full (KithAwaitedQueue *self)
{
  return self->messages.length >= KITH_LIMIT_WINDOW_MESSAGES;
}

/**
 * kith_awaited_queue_push: (skip)
 * @self: a queue
 * @row: (transfer none): a message of ours that has arrived
 *
 * Puts it where its number belongs, if it is not there yet. Of too many those with the lowest numbers are left out.
 */
void
kith_awaited_queue_push (KithAwaitedQueue *self, const KithStoreMessage *row)
{
  KithAwaited *awaited;
  GList *before;

  if (self->links == NULL)
    self->links = g_hash_table_new (kith_message_id_hash, kith_message_id_equal);
  if (g_hash_table_contains (self->links, row->id)
      || (is_full (self) && row->seq < ((KithAwaited *) self->messages.head->data)->seq))
    return;

  if (is_full (self))
    take_link (self, self->messages.head, NULL);
  awaited = awaited_new (row);
  before = find_place (self, row->seq);
  if (before != NULL)
    g_queue_insert_after (&self->messages, before, awaited);
  else
    g_queue_push_head (&self->messages, awaited);
  g_hash_table_insert (self->links, awaited->id, before != NULL ? before->next : self->messages.head);
}

/**
 * kith_awaited_queue_take: (skip)
 * @self: a queue
 * @id: of a message
 * @taken: (out): it, when it was there
 *
 * Returns: whether it was there
 */
gboolean
kith_awaited_queue_take (KithAwaitedQueue *self, const guint8 *id, KithAwaited *taken)
{
  return take_link (self, self->links != NULL ? g_hash_table_lookup (self->links, id) : NULL, taken);
}

/**
 * kith_awaited_queue_take_up_to: (skip)
 * @self: a queue
 * @seq: a number
 * @taken: (out): the first of them, when there is one whose number is not above @seq
 *
 * Returns: whether there was one
 */
gboolean
kith_awaited_queue_take_up_to (KithAwaitedQueue *self, guint64 seq, KithAwaited *taken)
{
  GList *head = self->messages.head;

  return head != NULL && ((KithAwaited *) head->data)->seq <= seq && take_link (self, head, taken);
}

/**
 * kith_awaited_queue_clear: (skip)
 * @self: a queue
 *
 * It is empty as in the beginning.
 */
void
kith_awaited_queue_clear (KithAwaitedQueue *self)
{
  g_clear_pointer (&self->links, g_hash_table_unref);
  g_queue_clear_full (&self->messages, g_free);
}
