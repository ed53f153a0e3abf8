/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "group/kith-group-chain.h"

G_BEGIN_DECLS

/* For the files of the chain: kith-group-chain.c (what is known, pins), -path.c (what of it counts) and
 * -hello.c (what is said of it). */

KithGroupState *kith_group_chain_replay      (const KithGroupNode *node);
KithGroupNode  *kith_group_chain_find_pinned (const KithGroupNode *node);
void            kith_group_chain_accept      (KithGroupChain      *self,
                                              KithGroupNode       *node,
                                              gint64               now_ms);
void            kith_group_chain_take_path   (KithGroupChain      *self,
                                              const KithGroupNode *changed,
                                              gint64               now_ms);

G_END_DECLS
