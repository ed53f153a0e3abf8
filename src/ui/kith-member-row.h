/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node-groups.h"

G_BEGIN_DECLS

#define KITH_TYPE_MEMBER_ROW (kith_member_row_get_type ())
G_DECLARE_FINAL_TYPE (KithMemberRow, kith_member_row, KITH, MEMBER_ROW, GtkListBoxRow)

/* Somebody in a group: name, whether they are online, what they are there, and a menu of what can be done
 * about them. */

/* @node: (nullable): NULL leaves the menu away. @group: (nullable): where, likewise */
GtkWidget  *kith_member_row_new        (KithMember    *member,
                                        KithNode      *node,
                                        KithGroup     *group);

G_END_DECLS
