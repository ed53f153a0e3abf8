/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_APPEARANCE_GROUP (kith_appearance_group_get_type ())
G_DECLARE_FINAL_TYPE (KithAppearanceGroup, kith_appearance_group, KITH, APPEARANCE_GROUP,
                      AdwPreferencesGroup)

/* Light or dark, and how large the text is. What is chosen is seen at once. */

void kith_appearance_group_set_node (KithAppearanceGroup *self,
                                     KithNode            *node);

G_END_DECLS
