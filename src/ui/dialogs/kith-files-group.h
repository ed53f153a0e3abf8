/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_FILES_GROUP (kith_files_group_get_type ())
G_DECLARE_FINAL_TYPE (KithFilesGroup, kith_files_group, KITH, FILES_GROUP, AdwPreferencesGroup)

void kith_files_group_set_node (KithFilesGroup *self,
                                KithNode       *node);

G_END_DECLS
