/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "model/kith-finding.h"
#include "node/kith-node.h"

G_BEGIN_DECLS

/* The connection doctor: can I be reached, and why can this contact not be? Main thread. */

/* Without @contact: looks at the listener, the router, the DHT, the same network, and asks a contact
 * who is online to dial back. With one: what was tried for them, and what each try answered; tries
 * anew meanwhile. Takes 15 s at most. */
void        kith_node_diagnose_async  (KithNode            *self,
                                       KithContact         *contact,
                                       GCancellable        *cancellable,
                                       GAsyncReadyCallback  callback,
                                       gpointer             user_data);
/* (transfer full) (element-type KithFinding): the most important first. Errors: CANCELLED,
 * NO_PROFILE, NOT_FOUND. */
GListModel *kith_node_diagnose_finish (KithNode            *self,
                                       GAsyncResult        *result,
                                       GError             **error);

G_END_DECLS
