/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-clock-check.h"
#include "node/kith-node-private.h"

G_BEGIN_DECLS

/* What time it is for others: protocol 7.8. */

void     kith_node_clock_start       (KithNode     *self);
void     kith_node_clock_stop        (KithNode     *self);
void     kith_node_clock_note        (KithNode     *self,
                                      const guint8 *identity,
                                      guint64       time_s);
void     kith_node_clock_update      (KithNode     *self);
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
