/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-peer.h"

G_BEGIN_DECLS

void     kith_pairing_session_opened (KithPeer     *peer);
void     kith_pairing_session_lost   (KithPeer     *peer);
void     kith_pairing_pump           (KithPeer     *peer);
gboolean kith_pairing_receive        (KithPeer     *peer,
                                      const guint8 *body,
                                      gsize         len);

G_END_DECLS
