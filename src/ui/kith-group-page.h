/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

#define KITH_TYPE_GROUP_PAGE (kith_group_page_get_type ())
G_DECLARE_FINAL_TYPE (KithGroupPage, kith_group_page, KITH, GROUP_PAGE, AdwBin)

/* An invitation to a group: whose it is, what Kith knows of it, and the decision. Nobody is in a group
 * unasked. Property: "folded" (the sidebar is not beside it: show a way back).
 *
 * Signals: "joined" (KithGroup): we asked to be let in. "declined": the group is gone. */

void kith_group_page_set_group (KithGroupPage *self,
                                KithNode      *node,
                                KithGroup     *group);
void kith_group_page_forget_typed (KithNode   *node,
                                   KithGroup  *group);

G_END_DECLS
