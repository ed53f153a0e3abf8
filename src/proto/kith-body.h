/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "base/kith-endpoint.h"
#include "base/kith-limits.h"
#include "base/kith-sizes.h"
#include "proto/kith-hash.h"
#include "proto/kith-group-keys.h"
#include "proto/kith-invite.h"
#include "proto/kith-pair.h"
#include "proto/kith-sas.h"

G_BEGIN_DECLS

/* The bodies of records (kith.proto) as plain structs. unpack() is where what a peer sent is
 * checked, once and for all: sizes, numbers, UTF-8, names and texts fit to be shown. After a
 * failed unpack() the struct is empty. Owned strings are freed by clear(). */

#define KITH_INSTANCE_BYTES 8

typedef struct
{
  guint8 bytes[KITH_MESSAGE_ID_BYTES];
} KithMessageId;

typedef enum
{
  KITH_PURPOSE_CONTACT = 0,
  KITH_PURPOSE_REQUEST = 1,
  KITH_PURPOSE_INVITE = 2, /* a request with the proof that the invite is in their hands */
  KITH_PURPOSE_GROUP = 3,  /* what groups need and nothing else: co-members, or who has a group's link */
} KithPurpose;

typedef enum
{
  KITH_BYE_SHUTDOWN = 0,
  KITH_BYE_NOT_CONTACT = 1,
  KITH_BYE_DUPLICATE = 2,
  KITH_BYE_PROTOCOL = 3,
  KITH_BYE_TIMEOUT = 4,
  KITH_BYE_REKEY = 5,
  KITH_BYE_BUSY = 6,
  KITH_BYE_GARBLED = 7,
  KITH_BYE_OTHER_DEVICE = 8,
} KithByeReason;

typedef enum
{
  KITH_ACK_DELIVERED = 0,
  KITH_ACK_READ = 1,
} KithAckKind;

typedef struct
{
  KithEndpoint items[KITH_LIMIT_ENDPOINTS];
  guint        n;
} KithEndpoints;

/* The name of a group in one session. */
typedef struct
{
  guint8 bytes[KITH_GROUP_BLIND_BYTES];
} KithGroupName;

/* OPEN, OPEN_OK and ACCEPT: fields that a record does not have stay empty. */
typedef struct
{
  guint8        bind[KITH_BIND_BYTES];
  guint8        instance[KITH_INSTANCE_BYTES];
  KithPurpose   purpose;
  gboolean      pending;
  char         *name; /* (nullable): sanitised */
  char         *text; /* (nullable): sanitised */
  KithEndpoints endpoints;
  gboolean      has_invite; /* always with KITH_PURPOSE_INVITE, perhaps with KITH_PURPOSE_GROUP */
  guint8        invite_id[KITH_INVITE_ID_BYTES];
  guint8        invite_proof[KITH_INVITE_PROOF_BYTES];
  guint16       dht_port; /* UDP; 0 = none */
  gboolean      hidden;   /* wants to be shown as absent */
  KithGroupName groups[KITH_LIMIT_GROUPS_SHARED]; /* of KITH_PURPOSE_GROUP, and of GROUP_SHARED */
  guint         n_groups;
} KithBodyOpen;

/* What a MSG is about. Those above KITH_CONTENT_TEXT say something of an earlier message, but for
 * the timer and the invitation to a group. */
typedef enum
{
  KITH_CONTENT_UNKNOWN, /* of a later version */
  KITH_CONTENT_TEXT,
  KITH_CONTENT_EDIT,
  KITH_CONTENT_DELETE,
  KITH_CONTENT_REACTION,
  KITH_CONTENT_TIMER,
  KITH_CONTENT_FILE,
  KITH_CONTENT_GROUP_INVITE,
} KithContent;

/* What is offered (section 11). What stands behind list_bytes are hints. */
typedef struct
{
  guint8  root[KITH_HASH_BYTES];
  guint64 size;
  char   *name;       /* sanitised, never empty */
  guint32 list_bytes; /* of a folder: how long the list at its beginning is; 0 = it is a file */
  char   *media_type; /* (nullable): two words with a slash between them */
  guint   width, height; /* 0 = not said */
  guint   duration_ms;
  guint8  waveform[KITH_WAVEFORM_BYTES];
  guint   n_waveform;
} KithBodyFile;

typedef struct
{
  KithMessageId id;
  guint64       seq;
  guint64       hlc;
  guint32       ttl_s;  /* of TEXT: how long it is kept; of TIMER: how long all are from now on */
  gboolean      broadcast; /* the same text went to several people, each in private */
  gboolean      quiet;  /* of UNKNOWN: nothing that has to be shown */
  KithContent   content;
  gboolean      has_target;
  KithMessageId target; /* of TEXT and FILE: what it answers, if any; else what is edited, deleted, reacted to */
  char         *text;   /* (nullable): of TEXT and EDIT; of REACTION: the emoji, empty = none; of
                         * GROUP_INVITE: kith_group_invitation_encode() */
  KithBodyFile *file;   /* (nullable): of FILE */
} KithBodyMsg;

/* RESEND: a request, or with @gone its answer. */
typedef struct
{
  guint64  from, to;
  gboolean gone;
} KithBodyResend;

typedef struct
{
  KithAckKind   kind;
  KithMessageId ids[KITH_LIMIT_ACK_IDS];
  guint         n_ids;
  guint64       up_to_seq;
} KithBodyAck;

typedef enum
{
  KITH_DIAL_REACHED = 0,
  KITH_DIAL_REFUSED = 1,
  KITH_DIAL_TIMEOUT = 2,
  KITH_DIAL_UNREACHABLE = 3,
  KITH_DIAL_SOMEBODY_ELSE = 4,
  KITH_DIAL_NOT_TRIED = 5,
} KithDialResult;

typedef struct
{
  KithEndpoint   endpoint;
  KithDialResult result;
} KithDialTry;

/* DIAL_BACK has a token and endpoints, DIAL_BACK_RESULT the token, tries and what was seen. */
typedef struct
{
  guint64      token;
  KithDialTry  tries[KITH_LIMIT_ENDPOINTS];
  guint        n_tries;
  KithEndpoint seen; /* from where the session comes, port 0; family 0 = not said */
} KithBodyDialBack;

typedef enum
{
  KITH_SAS_NONE = 0,
  KITH_SAS_SAME = 1,
  KITH_SAS_DIFFERENT = 2,
  KITH_SAS_GIVEN_UP = 3,
} KithSasOutcome;

/* SAS_COMMIT, SAS_REPLY and SAS_REVEAL: a value, or instead of it an outcome. */
typedef struct
{
  guint64        attempt;
  guint8         value[KITH_SAS_BYTES];
  KithSasOutcome outcome;
} KithBodySas;

typedef enum
{
  KITH_FILE_LEAVES = 0,
  KITH_FILE_CHUNKS = 1,
} KithFileWhat;

/* FILE_GET */
typedef struct
{
  guint8       root[KITH_HASH_BYTES];
  guint32      request;
  KithFileWhat what;
  guint32      from, count; /* count from 1; the sum is no more than 32 bits */
  gboolean      has_offer;
  KithMessageId offer; /* without one: any of theirs that has this root */
} KithBodyFileGet;

#define KITH_FILE_PART_HEAD_BYTES 8

/* FILE_LEAVES, FILE_CHUNK: a part of what was asked for. */
typedef struct
{
  guint32       request;
  guint32       from; /* number of the piece, or of the first leaf */
  const guint8 *data; /* (unowned): in the body */
  gsize         len;
} KithBodyFilePart;

typedef enum
{
  KITH_FILE_GONE = 0,
  KITH_FILE_CHANGED = 1,
  KITH_FILE_PAUSED = 2,
  KITH_FILE_READY = 3,
  KITH_FILE_DONE = 4,
  KITH_FILE_DECLINED = 5,
  KITH_FILE_CANCELLED = 6,
  KITH_FILE_HEARD = 7,
  KITH_FILE_STATUS_UNKNOWN, /* of a later version */
} KithFileStatus;

/* FILE_STATE */
typedef struct
{
  guint8         root[KITH_HASH_BYTES];
  KithFileStatus status;
  gboolean       has_offer;
  KithMessageId  offer; /* without one: all that offer this root */
} KithBodyFileState;

GByteArray *kith_body_open_pack      (const KithBodyOpen *self);
gboolean    kith_body_open_unpack    (KithBodyOpen       *self,
                                      const guint8       *data,
                                      gsize               len);
GByteArray *kith_body_open_ok_pack   (const KithBodyOpen *self);
gboolean    kith_body_open_ok_unpack (KithBodyOpen       *self,
                                      const guint8       *data,
                                      gsize               len);
GByteArray *kith_body_accept_pack    (const KithBodyOpen *self);
gboolean    kith_body_accept_unpack  (KithBodyOpen       *self,
                                      const guint8       *data,
                                      gsize               len);
void        kith_body_open_clear     (KithBodyOpen       *self);

GByteArray *kith_body_profile_pack   (const char         *name);
gboolean    kith_body_profile_unpack (char              **name,
                                      const guint8       *data,
                                      gsize               len);
GByteArray *kith_body_bye_pack       (KithByeReason       reason);
gboolean    kith_body_bye_unpack     (KithByeReason      *reason,
                                      const guint8       *data,
                                      gsize               len);
GByteArray *kith_body_ping_pack      (guint64             token);
gboolean    kith_body_ping_unpack    (guint64            *token,
                                      const guint8       *data,
                                      gsize               len);
GByteArray *kith_body_pair_pack      (const guint8        r[KITH_PAIR_BYTES]);
gboolean    kith_body_pair_unpack    (guint8              r[KITH_PAIR_BYTES],
                                      const guint8       *data,
                                      gsize               len);

GByteArray *kith_body_typing_pack    (gboolean            on);
gboolean    kith_body_typing_unpack  (gboolean           *on,
                                      const guint8       *data,
                                      gsize               len);
GByteArray *kith_body_presence_pack  (gboolean            hidden);
gboolean    kith_body_presence_unpack (gboolean          *hidden,
                                       const guint8      *data,
                                       gsize              len);

GByteArray *kith_body_endpoints_pack (const KithEndpoints *endpoints,
                                      guint16              dht_port);
gboolean    kith_body_endpoints_unpack (KithEndpoints     *endpoints,
                                        guint16           *dht_port,
                                        const guint8      *data,
                                        gsize              len);
GByteArray *kith_body_dial_back_pack (const KithBodyDialBack *self);
gboolean    kith_body_dial_back_unpack (KithBodyDialBack   *self,
                                        const guint8       *data,
                                        gsize               len);
GByteArray *kith_body_dial_back_result_pack (const KithBodyDialBack *self);
gboolean    kith_body_dial_back_result_unpack (KithBodyDialBack *self,
                                               const guint8     *data,
                                               gsize             len);

GByteArray *kith_body_msg_pack       (const KithBodyMsg  *self);
gboolean    kith_body_msg_unpack     (KithBodyMsg        *self,
                                      const guint8       *data,
                                      gsize               len);
void        kith_body_msg_clear      (KithBodyMsg        *self);
GByteArray *kith_body_resend_pack    (const KithBodyResend *self);
gboolean    kith_body_resend_unpack  (KithBodyResend     *self,
                                      const guint8       *data,
                                      gsize               len);
GByteArray *kith_body_ack_pack       (const KithBodyAck  *self);
gboolean    kith_body_ack_unpack     (KithBodyAck        *self,
                                      const guint8       *data,
                                      gsize               len);

GByteArray *kith_body_sas_pack       (const KithBodySas  *self);
gboolean    kith_body_sas_unpack     (KithBodySas        *self,
                                      const guint8       *data,
                                      gsize               len);

void        kith_body_file_free      (KithBodyFile       *self);
GByteArray *kith_body_file_get_pack  (const KithBodyFileGet *self);
gboolean    kith_body_file_get_unpack (KithBodyFileGet   *self,
                                       const guint8      *data,
                                       gsize              len);
GByteArray *kith_body_file_part_new (guint32             request,
                                      guint32             from,
                                      gsize               len);
gboolean    kith_body_file_chunk_unpack (KithBodyFilePart *self,
                                         const guint8     *data,
                                         gsize             len);
gboolean    kith_body_file_leaves_unpack (KithBodyFilePart *self,
                                          const guint8     *data,
                                          gsize             len);
GByteArray *kith_body_file_state_pack (const KithBodyFileState *self);
gboolean    kith_body_file_state_unpack (KithBodyFileState *self,
                                         const guint8      *data,
                                         gsize              len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithBodyFile, kith_body_file_free)
/* GROUP_SHARED: @self has nothing but groups. */
GByteArray *kith_body_group_shared_pack (const KithBodyOpen *self);
gboolean    kith_body_group_shared_unpack (KithBodyOpen   *self,
                                           const guint8   *data,
                                           gsize           len);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithBodyOpen, kith_body_open_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KithBodyMsg, kith_body_msg_clear)

G_END_DECLS
