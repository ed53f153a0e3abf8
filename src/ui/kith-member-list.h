/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

#define KITH_TYPE_MEMBER_LIST (kith_member_list_get_type ())
G_DECLARE_FINAL_TYPE (KithMemberList, kith_member_list, KITH, MEMBER_LIST, AdwBin)

/* Who is in a group. Of many only the first are shown, until the user wants all, or searches. */

void kith_member_list_set_group (KithMemberList *self,
                                 KithNode       *node,
                                 KithGroup      *group);
/* Lets go of the group: whoever shows it calls this when it goes. */
void kith_member_list_clear     (KithMemberList *self);

G_END_DECLS
