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

G_END_DECLS
