/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store-rows.h"

G_BEGIN_DECLS

/**
 * KithAwaited:
 *
 * Of a message of ours that has arrived, what is needed to show that it was read.
 */
typedef struct
{
  guint8        id[KITH_STORE_MESSAGE_ID_BYTES];
  guint64       seq;
  guint64       hlc;
  gint64        time_ms;
  gint64        sent_ms;
  gint64        delivered_ms;
  KithStoreKind kind;
  gboolean      broadcast;
} KithAwaited;

/**
 * KithAwaitedQueue:
 * @messages: (element-type KithAwaited): by their numbers; to be read; only the functions below change it
 * @links: (nullable): from the id of each to its place in @messages
 *
 * Messages that wait to be read: the last KITH_LIMIT_WINDOW_MESSAGES, since whoever tells nobody what they read lets us
 * wait for good. Each id stands in it once. Filled with zeros it is empty, and needs no end if kith_awaited_queue_clear()
 * made it so.
 */
typedef struct
{
  GQueue      messages;
  GHashTable *links;
} KithAwaitedQueue;

void     kith_awaited_queue_push       (KithAwaitedQueue       *self,
                                        const KithStoreMessage *row);
gboolean kith_awaited_queue_take       (KithAwaitedQueue       *self,
                                        const guint8           *id,
                                        KithAwaited            *taken);
gboolean kith_awaited_queue_take_up_to (KithAwaitedQueue       *self,
                                        guint64                 seq,
                                        KithAwaited            *taken);
void     kith_awaited_queue_clear      (KithAwaitedQueue       *self);

G_END_DECLS
