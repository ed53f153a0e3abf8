/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node-network.h"

G_BEGIN_DECLS

/* How we stand to the network, in plain words. */

char *kith_network_words_dup_dht    (KithNetwork *network);
char *kith_network_words_dup_lan    (KithNetwork *network);
char *kith_network_words_dup_router (KithNetwork *network);
char *kith_network_words_dup_reach  (KithNode    *node);

G_END_DECLS
