/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node-private.h"

G_BEGIN_DECLS

/* Who may knock: protocol 3.2. Main thread. */

gboolean kith_node_match_knock       (const guint8 *tag,
                                      const guint8 *ephemeral,
                                      gpointer      user_data);
gboolean kith_node_knock_matches     (KithNode     *self,
                                      const guint8 *root,
                                      guint8        dir,
                                      const guint8 *tag,
                                      const guint8 *ephemeral);
gboolean kith_node_knock_key_matches (KithNode     *self,
                                      const guint8 *knock_key,
                                      guint8        dir,
                                      const guint8 *tag,
                                      const guint8 *ephemeral);

G_END_DECLS
