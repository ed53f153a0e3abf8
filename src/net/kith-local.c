/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-net"

#include "config.h"

#include "net/kith-local.h"

#include <string.h>

#include "base/kith-limits.h"

struct _KithLocal
{
  grefcount                ref_count;
  const KithEnv           *env;        /* (unowned) */
  const KithEnv           *knock_env;  /* (unowned): what time it is for others */
  KithSecret              *device_key; /* (owned) */
  guint8                   certificate_bytes[KITH_CERTIFICATE_BYTES];
  KithCertificate          certificate;
  guint8                   instance[KITH_INSTANCE_BYTES];
  KithTimeouts             timeouts;
  const KithLocalDelegate *delegate;   /* (unowned) (nullable) after disconnect */
  gpointer                 user_data;  /* (unowned) */
  GProxyResolver          *proxy;      /* (owned) (nullable) */
  KithReach                reach;
  KithSecret              *passphrase; /* (owned) (nullable): of strangers */
  KithGuessGuard          *guard;      /* (owned) */
};

static const KithTimeouts default_timeouts = {
  .first_message_ms = KITH_LIMIT_FIRST_MESSAGE_MS,
  .handshake_ms = KITH_LIMIT_HANDSHAKE_MS,
  .silent_close_ms = KITH_LIMIT_SILENT_CLOSE_MS,
  .open_ms = KITH_LIMIT_OPEN_MS,
  .duplicate_pong_ms = KITH_LIMIT_DUPLICATE_PONG_MS,
  .keepalive_ms = KITH_LIMIT_KEEPALIVE_MS,
  .keepalive_jitter_ms = KITH_LIMIT_KEEPALIVE_JITTER_MS,
  .frame_complete_ms = KITH_LIMIT_FRAME_COMPLETE_MS,
  .rekey_ms = KITH_LIMIT_REKEY_S * 1000,
  .rekey_answer_ms = KITH_LIMIT_REKEY_ANSWER_MS,
  .rekey_bytes = KITH_LIMIT_REKEY_BYTES,
  .rekey_frames = KITH_LIMIT_REKEY_FRAMES,
  .sas_answer_ms = KITH_LIMIT_SAS_ANSWER_MS,
  .sas_compare_ms = KITH_LIMIT_SAS_COMPARE_MS,
  .handshakes_per_minute = KITH_LIMIT_HANDSHAKES_PER_MINUTE,
};

/**
 * kith_local_new:
 * @env: (transfer none): clock and randomness; has to outlive the local
 * @device_key: (transfer none): the private device key
 * @certificate: our own certificate for it
 * @delegate: (transfer none): whom to ask; static
 * @user_data: given to it
 *
 * Returns: (transfer full) (nullable): who we are, or %NULL when the certificate is not in order
 */
KithLocal *
kith_local_new (const KithEnv *env, KithSecret *device_key,
                const guint8 certificate[KITH_CERTIFICATE_BYTES], const KithLocalDelegate *delegate,
                gpointer user_data)
{
  KithCertificate parsed;
  KithLocal *self;

  if (!kith_certificate_parse (&parsed, certificate))
    return NULL;

  self = g_new0 (KithLocal, 1);
  g_ref_count_init (&self->ref_count);
  self->env = env;
  self->knock_env = env;
  self->device_key = kith_secret_ref (device_key);
  self->certificate = parsed;
  memcpy (self->certificate_bytes, certificate, KITH_CERTIFICATE_BYTES);
  kith_env_random_bytes (env, self->instance, sizeof self->instance);
  self->timeouts = default_timeouts;
  self->delegate = delegate;
  self->user_data = user_data;
  self->guard = kith_guess_guard_new (env);
  return self;
}

/**
 * kith_local_ref:
 * @self: a local
 *
 * Returns: (transfer full): @self
 */
KithLocal *
kith_local_ref (KithLocal *self)
{
  g_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * kith_local_unref:
 * @self: (transfer full): a local
 */
void
kith_local_unref (KithLocal *self)
{
  if (!g_ref_count_dec (&self->ref_count))
    return;

  kith_secret_unref (self->device_key);
  g_clear_object (&self->proxy);
  g_clear_pointer (&self->passphrase, kith_secret_unref);
  kith_guess_guard_free (self->guard);
  g_free (self);
}

/**
 * kith_local_disconnect:
 * @self: a local
 *
 * The node goes: from now on nobody is known and every certificate is refused.
 */
void
kith_local_disconnect (KithLocal *self)
{
  self->delegate = NULL;
  self->user_data = NULL;
  self->knock_env = self->env;
}

void
kith_local_forget_secrets (KithLocal *self)
{
  kith_secret_forget (self->device_key);
  if (self->passphrase != NULL)
    kith_secret_forget (self->passphrase);
}

/**
 * kith_local_get_env:
 * @self: a local
 *
 * Returns: (transfer none): clock and randomness
 */
const KithEnv *
kith_local_get_env (KithLocal *self)
{
  return self->env;
}

/**
 * kith_local_get_identity:
 * @self: a local
 *
 * Returns: (transfer none): our identity key, 32 bytes
 */
const guint8 *
kith_local_get_identity (KithLocal *self)
{
  return self->certificate.identity;
}

/**
 * kith_local_get_device_key:
 * @self: a local
 *
 * Returns: (transfer none): our private device key, 32 bytes in protected memory
 */
const guint8 *
kith_local_get_device_key (KithLocal *self)
{
  return kith_secret_get_data (self->device_key);
}

/**
 * kith_local_get_certificate:
 * @self: a local
 *
 * Returns: (transfer none): our certificate as it goes over the wire
 */
const guint8 *
kith_local_get_certificate (KithLocal *self)
{
  return self->certificate_bytes;
}

/**
 * kith_local_get_instance:
 * @self: a local
 *
 * Returns: (transfer none): 8 random bytes of this start of the program
 */
const guint8 *
kith_local_get_instance (KithLocal *self)
{
  return self->instance;
}

/**
 * kith_local_get_timeouts:
 * @self: a local
 *
 * Returns: (transfer none): the times, which tests may shorten
 */
KithTimeouts *
kith_local_get_timeouts (KithLocal *self)
{
  return &self->timeouts;
}

/**
 * kith_local_get_proxy:
 * @self: a local
 *
 * Returns: (transfer none) (nullable): what every dial goes through
 */
GProxyResolver *
kith_local_get_proxy (KithLocal *self)
{
  return self->proxy;
}

/**
 * kith_local_set_proxy:
 * @self: a local
 * @proxy: (transfer none) (nullable): what every dial goes through from now on; %NULL = directly
 */
void
kith_local_set_proxy (KithLocal *self, GProxyResolver *proxy)
{
  g_set_object (&self->proxy, proxy);
}

/**
 * kith_local_get_reach:
 * @self: a local
 *
 * Returns: who gets an answer from our port
 */
KithReach
kith_local_get_reach (KithLocal *self)
{
  return self->reach;
}

/**
 * kith_local_set_reach:
 * @self: a local
 * @reach: who gets an answer from our port, from now on
 * @passphrase: (transfer none) (nullable): that strangers may come with
 */
void
kith_local_set_reach (KithLocal *self, KithReach reach, KithSecret *passphrase)
{
  self->reach = reach;
  if (passphrase != NULL)
    kith_secret_ref (passphrase);
  g_clear_pointer (&self->passphrase, kith_secret_unref);
  self->passphrase = passphrase;
}

/**
 * kith_local_get_passphrase:
 * @self: a local
 *
 * Returns: (transfer none) (nullable): the passphrase that lets strangers in; %NULL when none does
 */
KithSecret *
kith_local_get_passphrase (KithLocal *self)
{
  return self->reach != KITH_REACH_CONTACTS ? self->passphrase : NULL;
}

/**
 * kith_local_get_guard:
 * @self: a local
 *
 * Returns: (transfer none): what keeps strangers from guessing
 */
KithGuessGuard *
kith_local_get_guard (KithLocal *self)
{
  return self->guard;
}

/**
 * kith_local_match_knock:
 * @self: a local
 * @tag: the tag of a preamble; untrusted
 * @ephemeral: the ephemeral key of msg1; untrusted
 *
 * Returns: whether a contact knocks, and not with a tag that was seen before
 */
gboolean
kith_local_match_knock (KithLocal *self, const guint8 *tag, const guint8 *ephemeral)
{
  return self->delegate != NULL && self->delegate->match_knock (tag, ephemeral, self->user_data);
}

/**
 * kith_local_dup_pair_root:
 * @self: a local
 * @identity: a peer's identity key
 * @root_id: (nullable): the id of the wanted root; %NULL for the current one
 *
 * Returns: (transfer full) (nullable): the pair root, if we have it
 */
KithSecret *
kith_local_dup_pair_root (KithLocal *self, const guint8 *identity, const guint8 *root_id)
{
  if (self->delegate == NULL)
    return NULL;

  return self->delegate->dup_pair_root (identity, root_id, self->user_data);
}

/**
 * kith_local_get_knock_env:
 * @self: a local
 *
 * Returns: (transfer none): the clock for knocks (protocol 3.2), which may not be the one of this
 *   machine (7.8)
 */
const KithEnv *
kith_local_get_knock_env (KithLocal *self)
{
  return self->knock_env;
}

/**
 * kith_local_set_knock_env:
 * @self: a local
 * @env: (transfer none): valid until kith_local_disconnect()
 */
void
kith_local_set_knock_env (KithLocal *self, const KithEnv *env)
{
  self->knock_env = env;
}

/**
 * kith_local_note_time:
 * @self: a local
 * @identity: (array fixed-size=32): who has proved who it is
 * @time_s: unix time by their clock; untrusted
 */
void
kith_local_note_time (KithLocal *self, const guint8 *identity, guint64 time_s)
{
  if (self->delegate != NULL && self->delegate->note_time != NULL)
    self->delegate->note_time (identity, time_s, self->user_data);
}

/**
 * kith_local_check_certificate:
 * @self: a local
 * @certificate: a valid certificate
 *
 * Returns: whether it is not older than what is known of its device (protocol 2)
 */
gboolean
kith_local_check_certificate (KithLocal *self, const KithCertificate *certificate)
{
  return self->delegate != NULL && self->delegate->check_certificate (certificate, self->user_data);
}
