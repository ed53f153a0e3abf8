/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 5.2: the Noise handshake inside a session that replaces its keys. */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-rekey.h"

#include "base/kith-bytes.h"

static const char prologue_label[] = "KITH/1 rekey";

/**
 * kith_rekey_psk:
 * @exporter: the exporter of the keys to be replaced
 * @n: the number of the rekey, from 1
 * @pair_root: (nullable): the pair root, if there is one
 * @out: (out caller-allocates): the pre-shared key
 */
void
kith_rekey_psk (const guint8 exporter[KITH_KEY_BYTES], guint32 n, const guint8 *pair_root,
                guint8 out[KITH_KEY_BYTES])
{
  guint32 n_be = GUINT32_TO_BE (n);

  kith_kdf (out, exporter, "kith1 rekey",
            KITH_FIELDS (KITH_FIELD (&n_be, sizeof n_be),
                         KITH_FIELD (pair_root, pair_root != NULL ? KITH_KEY_BYTES : 0)));
}

/**
 * kith_rekey_handshake_init:
 * @handshake: (out caller-allocates): a started KKpsk0 handshake, to be cleared after use
 * @initiator: whether we are the dialer
 * @n: the number of the rekey
 * @previous_hash: h of the handshake before
 * @psk: by kith_rekey_psk()
 * @device_key: our device key, private
 * @their_device_key: the peer's device key, public
 * @ephemeral: 32 fresh random bytes
 *
 * Returns: %FALSE when a key is unusable
 */
gboolean
kith_rekey_handshake_init (KithNoiseHandshake *handshake, gboolean initiator, guint32 n,
                           const guint8 previous_hash[KITH_HASH_BYTES],
                           const guint8 psk[KITH_KEY_BYTES], const guint8 device_key[KITH_DH_BYTES],
                           const guint8 their_device_key[KITH_DH_BYTES],
                           const guint8 ephemeral[KITH_DH_BYTES])
{
  guint8 prologue[sizeof prologue_label - 1 + 4 + KITH_HASH_BYTES];
  KithWriter writer;

  kith_writer_init (&writer, prologue, sizeof prologue);
  kith_writer_bytes (&writer, (const guint8 *) prologue_label, sizeof prologue_label - 1);
  kith_writer_u32 (&writer, n);
  kith_writer_bytes (&writer, previous_hash, KITH_HASH_BYTES);

  kith_noise_handshake_init (handshake, KITH_NOISE_KKPSK0, initiator);
  kith_noise_handshake_set_psk (handshake, psk);
  kith_noise_handshake_set_remote_static (handshake, their_device_key);
  if (!kith_noise_handshake_set_static (handshake, device_key)
      || !kith_noise_handshake_set_ephemeral (handshake, ephemeral))
    return FALSE;

  kith_noise_handshake_start (handshake, prologue, writer.len);
  return TRUE;
}

/**
 * kith_rekey1_encode:
 * @self: what to encode
 * @out: (out caller-allocates): the body of REKEY1
 */
void
kith_rekey1_encode (const KithRekey1 *self, guint8 out[KITH_REKEY1_BYTES])
{
  KithWriter writer;

  kith_writer_init (&writer, out, KITH_REKEY1_BYTES);
  kith_writer_u32 (&writer, self->n);
  kith_writer_bytes (&writer, self->root_id, sizeof self->root_id);
  kith_writer_bytes (&writer, self->message, sizeof self->message);
}

/**
 * kith_rekey1_parse:
 * @self: (out caller-allocates): what it says
 * @bytes: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a REKEY1
 */
gboolean
kith_rekey1_parse (KithRekey1 *self, const guint8 *bytes, gsize len)
{
  KithReader reader;

  kith_reader_init (&reader, bytes, len);
  self->n = kith_reader_u32 (&reader);
  kith_reader_bytes (&reader, self->root_id, sizeof self->root_id);
  kith_reader_bytes (&reader, self->message, sizeof self->message);
  return kith_reader_finish (&reader);
}

/**
 * kith_rekey2_encode:
 * @self: what to encode
 * @out: (out caller-allocates): the body of REKEY2
 *
 * Returns: its length in bytes
 */
gsize
kith_rekey2_encode (const KithRekey2 *self, guint8 out[KITH_REKEY2_BYTES])
{
  KithWriter writer;

  kith_writer_init (&writer, out, KITH_REKEY2_BYTES);
  kith_writer_u8 (&writer, (guint8) self->status);
  if (self->status == KITH_REKEY_OK)
    kith_writer_bytes (&writer, self->message, sizeof self->message);

  return writer.len;
}

/**
 * kith_rekey2_parse:
 * @self: (out caller-allocates): what it says
 * @bytes: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: whether it is the body of a REKEY2
 */
gboolean
kith_rekey2_parse (KithRekey2 *self, const guint8 *bytes, gsize len)
{
  KithReader reader;
  guint8 status;

  kith_reader_init (&reader, bytes, len);
  status = kith_reader_u8 (&reader);
  if (status > KITH_REKEY_NO_ROOT)
    return FALSE;

  self->status = (KithRekeyStatus) status;
  if (self->status == KITH_REKEY_OK)
    kith_reader_bytes (&reader, self->message, sizeof self->message);

  return kith_reader_finish (&reader);
}
