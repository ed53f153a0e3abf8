/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-peer.h"

G_BEGIN_DECLS

void     kith_node_take_session      (KithSession *session,
                                      gpointer     node);
gboolean kith_node_open_session      (KithNode    *self,
                                      KithSession *session,
                                      GTask       *connect);
/* (transfer full): for those who are refused. Main thread. */
GHashTable *kith_node_new_refusals   (void);
void     kith_node_refuse            (KithNode    *self,
                                      KithSession *session);
void     kith_node_drop_silent       (KithNode    *self,
                                      gint64       silent_ms);
void     kith_node_broadcast_profile (KithNode    *self);

G_END_DECLS
