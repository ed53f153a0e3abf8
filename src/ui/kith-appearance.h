/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

/* How the window looks, as its user wants it: light or dark, and how large its text is. One for all windows of a
 * process. What is not set follows the system. Main thread only. */

void kith_appearance_begin (void);
void kith_appearance_apply (KithNode *node);

G_END_DECLS
