/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Noise 5.3: the HandshakeState, driven by the message patterns below. Protocol 3.4, 5.2, 9.
 *
 * A message is worked on in a copy of the state, which replaces the state only when everything in
 * it was in order: a message that is refused changes nothing.
 */
#define G_LOG_DOMAIN "kith-proto"

#include "config.h"

#include "proto/kith-noise-handshake.h"

#include <string.h>

#include <sodium.h>

typedef enum
{
  TOKEN_END,
  TOKEN_E,
  TOKEN_S,
  TOKEN_EE,
  TOKEN_ES,
  TOKEN_SE,
  TOKEN_SS,
  TOKEN_PSK,
} Token;

#define MAX_MESSAGES 3
#define MAX_TOKENS 6

typedef struct
{
  const char *name;
  gboolean    uses_psk;
  gboolean    initiator_known; /* -> s, before the first message */
  gboolean    responder_known; /* <- s */
  guint       n_messages;      /* the initiator's first, then in turn */
  Token       messages[MAX_MESSAGES][MAX_TOKENS];
} Pattern;

static const Pattern patterns[] = {
  [KITH_NOISE_XX] = {
    "Noise_XX_25519_ChaChaPoly_SHA256", FALSE, FALSE, FALSE, 3,
    { { TOKEN_E },                               /* -> e */
      { TOKEN_E, TOKEN_EE, TOKEN_S, TOKEN_ES },  /* <- e, ee, s, es */
      { TOKEN_S, TOKEN_SE } },                   /* -> s, se */
  },
  [KITH_NOISE_XXPSK0] = {
    "Noise_XXpsk0_25519_ChaChaPoly_SHA256", TRUE, FALSE, FALSE, 3,
    { { TOKEN_PSK, TOKEN_E },                    /* -> psk, e */
      { TOKEN_E, TOKEN_EE, TOKEN_S, TOKEN_ES },  /* <- e, ee, s, es */
      { TOKEN_S, TOKEN_SE } },                   /* -> s, se */
  },
  [KITH_NOISE_KKPSK0] = {
    "Noise_KKpsk0_25519_ChaChaPoly_SHA256", TRUE, TRUE, TRUE, 2,
    { { TOKEN_PSK, TOKEN_E, TOKEN_ES, TOKEN_SS }, /* -> psk, e, es, ss */
      { TOKEN_E, TOKEN_EE, TOKEN_SE } },          /* <- e, ee, se */
  },
};

/**
 * kith_noise_handshake_init:
 * @self: (out caller-allocates): a handshake
 * @pattern: the pattern
 * @initiator: whether we send the first message
 *
 * Begins a handshake without keys.
 */
void
kith_noise_handshake_init (KithNoiseHandshake *self, KithNoisePattern pattern, gboolean initiator)
{
  memset (self, 0, sizeof *self);
  self->pattern = pattern;
  self->initiator = initiator;
}

/**
 * kith_noise_handshake_clear:
 * @self: a handshake
 *
 * Wipes all keys.
 */
void
kith_noise_handshake_clear (KithNoiseHandshake *self)
{
  sodium_memzero (self, sizeof *self);
}

/**
 * kith_noise_handshake_set_static:
 * @self: a handshake that has not started
 * @private_key: our static private key
 *
 * Returns: %FALSE when that is no usable key
 */
gboolean
kith_noise_handshake_set_static (KithNoiseHandshake *self, const guint8 private_key[KITH_DH_BYTES])
{
  memcpy (self->keys.s, private_key, KITH_DH_BYTES);
  self->keys.has_s = crypto_scalarmult_base (self->keys.s_public, self->keys.s) == 0;
  return self->keys.has_s;
}

/**
 * kith_noise_handshake_set_remote_static:
 * @self: a handshake that has not started
 * @public_key: the peer's static public key, where the pattern knows it beforehand
 */
void
kith_noise_handshake_set_remote_static (KithNoiseHandshake *self,
                                        const guint8 public_key[KITH_DH_BYTES])
{
  memcpy (self->keys.rs, public_key, KITH_DH_BYTES);
  self->keys.has_rs = TRUE;
}

/**
 * kith_noise_handshake_set_psk:
 * @self: a handshake that has not started
 * @psk: the pre-shared key
 */
void
kith_noise_handshake_set_psk (KithNoiseHandshake *self, const guint8 psk[KITH_KEY_BYTES])
{
  memcpy (self->keys.psk, psk, KITH_KEY_BYTES);
  self->keys.has_psk = TRUE;
}

/**
 * kith_noise_handshake_set_ephemeral:
 * @self: a handshake whose first message of ours is not made yet
 * @private_key: 32 fresh random bytes
 *
 * Gives the ephemeral key, so that this room needs no randomness of its own. Never use one
 * twice. The dialer needs its public part before the first message, for the knock tag (3.2).
 *
 * Returns: %FALSE when that is no usable key
 */
gboolean
kith_noise_handshake_set_ephemeral (KithNoiseHandshake *self, const guint8 private_key[KITH_DH_BYTES])
{
  memcpy (self->keys.e, private_key, KITH_DH_BYTES);
  self->keys.has_e = crypto_scalarmult_base (self->keys.e_public, self->keys.e) == 0;
  return self->keys.has_e;
}

static void
mix_known_static (KithNoiseHandshake *self, gboolean own)
{
  kith_noise_symmetric_mix_hash (&self->symmetric, own ? self->keys.s_public : self->keys.rs,
                                 KITH_DH_BYTES);
}

/**
 * kith_noise_handshake_start:
 * @self: a handshake with its keys
 * @prologue: (array length=prologue_len): what both sides have to agree on
 * @prologue_len: its length in bytes
 *
 * Initialize(): mixes protocol name, prologue and the keys that are known beforehand.
 */
void
kith_noise_handshake_start (KithNoiseHandshake *self, const guint8 *prologue, gsize prologue_len)
{
  const Pattern *pattern = &patterns[self->pattern];

  /* Which keys a pattern needs is up to our own code. */
  g_assert (!pattern->uses_psk || self->keys.has_psk);
  g_assert (!(self->initiator ? pattern->responder_known : pattern->initiator_known)
            || self->keys.has_rs);

  kith_noise_symmetric_init (&self->symmetric, pattern->name);
  kith_noise_symmetric_mix_hash (&self->symmetric, prologue, prologue_len);
  if (pattern->initiator_known)
    mix_known_static (self, self->initiator);
  if (pattern->responder_known)
    mix_known_static (self, !self->initiator);

  self->started = TRUE;
}

/* --- Tokens --------------------------------------------------------------------------------- */

static gboolean
mix_dh (KithNoiseHandshake *self, const guint8 *private_key, const guint8 *public_key)
{
  guint8 shared[KITH_DH_BYTES];
  gboolean ok = crypto_scalarmult (shared, private_key, public_key) == 0;

  if (ok)
    kith_noise_symmetric_mix_key (&self->symmetric, shared, sizeof shared);

  sodium_memzero (shared, sizeof shared);
  return ok;
}

/* The tokens that mean the same to the side that writes and the side that reads. */
static gboolean
mix_token (KithNoiseHandshake *self, Token token)
{
  KithNoiseKeys *keys = &self->keys;

  switch (token)
    {
    case TOKEN_EE:
      return mix_dh (self, keys->e, keys->re);
    case TOKEN_ES:
      return self->initiator ? mix_dh (self, keys->e, keys->rs) : mix_dh (self, keys->s, keys->re);
    case TOKEN_SE:
      return self->initiator ? mix_dh (self, keys->s, keys->re) : mix_dh (self, keys->e, keys->rs);
    case TOKEN_SS:
      return mix_dh (self, keys->s, keys->rs);
    case TOKEN_PSK:
      kith_noise_symmetric_mix_key_and_hash (&self->symmetric, keys->psk, KITH_KEY_BYTES);
      return TRUE;
    case TOKEN_END:
    case TOKEN_E:
    case TOKEN_S:
      break;
    }

  return FALSE;
}

/* MixHash of an ephemeral key; with a psk in the pattern, MixKey too (Noise 9.2). */
static void
mix_ephemeral (KithNoiseHandshake *self, const guint8 *public_key)
{
  kith_noise_symmetric_mix_hash (&self->symmetric, public_key, KITH_DH_BYTES);
  if (patterns[self->pattern].uses_psk)
    kith_noise_symmetric_mix_key (&self->symmetric, public_key, KITH_DH_BYTES);
}

typedef struct
{
  guint8 *at;
  gsize   left;
} Out;

static gboolean
write_token (KithNoiseHandshake *self, Token token, Out *out)
{
  gsize len = KITH_DH_BYTES;

  if (token != TOKEN_E && token != TOKEN_S)
    return mix_token (self, token);

  if (token == TOKEN_S)
    len += kith_noise_symmetric_overhead (&self->symmetric);
  if (out->left < len || !(token == TOKEN_E ? self->keys.has_e : self->keys.has_s))
    return FALSE;

  if (token == TOKEN_E)
    {
      memcpy (out->at, self->keys.e_public, len);
      mix_ephemeral (self, self->keys.e_public);
    }
  else if (!kith_noise_symmetric_encrypt_and_hash (&self->symmetric, self->keys.s_public,
                                                   KITH_DH_BYTES, out->at))
    return FALSE;

  out->at += len;
  out->left -= len;
  return TRUE;
}

typedef struct
{
  const guint8 *at;
  gsize         left;
} In;

static gboolean
read_token (KithNoiseHandshake *self, Token token, In *in)
{
  gsize len = KITH_DH_BYTES;

  if (token != TOKEN_E && token != TOKEN_S)
    return mix_token (self, token);

  if (token == TOKEN_S)
    len += kith_noise_symmetric_overhead (&self->symmetric);
  if (in->left < len)
    return FALSE;

  if (token == TOKEN_E)
    {
      memcpy (self->keys.re, in->at, len);
      self->keys.has_re = TRUE;
      mix_ephemeral (self, self->keys.re);
    }
  else
    {
      if (!kith_noise_symmetric_decrypt_and_hash (&self->symmetric, in->at, len, self->keys.rs))
        return FALSE;
      self->keys.has_rs = TRUE;
    }

  in->at += len;
  in->left -= len;
  return TRUE;
}

/* --- Messages ------------------------------------------------------------------------------- */

/**
 * kith_noise_handshake_is_my_turn:
 * @self: a started handshake
 *
 * Returns: whether the next message is ours to create
 */
gboolean
kith_noise_handshake_is_my_turn (const KithNoiseHandshake *self)
{
  return !kith_noise_handshake_is_finished (self) && (self->n_messages % 2 == 0) == self->initiator;
}

/**
 * kith_noise_handshake_is_finished:
 * @self: a handshake
 *
 * Returns: whether all messages were exchanged
 */
gboolean
kith_noise_handshake_is_finished (const KithNoiseHandshake *self)
{
  return self->n_messages == patterns[self->pattern].n_messages;
}

static gboolean
write_message (KithNoiseHandshake *self, const guint8 *payload, gsize payload_len, Out *out)
{
  const Token *tokens = patterns[self->pattern].messages[self->n_messages];

  for (guint i = 0; i < MAX_TOKENS && tokens[i] != TOKEN_END; i++)
    if (!write_token (self, tokens[i], out))
      return FALSE;

  if (out->left < payload_len + kith_noise_symmetric_overhead (&self->symmetric))
    return FALSE;

  out->left -= payload_len + kith_noise_symmetric_overhead (&self->symmetric);
  return kith_noise_symmetric_encrypt_and_hash (&self->symmetric, payload, payload_len, out->at);
}

/**
 * kith_noise_handshake_create_message:
 * @self: a started handshake
 * @payload: (nullable) (array length=payload_len): what to send along
 * @payload_len: its length in bytes
 * @out: (out caller-allocates) (array length=out_size): where the message goes
 * @out_size: how many bytes fit
 * @out_len: (out): how many were written
 *
 * WriteMessage(). On failure the handshake is as it was.
 *
 * Returns: %FALSE when it is not our turn, a key is missing or unusable, or @out is too small
 */
gboolean
kith_noise_handshake_create_message (KithNoiseHandshake *self, const guint8 *payload,
                                     gsize payload_len, guint8 *out, gsize out_size, gsize *out_len)
{
  KithNoiseHandshake work = *self;
  Out target = { out, MIN (out_size, KITH_NOISE_MAX_MESSAGE_BYTES) };
  gsize room = target.left;
  gboolean ok;

  *out_len = 0;
  ok = self->started && kith_noise_handshake_is_my_turn (self)
       && write_message (&work, payload, payload_len, &target);
  if (ok)
    {
      work.n_messages++;
      *self = work;
      *out_len = room - target.left;
    }

  kith_noise_handshake_clear (&work);
  return ok;
}

static gboolean
read_message (KithNoiseHandshake *self, In *in, guint8 *payload, gsize payload_size,
              gsize *payload_len)
{
  const Token *tokens = patterns[self->pattern].messages[self->n_messages];
  gsize overhead;

  for (guint i = 0; i < MAX_TOKENS && tokens[i] != TOKEN_END; i++)
    if (!read_token (self, tokens[i], in))
      return FALSE;

  overhead = kith_noise_symmetric_overhead (&self->symmetric);
  if (in->left < overhead || in->left - overhead > payload_size)
    return FALSE;

  *payload_len = in->left - overhead;
  return kith_noise_symmetric_decrypt_and_hash (&self->symmetric, in->at, in->left, payload);
}

/**
 * kith_noise_handshake_consume_message:
 * @self: a started handshake
 * @message: (array length=message_len): what was received; untrusted
 * @message_len: its length in bytes
 * @payload: (out caller-allocates) (array length=payload_size): where its payload goes
 * @payload_size: how many bytes fit
 * @payload_len: (out): how many there are
 *
 * ReadMessage(). On failure the handshake is as it was and @payload is zeroed.
 *
 * Returns: whether the message is in order
 */
gboolean
kith_noise_handshake_consume_message (KithNoiseHandshake *self, const guint8 *message,
                                      gsize message_len, guint8 *payload, gsize payload_size,
                                      gsize *payload_len)
{
  KithNoiseHandshake work = *self;
  In in = { message, message_len };
  gboolean ok;

  *payload_len = 0;
  ok = self->started && !kith_noise_handshake_is_finished (self)
       && !kith_noise_handshake_is_my_turn (self) && message_len <= KITH_NOISE_MAX_MESSAGE_BYTES
       && read_message (&work, &in, payload, payload_size, payload_len);
  if (ok)
    {
      work.n_messages++;
      *self = work;
    }
  else
    {
      *payload_len = 0;
      sodium_memzero (payload, payload_size);
    }

  kith_noise_handshake_clear (&work);
  return ok;
}

/**
 * kith_noise_handshake_get_hash:
 * @self: a handshake
 *
 * Returns: (transfer none): the handshake hash h, 32 bytes
 */
const guint8 *
kith_noise_handshake_get_hash (const KithNoiseHandshake *self)
{
  return self->symmetric.hash;
}

/**
 * kith_noise_handshake_get_remote_static:
 * @self: a handshake
 *
 * Returns: (transfer none) (nullable): the peer's static public key, once it is known
 */
const guint8 *
kith_noise_handshake_get_remote_static (const KithNoiseHandshake *self)
{
  return self->keys.has_rs ? self->keys.rs : NULL;
}

/**
 * kith_noise_handshake_get_remote_ephemeral:
 * @self: a handshake
 *
 * Returns: (transfer none) (nullable): the peer's ephemeral public key, once it is known
 */
const guint8 *
kith_noise_handshake_get_remote_ephemeral (const KithNoiseHandshake *self)
{
  return self->keys.has_re ? self->keys.re : NULL;
}

/**
 * kith_noise_handshake_split:
 * @self: a finished handshake
 * @k_i2r: (out caller-allocates): the key from initiator to responder
 * @k_r2i: (out caller-allocates): the key from responder to initiator
 * @exporter: (out caller-allocates): the exporter (protocol 3.4)
 *
 * Returns: %FALSE when the handshake is not finished
 */
gboolean
kith_noise_handshake_split (const KithNoiseHandshake *self, guint8 k_i2r[KITH_KEY_BYTES],
                            guint8 k_r2i[KITH_KEY_BYTES], guint8 exporter[KITH_KEY_BYTES])
{
  if (!kith_noise_handshake_is_finished (self))
    return FALSE;

  kith_noise_symmetric_split (&self->symmetric, k_i2r, k_r2i, exporter);
  return TRUE;
}
