/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first bytes of a connection, and what the handshake carries. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include "kith-fuzz.h"
#include "proto/kith-handshake-payload.h"
#include "proto/kith-preamble.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  KithHandshakePayload payload;
  KithPreamble preamble;
  guint8 again[KITH_PREAMBLE_BYTES];

  kith_handshake_payload_parse (&payload, data, size);
  if (size < KITH_PREAMBLE_BYTES
      || kith_preamble_parse (&preamble, data) != KITH_PREAMBLE_OK)
    return 0;

  kith_preamble_encode (&preamble, data, again);
  kith_fuzz_check (kith_preamble_parse (&preamble, again) == KITH_PREAMBLE_OK);
  return 0;
}
