/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_GROUP_PICTURE (kith_group_picture_get_type ())
G_DECLARE_FINAL_TYPE (KithGroupPicture, kith_group_picture, KITH, GROUP_PICTURE, AdwBin)

/* The big picture of a group, which its admin can change. Signal "failed" (words): it was not changed. */

void kith_group_picture_set_group (KithGroupPicture *self,
                                   KithNode         *node,
                                   KithGroup        *group);

G_END_DECLS
