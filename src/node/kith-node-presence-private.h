/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node-presence.h"
#include "node/kith-peer.h"

G_BEGIN_DECLS

void     kith_presence_restore          (KithNode     *node);
void     kith_presence_session_opened   (KithPeer     *peer);
void     kith_presence_session_lost     (KithPeer     *peer);
void     kith_presence_message_sent     (KithPeer     *peer);
void     kith_presence_stop_typing      (KithPeer     *peer);
void     kith_presence_set_peer_hidden  (KithPeer     *peer,
                                         gboolean      hidden);
gboolean kith_presence_receive_typing   (KithPeer     *peer,
                                         const guint8 *body,
                                         gsize         len);

G_END_DECLS
