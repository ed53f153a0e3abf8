/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/kith-store-rows.h"

G_BEGIN_DECLS

/* Endpoints as a column: for each u8 family | address[16] | u16 port. */
#define KITH_STORE_ENDPOINT_BYTES 19
#define KITH_STORE_ENDPOINTS_BYTES (KITH_STORE_MAX_ENDPOINTS * KITH_STORE_ENDPOINT_BYTES)

gsize kith_store_endpoints_encode (const KithEndpoint *endpoints,
                                   guint               n,
                                   guint8              out[KITH_STORE_ENDPOINTS_BYTES]);
guint kith_store_endpoints_decode (const guint8       *data,
                                   gsize               len,
                                   KithEndpoint        out[KITH_STORE_MAX_ENDPOINTS]);

G_END_DECLS
