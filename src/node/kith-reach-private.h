/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "net/kith-entry.h"
#include "node/kith-node-private.h"
#include "node/kith-node-reach.h"

G_BEGIN_DECLS

/* kith-node-reach.c: our own port */
void     kith_node_apply_reach      (KithNode     *self);

/* kith-peer-entry.c: theirs */
void     kith_peer_get_entry        (KithPeer     *self,
                                     KithEntry    *entry);
gboolean kith_peer_has_untried_entry (KithPeer    *self);
void     kith_peer_keep_passphrase  (KithPeer     *self,
                                     const char   *passphrase);
void     kith_peer_entry_settled    (KithPeer     *self);
gboolean kith_node_match_invite     (KithNode     *self,
                                     const guint8 *tag,
                                     const guint8 *ephemeral);

G_END_DECLS
