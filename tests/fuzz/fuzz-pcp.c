/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a router answers. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "base/kith-limits.h"
#include "kith-fuzz.h"
#include "net/kith-pcp.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  KithPcpMap request = { .lifetime_s = 3600 };
  KithPcpAnswer answer;

  /* With the nonce and the port that the answer has, or else it would never count as one. */
  if (size >= KITH_PCP_MAP_BYTES)
    {
      memcpy (request.nonce, data + 24, sizeof request.nonce);
      kith_endpoint_set_bytes (&request.client, (const guint8 *) "\x0a\x00\x00\x02", 4, 5484);
    }

  if (kith_pcp_answer_decode (&answer, &request, data, size))
    {
      kith_fuzz_check (answer.lifetime_s <= KITH_LIMIT_PCP_LIFETIME_S);
      kith_pcp_is_reset (0, 0, 3600, answer.epoch_s);
    }
  return 0;
}
