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
#define KITH_STORE_INVITE_ID_BYTES 8

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
  char       *note;  /* nullable */
  guint       verified; /* how; 0 = not */
  gboolean    blocked;
  gboolean    favourite;
  gint64      added_ms;
  gint64      last_seen_ms;
  KithSecret *pair_root;     /* nullable, 32 bytes */
  gint64      pair_root_ms;  /* when it was made */
  KithSecret *old_pair_root; /* nullable: accepted for 60 days after a renewal */
  guint64     next_seq;      /* the number our next message gets */
  guint8      received_device[KITH_STORE_DEVICE_BYTES]; /* whose numbers the next two are */
  guint64     received_seq;  /* every number of theirs up to this one has arrived */
  guint64     read_seq;      /* and every one up to this has been seen by the user */
  KithEndpoint endpoints[KITH_STORE_MAX_ENDPOINTS];
  guint       n_endpoints;
  guint64     found_seq;     /* of the newest value of theirs that was accepted from the DHT */
  gint64      verified_ms;   /* when; 0 = not, or not known */
  guint       sas_failures;  /* comparisons of words that did not end well ... */
  gint64      sas_failed_ms; /* ... in the day that began then */
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

/* A one-time invite: one of ours, or one of somebody else's that we are using. */
typedef struct
{
  guint8      id[KITH_STORE_INVITE_ID_BYTES];
  gboolean    ours;
  char       *link;      /* a secret */
  KithSecret *reply_key; /* nullable: the private key of ours, 32 bytes */
  char       *note;      /* ours: for whom it is; theirs: what we say in the request */
  gint64      created_ms, expires_ms;
  guint       state;
  gboolean    has_peer;
  guint8      peer[KITH_STORE_IDENTITY_BYTES]; /* ours: who used it; theirs: who made it */
  gboolean    misused;
} KithStoreInvite;

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
  gboolean broadcast; /* one of several that went to several people */
} KithStoreMessage;

/* A place in a conversation: everything before (hlc, id). hlc G_MAXUINT64 = from the newest. */
typedef struct
{
  guint8  identity[KITH_STORE_IDENTITY_BYTES];
  guint64 hlc;
  guint8  id[KITH_STORE_MESSAGE_ID_BYTES];
} KithStoreCursor;

/* What is known of a conversation before any of it is loaded. */
typedef struct
{
  guint8            identity[KITH_STORE_IDENTITY_BYTES];
  char             *draft;    /* nullable */
  guint             n_unread; /* received and not yet seen */
  gint64            last_number; /* of the newest row; 0 = none. For KithStoreMark */
  KithStoreMessage *last;     /* nullable: the newest message */
} KithStoreConversation;

typedef struct
{
  KithStoreProfile *profile;       /* nullable */
  GPtrArray        *contacts;      /* (element-type KithStoreContact) */
  GPtrArray        *devices;       /* (element-type KithStoreDevice) */
  GPtrArray        *requests;      /* (element-type KithStoreRequest) */
  GPtrArray        *invites;       /* (element-type KithStoreInvite), oldest first */
  GPtrArray        *outbox;        /* (element-type KithStoreMessage), oldest first */
  GPtrArray        *conversations; /* (element-type KithStoreConversation) */
  GHashTable       *settings;      /* key -> value */
} KithStoreSnapshot;

/* A page of a conversation. */
typedef enum
{
  KITH_STORE_BEFORE, /* older than the cursor, the nearest */
  KITH_STORE_FROM,   /* the cursor's place and newer */
  KITH_STORE_AFTER,  /* newer than the cursor, the nearest */
} KithStoreSide;

/* Where a search found something. */
typedef struct
{
  KithStoreMessage *message; /* (owned) */
  char             *snippet; /* (owned): a line around the match */
  guint            *ranges;  /* (owned): pairs of start and end in bytes of the snippet */
  guint             n_ranges;
} KithStoreHit;

KithStoreProfile  *kith_store_profile_copy  (const KithStoreProfile *self);
void               kith_store_profile_free  (KithStoreProfile *self);
KithStoreContact  *kith_store_contact_copy  (const KithStoreContact *self);
void               kith_store_contact_free  (KithStoreContact *self);
KithStoreDevice   *kith_store_device_copy   (const KithStoreDevice *self);
void               kith_store_device_free   (KithStoreDevice *self);
KithStoreRequest  *kith_store_request_copy  (const KithStoreRequest *self);
void               kith_store_request_free  (KithStoreRequest *self);
KithStoreInvite   *kith_store_invite_copy   (const KithStoreInvite *self);
void               kith_store_invite_free   (KithStoreInvite *self);
KithStoreMessage  *kith_store_message_copy  (const KithStoreMessage *self);
void               kith_store_message_free  (KithStoreMessage *self);
void               kith_store_conversation_free (KithStoreConversation *self);
void               kith_store_hit_free      (KithStoreHit *self);
KithStoreSnapshot *kith_store_snapshot_new  (void);
void               kith_store_snapshot_free (KithStoreSnapshot *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreProfile, kith_store_profile_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreContact, kith_store_contact_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreDevice, kith_store_device_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreRequest, kith_store_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreInvite, kith_store_invite_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreMessage, kith_store_message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreConversation, kith_store_conversation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreHit, kith_store_hit_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreSnapshot, kith_store_snapshot_free)

G_END_DECLS
