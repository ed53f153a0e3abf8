/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store-rows.h"

G_BEGIN_DECLS

/**
 * KithMessageQueue:
 * @rows: (element-type KithStoreMessage): to be read; only the functions below change it
 * @links: (nullable): from the id of each row to its place in @rows
 *
 * Messages in an order, which are found by their ids as fast however many there are: whoever names ids may name any.
 * Each id stands in it once. Filled with zeros it is empty, and needs no end if kith_message_queue_clear() made it so.
 */
typedef struct
{
  GQueue      rows;
  GHashTable *links;
} KithMessageQueue;

void              kith_message_queue_push_head (KithMessageQueue *self,
                                                KithStoreMessage *row);
void              kith_message_queue_push_tail (KithMessageQueue *self,
                                                KithStoreMessage *row);
KithStoreMessage *kith_message_queue_peek_head (const KithMessageQueue *self);
KithStoreMessage *kith_message_queue_pop_head  (KithMessageQueue *self);
KithStoreMessage *kith_message_queue_pop_tail  (KithMessageQueue *self);
KithStoreMessage *kith_message_queue_find      (const KithMessageQueue *self,
                                                const guint8     *id);
KithStoreMessage *kith_message_queue_take      (KithMessageQueue *self,
                                                const guint8     *id);
void              kith_message_queue_clear     (KithMessageQueue *self);

G_END_DECLS
