/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_REACH_GROUP (kith_reach_group_get_type ())
G_DECLARE_FINAL_TYPE (KithReachGroup, kith_reach_group, KITH, REACH_GROUP, AdwPreferencesGroup)

/* Who can reach me, and the passphrase to tell friends. Each choice applies at once.
 *
 * Signal: said (char *words)  something to be told in a toast */

void kith_reach_group_set_node (KithReachGroup *self,
                                KithNode       *node);

G_END_DECLS
