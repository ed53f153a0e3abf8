/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node-groups.h"
#include "node/kith-parcel.h"
#include "node/kith-peer.h"

G_BEGIN_DECLS

/* Groups in the node: between the replica (src/group/), the links to the other members
 * (kith-group-links.h), the store and the model. Protocol 10. Main thread.
 *
 * What happens always goes the same way: something is done with the replica; what it wants done is
 * taken from it, in order; what has to be stored of that is committed at once, with the messages and
 * lines that come of it; and only then the rest is carried out. So what we say we have is on the disk,
 * and what is on the disk is what is shown. */

/* All groups of a node: (transfer full), by their ids. */
GHashTable    *kith_groups_new_table       (void);
/* There is a profile: from now on the others may come. */
void           kith_groups_start           (KithNode               *node);
/* Begins to read what was stored. */
void           kith_groups_restore         (KithNode               *node,
                                            const KithStoreSnapshot *snapshot);
void           kith_groups_stop            (KithNode               *node);
/* What was ours is called otherwise, or who is blocked has changed. */
void           kith_groups_profile_changed (KithNode               *node);

/* (transfer none) (nullable) */
KithGroupHost *kith_node_lookup_group      (KithNode               *node,
                                            const guint8           *gid);
/* The object of anybody who is or was in a group with us; NULL for ourselves. (transfer none) */
KithContact   *kith_node_get_somebody      (KithNode               *node,
                                            const guint8           *identity);

/* An invitation that came. store: returns the position of the operation in @batch; show: after the
 * commit. */
guint          kith_groups_store_invitation (KithPeer               *peer,
                                             const KithStoreMessage *row,
                                             KithStoreBatch         *batch);
void           kith_groups_show_invitation  (KithPeer               *peer,
                                             const KithStoreMessage *row);

/* One group: its conversation. (transfer none) */
KithChat      *kith_group_host_get_chat    (KithGroupHost          *self);

/* As those of kith-messenger.h. may_write: FALSE after the task was answered. */
gboolean       kith_group_host_may_write   (KithGroupHost          *self,
                                            GTask                  *task);
void           kith_group_host_send        (KithGroupHost          *self,
                                            char                   *text,
                                            const guint8           *reply_to,
                                            gint64                  ttl_s,
                                            GTask                  *task);
void           kith_group_host_act         (KithGroupHost          *self,
                                            KithStoreKind           kind,
                                            const guint8           *target,
                                            const char             *text,
                                            GTask                  *task);
void           kith_group_host_forget      (KithGroupHost          *self,
                                            const guint8           *id,
                                            gboolean                outgoing,
                                            GTask                  *task);
/* Whether a message of ours waits until we may write, and nobody has seen it. */
gboolean       kith_group_host_is_pending  (KithGroupHost          *self,
                                            const guint8           *id);
/* They were deleted from the store. */
void           kith_group_host_forget_messages (KithGroupHost       *self);
void           kith_group_host_mark_read   (KithGroupHost          *self);
/* @parcel: of ours, read and ready; gets its id, and its message */
void           kith_group_host_send_file   (KithGroupHost          *self,
                                            KithParcel             *parcel,
                                            GTask                  *task);
/* What we wait for has changed. */
void           kith_group_host_want_links  (KithGroupHost          *self);

G_END_DECLS
