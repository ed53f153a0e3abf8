/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 3.3: the beginning of a handshake with a passphrase, up to its msg1.
 *
 *   dialer    preamble with its share -> (state REPLY)
 *   listener  reply with its share <-    (state JOIN_1)
 *   dialer    msg1 of Noise_XXpsk0 ->    (state MESSAGE_2)
 *
 * msg1 shows that the dialer knows the passphrase, msg2 that the listener does. The listener gives
 * each connection one try, and looks at none while too many were wrong.
 */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-channel-private.h"

#include <string.h>

#include "proto/kith-join-passphrase.h"

struct _KithChannelJoin
{
  KithJoinRun    run;
  KithSecret *passphrase; /* (owned) */
  guint8      preamble[KITH_PREAMBLE_BYTES];
};

/**
 * kith_channel_join_free: (skip)
 * @self: (transfer full): the beginning of a handshake
 */
void
kith_channel_join_free (KithChannelJoin *self)
{
  kith_join_run_clear (&self->run);
  kith_secret_unref (self->passphrase);
  g_free (self);
}

static KithChannelJoin *
join_new (KithChannel *self, KithSecret *passphrase)
{
  KithChannelJoin *join = g_new0 (KithChannelJoin, 1);

  join->passphrase = kith_secret_ref (passphrase);
  if (kith_join_run_start (&join->run, passphrase, self->dialer, kith_local_get_env (self->local)))
    return join;

  kith_channel_join_free (join);
  return NULL;
}

/* Both sides have both shares: Noise can begin. */
static gboolean
start_noise (KithChannel *self, const guint8 *reply)
{
  guint8 prologue[KITH_PROLOGUE_BYTES + KITH_JOIN_REPLY_BYTES];
  guint8 psk[KITH_KEY_BYTES];
  gboolean ok;

  if (!kith_join_run_derive (&self->join->run, self->join->passphrase, self->join->preamble, reply, psk))
    return FALSE;

  kith_preamble_prologue (self->join->preamble, prologue);
  memcpy (prologue + KITH_PROLOGUE_BYTES, reply, KITH_JOIN_REPLY_BYTES);
  kith_noise_handshake_init (&self->noise, KITH_NOISE_XXPSK0, self->dialer);
  kith_noise_handshake_set_psk (&self->noise, psk);
  kith_secret_wipe (psk, sizeof psk);
  ok = kith_noise_handshake_set_static (&self->noise, kith_local_get_device_key (self->local));
  kith_noise_handshake_start (&self->noise, prologue, sizeof prologue);
  g_clear_pointer (&self->join, kith_channel_join_free);
  return ok;
}

static void
send_bytes (KithChannel *self, const guint8 *bytes, gsize len)
{
  memcpy (kith_connection_reserve (self->connection, len), bytes, len);
  kith_connection_commit (self->connection, len);
}

/* --- The dialer ----------------------------------------------------------------------------- */

/**
 * kith_channel_join_dial: (skip)
 * @self: a new channel of ours, with a passphrase
 *
 * Sends the preamble.
 *
 * Returns: whether that worked
 */
gboolean
kith_channel_join_dial (KithChannel *self)
{
  KithPreamble preamble = { .mode = KITH_MODE_PASSPHRASE };
  guint8 random[KITH_PREAMBLE_BYTES];

  self->join = join_new (self, self->entry.passphrase);
  if (self->join == NULL)
    return FALSE;

  memcpy (preamble.share, self->join->run.share, sizeof preamble.share);
  kith_env_random_bytes (kith_local_get_env (self->local), random, sizeof random);
  kith_preamble_encode (&preamble, random, self->join->preamble);
  send_bytes (self, self->join->preamble, sizeof self->join->preamble);
  return TRUE;
}

/**
 * kith_channel_join_reply: (skip)
 * @self: a channel of ours in state REPLY
 * @reply: what the listener sent; untrusted
 *
 * Returns: whether msg1 can be made now
 */
gboolean
kith_channel_join_reply (KithChannel *self, const guint8 *reply)
{
  return start_noise (self, reply);
}

/* --- The listener --------------------------------------------------------------------------- */

static gboolean
may_try (KithChannel *self)
{
  KithEndpoint remote;

  return kith_channel_get_remote (self, &remote)
         && kith_guess_guard_may_try (kith_local_get_guard (self->local), &remote);
}

/**
 * kith_channel_join_answer: (skip)
 * @self: a channel of somebody else that has just begun
 * @preamble: what it began with, in mode 2; untrusted
 *
 * Sends the reply, if strangers with a passphrase get one.
 *
 * Returns: whether msg1 may come now
 */
gboolean
kith_channel_join_answer (KithChannel *self, const guint8 *preamble)
{
  KithSecret *passphrase = kith_local_get_passphrase (self->local);
  guint8 reply[KITH_JOIN_REPLY_BYTES];

  if (passphrase == NULL || !may_try (self))
    return FALSE;

  self->join = join_new (self, passphrase);
  if (self->join == NULL)
    return FALSE;

  memcpy (self->join->preamble, preamble, sizeof self->join->preamble);
  kith_env_random_bytes (kith_local_get_env (self->local), reply, KITH_JOIN_NONCE_BYTES);
  memcpy (reply + KITH_JOIN_NONCE_BYTES, self->join->run.share, KITH_CPACE_SHARE_BYTES);
  if (!start_noise (self, reply))
    return FALSE;

  send_bytes (self, reply, sizeof reply);
  return TRUE;
}

/**
 * kith_channel_join_check: (skip)
 * @self: a channel in state JOIN_1
 * @message: (array length=KITH_MSG1_PSK_BYTES): msg1; untrusted
 *
 * Takes the one try, and notes how it went. The limit is looked at again: many may have begun at
 * once.
 *
 * Returns: whether the passphrase was the right one
 */
gboolean
kith_channel_join_check (KithChannel *self, const guint8 *message)
{
  KithGuessGuard *guard = kith_local_get_guard (self->local);
  KithEndpoint remote;
  guint8 payload[1];
  gsize payload_len;

  if (!may_try (self) || !kith_channel_get_remote (self, &remote))
    return FALSE;

  if (kith_noise_handshake_consume_message (&self->noise, message, KITH_MSG1_PSK_BYTES, payload, 0,
                                            &payload_len))
    {
      kith_guess_guard_succeeded (guard, &remote);
      return TRUE;
    }

  kith_guess_guard_failed (guard, &remote);
  return FALSE;
}
