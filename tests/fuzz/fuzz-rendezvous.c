/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values of the DHT: as they are, and sealed, so that what is inside is reached. */
#define G_LOG_DOMAIN "kith-fuzz"

#include "config.h"

#include <string.h>

#include "kith-fuzz.h"
#include "proto/kith-rendezvous.h"

#define TEXT_BYTES (KITH_RENDEZVOUS_VALUE_BYTES - KITH_RENDEZVOUS_NONCE_BYTES                      \
                    - crypto_aead_xchacha20poly1305_ietf_ABYTES)
#define LABEL "kith1 dht-val"

static void
seal (const KithRendezvous *place, const guint8 *data, gsize len,
      guint8 value[KITH_RENDEZVOUS_VALUE_BYTES])
{
  guint8 text[TEXT_BYTES] = { 0 };
  guint8 associated[sizeof LABEL - 1 + KITH_RENDEZVOUS_LOCATION_BYTES];

  memcpy (text, data, MIN (len, sizeof text));
  memcpy (associated, LABEL, sizeof LABEL - 1);
  memcpy (associated + sizeof LABEL - 1, place->location, sizeof place->location);
  memset (value, 7, KITH_RENDEZVOUS_NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt (value + KITH_RENDEZVOUS_NONCE_BYTES, NULL, text,
                                              sizeof text, associated, sizeof associated, NULL,
                                              value, place->key);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES] = { 1 };
  guint8 sealed[KITH_RENDEZVOUS_VALUE_BYTES];
  KithRendezvousValue value;
  KithRendezvous place;

  kith_rendezvous_init (&place, root, 20000, 0);
  kith_rendezvous_open (&place, data, size, &value);
  kith_rendezvous_open_with (&place, data, size, root, &value);
  seal (&place, data, size, sealed);
  if (kith_rendezvous_open (&place, sealed, sizeof sealed, &value))
    {
      kith_fuzz_check (value.n_endpoints <= KITH_LIMIT_ENDPOINTS);
      kith_rendezvous_value_is_fresh (&value, 1767225600);
      kith_rendezvous_seal (&place, &value, sealed, sealed);
    }
  kith_rendezvous_clear (&place);
  return 0;
}
