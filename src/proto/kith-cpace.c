/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPace-RISTR255-SHA512 of draft-irtf-cfrg-cpace, initiator and responder. Protocol 3.3.
 *
 * Two who know the same passphrase get the same key from it; somebody else, listener or guesser,
 * can try one passphrase in each run and learns nothing that could be tried out at home.
 */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-cpace.h"

#include <string.h>

#include <sodium.h>

#define DSI "CPaceRistretto255"
#define DSI_ISK DSI "_ISK"
#define BLOCK_BYTES 128 /* of SHA-512 */

G_STATIC_ASSERT (KITH_CPACE_SCALAR_BYTES == crypto_core_ristretto255_SCALARBYTES);
G_STATIC_ASSERT (KITH_CPACE_SHARE_BYTES == crypto_core_ristretto255_BYTES);
G_STATIC_ASSERT (KITH_CPACE_ISK_BYTES == crypto_hash_sha512_BYTES);
G_STATIC_ASSERT (crypto_core_ristretto255_HASHBYTES == crypto_hash_sha512_BYTES);

/* --- The draft's prepend_len() and lv_cat(), into a hash ------------------------------------- */

/* Returns: how many bytes the length takes as LEB128 */
static gsize
write_length (guint8 out[10], gsize len)
{
  gsize n = 0;

  do
    {
      out[n++] = (guint8) ((len & 0x7f) | (len > 0x7f ? 0x80 : 0));
      len >>= 7;
    }
  while (len > 0);

  return n;
}

static void
add (crypto_hash_sha512_state *state, KithField field)
{
  guint8 length[10];

  crypto_hash_sha512_update (state, length, write_length (length, field.len));
  if (field.len > 0)
    crypto_hash_sha512_update (state, field.data, field.len);
}

static gsize
prepended_len (gsize len)
{
  guint8 length[10];

  return write_length (length, len) + len;
}

/* Zeros that fill the first block of the hash, so that its time says nothing of the passphrase. */
static void
add_padding (crypto_hash_sha512_state *state, gsize prs_len)
{
  static const guint8 zeros[BLOCK_BYTES];
  gsize before = prepended_len (strlen (DSI)) + prepended_len (prs_len);

  add (state, KITH_FIELD (zeros, before + 1 < BLOCK_BYTES ? BLOCK_BYTES - 1 - before : 0));
}

/* --- CPace ---------------------------------------------------------------------------------- */

static void
calculate_generator (const KithCpaceInput *input, guint8 generator[crypto_core_ristretto255_BYTES])
{
  crypto_hash_sha512_state state;
  guint8 hash[crypto_hash_sha512_BYTES];

  crypto_hash_sha512_init (&state);
  add (&state, KITH_FIELD (DSI, strlen (DSI)));
  add (&state, input->prs);
  add_padding (&state, input->prs.len);
  add (&state, input->ci);
  add (&state, input->sid);
  crypto_hash_sha512_final (&state, hash);
  crypto_core_ristretto255_from_hash (generator, hash);

  sodium_memzero (&state, sizeof state);
  sodium_memzero (hash, sizeof hash);
}

/**
 * kith_cpace_make_share:
 * @input: what both sides have
 * @scalar: 32 fresh random bytes of ours, below the order of the group; never used twice
 * @share: (out caller-allocates): our public share
 *
 * Any thread.
 *
 * Returns: %FALSE when that is no usable scalar
 */
gboolean
kith_cpace_make_share (const KithCpaceInput *input, const guint8 scalar[KITH_CPACE_SCALAR_BYTES],
                       guint8 share[KITH_CPACE_SHARE_BYTES])
{
  guint8 generator[crypto_core_ristretto255_BYTES];
  gboolean ok;

  calculate_generator (input, generator);
  ok = crypto_scalarmult_ristretto255 (share, scalar, generator) == 0;
  sodium_memzero (generator, sizeof generator);
  return ok;
}

/**
 * kith_cpace_derive:
 * @input: what both sides have
 * @scalar: that of our share
 * @initiator: share and data of the one who spoke first
 * @responder: share and data of the other
 * @is_initiator: whether we are the first
 * @isk: (out caller-allocates): the intermediate session key
 *
 * The share of the other side is untrusted: an encoding that is none, and the identity, are
 * refused. Any thread.
 *
 * Returns: %FALSE when the other side's share is not usable
 */
gboolean
kith_cpace_derive (const KithCpaceInput *input, const guint8 scalar[KITH_CPACE_SCALAR_BYTES],
                   const KithCpaceShare *initiator, const KithCpaceShare *responder,
                   gboolean is_initiator, guint8 isk[KITH_CPACE_ISK_BYTES])
{
  const guint8 *theirs = is_initiator ? responder->share : initiator->share;
  crypto_hash_sha512_state state;
  guint8 k[crypto_core_ristretto255_BYTES];
  gboolean ok = crypto_scalarmult_ristretto255 (k, scalar, theirs) == 0;

  if (ok)
    {
      crypto_hash_sha512_init (&state);
      add (&state, KITH_FIELD (DSI_ISK, strlen (DSI_ISK)));
      add (&state, input->sid);
      add (&state, KITH_FIELD (k, sizeof k));
      add (&state, KITH_FIELD (initiator->share, KITH_CPACE_SHARE_BYTES));
      add (&state, initiator->ad);
      add (&state, KITH_FIELD (responder->share, KITH_CPACE_SHARE_BYTES));
      add (&state, responder->ad);
      crypto_hash_sha512_final (&state, isk);
      sodium_memzero (&state, sizeof state);
    }

  sodium_memzero (k, sizeof k);
  return ok;
}
