/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-bucket.h"
#include "base/kith-hlc.h"
#include "base/kith-quota.h"
#include "group/kith-group-chain.h"
#include "group/kith-group-log.h"
#include "group/kith-group-overlay.h"
#include "group/kith-group-replica.h"
#include "proto/kith-group-body.h"

G_BEGIN_DECLS

/* What the files of the replica share. */

/* What a link's peer wants and has not got yet. */
typedef struct
{
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint64 next;
  guint64 to;
} KithGroupServing;

/* What a link's peer has of an author, and what came of asking for it. */
typedef struct
{
  KithGroupRow row;
  guint64      looked_at; /* they were asked about a fork before this one */
  guint64      failed_at; /* they did not bring this one */
  guint64      hollow_bottom; /* they were asked for the contents that we lack from this one ... */
  guint64      hollow_top;    /* ... to this one; 0 = for none ... */
  guint64      hollow_asked;  /* ... and this is to come as the last; 0 = nothing is */
} KithGroupPeerRow;

typedef struct
{
  guint      id;
  guint8     identity[KITH_IDENTITY_KEY_BYTES];
  const KithGroupMember *member; /* (nullable): in the state; rebound whenever that changes */
  gboolean   active;     /* both of us are members: everything may flow */
  KithGroupHello hello;  /* their last; without locator: none yet */
  KithQuota  hellos;     /* that were answered; by the clock of the calls */
  gboolean   hello_waits; /* for an answer: there were too many */
  gboolean   told_place; /* a stranger to us was told how far we are */
  gboolean   synced;     /* they know what we have; from now on they hear of changes */
  guint32    secret_height; /* whose secret they have, plus one */
  GHashTable *rows;      /* (owned): author -> KithGroupPeerRow */
  gboolean   more_rows;  /* the next part of their vector follows */
  GHashTable *dirty;     /* (owned): set of KithGroupLog that changed since they were told */
  gint64     dirty_ms;   /* when the first of them did */
  gint64     announced_ms;
  gboolean   lazy;       /* what we push they have already: it is announced, and later */
  GArray    *wants;      /* (owned) (element-type KithGroupRange): to be asked, at the end of the call */
  guint      n_asked;    /* logs that they were asked for and have not brought */
  guint      n_contents; /* the same of logs of which contents are missing */
  GQueue     serving;    /* (owned) (element-type KithGroupServing) */
  guint64    load_token; /* of what is being loaded for them; 0 = nothing is */
  gsize      in_flight_bytes;
  GPtrArray *push;       /* (owned) (element-type KithGroupEntry): for them, at the end of the call */
  gsize      push_bytes;
  KithBucket bad_ops;    /* operations of theirs that are worth nothing; by the clock of the calls */
  KithBucket forged;     /* what they brought with wrong signatures; by the same */
  KithBucket proofs;     /* of forks, that have to be checked; by the same */
  KithBucket requests;   /* that they brought; by the same */
  gboolean   picture_asked; /* they were asked for the picture that is now */
  guint8     picture_wanted[KITH_HASH_BYTES]; /* they asked for this one, which is not here yet */
  guint8     picture_sent[KITH_HASH_BYTES]; /* the last that they got */
} KithGroupLink;

/* What a LOAD was for. */
typedef enum
{
  KITH_GROUP_LOAD_SERVE, /* for a link */
  KITH_GROUP_LOAD_PROOF, /* the other half of a fork */
} KithGroupLoadKind;

typedef struct
{
  guint64           token;
  KithGroupLoadKind kind;
  guint             link;
  guint8            author[KITH_GROUP_KEY_BYTES];
  guint64           seq;
} KithGroupLoad;

/* Entries that are fetched from the newest back to older ones, until they meet what is there: each
 * is the one that the next names. */
typedef struct
{
  guint8     author[KITH_GROUP_KEY_BYTES];
  gboolean   graft;    /* they replace a wrong branch; else they go before the first */
  guint64    top_seq;  /* the next chunk has to end there ... */
  guint8     top_id[KITH_GROUP_ID_BYTES]; /* ... with that */
  guint64    from;     /* where the chunk that was asked for begins */
  GPtrArray *chunk;    /* (owned) (element-type KithGroupEntry) */
  GPtrArray *entries;  /* (owned) (element-type KithGroupEntry): of a graft: those after the chunk */
  gsize      held_bytes; /* of content in @entries */
  guint      link;     /* that was asked */
  gint64     until_ms;
} KithGroupBack;

typedef struct
{
  GBytes       *bytes; /* (owned) */
  KithGroupJoin join;
  gint64        received_ms;
  gboolean      told; /* the host knows of it */
} KithGroupRequest;

typedef struct
{
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint64 counter;
  GBytes *bytes;      /* (owned): as it came, to be handed on */
  gboolean fresh;     /* not handed on yet */
  guint  from_link;
  GHashTable *rows;   /* (owned): author -> KithGroupStatusRow */
} KithGroupMemberStatus;

/* How many of somebody's entries are missing that somebody else has. */
typedef struct
{
  guint8  author[KITH_GROUP_KEY_BYTES];
  guint8  holder[KITH_GROUP_KEY_BYTES];
  guint64 number;
  gint64  since_ms;
  gboolean told;
} KithGroupGap;

struct _KithGroupReplica
{
  guint8              identity[KITH_IDENTITY_KEY_BYTES];
  guint8              author[KITH_GROUP_KEY_BYTES];
  KithSecret         *seed;      /* (owned) */
  KithSecret         *next_seed; /* (owned) (nullable): of the author key that was asked for */
  KithGroupRandomFunc random;
  gpointer            random_data;

  KithGroupChain    *chain;     /* (owned) */
  GHashTable        *logs;      /* (owned): author -> KithGroupLog */
  GQueue             unknown;   /* (owned) (element-type GBytes): authors who are no members yet */
  GHashTable        *links;     /* (owned): id -> KithGroupLink */
  KithGroupOverlay  *overlay;   /* (owned) */
  GQueue             effects;   /* (owned) (element-type KithGroupEffect) */
  GHashTable        *loads;     /* (owned): token -> KithGroupLoad */
  GHashTable        *backs;     /* (owned): author -> KithGroupBack */
  gboolean           backs_wait; /* there was no room for another */
  GPtrArray         *requests;  /* (owned) (element-type KithGroupRequest) */
  GHashTable        *statuses;  /* (owned): author -> KithGroupMemberStatus */
  GHashTable        *reads;     /* (owned): author -> KithGroupStatusRow: what our user has read */
  GHashTable        *gaps;      /* (owned): author -> KithGroupGap */
  GHashTable        *voices;    /* (owned): author -> KithGroupEndorsement: on the head */
  GHashTable        *denied;    /* (owned): author keys that the admin does not let in */

  KithHlc            clock;
  gint64             now_ms;      /* of the call that is under way */
  guint64            next_token;
  gsize              pending_bytes; /* of all logs */
  gboolean           restoring;
  gboolean           from_backup;
  GBytes            *kept_state;  /* (owned) (nullable): while restoring */
  gboolean           state_dirty;
  gboolean           status_dirty;
  gint64             status_sent_ms;
  gint64             relayed_ms;
  gboolean           relay_dirty;
  gboolean           gaps_dirty;
  guint64            status_counter;
  gint64             quarantine_ms;  /* when something is due; G_MAXINT64 = nothing waits */
  gint64             pin_ms;         /* when something is to be pinned */

  KithGroupStanding  standing;
  gboolean           left;        /* we wrote that we leave */
  gboolean           needs_key;
  gboolean           on_duty;     /* what an admin does by itself is being done */
  gboolean           unsure;      /* restored from a backup: as admin, ask the others first */
  gint64             away_ms;     /* since when the same holds for who was gone for long; 0 = it does not */
  GHashTable        *asked;       /* (owned): identities that said hello since */
  gboolean           was_frozen;
  gboolean           was_split;
  gboolean           could_endorse;

  guint8             secret[KITH_GROUP_SECRET_BYTES];
  guint32            secret_height; /* of the operation that brought it, plus one; 0 = none */

  GBytes            *picture;     /* (owned) (nullable): of the group: may be an older one */
  guint8             picture_hash[KITH_HASH_BYTES];   /* of @picture */
  guint8             picture_shown[KITH_HASH_BYTES];  /* that the host knows of; zeros = none */
  guint8             picture_sought[KITH_HASH_BYTES]; /* that others are asked for */
  gint64             picture_ms;  /* when somebody else is asked; G_MAXINT64 = not by time */

  gboolean           endorsed;    /* we endorsed somebody: once for each place */
  KithGroupEndorsement voice;

  guint              n_offers;    /* that are left, should the head move before the answer comes */
  gboolean           offered;     /* we, the admin, offered to hand over */
  guint8             offered_to[KITH_GROUP_KEY_BYTES];
  gboolean           offer_waits; /* the admin offered to us */
  guint8             offer_prev[KITH_GROUP_ID_BYTES];
  gint64             accepted_ms; /* when our user said yes: good for a while, as the head may move */

  GHashTable        *to_ask;      /* (owned): author -> KithGroupLog of which something may be asked for */
  GQueue             waiting;     /* (element-type KithGroupLog): who has it is busy with others */
  gboolean           has_turn;    /* one of those may have answered */
  gint64             room_ms;     /* when what came too fast is asked for; G_MAXINT64 = nothing did */
  gint64             want_ms;     /* when an answer is overdue; G_MAXINT64 = nothing was asked */
  gint64             gaps_ms;     /* when something is due */
  gint64             admin_ms;
  gint64             overlay_ms;
};

/* --- kith-group-replica.c --- */
void              kith_group_link_free           (gpointer             data);
KithGroupReplica *kith_group_replica_new         (const KithGroupSelf *me,
                                                  const guint8        *gid);
KithGroupEffect  *kith_group_replica_emit        (KithGroupReplica    *self,
                                                  KithGroupEffectType  type);
KithGroupEffect  *kith_group_replica_event       (KithGroupReplica    *self,
                                                  KithGroupEvent       event,
                                                  const guint8        *who,
                                                  const guint8        *by);
void              kith_group_replica_begin       (KithGroupReplica    *self,
                                                  gint64               now_ms);
void              kith_group_replica_end         (KithGroupReplica    *self);
KithGroupMember  *kith_group_replica_get_me      (KithGroupReplica    *self);
KithGroupLog     *kith_group_replica_get_log     (KithGroupReplica    *self,
                                                  const guint8        *author);
KithGroupLog     *kith_group_replica_ensure_log  (KithGroupReplica    *self,
                                                  const guint8        *author);

/* --- kith-group-replica-chain.c --- */
void              kith_group_replica_cut         (KithGroupReplica    *self,
                                                  const guint8        *author,
                                                  KithGroupCut        *cut);
guint             kith_group_replica_add_ops     (KithGroupReplica    *self,
                                                  GPtrArray           *ops,
                                                  guint                from_link);
KithGroupStanding kith_group_replica_find_standing (KithGroupReplica  *self);
void              kith_group_replica_settle      (KithGroupReplica    *self,
                                                  guint                n_accepted_before);
gboolean          kith_group_replica_write_op    (KithGroupReplica    *self,
                                                  KithGroupOpType      type,
                                                  KithGroupOpBody     *body,
                                                  GError             **error);
gboolean          kith_group_replica_write_removal (KithGroupReplica  *self,
                                                  KithGroupOpType      type,
                                                  KithGroupOpBody     *body,
                                                  GError             **error);
void              kith_group_replica_do_duties   (KithGroupReplica    *self);

/* --- kith-group-replica-acts.c --- */
gboolean          kith_group_replica_check_admin_act (KithGroupReplica *self,
                                                  GError             **error);

/* --- kith-group-replica-arrivals.c --- */
void              kith_group_replica_count_arrival (KithGroupReplica  *self,
                                                  KithGroupLog        *log,
                                                  const KithGroupEntry *entry);
guint64           kith_group_replica_get_room    (KithGroupReplica    *self,
                                                  KithGroupLog        *log);
gboolean          kith_group_replica_has_no_room (KithGroupReplica    *self,
                                                  KithGroupLog        *log,
                                                  const KithGroupEntry *entry,
                                                  guint                from_link);
void              kith_group_replica_check_room  (KithGroupReplica    *self);

/* --- kith-group-replica-picture.c --- */
void              kith_group_replica_follow_picture (KithGroupReplica *self);
void              kith_group_replica_seek_picture (KithGroupReplica  *self);
gboolean          kith_group_replica_receive_picture (KithGroupReplica *self,
                                                  KithGroupLink       *link,
                                                  const guint8        *body,
                                                  gsize                len);

/* --- kith-group-replica-entries.c --- */
gboolean          kith_group_replica_take_entry  (KithGroupReplica    *self,
                                                  KithGroupEntry      *entry,
                                                  guint                from_link);
gboolean          kith_group_replica_write_entry (KithGroupReplica    *self,
                                                  KithGroupEntryKind   kind,
                                                  const guint8        *content,
                                                  gsize                len,
                                                  guint8              *id,
                                                  GError             **error);
void              kith_group_replica_store_entry (KithGroupReplica    *self,
                                                  KithGroupEntry      *entry);
void              kith_group_replica_tell_message (KithGroupReplica   *self,
                                                  KithGroupEntry      *entry);
void              kith_group_replica_retry_all   (KithGroupReplica    *self);
void              kith_group_replica_update_log  (KithGroupReplica    *self,
                                                  KithGroupLog        *log);
guint64           kith_group_replica_find_due    (KithGroupReplica    *self,
                                                  const KithGroupLog  *log);
void              kith_group_replica_show_due    (KithGroupReplica    *self);

/* --- kith-group-replica-forks.c --- */
void              kith_group_replica_suspect     (KithGroupReplica    *self,
                                                  KithGroupLog        *log,
                                                  KithGroupEntry      *entry);
void              kith_group_replica_ask_for_key (KithGroupReplica   *self);
void              kith_group_replica_take_proof  (KithGroupReplica    *self,
                                                  KithGroupEntry      *first,
                                                  KithGroupEntry      *second,
                                                  guint                from_link);
gboolean          kith_group_replica_receive_proof (KithGroupReplica  *self,
                                                  KithGroupLink       *link,
                                                  const guint8        *body,
                                                  gsize                len);
void              kith_group_replica_send_proof  (KithGroupReplica    *self,
                                                  KithGroupLink       *link,
                                                  KithGroupLog        *log);

/* --- kith-group-replica-back.c --- */
void              kith_group_back_free           (KithGroupBack       *back);
gboolean          kith_group_replica_looks_back  (KithGroupReplica    *self,
                                                  const KithGroupEntry *entry,
                                                  guint                from_link);
gboolean          kith_group_replica_take_back   (KithGroupReplica    *self,
                                                  KithGroupEntry      *entry);
void              kith_group_replica_look_back   (KithGroupReplica    *self,
                                                  KithGroupLog        *log);

/* --- kith-group-replica-links.c --- */
KithGroupLink    *kith_group_replica_get_link    (KithGroupReplica    *self,
                                                  guint                id);
gboolean          kith_group_link_may_forge      (KithGroupReplica    *self,
                                                  KithGroupLink       *link);
void              kith_group_replica_rebind_links (KithGroupReplica  *self);
void              kith_group_replica_refresh_links (KithGroupReplica  *self);
void              kith_group_replica_send        (KithGroupReplica    *self,
                                                  KithGroupLink       *link,
                                                  guint8               record,
                                                  GBytes              *body);
void              kith_group_replica_broadcast   (KithGroupReplica    *self,
                                                  guint8               record,
                                                  GBytes              *body,
                                                  guint                but_link);
void              kith_group_replica_send_ops    (KithGroupReplica    *self,
                                                  KithGroupLink       *link,
                                                  GPtrArray           *ops);
void              kith_group_replica_answer_hellos (KithGroupReplica  *self);
gint64            kith_group_replica_get_hello_due (KithGroupReplica  *self);
void              kith_group_replica_note_heard  (KithGroupReplica    *self);

/* --- kith-group-replica-sync.c --- */
void              kith_group_replica_get_digest  (KithGroupReplica    *self,
                                                  const KithGroupMember *peer,
                                                  guint8              *out);
void              kith_group_replica_send_vector (KithGroupReplica    *self,
                                                  KithGroupLink       *link);
gboolean          kith_group_replica_receive_vector (KithGroupReplica *self,
                                                  KithGroupLink       *link,
                                                  const guint8        *body,
                                                  gsize                len);
void              kith_group_replica_copy_rows   (KithGroupReplica    *self,
                                                  KithGroupLink       *link);
void              kith_group_replica_forward     (KithGroupReplica    *self,
                                                  KithGroupLog        *log,
                                                  KithGroupEntry      *entry,
                                                  guint                from_link);
void              kith_group_replica_tell_row    (KithGroupReplica    *self,
                                                  KithGroupLink       *link,
                                                  KithGroupLog        *log);
void              kith_group_replica_mark_dirty  (KithGroupReplica    *self,
                                                  KithGroupLog        *log);
KithGroupPeerRow *kith_group_replica_get_peer_row (KithGroupLink      *link,
                                                  const guint8        *author);
void              kith_group_replica_flush_links (KithGroupReplica    *self);
gint64            kith_group_replica_next_announcement (KithGroupReplica *self);
guint64           kith_group_replica_get_start   (KithGroupReplica    *self,
                                                  KithGroupLog        *log,
                                                  const KithGroupMember *peer);

/* --- kith-group-replica-ask.c --- */
void              kith_group_replica_ask_for     (KithGroupReplica    *self,
                                                  KithGroupLog        *log);
void              kith_group_replica_ask_all     (KithGroupReplica    *self);
void              kith_group_replica_ask         (KithGroupReplica    *self);
void              kith_group_replica_check_wants (KithGroupReplica    *self);
void              kith_group_replica_brought     (KithGroupReplica    *self,
                                                  KithGroupLog        *log,
                                                  guint64              seq);
void              kith_group_replica_brought_content (KithGroupReplica *self,
                                                  KithGroupLink       *link,
                                                  const KithGroupEntry *entry);
void              kith_group_replica_torn        (KithGroupReplica    *self,
                                                  KithGroupLog        *log,
                                                  guint                link);
void              kith_group_replica_want        (KithGroupLink       *link,
                                                  const guint8        *author,
                                                  guint64              from,
                                                  guint64              to);
void              kith_group_replica_forget_asked (KithGroupReplica   *self,
                                                  KithGroupLink       *link);
void              kith_group_replica_end_asking  (KithGroupReplica    *self,
                                                  KithGroupLog        *log);

/* --- kith-group-replica-serve.c --- */
gboolean          kith_group_replica_receive_want (KithGroupReplica   *self,
                                                  KithGroupLink       *link,
                                                  const guint8        *body,
                                                  gsize                len);
guint64           kith_group_replica_load        (KithGroupReplica    *self,
                                                  KithGroupLoadKind    kind,
                                                  guint                link,
                                                  const guint8        *author,
                                                  guint64              seq,
                                                  guint                n);
gboolean          kith_group_replica_may_have    (KithGroupReplica    *self,
                                                  const KithGroupMember *peer,
                                                  guint32              node);

/* --- kith-group-replica-succession.c --- */
void              kith_group_replica_doubt_admin (KithGroupReplica    *self);
gint64            kith_group_replica_get_doubt_due (KithGroupReplica  *self);
void              kith_group_replica_check_admin (KithGroupReplica    *self);
gboolean          kith_group_replica_receive_endorse (KithGroupReplica *self,
                                                  KithGroupLink       *link,
                                                  const guint8        *body,
                                                  gsize                len);
void              kith_group_replica_send_voices (KithGroupReplica    *self,
                                                  KithGroupLink       *link);
void              kith_group_replica_prune_voices (KithGroupReplica   *self);

/* --- kith-group-replica-handover.c --- */
void              kith_group_replica_handle_offer (KithGroupReplica   *self,
                                                  const KithGroupEntry *entry);

/* --- kith-group-replica-requests.c --- */
void              kith_group_request_free        (KithGroupRequest    *request);
gboolean          kith_group_replica_receive_join (KithGroupReplica   *self,
                                                  KithGroupLink       *link,
                                                  const guint8        *body,
                                                  gsize                len);
void              kith_group_replica_send_requests (KithGroupReplica  *self,
                                                  KithGroupLink       *link);
void              kith_group_replica_settle_requests (KithGroupReplica *self);
void              kith_group_replica_handle_deny (KithGroupReplica    *self,
                                                  const KithGroupEntry *entry);
gboolean          kith_group_replica_keep_request (KithGroupReplica   *self,
                                                  GBytes              *bytes,
                                                  gint64               received_ms);

/* --- kith-group-replica-status.c --- */
void              kith_group_member_status_free  (KithGroupMemberStatus *status);
gboolean          kith_group_replica_receive_status (KithGroupReplica *self,
                                                  KithGroupLink       *link,
                                                  const guint8        *body,
                                                  gsize                len);
void              kith_group_replica_send_statuses (KithGroupReplica  *self,
                                                  KithGroupLink       *link);
gint64            kith_group_replica_get_status_due (KithGroupReplica *self);
void              kith_group_replica_say_status  (KithGroupReplica    *self);
void              kith_group_replica_check_gaps  (KithGroupReplica    *self);

/* --- kith-group-replica-secret.c --- */
gboolean          kith_group_replica_receive_secret (KithGroupReplica *self,
                                                  KithGroupLink       *link,
                                                  const guint8        *body,
                                                  gsize                len);
void              kith_group_replica_share_secret (KithGroupReplica   *self,
                                                  KithGroupLink       *link);

/* --- kith-group-replica-restore.c --- */
GBytes           *kith_group_replica_pack_state  (KithGroupReplica    *self);

G_END_DECLS
