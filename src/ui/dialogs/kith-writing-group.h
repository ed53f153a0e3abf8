/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_WRITING_GROUP (kith_writing_group_get_type ())
G_DECLARE_FINAL_TYPE (KithWritingGroup, kith_writing_group, KITH, WRITING_GROUP, AdwPreferencesGroup)

/* The preferences of what is written: whether its spelling is checked, and the words that were taught; each applies
 * at once. */

void kith_writing_group_set_node (KithWritingGroup *self,
                                  KithNode         *node);

G_END_DECLS
