/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-endpoint.h"
#include "base/kith-secret.h"
#include "base/kith-sizes.h"

G_BEGIN_DECLS

#define KITH_STORE_IDENTITY_BYTES KITH_IDENTITY_BYTES
#define KITH_STORE_DEVICE_BYTES 8
#define KITH_STORE_CERTIFICATE_BYTES 159
#define KITH_STORE_MESSAGE_ID_BYTES KITH_MESSAGE_ID_BYTES
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
  guint8      received_device[KITH_STORE_DEVICE_BYTES]; /* whose numbers the next three are */
  guint64     received_seq;  /* every number of theirs up to this one has arrived */
  guint64     heard_seq;     /* the highest that came while some before it were missing */
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

/* What a row is. The first three and the last have a place in the conversation; the others say something
 * of a message, or invite to a group, and are kept in the outbox only until they have arrived. */
typedef enum
{
  KITH_STORE_KIND_TEXT,
  KITH_STORE_KIND_TIMER,   /* ttl_s: how long messages are kept from now on */
  KITH_STORE_KIND_MISSING, /* n_missing numbers of theirs from seq on; reason: not asked for any more */
  KITH_STORE_KIND_EDIT,    /* reply_to: the message; text: its new one */
  KITH_STORE_KIND_DELETE,  /* reply_to: the message */
  KITH_STORE_KIND_REACTION, /* reply_to: the message; text: the emoji, empty = none */
  KITH_STORE_KIND_GROUP_INVITE, /* for the outbox: text: the invitation */
  KITH_STORE_KIND_EVENT,    /* a line of a group: event, event_who, event_by, text */
} KithStoreKind;

typedef enum
{
  KITH_STORE_KEPT,
  KITH_STORE_DELETED, /* taken back by who wrote it: shown as that */
  KITH_STORE_GONE,    /* not shown; only its id is kept, and until it has arrived what it says */
} KithStoreDeletion;

/* Of the message that is answered, if it is there. */
typedef enum
{
  KITH_STORE_QUOTE_NOT_LOADED,
  KITH_STORE_QUOTE_NONE, /* it is not there */
  KITH_STORE_QUOTE_FOUND,
  KITH_STORE_QUOTE_DELETED,
} KithStoreQuote;

#define KITH_STORE_ROOT_BYTES 32
#define KITH_STORE_WAVEFORM_BYTES KITH_WAVEFORM_BYTES

/* Of the states of a transfer the store knows these; the others are KithTransferState's business. */
#define KITH_STORE_TRANSFER_OFFERED 1
#define KITH_STORE_TRANSFER_DONE 5
#define KITH_STORE_TRANSFER_FAILED 6
#define KITH_STORE_TRANSFER_CANCELLED 7
#define KITH_STORE_TRANSFER_DECLINED 8

/* A file or folder that a message offers. Its text is the name. */
typedef struct
{
  guint8   root[KITH_STORE_ROOT_BYTES];
  guint64  size;
  guint32  list_bytes; /* of a folder; 0 = it is a file */
  char    *name;
  char    *media_type; /* nullable */
  guint    width, height, duration_ms;
  guint8   waveform[KITH_STORE_WAVEFORM_BYTES];
  guint    n_waveform;
  guint    n_files;    /* of a folder, when that is known */
  guint    state;
  gboolean live;       /* in every snapshot */
  gboolean told;       /* the other side has heard how it ended */
  gboolean kept;       /* our content is in the store */
  GBytes  *content;    /* nullable: that, when the message is added, and only then */
  char    *path;       /* nullable: what we send; where theirs is written, or was */
  gint64   mtime_us;   /* of what we send */
  char    *target;     /* nullable: where the user wants theirs */
  guint64  done_bytes;
  char    *error;      /* nullable: the name of a KithError */
} KithStoreTransfer;
/* What a member of a group says to a message. */
typedef struct
{
  guint8 author[KITH_STORE_IDENTITY_BYTES]; /* an identity key */
  char  *emoji;
} KithStoreReaction;

typedef struct
{
  guint8   id[KITH_STORE_MESSAGE_ID_BYTES];
  guint8   identity[KITH_STORE_IDENTITY_BYTES]; /* the conversation: a contact or a group */
  gboolean outgoing;
  guint64  seq;
  guint64  hlc;
  gint64   time_ms;
  guint    state;
  gint64   sent_ms, delivered_ms, read_ms; /* incoming: read_ms = when the user saw it, 0 = unread */
  char    *reason; /* nullable */
  char    *text;
  gboolean broadcast; /* one of several that went to several people */
  KithStoreKind     kind;
  gboolean          has_reply_to;
  guint8            reply_to[KITH_STORE_MESSAGE_ID_BYTES];
  gint64            edited_ms;
  KithStoreDeletion deletion;
  guint32           ttl_s;
  gint64            expires_ms;
  guint             n_missing;
  char             *my_reaction;    /* nullable */
  char             *their_reaction; /* nullable */
  KithStoreTransfer *file;          /* nullable: of kind TEXT */
  gboolean          has_author;     /* in a group: who wrote it, and their key in it */
  guint8            author[KITH_STORE_IDENTITY_BYTES];
  gboolean          has_author_key;
  guint8            author_key[KITH_STORE_IDENTITY_BYTES];
  char             *event;          /* nullable: what happened, of EVENT */
  gboolean          has_event_who;  /* if not, it is ourselves, and likewise the next */
  guint8            event_who[KITH_STORE_IDENTITY_BYTES];
  gboolean          has_event_by;
  guint8            event_by[KITH_STORE_IDENTITY_BYTES];
  gboolean          mention;        /* it names us */
  gboolean          late;
  GPtrArray        *reactions;      /* nullable: KithStoreReaction, in a group; only read */
  KithStoreQuote    quote;          /* not stored, and neither are the rest */
  gboolean          quote_outgoing;
  const guint8     *quote_author;   /* nullable: points into the row */
  guint8            quote_author_bytes[KITH_STORE_IDENTITY_BYTES];
  char             *quote_text;     /* nullable */
  gboolean          maybe_sent;     /* a session may have had it; of MISSING: this one was asked */
  gboolean          deletes_waiting; /* DELETE: it has marked what waits in the outbox; not stored */
  gboolean          hidden;         /* of ours: deleted here, and still to arrive there */
  gboolean          withdrawn;      /* of ours: it goes with the history that is being cleared; not stored */
} KithStoreMessage;

/* A change of one message that is stored. */
typedef struct
{
  guint8            identity[KITH_STORE_IDENTITY_BYTES];
  guint8            id[KITH_STORE_MESSAGE_ID_BYTES];
  gboolean          outgoing; /* whose message it is; REACT: whose reaction */
  guint64           hlc;      /* older changes of the same sort have no effect; 0 = in any case */
  gint64            time_ms;
  char             *text;     /* (nullable): EDIT_MESSAGE: the new one; REACT: the emoji */
  KithStoreDeletion deletion; /* DELETE_MESSAGE */
  gboolean          hide;     /* DELETE_MESSAGE: what it says is kept, because it still has to arrive */
  gboolean          remember; /* DELETE_MESSAGE: also one that never came is kept from coming */
  gboolean          has_author; /* only if it was written with this key: in a group */
  guint8            author_key[KITH_STORE_IDENTITY_BYTES];
} KithStoreChange;

/* How a conversation is treated. */
typedef struct
{
  guint32  ttl_s;
  guint64  ttl_hlc; /* of the last change of that */
  gint64   muted_until_ms;
  gboolean pinned;
  gboolean archived;
  gboolean marked_unread;
} KithStoreOptions;

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
  KithStoreOptions  options;
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
  GPtrArray        *transfers;     /* (element-type KithStoreMessage): those whose file is live */
  GPtrArray        *groups;        /* (element-type KithStoreGroup), oldest first */
  GPtrArray        *missing;       /* (element-type KithStoreMessage): lines, by conversation and seq */
  gint64            next_expiry_ms; /* 0 = nothing disappears */
} KithStoreSnapshot;

/* A page of a conversation. */
typedef enum
{
  KITH_STORE_LAST,   /* as BEFORE, but messages only and no lines */
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
KithStoreTransfer *kith_store_transfer_copy (const KithStoreTransfer *self);
void               kith_store_transfer_free (KithStoreTransfer *self);
void               kith_store_change_free   (KithStoreChange *self);
void               kith_store_conversation_free (KithStoreConversation *self);
void               kith_store_hit_free      (KithStoreHit *self);
KithStoreSnapshot *kith_store_snapshot_new  (void);
void               kith_store_snapshot_free (KithStoreSnapshot *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreProfile, kith_store_profile_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreContact, kith_store_contact_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreDevice, kith_store_device_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreRequest, kith_store_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreInvite, kith_store_invite_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreTransfer, kith_store_transfer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreMessage, kith_store_message_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreConversation, kith_store_conversation_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreHit, kith_store_hit_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithStoreSnapshot, kith_store_snapshot_free)

G_END_DECLS
