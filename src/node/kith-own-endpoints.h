/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node-private.h"

G_BEGIN_DECLS

/* Where we can be reached, as told to contacts, in invites and in the DHT. */

void     kith_own_endpoints_list     (KithNode           *node,
                                      KithEndpoints      *out);
gboolean kith_own_endpoints_is_ours  (KithNode           *node,
                                      const KithEndpoint *endpoint);
gboolean kith_own_endpoints_is_local (KithNode           *node);
void     kith_own_endpoints_seen     (KithNode           *node,
                                      const KithEndpoint *seen);

G_END_DECLS
