/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-messenger.h"

G_BEGIN_DECLS

/* For the files of the messenger: kith-messenger.c has the life of what we send,
 * kith-messenger-receive.c what arrives, kith-messenger-restore.c what was stored,
 * kith-messenger-acts.c what we say of messages, kith-chat-show.c what the faces see of that,
 * kith-messenger-failures.c what is not tried any more, kith-messenger-gaps.c what is missing. */

/* Adds a committed row to its conversation. Returns: (transfer full) (nullable) */
KithMessage *kith_messenger_show      (KithPeer               *peer,
                                       const KithStoreMessage *row,
                                       gboolean                unread);
void         kith_messenger_set_state (KithPeer               *peer,
                                       KithStoreMessage       *row,
                                       KithMessageState        state);
/* A receipt that finds no room is not lost: the numbers of the next opening have it. */
void         kith_messenger_send_ack  (KithPeer               *peer,
                                       const KithBodyAck      *ack);
/* Whether so much is on its way to the store that the peer has to wait. */
gboolean     kith_messenger_is_behind (KithPeer               *peer);
void         kith_messenger_count_committing (KithPeer        *peer,
                                              int              change);
void         kith_messenger_counted_cb (GObject               *source,
                                        GAsyncResult          *result,
                                        gpointer               user_data);
/* One that was deleted here has arrived, or will not: now nothing of it is kept. */
void         kith_messenger_forget_hidden (KithPeer           *peer,
                                           KithStoreMessage   *row,
                                           KithStoreBatch     *batch);
gboolean     kith_messenger_fits      (const KithStoreMessage *row);
void         kith_messenger_fail_next (KithPeer               *peer,
                                       const char             *code);

/* Numbers @row (transfer full), commits it with @batch (transfer full) and puts it into the outbox.
 * @task (transfer full) gets the #KithMessage, or TRUE of what has no place in the conversation. */
void         kith_messenger_enqueue   (KithPeer               *peer,
                                       KithStoreMessage       *row,
                                       KithStoreBatch         *batch,
                                       GTask                  *task);
gboolean     kith_messenger_is_act    (const KithStoreMessage *row);
gboolean     kith_messenger_transmit  (KithPeer               *peer,
                                       const KithStoreMessage *row);
void         kith_messenger_settle_number (KithPeer           *peer,
                                           guint64             seq,
                                           gboolean            committed);
void         kith_messenger_note_number (KithPeer             *peer,
                                         guint64               seq,
                                         guint64               hlc);
void         kith_messenger_ask_missing_anew (KithPeer        *peer);
void         kith_messenger_forget_missing (KithPeer          *peer);

G_END_DECLS
