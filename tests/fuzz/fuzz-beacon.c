/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Datagrams of the local network. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "kith-fuzz.h"
#include "proto/kith-beacon.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  KithBeacon beacon;
  guint8 again[KITH_BEACON_MAX_BYTES];
  gsize len;

  if (!kith_beacon_unpack (&beacon, data, size))
    return 0;

  kith_fuzz_check (beacon.n_tags <= KITH_LIMIT_BEACON_TAGS);
  kith_fuzz_check (memchr (beacon.name, '\0', sizeof beacon.name) != NULL);
  len = kith_beacon_pack (&beacon, again);
  kith_fuzz_check (kith_beacon_unpack (&beacon, again, len));
  return 0;
}
