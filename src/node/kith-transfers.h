/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-transfer.h"
#include "node/kith-peer.h"

G_BEGIN_DECLS

/* The files of a node: what is offered, on its way, or was. */
typedef struct _KithTransfers KithTransfers;

void           kith_transfers_install_signals (GType          type);
KithTransfers *kith_transfers_new             (KithNode      *node);
void           kith_transfers_free            (KithTransfers *self);

G_END_DECLS
