/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-group.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

/* Groups without a server (protocol 10), for the faces. Main thread only.
 *
 * A group has a conversation in kith_node_get_conversations(), from the moment we are invited on;
 * kith_conversation_get_group() tells it from one with a contact. Writing, answering, editing,
 * deleting, reacting, reading, paging, searching, drafts and options work with it as with any other
 * (kith-node.h, kith-node-messages.h, kith-node-history.h); "delete for both" is for all there.
 *
 * A message of ours is "sent" when any member has it, "delivered" when all have who were members then
 * and still are, "read" when all have read it.
 *
 * Signals of KithNode, all after the commit:
 *  group-changed  (KithGroup, change)              the detail is also the change: "added" (a new one in
 *                                                  the list, also when we are invited), "removed",
 *                                                  "state", "name", "topic", "picture", "policy", "members",
 *                                                  "admin", "requests", "transfer", "succession"
 *                                                  (can-endorse, can-claim), "missing", "link"
 *  member-changed (KithGroup, KithMember, change)  likewise: "joined", "left", "kicked", "admin"
 *  group-request  (KithGroup, KithJoinRequest)     somebody asks us, the admin, to be let in
 *
 * Errors of all: NOT_FOUND (no such group, member, request), NOT_MEMBER (we are not in it, or they are
 * not), NOT_ADMIN (only the admin can do it), INVALID (it makes no sense now, or the text is not one),
 * TOO_BIG (a name or topic that is too long, or too many members), BUSY (it is still being read, or there are too
 * many groups), NO_PROFILE. */

/* (transfer none) (element-type KithGroup), in no order. Also those we are invited to and those we left:
 * look at "state". */
GListModel       *kith_node_get_groups             (KithNode *self);

/* (transfer none) */
KithConversation *kith_node_get_group_conversation (KithNode *self, KithGroup *group);

/* @who: name (case-insensitive) or the 64 hex digits, or at least the first 8 of them. (transfer none).
 * Errors: NOT_FOUND, AMBIGUOUS (the message lists the candidates with their ids). */
KithGroup        *kith_node_find_group             (KithNode *self, const char *who, GError **error);

/* A member who is no contact can be asked to become one with kith_node_join_async() (kith-node-invites.h) and
 * kith_member_get_id(): from the group it is known where they are, and if only they can reach us they hear
 * it with their next link to us. */

/* A current member by alias, name or ID string. (transfer none). Errors as above. */
KithMember       *kith_node_find_member            (KithGroup *group, const char *who, GError **error);
KithJoinRequest  *kith_node_find_join_request      (KithGroup *group, const char *who, GError **error);

/* --- Making one, getting in, getting out ---------------------------------------------------- */

/* We become its admin, and @contacts (NULL-terminated, mutual contacts, may be NULL) get an invitation.
 * @name is sanitised; INVALID when nothing is left of it. Its rules are the usual ones. */
void             kith_node_create_group_async     (KithNode *self, const char *name,
                                                   KithContact *const *contacts,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
/* @absent: (out) (optional) (transfer full) (element-type KithContact): those who are not online now;
 * their invitation waits in the outbox. (transfer full) */
KithGroup       *kith_node_create_group_finish    (KithNode *self, GAsyncResult *result,
                                                   GPtrArray **absent, GError **error);

/* Whom the admin invites is let in as soon as they say yes; whom another member invites, when the admin
 * approves of it. An invitation is an ordinary message of the outbox, so it reaches the absent later.
 * TOO_BIG when the group would get too big. */
void             kith_node_invite_to_group_async  (KithNode *self, KithGroup *group,
                                                   KithContact *const *contacts,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
gboolean         kith_node_invite_to_group_finish (KithNode *self, GAsyncResult *result,
                                                   GPtrArray **absent, GError **error);

/* Of a group in the state INVITED: joins it (the state becomes ASKING, then MEMBER). @text, if it is not
 * %NULL, is for the admin, who reads it when they are to decide about it. */
void             kith_node_accept_group_invitation_async (KithNode *self, KithGroup *group,
                                                   const char *text, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);

/* Of a group in the state INVITED: it is removed from the list. */
void             kith_node_decline_group_invitation_async (KithNode *self, KithGroup *group,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);

/* A link with which anybody can ask to join, until @expires_ms (0 = the usual time) or until it is
 * revoked; an earlier one of ours ends. "link" has it then. */
void             kith_node_make_group_link_async  (KithNode *self, KithGroup *group,
                                                   gint64 expires_ms, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
void             kith_node_revoke_group_link_async (KithNode *self, KithGroup *group,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);

/* Asks to join with the link of somebody. @text (nullable): what we say to the admin. Completes when
 * the group is in the list, in the state ASKING; its name is known from the link's issuer on.
 * INVALID (no such link), EXPIRED, SELF (our own), EXISTS (we are in it, or have asked). (transfer full) */
void             kith_node_join_group_async       (KithNode *self, const char *link,
                                                   const char *text, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
KithGroup       *kith_node_join_group_finish      (KithNode *self, GAsyncResult *result,
                                                   GError **error);

/* We leave: nothing is sent or fetched any more from then on. The history stays. An admin has to
 * transfer first, unless nobody else is in it: INVALID. A group in the state ASKING: takes that back. */
void             kith_node_leave_group_async      (KithNode *self, KithGroup *group,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);

/* Deletes all that is stored of a group in which we are not any more. INVALID while we are. */
void             kith_node_delete_group_async     (KithNode *self, KithGroup *group,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);

/* --- What the admin does -------------------------------------------------------------------- */

/* Lets in who asked to join, or does not; they are told as soon as they can be. */
void             kith_node_approve_async          (KithNode *self, KithGroup *group,
                                                   KithJoinRequest *request,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
void             kith_node_deny_async             (KithNode *self, KithGroup *group,
                                                   KithJoinRequest *request,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
/* What they wrote before stays; what they write after is shown to nobody, and what others write
 * after does not reach them through members who know of it. */
void             kith_node_kick_async             (KithNode *self, KithGroup *group,
                                                   KithMember *member, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
/* Asks @member to become admin: nothing changes until they accept. @member NULL takes it back. */
void             kith_node_transfer_admin_async   (KithNode *self, KithGroup *group,
                                                   KithMember *member, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
void             kith_node_rename_group_async     (KithNode *self, KithGroup *group,
                                                   const char *name, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
void             kith_node_set_group_topic_async  (KithNode *self, KithGroup *group,
                                                   const char *topic, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
/* @picture: (nullable): what kith_small_picture_make_finish() gave; NULL: none any more. INVALID: something
 * else. */
void             kith_node_set_group_picture_async (KithNode *self, KithGroup *group,
                                                   GBytes *picture, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
void             kith_node_set_group_policy_async (KithNode *self, KithGroup *group,
                                                   const KithGroupRules *policy,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);

/* --- Who follows the admin ------------------------------------------------------------------ */

/* We were asked ("transfer-to" is ourselves). */
void             kith_node_answer_transfer_async  (KithNode *self, KithGroup *group,
                                                   gboolean accept, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
/* While "can-endorse": we say that @member (ourselves, too) should become admin. Once, it cannot be
 * taken back. */
void             kith_node_endorse_async          (KithNode *self, KithGroup *group,
                                                   KithMember *member, GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);
/* While "can-claim": we become admin. */
void             kith_node_claim_admin_async      (KithNode *self, KithGroup *group,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);

/* Of ours alone: whether only messages that name us are to be notified of. */
void             kith_node_set_mentions_only_async (KithNode *self, KithGroup *group,
                                                   gboolean mentions_only,
                                                   GCancellable *cancellable,
                                                   GAsyncReadyCallback callback,
                                                   gpointer user_data);

/* For all of those above that have no finish of their own. */
gboolean         kith_node_group_finish           (KithNode *self, GAsyncResult *result,
                                                   GError **error);

/* --- Details -------------------------------------------------------------------------------- */

/* How far a message of ours has come with one member. */
typedef struct
{
  KithMember *member; /* (owned) */
  gboolean    delivered;
  gboolean    read;
} KithMemberReceipt;

/* @at_least: (out) (optional): in a big group not everybody's receipts are carried around: there are at
 * least these. (transfer full) (element-type KithMemberReceipt), in the order of the members */
GPtrArray       *kith_node_dup_group_receipts     (KithNode *self, KithGroup *group,
                                                   KithMessage *message, gboolean *at_least);

G_END_DECLS
