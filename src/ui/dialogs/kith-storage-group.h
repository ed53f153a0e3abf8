/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_STORAGE_GROUP (kith_storage_group_get_type ())
G_DECLARE_FINAL_TYPE (KithStorageGroup, kith_storage_group, KITH, STORAGE_GROUP, AdwPreferencesGroup)

/* How much room is taken on the disk, and making some by deleting received files.
 *
 * Signals: "said" (words): what came of it */

/* @profile_path: (nullable) none when everything is in memory */
void kith_storage_group_set_node (KithStorageGroup *self,
                                  KithNode         *node,
                                  const char       *profile_path);

G_END_DECLS
