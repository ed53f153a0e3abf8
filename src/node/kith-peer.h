/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-bucket.h"
#include "base/kith-quota.h"
#include "base/kith-timer.h"
#include "model/kith-contact.h"
#include "model/kith-conversation.h"
#include "net/kith-backoff.h"
#include "net/kith-session.h"
#include "node/kith-awaited.h"
#include "node/kith-chat.h"
#include "node/kith-gaps.h"
#include "node/kith-meeting.h"
#include "node/kith-message-queue.h"
#include "node/kith-node.h"
#include "node/kith-routes.h"
#include "store/kith-store.h"

G_BEGIN_DECLS

typedef struct _KithVerification KithVerification;

/**
 * KithPeer: (skip)
 *
 * What the node knows and does about one contact: the stored row, the models that the faces see,
 * the session, the outbox and the dialling. Reference counted, because commits and dials that are
 * under way hold on to it; one that was removed meanwhile is marked so.
 */
struct _KithPeer
{
  KithNode         *node;         /* (unowned): the node outlives the use of its peers */
  KithStoreContact *row;          /* (owned) */
  KithContact      *contact;      /* (owned) */
  KithChat         *chat;         /* (owned) */
  KithConversation *conversation; /* (owned): that of @chat */
  gboolean          removed;
  GQueue            edits;        /* (unowned) of the row, on their way to the store: kith-node-edit.c */
  gboolean          has_unstored_block;

  /* The session, open or pending: kith-peer-session.c */
  KithSession      *session;      /* (owned) (nullable) */
  guint8            pair_mine[KITH_PAIR_BYTES]; /* kith-pairing.c */
  guint8            pair_theirs[KITH_PAIR_BYTES];
  gboolean          pair_sent;    /* in this session */
  gboolean          paired;       /* theirs has come in it */
  gboolean          accepted;     /* ACCEPT has come in it */
  KithVerification *verification; /* (owned) (nullable): words that are being compared in it */
  KithQuota         words_asked; /* how often they have asked for them */

  /* Groups: kith-group-session.c */
  gboolean          group_only;   /* the session is for groups and nothing else */
  gboolean          is_passer_by; /* came with a link to a group, and nobody else knows them */
  gboolean          not_wanted;   /* as a contact: they have said so since the program runs */
  struct _KithGroupSession *groups; /* (owned) (nullable): what of them flows on the session */

  /* What they let us see of themselves: kith-node-presence.c */
  gboolean          hidden;       /* they want to be shown as absent */
  KithBucket        typing_bucket; /* how often they may say that they write, or no longer */
  KithTimer        *typing_timer; /* (owned) (nullable): until they no longer count as writing */
  gint64            typing_us;    /* monotonic: when we last said that we write; 0 = not said */

  /* Messages: kith-messenger.c */
  KithMessageQueue  queued;       /* for the session to take, by seq */
  KithMessageQueue  sent;         /* that it has taken, by seq; our user wrote them, and each waits for its receipt
                                   * in one of these two: no peer makes them more */
  KithAwaitedQueue  unread;       /* delivered and not yet read, of what came since the start or a view has loaded */
  guint             n_sending;    /* messages of ours on their way to the store */
  guint64           failed_seq;   /* the first of them that could not be stored; 0 = none */
  guint             n_committing; /* what they sent, on its way to the store */
  GCancellable     *receiving;    /* (owned): of those */
  GArray           *arrived;      /* (owned) KithMessageId to acknowledge in this turn */
  KithTimer        *ack_timer;    /* (owned) (nullable): until the turn is over */
  KithGaps         *gaps;         /* (owned): numbers of theirs that are missing: kith-messenger-gaps.c */
  guint8            refused_id[KITH_STORE_MESSAGE_ID_BYTES]; /* the last that sessions ended over ... */
  guint             n_refusals;   /* ... so many in a row */
  guint             n_resends_asked;    /* in this session */
  guint             n_resends_answered; /* likewise */

  KithQuota         autos;      /* files of theirs that were accepted by themselves ... */
  guint64           auto_bytes; /* ... and how much that is */
  KithBucket        resumes;    /* of files that they had paused */
  KithBucket        file_states; /* how often they may say how files stand */
  struct _KithServing *serving; /* (owned) (nullable): pieces of files they asked for: kith-parcel-send.c */

  /* Dialling: kith-directory.c */
  KithBackoff       backoff;
  GCancellable     *dial;         /* (owned) (nullable): a dial is under way */
  KithTimer        *dial_timer;   /* (owned) (nullable): the next turn */
  guint             n_silent;     /* knocks in a row that were met with silence */
  gint64            dial_us;      /* monotonic: when the last one began */
  gint64            news_us;      /* monotonic: since when dials for new addresses are counted */
  guint             n_news;       /* of them */
  KithRoutes        routes;       /* beyond the stored row */
  KithRoute         dialled[KITH_LIMIT_ENDPOINTS]; /* how the endpoints of the dial are known */

  /* Where we meet in the DHT: kith-node-rendezvous.c */
  KithMeeting      *meeting;      /* (owned) (nullable) */
  KithMeeting      *old_meeting;  /* (owned) (nullable): of the former root */
  KithSecret       *meeting_root; /* (owned) (nullable): of the first */
  KithSecret       *old_meeting_root; /* (owned) (nullable): of the second */
  gint64            dial_back_us; /* monotonic: when they last asked to be dialled; 0 = never */
};

KithPeer *kith_peer_new             (KithNode               *node,
                                     const KithStoreContact *row);
KithPeer *kith_peer_new_for         (KithNode               *node,
                                     const KithStoreContact *row,
                                     KithContact            *contact);
KithPeer *kith_peer_ref             (KithPeer               *self);
void      kith_peer_unref           (KithPeer               *self);
gboolean  kith_peer_is_mutual       (KithPeer               *self);
gboolean  kith_peer_is_online       (KithPeer               *self);
gboolean  kith_peer_is_here         (KithPeer               *self);
gboolean  kith_peer_takes_files     (KithPeer               *self);
void      kith_peer_set_relation    (KithPeer               *self,
                                     KithRelation            relation);
void      kith_peer_update_presence (KithPeer               *self);
void      kith_peer_update_address  (KithPeer               *self);
void      kith_peer_commit          (KithPeer               *self);
gboolean  kith_peer_is_dialable     (KithPeer               *self);
gboolean  kith_peer_is_passer_by    (KithPeer               *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithPeer, kith_peer_unref)

G_END_DECLS
