/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-parcel.h"

G_BEGIN_DECLS

/* For the files of transfers: kith-transfers.c is the table of them, kith-transfers-index.c how they are found in it,
 * kith-transfers-room.c how many stay in it, kith-transfers-messages.c what has to do
 * with their messages, kith-transfers-session.c what is said of them, kith-transfers-schedule.c whose turn
 * it is, kith-group-files.c who has those of groups, kith-parcel.c one of them, kith-parcel-send.c and
 * kith-parcel-receive.c what moves its bytes, kith-node-files.c, kith-node-file-copy.c and
 * kith-node-send-files.c what the faces ask for, kith-parcel-work.c, kith-file-source*.c and
 * kith-file-sink*.c what worker threads do, kith-partials.c what becomes of what was begun in vain. */

struct _KithTransfers
{
  KithNode   *node;         /* (unowned) */
  GListStore *list;         /* (owned) KithTransfer */
  GPtrArray  *parcels;      /* (owned) KithParcel, in the order of their messages */
  GHashTable *by_key;       /* (owned) conversation, direction and id -> KithParcel */
  GHashTable *by_model;     /* (owned) KithTransfer -> KithParcel */
  GHashTable *by_root;      /* (owned) root -> GPtrArray of KithParcel, those that were stored */
  GPtrArray  *running;      /* (owned) KithParcel (unowned): theirs that run */
  KithPeer   *leaving;      /* (unowned) (nullable): whose session is just going */
  guint32     last_request;
  guint       n_schedules;  /* since the start: tests look at it */
  char       *folder;       /* (owned) (nullable): where files are put */
  GSource    *tick;         /* (owned) (nullable): kith-group-files.c */
  KithPartials *partials;   /* (owned) */
  GCancellable *finding;    /* (owned) (nullable): kith-restored-files.c */
  gboolean    leaves_nothing; /* of what has come only half, when it stops */
  gboolean    stopped;
};

/* kith-transfers-index.c */
void        kith_transfers_make_indexes (KithTransfers    *self);
void        kith_transfers_index      (KithTransfers      *self,
                                       KithParcel         *parcel);
void        kith_transfers_index_root (KithTransfers      *self,
                                       KithParcel         *parcel);
void        kith_transfers_unindex    (KithTransfers      *self,
                                       KithParcel         *parcel);
GPtrArray  *kith_transfers_of_root    (KithTransfers      *self,
                                       const guint8       *root);
GPtrArray  *kith_transfers_dup_of_root (KithTransfers     *self,
                                        const guint8      *root);
KithParcel *kith_transfers_lookup     (KithTransfers      *self,
                                       KithChat           *chat,
                                       const guint8       *id,
                                       gboolean            outgoing);
KithParcel *kith_transfers_parcel_of  (KithTransfers      *self,
                                       KithTransfer       *model);
KithParcel *kith_transfers_find       (KithTransfers      *self,
                                       KithTransfer       *model,
                                       GError            **error);
KithParcel *kith_transfers_by_request (KithTransfers      *self,
                                       KithPeer           *peer,
                                       guint32             request);
KithParcel *kith_transfers_may_serve  (KithPeer              *peer,
                                       const KithBodyFileGet *get);
/* Asks the store for the message with this id, and puts its file into the table. @identity: (nullable): of the
 * conversation. @done: called in any case, on the main loop; @error is NULL also where there is no such message. */
void        kith_transfers_look_up    (KithTransfers         *self,
                                       const guint8          *identity,
                                       const guint8          *id,
                                       void                 (*done) (const GError *error, gpointer user_data),
                                       gpointer               user_data);
/* Its model has got another state, or its message an id. */
void        kith_transfers_note_state (KithTransfers      *self,
                                       KithParcel         *parcel);
void        kith_transfers_rename     (KithTransfers      *self,
                                       KithParcel         *parcel,
                                       const guint8       *id);
void        kith_transfers_add        (KithTransfers      *self,
                                       KithParcel         *parcel);
void        kith_transfers_take_out   (KithTransfers      *self,
                                       KithParcel         *parcel);
void        kith_transfers_trim       (KithChat           *chat);
void        kith_transfers_drop       (KithTransfers      *self,
                                       KithParcel         *parcel);
void        kith_transfers_make_room  (KithTransfers      *self);
void        kith_transfers_end_silence (KithTransfers     *self);
void        kith_transfers_start_tick (KithTransfers      *self);
void        kith_transfers_schedule   (KithTransfers      *self);

/* kith-group-files.c: of parcels that are shared. */
gboolean    kith_group_files_has      (KithParcel         *parcel);
gboolean    kith_group_files_choose   (KithParcel         *parcel);
void        kith_group_files_seek     (KithParcel         *parcel);
void        kith_group_files_tell     (KithParcel         *parcel);
void        kith_group_files_blame    (KithParcel         *parcel);
/* Returns: whether there is anything to ask for */
gboolean    kith_group_files_ask_again (KithTransfers      *self);
gboolean    kith_group_files_give_back (KithParcel        *parcel,
                                        KithPeer          *peer);

void        kith_transfers_emit_added (KithTransfers      *self,
                                       KithTransfer       *model);
void        kith_transfers_emit_changed (KithTransfers    *self,
                                         KithTransfer     *model,
                                         const char       *change);

G_END_DECLS
