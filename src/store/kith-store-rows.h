/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-endpoint.h"
#include "base/kith-secret.h"

G_BEGIN_DECLS

#define KITH_STORE_IDENTITY_BYTES 32
#define KITH_STORE_DEVICE_BYTES 8
#define KITH_STORE_CERTIFICATE_BYTES 159
#define KITH_STORE_MESSAGE_ID_BYTES 16
#define KITH_STORE_MAX_ENDPOINTS 8

/* The rows of the store, as plain structs: the store knows no model, the model no store. Every
 * pointer in a row is owned by it; *_free() accepts NULL and wipes secrets. Enumerations are
 * stored as the numbers the node gives them. */

typedef struct
{
  char       *name;
  KithSecret *identity_seed; /* Ed25519 seed, 32 bytes */
  KithSecret *device_key;    /* X25519 private key, 32 bytes */
  guint8      certificate[KITH_STORE_CERTIFICATE_BYTES];
} KithStoreProfile;

typedef struct
{
  guint8      identity[KITH_STORE_IDENTITY_BYTES];
  guint       relation;
  char       *name;  /* nullable */
  char       *alias; /* nullable */
  gboolean    verified;
  gboolean    blocked;
  gint64      added_ms;
  gint64      last_seen_ms;
  KithSecret *pair_root;     /* nullable, 32 bytes */
  gint64      pair_root_ms;  /* when it was made */
  KithSecret *old_pair_root; /* nullable: accepted for 60 days after a renewal */
  guint64     next_seq;      /* the number our next message gets */
  guint64     received_seq;  /* every number of theirs up to this one has arrived */
  guint64     read_seq;      /* and every one up to this has been seen by the user */
  KithEndpoint endpoints[KITH_STORE_MAX_ENDPOINTS];
  guint       n_endpoints;
} KithStoreContact;

/* The highest certificate seen of one device of a peer (protocol 2). */
typedef struct
{
  guint8  identity[KITH_STORE_IDENTITY_BYTES];
  guint8  device[KITH_STORE_DEVICE_BYTES];
  guint32 seq;
  guint8  device_key[32];
} KithStoreDevice;

typedef struct
{
  guint8 identity[KITH_STORE_IDENTITY_BYTES];
  char  *name;
  char  *text;
  gint64 time_ms;
  KithEndpoint endpoints[KITH_STORE_MAX_ENDPOINTS];
  guint  n_endpoints;
} KithStoreRequest;

typedef struct
{
  guint8   id[KITH_STORE_MESSAGE_ID_BYTES];
  guint8   identity[KITH_STORE_IDENTITY_BYTES]; /* the conversation */
  gboolean outgoing;
  guint64  seq;
  guint64  hlc;
  gint64   time_ms;
  guint    state;
  gint64   sent_ms, delivered_ms, read_ms; /* incoming: read_ms = when the user saw it, 0 = unread */
  char    *reason; /* nullable */
  char    *text;
} KithStoreMessage;

/* A place in a conversation: everything before (hlc, id). hlc G_MAXUINT64 = from the newest. */
typedef struct
{
  guint8  identity[KITH_STORE_IDENTITY_BYTES];
  guint64 hlc;
  guint8  id[KITH_STORE_MESSAGE_ID_BYTES];
} KithStoreCursor;

typedef struct
{
  KithStoreProfile *profile;  /* nullable */
  GPtrArray        *contacts; /* (element-type KithStoreContact) */
  GPtrArray        *devices;  /* (element-type KithStoreDevice) */
  GPtrArray        *requests; /* (element-type KithStoreRequest) */
  GPtrArray        *outbox;   /* (element-type KithStoreMessage), oldest first in each conversation */
  GPtrArray        *messages; /* (element-type KithStoreMessage): the newest of each conversation and
                               * every unread one, oldest first */
} KithStoreSnapshot;

KithStoreProfile  *kith_store_profile_copy  (const KithStoreProfile *self);
void               kith_store_profile_free  (KithStoreProfile *self);
KithStoreContact  *kith_store_contact_copy  (const KithStoreContact *self);
void               kith_store_contact_free  (KithStoreContact *self);
KithStoreDevice   *kith_store_device_copy   (const KithStoreDevice *self);
void               kith_store_device_free   (KithStoreDevice *self);
KithStoreRequest  *kith_store_request_copy  (const KithStoreRequest *self);
void               kith_store_request_free  (KithStoreRequest *self);
KithStoreMessage  *kith_store_message_copy  (const KithStoreMessage *self);
void               kith_store_message_free  (KithStoreMessage *self);
void               kith_store_snapshot_free (KithStoreSnapshot *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreProfile, kith_store_profile_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreContact, kith_store_contact_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreDevice, kith_store_device_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreRequest, kith_store_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreMessage, kith_store_message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreSnapshot, kith_store_snapshot_free)

/* --- Batches -------------------------------------------------------------------------------- */

typedef enum
{
  KITH_STORE_OP_PUT_PROFILE,
  KITH_STORE_OP_PUT_CONTACT,
  KITH_STORE_OP_DELETE_CONTACT, /* with its messages and devices */
  KITH_STORE_OP_PUT_DEVICE,
  KITH_STORE_OP_PUT_REQUEST,
  KITH_STORE_OP_DELETE_REQUEST,
  KITH_STORE_OP_ADD_MESSAGE,    /* unless (identity, outgoing, id) is known, for 90 days at least */
  KITH_STORE_OP_UPDATE_MESSAGE, /* state, reason and times of a known one */
} KithStoreOpKind;

typedef struct
{
  KithStoreOpKind kind;
  gpointer        row;     /* (owned) the row of the kind; DELETE_*: 32 bytes of identity */
  gboolean        was_new; /* set by the commit of ADD_MESSAGE */
} KithStoreOp;

typedef struct _KithStoreBatch KithStoreBatch;

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
guint              kith_store_batch_add_message    (KithStoreBatch         *self,
                                                    const KithStoreMessage *row);
guint              kith_store_batch_update_message (KithStoreBatch         *self,
                                                    const KithStoreMessage *row);
gboolean           kith_store_batch_was_new        (KithStoreBatch *self,
                                                    guint           position);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreBatch, kith_store_batch_unref)

G_END_DECLS
