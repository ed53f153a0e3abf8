/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "kith-test"

#include "config.h"

#include "kith-test-raw.h"

#include <sodium.h>

#include "net/kith-dialer.h"
#include "proto/kith-identity.h"

/* --- Keys ----------------------------------------------------------------------------------- */

static gboolean
match_knock (const guint8 *tag, const guint8 *ephemeral, gpointer user_data)
{
  return FALSE;
}

static KithSecret *
dup_pair_root (const guint8 *identity, const guint8 *root_id, gpointer user_data)
{
  return NULL;
}

static gboolean
check_certificate (const KithCertificate *certificate, gpointer user_data)
{
  return TRUE;
}

static void
note_time (const guint8 *identity, guint64 time_s, gpointer user_data)
{
}

static const KithLocalDelegate delegate = { match_knock, dup_pair_root, check_certificate, note_time };

static KithLocal *
local_new (KithSecret *identity_seed)
{
  KithCertificate certificate = { .seq = 1 };
  guint8 bytes[32];
  guint8 encoded[KITH_CERTIFICATE_BYTES];
  g_autoptr (KithSecret) device_key = NULL;

  randombytes_buf (bytes, sizeof bytes);
  device_key = kith_secret_new_from (bytes, sizeof bytes);
  randombytes_buf (certificate.device, sizeof certificate.device);
  kith_identity_get_public (kith_secret_get_data (identity_seed), certificate.identity);
  kith_device_key_get_public (kith_secret_get_data (device_key), certificate.device_key);
  certificate.not_before = (guint64) (g_get_real_time () / G_USEC_PER_SEC);
  certificate.not_after = certificate.not_before + 3600;
  kith_certificate_encode (&certificate, kith_secret_get_data (identity_seed), encoded);
  return kith_local_new (kith_env_get_default (), device_key, encoded, &delegate, NULL);
}

KithLocal *
test_local_new (void)
{
  guint8 bytes[32];
  g_autoptr (KithSecret) seed = NULL;

  randombytes_buf (bytes, sizeof bytes);
  seed = kith_secret_new_from (bytes, sizeof bytes);
  return local_new (seed);
}

KithLocal *
test_local_new_for (TestPerson *self)
{
  return local_new (self->node->profile_row->identity_seed);
}

/* --- Sessions ------------------------------------------------------------------------------- */

static void
opened_cb (KithSession *session, const KithBodyOpen *open_ok, gpointer user_data)
{
  TestRaw *raw = user_data;

  raw->opened = TRUE;
  raw->pending = open_ok->pending;
}

static gboolean
record_cb (KithSession *session, KithRecordType type, const guint8 *body, gsize len, gpointer user_data)
{
  return TRUE;
}

static void
closed_cb (KithSession *session, const GError *error, gpointer user_data)
{
  TestRaw *raw = user_data;

  raw->error = g_error_copy (error);
  raw->closed_us = g_get_monotonic_time ();
}

static void
drained_cb (KithSession *session, gpointer user_data)
{
}

static const KithSessionEvents events = { NULL, opened_cb, record_cb, drained_cb, closed_cb };

void
test_raw_let_many_in (TestPerson *self)
{
  g_autoptr (GError) error = NULL;

  kith_local_get_timeouts (self->node->local)->handshakes_per_minute = 10000;
  kith_node_unlisten (self->node);
  kith_node_listen (self->node, "127.0.0.1", 0, FALSE, &error);
  g_assert_no_error (error);
}

void
test_raw_dial_as (TestRaw *raw, KithLocal *local, TestPerson *other)
{
  KithEndpoint endpoint;
  g_autoptr (GError) error = NULL;

  *raw = (TestRaw){ 0 };
  kith_endpoint_parse (&endpoint, "127.0.0.1", kith_node_get_listen_port (other->node));
  kith_dialer_dial_async (local, &endpoint, 1, NULL, NULL, NULL, test_result_cb, &raw->dialled);
  raw->session = kith_dialer_dial_finish (test_await (&raw->dialled), &error);
  g_assert_no_error (error);
  kith_session_set_events (raw->session, &events, raw);
}

/* @text: (nullable) */
void
test_raw_open_as (TestRaw *raw, KithPurpose purpose, const char *text)
{
  g_auto (KithBodyOpen) open = { .purpose = purpose };

  open.name = g_strdup ("Somebody");
  open.text = g_strdup (text);
  kith_session_open (raw->session, &open);
}

/* @body: (transfer full) */
void
test_raw_send (TestRaw *raw, KithRecordType type, GByteArray *body)
{
  kith_session_send_bytes (raw->session, type, body);
}

void
test_raw_clear (TestRaw *raw)
{
  kith_session_set_events (raw->session, NULL, NULL);
  kith_session_unref (raw->session);
  g_clear_error (&raw->error);
  g_clear_object (&raw->dialled);
}
