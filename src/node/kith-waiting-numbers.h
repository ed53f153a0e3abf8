/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-message-queue.h"

G_BEGIN_DECLS

/**
 * KithWaitingNumbers:
 *
 * Which of the numbers that a RESEND asks for wait in the outbox (protocol 8). The outbox is read once, however many
 * are asked for, and may change afterwards. Pure; any thread.
 */
typedef struct _KithWaitingNumbers KithWaitingNumbers;

KithWaitingNumbers *kith_waiting_numbers_new         (guint64                 from,
                                                      guint64                 to);
void                kith_waiting_numbers_free        (KithWaitingNumbers     *self);
void                kith_waiting_numbers_add         (KithWaitingNumbers     *self,
                                                      const KithMessageQueue *queue);
gboolean            kith_waiting_numbers_next_others (KithWaitingNumbers     *self,
                                                      guint64                *next,
                                                      guint64                 to,
                                                      guint64                *first,
                                                      guint64                *last);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithWaitingNumbers, kith_waiting_numbers_free)

G_END_DECLS
