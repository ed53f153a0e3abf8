/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-parcel.h"

G_BEGIN_DECLS

/* For the files of transfers: kith-transfers.c is the table of them, kith-transfers-session.c what is
 * said of them, kith-parcel.c one of them, kith-parcel-send.c and kith-parcel-receive.c what moves
 * its bytes, kith-node-files.c and kith-node-send-files.c what the faces ask for, kith-file-source.c
 * and kith-file-sink.c what worker threads do. */

struct _KithTransfers
{
  KithNode   *node;         /* (unowned) */
  GListStore *list;         /* (owned) KithTransfer */
  GPtrArray  *parcels;      /* (owned) KithParcel, in the order of their messages */
  guint32     last_request;
  char       *folder;       /* (owned) (nullable): where files are put */
  gboolean    stopped;
};

KithParcel *kith_transfers_lookup     (KithTransfers      *self,
                                       KithPeer           *peer,
                                       const guint8       *id);
KithParcel *kith_transfers_parcel_of  (KithTransfers      *self,
                                       KithTransfer       *model);
KithParcel *kith_transfers_by_request (KithTransfers      *self,
                                       KithPeer           *peer,
                                       guint32             request);
KithParcel *kith_transfers_may_serve  (KithPeer           *peer,
                                       const guint8       *root);
void        kith_transfers_add        (KithTransfers      *self,
                                       KithParcel         *parcel);
void        kith_transfers_drop       (KithTransfers      *self,
                                       KithParcel         *parcel);
void        kith_transfers_schedule   (KithTransfers      *self);
void        kith_transfers_emit_added (KithTransfers      *self,
                                       KithTransfer       *model);
void        kith_transfers_emit_changed (KithTransfers    *self,
                                         KithTransfer     *model,
                                         const char       *change);

G_END_DECLS
