/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-bucket.h"
#include "base/kith-error.h"
#include "base/kith-timer.h"
#include "net/kith-poller.h"
#include "net/kith-session.h"
#include "proto/kith-rekey.h"

G_BEGIN_DECLS

/* The states of a session, and what takes it to the next; kith_session_set_state() is the only writer.
 *
 *   NEW      --OPEN sent (dialer), OPEN received (listener)--> OPENING
 *   OPENING  --OPEN_OK--> OPEN, or PENDING when it says so
 *   PENDING  --ACCEPT--> OPEN
 *   any      --we say BYE--> CLOSING --it is out, or 2 s--> CLOSED
 *   PENDING, OPEN  --what comes is damaged or makes no sense--> CLOSING, saying so
 *   any      --BYE, end of stream, another violation--> CLOSED
 *
 * Timers: NEW and OPENING have 10 s; PENDING and OPEN have the keepalive. */
typedef enum
{
  KITH_SESSION_NEW,
  KITH_SESSION_OPENING,
  KITH_SESSION_PENDING,
  KITH_SESSION_OPEN,
  KITH_SESSION_CLOSING,
  KITH_SESSION_CLOSED,
} KithSessionState;

/* Where a rekey stands (5.3).
 *
 *   dialer    NONE       --REKEY1--> ASKED
 *             ASKED      --REKEY2: no such root--> ASKED, once, now without one
 *             ASKED      --REKEY2--> NONE, receives under the new key; sends so after REKEY3
 *   listener  NONE       --REKEY_REQ is queued--> REQUESTED
 *             NONE, REQUESTED --REKEY1 with a root that we lack--> REFUSING --REKEY2 is out--> REFUSED
 *             NONE, REQUESTED, or REFUSED without a root --REKEY1--> ANSWERING
 *             ANSWERING  --REKEY2 is out--> ANSWERED, sends under the new key
 *             ANSWERED   --REKEY3--> NONE, receives under the new key
 *
 * Anything else ends the session. Each state but NONE has 60 s, which run on from one to the next. */
typedef enum
{
  KITH_REKEYING_NONE,
  KITH_REKEYING_REQUESTED,
  KITH_REKEYING_ASKED,
  KITH_REKEYING_REFUSING,
  KITH_REKEYING_REFUSED,
  KITH_REKEYING_ANSWERING,
  KITH_REKEYING_ANSWERED,
} KithRekeying;

/* A record on its way out. */
typedef struct
{
  KithRecordType type;
  GByteArray    *body;   /* (owned) */
  gsize          offset; /* how much of it is in frames already */
} KithOutRecord;

struct _KithSession
{
  grefcount                ref_count;
  KithChannel             *channel;   /* (owned) */
  const KithSessionEvents *events;    /* (unowned) (nullable) */
  gpointer                 user_data;
  KithSessionState         state;
  gboolean                 paused;    /* the owner is behind */
  gboolean                 reported;  /* closed was said */
  gboolean                 asks;      /* we were dialled, and answered with a request of ours (7.3) */
  KithPurpose              purpose;   /* of OPEN */
  KithError                end;       /* what the owner hears at the end of CLOSING */
  guint8                   instance[KITH_INSTANCE_BYTES]; /* the peer's */

  KithReassembler         *reassembler; /* (owned) */
  GQueue                   out;         /* (owned) KithOutRecord */
  gsize                    out_bytes;   /* of it, with the headers of the records */
  GQueue                   bulk;        /* (owned) KithOutRecord: pieces of files, behind all else */
  gsize                    bulk_bytes;  /* likewise */
  gboolean                 bulk_refused; /* somebody waits for room there */
  KithWatch               *flusher;     /* (owned) (nullable) when closed: makes frames of what is queued */
  KithTimer               *timer;       /* (owned) (nullable) */
  gint64                   started_us;
  gint64                   heard_us;
  guint                    n_unanswered; /* pings */

  /* Rekey */
  KithRekeying             rekeying;
  KithNoiseHandshake       rekey;
  gboolean                 rekey_has_root; /* what we asked for needs the pair root */
  guint32                  n_rekeys;     /* complete ones */
  KithBucket               rekeys;       /* that the peer wanted */
  gint64                   rekeyed_us;
  gint64                   traffic_us;   /* the first use of the present keys; 0 for none */
  KithTimer               *rekey_timer;  /* (owned) (nullable) */
  guint8                   bind_exporter[KITH_KEY_BYTES]; /* of the first handshake */
  gboolean                 derived;      /* a pair root from it, which is then wiped */
  guint8                   sas_key[KITH_KEY_BYTES]; /* from it, for words to compare */
  guint8                   first_hash[KITH_HASH_BYTES];
  guint8                   group_key[KITH_KEY_BYTES]; /* likewise, for the names of groups */
};

void     kith_session_fail            (KithSession   *self,
                                       KithError      code,
                                       const char    *message);
void     kith_session_break           (KithSession   *self,
                                       const char    *message);
void     kith_session_queue           (KithSession   *self,
                                       KithRecordType type,
                                       const guint8  *body,
                                       gsize          len);

/* kith-session.c */
KithLocal *kith_session_get_local     (KithSession     *self);
void     kith_session_set_state       (KithSession     *self,
                                       KithSessionState state);
gint64   kith_session_now_us          (KithSession     *self);

/* kith-session-keepalive.c */
void     kith_session_keepalive_start (KithSession     *self);
void     kith_session_send_ping       (KithSession     *self,
                                       KithRecordType   type,
                                       guint64          token);

/* kith-session-send.c and -receive.c: the events of the channel, and of the loop */
void     kith_session_flush           (GIOCondition     ready,
                                       gpointer         user_data);
void     kith_session_drained         (gpointer         user_data);
gboolean kith_session_frame           (const guint8    *plaintext,
                                       gsize            len,
                                       gpointer         user_data);
void     kith_session_drop_bulk       (KithSession     *self);
void     kith_out_record_free         (KithOutRecord   *record);

/* kith-session-rekey.c */
void     kith_session_mark_traffic    (KithSession   *self);
void     kith_session_rekey_start     (KithSession   *self,
                                       gboolean       with_root);
void     kith_session_rekey_if_due    (KithSession   *self);
gboolean kith_session_rekey_receive   (KithSession   *self,
                                       KithRecordType type,
                                       const guint8  *body,
                                       gsize          len);
void     kith_session_rekey_sent      (KithSession   *self,
                                       KithRecordType type);
void     kith_session_rekey_clear     (KithSession   *self);

G_END_DECLS
