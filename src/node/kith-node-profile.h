/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"
#include "proto/kith-body.h"
#include "store/kith-store.h"

G_BEGIN_DECLS

void     kith_node_refresh_profile (KithNode *self, KithStoreProfile *row);
gboolean kith_node_adopt_profile    (KithNode               *self,
                                     const KithStoreProfile *row,
                                     GError                **error);
void     kith_node_forget_devices   (KithNode               *self,
                                     const guint8           *identity);
void     kith_node_remember_device  (KithNode               *self,
                                     const KithStoreDevice  *row);
void     kith_node_describe         (KithNode               *self,
                                     KithBodyOpen           *body);

G_END_DECLS
