/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 3: preamble, knock and the Noise handshake, from both sides, with their limits.
 *
 * The listener never says why it closes: whatever is wrong, it stays silent, waits for a random
 * time and closes. The dialer tells its owner what can honestly be told.
 */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-channel-private.h"

#include <string.h>

#include <gio/gio.h>

#include "base/kith-error.h"
#include "base/kith-limits.h"
#include "proto/kith-join-passphrase.h"

#define LENGTH_BYTES 2

static const KithEnv *
env_of (KithChannel *self)
{
  return kith_local_get_env (self->local);
}

/* --- Ending badly --------------------------------------------------------------------------- */

static void
set_timeout (KithChannel *self, guint ms, GSourceFunc func)
{
  if (func != NULL)
    kith_timer_start (&self->timeout, ms, func, self);
  else
    kith_timer_clear (&self->timeout);
}

static gboolean
lingered_cb (gpointer user_data)
{
  kith_channel_fail (user_data, g_error_new_literal (KITH_ERROR, KITH_ERROR_PROTOCOL,
                                                     "The handshake failed"));
  return G_SOURCE_REMOVE;
}

/* A listener answers nothing and reads on, so that its silence says nothing either. */
static void
linger (KithChannel *self)
{
  guint longest_ms = kith_local_get_timeouts (self->local)->silent_close_ms;

  self->state = KITH_CHANNEL_LINGERING;
  kith_noise_handshake_clear (&self->noise);
  set_timeout (self, kith_env_random_uniform (env_of (self), longest_ms + 1), lingered_cb);
}

/* Takes the handshake to its failure: silently on our port, with a reason on our own dial. */
static void
refuse (KithChannel *self, KithError code, const char *message)
{
  g_debug ("Handshake refused as %s: %s", self->dialer ? "dialer" : "listener", message);
  if (self->dialer)
    kith_channel_fail (self, g_error_new_literal (KITH_ERROR, (gint) code, message));
  else if (self->state != KITH_CHANNEL_LINGERING)
    linger (self);
}

static gboolean
timed_out_cb (gpointer user_data)
{
  KithChannel *self = user_data;

  if (self->dialer)
    refuse (self, KITH_ERROR_NOT_KITH, "Something took the connection and did not answer");
  else
    kith_channel_fail (self, g_error_new_literal (KITH_ERROR, KITH_ERROR_TIMEOUT,
                                                  "The handshake took too long"));
  return G_SOURCE_REMOVE;
}

/**
 * kith_channel_handshake_ended: (skip)
 * @self: a channel that is not ready
 *
 * The stream ended in the middle of the handshake. Whether it did in order or was reset says nothing: who closes
 * before they have read everything resets it.
 */
void
kith_channel_handshake_ended (KithChannel *self)
{
  if (self->dialer && self->mode == KITH_MODE_PASSPHRASE)
    kith_channel_fail (self, g_error_new_literal (KITH_ERROR, KITH_ERROR_NOT_ADMITTED,
                                                  "We were not let in with the passphrase"));
  else if (!self->heard && self->dialer)
    kith_channel_fail (self, g_error_new_literal (KITH_ERROR, KITH_ERROR_PEER_CLOSED,
                                                  "The connection was closed without an answer"));
  else
    kith_channel_fail (self, g_error_new_literal (KITH_ERROR, KITH_ERROR_NOT_KITH,
                                                  "The connection was closed in the handshake"));
}

/* --- Messages out --------------------------------------------------------------------------- */

static gboolean
send_message (KithChannel *self, const guint8 *payload, gsize payload_len)
{
  guint8 *out = kith_connection_reserve (self->connection, LENGTH_BYTES + KITH_MSG3_BYTES);
  gsize len;

  if (!kith_noise_handshake_create_message (&self->noise, payload, payload_len, out + LENGTH_BYTES,
                                            KITH_MSG3_BYTES, &len))
    return FALSE;

  out[0] = (guint8) (len >> 8);
  out[1] = (guint8) len;
  kith_connection_commit (self->connection, LENGTH_BYTES + len);
  return TRUE;
}

static gboolean
send_identity (KithChannel *self, gsize payload_len)
{
  guint8 bytes[KITH_PAYLOAD3_BYTES];
  KithHandshakePayload payload = { .features = 0 };

  memcpy (payload.certificate, kith_local_get_certificate (self->local), KITH_CERTIFICATE_BYTES);
  payload.time_s = (guint64) MAX (kith_env_realtime_s (env_of (self)), 0);
  kith_handshake_payload_encode (&payload, bytes, payload_len);
  return send_message (self, bytes, payload_len);
}

static gboolean
prepare_noise (KithChannel *self, const guint8 *preamble)
{
  guint8 prologue[KITH_PROLOGUE_BYTES];

  kith_preamble_prologue (preamble, prologue);
  if (!kith_noise_handshake_set_static (&self->noise, kith_local_get_device_key (self->local)))
    return FALSE;

  kith_noise_handshake_start (&self->noise, prologue, sizeof prologue);
  return TRUE;
}

static gboolean
new_ephemeral (KithChannel *self)
{
  guint8 ephemeral[KITH_DH_BYTES];
  gboolean ok;

  kith_env_random_bytes (env_of (self), ephemeral, sizeof ephemeral);
  ok = kith_noise_handshake_set_ephemeral (&self->noise, ephemeral);
  kith_secret_wipe (ephemeral, sizeof ephemeral);
  return ok;
}

static void
knock (KithChannel *self, KithPreamble *preamble)
{
  gint64 now_s = kith_env_realtime_s (kith_local_get_knock_env (self->local));
  guint64 unit = (guint64) MAX (now_s, 0) / KITH_LIMIT_KNOCK_UNIT_S;

  kith_knock_tag (self->entry.knock_key, self->entry.knock_dir, unit, self->noise.keys.e_public,
                  preamble->tag);
}

/* The handshake as a whole has its time from the start, whatever was said meanwhile. */
static guint
time_left_ms (KithChannel *self)
{
  gint64 whole_ms = kith_local_get_timeouts (self->local)->handshake_ms;
  gint64 gone_ms = (kith_env_monotonic_us (env_of (self)) - self->started_us) / 1000;

  return (guint) CLAMP (whole_ms - gone_ms, 1, whole_ms);
}

/* Preamble and msg1 leave in one write; with a passphrase msg1 has to wait for the reply. */
static gboolean
send_first (KithChannel *self)
{
  guint8 random[KITH_PREAMBLE_BYTES];
  guint8 *out;
  KithPreamble preamble = { .mode = self->mode };
  guint8 copy[KITH_PREAMBLE_BYTES];

  if (self->mode == KITH_MODE_PASSPHRASE)
    {
      self->state = KITH_CHANNEL_REPLY;
      return kith_channel_join_dial (self);
    }

  kith_noise_handshake_init (&self->noise, KITH_NOISE_XX, TRUE);
  if (!new_ephemeral (self))
    return FALSE;
  if (self->mode == KITH_MODE_KNOCK)
    knock (self, &preamble);

  kith_env_random_bytes (env_of (self), random, sizeof random);
  kith_preamble_encode (&preamble, random, copy);
  out = kith_connection_reserve (self->connection, sizeof copy);
  memcpy (out, copy, sizeof copy);
  kith_connection_commit (self->connection, sizeof copy);
  return prepare_noise (self, copy) && send_message (self, NULL, 0);
}

/**
 * kith_channel_start_handshake: (skip)
 * @self: a new channel
 *
 * Begins the handshake: the dialer speaks first.
 */
void
kith_channel_start_handshake (KithChannel *self)
{
  const KithTimeouts *timeouts = kith_local_get_timeouts (self->local);

  self->started_us = kith_env_monotonic_us (env_of (self));
  self->state = self->dialer ? KITH_CHANNEL_MESSAGE_2 : KITH_CHANNEL_MESSAGE_1;
  set_timeout (self, self->dialer ? timeouts->handshake_ms : timeouts->first_message_ms,
               timed_out_cb);
  kith_connection_set_reading (self->connection, TRUE);

  if (self->dialer && !send_first (self))
    refuse (self, KITH_ERROR_FAILED, "No usable key for the handshake");
}

/* --- Messages in ---------------------------------------------------------------------------- */

/* Checks what the peer says of itself, and keeps it. Section 3.4. */
static gboolean
take_identity (KithChannel *self, const guint8 *bytes, gsize len)
{
  KithHandshakePayload payload;
  KithCertificate *certificate = &self->certificate;
  const guint8 *device_key = kith_noise_handshake_get_remote_static (&self->noise);

  if (!kith_handshake_payload_parse (&payload, bytes, len)
      || !kith_certificate_parse (certificate, payload.certificate)
      || memcmp (certificate->device_key, device_key, KITH_DEVICE_KEY_BYTES) != 0)
    {
      refuse (self, KITH_ERROR_PROTOCOL, "The peer's certificate is not in order");
      return FALSE;
    }

  if (memcmp (certificate->identity, kith_local_get_identity (self->local),
              KITH_IDENTITY_KEY_BYTES) == 0)
    {
      refuse (self, KITH_ERROR_SELF, "That is ourselves");
      return FALSE;
    }

  if (self->has_expected
      && memcmp (certificate->identity, self->expected, KITH_IDENTITY_KEY_BYTES) != 0)
    {
      refuse (self, KITH_ERROR_WRONG_IDENTITY, "Somebody else answered");
      return FALSE;
    }

  /* Also when a clock is so wrong that the certificate does not seem to be valid. */
  kith_local_note_time (self->local, certificate->identity, payload.time_s);
  if (!kith_certificate_is_valid_at (certificate, kith_env_realtime_s (env_of (self)))
      || !kith_local_check_certificate (self->local, certificate))
    {
      refuse (self, KITH_ERROR_PROTOCOL, "The peer's certificate is outdated, or a clock is wrong");
      return FALSE;
    }

  return TRUE;
}

static void
finish_handshake (KithChannel *self)
{
  KithChannelKeys keys;

  kith_noise_handshake_split (&self->noise, keys.k_i2r, keys.k_r2i, self->exporter);
  memcpy (self->hash, kith_noise_handshake_get_hash (&self->noise), KITH_HASH_BYTES);
  kith_noise_cipher_init_key (&self->sending, self->dialer ? keys.k_i2r : keys.k_r2i);
  kith_noise_cipher_init_key (&self->receiving, self->dialer ? keys.k_r2i : keys.k_i2r);
  kith_secret_wipe (&keys, sizeof keys);
  kith_noise_handshake_clear (&self->noise);
  kith_entry_clear (&self->entry);
  set_timeout (self, 0, NULL);
  kith_channel_become_ready (self);
}

static void
consume_2 (KithChannel *self, const guint8 *message, gsize len)
{
  guint8 payload[KITH_PAYLOAD2_BYTES];
  gsize payload_len;

  if (!kith_noise_handshake_consume_message (&self->noise, message, len, payload, sizeof payload,
                                             &payload_len))
    refuse (self, KITH_ERROR_NOT_KITH, "The answer is not one of KITH/1");
  else if (take_identity (self, payload, payload_len))
    {
      if (send_identity (self, KITH_PAYLOAD3_BYTES))
        finish_handshake (self);
      else
        refuse (self, KITH_ERROR_FAILED, "No usable key for the handshake");
    }
}

static void
consume_3 (KithChannel *self, const guint8 *message, gsize len)
{
  guint8 payload[KITH_PAYLOAD3_BYTES];
  gsize payload_len;

  if (!kith_noise_handshake_consume_message (&self->noise, message, len, payload, sizeof payload,
                                             &payload_len))
    refuse (self, KITH_ERROR_PROTOCOL, "msg3 is not in order");
  else if (take_identity (self, payload, payload_len))
    finish_handshake (self);
}

static void
send_2 (KithChannel *self)
{
  if (!new_ephemeral (self) || !send_identity (self, KITH_PAYLOAD2_BYTES))
    {
      refuse (self, KITH_ERROR_PROTOCOL, "msg1 has an unusable key");
      return;
    }

  self->state = KITH_CHANNEL_MESSAGE_3;
  set_timeout (self, time_left_ms (self), timed_out_cb);
}

static void
consume_reply (KithChannel *self, const guint8 *reply)
{
  if (!kith_channel_join_reply (self, reply))
    refuse (self, KITH_ERROR_NOT_KITH, "The reply to the passphrase is not one of KITH/1");
  else if (new_ephemeral (self) && send_message (self, NULL, 0))
    self->state = KITH_CHANNEL_MESSAGE_2;
  else
    refuse (self, KITH_ERROR_FAILED, "No usable key for the handshake");
}

static void
consume_join (KithChannel *self, const guint8 *preamble)
{
  if (!kith_channel_join_answer (self, preamble))
    {
      refuse (self, KITH_ERROR_NOT_CONTACT, "A passphrase does not let in, or not now");
      return;
    }

  self->mode = KITH_MODE_PASSPHRASE;
  self->state = KITH_CHANNEL_JOIN_1;
  set_timeout (self, time_left_ms (self), timed_out_cb);
}

static void
consume_join_1 (KithChannel *self, const guint8 *message)
{
  if (kith_channel_join_check (self, message))
    send_2 (self);
  else
    refuse (self, KITH_ERROR_NOT_CONTACT, "The passphrase is not the right one");
}

static void
consume_1 (KithChannel *self, const guint8 *preamble_bytes, const guint8 *message, gsize len)
{
  KithPreamble preamble;
  guint8 payload[1];
  gsize payload_len;

  if (kith_preamble_parse (&preamble, preamble_bytes) != KITH_PREAMBLE_OK)
    {
      refuse (self, KITH_ERROR_NOT_KITH, "Not a preamble that we serve");
      return;
    }

  self->mode = preamble.mode;
  kith_noise_handshake_init (&self->noise, KITH_NOISE_XX, FALSE);
  if (!prepare_noise (self, preamble_bytes)
      || !kith_noise_handshake_consume_message (&self->noise, message, len, payload, 0, &payload_len))
    {
      refuse (self, KITH_ERROR_PROTOCOL, "msg1 is not in order");
      return;
    }

  if (self->mode == KITH_MODE_KNOCK
      && !kith_local_match_knock (self->local, preamble.tag,
                                  kith_noise_handshake_get_remote_ephemeral (&self->noise)))
    {
      refuse (self, KITH_ERROR_NOT_CONTACT, "Nobody whom we know knocks");
      return;
    }

  send_2 (self);
}

/* Whether the length in front of a handshake message is the only one it can have. */
static gboolean
expect_length (KithChannel *self, const guint8 *at, gsize expected)
{
  if (((gsize) at[0] << 8 | at[1]) == expected)
    return TRUE;

  refuse (self, KITH_ERROR_NOT_KITH, "What answers does not speak KITH/1");
  return FALSE;
}

static gsize
take_first (KithChannel *self, const guint8 *data, gsize len)
{
  const gsize whole = KITH_PREAMBLE_BYTES + LENGTH_BYTES + KITH_MSG1_BYTES;
  KithPreamble preamble;

  if (len < KITH_PREAMBLE_BYTES)
    return 0;

  /* What does not even begin like us need not be waited for. */
  if (kith_preamble_parse (&preamble, data) != KITH_PREAMBLE_OK)
    {
      refuse (self, KITH_ERROR_NOT_KITH, "Not a preamble that we serve");
      return len;
    }
  if (preamble.mode == KITH_MODE_OPEN && kith_local_get_reach (self->local) != KITH_REACH_EVERYONE)
    {
      refuse (self, KITH_ERROR_NOT_CONTACT, "Not everyone is let in");
      return len;
    }
  if (preamble.mode == KITH_MODE_PASSPHRASE)
    {
      consume_join (self, data);
      return KITH_PREAMBLE_BYTES;
    }
  if (len < whole)
    return 0;

  if (expect_length (self, data + KITH_PREAMBLE_BYTES, KITH_MSG1_BYTES))
    consume_1 (self, data, data + KITH_PREAMBLE_BYTES + LENGTH_BYTES, KITH_MSG1_BYTES);

  return whole;
}

static gsize
take_reply (KithChannel *self, const guint8 *data, gsize len)
{
  if (len < KITH_JOIN_REPLY_BYTES)
    return 0;

  consume_reply (self, data);
  return KITH_JOIN_REPLY_BYTES;
}

static gsize
take_message (KithChannel *self, const guint8 *data, gsize len, gsize expected)
{
  if (len < LENGTH_BYTES)
    return 0;
  if (!expect_length (self, data, expected))
    return len;
  if (len < LENGTH_BYTES + expected)
    return 0;

  if (self->state == KITH_CHANNEL_MESSAGE_2)
    consume_2 (self, data + LENGTH_BYTES, expected);
  else if (self->state == KITH_CHANNEL_JOIN_1)
    consume_join_1 (self, data + LENGTH_BYTES);
  else
    consume_3 (self, data + LENGTH_BYTES, expected);

  return LENGTH_BYTES + expected;
}

/**
 * kith_channel_shake_hands: (skip)
 * @self: a channel that is not ready
 * @data: (array length=len): received, untrusted
 * @len: its length in bytes
 *
 * Takes the next step of the handshake, if all of it is there.
 *
 * Returns: how many bytes were used up
 */
gsize
kith_channel_shake_hands (KithChannel *self, const guint8 *data, gsize len)
{
  gsize used = 0;

  self->heard = TRUE;
  switch (self->state)
    {
    case KITH_CHANNEL_MESSAGE_1:
      used = take_first (self, data, len);
      break;
    case KITH_CHANNEL_REPLY:
      used = take_reply (self, data, len);
      break;
    case KITH_CHANNEL_JOIN_1:
      used = take_message (self, data, len, KITH_MSG1_PSK_BYTES);
      break;
    case KITH_CHANNEL_MESSAGE_2:
      used = take_message (self, data, len, KITH_MSG2_BYTES);
      break;
    case KITH_CHANNEL_MESSAGE_3:
      used = take_message (self, data, len, KITH_MSG3_BYTES);
      break;
    case KITH_CHANNEL_LINGERING:
      return len;
    case KITH_CHANNEL_NEW:
    case KITH_CHANNEL_READY:
    case KITH_CHANNEL_CLOSED:
      return 0;
    }

  self->n_handshake_bytes += used;
  if (self->state != KITH_CHANNEL_READY && self->state != KITH_CHANNEL_CLOSED
      && self->n_handshake_bytes + len - used > KITH_LIMIT_HANDSHAKE_BYTES)
    refuse (self, KITH_ERROR_NOT_KITH, "Too much was said before the handshake was complete");

  return used;
}
