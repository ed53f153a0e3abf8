/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"
#include "node/kith-profile-folder.h"

G_BEGIN_DECLS

/* Where one can go in the window of @node by typing @text: (transfer full) (element-type KithJumpItem),
 * best first, what was active last before others; people, groups and actions each by themselves. With
 * nothing typed: the conversations of late without @open, then all that the window can do. @folder:
 * (nullable) none when everything is in memory. @open: (nullable) what is open now */
GPtrArray *kith_jump_search_find (KithNode          *node,
                                  KithProfileFolder *folder,
                                  GObject           *open,
                                  GPtrArray         *more,
                                  const char        *text);
gboolean   kith_jump_search_knows (const char       *action);

G_END_DECLS
