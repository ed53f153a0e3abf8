/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "node/kith-node.h"

G_BEGIN_DECLS

#define KITH_TYPE_NETWORK_PAGE (kith_network_page_get_type ())
G_DECLARE_FINAL_TYPE (KithNetworkPage, kith_network_page, KITH, NETWORK_PAGE, AdwPreferencesPage)

/* The preferences of the network: each choice applies at once, and says how it stands with it.
 *
 * Signals:
 *  said (char *words)  something to be told in a toast
 *  check ()            the user wants the connection doctor */

void kith_network_page_set_node (KithNetworkPage *self,
                                 KithNode        *node);

G_END_DECLS
