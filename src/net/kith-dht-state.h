/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/kith-endpoint.h"

G_BEGIN_DECLS

/* Which nodes answered us: all that is kept of a run of the DHT. Pure; any thread. */

guint   kith_dht_state_read   (const guint8       *data,
                               gsize               len,
                               KithEndpoint       *out,
                               guint               max,
                               guint              *n_out);
GBytes *kith_dht_state_save   (const KithEndpoint *nodes,
                               guint               n);
guint   kith_dht_state_load   (GBytes             *saved,
                               KithEndpoint       *out,
                               guint               max);

G_END_DECLS
