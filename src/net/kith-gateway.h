/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <net/if.h>

#include <glib.h>

G_BEGIN_DECLS

/**
 * KithGateway:
 * @family: 4 or 6
 * @address: big-endian; IPv4 takes the first four bytes
 * @interface: where it is
 *
 * The next router on the way to the internet: plain data.
 */
typedef struct
{
  guint8 family;
  guint8 address[16];
  char   interface[IF_NAMESIZE];
} KithGateway;

gboolean kith_gateway_find  (KithGateway *self,
                             guint8       family);
gboolean kith_gateway_parse (KithGateway *self,
                             guint8       family,
                             const char  *routes);

G_END_DECLS
