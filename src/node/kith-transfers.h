/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-transfer.h"
#include "node/kith-chat.h"
#include "node/kith-partials.h"
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
/* Of what has come only half by then nothing is left when it stops: nobody will ask for the rest. @hold: it is not
 * deleted yet, but only noted. (transfer none) */
KithPartials  *kith_transfers_leave_nothing    (KithTransfers          *self,
                                               gboolean                hold);
/* @done is called when nothing is left of what shall not be, or when the disk takes too long: KITH_LIMIT_PARTIALS_*.
 * After kith_transfers_stop(). */
void           kith_transfers_await_partials   (KithTransfers          *self,
                                               void                  (*done) (gpointer user_data),
                                               gpointer                user_data);
/* How long that may be. */
guint          kith_transfers_get_wait_ms     (KithTransfers          *self);
/* Nothing is read, written or served any more. */
void           kith_transfers_stop            (KithTransfers          *self);

/* For the messenger. */
/* (transfer none): what the faces see of the file of a message. */
KithTransfer  *kith_transfers_present         (KithChat               *chat,
                                               const KithStoreMessage *row);
/* A file of theirs was offered, and its message is shown. */
void           kith_transfers_offered         (KithChat               *chat,
                                               const KithStoreMessage *row);
/* A message was deleted, or has disappeared. */
void           kith_transfers_drop_message    (KithChat               *chat,
                                               const guint8           *id,
                                               gboolean                outgoing);
/* Messages have disappeared, and no face may have had them. */
void           kith_transfers_check_expired   (KithTransfers          *self);
KithBodyFile      *kith_transfer_to_body      (const KithStoreTransfer *row);
KithStoreTransfer *kith_transfer_from_body    (const KithChat         *chat,
                                               const KithBodyFile     *body);

/* For sessions. */
gboolean       kith_transfers_receive         (KithPeer               *peer,
                                               KithRecordType          type,
                                               const guint8           *body,
                                               gsize                   len);
void           kith_transfers_session_opened  (KithPeer               *peer);
void           kith_transfers_session_lost    (KithPeer               *peer);
void           kith_transfers_pump            (KithPeer               *peer);
/* We do not have anything to do with this contact or group any more, but to read what was written. */
void           kith_transfers_chat_left       (KithChat               *chat);
/* All of its messages are gone. */
void           kith_transfers_chat_dropped    (KithChat               *chat);

/* For the links of a group. */
void           kith_group_files_linked        (KithNode               *node,
                                               const guint8           *gid,
                                               KithPeer               *peer);
void           kith_group_files_unlinked      (KithNode               *node,
                                               const guint8           *gid,
                                               KithPeer               *peer);
gboolean       kith_group_files_receive       (KithNode               *node,
                                               const guint8           *gid,
                                               KithPeer               *peer,
                                               const guint8           *body,
                                               gsize                   len);
/* (transfer full) (element-type guint8): identities, of those who offer what we are waiting for. */
GPtrArray     *kith_group_files_list_sought   (KithNode               *node,
                                               const guint8           *gid);

G_END_DECLS
