/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-meeting.h"
#include "node/kith-node-invites.h"
#include "node/kith-node-private.h"
#include "proto/kith-invite.h"

G_BEGIN_DECLS

/* One of our own invites: row, model, and where whoever uses it is met. */
typedef struct
{
  KithNode        *node;       /* (unowned) */
  KithStoreInvite *row;        /* (owned) */
  KithInvitation  *invitation; /* (owned): what the faces see of it */
  gboolean         has_group;  /* it is a link to a group: kith-group-invites.c */
  guint8           group[KITH_INVITE_GROUP_BYTES];
  guint8           root[KITH_INVITE_ROOT_BYTES];
  KithMeeting     *meeting;    /* (owned) (nullable) */
  GCancellable    *dial;       /* (owned) (nullable) */
  gint64           dial_us;    /* monotonic: when the last one began; 0 = never */
  KithEndpoints    found[KITH_LIMIT_INVITE_VALUES]; /* where to dial: one of these */
  guint            n_found;
  GSource         *again;      /* (owned) (nullable): when */
} KithOwnInvite;

/* kith-own-invite.c */
void     kith_own_invite_free          (KithOwnInvite          *self);
/* (transfer none) (nullable) */
KithOwnInvite *kith_own_invite_find    (KithNode               *self,
                                        const guint8           *id);
gboolean kith_own_invite_is_live       (const KithOwnInvite    *self);
gboolean kith_own_invite_has_state     (const KithOwnInvite    *invite,
                                        KithInvitationState     state);
void     kith_own_invite_show          (KithOwnInvite          *invite);
void     kith_own_invite_commit        (KithOwnInvite          *invite);
void     kith_own_invite_forget        (KithOwnInvite          *invite);
void     kith_own_invite_create        (KithNode               *self,
                                        gint64                  lifetime_s,
                                        const char             *note,
                                        const guint8           *group,
                                        GTask                  *task);
void     kith_node_restore_invites     (KithNode               *self,
                                        GPtrArray              *rows);

/* kith-node-invites.c */
gboolean kith_node_take_invited        (KithNode               *self,
                                        KithSession            *session,
                                        const KithBodyOpen     *open);
gboolean kith_node_invite_answered     (KithNode               *self,
                                        KithSession            *session,
                                        const KithBodyOpen     *answer);
void     kith_node_invite_fill_open    (KithNode               *self,
                                        KithSession            *session,
                                        KithBodyOpen           *open);
gboolean kith_node_has_used_invite     (KithNode               *self,
                                        const guint8           *identity);
void     kith_node_decline_invites     (KithNode               *self,
                                        const guint8           *identity,
                                        KithStoreBatch         *batch);

/* kith-invite-proof.c */
void     kith_invite_prove             (const guint8           *root,
                                        KithSession            *session,
                                        KithBodyOpen           *open);
gboolean kith_invite_has_proof         (const guint8           *root,
                                        KithSession            *session,
                                        const KithBodyOpen     *open);
gboolean kith_invite_is_proven         (const guint8           *root,
                                        KithSession            *session,
                                        const KithBodyOpen     *open);

/* kith-invite-meeting.c */
void     kith_own_invite_update_meeting (KithOwnInvite         *invite);
void     kith_own_invite_leave         (KithOwnInvite          *invite);

/* Somebody else's invite, or ID, that we are using: kith-node-join.c */
typedef struct
{
  KithNode        *node;    /* (unowned) */
  KithStoreInvite *row;     /* (owned) */
  gboolean         has_invite;
  guint8           root[KITH_INVITE_ROOT_BYTES];
  guint8           reply_key[KITH_INVITE_KEY_BYTES];
  KithMeeting     *meeting; /* (owned) (nullable) */
  GTask           *task;    /* (owned) (nullable): waits for the outcome */
  gboolean         stored;  /* before that nobody hears of an outcome */
  gboolean         decided; /* there is one: @outcome */
  guint            outcome; /* KithJoinOutcome */
  GSource         *timer;   /* (owned) (nullable): of the task */
  gulong           cancelled;
} KithJoin;

void     kith_join_free                (KithJoin               *self);
/* (transfer none) (nullable) */
KithJoin *kith_join_lookup             (KithNode               *self,
                                        const guint8           *identity);
/* (transfer full) (nullable): the task, which nobody else will answer */
GTask   *kith_join_take_task           (KithJoin               *join);
/* What is told has to outlive a crash: only once the contact and the invite are stored. */
void     kith_join_answer              (KithJoin               *join,
                                        KithPeer               *peer,
                                        KithJoinOutcome         outcome);
void     kith_join_forget              (KithJoin               *join);
gboolean kith_node_restore_join        (KithNode               *self,
                                        const KithStoreInvite  *row);
/* kith-join-outcome.c */
gboolean kith_node_join_take_issuer    (KithNode               *self,
                                        KithSession            *session,
                                        const KithBodyOpen     *open);
void     kith_node_join_fill_open      (KithNode               *self,
                                        KithSession            *session,
                                        KithBodyOpen           *open);
void     kith_node_join_opened         (KithPeer               *peer);
void     kith_node_join_failed         (KithPeer               *peer,
                                        const GError           *error);
void     kith_node_join_settled        (KithPeer               *peer);
void     kith_join_update_meeting      (KithJoin               *join);
void     kith_node_expire_joins        (KithNode               *self);
void     kith_node_end_joins           (KithNode               *self);

G_END_DECLS
