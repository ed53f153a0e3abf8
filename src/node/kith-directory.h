/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-peer.h"

G_BEGIN_DECLS

void     kith_directory_start_all    (KithNode            *node);
void     kith_directory_try_now      (KithPeer            *peer);
void     kith_directory_try_soon     (KithPeer            *peer);
void     kith_directory_news         (KithPeer            *peer);
void     kith_directory_session_lost (KithPeer            *peer,
                                      const GError        *error);
void     kith_directory_reached      (KithPeer            *peer);
void     kith_directory_forget       (KithPeer            *peer);
gboolean kith_directory_learn        (KithPeer            *peer,
                                      KithSession         *session,
                                      const KithEndpoints *endpoints);
void     kith_directory_filter       (const KithEndpoint  *remote,
                                      gboolean             we_dialled,
                                      const KithEndpoints *endpoints,
                                      KithEndpoints       *out);
void     kith_directory_judge        (KithNode            *node,
                                      const KithEndpoint  *endpoints,
                                      guint                n,
                                      KithEndpoints       *out);

G_END_DECLS
