/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-peer.h"

G_BEGIN_DECLS

void kith_node_attach            (KithNode     *self,
                                  KithPeer     *peer,
                                  KithSession  *session);
void kith_node_attach_member     (KithNode     *self,
                                  KithPeer     *peer,
                                  KithSession  *session);
void kith_node_become_mutual     (KithNode     *self,
                                  KithPeer     *peer);
void kith_node_end_group_session (KithPeer     *peer);
void kith_peer_session_over      (KithPeer     *self);
void kith_peer_close_sessions    (KithPeer     *self,
                                  KithByeReason reason);
void kith_peer_detach            (KithPeer     *self,
                                  const GError *error);
void kith_peer_take_refusal      (KithPeer     *self,
                                  KithSession  *session,
                                  const GError *error);
void kith_peer_session_drained   (KithPeer     *self);

G_END_DECLS
