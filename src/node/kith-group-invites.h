/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-invitation.h"
#include "node/kith-group-links.h"
#include "proto/kith-invite.h"

G_BEGIN_DECLS

/* Links to a group (protocol 10.6): `KITH:G/…` lets many people find whoever has made it and ask to be
 * let in, until it expires or is taken back. Main thread. The faces use kith-node-groups.h. */

/* Making one of ours. @lifetime_s: 60 to 30 days; 0 = 48 hours. Errors: INVALID, BUSY (there are 50
 * live invites and links), NOT_FOUND (no such group), NO_PROFILE, those of the store. Finish: (transfer
 * full): its "link" is what to hand on. It is taken back with kith_node_revoke_invite_async(): those
 * who wait with it are sent away. */
void            kith_group_invite_create_async  (KithNode            *node,
                                                 const guint8        *gid,
                                                 gint64               lifetime_s,
                                                 GCancellable        *cancellable,
                                                 GAsyncReadyCallback  callback,
                                                 gpointer             user_data);
KithInvitation *kith_group_invite_create_finish (KithNode            *node,
                                                 GAsyncResult        *result,
                                                 GError             **error);

/* (transfer full) (element-type KithInvitation): those of ours to @gid, newest first; with those that
 * are over, for a week. */
GListModel     *kith_group_invite_list          (KithNode            *node,
                                                 const guint8        *gid);

/* Takes back all of ours to @gid: we have left it. */
void            kith_group_invite_revoke_all    (KithNode            *node,
                                                 const guint8        *gid);

/* Begins, and goes on after a restart, to look for whoever has made somebody else's link: `reachable`
 * tells when they are there. The caller has put the group (kith_group_links_put_group()) and stores
 * what it needs itself; the link is stored here. @link was parsed by kith_invite_parse_group() and has
 * not expired. It goes on until kith_group_invite_leave(), or until it expires. Replaces an earlier
 * link to the same group. */
void            kith_group_invite_follow        (KithNode            *node,
                                                 const KithInvite    *link);
void            kith_group_invite_leave         (KithNode            *node,
                                                 const guint8        *gid);

/* Whether @text is the link to a group, in one piece and with whatever surrounds a link when it is
 * copied. @link: (out): to be cleared. */
gboolean        kith_node_parse_group_link      (KithNode            *node,
                                                 const char          *text,
                                                 KithInvite          *link);

/* The proof that the author of a GROUP_JOIN has a link: for its body. Whoever passes the request on
 * cannot use it for another author. */
gboolean        kith_group_invite_prove         (KithNode            *node,
                                                 const guint8        *gid,
                                                 const guint8        *author,
                                                 guint8               proof[KITH_INVITE_PROOF_BYTES]);
/* (transfer none) (nullable): the live link of ours to @gid that @proof is of. */
KithInvitation *kith_group_invite_check         (KithNode            *node,
                                                 const guint8        *gid,
                                                 const guint8        *author,
                                                 const guint8         proof[KITH_INVITE_PROOF_BYTES]);

G_END_DECLS
