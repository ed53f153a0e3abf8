/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store-group.h"

G_BEGIN_DECLS

/* A write: a list of typed operations that is committed as a whole or not at all. */

typedef enum
{
  KITH_STORE_OP_PUT_PROFILE,
  KITH_STORE_OP_PUT_CONTACT,
  KITH_STORE_OP_DELETE_CONTACT, /* with its messages and devices */
  KITH_STORE_OP_PUT_DEVICE,
  KITH_STORE_OP_PUT_REQUEST,
  KITH_STORE_OP_DELETE_REQUEST,
  KITH_STORE_OP_PUT_INVITE,
  KITH_STORE_OP_DELETE_INVITE,  /* row: its id */
  KITH_STORE_OP_PUT_BROADCAST,  /* a new one, with its recipients */
  KITH_STORE_OP_DELETE_BROADCAST, /* row: its id; its messages stay */
  KITH_STORE_OP_ADD_MESSAGE,    /* unless (identity, id) is known, for 90 days at least */
  KITH_STORE_OP_UPDATE_MESSAGE, /* state, reason and times of a known one */
  KITH_STORE_OP_CLEAR_MESSAGES, /* all of a conversation */
  KITH_STORE_OP_WE_READ,        /* theirs, up to a row's number */
  KITH_STORE_OP_THEY_READ,      /* ours, one id or up to a seq of this installation */
  KITH_STORE_OP_NUMBERED,       /* our next message to them gets the number seq */
  KITH_STORE_OP_RECEIVED,       /* their number seq has arrived: counts if it is the next one */
  KITH_STORE_OP_PUT_DRAFT,
  KITH_STORE_OP_PUT_SETTING,
  KITH_STORE_OP_ADD_ACT,        /* an edit, a deletion or a reaction of ours, for the outbox */
  KITH_STORE_OP_ACT_ARRIVED,    /* it leaves the outbox */
  KITH_STORE_OP_EDIT_MESSAGE,
  KITH_STORE_OP_DELETE_MESSAGE,
  KITH_STORE_OP_REACT,
  KITH_STORE_OP_QUEUE_AGAIN,    /* a message that had failed gets another number */
  KITH_STORE_OP_PUT_MISSING,    /* which numbers a line stands for now, and whether they are asked for */
  KITH_STORE_OP_PUT_OPTIONS,
  KITH_STORE_OP_PUT_TRANSFER,   /* how the file of a known message stands */
  KITH_STORE_OP_GROUP,          /* row: a KithStoreGroupAct */
} KithStoreOpKind;

typedef struct
{
  KithStoreOpKind kind;
  gpointer        row;     /* (owned) the row of the kind; DELETE_*, CLEAR_*: 32 bytes of identity, unless said above */
  gboolean        was_new; /* set by the commit of ADD_MESSAGE, and whether a change had an effect */
  gboolean        was_unread; /* set by the commit of DELETE_MESSAGE */
} KithStoreOp;

/* For WE_READ, THEY_READ, NUMBERED, RECEIVED and PUT_DRAFT. */
typedef struct
{
  guint8  identity[KITH_STORE_IDENTITY_BYTES];
  guint8  id[KITH_STORE_MESSAGE_ID_BYTES]; /* THEY_READ when @seq is 0 */
  guint64 seq;
  gint64  number;                          /* WE_READ */
  gint64  time_ms;
  guint   state;                           /* what the messages get */
  char   *draft;                           /* PUT_DRAFT, nullable */
} KithStoreMark;

/* For PUT_OPTIONS. */
typedef struct
{
  guint8           identity[KITH_STORE_IDENTITY_BYTES];
  KithStoreOptions options;
} KithStoreTreatment;

typedef struct
{
  char *key;
  char *value; /* nullable: remove */
} KithStoreSetting;

typedef struct _KithStoreBatch KithStoreBatch;
typedef struct _KithStoreBroadcast KithStoreBroadcast;

KithStoreBatch    *kith_store_batch_new            (void);
KithStoreBatch    *kith_store_batch_ref            (KithStoreBatch *self);
void               kith_store_batch_unref          (KithStoreBatch *self);
guint              kith_store_batch_get_length     (KithStoreBatch *self);
KithStoreOp       *kith_store_batch_get            (KithStoreBatch *self,
                                                    guint           position);

/* Each copies the row and returns the position of the operation. */
guint              kith_store_batch_put_profile    (KithStoreBatch         *self,
                                                    const KithStoreProfile *row);
guint              kith_store_batch_put_contact    (KithStoreBatch         *self,
                                                    const KithStoreContact *row);
guint              kith_store_batch_delete_contact (KithStoreBatch *self,
                                                    const guint8    identity[KITH_STORE_IDENTITY_BYTES]);
guint              kith_store_batch_put_device     (KithStoreBatch        *self,
                                                    const KithStoreDevice *row);
guint              kith_store_batch_put_request    (KithStoreBatch         *self,
                                                    const KithStoreRequest *row);
guint              kith_store_batch_delete_request (KithStoreBatch *self,
                                                    const guint8    identity[KITH_STORE_IDENTITY_BYTES]);
guint              kith_store_batch_put_invite     (KithStoreBatch        *self,
                                                    const KithStoreInvite *row);
guint              kith_store_batch_delete_invite  (KithStoreBatch *self,
                                                    const guint8    id[KITH_STORE_INVITE_ID_BYTES]);
guint              kith_store_batch_put_broadcast  (KithStoreBatch           *self,
                                                    const KithStoreBroadcast *row);
guint              kith_store_batch_delete_broadcast (KithStoreBatch *self,
                                                      const guint8 id[KITH_STORE_MESSAGE_ID_BYTES]);
guint              kith_store_batch_add_message    (KithStoreBatch         *self,
                                                    const KithStoreMessage *row);
guint              kith_store_batch_update_message (KithStoreBatch         *self,
                                                    const KithStoreMessage *row);
guint              kith_store_batch_clear_messages (KithStoreBatch *self,
                                                    const guint8    identity[KITH_STORE_IDENTITY_BYTES]);
guint              kith_store_batch_we_read        (KithStoreBatch      *self,
                                                    const KithStoreMark *mark);
guint              kith_store_batch_they_read      (KithStoreBatch      *self,
                                                    const KithStoreMark *mark);
guint              kith_store_batch_numbered       (KithStoreBatch *self,
                                                    const guint8    identity[KITH_STORE_IDENTITY_BYTES],
                                                    guint64         next_seq);
guint              kith_store_batch_received       (KithStoreBatch      *self,
                                                    const KithStoreMark *mark);
guint              kith_store_batch_put_draft      (KithStoreBatch *self,
                                                    const guint8    identity[KITH_STORE_IDENTITY_BYTES],
                                                    const char     *draft);
guint              kith_store_batch_put_setting    (KithStoreBatch *self,
                                                    const char     *key,
                                                    const char     *value);
guint              kith_store_batch_add_act        (KithStoreBatch         *self,
                                                    const KithStoreMessage *row);
guint              kith_store_batch_act_arrived    (KithStoreBatch         *self,
                                                    const KithStoreMessage *row);
guint              kith_store_batch_edit_message   (KithStoreBatch        *self,
                                                    const KithStoreChange *change);
guint              kith_store_batch_delete_message (KithStoreBatch        *self,
                                                    const KithStoreChange *change);
guint              kith_store_batch_react          (KithStoreBatch        *self,
                                                    const KithStoreChange *change);
guint              kith_store_batch_queue_again    (KithStoreBatch         *self,
                                                    const KithStoreMessage *row);
guint              kith_store_batch_put_missing    (KithStoreBatch         *self,
                                                    const KithStoreMessage *row);
guint              kith_store_batch_put_options    (KithStoreBatch *self,
                                                    const guint8    identity[KITH_STORE_IDENTITY_BYTES],
                                                    const KithStoreOptions *options);
guint              kith_store_batch_put_transfer   (KithStoreBatch         *self,
                                                    const KithStoreMessage *row);
/* @act: (transfer full) */
guint              kith_store_batch_group          (KithStoreBatch         *self,
                                                    KithStoreGroupAct      *act);
gboolean           kith_store_batch_was_new        (KithStoreBatch *self,
                                                    guint           position);
gboolean           kith_store_batch_was_unread     (KithStoreBatch *self,
                                                    guint           position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreBatch, kith_store_batch_unref)

G_END_DECLS
