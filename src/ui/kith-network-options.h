/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "node/kith-node-network.h"

G_BEGIN_DECLS

/* What the command line says about the network: it goes before what is stored, for this run. */

typedef struct _KithNetworkOptions KithNetworkOptions;

extern const GOptionEntry kith_network_options_entries[];

KithNetworkOptions *kith_network_options_new   (GVariantDict              *dict,
                                                char                     **complaint);
void                kith_network_options_free  (KithNetworkOptions        *self);
GStrv               kith_network_options_dup_words (const KithNetworkOptions *self);
gboolean            kith_network_options_apply (const KithNetworkOptions  *self,
                                                KithNode                  *node,
                                                GError                   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KithNetworkOptions, kith_network_options_free)

G_END_DECLS
