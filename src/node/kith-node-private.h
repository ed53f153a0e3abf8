/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-env.h"
#include "base/kith-hlc.h"
#include "model/kith-model-ids.h"
#include "net/kith-listener.h"
#include "net/kith-local.h"
#include "net/kith-session-table.h"
#include "model/kith-comparison.h"
#include "model/kith-group.h"
#include "model/kith-invitation.h"
#include "node/kith-expiry-clock.h"
#include "node/kith-node-events.h"
#include "node/kith-node.h"
#include "node/kith-peer.h"
#include "store/kith-store.h"

G_BEGIN_DECLS

/* For the files of node/ and for scenarios. The pieces of a node, by file:
 *   kith-node.c           the object: properties, events (kith-node-events.c); kith-node-writes.c its commits
 *   kith-node-life.c      opening, shutting down; kith-node-secrets.c that no key is left then
 *   kith-node-clock.c     what time others say it is
 *   kith-node-peers.c     whom it knows
 *   kith-node-profile.c   who we are: making, renaming, the certificate
 *   kith-node-listen.c    being reached
 *   kith-node-reach.c     by whom; kith-peer-entry.c how we reach those who let in few
 *   kith-node-sessions.c  sessions come and go, kith-node-records.c who may send what on one, kith-node-knock.c who is
 *                         let in by a knock
 *   kith-peer-session.c   what begins and ends with a peer's session
 *   kith-node-learn.c     what people say of themselves
 *   kith-node-connect.c   dialling a friend by address
 *   kith-node-requests.c  those who ask us, accepting and declining
 *   kith-node-contacts.c  finding contacts, conversations and messages; kith-node-edit.c editing contacts,
 *                         kith-node-remove.c removing them, kith-node-nearby.c those on the same network
 *   kith-node-verify.c    making sure of them, kith-verification.c by words, kith-namesakes.c names
 *   kith-messenger.c      messages of one peer
 *   kith-node-messages.c  answering, forwarding, editing, deleting; kith-node-treatment.c conversations that are muted,
 *                         pinned, archived
 *   kith-node-broadcast.c one text to several people
 *   kith-node-history.c   paging, jumping; kith-node-fetch.c single messages, kith-node-search.c searching
 *   kith-node-files.c     which files are wanted, and where; kith-node-send-files.c ours, kith-node-file-copy.c reading
 *                         and saving them, kith-node-storage.c how much there is; kith-transfers.c what becomes of them
 *   kith-node-settings.c  settings and drafts
 *   kith-node-presence.c  who writes, has read, wants to be shown as absent
 *   kith-node-network.c   same network, proxy; kith-node-router.c the router, kith-node-dht.c the DHT: kith-networking.h;
 *                         kith-node-rendezvous.c whom it finds there
 *   kith-node-invites.c   one-time invites of ours, kith-node-join.c those of others,
 *   kith-join-outcome.c   what becomes of them
 *   kith-group-links.c    sessions with members of groups, kith-group-invites.c links to groups
 *   kith-doctor.c         what is in the way, kith-dial-back.c asking a contact to try
 *   kith-directory.c      dialling absent peers
 *   kith-chat.h           a conversation, with a contact or of a group
 *   kith-group-host.h     groups; kith-node-groups.c all of them, kith-node-group-acts.c, kith-node-group-admin.c and
 *                         kith-node-group-invites.c what one does in them */

#define KITH_DEVICE_ID_BYTES (KITH_STORE_IDENTITY_BYTES + KITH_STORE_DEVICE_BYTES)

struct _KithNode
{
  GObject           parent_instance;

  const KithEnv    *env;             /* (unowned) */
  KithStore        *store;           /* (owned) */
  char             *own_folder;      /* (owned) (nullable): where the profile lies; none in memory */
  KithStoreProfile *profile_row;     /* (owned) (nullable) */
  KithProfile      *profile;         /* (owned) (nullable) */
  KithLocal        *local;           /* (owned) (nullable): who we are on the wire */
  KithHlc           hlc;

  KithListener     *listener;        /* (owned) (nullable) */
  char             *listen_address;  /* (owned) (nullable): as asked for */
  KithSessionTable *sessions;        /* (owned) (nullable) until there is a profile */

  GListStore       *contacts;        /* (owned) KithContact */
  GListStore       *conversations;   /* (owned) KithConversation, latest activity first */
  GListStore       *requests;        /* (owned) KithRequest, newest first */
  GListStore       *groups;          /* (owned) KithGroup: kith-node-groups.h */
  GHashTable       *group_hosts;     /* (owned) gid -> KithGroupHost: kith-group-host.h */
  GHashTable       *impostors;       /* (owned) id of a group -> KithContact: kith-impostor.h */
  guint             n_invitations_coming; /* to groups, on their way to the store */
  GHashTable       *peers;           /* (owned) identity -> KithPeer */
  struct _KithNamesakes *namesakes;  /* (owned) */
  GHashTable       *asking;          /* (owned) identity -> KithAsking: those who ask us */
  GHashTable       *wanted;          /* (owned) identities whom we are asking just now */
  GHashTable       *connects;        /* (owned) KithSession -> GTask that waits for its outcome */
  GHashTable       *news;            /* (owned) KithSession -> KithNews: kith-node-learn.c */
  GHashTable       *refusals;        /* (owned) KithSession that will be told to go -> when: kith-node-sessions.c */
  GHashTable       *devices;         /* (owned) identity and device -> KithStoreDevice */
  GHashTable       *knocks;          /* (owned) tag -> when it was seen, gint64 in s */
  GArray           *attempts;        /* (owned) who asked when, kith-node-requests.c */
  GHashTable       *settings;        /* (owned) key -> value */
  GHashTable       *unstored;        /* (owned) (element-type utf8): those that could not be stored as they are */
  struct _KithNetworking *networking; /* (owned) */
  GListStore       *invitations;     /* (owned) KithInvitation, newest first */
  GPtrArray        *invites;         /* (owned) ours: kith-node-invites.c */
  GHashTable       *joins;           /* (owned) identity -> those we use: kith-node-join.c */
  GHashTable       *inviting;        /* (owned) KithSession that we dialled for an invite -> its id */
  GSource          *invites_source;  /* (owned) (nullable): the next one to expire */
  struct _KithGroupLinks *group_links; /* (owned): kith-group-links-private.h */
  struct _KithDialBack *dial_back;   /* (owned) */
  struct _KithClockCheck *clock_check; /* (owned) */
  GHashTable       *drafts;          /* (owned) KithChat whose draft has to be stored */
  GSource          *drafts_source;   /* (owned) (nullable) */

  GSource          *expiry_source;   /* (owned) (nullable): kith-expiry.c */
  GSource          *clock_watch;     /* (owned) (nullable): kith-node-clock.c */
  gboolean          told_other_device; /* that there is one with our identity */
  gint64            next_expiry_ms;  /* when it is due; 0 = nothing disappears */
  KithExpiryClock   expiry_clock;

  GPtrArray        *awaiting_writes; /* (owned) (nullable) GTask (unowned): kith-node-writes.c */
  GList            *transcripts;     /* (unowned): those that are being written: kith-transcript.c */
  void            (*transcripts_ended) (gpointer user_data); /* (nullable): who waits for that */
  gpointer          transcripts_ended_data;
  GSource          *transcripts_timer; /* (owned) (nullable): until when */

  GTask            *shutdown;        /* (owned) (nullable) */
  GSource          *shutdown_timer;  /* (owned) (nullable) */
  gboolean          closing;
  struct _KithTransfers *transfers;  /* (owned): kith-transfers.c */
};

KithNode      *kith_node_new                    (KithStore     *store,
                                                 const KithEnv *env);
void           kith_node_abandon                (KithNode      *self);
void           kith_node_forget_sessions        (KithNode      *self);
void           kith_node_forget_secrets         (KithNode      *self);
/* (transfer none) (nullable): NULL before there is a profile */
const guint8  *kith_node_get_own_identity       (KithNode      *self);
gint64         kith_node_now_ms                 (KithNode      *self);

/* Events for the faces. */
void           kith_node_emit_message_added     (KithNode         *self,
                                                 KithConversation *conversation,
                                                 KithMessage      *message);
void           kith_node_emit_message_changed   (KithNode         *self,
                                                 KithConversation *conversation,
                                                 KithMessage      *message);
void           kith_node_emit_message_event     (KithNode         *self,
                                                 KithConversation *conversation,
                                                 KithMessageEvent  event,
                                                 const char       *id,
                                                 KithContact      *who,
                                                 const char       *text);
void           kith_node_emit_request_added     (KithNode         *self,
                                                 KithRequest      *request);
void           kith_node_emit_request_removed   (KithNode         *self,
                                                 KithRequest      *request);
void           kith_node_emit_contact_changed   (KithNode         *self,
                                                 KithContact      *contact,
                                                 KithContactChange change);
void           kith_node_emit_words_changed     (KithNode         *self,
                                                 KithComparison   *comparison);
void           kith_node_emit_invitation_used   (KithNode         *self,
                                                 KithInvitation   *invitation,
                                                 KithRequest      *request);
void           kith_node_emit_invitation_misused (KithNode        *self,
                                                  KithInvitation  *invitation);
void           kith_node_emit_warning           (KithNode         *self,
                                                 const GError     *error);
void           kith_node_emit_group_changed     (KithNode         *self,
                                                 KithGroup        *group,
                                                 KithGroupChange   change);
void           kith_node_emit_member_changed    (KithNode         *self,
                                                 KithGroup        *group,
                                                 KithMember       *member,
                                                 KithMemberChange  change);
void           kith_node_emit_group_request     (KithNode         *self,
                                                 KithGroup        *group,
                                                 KithJoinRequest  *request);

/* A session is gone: a shutdown may wait for the last one. */
void           kith_node_session_gone           (KithNode         *self);

/* Writes whose outcome nobody waits for: a failure becomes a warning. */
void           kith_node_commit                 (KithNode       *self,
                                                 KithStoreBatch *batch);
void           kith_node_commit_lazily          (KithNode       *self,
                                                 KithStoreBatch *batch);
/* One was not written: tells it to those who wait for all writes, and as a warning. */
void           kith_node_write_failed           (KithNode       *self,
                                                 const GError   *error);
/* Takes both; the task gets TRUE behind the commit, or why there was none. */
void           kith_node_commit_for_task        (KithNode       *self,
                                                 KithStoreBatch *batch,
                                                 GTask          *task);
/* Takes it; it gets TRUE when all is committed that was written before, or why something was not. */
void           kith_node_answer_when_written    (KithNode       *self,
                                                 GTask          *task);

/* Takes @item out, if it is in it. */
void           kith_list_store_drop             (GListStore *list,
                                                 gpointer    item);

/* Peers. */
KithPeer      *kith_node_lookup_peer            (KithNode     *self,
                                                 const guint8 *identity);
/* The same, but for those who were removed and of whom the history is left, and mere co-members. */
KithPeer      *kith_node_known_peer             (KithNode     *self,
                                                 const guint8 *identity);
KithPeer      *kith_node_add_peer               (KithNode               *self,
                                                 const KithStoreContact *row);
void           kith_node_list_peer              (KithNode *self,
                                                 KithPeer *peer);
/* Whether nothing is left of somebody but that they were blocked. */
gboolean       kith_node_is_mere_block          (KithPeer               *peer);
void           kith_node_forget_block           (KithPeer               *peer);
void           kith_node_drop_peer              (KithNode *self,
                                                 KithPeer *peer);
/* What is left of somebody who is no contact any more. @row: (out): its name is that of @peer */
void           kith_node_fill_demoted           (KithPeer               *peer,
                                                 KithStoreContact       *row);
void           kith_node_demote_peer            (KithNode *self,
                                                 KithPeer *peer);
void           kith_node_remove_peers           (KithNode *self);
void           kith_node_raise_conversation     (KithNode         *self,
                                                 KithConversation *conversation);

/* Returns: (nullable): the peer, or NULL after the task was answered. */
KithPeer      *kith_node_peer_for_task          (KithNode    *self,
                                                 KithContact *contact,
                                                 GTask       *task);

void           kith_node_connect_to             (KithNode            *self,
                                                 const KithEndpoint  *endpoints,
                                                 guint                n,
                                                 const guint8        *expected,
                                                 const char          *passphrase,
                                                 const char          *request_text,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
void           kith_node_listen_again           (KithNode     *self);

/* Root, relation, block or session of a peer may have changed: meetings and joins follow. */
void           kith_node_peer_changed           (KithPeer            *peer);

/* Settings and drafts. */
void           kith_node_take_settings          (KithNode   *self,
                                                 GHashTable *settings);
void           kith_node_write_settings_again   (KithNode   *self);
void           kith_node_write_blocks_again     (KithNode   *self);
void           kith_node_flush_drafts           (KithNode   *self);
void           kith_node_send_draft             (KithNode   *self,
                                                 KithChat   *chat,
                                                 const char *typed,
                                                 const char *text);
void           kith_node_drop_drafts            (KithNode   *self);

G_END_DECLS
