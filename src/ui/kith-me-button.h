/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_ME_BUTTON (kith_me_button_get_type ())
G_DECLARE_FINAL_TYPE (KithMeButton, kith_me_button, KITH, ME_BUTTON, AdwBin)

/* The user's own name, and whether and where others can reach them. Opens "My address". */

void kith_me_button_set_node (KithMeButton *self,
                              KithNode     *node);

G_END_DECLS
