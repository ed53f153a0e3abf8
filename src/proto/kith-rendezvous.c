/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-rendezvous.h"

#include <string.h>

#include <sodium.h>

#include "base/kith-bytes.h"
#include "base/kith-secret.h"
#include "base/kith-time.h"
#include "proto/kith-hash.h"

#define VERSION 1
#define AD_LABEL "kith1 dht-val"
#define AD_BYTES (sizeof AD_LABEL - 1 + KITH_RENDEZVOUS_LOCATION_BYTES)
#define PLAINTEXT_BYTES 232
#define INNER_BYTES (PLAINTEXT_BYTES - crypto_box_SEALBYTES)

G_STATIC_ASSERT (INNER_BYTES >= 1 + 1 + 8 + 8 + 4 + KITH_LIMIT_ENDPOINTS * (1 + 16 + 2));
G_STATIC_ASSERT (KITH_RENDEZVOUS_KEY_BYTES == crypto_box_PUBLICKEYBYTES
                 && KITH_RENDEZVOUS_KEY_BYTES == crypto_box_SECRETKEYBYTES);

G_STATIC_ASSERT (KITH_RENDEZVOUS_NONCE_BYTES + PLAINTEXT_BYTES
                   + crypto_aead_xchacha20poly1305_ietf_ABYTES
                 == KITH_RENDEZVOUS_VALUE_BYTES);

/* --- Places --------------------------------------------------------------------------------- */

static guint32
get_offset (const guint8 *root)
{
  guint8 key[KITH_KEY_BYTES];
  guint32 offset;

  kith_kdf (key, root, "kith1 dht-off", NULL, 0);
  memcpy (&offset, key, sizeof offset);
  kith_secret_wipe (key, sizeof key);
  return GUINT32_FROM_BE (offset) % KITH_DAY_S;
}

static guint64
shifted (const guint8 *root, gint64 now_s)
{
  return (guint64) MAX (now_s, 0) + get_offset (root);
}

/**
 * kith_rendezvous_get_epoch:
 * @root: the pair root, or the root of an invite
 * @now_s: unix time in seconds
 *
 * Returns: the number of the pair's present day
 */
guint64
kith_rendezvous_get_epoch (const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES], gint64 now_s)
{
  return shifted (root, now_s) / KITH_DAY_S;
}

/**
 * kith_rendezvous_get_age_s:
 * @root: the pair root, or the root of an invite
 * @now_s: unix time in seconds
 *
 * Returns: for how long the present epoch has lasted, in seconds
 */
guint
kith_rendezvous_get_age_s (const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES], gint64 now_s)
{
  return (guint) (shifted (root, now_s) % KITH_DAY_S);
}

/**
 * kith_rendezvous_init:
 * @self: (out): a place
 * @root: the pair root, or the root of an invite
 * @epoch: which day of the pair
 * @dir: 0 when the publisher's identity is the lower of the two, else 1
 */
void
kith_rendezvous_init (KithRendezvous *self, const guint8 root[KITH_RENDEZVOUS_ROOT_BYTES],
                      guint64 epoch, guint8 dir)
{
  guint64 number = GUINT64_TO_BE (epoch);
  guint8 location[KITH_KEY_BYTES];

  kith_kdf (location, root, "kith1 dht-loc",
            KITH_FIELDS (KITH_FIELD (&number, sizeof number), KITH_FIELD (&dir, 1)));
  memcpy (self->location, location, sizeof self->location);
  kith_kdf (self->key, root, "kith1 dht-key",
            KITH_FIELDS (KITH_FIELD (&number, sizeof number), KITH_FIELD (&dir, 1)));
}

/**
 * kith_rendezvous_clear:
 * @self: a place
 *
 * Wipes it.
 */
void
kith_rendezvous_clear (KithRendezvous *self)
{
  kith_secret_wipe (self, sizeof *self);
}

/* --- Values --------------------------------------------------------------------------------- */

static void
make_ad (const KithRendezvous *self, guint8 ad[AD_BYTES])
{
  memcpy (ad, AD_LABEL, sizeof AD_LABEL - 1);
  memcpy (ad + sizeof AD_LABEL - 1, self->location, sizeof self->location);
}

static void
write_plaintext (const KithRendezvousValue *value, guint8 *plaintext, gsize len)
{
  KithWriter writer;

  memset (plaintext, 0, len);
  kith_writer_init (&writer, plaintext, len);
  kith_writer_u8 (&writer, VERSION);
  kith_writer_u8 (&writer, (guint8) value->n_endpoints);
  kith_writer_u64 (&writer, (guint64) value->time_s);
  kith_writer_u64 (&writer, value->seq);
  kith_writer_u32 (&writer, value->caps);
  for (guint i = 0; i < value->n_endpoints; i++)
    {
      kith_writer_u8 (&writer, value->endpoints[i].family);
      kith_writer_bytes (&writer, value->endpoints[i].address,
                         kith_endpoint_get_len (&value->endpoints[i]));
      kith_writer_u16 (&writer, value->endpoints[i].port);
    }
}

static void
seal (const KithRendezvous *self, const guint8 plaintext[PLAINTEXT_BYTES],
      const guint8 nonce[KITH_RENDEZVOUS_NONCE_BYTES], guint8 out[KITH_RENDEZVOUS_VALUE_BYTES])
{
  guint8 ad[AD_BYTES];

  make_ad (self, ad);
  memcpy (out, nonce, KITH_RENDEZVOUS_NONCE_BYTES);
  crypto_aead_xchacha20poly1305_ietf_encrypt (out + KITH_RENDEZVOUS_NONCE_BYTES, NULL, plaintext,
                                              PLAINTEXT_BYTES, ad, sizeof ad, NULL, nonce, self->key);
}

/**
 * kith_rendezvous_seal:
 * @self: the place where it is put
 * @value: where we are; at most KITH_LIMIT_ENDPOINTS endpoints
 * @nonce: 24 random bytes
 * @out: (out): what is put there
 */
void
kith_rendezvous_seal (const KithRendezvous *self, const KithRendezvousValue *value,
                      const guint8 nonce[KITH_RENDEZVOUS_NONCE_BYTES],
                      guint8 out[KITH_RENDEZVOUS_VALUE_BYTES])
{
  guint8 plaintext[PLAINTEXT_BYTES];

  g_return_if_fail (value->n_endpoints <= KITH_LIMIT_ENDPOINTS);

  write_plaintext (value, plaintext, sizeof plaintext);
  seal (self, plaintext, nonce, out);
}

/**
 * kith_rendezvous_seal_to:
 * @self: the place where it is put
 * @value: where we are; at most KITH_LIMIT_ENDPOINTS endpoints
 * @reader: the X25519 public key of the one who may read it
 * @nonce: 24 random bytes
 * @out: (out): what is put there
 *
 * As kith_rendezvous_seal(), but not for everybody who knows the place (7.3).
 *
 * Returns: %FALSE when @reader is no key
 */
gboolean
kith_rendezvous_seal_to (const KithRendezvous *self, const KithRendezvousValue *value,
                         const guint8 reader[KITH_RENDEZVOUS_KEY_BYTES],
                         const guint8 nonce[KITH_RENDEZVOUS_NONCE_BYTES],
                         guint8 out[KITH_RENDEZVOUS_VALUE_BYTES])
{
  guint8 inner[INNER_BYTES];
  guint8 plaintext[PLAINTEXT_BYTES];

  g_return_val_if_fail (value->n_endpoints <= KITH_LIMIT_ENDPOINTS, FALSE);

  write_plaintext (value, inner, sizeof inner);
  if (crypto_box_seal (plaintext, inner, sizeof inner, reader) != 0)
    return FALSE;

  seal (self, plaintext, nonce, out);
  return TRUE;
}

static gboolean
read_plaintext (const guint8 *plaintext, gsize plaintext_len, KithRendezvousValue *value)
{
  KithReader reader;
  guint64 time_s;

  kith_reader_init (&reader, plaintext, plaintext_len);
  if (kith_reader_u8 (&reader) != VERSION)
    return FALSE;

  value->n_endpoints = kith_reader_u8 (&reader);
  time_s = kith_reader_u64 (&reader);
  value->time_s = (gint64) MIN (time_s, G_MAXINT64);
  value->seq = kith_reader_u64 (&reader);
  value->caps = kith_reader_u32 (&reader);
  if (value->n_endpoints > KITH_LIMIT_ENDPOINTS)
    return FALSE;

  for (guint i = 0; i < value->n_endpoints; i++)
    {
      guint8 family = kith_reader_u8 (&reader);
      gsize len = family == 4 ? 4 : 16;
      const guint8 *address = kith_reader_peek (&reader, len);
      guint16 port = kith_reader_u16 (&reader);

      if ((family != 4 && family != 6) || address == NULL || reader.failed
          || !kith_endpoint_set_bytes (&value->endpoints[i], address, len, port))
        return FALSE;
    }

  return TRUE;
}

static gboolean
unseal (const KithRendezvous *self, const guint8 *data, gsize len,
        guint8 plaintext[PLAINTEXT_BYTES])
{
  guint8 ad[AD_BYTES];

  if (len != KITH_RENDEZVOUS_VALUE_BYTES)
    return FALSE;

  make_ad (self, ad);
  return crypto_aead_xchacha20poly1305_ietf_decrypt (plaintext, NULL, NULL,
                                                     data + KITH_RENDEZVOUS_NONCE_BYTES,
                                                     len - KITH_RENDEZVOUS_NONCE_BYTES, ad, sizeof ad,
                                                     data, self->key)
         == 0;
}

/**
 * kith_rendezvous_open:
 * @self: the place where it was found
 * @data: (array length=len): a value from the DHT: anybody may have put it there
 * @len: its length in bytes
 * @value: (out): what it says; whether its endpoints may be dialled is for the caller to judge
 *
 * Anything of another size is refused before any work.
 *
 * Returns: whether the contact has put it there
 */
gboolean
kith_rendezvous_open (const KithRendezvous *self, const guint8 *data, gsize len,
                      KithRendezvousValue *value)
{
  guint8 plaintext[PLAINTEXT_BYTES];

  *value = (KithRendezvousValue){ .seq = 0 };
  return unseal (self, data, len, plaintext)
         && read_plaintext (plaintext, sizeof plaintext, value);
}

/**
 * kith_rendezvous_open_with:
 * @self: the place where it was found
 * @data: (array length=len): a value from the DHT: anybody may have put it there
 * @len: its length in bytes
 * @reader: the X25519 private key of the one whom it is for
 * @value: (out): what it says
 *
 * Opens what was sealed with kith_rendezvous_seal_to().
 *
 * Returns: whether somebody who knows the place has put it there for us
 */
gboolean
kith_rendezvous_open_with (const KithRendezvous *self, const guint8 *data, gsize len,
                           const guint8 reader[KITH_RENDEZVOUS_KEY_BYTES],
                           KithRendezvousValue *value)
{
  guint8 plaintext[PLAINTEXT_BYTES];
  guint8 inner[INNER_BYTES];
  guint8 public_key[crypto_box_PUBLICKEYBYTES];

  *value = (KithRendezvousValue){ .seq = 0 };
  return unseal (self, data, len, plaintext)
         && crypto_scalarmult_base (public_key, reader) == 0
         && crypto_box_seal_open (inner, plaintext, sizeof plaintext, public_key, reader) == 0
         && read_plaintext (inner, sizeof inner, value);
}

/**
 * kith_rendezvous_value_is_fresh:
 * @value: a value
 * @now_s: unix time in seconds
 *
 * Returns: whether it is from about now; an older one may have been kept by somebody
 */
gboolean
kith_rendezvous_value_is_fresh (const KithRendezvousValue *value, gint64 now_s)
{
  return value->time_s >= now_s - KITH_LIMIT_RENDEZVOUS_PAST_S
         && value->time_s <= now_s + KITH_LIMIT_RENDEZVOUS_AHEAD_S;
}
