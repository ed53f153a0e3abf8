/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <net/if.h>

#include "base/kith-endpoint.h"
#include "base/kith-limits.h"

G_BEGIN_DECLS

typedef struct
{
  guint8 address[16];
  guint8 mask[16];
} KithLanPrefix;

/**
 * KithLanPlace:
 * @index: the number of the interface
 * @name: its name
 * @family: 4 or 6
 * @source: our own address there, from which others can reach us
 * @prefixes: whose addresses are on this link
 *
 * One interface and one family where beacons may go: plain data.
 */
typedef struct
{
  guint         index;
  char          name[IF_NAMESIZE];
  guint8        family;
  guint8        source[16];
  KithLanPrefix prefixes[KITH_LIMIT_LAN_PREFIXES];
  guint         n_prefixes;
} KithLanPlace;

GArray  *kith_lan_place_list     (const char         *only);
gboolean kith_lan_place_is_same  (const KithLanPlace *self,
                                  const KithLanPlace *other);
gboolean kith_lan_place_contains (const KithLanPlace *self,
                                  const KithEndpoint *source);

G_END_DECLS
