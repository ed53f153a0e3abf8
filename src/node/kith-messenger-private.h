/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-messenger.h"

G_BEGIN_DECLS

/* For the files of the messenger: kith-messenger.c has the life of what we send,
 * kith-messenger-receive.c what arrives, kith-messenger-restore.c what was stored. */

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

G_END_DECLS
