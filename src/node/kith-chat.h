/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-conversation.h"
#include "node/kith-node.h"
#include "store/kith-store.h"

G_BEGIN_DECLS

typedef struct _KithPeer KithPeer;
typedef struct _KithGroupHost KithGroupHost;

/**
 * KithChat: (skip)
 *
 * A conversation and what the node knows of it, whether it is with one contact or that of a group:
 * what pages, searches, drafts, options, quotes and changes need. Reference counted, because what is
 * loaded and committed holds on to it; one that was removed meanwhile is marked so.
 */
typedef struct
{
  KithNode         *node;         /* (unowned): the node outlives the use of its chats */
  guint8            key[KITH_STORE_IDENTITY_BYTES]; /* what its rows are stored under */
  KithConversation *conversation; /* (owned) */
  KithPeer         *peer;         /* (unowned) (nullable): whom it is with */
  KithGroupHost    *group;        /* (unowned) (nullable): whose it is */
  KithStoreOptions  options;      /* how it is treated */
  gint64            unread_number; /* rows up to this one may be unread, besides the model's; 0 = none */
  GQueue            treatments;   /* (unowned) KithTreatment, on their way to the store */
  guint             n_files;      /* in the table of transfers ... */
  guint             n_files_kept; /* ... and when it was last looked which may leave it */
  gboolean          removed;
} KithChat;

KithChat    *kith_chat_new          (KithNode               *node,
                                     KithConversation       *conversation);
KithChat    *kith_chat_ref          (KithChat               *self);
void         kith_chat_unref        (KithChat               *self);

/* (transfer none) (nullable): NULL is ourselves. @author: (nullable): of a group's message */
KithContact *kith_chat_get_sender   (KithChat               *self,
                                     gboolean                outgoing,
                                     const guint8           *author);
KithMessage *kith_chat_make_message (KithChat               *self,
                                     const KithStoreMessage *row);
/* Brings back what was stored, but for the messages themselves. */
void         kith_chat_restore      (KithChat                    *self,
                                     const KithStoreConversation *row);

/* What both sorts of conversations can do: kith-chat-acts.c. may_write: FALSE after the task was
 * answered. The others take the task, which gets what kith-messenger.c says at its function of the same
 * name. @text of send: (transfer full): validated */
gboolean     kith_chat_may_write    (KithChat               *self,
                                     GTask                  *task);
void         kith_chat_send         (KithChat               *self,
                                     char                   *text,
                                     const guint8           *reply_to,
                                     gint64                  ttl_s,
                                     GTask                  *task);
void         kith_chat_act          (KithChat               *self,
                                     KithStoreKind           kind,
                                     const guint8           *target,
                                     const char             *text,
                                     GTask                  *task);
void         kith_chat_forget       (KithChat               *self,
                                     const guint8           *id,
                                     gboolean                outgoing,
                                     GTask                  *task);
void         kith_chat_mark_read    (KithChat               *self);
void         kith_chat_forget_messages (KithChat            *self);

/* How it is treated: kith-chat-options.c. */
typedef enum
{
  KITH_TREATED_TTL,
  KITH_TREATED_MUTED,
  KITH_TREATED_PINNED,
  KITH_TREATED_ARCHIVED,
  KITH_TREATED_MARKED_UNREAD,
} KithTreated;

typedef struct _KithTreatment KithTreatment;

/* Before the commit: takes @what over from @options. (transfer full) */
KithTreatment *kith_chat_treat      (KithChat               *self,
                                     KithTreated             what,
                                     const KithStoreOptions *options);
/* After it, in the order of the commits: shows it, or takes it back. @treatment: (transfer full) */
void         kith_chat_treated      (KithTreatment          *treatment,
                                     gboolean                is_stored);
/* All of this; @task is answered behind the commit and kept (transfer none). */
void         kith_chat_commit_treatment (KithChat           *self,
                                     KithTreated             what,
                                     const KithStoreOptions *options,
                                     GTask                  *task);

/* What the faces see of a change, after the commit: kith-chat-show.c. @who: (nullable): NULL is
 * ourselves */
void         kith_chat_show_act     (KithChat               *chat,
                                     KithStoreKind           kind,
                                     const guint8           *target,
                                     const char             *text,
                                     gint64                  time_ms,
                                     KithContact            *who);
void         kith_chat_show_gone    (KithChat               *chat,
                                     const guint8           *id);
void         kith_chat_show_quote   (KithChat               *chat,
                                     KithMessage            *message,
                                     const KithStoreMessage *row);
void         kith_chat_show_options (KithChat               *chat);

/* That of a contact or of a group. (transfer none) (nullable) */
KithChat    *kith_node_lookup_chat  (KithNode               *node,
                                     const guint8           *key);
/* The same; NULL after the task was answered. (transfer none) (nullable) */
KithChat    *kith_node_chat_for_task (KithNode              *node,
                                      KithConversation      *conversation,
                                      GTask                 *task);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithChat, kith_chat_unref)

G_END_DECLS
