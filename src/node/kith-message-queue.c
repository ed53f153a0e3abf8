/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-node"

#include "config.h"

#include "node/kith-message-queue.h"

#include "model/kith-model-ids.h"

/* (transfer full) (nullable): what stands at @link. */
static KithStoreMessage *
take_link (KithMessageQueue *self, GList *link)
{
  KithStoreMessage *row;

  if (link == NULL)
    return NULL;

  row = link->data;
  g_hash_table_remove (self->links, row->id);
  g_queue_delete_link (&self->rows, link);
  return row;
}

static GList *
find_link (const KithMessageQueue *self, const guint8 *id)
{
  return self->links != NULL ? g_hash_table_lookup (self->links, id) : NULL;
}

/* A row with the id of @row makes room for it. */
static void
prepare (KithMessageQueue *self, const KithStoreMessage *row)
{
  if (self->links == NULL)
    self->links = g_hash_table_new (kith_message_id_hash, kith_message_id_equal);

  kith_store_message_free (kith_message_queue_take (self, row->id));
}

/**
 * kith_message_queue_push_head: (skip)
 * @self: a queue
 * @row: (transfer full): comes before all others; one of the same id is freed
 */
void
kith_message_queue_push_head (KithMessageQueue *self, KithStoreMessage *row)
{
  prepare (self, row);
  g_queue_push_head (&self->rows, row);
  g_hash_table_insert (self->links, row->id, self->rows.head);
}

/**
 * kith_message_queue_push_tail: (skip)
 * @self: a queue
 * @row: (transfer full): comes after all others; one of the same id is freed
 */
void
kith_message_queue_push_tail (KithMessageQueue *self, KithStoreMessage *row)
{
  prepare (self, row);
  g_queue_push_tail (&self->rows, row);
  g_hash_table_insert (self->links, row->id, self->rows.tail);
}

/**
 * kith_message_queue_peek_head: (skip)
 * @self: a queue
 *
 * Returns: (transfer none) (nullable): the first row
 */
KithStoreMessage *
kith_message_queue_peek_head (const KithMessageQueue *self)
{
  return self->rows.head != NULL ? self->rows.head->data : NULL;
}

/**
 * kith_message_queue_pop_head: (skip)
 * @self: a queue
 *
 * Returns: (transfer full) (nullable): the first row, which is taken out
 */
KithStoreMessage *
kith_message_queue_pop_head (KithMessageQueue *self)
{
  return take_link (self, self->rows.head);
}

/**
 * kith_message_queue_pop_tail: (skip)
 * @self: a queue
 *
 * Returns: (transfer full) (nullable): the last row, which is taken out
 */
KithStoreMessage *
kith_message_queue_pop_tail (KithMessageQueue *self)
{
  return take_link (self, self->rows.tail);
}

/**
 * kith_message_queue_find: (skip)
 * @self: a queue
 * @id: of a message
 *
 * Returns: (transfer none) (nullable): its row
 */
KithStoreMessage *
kith_message_queue_find (const KithMessageQueue *self, const guint8 *id)
{
  GList *link = find_link (self, id);

  return link != NULL ? link->data : NULL;
}

/**
 * kith_message_queue_take: (skip)
 * @self: a queue
 * @id: of a message
 *
 * Returns: (transfer full) (nullable): its row, which is taken out
 */
KithStoreMessage *
kith_message_queue_take (KithMessageQueue *self, const guint8 *id)
{
  return take_link (self, find_link (self, id));
}

/**
 * kith_message_queue_clear: (skip)
 * @self: a queue
 *
 * Frees its rows, and what it needed to find them: it is empty as in the beginning.
 */
void
kith_message_queue_clear (KithMessageQueue *self)
{
  g_clear_pointer (&self->links, g_hash_table_unref);
  g_queue_clear_full (&self->rows, (GDestroyNotify) kith_store_message_free);
}
