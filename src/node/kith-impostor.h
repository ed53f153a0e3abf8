/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-contact.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

/* People and groups are found by 32 bytes each, and so are their conversations. Nothing proves who has an identity
 * that stands in the chain of a group or in a link, nor which group an invitation is to: somebody could name the one
 * as the other, and have what is said to a group go elsewhere, or a conversation deleted with a group. So nothing is
 * both. (For node/ alone.) */

gboolean     kith_impostor_is_one      (KithNode     *node,
                                        const guint8 *identity);
KithContact *kith_impostor_get_contact (KithNode     *node,
                                        const guint8 *identity);
gboolean     kith_impostor_may_be_group (KithNode    *node,
                                         const guint8 *gid);
void         kith_impostor_make_way    (KithNode     *node,
                                        const guint8 *gid);

G_END_DECLS
