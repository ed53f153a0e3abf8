/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "base/kith-sizes.h"
#include "model/kith-join-request.h"
#include "model/kith-member.h"

G_BEGIN_DECLS

#define KITH_TYPE_GROUP (kith_group_get_type ())
G_DECLARE_FINAL_TYPE (KithGroup, kith_group, KITH, GROUP, GObject)


/**
 * KithMembership:
 * @KITH_MEMBERSHIP_INVITED: "inviter" asks us to join; nobody is in a group unasked
 * @KITH_MEMBERSHIP_ASKING: we said yes, or used a link; the admin has not let us in yet
 * @KITH_MEMBERSHIP_MEMBER: we are in it
 * @KITH_MEMBERSHIP_FROZEN: the admin contradicted himself: nothing about the members is changed until
 *   somebody takes over; writing works
 * @KITH_MEMBERSHIP_SPLIT: what came from others conflicts with what has long been settled here: the
 *   group has split. Writing reaches those on our side
 * @KITH_MEMBERSHIP_LEFT: we left
 * @KITH_MEMBERSHIP_KICKED: the admin removed us
 * @KITH_MEMBERSHIP_REFUSED: we asked, and the admin said no
 *
 * What a group is to us. In the last three the history stays to be read, until it is deleted.
 */
typedef enum
{
  KITH_MEMBERSHIP_INVITED,
  KITH_MEMBERSHIP_ASKING,
  KITH_MEMBERSHIP_MEMBER,
  KITH_MEMBERSHIP_FROZEN,
  KITH_MEMBERSHIP_SPLIT,
  KITH_MEMBERSHIP_LEFT,
  KITH_MEMBERSHIP_KICKED,
  KITH_MEMBERSHIP_REFUSED,
} KithMembership;

/* What newcomers get to read of what was written before. */
#define KITH_GROUP_HISTORY_NONE 0
#define KITH_GROUP_HISTORY_ALL G_MAXUINT32

/* What the admin has decided for everybody. */
typedef struct
{
  guint32 history_days; /* before joining: KITH_GROUP_HISTORY_NONE, that many days, or _ALL */
  guint32 vanish_days;  /* without a sign of the admin for so long, members may choose another */
  guint32 max_members;
} KithGroupRules;

/* Messages that we know of and do not have. */
typedef struct
{
  KithContact *author; /* (owned) */
  guint        n;
  KithContact *holder; /* (owned) (nullable): who has them, if that is known */
} KithGroupMissing;

/* A group without a server (protocol 10). Properties, all readable: "id" (64 hex digits), "name",
 * "topic" (may be empty), "picture" (GBytes, nullable: not to be decoded in this process), "state", "members" (GListModel of #KithMember: the current ones, admin first,
 * then by name), "n-members", "admin" (KithMember, nullable while it is not known), "is-admin" (we
 * are), "requests" (GListModel of #KithJoinRequest, oldest first; only ever filled for the admin),
 * "inviter" (KithContact, nullable: who invited us), "policy" (pointer to #KithGroupRules),
 * "transfer-to" (KithMember, nullable: whom the admin wants to follow him, and who has not accepted
 * yet; ourselves = we are asked), "can-endorse" (the admin was away for so long that members may choose
 * another), "can-claim" (enough of them want us: kith_node_claim_admin_async()), "unread-mentions"
 * (messages not seen that name us), "mentions-only" (only those are to be notified of), "missing"
 * (GPtrArray of #KithGroupMissing, never NULL), "needs-key" (this profile was restored from a backup:
 * what we write waits until the admin has seen it), "link" (our link for joining, nullable), "link-expires"
 * (ms since 1970). */

KithGroup              *kith_group_new                 (const guint8     id[KITH_GROUP_ID_BYTES]);
const guint8           *kith_group_get_id_bytes        (KithGroup       *self);
const char             *kith_group_get_id              (KithGroup       *self);
const char             *kith_group_get_name            (KithGroup       *self);
const char             *kith_group_get_topic           (KithGroup       *self);
GBytes                 *kith_group_get_picture         (KithGroup       *self);
KithMembership          kith_group_get_state           (KithGroup       *self);
const char             *kith_membership_to_string     (KithMembership   state);
/* Whether we can write in it now. */
gboolean                kith_group_is_member           (KithGroup       *self);
GListModel             *kith_group_get_members         (KithGroup       *self);
guint                   kith_group_get_n_members       (KithGroup       *self);
/* Also of those who are not in it any more. (transfer none) (nullable) */
KithMember             *kith_group_find_member         (KithGroup       *self,
                                                        const guint8     identity[KITH_IDENTITY_BYTES]);
KithMember             *kith_group_get_admin           (KithGroup       *self);
gboolean                kith_group_is_admin            (KithGroup       *self);
GListModel             *kith_group_get_requests        (KithGroup       *self);
KithContact            *kith_group_get_inviter         (KithGroup       *self);
const KithGroupRules   *kith_group_get_policy          (KithGroup       *self);
KithMember             *kith_group_get_transfer_to     (KithGroup       *self);
gboolean                kith_group_get_can_endorse     (KithGroup       *self);
gboolean                kith_group_get_can_claim       (KithGroup       *self);
guint                   kith_group_get_unread_mentions (KithGroup       *self);
gboolean                kith_group_get_mentions_only   (KithGroup       *self);
GPtrArray              *kith_group_get_missing         (KithGroup       *self);
gboolean                kith_group_get_needs_key       (KithGroup       *self);
const char             *kith_group_get_link            (KithGroup       *self);
gint64                  kith_group_get_link_expires_ms (KithGroup       *self);

/* For the node. Setters notify only what changes. */
void                    kith_group_set_name            (KithGroup       *self,
                                                        const char      *name);
void                    kith_group_set_topic           (KithGroup       *self,
                                                        const char      *topic);
void                    kith_group_set_picture         (KithGroup       *self,
                                                        GBytes          *picture);
void                    kith_group_set_state           (KithGroup       *self,
                                                        KithMembership   state);
void                    kith_group_set_inviter         (KithGroup       *self,
                                                        KithContact     *inviter);
void                    kith_group_set_policy          (KithGroup       *self,
                                                        const KithGroupRules *policy);
/* Adds a member, or puts one into the list or out of it who is known: "current" follows. */
void                    kith_group_put_member          (KithGroup       *self,
                                                        KithMember      *member,
                                                        gboolean         current);
/* Puts the list into its order again after a name changed. */
void                    kith_group_sort_members        (KithGroup       *self);
void                    kith_group_set_admin           (KithGroup       *self,
                                                        KithMember      *admin);
void                    kith_group_add_request         (KithGroup       *self,
                                                        KithJoinRequest *request);
KithJoinRequest        *kith_group_find_request        (KithGroup       *self,
                                                        const guint8     identity[KITH_IDENTITY_BYTES]);
void                    kith_group_remove_request      (KithGroup       *self,
                                                        KithJoinRequest *request);
void                    kith_group_set_transfer_to     (KithGroup       *self,
                                                        KithMember      *member);
void                    kith_group_set_can_endorse     (KithGroup       *self,
                                                        gboolean         can_endorse);
void                    kith_group_set_can_claim       (KithGroup       *self,
                                                        gboolean         can_claim);
void                    kith_group_set_unread_mentions (KithGroup       *self,
                                                        guint            n);
void                    kith_group_set_mentions_only   (KithGroup       *self,
                                                        gboolean         mentions_only);
/* @n 0 = nothing of @author's is missing any more. */
void                    kith_group_set_missing         (KithGroup       *self,
                                                        KithContact     *author,
                                                        guint            n,
                                                        KithContact     *holder);
void                    kith_group_set_needs_key       (KithGroup       *self,
                                                        gboolean         needs_key);
void                    kith_group_set_link            (KithGroup       *self,
                                                        const char      *link,
                                                        gint64           expires_ms);

G_END_DECLS
