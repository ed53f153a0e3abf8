/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 4: frames. u16 length, then a ciphertext whose plaintext has one of nine sizes. */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-channel-private.h"

#include <string.h>

#include "base/kith-error.h"
#include "proto/kith-record.h"

#define LENGTH_BYTES 2

static void
wipe_keys (KithChannel *self)
{
  kith_noise_handshake_clear (&self->noise);
  kith_noise_cipher_clear (&self->sending);
  kith_noise_cipher_clear (&self->receiving);
  kith_secret_wipe (&self->next, sizeof self->next);
  kith_entry_clear (&self->entry);
  g_clear_pointer (&self->join, kith_channel_join_free);
  kith_secret_wipe (self->exporter, sizeof self->exporter);
}

/**
 * kith_channel_fail: (skip)
 * @self: a channel
 * @error: (transfer full) (nullable): why
 *
 * Closes the channel and tells the owner.
 */
void
kith_channel_fail (KithChannel *self, GError *error)
{
  g_autoptr (GError) owned = error;
  G_GNUC_UNUSED g_autoptr (KithChannel) keep = kith_channel_ref (self);
  const KithChannelEvents *events = self->events;

  if (self->state == KITH_CHANNEL_CLOSED)
    return;

  kith_channel_close (self);
  if (events != NULL)
    events->ended (owned, self->user_data);
}

/**
 * kith_channel_become_ready: (skip)
 * @self: a channel whose handshake is complete
 */
void
kith_channel_become_ready (KithChannel *self)
{
  self->state = KITH_CHANNEL_READY;
  if (self->events != NULL)
    self->events->ready (self->user_data);
}

/* --- Receiving ------------------------------------------------------------------------------ */

static gboolean
incomplete_cb (gpointer user_data)
{
  kith_channel_fail (user_data, g_error_new_literal (KITH_ERROR, KITH_ERROR_TIMEOUT,
                                                     "A frame was not completed in time"));
  return G_SOURCE_REMOVE;
}

/* A frame that has begun has to be complete within its time. */
static void
watch_incomplete (KithChannel *self, gboolean incomplete, gboolean progress)
{
  if (!incomplete || progress)
    kith_timer_clear (&self->timeout);

  if (!incomplete || self->timeout != NULL || self->state != KITH_CHANNEL_READY)
    return;

  kith_timer_start (&self->timeout, kith_local_get_timeouts (self->local)->frame_complete_ms,
                    incomplete_cb, self);
}

/* What follows has lost its meaning. What we send has not: the owner can tell the peer. */
static void
refuse_frame (KithChannel *self, const char *message)
{
  g_debug ("%s", message);
  kith_channel_stop_hearing (self);
  if (self->events != NULL && self->events->garbled != NULL)
    self->events->garbled (self->user_data);
  else
    kith_channel_fail (self, g_error_new_literal (KITH_ERROR, KITH_ERROR_GARBLED, message));
}

/* Decrypts the frame at @data in place. Returns: how many bytes it had; 0 when it is incomplete
 * or was not in order. */
static gsize
take_frame (KithChannel *self, guint8 *data, gsize len, gboolean *go_on)
{
  gsize cipher_len;
  gsize plain_len;

  if (len < LENGTH_BYTES)
    return 0;

  cipher_len = (gsize) data[0] << 8 | data[1];
  plain_len = cipher_len - KITH_NOISE_TAG_BYTES;
  if (cipher_len <= KITH_NOISE_TAG_BYTES || !kith_frame_is_bucket (plain_len))
    {
      refuse_frame (self, "A frame has a size that none can have");
      return 0;
    }
  if (len - LENGTH_BYTES < cipher_len)
    return 0;

  data += LENGTH_BYTES;
  if (!kith_noise_cipher_decrypt (&self->receiving, NULL, 0, data, cipher_len, data))
    {
      refuse_frame (self, "A frame is not authentic");
      return 0;
    }

  self->n_bytes += cipher_len;
  self->n_frames++;
  *go_on = self->events != NULL && self->events->frame (data, plain_len, self->user_data);
  return LENGTH_BYTES + cipher_len;
}

static gsize
received (guint8 *data, gsize len, gpointer user_data)
{
  KithChannel *self = user_data;
  G_GNUC_UNUSED g_autoptr (KithChannel) keep = kith_channel_ref (self);
  gsize used = 0;
  gsize step = 1;
  gboolean go_on = TRUE;

  while (step > 0 && self->state != KITH_CHANNEL_READY && self->state != KITH_CHANNEL_CLOSED)
    {
      step = kith_channel_shake_hands (self, data + used, len - used);
      used += step;
      if (used == len)
        break;
    }

  step = 1;
  while (step > 0 && go_on && self->state == KITH_CHANNEL_READY && !self->deaf && used < len)
    {
      step = take_frame (self, data + used, len - used, &go_on);
      used += step;
    }

  if (self->deaf)
    return len;
  if (self->state == KITH_CHANNEL_READY)
    watch_incomplete (self, go_on && used < len, used > 0);

  return used;
}

static void
drained (gpointer user_data)
{
  KithChannel *self = user_data;

  if (self->events != NULL && self->state == KITH_CHANNEL_READY)
    self->events->drained (self->user_data);
}

static void
ended (const GError *error, gpointer user_data)
{
  KithChannel *self = user_data;

  if (self->state == KITH_CHANNEL_READY)
    kith_channel_fail (self, error != NULL ? g_error_copy (error) : NULL);
  else
    kith_channel_handshake_ended (self);
}

static const KithConnectionEvents connection_events = { received, drained, ended };

/**
 * kith_channel_stop_hearing:
 * @self: a channel
 *
 * From now on what comes is dropped; what was said to the peer still goes out.
 */
void
kith_channel_stop_hearing (KithChannel *self)
{
  self->deaf = TRUE;
  kith_timer_clear (&self->timeout);
}

/**
 * kith_channel_set_reading:
 * @self: a ready channel
 * @reading: whether to read on
 *
 * While we do not read, a frame that has begun has no deadline: the rest may be there already.
 */
void
kith_channel_set_reading (KithChannel *self, gboolean reading)
{
  if (self->state == KITH_CHANNEL_CLOSED)
    return;

  if (!reading && self->state == KITH_CHANNEL_READY)
    kith_timer_clear (&self->timeout);
  kith_connection_set_reading (self->connection, reading);
}

/* --- Sending -------------------------------------------------------------------------------- */

/**
 * kith_channel_begin_frame:
 * @self: a ready channel
 * @len: how many bytes of records there are, at most %KITH_LIMIT_FRAME_PLAINTEXT_BYTES
 * @room: (out): how many bytes the frame holds: @len, rounded up to a size of protocol 4
 *
 * Returns: (transfer none): where the records of the next frame go, until kith_channel_end_frame()
 */
guint8 *
kith_channel_begin_frame (KithChannel *self, gsize len, gsize *room)
{
  *room = kith_frame_bucket_for (len);
  return kith_connection_reserve (self->connection, LENGTH_BYTES + *room + KITH_NOISE_TAG_BYTES)
         + LENGTH_BYTES;
}

/**
 * kith_channel_end_frame:
 * @self: a ready channel
 * @len: how many bytes of records were written
 *
 * Pads the frame to its size, encrypts it in place and queues it.
 *
 * Returns: %FALSE when the keys are used up
 */
gboolean
kith_channel_end_frame (KithChannel *self, gsize len)
{
  gsize plain_len = kith_frame_bucket_for (len);
  gsize cipher_len = plain_len + KITH_NOISE_TAG_BYTES;
  guint8 *frame = kith_connection_reserve (self->connection, LENGTH_BYTES + cipher_len);

  memset (frame + LENGTH_BYTES + len, 0, plain_len - len);
  frame[0] = (guint8) (cipher_len >> 8);
  frame[1] = (guint8) cipher_len;
  if (!kith_noise_cipher_encrypt (&self->sending, NULL, 0, frame + LENGTH_BYTES, plain_len,
                                  frame + LENGTH_BYTES))
    return FALSE;

  self->n_bytes += cipher_len;
  self->n_frames++;
  kith_connection_commit (self->connection, LENGTH_BYTES + cipher_len);
  return TRUE;
}

/**
 * kith_channel_get_queued:
 * @self: a channel
 *
 * Returns: how many bytes wait to be sent
 */
gsize
kith_channel_get_queued (KithChannel *self)
{
  return kith_connection_get_queued (self->connection);
}

/**
 * kith_channel_trim:
 * @self: a channel
 *
 * Gives memory back that only a busy session needs.
 */
void
kith_channel_trim (KithChannel *self)
{
  kith_connection_trim (self->connection);
}

/**
 * kith_channel_get_n_bytes:
 * @self: a channel
 *
 * Returns: how many bytes were sent and received under the present keys
 */
guint64
kith_channel_get_n_bytes (KithChannel *self)
{
  return self->n_bytes;
}

/**
 * kith_channel_get_n_frames:
 * @self: a channel
 *
 * Returns: how many frames were sent and received under the present keys
 */
guint64
kith_channel_get_n_frames (KithChannel *self)
{
  return self->n_frames;
}

/* --- Keys ----------------------------------------------------------------------------------- */

/**
 * kith_channel_prepare_keys:
 * @self: a ready channel
 * @k_i2r: the next key from dialer to listener
 * @k_r2i: the next key from listener to dialer
 * @exporter: the next exporter
 * @hash: h of the handshake that made them
 *
 * Keeps new keys until each direction switches to them. Exporter and hash are replaced at once.
 */
void
kith_channel_prepare_keys (KithChannel *self, const guint8 k_i2r[KITH_KEY_BYTES],
                           const guint8 k_r2i[KITH_KEY_BYTES], const guint8 exporter[KITH_KEY_BYTES],
                           const guint8 hash[KITH_HASH_BYTES])
{
  memcpy (self->next.k_i2r, k_i2r, KITH_KEY_BYTES);
  memcpy (self->next.k_r2i, k_r2i, KITH_KEY_BYTES);
  self->next.has_sending = self->next.has_receiving = TRUE;
  memcpy (self->exporter, exporter, KITH_KEY_BYTES);
  memcpy (self->hash, hash, KITH_HASH_BYTES);
}

/**
 * kith_channel_is_switching: (skip)
 * @self: a channel
 *
 * Returns: whether new keys are prepared and what is sent still goes out under the old ones
 */
gboolean
kith_channel_is_switching (KithChannel *self)
{
  return self->next.has_sending;
}

/**
 * kith_channel_switch_sending:
 * @self: a channel with prepared keys
 *
 * The next frame goes out under the new key; the old one is wiped.
 */
void
kith_channel_switch_sending (KithChannel *self)
{
  guint8 *key = self->dialer ? self->next.k_i2r : self->next.k_r2i;

  g_return_if_fail (self->next.has_sending);

  self->next.has_sending = FALSE;
  kith_noise_cipher_init_key (&self->sending, key);
  kith_secret_wipe (key, KITH_KEY_BYTES);
  self->n_bytes = 0;
  self->n_frames = 0;
}

/**
 * kith_channel_switch_receiving:
 * @self: a channel with prepared keys
 *
 * The next frame is expected under the new key; the old one is wiped.
 */
void
kith_channel_switch_receiving (KithChannel *self)
{
  guint8 *key = self->dialer ? self->next.k_r2i : self->next.k_i2r;

  g_return_if_fail (self->next.has_receiving);

  self->next.has_receiving = FALSE;
  kith_noise_cipher_init_key (&self->receiving, key);
  kith_secret_wipe (key, KITH_KEY_BYTES);
}

/* --- Who is there --------------------------------------------------------------------------- */

/**
 * kith_channel_get_local:
 * @self: a channel
 *
 * Returns: (transfer none): who we are
 */
KithLocal *
kith_channel_get_local (KithChannel *self)
{
  return self->local;
}

/**
 * kith_channel_get_certificate:
 * @self: a ready channel
 *
 * Returns: (transfer none): the peer's certificate
 */
const KithCertificate *
kith_channel_get_certificate (KithChannel *self)
{
  return &self->certificate;
}

/**
 * kith_channel_is_dialer:
 * @self: a channel
 *
 * Returns: whether we dialled
 */
gboolean
kith_channel_is_dialer (KithChannel *self)
{
  return self->dialer;
}

/**
 * kith_channel_get_mode:
 * @self: a ready channel
 *
 * Returns: how the dialer introduced itself
 */
KithMode
kith_channel_get_mode (KithChannel *self)
{
  return self->mode;
}

/**
 * kith_channel_get_entry:
 * @self: a channel that we dialled
 *
 * Returns: with what we asked to be let in
 */
KithEntryKind
kith_channel_get_entry (KithChannel *self)
{
  return self->entry.kind;
}

/**
 * kith_channel_get_remote:
 * @self: a channel
 * @remote: (out caller-allocates): the peer's address and port
 *
 * Returns: %FALSE when it is no longer connected
 */
gboolean
kith_channel_get_remote (KithChannel *self, KithEndpoint *remote)
{
  return kith_connection_get_remote (self->connection, remote);
}

/**
 * kith_channel_get_hash:
 * @self: a ready channel
 *
 * Returns: (transfer none): h of the latest handshake
 */
const guint8 *
kith_channel_get_hash (KithChannel *self)
{
  return self->hash;
}

/**
 * kith_channel_get_exporter:
 * @self: a ready channel
 *
 * Returns: (transfer none): the exporter of the latest handshake: a secret
 */
const guint8 *
kith_channel_get_exporter (KithChannel *self)
{
  return self->exporter;
}

/* --- Life ----------------------------------------------------------------------------------- */

static KithChannel *
channel_new (KithLocal *local, KithConnection *connection, gboolean dialer)
{
  KithChannel *self = g_new0 (KithChannel, 1);

  g_ref_count_init (&self->ref_count);
  self->local = kith_local_ref (local);
  self->connection = kith_connection_ref (connection);
  self->dialer = dialer;
  kith_connection_set_events (connection, &connection_events, self);
  return self;
}

/**
 * kith_channel_new_dialer:
 * @local: who we are
 * @connection: (transfer none): a connection that we made
 * @expected: (nullable): the identity key of the one we want
 * @entry: (nullable): with what we ask to be let in; without it we dial openly
 *
 * Returns: (transfer full): a channel, to be started with kith_channel_start()
 */
KithChannel *
kith_channel_new_dialer (KithLocal *local, KithConnection *connection, const guint8 *expected,
                         const KithEntry *entry)
{
  KithChannel *self = channel_new (local, connection, TRUE);

  if (expected != NULL)
    {
      memcpy (self->expected, expected, KITH_IDENTITY_KEY_BYTES);
      self->has_expected = TRUE;
    }

  kith_entry_init_copy (&self->entry, entry);
  self->mode = kith_entry_get_mode (&self->entry);
  return self;
}

/**
 * kith_channel_new_listener:
 * @local: who we are
 * @connection: (transfer none): a connection that somebody made to us
 *
 * Returns: (transfer full): a channel, to be started with kith_channel_start()
 */
KithChannel *
kith_channel_new_listener (KithLocal *local, KithConnection *connection)
{
  return channel_new (local, connection, FALSE);
}

/**
 * kith_channel_set_events:
 * @self: a channel
 * @events: (nullable): whom to tell; static. %NULL from the owner that goes
 * @user_data: given to each
 */
void
kith_channel_set_events (KithChannel *self, const KithChannelEvents *events, gpointer user_data)
{
  self->events = events;
  self->user_data = user_data;
}

/**
 * kith_channel_start:
 * @self: a new channel with its events
 *
 * Starts the handshake, its limits and its clock.
 */
void
kith_channel_start (KithChannel *self)
{
  kith_channel_start_handshake (self);
}

/**
 * kith_channel_finish:
 * @self: a ready channel
 *
 * Lets out what is queued, then ends our side of the stream.
 */
void
kith_channel_finish (KithChannel *self)
{
  if (self->state == KITH_CHANNEL_READY)
    kith_connection_finish (self->connection);
}

/**
 * kith_channel_close:
 * @self: a channel
 *
 * Closes it at once and wipes its keys; the owner hears nothing of it.
 */
void
kith_channel_close (KithChannel *self)
{
  if (self->state == KITH_CHANNEL_CLOSED)
    return;

  self->state = KITH_CHANNEL_CLOSED;
  kith_timer_clear (&self->timeout);
  kith_connection_set_events (self->connection, NULL, NULL);
  kith_connection_close (self->connection);
  wipe_keys (self);
}

/**
 * kith_channel_ref:
 * @self: a channel
 *
 * Returns: (transfer full): @self
 */
KithChannel *
kith_channel_ref (KithChannel *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * kith_channel_unref:
 * @self: (transfer full): a channel
 *
 * The last reference closes it.
 */
void
kith_channel_unref (KithChannel *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  kith_channel_close (self);
  kith_connection_unref (self->connection);
  kith_local_unref (self->local);
  g_free (self);
}
