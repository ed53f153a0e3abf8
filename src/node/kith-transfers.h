/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-transfer.h"
#include "node/kith-peer.h"
#include "proto/kith-body.h"

G_BEGIN_DECLS

/* The files of a node: what is offered, on its way, or was. Each is a KithParcel: kith-parcel.h. */
typedef struct _KithTransfers KithTransfers;

void           kith_transfers_install_signals (GType                   type);
KithTransfers *kith_transfers_new             (KithNode               *node);
void           kith_transfers_free            (KithTransfers          *self);
/* Writes down how far those that run have got. */
void           kith_transfers_store           (KithTransfers          *self);
/* Nothing is read, written or served any more. */
void           kith_transfers_stop            (KithTransfers          *self);

/* For the messenger. */
/* (transfer none): what the faces see of the file of a message. */
KithTransfer  *kith_transfers_present         (KithPeer               *peer,
                                               const KithStoreMessage *row);
/* A file of theirs was offered, and its message is shown. */
void           kith_transfers_offered         (KithPeer               *peer,
                                               const KithStoreMessage *row);
/* A message was deleted, or has disappeared. */
void           kith_transfers_message_gone    (KithPeer               *peer,
                                               const guint8           *id);
/* Messages have disappeared, and no face may have had them. */
void           kith_transfers_check_expired   (KithTransfers          *self);
KithBodyFile      *kith_transfer_to_body      (const KithStoreTransfer *row);
KithStoreTransfer *kith_transfer_from_body    (const KithBodyFile     *body);

/* For sessions. */
gboolean       kith_transfers_is_record       (KithRecordType          type);
gboolean       kith_transfers_receive         (KithPeer               *peer,
                                               KithRecordType          type,
                                               const guint8           *body,
                                               gsize                   len);
void           kith_transfers_session_opened  (KithPeer               *peer);
void           kith_transfers_session_lost    (KithPeer               *peer);
void           kith_transfers_pump            (KithPeer               *peer);
/* We do not have anything to do with this contact any more, but to read what was written. */
void           kith_transfers_peer_removed    (KithPeer               *peer);
/* All of its messages are gone. */
void           kith_transfers_peer_dropped    (KithPeer               *peer);

G_END_DECLS
