/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-invitation.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

/* One-time invites: a link that lets one person find us and ask. Protocol 6.2, 7.3. Main thread.
 *
 * Signals of the node:
 *  invitation-used    (KithInvitation, KithRequest)  somebody has used it: their request waits
 *  invitation-misused (KithInvitation)               somebody else tried to use it as well, in vain
 */

/**
 * KithLinkKind:
 * @KITH_LINK_NONE: not a link of Kith
 * @KITH_LINK_INVITE: a one-time invite that can be used
 * @KITH_LINK_GROUP: a link to a group that can be used: kith_node_join_group_async()
 * @KITH_LINK_EXPIRED: an invite, or a link to a group, whose time is over
 * @KITH_LINK_ID: somebody's ID: they can be recognised by it, and are found on the same network or
 *   when they come to us; it does not say where they are
 * @KITH_LINK_OWN: our own invite, link to a group, or ID
 */
typedef enum
{
  KITH_LINK_NONE,
  KITH_LINK_INVITE,
  KITH_LINK_GROUP,
  KITH_LINK_EXPIRED,
  KITH_LINK_ID,
  KITH_LINK_OWN,
} KithLinkKind;

/**
 * KithJoinOutcome:
 * @KITH_JOIN_ONLINE: they are our contact and online
 * @KITH_JOIN_REQUESTED: our request was handed over and waits for their answer
 * @KITH_JOIN_WAITING: they cannot be reached just now. The contact is there as requested, and Kith
 *   keeps trying by itself until the invite expires, also after a restart
 */
typedef enum
{
  KITH_JOIN_ONLINE,
  KITH_JOIN_REQUESTED,
  KITH_JOIN_WAITING,
} KithJoinOutcome;

#define KITH_INVITE_DEFAULT_LIFETIME_S (48 * 3600)

/* @lifetime_s: 60 to 30 days; 0 = 48 hours. @note: (nullable): for whom it is. Errors: INVALID,
 * BUSY (50 live ones are the most), NO_PROFILE, those of the store. */
void            kith_node_create_invite_async  (KithNode            *self,
                                                gint64               lifetime_s,
                                                const char          *note,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
/* (transfer full). Errors: as above. */
KithInvitation *kith_node_create_invite_finish (KithNode            *self,
                                                GAsyncResult        *result,
                                                GError             **error);

/* Takes a live one back, or clears one that is over from the list. Errors: NOT_FOUND, those of the store. */
void            kith_node_revoke_invite_async  (KithNode            *self,
                                                KithInvitation      *invitation,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean        kith_node_revoke_invite_finish (KithNode            *self,
                                                GAsyncResult        *result,
                                                GError             **error);

/* (transfer none) (element-type KithInvitation): newest first; those that are over stay for a week. */
GListModel     *kith_node_get_invitations      (KithNode            *self);
/* (transfer none): by its id or link; NULL when there is none. */
KithInvitation *kith_node_find_invitation      (KithNode            *self,
                                                const char          *text);

/* What @text is, before anything is done with it: a link with blanks around it, also as kith:i/…
 * and with any case; or an ID. @id: (out) (optional) (nullable) (transfer full): the ID string of
 * who it leads to. @expires_ms: (out) (optional): of an invite. */
KithLinkKind    kith_node_inspect_link         (KithNode            *self,
                                                const char          *text,
                                                char               **id,
                                                gint64              *expires_ms);

/* Uses somebody's invite, or asks somebody by their ID. Completes when the outcome is known, at most
 * after half a minute. Errors: INVALID (not a link), EXPIRED, SELF, NOT_CONTACT (it was used by
 * somebody else or taken back, or they declined), CANCELLED (nothing is kept), those of the store. */
void            kith_node_join_async           (KithNode            *self,
                                                const char          *link,
                                                const char          *request_text,
                                                GCancellable        *cancellable,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean        kith_node_join_finish          (KithNode            *self,
                                                GAsyncResult        *result,
                                                KithJoinOutcome     *outcome,
                                                KithContact        **contact /* (out) (transfer full) (optional) */,
                                                GError             **error);

G_END_DECLS
