/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Protocol 5: renewing the keys of a session with a Noise handshake inside it.
 *
 *   dialer                                   listener
 *     REKEY1 (Noise KKpsk0 message 1)  ->
 *                                      <-      REKEY2 (message 2): its last frame under the old key
 *     receives under the new key
 *     REKEY3: its last frame under the old key ->
 *     sends under the new key                  receives under the new key
 *
 * Only the dialer starts, so there are no collisions; a listener that wants one asks. States:
 * kith-session-private.h.
 */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-session-private.h"

#include <string.h>

#include "base/kith-limits.h"

/**
 * kith_session_mark_traffic: (skip)
 * @self: a session
 *
 * Something of the owner passes under the present keys: they will have to be renewed (5.1).
 */
void
kith_session_mark_traffic (KithSession *self)
{
  if (self->traffic_us == 0)
    self->traffic_us = kith_session_now_us (self);
}

/**
 * kith_session_rekey_clear: (skip)
 * @self: a session
 *
 * Forgets a rekey that is under way.
 */
void
kith_session_rekey_clear (KithSession *self)
{
  self->rekeying = KITH_REKEYING_NONE;
  kith_noise_handshake_clear (&self->rekey);
  kith_timer_clear (&self->rekey_timer);
}

static gboolean
unanswered_cb (gpointer user_data)
{
  KithSession *self = user_data;

  /* The answer may be there, and it is us who do not read it. */
  if (self->paused)
    return G_SOURCE_CONTINUE;

  kith_timer_clear (&self->rekey_timer);
  kith_session_fail (self, KITH_ERROR_TIMEOUT, "A rekey was not answered");
  return G_SOURCE_REMOVE;
}

static void
await_answer (KithSession *self, KithRekeying rekeying)
{
  const KithTimeouts *timeouts = kith_local_get_timeouts (kith_session_get_local (self));

  self->rekeying = rekeying;
  if (self->rekey_timer != NULL)
    return;

  kith_timer_start (&self->rekey_timer, timeouts->rekey_answer_ms, unanswered_cb, self);
}

static gboolean
begin_handshake (KithSession *self, KithSecret *root)
{
  KithLocal *local = kith_session_get_local (self);
  const KithCertificate *certificate = kith_channel_get_certificate (self->channel);
  guint8 psk[KITH_KEY_BYTES];
  guint8 ephemeral[KITH_DH_BYTES];
  gboolean ok;

  kith_rekey_psk (kith_channel_get_exporter (self->channel), self->n_rekeys + 1,
                  root != NULL ? kith_secret_get_data (root) : NULL, psk);
  kith_env_random_bytes (kith_local_get_env (local), ephemeral, sizeof ephemeral);
  ok = kith_rekey_handshake_init (&self->rekey, kith_channel_is_dialer (self->channel),
                                  self->n_rekeys + 1, kith_channel_get_hash (self->channel), psk,
                                  kith_local_get_device_key (local), certificate->device_key, ephemeral);
  kith_secret_wipe (psk, sizeof psk);
  kith_secret_wipe (ephemeral, sizeof ephemeral);
  return ok;
}

/* The handshake is complete: its keys wait until each direction switches. */
static void
prepare_keys (KithSession *self)
{
  guint8 k_i2r[KITH_KEY_BYTES];
  guint8 k_r2i[KITH_KEY_BYTES];
  guint8 exporter[KITH_KEY_BYTES];

  kith_noise_handshake_split (&self->rekey, k_i2r, k_r2i, exporter);
  kith_channel_prepare_keys (self->channel, k_i2r, k_r2i, exporter,
                             kith_noise_handshake_get_hash (&self->rekey));
  kith_secret_wipe (k_i2r, sizeof k_i2r);
  kith_secret_wipe (k_r2i, sizeof k_r2i);
  kith_secret_wipe (exporter, sizeof exporter);
}

static void
complete (KithSession *self)
{
  kith_session_rekey_clear (self);
  self->n_rekeys++;
  self->rekeyed_us = kith_session_now_us (self);
  self->traffic_us = 0;
}

/**
 * kith_session_rekey_start: (skip)
 * @self: a session that we dialled
 * @with_root: whether to mix the pair root in, if there is one
 *
 * Sends REKEY1.
 */
void
kith_session_rekey_start (KithSession *self, gboolean with_root)
{
  g_autoptr (KithSecret) root = NULL;
  KithRekey1 rekey1 = { .n = self->n_rekeys + 1 };
  guint8 body[KITH_REKEY1_BYTES];
  gsize len;

  if (with_root)
    root = kith_local_dup_pair_root (kith_session_get_local (self), kith_session_get_identity (self),
                                     NULL);
  if (root != NULL)
    kith_pair_root_id (kith_secret_get_data (root), rekey1.root_id);

  if (!begin_handshake (self, root)
      || !kith_noise_handshake_create_message (&self->rekey, NULL, 0, rekey1.message,
                                               sizeof rekey1.message, &len))
    {
      kith_session_fail (self, KITH_ERROR_PROTOCOL, "No rekey is possible with this peer");
      return;
    }

  self->rekey_has_root = root != NULL;
  kith_rekey1_encode (&rekey1, body);
  kith_session_queue (self, KITH_RECORD_REKEY1, body, sizeof body);
  await_answer (self, KITH_REKEYING_ASKED);
}

/* The present keys are used, and have been in use, or could have been renewed, for too long. */
static gboolean
is_overdue (KithSession *self, gint64 now_us, gint64 rekey_us)
{
  gint64 since_us = MAX (self->traffic_us, self->rekeyed_us + rekey_us);

  return self->traffic_us != 0 && now_us - since_us > rekey_us;
}

/**
 * kith_session_rekey_if_due: (skip)
 * @self: a session in which something was sent or received
 *
 * Renews the keys when they are old or have seen much; ends the session when that is overdue.
 */
void
kith_session_rekey_if_due (KithSession *self)
{
  const KithTimeouts *timeouts = kith_local_get_timeouts (kith_session_get_local (self));
  const gint64 rekey_us = (gint64) timeouts->rekey_ms * 1000;
  gint64 now_us = kith_session_now_us (self);
  guint64 n_bytes = kith_channel_get_n_bytes (self->channel);
  guint64 n_frames = kith_channel_get_n_frames (self->channel);
  gboolean is_much = n_bytes >= timeouts->rekey_bytes || n_frames >= timeouts->rekey_frames;
  gboolean is_old = self->traffic_us != 0 && now_us - self->rekeyed_us >= rekey_us;

  if (self->state != KITH_SESSION_PENDING && self->state != KITH_SESSION_OPEN)
    return;

  if (n_bytes > 2 * timeouts->rekey_bytes || n_frames > 2 * timeouts->rekey_frames
      || is_overdue (self, now_us, rekey_us))
    {
      kith_session_close (self, KITH_BYE_REKEY);
      return;
    }

  /* Until REKEY3 is out, what was counted is of the keys that end with it. */
  if (self->rekeying != KITH_REKEYING_NONE || kith_channel_is_switching (self->channel))
    return;

  if (kith_channel_is_dialer (self->channel))
    {
      if (is_much || is_old)
        kith_session_rekey_start (self, TRUE);
    }
  else if (is_much)
    {
      kith_session_queue (self, KITH_RECORD_REKEY_REQ, NULL, 0);
      await_answer (self, KITH_REKEYING_REQUESTED);
    }
}

/* Each costs both sides a handshake: the fastest transfer needs a few in a second. */
static gboolean
is_too_soon (KithSession *self)
{
  return !kith_bucket_take (&self->rekeys, kith_session_now_us (self), KITH_LIMIT_REKEYS_BURST,
                            KITH_LIMIT_REKEYS_REFILL_MS);
}

/* --- Receiving ------------------------------------------------------------------------------ */

static gboolean
send_rekey2 (KithSession *self, const KithRekey2 *rekey2)
{
  guint8 body[KITH_REKEY2_BYTES];

  kith_session_queue (self, KITH_RECORD_REKEY2, body, kith_rekey2_encode (rekey2, body));
  return TRUE;
}

/* Whether a REKEY1 may come now; after a refusal, only one that needs no root. */
static gboolean
may_answer (KithSession *self, gboolean with_root)
{
  switch (self->rekeying)
    {
    case KITH_REKEYING_NONE:
    case KITH_REKEYING_REQUESTED:
      return !kith_channel_is_dialer (self->channel) && !is_too_soon (self);
    case KITH_REKEYING_REFUSED:
      return !with_root;
    case KITH_REKEYING_ASKED:
    case KITH_REKEYING_REFUSING:
    case KITH_REKEYING_ANSWERING:
    case KITH_REKEYING_ANSWERED:
      break;
    }

  return FALSE;
}

static gboolean
receive_1 (KithSession *self, const guint8 *body, gsize len)
{
  static const guint8 no_root[KITH_ROOT_ID_BYTES];
  gboolean with_root;
  g_autoptr (KithSecret) root = NULL;
  KithRekey1 rekey1;
  KithRekey2 rekey2 = { .status = KITH_REKEY_OK };
  guint8 payload[1];
  gsize out_len;

  if (!kith_rekey1_parse (&rekey1, body, len) || rekey1.n != self->n_rekeys + 1)
    return FALSE;

  with_root = memcmp (rekey1.root_id, no_root, sizeof no_root) != 0;
  if (!may_answer (self, with_root))
    return FALSE;

  if (with_root)
    {
      root = kith_local_dup_pair_root (kith_session_get_local (self), kith_session_get_identity (self),
                                       rekey1.root_id);
      if (root == NULL)
        {
          rekey2.status = KITH_REKEY_NO_ROOT;
          await_answer (self, KITH_REKEYING_REFUSING);
          return send_rekey2 (self, &rekey2);
        }
    }

  if (!begin_handshake (self, root)
      || !kith_noise_handshake_consume_message (&self->rekey, rekey1.message, sizeof rekey1.message,
                                                payload, 0, &out_len)
      || !kith_noise_handshake_create_message (&self->rekey, NULL, 0, rekey2.message,
                                               sizeof rekey2.message, &out_len))
    return FALSE;

  prepare_keys (self);
  await_answer (self, KITH_REKEYING_ANSWERING);
  return send_rekey2 (self, &rekey2);
}

static gboolean
receive_2 (KithSession *self, const guint8 *body, gsize len)
{
  KithRekey2 rekey2;
  guint8 payload[1];
  gsize out_len;

  if (self->rekeying != KITH_REKEYING_ASKED || !kith_rekey2_parse (&rekey2, body, len))
    return FALSE;

  if (rekey2.status == KITH_REKEY_NO_ROOT)
    {
      /* Nobody can lack what was not asked for. */
      if (!self->rekey_has_root)
        return FALSE;
      kith_session_rekey_start (self, FALSE);
      return TRUE;
    }

  if (!kith_noise_handshake_consume_message (&self->rekey, rekey2.message, sizeof rekey2.message,
                                             payload, 0, &out_len))
    return FALSE;

  prepare_keys (self);
  kith_channel_switch_receiving (self->channel);
  kith_session_queue (self, KITH_RECORD_REKEY3, NULL, 0);
  complete (self);
  return TRUE;
}

/**
 * kith_session_rekey_receive: (skip)
 * @self: a session
 * @type: REKEY_REQ or REKEY1 to 3
 * @body: (array length=len): untrusted
 * @len: its length in bytes
 *
 * Returns: %FALSE when the peer broke the protocol
 */
gboolean
kith_session_rekey_receive (KithSession *self, KithRecordType type, const guint8 *body, gsize len)
{
  if (type == KITH_RECORD_REKEY1)
    return receive_1 (self, body, len);
  if (type == KITH_RECORD_REKEY2)
    return receive_2 (self, body, len);

  if (type == KITH_RECORD_REKEY3)
    {
      if (self->rekeying != KITH_REKEYING_ANSWERED || len != 0)
        return FALSE;
      kith_channel_switch_receiving (self->channel);
      complete (self);
      return TRUE;
    }

  /* REKEY_REQ */
  if (!kith_channel_is_dialer (self->channel) || len != 0)
    return FALSE;
  if (self->rekeying != KITH_REKEYING_NONE)
    return TRUE;
  if (is_too_soon (self))
    return FALSE;

  kith_session_rekey_start (self, TRUE);
  return TRUE;
}

/**
 * kith_session_rekey_sent: (skip)
 * @self: a session
 * @type: the type of the last record of the frame that was just encrypted
 *
 * REKEY2 with a message and REKEY3 are the last frames under the old key. A REKEY3 is queued only
 * with keys prepared, and no second rekey starts before it is out, because REKEY1 queues behind it.
 */
void
kith_session_rekey_sent (KithSession *self, KithRecordType type)
{
  if (type == KITH_RECORD_REKEY3)
    kith_channel_switch_sending (self->channel);

  if (type == KITH_RECORD_REKEY2 && self->rekeying == KITH_REKEYING_REFUSING)
    self->rekeying = KITH_REKEYING_REFUSED;
  else if (type == KITH_RECORD_REKEY2 && self->rekeying == KITH_REKEYING_ANSWERING)
    {
      kith_channel_switch_sending (self->channel);
      self->rekeying = KITH_REKEYING_ANSWERED;
    }
}
