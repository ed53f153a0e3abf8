/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node-invites.h"

G_BEGIN_DECLS

/* How invites that the user made read. */

char *kith_invite_words_dup_title (KithInvitation *invitation);
char *kith_invite_words_dup_state (KithInvitation *invitation,
                                   KithNode       *node);

G_END_DECLS
