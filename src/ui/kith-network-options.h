/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-network-override.h"

G_BEGIN_DECLS

/* The options of the command line that are about the network. What they mean says KithNetworkOverride. */

extern const GOptionEntry kith_network_options_entries[];

gboolean kith_network_options_read      (GVariantDict              *dict,
                                         KithNetworkOverride       *self,
                                         GError                   **error);
GStrv    kith_network_options_dup_words (const KithNetworkOverride *self);

G_END_DECLS
