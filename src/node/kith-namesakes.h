/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node.h"

G_BEGIN_DECLS

/* Who goes by the same name as somebody else: a changed identity is a new person, whatever it calls
 * itself (protocol 2.1). */

gboolean kith_namesakes_has    (KithNode     *node,
                                const guint8 *identity,
                                const char   *name);
void     kith_namesakes_update (KithNode     *node);

G_END_DECLS
