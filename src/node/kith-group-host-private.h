/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "group/kith-group-replica.h"
#include "node/kith-group-host.h"
#include "node/kith-group-links.h"
#include "proto/kith-group-content.h"
#include "proto/kith-group-invitation.h"

G_BEGIN_DECLS

/* For the files of the host:
 *   kith-group-host.c          the groups of a node; one of them: its life, its clock
 *   kith-group-host-links.c    its links
 *   kith-group-host-restore.c  reading what was stored
 *   kith-group-host-turn.c     what a replica wants done: committed, then carried out
 *   kith-group-host-messages.c entries as messages, and what we write
 *   kith-group-host-shown.c    what is shown later than it was stored
 *   kith-group-host-members.c  the model in step with the chain; lines of what happened
 *   kith-group-host-pending.c  what we write before we may
 *   kith-group-host-receipts.c who has what, who has read what
 *   kith-group-host-invites.c  making one, inviting, being invited
 *   kith-group-host-join.c     asking to be let in, and letting in */

/* A token of ours belongs to whom it was given. */
#define KITH_GROUP_OWN_TOKEN_BYTES (KITH_GROUP_TOKEN_BYTES + KITH_IDENTITY_BYTES)

struct _KithGroupHost
{
  grefcount         ref_count;
  guint8            gid[KITH_GROUP_ID_BYTES];
  KithNode         *node;     /* (unowned): outlives the use of its groups */
  KithStoreGroup   *row;      /* (owned) */
  KithGroup        *model;    /* (owned) */
  KithChat         *chat;     /* (owned) */
  KithGroupReplica *replica;  /* (owned) (nullable): NULL while it is read, and where we are not in it */
  gboolean          ready;    /* the replica may be used */
  gboolean          joining;  /* that we ask to be let in is on its way to the store */
  gboolean          removed;
  guint             n_commits; /* on their way */
  guint             generation; /* of the replica: what belongs to an earlier one is dropped */

  KithPeer         *speaker;  /* (unowned) (nullable): whose record is being taken in */
  gboolean          turning;  /* a turn is under way ... */
  gboolean          turn_again; /* ... and something happened in it */
  GSource          *tick;     /* (owned) (nullable) */

  GHashTable       *links;    /* (owned) identity -> KithGroupHostLink */
  GHashTable       *links_by_number; /* (owned) number -> the same (unowned) */
  guint             last_link;
  GHashTable       *known;    /* (owned) identity -> author key, as the links know them */

  GHashTable       *posting;  /* (owned) message id -> GTask that waits for its commit */
  GHashTable       *files;    /* (owned) message id -> KithParcel: of ours, until it is committed */
  KithSecret       *secret;   /* (owned) (nullable): as the links know it */
  GHashTable       *showing;  /* (owned) author key -> what of their log is to be shown */
  gboolean          shows_read;
  GQueue            pending;  /* (owned) KithStoreMessage: what is stored, and may not be written yet */
  GHashTable       *settled;  /* (owned) id of an entry on its way to the store -> that of what waited for it */
  GSource          *receipts; /* (owned) (nullable): when they are looked at */
  GSource          *again;    /* (owned) (nullable): when more may be written */
  GQueue            waiting;  /* (owned) Waiting: what the user did before all was read */
  GPtrArray        *awaited;  /* (owned) KithGroupAwaited: messages of ours that not everybody has read */
  GHashTable       *requests; /* (owned) identity -> GBytes: join requests that wait for us */
  GHashTable       *brought;  /* (owned) author key -> identity: who asked through us */
};

typedef struct
{
  guint  number;
  guint8 identity[KITH_IDENTITY_BYTES];
  GQueue unsent; /* (owned) records, in order, that there was no room for */
  gsize  unsent_bytes;
  KithGroupHost *host;      /* (unowned): that has it */
  GSource       *room_idle; /* (owned) (nullable): there is room, which the replica will hear of */
} KithGroupHostLink;

/* One round of what a replica wants. */
typedef struct
{
  KithGroupHost  *host;       /* (owned) */
  guint           generation;
  KithPeer       *speaker;    /* (owned) (nullable): who has to wait while the store is behind with it ... */
  int             n_counted;  /* ... and with how much */
  KithStoreBatch *batch;      /* (owned) */
  GPtrArray      *steps;      /* (owned) KithGroupStep: what comes after the commit */
  GBytes         *state;      /* (owned) (nullable): the newest in @batch */
  gboolean        members;    /* the model has to follow the chain */
  gboolean        receipts;   /* statuses have changed */
} KithGroupTurn;

typedef enum
{
  KITH_GROUP_STEP_EFFECT,
  KITH_GROUP_STEP_MESSAGE, /* @row was added at @op */
  KITH_GROUP_STEP_ACT,     /* @row changed a message at @op */
} KithGroupStepKind;

typedef struct
{
  KithGroupStepKind kind;
  KithGroupEffect  *effect; /* (owned) (nullable) */
  KithStoreMessage *row;    /* (owned) (nullable) */
  guint             op;
} KithGroupStep;

/* Life. @row: (transfer full) */
KithGroupHost *kith_group_host_new          (KithNode            *node,
                                             KithStoreGroup      *row);
KithGroupHost *kith_group_host_ref          (KithGroupHost       *self);
void           kith_group_host_unref        (KithGroupHost       *self);
/* Puts it into the node and its lists. Takes over the reference. */
void           kith_groups_add              (KithNode            *node,
                                             KithGroupHost       *host);
void           kith_groups_remove           (KithGroupHost       *self);
void           kith_group_host_put_row      (KithGroupHost       *self,
                                             KithStoreBatch      *batch);
void           kith_group_host_commit_row   (KithGroupHost       *self);
void           kith_group_host_set_membership (KithGroupHost     *self,
                                             KithMembership       membership);
KithGroupSelf  kith_group_host_get_me       (KithGroupHost       *self);
/* @replica: (transfer full): from now on that is it; there may be effects already. */
void           kith_group_host_adopt        (KithGroupHost       *self,
                                             KithGroupReplica    *replica);
void           kith_group_host_drop_replica (KithGroupHost       *self);
gint64         kith_group_host_now_ms       (KithGroupHost       *self);

/* Links. */
extern const KithGroupLinksEvents kith_group_host_events;
void           kith_group_host_link_free    (gpointer             data);
void           kith_group_host_end_links    (KithGroupHost       *self);
void           kith_group_host_send_record  (KithGroupHost       *self,
                                             guint                number,
                                             KithRecordType       type,
                                             GBytes              *body);

/* Restoring. */
void           kith_group_host_load         (KithGroupHost       *self);
gboolean       kith_group_host_is_being_read (KithGroupHost      *self);
/* After something could not be stored: until it can be. */
void           kith_group_host_load_later   (KithGroupHost       *self);

/* After everything that was done with the replica: its clock, and what it wants. */
void           kith_group_host_turn         (KithGroupHost       *self);
void           kith_group_host_take_effects (KithGroupHost       *self);
/* @author: (nullable): whose entries are shown page by page. @rows: (element-type KithStoreGroupEntry) */
void           kith_group_host_take_stored  (KithGroupHost       *self,
                                             const guint8        *author,
                                             GPtrArray           *rows,
                                             guint64              to_seq);
/* Their edits and deletions of the message @id. @rows: (element-type KithStoreGroupEntry) */
void           kith_group_host_take_acts    (KithGroupHost       *self,
                                             const guint8        *id,
                                             GPtrArray           *rows);
/* Returns: whether @effect is done with by the commit */
gboolean       kith_group_turn_keep         (KithGroupTurn       *turn,
                                             const KithGroupEffect *effect);
/* @author: (nullable): whose message @id is. @what: ACTS_LEFT or ACTS_DONE */
void           kith_group_turn_note_acts    (KithGroupTurn       *turn,
                                             KithStoreGroupActKind what,
                                             const guint8        *id,
                                             const guint8        *author);
void           kith_group_turn_add_step     (KithGroupTurn       *turn,
                                             KithGroupStepKind    kind,
                                             KithStoreMessage    *row,
                                             guint                op);

/* Messages. */
void           kith_group_turn_take_entry   (KithGroupTurn       *turn,
                                             const KithGroupEntry *entry,
                                             gboolean             late);
void           kith_group_turn_show         (KithGroupTurn       *turn,
                                             const KithGroupStep *step);
void           kith_group_host_hide         (KithGroupHost       *self,
                                             const guint8        *author,
                                             guint64              seq);

/* What we write. */
void           kith_group_host_run_waiting  (KithGroupHost       *self);
void           kith_group_host_end_waiting  (KithGroupHost       *self);
GHashTable    *kith_group_host_new_posting  (void);

/* What waits until we may write. show_row: (transfer full) (nullable): NULL: it is there already */
void           kith_group_host_keep         (KithGroupHost       *self,
                                             KithGroupContent    *content,
                                             GTask               *task);
void           kith_group_host_edit_pending (KithGroupHost       *self,
                                             const guint8        *id,
                                             const char          *text,
                                             GTask               *task);
void           kith_group_host_drop_pending (KithGroupHost       *self,
                                             const guint8        *id);
void           kith_group_host_post_pending (KithGroupHost       *self);
void           kith_group_turn_settle_pending (KithGroupTurn     *turn,
                                             const KithStoreMessage *row);
void           kith_group_host_show_settled (KithGroupHost       *self,
                                             const KithStoreMessage *row);
void           kith_group_host_fail_pending (KithGroupHost       *self);
void           kith_group_host_clear_pending (KithGroupHost      *self);
void           kith_group_host_load_pending (KithGroupHost       *self);
KithMessage   *kith_group_host_show_row     (KithGroupHost       *self,
                                             const KithStoreMessage *row);

/* What is shown later than it was stored. */
void           kith_group_turn_take_show    (KithGroupTurn       *turn,
                                             const KithGroupEffect *effect);
void           kith_group_turn_take_hide    (KithGroupTurn       *turn,
                                             const guint8        *author,
                                             guint64              seq);
void           kith_group_turn_note_shown   (KithGroupTurn       *turn,
                                             const guint8        *author);
void           kith_group_host_show_more    (KithGroupHost       *self,
                                             const guint8        *author);
void           kith_group_host_resume_shows (KithGroupHost       *self);
void           kith_group_host_forget_shows (KithGroupHost       *self,
                                             KithStoreBatch      *batch);
void           kith_group_host_catch_up     (KithGroupHost       *self,
                                             const guint8        *id,
                                             const guint8        *author);
void           kith_group_host_resume_acts  (KithGroupHost       *self);

/* Members and lines. */
void           kith_group_turn_take_event   (KithGroupTurn       *turn,
                                             const KithGroupEffect *effect);
void           kith_group_host_show_offer   (KithGroupHost       *self);
void           kith_group_host_show_picture (KithGroupHost       *self,
                                             GBytes              *picture);
void           kith_group_host_show_event   (KithGroupHost       *self,
                                             const KithGroupEffect *effect);
void           kith_group_host_part         (KithGroupHost       *self);
void           kith_group_host_sync_members (KithGroupHost       *self);
const guint8  *kith_group_host_get_identity (KithGroupHost       *self,
                                             const guint8        *author);
const guint8  *kith_group_host_get_author   (KithGroupHost       *self,
                                             const guint8        *identity);
KithMember    *kith_group_host_get_member   (KithGroupHost       *self,
                                             const guint8        *identity);

/* Receipts. */
void           kith_group_host_await        (KithGroupHost       *self,
                                             const KithStoreMessage *row);
void           kith_group_host_update_receipts_soon (KithGroupHost *self);
void           kith_group_host_load_awaited (KithGroupHost       *self);

/* Getting in. */
void           kith_group_host_drop_tokens (KithGroupHost        *self,
                                            const guint8         *identity);
void           kith_group_host_take_request (KithGroupHost       *self,
                                             const KithGroupEffect *effect);
void           kith_group_host_settle_request (KithGroupHost     *self,
                                             const KithGroupEffect *effect);
/* We are a member now. */
void           kith_group_host_let_in       (KithGroupHost       *self);
/* After a restore: a new author key, and when the admin has seen it. */
void           kith_group_host_ask_for_key  (KithGroupHost       *self);
void           kith_group_turn_take_key     (KithGroupTurn       *turn,
                                             const guint8        *author);
void           kith_group_host_reachable    (KithGroupHost       *self,
                                             const guint8        *identity);
/* After a start, and when we have asked: who brings us in. */
void           kith_group_host_seek         (KithGroupHost       *self);
/* (transfer full) (element-type KithMemberReceipt) */
GPtrArray     *kith_group_host_dup_receipts (KithGroupHost       *self,
                                             KithMessage         *message,
                                             gboolean            *at_least);
KithSecret    *kith_group_new_seed          (KithNode            *node);
void           kith_group_random            (gpointer             node,
                                             guint8              *out,
                                             gsize                len);
void           kith_group_host_set_topic    (KithGroupHost       *self,
                                             char                *topic,
                                             GTask               *task);
/* @task of all these: (transfer full). */
/* @before: (transfer full) (nullable): what the row was before any of this; %NULL = there was none */
void           kith_group_host_join         (KithGroupHost       *self,
                                             KithStoreGroup      *before,
                                             const char          *text,
                                             GTask               *task);
void           kith_group_host_invite       (KithGroupHost       *self,
                                             KithContact *const  *contacts,
                                             GTask               *task);
void           kith_group_host_answer       (KithGroupHost       *self,
                                             gboolean             join,
                                             const char          *text,
                                             GTask               *task);
void           kith_group_host_delete       (KithGroupHost       *self,
                                             GTask               *task);
/* Of which only the id is known. (transfer full) */
KithGroupHost *kith_group_host_new_unknown  (KithNode            *node,
                                             const guint8        *gid);
void           kith_group_host_show_link    (KithGroupHost       *self);
/* A new group of ours. (transfer none) */
KithGroupHost *kith_groups_create           (KithNode            *node,
                                             const char          *name,
                                             const KithGroupRules *rules);
gboolean       kith_group_host_outside      (KithGroupHost       *self,
                                             const guint8        *identity,
                                             gpointer             link,
                                             guint8               type,
                                             const guint8        *body,
                                             gsize                len);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithGroupHost, kith_group_host_unref)

G_END_DECLS
